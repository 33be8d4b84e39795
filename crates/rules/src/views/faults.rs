//! Faults that were reported: what is open, what was done, what was put right.

use super::countdown::age_words;
use crate::command::FaultKind;
use crate::fault::{Fault, FaultAnswer};
use crate::name::*;
use crate::role::By;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fault as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FaultView {
    /// Its number.
    pub fault: FaultId,
    /// Of what kind.
    pub kind: FaultKind,
    /// The kind for a page.
    pub kind_words: String,
    /// What happens, in the words of whoever met it.
    pub what: Reason,
    /// Where.
    pub seat: Option<SeatId>,
    /// Since when.
    pub since: Instant,
    /// How long that is; until it was put right, if it was.
    pub since_words: String,
    /// Whether it stops somebody working.
    pub stops_work: bool,
    /// The contact during which it happened.
    pub contact: Option<ContactId>,
    /// Whether that call, or a part of it, was lost.
    pub call_lost: bool,
    /// Who reported it.
    pub by: By,
    /// When.
    pub at: Instant,
    /// What was done, in order.
    pub answers: Vec<FaultAnswer>,
    /// When it was put right.
    pub mended_at: Option<Instant>,
}

fn view(f: &Fault, now: Instant) -> FaultView {
    FaultView {
        fault: f.id,
        kind: f.kind,
        kind_words: f.kind.words().to_owned(),
        what: f.what.clone(),
        seat: f.seat.clone(),
        since: f.since,
        since_words: age_words(f.since, f.mended_at.unwrap_or(now)),
        stops_work: f.stops_work,
        contact: f.contact,
        call_lost: f.call_lost,
        by: f.by.clone(),
        at: f.at,
        answers: f.answers.clone(),
        mended_at: f.mended_at,
    }
}

/// Every fault in memory: the open ones first, of these the ones that stop work or lost a call,
/// then those nobody has answered, the oldest first; what was put right comes last, the newest
/// first.
pub fn faults(s: &State, now: Instant) -> Vec<FaultView> {
    let mut all: Vec<FaultView> = s.faults.values().map(|f| view(f, now)).collect();
    all.sort_by_key(|f| match f.mended_at {
        None => (0, !(f.stops_work || f.call_lost), !f.answers.is_empty(), f.fault.0),
        Some(_) => (1, false, false, u64::MAX - f.fault.0),
    });
    all
}

/// The faults met during a contact, in order.
pub fn of_contact(s: &State, contact: ContactId, now: Instant) -> Vec<FaultView> {
    s.faults.values().filter(|f| f.contact == Some(contact)).map(|f| view(f, now)).collect()
}
