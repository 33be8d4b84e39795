//! Markers: those that meet a call while it rings, those about which somebody is to be asked, and
//! one whole.

use super::countdown::countdown_words;
use super::owed::{Owed, owed_about};
use crate::command::{Location, MarkerFacts};
use crate::contact::Contact;
use crate::marker::{Held, MarkerChange, MetBy, Sought, found};
use crate::name::*;
use crate::obligation::Subject;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a marker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// It counts, and nobody need be asked yet.
    Holds,
    /// Somebody is to be asked whether it goes on.
    ToAsk,
    /// Its end has passed and nobody has answered: it counts all the same.
    PastItsEnd,
    /// Somebody has ended it.
    Ended,
}

/// A marker in a list, without whom it is about: that is behind its number, where looks are
/// recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkerRow {
    /// Its number.
    pub marker: MarkerId,
    /// Its kind.
    pub kind: Label,
    /// How it stands.
    pub stands: Stands,
    /// The desk that looks at it again.
    pub review: Role,
    /// Until when it was agreed.
    pub expires_at: Option<Instant>,
    /// How far that is, signed.
    pub countdown: Option<String>,
}

/// A marker whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkerWhole {
    /// Its row.
    pub row: MarkerRow,
    /// What it says, and about whom.
    pub facts: MarkerFacts,
    /// Who put it.
    pub by: By,
    /// When.
    pub at: Instant,
    /// When somebody ended it.
    pub ended_at: Option<Instant>,
    /// What became of it, the oldest first.
    pub history: Vec<MarkerChange>,
    /// What is owed about it.
    pub owed: Vec<Owed>,
}

/// A marker that a call meets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkerMet {
    /// Its number.
    pub marker: MarkerId,
    /// Its kind.
    pub kind: Label,
    /// What it says.
    pub text: Words,
    /// Where it comes from.
    pub source: Reason,
    /// How the call meets it.
    pub how: MetBy,
    /// The same in words.
    pub because: String,
    /// Whether its end has passed and nobody has answered: it counts all the same.
    pub past_its_end: bool,
    /// The grade that a log which carries it is suggested, if any.
    pub grade: Option<Grade>,
    /// Whether only a supervisor may go below that.
    pub forced: bool,
    /// Whether officers must see it before they arrive.
    pub officer_safety: bool,
}

/// How a marker stands.
fn stands(s: &State, held: &Held, now: Instant) -> Stands {
    let asked = || s.obligations_about(&Subject::Marker(held.id)).any(|o| o.from <= now);
    match held.ended_at {
        Some(_) => Stands::Ended,
        None if held.is_past_its_end(now) => Stands::PastItsEnd,
        None if asked() => Stands::ToAsk,
        None => Stands::Holds,
    }
}

fn row(s: &State, held: &Held, now: Instant) -> MarkerRow {
    MarkerRow {
        marker: held.id,
        kind: held.facts.kind.clone(),
        stands: stands(s, held, now),
        review: held.review(&s.policy),
        expires_at: held.facts.expires_at,
        countdown: held.facts.expires_at.map(|end| countdown_words(end, now)),
    }
}

/// The markers about which somebody is to be asked, those past their end first.
pub fn to_be_asked(s: &State, now: Instant) -> Vec<MarkerRow> {
    let all = s.markers.values().filter(|held| held.ended_at.is_none());
    let mut rows: Vec<MarkerRow> = all
        .map(|held| row(s, held, now))
        .filter(|row| matches!(row.stands, Stands::ToAsk | Stands::PastItsEnd))
        .collect();
    rows.sort_by_key(|row| (row.expires_at, row.marker));
    rows
}

/// One marker whole.
pub fn marker(s: &State, id: MarkerId, now: Instant) -> Option<MarkerWhole> {
    s.markers.get(&id).map(|held| whole(s, held, now))
}

fn whole(s: &State, held: &Held, now: Instant) -> MarkerWhole {
    MarkerWhole {
        row: row(s, held, now),
        facts: held.facts.clone(),
        by: held.by.clone(),
        at: held.at,
        ended_at: held.ended_at,
        history: held.history.clone(),
        owed: owed_about(s, &Subject::Marker(held.id), now),
    }
}

/// The markers that a number, a name or a place meets.
pub fn look_up(
    s: &State,
    line: Option<&Line>,
    person: Option<&PersonName>,
    place: Option<&Place>,
    now: Instant,
) -> Vec<MarkerWhole> {
    let sought = Sought::default().line(line).name(person).place(place);
    found(s, &sought, now).into_iter().map(|(held, _)| whole(s, held, now)).collect()
}

/// The markers that a call meets: from the ring on, by what it came with and by the place of the
/// log that is being written.
///
/// Source: Learning the Lessons, case 1, question: are risk markers easily identifiable; case 8.
pub fn on_call(
    s: &State,
    contact: &Contact,
    log: Option<&Location>,
    now: Instant,
) -> Vec<MarkerMet> {
    let sought = Sought::contact(contact).place(log.and_then(|at| at.words.as_ref()));
    let met = found(s, &sought, now).into_iter();
    met.map(|(held, how)| {
        let row = s.policy.marker_kind(&held.facts.kind);
        MarkerMet {
            marker: held.id,
            kind: held.facts.kind.clone(),
            text: held.facts.text.clone(),
            source: held.facts.source.clone(),
            how,
            because: how.words().to_owned(),
            past_its_end: held.is_past_its_end(now),
            grade: row.and_then(|row| row.grade),
            forced: row.is_some_and(|row| row.forced) && how.is_sure(),
            officer_safety: row.is_none_or(|row| row.officer_safety),
        }
    })
    .collect()
}
