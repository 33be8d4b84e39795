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
