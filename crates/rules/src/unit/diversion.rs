//! A unit diverted leaves its first log unresourced until someone owns that.

use crate::command::*;
use crate::event::Event;
use crate::incident::Incident;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;
use crate::unit::deployment::sent;

/// Rule: a job that a unit was diverted from goes back, loudly, until it is covered.
///
/// Source: Learning the Lessons, case 2, force action.
pub const LEFT_BEHIND: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::UnitDiverted { incident, .. } => match s.incident(*incident) {
            Some(log) if !log.is_resourced() => {
                vec![
                    Arm::new(Subject::Incident(*incident), meta.recorded_at)
                        .owner(log.owner.clone()),
                ]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::UnitDeployed { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Takes a unit to a more urgent log. What becomes of the job left behind is decided with it.
pub fn divert(s: &State, c: &DivertUnit, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let unit = s.unit_or_refuse(&c.call_sign)?;
    let from = unit.on.ok_or_else(|| {
        Refused::conflict(format!("{} is on no log: deploy it instead", c.call_sign))
    })?;
    if from == c.to {
        return Err(Refused::conflict(format!("{} is on log {from} already", c.call_sign)));
    }
    let left = s.open_incident(from)?;
    let to = s.open_incident(c.to)?;
    let mut events = vec![Event::UnitDiverted {
        incident: from,
        call_sign: c.call_sign.clone(),
        to: c.to,
        left_behind: c.left_behind.clone(),
        reason: c.reason.clone(),
    }];
    events.extend(cover(s, c, left)?);
    events.push(sent(s, to, unit, Some(c.reason.clone()), false));
    Ok(events)
}

fn cover(s: &State, c: &DivertUnit, left: &Incident) -> Result<Option<Event>, Refused> {
    match &c.left_behind {
        LeftBehind::Requeue => Ok(None),
        LeftBehind::Covered => {
            let others = left.active_units().any(|d| d.call_sign != c.call_sign);
            if others {
                return Ok(None);
            }
            Err(Refused::blocked(format!(
                "no other unit is on log {}: put it back to the queue, or name the unit that \
                 covers it",
                left.number
            )))
        }
        LeftBehind::CoverWith(other) => {
            let unit = s.unit_or_refuse(other)?;
            if let Some(on) = unit.on {
                return Err(Refused::conflict(format!(
                    "{other} is on log {on}: choose a unit that is free"
                )));
            }
            super::deployment::deployable(s, other, unit.status)?;
            Ok(Some(sent(s, left, unit, Some(c.reason.clone()), false)))
        }
    }
}
