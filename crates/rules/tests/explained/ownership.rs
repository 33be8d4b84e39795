//! Passed on, accepted by name, owned until completion, and the verbs.

use crate::world::{World, check, check_in};
use rules::obligation::Rule;

#[test]
fn a_log_not_passed_on_is_noticed() {
    check(
        Rule::PassOn,
        "
        +0 CH1 opens theft
        -> +0 owed by CH1 due +2
        +1 CH1 passes
        -> refused: log 20261121-0001 has no grade: grade it, and it goes to dispatch
        +1:15 CH1 grades 2
        -> +1:30 A3 told CH1 (owner CH1)
        +1:30 later
        -> +2 A2 told CH1 (owner CH1)
        +2 CH1 writes: believed to be mental health related
        -> +7 A2 told team leader (owner team leader)
        +7 later
        -> +22 A2 told force incident manager (owner force incident manager)
        +22 later
        -> +37 A2 told force incident manager (owner force incident manager)
        +37 CH1 passes
        -> +37 done
        +38 CH1 passes
        -> refused: log 20261121-0001 is with dispatch already
        +40 CH1 opens theft
        -> +40 owed by CH1 due +42
        +41 DD1 accepts #2
        -> +41 done
        ",
    );
}

#[test]
fn a_passed_log_is_accepted_by_name() {
    check(
        Rule::AcceptLog,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 passes
        -> +2 owed by dispatcher due +7
        -> +5:45 A3 told dispatcher (owner dispatcher)
        +5:45 DD1 reads 0
        -> +7 A2 told dispatcher (owner dispatcher)
        +7 later
        -> +12 A2 told dispatch supervisor (owner dispatch supervisor)
        +12 later
        -> +27 A2 told force incident manager (owner force incident manager)
        +27 DD1 accepts
        -> +27 done
        +28 DD2 accepts
        -> refused: log 20261121-0001 is accepted by DD1 already: ask them to give it to you
        +29 CH1 opens theft
        +29 CH1 grades 2 #2
        +29 DD1 accepts #2
        +29 CH1 passes #2
        +30 CH1 opens theft
        +31 CH1 grades 1 #3
        +32 CH1 passes #3
        -> +32 owed by dispatcher due +34
        +33 DD2 accepts wrong #3
        -> +33 done
        ",
    );
}

#[test]
fn what_is_wrong_on_a_log_becomes_a_question_to_whoever_opened_it() {
    check(
        Rule::QuestionOpen,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 passes
        +3 DD1 accepts wrong: when did he leave the hospital
        -> +3 owed '1' by CH1 due +13
        -> +3 A3 '1' told CH1 (owner CH1)
        ",
    );
}

#[test]
fn a_log_whose_owner_leaves_gets_another() {
    check(
        Rule::OwnerlessLog,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 passes
        +3 DD1 accepts
        +60 DD1 goes on break
        -> +60 owed by dispatcher due +65
        -> +63:45 A3 told dispatcher (owner dispatcher)
        -> +65 A2 told dispatcher (owner dispatcher)
        +65 later
        -> +70 A2 told dispatch supervisor (owner dispatch supervisor)
        +70 later
        +75 DD1 comes back
        +76 DD2 accepts
        -> +76 done
        +80 DD2 signs off to DD1
        ",
    );
}

#[test]
fn what_is_owed_goes_with_the_log() {
    // One owner: what the call handler owed with the log is the dispatcher's once it is accepted.
    let w = check_in(
        World::new().watching(&[Rule::ArriveTarget, Rule::InformantOwed, Rule::NothingWritten]),
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed arrive_target by CH1 due +60; owed nothing_written by CH1 due +31; owed informant_owed by CH1 due +16
        +2 CH1 passes
        -> +2 goes arrive_target to dispatcher
        -> +2 goes nothing_written to dispatcher
        +3 DD1 accepts
        -> +3 goes arrive_target to DD1
        -> +3 goes nothing_written to DD1
        +4 DD1 gives log to CI1: not on duty is refused, she is
        -> +4 goes arrive_target to CI1
        -> +4 goes nothing_written to CI1
        +5 CI1 gives log to PC9: not at work
        -> refused: PC9 is not on duty: choose somebody who is here, or a desk
        +6 CI1 gives log to DD2: back to the desk
        -> +6 goes arrive_target to DD2
        -> +6 goes nothing_written to DD2
        -> +16 A3 informant_owed told CH1 (owner CH1)
        -> +31 again nothing_written due +36
        -> +36 A2 nothing_written told DD2 (owner DD2)
        -> +45 A3 arrive_target told DD2 (owner DD2)
        +45 later
        ",
    );
    assert_eq!(w.log(1).owner.to_string(), "DD2");
}

#[test]
fn the_verbs_quieten_and_only_the_deed_ends() {
    check(
        Rule::ThriveOwed,
        "
        +0 CH1 opens theft
        -> +0 owed by CH1 due +10
        -> +10 A3 told CH1 (owner CH1)
        +10 CH1 owns thrive_owed: when this caller has rung off
        -> +40 A3 told CH1, team leader (owner CH1)
        +40 later
        -> +70 A2 told team leader (owner CH1)
        +70 TL1 delegates thrive_owed to CH2: CH1 is on a long call
        +71 TL1 delegates thrive_owed to CH9: not at work
        -> refused: CH9 is not on duty: choose somebody who is here, or a desk
        +86 later
        -> +130 A2 told team leader (owner CH2)
        +130 CH2 raises thrive_owed: I cannot reach her
        -> +130 A2 told team leader (owner CH2)
        -> +190 A2 told team leader (owner CH2)
        +190 later
        +191 CH2 assesses
        -> +191 done
        +192 CH2 owns thrive_owed: too late
        -> refused: obligation 0 is not open: it may have been met meanwhile
        ",
    );
}

#[test]
fn a_delay_has_a_limit_and_ends_loudly() {
    check_in(
        World::new().watching(&[Rule::Unresourced]).hearing(),
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +16
        +2 DD1 delays unresourced +5: not told before then anyway
        -> refused: nobody is told of this before then: no delay is needed, choose a later time if it is
        -> +12:15 A3 told CH1 (owner CH1)
        -> +16 A2 told dispatch supervisor, CH1 (owner CH1)
        -> +16 A2 sounds at dispatch supervisor: 1 x unresourced (first)
        +16 DD1 delays unresourced +31: too long
        -> refused: a delay ends within the next 30 min: choose a time before that
        +17 DD1 delays unresourced +0: no time
        -> refused: a delay ends within the next 30 min: choose a time before that
        +18 DD1 delays unresourced +30: DC14 frees up at the hospital
        -> +30 unresourced held at dispatch supervisor until +31
        +47 later
        -> +48 A2 told dispatch supervisor (owner dispatch supervisor)
        -> +48 A2 sounds at dispatch supervisor: 1 x unresourced (delayended)
        +48 later
        ",
    );
}

#[test]
fn the_numbers_of_obligations_only_grow_and_none_is_armed_twice() {
    use rules::event::Event;
    let mut w = World::new();
    w.run(
        "
        +0 CH1 opens theft nowhere unnamed
        +1 CH1 grades 2
        +2 CH1 assesses
        +3 CH1 writes new: a knife
        +4 CH1 writes new: a second knife
        +5 CH1 locates vaguely: by the river
        +90 CH1 grades 1
        +200 later
        ",
    );
    let mut last = 0;
    let mut open = std::collections::BTreeSet::new();
    for (event, _) in &w.done {
        if let Event::ObligationsArmed { about, armed } = event {
            for row in armed {
                assert!(row.obligation.0 > last, "{row:?} after {last}");
                last = row.obligation.0;
                open.insert((about.clone(), row.rule, row.part.clone()));
            }
        }
    }
    let live: Vec<_> =
        w.s.obligations.values().map(|o| (o.about.clone(), o.rule, o.part.clone())).collect();
    let distinct: std::collections::BTreeSet<_> = live.iter().cloned().collect();
    assert_eq!(live.len(), distinct.len(), "the same is never owed twice at a time");
    assert!(distinct.is_subset(&open));
}
