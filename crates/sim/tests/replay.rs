//! A small file through the whole of the room.

use sim::files::{Format, read};
use sim::replay::{Options, Replay, ReplayFault, Report, Speed, replay};
use std::path::Path;
use std::sync::atomic::AtomicBool;

const POLICY: &str = include_str!("../../../policy/default.toml");

/// Two calls: the first loses a unit to the second and gets it back; the second has one more whose
/// release is missing, and a place that is not known.
const CALLS: &str = "\
call,received,kind,place,priority,lat,lon,unit,dispatched,en_route,on_scene,available
1,D10:00:00Z,burglary,1 Mill Lane,2,53,1,DC1,D10:01:00Z,D10:02:00Z,D10:09:00Z,D11:30:00Z
1,D10:00:00Z,burglary,,,,,DC2,D10:03:00Z,,,D10:20:00Z
2,D10:10:00Z,domestic incident,,1,,,DC1,D10:15:00Z,D10:16:00Z,D10:18:00Z,D10:40:00Z
2,D10:10:00Z,domestic incident,,1,,,DC3,D10:16:00Z,D10:17:00Z,,
3,D10:30:00Z,fraud,2 Mill Lane,,,,,,,,
4,yesterday,fraud,,,,,,,,,
";

/// The calls on one day.
fn calls() -> String {
    CALLS.replace(",D", ",2026-11-10T").replace(",2026-11-10TC", ",DC")
}

fn options(folder: &Path, speed: Speed) -> Options {
    let file = folder.join("calls.csv");
    std::fs::write(&file, calls()).expect("the file is written");
    Options {
        file,
        format: Format::Csv,
        speed,
        store: journal::Store::Sqlite { path: folder.join("journal.db") },
        data: folder.to_owned(),
        policy_toml: POLICY.to_owned(),
    }
}

#[test]
fn a_file_is_replayed_compared_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut told = Vec::new();
    let report: Report =
        replay(&options(folder.path(), Speed::Max), &mut |p| told.push((p.done, p.total)))
            .expect("the file is replayed");
    assert_eq!(report.refused, []);
    assert_eq!((report.calls, report.units, report.diverted), (3, 3, 1));
    assert_eq!((report.on_scene.compared, report.on_scene.equal), (2, 2));
    assert_eq!((report.rows_refused.len(), report.rows_refused[0].line), (1, 7));
    let o = report.obligations;
    assert_eq!((o.lost, o.open), (0, 0), "{o:?}");
    assert!(o.armed > 30 && o.discharged == o.armed && o.escalated > 0, "{o:?}");
    let met: u64 = report.target_times.iter().map(|t| t.met).sum();
    assert_eq!(met, 2, "{:?}", report.target_times);
    assert!(report.verified && report.events > 100 && report.commands_per_s > 0.0);
    assert!(told.first().is_some_and(|(done, _)| *done == 0));
    assert!(told.last().is_some_and(|(done, total)| done == total));

    let json = serde_json::to_value(&report).expect("a report is JSON");
    for key in [
        "calls",
        "units",
        "events",
        "refused",
        "obligations",
        "on_scene",
        "target_times",
        "wall_s",
        "commands_per_s",
        "latency_ms",
        "verified",
        "synthetic",
        "rows_refused",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

#[test]
fn a_journal_that_holds_something_is_not_replayed_into() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = options(folder.path(), Speed::Max);
    replay(&options, &mut |_| {}).expect("the first time");
    let again = replay(&options, &mut |_| {});
    assert!(matches!(again, Err(ReplayFault::NotEmpty { records }) if records > 0));
}

#[test]
fn a_paced_replay_says_the_same_and_can_be_stopped() {
    // 100 minutes at 60,000 times the speed of life.
    let folder = tempfile::tempdir().expect("a folder");
    let report = replay(&options(folder.path(), Speed::Times(60_000.0)), &mut |_| {});
    let report = report.expect("the file is replayed");
    assert_eq!((report.refused.len(), report.on_scene.equal, report.obligations.lost), (0, 2, 0));

    let folder = tempfile::tempdir().expect("a folder");
    let config = room::Config {
        store: journal::Store::Sqlite { path: folder.path().join("journal.db") },
        data: folder.path().to_owned(),
        policy_toml: POLICY.to_owned(),
        clock: room::Clock::turned(rules::time::Instant(0)),
        queue: 1_000,
    };
    let (room, _) = room::Room::open(config).expect("a room opens");
    let calls = read(calls().as_bytes(), Format::Csv).expect("the rows are read");
    let replay = Replay::start(room.clone(), calls, Speed::Times(1.0)).expect("it is planned");
    let report = replay.run(&AtomicBool::new(true), &mut |_| {}).expect("it stops");
    assert_eq!(report.calls, 0);
    room.close();
}

#[test]
fn a_speed_is_a_number_or_max() {
    assert_eq!("max".parse(), Ok(Speed::Max));
    assert_eq!("60".parse(), Ok(Speed::Times(60.0)));
    for wrong in ["", "0", "-1", "fast", "inf", "NaN"] {
        assert!(wrong.parse::<Speed>().is_err(), "{wrong}");
    }
}
