//! Calls in which nobody speaks: what came instead of words, and ringing back.
//!
//! Source: Learning the Lessons, case 1 (key presses and a cough, and then the line was cleared)
//! and the Silent Solution article (55); IOPC, Hampshire 2023.

use crate::command::*;
use crate::contact::{CallerRung, Contact};
use crate::event::{Event, Meta};
use crate::marker::{self, MetBy, Sought};
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::Instant;

/// Rule: an abandoned call is rung back in time, or a log is opened for it.
///
/// Source: Learning the Lessons, case 1; Avon and Somerset: "abandoned calls are recalled in a more
/// timely manner".
pub const ABANDONED_CALL: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::ContactSignalled { contact, incident: None, signal: Signal::Abandoned } => {
            let arm = Arm::new(Subject::Contact(*contact), meta.recorded_at);
            let taken = s.contacts.get(contact).map(|contact| &contact.taken_by);
            let person = taken
                .filter(|by| !matches!(by.role, Role::System | Role::Public | Role::RadioGateway));
            vec![match person {
                Some(by) => arm.owner(Owner::Staff(by.staff.clone())),
                None => arm,
            }]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::ContactRungBack { spoke: true, .. }
        | Event::ContactLinked { .. }
        | Event::IncidentOpened { .. }
        | Event::MessageLeft { .. } => Some(Fate::Done),
        Event::ContactEnded { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Notes what came instead of words. It goes onto the open logs of the call.
pub fn note(s: &State, c: &NoteSignal) -> Result<Vec<Event>, Refused> {
    let contact = s.contact_or_refuse(c.contact)?;
    if contact.signals.iter().any(|(signal, _)| *signal == c.signal) {
        return Ok(Vec::new()); // It is known.
    }
    let logs = contact.incidents.iter().filter_map(|n| s.incident(*n));
    let open: Vec<IncidentNumber> =
        logs.filter(|log| log.closed.is_none()).map(|log| log.number).collect();
    let event =
        |incident| Event::ContactSignalled { contact: c.contact, incident, signal: c.signal };
    if open.is_empty() {
        return Ok(vec![event(None)]);
    }
    Ok(open.into_iter().map(|n| event(Some(n))).collect())
}

/// What came instead of words, onto a log that is made of the call.
pub fn onto(contact: &Contact, incident: IncidentNumber) -> Vec<Event> {
    let signals = contact.signals.iter();
    signals
        .map(|(signal, _)| Event::ContactSignalled {
            contact: contact.id,
            incident: Some(incident),
            signal: *signal,
        })
        .collect()
}

/// Folds what came instead of words, and ringing back, into the contact.
pub(super) fn fold(contact: &mut Contact, event: &Event, meta: &Meta) {
    match event {
        Event::ContactSignalled { signal, .. }
            if !contact.signals.iter().any(|(known, _)| known == signal) =>
        {
            contact.signals.push((*signal, meta.happened_at));
        }
        Event::ContactRungBack { spoke, safe_because, words, .. } => {
            contact.rung_back.push(CallerRung {
                at: meta.happened_at,
                by: meta.by.staff.clone(),
                spoke: *spoke,
                safe_because: safe_because.clone(),
                words: words.clone(),
            });
        }
        _ => {}
    }
}

/// Records that somebody who did not speak was rung back.
pub fn ring_back(s: &State, c: &RingCaller) -> Result<Vec<Event>, Refused> {
    let contact = s.contact_or_refuse(c.contact)?;
    if contact.line.is_none() {
        return Err(Refused::invalid(
            "the number is not known: ask the operator for it, and open a log",
        ));
    }
    Ok(vec![Event::ContactRungBack {
        contact: c.contact,
        spoke: c.spoke,
        safe_because: c.safe_because.clone(),
        words: c.words.clone(),
    }])
}

/// Refuses to end a call in which nobody spoke without a log, where its number is marked for
/// domestic abuse: it gets a log of the top grade.
///
/// Source: IOPC, Hampshire 2023; Learning the Lessons, case 1.
pub fn ends_without_a_log(s: &State, contact: &Contact, now: Instant) -> Result<(), Refused> {
    if contact.signals.is_empty() || contact.rung_back.iter().any(|rung| rung.spoke) {
        return Ok(());
    }
    let sought = Sought::default().line(contact.line.as_ref());
    let marked = marker::found(s, &sought, now).into_iter().find_map(|(held, how)| {
        let row = s.policy.marker_kind(&held.facts.kind)?;
        (how == MetBy::Number && row.silent_is_top).then(|| held.facts.kind.clone())
    });
    let Some(kind) = marked else { return Ok(()) };
    Err(Refused::blocked(format!(
        "nobody spoke, and this number is marked '{kind}': open a log, it gets the top grade, or \
         ring back and speak to them first"
    )))
}
