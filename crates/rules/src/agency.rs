//! Agencies and other control rooms: who to ring, on which number, when they answer.
//!
//! Source: Learning the Lessons, case 6: the right control room was not rung, and then too late.

use crate::command::*;
use crate::event::Event;
use crate::name::*;
use crate::refused::Refused;
use crate::state::State;
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
    };
    if s.agencies.get(&c.agency) == Some(&new) {
        return Err(Refused::conflict(format!(
            "{} is in the directory just so already: nothing to do",
            c.agency
        )));
    }
    let Agency { agency, kind, numbers, hours, note } = new;
    Ok(vec![Event::AgencyEntered { agency, kind, numbers, hours, note }])
}

fn fits(s: &State, c: &EnterAgency) -> Result<(), Refused> {
    if c.numbers.is_empty() {
        return Err(Refused::invalid(format!(
            "{} has no number, so nobody can ring it: write at least one",
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
    pub(crate) fn evolve_agency(&mut self, event: &Event) {
        match event {
            Event::AgencyEntered { agency, kind, numbers, hours, note } => {
                let entered = Agency {
                    agency: agency.clone(),
                    kind: kind.clone(),
                    numbers: numbers.clone(),
                    hours: hours.clone(),
                    note: note.clone(),
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
