//! What stands in the way, in the words of the person who sees it. Every refusal says what to do
//! next.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a command was not carried out. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What kind of obstacle, for programs.
    pub kind: RefusedKind,
    /// One sentence: what stands in the way and what to do.
    pub sentence: String,
    /// Each single thing in the way, where there are several.
    pub items: Vec<String>,
}

/// The kinds of obstacle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// There is no such thing.
    NotFound,
    /// What was sent is not well formed or not in policy.
    Invalid,
    /// The record is not in a state that allows it.
    Conflict,
    /// The role may not do this.
    Forbidden,
    /// Something must be done first.
    Blocked,
    /// Somebody changed it meanwhile.
    Changed,
}

impl Refused {
    fn of(kind: RefusedKind, sentence: impl Into<String>) -> Refused {
        Refused { kind, sentence: sentence.into(), items: Vec::new() }
    }

    /// There is no such thing.
    pub fn not_found(sentence: impl Into<String>) -> Refused {
        Refused::of(RefusedKind::NotFound, sentence)
    }

    /// What was sent is not well formed or not in policy.
    pub fn invalid(sentence: impl Into<String>) -> Refused {
        Refused::of(RefusedKind::Invalid, sentence)
    }

    /// The record is not in a state that allows it.
    pub fn conflict(sentence: impl Into<String>) -> Refused {
        Refused::of(RefusedKind::Conflict, sentence)
    }

    /// The role may not do this.
    pub fn forbidden(sentence: impl Into<String>) -> Refused {
        Refused::of(RefusedKind::Forbidden, sentence)
    }

    /// Somebody changed it meanwhile.
    pub fn changed(sentence: impl Into<String>) -> Refused {
        Refused::of(RefusedKind::Changed, sentence)
    }

    /// Something must be done first.
    pub fn blocked(sentence: impl Into<String>) -> Refused {
        Refused::of(RefusedKind::Blocked, sentence)
    }

    /// Several things must be done first, each named.
    pub fn blocked_by(sentence: impl Into<String>, items: Vec<String>) -> Refused {
        Refused { kind: RefusedKind::Blocked, sentence: sentence.into(), items }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Refused {}
