//! What is asked of other agencies and what they answer; and somebody who is missing.

use super::parts::*;
use crate::name::*;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

asked! {
    /// Records that an agency was rung for a log, and what came of it.
    RingAgency {
        /// The incident.
        incident: IncidentNumber,
        /// The agency.
        agency: Label,
        /// What came of it.
        outcome: AgencyOutcome,
        /// Who was spoken to, on which number, and what was said.
        words: Reason,
    }
    /// Records that a victim was offered help by an organisation of the directory.
    ReferVictim {
        /// The incident.
        incident: IncidentNumber,
        /// The organisation.
        to: Label,
        /// Whether they agreed to be referred.
        agreed: bool,
        /// What they said, and what was done.
        words: Words,
    }
    /// Records that an agency was asked for something that it has to answer.
    AskAgency {
        /// The incident.
        incident: IncidentNumber,
        /// The agency.
        agency: Label,
        /// What is asked, as policy names it.
        ask: Label,
        /// Who was spoken to, and the request in its words.
        words: Words,
        /// By which means.
        means: AgencyMeans,
        /// Whether they were told at once that a life may be at risk.
        #[serde(default)]
        life_told: bool,
    }
    /// Records what an agency made of a request: one attempt, with what it said in its words.
    AnswerAgency {
        /// The incident.
        incident: IncidentNumber,
        /// The request's number.
        request: u32,
        /// What it comes to.
        answer: AgencyAnswer,
        /// By which means.
        means: AgencyMeans,
        /// Who was spoken to.
        with: Option<PersonName>,
        /// What was said, in their words.
        words: Words,
        /// What the agency says that it has done itself, asked now.
        itself: Option<Words>,
        /// Whether they were told now that a life may be at risk.
        #[serde(default)]
        life_told: bool,
    }
    /// Records that somebody is missing: their whereabouts cannot be established. A log about a
    /// concern becomes one about a missing person.
    ReportMissing {
        /// The incident.
        incident: IncidentNumber,
        /// Who, and when and where they were last seen.
        person: MissingPerson,
        /// The level of risk, as policy names it.
        level: Label,
        /// Why.
        rationale: Words,
    }
    /// Judges the risk to a missing person again.
    AssessMissing {
        /// The incident.
        incident: IncidentNumber,
        /// The level of risk, as policy names it.
        level: Label,
        /// Why, and what has changed.
        rationale: Words,
    }
    /// Settles one of the actions for a missing person.
    SettleMissingAction {
        /// The incident.
        incident: IncidentNumber,
        /// The action, as policy names it.
        action: Label,
        /// What was done and came of it, or why it does not apply.
        outcome: Outcome,
    }
    /// Records that a missing person was found.
    FindMissing {
        /// The incident.
        incident: IncidentNumber,
        /// Where.
        place: Place,
        /// By whom.
        by: Label,
        /// How they are.
        condition: FoundCondition,
        /// How that was confirmed, and by whom they were seen and spoken to.
        words: Words,
    }
    /// Records the prevention interview with somebody who was found, or why there is none.
    InterviewMissing {
        /// The incident.
        incident: IncidentNumber,
        /// What they said and who will do what, or why there was no interview and who knows it.
        outcome: Outcome,
    }
    /// Records where the person a log is about lives.
    KnowHome {
        /// The incident.
        incident: IncidentNumber,
        /// The address.
        home: Place,
        /// Who says so, or where it was found.
        how: Words,
    }
    /// Decides which agency fits best, by the questions of policy.
    FitAgency {
        /// The incident.
        incident: IncidentNumber,
        /// An answer to each question of policy.
        answers: Vec<FitAnswer>,
        /// Whether police go.
        police: bool,
        /// The agency that fits best.
        agency: Label,
        /// Why.
        reason: Words,
        /// Who holds the risk now, by name; needed where police do not go.
        holder: Option<Words>,
        /// What the caller was told, or why they could not be.
        told: Outcome,
    }
}

/// By which means an agency was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgencyMeans {
    /// By telephone.
    Telephone,
    /// By radio, talk group to talk group.
    Radio,
    /// By e-mail.
    Email,
    /// By a form or a portal of theirs.
    Form,
    /// By officers who went there.
    InPerson,
}

impl AgencyMeans {
    /// Every means.
    pub const ALL: [AgencyMeans; 5] = [
        AgencyMeans::Telephone,
        AgencyMeans::Radio,
        AgencyMeans::InPerson,
        AgencyMeans::Email,
        AgencyMeans::Form,
    ];

    /// Its name in the API, and in words.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            AgencyMeans::Telephone => ("telephone", "by telephone"),
            AgencyMeans::Radio => ("radio", "by radio"),
            AgencyMeans::Email => ("email", "by e-mail"),
            AgencyMeans::Form => ("form", "by a form of theirs"),
            AgencyMeans::InPerson => ("in_person", "by officers in person"),
        }
    }
}

/// What an attempt to get an answer from an agency comes to. "E-mail us" is no answer.
///
/// Source: Learning the Lessons, case 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgencyAnswer {
    /// They have it, and say so; what was asked is not done yet.
    Acknowledged,
    /// They are on their way.
    OnTheWay,
    /// They are there.
    OnScene,
    /// They have answered, or what was asked is done.
    Answered,
    /// They send us elsewhere: an e-mail, a form, another day. It is no answer.
    SentElsewhere,
    /// Nobody answered.
    NoAnswer,
    /// They would not.
    Refused,
    /// It is no longer needed, and they know.
    NotNeeded,
}

impl AgencyAnswer {
    /// Every answer, those that leave a request open first.
    pub const ALL: [AgencyAnswer; 8] = [
        AgencyAnswer::NoAnswer,
        AgencyAnswer::SentElsewhere,
        AgencyAnswer::Refused,
        AgencyAnswer::Acknowledged,
        AgencyAnswer::OnTheWay,
        AgencyAnswer::OnScene,
        AgencyAnswer::Answered,
        AgencyAnswer::NotNeeded,
    ];

    /// Its name in the API, and in words.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            AgencyAnswer::Acknowledged => ("acknowledged", "acknowledged"),
            AgencyAnswer::OnTheWay => ("on_the_way", "on their way"),
            AgencyAnswer::OnScene => ("on_scene", "on scene"),
            AgencyAnswer::Answered => ("answered", "answered"),
            AgencyAnswer::SentElsewhere => ("sent_elsewhere", "NO ANSWER, sent elsewhere"),
            AgencyAnswer::NoAnswer => ("no_answer", "NO ANSWER"),
            AgencyAnswer::Refused => ("refused", "REFUSED"),
            AgencyAnswer::NotNeeded => ("not_needed", "no longer needed"),
        }
    }

    /// Whether nothing more is awaited.
    pub fn is_the_end(self) -> bool {
        matches!(self, AgencyAnswer::OnScene | AgencyAnswer::Answered | AgencyAnswer::NotNeeded)
    }

    /// Whether they say that they see to it.
    pub fn is_heard(self) -> bool {
        matches!(self, AgencyAnswer::Acknowledged | AgencyAnswer::OnTheWay)
    }
}

/// Somebody who is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingPerson {
    /// The name.
    pub name: PersonName,
    /// Age, build, hair, clothing, what they carry.
    pub description: Words,
    /// The home address, if it is known.
    pub home: Option<Place>,
    /// Where they were last seen, in which state, and what they said.
    pub last_seen: Words,
    /// When, if it is known.
    pub last_seen_at: Option<Instant>,
    /// By whom.
    pub seen_by: Option<Reason>,
    /// The vehicle or other transport, if any.
    pub vehicle: Option<Reason>,
}

/// How somebody is who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundCondition {
    /// Safe and well.
    Safe,
    /// Alive, and hurt, ill or harmed.
    Hurt,
    /// Dead.
    Dead,
}

impl FoundCondition {
    /// Every condition.
    pub const ALL: [FoundCondition; 3] =
        [FoundCondition::Safe, FoundCondition::Hurt, FoundCondition::Dead];

    /// Its name in the API, and in words.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            FoundCondition::Safe => ("safe", "safe and well"),
            FoundCondition::Hurt => ("hurt", "hurt, ill or harmed"),
            FoundCondition::Dead => ("dead", "dead"),
        }
    }
}

/// The answer to one of the questions by which it is decided which agency fits best.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FitAnswer {
    /// The question, as policy names it.
    pub question: Label,
    /// Yes or no.
    pub yes: bool,
}
