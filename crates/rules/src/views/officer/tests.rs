use super::super::rig::*;
use super::*;
use crate::command::*;
use crate::decide;
use crate::role::Role;
use crate::time::{LocalDay, Now};

fn pc() -> crate::role::By {
    by("DC14A", Role::Officer)
}

fn sent(code: &str) -> (Room, IncidentNumber) {
    let mut room = Room::new();
    room.unit("DC14", "North", &[], None);
    let n = room.accepted(code, 1, place("14 Heol Awst", None));
    room.deploy(n, "DC14");
    (room, n)
}

fn view(room: &Room) -> OfficerView {
    let unit = room.s.units.get(&call_sign("DC14")).unwrap();
    officer(&room.s, unit, &pc().staff, room.now)
}

fn write(room: &mut Room, incident: IncidentNumber, text: &str, critical: bool) {
    let entry = AddEntry {
        incident,
        text: words(text),
        critical,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    };
    room.act(&dispatcher(), entry);
}

fn word_count(card: &RiskCard) -> usize {
    card.lines.iter().map(|line| line.split_whitespace().count()).sum()
}

#[test]
fn the_risk_card_is_never_longer_than_three_lines_and_forty_words() {
    let (mut room, n) = sent("domestic incident");
    let long = "he has said that he will hurt whoever comes to the door and he means it ";
    for round in 0..6 {
        let card = view(&room).job.unwrap().card;
        assert!(card.lines.len() <= CARD_LINES, "{round}: {card:?}");
        assert!(word_count(&card) <= CARD_WORDS, "{round}: {card:?}");
        room.marker(n, "firearms");
        write(&mut room, n, &long.repeat(round + 1), true);
    }
    let card = view(&room).job.unwrap().card;
    assert_eq!(word_count(&card), CARD_WORDS);
    assert!(card.lines[0].starts_with("firearms: "), "{card:?}");
    assert!(card.lines[1].ends_with('\u{2026}') && card.more >= 9, "{card:?}");
    assert!(view(&room).job.unwrap().warnings.len() >= 12, "in full below");
}

#[test]
fn what_the_caller_answered_about_danger_is_among_the_warnings() {
    let (mut room, n) = sent("domestic incident");
    let mut answer = |prompt: &str, answer: Answered| {
        room.act(
            &handler(),
            AnswerPrompt { incident: n, prompt: label(prompt), answer, by_signal: false },
        );
    };
    answer("children", Answered::Yes);
    answer("anyone hurt", Answered::No);
    answer("weapons", Answered::Yes);
    answer("which weapon", Answered::Text(words("a knife, he has it")));
    let job = view(&room).job.unwrap();
    let danger: Vec<&str> = job.warnings.iter().map(String::as_str).collect();
    let wanted = [
        "Is there anything that could be used as a weapon? yes",
        "What is it, and who has it? a knife, he has it",
    ];
    assert_eq!(danger, wanted);
    assert!(job.card.lines[0].starts_with("Is there anything"), "{:?}", job.card);
}

#[test]
fn the_power_to_enter_and_who_decided_reach_the_officers() {
    // Case 7: they looked through the letterbox, and left.
    let (mut room, n) = sent("concern for safety");
    let warned = |room: &Room| view(room).job.unwrap().warnings.join("; ");
    assert!(warned(&room).contains("section 17: not decided yet"), "{}", warned(&room));
    let mut answer = |prompt: &str, answer: Answered| {
        let prompt = label(prompt);
        room.act(&handler(), AnswerPrompt { incident: n, prompt, answer, by_signal: false });
    };
    answer("entry needed", Answered::Yes);
    answer("entry decision", Answered::Text(words("Sergeant Hall, a ram is on its way")));
    let outcome = Outcome::Done(words("Sergeant Hall decided: force the door"));
    room.act(&dispatcher(), SettleSopStep { incident: n, step: label("section 17"), outcome });
    let warned = warned(&room);
    for told in ["to save life or limb", "a ram is on its way", "decided: force the door"] {
        assert!(warned.contains(told), "{told}: {warned}");
    }
    let card = view(&room).job.unwrap().card;
    assert!(card.lines[0].starts_with("Is life or limb at risk"), "{card:?}");
}

#[test]
fn without_warnings_the_card_is_what_the_caller_said() {
    let (room, _) = sent("robbery");
    let card = view(&room).job.unwrap().card;
    assert_eq!(card.lines, ["Caller: \u{201c}there is noise next door\u{201d}"]);
    assert_eq!(card.more, 0);
}

#[test]
fn what_is_written_after_the_card_was_opened_is_new_until_it_is_read() {
    let (mut room, n) = sent("robbery");
    write(&mut room, n, "two of them", false);
    assert!(view(&room).job.unwrap().new.is_empty(), "it is on the log they read first");
    room.minutes(1);
    room.act(&pc(), OpenRiskCard { incident: n, call_sign: call_sign("DC14") });
    // In the same instant: rather shown as new when it was seen than not when it was not.
    write(&mut room, n, "she is in the loft", true);
    let job = view(&room).job.unwrap();
    assert_eq!(job.new.len(), 1);
    assert!(job.new[0].critical && job.card.lines[0] == "she is in the loft");
    room.act(&pc(), ReadLog { incident: n, up_to: job.newest });
    assert!(view(&room).job.unwrap().new.is_empty());
}

#[test]
fn a_released_unit_is_told_what_becomes_of_the_job() {
    let (mut room, n) = sent("robbery");
    let stood_down = StandDown {
        incident: n,
        call_sign: call_sign("DC14"),
        reason: reason("a nearer unit is free"),
    };
    room.act(&dispatcher(), stood_down);
    let seen = view(&room);
    assert!(seen.job.is_none());
    assert_eq!(seen.released[0].words, "It has NO unit now and is back with DD07.");
    assert_eq!(seen.before, [n]);
    room.unit("DC15", "North", &[], None);
    room.deploy(n, "DC15");
    assert_eq!(view(&room).released[0].words, "It is now with DC15. DD07 owns it.");
}

fn leave(room: &mut Room, seen: Option<Outcome>) -> Result<(), crate::refused::Refused> {
    let command = SetStatus { call_sign: call_sign("DC14"), status: 2, card_read_out: false, seen };
    let now = Now { at: room.now, day: LocalDay(20_261_121) };
    decide::act(&mut room.s, &pc(), &command.into(), None, now).map(|_| ())
}

#[test]
fn nobody_leaves_somebody_vulnerable_without_saying_whether_they_were_seen() {
    let (mut room, n) = sent("concern for safety");
    assert!(view(&room).job.unwrap().must_see);
    room.status("DC14", 6);
    let refused = leave(&mut room, None).unwrap_err();
    assert!(refused.to_string().contains("saw and spoke"), "{refused}");
    leave(&mut room, Some(Outcome::NotApplicable(reason("nobody answered")))).unwrap();
    let entry = room.open(n).entries.iter().next_back().unwrap();
    assert!(entry.critical);
    assert_eq!(entry.text.as_str(), "NOT seen or spoken to: nobody answered");
    room.status("DC14", 6);
    leave(&mut room, Some(Outcome::Done(words("Mrs A, well, daughter with her")))).unwrap();
    let entry = room.open(n).entries.iter().next_back().unwrap();
    assert!(!entry.critical && entry.text.as_str().starts_with("Seen and spoken to: Mrs A"));
}

#[test]
fn an_emergency_that_is_over_is_not_held_up_by_a_question() {
    let (mut room, _) = sent("concern for safety");
    room.status("DC14", 6);
    room.status("DC14", 0);
    leave(&mut room, None).unwrap();
}

#[test]
fn a_check_in_is_asked_for_at_the_scene() {
    let (mut room, _) = sent("robbery");
    assert!(view(&room).job.unwrap().check_in.is_none());
    room.status("DC14", 6);
    let due = view(&room).job.unwrap().check_in.unwrap();
    assert!(!due.late && due.countdown.starts_with('-'));
    room.minutes(180);
    assert!(view(&room).job.unwrap().check_in.unwrap().late);
}

/// A log opened with these words as somebody said them.
fn said(code: &str, said: &str) -> (Room, IncidentNumber) {
    let mut room = Room::new();
    room.unit("DC14", "North", &[], None);
    let open = OpenIncident {
        contact: None,
        opening_code: OpeningCode::parse(code).unwrap(),
        location: place("Castle Street", None),
        words: words(said),
        informant: None,
    };
    room.act(&handler(), open);
    let n = IncidentNumber { day: room.s.last_incident.0, n: room.s.last_incident.1 };
    let graded = GradeIncident { incident: n, grade: grade(1), reason: None, agreed_by: None };
    room.act(&handler(), graded);
    room.act(&handler(), PassToDispatch { incident: n });
    (room, n)
}

fn assessed(room: &mut Room, n: IncidentNumber, vulnerability: &str) {
    let rated = |e: &Label| ThriveElement {
        element: e.clone(),
        rating: label(if e.as_str() == "vulnerability" { "medium" } else { "none" }),
        rationale: words(if e.as_str() == "vulnerability" { vulnerability } else { "none heard" }),
    };
    let elements = room.s.policy.thrive.elements.iter().map(rated).collect();
    room.act(&handler(), RecordThrive { incident: n, elements, informant_understood: true });
}

#[test]
fn earlier_attempts_are_first_on_the_card_in_the_words_of_case_4() {
    let (mut room, n) = said(
        "road related offence",
        "He is behind the wheel and has been drinking excessively. He is getting in and out of the \
         car and punching the air. He is having a difficult time with a bereavement, and he is \
         receiving treatment as he had tried to take his own life multiple times.",
    );
    assessed(&mut room, n, "male is intoxicated and experiencing mental health issues");
    room.marker(n, "violence");
    room.deploy(n, "DC14");
    let job = view(&room).job.unwrap();
    assert!(job.card_opened_at.is_none(), "it is there before 'at scene'");
    assert!(job.card.lines[0].starts_with("suicide risk: \u{201c}"), "{:?}", job.card);
    assert!(job.card.lines[0].contains("tried to take his own life multiple times"), "{job:?}");
    assert!(job.card.lines[1].starts_with("vulnerability: \u{201c}"), "{:?}", job.card);
    assert!(job.card.lines[2].starts_with("violence: "), "{:?}", job.card);
    assert!(word_count(&job.card) <= CARD_WORDS);
    let in_full = "vulnerability: vulnerability medium: male is intoxicated and experiencing \
                   mental health issues";
    assert!(job.warnings.iter().any(|w| w == in_full), "{:?}", job.warnings);
    assert!(job.card.more > 0, "what is not whole on the card is counted");
}

#[test]
fn a_vulnerable_adult_who_screams_to_be_killed_is_on_the_card_as_in_case_7() {
    let (mut room, n) = said(
        "suspicious circumstances",
        "My neighbour is a vulnerable adult who has mental health issues. His partner had taken \
         their own life. He screamed: just kill me, it would be easier if you just kill me!",
    );
    room.deploy(n, "DC14");
    let card = view(&room).job.unwrap().card;
    assert!(card.lines[0].contains("just kill me, it would be easier"), "{card:?}");
    assert!(card.lines[1].contains("is a vulnerable adult who has mental health"), "{card:?}");
    // What the neighbour says at the door goes the same way, whoever writes it.
    write(&mut room, n, "neighbour: there was a suicide attempt in May, with a ligature", false);
    let warnings = view(&room).job.unwrap().warnings;
    let told = "suicide risk: neighbour: there was a suicide attempt in May, with a ligature";
    assert!(warnings.iter().any(|w| w == told), "{warnings:?}");
}

#[test]
fn a_marker_and_an_answer_say_it_as_well_and_nothing_is_shown_twice() {
    let (mut room, n) = sent("concern for safety");
    let mut answer = |prompt: &str, answer: Answered| {
        let prompt = label(prompt);
        room.act(&handler(), AnswerPrompt { incident: n, prompt, answer, by_signal: false });
    };
    answer("harm meant", Answered::Yes);
    answer("harm words", Answered::Text(words("he will go to the bridge tonight")));
    let text = words("cut his wrists in March and in June");
    let find =
        FindMarker { incident: n, marker: label("Suicide risk"), text, officer_safety: true };
    room.act(&handler(), find);
    let job = view(&room).job.unwrap();
    assert_eq!(job.card.lines[0], "suicide risk: cut his wrists in March and in June");
    let of_risk: Vec<&String> =
        job.warnings.iter().filter(|w| w.to_lowercase().contains("suicide risk")).collect();
    assert_eq!(of_risk.len(), 3, "{of_risk:?}");
    assert!(job.warnings.iter().any(|w| w.contains("he will go to the bridge tonight")));
    assert_eq!(job.warnings.iter().filter(|w| w.contains("harm themselves")).count(), 1);
}
