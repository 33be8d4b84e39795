//! Contradictions in a policy, found before it is published. Each is a sentence that says what to
//! do: whoever edits a policy is no programmer.

mod articles; //    guidance, its dates and where it applies
mod cases; //       test cases that the policy fails
mod codes; //       opening and closing codes, SOPs, cues, doubts, tags
mod grades; //      grades and their targets
mod marked; //      kinds of markers, cover for messages
mod obligations; // the row of each rule, and the ladders
mod partners; //    other agencies, somebody missing
mod room;
mod tasks; //       tasks that need a training //        desks, alarms, dispatch and unit status

use crate::policy::Policy;
use crate::time::Span;
use std::collections::BTreeSet;
use std::fmt::Display;

/// Something in a policy that cannot hold together with the rest of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Where, as a policy key.
    pub key: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// Finds every contradiction, in the order of the document.
pub fn check(policy: &Policy) -> Vec<Contradiction> {
    let mut found = Found(Vec::new());
    about(policy, &mut found);
    grades::check(policy, &mut found);
    thrive(policy, &mut found);
    codes::check(policy, &mut found);
    obligations::check(policy, &mut found);
    room::check(policy, &mut found);
    tasks::check(policy, &mut found);
    marked::check(policy, &mut found);
    articles::check(policy, &mut found);
    partners::check(policy, &mut found);
    cases::check(policy, &mut found);
    found.0
}

/// What has been found so far.
struct Found(Vec<Contradiction>);

impl Found {
    fn add(&mut self, key: impl Into<String>, sentence: impl Into<String>) {
        self.0.push(Contradiction { key: key.into(), sentence: sentence.into() });
    }

    /// Adds the sentence where something is not as it must be.
    fn unless(&mut self, holds: bool, key: impl Into<String>, sentence: impl Into<String>) {
        if !holds {
            self.add(key, sentence);
        }
    }

    /// Adds each name that comes twice.
    fn twice<T: Ord + Display>(&mut self, key: &str, what: &str, all: impl Iterator<Item = T>) {
        let mut seen = BTreeSet::new();
        let mut told = BTreeSet::new();
        for one in all {
            let name = one.to_string();
            if !seen.insert(one) && told.insert(name.clone()) {
                self.add(key, format!("{what} '{name}' is there twice: take one out"));
            }
        }
    }

    fn sourced(&mut self, key: impl Into<String>, source: &str) {
        let key = key.into();
        let sentence =
            format!("{key} has no source: name the document it comes from, or write 'proposal'");
        self.unless(!source.trim().is_empty(), key, sentence);
    }

    fn positive(&mut self, key: &str, span: Span) {
        let sentence = format!("{key} is {span}: it must be more than no time");
        self.unless(span > Span::ZERO, key, sentence);
    }
}

fn about(policy: &Policy, found: &mut Found) {
    let about = &policy.about;
    let code = &about.force_code;
    found.unless(
        (2..=4).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase()),
        "about.force_code",
        format!("the force code '{code}' is not two to four capital letters: correct it"),
    );
    let day = &about.effective_from;
    found.unless(
        is_day(day),
        "about.effective_from",
        format!("'{day}' is not a day: write it as yyyy-mm-dd"),
    );
    for (key, text) in [("force", &about.force), ("version", &about.version)] {
        let sentence = format!("about.{key} is empty: write it");
        found.unless(!text.trim().is_empty(), format!("about.{key}"), sentence);
    }
    found.unless(
        about.time_zone.contains('/') || about.time_zone == "UTC",
        "about.time_zone",
        format!("'{}' is not a time zone: write for example Europe/London", about.time_zone),
    );
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |s: &str, len: usize| if s.len() == len { s.parse::<u32>().ok() } else { None };
    match parts.as_slice() {
        [y, m, d] => {
            number(y, 4).is_some()
                && number(m, 2).is_some_and(|m| (1..=12).contains(&m))
                && number(d, 2).is_some_and(|d| (1..=31).contains(&d))
        }
        _ => false,
    }
}

fn thrive(policy: &Policy, found: &mut Found) {
    let thrive = &policy.thrive;
    found.unless(
        !thrive.elements.is_empty(),
        "thrive.elements",
        "THRIVE has no elements: list the force's, in order",
    );
    found.unless(
        thrive.ratings.len() >= 2,
        "thrive.ratings",
        "THRIVE has fewer than two ratings, so nothing can be told apart: list them, lowest first",
    );
    found.twice("thrive.elements", "the element", thrive.elements.iter());
    found.twice("thrive.ratings", "the rating", thrive.ratings.iter());
    found.unless(
        thrive.rationale_words_min >= 2,
        "thrive.rationale_words_min",
        "a rationale of one word would be taken: ask for at least 2 words",
    );
    found.sourced("thrive", &thrive.source);
}
