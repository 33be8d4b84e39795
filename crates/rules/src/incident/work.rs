//! Work that is planned on a log against work that was done: what, by whom and by when; and how it
//! was done, and when.
//!
//! Source: Crime hub panel, observation on the accuracy of records: officers wrote what would be
//! done, and not "when/how that work was completed".

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::{Label, StaffId, Words};
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::{Instant, Now};
use serde::{Deserialize, Serialize};

/// Rule: work that was planned is done and written down, or somebody says why it was not.
pub const WORK_PLANNED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::WorkPlanned { incident, work, by, due, .. } => vec![
            Arm::new(Subject::Incident(*incident), meta.recorded_at)
                .part(work.to_string())
                .owner(by.clone())
                .due_at(*due),
        ],
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::WorkFinished { work, .. } if o.part_is(&work.to_string()) => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// From 1.
    pub work: u32,
    /// What will be done.
    pub what: Words,
    /// By whom.
    pub by: Owner,
    /// By when.
    pub due: Instant,
    /// Who planned it, and when.
    pub planned: (StaffId, Instant),
    /// How it was done, or why not.
    pub outcome: Option<Outcome>,
    /// When it was done or dropped, and who wrote so.
    pub finished: Option<Finished>,
}

/// How a piece of work ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Who did it, where that is not whoever wrote it.
    pub done_by: Option<Label>,
    /// Who wrote it.
    pub by: StaffId,
    /// When it happened.
    pub at: Instant,
    /// When it was written.
    pub recorded_at: Instant,
}

/// The most of one log: more is a typing mistake or a machine gone wrong.
const MOST: usize = 100;

/// Plans work.
pub fn plan(s: &State, c: &PlanWork, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.due <= now.at {
        return Err(Refused::invalid(
            "planned work is still to be done: give a time that is to come, or write an entry \
             about what was done",
        ));
    }
    if log.work.len() >= MOST {
        return Err(Refused::conflict(format!("a log has {MOST} pieces of planned work at most")));
    }
    Ok(vec![Event::WorkPlanned {
        incident: c.incident,
        work: u32::try_from(log.work.len()).unwrap_or(u32::MAX).saturating_add(1),
        what: c.what.clone(),
        by: c.by.clone(),
        due: c.due,
    }])
}

/// Says how and when planned work was done, or why it was not.
pub fn finish(s: &State, c: &FinishWork, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let planned = log.work.iter().find(|w| w.work == c.work).ok_or_else(|| {
        Refused::not_found(format!("log {} has no planned work {}", c.incident, c.work))
    })?;
    if planned.outcome.is_some() {
        return Err(Refused::conflict(format!(
            "it is written already how work {} ended: write an entry if there is more to say",
            c.work
        )));
    }
    Ok(vec![Event::WorkFinished {
        incident: c.incident,
        work: c.work,
        outcome: c.outcome.clone(),
        done_by: c.done_by.clone(),
    }])
}

/// The work that a log cannot close over: nobody has said how it ended.
pub fn in_the_way(log: &Incident) -> impl Iterator<Item = String> {
    let open = log.work.iter().filter(|w| w.outcome.is_none());
    open.map(|w| format!("planned work {} done, or why not: {} ({})", w.work, w.what, w.by))
}

impl Incident {
    pub(super) fn fold_work(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::WorkPlanned { work, what, by, due, .. } => self.work.push(Work {
                work: *work,
                what: what.clone(),
                by: by.clone(),
                due: *due,
                planned: (meta.by.staff.clone(), meta.recorded_at),
                outcome: None,
                finished: None,
            }),
            Event::WorkFinished { work, outcome, done_by, .. } => {
                self.work.iter_mut().filter(|w| w.work == *work).for_each(|w| {
                    w.outcome = Some(outcome.clone());
                    w.finished = Some(Finished {
                        done_by: done_by.clone(),
                        by: meta.by.staff.clone(),
                        at: meta.happened_at,
                        recorded_at: meta.recorded_at,
                    });
                });
            }
            _ => {}
        }
    }
}
