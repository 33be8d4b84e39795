//! Briefings with proof of reading, and the directory of agencies.

use crate::world::{World, by, policy};
use rules::command::*;
use rules::name::{BriefingId, Label, Line, Reason, Title, Words};
use rules::refused::{Refused, RefusedKind};
use rules::role::Role;
use rules::time::Span;
use rules::views::agencies::{agencies, named_in};
use rules::views::briefings::{mine, readers};

fn kind(done: Result<(), Refused>) -> Result<(), RefusedKind> {
    done.map_err(|refused| refused.kind)
}

fn brief(w: &World, title: &str, roles: &[Role], minutes: i64) -> PublishBriefing {
    PublishBriefing {
        title: Title::parse(title).expect("a title"),
        text: Words::parse("Ring the rail control room at once.").expect("a text"),
        roles: roles.to_vec(),
        until: w.at + Span::minutes(minutes),
        read_by: None,
    }
}

#[test]
fn a_briefing_is_owed_by_those_it_is_for_until_they_say_that_they_read_it() {
    let mut w = World::with(policy(), "CH1 DD1 TL1");
    let roles = [Role::CallHandler, Role::Dispatcher];
    let soon = Some(w.at + Span::minutes(30));
    w.act(&by("TL1"), PublishBriefing { read_by: soon, ..brief(&w, "Rail", &roles, 60) })
        .expect("it is sound");
    let id = BriefingId(1);
    let owed = |w: &World, who: &str| mine(&w.s, &by(who), w.at).iter().filter(|b| b.owed).count();
    assert_eq!((owed(&w, "CH1"), owed(&w, "DD1"), owed(&w, "TL1")), (1, 1, 0));
    let of_another = w.act(&by("TL1"), ReadBriefing { briefing: id });
    assert_eq!(kind(of_another), Err(RefusedKind::Forbidden));
    w.act(&by("CH1"), ReadBriefing { briefing: id }).expect("it is for them");
    let again = w.act(&by("CH1"), ReadBriefing { briefing: id });
    assert_eq!(kind(again), Err(RefusedKind::Conflict), "a reading is recorded once");
    assert_eq!((owed(&w, "CH1"), owed(&w, "DD1")), (0, 1));
    let [shown] = &readers(&w.s, &by("TL1"), w.at)[..] else { panic!("one briefing") };
    assert_eq!(shown.read.len(), 1);
    assert_eq!(shown.read[0].by, by("CH1"));
    let unread: Vec<&str> = shown.unread.iter().map(|u| u.staff.as_str()).collect();
    assert_eq!(unread, ["DD1"]);
    w.wait_until(w.at + Span::minutes(31));
    assert!(mine(&w.s, &by("DD1"), w.at)[0].late, "past the time to have read it");
    w.wait_until(w.at + Span::minutes(31));
    assert!(mine(&w.s, &by("DD1"), w.at).is_empty(), "it has ended");
    let ended = w.act(&by("DD1"), ReadBriefing { briefing: id });
    assert_eq!(kind(ended), Err(RefusedKind::NotFound));
}

#[test]
fn a_briefing_for_nobody_or_without_end_is_refused_and_what_is_kept_is_bounded() {
    let mut w = World::with(policy(), "CH1 TL1");
    let leader = by("TL1");
    let all = [Role::CallHandler];
    for wrong in [
        brief(&w, "x", &[], 60),
        brief(&w, "x", &[Role::System], 60),
        brief(&w, "x", &all, 0),
        brief(&w, "x", &all, 400 * 24 * 60),
        PublishBriefing { read_by: Some(w.at), ..brief(&w, "x", &all, 60) },
    ] {
        assert_eq!(kind(w.act(&leader, wrong)), Err(RefusedKind::Invalid));
    }
    for _ in 0..40 {
        w.act(&leader, brief(&w, "one of many", &all, 60)).expect("there is room");
    }
    let more = brief(&w, "one more", &all, 60);
    assert_eq!(kind(w.act(&leader, more.clone())), Err(RefusedKind::Conflict));
    let reason = Reason::parse("it was wrong").expect("a reason");
    w.act(&leader, WithdrawBriefing { briefing: BriefingId(1), reason }).expect("it is shown");
    w.act(&leader, more).expect("there is room again");
    for n in 2..230 {
        let reason = Reason::parse("over").expect("a reason");
        w.act(&leader, WithdrawBriefing { briefing: BriefingId(n), reason }).expect("it is shown");
        w.act(&leader, brief(&w, "next", &all, 60)).expect("there is room");
    }
    assert_eq!(w.s.briefings.size(), 200);
    assert_eq!(mine(&w.s, &by("CH1"), w.at).len(), 40, "what is shown is never forgotten");
}

fn agency(name: &str, of: &str, line: &str) -> EnterAgency {
    let number = AgencyNumber {
        purpose: Label::parse("control room").expect("a purpose"),
        line: Line::parse(line).expect("a number"),
    };
    EnterAgency {
        agency: Label::parse(name).expect("a name"),
        kind: Label::parse(of).expect("a kind"),
        numbers: vec![number],
        hours: None,
        note: None,
        supervisor: None,
        areas: Vec::new(),
        helps_with: Vec::new(),
    }
}

#[test]
fn an_agency_is_found_by_its_words_and_named_by_a_text() {
    let mut w = World::with(policy(), "FIM1");
    let fim = by("FIM1");
    for (name, of, line) in [
        ("Network Rail Wales", "rail", "01632 960100"),
        ("Ambulance control", "ambulance", "01632 960200"),
        ("St. Davids Taxis", "taxi", "01632 960300"),
    ] {
        w.act(&fim, agency(name, of, line)).expect("it is new");
    }
    let names = |found: Vec<&rules::agency::Agency>| -> Vec<String> {
        found.iter().map(|a| a.agency.to_string()).collect()
    };
    assert_eq!(names(agencies(&w.s, "")).len(), 3);
    assert_eq!(names(agencies(&w.s, "RAIL control")), ["Network Rail Wales"]);
    assert_eq!(names(agencies(&w.s, "960300")), ["St. Davids Taxis"]);
    assert_eq!(names(named_in(&w.s, "Ask for two ambulances.")), ["Ambulance control"]);
    assert_eq!(names(named_in(&w.s, "ring Network Rail Wales now")), ["Network Rail Wales"]);
    assert!(named_in(&w.s, "trailing, taxing").is_empty());
    let same = agency("network rail wales", "rail", "01632 960101");
    assert_eq!(kind(w.act(&fim, same)), Err(RefusedKind::Conflict));
    let bare = EnterAgency { numbers: Vec::new(), ..agency("Nobody", "rail", "1") };
    assert_eq!(kind(w.act(&fim, bare)), Err(RefusedKind::Invalid));
    w.act(&fim, agency("Network Rail Wales", "rail", "01632 960199")).expect("it changes");
    let found = agencies(&w.s, "network");
    assert_eq!(found[0].numbers[0].line.as_str(), "01632 960199");
    let gone = Label::parse("Network Rail Wales").expect("a name");
    let reason = Reason::parse("closed").expect("a reason");
    w.act(&fim, RemoveAgency { agency: gone, reason }).expect("it is there");
    assert!(agencies(&w.s, "network").is_empty());
}

#[test]
fn what_is_held_about_an_agency_is_confirmed_in_time() {
    use rules::command::ConfirmAgency;
    use rules::obligation::{Rule, Subject};
    let mut w = World::new();
    let fim = by("FIM1");
    w.act(&fim, agency("Gwent control room", "control room", "01632 960110")).expect("kept");
    let about = Subject::Agency(Label::parse("Gwent control room").expect("a name"));
    let due = |w: &World| w.s.owed(&about, Rule::AgencyStale).map(|o| o.due_at);
    let first = due(&w).expect("it is owed again in ninety days");
    assert_eq!(first, w.at + Span::minutes(90 * 24 * 60));
    w.wait_until(first);
    assert!(w.s.owed(&about, Rule::AgencyStale).expect("owed").level.is_some(), "it is lit");
    let words = Reason::parse("their supervisor, on that number").expect("words");
    let name = Label::parse("Gwent control room").expect("a name");
    w.act(&fim, ConfirmAgency { agency: name.clone(), words }).expect("kept");
    let held = w.s.agencies.get(&name).expect("held").confirmed.clone().expect("confirmed");
    assert_eq!((held.at, held.by.as_str()), (w.at, "FIM1"));
    assert_eq!(due(&w), Some(w.at + Span::minutes(90 * 24 * 60)));
}

#[test]
fn an_agency_that_refuses_is_chased_up_its_ladder() {
    use crate::world::check_in;
    use rules::command::{AgencyOutcome, RingAgency};
    use rules::obligation::{Rule, Subject};
    use rules::views::agencies::on_log;
    let mut w = World::new();
    w.act(&by("FIM1"), agency("Harbour Cars", "taxi", "01632 960106")).expect("kept");
    let mut w = check_in(w, "+0 CH1 opens missing person");
    let (incident, name) = (crate::world::number(1), Label::parse("Harbour Cars").expect("a name"));
    let about = Subject::Incident(incident);
    let ring = |outcome: AgencyOutcome, text: &str| {
        let words = Reason::parse(text).expect("words");
        RingAgency { incident, agency: name.clone(), outcome, words }
    };
    let next = |w: &World| on_log(&w.s, w.log(1))[0].next_step.clone().unwrap_or_default();
    w.act(&by("CH1"), ring(AgencyOutcome::Refused, "data protection")).expect("kept");
    assert!(next(&w).contains("shift leader"), "{}", next(&w));
    let first = w.s.owed(&about, Rule::AgencyChased).expect("it is chased").id;
    w.act(&by("CH1"), ring(AgencyOutcome::NoAnswer, "rings out")).expect("kept");
    assert!(next(&w).contains("manager or owner"), "{}", next(&w));
    let second = w.s.owed(&about, Rule::AgencyChased).expect("it is chased still").id;
    assert_ne!(first, second, "its clock starts again");
    w.act(&by("CH1"), ring(AgencyOutcome::NoAnswer, "again")).expect("kept");
    w.act(&by("CH1"), ring(AgencyOutcome::NoAnswer, "and again")).expect("kept");
    assert!(next(&w).contains("Send a unit"), "the last step stays: {}", next(&w));
    w.act(&by("CH1"), ring(AgencyOutcome::Told, "dropped at the station")).expect("kept");
    assert!(w.s.owed(&about, Rule::AgencyChased).is_none());
    assert!(on_log(&w.s, w.log(1))[0].told);
}
