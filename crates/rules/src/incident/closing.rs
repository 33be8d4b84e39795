//! What must be done before a log closes. Nothing closes over a lit lamp.

use crate::command::*;
use crate::contact::Contact;
use crate::event::Event;
use crate::incident::Incident;
use crate::name::Words;
use crate::obligation::{Obligation, Subject};
use crate::policy::ClosingCodePolicy;
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::Now;
use crate::unit::status::{must_see, seen_words};

/// Closes a log. It is refused while anything that blocks closing is open, and each thing is named.
///
/// Source: Learning the Lessons, case 10 (closed over new questions, and its training rule that
/// nothing closes while the call goes on), case 8 (never passed on), case 4 (closed without asking
/// for the risk again).
pub fn close(s: &State, c: &CloseIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let Some(code) = s.policy.closing_code(&c.closing_code) else {
        return Err(Refused {
            items: s.policy.closing_code.iter().map(|c| c.code.to_string()).collect(),
            ..Refused::invalid(format!(
                "'{}' is not a closing code of this force: choose one",
                c.closing_code
            ))
        });
    };
    super::missing::goes_home(s, log, &[c.result.as_str(), c.risk_now.as_str()])?;
    let open = left_open(s, log, code, c);
    if !open.is_empty() {
        let n = open.len();
        return Err(Refused::blocked_by(
            format!(
                "{n} thing(s) stand in the way of closing log {}: {}",
                c.incident,
                open.join("; ")
            ),
            open,
        ));
    }
    Ok(vec![Event::IncidentClosed {
        incident: c.incident,
        closing_code: c.closing_code.clone(),
        result: c.result.clone(),
        told: c.told,
        risk_now: c.risk_now.clone(),
    }])
}

/// Each thing that stands in the way of closing a log so.
fn left_open(
    s: &State,
    log: &Incident,
    code: &ClosingCodePolicy,
    c: &CloseIncident,
) -> Vec<String> {
    let mut open = in_the_way(s, log, code.without_attendance);
    if code.hands_over {
        // Whoever owns it from now on goes on looking.
        let missing = super::missing::in_the_way(log);
        open.retain(|way| Some(way) != missing.as_ref());
    }
    if code.partner && log.fit().is_none_or(|fit| fit.police) {
        open.push("which agency fits best, and who holds the risk now".to_owned());
    }
    if code.crime_number && !has_crime_number(log) {
        open.push("the number of the crime, or a closing code without one".to_owned());
    }
    if c.risk_now.n_words() < 2 {
        open.push("the risk as it stands now, in more than one word".to_owned());
    }
    open
}

/// Each thing that stands in the way of closing a log, in the words of its obligations.
pub fn in_the_way(s: &State, log: &Incident, without_attendance: bool) -> Vec<String> {
    let mut way: Vec<String> = blocking(s, log.number).map(Obligation::words).collect();
    if log.passed_at.is_none() && !without_attendance {
        way.push("the log passed to dispatch, or a closing code without attendance".to_owned());
    }
    way.extend(super::appointments::in_the_way(log));
    way.extend(super::work::in_the_way(log));
    way.extend(super::missing::in_the_way(log));
    way.extend(log.active_units().map(|d| format!("{} stood down", d.call_sign)));
    way.extend(live_calls(s, log).map(live_words));
    way
}

/// Whether the number of a recorded crime is on the log.
pub fn has_crime_number(log: &Incident) -> bool {
    log.crime.as_ref().is_some_and(|c| matches!(c.outcome, CrimeOutcome::Recorded(_)))
}

/// The calls about a log that somebody is still on. A duplicate does not wait for a call that the
/// open log it duplicates carries as well.
pub fn live_calls<'s>(s: &'s State, log: &'s Incident) -> impl Iterator<Item = &'s Contact> {
    let goes_on = |contact: &Contact| {
        let twins = log.links.iter().filter(|(_, how)| how.is_duplicate());
        let mut open =
            twins.filter_map(|(n, _)| s.incident(*n)).filter(|twin| twin.closed.is_none());
        open.any(|twin| contact.incidents.contains(&twin.number))
    };
    let contacts = log.contacts.iter().filter_map(|id| s.contacts.get(id));
    contacts
        .filter(|contact| contact.channel.is_call() && contact.over_at.is_none())
        .filter(move |contact| !goes_on(contact))
}

/// A live call as a thing in the way.
pub fn live_words(contact: &Contact) -> String {
    format!(
        "call {} over: {} ({}) is still on the line",
        contact.id,
        contact.taken_by.staff,
        contact.taken_by.role.words()
    )
}

/// The open obligations that a log cannot close over.
pub fn blocking(s: &State, n: crate::name::IncidentNumber) -> impl Iterator<Item = &Obligation> {
    let blocks =
        |o: &&Obligation| s.policy.obligation(o.rule).is_some_and(|row| row.blocks_closing);
    let about = s.about.get(&Subject::Incident(n)).into_iter().flatten();
    about.filter_map(|id| s.obligations.get(id)).filter(blocks)
}

/// An officer asks that a log closes. What was found is new information, so the risk is assessed
/// again; the question stands in the way of closing until the log's owner has answered it. Where
/// somebody must be seen, it says whether they were.
///
/// Source: Learning the Lessons, case 4: an officer asked for the incident to be closed, and the
/// dispatcher answered "we'll leave it at that" without either of them naming the risk.
pub fn ask(s: &State, c: &AskToClose, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.risk_now.n_words() < 2 {
        return Err(Refused::blocked("say the risk as it stands now in more than one word"));
    }
    if must_see(s, log) && c.seen.is_none() {
        return Err(Refused::blocked(
            "say whether you saw and spoke to the person: who you saw and how they are, or why \
             you could not",
        ));
    }
    super::missing::goes_home(s, log, &[c.found.as_str(), c.risk_now.as_str()])?;
    let seen = c.seen.as_ref().map(|outcome| format!(" {}.", seen_words(outcome)));
    let text = format!(
        "Asks that this log closes. Found: {}. Risk now: {}.{}",
        c.found,
        c.risk_now,
        seen.unwrap_or_default()
    );
    let entry = log.next_entry();
    let written = Event::EntryAdded {
        incident: c.incident,
        entry,
        text: Words::parse(&text).map_err(Refused::invalid)?,
        critical: matches!(c.seen, Some(Outcome::NotApplicable(_))),
        new_information: true,
        own_words: false,
        attachments: Vec::new(),
    };
    let me = Owner::Staff(by.staff.clone());
    let to = if log.owner == me { Owner::Desk(Role::Dispatcher) } else { log.owner.clone() };
    let question = format!("May this log close? What was found and the risk now: entry {entry}");
    let asked = Event::QuestionAsked {
        incident: c.incident,
        question: u32::try_from(log.questions.len()).unwrap_or(u32::MAX).saturating_add(1),
        to,
        text: Words::parse(&question).map_err(Refused::invalid)?,
    };
    Ok(vec![written, asked])
}

/// Opens a closed log again.
pub fn reopen(s: &State, c: &ReopenIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.any_incident(c.incident)?;
    if log.closed.is_none() {
        return Err(Refused::conflict(format!("log {} is open: nothing to do", c.incident)));
    }
    Ok(vec![Event::IncidentReopened { incident: c.incident, reason: c.reason.clone() }])
}
