//! Kinds of markers, and messages to a named officer.

use crate::name::{Grade, Label};
use crate::role::Role;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of marker on a person, a number or a place.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MarkerPolicy {
    /// What it is called.
    pub kind: Label,
    /// What it means, shown where it is chosen.
    pub meaning: String,
    /// The grade that is suggested on a log that carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Whether only a supervisor may go below that grade, with a reason.
    #[serde(default, skip_serializing_if = "is_no")]
    pub forced: bool,
    /// Whether a silent or abandoned call gets the top grade because of it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub silent_is_top: bool,
    /// Whether officers must see it before they arrive.
    #[serde(default, skip_serializing_if = "is_no")]
    pub officer_safety: bool,
    /// So long before its end somebody is asked whether it goes on; two weeks if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_before: Option<Span>,
    /// So long after they could not be reached somebody tries again; a day if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_again: Option<Span>,
    /// The longest that it is agreed for; without it one may have no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<Span>,
    /// The desk that looks at it again, where the marker names none.
    pub review: Role,
    /// Where it comes from.
    pub source: String,
}

/// Messages to a named officer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MessagePolicy {
    /// Whoever leaves one hears within this time, where nothing else was told.
    pub hears_within: Span,
    /// The desk that covers for any other role.
    pub cover_else: Role,
    /// The desk that covers for somebody of a role.
    #[serde(default)]
    pub cover: BTreeMap<Role, Role>,
    /// Where it comes from.
    pub source: String,
}

impl Default for MessagePolicy {
    fn default() -> MessagePolicy {
        MessagePolicy {
            hears_within: Span::minutes(4 * 60),
            cover_else: Role::TeamLeader,
            cover: BTreeMap::new(),
            source: "proposal".to_owned(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_no(flag: &bool) -> bool {
    !flag
}
