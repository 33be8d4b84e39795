//! What the informant was told, and promised ring-backs.

use crate::command::*;
use crate::event::Event;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::Now;

/// Rule: the informant is told the grade and what happens next.
///
/// Source: Learning the Lessons, case 8: "no evidence the call handler told the woman the grading".
pub const INFORMANT_OWED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::Graded { incident, .. } => match s.incident(*incident) {
            Some(log) if log.told.is_empty() && log.grades.len() == 1 => {
                let opener = Owner::Staff(log.opened_by.staff.clone());
                vec![Arm::new(Subject::Incident(*incident), meta.recorded_at).owner(opener)]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::InformantTold { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Rule: a promised ring-back is made until somebody is spoken to.
///
/// Source: Learning the Lessons, case 9.
pub const RING_BACK_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::RingBackPromised { incident, by, .. } => {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .due_at(*by)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| {
        matches!(event, Event::RungBack { spoke: true, .. }).then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Records what the informant was told.
pub fn tell(s: &State, c: &TellInformant, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::InformantTold { incident: c.incident, told: c.told, words: c.words.clone() }])
}

/// Promises a ring-back.
pub fn promise(s: &State, c: &PromiseRingBack, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.by <= now.at {
        return Err(Refused::invalid(
            "a ring-back is promised for a time to come: choose a later one",
        ));
    }
    if log.ring_back_by.is_some() {
        return Err(Refused::conflict(
            "a ring-back is promised on this log already: make that one first",
        ));
    }
    Ok(vec![Event::RingBackPromised { incident: c.incident, by: c.by, why: c.why.clone() }])
}

/// Records a ring-back attempt.
pub fn ring_back(s: &State, c: &RingBack, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::RungBack { incident: c.incident, spoke: c.spoke, words: c.words.clone() }])
}
