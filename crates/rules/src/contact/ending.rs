//! A call that is over: what must be done while the informant is still there to be asked.

use crate::command::HangUp;
use crate::contact::Contact;
use crate::event::Event;
use crate::incident::{Incident, prompts};
use crate::name::ContactId;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::Now;

/// Rule: a call whose line dropped with something open is wrapped up by whoever took it.
///
/// Source: Learning the Lessons, case 8: the call ended, and nobody had told her anything; case 10:
/// a log closed although questions were showing.
pub const CALL_UNFINISHED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::CallEnded { contact, open, .. } if !open.is_empty() => {
            vec![
                Arm::new(Subject::Contact(*contact), meta.recorded_at)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::CallEnded { open, .. } if open.is_empty() => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// What is open on the logs of a call for the person who took it, each named.
pub fn open_on(s: &State, contact: &Contact, by: &By) -> Vec<String> {
    let logs = contact.incidents.iter().filter_map(|n| s.incident(*n));
    logs.filter(|log| log.closed.is_none()).flat_map(|log| open_on_log(s, log, by)).collect()
}

fn open_on_log(s: &State, log: &Incident, by: &By) -> Vec<String> {
    let mut open = Vec::new();
    if log.grade().is_none() {
        open.push("it is not graded".to_owned());
    }
    if log.thrive.is_empty() {
        open.push("THRIVE is not assessed".to_owned());
    }
    let unanswered = prompts::asked(s, log).into_iter().filter(|p| p.answer.is_none());
    open.extend(unanswered.map(|p| format!("'{}' has no answer", p.words)));
    let mine = |to: &Owner| match to {
        Owner::Staff(staff) => *staff == by.staff,
        Owner::Desk(role) => *role == Role::CallHandler,
    };
    let questions = log.open_questions().filter(|q| mine(&q.to));
    open.extend(questions.map(|q| format!("question {} asks you: {}", q.question, q.text)));
    if log.told.is_empty() {
        open.push("the informant is not told what happens next".to_owned());
    }
    let attends = log.grade().and_then(|g| s.policy.grade(g)).is_none_or(|g| g.attends);
    if attends && log.passed_at.is_none() {
        open.push("it is not passed to dispatch".to_owned());
    }
    open.into_iter().map(|what| format!("log {}: {what}", log.number)).collect()
}

/// Ends a call.
pub fn hang_up(s: &State, c: &HangUp, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let contact = s.contact_or_refuse(c.contact)?;
    if !contact.settled {
        return Err(Refused::blocked(format!(
            "contact {} has no record yet: open a log, say which log it is about, or end it with \
             its outcome",
            c.contact
        )));
    }
    let unfinished = s.owed(&Subject::Contact(c.contact), crate::obligation::Rule::CallUnfinished);
    if contact.over_at.is_some() && unfinished.is_none() {
        return Err(over_already(c.contact));
    }
    let open = open_on(s, contact, by);
    if open.is_empty() || (c.line_dropped && contact.over_at.is_none()) {
        let line_dropped = c.line_dropped;
        return Ok(vec![Event::CallEnded { contact: c.contact, line_dropped, open }]);
    }
    let sentence = "the call cannot end yet: do what is named here, or say that the line dropped";
    Err(Refused::blocked_by(sentence, open))
}

fn over_already(contact: ContactId) -> Refused {
    Refused::conflict(format!("call {contact} is over already: nothing more to do"))
}
