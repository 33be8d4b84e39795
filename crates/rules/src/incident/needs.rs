//! What a log needs of those who go: a skill, a tool, a dog, a specialist. The opening code says
//! some of it, and whoever handles the log the rest.
//!
//! Source: Learning the Lessons, case 5 (officers "did not have the correct tools"), case 6 (search
//! advisers and dogs).

use crate::command::*;
use crate::event::Event;
use crate::incident::{Incident, Need};
use crate::name::Label;
use crate::refused::Refused;
use crate::state::State;
use crate::unit::Unit;

/// The most needs of one log.
const NEEDS_MAX: usize = 24;

/// Says that a log needs something.
pub fn say(s: &State, c: &SayNeed) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if log.needs.iter().any(|n| n.need == c.need) {
        return Err(Refused::conflict(format!(
            "it is on log {} already that it needs {}: nothing to do",
            c.incident, c.need
        )));
    }
    if log.needs.len() >= NEEDS_MAX {
        return Err(Refused::conflict(format!(
            "log {} needs {NEEDS_MAX} things already: take off what it no longer needs first",
            c.incident
        )));
    }
    Ok(vec![Event::NeedSaid {
        incident: c.incident,
        need: c.need.clone(),
        reason: c.reason.clone(),
    }])
}

/// Says that a log no longer needs something.
pub fn drop(s: &State, c: &DropNeed) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if !log.needs.iter().any(|n| n.need == c.need) {
        return Err(Refused::not_found(format!(
            "nobody has said that log {} needs {}: look at its needs",
            c.incident, c.need
        )));
    }
    Ok(vec![Event::NeedDropped {
        incident: c.incident,
        need: c.need.clone(),
        reason: c.reason.clone(),
    }])
}

/// What the opening code asks of a unit.
pub fn of_code<'s>(s: &'s State, log: &Incident) -> impl Iterator<Item = &'s Label> {
    let row = s.policy.opening_code(&log.opening_code);
    row.into_iter().flat_map(|row| row.skills.iter().chain(&row.equipment))
}

/// Everything a log needs, what was said of it first, each once.
pub fn all(s: &State, log: &Incident) -> Vec<Label> {
    let mut all: Vec<Label> = Vec::new();
    for need in log.needs.iter().map(|n| &n.need).chain(of_code(s, log)) {
        if !all.contains(need) {
            all.push(need.clone());
        }
    }
    all
}

/// What somebody has said the log needs, that this unit has not, and nobody on the log either.
pub fn unmet_by(log: &Incident, s: &State, unit: &Unit) -> Vec<Label> {
    let there = |need: &Label| {
        log.active_units().filter_map(|d| s.units.get(&d.call_sign)).any(|u| u.has(need))
    };
    let unmet = |n: &&Need| !unit.has(&n.need) && !there(&n.need);
    log.needs.iter().filter(unmet).map(|n| n.need.clone()).collect()
}
