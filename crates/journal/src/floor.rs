//! What this machine can do at best: the same tables and indexes, filled without a journal.
//!
//! Nothing is hashed, chained, signed or read back. A bench appends [`draft`]s and compares.

use crate::fault::{Fault, OpenFault};
use crate::link::Link;
use crate::record::{Draft, Row};
use crate::{postgres, sqlite};
use rusqlite::params;
use std::path::Path;
use std::time::{Duration, Instant};

/// Records of one stream in [`draft`].
const STREAM_LEN: u64 = 20;

/// The `n`-th record of a bench: streams of 20 records, eight of them growing at a time, keys
/// that mostly ascend.
#[must_use]
pub fn draft(n: u64, payload_len: usize) -> Draft {
    let eights = n / 8;
    let mut key = [0; 16];
    key[..8].copy_from_slice(&n.to_be_bytes());
    key[8..].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    Draft {
        stream: eights / STREAM_LEN * 8 + n % 8 + 1,
        kind: "entry_added".into(),
        key: Some(key),
        payload: vec![0x61; payload_len],
    }
}

/// The same record, ready to be inserted, without a hash.
fn row(n: u64, payload_len: usize, batch: u64, last: bool) -> Row {
    let version = n / 8 % STREAM_LEN + 1;
    let record = crate::record::Record {
        seq: n + 1,
        stream: 0,
        version,
        recorded_at_ms: 1_700_000_000_000,
        batch,
        kind: "".into(),
        key: None,
        payload: Vec::new(),
        hash: [0xa5; 32],
    };
    let draft = draft(n, payload_len);
    let (stream, kind, key, payload) = (draft.stream, draft.kind, draft.key, draft.payload);
    Row { record: crate::record::Record { stream, kind, key, payload, ..record }, last }
}

fn batch_of(first: u64, payload_len: usize, batch: u64) -> Vec<Row> {
    let end = first + batch;
    (first..end).map(|n| row(n, payload_len, first + 1, n + 1 == end)).collect()
}

/// Inserts a second into a new SQLite file (WAL, synchronous FULL), `batch` a transaction, for
/// about so many seconds.
///
/// # Errors
/// A [`Fault`] of the store.
pub fn sqlite_inserts(
    path: &Path,
    payload_len: usize,
    batch: u64,
    seconds: f64,
) -> Result<f64, Fault> {
    let failed = |e| sqlite::fault("measure the floor", e);
    let conn = sqlite::writing::connect(path).map_err(OpenFault::into_fault)?;
    conn.execute_batch(sqlite::TABLES).map_err(failed)?;
    rate(seconds, batch, |first| {
        let insert = || {
            conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            let mut insert = conn.prepare_cached(sqlite::INSERT)?;
            for Row { record, last } in batch_of(first, payload_len, batch) {
                insert.execute(params![
                    record.seq.cast_signed(),
                    record.stream.cast_signed(),
                    record.version.cast_signed(),
                    record.recorded_at_ms,
                    record.batch.cast_signed(),
                    last,
                    record.kind,
                    record.key,
                    record.payload,
                    record.hash,
                ])?;
            }
            conn.prepare_cached("COMMIT")?.execute([])
        };
        insert().map(drop).map_err(failed)
    })
}

/// Inserts a second into a temporary schema of a PostgreSQL database, `batch` a transaction in
/// one statement, for about so many seconds.
///
/// # Errors
/// A [`Fault`] of the store.
pub fn postgres_inserts(
    url: &str,
    payload_len: usize,
    batch: u64,
    seconds: f64,
) -> Result<f64, Fault> {
    let doing = "measure the floor";
    let mut link = Link::connect(url).map_err(OpenFault::into_fault)?;
    let schema = "callbox_floor";
    let remove = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
    let tables = postgres::TABLES;
    link.batch(
        doing,
        &format!("{remove}; CREATE SCHEMA {schema}; SET search_path = {schema}; {tables}"),
    )?;
    let measured = rate(seconds, batch, |first| {
        link.batch(doing, "BEGIN")?;
        postgres::writing::insert(&mut link, &batch_of(first, payload_len, batch))?;
        link.commit("COMMIT")
    });
    link.batch(doing, &remove)?;
    measured
}

fn rate(
    seconds: f64,
    batch: u64,
    mut insert: impl FnMut(u64) -> Result<(), Fault>,
) -> Result<f64, Fault> {
    let began = Instant::now();
    let length = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let mut done = 0_u32;
    loop {
        insert(u64::from(done) * batch)?;
        done += 1;
        let took = began.elapsed();
        if took >= length {
            let records = f64::from(done) * f64::from(u32::try_from(batch).unwrap_or(u32::MAX));
            return Ok(records / took.as_secs_f64());
        }
    }
}
