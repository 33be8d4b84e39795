//! A policy that one person proposes and another publishes, and the test cases it has to pass.

use crate::world::{World, by, policy};
use rules::command::{
    AdoptPolicy, EnrolStaff, ProposePolicy, PublishPolicy, RemoveStaff, WithdrawPolicy,
};
use rules::name::{PersonName, ProposalId, Reason, StaffId};
use rules::policy::Policy;
use rules::policy::case::run_cases;
use rules::refused::{Refused, RefusedKind};
use rules::role::{By, Role};
use rules::views::briefings::mine;
use rules::views::policy::{changes, checked, proposals, publication};

const DEFAULT: &str = include_str!("../../../../policy/default.toml");

fn administrator(staff: &str) -> By {
    By { staff: StaffId::parse(staff).expect("a staff name"), role: Role::Administrator }
}

fn reason(text: &str) -> Reason {
    Reason::parse(text).expect("a reason")
}

fn version(to: &str) -> String {
    DEFAULT.replacen("version = \"1\"", &format!("version = \"{to}\""), 1)
}

fn propose(toml: String) -> ProposePolicy {
    ProposePolicy { toml, why: reason("a shorter target"), made_from: None }
}

fn kind(done: Result<(), Refused>) -> Result<(), RefusedKind> {
    done.map_err(|refused| refused.kind)
}

#[test]
fn a_policy_holds_only_when_a_second_person_publishes_it() {
    let mut w = World::with(policy(), "");
    let (one, two) = (administrator("ADM1"), administrator("ADM2"));
    let shorter =
        version("2").replacen("deploy_target = \"4 min\"", "deploy_target = \"3 min\"", 1);
    w.act(&one, propose(shorter.replace('\n', "\r\n"))).expect("it is sound");
    assert_eq!(w.s.policy.about.version, "1", "proposing changes nothing");
    let [shown] = &proposals(&w.s)[..] else { panic!("one is proposed") };
    let places: Vec<&str> = shown.changes.iter().map(|c| c.place.as_str()).collect();
    assert_eq!(places, ["about > version", "grade > 1 > deploy target"]);
    assert_eq!(shown.toml, shorter, "the ends of lines are one character");
    assert!(shown.tests.len() >= 3 && shown.tests.iter().all(|t| t.passed));
    let publish = PublishPolicy { proposal: shown.proposal, brief: Vec::new() };
    assert_eq!(kind(w.act(&one, publish.clone())), Err(RefusedKind::Forbidden));
    w.act(&two, publish.clone()).expect("another person");
    assert_eq!(w.s.policy.about.version, "2");
    let held = publication(&w.s);
    assert_eq!((held.by, held.proposed_by), (Some(two.clone()), Some(one.staff.clone())));
    assert_eq!(held.why, Some(reason("a shorter target")));
    assert_eq!(held.toml, shorter, "remarks are kept");
    assert_eq!(kind(w.act(&two, publish)), Err(RefusedKind::NotFound), "it is published once");
}

#[test]
fn what_was_made_from_another_version_is_not_published() {
    let mut w = World::with(policy(), "");
    let (one, two) = (administrator("ADM1"), administrator("ADM2"));
    w.act(&one, propose(version("2"))).expect("it is sound");
    w.act(&one, propose(version("3"))).expect("it is sound");
    w.act(&two, PublishPolicy { proposal: ProposalId(1), brief: Vec::new() })
        .expect("nothing was published since");
    let late = w.act(&two, PublishPolicy { proposal: ProposalId(2), brief: Vec::new() });
    assert_eq!(kind(late), Err(RefusedKind::Changed));
    let begun_from_1 = ProposePolicy { made_from: Some("1".to_owned()), ..propose(version("4")) };
    assert_eq!(kind(w.act(&one, begun_from_1)), Err(RefusedKind::Changed));
    let reason = reason("begin again");
    w.act(&one, WithdrawPolicy { proposal: ProposalId(2), reason }).expect("it is open");
    assert!(w.s.proposals.is_empty());
}

#[test]
fn what_cannot_hold_is_not_proposed() {
    let mut w = World::with(policy(), "");
    let one = administrator("ADM1");
    let fails = version("2").replacen("suggests = 4", "suggests = 1", 1);
    for (toml, wanted, says) in [
        ("about = 1".to_owned(), RefusedKind::Invalid, "cannot be read"),
        (version("1"), RefusedKind::Conflict, "about.version"),
        (version(" "), RefusedKind::Blocked, "about.version is empty"),
        (fails.clone(), RefusedKind::Blocked, "the test case 'a quarrel about a fence"),
    ] {
        let refused = w.act(&one, propose(toml)).expect_err("it cannot hold");
        assert_eq!(refused.kind, wanted, "{}", refused.sentence);
        assert!(refused.sentence.contains(says), "{}", refused.sentence);
    }
    let found = checked(&w.s, &fails);
    let [wrong] = &found.wrong[..] else { panic!("{:?}", found.wrong) };
    let line = wrong.line.and_then(|n| fails.lines().nth(n - 1));
    assert_eq!(line, Some("suggests = 1"), "the sentence is at its line");
    assert!(found.tests.iter().any(|t| !t.passed));
    for n in 0..8 {
        w.act(&one, propose(version(&format!("2.{n}")))).expect("there is room");
    }
    let ninth = w.act(&one, propose(version("3")));
    assert_eq!(kind(ninth), Err(RefusedKind::Conflict), "what is open is bounded");
}

#[test]
fn with_two_administrators_nobody_adopts_alone() {
    let mut w = World::with(policy(), "");
    let one = administrator("ADM1");
    let adopt = |to: &str| AdoptPolicy { toml: version(to) };
    w.act(&one, adopt("2")).expect("there is nobody else");
    for staff in ["ADM1", "ADM2"] {
        let entry = EnrolStaff {
            staff: StaffId::parse(staff).expect("a staff name"),
            name: PersonName::parse("Josef Nowak").expect("a name"),
            roles: vec![Role::Administrator],
            skills: Vec::new(),
            desk: None,
            expires: Vec::new(),
        };
        w.act(&one, entry).expect("it is new");
    }
    assert_eq!(kind(w.act(&one, adopt("3"))), Err(RefusedKind::Forbidden));
    assert_eq!(w.s.policy.about.version, "2");
    let out = |staff: &str| RemoveStaff { staff: StaffId::parse(staff).expect("a staff name") };
    w.act(&one, out("ADM2")).expect("one is left");
    assert_eq!(kind(w.act(&one, adopt("3"))), Err(RefusedKind::Forbidden), "there was another");
    assert_eq!(kind(w.act(&one, out("ADM1"))), Err(RefusedKind::Conflict), "nobody would be left");
    w.act(&By::callbox(), adopt("3")).expect("whoever starts Callbox chooses its file");
}

#[test]
fn a_test_case_is_judged_by_the_rules_of_a_real_log() {
    let mut policy = policy();
    assert!(run_cases(&policy).iter().all(|r| r.passed), "{:?}", run_cases(&policy));
    // An answer that raises the grade, as on a call.
    let raising = policy.question_set.iter().find_map(|set| {
        let prompt = set.prompt.iter().find(|p| p.raises.is_some_and(|g| g.rank() == 1))?;
        Some((set.codes.first()?.clone(), prompt.key.clone()))
    });
    let (code, key) = raising.expect("the default asks something that raises");
    policy.opening_code.iter_mut().filter(|c| c.code == code).for_each(|c| {
        c.usual_grade = 3.try_into().expect("a grade");
    });
    let case = |answer: &str| {
        format!(
            "{DEFAULT}\n[[test]]\nname = 'x'\nwords = 'hello there'\ncode = '{code}'\n\
            answers = {{ '{key}' = '{answer}' }}\nsuggests = 1\n"
        )
    };
    for (answer, passes) in [("yes", true), ("no", false), ("unknown", false)] {
        let read = Policy::parse(&case(answer)).expect("it reads");
        policy.test = read.test.clone();
        let results = run_cases(&policy);
        let last = results.last().expect("the case is there");
        assert_eq!(last.passed, passes, "{answer}: {last:?}");
        let written = read.test.last().expect("a case").to_toml().expect("it is TOML");
        let again = Policy::parse(&format!("{DEFAULT}\n{written}")).expect("it reads");
        assert_eq!(again.test.last(), read.test.last(), "written and read again it is the same");
    }
    assert!(!changes(&policy, &self::policy()).is_empty());
}

#[test]
fn who_publishes_a_policy_briefs_those_whom_it_concerns() {
    let mut w = World::with(policy(), "CH1 DD1");
    let (one, two) = (administrator("ADM1"), administrator("ADM2"));
    let shorter =
        version("2").replacen("deploy_target = \"4 min\"", "deploy_target = \"3 min\"", 1);
    w.act(&one, propose(shorter)).expect("it is sound");
    let brief = vec![Role::CallHandler];
    w.act(&two, PublishPolicy { proposal: ProposalId(1), brief }).expect("another person");
    let owed = |who: &str| mine(&w.s, &by(who), w.at);
    let [told] = &owed("CH1")[..] else { panic!("one briefing") };
    assert!(told.owed && told.title.as_str() == "Policy 2 holds", "{told:?}");
    for says in ["a shorter target", "grade > 1 > deploy target: 4 min -> 3 min"] {
        assert!(told.text.as_str().contains(says), "{}", told.text.as_str());
    }
    assert!(owed("DD1").is_empty());
}
