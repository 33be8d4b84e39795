//! The room from the outside: commands in, durable events out, across restarts.

#![expect(clippy::unwrap_used, reason = "in a test a fault is a panic with its place")]

use journal::Store;
use room::{Act, Clock, Config, Denied, Done, Query, Room};
use rules::command::*;
use rules::name::*;
use rules::obligation::Rule;
use rules::role::{By, Role};
use rules::time::{Instant, Span};
use std::path::Path;
use std::time::Duration;

const POLICY: &str = include_str!("../../../policy/default.toml");
const NOON: Instant = Instant(1_764_590_400_000);

fn by(staff: &str, role: Role) -> By {
    By { staff: StaffId::parse(staff).unwrap(), role }
}

fn config(dir: &Path, clock: Clock) -> Config {
    Config {
        store: Store::Sqlite { path: dir.join("journal.db") },
        data: dir.to_owned(),
        policy_toml: POLICY.to_owned(),
        clock,
        queue: 64,
    }
}

fn open(dir: &Path, clock: Clock) -> Room {
    Room::open(config(dir, clock)).unwrap().0
}

fn words(text: &str) -> Words {
    Words::parse(text).unwrap()
}

fn do_it(room: &Room, who: &By, command: impl Into<Command>) -> Done {
    room.act_blocking(Act::new(who.clone(), command)).unwrap()
}

fn contact(line: &str, said: &str) -> ReceiveContact {
    ReceiveContact {
        channel: Channel::Emergency,
        line: Line::parse(line).ok(),
        name: None,
        words: Some(words(said)),
        location: None,
        seat: None,
    }
}

fn incident(contact: Option<ContactId>, said: &str) -> OpenIncident {
    OpenIncident {
        contact,
        opening_code: OpeningCode::parse("concern for safety").unwrap(),
        location: Location {
            known: Known::Known,
            words: Place::parse("14 Heol Awst").ok(),
            point: None,
            rural: false,
            district: None,
            within: None,
        },
        words: words(said),
        informant: None,
    }
}

fn grade(n: IncidentNumber, rank: u8) -> GradeIncident {
    GradeIncident {
        incident: n,
        grade: Grade::try_from(rank).unwrap(),
        reason: Reason::parse("as the caller describes it").ok(),
        agreed_by: None,
    }
}

#[test]
fn what_was_said_is_there_after_a_restart_and_so_is_what_is_owed() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = open(dir.path(), Clock::turned(NOON));
    let c = do_it(&room, &handler, contact("07700 900123", "he is outside again")).contact();
    let n = do_it(&room, &handler, incident(c, "he is outside again")).incident().unwrap();
    do_it(&room, &handler, grade(n, 2));
    let before = room.view();
    room.close();
    for snapshot in [true, false] {
        if !snapshot {
            std::fs::remove_file(dir.path().join("state.snapshot")).unwrap();
        }
        let (room, opened) = Room::open(config(dir.path(), Clock::turned(NOON))).unwrap();
        assert_eq!(opened.from_snapshot, snapshot);
        let after = room.view();
        assert_eq!(after.seq, before.seq);
        assert_eq!(after.incident(n), before.incident(n));
        assert_eq!(
            after.obligations.values().collect::<Vec<_>>(),
            before.obligations.values().collect::<Vec<_>>()
        );
        assert_eq!(after.due.iter().collect::<Vec<_>>(), before.due.iter().collect::<Vec<_>>());
        room.close();
    }
}

#[test]
fn the_same_id_gives_the_same_answer_and_nothing_happens_twice() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = open(dir.path(), Clock::turned(NOON));
    let act = Act::new(handler, incident(None, "somebody at the door"));
    let first = room.act_blocking(act.clone()).unwrap();
    let again = room.act_blocking(act.clone()).unwrap();
    room.close();
    let room = open(dir.path(), Clock::turned(NOON));
    let after_restart = room.act_blocking(act).unwrap();
    for answer in [&again, &after_restart] {
        assert!(answer.repeated);
        assert_eq!((answer.first_seq, answer.last_seq), (first.first_seq, first.last_seq));
        assert_eq!(answer.incident(), first.incident());
    }
    assert_eq!(room.view().incidents.size(), 1);
    room.close();
}

#[test]
fn the_same_id_cannot_stand_for_another_command() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = open(dir.path(), Clock::turned(NOON));
    let first = Act::new(handler.clone(), incident(None, "somebody at the door"));
    let n = room.act_blocking(first.clone()).unwrap().incident().unwrap();
    let other = Act { id: first.id, ..Act::new(handler, grade(n, 1)) };
    match room.act_blocking(other) {
        Err(Denied::Refused(r)) => assert!(r.sentence.contains("under a new id"), "{r}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(room.view().grade_of(n), None);
    room.close();
}

#[test]
fn a_policy_adopted_since_is_not_undone_by_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let administrator = by("AD01", Role::Administrator);
    let room = open(dir.path(), Clock::turned(NOON));
    let toml = POLICY.replacen("version = \"", "version = \"changed ", 1);
    do_it(&room, &administrator, AdoptPolicy { toml });
    room.close();
    let room = open(dir.path(), Clock::turned(NOON));
    assert!(room.view().policy.about.version.starts_with("changed "));
    room.close();
}

#[test]
fn an_obligation_fires_at_its_moment_once_also_across_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = open(dir.path(), Clock::turned(NOON));
    let n = do_it(&room, &handler, incident(None, "somebody at the door")).incident().unwrap();
    do_it(&room, &handler, grade(n, 2));
    room.close();
    let room = open(dir.path(), Clock::turned(NOON));
    room.advance_to(NOON + Span::minutes(61)).unwrap();
    room.close();
    let room = open(dir.path(), Clock::turned(NOON));
    room.advance_to(NOON + Span::minutes(62)).unwrap();
    let fired: Vec<(Rule, u32, Instant)> = room
        .notices_after(0, 10_000)
        .unwrap()
        .iter()
        .filter_map(|notice| match &*notice.event {
            rules::event::Event::ObligationFired { obligation, rung, .. } => {
                let o = room.view().obligations.get(obligation).cloned()?;
                Some((o.rule, *rung, notice.at))
            }
            _ => None,
        })
        .collect();
    let arrive: Vec<_> = fired.iter().filter(|(rule, ..)| *rule == Rule::ArriveTarget).collect();
    let due =
        room.view().obligations.values().find(|o| o.rule == Rule::ArriveTarget).unwrap().due_at;
    assert_eq!(due, NOON + Span::minutes(60));
    assert!(arrive.iter().any(|(_, _, at)| *at == due), "told at the target: {arrive:?}");
    assert!(arrive.iter().any(|(_, _, at)| *at < due), "told before the target: {arrive:?}");
    let mut rungs: Vec<u32> = arrive.iter().map(|(_, rung, _)| *rung).collect();
    rungs.dedup();
    assert_eq!(rungs.len(), arrive.len(), "no rung twice");
    room.close();
}

#[test]
fn a_closed_log_leaves_memory_is_read_from_the_journal_and_can_be_reopened() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let leader = by("TL02", Role::TeamLeader);
    let room = open(dir.path(), Clock::turned(NOON));
    let n = close_one(&room, &handler);
    assert!(room.view().incident(n).is_none(), "it left memory");
    let log = room.log(n).unwrap().expect("it is in the journal");
    assert!(log.incident.closed.is_some());
    let entry = AddEntry {
        incident: n,
        text: words("one more thing"),
        critical: false,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    };
    match room.act_blocking(Act::new(handler.clone(), entry.clone())) {
        Err(Denied::Refused(r)) => assert!(r.sentence.contains("reopen it first"), "{r}"),
        other => panic!("{other:?}"),
    }
    assert!(room.view().incident(n).is_none(), "a refusal leaves nothing behind");
    let reason = Reason::parse("the informant rang again").unwrap();
    do_it(&room, &leader, ReopenIncident { incident: n, reason });
    do_it(&room, &handler, entry);
    let reopened = room.view().incident(n).cloned();
    room.close();
    std::fs::remove_file(dir.path().join("state.snapshot")).unwrap();
    let room = open(dir.path(), Clock::turned(NOON));
    assert_eq!(room.view().incident(n).cloned(), reopened, "folded from the journal alone");
    room.close();
}

/// Opens a log and does everything that stands in the way of closing it.
fn close_one(room: &Room, handler: &By) -> IncidentNumber {
    let mut open = incident(None, "a cat on a roof");
    open.opening_code = OpeningCode::parse("civil dispute").unwrap();
    open.informant = Some(Informant {
        name: PersonName::parse("Sian Rees").ok(),
        line: None,
        safe_to_contact: Some(true),
        missing_because: None,
    });
    let n = do_it(room, handler, open).incident().unwrap();
    do_it(room, handler, grade(n, 4));
    let told = TellInformant {
        incident: n,
        told: Told::NoAttendance,
        words: words("nobody will come, and why"),
    };
    do_it(room, handler, told);
    let policy = room.view().policy.clone();
    let elements = policy.thrive.elements.iter().map(|element| ThriveElement {
        element: element.clone(),
        rating: policy.thrive.ratings[0].clone(),
        rationale: words("nothing suggests any danger here"),
    });
    let elements = elements.collect();
    do_it(room, handler, RecordThrive { incident: n, elements, informant_understood: true });
    do_it(room, handler, OpenSop { incident: n });
    let code = OpeningCode::parse("civil dispute").unwrap();
    for step in &policy.opening_code(&code).unwrap().sop {
        let outcome = Outcome::NotApplicable(Reason::parse("not this time").unwrap());
        do_it(room, handler, SettleSopStep { incident: n, step: step.step.clone(), outcome });
    }
    let code = policy.closing_code.iter().find(|c| c.without_attendance).unwrap().code.clone();
    let close = CloseIncident {
        incident: n,
        closing_code: code,
        result: words("advice given"),
        told: Told::Result,
        risk_now: words("no risk remains"),
    };
    do_it(room, handler, close);
    n
}

#[test]
fn a_stale_client_is_told_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = open(dir.path(), Clock::turned(NOON));
    let n = do_it(&room, &handler, incident(None, "somebody at the door")).incident().unwrap();
    let seen = room.view().incident(n).unwrap().version;
    do_it(&room, &handler, grade(n, 2));
    let act = Act { expected: Some((n, seen)), ..Act::new(handler, grade(n, 1)) };
    match room.act_blocking(act) {
        Err(Denied::Refused(r)) => assert!(r.sentence.contains("look at it again"), "{r}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(room.view().grade_of(n).map(Grade::rank), Some(2));
    room.close();
}

#[test]
fn a_role_that_may_not_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let room = open(dir.path(), Clock::turned(NOON));
    let act = Act::new(by("X1", Role::Analyst), incident(None, "somebody at the door"));
    assert!(matches!(room.act_blocking(act), Err(Denied::Refused(_))));
    assert_eq!(room.view().incidents.size(), 0);
    room.close();
}

#[test]
fn the_queue_is_bounded_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let room = open(dir.path(), Clock::turned(NOON));
    let public = by("web", Role::Public);
    let mut pending = Vec::new();
    let mut busy = 0;
    for _ in 0..20_000 {
        match room.try_submit(Act::new(public.clone(), contact("07700 900123", "hello"))) {
            Ok(p) => pending.push(p),
            Err(Denied::Busy { sentence }) => {
                assert!(sentence.contains("try again"));
                busy += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    let kept = pending.into_iter().filter_map(|p| p.wait().ok()).count();
    assert!(busy > 0, "nobody was told to wait");
    assert_eq!(kept + busy, 20_000, "each one was either kept or told");
    room.close();
}

#[test]
fn a_queued_command_is_answered_at_once_though_nothing_falls_due() {
    let dir = tempfile::tempdir().unwrap();
    let room = open(dir.path(), Clock::steady());
    let handler = by("CH14", Role::CallHandler);
    let started = std::time::Instant::now();
    for _ in 0..20 {
        do_it(&room, &handler, contact("07700 900123", "hello"));
        std::thread::sleep(Duration::from_millis(5));
    }
    // The writer looks at the clock each second; woken by each command, it is far quicker.
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    room.close();
}

#[test]
fn history_finds_by_number_words_place_and_time() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = open(dir.path(), Clock::turned(NOON));
    let c = do_it(&room, &handler, contact("+44 7700 900123", "silent, then keys pressed"));
    do_it(&room, &handler, incident(c.contact(), "the number rang twice: a cough was heard"));
    let other = do_it(&room, &handler, contact("07700 900999", "a lost dog"));
    assert!(room.history().wait_for(other.last_seq, Duration::from_secs(10)));
    let find = |query: Query| room.history().search(&query).unwrap().hits;
    let by_line = find(Query { line: Some("07700 900 123".to_owned()), ..Query::default() });
    assert_eq!(by_line.len(), 1);
    assert!(by_line[0].incident.is_some(), "the contact is shown with its log");
    let by_words = find(Query { words: Some("cough".to_owned()), ..Query::default() });
    assert_eq!(by_words.len(), 1);
    let beginning = find(Query { words: Some("keys pres".to_owned()), ..Query::default() });
    assert_eq!(beginning.len(), 1);
    let by_place = find(Query { place: Some("heol awst".to_owned()), ..Query::default() });
    assert_eq!(by_place.len(), 1);
    let later = Query { from: Some(NOON + Span::minutes(1)), ..Query::default() };
    assert!(find(later).is_empty());
    let hostile = Query { words: Some("\" OR 1=1 --".to_owned()), ..Query::default() };
    assert!(find(hostile).is_empty());
    let page = find(Query { limit: Some(1), ..Query::default() });
    assert_eq!(page[0].words, "a lost dog", "newest first");
    room.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_hears_everything_in_order_from_any_place() {
    let dir = tempfile::tempdir().unwrap();
    let handler = by("CH14", Role::CallHandler);
    let room = tokio::task::block_in_place(|| open(dir.path(), Clock::turned(NOON)));
    let mut follow = room.follow();
    let from = room.view().seq;
    for n in 0..50 {
        room.act(Act::new(handler.clone(), contact("07700 900123", &format!("call {n}"))))
            .await
            .unwrap();
    }
    let mut heard = Vec::new();
    while heard.last().copied().unwrap_or(from) < room.view().seq {
        let batch = follow.next().await.unwrap().unwrap();
        // What became durable before may still be on its way: a follower starts after its place.
        heard.extend(batch.notices.iter().map(|n| n.seq).filter(|seq| *seq > from));
    }
    let expected: Vec<u64> = (from + 1..=room.view().seq).collect();
    assert_eq!(heard, expected);
    let read: Vec<u64> = room.notices_after(from, 10_000).unwrap().iter().map(|n| n.seq).collect();
    assert_eq!(read, expected);
}

/// Some work on a log, and what the room was after each command.
fn worked_on(room: &Room) -> (IncidentNumber, Vec<std::sync::Arc<rules::state::State>>) {
    let handler = by("CH14", Role::CallHandler);
    let mut was = vec![room.view()];
    let n = do_it(room, &handler, incident(None, "somebody at the door")).incident().unwrap();
    was.push(room.view());
    do_it(room, &handler, grade(n, 2));
    was.push(room.view());
    room.advance_to(room.now() + Span::minutes(40)).unwrap();
    was.push(room.view());
    do_it(room, &handler, PassToDispatch { incident: n });
    was.push(room.view());
    (n, was)
}

fn reached(room: &Room, seq: u64) -> std::sync::Arc<rules::state::State> {
    match room.state_at(seq, Duration::from_secs(60)).unwrap() {
        room::AsOf::Reached(state) => state,
        room::AsOf::Folded(at) => panic!("folded to {at} of {seq} only"),
    }
}

#[test]
fn the_room_after_any_record_is_what_it_was_then() {
    let dir = tempfile::tempdir().unwrap();
    let room = open(dir.path(), Clock::turned(NOON));
    let (n, was) = worked_on(&room);
    // From the end to the beginning and back, so that what is kept is used and not trusted.
    for before in was.iter().rev().chain(&was) {
        let then = reached(&room, before.seq);
        assert_eq!((then.seq, then.last_at), (before.seq, before.last_at));
        assert_eq!(then.incident(n), before.incident(n), "at {}", before.seq);
        assert_eq!(
            then.obligations.values().collect::<Vec<_>>(),
            before.obligations.values().collect::<Vec<_>>()
        );
        let rolled = |s: &rules::state::State| {
            s.alarms.rolled.iter().map(|(k, r)| (k.clone(), r.clone())).collect::<Vec<_>>()
        };
        assert_eq!(rolled(&then), rolled(before), "at {}", before.seq);
    }
    // Without time nothing is folded, and nothing is lost: asking again goes on.
    let fresh = open_again(&room, dir.path());
    let head = fresh.view().seq;
    match fresh.state_at(head, Duration::ZERO).unwrap() {
        room::AsOf::Folded(at) => assert!(at < head),
        room::AsOf::Reached(_) => panic!("folded in no time"),
    }
    assert_eq!(reached(&fresh, head).seq, head);
    fresh.close();
}

fn open_again(room: &Room, dir: &Path) -> Room {
    room.close();
    open(dir, Clock::turned(NOON))
}

#[test]
fn the_story_of_a_log_is_told_from_its_opening_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let room = open(dir.path(), Clock::turned(NOON));
    let (n, was) = worked_on(&room);
    let told = |end: u64| room.story(n, end, Duration::from_secs(60)).unwrap().unwrap();
    let (early, late) = (told(was[2].seq), told(was[4].seq));
    assert_eq!(early.first, was[0].seq + 1);
    assert!(early.moments.len() < late.moments.len());
    assert!(late.moments.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(told(was[2].seq).moments, early.moments, "asked again, it is the same");
    let absent = IncidentNumber::parse("20200101-0001").unwrap();
    assert!(room.story(absent, 99, Duration::from_secs(1)).unwrap().is_none());
    // A moment is found by its time: the last record that is not after it.
    for state in &was[1..] {
        let seq = room.last_by(state.last_at).unwrap();
        assert!(seq >= state.seq, "{seq} is before {}", state.seq);
        assert!(room.last_by(state.last_at - Span(1)).unwrap() < seq);
    }
    assert_eq!(room.last_by(Instant(0)).unwrap(), 0);
    room.close();
}

#[test]
fn the_alarms_of_the_day_are_those_of_the_journal_and_go_on_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let room = open(dir.path(), Clock::turned(NOON));
    worked_on(&room);
    let sounded = |room: &Room| {
        let all = room.notices_after(0, 100_000).unwrap();
        all.iter().filter(|notice| notice.kind == "Annunciated").count()
    };
    let kpi = |room: &Room| room.alarm_kpi(Duration::from_secs(60)).unwrap().unwrap();
    assert!(sounded(&room) > 0);
    assert_eq!(kpi(&room).sounds as usize, sounded(&room));
    worked_on(&room);
    let before = kpi(&room);
    assert_eq!(before.sounds as usize, sounded(&room), "what came since is counted");
    assert!(room.alarm_kpi(Duration::ZERO).unwrap().is_some(), "nothing is left to read");
    let room = open_again(&room, dir.path());
    assert!(room.alarm_kpi(Duration::ZERO).unwrap().is_none(), "there is more to read");
    assert_eq!(kpi(&room).sounds, before.sounds);
    room.close();
}

#[test]
fn a_training_room_is_never_opened_as_a_live_one() {
    let refused = |dir: &Path, policy: &str| {
        let config = Config { policy_toml: policy.to_owned(), ..config(dir, Clock::turned(NOON)) };
        Room::open(config).err().map(|fault| fault.to_string())
    };
    let training = room::for_training(POLICY);
    for (first, then, says) in [
        (training.as_str(), POLICY, Some("was made in training")),
        (POLICY, training.as_str(), Some("was not made in training")),
        (training.as_str(), training.as_str(), None),
        (POLICY, POLICY, None),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let config =
            Config { policy_toml: first.to_owned(), ..config(dir.path(), Clock::turned(NOON)) };
        let (room, _) = Room::open(config).unwrap();
        do_it(&room, &by("CH14", Role::CallHandler), contact("07700900123", "somebody is there"));
        // A policy that somebody publishes in the room takes the mark out of what holds, and not
        // out of the first record.
        let newer = POLICY.replacen("version = \"1\"", "version = \"2\"", 1);
        do_it(&room, &by("ADM1", Role::Administrator), AdoptPolicy { toml: newer });
        room.close();
        drop(room);
        let said = refused(dir.path(), then);
        match says {
            Some(says) => assert!(said.as_ref().is_some_and(|s| s.contains(says)), "{said:?}"),
            None => assert_eq!(said, None),
        }
    }
}
