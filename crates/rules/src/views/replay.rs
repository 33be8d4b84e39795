//! A log as it stood at a moment that has passed: what was heard of it where, who had looked, and
//! what each role had in front of it. A fold of the state of that moment, by the rules of today.

mod story; // everything that happened around one log
mod then; //  the moment

pub use story::{Moment, MomentKind, Story};
pub use then::{AlarmThen, BoardThen, PersonThen, RoleThen, alarms_then, board_then, roles_then};

use crate::incident::Incident;
use crate::name::StaffId;
use crate::obligation::{Obligation, Subject};
use crate::role::Owner;
use crate::state::State;

/// Whether somebody handles a log: owns it, opened it, supervises it, or is on a unit sent to it.
pub fn handles(s: &State, log: &Incident, staff: &StaffId) -> bool {
    log.owner == Owner::Staff(staff.clone())
        || log.opened_by.staff == *staff
        || log.sergeant.as_ref() == Some(staff)
        || log
            .active_units()
            .filter_map(|d| s.units.get(&d.call_sign))
            .any(|unit| unit.crew.contains(staff))
}

/// Whether an obligation is about a log: owed on it, or on a unit that is there.
fn concerns(log: &Incident, o: &Obligation) -> bool {
    match &o.about {
        Subject::Incident(n) => *n == log.number,
        Subject::Unit(call_sign) => log.active_units().any(|d| d.call_sign == *call_sign),
        _ => false,
    }
}
