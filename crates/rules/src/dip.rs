//! Dip samples of escalations: a reviewer looks at some that were drawn by chance, and says of each
//! whether it was kept. What they say is a record like any other.
//!
//! Source: Learning the Lessons, case 9, force action: compliance with escalation is dip-sampled.

use crate::command::{MarkEscalation, Sample};
use crate::event::{Event, Meta};
use crate::name::{ObligationId, Reason};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Now, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most marks in memory. The oldest goes first; it stays in the record.
const KEPT_MAX: usize = 2_000;
/// The most escalations of one sample: more is no sample.
pub const SIZE_MAX: u32 = 50;
/// The longest period.
pub const LONGEST: Span = Span::minutes(92 * 24 * 60);

/// What a reviewer said of one escalation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The sample it was drawn in.
    pub sample: Sample,
    /// The obligation that was told upwards.
    pub obligation: ObligationId,
    /// Whether the escalation was kept.
    pub kept: bool,
    /// Why they say so.
    pub words: Reason,
    /// The reviewer.
    pub by: By,
    /// When.
    pub at: Instant,
}

/// Whether a period can be sampled: it is over, so that nothing is added to it any more.
///
/// # Errors
/// What is wrong with it and what to choose.
pub fn period(from: Instant, to: Instant, now: Instant) -> Result<(), Refused> {
    if to <= from || now < to {
        return Err(Refused::invalid(
            "a sample is drawn from a period that is over: choose an end after its beginning, and \
             not in the future",
        ));
    }
    if from + LONGEST < to {
        return Err(Refused::invalid("this period is too long: choose 92 days at most"));
    }
    Ok(())
}

/// Whether a sample of this size can be drawn.
///
/// # Errors
/// What to choose instead.
pub fn size(n: u32) -> Result<(), Refused> {
    match n {
        1..=SIZE_MAX => Ok(()),
        _ => Err(Refused::invalid(format!("a sample has 1 to {SIZE_MAX} escalations: choose one"))),
    }
}

/// Marks one escalation of a sample. Who marks it again takes the first mark back; both are kept.
pub fn mark(s: &State, c: &MarkEscalation, now: Now) -> Result<Vec<Event>, Refused> {
    period(c.sample.from, c.sample.to, now.at)?;
    size(c.sample.size)?;
    if !(1..s.next_obligation).contains(&c.obligation.0) {
        return Err(Refused::not_found(format!(
            "there is no obligation {}: draw the sample again and mark what it shows",
            c.obligation
        )));
    }
    Ok(vec![Event::EscalationMarked {
        sample: c.sample.clone(),
        obligation: c.obligation,
        kept: c.kept,
        words: c.words.clone(),
    }])
}

impl State {
    pub(crate) fn evolve_dip(&mut self, event: &Event, meta: &Meta) {
        let Event::EscalationMarked { sample, obligation, kept, words } = event else { return };
        let mark = Mark {
            sample: sample.clone(),
            obligation: *obligation,
            kept: *kept,
            words: words.clone(),
            by: meta.by.clone(),
            at: meta.recorded_at,
        };
        self.marks.insert_mut(meta.seq, Arc::new(mark));
        while self.marks.size() > KEPT_MAX {
            let Some(oldest) = self.marks.keys().next().copied() else { return };
            self.marks.remove_mut(&oldest);
        }
    }
}
