//! What was said in a call and is not on the log: sentences with a word that matters, none of whose
//! kind the log carries. The words are the policy's own: its cues, the doubts about the log's code,
//! what is carried to officers, and what is to be on the log once it was said.
//!
//! A word that is not found here may matter all the same. This points out; it does not judge.

use super::heard::Heard;
use crate::command::{Answered, HeardLine, Speaker};
use crate::incident::Incident;
use crate::incident::carried::{plain, sentences};
use crate::incident::prompts::answer_words;
use crate::name::{ContactId, OpeningCode};
use crate::policy::Policy;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So much of a sentence names it where it is owed, in characters.
const NAMED_BY: usize = 160;

/// A sentence that was said and is not on the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unwritten {
    /// The contact.
    pub contact: ContactId,
    /// The line of its transcript.
    pub line: u32,
    /// When it was said.
    pub at: Instant,
    /// The sentence.
    pub sentence: String,
    /// The words in it that matter.
    pub words: Vec<String>,
    /// What they are words for, by the names in policy.
    pub why: Vec<String>,
}

impl Unwritten {
    /// The sentence as it names what is owed.
    pub fn part(&self) -> String {
        let mut short: String = self.sentence.chars().take(NAMED_BY).collect();
        if short.len() < self.sentence.len() {
            short.push('\u{2026}');
        }
        short
    }
}

/// A phrase that matters, and the kinds of things it is a word for.
struct Phrase<'p> {
    text: &'p str,
    words: Vec<String>,
    kinds: Vec<usize>,
}

/// The phrases that matter under a code, by their first words.
struct Phrases<'p> {
    by_first: BTreeMap<String, Vec<Phrase<'p>>>,
    kinds: Vec<&'p str>,
}

impl<'p> Phrases<'p> {
    fn of(policy: &'p Policy, code: &OpeningCode) -> Phrases<'p> {
        let own = policy.heard.iter().map(|row| (row.name.as_str(), &row.phrases));
        let taken: BTreeSet<&str> =
            policy.heard.iter().flat_map(|row| &row.phrases).map(String::as_str).collect();
        let cues = policy.cue.iter().map(|row| (row.name.as_str(), &row.phrases));
        let doubted = policy.code_doubt.iter();
        let doubted =
            doubted.filter(|d| (d.separate && d.suggests != *code) || d.codes.contains(code));
        let doubts = doubted.map(|row| (row.name.as_str(), &row.phrases));
        let carried = policy.carried.iter().map(|row| (row.name.as_str(), &row.phrases));
        let n_own = policy.heard.len();
        let mut kinds = Vec::new();
        let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (name, phrases) in own.chain(cues).chain(doubts).chain(carried) {
            let kind = kinds.len();
            kinds.push(name);
            let all = phrases.iter().map(String::as_str);
            for phrase in all.filter(|p| kind < n_own || !taken.contains(p)) {
                found.entry(phrase).or_default().push(kind);
            }
        }
        let mut by_first: BTreeMap<String, Vec<Phrase<'p>>> = BTreeMap::new();
        for (text, kinds) in found {
            let words = words_of(text);
            if let Some(first) = words.first().cloned() {
                by_first.entry(first).or_default().push(Phrase { text, words, kinds });
            }
        }
        Phrases { by_first, kinds }
    }

    /// The phrases that stand in a text.
    fn in_text(&self, text: &str) -> Vec<&Phrase<'p>> {
        let words = words_of(text);
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let rest = words.get(at..).unwrap_or_default();
            let beginning = self.by_first.get(word).into_iter().flatten();
            found.extend(beginning.filter(|phrase| rest.starts_with(&phrase.words)));
        }
        found
    }
}

fn words_of(text: &str) -> Vec<String> {
    text.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect()
}

/// What of the words that matter a log carries, and where.
struct Held<'p> {
    phrases: Phrases<'p>,
    at: BTreeMap<usize, String>,
}

impl<'p> Held<'p> {
    fn by(log: &Incident, policy: &'p Policy) -> Held<'p> {
        let phrases = Phrases::of(policy, &log.opening_code);
        let mut at: BTreeMap<usize, String> = BTreeMap::new();
        for (place, text) in written(log) {
            for kind in phrases.in_text(&text).iter().flat_map(|phrase| &phrase.kinds) {
                at.entry(*kind).or_insert_with(|| place.clone());
            }
        }
        Held { phrases, at }
    }

    fn place(&self, phrase: &Phrase<'_>) -> Option<&String> {
        phrase.kinds.iter().find_map(|kind| self.at.get(kind))
    }
}

/// Everything that a log says, each with where it says it.
fn written(log: &Incident) -> Vec<(String, String)> {
    let entries = log.entries.iter().filter(|e| e.struck.is_none());
    let entries = entries.map(|e| (format!("entry {}", e.entry), e.text.to_string()));
    let is_said = |answer: &Answered| matches!(answer, Answered::Yes | Answered::Text(_));
    let answers = log.prompts.iter().filter(|p| is_said(&p.answer)).map(|p| {
        (format!("the answer to '{}'", p.words), format!("{} {}", p.words, answer_words(&p.answer)))
    });
    let rated = log.thrive.iter().flat_map(|t| &t.elements);
    let rated = rated.map(|e| (format!("THRIVE, {}", e.element), e.rationale.to_string()));
    let markers =
        log.markers.iter().map(|m| ("a marker".into(), format!("{} {}", m.marker, m.text)));
    let tags = log.tags.iter().map(|tag| ("a tag".to_owned(), tag.to_string()));
    let place = log.location.words.iter().map(|words| ("the place".to_owned(), words.to_string()));
    let who = log.informant.iter().flat_map(|i| {
        [
            i.name.as_ref().map(ToString::to_string),
            i.missing_because.as_ref().map(ToString::to_string),
        ]
    });
    let who = who.flatten().map(|text| ("who reports".to_owned(), text));
    [("the words at opening".to_owned(), log.words.to_string())]
        .into_iter()
        .chain(entries)
        .chain(answers)
        .chain(rated)
        .chain(markers)
        .chain(tags)
        .chain(place)
        .chain(who)
        .collect()
}

/// The sentences that were said by anybody but us, and hold words of a kind that the log does not
/// carry, in the order in which they were said. One sentence stands for all of its kinds.
///
/// Source: Learning the Lessons, cases 4, 5 and 6.
pub fn unwritten(log: &Incident, policy: &Policy) -> Vec<Unwritten> {
    let Some(heard) = &log.heard else { return Vec::new() };
    if heard.lines.is_empty() {
        return Vec::new();
    }
    missing(heard, &Held::by(log, policy))
}

fn missing(heard: &Heard, held: &Held<'_>) -> Vec<Unwritten> {
    let mut known: BTreeSet<usize> = held.at.keys().copied().collect();
    let mut all = Vec::new();
    for line in heard.in_order().into_iter().filter(|l| l.speaker != Speaker::Police) {
        for sentence in sentences(line.text.as_str()) {
            let found = held.phrases.in_text(sentence);
            let new = |phrase: &&Phrase<'_>| !phrase.kinds.iter().any(|kind| known.contains(kind));
            let new: Vec<&Phrase<'_>> = found.into_iter().filter(new).collect();
            let aside = heard.aside.iter().any(|a| a.sentence.as_str() == sentence);
            if new.is_empty() || aside {
                continue;
            }
            let kinds: BTreeSet<usize> = new.iter().flat_map(|p| &p.kinds).copied().collect();
            let why = kinds.iter().filter_map(|kind| held.phrases.kinds.get(*kind));
            all.push(Unwritten {
                contact: line.contact,
                line: line.line,
                at: line.at,
                sentence: sentence.to_owned(),
                words: longest(&new),
                why: why.map(|name| (*name).to_owned()).collect(),
            });
            known.extend(kinds);
        }
    }
    all
}

/// The phrases that are no part of another, each once.
fn longest(found: &[&Phrase<'_>]) -> Vec<String> {
    let inside = |phrase: &Phrase<'_>| {
        found.iter().any(|other| other.text != phrase.text && other.text.contains(phrase.text))
    };
    let mut words: Vec<String> = Vec::new();
    for phrase in found.iter().filter(|phrase| !inside(phrase)) {
        if !words.iter().any(|before| before == phrase.text) {
            words.push(phrase.text.to_owned());
        }
    }
    words
}

/// Words of a line that matter and stand on the log, with where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OnLog {
    /// The words.
    pub words: String,
    /// Where the log says so.
    pub place: String,
}

/// A line, what of it stands on the log, and what of it does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineBeside {
    /// The line.
    #[serde(flatten)]
    pub line: HeardLine,
    /// The words in it that matter and stand on the log.
    pub on_log: Vec<OnLog>,
    /// The sentences in it that do not.
    pub missing: Vec<String>,
}

/// The lines of what was heard beside a log, as they were said, and what of it is [`unwritten`].
pub fn beside(log: &Incident, policy: &Policy) -> (Vec<LineBeside>, Vec<Unwritten>) {
    let Some(heard) = &log.heard else { return Default::default() };
    let held = Held::by(log, policy);
    let missing = missing(heard, &held);
    let line = |line: &HeardLine| LineBeside {
        on_log: on_log(line, &held),
        missing: missing
            .iter()
            .filter(|m| (m.contact, m.line) == (line.contact, line.line))
            .map(|m| m.sentence.clone())
            .collect(),
        line: line.clone(),
    };
    let lines = heard.in_order().into_iter().map(line).collect();
    (lines, missing)
}

fn on_log(line: &HeardLine, held: &Held<'_>) -> Vec<OnLog> {
    let found = held.phrases.in_text(line.text.as_str());
    let stands: Vec<&Phrase<'_>> =
        found.into_iter().filter(|phrase| held.place(phrase).is_some()).collect();
    let place = |words: &String| {
        let phrase = stands.iter().find(|phrase| phrase.text == words.as_str());
        phrase.and_then(|phrase| held.place(phrase)).cloned().unwrap_or_default()
    };
    longest(&stands).into_iter().map(|words| OnLog { place: place(&words), words }).collect()
}
