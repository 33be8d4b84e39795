//! How the log was judged: its clocks, its grades, every THRIVE, the markers, and what the
//! informant was told.

use super::super::countdown::{Target, countdown_words};
use crate::command::{ThriveElement, Told};
use crate::event::Suggestion;
use crate::incident::target_time::{self, Clock};
use crate::incident::{Incident, thrive as assessment};
use crate::marker::Met;
use crate::name::*;
use crate::policy::Policy;
use crate::role::By;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of a grade's two clocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClockView {
    /// Towards what.
    pub target: Target,
    /// Since when it runs.
    pub from: Instant,
    /// When it is, or was, due.
    pub due_at: Instant,
    /// When it was met, or passed over, by a unit sent or arrived.
    pub stopped_at: Option<Instant>,
    /// Whether the target was missed, or has passed.
    pub late: bool,
    /// While it runs `-00:07`, else `met` or `missed by 12 min`.
    pub words: String,
}

/// A grade it had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GradeView {
    /// The grade.
    pub grade: Grade,
    /// Its word.
    pub label: String,
    /// Since when.
    pub at: Instant,
    /// By whom.
    pub by: By,
    /// Why.
    pub reason: Option<Reason>,
    /// What was suggested then, and why.
    pub suggested: Suggestion,
    /// The supervisor who agreed to a downgrade.
    pub agreed_by: Option<StaffId>,
}

/// One THRIVE assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThriveView {
    /// From 1.
    pub version: u32,
    /// The elements.
    pub elements: Vec<ThriveElement>,
    /// Whether the informant could be heard and understood.
    pub informant_understood: bool,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: By,
    /// What changed from the version before, element by element.
    pub changed: Vec<String>,
}

/// A marker found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkerView {
    /// Its kind.
    pub marker: Label,
    /// What it says.
    pub text: Words,
    /// Whether an officer must see it before arrival.
    pub officer_safety: bool,
    /// When it was found.
    pub at: Instant,
    /// Which marker of a person, a number or a place it is, and how the log met it.
    #[serde(default)]
    pub met: Option<Met>,
}

/// What the informant was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ToldView {
    /// What.
    pub told: Told,
    /// In which words.
    pub words: Words,
    /// When.
    pub at: Instant,
}

/// An attempt to ring back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RingBackView {
    /// When it happened.
    pub at: Instant,
    /// By whom.
    pub by: StaffId,
    /// Whether somebody was spoken to.
    pub spoke: bool,
    /// What was said, or what happened.
    pub words: Words,
}

/// Both clocks of the log's grade, running or stopped.
pub(super) fn clocks(log: &Incident, policy: &Policy, now: Instant) -> Vec<ClockView> {
    let sent = log.deployments_since_opened().iter().map(|d| d.deployed_at).min();
    let both = [
        (Target::Deploy, Clock::Deploy, sent),
        (Target::Arrive, Clock::Arrive, log.first_arrival()),
    ];
    both.into_iter()
        .filter_map(|(target, clock, stopped_at)| {
            let from = target_time::clock_start(log, policy)?;
            let due_at = target_time::due_at(log, policy, clock)?;
            let until = stopped_at.or(log.closed.as_ref().map(|c| c.at)).unwrap_or(now);
            let late = due_at < until || (stopped_at.is_none() && due_at <= until);
            let words = match stopped_at {
                Some(_) if !late => "met".to_owned(),
                Some(at) => format!("missed by {}", at.since(due_at).words()),
                None => countdown_words(due_at, until),
            };
            Some(ClockView { target, from, due_at, stopped_at, late, words })
        })
        .collect()
}

pub(super) fn grades(log: &Incident, policy: &Policy) -> Vec<GradeView> {
    let had = log.grades.iter().cloned();
    had.map(|g| GradeView {
        grade: g.grade,
        label: policy.grade_label(g.grade),
        at: g.at,
        by: g.by,
        reason: g.reason,
        suggested: g.suggested,
        agreed_by: g.agreed_by,
    })
    .collect()
}

pub(super) fn thrive(log: &Incident) -> Vec<ThriveView> {
    let before = std::iter::once(None).chain(log.thrive.iter().map(Some));
    log.thrive
        .iter()
        .zip(before)
        .map(|(t, before)| ThriveView {
            version: t.version,
            elements: t.elements.clone(),
            informant_understood: t.informant_understood,
            at: t.at,
            by: t.by.clone(),
            changed: before.map(|b| assessment::difference(b, t)).unwrap_or_default(),
        })
        .collect()
}

pub(super) fn markers(log: &Incident) -> Vec<MarkerView> {
    let found = log.markers.iter().cloned();
    found
        .map(|m| MarkerView {
            marker: m.marker,
            text: m.text,
            officer_safety: m.officer_safety,
            at: m.at,
            met: m.met,
        })
        .collect()
}

pub(super) fn told(log: &Incident) -> Vec<ToldView> {
    let told = log.told.iter().cloned();
    told.map(|(told, words, at)| ToldView { told, words, at }).collect()
}

pub(super) fn ring_backs(log: &Incident) -> Vec<RingBackView> {
    let made = log.ring_backs.iter().cloned();
    made.map(|r| RingBackView { at: r.at, by: r.by, spoke: r.spoke, words: r.words }).collect()
}
