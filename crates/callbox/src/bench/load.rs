//! Commands over HTTP: durable when they are answered.

use super::http::Client;
use super::numbers::percentile;
use super::server::{Server, room};
use super::{Bench, Measure};
use room::{Act, Clock};
use rules::command::RosterUnit;
use rules::name::{CallSign, Label, StaffId};
use rules::role::{By, Role};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

const WARM: usize = 200;
const COMMANDS: usize = 2_000;
const CLIENTS: usize = 8;
const LOAD_SECONDS: u64 = 5;
const UNITS: usize = 64;

/// One client, then eight.
pub fn all(bench: &Bench) -> Fallible<Vec<Measure>> {
    let folder = bench.folder("http")?;
    roster(&folder)?;
    let server = Server::start(&folder)?;
    let raw_before = floor(&bench.folder("http-floor")?)?;
    let mut measures = one_client(&server)?;
    let raw_after = floor(&bench.folder("http-floor")?)?;
    // The disk is shared with others: the floor is what it did before and after.
    let raw = Floor {
        p50: (raw_before.p50 + raw_after.p50) / 2.0,
        p99: raw_before.p99.max(raw_after.p99),
    };
    for m in &mut measures {
        let (floor, least, times) =
            if m.name.ends_with("p50") { (raw.p50, 1.0, 3.0) } else { (raw.p99, 5.0, 3.0) };
        judge(m, floor, f64::max(least, times * floor));
    }
    measures.extend(eight_clients(&server, &raw)?);
    Ok(measures)
}

fn judge(m: &mut Measure, floor: f64, target: f64) {
    m.raw = Some(floor);
    m.ratio = m.value.map(|v| v / floor);
    m.target = Some(target);
    m.met = m.value.map(|v| v <= target);
}

fn roster(folder: &Path) -> Fallible<()> {
    let room = room(folder, Clock::steady())?;
    let by = By { staff: StaffId::parse("BENCH")?, role: Role::ForceIncidentManager };
    for n in 0..UNITS {
        let unit = RosterUnit {
            call_sign: CallSign::parse(&format!("DC{n}"))?,
            crew: Vec::new(),
            skills: Vec::new(),
            equipment: Vec::new(),
            kind: Label::parse("response")?,
            district: None,
            radio: None,
            shift: None,
        };
        room.act_blocking(Act::new(by.clone(), unit))?;
    }
    room.close();
    Ok(())
}

struct Floor {
    p50: f64,
    p99: f64,
}

/// One row of a usual event's size, one synchronous transaction: milliseconds.
fn floor(folder: &Path) -> Fallible<Floor> {
    let db = Connection::open(folder.join("floor.db"))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE floor (seq INTEGER PRIMARY KEY, payload BLOB NOT NULL);",
    )?;
    let payload = vec![0x61_u8; 400];
    let mut samples = Vec::with_capacity(COMMANDS);
    for n in 0..WARM + COMMANDS {
        let started = Instant::now();
        db.prepare_cached("INSERT INTO floor (payload) VALUES (?1)")?.execute([&payload])?;
        if n >= WARM {
            samples.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    Ok(Floor { p50: percentile(&mut samples, 0.5), p99: percentile(&mut samples, 0.99) })
}

fn opening() -> Value {
    json!({
        "opening_code": "suspicious circumstances",
        "location": { "known": "known", "words": "14 Heol Awst" },
        "words": "somebody is trying the doors of parked cars",
        "informant": { "name": "Sian Rees", "line": "07700 900123", "safe_to_contact": true },
    })
}

fn one_client(server: &Server) -> Fallible<Vec<Measure>> {
    let mut client = server.client()?;
    let (mut create, mut entry, mut assign) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..WARM + COMMANDS {
        let mut timed = |path: &str, body: &Value, into: &mut Vec<f64>| -> Fallible<Value> {
            let started = Instant::now();
            let answer = client.must_post(path, body)?;
            if n >= WARM {
                into.push(started.elapsed().as_secs_f64() * 1_000.0);
            }
            Ok(answer.json())
        };
        let opened = timed("/api/v1/incidents", &opening(), &mut create)?;
        let number = opened["incident"].as_str().ok_or("no number was given")?.to_owned();
        let log = format!("/api/v1/incidents/{number}");
        let text = json!({ "text": "the informant says that he has gone round the back" });
        timed(&format!("{log}/entries"), &text, &mut entry)?;
        let unit = format!("DC{}", n % UNITS);
        timed(&format!("{log}/deployments"), &json!({ "call_sign": unit }), &mut assign)?;
        let down = format!("{log}/deployments/{unit}/stand-down");
        client.must_post(&down, &json!({ "reason": "measured" }))?;
    }
    let mut measures = Vec::new();
    for (name, mut samples) in
        [("create_incident", create), ("add_entry", entry), ("assign_unit", assign)]
    {
        for (share, word) in [(0.5, "p50"), (0.99, "p99")] {
            let value = percentile(&mut samples, share);
            measures.push(
                Measure::told(&format!("http_1_client_{name}_{word}"), "ms", value)
                    .noted("floor: one synchronous SQLite insert"),
            );
        }
    }
    Ok(measures)
}

fn eight_clients(server: &Server, raw: &Floor) -> Fallible<Vec<Measure>> {
    let until = Instant::now() + Duration::from_secs(LOAD_SECONDS);
    let threads: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let client = server.client();
            std::thread::spawn(move || busy_client(client?, until))
        })
        .collect();
    let mut samples = Vec::new();
    for thread in threads {
        let done = thread.join().map_err(|_| "a client ended in a panic")?;
        samples.extend(done.map_err(|e| e.to_string())?);
    }
    let rate = samples.len() as f64 / LOAD_SECONDS as f64;
    let target = f64::min(3_000.0, 8.0 / (raw.p50 / 1_000.0) / 2.0);
    let p99 = percentile(&mut samples, 0.99);
    let mut worst = Measure::told("http_8_clients_p99", "ms", p99);
    judge(&mut worst, raw.p99, f64::max(10.0, 3.0 * raw.p99));
    Ok(vec![
        Measure::at_least("http_8_clients_rate", "commands/s", rate, target)
            .beside(8.0 / (raw.p50 / 1_000.0))
            .noted("half creating incidents, half adding entries"),
        worst,
    ])
}

fn busy_client(mut client: Client, until: Instant) -> std::io::Result<Vec<f64>> {
    let mut samples = Vec::new();
    let mut number = String::new();
    while Instant::now() < until {
        let started = Instant::now();
        let answer = if samples.len() % 2 == 0 {
            client.post("/api/v1/incidents", &opening())?
        } else {
            let path = format!("/api/v1/incidents/{number}/entries");
            client.post(&path, &json!({ "text": "the informant has rung again" }))?
        };
        samples.push(started.elapsed().as_secs_f64() * 1_000.0);
        if !(200..300).contains(&answer.status) {
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(std::io::Error::other(format!("answered {}: {said}", answer.status)));
        }
        if let Some(opened) = answer.json()["incident"].as_str() {
            number = opened.to_owned();
        }
    }
    Ok(samples)
}
