//! Agencies and other control rooms: who to ring, on which number, when they answer.
//!
//! Source: Learning the Lessons, case 6: the right control room was not rung, and then too late.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::state::State;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// The most agencies.
const AGENCIES_MAX: usize = 2_000;
/// The most numbers of one.
const NUMBERS_MAX: usize = 12;

/// An agency or another control room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Agency {
    /// Its name.
    pub agency: Label,
    /// What kind it is.
    pub kind: Label,
    /// How to reach it, the first choice first.
    pub numbers: Vec<AgencyNumber>,
    /// When it can be reached.
    pub hours: Option<Reason>,
    /// What else to know.
    pub note: Option<Reason>,
    /// Who is in charge there.
    #[serde(default)]
    pub supervisor: Option<PersonName>,
    /// The areas it works in; everywhere if there are none.
    #[serde(default)]
    pub areas: Vec<Label>,
    /// What it helps victims with.
    #[serde(default)]
    pub helps_with: Vec<Label>,
    /// When what is held here was last entered or confirmed, by whom, and who was spoken to.
    #[serde(default)]
    pub confirmed: Option<Confirmed>,
}

/// Somebody asked an agency whether what is held about it is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Confirmed {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: StaffId,
    /// Who was spoken to; nothing where it was entered.
    pub words: Option<Reason>,
}

/// Rule: what is held about an agency is confirmed again in time, by asking it.
///
/// Source: Learning the Lessons, missing-persons article: a list of the supervisors of every other
/// control room, kept fresh.
pub const AGENCY_STALE: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::AgencyEntered { agency, .. } | Event::AgencyConfirmed { agency, .. } => {
            vec![Arm::new(Subject::Agency(agency.clone()), meta.recorded_at)]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::AgencyConfirmed { .. } | Event::AgencyEntered { .. } => Some(Fate::Done),
        Event::AgencyRemoved { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Says that what is held about an agency is right.
pub fn confirm(s: &State, c: &ConfirmAgency) -> Result<Vec<Event>, Refused> {
    if !s.agencies.contains_key(&c.agency) {
        return Err(Refused::not_found(format!(
            "'{}' is not in the directory: look at the list",
            c.agency
        )));
    }
    Ok(vec![Event::AgencyConfirmed { agency: c.agency.clone(), words: c.words.clone() }])
}

/// Enters an agency, or changes what is held about it.
pub fn enter(s: &State, c: &EnterAgency) -> Result<Vec<Event>, Refused> {
    fits(s, c)?;
    let new = Agency {
        agency: c.agency.clone(),
        kind: c.kind.clone(),
        numbers: c.numbers.clone(),
        hours: c.hours.clone(),
        note: c.note.clone(),
        supervisor: c.supervisor.clone(),
        areas: c.areas.clone(),
        helps_with: c.helps_with.clone(),
        confirmed: s.agencies.get(&c.agency).and_then(|held| held.confirmed.clone()),
    };
    if s.agencies.get(&c.agency) == Some(&new) {
        return Err(Refused::conflict(format!(
            "{} is in the directory just so already: nothing to do",
            c.agency
        )));
    }
    let some = |list: Vec<Label>| (!list.is_empty()).then_some(list);
    Ok(vec![Event::AgencyEntered {
        agency: new.agency,
        kind: new.kind,
        numbers: new.numbers,
        hours: new.hours,
        note: new.note,
        supervisor: new.supervisor,
        areas: some(new.areas),
        helps_with: some(new.helps_with),
    }])
}

fn fits(s: &State, c: &EnterAgency) -> Result<(), Refused> {
    if c.numbers.is_empty() {
        return Err(Refused::invalid(format!(
            "{} has no number, so nobody can ring it: write at least one",
            c.agency
        )));
    }
    if c.areas.len().max(c.helps_with.len()) > NUMBERS_MAX {
        return Err(Refused::invalid(format!(
            "{} has more than {NUMBERS_MAX} areas or kinds of help: name those that matter",
            c.agency
        )));
    }
    if c.numbers.len() > NUMBERS_MAX {
        return Err(Refused::invalid(format!(
            "{} has more than {NUMBERS_MAX} numbers: keep those that the room rings",
            c.agency
        )));
    }
    let same_name = |other: &&Label| {
        **other != c.agency && other.as_str().to_lowercase() == c.agency.as_str().to_lowercase()
    };
    if let Some(other) = s.agencies.keys().find(same_name) {
        return Err(Refused::conflict(format!(
            "'{other}' is in the directory already: write the name just so to change it"
        )));
    }
    if s.agencies.size() >= AGENCIES_MAX && !s.agencies.contains_key(&c.agency) {
        return Err(Refused::conflict(format!(
            "the directory holds {AGENCIES_MAX} agencies already: remove one first"
        )));
    }
    Ok(())
}

/// Takes an agency out.
pub fn remove(s: &State, c: &RemoveAgency) -> Result<Vec<Event>, Refused> {
    if !s.agencies.contains_key(&c.agency) {
        return Err(Refused::not_found(format!(
            "'{}' is not in the directory: look at the list",
            c.agency
        )));
    }
    Ok(vec![Event::AgencyRemoved { agency: c.agency.clone(), reason: c.reason.clone() }])
}

impl State {
    pub(crate) fn evolve_agency(&mut self, event: &Event, meta: &Meta) {
        let confirmed = |words: Option<Reason>| {
            Some(Confirmed { at: meta.recorded_at, by: meta.by.staff.clone(), words })
        };
        match event {
            Event::AgencyConfirmed { agency, words } => {
                if let Some(held) = self.agencies.get_mut(agency) {
                    held.confirmed = confirmed(Some(words.clone()));
                }
            }
            Event::AgencyEntered {
                agency,
                kind,
                numbers,
                hours,
                note,
                supervisor,
                areas,
                helps_with,
            } => {
                let entered = Agency {
                    agency: agency.clone(),
                    kind: kind.clone(),
                    numbers: numbers.clone(),
                    hours: hours.clone(),
                    note: note.clone(),
                    supervisor: supervisor.clone(),
                    areas: areas.clone().unwrap_or_default(),
                    helps_with: helps_with.clone().unwrap_or_default(),
                    confirmed: confirmed(None),
                };
                self.agencies.insert_mut(agency.clone(), entered);
            }
            Event::AgencyRemoved { agency, .. } => {
                self.agencies.remove_mut(agency);
            }
            _ => {}
        }
    }
}
