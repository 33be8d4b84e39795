//! Intelligence checks: each is an obligation with a recorded outcome, owned by whoever covers
//! when no support operator is on duty.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::Label;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// The check that a grade requires by itself.
pub const BY_GRADE: &str = "police intelligence";

/// Rule: a check that was asked for, or that the grade requires, has a recorded outcome.
///
/// Source: Learning the Lessons, case 2 (nobody on duty, so no check) and case 4 (no check at all).
pub const CHECK_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::CheckRequested { incident, check } => {
            vec![Arm::new(Subject::Incident(*incident), meta.recorded_at).part(check.as_str())]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::CheckRecorded { check, .. } if o.part_is(check.as_str()) => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// The check that a grade asks for by itself, once a log.
pub fn by_grade(s: &State, event: &Event, _: &Meta) -> Option<Event> {
    let Event::Graded { incident, grade, .. } = event else { return None };
    let log = s.incident(*incident)?;
    let required = s.policy.grade(*grade)?.intelligence_check;
    let check = Label::parse(BY_GRADE).ok()?;
    let new = !log.checks.iter().any(|c| c.check == check);
    (required && new).then_some(Event::CheckRequested { incident: *incident, check })
}

/// Asks for a check.
pub fn request(s: &State, c: &RequestCheck, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if log.checks.iter().any(|x| x.check == c.check && x.outcome.is_none()) {
        return Err(Refused::conflict(format!("the check '{}' is asked for already", c.check)));
    }
    Ok(vec![Event::CheckRequested { incident: c.incident, check: c.check.clone() }])
}

/// Records what a check found.
pub fn record(s: &State, c: &RecordCheck, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::CheckRecorded {
        incident: c.incident,
        check: c.check.clone(),
        outcome: c.outcome.clone(),
    }])
}

impl Incident {
    /// The checks that were asked for and are not done.
    pub fn checks_open(&self) -> impl Iterator<Item = &Label> {
        self.checks.iter().filter(|c| c.outcome.is_none()).map(|c| &c.check)
    }
}
