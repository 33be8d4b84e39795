//! Both clocks: to deploy and to arrive. A later grade never restarts them; opening a closed log
//! again does, and what was met before does not count.

use crate::event::Event;
use crate::incident::Incident;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::{ClockStart, Policy};
use crate::state::State;
use crate::time::{Instant, Span};

/// Rule: the time to send a unit is announced before it passes and when it passes.
///
/// Source: Learning the Lessons, case 2: "no prompt on the system".
pub const DEPLOY_TARGET: Spec = Spec {
    arms: |s, event, _| match event {
        Event::Graded { incident, .. } | Event::IncidentReopened { incident, .. } => {
            target(s, *incident, Clock::Deploy)
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::UnitDeployed { .. } => Some(Fate::Done),
        Event::Graded { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: the time to arrive is announced before it passes and when it passes.
///
/// Source: Learning the Lessons, case 2: "no prompt on the system".
pub const ARRIVE_TARGET: Spec = Spec {
    arms: |s, event, _| match event {
        Event::Graded { incident, .. } | Event::IncidentReopened { incident, .. } => {
            target(s, *incident, Clock::Arrive)
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::StatusSet { status: 6, .. } => Some(Fate::Done),
        Event::Graded { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Which of the two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Until a unit is sent.
    Deploy,
    /// Until one arrives.
    Arrive,
}

fn target(s: &State, n: crate::name::IncidentNumber, clock: Clock) -> Vec<Arm> {
    let Some(log) = s.incident(n) else { return Vec::new() };
    let met = match clock {
        Clock::Deploy => !log.deployments_since_opened().is_empty(),
        Clock::Arrive => log.first_arrival().is_some(),
    };
    match due_at(log, &s.policy, clock) {
        Some(due_at) if !met => {
            let from = clock_start(log, &s.policy).unwrap_or(log.opened_at);
            vec![Arm::new(Subject::Incident(n), from).due_at(due_at).owner(log.owner.clone())]
        }
        _ => Vec::new(),
    }
}

/// When the clocks of a log started, by the policy of its grade; no earlier than it was opened
/// again.
pub fn clock_start(log: &Incident, policy: &Policy) -> Option<Instant> {
    let row = policy.grade(log.grade()?)?;
    let first = match row.clock_start {
        ClockStart::ContactReceived => log.contacted_at.unwrap_or(log.opened_at),
        ClockStart::LogOpened => log.opened_at,
        ClockStart::Graded => log.grades.first().map_or(log.opened_at, |g| g.at),
    };
    Some(log.reopened_at.map_or(first, |again| again.max(first)))
}

/// The length of a clock at the log's grade, if it has one.
pub fn length(log: &Incident, policy: &Policy, clock: Clock) -> Option<Span> {
    let row = policy.grade(log.grade()?)?;
    match (clock, log.location.rural) {
        (Clock::Deploy, _) => row.deploy_target,
        (Clock::Arrive, false) => row.arrive_target_urban,
        (Clock::Arrive, true) => row.arrive_target_rural,
    }
}

/// When a unit is due to have been sent, or to have arrived.
pub fn due_at(log: &Incident, policy: &Policy, clock: Clock) -> Option<Instant> {
    Some(clock_start(log, policy)? + length(log, policy, clock)?)
}

/// Whether the time to arrive was met. `None` where the grade has none or nobody has arrived.
pub fn arrival_met(log: &Incident, policy: &Policy) -> Option<bool> {
    Some(log.first_arrival()? <= due_at(log, policy, Clock::Arrive)?)
}
