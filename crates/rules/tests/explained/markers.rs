//! Markers of people, numbers and places, and messages to a named officer.

use crate::world::{START, World, by, check_in, minutes, number, place_of};
use rules::command::*;
use rules::event::Event;
use rules::marker::MetBy;
use rules::name::*;
use rules::obligation::{Rule, Subject};
use rules::refused::RefusedKind;
use rules::role::{Owner, Role};
use rules::time::{Instant, Span};
use rules::views::markers::{Stands, marker, on_call, to_be_asked};
use rules::views::messages;

const DAY: i64 = 24 * 60;

fn day(n: i64) -> Instant {
    START + Span::minutes(n * DAY)
}

fn facts(kind: &str) -> MarkerFacts {
    MarkerFacts {
        kind: Label::parse(kind).expect("a kind"),
        person: None,
        line: None,
        place: None,
        text: Words::parse("he has strangled her before").expect("words"),
        source: Reason::parse("MARAC of 3 November").expect("words"),
        starts_at: None,
        expires_at: None,
        review: None,
    }
}

fn on_line(kind: &str, line: &str) -> PutMarker {
    PutMarker { facts: MarkerFacts { line: Line::parse(line).ok(), ..facts(kind) } }
}

fn scheme(until: i64) -> PutMarker {
    let place = Place::parse("12 Mill Lane, Exampleton").ok();
    let expires_at = Some(day(until));
    PutMarker { facts: MarkerFacts { place, expires_at, ..facts("special scheme") } }
}

fn rings(line: &str) -> ReceiveContact {
    ReceiveContact {
        channel: Channel::Emergency,
        line: Line::parse(line).ok(),
        name: None,
        words: None,
        location: None,
        seat: None,
    }
}

fn opens(code: &str, place: &str, words: &str, contact: Option<u64>) -> OpenIncident {
    OpenIncident {
        contact: contact.map(ContactId),
        opening_code: OpeningCode::parse(code).expect("a code"),
        location: place_of(place),
        words: Words::parse(words).expect("words"),
        informant: None,
    }
}

fn grades(n: u32, rank: u8, reason: Option<&str>, agreed_by: Option<&str>) -> GradeIncident {
    GradeIncident {
        incident: number(n),
        grade: Grade::try_from(rank).expect("a grade"),
        reason: reason.map(|r| Reason::parse(r).expect("words")),
        agreed_by: agreed_by.map(|who| StaffId::parse(who).expect("a name")),
    }
}

fn reviewed(answer: MarkerAnswer, until: Option<i64>, words: &str) -> ReviewMarker {
    let words = Words::parse(words).expect("words");
    ReviewMarker { marker: MarkerId(1), answer, until: until.map(day), words }
}

fn kinds(w: &World, n: u32) -> Vec<(String, Option<MetBy>)> {
    let all = w.log(n).markers.iter();
    all.map(|m| (m.marker.to_string(), m.met.map(|met| met.how))).collect()
}

#[test]
fn a_marked_number_is_known_while_it_rings_and_on_its_log() {
    let mut w = World::new();
    w.act(&by("VD1"), on_line("MARAC", "+44 7700 900123")).expect("put");
    w.act(&by("CH1"), rings("07700900123")).expect("kept");
    let contact = w.s.contacts.get(&ContactId(1)).expect("it rings").clone();
    let met = on_call(&w.s, &contact, None, w.at);
    assert_eq!(met.len(), 1);
    assert_eq!((met[0].kind.as_str(), met[0].how), ("MARAC", MetBy::Number));
    let said = "a man shouts in the street";
    w.act(&by("CH1"), opens("ASB nuisance", "3 High Street", said, Some(1))).expect("opened");
    assert_eq!(kinds(&w, 1), [("MARAC".to_owned(), Some(MetBy::Number))]);
    let text = w.log(1).markers[0].text.as_str();
    assert!(text.contains("strangled") && text.contains("MARAC of 3 November"), "{text}");
    let suggested = rules::incident::grade::suggest(w.log(1), &w.s.policy);
    assert_eq!(suggested.grade, Grade::TOP);
    assert!(suggested.because.iter().any(|c| c.rule == "marker" && c.words == "MARAC is marked"));
    // What is said again adds nothing.
    let entry = AddEntry {
        incident: number(1),
        text: Words::parse("still shouting").expect("words"),
        critical: false,
        new_information: false,
        own_words: true,
        attachments: Vec::new(),
    };
    w.act(&by("CH1"), entry).expect("written");
    assert_eq!(w.log(1).markers.len(), 1);
}

#[test]
fn a_marker_put_while_a_log_is_open_is_on_it_at_once_and_its_owner_reads_it() {
    let mut w = World::new().watching(&[Rule::CriticalUnread]);
    let said = "somebody bangs on my door";
    w.act(&by("CH1"), opens("suspicious circumstances", "12 Mill Lane, Exampleton", said, None))
        .expect("opened");
    w.act(&by("CH1"), opens("theft", "12 Mill Lane, Otherton", "my bicycle", None))
        .expect("opened");
    w.act(&by("VD1"), scheme(90)).expect("put");
    assert_eq!(kinds(&w, 1), [("special scheme".to_owned(), Some(MetBy::Place))]);
    assert_eq!(kinds(&w, 2), [], "the same street in another town");
    let owed = w.s.owed(&Subject::Incident(number(1)), Rule::CriticalUnread).expect("owed");
    assert_eq!(owed.owner, Owner::Staff(StaffId::parse("CH1").expect("a name")));
}

#[test]
fn a_special_scheme_forces_the_top_grade() {
    let mut w = World::new();
    w.act(&by("VD1"), scheme(90)).expect("put");
    let said = "loud banging on my front door";
    let place = "12 Mill Lane, Exampleton";
    w.act(&by("CH1"), opens("suspicious circumstances", place, said, None)).expect("opened");
    let below = grades(1, 3, Some("she does not sound afraid"), None);
    let refused = w.act(&by("CH1"), below).expect_err("a supervisor decides");
    assert_eq!(refused.kind, RefusedKind::Forbidden);
    assert!(refused.sentence.contains("special scheme is marked, so it is Immediate"), "{refused}");
    w.act(&by("CH1"), grades(1, 1, None, None)).expect("graded");
    let target = w.s.policy.grade(Grade::TOP).and_then(|g| g.arrive_target_urban);
    assert_eq!(target, Some(Span::minutes(15)), "the scheme's own time");
    // A name alone may be somebody else's: it suggests, and forces nothing.
    let person = PersonName::parse("Jane Example").ok();
    let named = MarkerFacts { person, expires_at: Some(day(80)), ..facts("special scheme") };
    w.act(&by("VD1"), PutMarker { facts: named }).expect("put");
    let said = "Jane Example has lost her dog";
    w.act(&by("CH1"), opens("theft", "the park", said, None)).expect("opened");
    assert_eq!(kinds(&w, 2), [("special scheme".to_owned(), Some(MetBy::Said))]);
    w.act(&by("CH1"), grades(2, 3, Some("another Jane: she was asked"), None)).expect("graded");
    // And a supervisor may say so where it is sure.
    w.act(&by("CH1"), opens("theft", place, "my bicycle is gone", None)).expect("opened");
    let agreed = grades(3, 3, Some("rang about a bicycle, he is in prison"), Some("TL1"));
    w.act(&by("CH1"), agreed).expect("a supervisor agrees");
}

#[test]
fn a_silent_call_from_a_number_marked_for_domestic_abuse_gets_the_top_grade() {
    for (kind, code, forced) in [
        ("domestic abuse", "abandoned call to emergency services", true),
        ("disclosure history", "abandoned call to emergency services", true),
        ("drugs", "abandoned call to emergency services", false),
        ("domestic abuse", "theft", false),
    ] {
        let mut w = World::new();
        w.act(&by("VD1"), on_line(kind, "07700 900123")).expect("put");
        w.act(&by("CH1"), rings("07700 900123")).expect("kept");
        w.act(&by("CH1"), opens(code, "not known yet", "nobody speaks", Some(1))).expect("opened");
        let top = rules::marker::forced(w.log(1), &w.s.policy);
        let why = format!("{kind} is marked, and the call was silent or abandoned");
        assert_eq!(top, forced.then_some((Grade::TOP, why)), "{kind}, {code}");
        let below = w.act(&by("CH1"), grades(1, 2, Some("a pocket call, I think"), None));
        assert_eq!(below.is_err(), forced, "{kind}, {code}");
    }
}

#[test]
fn a_scheme_does_not_lapse_silently() {
    let w = World::new().watching(&[Rule::MarkerReview]);
    let mut w = w;
    w.act(&by("VD1"), scheme(90)).expect("put");
    // Two weeks before its end its desk is asked, louder half way, and at its end its leader too.
    let mut w = check_in(
        w,
        "
        -> +0 owed by vulnerability desk due +129600
        -> +109440 A3 told vulnerability desk (owner vulnerability desk)
        +109441 later
        ",
    );
    assert_eq!(to_be_asked(&w.s, w.at)[0].stands, Stands::ToAsk);
    let one = w.act(&by("VD1"), reviewed(MarkerAnswer::Extended, Some(120), "fine"));
    assert!(one.expect_err("a word is no record").sentence.contains("in at least 3 words"));
    // She cannot be reached: they try again the next day.
    w.act(&by("VD1"), reviewed(MarkerAnswer::NotReached, None, "rang twice, no answer"))
        .expect("recorded");
    let due = |w: &World| {
        let o = w.s.owed(&Subject::Marker(MarkerId(1)), Rule::MarkerReview)?;
        Some((minutes(o.next_at), minutes(o.due_at)))
    };
    assert_eq!(due(&w), Some(("+110881".into(), "+129600".into())));
    w.wait_until(day(92));
    let o = w.s.owed(&Subject::Marker(MarkerId(1)), Rule::MarkerReview).expect("still owed");
    assert_eq!(o.owner, Owner::Desk(Role::VulnerabilityDesk));
    assert!(o.told.contains(&Owner::Desk(Role::TeamLeader)), "{o:?}");
    assert_eq!(to_be_asked(&w.s, w.at)[0].stands, Stands::PastItsEnd);
    // Its end has passed, and it counts.
    let place = "12 Mill Lane, Exampleton";
    w.act(&by("CH1"), opens("theft", place, "he is at the door", None)).expect("opened");
    assert!(w.log(1).markers[0].text.as_str().contains("nobody has been asked: it counts"));
    w.act(&by("VD1"), reviewed(MarkerAnswer::Extended, Some(150), "she is afraid still"))
        .expect("extended");
    assert_eq!(due(&w).map(|d| d.1), Some(minutes(day(150))));
    let end = reviewed(MarkerAnswer::Ended, None, "she moved away and agreed to its end");
    w.act(&by("VD1"), end.clone()).expect("ended");
    assert_eq!(due(&w), None);
    assert!(w.act(&by("VD1"), end).expect_err("it has ended").sentence.contains("has ended"));
    let whole = marker(&w.s, MarkerId(1), w.at).expect("it is kept");
    let did: Vec<&str> = whole.history.iter().map(|h| h.did.as_str()).collect();
    assert_eq!(did, ["put", "could not reach them", "extended", "ended"]);
    assert!(to_be_asked(&w.s, w.at).is_empty());
    w.act(&by("CH1"), opens("theft", place, "my bicycle", None)).expect("opened");
    assert_eq!(kinds(&w, 2), [], "what has ended is met no more");
}

#[test]
fn a_marker_says_what_it_needs() {
    let mut w = World::new();
    let long = PutMarker { facts: MarkerFacts { expires_at: None, ..scheme(90).facts } };
    let one_word = MarkerFacts { person: PersonName::parse("Jane").ok(), ..facts("violent") };
    let past = MarkerFacts { expires_at: Some(START), ..on_line("MARAC", "07700 900123").facts };
    for (put, sentence) in [
        (long, "is agreed for 92 days at most"),
        (PutMarker { facts: one_word }, "write first name and surname"),
        (PutMarker { facts: past }, "its end has passed"),
        (PutMarker { facts: facts("violent") }, "on nobody and nothing"),
        (on_line("dog", "07700 900123"), "no kind of marker of this force"),
    ] {
        let refused = w.act(&by("VD1"), put).expect_err(sentence);
        assert!(refused.sentence.contains(sentence), "{refused}");
    }
    w.act(&by("VD1"), on_line("violent", "07700 900123")).expect("put");
    let again = w.act(&by("VD1"), on_line("violent", "07700 900123"));
    assert_eq!(again.expect_err("the same").kind, RefusedKind::Conflict);
    let facts = on_line("weapons", "07700 900124").facts;
    let reason = Reason::parse("he has another telephone").expect("words");
    w.act(&by("VD1"), ChangeMarker { marker: MarkerId(1), facts, reason }).expect("changed");
    for (line, n) in [("07700 900123", 0), ("07700 900124", 1)] {
        let line = Line::parse(line).ok();
        let found = rules::views::markers::look_up(&w.s, line.as_ref(), None, None, w.at);
        assert_eq!(found.len(), n);
    }
}

fn leaves(words: &str) -> LeaveMessage {
    LeaveMessage {
        contact: Some(ContactId(1)),
        to: StaffId::parse("PC9").expect("a name"),
        name: None,
        line: None,
        safe_to_contact: Some(false),
        words: Words::parse(words).expect("words"),
        hears_by: None,
        no_log_because: None,
    }
}

fn answers(answer: MessageAnswer, words: &str) -> AnswerMessage {
    let words = Words::parse(words).expect("words");
    AnswerMessage { message: MessageId(1), answer, words }
}

fn owner(w: &World) -> Option<(String, String)> {
    let o = w.s.owed(&Subject::Message(MessageId(1)), Rule::MessageOwed)?;
    Some((o.owner.to_string(), minutes(o.due_at)))
}

#[test]
fn a_message_to_an_absent_officer_has_cover() {
    let mut w = World::new();
    let switchboard = ReceiveContact { channel: Channel::Switchboard, ..rings("07700 900123") };
    w.act(&by("CH1"), switchboard).expect("kept");
    // What tells of danger is no message alone.
    let said = "he rang me: I want to reactivate the court order against my ex-husband";
    let refused = w.act(&by("CH1"), leaves(said)).expect_err("danger");
    assert!(refused.sentence.contains("a message is no answer to danger"), "{refused}");
    w.act(&by("CH1"), leaves("is my statement ready to be signed")).expect("left");
    assert!(w.s.owed(&Subject::Contact(ContactId(1)), Rule::ContactOwed).is_none());
    // PC9 is not on duty, and neither is a sergeant: whoever covers for the sergeant owes it.
    assert_eq!(owner(&w), Some(("dispatch supervisor".into(), "+240".into())));
    let call = w.s.contacts.get(&ContactId(1)).expect("it is there").clone();
    let row = &messages::waiting(&w.s, w.at)[0];
    assert!(!row.here && row.to.as_str() == "PC9");
    w.act(&by("DS1"), answers(MessageAnswer::NotReached, "no answer")).expect("tried");
    assert!(owner(&w).is_some(), "an attempt is no answer");
    // A week later she rings again: whoever takes the call knows of it.
    w.act(&by("CH2"), rings("+447700900123")).expect("kept");
    let again = w.s.contacts.get(&ContactId(2)).expect("it rings").clone();
    let known = messages::on_call(&w.s, &again, w.at);
    assert_eq!(known[0].words.as_str(), "is my statement ready to be signed");
    assert!(messages::on_call(&w.s, &call, w.at).is_empty(), "its own call");
    w.act(&by("DS1"), answers(MessageAnswer::Spoken, "she signs on Monday")).expect("answered");
    assert_eq!(owner(&w), None);
    let again = w.act(&by("DS1"), answers(MessageAnswer::Spoken, "again"));
    assert_eq!(again.expect_err("done").kind, RefusedKind::Conflict);
}

#[test]
fn a_message_is_the_officers_until_they_leave_or_do_not_answer() {
    let mut w = World::new();
    let on = |seat: &str| SignOn { seat: SeatId::parse(seat).expect("a seat"), skills: Vec::new() };
    w.act(&by("PC9"), on("PC9")).expect("on duty");
    w.act(&by("CH1"), rings("07700 900123")).expect("kept");
    w.act(&by("CH1"), leaves("is my statement ready to be signed")).expect("left");
    assert_eq!(owner(&w), Some(("PC9".into(), "+240".into())));
    w.wait_until(START + Span::minutes(121));
    assert_eq!(owner(&w).map(|o| o.0), Some("dispatch supervisor".into()), "half of the time");
    let events = w.done.iter().map(|(event, _)| event);
    let told = events.filter(|e| {
        matches!(e, Event::ObligationFired { told, .. }
        if told.contains(&Owner::Staff(StaffId::parse("PC9").expect("a name"))))
    });
    assert_eq!(told.count(), 1);
    // One who goes off duty leaves it to their cover, and not to the desk of all officers.
    w.act(
        &by("CH1"),
        LeaveMessage {
            contact: None,
            line: Line::parse("1").ok(),
            ..leaves("when is the hearing")
        },
    )
    .expect("left");
    w.act(&by("PC9"), SignOff { to: None }).expect("off duty");
    let second = w.s.owed(&Subject::Message(MessageId(2)), Rule::MessageOwed).expect("owed");
    assert_eq!(second.owner, Owner::Desk(Role::Supervisor));
    assert_eq!(w.s.present(&second.owner), Owner::Desk(Role::DispatchSupervisor));
}

fn signalled(contact: u64, signal: Signal) -> NoteSignal {
    NoteSignal { contact: ContactId(contact), signal }
}

fn rung(spoke: bool) -> RingCaller {
    RingCaller {
        contact: ContactId(1),
        safe_because: Reason::parse("she said that he has left").expect("words"),
        spoke,
        words: Words::parse("a pocket call, all is well").expect("words"),
    }
}

#[test]
fn an_abandoned_call_is_rung_back_in_time() {
    let mut w = World::new();
    w.act(&by("CH1"), rings("07700 900123")).expect("kept");
    w.act(&by("CH1"), signalled(1, Signal::Abandoned)).expect("noted");
    let owed = |w: &World| {
        let o = w.s.owed(&Subject::Contact(ContactId(1)), Rule::AbandonedCall)?;
        Some((o.owner.to_string(), minutes(o.due_at)))
    };
    assert_eq!(owed(&w), Some(("CH1".into(), "+5".into())));
    w.act(&by("CH1"), rung(false)).expect("tried");
    assert!(owed(&w).is_some(), "an attempt is no answer");
    w.wait_until(START + Span::minutes(16));
    assert_eq!(owed(&w).map(|o| o.0), Some("team leader".into()));
    w.act(&by("TL1"), rung(true)).expect("spoken to");
    assert_eq!(owed(&w), None);
    // A log answers it too.
    w.act(&by("CH1"), rings("07700 900124")).expect("kept");
    w.act(&by("CH1"), signalled(2, Signal::Abandoned)).expect("noted");
    w.act(&by("CH1"), opens("theft", "not known", "nobody spoke", Some(2))).expect("opened");
    assert!(w.s.owed(&Subject::Contact(ContactId(2)), Rule::AbandonedCall).is_none());
    assert_eq!(w.log(1).signal, Some(Signal::Abandoned), "its log knows");
}

#[test]
fn a_caller_who_pressed_55_wants_the_police() {
    let mut w = World::new();
    w.act(&by("CH1"), rings("07700 900123")).expect("kept");
    w.act(&by("CH1"), opens("civil dispute", "not known", "nobody spoke", Some(1)))
        .expect("opened");
    let suggested = |w: &World| rules::incident::grade::suggest(w.log(1), &w.s.policy);
    assert_ne!(suggested(&w).grade, Grade::TOP);
    w.act(&by("CH1"), signalled(1, Signal::Pressed55)).expect("noted");
    assert_eq!(suggested(&w).grade, Grade::TOP);
    assert!(suggested(&w).because[0].words.starts_with("55 was pressed"));
    let n = w.done.len();
    w.act(&by("CH1"), signalled(1, Signal::Pressed55)).expect("known");
    assert_eq!(w.done.len(), n, "what is known is no news");
}

#[test]
fn nobody_ends_a_silent_call_from_a_marked_number_without_a_log() {
    let ends = || EndContact {
        contact: ContactId(1),
        outcome: Words::parse("nobody there").expect("words"),
    };
    for (kind, signal, refused) in [
        ("domestic abuse", Some(Signal::Silent), true),
        ("domestic abuse", Some(Signal::Abandoned), true),
        ("domestic abuse", None, false),
        ("drugs", Some(Signal::Silent), false),
    ] {
        let mut w = World::new();
        w.act(&by("VD1"), on_line(kind, "07700 900123")).expect("put");
        w.act(&by("CH1"), rings("07700 900123")).expect("kept");
        if let Some(signal) = signal {
            w.act(&by("CH1"), signalled(1, signal)).expect("noted");
        }
        let ended = w.act(&by("CH1"), ends());
        assert_eq!(ended.is_err(), refused, "{kind} {signal:?}");
        if refused {
            w.act(&by("CH1"), rung(true)).expect("spoken to");
            w.act(&by("CH1"), ends()).expect("they were spoken to");
        }
    }
}

#[test]
fn disclosure_history_counts_in_the_grade() {
    let mut w = World::new();
    let text = Words::parse("she asked about his past").expect("words");
    let put = on_line("disclosure history", "07700 900123");
    let facts = MarkerFacts { text, source: Reason::parse("log").expect("words"), ..put.facts };
    w.act(&by("VD1"), PutMarker { facts }).expect("put");
    for (line, n, marked) in [("07700 900124", 1, false), ("07700 900123", 2, true)] {
        w.act(&by("CH1"), rings(line)).expect("kept");
        let said = "the neighbour's fence";
        w.act(&by("CH1"), opens("civil dispute", "the garden", said, Some(n))).expect("opened");
        let log = w.log(u32::try_from(n).expect("a number"));
        let suggested = rules::incident::grade::suggest(log, &w.s.policy);
        let because = suggested.because.iter().any(|c| c.words == "disclosure history is marked");
        assert_eq!(because, marked, "{suggested:?}");
        assert_eq!(suggested.grade.rank() == 2, marked, "{suggested:?}");
    }
}
