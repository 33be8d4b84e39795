//! Unit status 0 to 16, position, and the risk card that is opened before "at scene".

use crate::command::*;
use crate::event::Event;
use crate::incident::opening::check_point;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// Sets a unit's status. "At scene" waits for the risk card: the officer has opened it, or the
/// dispatcher says that it was read out over the radio. A unit that reports a status while it is on
/// no log has understood that it is released.
///
/// Source: Learning the Lessons, case 7: "the officers also did not read the incident log".
pub fn set(s: &State, c: &SetStatus, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    let unit = s.unit_or_refuse(&c.call_sign)?;
    if s.policy.status(c.status).is_none() {
        return Err(Refused::invalid(format!(
            "{} is not a unit status: they go from 0 to 16",
            c.status
        )));
    }
    let deployment = unit
        .on
        .and_then(|n| s.incident(n))
        .and_then(|log| log.active_units().find(|d| d.call_sign == c.call_sign));
    let unread = deployment.is_some_and(|d| d.card_opened_at.is_none());
    if c.status == 6 && unread && !c.card_read_out {
        return Err(Refused::blocked(format!(
            "{} has not opened the risk card: open it before 'at scene', or read it out over the \
             radio and say so",
            c.call_sign
        )));
    }
    let set = Event::StatusSet {
        call_sign: c.call_sign.clone(),
        status: c.status,
        incident: unit.on,
        card_read_out: c.card_read_out,
    };
    let understood = unit
        .releases_awaited
        .iter()
        .filter(|_| unit.on.is_none())
        .map(|n| Event::ReleaseConfirmed { incident: *n, call_sign: c.call_sign.clone() });
    Ok([set].into_iter().chain(understood).collect())
}

/// Reports where a unit is.
pub fn position(s: &State, c: &ReportPosition, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    s.unit_or_refuse(&c.call_sign)?;
    check_point(c.point)?;
    Ok(vec![Event::PositionReported { call_sign: c.call_sign.clone(), point: c.point }])
}

/// The officer opens the risk card.
pub fn open_card(s: &State, c: &OpenRiskCard, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    super::deployment::active(s, c.incident, &c.call_sign)?;
    Ok(vec![Event::RiskCardOpened { incident: c.incident, call_sign: c.call_sign.clone() }])
}

/// The officer says they are well.
pub fn check_in(s: &State, c: &CheckIn, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    let unit = s.unit_or_refuse(&c.call_sign)?;
    Ok(vec![Event::CheckedIn { call_sign: c.call_sign.clone(), incident: unit.on }])
}
