//! How obligations sound: rolled up, again only when worse, never in a flood.

use crate::world::{World, check_in, number};
use rules::event::Event;
use rules::obligation::Rule;
use rules::policy::Level;

/// So many priority logs, opened and graded a second apart, accepted by DD1.
fn many(w: &mut World, from: u32, n: u32) {
    let mut table = String::new();
    for i in from..from + n {
        table.push_str(&format!("+0 CH1 opens theft\n+0 CH1 grades 2 #{i}\n"));
        table.push_str(&format!("+0 CH1 passes #{i}\n+0 DD1 accepts #{i}\n"));
    }
    w.run(&table);
}

fn sounds(w: &World, rule: Rule) -> Vec<(String, u32)> {
    let sound = |e: &Event| match e {
        Event::Annunciated { position, rule: r, heard, .. } if *r == rule => {
            Some((position.to_string(), heard.count))
        }
        _ => None,
    };
    w.done.iter().filter_map(|(e, _)| sound(e)).collect()
}

#[test]
fn nine_logs_over_target_are_one_alarm_that_grows() {
    let mut w = World::new();
    many(&mut w, 1, 9);
    w.run("+15 later");
    // The badges before the target had no sound, and the nine are one sound.
    assert_eq!(sounds(&w, Rule::DeployTarget), [("DD1".to_owned(), 9)]);
}

#[test]
fn a_roll_up_sounds_again_only_when_it_is_worse() {
    check_in(
        World::new().watching(&[Rule::NobodyActed]).hearing(),
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +16
        -> +16 A2 told dispatch supervisor, team leader (owner dispatch supervisor)
        -> +16 A2 sounds at team leader: 1 x nobody_acted (first)
        +16 later
        -> +31 A2 told dispatch supervisor, team leader (owner dispatch supervisor)
        -> +31 A2 sounds at team leader: 1 x nobody_acted (age)
        +31 later
        -> +46 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        -> +46 A2 sounds at dispatch supervisor: 1 x nobody_acted (age)
        -> +46 A2 sounds at team leader: 1 x nobody_acted (age)
        +46 later
        -> +61 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        +61 later
        -> +76 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        -> +76 A2 sounds at dispatch supervisor: 1 x nobody_acted (age)
        -> +76 A2 sounds at team leader: 1 x nobody_acted (age)
        +76 later
        -> +91 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        -> +106 A2 told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        +106 later
        ",
    );
}

#[test]
fn a_more_urgent_grade_is_heard_among_others() {
    let w = check_in(
        World::new().watching(&[Rule::NothingWritten]),
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        -> +1 owed by CH1 due +31
        +10 CH1 opens theft
        +20 CH1 grades 1 #2
        -> +20 owed by CH1 due +35
        -> +31 A2 told CH1 (owner CH1)
        +31 later
        -> +35 A2 told CH1 (owner CH1)
        +35 later
        ",
    );
    let why = w.done.iter().filter_map(|(e, _)| match e {
        Event::Annunciated { rule: Rule::NothingWritten, why, .. } => Some(format!("{why:?}")),
        _ => None,
    });
    assert_eq!(why.collect::<Vec<_>>(), ["First", "Grade"]);
}

#[test]
fn silencing_is_no_action_and_the_ladder_goes_on() {
    check_in(
        World::new().watching(&[Rule::DeployTarget]).hearing(),
        "
        +0 CH1 opens theft
        +0 CH1 grades 2
        -> +0 owed by CH1 due +15
        +0 CH1 passes
        -> +0 goes to dispatcher
        +0 DD1 accepts
        -> +0 goes to DD1
        -> +11:15 A3 told DD1 (owner DD1)
        -> +15 A2 told DD1 (owner DD1)
        -> +15 A2 sounds at DD1: 1 x deploy_target (first)
        +15 DD1 silences deploy_target
        +16 DD2 silences deploy_target
        -> refused: nothing sounds at your position for 'a unit sent within the target'
        -> +30 A2 told dispatch supervisor (owner dispatch supervisor)
        -> +30 A2 sounds at dispatch supervisor: 1 x deploy_target (age)
        +30 later
        ",
    );
}

#[test]
fn in_a_flood_only_critical_alarms_sound_and_the_leader_is_told() {
    let mut policy = crate::world::policy();
    policy.alarm.flood_more_than = 2;
    check_in(
        World::with(policy, "CH1 DD1 DS1 TL1 FIM1")
            .watching(&[Rule::Unresourced, Rule::CriticalUnread, Rule::NobodyActed])
            .hearing(),
        "
        +0 CH1 opens theft
        +0 CH1 grades 2
        -> +0 owed unresourced by CH1 due +15; owed nobody_acted by CH1 due +15
        +0 CH1 passes
        -> +0 goes unresourced to dispatcher
        -> +0 goes nobody_acted to dispatcher
        +0 DD1 accepts
        -> +0 goes unresourced to DD1
        -> +0 goes nobody_acted to DD1
        +4 CH2 writes critical: a knife
        -> +4 owed critical_unread '1' by DD1 due +9
        -> +4 A3 critical_unread '1' told DD1 (owner DD1)
        +5 CH1 opens theft
        +5 CH1 grades 1 #2
        -> +5 owed unresourced by CH1 due +10; owed nobody_acted by CH1 due +20
        +5 CH1 passes #2
        -> +5 goes unresourced to dispatcher
        -> +5 goes nobody_acted to dispatcher
        +5 DD1 accepts #2
        -> +5 goes unresourced to DD1
        -> +5 goes nobody_acted to DD1
        -> +9 A2 critical_unread '1' told DD1 (owner DD1)
        -> +9 A2 sounds at DD1: 1 x critical_unread (first)
        -> +10 A1 unresourced told DD1, dispatch supervisor (owner DD1)
        -> +10 A1 sounds at DD1: 1 x unresourced (critical)
        -> +10 A1 sounds at dispatch supervisor: 1 x unresourced (first)
        +11 CH1 opens theft
        +11 CH1 grades 1 #3
        -> +11 owed unresourced by CH1 due +16; owed nobody_acted by CH1 due +26
        -> +11:15 A3 unresourced told DD1 (owner DD1)
        -> +14 A2 critical_unread '1' told DD1, dispatch supervisor (owner DD1)
        -> +14 A2 sounds at dispatch supervisor: 1 x critical_unread (first)
        -> +15 A2 unresourced told dispatch supervisor, DD1 (owner DD1)
        -> +15 A2 nobody_acted told dispatch supervisor, team leader (owner dispatch supervisor)
        -> +15 A2 sounds at team leader: 1 x nobody_acted (first)
        -> +15 A1 unresourced told force incident manager, dispatch supervisor (owner force incident manager)
        -> +15 A1 sounds at force incident manager: 1 x unresourced (first)
        -> +15 flood at dispatcher, told team leader
        -> +16 A1 unresourced told CH1, dispatch supervisor (owner CH1)
        -> +16 A1 sounds at CH1: 1 x unresourced (critical)
        -> +16 A1 sounds at dispatch supervisor: 3 x unresourced (critical)
        +16 later
        ",
    );
}

#[test]
fn what_is_left_is_heard_when_the_worst_is_gone() {
    // Log 1 is an hour late and then resourced: log 2 must not need an hour to be heard.
    check_in(
        World::new().watching(&[Rule::NothingWritten]).hearing(),
        "
        +0 CH1 opens theft
        +0 CH1 grades 2
        -> +0 owed by CH1 due +30
        -> +30 A2 told CH1 (owner CH1)
        -> +30 A2 sounds at CH1: 1 x nothing_written (first)
        -> +45 A2 told CH1, dispatch supervisor (owner CH1)
        -> +45 A2 sounds at CH1: 1 x nothing_written (age)
        -> +45 A2 sounds at dispatch supervisor: 1 x nothing_written (first)
        -> +60 A2 told CH1, dispatch supervisor (owner CH1)
        -> +60 A2 sounds at CH1: 1 x nothing_written (age)
        -> +60 A2 sounds at dispatch supervisor: 1 x nothing_written (age)
        +70 CH1 opens theft
        +70 CH1 grades 2 #2
        -> +70 owed by CH1 due +100
        -> +75 A2 told CH1, dispatch supervisor (owner CH1)
        -> +90 A2 told CH1, dispatch supervisor (owner CH1)
        -> +90 A2 sounds at CH1: 1 x nothing_written (age)
        -> +90 A2 sounds at dispatch supervisor: 1 x nothing_written (age)
        -> +100 A2 told CH1 (owner CH1)
        +101 CH1 writes: a unit comes from the next district
        -> +101 again due +131
        -> +115 A2 told CH1, dispatch supervisor (owner CH1)
        -> +115 A2 sounds at CH1: 1 x nothing_written (age)
        -> +115 A2 sounds at dispatch supervisor: 1 x nothing_written (first)
        +115 later
        ",
    );
}

#[test]
fn an_a1_sounds_for_itself_the_first_time() {
    let mut w = World::new();
    w.run(
        "
        +0 CH1 opens theft
        +0 CH1 grades 1
        +1 CH1 opens theft
        +1 CH1 grades 1 #2
        +6 later
        ",
    );
    let critical = w.done.iter().filter(|(e, _)| {
        matches!(e, Event::Annunciated { rule: Rule::Unresourced, level: Level::A1, .. })
    });
    // Both logs, at the owner and at the dispatch supervisor.
    assert_eq!(critical.count(), 4);
    assert_eq!(w.log(2).number, number(2));
}

#[test]
fn what_worsens_within_the_time_to_respond_sounds_when_it_is_over() {
    let mut w = World::new();
    many(&mut w, 1, 1);
    let mut table = String::new();
    for i in 2..=7 {
        table.push_str(&format!("+5 CH1 opens theft\n+5 CH1 grades 2 #{i}\n"));
        table.push_str(&format!("+5 CH1 passes #{i}\n+5 DD1 accepts #{i}\n"));
    }
    w.run(&table);
    w.run("+29 later");
    let at_dd1 = |w: &World| -> Vec<u32> {
        let rolled = [Rule::DeployTarget, Rule::Unresourced, Rule::NobodyActed];
        let all = rolled.iter().flat_map(|rule| sounds(w, *rule));
        all.filter(|(position, _)| position == "DD1").map(|(_, n)| n).collect()
    };
    assert_eq!(at_dd1(&w), [1], "seven are seen; the sound of the first is still to be answered");
    assert!(w.done.iter().any(|(e, _)| matches!(e, Event::AlarmHeld { .. })));
    w.run("+31 later");
    assert_eq!(at_dd1(&w).len(), 2, "{:?}", at_dd1(&w));
}

#[test]
fn a_flood_ends_and_nothing_that_was_held_is_forgotten() {
    let mut policy = crate::world::policy();
    policy.alarm.flood_more_than = 2;
    let mut w = World::with(policy, "CH1 DD1 DS1 TL1 FIM1");
    many(&mut w, 1, 6);
    w.run("+180 later");
    let n = |of: fn(&Event) -> bool| w.done.iter().filter(|(e, _)| of(e)).count();
    let began = n(|e| matches!(e, Event::FloodBegan { .. }));
    let ended = n(|e| matches!(e, Event::FloodEnded { .. }));
    assert!(began > 0, "there was a flood");
    assert_eq!(began, ended + w.s.alarms.flooded.size());
    for (at, (event, _)) in w.done.iter().enumerate() {
        let Event::AlarmHeld { position, rule, .. } = event else { continue };
        let later = w.done.iter().skip(at + 1).any(|(e, _)| match e {
            Event::Annunciated { position: p, rule: r, .. } => {
                p == position && w.s.policy.alarm.rolls_up_as(*r) == *rule
            }
            Event::AlarmLetGo { position: p, rule: r } => p == position && r == rule,
            _ => false,
        });
        let held = w.s.alarms.held.iter().any(|(_, p, r)| p == position && r == rule);
        let out = !w.s.alarms.rolled.contains_key(&(position.clone(), *rule));
        assert!(later || held || out, "{event:?} is neither heard, let go nor held");
    }
}

#[test]
fn what_is_critical_and_new_is_heard_though_another_has_just_gone_out() {
    check_in(
        World::new().watching(&[Rule::OfficerEmergency]).hearing(),
        "
        +0 DD1 rosters DC14
        +0 DD1 rosters DC15
        +1 PC1 status DC14 0
        -> +1 owed by dispatcher due +1
        -> +1 A1 told dispatcher, dispatch supervisor, force incident manager (owner dispatcher)
        -> +1 A1 sounds at dispatcher: 1 x officer_emergency (first)
        -> +1 A1 sounds at dispatch supervisor: 1 x officer_emergency (first)
        -> +1 A1 sounds at force incident manager: 1 x officer_emergency (first)
        +2 PC1 status DC14 2
        -> +2 done
        +3 PC2 status DC15 0
        -> +3 owed by dispatcher due +3
        -> +3 A1 told dispatcher, dispatch supervisor, force incident manager (owner dispatcher)
        -> +3 A1 sounds at dispatcher: 1 x officer_emergency (first)
        -> +3 A1 sounds at dispatch supervisor: 1 x officer_emergency (first)
        -> +3 A1 sounds at force incident manager: 1 x officer_emergency (first)
        ",
    );
}

#[test]
fn whoever_hears_it_at_their_desk_does_not_hear_it_twice() {
    let mut w = World::with(crate::world::policy(), "CH1 DS1 TL1 FIM1");
    w.run(
        "
        +0 CH1 opens theft
        +0 CH1 grades 1
        +0 CH1 passes
        +0 DS1 accepts
        +5 later
        ",
    );
    assert_eq!(sounds(&w, Rule::Unresourced), [("dispatch supervisor".to_owned(), 1)]);
}

#[test]
fn nobody_acts_on_a_priority_log_for_an_hour() {
    // Learning the Lessons case 9: told again every fifteen minutes, and heard at each step of age.
    let rules = [Rule::DeployTarget, Rule::ArriveTarget, Rule::Unresourced, Rule::NobodyActed];
    check_in(
        World::new().watching(&rules).hearing(),
        "
        +0 CH1 opens theft
        +0 CH1 grades 2
        -> +0 owed deploy_target by CH1 due +15; owed arrive_target by CH1 due +60; owed unresourced by CH1 due +15; owed nobody_acted by CH1 due +15
        +0 CH1 passes
        -> +0 goes deploy_target to dispatcher
        -> +0 goes arrive_target to dispatcher
        -> +0 goes unresourced to dispatcher
        -> +0 goes nobody_acted to dispatcher
        +0 DD1 accepts
        -> +0 goes deploy_target to DD1
        -> +0 goes arrive_target to DD1
        -> +0 goes unresourced to DD1
        -> +0 goes nobody_acted to DD1
        -> +11:15 A3 deploy_target told DD1 (owner DD1)
        -> +11:15 A3 unresourced told DD1 (owner DD1)
        -> +15 A2 deploy_target told DD1 (owner DD1)
        -> +15 A2 sounds at DD1: 1 x deploy_target (first)
        -> +15 A2 unresourced told dispatch supervisor, DD1 (owner DD1)
        -> +15 A2 sounds at dispatch supervisor: 1 x unresourced (first)
        -> +15 A2 nobody_acted told dispatch supervisor, team leader (owner dispatch supervisor)
        -> +15 A2 sounds at team leader: 1 x nobody_acted (first)
        +15 later
        -> +30 A2 deploy_target told dispatch supervisor (owner dispatch supervisor)
        -> +30 A2 sounds at dispatch supervisor: 1 x deploy_target (age)
        -> +30 A2 unresourced told dispatch supervisor (owner dispatch supervisor)
        -> +30 A2 nobody_acted told dispatch supervisor, team leader (owner dispatch supervisor)
        -> +30 A2 sounds at team leader: 1 x nobody_acted (age)
        +30 later
        -> +45 A2 deploy_target told force incident manager (owner force incident manager)
        -> +45 A2 sounds at force incident manager: 1 x deploy_target (first)
        -> +45 A3 arrive_target told DD1 (owner DD1)
        -> +45 A2 nobody_acted told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        -> +45 A2 sounds at dispatch supervisor: 1 x nobody_acted (age)
        -> +45 A2 sounds at team leader: 1 x nobody_acted (age)
        +45 later
        -> +60 A2 arrive_target told DD1 (owner DD1)
        -> +60 A2 sounds at DD1: 1 x arrive_target (first)
        -> +60 A2 unresourced told force incident manager (owner force incident manager)
        -> +60 A2 nobody_acted told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        -> +75 A2 deploy_target told duty chief inspector, force incident manager (owner force incident manager)
        -> +75 A2 sounds at duty chief inspector: 1 x deploy_target (first)
        -> +75 A2 sounds at force incident manager: 1 x deploy_target (age)
        -> +75 A2 arrive_target told dispatch supervisor (owner dispatch supervisor)
        -> +75 A2 sounds at dispatch supervisor: 1 x arrive_target (age)
        -> +75 A2 nobody_acted told force incident manager, dispatch supervisor, team leader (owner force incident manager)
        -> +75 A2 sounds at team leader: 1 x nobody_acted (age)
        +76 later
        ",
    );
}
