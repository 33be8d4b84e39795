//! The unit board: who is where, doing what, and how old that knowledge is.

use super::countdown::age_words;
use crate::command::{Point, Radio, ShiftTimes};
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnitRow {
    /// Its call sign.
    pub call_sign: CallSign,
    /// Its kind.
    pub kind: Label,
    /// Its district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Label>,
    /// How it is reached by radio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub radio: Option<Radio>,
    /// Its shift, if it has an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<ShiftTimes>,
    /// Whether it is on duty now.
    pub on_shift: bool,
    /// Who is on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crew: Vec<StaffId>,
    /// What they can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Label>,
    /// What they carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<Label>,
    /// Its status, 0 to 16.
    pub status: u8,
    /// What that means.
    pub status_label: String,
    /// Since when.
    pub since: Instant,
    /// How long that is.
    pub since_words: String,
    /// Whether it is free: on no log, and in a status that counts as free.
    pub available: bool,
    /// Whether its status lets it be sent to a log.
    pub deployable: bool,
    /// Whether an officer on it has called for help.
    pub emergency: bool,
    /// The log it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<IncidentNumber>,
    /// That log's grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_grade: Option<Grade>,
    /// Where it was last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Point>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position_at: Option<Instant>,
    /// How old that is, or that it is not known.
    pub position_words: String,
    /// Whether the position is older than the force trusts, or not known at all.
    pub position_stale: bool,
    /// The logs it was released from and has not confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases_awaited: Vec<IncidentNumber>,
}

/// Every unit: officers' emergencies first, then the free, then the rest, each by call sign.
pub fn units(s: &State, now: Instant) -> Vec<UnitRow> {
    let mut rows: Vec<UnitRow> = s.units.values().map(|u| unit_row(s, u, now)).collect();
    rows.sort_by_key(|u| (!u.emergency, !u.available, u.on.is_some()));
    rows
}

/// One unit.
pub fn unit_row(s: &State, u: &Unit, now: Instant) -> UnitRow {
    UnitRow {
        call_sign: u.call_sign.clone(),
        kind: u.kind.clone(),
        district: u.district.clone(),
        radio: u.radio.clone(),
        shift: u.shift,
        on_shift: u.on_shift(now),
        crew: u.crew.clone(),
        skills: u.skills.clone(),
        equipment: u.equipment.clone(),
        status: u.status,
        status_label: status_label(s, u.status),
        since: u.status_at,
        since_words: age_words(u.status_at, now),
        available: is_available(s, u, now),
        deployable: s.policy.status(u.status).is_some_and(|row| row.deployable),
        emergency: u.status == 0,
        on: u.on,
        on_grade: u.on.and_then(|n| s.grade_of(n)),
        position: u.position.map(|(point, _)| point),
        position_at: u.position.map(|(_, at)| at),
        position_words: position_words(u, now),
        position_stale: is_position_stale(s, u, now),
        releases_awaited: u.releases_awaited.clone(),
    }
}

/// What a status means in this force.
pub fn status_label(s: &State, status: u8) -> String {
    s.policy.status(status).map_or_else(|| format!("status {status}"), |row| row.label.clone())
}

/// Whether a unit is free.
pub fn is_available(s: &State, u: &Unit, now: Instant) -> bool {
    u.on.is_none() && u.on_shift(now) && s.policy.status(u.status).is_some_and(|row| row.available)
}

/// Whether a unit's position is older than the force trusts, or not known.
pub fn is_position_stale(s: &State, u: &Unit, now: Instant) -> bool {
    u.position.is_none_or(|(_, at)| s.policy.dispatch.position_stale_after <= now.since(at))
}

/// How old a unit's position is.
pub fn position_words(u: &Unit, now: Instant) -> String {
    match u.position {
        Some((_, at)) => format!("position {} old", age_words(at, now)),
        None => "position not known".to_owned(),
    }
}
