//! The assessment, every version kept, and owed again when something changes.

use crate::command::*;
use crate::event::Event;
use crate::incident::{Incident, Thrive, grade};
use crate::name::Label;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::{Instant, Now};

/// Rule: every log has a THRIVE assessment.
///
/// Source: Learning the Lessons, case 8: the second call had none.
pub const THRIVE_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::IncidentOpened { incident, .. } => {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::ThriveRecorded { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Rule: new information, a linked contact, a changed code, a marker or a downgrade means THRIVE
/// again.
///
/// Source: Learning the Lessons, case 8: "on receipt of new/further information".
pub const RETHRIVE_OWED: Spec = Spec {
    arms: |s, event, meta| {
        let Some(log) = event.stream_incident().and_then(|n| s.incident(n)) else {
            return Vec::new();
        };
        let because = match event {
            Event::EntryAdded { new_information: true, .. } => "new information",
            Event::ContactLinked { .. } => "a linked contact",
            Event::OpeningCodeChanged { .. } => "a changed opening code",
            Event::MarkerFound { .. } => "a marker found",
            Event::Graded { .. } if grade::is_downgrade(log) => "a downgrade",
            _ => return Vec::new(),
        };
        if log.thrive.is_empty() {
            return Vec::new(); // The first assessment is owed still and will cover it.
        }
        let owner = log.owner.clone();
        vec![Arm::new(Subject::Incident(log.number), meta.recorded_at).part(because).owner(owner)]
    },
    ends: |_, _, event, _| matches!(event, Event::ThriveRecorded { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Rule: a log that waits long without a unit is assessed again, each time that long passes.
///
/// Source: Learning the Lessons, case 5; Kent inspection: "re-thrived after three and a half
/// hours".
pub const LONG_WAIT: Spec = Spec {
    arms: |s, event, meta| {
        let starts = matches!(
            event,
            Event::Graded { .. }
                | Event::ThriveRecorded { .. }
                | Event::UnitDiverted { .. }
                | Event::UnitStoodDown { .. }
                | Event::IncidentReopened { .. }
        );
        let log = event.stream_incident().filter(|_| starts).and_then(|n| s.incident(n));
        match log {
            Some(log) if super::escalation::waits_for_a_unit(s, log) => {
                let from = waiting_since(log, meta.recorded_at);
                vec![Arm::new(Subject::Incident(log.number), from).owner(log.owner.clone())]
            }
            _ => Vec::new(),
        }
    },
    ends: |_, _, event, _| match event {
        Event::ThriveRecorded { .. } => Some(Fate::Done),
        // Another grade waits another length of time.
        Event::UnitDeployed { .. } | Event::Graded { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Since when a log waits without anybody having assessed it: its last assessment, or the moment
/// its last unit left, or its first grade.
fn waiting_since(log: &Incident, now: Instant) -> Instant {
    let graded = log.grades.first().map(|g| g.at);
    let assessed = log.thrive.last().map(|t| t.at);
    let left = log.deployments.iter().filter_map(|d| d.left.as_ref()).map(|(at, _)| *at).max();
    let reopened = log.reopened_at;
    [graded, assessed, left, reopened].into_iter().flatten().max().unwrap_or(now).min(now)
}

/// Records an assessment.
pub fn record(s: &State, c: &RecordThrive, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let wrong = faults(c, s);
    if !wrong.is_empty() {
        let sentence = format!("this THRIVE cannot be recorded yet: {}", wrong.join("; "));
        return Err(Refused::blocked_by(sentence, wrong));
    }
    Ok(vec![Event::ThriveRecorded {
        incident: c.incident,
        version: u32::try_from(log.thrive.len()).unwrap_or(u32::MAX).saturating_add(1),
        elements: c.elements.clone(),
        informant_understood: c.informant_understood,
    }])
}

/// What is wrong with an assessment: each element of the force's list once, a rating of its list,
/// and a rationale of more than one word.
///
/// Source: Learning the Lessons, case 6: "contained a one word rationale".
fn faults(c: &RecordThrive, s: &State) -> Vec<String> {
    let policy = &s.policy.thrive;
    let n_of = |element: &Label| c.elements.iter().filter(|e| &e.element == element).count();
    let mut wrong = Vec::new();
    for element in &policy.elements {
        match n_of(element) {
            0 => wrong.push(format!("{element} is not rated")),
            1 => {}
            _ => wrong.push(format!("{element} is rated twice")),
        }
    }
    for e in &c.elements {
        if !policy.elements.contains(&e.element) {
            wrong.push(format!("{} is not an element of this force", e.element));
        }
        if !policy.ratings.contains(&e.rating) {
            wrong.push(format!("{} has the rating '{}', which is not one", e.element, e.rating));
        }
        let n = e.rationale.n_words();
        if n < policy.rationale_words_min {
            wrong.push(format!(
                "the rationale of {} has {n} word(s): say why in at least {}",
                e.element, policy.rationale_words_min
            ));
        }
    }
    wrong
}

/// What changed from one version to the next, element by element.
pub fn difference(before: &Thrive, after: &Thrive) -> Vec<String> {
    after
        .elements
        .iter()
        .filter_map(|new| {
            let old = before.elements.iter().find(|e| e.element == new.element)?;
            (old.rating != new.rating || old.rationale != new.rationale).then(|| {
                format!(
                    "{}: {} -> {} ({} -> {})",
                    new.element, old.rating, new.rating, old.rationale, new.rationale
                )
            })
        })
        .collect()
}
