//! What a role must know, and who has said that they have read it.
//!
//! Source: Learning the Lessons, cases 2 and 6: a changed instruction that nobody can show to have
//! reached those it was for.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::{Instant, Now, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most briefings in memory, those that have ended among them. Older ones are in the record.
const KEPT_MAX: usize = 200;
/// The most that are shown at one time.
const SHOWN_MAX: usize = 40;
/// The longest that one is shown.
const SHOWN_FOR_MAX: Span = Span::minutes(366 * 24 * 60);

/// A briefing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Briefing {
    /// Its number.
    pub id: BriefingId,
    /// What it is about.
    pub title: Title,
    /// What must be known.
    pub text: Words,
    /// The roles it is for.
    pub roles: Vec<Role>,
    /// Who published it, and as what.
    pub by: By,
    /// When.
    pub at: Instant,
    /// Until when it is shown.
    pub until: Instant,
    /// By when it must be read.
    pub read_by: Option<Instant>,
    /// Who has read it, in which role, when; each person once.
    pub read: Vec<Read>,
    /// Why it ended before its time.
    pub withdrawn: Option<Reason>,
}

/// Somebody has read a briefing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Read {
    /// Who, and in which role.
    pub by: By,
    /// When.
    pub at: Instant,
}

impl Briefing {
    /// Whether it is shown.
    pub fn is_shown(&self, now: Instant) -> bool {
        self.withdrawn.is_none() && now < self.until
    }

    /// Whether somebody has said that they have read it.
    pub fn was_read_by(&self, staff: &StaffId) -> bool {
        self.read.iter().any(|r| r.by.staff == *staff)
    }

    /// Whether somebody is still to read it.
    pub fn is_owed_by(&self, by: &By, now: Instant) -> bool {
        self.is_shown(now) && self.roles.contains(&by.role) && !self.was_read_by(&by.staff)
    }
}

/// Publishes a briefing.
pub fn publish(s: &State, c: &PublishBriefing, now: Now) -> Result<Vec<Event>, Refused> {
    let mut roles = c.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() || roles.contains(&Role::System) {
        return Err(Refused::invalid("this briefing is for nobody: choose at least one role"));
    }
    if c.until <= now.at {
        return Err(Refused::invalid(
            "this briefing would have ended already: say until when it is shown",
        ));
    }
    if c.until > now.at + SHOWN_FOR_MAX {
        return Err(Refused::invalid(
            "a briefing is shown for a year at most: what holds longer belongs in policy",
        ));
    }
    if c.read_by.is_some_and(|by| by <= now.at || by > c.until) {
        return Err(Refused::invalid(
            "the time to have read it by is past, or after it has ended: choose one between",
        ));
    }
    if s.briefings.values().filter(|b| b.is_shown(now.at)).count() >= SHOWN_MAX {
        return Err(Refused::conflict(format!(
            "{SHOWN_MAX} briefings are shown already, and nobody reads more: withdraw one first"
        )));
    }
    Ok(vec![Event::BriefingPublished {
        briefing: BriefingId(s.next_briefing),
        title: c.title.clone(),
        text: c.text.clone(),
        roles,
        until: c.until,
        read_by: c.read_by,
    }])
}

fn shown(s: &State, id: BriefingId, now: Now) -> Result<&Briefing, Refused> {
    let found = s.briefings.get(&id).filter(|b| b.is_shown(now.at));
    found.map(AsRef::as_ref).ok_or_else(|| {
        Refused::not_found(format!("briefing {id} is not shown any more: look at the list"))
    })
}

/// Somebody has read it.
pub fn read(s: &State, c: &ReadBriefing, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let b = shown(s, c.briefing, now)?;
    if !b.roles.contains(&by.role) {
        return Err(Refused::forbidden(format!(
            "briefing {} is not for the role {}: only those it is for say that they have read it",
            b.id,
            by.role.words()
        )));
    }
    if b.was_read_by(&by.staff) {
        return Err(Refused::conflict(format!(
            "it is recorded already that you have read briefing {}: nothing to do",
            b.id
        )));
    }
    Ok(vec![Event::BriefingRead { briefing: b.id }])
}

/// Ends it before its time.
pub fn withdraw(s: &State, c: &WithdrawBriefing, now: Now) -> Result<Vec<Event>, Refused> {
    let b = shown(s, c.briefing, now)?;
    Ok(vec![Event::BriefingWithdrawn { briefing: b.id, reason: c.reason.clone() }])
}

impl State {
    pub(crate) fn evolve_briefing(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::BriefingPublished { briefing, title, text, roles, until, read_by } => {
                self.next_briefing = self.next_briefing.max(briefing.0 + 1);
                let new = Briefing {
                    id: *briefing,
                    title: title.clone(),
                    text: text.clone(),
                    roles: roles.clone(),
                    by: meta.by.clone(),
                    at: meta.recorded_at,
                    until: *until,
                    read_by: *read_by,
                    read: Vec::new(),
                    withdrawn: None,
                };
                self.briefings.insert_mut(*briefing, Arc::new(new));
                self.forget_ended_briefings(meta.recorded_at);
            }
            Event::BriefingRead { briefing } => {
                if let Some(b) = self.briefings.get_mut(briefing) {
                    let read = Read { by: meta.by.clone(), at: meta.recorded_at };
                    Arc::make_mut(b).read.push(read);
                }
            }
            Event::BriefingWithdrawn { briefing, reason } => {
                if let Some(b) = self.briefings.get_mut(briefing) {
                    Arc::make_mut(b).withdrawn = Some(reason.clone());
                }
            }
            _ => {}
        }
    }

    fn forget_ended_briefings(&mut self, now: Instant) {
        while self.briefings.size() > KEPT_MAX {
            let ended = self.briefings.values().find(|b| !b.is_shown(now)).map(|b| b.id);
            let Some(id) = ended else { return };
            self.briefings.remove_mut(&id);
        }
    }
}
