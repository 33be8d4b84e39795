use super::*;

const POLICY: &str = include_str!("../../../../policy/default.toml");

/// 21 November 2026, 14:00 in London: a Saturday.
const AFTERNOON: Instant = Instant(1_795_269_600_000);

/// A folder in memory where there is one: the shift is turned, and waits for no disk.
fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}

fn play(seed: u64, policy: &str, script: Script) -> Report {
    let folder = folder();
    let options = Options {
        seed,
        store: Store::Sqlite { path: folder.path().join("journal.db") },
        data: folder.path().to_owned(),
        policy_toml: policy.to_owned(),
        begins: AFTERNOON,
        script,
    };
    busy_shift(&options, &mut |_, _| {}).expect("the shift is played")
}

fn violations(report: &Report, name: &str) -> u64 {
    report.checks.iter().find(|c| c.name == name).expect("the check is there").violations
}

#[test]
fn a_busy_shift_floods_nobody_and_forgets_nothing() {
    let seeds = [1, 2, 3];
    let mut in_flood = 0.0;
    for seed in seeds {
        let report = play(seed, POLICY, Script::default());
        assert!(report.holds(), "seed {seed}: {report:#?}");
        // It was busy, or this shows nothing.
        assert!(report.contacts > 300 && report.waiting_logs > 40, "{report:#?}");
        assert!(report.critical > 0 && report.acks > 0 && report.verbs > 0, "{report:#?}");
        in_flood += report.flood_percent;
    }
    // Flood mode begins at eight, before there is a flood, and nobody heard more than ten; all the
    // same it stays rare.
    let mean = in_flood / seeds.map(|_| 1.0).iter().sum::<f64>();
    assert!(mean < 1.5, "{mean}");
}

#[test]
fn when_nobody_does_anything_for_an_hour_ladders_climb_and_nothing_is_forgotten() {
    let script = Script { idle_after: Some(Span::minutes(240)), major_after: None };
    let report = play(4, POLICY, script);
    assert!(report.holds(), "{report:#?}");
}

#[test]
fn in_a_major_incident_what_is_critical_is_heard_and_the_rest_waits() {
    let script = Script { idle_after: None, major_after: Some(Span::minutes(180)) };
    let report = play(5, POLICY, script);
    assert!(report.holds(), "{report:#?}");
    // It was a flood, or this shows nothing.
    assert!(report.floods > 0 && report.critical > 0, "{report:#?}");
}

/// The canary: an engine that sounds for everything again and again must break the limit.
#[test]
fn without_roll_up_and_settling_the_same_shift_is_a_flood() {
    let counts: Vec<String> = (1..=500).map(|n| n.to_string()).collect();
    let ages: Vec<String> = (0..100).map(|n| format!("\"{} min\"", n * 15)).collect();
    let naive = |line: &str| match line.split(" = ").next().unwrap_or(line) {
        "count_steps" => format!("count_steps = [{}]", counts.join(", ")),
        "age_steps" => format!("age_steps = [{}]", ages.join(", ")),
        "flood_more_than" => "flood_more_than = 100000".to_owned(),
        "settle" => "settle = \"0 s\"".to_owned(),
        "respond_within" => "respond_within = \"1 s\"".to_owned(),
        "with" => String::new(),
        _ => line.to_owned(),
    };
    let naive: Vec<String> = POLICY.lines().map(naive).collect();
    let report = play(1, &naive.join("\n"), Script::default());
    assert!(violations(&report, "more_than_ten_in_ten_minutes") > 100, "{report:#?}");
}
