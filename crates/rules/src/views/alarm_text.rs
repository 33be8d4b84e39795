//! The text of an alarm: what, where, since, what to do. The same text is shown and read out.

use super::board::{no_unit_since, place_words};
use super::countdown::age_words;
use crate::obligation::{Obligation, Rule, Subject};
use crate::policy::Policy;
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
    format!("{what}. {}.{marked} {}", place(s, &o.about), what_to_do(&s.policy, o.rule))
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
        Subject::Fault(id) => match s.faults.get(id) {
            Some(f) => {
                let at = f.seat.as_ref().map(|seat| format!(" at {seat}")).unwrap_or_default();
                format!("Fault {id}{at}: {}, {}", f.kind.words(), f.what)
            }
            None => capital(&about.words()),
        },
        Subject::Marker(id) => match s.markers.get(id) {
            Some(held) => format!("Marker {id}: {}", held.facts.kind),
            None => capital(&about.words()),
        },
        Subject::Message(id) => match s.messages.get(id) {
            Some(message) => format!("Message {id} for {}", message.to),
            None => capital(&about.words()),
        },
        Subject::Contact(_) | Subject::Handover(_) | Subject::Desk(_) | Subject::Agency(_) => {
            capital(&about.words())
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// What to do about it, in one short sentence of the alarm catalogue.
pub fn what_to_do(policy: &Policy, rule: Rule) -> &str {
    policy
        .alarm
        .row(rule)
        .map_or("Do what is owed, give it, delay it or raise it.", |row| &row.response)
}
