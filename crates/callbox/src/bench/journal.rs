//! The journal against plain inserts into the same tables, without hashing and signing.

use super::{Bench, Measure};
use journal::{Options, Store};
use std::time::{Duration, Instant};

/// A usual event as JSON.
const PAYLOAD: usize = 300;
const BATCH: u64 = 64;
const SECONDS: f64 = 2.0;
const ROUNDS: usize = 3;

/// On SQLite.
pub fn sqlite(bench: &Bench) -> Result<Vec<Measure>, Box<dyn std::error::Error>> {
    let folder = bench.folder("journal-sqlite")?;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let path = folder.join(format!("floor-{round}.db"));
        raw.push(journal::floor::sqlite_inserts(&path, PAYLOAD, BATCH, SECONDS)?);
        let store = Store::Sqlite { path: folder.join(format!("journal-{round}.db")) };
        let key = folder.join(format!("key-{round}.pem"));
        ours.push(rate(&store, Options::new(key, "bench"))?);
    }
    Ok(vec![measure("journal_sqlite_grouped", &ours, &raw)])
}

/// On PostgreSQL.
pub fn postgres(bench: &Bench) -> Result<Vec<Measure>, Box<dyn std::error::Error>> {
    let name = "journal_postgres_grouped";
    let Some(url) = bench.args.postgres.clone() else {
        let why = "no PostgreSQL was given: use --postgres URL";
        return Ok(vec![Measure::not_taken(name, "events/s", why)]);
    };
    let folder = bench.folder("journal-postgres")?;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    let store = Store::Postgres { url: url.clone() };
    for _ in 0..ROUNDS {
        raw.push(journal::floor::postgres_inserts(&url, PAYLOAD, BATCH, SECONDS)?);
        ours.push(rate(&store, Options::new(folder.join("key.pem"), "bench"))?);
    }
    Ok(vec![measure(name, &ours, &raw)])
}

fn measure(name: &str, ours: &[f64], raw: &[f64]) -> Measure {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let (ours, raw) = (mean(ours), mean(raw));
    Measure::at_least(name, "events/s", ours, raw / 2.0)
        .beside(raw)
        .noted(format!("batches of {BATCH}, {PAYLOAD} bytes each, every batch synchronous"))
}

/// Events a second, appended in durable batches, heads signed on the way.
fn rate(store: &Store, options: Options) -> Result<f64, Box<dyn std::error::Error>> {
    let (mut writer, _reader, opened) = journal::open(store, &options)?;
    let run = opened.records.wrapping_mul(1_000_003);
    let started = Instant::now();
    let mut n: u64 = 0;
    while started.elapsed() < Duration::from_secs_f64(SECONDS) {
        let drafts = (n..n + BATCH).map(|i| journal::floor::draft(run + i, PAYLOAD)).collect();
        let now_ms = 1_764_590_400_000 + started.elapsed().as_millis() as i64;
        writer.begin()?;
        writer.append(now_ms, drafts)?;
        writer.commit()?;
        writer.sign_head_if_due(now_ms, false)?;
        n += BATCH;
    }
    Ok(n as f64 / started.elapsed().as_secs_f64())
}
