//! Seats, breaks, handover.

use crate::world::{World, by, check, check_in, policy};
use rules::command::{AdoptPolicy, SignOn};
use rules::name::{Label, SeatId};
use rules::obligation::Rule;
use rules::policy::UnknownRule;
use rules::role::Role;

#[test]
fn each_handover_line_is_accepted() {
    check(
        Rule::HandoverLineOpen,
        "
        +0 DD1 hands over dispatcher
        -> refused: nothing is late, tagged, waiting or without an owner at the dispatcher desk: there is nothing to hand over
        +1 CH1 opens theft
        +2 CH1 grades 2
        +3 CH1 passes
        +4 DD1 accepts
        +5 CH1 opens concern for safety
        +6 CH1 grades 1 #2
        +7 CH1 passes #2
        +8 DD1 accepts #2
        +9 DD1 tags next-shift #2: must be seen at once
        +60 DD1 hands over dispatcher
        -> +60 owed '1' by dispatcher due +75; owed '2' by dispatcher due +75
        -> +60 A3 '1' told dispatcher (owner dispatcher)
        -> +60 A3 '2' told dispatcher (owner dispatcher)
        +61 DD1 accepts line 1
        -> refused: you built this handover: the person who takes over accepts it
        +62 DD2 accepts line 1
        -> +62 done '1'
        +63 DD2 accepts line 1
        -> refused: line 1 is accepted already
        +64 DD2 accepts line 9
        -> refused: handover 1 has no line 9
        -> +75 A2 '2' told dispatcher (owner dispatcher)
        +75 later
        -> +90 A2 '2' told dispatch supervisor (owner dispatcher)
        +90 later
        +95 DD2 accepts line 2
        -> +95 done '2'
        ",
    );
}

#[test]
fn a_handover_has_the_most_urgent_log_first_and_says_why() {
    let mut w = World::new();
    w.run(
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 passes
        +3 DD1 accepts
        +4 CH1 opens concern for safety
        +5 CH1 grades 1 #2
        +6 CH1 passes #2
        +7 DD1 accepts #2
        +8 DD1 tags next-shift #2: must be seen at once
        +20 DD1 hands over dispatcher
        ",
    );
    let lines = &w.s.handovers.values().next().expect("it is built").lines;
    let words: Vec<&str> = lines.iter().map(|l| l.words.as_str()).collect();
    assert!(words[0].starts_with("20261121-0002 concern for safety: no unit for 16 min; tagged"));
    assert!(words[1].starts_with("20261121-0001 theft: no unit for 20 min"), "{words:?}");
}

#[test]
fn a_desk_with_too_few_people_is_told_upwards() {
    check(
        Rule::DeskShort,
        "
        +0 SO1 goes on break
        -> +0 owed by team leader due +10
        +5 SO1 comes back
        -> +5 done
        +6 SO1 signs off
        -> +6 owed by team leader due +16
        -> +16 A3 told team leader (owner team leader)
        +16 later
        -> +31 A2 told force incident manager (owner force incident manager)
        +31 later
        -> +91 A2 told force incident manager (owner force incident manager)
        +91 SO3 signs on
        -> +91 done
        ",
    );
}

#[test]
fn a_new_policy_says_which_desks_are_short() {
    let mut w = World::with(policy(), "CH1 CH2 DD1 TL1 DS1 FIM1");
    let adopt = |toml: &str| AdoptPolicy { toml: toml.to_owned() };
    let toml = include_str!("../../../../policy/default.toml");
    let relaxed = toml
        .replace("on_duty_min = 2", "on_duty_min = 1")
        .replace("version = \"1\"", "version = \"2\"");
    let short = |w: &World| {
        let desks = w.s.obligations.values().filter(|o| o.rule == Rule::DeskShort);
        desks.map(|o| o.about.words()).collect::<Vec<_>>()
    };
    w.act(&by("CI9"), adopt(&toml.replace("version = \"1\"", "version = \"1.1\""))).expect("good");
    assert_eq!(short(&w), ["the dispatcher desk", "the support operator desk"]);
    w.act(&by("CI9"), adopt(&relaxed)).expect("good");
    assert_eq!(short(&w), ["the support operator desk"]);
    let refused = w.act(&by("CI9"), adopt(&relaxed)).expect_err("it holds already");
    assert_eq!(refused.sentence, "this policy holds already: nothing to do");
}

#[test]
fn what_somebody_owns_moves_when_they_leave() {
    let w = check_in(
        World::new().watching(&[Rule::InformantOwed, Rule::ArriveTarget]),
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed arrive_target by CH1 due +60; owed informant_owed by CH1 due +16
        +10 CH1 goes on break to CH2
        -> +10 goes arrive_target to CH2
        -> +10 goes informant_owed to CH2
        +11 CH1 goes on break
        -> refused: you are on a break already
        +12 CH2 signs off to CH1
        -> refused: CH1 is on a break: choose somebody who is here, or a desk
        +13 CH2 signs off
        -> +13 goes arrive_target to call handler
        -> +13 goes informant_owed to call handler
        +14 CH1 comes back
        -> +16 A3 informant_owed told call handler (owner call handler)
        -> +45 A3 arrive_target told call handler (owner call handler)
        +45 later
        ",
    );
    assert_eq!(
        w.log(1).owner.to_string(),
        "call handler",
        "the desk has it, and somebody takes it"
    );
}

#[test]
fn a_desk_that_needs_training_is_for_the_trained() {
    let mut policy = policy();
    let desk = policy.desk.get_mut(&Role::Dispatcher).expect("a desk");
    desk.skills = vec![Label::parse("dispatch").expect("a skill")];
    policy.staff.unknown = UnknownRule::AsSaid;
    let mut w = World::with(policy, "");
    let sit = |skills: Vec<Label>| SignOn { seat: SeatId::parse("DD07").expect("a seat"), skills };
    let refused = w.act(&by("DD7"), sit(Vec::new())).expect_err("they lack it");
    assert_eq!(refused.items, ["dispatch"]);
    w.act(&by("DD7"), sit(vec![Label::parse("dispatch").expect("a skill")])).expect("trained");
}

#[test]
fn a_desk_is_answered_for_as_long_as_anybody_is_in_the_room() {
    use rules::role::Role;
    let covering = |on_duty: &str, desk| {
        crate::world::World::with(crate::world::policy(), on_duty).s.covering(desk)
    };
    // Both who cover the force incident manager are away: those who cover them do.
    assert_eq!(covering("CH1 DD1 TL1", Role::ForceIncidentManager), Role::TeamLeader);
    assert_eq!(covering("CH1", Role::ForceIncidentManager), Role::CallHandler);
    assert_eq!(covering("", Role::Dispatcher), Role::Dispatcher);
}
