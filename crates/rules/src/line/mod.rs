//! The command line of the console: one short line becomes what is to be done, what is to be
//! shown, a choice to make, or a sentence that names the word that was not understood.
//!
//! It is pure: pages, the API and tests all ask here, so that a line means the same everywhere.
//! Nothing is guessed: where a word fits two units or logs, it asks.

mod again; //      undo and repeat
mod asked; //      questions
mod grammar; //    every command, once
mod incident; //   what is done on a log
mod owed; //       delay and take on
mod reading; //    from left to right
mod resolve; //    which unit, log, person, tag or grade a word means
mod shown; //      what is only looked at
mod suggest; //    what could stand next
#[cfg(test)]
mod tests;
mod text; //       words and where they stand
mod units; //      who attends

pub use again::Last;
pub use grammar::markdown;
pub use suggest::{Suggestion, suggestions};

use crate::command::Command;
use crate::name::{CallSign, IncidentNumber};
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Span};
use reading::{Reading, Stop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How long one's own last line can be taken back.
///
/// Source: a proposal of ours; the journal keeps both the act and its undoing.
pub const UNDO_WITHIN: Span = Span::seconds(30);

/// The most suggestions that are made at once.
pub const SUGGESTIONS_MAX: usize = 8;

/// From where a line is read: the room as it stands, who writes, and what is in front of them.
#[derive(Clone, Debug)]
pub struct Desk<'d> {
    /// The room.
    pub state: &'d State,
    /// The room's time.
    pub now: Instant,
    /// Who writes the line.
    pub by: &'d By,
    /// The log that is selected.
    pub selected: Option<IncidentNumber>,
    /// This person's last line that did something.
    pub last: Option<Last>,
}

/// What a line means.
#[derive(Clone, Debug, PartialEq)]
pub enum Understood {
    /// Something is to be done: all of it, in this order.
    Do {
        /// The commands.
        commands: Vec<Command>,
        /// One line that says what will be done.
        says: String,
    },
    /// The last line is to be taken back, by these commands.
    Undo {
        /// The commands.
        commands: Vec<Command>,
        /// One line that says what will be done.
        says: String,
    },
    /// Something is to be shown; nothing changes.
    Show(View),
    /// It can mean several things, or something must be decided first.
    Choose {
        /// What is to be decided.
        question: String,
        /// The lines to choose from.
        choices: Vec<Choice>,
    },
}

/// One line to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// The whole line.
    pub line: String,
    /// What it does, in words.
    pub says: String,
    /// Whether it can be sent as it is; if not, a reason is still to be written at its end.
    pub complete: bool,
}

/// What a line asks to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "view", rename_all = "snake_case")]
#[schemars(rename = "LineView")]
pub enum View {
    /// Whatever has these words: past contacts and logs.
    Find {
        /// The words.
        words: String,
    },
    /// Who can get to a log.
    Candidates {
        /// The log.
        incident: IncidentNumber,
        /// The unit that was asked about, if one was.
        call_sign: Option<CallSign>,
    },
    /// The map, centred on this.
    Map {
        /// The log.
        incident: Option<IncidentNumber>,
        /// The unit.
        call_sign: Option<CallSign>,
    },
    /// The THRIVE form of a log.
    Thrive {
        /// The log.
        incident: IncidentNumber,
    },
    /// A log.
    Log {
        /// The log.
        incident: IncidentNumber,
    },
    /// A unit.
    Unit {
        /// The unit.
        call_sign: CallSign,
    },
    /// What can be written here.
    Keys,
}

/// Why a line was not understood. The text is kept, so that only the word at fault is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Misunderstood {
    /// Where the word stands in the line, in bytes.
    pub at: Range<usize>,
    /// The word.
    pub token: String,
    /// What is wrong with it and what to do.
    pub says: String,
    /// The line as it was probably meant.
    pub try_instead: Option<String>,
}

impl std::fmt::Display for Misunderstood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for Misunderstood {}

/// Reads one line.
///
/// # Errors
/// The word that was not understood, and what to write instead.
pub fn understand(text: &str, desk: &Desk<'_>) -> Result<Understood, Misunderstood> {
    match Reading::new(text, desk).whole() {
        Ok(understood) | Err(Stop::Ask(understood)) => Ok(understood),
        Err(Stop::Wrong(misunderstood)) => Err(misunderstood),
    }
}
