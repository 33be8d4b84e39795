//! The text of an alarm: what, where, since, what to do. The same text is shown and read out.

use super::board::{no_unit_since, place_words};
use super::countdown::age_words;
use crate::obligation::{Obligation, Rule, Subject};
use crate::state::State;
use crate::time::Instant;

/// One alarm in a few short sentences: `Priority, no unit for 1 h 55 min. Glangwili A&E, log
/// 20261121-0428. MARAC. Assign, delay or raise.`
pub fn alarm_text(s: &State, o: &Obligation, now: Instant) -> String {
    let log = o.about.incident().and_then(|n| s.incident(n));
    let what = match log.and_then(|log| log.grade()) {
        Some(grade) => format!("{}, {}", s.policy.grade_label(grade), what_since(s, o, now)),
        None => capital(&what_since(s, o, now)),
    };
    let markers = log.map_or(Vec::new(), |log| {
        let mut kinds: Vec<&str> = log.markers.iter().map(|m| m.marker.as_str()).collect();
        kinds.dedup();
        kinds
    });
    let marked =
        if markers.is_empty() { String::new() } else { format!(" {}.", markers.join(", ")) };
    format!("{what}. {}.{marked} {}", place(s, &o.about), what_to_do(o.rule))
}

/// What is wrong, and since when.
pub fn what_since(s: &State, o: &Obligation, now: Instant) -> String {
    let since = |at: Instant| age_words(at, now);
    let log = o.about.incident().and_then(|n| s.incident(n));
    match o.rule {
        Rule::Unresourced | Rule::LeftBehind | Rule::DeployTarget => {
            let from = log.and_then(|log| no_unit_since(s, log)).unwrap_or(o.from);
            format!("no unit for {}", since(from))
        }
        Rule::NobodyActed => format!("nobody has acted for {}", since(o.from)),
        Rule::NothingWritten => format!("nothing written for {}", since(o.from)),
        Rule::OfficerEmergency => format!("officer emergency for {}", since(o.from)),
        Rule::OfficerWelfare => format!("officer not heard from for {}", since(o.from)),
        _ if o.due_at <= now => format!("owed: {}, late {}", o.words(), since(o.due_at)),
        _ => format!("owed: {}, due in {}", o.words(), age_words(now, o.due_at)),
    }
}

/// Where it is: a place that people know, with the number to open.
fn place(s: &State, about: &Subject) -> String {
    match about {
        Subject::Incident(n) => match s.incident(*n).map(place_words) {
            Some(words) if !words.is_empty() => format!("{words}, log {n}"),
            _ => format!("Place not known, log {n}"),
        },
        Subject::Unit(call_sign) => match s.units.get(call_sign).and_then(|u| u.on) {
            Some(n) => format!("{call_sign}, on {}", place(s, &Subject::Incident(n))),
            None => call_sign.to_string(),
        },
        Subject::Contact(_) | Subject::Handover(_) | Subject::Desk(_) => capital(&about.words()),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// What to do about it, in one short sentence.
pub fn what_to_do(rule: Rule) -> &'static str {
    match rule {
        Rule::OfficerEmergency => "Send help now.",
        Rule::Unresourced | Rule::DeployTarget | Rule::LeftBehind => "Assign, delay or raise.",
        Rule::ArriveTarget => "Ask the unit, send another, delay or raise.",
        Rule::NobodyActed => "Assign, ring back, own, give, delay or raise.",
        Rule::NothingWritten => "Write what is happening, or give the log away.",
        Rule::ContactOwed => "Open a log, link it, or record what became of it.",
        Rule::CallUnfinished => "Answer what is open, as unknown if need be, and end the call.",
        Rule::InformantDetails => "Write who reported, or why that is not known.",
        Rule::LocationOwed => "Ask where it is; the grade does not wait for it.",
        Rule::GradeOwed => "Grade it.",
        Rule::GradeContested => "Raise the grade, or decide with a reason.",
        Rule::ThriveOwed => "Record THRIVE.",
        Rule::RethriveOwed | Rule::LongWait => "Record THRIVE again.",
        Rule::CodeDoubted => "Change the code, or say why it is right.",
        Rule::SopUnopened => "Open the SOP.",
        Rule::SopStep => "Do the step, or say why it does not apply.",
        Rule::CheckOwed => "Run the check and record what it found.",
        Rule::QuestionOpen => "Answer it, or say why it cannot be answered.",
        Rule::PassOn => "Pass it to dispatch, or close it with a reason.",
        Rule::AcceptLog => "Check code, grade and content, and accept it.",
        Rule::OwnerlessLog => "Take the log, or give it to somebody who is here.",
        Rule::CriticalUnread => "Read the entry.",
        Rule::CallerChasing => "Send a unit, or ring back and raise.",
        Rule::SergeantOwed => "Name the supervising sergeant.",
        Rule::TagListed => "Decide what the tag asks for, and take it off.",
        Rule::InformantOwed => "Tell the informant the grade and what happens next.",
        Rule::RingBackOwed => "Ring back.",
        Rule::DeploymentUnconfirmed => "Ask the unit to confirm that it goes.",
        Rule::ReleaseUnconfirmed => "Tell the unit that it is released, and have it confirm.",
        Rule::OfficerWelfare => "Call the officer.",
        Rule::HandoverLineOpen => "Read the line and accept it.",
        Rule::DeskShort => "Find somebody for the desk, or say who covers.",
    }
}
