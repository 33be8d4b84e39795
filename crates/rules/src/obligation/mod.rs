//! The obligation: what must be done, for whom, who owns it, when it is due, the ladder it climbs
//! when it is not done, what ends it, and whether a log can close over it.
//!
//! Every rule that arms one is a row of [`Rule`] and one small module near its subject. Reading is
//! not acting and "noted" is not a decision: only what a rule names ends an obligation, and only
//! the named verbs (own, give, delay with a reason, raise) quieten it meanwhile.

mod follow;
mod rule;
mod rung;
mod verb;

pub use follow::consequences;
pub use rule::{Arm, Holds, Rule, Spec, always};
pub use rung::{Climb, rung_at};
pub use verb::{delay, give, own, raise};

use crate::event::Stream;
use crate::name::*;
use crate::role::{Owner, Role};
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// For whom or what something is owed.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A log.
    Incident(IncidentNumber),
    /// A contact that is not on any log yet.
    Contact(ContactId),
    /// A unit.
    Unit(CallSign),
    /// A handover.
    Handover(HandoverId),
    /// A desk of the room.
    Desk(Role),
    /// A fault of what the room works with.
    Fault(FaultId),
    /// An agency of the directory.
    Agency(Label),
    /// A marker of a person, a number or a place.
    Marker(MarkerId),
    /// A message to a named officer.
    Message(MessageId),
}

impl Subject {
    /// The stream its obligations are kept in.
    pub fn stream(&self) -> Stream {
        match self {
            Subject::Incident(n) => Stream::Incident(*n),
            Subject::Contact(id) => Stream::Contact(*id),
            Subject::Unit(call_sign) => Stream::of_unit(call_sign),
            Subject::Handover(_) | Subject::Desk(_) => Stream::Shift,
            Subject::Fault(_) => Stream::Faults,
            Subject::Agency(_) => Stream::Agencies,
            Subject::Marker(_) => Stream::Markers,
            Subject::Message(_) => Stream::Messages,
        }
    }

    /// The log it is about, if it is about one.
    pub fn incident(&self) -> Option<IncidentNumber> {
        match self {
            Subject::Incident(n) => Some(*n),
            _ => None,
        }
    }

    /// For a sentence.
    pub fn words(&self) -> String {
        match self {
            Subject::Incident(n) => format!("log {n}"),
            Subject::Contact(id) => format!("contact {id}"),
            Subject::Unit(call_sign) => call_sign.to_string(),
            Subject::Handover(id) => format!("handover {id}"),
            Subject::Desk(role) => format!("the {} desk", role.words()),
            Subject::Fault(id) => format!("fault {id}"),
            Subject::Agency(agency) => agency.to_string(),
            Subject::Marker(id) => format!("marker {id}"),
            Subject::Message(id) => format!("message {id}"),
        }
    }
}

/// An obligation as it is armed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Armed {
    /// Its number.
    pub obligation: ObligationId,
    /// The rule that armed it.
    pub rule: Rule,
    /// Which of several: a question's number, a step, a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Arc<str>>,
    /// Who owns it.
    pub owner: Owner,
    /// Where its clock starts.
    pub from: Instant,
    /// When it is due.
    pub due_at: Instant,
    /// When it next fires if it is not done.
    pub next_at: Instant,
}

/// How an obligation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// What was owed was done.
    Done,
    /// It is no longer owed, because something else took its place.
    Overtaken,
    /// Its log was closed, and it was not of the kind that stands in the way.
    Closed,
}

/// An obligation that is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Obligation {
    /// Its number.
    pub id: ObligationId,
    /// For whom or what.
    pub about: Subject,
    /// The rule that armed it.
    pub rule: Rule,
    /// Which of several.
    pub part: Option<Arc<str>>,
    /// Who owns it now.
    pub owner: Owner,
    /// Where its clock started.
    pub from: Instant,
    /// When it is, or was, due.
    pub due_at: Instant,
    /// When it next fires.
    pub next_at: Instant,
    /// How many rungs have fired.
    pub rung: u32,
    /// Who was told when it last fired.
    pub told: Vec<Owner>,
    /// The loudest level so far, once a rung has fired.
    pub level: Option<crate::policy::Level>,
    /// When somebody last chose a verb.
    pub decided_at: Option<Instant>,
    /// The accepted delay, if any.
    pub delayed_until: Option<Instant>,
}

impl Rule {
    /// Whether what it arms is owed by whoever owns the log, and goes with the log to the next.
    pub fn goes_with_the_log(self) -> bool {
        matches!(
            self,
            Rule::RethriveOwed
                | Rule::LongWait
                | Rule::DeployTarget
                | Rule::ArriveTarget
                | Rule::Unresourced
                | Rule::NobodyActed
                | Rule::NothingWritten
                | Rule::CriticalUnread
                | Rule::DeploymentUnconfirmed
                | Rule::ReleaseUnconfirmed
                | Rule::LeftBehind
                | Rule::OfficerWelfare
                | Rule::CrimeToRecord
                | Rule::MissingReview
                | Rule::MissingInterview
        )
    }
}

impl Rule {
    /// Whether it may be due only months after it was armed: it stays with the desk it was given
    /// to, whoever covers for that desk tonight.
    pub fn stays_with_its_desk(self) -> bool {
        self == Rule::MarkerReview
    }
}

impl Obligation {
    /// The obligation as armed, before anything happened to it.
    pub fn new(about: Subject, armed: &Armed) -> Obligation {
        Obligation {
            id: armed.obligation,
            about,
            rule: armed.rule,
            part: armed.part.clone(),
            owner: armed.owner.clone(),
            from: armed.from,
            due_at: armed.due_at,
            next_at: armed.next_at,
            rung: 0,
            told: Vec::new(),
            level: None,
            decided_at: None,
            delayed_until: None,
        }
    }

    /// What is owed, in one line: `a question on the log: 3`.
    pub fn words(&self) -> String {
        match &self.part {
            Some(part) => format!("{}: {part}", self.rule.owed()),
            None => self.rule.owed().to_owned(),
        }
    }
}
