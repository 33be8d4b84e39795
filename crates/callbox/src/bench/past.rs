//! What a past costs: listing, searching, starting, memory.

use super::fill::{BEGIN, Fill};
use super::numbers::percentile;
use super::server::{Server, room};
use super::{Bench, Measure};
use crate::say;
use room::{Clock, Query};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

const PAST_LOGS: u64 = 100_000;
const PAST_CONTACTS: u64 = 1_000_000;
const OPEN_LISTED: u64 = 1_000;
const OPEN_REMEMBERED: u64 = 2_000;
const OPENED: u64 = 5_000;

/// An incident as JSON.
pub fn opening_json() -> Value {
    json!({
        "opening_code": "suspicious circumstances",
        "location": { "known": "known", "words": "14 Heol Awst" },
        "words": "somebody is trying the doors of parked cars",
        "informant": { "name": "Sian Rees", "line": "07700 900123", "safe_to_contact": true },
    })
}

/// A folder with closed logs and, on top, open ones; made once a run.
fn with_past_logs(bench: &Bench) -> Fallible<PathBuf> {
    let folder = bench.work.join("past-logs");
    if folder.exists() {
        return Ok(folder);
    }
    let folder = bench.folder("past-logs")?;
    let room = room(&folder, Clock::turned(BEGIN))?;
    let bar = say::progress("filling with past logs");
    let n = bench.many(PAST_LOGS);
    bar.set_length(n);
    let mut fill = Fill::new(&room)?;
    fill.past_logs(n, &|done| bar.set_position(done))?;
    fill.open_logs(OPEN_LISTED)?;
    bar.finish_and_clear();
    room.close();
    Ok(folder)
}

/// 1,000 open logs with 100,000 past ones, and with none.
pub fn list(bench: &Bench) -> Fallible<Vec<Measure>> {
    let alone = bench.folder("list-alone")?;
    let fresh = room(&alone, Clock::turned(BEGIN))?;
    Fill::new(&fresh)?.open_logs(OPEN_LISTED)?;
    fresh.close();
    let (mut alone_ms, alone_bytes) = listed(&alone)?;
    let (mut past_ms, past_bytes) = listed(&with_past_logs(bench)?)?;
    let p50 = percentile(&mut past_ms, 0.5);
    let none = percentile(&mut alone_ms, 0.5);
    let n = bench.many(PAST_LOGS);
    Ok(vec![
        Measure::at_most("list_1000_open_with_past_p50", "ms", p50, 10.0)
            .noted(format!("{n} past logs; with none past {none:.2} ms{}", bench.note())),
        Measure::at_most("list_1000_open_none_past_p50", "ms", none, 10.0),
        Measure::at_most("list_1000_open_bytes", "kB", past_bytes as f64 / 1_000.0, 400.0)
            .noted(format!("before compression; with none past {alone_bytes} bytes")),
    ])
}

fn listed(folder: &Path) -> Fallible<(Vec<f64>, usize)> {
    let server = Server::start(folder)?;
    let mut client = server.client()?;
    let mut samples = Vec::new();
    let mut bytes = 0;
    for n in 0..220 {
        let started = Instant::now();
        let answer = client.get("/api/v1/incidents?limit=1000")?;
        if n >= 20 {
            samples.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        bytes = answer.body.len();
        let rows = answer.json()["rows"].as_array().map_or(0, Vec::len) as u64;
        if rows != OPEN_LISTED {
            return Err(format!("{rows} rows were listed, not {OPEN_LISTED}").into());
        }
    }
    Ok((samples, bytes))
}

/// A folder with past contacts; made once a run.
fn with_past_contacts(bench: &Bench) -> Fallible<PathBuf> {
    let folder = bench.work.join("past-contacts");
    if folder.exists() {
        return Ok(folder);
    }
    let folder = bench.folder("past-contacts")?;
    let n = bench.many(PAST_CONTACTS);
    let room = room(&folder, Clock::turned(BEGIN))?;
    let bar = say::progress("filling with past contacts");
    bar.set_length(n);
    let mut fill = Fill::new(&room)?;
    fill.past_contacts(n, &|done| bar.set_position(done))?;
    bar.set_message("indexing");
    while !room.history().wait_for(room.view().seq, Duration::from_secs(5)) {
        bar.set_position(room.history().position());
    }
    fill.open_logs(OPEN_REMEMBERED)?;
    bar.finish_and_clear();
    room.close();
    Ok(folder)
}

/// Past contacts by number and by words.
pub fn search(bench: &Bench) -> Fallible<Vec<Measure>> {
    let folder = with_past_contacts(bench)?;
    let room = room(&folder, Clock::turned(BEGIN))?;
    let by_number = |n: u64| Query {
        line: Some(format!("07700 {:06}", 900_000 + n * 7 % 1_000)),
        ..Query::default()
    };
    let words = ["neighbour not seen", "chip shop", "dog locked hot car", "back door knock", "bus"];
    let by_words =
        |n: u64| Query { words: Some(words[(n % 5) as usize].to_owned()), ..Query::default() };
    let mut number = timed(&room, 1_000, &by_number)?;
    let mut word = timed(&room, 500, &by_words)?;
    room.close();
    let among =
        format!("among {} past contacts, in process{}", bench.many(PAST_CONTACTS), bench.note());
    Ok(vec![
        Measure::at_most("search_by_number_p99", "ms", percentile(&mut number, 0.99), 2.0)
            .noted(among.clone()),
        Measure::at_most("search_by_words_p99", "ms", percentile(&mut word, 0.99), 50.0)
            .noted(among),
    ])
}

fn timed(room: &room::Room, n: u64, query: &dyn Fn(u64) -> Query) -> Fallible<Vec<f64>> {
    let mut samples = Vec::new();
    for i in 0..n + 20 {
        let query = query(i);
        let started = Instant::now();
        let found = room.history().search(&query)?;
        if i >= 20 {
            samples.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        if found.hits.is_empty() {
            return Err(format!("nothing was found for {query:?}").into());
        }
    }
    Ok(samples)
}

/// From the start of the process to its first answer.
pub fn start(bench: &Bench) -> Fallible<Vec<Measure>> {
    let logs = with_past_logs(bench)?;
    let first = started(&logs)?;
    let folder = with_past_contacts(bench)?;
    let events = started(&folder)?;
    let total = records(&folder)?;
    let snapshot = folder.join("state.snapshot");
    let aside = folder.join("state.snapshot.aside");
    std::fs::rename(&snapshot, &aside)?;
    let folded = started(&folder)?;
    std::fs::rename(&aside, &snapshot)?;
    Ok(vec![
        Measure::at_most("start_100000_past_logs", "s", first, 0.5).noted(format!(
            "{} past logs; after a kill{}",
            bench.many(PAST_LOGS),
            bench.note()
        )),
        Measure::at_most("start_1000000_events", "s", events, 3.0)
            .noted(format!("{total} events; after a kill{}", bench.note())),
        Measure::told("start_folding_every_event", "s", folded)
            .noted(format!("{total} events, without a snapshot")),
    ])
}

/// Twice, the worse of both; killed each time, so that the next start is one after a crash.
fn started(folder: &Path) -> Fallible<f64> {
    let mut worst: f64 = 0.0;
    for _ in 0..2 {
        let server = Server::start(folder)?;
        worst = worst.max(server.first_answer.as_secs_f64());
        server.kill()?;
    }
    Ok(worst)
}

fn records(folder: &Path) -> Fallible<u64> {
    let room = room(folder, Clock::turned(BEGIN))?;
    let seq = room.view().seq;
    room.close();
    Ok(seq)
}

/// Resident memory.
pub fn memory(bench: &Bench) -> Fallible<Vec<Measure>> {
    let folder = bench.folder("memory")?;
    let server = Server::start(&folder)?;
    let followers: Vec<_> =
        (0..50).map(|_| super::follow::connect(&server)).collect::<Result<_, _>>()?;
    let readers: Vec<_> = followers
        .into_iter()
        .map(|mut f| std::thread::spawn(move || std::io::copy(&mut f, &mut std::io::sink())))
        .collect();
    let mut client = server.client()?;
    for _ in 0..OPENED {
        client.must_post("/api/v1/incidents", &opening_json())?;
    }
    let after = server.memory_mib()?;
    server.kill()?;
    readers.into_iter().for_each(|r| drop(r.join()));
    let past = with_past_contacts(bench)?;
    let server = Server::start(&past)?;
    server.client()?.get("/api/v1/incidents?limit=1000")?;
    let remembered = server.memory_mib()?;
    Ok(vec![
        Measure::at_most("memory_5000_incidents_50_followers", "MiB", after, 60.0)
            .noted("all 5,000 open"),
        Measure::at_most("memory_2000_open_with_past", "MiB", remembered, 300.0).noted(format!(
            "{} past contacts{}",
            bench.many(PAST_CONTACTS),
            bench.note()
        )),
    ])
}
