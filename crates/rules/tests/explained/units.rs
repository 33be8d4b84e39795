//! Sent, confirmed, released, diverted, heard from.

use crate::world::{World, check, check_in};
use rules::obligation::Rule;

#[test]
fn a_deployment_is_confirmed_by_both_sides() {
    check(
        Rule::DeploymentUnconfirmed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 DD1 rosters DC14
        +3 DD1 deploys DC14
        -> +3 owed 'DC14' by CH1 due +5
        -> +5 A3 'DC14' told CH1 (owner CH1)
        +5 DD1 writes: DC14 goes
        -> +8 A2 'DC14' told CH1 (owner CH1)
        +8 later
        -> +15 A2 'DC14' told CH1, dispatch supervisor (owner CH1)
        +15 PC1 confirms DC14
        -> +15 done 'DC14'
        +16 DD1 rosters DC15
        +17 DD1 deploys DC15
        -> refused: log 20261121-0001 has a unit already: say why one more is sent
        +18 DD1 deploys DC15: one more
        -> +18 owed 'DC15' by CH1 due +20
        +19 PC2 status DC15 5
        -> +19 done 'DC15'
        +20 PC2 confirms DC15
        -> refused: DC15 has confirmed already
        ",
    );
}

#[test]
fn a_release_is_confirmed_by_both_sides() {
    check(
        Rule::ReleaseUnconfirmed,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 DD1 rosters DC14
        +3 DD1 deploys DC14
        +10 DD1 releases DC14: needed elsewhere
        -> +10 owed 'DC14' by CH1 due +15
        -> +15 A3 'DC14' told CH1 (owner CH1)
        +15 DD1 removes DC14
        -> refused: DC14 has not confirmed its release from log 20261121-0001: confirm it first
        -> +18 A2 'DC14' told CH1 (owner CH1)
        +18 later
        -> +25 A2 'DC14' told CH1, dispatch supervisor (owner CH1)
        +25 later
        +26 PC1 confirms release DC14
        -> +26 done 'DC14'
        +27 PC1 confirms release DC14
        -> refused: DC14 has nothing to confirm on log 20261121-0001
        +28 DD1 removes DC14
        ",
    );
}

#[test]
fn a_job_left_behind_goes_back_loudly() {
    check(
        Rule::LeftBehind,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 opens violence
        +3 CH1 grades 1 #2
        +4 DD1 rosters DC14
        +5 DD1 rosters DC15
        +6 DD1 deploys DC14
        +7 DD1 diverts DC14 to 2 covered: a fight
        -> refused: no other unit is on log 20261121-0001: put it back to the queue, or name the unit that covers it
        +8 DD1 diverts DC14 to 2 requeue: a fight
        -> +8 owed by CH1 due +8
        -> +8 A2 told CH1, dispatch supervisor (owner CH1)
        -> +18 A2 told dispatch supervisor (owner dispatch supervisor)
        +18 DS1 writes: seen and noted
        -> +33 A2 told force incident manager (owner force incident manager)
        +33 later
        -> +48 A2 told force incident manager (owner force incident manager)
        +48 later
        +50 DD1 deploys DC15
        -> +50 done
        ",
    );
}

#[test]
fn a_divert_decides_what_becomes_of_the_job_left_behind() {
    let w = check_in(
        World::new().watching(&[Rule::LeftBehind, Rule::ReleaseUnconfirmed]),
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 CH1 opens violence
        +3 CH1 grades 1 #2
        +4 DD1 rosters DC14
        +5 DD1 rosters DC15
        +6 DD1 diverts DC14 to 2 requeue
        -> refused: DC14 is on no log: deploy it instead
        +7 DD1 deploys DC14
        +8 DD1 deploys DC14 #2
        -> refused: DC14 is on log 20261121-0001: divert it, and say what becomes of that job
        +9 DD1 diverts DC14 to 1 requeue
        -> refused: DC14 is on log 20261121-0001 already
        +10 DD1 diverts DC14 to 2 with DC15: a fight
        -> +10 owed release_unconfirmed 'DC14' by CH1 due +15; owed left_behind by CH1 due +10
        -> +10 done left_behind
        ",
    );
    assert!(w.log(1).is_resourced(), "DC15 covers the first job");
    assert!(w.log(2).active_units().any(|d| d.call_sign.as_str() == "DC14"));
}

#[test]
fn an_officer_at_a_scene_is_heard_from() {
    check(
        Rule::OfficerWelfare,
        "
        +0 CH1 opens theft
        +1 CH1 grades 2
        +2 DD1 rosters DC14
        +3 DD1 deploys DC14
        +10 PC1 status DC14 6 read out
        -> +10 owed 'DC14' by CH1 due +40
        +30 PC1 checks in DC14
        -> +40 again 'DC14' due +60
        -> +60 A2 'DC14' told CH1 (owner CH1)
        +60 DD1 writes: no answer on the radio
        -> +65 A1 'DC14' told CH1, dispatch supervisor (owner CH1)
        +65 later
        -> +70 A1 'DC14' told force incident manager, dispatch supervisor (owner force incident manager)
        +70 later
        +72 PC1 checks in DC14
        -> +72 again 'DC14' due +102
        +80 DD1 releases DC14: dealt with
        -> +80 overtaken 'DC14'
        ",
    );
}

#[test]
fn an_officer_emergency_is_never_quiet() {
    check_in(
        World::new().watching(&[Rule::OfficerEmergency]).hearing(),
        "
        +0 DD1 rosters DC14
        +1 PC1 status DC14 0
        -> +1 owed by dispatcher due +1
        -> +1 A1 told dispatcher, dispatch supervisor, force incident manager (owner dispatcher)
        -> +1 A1 sounds at dispatcher: 1 x officer_emergency (first)
        -> +1 A1 sounds at dispatch supervisor: 1 x officer_emergency (first)
        -> +1 A1 sounds at force incident manager: 1 x officer_emergency (first)
        +1 DD1 silences officer_emergency
        +2 DD1 delays officer_emergency +5: they often press it
        -> refused: an officer's emergency cannot be delayed: send help
        +2 DD1 removes DC14
        -> refused: DC14 has called for help: set another status when the emergency is over
        -> +3 A1 told dispatcher, dispatch supervisor, force incident manager, duty chief inspector (owner dispatcher)
        -> +3 A1 sounds at duty chief inspector: 1 x officer_emergency (first)
        +3 later
        -> +4 A1 told dispatcher, dispatch supervisor, force incident manager, duty chief inspector (owner dispatcher)
        +4 later
        -> +5 A1 told dispatcher, dispatch supervisor, force incident manager, duty chief inspector (owner dispatcher)
        +5 PC1 status DC14 2
        -> +5 done
        ",
    );
}

#[test]
fn the_risk_card_is_opened_before_at_scene() {
    let w = check_in(
        World::new(),
        "
        +0 CH1 opens theft
        +1 DD1 rosters DC14
        +2 DD1 deploys DC14
        +3 PC1 status DC14 6
        -> refused: DC14 has not opened the risk card: open it before 'at scene', or read it out over the radio and say so
        +4 PC1 opens card DC14
        +5 PC1 status DC14 6
        +6 PC1 status DC14 17
        -> refused: 17 is not a unit status: they go from 0 to 16
        ",
    );
    let d = w.log(1).active_units().next().expect("it is there");
    assert_eq!(d.card_opened_at, Some(crate::world::START + rules::time::Span::minutes(4)));
    assert_eq!(d.at_scene_at, Some(crate::world::START + rules::time::Span::minutes(5)));
}
