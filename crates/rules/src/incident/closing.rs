//! What must be done before a log closes. Nothing closes over a lit lamp.

use crate::command::*;
use crate::event::Event;
use crate::obligation::{Obligation, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// Closes a log. It is refused while anything that blocks closing is open, and each thing is named.
///
/// Source: Learning the Lessons, case 10 (closed over new questions), case 8 (never passed on),
/// case 4 (closed without asking for the risk again).
pub fn close(s: &State, c: &CloseIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let Some(code) = s.policy.closing_code(&c.closing_code) else {
        return Err(Refused {
            items: s.policy.closing_code.iter().map(|c| c.code.to_string()).collect(),
            ..Refused::invalid(format!(
                "'{}' is not a closing code of this force: choose one",
                c.closing_code
            ))
        });
    };
    let mut open: Vec<String> = blocking(s, c.incident).map(Obligation::words).collect();
    if log.passed_at.is_none() && !code.without_attendance {
        open.push("the log passed to dispatch, or a closing code without attendance".to_owned());
    }
    open.extend(super::appointments::in_the_way(log));
    open.extend(log.active_units().map(|d| format!("{} stood down", d.call_sign)));
    if c.risk_now.n_words() < 2 {
        open.push("the risk as it stands now, in more than one word".to_owned());
    }
    if !open.is_empty() {
        let n = open.len();
        return Err(Refused::blocked_by(
            format!(
                "{n} thing(s) stand in the way of closing log {}: {}",
                c.incident,
                open.join("; ")
            ),
            open,
        ));
    }
    Ok(vec![Event::IncidentClosed {
        incident: c.incident,
        closing_code: c.closing_code.clone(),
        result: c.result.clone(),
        told: c.told,
        risk_now: c.risk_now.clone(),
    }])
}

/// The open obligations that a log cannot close over.
pub fn blocking(s: &State, n: crate::name::IncidentNumber) -> impl Iterator<Item = &Obligation> {
    let blocks =
        |o: &&Obligation| s.policy.obligation(o.rule).is_some_and(|row| row.blocks_closing);
    let about = s.about.get(&Subject::Incident(n)).into_iter().flatten();
    about.filter_map(|id| s.obligations.get(id)).filter(blocks)
}

/// Opens a closed log again.
pub fn reopen(s: &State, c: &ReopenIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.any_incident(c.incident)?;
    if log.closed.is_none() {
        return Err(Refused::conflict(format!("log {} is open: nothing to do", c.incident)));
    }
    Ok(vec![Event::IncidentReopened { incident: c.incident, reason: c.reason.clone() }])
}
