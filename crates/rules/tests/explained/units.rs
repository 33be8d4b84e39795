//! Sent, confirmed, released, diverted, heard from.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends, and says where")]

use crate::world::{World, check, check_in};
use rules::command::{Command, OwnObligation, RosterUnit, SetStatus};
use rules::name::{CallSign, Label, StaffId, Words};
use rules::obligation::{Rule, Subject};
use rules::policy::Policy;
use rules::role::{By, Role};
use rules::state::State;
use rules::time::{Instant, LocalDay, Now, Span};

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

/// A unit with a crew whose emergency button has been pressed at minute 2.
fn in_trouble() -> (State, By) {
    let policy = Policy::parse(include_str!("../../../../policy/default.toml")).unwrap();
    let mut s = State::new(policy);
    let staff = |name: &str, role| By { staff: StaffId::parse(name).unwrap(), role };
    let (dispatcher, officer) = (staff("DD1", Role::Dispatcher), staff("PC1", Role::Officer));
    let roster = RosterUnit {
        call_sign: CallSign::parse("DC14").unwrap(),
        crew: vec![officer.staff.clone()],
        skills: Vec::new(),
        equipment: Vec::new(),
        kind: Label::parse("response").unwrap(),
        district: None,
        radio: None,
        shift: None,
    };
    asked(&mut s, &dispatcher, roster, None, 0).unwrap();
    asked(&mut s, &officer, status(0), None, 2).unwrap();
    (s, officer)
}

fn status(status: u8) -> SetStatus {
    SetStatus {
        call_sign: CallSign::parse("DC14").unwrap(),
        status,
        card_read_out: false,
        seen: None,
    }
}

fn asked(
    s: &mut State,
    by: &By,
    command: impl Into<Command>,
    happened: Option<i64>,
    minute: i64,
) -> Result<(), rules::refused::Refused> {
    let at = |minute| Instant(1_764_590_400_000) + Span::minutes(minute);
    let now = Now { at: at(minute), day: LocalDay(20_251_201) };
    rules::decide::act(s, by, &command.into(), happened.map(at), now).map(|_| ())
}

#[test]
fn a_status_from_before_that_arrives_late_does_not_end_an_emergency() {
    let (mut s, officer) = in_trouble();
    let unit = Subject::Unit(CallSign::parse("DC14").unwrap());
    asked(&mut s, &officer, status(6), Some(1), 3).unwrap();
    assert!(s.owed(&unit, Rule::OfficerEmergency).is_some(), "a queued status ended it");
    assert_eq!(s.units.values().next().unwrap().status, 0);
    asked(&mut s, &officer, status(2), None, 4).unwrap();
    assert!(s.owed(&unit, Rule::OfficerEmergency).is_none());
}

#[test]
fn an_officer_reports_for_their_own_unit_only() {
    let (mut s, _) = in_trouble();
    let other = By { staff: StaffId::parse("PC9").unwrap(), role: Role::Officer };
    let refused = asked(&mut s, &other, status(2), None, 3).unwrap_err();
    assert!(refused.sentence.starts_with("you are not on DC14"), "{refused}");
}

#[test]
fn taking_an_emergency_on_keeps_it_lit_and_its_clock_going() {
    let (mut s, _) = in_trouble();
    let unit = Subject::Unit(CallSign::parse("DC14").unwrap());
    let now = Instant(1_764_590_400_000) + Span::minutes(2);
    rules::decide::tick(&mut s, now).unwrap();
    let (id, next_at) = s.owed(&unit, Rule::OfficerEmergency).map(|o| (o.id, o.next_at)).unwrap();
    let dispatcher = By { staff: StaffId::parse("DD1").unwrap(), role: Role::Dispatcher };
    let words = Words::parse("on it").unwrap();
    asked(&mut s, &dispatcher, OwnObligation { obligation: id, words }, None, 2).unwrap();
    assert_eq!(s.obligations.get(&id).map(|o| o.next_at), Some(next_at));
    assert!(s.alarms.rolled.values().any(|rolled| rolled.lit.contains(&id)), "it went dark");
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

#[test]
fn what_the_radio_network_says_is_on_the_log_and_an_emergency_is_never_lost() {
    use rules::command::{Radio, RadioEvent, RadioSaid};
    use rules::name::Label;
    let policy = Policy::parse(include_str!("../../../../policy/default.toml")).unwrap();
    let mut s = State::new(policy);
    let staff = |name: &str, role| By { staff: StaffId::parse(name).unwrap(), role };
    let gateway = staff("radio-1", Role::RadioGateway);
    let label = |text: &str| Label::parse(text).unwrap();
    let dc14 = CallSign::parse("DC14").unwrap();
    let roster = RosterUnit {
        call_sign: dc14.clone(),
        crew: Vec::new(),
        skills: Vec::new(),
        equipment: Vec::new(),
        kind: label("response"),
        district: None,
        radio: Some(Radio { talk_group: Some(label("Central 1")), ids: vec![label("70014")] }),
        shift: None,
    };
    asked(&mut s, &staff("DD1", Role::Dispatcher), roster, None, 0).unwrap();
    let say = |radio: &str, said: RadioSaid| RadioEvent { radio: label(radio), said };
    asked(&mut s, &gateway, say("70014", RadioSaid::Status(3)), None, 1).unwrap();
    assert_eq!(s.units.get(&dc14).unwrap().status, 3);
    // A status that is none is kept, and said not to have been taken over.
    asked(&mut s, &gateway, say("70014", RadioSaid::Status(77)), None, 1).unwrap();
    assert_eq!(s.units.get(&dc14).unwrap().status, 3);
    let unknown = asked(&mut s, &gateway, say("9", RadioSaid::Status(3)), None, 1).unwrap_err();
    assert!(unknown.sentence.contains("enter it on the roster"), "{unknown:?}");
    asked(&mut s, &gateway, say("70014", RadioSaid::Emergency), None, 2).unwrap();
    let owed = |s: &State, unit: &CallSign| {
        s.owed(&Subject::Unit(unit.clone()), Rule::OfficerEmergency).is_some()
    };
    assert!(s.units.get(&dc14).unwrap().status == 0 && owed(&s, &dc14));
    // The button of a radio that is on no unit comes on the board by its number.
    asked(&mut s, &gateway, say("70099", RadioSaid::Emergency), None, 3).unwrap();
    let by_number = CallSign::parse("70099").unwrap();
    assert!(s.units.get(&by_number).unwrap().status == 0 && owed(&s, &by_number));
}
