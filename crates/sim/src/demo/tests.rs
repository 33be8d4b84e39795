use super::*;
use rules::event::Event;

const POLICY: &str = include_str!("../../../../policy/default.toml");

/// 21 November 2026, 18:00 in London: a Saturday evening.
const EVENING: Instant = Instant(1_795_284_000_000);

fn room(data: &std::path::Path, at: Instant) -> Room {
    let config = room::Config {
        store: journal::Store::Sqlite { path: data.join("journal.db") },
        data: data.to_owned(),
        policy_toml: POLICY.to_owned(),
        clock: room::Clock::turned(at),
        queue: 1_000,
    };
    Room::open(config).expect("a room opens in an empty folder").0
}

fn day(seed: u64, hours: i64) -> (Vec<String>, Demo, std::sync::Arc<State>) {
    let data = tempfile::tempdir().expect("a folder");
    let room = room(data.path(), EVENING);
    let mut demo = Demo::new(seed);
    demo.begin(&room, EVENING, true);
    demo.run_until(&room, EVENING + Span::minutes(hours * 60));
    demo.look(&room);
    let notices = room.notices_after(0, 1_000_000).expect("the journal is read");
    let view = demo.look(&room);
    room.close();
    let line = |n: &room::Notice| format!("{} {} {} {:?}", n.at.0, n.kind, n.by.staff, n.event);
    (notices.iter().map(line).collect(), demo, view)
}

#[test]
fn the_same_seed_makes_the_same_day() {
    let (one, ..) = day(7, 1);
    let (same, ..) = day(7, 1);
    let (other, ..) = day(8, 1);
    assert!(one.len() > 500, "{} events in an hour", one.len());
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[test]
fn three_hours_leave_a_room_in_the_middle_of_its_work() {
    let (lines, demo, view) = day(1, 3);
    let n = |kind: &str| lines.iter().filter(|l| l.split(' ').nth(1) == Some(kind)).count();
    let open = view.incidents.size();
    assert!((15..=40).contains(&open), "{open} logs are open");
    assert!(n("IncidentClosed") > 20, "{} logs are closed", n("IncidentClosed"));
    assert!(n("ContactEnded") > 0 && n("UnitDeployed") > 30 && n("CheckedIn") > 10);
    let waiting = view.incidents.values().filter(|log| !log.is_resourced()).count();
    assert!(waiting > 0, "some logs wait for a unit");
    let (given, refused) = demo.commands();
    assert!(refused * 20 < given, "{refused} of {given} commands were refused");
}

#[test]
fn units_say_where_they_are_and_drive_no_faster_than_cars() {
    let data = tempfile::tempdir().expect("a folder");
    let room = room(data.path(), EVENING);
    let mut demo = Demo::new(2);
    demo.begin(&room, EVENING, true);
    demo.run_until(&room, EVENING + Span::minutes(60));
    let view = demo.look(&room);
    let notices = room.notices_after(0, 1_000_000).expect("the journal is read");
    room.close();
    let mut last: HashMap<CallSign, (rules::command::Point, Instant)> = HashMap::new();
    let mut moves = 0;
    for notice in &notices {
        let Event::PositionReported { call_sign, point } = &*notice.event else { continue };
        if let Some((from, at)) = last.insert(call_sign.clone(), (*point, notice.at)) {
            moves += 1;
            let metres = rules::views::reach::haversine_metres(from, *point);
            let seconds = f64::from(i32::try_from(notice.at.since(at).0).expect("short")) / 1_000.0;
            // A moment of grace: the last report of a way comes with the status.
            let fastest = 45.0 * (seconds + 30.0);
            assert!(metres <= fastest, "{call_sign}: {metres} m in {seconds} s");
        }
    }
    assert!(moves > 21 * 20, "{moves} moves of 21 units in an hour");
    let now = EVENING + Span::minutes(60);
    let age = |u: &rules::unit::Unit| u.position.map(|(_, at)| now.since(at));
    let fresh = view.units.values().filter(|u| age(u).is_some_and(|a| a < Span::minutes(2)));
    assert!(fresh.count() >= 16, "most units have just said where they are");
}

#[test]
fn the_county_is_a_basemap_with_every_town_on_land() {
    let county: serde_json::Value = serde_json::from_str(COUNTY).expect("GeoJSON");
    let features = county["features"].as_array().expect("features");
    let named = |kind: &str, name: &str| {
        features.iter().any(|f| f["properties"]["kind"] == kind && f["properties"]["name"] == name)
    };
    for town in words::TOWNS {
        assert!(named("town", town.name) && named("label", town.name), "{}", town.name);
    }
    for kind in ["land", "wood", "river", "road", "lane", "street", "district"] {
        assert!(features.iter().any(|f| f["properties"]["kind"] == kind), "{kind}");
    }
}

#[test]
fn what_a_call_handler_left_out_is_pointed_out_and_written() {
    let (lines, ..) = day(1, 3);
    let with = |kind: &str, words: &str| {
        lines.iter().filter(|l| l.split(' ').nth(1) == Some(kind) && l.contains(words)).count()
    };
    let left_out = |kind: &str| -> usize {
        words::LEFT_OUT.iter().map(|said| with(kind, said.trim_end_matches('.'))).sum()
    };
    assert!(with("TranscriptAdded", "") > 5, "{} transcripts", with("TranscriptAdded", ""));
    assert!(left_out("TranscriptAdded") > 0, "nobody says anything that is left out");
    assert!(with("ObligationsArmed", "HeardNotWritten") > 0, "nothing is pointed out");
    assert!(left_out("EntryAdded") > 0, "nothing of it is written");
}

#[test]
fn some_things_are_forgotten_until_they_sound() {
    let (lines, ..) = day(3, 2);
    let sounded = lines.iter().filter(|l| l.contains(" Annunciated ")).count();
    let ended = lines.iter().filter(|l| l.contains(" ObligationsEnded ")).count();
    assert!(sounded > 0, "nothing sounded in two hours");
    assert!(ended > sounded, "{ended} ended, {sounded} sounded");
}

#[test]
fn the_kinds_of_calls_and_endings_are_codes_of_the_policy() {
    let policy = Policy::parse(POLICY).expect("the default policy is read");
    let openings: Vec<&str> = policy.opening_code.iter().map(|c| c.code.as_str()).collect();
    let closings: Vec<&str> = policy.closing_code.iter().map(|c| c.code.as_str()).collect();
    for kind in words::KINDS {
        assert!(openings.contains(&kind.code), "{}", kind.code);
    }
    for ending in words::ENDED_ATTENDED.iter().chain(&["no deployment - advice"]) {
        assert!(closings.contains(ending), "{ending}");
    }
}

#[test]
fn a_demonstration_opens_in_the_middle_of_a_shift_and_goes_on_after_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    let options = OpenDemo {
        seed: 5,
        store: journal::Store::Sqlite { path: data.path().join("journal.db") },
        data: data.path().to_owned(),
        policy_toml: POLICY.to_owned(),
        speed: 1.0,
        pace: Pace::Usual,
        queue: 1_000,
    };
    let (room, demo) = open(&options).expect("the demonstration opens");
    let open_logs = room.view().incidents.size();
    assert!(open_logs >= 10, "{open_logs} logs are open");
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let thread = run_live(room.clone(), demo, 1.0, stop.clone()).expect("a thread starts");
    std::thread::sleep(std::time::Duration::from_millis(300));
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    thread.join().expect("the day ends without a panic");
    room.close();
    drop(room);
    let (room, demo) = open(&options).expect("it opens again");
    assert!(room.view().incidents.size() >= 10, "the day goes on where it was");
    assert!(demo.next_at().is_some());
    let opened = room.notices_after(0, 1_000_000).expect("the journal is read");
    let days = opened.iter().filter(|n| matches!(*n.event, Event::PolicyAdopted { .. })).count();
    assert_eq!(days, 1, "the restart began no second day");
    room.close();
}
