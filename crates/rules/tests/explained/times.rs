//! Target times, and what goes up when nobody carries it on.

use crate::world::{World, check, check_in};
use rules::obligation::Rule;

#[test]
fn the_time_to_deploy_is_announced() {
    // The clock runs from the contact; the log's owner is told, whoever that is by then.
    check(
        Rule::DeployTarget,
        "
        +0 CH1 receives 999
        +1 CH1 opens theft from 1
        +2 CH1 grades 2
        -> +2 owed by CH1 due +15
        +3 CH1 passes
        -> +3 goes to dispatcher
        +5 DD1 accepts
        -> +5 goes to DD1
        -> +11:15 A3 told DD1 (owner DD1)
        +12 DD1 writes: no units
        -> +15 A2 told DD1 (owner DD1)
        +15 later
        -> +30 A2 told dispatch supervisor (owner dispatch supervisor)
        +30 later
        -> +45 A2 told force incident manager (owner force incident manager)
        +45 later
        -> +75 A2 told duty chief inspector, force incident manager (owner force incident manager)
        +75 later
        +76 DD1 rosters DC14
        -> +90 A2 told duty chief inspector, force incident manager (owner force incident manager)
        +90 DD1 deploys DC14
        -> +90 done
        ",
    );
}

#[test]
fn the_time_to_arrive_is_announced() {
    // En route is not arrived; a new grade takes its own time from the same start.
    check(
        Rule::ArriveTarget,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +60
        +2 DD1 rosters DC14
        +3 DD1 deploys DC14
        +4 PC1 status DC14 5
        -> +45 A3 told CH1 (owner CH1)
        +45 later
        -> +60 A2 told CH1 (owner CH1)
        +60 later
        +61 CH1 grades 1
        -> +61 overtaken
        -> +61 owed by CH1 due +15
        -> +61 A2 told CH1, dispatch supervisor, force incident manager (owner force incident manager)
        -> +75 A2 told duty chief inspector, force incident manager (owner force incident manager)
        +75 PC1 status DC14 6 read out
        -> +75 done
        +99 later
        ",
    );
}

#[test]
fn a_target_met_in_time_is_never_heard() {
    check(
        Rule::ArriveTarget,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +60
        +2 DD1 rosters DC14
        +3 DD1 deploys DC14
        +44 PC1 status DC14 6 read out
        -> +44 done
        +200 later
        ",
    );
}

#[test]
fn an_unresourced_log_goes_up_until_it_has_a_unit() {
    check(
        Rule::Unresourced,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +16
        -> +12:15 A3 told CH1 (owner CH1)
        +13 DD1 writes: job pending, no officers available
        -> +16 A2 told dispatch supervisor, CH1 (owner CH1)
        +16 DD1 reads 1
        -> +31 A2 told dispatch supervisor (owner dispatch supervisor)
        +31 later
        -> +61 A2 told force incident manager (owner force incident manager)
        +61 later
        -> +121 A2 told duty chief inspector, force incident manager (owner force incident manager)
        +121 later
        -> +136 A2 told duty chief inspector, force incident manager (owner force incident manager)
        +136 later
        +137 DD1 rosters DC14
        +138 DD1 deploys DC14
        -> +138 done
        +139 DD1 releases DC14: needed elsewhere
        -> +139 owed by CH1 due +154
        -> +150:15 A3 told CH1 (owner CH1)
        +151 later
        -> +154 A2 told dispatch supervisor, CH1 (owner CH1)
        +160 DD1 deploys DC14
        -> +160 done
        +161 CH1 opens theft
        +162 CH1 grades 3 #2
        ",
    );
}

#[test]
fn an_immediate_log_without_a_unit_is_critical_in_five_minutes() {
    check(
        Rule::Unresourced,
        "
        +0 CH1 opens theft
        +1 CH1 grades 1
        -> +1 owed by CH1 due +6
        +4:59 later
        +5 later
        -> +6 A1 told CH1, dispatch supervisor (owner CH1)
        +6 later
        -> +11 A1 told force incident manager, dispatch supervisor (owner force incident manager)
        +11 later
        -> +21 A1 told duty chief inspector, force incident manager (owner force incident manager)
        +21 later
        -> +26 A1 told duty chief inspector, force incident manager (owner force incident manager)
        +26 DD1 rosters DC14
        +27 DD1 deploys DC14
        -> +27 done
        ",
    );
}

#[test]
fn a_quiet_priority_log_goes_up_every_fifteen_minutes() {
    // Case 9. Reading, accepting and 'no action required' are not acting; ringing back is, and the
    // fifteen minutes then begin again.
    check(
        Rule::NobodyActed,
        "
        +0 CH1 opens concern for safety: he feels like ending it all
        +2 CH1 grades 2: nobody can say where he is
        -> +2 owed by CH1 due +17
        +3 CH1 passes
        -> +3 goes to dispatcher
        +10 DD1 accepts
        -> +10 goes to DD1
        +16 TL1 reads 0
        -> +17 A2 told dispatch supervisor, team leader (owner dispatch supervisor)
        +17 TL1 writes: no action required
        -> +32 A2 told dispatch supervisor, team leader (owner dispatch supervisor)
        +32 TL1 reads 1
        +33 TL1 writes: seen and noted
        -> +47 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        +47 later
        -> +62 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        +62 later
        +70 DD1 rings back: no answer
        -> +70 again due +85
        -> +85 A2 told dispatch supervisor, team leader (owner dispatch supervisor)
        +85 later
        +90 DD1 rosters DC14
        +91 DD1 deploys DC14
        -> +91 again due +106
        +95 PC1 status DC14 6 read out
        -> +95 done
        +200 later
        ",
    );
}

#[test]
fn a_silent_log_is_noticed() {
    // Reading and opening the SOP put nothing on it; a line does.
    check(
        Rule::NothingWritten,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +31
        +20 DD1 writes: the desk has no units
        -> +31 again due +50
        +40 DD1 reads 1
        -> +50 A2 told CH1 (owner CH1)
        +50 later
        -> +65 A2 told CH1, dispatch supervisor (owner CH1)
        +65 later
        +66 DD1 writes: asked the next district
        -> +66 again due +96
        -> +96 A2 told CH1 (owner CH1)
        +96 later
        +97 DS1 grades 3: the informant agreed to a visit tomorrow
        -> +97 overtaken
        ",
    );
}

#[test]
fn a_critical_entry_is_read_by_the_owner() {
    // The supervisor who reads it is not the owner; the owner's own entry needs no reading.
    check(
        Rule::CriticalUnread,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 passes
        +3 DD1 accepts
        +4 CH2 writes critical: MARAC, he is violent
        -> +4 owed '1' by DD1 due +9
        -> +4 A3 '1' told DD1 (owner DD1)
        +5 TL1 reads 1
        -> +9 A2 '1' told DD1 (owner DD1)
        +9 later
        -> +14 A2 '1' told DD1, dispatch supervisor (owner DD1)
        +14 later
        -> +29 A2 '1' told DD1, force incident manager (owner DD1)
        +29 DD1 reads 1
        -> +29 done '1'
        +30 DD1 writes critical: welfare check asked for
        +31 SO1 marks weapons: a knife in the kitchen
        -> +31 owed '2' by DD1 due +36
        -> +31 A3 '2' told DD1 (owner DD1)
        +32 DD1 gives log to DD2: end of my turn
        -> +32 goes '2' to DD2
        +33 DD1 reads 2
        +34 DD2 reads 2
        -> +34 done '2'
        ",
    );
}

#[test]
fn a_second_chasing_call_goes_up() {
    check(
        Rule::CallerChasing,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +60 CH1 receives 101
        +61 CH1 links 1 chasing
        +70 CH2 receives 101
        +71 CH2 links 2 chasing
        -> +71 owed '2 calls' by dispatch supervisor due +71
        -> +71 A2 '2 calls' told dispatch supervisor, team leader (owner dispatch supervisor)
        -> +86 A2 '2 calls' told force incident manager, dispatch supervisor (owner force incident manager)
        +86 later
        +90 CH2 receives 101
        +91 CH2 links 3 chasing
        -> +91 overtaken '2 calls'
        -> +91 owed '3 calls' by dispatch supervisor due +91
        -> +91 A2 '3 calls' told dispatch supervisor, team leader (owner dispatch supervisor)
        +92 DD1 rosters DC14
        +93 DD1 deploys DC14
        -> +93 done '3 calls'
        ",
    );
}

#[test]
fn due_times_are_instants_over_both_clock_changes() {
    // 01:00 UTC on 29 March and 25 October 2026: local time jumps, fifteen minutes do not.
    for change in [1_774_746_000_000_i64, 1_792_890_000_000] {
        let mut w = World::new().watching(&[Rule::NobodyActed]);
        w.wait_until(rules::time::Instant(change - 600_000));
        let at = |w: &World| w.at;
        let begun = at(&w);
        w.act(&crate::world::by("CH1"), crate::world::words::command(&w.s, w.at, "opens theft"))
            .expect("it opens");
        w.act(&crate::world::by("CH1"), crate::world::words::command(&w.s, w.at, "grades 2"))
            .expect("it is graded");
        let told = |w: &World| {
            let fired = |e: &rules::event::Event| {
                matches!(e, rules::event::Event::ObligationFired { obligation, .. }
                if w.s.obligations.get(obligation).is_some_and(|o| o.rule == Rule::NobodyActed))
            };
            w.done
                .iter()
                .filter(|(e, _)| fired(e))
                .map(|(_, m)| m.recorded_at.since(begun).0 / 60_000)
                .collect::<Vec<_>>()
        };
        w.wait_until(rules::time::Instant(change + 3_600_000));
        assert_eq!(told(&w), [15, 30, 45, 60]);
    }
}

#[test]
fn a_log_opened_again_goes_up_again() {
    check_in(
        World::new().watching(&[Rule::NobodyActed, Rule::Unresourced, Rule::PassOn]),
        "
        +0 CH1 opens contact record
        -> +0 owed pass_on by CH1 due +2
        +1 CH1 grades 2
        -> +1 owed unresourced by CH1 due +16; owed nobody_acted by CH1 due +16
        -> +1:30 A3 pass_on told CH1 (owner CH1)
        -> +2 A2 pass_on told CH1 (owner CH1)
        +2 CH1 opens sop
        +3 CH1 settles recipient here: yes
        +4 CH1 settles risk asked: none
        +5 CH1 assesses
        +6 CH1 tells: passed on
        -> +7 A2 pass_on told team leader (owner team leader)
        +7 SO1 records police intelligence: nothing
        +8 CH1 closes message passed
        -> +8 closed pass_on; closed unresourced; closed nobody_acted
        +60 CH2 reopens: she rang again
        -> +60 owed pass_on by CH2 due +62; owed unresourced by CH2 due +75; owed nobody_acted by CH2 due +75
        -> +61:30 A3 pass_on told CH2 (owner CH2)
        -> +62 A2 pass_on told CH2 (owner CH2)
        +62 later
        -> +67 A2 pass_on told team leader (owner team leader)
        -> +71:15 A3 unresourced told CH2 (owner CH2)
        -> +75 A2 unresourced told dispatch supervisor, CH2 (owner CH2)
        -> +75 A2 nobody_acted told dispatch supervisor, team leader (owner dispatch supervisor)
        +75 later
        ",
    );
}

/// A priority log that was attended and closed.
const ATTENDED_AND_CLOSED: &str = "
    +0 CH1 opens contact record
    +1 CH1 grades 2
    +2 CH1 opens sop
    +3 CH1 settles recipient here: yes
    +4 CH1 settles risk asked: none
    +5 CH1 assesses
    +6 CH1 tells: passed on
    +6 SO1 records police intelligence: nothing
    +7 CH1 passes
    +8 DD1 accepts
    +9 DD1 rosters DC14
    +10 DD1 deploys DC14
    +10 PC1 confirms DC14
    +20 PC1 status DC14 6 read out
    +29 DD1 releases DC14: done there
    +30 PC1 status DC14 2
    +31 DD1 tells: it was seen to
    +32 DD1 closes message passed
    ";

/// The same, opened again.
fn opened_again(rules: &[Rule]) -> World {
    let mut w = World::new();
    let said = w.run(ATTENDED_AND_CLOSED);
    assert!(w.log(1).closed.is_some(), "it is not closed: {said}");
    w.watching(rules)
}

#[test]
fn an_attended_log_opened_again_waits_for_a_unit_again() {
    check_in(
        opened_again(&[Rule::Unresourced]),
        "
        +60 CH2 reopens: he is back
        -> +60 owed by CH2 due +75
        -> +71:15 A3 told CH2 (owner CH2)
        +72 later
        +73 DD1 deploys DC14
        -> +73 done
        +74 DD1 releases DC14: needed elsewhere
        -> +74 owed by CH2 due +89
        ",
    );
}

#[test]
fn the_target_times_of_an_attended_log_count_from_its_opening_again() {
    let w = check_in(
        opened_again(&[Rule::DeployTarget, Rule::ArriveTarget]),
        "
        +60 CH2 reopens: he is back
        -> +60 owed deploy_target by CH2 due +75; owed arrive_target by CH2 due +120
        +61 DD1 deploys DC14
        -> +61 done deploy_target
        +70 CH2 grades 1
        -> +70 overtaken arrive_target
        -> +70 owed arrive_target by CH2 due +75
        ",
    );
    assert!(w.log(1).first_arrival().is_none(), "an arrival before it was opened again counts");
    let runs = rules::views::countdown::running(w.log(1), &w.s.policy).expect("a clock runs");
    assert_eq!(runs.from, w.log(1).reopened_at.expect("it was opened again"));
    check_in(
        w,
        "
        -> +71:15 A3 arrive_target told CH2 (owner CH2)
        +72 PC1 status DC14 6 read out
        -> +72 done arrive_target
        ",
    );
}
