//! The standard operating procedure: it opens by itself with the code, and each step stays lit
//! until it is done or somebody says why it does not apply.

use crate::command::*;
use crate::event::Event;
use crate::incident::Incident;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::{OpeningCodePolicy, Policy, SopStepPolicy};
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::Now;

/// Rule: the SOP of the opening code is opened on every log.
///
/// Source: Learning the Lessons, case 10: "all SOPs must be opened on receipt of a call".
pub const SOP_UNOPENED: Spec = Spec {
    arms: |s, event, meta| match coded(s, event) {
        Some((log, row)) if !row.sop.is_empty() => {
            vec![
                Arm::new(Subject::Incident(log.number), meta.recorded_at)
                    .part(row.code.as_str())
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::SopOpened { .. } => Some(Fate::Done),
        Event::OpeningCodeChanged { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: each step of the SOP is done, or does not apply and somebody says why.
///
/// Source: Learning the Lessons, case 10, force action.
pub const SOP_STEP: Spec = Spec {
    arms: |s, event, meta| {
        let Some((log, row)) = coded(s, event) else { return Vec::new() };
        let opener = &log.opened_by;
        row.sop
            .iter()
            .filter(|step| !is_settled(log, step))
            .map(|step| {
                let owner = if step.by == opener.role {
                    Owner::Staff(opener.staff.clone())
                } else {
                    Owner::Desk(step.by)
                };
                Arm::new(Subject::Incident(log.number), meta.recorded_at)
                    .part(step.step.as_str())
                    .owner(owner)
            })
            .collect()
    },
    ends: |_, o, event, _| match event {
        Event::SopStepSettled { step, .. } if o.part_is(step.as_str()) => Some(Fate::Done),
        Event::OpeningCodeChanged { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

fn coded<'s>(s: &'s State, event: &Event) -> Option<(&'s Incident, &'s OpeningCodePolicy)> {
    let new = matches!(event, Event::IncidentOpened { .. } | Event::OpeningCodeChanged { .. });
    let log = event.stream_incident().filter(|_| new).and_then(|n| s.incident(n))?;
    Some((log, s.policy.opening_code(&log.opening_code)?))
}

/// Whether a step has been settled on this log, under this code or one before.
pub fn is_settled(log: &Incident, step: &SopStepPolicy) -> bool {
    log.sop_settled.iter().any(|(name, ..)| name == &step.step)
}

/// What came of the steps that officers are to know of, such as who decided to force an entry.
///
/// Source: Learning the Lessons, case 7: they left, and nobody had thought of the power to enter.
pub fn for_officers(log: &Incident, policy: &Policy) -> Vec<String> {
    let steps = policy.opening_code(&log.opening_code).map_or(&[][..], |row| &row.sop[..]);
    let brief = steps.iter().filter(|step| step.brief);
    brief
        .map(|step| {
            let settled = log.sop_settled.iter().find(|(name, ..)| name == &step.step);
            let outcome = match settled.map(|(_, outcome, ..)| outcome) {
                Some(Outcome::Done(words)) => words.to_string(),
                Some(Outcome::NotApplicable(why)) => format!("not applicable: {why}"),
                None => format!("not decided yet. {}", step.words),
            };
            format!("{}: {outcome}", step.step)
        })
        .collect()
}

/// Says that the SOP is open on a screen.
pub fn open(s: &State, c: &OpenSop, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::SopOpened { incident: c.incident }])
}

/// Settles a step.
pub fn settle(s: &State, c: &SettleSopStep, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let steps = s.policy.opening_code(&log.opening_code).map_or(&[][..], |row| &row.sop[..]);
    let step = steps.iter().find(|x| x.step == c.step).ok_or_else(|| Refused {
        items: steps.iter().map(|x| x.step.to_string()).collect(),
        ..Refused::not_found(format!(
            "the SOP of '{}' has no step '{}': choose one of its steps",
            log.opening_code, c.step
        ))
    })?;
    if is_settled(log, step) {
        return Err(Refused::conflict(format!("step '{}' is settled already", c.step)));
    }
    Ok(vec![Event::SopStepSettled {
        incident: c.incident,
        step: c.step.clone(),
        outcome: c.outcome.clone(),
    }])
}
