//! Who attends: units, their status, and what becomes of them.

pub mod deployment; // sent, confirmed, released
pub mod diversion; //  taken to another log
pub mod status; //     0 to 16, and the risk card
pub mod welfare; //    officers heard from

use crate::command::*;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::{Instant, Now};
use serde::{Deserialize, Serialize};

/// A unit on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its call sign.
    pub call_sign: CallSign,
    /// Who is on it.
    pub crew: Vec<StaffId>,
    /// What they can do.
    pub skills: Vec<Label>,
    /// What they carry.
    pub equipment: Vec<Label>,
    /// Its kind.
    pub kind: Label,
    /// Its district.
    pub district: Option<Label>,
    /// 0 to 16.
    pub status: u8,
    /// Since when.
    pub status_at: Instant,
    /// Where it was last, and when.
    pub position: Option<(Point, Instant)>,
    /// The log it is on.
    pub on: Option<IncidentNumber>,
    /// Logs it was released from without having confirmed it.
    pub releases_awaited: Vec<IncidentNumber>,
}

impl State {
    /// A unit on the board.
    ///
    /// # Errors
    /// That there is none of this call sign.
    pub fn unit_or_refuse(&self, call_sign: &CallSign) -> Result<&Unit, Refused> {
        self.units.get(call_sign).ok_or_else(|| {
            Refused::not_found(format!(
                "{call_sign} is not on the board: check the call sign, or put the unit on the roster"
            ))
        })
    }

    pub(crate) fn evolve_unit(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::UnitRostered { call_sign, crew, skills, equipment, kind, district } => {
                let before = self.units.get(call_sign);
                let unit = Unit {
                    call_sign: call_sign.clone(),
                    crew: crew.clone(),
                    skills: skills.clone(),
                    equipment: equipment.clone(),
                    kind: kind.clone(),
                    district: district.clone(),
                    status: before.map_or(2, |u| u.status),
                    status_at: before.map_or(meta.happened_at, |u| u.status_at),
                    position: before.and_then(|u| u.position),
                    on: before.and_then(|u| u.on),
                    releases_awaited: before
                        .map(|u| u.releases_awaited.clone())
                        .unwrap_or_default(),
                };
                self.units.insert_mut(call_sign.clone(), unit);
            }
            Event::UnitRemoved { call_sign } => {
                self.units.remove_mut(call_sign);
            }
            Event::StatusSet { call_sign, status, .. } => self.on_unit(call_sign, |u| {
                if meta.happened_at >= u.status_at {
                    u.status = *status;
                    u.status_at = meta.happened_at;
                }
            }),
            Event::PositionReported { call_sign, point } => {
                self.on_unit(call_sign, |u| u.position = Some((*point, meta.happened_at)));
            }
            Event::UnitDeployed { incident, call_sign, .. } => {
                self.on_unit(call_sign, |u| u.on = Some(*incident));
            }
            Event::UnitDiverted { incident, call_sign, .. }
            | Event::UnitStoodDown { incident, call_sign, .. } => self.on_unit(call_sign, |u| {
                u.on = None;
                u.releases_awaited.push(*incident);
            }),
            Event::ReleaseConfirmed { incident, call_sign } => {
                self.on_unit(call_sign, |u| u.releases_awaited.retain(|n| n != incident));
            }
            _ => {}
        }
    }

    fn on_unit(&mut self, call_sign: &CallSign, f: impl FnOnce(&mut Unit)) {
        if let Some(unit) = self.units.get_mut(call_sign) {
            f(unit);
        }
    }
}

/// Checks that an officer speaks for their own unit. A unit whose crew is not known is taken at its
/// word.
///
/// # Errors
/// That they are not on it.
pub fn own_unit(s: &State, by: &By, call_sign: &CallSign) -> Result<(), Refused> {
    let crew = s.units.get(call_sign).map_or(&[][..], |unit| &unit.crew[..]);
    if by.role != Role::Officer || crew.is_empty() || crew.contains(&by.staff) {
        return Ok(());
    }
    Err(Refused::forbidden(format!(
        "you are not on {call_sign}: report for your own unit, or ask the dispatcher"
    )))
}

/// Puts a unit on the board, or changes what it is.
pub fn roster(_: &State, c: &RosterUnit, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    Ok(vec![Event::UnitRostered {
        call_sign: c.call_sign.clone(),
        crew: c.crew.clone(),
        skills: c.skills.clone(),
        equipment: c.equipment.clone(),
        kind: c.kind.clone(),
        district: c.district.clone(),
    }])
}

/// Takes a unit off the board, unless it is on a log.
pub fn remove(s: &State, c: &RemoveUnit, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let unit = s.unit_or_refuse(&c.call_sign)?;
    if let Some(n) = unit.on {
        return Err(Refused::conflict(format!(
            "{} is on log {n}: stand it down first",
            c.call_sign
        )));
    }
    if let Some(n) = unit.releases_awaited.first() {
        return Err(Refused::conflict(format!(
            "{} has not confirmed its release from log {n}: confirm it first",
            c.call_sign
        )));
    }
    if unit.status == 0 {
        return Err(Refused::conflict(format!(
            "{} has called for help: set another status when the emergency is over",
            c.call_sign
        )));
    }
    Ok(vec![Event::UnitRemoved { call_sign: c.call_sign.clone() }])
}
