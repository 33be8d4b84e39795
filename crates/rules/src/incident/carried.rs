//! What was said about a person and follows the log to the officer: suicide risk and earlier
//! attempts, vulnerability. It is quoted, never put into other words.
//!
//! Source: Learning the Lessons, case 4 ("had tried to take his own life multiple times" became
//! "experiencing mental health issues", and neither reached the officers) and case 7 (the
//! dispatcher did not pass on that he was a vulnerable adult).

use crate::command::Answered;
use crate::incident::prompts::answer_words;
use crate::incident::{Incident, Prompted};
use crate::name::Label;
use crate::policy::{CarriedPolicy, Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many words an excerpt has.
const EXCERPT: usize = 14;
/// How many of them stand before what was found: enough for a "not".
const BEFORE: usize = 4;

/// One thing that follows the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Carried {
    /// What it is.
    pub name: Label,
    /// Whether officers say, before they leave, that they saw and spoke to the person.
    pub see_and_speak: bool,
    /// Where it was said, the most telling first.
    pub said: Vec<Said>,
}

/// One place where it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// The words around it.
    pub short: String,
    /// The whole sentence.
    pub whole: String,
}

/// What follows a log, in the order of policy; what nobody has said is left out.
pub fn carried(log: &Incident, policy: &Policy) -> Vec<Carried> {
    let all = policy.carried.iter().map(|row| Carried {
        name: row.name.clone(),
        see_and_speak: row.see_and_speak,
        said: said(log, policy, row),
    });
    all.filter(|one| !one.said.is_empty()).collect()
}

/// Whether an answer belongs to one of these, so that nobody shows it twice.
pub fn is_asked(policy: &Policy, prompt: &Label) -> bool {
    policy.carried.iter().any(|row| row.prompts.contains(prompt))
}

/// Whether a marker of this kind says one of these.
pub fn is_kind(policy: &Policy, kind: &Label) -> bool {
    policy.carried.iter().any(|row| same(&row.name, kind))
}

fn same(a: &Label, b: &Label) -> bool {
    a.as_str().to_lowercase() == b.as_str().to_lowercase()
}

fn said(log: &Incident, policy: &Policy, row: &CarriedPolicy) -> Vec<Said> {
    let marked = log.markers.iter().rev().filter(|m| same(&m.marker, &row.name));
    let marked = marked.map(|m| excerpt(m.text.as_str(), 0));
    let mut all: Vec<Said> = marked.chain(quoted(log, row)).collect();
    all.extend(answered(log, row));
    all.extend(assessed(log, policy, row));
    let mut once: Vec<Said> = Vec::new();
    for one in all {
        if !once.iter().any(|before| before.whole == one.whole) {
            once.push(one);
        }
    }
    once
}

/// Sentences in which a phrase of the row stands; the informant's own words before others'.
fn quoted(log: &Incident, row: &CarriedPolicy) -> Vec<Said> {
    let written = |own: bool| {
        let entries = log.entries.iter().filter(move |e| e.own_words == own && e.struck.is_none());
        entries.map(|e| e.text.as_str())
    };
    let own: Vec<&str> = std::iter::once(log.words.as_str()).chain(written(true)).collect();
    let others: Vec<&str> = written(false).collect();
    let find = |texts: &[&str], quote: bool| -> Vec<Said> {
        let sentences: Vec<Vec<&str>> = texts
            .iter()
            .flat_map(|t| sentences(t))
            .map(|s| s.split_whitespace().collect())
            .collect();
        let mut found: Vec<(usize, Said)> = Vec::new();
        for words in &sentences {
            let heard: Vec<String> = words.iter().map(|w| plain(w)).collect();
            let hit = row.phrases.iter().enumerate().find_map(|(rank, phrase)| {
                let phrase: Vec<String> = phrase.split_whitespace().map(plain).collect();
                Some((rank, place_of(&heard, &phrase)?))
            });
            let Some((rank, at)) = hit else { continue };
            let mut one = excerpt(&words.join(" "), at);
            if quote {
                one = Said { short: in_quotes(&one.short), whole: in_quotes(&one.whole) };
            }
            found.push((rank, one));
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, one)| one).collect()
    };
    let mut all = find(&own, true);
    all.extend(find(&others, false));
    all
}

/// What the call asked about it and was answered with yes or in words.
fn answered(log: &Incident, row: &CarriedPolicy) -> Vec<Said> {
    let of_row = |p: &&Prompted| row.prompts.contains(&p.prompt);
    let mut texts = Vec::new();
    let mut yes = Vec::new();
    for p in log.prompts.iter().filter(of_row) {
        let whole = format!("{} {}", p.words, answer_words(&p.answer));
        match &p.answer {
            Answered::Text(words) => {
                texts.push(Said { short: in_quotes(&excerpt(words.as_str(), 0).short), whole });
            }
            Answered::Yes => yes.push(Said { short: whole.clone(), whole }),
            _ => {}
        }
    }
    texts.into_iter().chain(yes).collect()
}

/// How it was judged, where it was judged to be high among the force's ratings.
fn assessed(log: &Incident, policy: &Policy, row: &CarriedPolicy) -> Vec<Said> {
    let Some(thrive) = log.thrive.last() else { return Vec::new() };
    let rated = thrive.elements.iter().filter(|e| row.elements.contains(&e.element));
    let ratings = &policy.thrive.ratings;
    let upper = ratings.get(ratings.len() / 2..).unwrap_or_default();
    let rated = rated.filter(|e| upper.contains(&e.rating));
    let words = |e: &crate::command::ThriveElement| {
        let Said { short, whole } = excerpt(e.rationale.as_str(), 0);
        Said { short, whole: format!("{} {}: {whole}", e.element, e.rating) }
    };
    rated.map(words).collect()
}

/// The sentences of a text, without what ends them.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', ';', '\n']).map(str::trim).filter(|s| !s.is_empty())
}

/// A word in lower case without what stands around it.
pub(crate) fn plain(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.replace('\u{2019}', "'").to_lowercase()
}

fn place_of(words: &[String], phrase: &[String]) -> Option<usize> {
    (!phrase.is_empty()).then(|| words.windows(phrase.len()).position(|w| w == phrase)).flatten()
}

/// The words around a place in a text.
fn excerpt(text: &str, at: usize) -> Said {
    let words: Vec<&str> = text.split_whitespace().collect();
    let from = at.saturating_sub(BEFORE).min(words.len().saturating_sub(EXCERPT));
    let upto = words.len().min(from + EXCERPT);
    let mut short = words.get(from..upto).unwrap_or_default().join(" ");
    if from > 0 {
        short.insert(0, '\u{2026}');
    }
    if upto < words.len() {
        short.push('\u{2026}');
    }
    Said { short, whole: words.join(" ") }
}

fn in_quotes(text: &str) -> String {
    format!("\u{201c}{text}\u{201d}")
}
