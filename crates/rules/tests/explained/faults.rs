//! Faults of what the room works with.

use crate::world::{START, World, by, check_in, minutes};
use rules::command::{AnswerFault, Channel, FaultKind, OpenIncident, ReceiveContact, ReportFault};
use rules::name::{ContactId, FaultId, Line, OpeningCode, Reason, Words};
use rules::obligation::{Rule, Subject};
use rules::refused::RefusedKind;
use rules::role::{Owner, Role};
use rules::time::Span;
use rules::views::faults::{faults, of_contact};

fn fault(kind: FaultKind, what: &str) -> ReportFault {
    ReportFault {
        kind,
        what: Reason::parse(what).expect("words"),
        seat: None,
        since: None,
        stops_work: false,
        contact: None,
        call_lost: false,
    }
}

fn answer(fault: u64, words: &str, mended: bool) -> AnswerFault {
    AnswerFault { fault: FaultId(fault), words: Reason::parse(words).expect("words"), mended }
}

#[test]
fn a_fault_is_answered_and_put_right() {
    let mut w = World::new();
    w.act(&by("CH1"), fault(FaultKind::Headset, "the caller hears me in pieces")).expect("kept");
    let owed = |w: &World, id: u64, rule: Rule| {
        let o = w.s.owed(&Subject::Fault(FaultId(id)), rule)?;
        Some((o.owner.clone(), minutes(o.due_at)))
    };
    let leader = Owner::Desk(Role::TeamLeader);
    assert_eq!(owed(&w, 1, Rule::FaultUnanswered), Some((leader.clone(), "+15".into())));
    assert_eq!(owed(&w, 1, Rule::FaultOpen), Some((leader.clone(), "+240".into())));
    let shown = &faults(&w.s, w.at)[0];
    assert_eq!(shown.seat.as_ref().map(|s| s.as_str()), Some("CH1"), "the seat is known");
    // One that stops work is told at once, and goes up when nobody answers.
    let stops = ReportFault { stops_work: true, ..fault(FaultKind::Position, "black screen") };
    w.act(&by("CH2"), stops).expect("kept");
    assert_eq!(owed(&w, 2, Rule::FaultUnanswered), Some((leader, "+0".into())));
    assert_eq!(faults(&w.s, w.at)[0].fault, FaultId(2), "what stops work comes first");
    w.wait_until(START + Span::minutes(16));
    let fim = Owner::Desk(Role::ForceIncidentManager);
    assert_eq!(owed(&w, 2, Rule::FaultUnanswered).map(|o| o.0), Some(fim));
    // An answer is not yet a mended headset.
    w.act(&by("TL1"), answer(1, "ordered for tomorrow", false)).expect("kept");
    assert_eq!(owed(&w, 1, Rule::FaultUnanswered), None);
    assert!(owed(&w, 1, Rule::FaultOpen).is_some());
    w.act(&by("TL1"), answer(1, "another headset issued", true)).expect("kept");
    assert_eq!(owed(&w, 1, Rule::FaultOpen), None);
    let again = w.act(&by("TL1"), answer(1, "and again", true)).expect_err("it is mended");
    assert_eq!(again.kind, RefusedKind::Conflict);
    let last = faults(&w.s, w.at);
    assert_eq!(last.last().map(|f| (f.fault, f.answers.len())), Some((FaultId(1), 2)));
}

#[test]
fn a_fault_during_a_call_is_written_on_the_contact_and_on_its_log() {
    let mut w = World::new();
    let receive = ReceiveContact {
        channel: Channel::Emergency,
        line: Line::parse("07700 900001").ok(),
        name: None,
        words: None,
        location: None,
        seat: None,
    };
    w.act(&by("CH1"), receive).expect("kept");
    let open = OpenIncident {
        contact: Some(ContactId(1)),
        opening_code: OpeningCode::parse("domestic incident").expect("a code"),
        location: crate::world::place_of("the pier"),
        words: Words::parse("he is at the door").expect("words"),
        informant: None,
    };
    w.act(&by("CH1"), open).expect("kept");
    let nowhere = ReportFault { call_lost: true, ..fault(FaultKind::Telephone, "cut off") };
    let refused = w.act(&by("CH1"), nowhere.clone()).expect_err("which call?");
    assert!(refused.sentence.contains("choose the call"), "{}", refused.sentence);
    w.act(&by("CH1"), ReportFault { contact: Some(ContactId(1)), ..nowhere }).expect("kept");
    assert_eq!(of_contact(&w.s, ContactId(1), w.at).len(), 1);
    let line = w.log(1).entries.last().expect("a line").clone();
    assert!(line.critical, "the owner must read it");
    assert_eq!(
        line.text.as_str(),
        "Fault at CH1 during contact 1: telephone or line. cut off The call, or a part of it, was \
         lost: ask again what was not heard."
    );
    check_in(w, "+0 later");
}
