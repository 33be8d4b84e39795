//! Which markers a number, a name or a place meets. A number or a house is what it is; a name may
//! be somebody else's, and the words of a caller may mean another street: those say so.

use super::Held;
use crate::command::{Answered, Location, MarkerFacts};
use crate::contact::Contact;
use crate::event::Event;
use crate::incident::Incident;
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The fewest words of a name or a place: fewer would be met by anybody.
const WORDS_MIN: usize = 2;
/// The most words of one.
const WORDS_MAX: usize = 6;

/// A marker that was met, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Met {
    /// The marker.
    pub marker: MarkerId,
    /// How.
    pub how: MetBy,
}

/// How a marker was met, the surest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MetBy {
    /// The call comes from that number, or that number was given.
    Number,
    /// It is there.
    Place,
    /// The name was given.
    Name,
    /// The name or the place was spoken of.
    Said,
}

impl MetBy {
    /// Whether it is surely this marker's number or place.
    pub fn is_sure(self) -> bool {
        matches!(self, MetBy::Number | MetBy::Place)
    }

    /// For a line on a screen.
    pub fn words(self) -> &'static str {
        match self {
            MetBy::Number => "same number",
            MetBy::Place => "same place",
            MetBy::Name => "same name: check that it is them",
            MetBy::Said => "named in what was said: check that it is them",
        }
    }
}

/// What is known of a caller or a log that a marker may be on.
#[derive(Default)]
pub struct Sought<'a> {
    lines: Vec<&'a Line>,
    names: Vec<&'a PersonName>,
    places: Vec<&'a Place>,
    said: Vec<&'a str>,
}

impl<'a> Sought<'a> {
    /// A number that is looked for.
    #[must_use]
    pub fn line(mut self, line: Option<&'a Line>) -> Self {
        self.lines.extend(line);
        self
    }

    /// A name that is looked for.
    #[must_use]
    pub fn name(mut self, name: Option<&'a PersonName>) -> Self {
        self.names.extend(name);
        self
    }

    /// A place that is looked for.
    #[must_use]
    pub fn place(mut self, place: Option<&'a Place>) -> Self {
        self.places.extend(place);
        self
    }

    fn said(mut self, words: Option<&'a Words>) -> Self {
        self.said.extend(words.map(Words::as_str));
        self
    }

    /// All that a contact came with.
    pub fn contact(contact: &'a Contact) -> Self {
        let at = contact.location.as_ref();
        Sought::default()
            .line(contact.line.as_ref())
            .name(contact.name.as_ref())
            .place(at.and_then(|at| at.words.as_ref()))
            .said(contact.words.as_ref())
    }

    /// All that stands at the head of a log, and who rang about it.
    fn log(s: &'a State, log: &'a Incident) -> Self {
        let informant = log.informant.as_ref();
        let own = Sought::default()
            .line(informant.and_then(|i| i.line.as_ref()))
            .name(informant.and_then(|i| i.name.as_ref()))
            .place(log.location.words.as_ref())
            .said(Some(&log.words));
        let rang = log.contacts.iter().filter_map(|id| s.contacts.get(id));
        rang.fold(own, |all, contact| all.line(contact.line.as_ref()).name(contact.name.as_ref()))
    }
}

/// A number without what people put between its digits, as it is dialled in this country.
pub fn line_key(line: &Line) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == '@' || *c == '+';
    let text: String = line.as_str().chars().filter(kept).collect::<String>().to_lowercase();
    let abroad = text.strip_prefix("+44").or_else(|| text.strip_prefix("0044"));
    match abroad {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => text.replace('+', ""),
    }
}

fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The house and street of a place, and what stands after its first comma.
fn house_and_rest(place: &Place) -> (Vec<String>, Vec<String>) {
    let (house, rest) = place.as_str().split_once(',').unwrap_or((place.as_str(), ""));
    (tokens(house), tokens(rest))
}

/// What a marker is on, as it is looked up.
pub(super) fn keys(facts: &MarkerFacts) -> Vec<String> {
    let line = facts.line.as_ref().map(|line| format!("n {}", line_key(line)));
    let person = facts.person.as_ref().map(|name| format!("p {}", tokens(name.as_str()).join(" ")));
    let place = facts.place.as_ref().map(|p| format!("l {}", house_and_rest(p).0.join(" ")));
    line.into_iter().chain(person).chain(place).collect()
}

/// What is too little to be met by nobody else, in a sentence.
pub(super) fn too_little(facts: &MarkerFacts) -> Option<&'static str> {
    let fits = |n: usize| (WORDS_MIN..=WORDS_MAX).contains(&n);
    if facts.person.as_ref().is_some_and(|name| !fits(tokens(name.as_str()).len())) {
        return Some(
            "write first name and surname, in two to six words, so that only they are met",
        );
    }
    if facts.place.as_ref().is_some_and(|place| !fits(house_and_rest(place).0.len())) {
        return Some(
            "write house and street before the first comma, in two to six words: 12 High Street, \
             Exampleton",
        );
    }
    if facts.line.as_ref().is_some_and(|line| line_key(line).is_empty()) {
        return Some("the number has no digit in it: write it as it is dialled");
    }
    None
}

/// The markers that count and are met by what is looked for, each once and as surely as it is, the
/// surest first.
pub fn found<'s>(s: &'s State, sought: &Sought<'_>, now: Instant) -> Vec<(&'s Held, MetBy)> {
    if s.marked.is_empty() {
        return Vec::new();
    }
    let mut best: BTreeMap<MarkerId, MetBy> = BTreeMap::new();
    let mut meet = |ids: &[MarkerId], how: MetBy| {
        for id in ids {
            let before = best.entry(*id).or_insert(how);
            *before = how.min(*before);
        }
    };
    let at = |key: &str| s.marked.get(key).map_or(&[][..], |ids| ids.as_slice());
    for line in &sought.lines {
        meet(at(&format!("n {}", line_key(line))), MetBy::Number);
    }
    for name in &sought.names {
        let words = tokens(name.as_str());
        windows(&words, |part| meet(at(&format!("p {part}")), MetBy::Name));
    }
    for place in &sought.places {
        let words = tokens(place.as_str());
        windows(&words, |part| {
            let ids = at(&format!("l {part}")).iter().copied();
            let there: Vec<MarkerId> = ids.filter(|id| same_town(s, *id, part, &words)).collect();
            meet(&there, MetBy::Place);
        });
    }
    for text in &sought.said {
        let words = tokens(text);
        windows(&words, |part| {
            meet(at(&format!("p {part}")), MetBy::Said);
            meet(at(&format!("l {part}")), MetBy::Said);
        });
    }
    let mut all: Vec<(MarkerId, MetBy)> = best.into_iter().collect();
    all.sort_by_key(|(id, how)| (*how, *id));
    let held = |(id, how)| Some((s.markers.get(&id)?.as_ref(), how));
    all.into_iter().filter_map(held).filter(|(held, _)| held.counts(now)).collect()
}

/// Each run of words that may be a name or a place.
fn windows(words: &[String], mut f: impl FnMut(&str)) {
    for n in WORDS_MIN..=WORDS_MAX {
        for part in words.windows(n) {
            f(&part.join(" "));
        }
    }
}

/// Whether a house of the same street and number is in the same town, as far as both say.
fn same_town(s: &State, id: MarkerId, house: &str, words: &[String]) -> bool {
    let place = s.markers.get(&id).and_then(|held| held.facts.place.as_ref());
    let rest = place.map(|place| house_and_rest(place).1).unwrap_or_default();
    let house = tokens(house);
    let beyond: Vec<&String> = words.iter().filter(|w| !house.contains(w)).collect();
    rest.is_empty() || beyond.is_empty() || beyond.iter().any(|w| rest.contains(w))
}

/// The markers that an event brings onto a log, the state being the one after it; and a marker that
/// is put while logs are open, onto those that meet it.
pub fn met(s: &State, event: &Event, now: Instant) -> Vec<Event> {
    if s.marked.is_empty() {
        return Vec::new();
    }
    if let Event::MarkerPut { marker, .. } | Event::MarkerChanged { marker, .. } = event {
        return onto_open_logs(s, *marker, now);
    }
    let log = event.stream_incident().and_then(|n| s.incident(n));
    let Some(log) = log.filter(|log| log.closed.is_none()) else { return Vec::new() };
    let sought = brought(s, log, event);
    let new = found(s, &sought, now).into_iter();
    new.filter(|(held, _)| !is_on(log, held.id)).filter_map(|m| onto(s, log, m, now)).collect()
}

fn is_on(log: &Incident, id: MarkerId) -> bool {
    log.markers.iter().any(|m| m.met.is_some_and(|met| met.marker == id))
}

/// What an event says of a log that a marker may be on.
fn brought<'a>(s: &'a State, log: &'a Incident, event: &'a Event) -> Sought<'a> {
    let none = Sought::default();
    match event {
        Event::IncidentOpened { .. } | Event::IncidentReopened { .. } => Sought::log(s, log),
        Event::ContactLinked { contact, .. } => {
            s.contacts.get(contact).map(Sought::contact).unwrap_or_default()
        }
        Event::LocationSet { location: Location { words, .. }, .. } => none.place(words.as_ref()),
        Event::InformantSet { informant, .. } => {
            none.line(informant.line.as_ref()).name(informant.name.as_ref())
        }
        Event::EntryAdded { text, .. }
        | Event::PromptAnswered { answer: Answered::Text(text), .. } => none.said(Some(text)),
        _ => none,
    }
}

fn onto_open_logs(s: &State, id: MarkerId, now: Instant) -> Vec<Event> {
    let open = s.incidents.values().filter(|log| log.closed.is_none() && !is_on(log, id));
    let meets = |log: &&Incident| {
        let all = found(s, &Sought::log(s, log), now);
        all.into_iter().find(|(held, _)| held.id == id)
    };
    open.filter_map(|log| onto(s, log, meets(&log)?, now)).collect()
}

/// A marker as it stands on a log: what it says, how it was met and where it comes from.
fn onto(s: &State, log: &Incident, (held, how): (&Held, MetBy), now: Instant) -> Option<Event> {
    let facts = &held.facts;
    let end = match held.is_past_its_end(now) {
        true => ". Its end has passed and nobody has been asked: it counts",
        false => "",
    };
    let text = format!("{} ({}; from {}{end})", facts.text, how.words(), facts.source);
    let row = s.policy.marker_kind(&facts.kind);
    Some(Event::MarkerFound {
        incident: log.number,
        marker: facts.kind.clone(),
        text: Words::parse(&text).unwrap_or_else(|_| facts.text.clone()),
        officer_safety: row.is_none_or(|row| row.officer_safety),
        met: Some(Met { marker: held.id, how }),
    })
}
