//! The cases as one table: what happened then, and what Callbox does, out of the scenarios' own
//! expectations, so that a table cannot say what is not played.

use super::document::{Deed, Item, Script, What};
use super::expect::{Expect, Expected, Kind};
use super::fault::ScriptFault;
use super::parse::parse;
use rules::obligation::Rule;
use rules::time::{Instant, Span};
use serde::Serialize;

macro_rules! files {
    ($( $name:literal ),* $(,)?) => {
        &[ $( ($name, include_str!(concat!("../../../../scenarios/", $name))) ),* ]
    };
}

/// The cases as they happened, each by its file.
pub const CASES: &[(&str, &str)] = files![
    "case-01-as-it-happened.callbox",
    "case-02-as-it-happened.callbox",
    "case-05-as-it-happened.callbox",
    "case-06-as-it-happened.callbox",
    "case-07-as-it-happened.callbox",
    "case-08-as-it-happened.callbox",
    "case-09-as-it-happened.callbox",
    "case-10-as-it-happened.callbox",
];

/// A case, and what Callbox does in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Its number in its source.
    pub case: String,
    /// What it is called.
    pub title: String,
    /// The scenario that shows it.
    pub file: String,
    /// What happened then.
    pub then: String,
    /// How long it took until somebody acted, then.
    pub took: String,
    /// What Callbox does, in short.
    pub now: String,
    /// What it does, one by one.
    pub guards: Vec<Guard>,
}

/// A guard of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// So long after the first contact, in words.
    pub after: String,
    /// What Callbox does, in words.
    pub does: String,
    /// The rule, if one does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
}

/// Every case, out of its scenario.
///
/// # Errors
/// A scenario that is not well formed under this policy.
pub fn cases(policy_toml: &str) -> Result<Vec<Case>, ScriptFault> {
    let one = |(file, text): &(&str, &str)| {
        let script = parse(file, text, policy_toml)?;
        let note = |key: &str| script.note(key).unwrap_or_default().to_owned();
        Ok(Case {
            case: note("case"),
            title: script.title.clone(),
            file: (*file).to_owned(),
            then: note("then"),
            took: note("took"),
            now: note("now"),
            guards: guards(&script),
        })
    };
    CASES.iter().map(one).collect()
}

/// The guards of a script that say where they come from, and its refusals: each rule once, at its
/// first time.
pub fn guards(script: &Script) -> Vec<Guard> {
    let is_contact = |item: &&Item| match &item.what {
        What::Deed(Deed::Command { command, .. }) => command == "receive_contact",
        _ => false,
    };
    let Some(first) = script.items.iter().find(is_contact).map(|item| item.at) else {
        return Vec::new();
    };
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
        guards.push(Guard { after: after(first, item.at), does, rule: rule.map(Rule::name) });
    }
    guards
}

fn after(first: Instant, at: Instant) -> String {
    match at.since(first) {
        Span::ZERO => "at once".to_owned(),
        span if span < Span::ZERO => "before the call".to_owned(),
        span => format!("after {}", span.words()),
    }
}

fn of(item: &Item, expect: &Expect) -> Option<(Option<Rule>, String)> {
    let Expected::Entry(pattern) = &expect.what else { return None };
    if expect.never {
        return None;
    }
    match (pattern.kind, pattern.rule) {
        (Some(Kind::Refused), _) => {
            let words = pattern.words.as_deref().unwrap_or("a command");
            Some((None, format!("refused: \u{201c}{words} \u{2026}\u{201d}")))
        }
        (Some(kind @ (Kind::Told | Kind::Sounds)), Some(rule)) => {
            expect.because.as_ref()?;
            let how = if kind == Kind::Told { "told to" } else { "sounds at" };
            let whom = pattern.owners.join(", ");
            let again = expect.every.map(|(step, until)| {
                format!(", again every {step} until {}", item.day.time(until))
            });
            let again = again.unwrap_or_default();
            Some((Some(rule), format!("{} is owed: {how} {whom}{again}", rule.owed())))
        }
        _ => None,
    }
}

const CASES_HEAD: &str = "# The cases

What happened in cases of *Learning the Lessons* (call handling), and what Callbox does when the same
people leave out the same things again. Each line is an expectation of a scenario that the production
room plays on a turned clock; this page is written by a test from those scenarios.";

/// The cases as a document.
pub fn cases_markdown(cases: &[Case]) -> String {
    let mut lines = vec![CASES_HEAD.to_owned()];
    for case in cases {
        lines.push(String::new());
        lines.push(format!("## {}", case.title));
        lines.push(String::new());
        lines.push(format!("- Then: {}", case.then));
        lines.push(format!("- Until somebody acted, then: {}", case.took));
        lines.push(format!("- Now: {}", case.now));
        lines.push(format!("- Played by `scenarios/{}`", case.file));
        lines.push(String::new());
        lines.push("| after the first contact | what Callbox does | rule |".to_owned());
        lines.push("|---|---|---|".to_owned());
        for guard in &case.guards {
            let rule = guard.rule.map(|rule| format!("`{rule}`")).unwrap_or_default();
            lines.push(format!("| {} | {} | {rule} |", guard.after, guard.does));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}
