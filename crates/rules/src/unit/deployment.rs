//! Sent, confirmed by both sides, released, confirmed by both sides.

use crate::command::*;
use crate::event::Event;
use crate::incident::{Deployment, Incident, needs};
use crate::name::{CallSign, IncidentNumber, Label, Reason};
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;
use crate::unit::Unit;

/// Rule: sending a unit is confirmed by both sides.
///
/// Source: Learning the Lessons, case 2.
pub const DEPLOYMENT_UNCONFIRMED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::UnitDeployed { incident, call_sign, .. } => {
            let owner = s.incident(*incident).map(|log| log.owner.clone());
            let arm = Arm::new(Subject::Incident(*incident), meta.recorded_at);
            vec![Arm { owner, ..arm }.part(call_sign.as_str())]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::DeploymentConfirmed { call_sign, .. } if o.part_is(call_sign.as_str()) => {
            Some(Fate::Done)
        }
        Event::StatusSet { call_sign, status: 5..=6, .. } if o.part_is(call_sign.as_str()) => {
            Some(Fate::Done)
        }
        Event::UnitStoodDown { call_sign, .. } | Event::UnitDiverted { call_sign, .. }
            if o.part_is(call_sign.as_str()) =>
        {
            Some(Fate::Overtaken)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: releasing a unit is confirmed by both sides.
///
/// Source: Learning the Lessons, case 2: the officers "believed they had been un-allocated", the
/// dispatcher believed they would attend both.
pub const RELEASE_UNCONFIRMED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::UnitStoodDown { incident, call_sign, .. }
        | Event::UnitDiverted { incident, call_sign, .. } => {
            let owner = s.incident(*incident).map(|log| log.owner.clone());
            let arm = Arm::new(Subject::Incident(*incident), meta.recorded_at);
            vec![Arm { owner, ..arm }.part(call_sign.as_str())]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::ReleaseConfirmed { call_sign, .. } if o.part_is(call_sign.as_str()) => {
            Some(Fate::Done)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// The unit's deployment on a log.
///
/// # Errors
/// That the log is closed or the unit is not on it.
pub fn active<'s>(
    s: &'s State,
    n: IncidentNumber,
    call_sign: &CallSign,
) -> Result<&'s Deployment, Refused> {
    let log = s.open_incident(n)?;
    log.active_units()
        .find(|d| &d.call_sign == call_sign)
        .ok_or_else(|| Refused::conflict(format!("{call_sign} is not on log {n}: deploy it first")))
}

/// Sends a unit.
pub fn deploy(s: &State, c: &DeployUnit, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let unit = s.unit_or_refuse(&c.call_sign)?;
    if let Some(on) = unit.on {
        let sentence = if on == c.incident {
            format!("{} is on log {on} already", c.call_sign)
        } else {
            format!("{} is on log {on}: divert it, and say what becomes of that job", c.call_sign)
        };
        return Err(Refused::conflict(sentence));
    }
    deployable(s, &c.call_sign, unit.status)?;
    if log.is_resourced() && c.reason.is_none() {
        return Err(Refused::blocked(format!(
            "log {} has a unit already: say why one more is sent",
            c.incident
        )));
    }
    let lacks = needs::unmet_by(log, s, unit);
    if let ([need, ..], None) = (lacks.as_slice(), &c.reason) {
        return Err(Refused::blocked_by(
            format!(
                "log {} needs {need}, and {} has none: choose another unit, or say why it goes all \
                 the same",
                c.incident, c.call_sign
            ),
            lacks.iter().map(ToString::to_string).collect(),
        ));
    }
    Ok(vec![sent(s, log, unit, c.reason.clone(), c.silent)])
}

/// That a unit is sent, with what is then known to be missing: checks that are not done, and what
/// the log needs and the unit has not. Neither ever holds it back.
///
/// Source: Learning the Lessons, West Yorkshire dispatchers (research before deployment), case 5
/// (not the right tools).
pub fn sent(s: &State, log: &Incident, unit: &Unit, reason: Option<Reason>, silent: bool) -> Event {
    let some = |list: Vec<Label>| (!list.is_empty()).then_some(list);
    Event::UnitDeployed {
        incident: log.number,
        call_sign: unit.call_sign.clone(),
        reason,
        silent,
        checks_open: some(log.checks_open().cloned().collect()),
        lacks: some(needs::unmet_by(log, s, unit)),
    }
}

/// Checks that a unit's status lets it be sent.
///
/// # Errors
/// What its status is, and what to do.
pub fn deployable(s: &State, call_sign: &CallSign, status: u8) -> Result<(), Refused> {
    match s.policy.status(status) {
        Some(row) if !row.deployable => Err(Refused::conflict(format!(
            "{call_sign} is '{}' (status {status}): change its status first, or choose another unit",
            row.label
        ))),
        _ => Ok(()),
    }
}

/// The unit confirms that it goes.
pub fn confirm(s: &State, c: &ConfirmDeployment, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    let d = active(s, c.incident, &c.call_sign)?;
    if d.confirmed_at.is_some() {
        return Err(Refused::conflict(format!("{} has confirmed already", c.call_sign)));
    }
    Ok(vec![Event::DeploymentConfirmed { incident: c.incident, call_sign: c.call_sign.clone() }])
}

/// Releases a unit.
pub fn stand_down(s: &State, c: &StandDown, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    active(s, c.incident, &c.call_sign)?;
    if let Some(log) = s.incident(c.incident) {
        crate::incident::missing::goes_home(s, log, &[c.reason.as_str()])?;
    }
    Ok(vec![Event::UnitStoodDown {
        incident: c.incident,
        call_sign: c.call_sign.clone(),
        reason: c.reason.clone(),
    }])
}

/// The unit confirms that it has been released.
pub fn confirm_release(
    s: &State,
    c: &ConfirmRelease,
    by: &By,
    _: Now,
) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    let unit = s.unit_or_refuse(&c.call_sign)?;
    if !unit.releases_awaited.contains(&c.incident) {
        return Err(Refused::conflict(format!(
            "{} has nothing to confirm on log {}",
            c.call_sign, c.incident
        )));
    }
    Ok(vec![Event::ReleaseConfirmed { incident: c.incident, call_sign: c.call_sign.clone() }])
}
