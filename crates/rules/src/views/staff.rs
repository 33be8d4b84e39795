//! The staff directory as it is shown, and the seats that are free.

use crate::command::Training;
use crate::name::*;
use crate::role::Role;
use crate::shift::training::Allowed;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StaffRow {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: PersonName,
    /// The roles they may sign on in.
    pub roles: Vec<Role>,
    /// What they are trained for.
    pub skills: Vec<Label>,
    /// The desk they usually sit at.
    pub desk: Option<Role>,
    /// Until when a training holds, where it has an end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expires: Vec<Training>,
    /// The skills whose training has ended: they no longer count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<Label>,
    /// The tasks they may do for a while without the training.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<AllowedTask>,
    /// The role they are on duty in now.
    pub on_duty_as: Option<Role>,
    /// The seat they sit at now.
    pub seat: Option<SeatId>,
}

/// A task that somebody may do for a while without the training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AllowedTask {
    /// The task.
    pub task: Label,
    /// Who allowed it, why and until when.
    pub allowed: Allowed,
}

fn allowed(s: &State, staff: &StaffId, now: Instant) -> Vec<AllowedTask> {
    let own = s.allowed.iter().filter(|((who, _), a)| who == staff && a.until > now);
    own.map(|((_, task), a)| AllowedTask { task: task.clone(), allowed: a.clone() }).collect()
}

/// Everybody in the directory, in order of their ids.
pub fn directory(s: &State, now: Instant) -> Vec<StaffRow> {
    let rows = s.directory.iter().map(|(staff, held)| {
        let on = s.staff.get(staff);
        StaffRow {
            staff: staff.clone(),
            name: held.name.clone(),
            roles: held.roles.clone(),
            skills: held.skills.clone(),
            desk: held.desk,
            expires: held.expires.clone(),
            ended: held.skills.iter().filter(|k| held.ended(k, now).is_some()).cloned().collect(),
            allowed: allowed(s, staff, now),
            on_duty_as: on.map(|on| on.role),
            seat: on.map(|on| on.seat.clone()),
        }
    });
    rows.collect()
}

/// The seats of a desk that nobody sits at, in the order in which policy lists them.
pub fn free_seats(s: &State, desk: Role) -> Vec<SeatId> {
    let listed = s.policy.desk.get(&desk).map_or(&[][..], |row| &row.seats[..]);
    let taken = |seat: &SeatId| s.staff.values().any(|on| &on.seat == seat);
    listed.iter().filter(|seat| !taken(seat)).cloned().collect()
}
