//! The guards of a case, out of its own expectations: which rule, when, and who is told.

use super::document::{Item, Script, What};
use super::expect::{Expect, Expected, Kind};
use rules::obligation::Rule;
use rules::time::Span;
use serde::Serialize;

/// A guard of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// So long after the first line of the case, in words.
    pub after: String,
    /// What Callbox does, in words.
    pub does: String,
    /// The rule, if one does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
}

/// The guards of a script that say where they come from, and its refusals: each rule once, at its
/// first time.
pub fn guards(script: &Script) -> Vec<Guard> {
    let Some(first) = script.items.first().map(|item| item.at) else { return Vec::new() };
    let mut seen: Vec<Rule> = Vec::new();
    let mut guards = Vec::new();
    for item in &script.items {
        let What::Expect(expect) = &item.what else { continue };
        let Some((rule, does)) = of(item, expect) else { continue };
        if let Some(rule) = rule {
            if seen.contains(&rule) {
                continue;
            }
            seen.push(rule);
        }
        let after = words(item.at.since(first));
        guards.push(Guard { after, does, rule: rule.map(Rule::name) });
    }
    guards
}

fn words(span: Span) -> String {
    if span == Span::ZERO { "at once".to_owned() } else { span.words() }
}

fn of(item: &Item, expect: &Expect) -> Option<(Option<Rule>, String)> {
    let Expected::Entry(pattern) = &expect.what else { return None };
    if expect.never {
        return None;
    }
    match (pattern.kind, pattern.rule) {
        (Some(Kind::Refused), _) => {
            Some((None, format!("refuses: {}", pattern.words.as_deref().unwrap_or("a command"))))
        }
        (Some(Kind::Told | Kind::Sounds), Some(rule)) => {
            expect.because.as_ref()?;
            let whom = pattern.owners.join(", ");
            let again = expect.every.map(|(step, until)| {
                format!(", and every {step} until {}", item.day.time(until))
            });
            let again = again.unwrap_or_default();
            Some((Some(rule), format!("{}: {whom} hears it{again}", rule.owed())))
        }
        _ => None,
    }
}
