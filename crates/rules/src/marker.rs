//! Markers of people, numbers and places: what is known about somebody before they say a word.
//! Whoever rings from a marked number is shown it while it rings; an open log that meets a marker
//! carries it; and a marker that has an end does not end before somebody was asked.
//!
//! Source: Learning the Lessons, case 1 (a MARAC entry nobody saw), case 2 (a special scheme that
//! ended without a word), case 8 (bipolar and MARAC).

mod matching; // which markers a number, a name or a place meets

pub use matching::{Met, MetBy, Sought, found, line_key, met};

use crate::command::*;
use crate::event::{Event, Meta, Suggestion};
use crate::incident::{Incident, prompts};
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::{MarkerPolicy, Policy};
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::{Instant, Now, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most markers in memory. The oldest that has ended goes first; it stays in the record.
const KEPT_MAX: usize = 22_000;
/// The most that count.
const HELD_MAX: usize = 20_000;
/// The most lines of one marker's history in memory.
const HISTORY_MAX: usize = 100;
/// So long before its end somebody is asked, where the kind does not say.
const ASK_BEFORE: Span = Span::minutes(14 * 24 * 60);
/// So long after they could not be reached somebody tries again, where the kind does not say.
const ASK_AGAIN: Span = Span::minutes(24 * 60);
/// Who was asked, and what they said, is more than a word.
const WORDS_MIN: usize = 3;

/// A marker as it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its number.
    pub id: MarkerId,
    /// What it says, and about whom.
    pub facts: MarkerFacts,
    /// Who put it.
    pub by: By,
    /// When.
    pub at: Instant,
    /// When somebody ended it.
    pub ended_at: Option<Instant>,
    /// What became of it, in order.
    pub history: Vec<MarkerChange>,
}

/// One line of a marker's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MarkerChange {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: By,
    /// What: put, changed, extended, ended, could not reach them.
    pub did: String,
    /// Why, or what was said.
    pub words: String,
}

impl Held {
    /// Whether it counts: it has begun and nobody has ended it. That its end has passed unasked
    /// changes nothing.
    pub fn counts(&self, now: Instant) -> bool {
        self.ended_at.is_none() && self.facts.starts_at.is_none_or(|from| from <= now)
    }

    /// Whether its end has passed and nobody has ended it or let it go on.
    pub fn is_past_its_end(&self, now: Instant) -> bool {
        self.ended_at.is_none() && self.facts.expires_at.is_some_and(|end| end <= now)
    }

    /// The desk that looks at it again.
    pub fn review(&self, policy: &Policy) -> Role {
        let of_kind = policy.marker_kind(&self.facts.kind).map(|row| row.review);
        self.facts.review.or(of_kind).unwrap_or(Role::VulnerabilityDesk)
    }
}

/// Rule: before a marker ends, whoever it protects is asked whether it goes on. Unanswered it stays
/// lit, and the marker counts.
///
/// Source: Learning the Lessons, case 2, force action: "victims are contacted at the end of the
/// scheme to see if it should be extended or withdrawn".
pub const MARKER_REVIEW: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::MarkerPut { marker, .. }
        | Event::MarkerChanged { marker, .. }
        | Event::MarkerReviewed { marker, answer: MarkerAnswer::Extended, .. } => {
            to_be_asked(s, *marker, None).into_iter().collect()
        }
        Event::MarkerReviewed { marker, answer: MarkerAnswer::NotReached, .. } => {
            to_be_asked(s, *marker, Some(meta.recorded_at)).into_iter().collect()
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::MarkerReviewed { .. } => Some(Fate::Done),
        Event::MarkerChanged { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// When somebody is to be asked: some days before the end, and some time after they could not be
/// reached.
fn to_be_asked(s: &State, id: MarkerId, not_reached: Option<Instant>) -> Option<Arm> {
    let held = s.markers.get(&id).filter(|held| held.ended_at.is_none())?;
    let end = held.facts.expires_at?;
    let row = s.policy.marker_kind(&held.facts.kind);
    let again = row.and_then(|row| row.ask_again).unwrap_or(ASK_AGAIN);
    let before = row.and_then(|row| row.ask_before).unwrap_or(ASK_BEFORE);
    let from = match not_reached {
        Some(at) => at + again,
        None => Instant(end.0.saturating_sub(before.0)),
    };
    let arm = Arm::new(Subject::Marker(id), from).due_at(end.max(from));
    Some(arm.owner(Owner::Desk(held.review(&s.policy))))
}

/// Puts a marker.
pub fn put(s: &State, c: &PutMarker, now: Now) -> Result<Vec<Event>, Refused> {
    fits(s, &c.facts, now)?;
    if s.markers.values().filter(|held| held.ended_at.is_none()).count() >= HELD_MAX {
        return Err(Refused::conflict(format!(
            "{HELD_MAX} markers count already: look again at those that are past their end"
        )));
    }
    let same = |held: &&Arc<Held>| held.ended_at.is_none() && held.facts == c.facts;
    if let Some(held) = s.markers.values().find(same) {
        return Err(Refused::conflict(format!("marker {} says just that already", held.id)));
    }
    Ok(vec![Event::MarkerPut { marker: MarkerId(s.next_marker), facts: c.facts.clone() }])
}

/// Changes what a marker says.
pub fn change(s: &State, c: &ChangeMarker, now: Now) -> Result<Vec<Event>, Refused> {
    let held = open(s, c.marker)?;
    if held.facts == c.facts {
        return Err(Refused::conflict(format!("marker {} says just that already", c.marker)));
    }
    fits(s, &c.facts, now)?;
    let (marker, facts, reason) = (c.marker, c.facts.clone(), c.reason.clone());
    Ok(vec![Event::MarkerChanged { marker, facts, reason }])
}

/// Says what came of looking at it again.
pub fn review(s: &State, c: &ReviewMarker, now: Now) -> Result<Vec<Event>, Refused> {
    let held = open(s, c.marker)?;
    if c.words.n_words() < WORDS_MIN {
        return Err(Refused::blocked(format!(
            "say in at least {WORDS_MIN} words who was asked, what they said and what they were told"
        )));
    }
    match (c.answer, c.until) {
        (MarkerAnswer::Extended, Some(until)) => {
            check_end(&s.policy, &held.facts.kind, Some(until), now)?;
        }
        (MarkerAnswer::Extended, None) => {
            return Err(Refused::invalid("say until when it goes on"));
        }
        (_, Some(_)) => {
            return Err(Refused::invalid(
                "a day until when goes with a marker that goes on: leave it out",
            ));
        }
        (_, None) => {}
    }
    let (marker, answer, until, words) = (c.marker, c.answer, c.until, c.words.clone());
    Ok(vec![Event::MarkerReviewed { marker, answer, until, words }])
}

fn open(s: &State, id: MarkerId) -> Result<&Held, Refused> {
    let held = s.markers.get(&id).ok_or_else(|| {
        Refused::not_found(format!("there is no marker {id}: look for it by name, number or place"))
    })?;
    match held.ended_at {
        Some(_) => Err(Refused::conflict(format!("marker {id} has ended: put a new one"))),
        None => Ok(held),
    }
}

fn fits(s: &State, facts: &MarkerFacts, now: Now) -> Result<(), Refused> {
    let policy = &s.policy;
    if policy.marker_kind(&facts.kind).is_none() {
        let items = policy.marker.iter().map(|row| row.kind.to_string()).collect();
        let sentence = format!("'{}' is no kind of marker of this force: choose one", facts.kind);
        return Err(Refused { items, ..Refused::invalid(sentence) });
    }
    if facts.person.is_none() && facts.line.is_none() && facts.place.is_none() {
        return Err(Refused::invalid(
            "it is on nobody and nothing: write a person, a number or a place",
        ));
    }
    if let Some(what) = matching::too_little(facts) {
        return Err(Refused::invalid(what));
    }
    if let Some(role) = facts.review.filter(|role| !policy.desk.contains_key(role)) {
        return Err(Refused::invalid(format!(
            "the {} desk is none of this room: name one that can look at it again",
            role.words()
        )));
    }
    if let (Some(from), Some(end)) = (facts.starts_at, facts.expires_at)
        && end <= from
    {
        return Err(Refused::invalid("it would end before it begins: check both days"));
    }
    check_end(policy, &facts.kind, facts.expires_at, now)
}

fn check_end(policy: &Policy, kind: &Label, end: Option<Instant>, now: Now) -> Result<(), Refused> {
    let longest = policy.marker_kind(kind).and_then(|row| row.longest);
    if end.is_some_and(|end| end <= now.at) {
        return Err(Refused::invalid("its end has passed: choose a day to come"));
    }
    let Some(longest) = longest else { return Ok(()) };
    if end.is_none_or(|end| end > now.at + longest) {
        return Err(Refused::invalid(format!(
            "'{kind}' is agreed for {} days at most, and then asked about: say until when",
            longest.0 / Span::minutes(24 * 60).0
        )));
    }
    Ok(())
}

/// What the markers on a log make of its grade, each with its reason.
pub fn raise(suggestion: &mut Suggestion, log: &Incident, policy: &Policy) {
    if log.signal == Some(Signal::Pressed55) {
        let words = Signal::Pressed55.words().1.to_owned();
        prompts::raise_to(suggestion, Grade::TOP, "a signal", words);
    }
    for (grade, words, _) in asked_by(log, policy) {
        prompts::raise_to(suggestion, grade, "marker", words);
    }
}

/// The grade below which only a supervisor may go, with a reason, and why.
///
/// Source: Learning the Lessons, case 2: a call from a special scheme address "would be allocated
/// an immediate response time of 15 minutes"; IOPC, Hampshire 2023: a silent call from a number
/// known for domestic abuse.
pub fn forced(log: &Incident, policy: &Policy) -> Option<(Grade, String)> {
    let all = asked_by(log, policy).into_iter().filter(|(_, _, forced)| *forced);
    all.map(|(grade, words, _)| (grade, words)).min_by_key(|(grade, _)| grade.rank())
}

/// The grade each marker asks for, why, and whether it forces it. One that was met by a name only
/// may be somebody else's: it suggests, and forces nothing.
fn asked_by(log: &Incident, policy: &Policy) -> Vec<(Grade, String, bool)> {
    let silent = is_silent(log, policy);
    let mut all = Vec::new();
    for m in &log.markers {
        let Some(row) = policy.marker_kind(&m.marker) else { continue };
        let sure = m.met.is_none_or(|met| met.how.is_sure());
        if let Some(grade) = row.grade {
            all.push((grade, format!("{} is marked", m.marker), row.forced && sure));
        }
        if silent && row.silent_is_top {
            let words = format!("{} is marked, and the call was silent or abandoned", m.marker);
            all.push((Grade::TOP, words, sure));
        }
    }
    all
}

/// Whether nobody spoke: it was answered by signals, or opened as a silent or abandoned call.
pub fn is_silent(log: &Incident, policy: &Policy) -> bool {
    let codes = policy.question_set.iter().filter(|set| set.silent).flat_map(|set| &set.codes);
    log.signal.is_some()
        || log.prompts.iter().any(|p| p.by_signal)
        || codes.into_iter().any(|c| *c == log.opening_code)
}

impl Policy {
    /// The row of a kind of marker, whatever its capitals.
    pub fn marker_kind(&self, kind: &Label) -> Option<&MarkerPolicy> {
        let same =
            |row: &&MarkerPolicy| row.kind.as_str().to_lowercase() == kind.as_str().to_lowercase();
        self.marker.iter().find(same)
    }
}

impl State {
    pub(crate) fn evolve_marker(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::MarkerPut { marker, facts } => {
                self.next_marker = self.next_marker.max(marker.0 + 1);
                let new = Held {
                    id: *marker,
                    facts: facts.clone(),
                    by: meta.by.clone(),
                    at: meta.recorded_at,
                    ended_at: None,
                    history: vec![did("put", facts.source.as_str(), meta)],
                };
                self.markers.insert_mut(*marker, Arc::new(new));
                self.index(*marker, facts);
                self.forget_ended_markers();
            }
            Event::MarkerChanged { marker, facts, reason } => {
                self.unindex(*marker);
                self.index(*marker, facts);
                self.change_marker(*marker, did("changed", reason.as_str(), meta), |held| {
                    held.facts = facts.clone();
                });
            }
            Event::MarkerReviewed { marker, answer, until, words } => {
                if *answer == MarkerAnswer::Ended {
                    self.unindex(*marker);
                }
                let line = did(answer.words().1, words.as_str(), meta);
                self.change_marker(*marker, line, |held| match answer {
                    MarkerAnswer::Extended => held.facts.expires_at = *until,
                    MarkerAnswer::Ended => held.ended_at = Some(meta.recorded_at),
                    MarkerAnswer::NotReached => {}
                });
            }
            _ => {}
        }
    }

    fn change_marker(&mut self, id: MarkerId, line: MarkerChange, f: impl FnOnce(&mut Held)) {
        if let Some(held) = self.markers.get_mut(&id) {
            let held = Arc::make_mut(held);
            f(held);
            held.history.push(line);
            if held.history.len() > HISTORY_MAX {
                held.history.remove(0);
            }
        }
    }

    fn index(&mut self, id: MarkerId, facts: &MarkerFacts) {
        for key in matching::keys(facts) {
            let mut ids = self.marked.get(&*key).cloned().unwrap_or_default();
            ids.push(id);
            self.marked.insert_mut(key.into(), ids);
        }
    }

    fn unindex(&mut self, id: MarkerId) {
        let Some(held) = self.markers.get(&id) else { return };
        for key in matching::keys(&held.facts) {
            let mut ids = self.marked.get(&*key).cloned().unwrap_or_default();
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.marked.remove_mut(&*key);
            } else {
                self.marked.insert_mut(key.into(), ids);
            }
        }
    }

    fn forget_ended_markers(&mut self) {
        while self.markers.size() > KEPT_MAX {
            let ended = self.markers.values().find(|held| held.ended_at.is_some());
            let Some(id) = ended.map(|held| held.id) else { return };
            self.markers.remove_mut(&id);
        }
    }
}

fn did(what: &str, words: &str, meta: &Meta) -> MarkerChange {
    MarkerChange {
        at: meta.recorded_at,
        by: meta.by.clone(),
        did: what.to_owned(),
        words: words.to_owned(),
    }
}
