//! What is to be on the log once it was said.

use crate::name::Label;
use serde::{Deserialize, Serialize};

/// Something that is to be on the log once it was said, though no cue, no doubt and nothing that is
/// carried names it, or only among other things.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HeardPolicy {
    /// What it is called.
    pub name: Label,
    /// Phrases, in lower case. One of them on the log stands for all of the row.
    pub phrases: Vec<String>,
    /// Where it comes from.
    pub source: String,
}
