//! A call that is over: what must be done while the informant is still there to be asked.

use crate::command::HangUp;
use crate::contact::Contact;
use crate::event::Event;
use crate::incident::{Incident, prompts, told};
use crate::name::ContactId;
use crate::obligation::{Arm, Fate, Rule, Spec, Subject};
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
        Event::CallEnded { contact, .. } if !is_whole(event) => {
            vec![
                Arm::new(Subject::Contact(*contact), meta.recorded_at)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::CallEnded { .. } if is_whole(event) => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Whether a call ended with nothing left to do for whoever took it.
fn is_whole(event: &Event) -> bool {
    let Event::CallEnded { line_dropped, open, because, .. } = event else { return false };
    open.is_empty() || (because.is_some() && !line_dropped)
}

/// One thing that is open on a call.
struct Open {
    words: String,
    /// Whether only the informant can tell it, so that a reason may stand in its place. What is
    /// still not known stays owed by its own rule.
    from_informant: bool,
}

/// What is open on the logs of a call for the person who took it, each named.
pub fn open_on(s: &State, contact: &Contact, by: &By) -> Vec<String> {
    all_open(s, contact, by).map(|open| open.words).collect()
}

/// Whether a reason why it is not known is all that stands between a call and its end.
pub fn ends_with_a_reason(s: &State, contact: &Contact, by: &By) -> bool {
    let mut open = all_open(s, contact, by).peekable();
    open.peek().is_some() && open.all(|open| open.from_informant)
}

fn all_open<'s>(s: &'s State, contact: &'s Contact, by: &'s By) -> impl Iterator<Item = Open> + 's {
    let logs = contact.incidents.iter().filter_map(|n| s.incident(*n));
    logs.filter(|log| log.closed.is_none()).flat_map(|log| open_on_log(s, log, by))
}

fn open_on_log(s: &State, log: &Incident, by: &By) -> Vec<Open> {
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
    if was_not_heard(log) {
        open.push(
            "the caller could not be heard or understood: ring back on another line and write what \
             was heard, promise to ring back, or assess THRIVE again once it is clear"
                .to_owned(),
        );
    }
    if !told::knows_what_next(log) {
        open.push("the informant is not told what happens next".to_owned());
    }
    let attends = log.grade().and_then(|g| s.policy.grade(g)).is_none_or(|g| g.attends);
    if attends && log.passed_at.is_none() {
        open.push("it is not passed to dispatch".to_owned());
    }
    let whole = |what: String| format!("log {}: {what}", log.number);
    let done = open.into_iter().map(|what| Open { words: whole(what), from_informant: false });
    let missing =
        essentials(s, log).map(|what| Open { words: whole(what.to_owned()), from_informant: true });
    done.chain(missing).collect()
}

/// Whether nobody has made clear yet what a caller wanted who could not be heard.
///
/// Source: Learning the Lessons, case 8, force action: "action needs to be taken to clearly
/// establish the nature of the issue".
pub fn was_not_heard(log: &Incident) -> bool {
    let unheard = log.thrive.last().filter(|last| !last.informant_understood);
    let Some(since) = unheard.map(|last| last.at) else { return false };
    log.ring_back_by.is_none() && !log.ring_backs.iter().any(|made| made.spoke && made.at >= since)
}

/// Where it is and who reports, where the log does not say: what only the informant can tell.
///
/// Source: Learning the Lessons, case 6: he "appeared to almost end the call" and was prompted by
/// the caller.
fn essentials(s: &State, log: &Incident) -> impl Iterator<Item = &'static str> {
    let about = Subject::Incident(log.number);
    let owed = |rule| s.owed(&about, rule).is_some();
    let place = owed(Rule::LocationOwed).then_some("where it is, is not clear");
    let who =
        owed(Rule::InformantDetails).then_some("who reports is not written, nor how to reach them");
    place.into_iter().chain(who)
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
    let unfinished = s.owed(&Subject::Contact(c.contact), Rule::CallUnfinished);
    if contact.over_at.is_some() && unfinished.is_none() {
        return Err(over_already(c.contact));
    }
    let open = open_on(s, contact, by);
    let line_dropped = c.line_dropped && contact.over_at.is_none();
    let reason_will_do = ends_with_a_reason(s, contact, by);
    if open.is_empty() || line_dropped || (reason_will_do && c.because.is_some()) {
        let because = c.because.clone();
        return Ok(vec![Event::CallEnded { contact: c.contact, line_dropped, open, because }]);
    }
    let sentence = if reason_will_do {
        "the call cannot end yet: ask, or say why the caller cannot tell what is named here, or \
         that the line dropped"
    } else {
        "the call cannot end yet: do what is named here, or say that the line dropped"
    };
    Err(Refused::blocked_by(sentence, open))
}

fn over_already(contact: ContactId) -> Refused {
    Refused::conflict(format!("call {contact} is over already: nothing more to do"))
}
