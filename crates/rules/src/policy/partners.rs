//! What is asked of other agencies and how it is chased; somebody who is missing; and which agency
//! fits best.

use super::is_no;
use crate::name::{Label, OpeningCode};
use crate::role::Role;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// What counts as an answer of an agency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyPolicy {
    /// Phrases that are no answer, in lower case.
    #[serde(default)]
    pub no_answer: Vec<String>,
    /// The ground on which personal data may be given to us, as a written request says it.
    #[serde(default)]
    pub ground: String,
    /// Where they come from.
    #[serde(default)]
    pub source: String,
}

/// Something that agencies are asked for, and how long an answer may take.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyAskPolicy {
    /// What is asked, in a few words: the request's name.
    pub ask: Label,
    /// The kinds of agencies that are asked so, in lower case, as the directory has them.
    pub kinds: Vec<Label>,
    /// What to say.
    pub say: String,
    /// What they may be told about the person, and on which ground.
    pub may_tell: String,
    /// What to ask about what they have done themselves, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub itself: Option<String>,
    /// The action for a missing person that an answer settles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Label>,
    /// Time for an answer where a life may be at risk.
    pub answer_in_life: Span,
    /// The ladder then, each rung with what to do.
    pub ladder_life: String,
    /// Time for an answer otherwise.
    pub answer_in: Span,
    /// The ladder then.
    pub ladder: String,
    /// Once they say that they see to it, the time until it is done or they are there. Left out: to
    /// say so changes nothing, and the first clock goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_in: Option<Span>,
    /// The ladder then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ladder_done: Option<String>,
    /// Where the values come from.
    pub source: String,
}

impl AgencyAskPolicy {
    /// The ladders it names.
    pub fn ladders(&self) -> impl Iterator<Item = &String> {
        [&self.ladder_life, &self.ladder].into_iter().chain(&self.ladder_done)
    }
}

/// Somebody who is missing.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MissingPolicy {
    /// The opening code.
    pub code: OpeningCode,
    /// The codes that become it when somebody is recorded as missing; another one stays.
    pub from_codes: Vec<OpeningCode>,
    /// Who is missing, shown wherever that is decided.
    pub definition: String,
    /// The levels of risk, lowest first.
    pub level: Vec<MissingLevel>,
    /// What is done, each settled on its own.
    pub action: Vec<MissingActionPolicy>,
    /// Phrases by which somebody is said to go home, in lower case: they need a known address.
    #[serde(default)]
    pub going_home: Vec<String>,
    /// Phrases by which a family is asked to ring hospitals, in lower case: police do that.
    #[serde(default)]
    pub family_rings: Vec<String>,
    /// The action that is owed then.
    pub hospitals: Label,
    /// Where the values come from.
    pub source: String,
}

/// A level of risk to a missing person.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MissingLevel {
    /// The level.
    pub level: Label,
    /// When it is meant.
    pub definition: String,
    /// How long until it is judged again.
    pub review: Span,
    /// How long after somebody is found the prevention interview is owed.
    pub interview: Span,
    /// Whether a life may be at risk.
    #[serde(default, skip_serializing_if = "is_no")]
    pub life: bool,
}

/// An action for a missing person.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MissingActionPolicy {
    /// A short stable name.
    pub action: Label,
    /// What is to be done.
    pub words: String,
    /// The desk that sees to it.
    pub by: Role,
}

impl MissingPolicy {
    /// A level's row.
    pub fn level(&self, level: &Label) -> Option<&MissingLevel> {
        self.level.iter().find(|row| &row.level == level)
    }

    /// An action's row.
    pub fn action(&self, action: &Label) -> Option<&MissingActionPolicy> {
        self.action.iter().find(|row| &row.action == action)
    }
}

/// Which agency fits best.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RightCarePolicy {
    /// The questions, in order.
    pub question: Vec<RightCareQuestion>,
    /// Where they come from.
    pub source: String,
}

/// One of the questions.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RightCareQuestion {
    /// A short stable name.
    pub key: Label,
    /// The question. "Yes" means that police go.
    pub words: String,
}
