//! The room as it comes up again: what is due has fired, everything has an owner and a next time,
//! and the snapshot says the same as the journal.

use crate::acks::Ack;
use crate::check::{Check, Found, Scan};
use crate::victim::{Now, policy, with_causes};
use journal::Store;
use room::{Clock, Config, Room};
use rules::incident::escalation::waits_for_a_unit;
use rules::obligation::{Rule, Subject};
use rules::state::State;
use rules::time::Instant;
use std::sync::Arc;
use std::time::{Duration, Instant as Monotonic};

/// Opens the room three times (as it was left, from its snapshot, from the journal alone) and
/// compares.
///
/// # Errors
/// Why it could not be opened.
pub fn run(check: &Check, store: &Store, acks: &[Ack]) -> Result<Found, String> {
    let live = come_up(check, store)?;
    let room = open(check, store, still())?;
    let kept = room.view();
    room.close();
    let _ = std::fs::remove_file(check.setup.dir.join("state.snapshot"));
    let room = open(check, store, still())?;
    let view = room.view();
    let exact = check.setup.now == Now::Turned;
    let mut scan = Scan::of(room.journal(), exact).map_err(|fault| with_causes(&fault))?;
    room.close();
    let commands = scan.keys.len() as u64;
    scan.against(check, acks);
    let mut wrong = std::mem::take(&mut scan.wrong);
    same(&mut wrong, "the state from the snapshot", &kept, &view);
    same(&mut wrong, "the state as it was live", &live, &view);
    wrong.extend(state(&view, &scan));
    Ok(Found {
        acked: acks.len() as u64,
        records: scan.records(),
        commands,
        armed: scan.ledger.n_armed,
        fired: scan.ledger.n_fired,
        worst_late_ms: scan.ledger.worst_late_ms,
        wrong,
    })
}

/// However slow the machine, everything that was due has fired by then. (A planted bug may fire one
/// thing after another for ever, each too late: to wait for it to stand still is no use.)
const COMES_UP_WITHIN: Duration = Duration::from_secs(30);

/// The room starts as it would, and what fell due while it was down fires. The state it ends with.
fn come_up(check: &Check, store: &Store) -> Result<Arc<State>, String> {
    let clock = match check.setup.now {
        Now::Steady => Clock::steady(),
        Now::Turned => still(),
    };
    let room = open(check, store, clock)?;
    let due = |s: &State| rules::due::next_due(s).is_some_and(|at| at <= room.now());
    let until = Monotonic::now() + COMES_UP_WITHIN;
    while due(&room.view()) && Monotonic::now() < until {
        std::thread::sleep(Duration::from_millis(5));
        if check.setup.now == Now::Turned {
            room.advance_to(room.now()).map_err(|denied| denied.to_string())?;
        }
    }
    room.close();
    Ok(room.view())
}

/// A clock that stands still at the last record, so that looking changes nothing.
fn still() -> Clock {
    Clock::turned(Instant::default())
}

fn open(check: &Check, store: &Store, clock: Clock) -> Result<Room, String> {
    let config = Config {
        store: store.clone(),
        data: check.setup.dir.clone(),
        policy_toml: check.policy.clone().unwrap_or_else(|| policy(check.setup.obligations)),
        clock,
        queue: 16,
    };
    Room::open(config).map(|(room, _)| room).map_err(|fault| with_causes(&fault))
}

/// The state, part by part, in a form that does not show how its maps are balanced.
fn parts(s: &State) -> Vec<(&'static str, Vec<u8>)> {
    fn bytes(part: &impl serde::Serialize) -> Vec<u8> {
        rmp_serde::to_vec_named(part).unwrap_or_else(|e| e.to_string().into_bytes())
    }
    vec![
        ("policy", bytes(&*s.policy)),
        ("place and time", bytes(&(s.seq, s.last_at, s.last_incident))),
        ("contacts", bytes(&s.contacts)),
        ("logs", bytes(&s.incidents)),
        ("units", bytes(&s.units)),
        ("staff", bytes(&s.staff)),
        ("handovers", bytes(&s.handovers)),
        ("obligations", bytes(&s.obligations)),
        ("obligations by subject", bytes(&s.about)),
        ("due times", bytes(&s.due)),
        ("alarms", bytes(&s.alarms)),
        ("next numbers", bytes(&(s.next_contact, s.next_obligation, s.next_handover))),
    ]
}

fn same(wrong: &mut Vec<String>, one: &str, a: &State, b: &State) {
    for ((part, a), (_, b)) in parts(a).iter().zip(&parts(b)) {
        if a != b {
            let (n, m) = (a.len(), b.len());
            wrong.push(format!("{part} of {one} differ from the journal's: {n} and {m} bytes"));
        }
    }
}

/// Whether the state holds what the records say is owed, and nothing is without an owner's time.
fn state(view: &State, scan: &Scan) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, owed) in &scan.ledger.open {
        let held = view.obligations.get(id).map(|o| o.next_at);
        if held != Some(owed.next_at) {
            wrong.push(format!("obligation {id} is open by the records; the room has {held:?}"));
        }
        if !view.due.contains(&(owed.next_at, *id)) {
            wrong.push(format!("obligation {id} has no next time in the room"));
        }
        if owed.next_at <= view.last_at {
            wrong.push(format!("obligation {id} is due and has not fired"));
        }
    }
    let n = scan.ledger.open.len();
    if view.obligations.size() != n || view.due.size() != n {
        let (held, due) = (view.obligations.size(), view.due.size());
        wrong.push(format!("{n} obligations are open by the records, {held} held, {due} timed"));
    }
    wrong.extend(unowed(view));
    wrong
}

/// What is open without anybody owing anything for it.
fn unowed(view: &State) -> Vec<String> {
    let mut wrong = Vec::new();
    for contact in view.contacts.values().filter(|c| !c.settled) {
        if view.owed(&Subject::Contact(contact.id), Rule::ContactOwed).is_none() {
            wrong.push(format!("contact {} has no record and nobody owes one", contact.id));
        }
    }
    for log in view.incidents.values() {
        let about = Subject::Incident(log.number);
        let owes = |rule| view.owed(&about, rule).is_some();
        if log.grade().is_none() && !owes(Rule::GradeOwed) {
            wrong.push(format!("log {} has no grade and nobody owes one", log.number));
        }
        if log.passed_at.is_none() && log.accepted.is_none() && !owes(Rule::PassOn) {
            wrong.push(format!("log {} is not passed on and nobody owes it", log.number));
        }
        if log.open_questions().next().is_some() && !owes(Rule::QuestionOpen) {
            wrong.push(format!("log {} has a question and nobody owes an answer", log.number));
        }
        let timed = log.grade().is_some_and(|g| {
            view.policy.obligation(Rule::Unresourced).and_then(|row| row.due_in(Some(g))).is_some()
        });
        if timed && waits_for_a_unit(view, log) && !owes(Rule::Unresourced) {
            wrong.push(format!("log {} waits for a unit and nobody owes one", log.number));
        }
    }
    wrong
}
