//! A receiver that comes back to a hundred thousand events: they are sent with a bounded memory.
//! Alone in its program, so that what it measures is its own.

#![expect(clippy::unwrap_used, reason = "a step that fails here fails its test")]

use axum::Router;
use axum::http::StatusCode;
use channels::webhook::{Hooks, NewHook, Settings};
use room::{Act, Clock, Config, Room};
use rules::command::{Point, ReportPosition, RosterUnit};
use rules::name::{CallSign, Label, StaffId};
use rules::role::{By, Role};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const EVENTS: u64 = 100_000;
/// What the sending may add to the program's memory, in KiB. The backlog itself, held whole, would
/// be more than this.
const MORE_AT_MOST_KIB: u64 = 24 * 1024;
const POLICY: &str = include_str!("../../../policy/default.toml");

fn room(dir: &Path) -> Room {
    let config = Config {
        store: format!("sqlite:{}", dir.join("journal.db").display()).parse().unwrap(),
        data: dir.to_owned(),
        policy_toml: POLICY.to_owned(),
        clock: Clock::steady(),
        queue: 1_000,
    };
    Room::open(config).unwrap().0
}

fn drive(room: &Room) {
    let by = By { staff: StaffId::parse("dd07").unwrap(), role: Role::Dispatcher };
    let unit = CallSign::parse("DC14").unwrap();
    let roster = RosterUnit {
        call_sign: unit.clone(),
        crew: vec![],
        skills: vec![],
        equipment: vec![],
        kind: Label::parse("response").unwrap(),
        district: None,
        radio: None,
        shift: None,
    };
    room.act_blocking(Act::new(by.clone(), roster)).unwrap();
    let mut answers = Vec::new();
    while room.view().seq < EVENTS {
        for n in 0..1_000 {
            let point = Point { lat: 51.8, lon: -4.3 + f64::from(n) / 10_000.0 };
            let moved = ReportPosition { call_sign: unit.clone(), point };
            answers.push(room.submit(Act::new(by.clone(), moved)));
        }
        for answer in answers.drain(..) {
            answer.wait().unwrap();
        }
    }
}

/// The memory of this program that is in use, in KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_events_are_caught_up_with_in_bounded_memory() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_owned();
    let driving = tokio::task::spawn_blocking(move || {
        let room = room(&folder);
        drive(&room);
        room
    });
    let room = driving.await.unwrap();

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let counted = Arc::new(AtomicU64::new(0));
    let counter = counted.clone();
    let app = Router::new().fallback(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        async { StatusCode::NO_CONTENT }
    });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    let by = By { staff: StaffId::parse("admin1").unwrap(), role: Role::Administrator };
    let settings = Settings { allow_hosts: vec!["127.0.0.1".into()], ..Settings::default() };
    let hooks = Hooks::open(dir.path(), room.clone(), settings).await.unwrap();
    let new = NewHook { url, kinds: vec![] };
    let (hook, _) = hooks.add(&by, &new).await.unwrap();
    let head = room.view().seq;
    let (before, mut most) = (resident_kib(), 0);
    hooks.replay(&by, hook.id, 1).await.unwrap();
    while hooks.get(hook.id).await.unwrap().position < head {
        most = most.max(resident_kib());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let more = most.saturating_sub(before);
    println!("{head} events; {before} KiB before, {more} KiB more at the most");
    assert_eq!(counted.load(Ordering::Relaxed), head, "each once");
    assert!(more <= MORE_AT_MOST_KIB, "{more} KiB more");
    let kept = hooks.deliveries(hook.id, 10_000).await.unwrap().len();
    assert_eq!(kept, Settings::default().attempts_kept, "the record of attempts is bounded too");
    hooks.close().await;
    room.close();
}
