//! The default policy has no contradiction, and each contradiction planted in a copy is found.

use rules::policy::{Policy, check};

const DEFAULT: &str = include_str!("../../../policy/default.toml");

fn found(toml: &str) -> Vec<(String, String)> {
    let policy = Policy::parse(toml).unwrap_or_else(|e| panic!("{e}"));
    check(&policy).into_iter().map(|c| (c.key, c.sentence)).collect()
}

#[test]
fn the_default_policy_has_no_contradiction() {
    assert_eq!(found(DEFAULT), vec![]);
    let policy = Policy::parse(DEFAULT).expect("it reads");
    let again = toml::to_string(&policy).expect("it can be written");
    assert_eq!(Policy::parse(&again).as_ref(), Ok(&policy), "written and read back it is the same");
}

/// A row of the default without its last lines: from its head to the next empty line.
fn without<'t>(toml: &'t str, head: &str) -> String {
    let at = toml.find(head).unwrap_or_else(|| panic!("{head} is in the default"));
    let rest: &'t str = &toml[at..];
    let end = rest.find("\n\n").map_or(toml.len(), |n| at + n + 2);
    format!("{}{}", &toml[..at], &toml[end..])
}

fn row<'t>(toml: &'t str, head: &str) -> &'t str {
    let at = toml.find(head).unwrap_or_else(|| panic!("{head} is in the default"));
    let rest = &toml[at..];
    &rest[..rest.find("\n\n").unwrap_or(rest.len())]
}

/// The default with something else in one row.
fn in_row(head: &str, from: &str, to: &str) -> String {
    let before = row(DEFAULT, head);
    assert!(before.contains(from), "{from} is in {head}");
    DEFAULT.replacen(before, &before.replacen(from, to, 1), 1)
}

fn with(more: &str) -> String {
    format!("{DEFAULT}\n{more}\n")
}

const RUNG: &str = "rung = [{ at = \"0 s\", tell = [\"owner\"], level = \"A2\" }]";

/// What is planted, the key where it is found, and a part of the sentence that says what to do.
type Planted = (&'static str, String, &'static str, &'static str);

fn planted() -> Vec<Planted> {
    [
        grades_and_assessment(),
        codes_and_cues(),
        doubts_and_rows(),
        rows_and_ladders(),
        rungs_and_desks(),
        values_of_the_room(),
        others(),
    ]
    .concat()
}

fn grades_and_assessment() -> Vec<Planted> {
    vec![
        (
            "a force code in small letters",
            in_row("[about]", "\"CDF\"", "\"cdf\""),
            "about.force_code",
            "capital letters",
        ),
        (
            "no such day",
            in_row("[about]", "2026-01-01", "1 January 2026"),
            "about.effective_from",
            "yyyy-mm-dd",
        ),
        (
            "a target that shrinks up the grades",
            DEFAULT.replace("arrive_target_urban = \"60 min\"", "arrive_target_urban = \"10 min\""),
            "grade.2.arrive_target_urban",
            "more urgent: lengthen it",
        ),
        (
            "a rural target shorter than the urban one",
            DEFAULT.replace("arrive_target_rural = \"20 min\"", "arrive_target_rural = \"5 min\""),
            "grade.1.arrive_target_rural",
            "cannot be the shorter",
        ),
        (
            "sent later than it is to be there",
            DEFAULT.replace("deploy_target = \"4 min\"", "deploy_target = \"16 min\""),
            "grade.1.deploy_target",
            "send it sooner",
        ),
        (
            "a target where nobody attends",
            DEFAULT.replace("attends = false", "deploy_target = \"9 h\"\nattends = false"),
            "grade.4.deploy_target",
            "take deploy_target out",
        ),
        (
            "grades out of order",
            DEFAULT.replace("rank = 4", "rank = 5"),
            "grade.5.rank",
            "number the grades from 1",
        ),
        (
            "an element twice",
            DEFAULT.replace("\"harm\", \"risk\"", "\"harm\", \"harm\""),
            "thrive.elements",
            "take one out",
        ),
        (
            "a one-word rationale",
            DEFAULT.replace("rationale_words_min = 2", "rationale_words_min = 1"),
            "thrive.rationale_words_min",
            "at least 2",
        ),
    ]
}

fn codes_and_cues() -> Vec<Planted> {
    vec![
        (
            "a code without SOP",
            with(
                "[[opening_code]]\ncode = \"new\"\ndefinition = \"x\"\nusual_grade = 2\nsop = []\n\
                 source = \"x\"",
            ),
            "opening_code.new.sop",
            "write at least one step",
        ),
        (
            "a code twice",
            DEFAULT.replace("code = \"vehicle crime\"", "code = \"theft\""),
            "opening_code",
            "'theft' is there twice",
        ),
        (
            "a code of a grade that does not exist",
            in_row("[[opening_code]]\ncode = \"theft\"", "usual_grade = 3", "usual_grade = 8"),
            "opening_code.theft.usual_grade",
            "choose one of the force's",
        ),
        (
            "a step at a desk that does not exist",
            DEFAULT.replacen("by = \"vulnerability_desk\"", "by = \"opcc\"", 1),
            "opening_code.domestic incident.sop",
            "not under [desk]",
        ),
        (
            "a step twice",
            DEFAULT.replacen("step = \"safe contact\"", "step = \"safe now\"", 1),
            "opening_code.domestic incident.sop",
            "take one out",
        ),
        (
            "a closing code twice",
            DEFAULT.replace("code = \"message passed\"", "code = \"duplicate\""),
            "closing_code",
            "take one out",
        ),
        ("a tag twice", DEFAULT.replace("tag = \"press\"", "tag = \"fim\""), "tag", "take one out"),
        (
            "a cue of a grade that does not exist",
            in_row("[[cue]]\nname = \"domestic abuse\"", "grade = 2", "grade = 9"),
            "cue.domestic abuse.grade",
            "choose one of the force's",
        ),
        (
            "a phrase in capitals",
            DEFAULT.replace("\"marac\",", "\"MARAC\","),
            "cue.MARAC or high risk marker.phrases",
            "lower case",
        ),
        (
            "a phrase with a space after it",
            DEFAULT.replace("\"marac\",", "\"marac \","),
            "cue.MARAC or high risk marker.phrases",
            "spaces around it",
        ),
    ]
}

fn doubts_and_rows() -> Vec<Planted> {
    vec![
        (
            "a doubt that names no code",
            DEFAULT.replace("suggests = \"rail incident\"", "suggests = \"railway\""),
            "code_doubt.rail not concern.codes",
            "which does not exist",
        ),
        (
            "a doubt that suggests the code it doubts",
            DEFAULT.replace("suggests = \"rail incident\"", "suggests = \"concern for safety\""),
            "code_doubt.rail not concern.suggests",
            "take it out of codes",
        ),
        (
            "a doubt whose name cannot be shown",
            DEFAULT.replace("name = \"not a hoax\"", "name = \"not a hoax!\""),
            "code_doubt.not a hoax!.name",
            "leave it out",
        ),
        (
            "a rule without a row",
            without(DEFAULT, "[obligation.pass_on]"),
            "obligation.pass_on",
            "add [obligation.pass_on]",
        ),
        (
            "a ladder that does not exist",
            in_row("[obligation.pass_on]", "\"intake\"", "\"stairs\""),
            "obligation.pass_on.ladder",
            "add [ladder.stairs]",
        ),
        (
            "a ladder of a grade that does not exist",
            in_row(
                "[obligation.question_open]",
                "{ 1 = \"question_immediate\" }",
                "{ 7 = \"question_immediate\" }",
            ),
            "obligation.question_open.ladder_of",
            "name one of the force's",
        ),
        (
            "a time of a grade that does not exist",
            in_row("[obligation.unresourced]", "2 = \"15 min\"", "6 = \"15 min\""),
            "obligation.unresourced.due",
            "grade '6', which does not exist",
        ),
        (
            "no time at all",
            in_row("[obligation.pass_on]", "{ any = \"2 min\" }", "{}"),
            "obligation.pass_on.due",
            "nothing is ever owed",
        ),
        (
            "a time only for a grade, before there is one",
            in_row("[obligation.thrive_owed]", "any = ", "1 = "),
            "obligation.thrive_owed.due",
            "give a time for any",
        ),
    ]
}

fn rows_and_ladders() -> Vec<Planted> {
    vec![
        (
            "a time where it comes from the grade",
            in_row("[obligation.deploy_target]", "due = {}", "due = { any = \"5 min\" }"),
            "obligation.deploy_target.due",
            "write due = {}",
        ),
        (
            "a time before it begins",
            in_row("[obligation.pass_on]", "\"2 min\"", "\"-2 min\""),
            "obligation.pass_on.due",
            "cannot be before it begins",
        ),
        (
            "a long wait that is not the one shown",
            DEFAULT.replace("long_wait = \"60 min\"", "long_wait = \"45 min\""),
            "obligation.long_wait.due",
            "make the two agree",
        ),
        (
            "an owner at no desk",
            in_row("[obligation.pass_on]", "\"call_handler\"", "\"auditor\""),
            "obligation.pass_on.owner",
            "not under [desk]",
        ),
        (
            "a ladder without rungs",
            with(
                "[ladder.flat]\nrung = []\nthen_every = \"5 min\"\nmeaning = \"\"\nsource = \"x\"",
            ),
            "ladder.flat",
            "has no rungs",
        ),
        (
            "a ladder that nothing climbs",
            with(&format!(
                "[ladder.flat]\n{RUNG}\nthen_every = \"5 min\"\nmeaning = \"\"\nsource = \"x\""
            )),
            "ladder.flat",
            "nothing climbs",
        ),
        (
            "rungs out of order",
            in_row("[ladder.intake]", "at = \"20 min\"", "at = \"3 min\""),
            "ladder.intake",
            "3 min after comes before 5 min after",
        ),
        (
            "a share of the time after its end",
            in_row("[ladder.intake]", "at = \"5 min\"", "at = \"80 %\""),
            "ladder.intake",
            "out of order",
        ),
        (
            "a rung that tells nobody",
            in_row("[ladder.intake]", "[\"team_leader\"]", "[]"),
            "ladder.intake",
            "tells nobody",
        ),
    ]
}

fn rungs_and_desks() -> Vec<Planted> {
    vec![
        (
            "a rung that tells a desk that does not exist",
            in_row("[ladder.intake]", "\"team_leader\"", "\"opcc\""),
            "ladder.intake",
            "opcc desk, which is not under [desk]",
        ),
        (
            "a ladder that repeats without end",
            in_row("[ladder.intake]", "then_every = \"15 min\"", "then_every = \"0 s\""),
            "ladder.intake.then_every",
            "more than no time",
        ),
        (
            "a value without a source",
            in_row("[ladder.intake]", "\"Learning the Lessons case 8; minutes: proposal\"", "\"\""),
            "ladder.intake.source",
            "name the document",
        ),
        (
            "a desk at which nobody answers",
            in_row(
                "[desk.duty_chief_inspector]",
                "cover = [\"force_incident_manager\"]",
                "cover = []",
            ),
            "desk.duty_chief_inspector.cover",
            "name who covers, or set on_duty_min",
        ),
        (
            "cover that goes round",
            in_row(
                "[desk.investigator]",
                "[\"supervisor\", \"team_leader\", \"force_incident_manager\"]",
                "[\"supervisor\"]",
            ),
            "desk.investigator.cover",
            "ends nowhere",
        ),
        (
            "cover by a desk that does not exist",
            in_row("[desk.investigator]", "\"supervisor\"", "\"opcc\""),
            "desk.investigator.cover",
            "not under [desk]",
        ),
        (
            "a desk that covers for itself",
            in_row("[desk.investigator]", "\"supervisor\"", "\"investigator\""),
            "desk.investigator.cover",
            "covers for itself",
        ),
        (
            "a delay longer than half an hour",
            DEFAULT.replace("delay_max = \"30 min\"", "delay_max = \"45 min\""),
            "alarm.delay_max",
            "30 min or less",
        ),
    ]
}

fn values_of_the_room() -> Vec<Planted> {
    vec![
        (
            "counts out of order",
            DEFAULT.replace("[5, 10, 20]", "[10, 5, 20]"),
            "alarm.count_steps",
            "smallest first",
        ),
        (
            "ages out of order",
            DEFAULT.replace("\"30 min\", \"60 min\"]", "\"60 min\", \"30 min\"]"),
            "alarm.age_steps",
            "shortest first",
        ),
        (
            "a hold of no time",
            DEFAULT.replace("verb_holds = \"15 min\"", "verb_holds = \"0 s\""),
            "alarm.verb_holds",
            "more than no time",
        ),
        (
            "no chasing call needed",
            DEFAULT.replace("chasing_calls = 2", "chasing_calls = 0"),
            "dispatch.chasing_calls",
            "write 1 or more",
        ),
        (
            "a road shorter than the straight line",
            DEFAULT.replace("road_factor_percent = 130", "road_factor_percent = 90"),
            "dispatch.road_factor_percent",
            "write 100 or more",
        ),
        (
            "a status that is missing",
            DEFAULT.replace("code = 16", "code = 17"),
            "status",
            "unit status 16 is missing",
        ),
        (
            "a status that does not exist",
            DEFAULT.replace("code = 16", "code = 17"),
            "status.17",
            "from 0 to 16",
        ),
        (
            "a status twice",
            DEFAULT.replace("code = 16", "code = 15"),
            "status",
            "'15' is there twice",
        ),
        (
            "free, but cannot be sent",
            in_row("[[status]]\ncode = 11", "available = false", "available = true"),
            "status.11",
            "correct one of the two",
        ),
    ]
}

fn others() -> Vec<Planted> {
    let rail = "[[agency_ask]]\nask = \"trains at caution\"";
    vec![
        (
            "a request up no ladder",
            in_row(rail, "ladder_life = \"agency_rail\"", "ladder_life = \"rails\""),
            "agency_ask.trains at caution.ladder",
            "add [ladder.rails]",
        ),
        (
            "a rung that does not say what to do",
            in_row(rail, "ladder_life = \"agency_rail\"", "ladder_life = \"work\""),
            "agency_ask.trains at caution.ladder",
            "write its words",
        ),
        (
            "slower where a life is at risk",
            in_row(rail, "answer_in_life = \"2 min\"", "answer_in_life = \"20 min\""),
            "agency_ask.trains at caution.answer_in_life",
            "no more than answer_in",
        ),
        (
            "an action that does not exist",
            DEFAULT.replace("settles = \"hospitals\"", "settles = \"clinics\""),
            "agency_ask.is the person there.settles",
            "no action 'clinics'",
        ),
        (
            "a code of missing people that does not exist",
            in_row("[missing]\n", "code = \"missing person\"", "code = \"gone\""),
            "missing.code",
            "'gone' is no opening code",
        ),
        (
            "a level without a time",
            DEFAULT.replace("review = \"6 h\"", "review = \"0 s\""),
            "missing.level.no apparent risk",
            "no time for a review",
        ),
        (
            "no hospitals",
            in_row("[missing]\n", "hospitals = \"hospitals\"", "hospitals = \"clinics\""),
            "missing.hospitals",
            "none of the actions",
        ),
        (
            "a question twice",
            DEFAULT.replace("key = \"police power\"", "key = \"life\""),
            "right_care.question",
            "'life' is there twice",
        ),
    ]
}

#[test]
fn each_contradiction_that_is_planted_is_found() {
    for (what, toml, key, says) in planted() {
        assert_ne!(toml, DEFAULT, "{what}: it is planted");
        let found = found(&toml);
        assert!(
            found.iter().any(|(k, sentence)| k == key && sentence.contains(says)),
            "{what}: '{says}' at {key} is not among {found:#?}"
        );
    }
}

#[test]
fn a_policy_that_cannot_be_read_says_where() {
    for (from, to, says) in [
        ("rank = 1", "rank = 10", "10 is not a grade"),
        ("delay_max = \"30 min\"", "delay_max = \"30 minutes\"", "'30 minutes' is not a length"),
        ("at = \"75 %\"", "at = \"120 %\"", "must be 0 % to 99 %"),
        ("[obligation.pass_on]", "[obligation.pass_along]", "pass_along"),
        ("list_of = \"dispatcher\"", "list_of = \"despatcher\"", "despatcher"),
        ("chasing_calls = 2", "chasing_calls = 2\nchasing_kalls = 3", "chasing_kalls"),
    ] {
        let error = Policy::parse(&DEFAULT.replacen(from, to, 1)).expect_err("it cannot be read");
        assert!(error.contains(says), "{from}: {error}");
        assert!(error.contains("line"), "it says the line: {error}");
    }
}
