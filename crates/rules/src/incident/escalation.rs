//! What goes up when nobody carries it on: unresourced, nobody acted, nothing written, a critical
//! entry unread, an informant who rings again.

use crate::event::Event;
use crate::incident::Incident;
use crate::obligation::{Arm, Fate, Holds, Obligation, Spec, Subject};
use crate::role::Owner;
use crate::state::State;

/// Whether an event counts as acting on a log. Reading it, accepting it, writing on it and saying
/// that no action is required are not acting.
///
/// Source: Learning the Lessons, case 9: the team leader had written "no action required".
pub fn is_act(event: &Event) -> bool {
    matches!(
        event,
        Event::UnitDeployed { .. }
            | Event::UnitDiverted { .. }
            | Event::Graded { .. }
            | Event::RungBack { .. }
            | Event::ObligationOwned { .. }
            | Event::ObligationGiven { .. }
            | Event::ObligationDelayed { .. }
            | Event::ObligationRaised { .. }
    )
}

/// Whether an event puts something on the log that a reader would see.
pub fn is_writing(event: &Event) -> bool {
    !event.is_of_obligations()
        && !matches!(
            event,
            Event::LogRead { .. }
                | Event::SopOpened { .. }
                | Event::RadioHeard { .. }
                | Event::RecordingAdded { .. }
                | Event::TranscriptAdded { .. }
        )
}

/// Whether a log needs a unit and has none.
pub fn waits_for_a_unit(s: &State, log: &Incident) -> bool {
    let attends = log.grade().and_then(|g| s.policy.grade(g)).is_some_and(|g| g.attends);
    attends && !log.is_resourced() && log.first_arrival().is_none() && log.closed.is_none()
}

/// Rule: an immediate or priority log without a unit goes to supervision early, and goes on until
/// it has one.
///
/// Source: Learning the Lessons, case 1: unresourced for eleven hours.
pub const UNRESOURCED: Spec = Spec {
    arms: |s, event, meta| {
        let may = matches!(
            event,
            Event::Graded { .. }
                | Event::UnitDiverted { .. }
                | Event::UnitStoodDown { .. }
                | Event::IncidentReopened { .. }
        );
        let log = event.stream_incident().filter(|_| may).and_then(|n| s.incident(n));
        match log {
            Some(log) if waits_for_a_unit(s, log) => {
                let first = log.grades.first().map_or(meta.recorded_at, |g| g.at);
                let from = match log.deployments_since_opened() {
                    [] => log.reopened_at.map_or(first, |at| at.max(first)),
                    _ => meta.recorded_at,
                };
                vec![Arm::new(Subject::Incident(log.number), from).owner(log.owner.clone())]
            }
            _ => Vec::new(),
        }
    },
    ends: |_, _, event, _| match event {
        Event::UnitDeployed { .. } => Some(Fate::Done),
        Event::Graded { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: when nobody has acted, the log goes to the team leader and the dispatch supervisor, and
/// again each time that long passes, until somebody acts.
///
/// Source: Learning the Lessons, case 9: one reminder was sent, none followed it.
pub const NOBODY_ACTED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::Graded { incident, .. } | Event::IncidentReopened { incident, .. } => {
            match s.incident(*incident) {
                Some(log) if waits_for_a_unit(s, log) => {
                    let owner = log.owner.clone();
                    vec![Arm::new(Subject::Incident(*incident), meta.recorded_at).owner(owner)]
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::StatusSet { status: 6, .. } => Some(Fate::Done),
        Event::Graded { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: |s, o| restart(s, o, |log| log.acted_at),
};

/// Rule: a log on which nothing is written for long is noticed.
///
/// Source: Learning the Lessons, case 1: "for 45 minutes nothing further was entered".
pub const NOTHING_WRITTEN: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::Graded { incident, .. } | Event::IncidentReopened { incident, .. }
            if s.grade_of(*incident).is_some() =>
        {
            let owner = s.incident(*incident).map(|log| log.owner.clone());
            let arm = Arm::new(Subject::Incident(*incident), meta.recorded_at);
            vec![Arm { owner, ..arm }]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::Graded { .. }).then_some(Fate::Overtaken),
    holds: |s, o| restart(s, o, |log| Some(log.written_at)),
};

fn restart(
    s: &State,
    o: &Obligation,
    last: impl Fn(&Incident) -> Option<crate::time::Instant>,
) -> Holds {
    let last = o.about.incident().and_then(|n| s.incident(n)).and_then(last);
    match last {
        Some(at) if at > o.from => Holds::From(at),
        _ => Holds::Due,
    }
}

/// Rule: a critical entry, a marker or a chasing call is read by the log's owner.
///
/// Source: Learning the Lessons, case 1: she did not see the MARAC information.
pub const CRITICAL_UNREAD: Spec = Spec {
    arms: |s, event, meta| {
        let Some(log) = event.stream_incident().and_then(|n| s.incident(n)) else {
            return Vec::new();
        };
        let critical = match event {
            Event::EntryAdded { critical: true, entry, .. } => *entry,
            Event::MarkerFound { .. } => log.next_entry().saturating_sub(1),
            _ => return Vec::new(),
        };
        if log.owner == Owner::Staff(meta.by.staff.clone()) {
            return Vec::new(); // The owner wrote it.
        }
        let arm = Arm::new(Subject::Incident(log.number), meta.recorded_at);
        vec![arm.part(critical.to_string()).owner(log.owner.clone())]
    },
    ends: |s, o, event, meta| {
        let log = event.stream_incident().and_then(|n| s.incident(n))?;
        let entry: u32 = o.part.as_deref()?.parse().ok()?;
        let read = match event {
            Event::LogRead { up_to, .. } => *up_to,
            Event::EntryAdded { entry, .. } => *entry,
            Event::IncidentAccepted { .. } => log.next_entry(),
            _ => return None,
        };
        let by_owner = match &log.owner {
            Owner::Staff(staff) => *staff == meta.by.staff,
            Owner::Desk(role) => s.covering(*role) == meta.by.role,
        };
        (by_owner && read >= entry).then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Rule: an informant who rings again about an overdue log is told upwards, whoever takes the call.
///
/// Source: Learning the Lessons, case 5: two chasing calls, no escalation.
pub const CALLER_CHASING: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::ContactLinked { incident, chasing: true, .. } => match s.incident(*incident) {
            Some(log) if enough_chasing(s, log) => {
                vec![
                    Arm::new(Subject::Incident(*incident), meta.recorded_at)
                        .part(format!("{} calls", log.chased_at.len())),
                ]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::UnitDeployed { .. } | Event::StatusSet { status: 6, .. } => Some(Fate::Done),
        Event::ContactLinked { chasing: true, .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

fn enough_chasing(s: &State, log: &Incident) -> bool {
    log.chased_at.len() >= s.policy.dispatch.chasing_calls as usize && log.first_arrival().is_none()
}

/// Rule: a log of a kind that needs one has a named supervising sergeant.
///
/// Source: Learning the Lessons, case 5: "a police sergeant had not been allocated to the case".
pub const SERGEANT_OWED: Spec = Spec {
    arms: |s, event, meta| {
        let may = matches!(event, Event::IncidentOpened { .. } | Event::OpeningCodeChanged { .. });
        let log = event.stream_incident().filter(|_| may).and_then(|n| s.incident(n));
        log.filter(|log| needs_a_sergeant(s, log))
            .map(|log| Arm::new(Subject::Incident(log.number), meta.recorded_at))
            .into_iter()
            .collect()
    },
    ends: |s, _, event, _| match event {
        Event::SupervisorNamed { .. } => Some(Fate::Done),
        Event::OpeningCodeChanged { incident, .. } => {
            let needs = s.incident(*incident).is_some_and(|log| needs_a_sergeant(s, log));
            (!needs).then_some(Fate::Overtaken)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

fn needs_a_sergeant(s: &State, log: &Incident) -> bool {
    log.sergeant.is_none()
        && s.policy.opening_code(&log.opening_code).is_some_and(|c| c.supervising_sergeant)
}
