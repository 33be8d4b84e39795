//! Passed on, accepted by name with a second look, and owned by one person until completion.

use crate::command::*;
use crate::event::Event;
use crate::incident::Incident;
use crate::obligation::{Arm, Fate, Obligation, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::Now;

/// Rule: a log that was made is passed on, or closed with a reason.
///
/// Source: Learning the Lessons, case 8: the log was not transferred and was closed.
pub const PASS_ON: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::IncidentOpened { incident, .. } | Event::IncidentReopened { incident, .. } => {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| {
        matches!(event, Event::PassedToDispatch { .. } | Event::IncidentAccepted { .. })
            .then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Rule: a log passed to dispatch is accepted by a named dispatcher who checks it again.
///
/// Source: Learning the Lessons, case 9 (accepted after 20 minutes) and the West Yorkshire
/// dispatchers ("must risk assess the in-code, grading and content").
pub const ACCEPT_LOG: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::PassedToDispatch { incident }
            if s.incident(*incident).is_some_and(|log| log.accepted.is_none()) =>
        {
            vec![Arm::new(Subject::Incident(*incident), meta.recorded_at)]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::IncidentAccepted { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Rule: a log has one owner until it is finished; if the owner leaves, the desk finds another.
///
/// Source: Learning the Lessons, case 1: "not her responsibility to see this incident through".
pub const OWNERLESS_LOG: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::OwnerChanged { incident, to: Owner::Desk(role), .. } => {
            vec![Arm::new(Subject::Incident(*incident), meta.recorded_at).owner(Owner::Desk(*role))]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::OwnerChanged { to: Owner::Staff(_), .. } | Event::IncidentAccepted { .. } => {
            Some(Fate::Done)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Passes a log to dispatch. It may go before it is complete: what is missing stays owed.
pub fn pass(s: &State, c: &PassToDispatch, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if log.grade().is_none() {
        return Err(Refused::blocked(format!(
            "log {} has no grade: grade it, and it goes to dispatch",
            c.incident
        )));
    }
    if log.passed_at.is_some() {
        return Err(Refused::conflict(format!("log {} is with dispatch already", c.incident)));
    }
    let passed = Event::PassedToDispatch { incident: c.incident };
    if log.accepted.is_some() {
        return Ok(vec![passed]); // Its owner keeps it.
    }
    let to = Owner::Desk(Role::Dispatcher);
    Ok([passed].into_iter().chain(carried(s, log, &to)).collect())
}

/// Accepts a log by name. What is found wrong becomes a question to whoever opened it.
pub fn accept(s: &State, c: &AcceptIncident, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let right = c.code_is_right && c.grade_is_right && c.content_is_enough;
    let accepted_before = log.accepted.as_ref().filter(|_| log.passed_at.is_some());
    if let Some((owner, _)) = accepted_before
        && log.owner == Owner::Staff(owner.clone())
    {
        return Err(Refused::conflict(format!(
            "log {} is accepted by {owner} already: ask them to give it to you",
            c.incident
        )));
    }
    let accepted = Event::IncidentAccepted {
        incident: c.incident,
        code_is_right: c.code_is_right,
        grade_is_right: c.grade_is_right,
        content_is_enough: c.content_is_enough,
        remark: c.remark.clone(),
    };
    let carried = carried(s, log, &Owner::Staff(by.staff.clone()));
    if right {
        return Ok([accepted].into_iter().chain(carried).collect());
    }
    let text = c.remark.clone().ok_or_else(|| {
        Refused::blocked("say in the remark what is wrong or missing: it becomes a question")
    })?;
    let to = if log.opened_by.staff == by.staff {
        Owner::Desk(Role::DispatchSupervisor)
    } else {
        Owner::Staff(log.opened_by.staff.clone())
    };
    let question = u32::try_from(log.questions.len()).unwrap_or(u32::MAX).saturating_add(1);
    let asked = Event::QuestionAsked { incident: c.incident, question, to, text };
    Ok([accepted, asked].into_iter().chain(carried).collect())
}

/// Gives a log to another owner, who must be on duty.
pub fn give(s: &State, c: &GiveIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    on_duty(s, &c.to)?;
    if log.owner == Owner::Staff(c.to.clone()) {
        return Err(Refused::conflict(format!("{} owns log {} already", c.to, c.incident)));
    }
    let to = Owner::Staff(c.to.clone());
    let carried = carried(s, log, &to);
    let reason = c.reason.to_string();
    let changed = Event::OwnerChanged { incident: c.incident, to, reason };
    Ok([changed].into_iter().chain(carried).collect())
}

/// What goes with the log to its new owner: everything owed on it by its owner as such. What was
/// given to somebody by name, or has climbed to a supervisor, stays there.
///
/// Source: Learning the Lessons, case 1: one owner, who sees the log through to its end.
fn carried(s: &State, log: &Incident, to: &Owner) -> Vec<Event> {
    let covers = |role: &Role| match &log.owner {
        Owner::Desk(desk) => s.policy.desk.get(desk).is_some_and(|d| d.cover.contains(role)),
        Owner::Staff(_) => false,
    };
    let by_owner = |o: &&Obligation| match &o.owner {
        owner if *owner == log.owner || *owner == s.present(&log.owner) => true,
        Owner::Desk(role) => o.rung == 0 && covers(role),
        Owner::Staff(_) => false,
    };
    s.obligations_about(&Subject::Incident(log.number))
        .filter(|o| o.rule.goes_with_the_log() && o.owner != *to)
        .filter(by_owner)
        .map(|o| Event::ObligationPassed {
            about: o.about.clone(),
            obligation: o.id,
            to: to.clone(),
        })
        .collect()
}

/// Checks that somebody is at work, so that nothing is given to an absent person.
///
/// Source: Learning the Lessons, case 2: the e-mail went to an absent officer.
///
/// # Errors
/// That they are not on duty, or on a break.
pub fn on_duty(s: &State, staff: &crate::name::StaffId) -> Result<(), Refused> {
    match s.staff.get(staff) {
        Some(on) if !on.on_break => Ok(()),
        Some(_) => Err(Refused::conflict(format!(
            "{staff} is on a break: choose somebody who is here, or a desk"
        ))),
        None => Err(Refused::conflict(format!(
            "{staff} is not on duty: choose somebody who is here, or a desk"
        ))),
    }
}

/// Names the supervising sergeant.
pub fn name_supervisor(
    s: &State,
    c: &NameSupervisor,
    _: &By,
    _: Now,
) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::SupervisorNamed { incident: c.incident, sergeant: c.sergeant.clone() }])
}
