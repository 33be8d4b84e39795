//! Several nodes on one PostgreSQL journal: one total order, no decision on a stale state, nothing
//! fired twice. `CALLBOX_TEST_POSTGRES` holds the server's address.
#![cfg(feature = "postgres-tests")]
#![expect(clippy::unwrap_used, reason = "in a test a fault is a panic with its place")]

use journal::Store;
use room::{Act, Clock, Config, Denied, Room};
use rules::command::*;
use rules::event::Event;
use rules::name::*;
use rules::role::{By, Role};
use rules::time::Instant;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

const POLICY: &str = include_str!("../../../policy/default.toml");

fn server() -> String {
    std::env::var("CALLBOX_TEST_POSTGRES")
        .expect("CALLBOX_TEST_POSTGRES holds the address that `scripts/postgres start` prints")
}

/// An empty schema of its own.
fn schema(name: &str) -> Store {
    let name = format!("room{}_{name}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&server(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("CREATE SCHEMA {name}")).await.unwrap();
    });
    let mark = if server().contains('?') { '&' } else { '?' };
    Store::Postgres { url: format!("{}{mark}options=-csearch_path%3D{name}", server()) }
}

fn node(store: &Store, dir: &Path, policy: &str) -> Room {
    Room::open(Config {
        store: store.clone(),
        data: dir.to_owned(),
        policy_toml: policy.to_owned(),
        clock: Clock::steady(),
        queue: 64,
    })
    .unwrap()
    .0
}

fn by() -> By {
    By { staff: StaffId::parse("CH14").unwrap(), role: Role::CallHandler }
}

fn opening(said: &str) -> OpenIncident {
    OpenIncident {
        contact: None,
        opening_code: OpeningCode::parse("concern for safety").unwrap(),
        location: Location {
            known: Known::Vague,
            words: None,
            point: None,
            rural: false,
            district: None,
            within: None,
        },
        words: Words::parse(said).unwrap(),
        informant: None,
    }
}

/// Waits until a node has heard of everything up to a place.
fn hears(room: &Room, seq: u64) {
    let until = std::time::Instant::now() + Duration::from_secs(20);
    while room.view().seq < seq {
        assert!(std::time::Instant::now() < until, "the node never heard of {seq}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn two_nodes_make_one_order_and_hold_the_same_state() {
    let store = schema("order");
    let (a_dir, b_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let a = node(&store, a_dir.path(), POLICY);
    let b = node(&store, b_dir.path(), POLICY);
    let writers: Vec<_> = [a.clone(), b.clone()]
        .into_iter()
        .map(|room| {
            std::thread::spawn(move || {
                let numbers = (0..40).map(|n| {
                    let act = Act::new(by(), opening(&format!("somebody calls {n}")));
                    room.act_blocking(act).unwrap().incident().unwrap()
                });
                numbers.collect::<Vec<_>>()
            })
        })
        .collect();
    let mut numbers: Vec<_> = writers.into_iter().flat_map(|w| w.join().unwrap()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 80, "no number was given twice");
    let head = a.journal().head().unwrap();
    hears(&a, head);
    hears(&b, head);
    let (va, vb) = (a.view(), b.view());
    assert_eq!(va.seq, vb.seq);
    assert_eq!(
        va.incidents.values().collect::<Vec<_>>(),
        vb.incidents.values().collect::<Vec<_>>()
    );
    assert_eq!(
        va.obligations.values().collect::<Vec<_>>(),
        vb.obligations.values().collect::<Vec<_>>()
    );
    a.close();
    b.close();
    assert!(journal::verify(&store, None, &mut |_, _| {}).ok);
}

#[test]
fn the_same_id_on_another_node_gives_the_same_answer() {
    let store = schema("again");
    let (a_dir, b_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let a = node(&store, a_dir.path(), POLICY);
    let b = node(&store, b_dir.path(), POLICY);
    let act = Act::new(by(), opening("somebody calls"));
    let first = a.act_blocking(act.clone()).unwrap();
    let again = b.act_blocking(act).unwrap();
    assert!(again.repeated);
    assert_eq!((again.first_seq, again.incident()), (first.first_seq, first.incident()));
    a.close();
    b.close();
}

#[test]
fn whoever_comes_back_late_is_told_everything() {
    let store = schema("late");
    let dir = tempfile::tempdir().unwrap();
    let a = node(&store, dir.path(), POLICY);
    let n = a.act_blocking(Act::new(by(), opening("somebody calls"))).unwrap().incident().unwrap();
    let mut written = Vec::new();
    for line in 0..300 {
        let text = Words::parse(&format!("line {line}")).unwrap();
        let entry = AddEntry {
            incident: n,
            text,
            critical: false,
            new_information: false,
            own_words: false,
            attachments: Vec::new(),
        };
        written.push(a.act_blocking(Act::new(by(), entry)).unwrap().first_seq);
    }
    let told = a.notices_after(0, 2_000).unwrap();
    let told: std::collections::BTreeSet<u64> = told.iter().map(|notice| notice.seq).collect();
    assert!(written.iter().all(|seq| told.contains(seq)), "{} of them", told.len());
    assert_eq!(a.notices_after(0, 280).unwrap().len(), 280);
    a.close();
}

#[test]
fn a_decision_on_one_node_knows_what_the_other_has_just_decided() {
    let store = schema("stale");
    let (a_dir, b_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let a = node(&store, a_dir.path(), POLICY);
    let b = node(&store, b_dir.path(), POLICY);
    let n = a.act_blocking(Act::new(by(), opening("somebody calls"))).unwrap().incident().unwrap();
    let tag = |reason: &str| TagIncident {
        incident: n,
        tag: Tag::parse("fim").unwrap(),
        reason: Reason::parse(reason).unwrap(),
    };
    a.act_blocking(Act::new(by(), tag("the first to tag"))).unwrap();
    match b.act_blocking(Act::new(by(), tag("the second to tag"))) {
        Err(Denied::Refused(refused)) => assert!(refused.sentence.contains("already"), "{refused}"),
        other => panic!("{other:?}"),
    }
    a.close();
    b.close();
}

#[test]
fn whichever_node_has_the_turn_fires_and_nothing_fires_twice() {
    // Every rule of a minute or less becomes one of a second, so that a test can wait for it.
    let quick = POLICY.replace("\"1 min\"", "\"1 s\"").replace("\"2 min\"", "\"2 s\"");
    let store = schema("fires");
    let (a_dir, b_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let a = node(&store, a_dir.path(), &quick);
    let b = node(&store, b_dir.path(), &quick);
    for n in 0..10 {
        let room = if n % 2 == 0 { &a } else { &b };
        room.act_blocking(Act::new(by(), opening("somebody calls"))).unwrap();
    }
    std::thread::sleep(Duration::from_secs(4));
    let mut fired: BTreeMap<(ObligationId, u32, Instant), usize> = BTreeMap::new();
    let mut by_rung: BTreeMap<(ObligationId, u32), usize> = BTreeMap::new();
    for notice in a.notices_after(0, 100_000).unwrap() {
        if let Event::ObligationFired { obligation, rung, .. } = &*notice.event {
            *fired.entry((*obligation, *rung, notice.at)).or_default() += 1;
            *by_rung.entry((*obligation, *rung)).or_default() += 1;
        }
    }
    assert!(!fired.is_empty(), "nothing fired");
    assert!(by_rung.values().all(|n| *n == 1), "{by_rung:?}");
    a.close();
    b.close();
}

#[test]
fn a_node_that_a_newer_one_has_outgrown_decides_nothing_and_stops_nobody() {
    let store = schema("newer");
    let (a_dir, b_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let a = node(&store, a_dir.path(), POLICY);
    a.act_blocking(Act::new(by(), opening("somebody calls"))).unwrap();
    let options =
        journal::Options::new(b_dir.path().join("signing-key.pem"), "callbox/cdf".to_owned());
    let (mut newer, ..) = journal::open(&store, &options).unwrap();
    let mut write = |seen: &str| {
        newer.begin().unwrap();
        let draft = journal::Draft {
            stream: 1,
            kind: "beyond_this_version".into(),
            key: None,
            payload: format!("{{\"seen\":\"{seen}\"}}").into_bytes(),
        };
        newer.append(Clock::steady().now().0, vec![draft]).unwrap();
        newer.commit().unwrap()
    };
    write("first");
    let shown = a.view();
    match a.act_blocking(Act::new(by(), opening("somebody else calls"))) {
        Err(Denied::NotSaved { sentence }) => {
            assert!(sentence.contains("a newer one writes this journal"), "{sentence}");
        }
        other => panic!("{other:?}"),
    }
    // It holds no turn, so the newer one goes on; what was seen can still be seen.
    write("second");
    assert_eq!(a.view().incidents.size(), shown.incidents.size());
    let head = a.journal().head().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(a.journal().head().unwrap(), head, "it fires nothing either");
    a.close();
    let again = Room::open(Config {
        store,
        data: a_dir.path().to_owned(),
        policy_toml: POLICY.to_owned(),
        clock: Clock::steady(),
        queue: 64,
    });
    let refused = again.err().expect("it does not start on what it does not know").to_string();
    assert!(refused.contains("beyond_this_version"), "{refused}");
}

#[test]
fn nodes_are_replaced_one_by_one_while_calls_go_on() {
    let quick = POLICY.replace("\"1 min\"", "\"1 s\"").replace("\"2 min\"", "\"2 s\"");
    let store = schema("rolling");
    let first: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let up: std::sync::Mutex<Vec<Room>> =
        std::sync::Mutex::new(first.iter().map(|dir| node(&store, dir.path(), &quick)).collect());
    let going = std::sync::atomic::AtomicBool::new(true);
    let replaced: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let calls = std::thread::scope(|scope| {
        let handlers: Vec<_> = (0..4)
            .map(|who| {
                scope.spawn({
                    let (up, going) = (&up, &going);
                    move || {
                        let mut taken = Vec::new();
                        while going.load(std::sync::atomic::Ordering::Relaxed) {
                            let act = Act::new(
                                by(),
                                opening(&format!("{who} takes call {}", taken.len())),
                            );
                            // As behind a proxy: the same again, where somebody answers.
                            let n = loop {
                                let nodes = up.lock().unwrap().clone();
                                let room = &nodes[taken.len() % nodes.len()];
                                if let Ok(done) = room.act_blocking(act.clone()) {
                                    break done.incident().unwrap();
                                }
                            };
                            taken.push(n);
                        }
                        taken
                    }
                })
            })
            .collect();
        for dir in &replaced {
            std::thread::sleep(Duration::from_millis(1_500));
            let old = up.lock().unwrap().remove(0);
            old.close();
            let new = node(&store, dir.path(), &quick);
            up.lock().unwrap().push(new);
        }
        std::thread::sleep(Duration::from_millis(1_500));
        going.store(false, std::sync::atomic::Ordering::Relaxed);
        handlers.into_iter().flat_map(|h| h.join().unwrap()).collect::<Vec<_>>()
    });
    let nodes = up.into_inner().unwrap();
    let head = nodes[0].journal().head().unwrap();
    nodes.iter().for_each(|room| hears(room, head));
    let mut numbers = calls.clone();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), calls.len(), "no call was taken twice");
    assert_eq!(nodes[0].view().incidents.size(), calls.len(), "and none was lost");
    let mut fired: BTreeMap<(ObligationId, u32), usize> = BTreeMap::new();
    for notice in nodes[1].notices_after(0, 1_000_000).unwrap() {
        if let Event::ObligationFired { obligation, rung, .. } = &*notice.event {
            *fired.entry((*obligation, *rung)).or_default() += 1;
        }
    }
    assert!(!fired.is_empty() && fired.values().all(|n| *n == 1), "{fired:?}");
    nodes.into_iter().for_each(|room| room.close());
    assert!(journal::verify(&store, None, &mut |_, _| {}).ok);
}
