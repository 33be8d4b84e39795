//! Commands about markers of people, numbers and places, and about messages to a named officer.

use crate::name::*;
use crate::role::Role;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a marker says, and about whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkerFacts {
    /// The kind, as policy has it: MARAC, special scheme, violent, mental health ...
    pub kind: Label,
    /// The person it is about: first name and surname at least.
    pub person: Option<PersonName>,
    /// The number it is on.
    pub line: Option<Line>,
    /// The place it is on: house and street before the first comma.
    pub place: Option<Place>,
    /// What it says: what happened, what to do, of whom to beware.
    pub text: Words,
    /// Where it comes from: a meeting, a report, a log, an agency.
    pub source: Reason,
    /// From when it holds; at once if that is left out.
    pub starts_at: Option<Instant>,
    /// Until when it is agreed. It does not lapse by itself: then somebody is asked.
    pub expires_at: Option<Instant>,
    /// The desk that looks at it again; the kind's own if that is left out.
    pub review: Option<Role>,
}

/// What came of looking at a marker again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkerAnswer {
    /// It goes on, until a new day.
    Extended,
    /// It ends, and they know.
    Ended,
    /// They could not be reached.
    NotReached,
}

impl MarkerAnswer {
    /// Every answer, in the order of the form.
    pub const ALL: [MarkerAnswer; 3] =
        [MarkerAnswer::Extended, MarkerAnswer::Ended, MarkerAnswer::NotReached];

    /// Its name in the API, and in words.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            MarkerAnswer::Extended => ("extended", "extended"),
            MarkerAnswer::Ended => ("ended", "ended"),
            MarkerAnswer::NotReached => ("not_reached", "could not reach them"),
        }
    }
}

/// What came of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageAnswer {
    /// They were spoken to.
    Spoken,
    /// They could not be reached; it stays owed.
    NotReached,
}

/// What came in a call instead of words.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Nobody speaks.
    Silent,
    /// The line was cleared before anybody spoke.
    Abandoned,
    /// The caller pressed 55: the Silent Solution put them through.
    Pressed55,
}

impl Signal {
    /// Every signal, in the order of the buttons.
    pub const ALL: [Signal; 3] = [Signal::Pressed55, Signal::Silent, Signal::Abandoned];

    /// Its name in the API, and in words.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Signal::Silent => ("silent", "nobody speaks"),
            Signal::Abandoned => ("abandoned", "the line was cleared before anybody spoke"),
            Signal::Pressed55 => ("pressed55", "55 was pressed: they want the police"),
        }
    }
}

asked! {
    /// Records a marker found on a person, number or place.
    FindMarker {
        /// The incident.
        incident: IncidentNumber,
        /// The kind: MARAC, violence, weapons ...
        marker: Label,
        /// What it says and about whom.
        text: Words,
        /// Whether an officer must see it before arrival.
        #[serde(default)]
        officer_safety: bool,
    }
    /// Notes what came in a call instead of words: by the telephone system, or by whoever listens.
    NoteSignal {
        /// The contact.
        contact: ContactId,
        /// What came.
        signal: Signal,
    }
    /// Records that somebody who did not speak was rung back, and why that was thought safe.
    RingCaller {
        /// The contact.
        contact: ContactId,
        /// Why the benefits of ringing back outweigh the risks to them.
        safe_because: Reason,
        /// Whether they were spoken to.
        #[serde(default)]
        spoke: bool,
        /// What was said, or what was heard.
        words: Words,
    }
    /// Puts a marker on a person, a number or a place.
    PutMarker {
        /// What it says, and about whom.
        facts: MarkerFacts,
    }
    /// Changes what a marker says. What it said before stays in its history.
    ChangeMarker {
        /// The marker.
        marker: MarkerId,
        /// What it says now.
        facts: MarkerFacts,
        /// Why.
        reason: Reason,
    }
    /// Says what came of looking at a marker again: they were asked, and it goes on or ends, or
    /// they could not be reached.
    ReviewMarker {
        /// The marker.
        marker: MarkerId,
        /// What came of it.
        answer: MarkerAnswer,
        /// Until when it goes on.
        until: Option<Instant>,
        /// Who was asked, what they said, and what they were told.
        words: Words,
    }
    /// Leaves a message for a named officer. It is owed to whoever rang, by that officer or, where
    /// they are away or do not answer, by whoever covers for them.
    LeaveMessage {
        /// The call or other contact it comes from.
        contact: Option<ContactId>,
        /// The officer asked for.
        to: StaffId,
        /// Who left it.
        name: Option<PersonName>,
        /// Where they can be reached.
        line: Option<Line>,
        /// Whether it is safe to contact them there.
        safe_to_contact: Option<bool>,
        /// Their words, whole.
        words: Words,
        /// By when they were told that they will hear; policy's time if that is left out.
        hears_by: Option<Instant>,
        /// Why no log is opened though the words tell of danger.
        no_log_because: Option<Reason>,
    }
    /// Says what came of a message.
    AnswerMessage {
        /// The message.
        message: MessageId,
        /// What came of it.
        answer: MessageAnswer,
        /// What was said and agreed, or what was tried.
        words: Words,
    }
}
