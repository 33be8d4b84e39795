//! Whether a crime is recorded, and when: the clock begins with the first report in any channel.
//!
//! Source: Home Office crime recording rules and the glossary of HMICFRS (within 24 hours of being
//! reported); Digital desk panel, case 2 ("recorded 5 days after").

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::OpeningCode;
use crate::obligation::{Arm, Fate, Obligation, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::{Instant, Now};

/// The desk that records what was handed over to it.
pub const DESK: Role = Role::Investigator;

/// Rule: a report of a crime is recorded as one in time, or somebody says why it is none.
///
/// What is handed over to the crime desk is owed by it on the same clock, whether or not the log
/// has closed.
pub const CRIME_TO_RECORD: Spec = Spec {
    arms: |s, event, _| {
        let Some(log) = event.stream_incident().and_then(|n| s.incident(n)) else {
            return Vec::new();
        };
        let from = first_report(s, log);
        match event {
            Event::CrimeSettled { outcome: CrimeOutcome::HandedOver(_), .. } => {
                vec![Arm::new(Subject::Desk(DESK), from).part(log.number.to_string())]
            }
            Event::IncidentOpened { .. }
            | Event::OpeningCodeChanged { .. }
            | Event::ContactLinked { .. }
            | Event::IncidentReopened { .. }
                if is_open(s, log) =>
            {
                let arm = Arm::new(Subject::Incident(log.number), from);
                vec![arm.owner(log.owner.clone())]
            }
            _ => Vec::new(),
        }
    },
    ends,
    holds: crate::obligation::always,
};

fn ends(s: &State, o: &Obligation, event: &Event, _: &Meta) -> Option<Fate> {
    match event {
        Event::CrimeSettled { incident, outcome, .. } => match &o.about {
            Subject::Incident(_) => Some(Fate::Done),
            _ if !o.part_is(&incident.to_string()) => None,
            _ if matches!(outcome, CrimeOutcome::HandedOver(_)) => None,
            _ => Some(Fate::Done),
        },
        Event::OpeningCodeChanged { to, .. } if !is_crime(s, to) => Some(Fate::Overtaken),
        // It was reported earlier than was known: the clock begins there.
        Event::ContactLinked { incident, .. } => {
            let log = s.incident(*incident)?;
            (first_report(s, log) < o.from).then_some(Fate::Overtaken)
        }
        _ => None,
    }
}

/// Whether a code says that a crime is reported.
pub fn is_crime(s: &State, code: &OpeningCode) -> bool {
    s.policy.opening_code(code).is_some_and(|row| row.crime)
}

/// Whether a crime is reported about which nobody has decided.
pub fn is_open(s: &State, log: &Incident) -> bool {
    is_crime(s, &log.opening_code) && log.crime.is_none()
}

/// When it was first reported, in any channel, as far as the contacts at hand say.
pub fn first_report(s: &State, log: &Incident) -> Instant {
    let contacts = log.contacts.iter().filter_map(|id| s.contacts.get(id)).map(|c| c.received_at);
    contacts.chain(log.contacted_at).fold(log.opened_at, Instant::min)
}

/// What is owed about it: by the log's owner, or by the crime desk.
pub fn owed<'s>(s: &'s State, log: &Incident) -> Option<&'s Obligation> {
    let rule = crate::obligation::Rule::CrimeToRecord;
    let desk = || {
        let mut owed = s.obligations_about(&Subject::Desk(DESK));
        owed.find(|o| o.rule == rule && o.part_is(&log.number.to_string()))
    };
    s.owed(&Subject::Incident(log.number), rule).or_else(desk)
}

/// Decides what becomes of a report of a crime, on an open log or a closed one.
pub fn settle(s: &State, c: &SettleCrime, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.any_incident(c.incident)?;
    let handed = |outcome: &CrimeOutcome| matches!(outcome, CrimeOutcome::HandedOver(_));
    if let Some(CrimeOutcome::Recorded(number)) = log.crime.as_ref().map(|c| &c.outcome) {
        return Err(Refused::conflict(format!(
            "the crime of log {} is recorded as {number}: write an entry if there is more to say",
            c.incident
        )));
    }
    if handed(&c.outcome) && log.crime.as_ref().is_some_and(|before| handed(&before.outcome)) {
        return Err(Refused::conflict(format!(
            "log {} is with the crime desk already: give the crime number, or say why it is none",
            c.incident
        )));
    }
    if handed(&c.outcome) && log.closed.is_some() {
        return Err(Refused::conflict(format!(
            "log {} is closed: give the crime number, or say why it is no crime",
            c.incident
        )));
    }
    // What was linked later may have been reported earlier; a closed log has its contacts no more.
    let reported_at = match &log.crime {
        Some(before) => before.reported_at.min(first_report(s, log)),
        None => first_report(s, log),
    };
    Ok(vec![Event::CrimeSettled { incident: c.incident, outcome: c.outcome.clone(), reported_at }])
}

/// What became of a report of a crime.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CrimeSettled {
    /// What was decided.
    pub outcome: CrimeOutcome,
    /// When it was first reported, in any channel.
    pub reported_at: Instant,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: crate::name::StaffId,
}

impl Incident {
    pub(super) fn fold_crime(&mut self, event: &Event, meta: &Meta) {
        if let Event::CrimeSettled { outcome, reported_at, .. } = event {
            self.crime = Some(Box::new(CrimeSettled {
                outcome: outcome.clone(),
                reported_at: *reported_at,
                at: meta.recorded_at,
                by: meta.by.staff.clone(),
            }));
        }
    }
}
