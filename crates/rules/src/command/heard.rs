//! What was said in a call, as it is given from outside and as it is kept.

use crate::name::*;
use crate::role::By;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

asked! {
    /// Keeps where the recording of a contact is: its name in the telephone system, which has the
    /// sound.
    AddRecording {
        /// The contact.
        contact: ContactId,
        /// The recording's name in the telephone system; no address.
        recording: Label,
        /// When it begins.
        started_at: Instant,
        /// How long it is, in seconds.
        seconds: Option<u32>,
    }
    /// Keeps lines of what was said in a contact: made by a program that listens, or by a person
    /// who did. A line with a number that is there already is a later reading of it and takes its
    /// place; both stay in the record.
    AddTranscript {
        /// The contact.
        contact: ContactId,
        /// The recording whose beginning the offsets count from; the first one if it is left out,
        /// or the moment at which the contact came in if there is none.
        recording: Option<Label>,
        /// The lines, 200 at most.
        lines: Vec<TranscriptLine>,
    }
    /// Says that something said in a call is not for this log, and why.
    SetAsideHeard {
        /// The incident.
        incident: IncidentNumber,
        /// The sentence, as it is listed.
        sentence: Words,
        /// Why it does not belong on the log.
        reason: Reason,
    }
}

/// A line of a transcript as it is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TranscriptLine {
    /// Its number in the contact; the next one if it is left out.
    pub line: Option<u32>,
    /// Who speaks.
    pub speaker: Speaker,
    /// When, in milliseconds from the recording's beginning.
    pub offset_ms: Option<u32>,
    /// When, as a moment, instead of an offset.
    pub at: Option<Instant>,
    /// What is said, in 2,000 characters at most.
    pub text: Words,
}

/// Who speaks in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// Whoever reports.
    Informant,
    /// Whoever took the call.
    Police,
    /// Somebody else who is heard: an interpreter, a voice behind the informant.
    Other,
}

impl Speaker {
    /// Each, in reading order.
    pub const ALL: [Speaker; 3] = [Speaker::Informant, Speaker::Police, Speaker::Other];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Speaker::Informant => "informant",
            Speaker::Police => "police",
            Speaker::Other => "other",
        }
    }
}

/// A recording as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recording {
    /// The contact.
    pub contact: ContactId,
    /// Its name in the telephone system.
    pub recording: Label,
    /// When it begins.
    pub started_at: Instant,
    /// How long it is, in seconds.
    pub seconds: Option<u32>,
    /// Who said so.
    pub by: By,
}

/// A line of a transcript as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeardLine {
    /// The contact.
    pub contact: ContactId,
    /// Its number in the contact.
    pub line: u32,
    /// Who speaks.
    pub speaker: Speaker,
    /// When.
    pub at: Instant,
    /// What is said.
    pub text: Words,
    /// The program or person that heard it.
    pub by: By,
    /// How many readings of it there were before.
    #[serde(default)]
    pub revised: u32,
}
