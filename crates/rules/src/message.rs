//! Messages to a named officer. Somebody asks for the officer they dealt with; that officer may be
//! away for weeks. So it is no e-mail: the words travel whole, somebody owes an answer by a time
//! that was told, and whoever covers owes it where the officer is away or does not answer.
//!
//! Source: Learning the Lessons, case 2.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::opening::first_phrase;
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::Cue;
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::{Instant, Now};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most messages in memory. The oldest that was answered goes first; it stays in the record.
const KEPT_MAX: usize = 2_000;
/// The most that wait.
const OPEN_MAX: usize = 1_500;
/// The most attempts at one.
const TRIED_MAX: usize = 50;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// The call or other contact it came from.
    pub contact: Option<ContactId>,
    /// The officer asked for.
    pub to: StaffId,
    /// The desk that owes it where that officer is away.
    pub cover: Role,
    /// Who left it.
    pub name: Option<PersonName>,
    /// Where they can be reached.
    pub line: Option<Line>,
    /// Whether it is safe to contact them there.
    pub safe_to_contact: Option<bool>,
    /// Their words.
    pub words: Words,
    /// By when they were told that they will hear.
    pub hears_by: Instant,
    /// Who took it.
    pub by: By,
    /// When.
    pub at: Instant,
    /// What was tried and said since, in order.
    pub tried: Vec<MessageTried>,
    /// When they were spoken to.
    pub done_at: Option<Instant>,
}

/// What somebody did about a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MessageTried {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: By,
    /// What came of it.
    pub answer: MessageAnswer,
    /// What was said, or tried.
    pub words: Words,
}

/// Rule: whoever asks for a named officer hears by the time they were told, from that officer or
/// from whoever covers.
///
/// An officer who is away does not own it: it goes to their cover at once. One who does not answer
/// loses it to the cover on the ladder.
///
/// Source: Learning the Lessons, case 2.
pub const MESSAGE_OWED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::MessageLeft { message, to, cover, hears_by, .. } => {
            let owner = match is_here(s, to) {
                true => Owner::Staff(to.clone()),
                false => Owner::Desk(*cover),
            };
            let arm = Arm::new(Subject::Message(*message), meta.recorded_at);
            vec![arm.due_at(*hears_by).owner(owner)]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| {
        matches!(event, Event::MessageAnswered { answer: MessageAnswer::Spoken, .. })
            .then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Whether somebody is on duty and at work.
pub fn is_here(s: &State, staff: &StaffId) -> bool {
    s.staff.get(staff).is_some_and(|on| !on.on_break)
}

/// The desk that covers for somebody.
pub fn cover_of(s: &State, staff: &StaffId) -> Role {
    let on = s.staff.get(staff).map(|on| on.role);
    let enrolled = s.directory.get(staff);
    let usual = enrolled.and_then(|e| e.desk.or_else(|| e.roles.first().copied()));
    let role = on.or(usual).unwrap_or(Role::Officer);
    s.policy.message.cover.get(&role).copied().unwrap_or(s.policy.message.cover_else)
}

/// Leaves a message.
pub fn leave(s: &State, c: &LeaveMessage, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let contact = c.contact.map(|id| s.contact_or_refuse(id)).transpose()?;
    let line = c.line.clone().or_else(|| contact.and_then(|contact| contact.line.clone()));
    let name = c.name.clone().or_else(|| contact.and_then(|contact| contact.name.clone()));
    if line.is_none() {
        return Err(Refused::invalid(
            "nobody could answer it: write the number or address where they can be reached",
        ));
    }
    let hears_by = c.hears_by.unwrap_or(now.at + s.policy.message.hears_within);
    if hears_by <= now.at {
        return Err(Refused::invalid("they hear at a time to come: choose a later one"));
    }
    if s.messages.values().filter(|m| m.done_at.is_none()).count() >= OPEN_MAX {
        return Err(Refused::conflict(format!(
            "{OPEN_MAX} messages wait already: open a log, so that somebody answers this one"
        )));
    }
    let has_log = contact.is_some_and(|contact| !contact.incidents.is_empty());
    if !has_log && c.no_log_because.is_none() {
        no_danger(s, &c.words)?;
    }
    Ok(vec![Event::MessageLeft {
        message: MessageId(s.next_message),
        contact: c.contact,
        to: c.to.clone(),
        cover: cover_of(s, &c.to),
        name,
        line,
        safe_to_contact: c.safe_to_contact,
        words: c.words.clone(),
        hears_by,
        no_log_because: c.no_log_because.clone(),
    }])
}

fn no_danger(s: &State, words: &Words) -> Result<(), Refused> {
    let Some((cue, words)) = danger(s, words) else { return Ok(()) };
    Err(Refused::blocked_by(
        format!(
            "a message is no answer to danger, and '{words}' tells of some ({}): open a log first, \
             or say why none is needed",
            cue.name
        ),
        vec![format!("{}: {words}", cue.name)],
    ))
}

/// What in these words would have somebody sent, and the phrase that says so.
///
/// Source: Learning the Lessons, case 2: he "did not believe the woman was in immediate danger as
/// no offences were disclosed"; she had spoken of her ex-husband and a court order.
fn danger<'s>(s: &'s State, words: &Words) -> Option<(&'s Cue, &'s str)> {
    let text = [words.as_str().to_lowercase()];
    let sends = |cue: &&Cue| s.policy.grade(cue.grade).is_some_and(|g| g.deploy_target.is_some());
    let mut cues: Vec<&Cue> = s.policy.cue.iter().filter(sends).collect();
    cues.sort_by_key(|cue| cue.grade.rank());
    cues.into_iter().find_map(|cue| Some((cue, first_phrase(&text, &cue.phrases)?)))
}

/// Says what came of it.
pub fn answer(s: &State, c: &AnswerMessage) -> Result<Vec<Event>, Refused> {
    let message = s.messages.get(&c.message).ok_or_else(|| {
        Refused::not_found(format!("there is no message {}: look at the list", c.message))
    })?;
    if message.done_at.is_some() {
        return Err(Refused::conflict(format!(
            "message {} has been answered: nothing more to do",
            c.message
        )));
    }
    if message.tried.len() >= TRIED_MAX && c.answer == MessageAnswer::NotReached {
        return Err(Refused::conflict(format!(
            "they were tried {TRIED_MAX} times: open a log, and have somebody go there"
        )));
    }
    let (message, answer, words) = (c.message, c.answer, c.words.clone());
    Ok(vec![Event::MessageAnswered { message, answer, words }])
}

impl State {
    pub(crate) fn evolve_message(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::MessageLeft {
                message,
                contact,
                to,
                cover,
                name,
                line,
                safe_to_contact,
                words,
                hears_by,
                ..
            } => {
                self.next_message = self.next_message.max(message.0 + 1);
                let new = Message {
                    id: *message,
                    contact: *contact,
                    to: to.clone(),
                    cover: *cover,
                    name: name.clone(),
                    line: line.clone(),
                    safe_to_contact: *safe_to_contact,
                    words: words.clone(),
                    hears_by: *hears_by,
                    by: meta.by.clone(),
                    at: meta.recorded_at,
                    tried: Vec::new(),
                    done_at: None,
                };
                self.messages.insert_mut(*message, Arc::new(new));
                self.forget_answered_messages();
            }
            Event::MessageAnswered { message, answer, words } => {
                if let Some(m) = self.messages.get_mut(message) {
                    let m = Arc::make_mut(m);
                    m.tried.push(MessageTried {
                        at: meta.recorded_at,
                        by: meta.by.clone(),
                        answer: *answer,
                        words: words.clone(),
                    });
                    m.done_at = (*answer == MessageAnswer::Spoken).then_some(meta.recorded_at);
                }
            }
            _ => {}
        }
    }

    fn forget_answered_messages(&mut self) {
        while self.messages.size() > KEPT_MAX {
            let done = self.messages.values().find(|m| m.done_at.is_some()).map(|m| m.id);
            let Some(id) = done else { return };
            self.messages.remove_mut(&id);
        }
    }
}
