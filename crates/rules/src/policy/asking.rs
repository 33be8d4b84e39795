//! What a call asks, and what it tells at its end.

use super::is_no;
use crate::name::{Grade, Label, OpeningCode};
use serde::{Deserialize, Serialize};

/// What a call asks under some opening codes.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionSet {
    /// The codes it is for.
    pub codes: Vec<OpeningCode>,
    /// Whether these are asked of somebody who cannot speak. A silent call opens its log with the
    /// first of the codes.
    #[serde(default)]
    pub silent: bool,
    /// When all of these are asked again, for the next person or thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
    /// The questions in order.
    pub prompt: Vec<PromptPolicy>,
}

/// When a set is asked again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// The question of the set whose "yes" brings all of it up again.
    pub when: Label,
    /// What each round is about, such as "Person": it stands before the questions, with a number.
    pub each: String,
}

/// One question of a call.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PromptPolicy {
    /// A short stable name, its own among all that a code asks.
    pub key: Label,
    /// The question.
    pub words: String,
    /// How it is answered.
    pub kind: PromptKind,
    /// The grade that the answer suggests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raises: Option<Grade>,
    /// Which answer suggests it: "yes" unless it says "no".
    #[serde(default, skip_serializing_if = "IsAnswered::is_yes")]
    pub raises_if: IsAnswered,
    /// The earlier answer because of which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<PromptWhen>,
    /// The doubt about the opening code that "yes" raises, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubts: Option<Label>,
    /// Whether the officers who are sent see the answer, though it tells of no danger.
    #[serde(default, skip_serializing_if = "is_no")]
    pub brief: bool,
    /// Whether the informant may prefer not to say.
    #[serde(default, skip_serializing_if = "is_no")]
    pub may_decline: bool,
    /// Where it comes from.
    pub source: String,
}

/// An earlier answer. "Unknown" counts as either.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PromptWhen {
    /// The earlier question.
    pub prompt: Label,
    /// Its answer.
    pub is: IsAnswered,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromptKind {
    /// With yes or no.
    YesNo,
    /// In words.
    Text,
}

/// The answer that something waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IsAnswered {
    /// Yes, or anything in words.
    #[default]
    Yes,
    /// No.
    No,
}

impl IsAnswered {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
    fn is_yes(&self) -> bool {
        *self == IsAnswered::Yes
    }

    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            IsAnswered::Yes => "yes",
            IsAnswered::No => "no",
        }
    }
}

/// The other ways to get in touch, which whoever rang about nothing urgent is told.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelsPolicy {
    /// They are told from this grade on, and at every less urgent one. Left out: never.
    pub from_grade: Option<Grade>,
    /// The ways, in the order in which they are said.
    #[serde(default)]
    pub way: Vec<Way>,
    /// Where the values come from.
    #[serde(default)]
    pub source: String,
}

/// A way to get in touch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// What it is called and where it is found, as it is said on a telephone.
    pub way: String,
    /// What it is for.
    pub used_for: String,
}
