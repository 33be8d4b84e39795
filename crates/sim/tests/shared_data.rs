//! The published files, whole. CALLBOX_SHARED_DATA names the folder that holds them.
#![cfg(feature = "shared-data-tests")]

use sim::files::Format;
use sim::replay::{Options, Report, Speed, replay};
use std::path::PathBuf;

const POLICY: &str = include_str!("../../../policy/default.toml");

fn report(file: &str, format: Format) -> Report {
    let shared = std::env::var_os("CALLBOX_SHARED_DATA")
        .expect("CALLBOX_SHARED_DATA names the folder of the shared data");
    let data = tempfile::tempdir().expect("a folder for the journal");
    let options = Options {
        file: PathBuf::from(shared).join("cad").join(file),
        format,
        speed: Speed::Max,
        store: journal::Store::Sqlite { path: data.path().join("journal.db") },
        data: data.path().to_owned(),
        policy_toml: POLICY.to_owned(),
    };
    let report = replay(&options, &mut |_| {}).expect("the file is replayed");
    eprintln!("{}", serde_json::to_string_pretty(&brief(&report)).expect("a report is JSON"));
    report
}

fn brief(report: &Report) -> Report {
    let mut brief = report.clone();
    brief.refused.truncate(20);
    brief.rows_refused.truncate(5);
    brief
}

fn holds(report: &Report) {
    assert_eq!(report.refused, Vec::new(), "no command that the file implies is refused");
    assert_eq!(report.rows_refused, Vec::new(), "every row becomes a call");
    assert_eq!(report.on_scene.equal, report.on_scene.compared, "{:?}", report.on_scene.different);
    assert_eq!(report.times_set_aside, 0);
    assert_eq!(report.obligations.lost, 0);
    assert!(report.verified, "the journal verifies");
}

#[test]
fn eight_days_of_san_francisco() {
    let report = report("sffd_cfs_2016-12-31_2017-01-07.csv.gz", Format::Sffd);
    holds(&report);
    assert_eq!((report.calls, report.units), (3_560, 178));
    assert!(!report.synthetic.units && report.synthetic.staff);
}

#[test]
fn two_months_of_london() {
    let report = report("lfb_incidents_2017-01_2017-02.csv.gz", Format::Lfb);
    holds(&report);
    assert_eq!(report.calls, 15_558);
    assert!(report.synthetic.units);
}

#[test]
fn six_months_of_seattle() {
    let report = report("seattle_911_2015_odd_months.csv.gz", Format::Seattle);
    holds(&report);
    assert_eq!((report.calls, report.on_scene.compared), (47_443, 47_443));
    assert!(report.synthetic.units);
}
