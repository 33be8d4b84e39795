//! The writer by itself: its batches are made here, so that what lies in one batch is known.

use super::*;
use journal::Store;
use rules::command::{
    AdoptPolicy, Channel, Command, Known, Location, OpenIncident, ReceiveContact,
};
use rules::name::{OpeningCode, Place, StaffId, Words};
use rules::policy::Policy;
use rules::role::{By, Role};

const POLICY: &str = include_str!("../../../../policy/default.toml");
const NOON: Instant = Instant(1_764_590_400_000);

/// A writer without its thread.
fn writing(dir: &std::path::Path, clock: Clock) -> Writing {
    let store = Store::Sqlite { path: dir.join("journal.db") };
    let options = journal::Options::new(dir.join("key.pem"), "callbox/test".to_owned());
    let (writer, reader, found) = journal::open(&store, &options).unwrap();
    assert_eq!(found.records, 0, "a new journal");
    let state = State::new(Policy::parse(POLICY).unwrap());
    let history = crate::history::History::open(&dir.join("history.db"), reader.clone()).unwrap();
    Writing {
        shared: Arc::new(ArcSwap::from_pointee(state.clone())),
        state,
        writer,
        reader,
        lanes: Arc::new(Lanes::new(64, false)),
        notices: broadcast::channel(64).0,
        history: Arc::new(history),
        clock,
        zone: jiff::tz::TimeZone::UTC,
        data: dir.to_owned(),
    }
}

/// A reader whose journal has gone.
fn reader_of_nothing() -> Reader {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::Sqlite { path: dir.path().join("journal.db") };
    let options = journal::Options::new(dir.path().join("key.pem"), "callbox/gone".to_owned());
    journal::open(&store, &options).unwrap().1
}

fn handler() -> By {
    By { staff: StaffId::parse("CH14").unwrap(), role: Role::CallHandler }
}

fn call(said: &str) -> Act {
    Act::new(
        handler(),
        ReceiveContact {
            channel: Channel::Emergency,
            line: None,
            name: None,
            words: Some(Words::parse(said).unwrap()),
            location: None,
            seat: None,
        },
    )
}

/// Has a batch of commands carried out; their answers in order.
fn batch(writing: &mut Writing, acts: Vec<Act>) -> Vec<Result<Done, Denied>> {
    let (jobs, pending): (Vec<Job>, Vec<_>) = acts
        .into_iter()
        .map(|act| {
            let (reply, pending) = crate::act::Pending::new();
            (Job::Act(Box::new(act), reply), pending)
        })
        .unzip();
    writing.batch(jobs).unwrap();
    pending.into_iter().map(crate::act::Pending::wait).collect()
}

/// Makes a command durable as a commit does whose answer was lost: it is in the journal, and the
/// room does not know.
fn save_unheard(writing: &mut Writing, act: &Act) {
    let mut state = writing.state.clone();
    let at = writing.clock.now();
    let now = Now { at, day: writing.day(&state, at) };
    let events = decide_on(&mut state, act, now).unwrap();
    assert!(writing.writer.begin().unwrap().is_empty());
    writing.writer.append(at.0, drafts(Some((act.id, &asked(act))), &events)).unwrap();
    writing.writer.commit().unwrap();
}

#[test]
fn nothing_is_decided_before_a_recovery_that_was_cut_short_is_taken_up_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut writing = writing(dir.path(), Clock::turned(NOON));
    let first = batch(&mut writing, vec![call("one")]).remove(0).unwrap();
    let unheard = call("two, whose commit was not heard of");
    save_unheard(&mut writing, &unheard);
    // The writer finds its head again; then, reading what lies up to it, the store goes away.
    let reader = std::mem::replace(&mut writing.reader, reader_of_nothing());
    assert!(writing.catch_up_after_fault().is_err(), "the recovery was not cut short");
    writing.reader = reader;
    assert!(writing.writer.head() > writing.state.seq, "the room is not behind its journal");

    let answers = batch(&mut writing, vec![call("three"), unheard.clone()]);
    let third = answers[0].as_ref().unwrap();
    let again = answers[1].as_ref().unwrap();
    assert!(again.repeated, "what was saved is known by its id");
    let contacts = [first.contact(), again.contact(), third.contact()].map(Option::unwrap);
    assert!(contacts.iter().all(|c| writing.state.contacts.get(c).is_some()), "{contacts:?}");
    assert!(contacts[0] < contacts[1] && contacts[1] < contacts[2], "{contacts:?}");
    assert_eq!(writing.state.seq, writing.writer.head());
    let all = writing.reader.read(1, 100).unwrap();
    let mut refolded = State::new(Policy::parse(POLICY).unwrap());
    for record in &all {
        let (event, meta, _) = from_record(record).unwrap();
        fold_recorded(&mut refolded, &writing.reader, &event, &meta).unwrap();
        refolded.seq = record.seq;
    }
    assert_eq!(refolded.contacts.size(), 3);
    assert_eq!(refolded.seq, writing.state.seq);
}

#[test]
fn a_command_too_large_for_a_record_fails_alone_in_its_batch() {
    let dir = tempfile::tempdir().unwrap();
    let mut writing = writing(dir.path(), Clock::turned(NOON));
    let by = By { staff: StaffId::parse("AD01").unwrap(), role: Role::Administrator };
    let much = "# a remark\n".repeat(journal::MAX_PAYLOAD / 10);
    let toml = format!("{much}{}", POLICY.replacen("version = \"", "version = \"larger ", 1));
    let before = writing.state.policy.clone();
    let large = Act::new(by, Command::from(AdoptPolicy { toml }));
    let answers = batch(&mut writing, vec![call("one"), large, call("two")]);
    let (one, two) = (answers[0].as_ref().unwrap(), answers[2].as_ref().unwrap());
    match &answers[1] {
        Err(Denied::Refused(r)) => assert!(r.sentence.contains("too much for one record"), "{r}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(writing.state.policy, before, "a refusal leaves nothing behind");
    for done in [one, two] {
        let saved = writing.reader.by_key(done.id.into_bytes()).unwrap().expect("it is saved");
        assert_eq!(saved.seq, done.first_seq);
    }
    assert_eq!(writing.state.seq, writing.writer.head());
}

/// A log about somebody, which owes much at once.
fn log(said: &str) -> Act {
    Act::new(
        handler(),
        OpenIncident {
            contact: None,
            opening_code: OpeningCode::parse("concern for safety").unwrap(),
            location: Location {
                known: Known::Known,
                words: Place::parse("14 Heol Awst").ok(),
                point: None,
                rural: false,
                district: None,
                within: None,
            },
            words: Words::parse(said).unwrap(),
            informant: None,
        },
    )
}

#[test]
fn no_command_is_decided_while_something_due_has_not_fired_however_much_is_due() {
    let dir = tempfile::tempdir().unwrap();
    let mut writing = writing(dir.path(), Clock::steady());
    for _ in 0..8 {
        let logs = (0..FIRED_PER_BATCH / 4).map(|n| log(&format!("caller {n}"))).collect();
        assert!(batch(&mut writing, logs).iter().all(Result::is_ok));
    }
    // Two hours of nobody there.
    writing.clock.not_before(writing.clock.now() + rules::time::Span::minutes(120));
    let now = writing.clock.now();
    let due = writing.state.due.iter().filter(|(at, _)| *at <= now).count();
    assert!(due > 2 * FIRED_PER_BATCH, "only {due} are due");
    let before = writing.state.seq;
    let acts = vec![call("after two hours"), log("and one more"), call("and another")];
    let answers = batch(&mut writing, acts);
    let first = answers[0].as_ref().unwrap();
    let at = first.events[0].1.recorded_at;
    assert!(rules::due::next_due(&writing.state).is_some_and(|next| next > at), "not all fired");
    let (mut fired, mut from) = (0, before + 1);
    while let Some(last) = writing.reader.read(from, 1_000).unwrap().last().map(|r| r.seq) {
        let records = writing.reader.read(from, 1_000).unwrap();
        let firings = records.iter().filter(|r| &*r.kind == "obligation_fired");
        for record in firings {
            assert!(record.seq < first.first_seq, "{} fired after the command", record.seq);
            fired += 1;
        }
        from = last + 1;
    }
    assert!(fired >= due, "{fired} of {due} fired");
    assert!(answers.iter().all(Result::is_ok));
}
