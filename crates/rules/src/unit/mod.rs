//! Who attends: units, their status, and what becomes of them.

pub mod deployment; // sent, confirmed, released
pub mod diversion; //  taken to another log
pub mod radio; //      what the network says
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
    /// How it is reached by radio.
    #[serde(default)]
    pub radio: Option<Radio>,
    /// Its shift, if it has an end.
    #[serde(default)]
    pub shift: Option<ShiftTimes>,
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

impl Unit {
    /// Whether it is on duty at a moment.
    pub fn on_shift(&self, now: Instant) -> bool {
        self.shift.is_none_or(|shift| shift.from <= now && now < shift.until)
    }

    /// Whether it can do, carries or is what somebody needs.
    pub fn has(&self, need: &Label) -> bool {
        let need = need.as_str().to_lowercase();
        let own = self.skills.iter().chain(&self.equipment).chain([&self.kind]);
        own.into_iter().any(|label| {
            let label = label.as_str().to_lowercase();
            label == need || label.strip_suffix('s') == Some(&need)
        })
    }
}

/// The unit that carries a radio.
pub fn by_radio<'s>(s: &'s State, id: &Label) -> Option<&'s Unit> {
    s.units.values().find(|u| u.radio.as_ref().is_some_and(|radio| radio.ids.contains(id)))
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
            Event::UnitRostered {
                call_sign,
                crew,
                skills,
                equipment,
                kind,
                district,
                radio,
                shift,
            } => {
                let before = self.units.get(call_sign);
                let unit = Unit {
                    call_sign: call_sign.clone(),
                    crew: crew.clone(),
                    skills: skills.clone(),
                    equipment: equipment.clone(),
                    kind: kind.clone(),
                    district: district.clone(),
                    radio: radio.clone(),
                    shift: *shift,
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
pub fn roster(s: &State, c: &RosterUnit, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    fits(s, c)?;
    Ok(vec![rostered(c)])
}

/// The most units of one roster.
const ROSTER_MAX: usize = 1_000;

/// Puts a whole roster on the board, or nothing of it.
pub fn roster_all(s: &State, c: &RosterUnits) -> Result<Vec<Event>, Refused> {
    if c.units.len() > ROSTER_MAX {
        return Err(Refused::invalid(format!(
            "a roster has {ROSTER_MAX} units at most: send it in parts"
        )));
    }
    let mut seen: std::collections::BTreeSet<&Label> = std::collections::BTreeSet::new();
    for unit in &c.units {
        if let Some(twice) = unit.radio.iter().flat_map(|r| &r.ids).find(|id| !seen.insert(id)) {
            return Err(Refused::invalid(format!(
                "radio {twice} is there twice, the second time at {}: it can be of one unit only",
                unit.call_sign
            )));
        }
        let mut alone = unit.clone();
        // A radio may pass from one unit of the roster to another.
        if let Some(radio) = &mut alone.radio {
            radio.ids.retain(|id| {
                let held = by_radio(s, id).map(|u| &u.call_sign);
                held.is_none_or(|held| !c.units.iter().any(|u| u.call_sign == *held))
            });
        }
        fits(s, &alone)?;
    }
    let new = c.units.iter().filter(|unit| !is_just_so(s, unit));
    Ok(new.map(rostered).collect())
}

fn is_just_so(s: &State, c: &RosterUnit) -> bool {
    s.units.get(&c.call_sign).is_some_and(|u| {
        u.crew == c.crew
            && u.skills == c.skills
            && u.equipment == c.equipment
            && u.kind == c.kind
            && u.district == c.district
            && u.radio == c.radio
            && u.shift == c.shift
    })
}

fn fits(s: &State, c: &RosterUnit) -> Result<(), Refused> {
    if c.shift.is_some_and(|shift| shift.until <= shift.from) {
        return Err(Refused::invalid(format!(
            "the shift of {} ends before it begins: check its times",
            c.call_sign
        )));
    }
    let ids = c.radio.iter().flat_map(|radio| &radio.ids);
    for id in ids {
        if let Some(other) = by_radio(s, id).filter(|u| u.call_sign != c.call_sign) {
            return Err(Refused::conflict(format!(
                "radio {id} is {}'s: take it from there first, or check the number",
                other.call_sign
            )));
        }
    }
    Ok(())
}

fn rostered(c: &RosterUnit) -> Event {
    Event::UnitRostered {
        call_sign: c.call_sign.clone(),
        crew: c.crew.clone(),
        skills: c.skills.clone(),
        equipment: c.equipment.clone(),
        kind: c.kind.clone(),
        district: c.district.clone(),
        radio: c.radio.clone(),
        shift: c.shift,
    }
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
