//! Messages to a named officer: those that wait, and one whole.

use super::countdown::countdown_words;
use super::owed::{Owed, owed_about};
use crate::contact::Contact;
use crate::marker::line_key;
use crate::message::{Message, MessageTried};
use crate::name::*;
use crate::obligation::Subject;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A message in a list, without whom it is from and what it says: that is behind its number, where
/// looks are recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MessageRow {
    /// Its number.
    pub message: MessageId,
    /// The officer asked for.
    pub to: StaffId,
    /// Whether that officer is on duty and at work.
    pub here: bool,
    /// Who owes the answer now; nobody once they were spoken to.
    pub owner: Option<Owner>,
    /// When it was left.
    pub at: Instant,
    /// By when they were told that they will hear.
    pub hears_by: Instant,
    /// How far that is, signed.
    pub countdown: String,
    /// How often they were tried.
    pub n_tried: u32,
    /// When they were spoken to.
    pub done_at: Option<Instant>,
}

/// A message whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MessageWhole {
    /// Its row.
    pub row: MessageRow,
    /// The desk that covers.
    pub cover: Role,
    /// The call or other contact it came from.
    pub contact: Option<ContactId>,
    /// Who left it.
    pub name: Option<PersonName>,
    /// Where they can be reached.
    pub line: Option<Line>,
    /// Whether it is safe to contact them there.
    pub safe_to_contact: Option<bool>,
    /// Their words.
    pub words: Words,
    /// Who took it.
    pub by: By,
    /// What was tried and said since, the oldest first.
    pub tried: Vec<MessageTried>,
    /// What is owed about it.
    pub owed: Vec<Owed>,
}

fn row(s: &State, m: &Message, now: Instant) -> MessageRow {
    MessageRow {
        message: m.id,
        to: m.to.clone(),
        here: crate::message::is_here(s, &m.to),
        owner: s.obligations_about(&Subject::Message(m.id)).next().map(|o| o.owner.clone()),
        at: m.at,
        hears_by: m.hears_by,
        countdown: countdown_words(m.hears_by, now),
        n_tried: u32::try_from(m.tried.len()).unwrap_or(u32::MAX),
        done_at: m.done_at,
    }
}

/// The messages that wait, what is due first.
pub fn waiting(s: &State, now: Instant) -> Vec<MessageRow> {
    let open = s.messages.values().filter(|m| m.done_at.is_none());
    let mut rows: Vec<MessageRow> = open.map(|m| row(s, m, now)).collect();
    rows.sort_by_key(|row| (row.hears_by, row.message));
    rows
}

/// One message whole.
pub fn message(s: &State, id: MessageId, now: Instant) -> Option<MessageWhole> {
    s.messages.get(&id).map(|m| whole(s, m, now))
}

fn whole(s: &State, m: &Message, now: Instant) -> MessageWhole {
    MessageWhole {
        row: row(s, m, now),
        cover: m.cover,
        contact: m.contact,
        name: m.name.clone(),
        line: m.line.clone(),
        safe_to_contact: m.safe_to_contact,
        words: m.words.clone(),
        by: m.by.clone(),
        tried: m.tried.clone(),
        owed: owed_about(s, &Subject::Message(m.id), now),
    }
}

/// The messages from the number a call comes from, the newest first: what was said a week ago to
/// somebody else is known to whoever takes the call today.
///
/// Source: Learning the Lessons, case 2: the call a week before was not known to the call handler.
pub fn on_call(s: &State, contact: &Contact, now: Instant) -> Vec<MessageWhole> {
    let Some(line) = contact.line.as_ref().map(line_key).filter(|key| !key.is_empty()) else {
        return Vec::new();
    };
    let same = |m: &&std::sync::Arc<Message>| {
        m.contact != Some(contact.id) && m.line.as_ref().is_some_and(|l| line_key(l) == line)
    };
    s.messages.values().rev().filter(same).map(|m| whole(s, m, now)).collect()
}

/// Whether a message is somebody's to answer: it is for them, they owe it, or they took it.
pub fn is_theirs(s: &State, id: MessageId, by: &By) -> bool {
    let owner = s.obligations_about(&Subject::Message(id)).next().map(|o| o.owner.clone());
    let owes = match owner {
        Some(Owner::Staff(staff)) => staff == by.staff,
        Some(Owner::Desk(role)) => s.covering(role) == by.role,
        None => false,
    };
    owes || s.messages.get(&id).is_some_and(|m| m.to == by.staff || m.by.staff == by.staff)
}
