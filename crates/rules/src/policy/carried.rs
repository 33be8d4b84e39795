//! What follows a log to the officer before anything else.

use crate::name::Label;
use serde::{Deserialize, Serialize};

/// Something about a person that officers have before them, in the words in which it was said.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedPolicy {
    /// What it is called. A marker of this kind says it too.
    pub name: Label,
    /// Phrases in what was said or written, in lower case, the most telling first.
    pub phrases: Vec<String>,
    /// Questions of the call whose answers belong to it, by their names.
    #[serde(default)]
    pub prompts: Vec<Label>,
    /// Elements of THRIVE whose rationale belongs to it, where rated in the upper half.
    #[serde(default)]
    pub elements: Vec<Label>,
    /// Whether officers say, before they leave, that they saw and spoke to the person.
    #[serde(default)]
    pub see_and_speak: bool,
    /// Where it comes from.
    pub source: String,
}
