//! Who works here: the directory decides over what somebody says of themselves.

use crate::world::{World, by, policy};
use rules::command::{EnrolStaff, RemoveStaff, SignOff, SignOn};
use rules::name::{Label, PersonName, SeatId, StaffId};
use rules::policy::{DirectoryRule, UnknownRule, check};
use rules::refused::RefusedKind;
use rules::role::{By, Role};
use rules::shift::directory::allows;
use rules::views::staff::{directory, free_seats};

fn skill(text: &str) -> Label {
    Label::parse(text).expect("a skill")
}

fn enrol(staff: &str, roles: &[Role], skills: &[&str], desk: Option<Role>) -> EnrolStaff {
    EnrolStaff {
        staff: StaffId::parse(staff).expect("a staff name"),
        name: PersonName::parse("Sian Rowe").expect("a name"),
        roles: roles.to_vec(),
        skills: skills.iter().copied().map(skill).collect(),
        desk,
        expires: Vec::new(),
    }
}

fn administrator() -> By {
    By { staff: StaffId::parse("ADM1").expect("a staff name"), role: Role::Administrator }
}

fn as_role(staff: &str, role: Role) -> By {
    By { staff: StaffId::parse(staff).expect("a staff name"), role }
}

fn sit(seat: &str, skills: &[&str]) -> SignOn {
    let seat = SeatId::parse(seat).expect("a seat");
    SignOn { seat, skills: skills.iter().copied().map(skill).collect() }
}

/// A room where the dispatcher's desk needs training.
fn trained(rule: DirectoryRule) -> World {
    let mut policy = policy();
    policy.desk.get_mut(&Role::Dispatcher).expect("a desk").skills = vec![skill("dispatch")];
    policy.staff.directory = rule;
    policy.staff.unknown = UnknownRule::AsSaid;
    World::with(policy, "")
}

#[test]
fn the_directory_decides_who_sits_where() {
    use DirectoryRule::{Open, Required};
    use Role::{CallHandler, Dispatcher};
    // In the directory with these roles and skills, saying these of themselves, signing on as a
    // dispatcher: what happens.
    type Held<'t> = Option<(&'t [Role], &'t [&'t str])>;
    type Becomes<'t> = Result<&'t [&'t str], RefusedKind>;
    let table: [(DirectoryRule, Held<'_>, &[&str], Becomes<'_>); 8] = [
        (Open, None, &["dispatch"], Ok(&["dispatch"])),
        (Open, None, &[], Err(RefusedKind::Blocked)),
        (Required, None, &["dispatch"], Err(RefusedKind::Forbidden)),
        (Open, Some((&[Dispatcher], &["dispatch"])), &[], Ok(&["dispatch"])),
        (Required, Some((&[Dispatcher], &["dispatch"])), &["pursuit"], Ok(&["dispatch"])),
        (Open, Some((&[Dispatcher], &[])), &["dispatch"], Err(RefusedKind::Blocked)),
        (Open, Some((&[CallHandler], &["dispatch"])), &["dispatch"], Err(RefusedKind::Forbidden)),
        (
            Required,
            Some((&[CallHandler, Dispatcher], &["dispatch", "chemical"])),
            &[],
            Ok(&["chemical", "dispatch"]),
        ),
    ];
    for (rule, held, said, expected) in table {
        let mut w = trained(rule);
        if let Some((roles, skills)) = held {
            w.act(&administrator(), enrol("DD7", roles, skills, None)).expect("it is new");
        }
        let done = w.act(&by("DD7"), sit("DD07", said)).map_err(|r| r.kind);
        let on = w.s.staff.get(&by("DD7").staff);
        let skills = on.map(|on| on.skills.iter().map(Label::as_str).collect::<Vec<_>>());
        let expected = expected.map(<[&str]>::to_vec);
        assert_eq!(
            done.map(|()| skills.unwrap_or_default()),
            expected,
            "{rule:?} {held:?} {said:?}"
        );
    }
}

#[test]
fn what_cannot_be_enrolled_says_why() {
    let mut w = World::new();
    for (wrong, says) in [
        (enrol("DD7", &[], &[], None), "DD7 has no role: name at least one"),
        (enrol("DD7", &[Role::System], &[], None), "nobody can be Callbox itself"),
        (
            enrol("DD7", &[Role::Dispatcher], &[], Some(Role::TeamLeader)),
            "the usual desk of DD7 is team leader, which is none of their roles",
        ),
    ] {
        let refused = w.act(&administrator(), wrong).expect_err("it is wrong");
        assert!(refused.sentence.starts_with(says), "{}", refused.sentence);
    }
    let good = enrol("DD7", &[Role::Dispatcher], &["b", "a", "b"], Some(Role::Dispatcher));
    w.act(&administrator(), good.clone()).expect("it is right");
    let again = w.act(&administrator(), good).expect_err("it holds already");
    assert_eq!(again.kind, RefusedKind::Conflict);
    let rows = directory(&w.s, w.at);
    let skills: Vec<&str> = rows.iter().flat_map(|r| &r.skills).map(Label::as_str).collect();
    assert_eq!((rows.len(), &skills[..]), (1, &["a", "b"][..]), "each once, in order");
}

#[test]
fn whoever_is_removed_is_off_duty_first() {
    let mut w = trained(DirectoryRule::Required);
    let remove = || RemoveStaff { staff: by("DD7").staff };
    let unknown = w.act(&administrator(), remove()).expect_err("nobody is there");
    assert_eq!(unknown.kind, RefusedKind::NotFound);
    w.act(&administrator(), enrol("DD7", &[Role::Dispatcher], &["dispatch"], None)).expect("new");
    w.act(&by("DD7"), sit("DD07", &[])).expect("they are trained");
    assert_eq!(directory(&w.s, w.at)[0].seat, Some(SeatId::parse("DD07").expect("a seat")));
    let on_duty = w.act(&administrator(), remove()).expect_err("they sit there");
    assert_eq!(on_duty.kind, RefusedKind::Conflict);
    w.act(&by("DD7"), SignOff { to: None }).expect("they may");
    w.act(&administrator(), remove()).expect("they are away");
    assert!(directory(&w.s, w.at).is_empty());
    let refused = w.act(&by("DD7"), sit("DD07", &["dispatch"])).expect_err("they are unknown now");
    assert_eq!(refused.kind, RefusedKind::Forbidden);
}

#[test]
fn whoever_was_removed_has_no_role_until_they_are_entered_again() {
    let mut w = trained(DirectoryRule::Open);
    let dispatches = |w: &World| allows(&w.s, &as_role("DD7", Role::Dispatcher)).is_ok();
    assert!(dispatches(&w), "the directory is open, and they were never in it");
    let entry = enrol("DD7", &[Role::Dispatcher], &["dispatch"], None);
    w.act(&administrator(), entry.clone()).expect("new");
    w.act(&administrator(), RemoveStaff { staff: by("DD7").staff }).expect("they are away");
    assert!(!dispatches(&w), "removal gave them what they were refused before");
    let refused = w.act(&by("DD7"), sit("DD07", &["dispatch"])).expect_err("they are removed");
    assert_eq!(refused.kind, RefusedKind::Forbidden);
    w.act(&administrator(), entry).expect("again");
    assert!(dispatches(&w) && allows(&w.s, &as_role("DD7", Role::TeamLeader)).is_err());
}

#[test]
fn a_required_directory_without_an_administrator_lets_one_in_to_enter_the_first() {
    let mut w = trained(DirectoryRule::Required);
    let comes_in = |w: &World| allows(&w.s, &administrator()).is_ok();
    assert!(comes_in(&w) && allows(&w.s, &as_role("DD7", Role::Dispatcher)).is_err());
    w.act(&administrator(), enrol("DD9", &[Role::Administrator], &[], None)).expect("the first");
    assert!(!comes_in(&w));
}

#[test]
fn a_listed_seat_is_for_one_person_at_a_time() {
    let mut w = World::with(policy(), "");
    let all = free_seats(&w.s, Role::Dispatcher).len();
    w.act(&by("DD7"), sit("DD07", &[])).expect("it is free");
    assert_eq!(free_seats(&w.s, Role::Dispatcher).len(), all - 1);
    let taken = w.act(&by("DD8"), sit("DD07", &[])).expect_err("DD7 sits there");
    assert_eq!(taken.sentence, "DD7 sits at DD07 already: choose a free seat");
    w.act(&by("DD8"), sit("spare 1", &[])).expect("it is no seat of the list");
    w.act(&by("DD9"), sit("spare 1", &[])).expect("nor is it for one only");
}

#[test]
fn a_training_that_has_ended_no_longer_counts() {
    use rules::command::Training;
    use rules::time::Span;
    let mut w = trained(DirectoryRule::Open);
    let until = w.at + Span::minutes(10);
    let ends = |until| EnrolStaff {
        expires: vec![Training { skill: skill("dispatch"), until }],
        ..enrol("DD1", &[Role::Dispatcher], &["pursuit"], None)
    };
    w.act(&administrator(), ends(until)).expect("kept");
    w.act(&by("DD1"), sit("DD01", &[])).expect("it holds still");
    w.act(&by("DD1"), SignOff { to: None }).expect("kept");
    w.wait_until(until);
    let refused = w.act(&by("DD1"), sit("DD01", &["dispatch"])).expect_err("it has ended");
    assert!(refused.sentence.contains("your training in dispatch has ended"), "{refused:?}");
    assert_eq!(directory(&w.s, w.at)[0].ended, [skill("dispatch")]);
    w.act(&administrator(), ends(until + Span::minutes(600))).expect("trained again");
    w.act(&by("DD1"), sit("DD01", &[])).expect("it holds again");
}

/// A room as the default policy has it, with a handler, a dispatcher, a support operator and a
/// leader in the directory; the handler has the trainings given.
fn gated(handler: &[&str], dispatcher: &[&str]) -> World {
    use crate::world::check_in;
    let mut w = World::new();
    for (staff, role, skills) in [
        ("CH1", Role::CallHandler, handler),
        ("DD1", Role::Dispatcher, dispatcher),
        ("SO1", Role::SupportOperator, &["intelligence checks"][..]),
        ("TL1", Role::TeamLeader, &[][..]),
    ] {
        w.act(&administrator(), enrol(staff, &[role], skills, None)).expect("new");
    }
    check_in(w, "+0 CH1 opens abandoned call to emergency services")
}

fn armed(call_sign: &str, skills: &[&str]) -> rules::command::RosterUnit {
    rules::command::RosterUnit {
        call_sign: rules::name::CallSign::parse(call_sign).expect("a call sign"),
        crew: Vec::new(),
        skills: skills.iter().copied().map(skill).collect(),
        equipment: Vec::new(),
        kind: skill("response"),
        district: None,
        radio: None,
        shift: None,
    }
}

#[test]
fn a_task_that_needs_a_training_is_for_the_trained() {
    use rules::command::{Command, DeployUnit, DivertUnit, LeftBehind, RecordCheck, SettleSopStep};
    use rules::name::{CallSign, Reason};
    const CHECKS: &str = "intelligence checks";
    let incident = crate::world::number(1);
    let outcome =
        || rules::command::Outcome::Done(rules::name::Words::parse("looked").expect("words"));
    let step = |text: &str| {
        let (step, outcome) = (skill(text), outcome());
        Command::from(SettleSopStep { incident, step, outcome })
    };
    let send = |unit: &str| {
        Command::from(DeployUnit {
            incident,
            call_sign: CallSign::parse(unit).expect("a call sign"),
            reason: Reason::parse("near").ok(),
            silent: false,
        })
    };
    let divert = |unit: &str, left_behind| {
        Command::from(DivertUnit {
            call_sign: CallSign::parse(unit).expect("a call sign"),
            to: incident,
            left_behind,
            reason: Reason::parse("nearer to the knife").expect("why"),
        })
    };
    let cover = |unit| LeftBehind::CoverWith(CallSign::parse(unit).expect("a call sign"));
    let check = || {
        Command::from(RecordCheck { incident, check: skill("intelligence"), outcome: outcome() })
    };
    // Who, trained for what, what they do, and the training that is in the way.
    let table: Vec<(&str, &[&str], Command, Option<&str>)> = vec![
        ("CH1", &["call handling"], check(), Some(CHECKS)),
        ("CH1", &["call handling", CHECKS], check(), None),
        ("CH2", &[], check(), None),
        ("CH1", &[], step("ring back decision"), Some("silent calls")),
        ("CH1", &["silent calls"], step("ring back decision"), None),
        ("CH1", &[], step("listen"), None),
        ("DD1", &["dispatch"], send("AR1"), Some("armed deployment")),
        ("DD1", &["dispatch", "armed deployment"], send("AR1"), None),
        ("DD1", &["dispatch"], send("DC1"), None),
        ("DD1", &["dispatch"], divert("AR1", LeftBehind::Requeue), Some("armed deployment")),
        // The unit that takes over what is left behind is sent as well.
        ("DD1", &["dispatch"], divert("DC1", cover("AR1")), Some("armed deployment")),
        ("DD1", &["dispatch", "armed deployment"], divert("DC1", cover("AR1")), None),
        ("DD1", &["dispatch"], divert("DC1", cover("DC1")), None),
    ];
    for (who, skills, command, lacks) in table {
        let mut w = if who == "DD1" { gated(&[], skills) } else { gated(skills, &[]) };
        for unit in [armed("AR1", &["firearms"]), armed("DC1", &[])] {
            w.act(&by("DD2"), unit).expect("on the board");
        }
        let done = w.act(&by(who), command.clone());
        match lacks {
            None => {
                let barred = done.err().is_some_and(|r| r.sentence.starts_with("You may not"));
                assert!(!barred, "{who} {skills:?} {command:?}");
            }
            Some(training) => {
                let refused = done.expect_err("they are not trained");
                assert_eq!(refused.items, [training], "{who} {skills:?}");
                assert!(refused.sentence.starts_with("You may not "), "{}", refused.sentence);
                assert!(refused.sentence.contains("Ask the "), "{}", refused.sentence);
            }
        }
    }
}

#[test]
fn each_of_two_trainings_for_one_deed_is_asked_for() {
    use rules::command::{DeployUnit, EnrolStaff};
    use rules::name::{CallSign, Reason};
    let mut policy = policy();
    let mut dogs = policy.task[&skill("armed")].clone();
    dogs.training = skill("dogs");
    policy.task.insert(skill("a unit with dogs"), dogs);
    let mut w = World::with(policy, "");
    let skills = |all: &[&str]| -> EnrolStaff { enrol("DD1", &[Role::Dispatcher], all, None) };
    let send = DeployUnit {
        incident: crate::world::number(1),
        call_sign: CallSign::parse("AR1").expect("a call sign"),
        reason: Reason::parse("near").ok(),
        silent: false,
    };
    w.act(&by("DD2"), armed("AR1", &["firearms"])).expect("on the board");
    for (held, lacks) in [
        (&[][..], Some("dogs")),
        (&["dogs"], Some("armed deployment")),
        (&["armed deployment"], Some("dogs")),
        (&["dogs", "armed deployment"], None),
    ] {
        w.act(&administrator(), skills(held)).expect("kept");
        let refused = w.act(&by("DD1"), send.clone()).expect_err("there is no such log");
        let lacked = refused.sentence.starts_with("You may not").then(|| refused.items.join(" "));
        assert_eq!(lacked.as_deref(), lacks, "{held:?}");
    }
}

#[test]
fn a_supervisor_allows_a_task_for_a_while_and_nobody_to_themselves() {
    use rules::command::{AllowTask, Outcome, RecordCheck, RequestCheck};
    use rules::name::{Reason, Words};
    use rules::time::Span;
    let incident = crate::world::number(1);
    let mut w = gated(&["call handling"], &[]);
    let check = skill("who rang before");
    w.act(&by("CH1"), RequestCheck { incident, check: check.clone() }).expect("anybody asks");
    let outcome = Outcome::Done(Words::parse("three calls in a week").expect("words"));
    let record = RecordCheck { incident, check, outcome };
    assert!(w.act(&by("CH1"), record.clone()).is_err());
    let allow = |staff: &str, task: &str, minutes| AllowTask {
        staff: StaffId::parse(staff).expect("a name"),
        task: skill(task),
        minutes,
        reason: Reason::parse("no support operator is free and he is in the water").expect("why"),
    };
    let kind = |done: Result<(), rules::refused::Refused>| done.map_err(|r| r.kind);
    let tl = by("TL1");
    assert_eq!(kind(w.act(&tl, allow("TL1", "intelligence", 60))), Err(RefusedKind::Forbidden));
    assert_eq!(kind(w.act(&tl, allow("CH1", "dance", 60))), Err(RefusedKind::NotFound));
    assert_eq!(kind(w.act(&tl, allow("CH1", "intelligence", 0))), Err(RefusedKind::Invalid));
    assert_eq!(kind(w.act(&tl, allow("SO1", "intelligence", 60))), Err(RefusedKind::Conflict));
    w.act(&tl, allow("CH1", "intelligence", 30)).expect("she may");
    let rows = directory(&w.s, w.at);
    let held = rows.iter().find(|r| r.staff.as_str() == "CH1").expect("enrolled");
    assert_eq!(held.allowed[0].allowed.by.staff.as_str(), "TL1");
    assert!(held.allowed[0].allowed.reason.as_str().contains("in the water"));
    w.act(&by("CH1"), record.clone()).expect("now they may");
    w.wait_until(w.at + Span::minutes(31));
    let refused = w.act(&by("CH1"), record).expect_err("the half hour is over");
    assert!(refused.sentence.starts_with("You may not"), "{}", refused.sentence);
}

#[test]
fn nothing_that_lives_wait_for_can_need_a_training() {
    assert_eq!(check(&policy()), vec![]);
    for command in ["open_incident", "add_entry", "receive_contact", "grade_incident", "dance"] {
        let mut p = policy();
        let task = p.task.get_mut(&skill("intelligence")).expect("the default has it");
        task.commands = vec![skill(command)];
        let found = check(&p);
        assert!(found.iter().any(|c| c.sentence.contains(command)), "{command}: {found:?}");
    }
}
