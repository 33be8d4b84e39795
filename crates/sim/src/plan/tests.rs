use super::*;
use crate::files::{Format, read};

const POLICY: &str = include_str!("../../../../policy/default.toml");

/// A time of day on 10 November 2026, UTC.
fn t(clock: &str) -> Instant {
    let at: jiff::Timestamp = format!("2026-11-10T{clock}Z").parse().expect("a time");
    Instant(at.as_millisecond())
}

/// Plans calls of our own format: `call unit dispatched en_route on_scene available`, `-` for a
/// missing time, received a minute before the first is sent unless `received` says otherwise.
fn plan(received: &str, rows: &[&str]) -> Plan {
    let time = |text: &str| match text {
        "-" => String::new(),
        text => format!("2026-11-10T{text}Z"),
    };
    let mut csv = "call,received,kind,place,lat,lon,priority,unit,dispatched,en_route,on_scene,\
                   available\n"
        .to_owned();
    for row in rows {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [call, unit, cells @ ..] = &cells[..] else { panic!("{row}") };
        let times: Vec<String> = cells.iter().map(|c| time(c)).collect();
        csv += &format!("{call},{},burglary,here,,,2,{unit},{}\n", time(received), times.join(","));
    }
    let policy = Policy::parse(POLICY).expect("the default policy is read");
    let file = read(csv.as_bytes(), Format::Csv).expect("the rows are read");
    Plan::new(file, &policy).expect("the policy has the codes")
}

/// What units do, one line a step: `time call unit what`.
fn doings(plan: &Plan) -> Vec<String> {
    let of_units = plan.steps.iter().filter(|s| s.unit != NONE && s.what != What::Roster);
    of_units
        .filter(|s| s.what != What::CheckIn)
        .map(|s| {
            let moment = jiff::Timestamp::from_millisecond(s.at.0).expect("a time");
            let call = plan.call(s).map_or("?", |c| c.file.number.as_str());
            let unit = plan.unit(s).map_or("?", |u| u.call_sign.as_str());
            format!("{} {call} {unit} {:?}", moment.strftime("%H:%M"), s.what)
        })
        .collect()
}

#[test]
fn a_unit_does_what_the_file_says_and_nothing_that_it_does_not() {
    let plan =
        plan("10:00:00", &["1 A 10:01:00 10:02:00 10:09:00 10:30:00", "1 B 10:01:30 - - 10:05:00"]);
    assert_eq!(
        doings(&plan),
        [
            "10:01 1 A Deploy",
            "10:01 1 B Deploy",
            "10:02 1 A Status(5)",
            "10:05 1 B StandDown",
            "10:05 1 B Status(2)",
            "10:09 1 A Card",
            "10:09 1 A Status(6)",
            "10:30 1 A StandDown",
            "10:30 1 A Status(2)",
        ]
    );
    let end: Vec<What> = plan.steps.iter().rev().take(2).map(|s| s.what).collect();
    assert_eq!(end, [What::Close, What::Settle]);
    assert_eq!(plan.span().1, t("10:35:00"));
    assert_eq!(plan.on_scene, [OnScene { call: 0, unit: 0, at: t("10:09:00") }]);
}

#[test]
fn a_unit_sent_elsewhere_before_it_is_free_is_diverted_and_goes_back() {
    let plan = plan(
        "10:00:00",
        &[
            "1 A 10:01:00 10:02:00 10:09:00 10:50:00",
            "1 B 10:01:00 - - 10:12:00",
            "2 A 10:11:00 - - 10:20:00",
        ],
    );
    let steps = doings(&plan);
    let a: Vec<&str> = steps.iter().map(String::as_str).filter(|s| s.contains(" A ")).collect();
    assert_eq!(
        a[4..],
        [
            "10:11 2 A Divert { covered: true }",
            "10:11 1 A Released",
            "10:20 2 A StandDown",
            "10:20 2 A Status(2)",
            "10:20 1 A Return",
            "10:20 1 A Confirm",
            "10:50 1 A StandDown",
            "10:50 1 A Status(2)",
        ]
    );
    assert_eq!(plan.set_aside, 0);
}

#[test]
fn a_unit_diverted_for_good_leaves_its_later_times_aside() {
    let plan =
        plan("10:00:00", &["1 A 10:01:00 10:02:00 - 10:30:00", "2 A 10:11:00 - 10:15:00 10:40:00"]);
    assert!(doings(&plan).contains(&"10:11 2 A Divert { covered: false }".to_owned()));
    assert_eq!(plan.set_aside, 1, "it was not free at 10:30");
}

#[test]
fn a_unit_that_never_became_available_is_released_without_a_status() {
    let closed = plan("10:00:00", &["1 A 10:01:00 10:02:00 - -"]);
    let last = ["10:02 1 A Status(5)", "10:07 1 A StandDown", "10:07 1 A Released"];
    assert_eq!(doings(&closed)[1..], last, "when its log closes");

    let sent = plan("10:00:00", &["1 A 10:01:00 10:02:00 - -", "2 A 10:05:00 - - 10:09:00"]);
    assert_eq!(
        doings(&sent)[2..5],
        ["10:05 1 A StandDown", "10:05 1 A Released", "10:05 2 A Deploy"],
        "or when it is sent elsewhere"
    );
    let at_scene = plan("10:00:00", &["1 A 10:01:00 - 10:02:00 -", "2 A 10:05:00 - - 10:09:00"]);
    assert_eq!(
        doings(&at_scene)[3..5],
        ["10:05 2 A Divert { covered: false }", "10:05 1 A Released"],
        "its status forbids sending it, so it is taken from there"
    );
}

#[test]
fn times_out_of_order_are_kept_and_refuse_nothing() {
    let plan = plan("10:00:00", &["1 A 10:05:00 10:08:00 10:02:00 10:07:00"]);
    let steps: Vec<(Instant, Option<Instant>, What)> = plan
        .steps
        .iter()
        .filter(|s| s.unit != NONE && s.what != What::Roster)
        .map(|s| (s.at, s.happened_at, s.what))
        .collect();
    assert_eq!(
        steps,
        [
            (t("10:05:00"), None, What::Deploy),
            (t("10:05:00"), Some(t("10:02:00")), What::Card),
            (t("10:05:00"), Some(t("10:02:00")), What::Status(6)),
            (t("10:08:00"), None, What::Status(5)),
            (t("10:08:00"), Some(t("10:07:00")), What::StandDown),
            (t("10:08:00"), Some(t("10:07:00")), What::Status(2)),
        ]
    );
}

#[test]
fn a_log_is_opened_and_accepted_before_its_first_unit_is_sent() {
    let plan = plan("10:00:00", &["1 A 10:00:05 - - 10:30:00"]);
    let order: Vec<What> = plan
        .steps
        .iter()
        .map(|s| s.what)
        .filter(|w| matches!(w, What::Receive | What::Open | What::Accept | What::Deploy))
        .collect();
    assert_eq!(order, [What::Receive, What::Open, What::Accept, What::Deploy]);
    let accepted = plan.steps.iter().find(|s| s.what == What::Accept).map(|s| s.at);
    assert_eq!(accepted, Some(t("10:00:05")));
}

#[test]
fn a_policy_without_a_needed_code_and_a_kind_without_one_are_told() {
    let policy = POLICY.replace("code = \"medical\"", "code = \"health\"");
    let policy = Policy::parse(&policy).expect("it is still a policy");
    let wrong = Codes::new(&policy, Format::Sffd).err();
    assert!(wrong.is_some_and(|w| w.contains("no opening code 'medical'")));

    let csv = "call,received,kind,place,lat,lon,priority,unit,dispatched,en_route,on_scene,\
               available\n1,2026-11-10T10:00:00Z,burglary,,,,,,,,,\n\
               2,2026-11-10T10:00:00Z,gossip,,,,,,,,,\n";
    let file = read(csv.as_bytes(), Format::Csv).expect("the rows are read");
    let policy = Policy::parse(POLICY).expect("the default policy is read");
    let plan = Plan::new(file, &policy).expect("the codes are there");
    assert_eq!((plan.calls.len(), plan.refused[0].line), (1, 3));
    assert!(plan.refused[0].reason.contains("'gossip' is not an opening code"));
}
