//! How the policy came to hold, what is proposed, and what would change: for those who edit it and
//! for the second person, who reads before anything holds.

use crate::name::*;
use crate::policy::case::{CaseResult, run_cases};
use crate::policy::place::line_of;
use crate::policy::{Policy, check};
use crate::proposal::Proposal;
use crate::role::By;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How the policy came to hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Publication {
    /// Its version.
    pub version: String,
    /// When it came to hold, if it was adopted here.
    pub at: Option<Instant>,
    /// Who adopted or published it.
    pub by: Option<By>,
    /// Who had proposed it.
    pub proposed_by: Option<StaffId>,
    /// Why.
    pub why: Option<Reason>,
    /// The whole policy as it was written.
    pub toml: String,
}

/// A proposal as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalView {
    /// Its number.
    pub proposal: ProposalId,
    /// Its version.
    pub version: String,
    /// The version it was made from.
    pub made_from: String,
    /// Whether another version was published since: it cannot be published any more.
    pub overtaken: bool,
    /// Who proposed it.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// Why.
    pub why: Reason,
    /// What would change, in words.
    pub changes: Vec<Change>,
    /// Its test cases, judged by it.
    pub tests: Vec<CaseResult>,
    /// The whole policy as it was written.
    pub toml: String,
}

/// One value that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Where in the policy: `grade 1 > deploy target`.
    pub place: String,
    /// What holds; nothing if it is new.
    pub before: Option<String>,
    /// What would hold; nothing if it goes.
    pub after: Option<String>,
}

/// A text as a policy: what is wrong with it, and what it makes of its test cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    /// Its version, if it can be read.
    pub version: Option<String>,
    /// What is wrong, in the order of the document.
    pub wrong: Vec<Wrong>,
    /// Its test cases, judged by it.
    pub tests: Vec<CaseResult>,
    /// What would change, in words.
    pub changes: Vec<Change>,
}

/// Something that is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wrong {
    /// The line, counted from 1, if it is known.
    pub line: Option<usize>,
    /// Where, as a policy key.
    pub key: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// How the policy came to hold.
pub fn publication(s: &State) -> Publication {
    let adopted = s.adopted.as_deref();
    Publication {
        version: s.policy.about.version.clone(),
        at: adopted.map(|a| a.at),
        by: adopted.map(|a| a.by.clone()),
        proposed_by: adopted.and_then(|a| a.proposed_by.clone()),
        why: adopted.and_then(|a| a.why.clone()),
        toml: text(s),
    }
}

/// The policy that holds as it was written; as it is understood where nobody wrote it here.
pub fn text(s: &State) -> String {
    match &s.adopted {
        Some(adopted) => adopted.toml.to_string(),
        None => toml::to_string(&*s.policy).unwrap_or_default(),
    }
}

/// Every open proposal, the oldest first.
pub fn proposals(s: &State) -> Vec<ProposalView> {
    s.proposals.values().map(|p| proposal(s, p)).collect()
}

/// One proposal.
pub fn proposal(s: &State, p: &Proposal) -> ProposalView {
    let policy = Policy::parse(&p.toml);
    ProposalView {
        proposal: p.id,
        version: p.version.clone(),
        made_from: p.made_from.clone(),
        overtaken: p.made_from != s.policy.about.version,
        by: p.by.clone(),
        at: p.at,
        why: p.why.clone(),
        changes: policy.as_ref().map(|new| changes(&s.policy, new)).unwrap_or_default(),
        tests: policy.as_ref().map(run_cases).unwrap_or_default(),
        toml: p.toml.to_string(),
    }
}

/// Looks a text over as a policy.
pub fn checked(s: &State, toml: &str) -> Checked {
    let policy = match Policy::parse(toml) {
        Ok(policy) => policy,
        Err(whole) => {
            let (line, sentence) = Policy::unreadable_at(toml).unwrap_or((None, whole));
            let sentence = format!("this cannot be read as a policy: {sentence}");
            let wrong = vec![Wrong { line, key: String::new(), sentence }];
            return Checked { version: None, wrong, tests: Vec::new(), changes: Vec::new() };
        }
    };
    let wrong = check(&policy).into_iter().map(|found| Wrong {
        line: line_of(toml, &found.key),
        key: found.key,
        sentence: found.sentence,
    });
    Checked {
        version: Some(policy.about.version.clone()),
        wrong: wrong.collect(),
        tests: run_cases(&policy),
        changes: changes(&s.policy, &policy),
    }
}

/// What changes from one policy to another, value by value. What is in lists is known by its name
/// and not by its place, so that one row put in between is one change.
pub fn changes(before: &Policy, after: &Policy) -> Vec<Change> {
    let mut out = Vec::new();
    // A policy is maps, lists and texts: it is always a value.
    let value = |p: &Policy| serde_json::to_value(p).unwrap_or_default();
    differ("", &value(before), &value(after), &mut out);
    out
}

/// What differs between two rows of a policy, value by value.
pub fn differences<T: Serialize>(before: &T, after: &T) -> Vec<Change> {
    let mut out = Vec::new();
    let value = |row: &T| serde_json::to_value(row).unwrap_or_default();
    differ("", &value(before), &value(after), &mut out);
    out
}

fn differ(place: &str, before: &Value, after: &Value, out: &mut Vec<Change>) {
    match (before, after) {
        (a, b) if a == b => {}
        (Value::Object(a), Value::Object(b)) => fields(place, a, b, out),
        (Value::Array(a), Value::Array(b)) if a.iter().chain(b).all(|x| name(x).is_some()) => {
            rows(place, a, b, out);
        }
        (Value::Array(a), Value::Array(b)) => {
            let only = |x: &[Value], y: &[Value]| {
                let own: Vec<String> = x.iter().filter(|v| !y.contains(v)).map(words).collect();
                (!own.is_empty()).then(|| own.join(", "))
            };
            let change = match (only(a, b), only(b, a)) {
                (None, None) => (Some(words(before)), Some(words(after))),
                change => change,
            };
            out.push(Change { place: place.to_owned(), before: change.0, after: change.1 });
        }
        (a, b) => {
            let said = |v: &Value| (!v.is_null()).then(|| words(v));
            out.push(Change { place: place.to_owned(), before: said(a), after: said(b) });
        }
    }
}

fn fields(
    place: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    out: &mut Vec<Change>,
) {
    let new = after.keys().filter(|key| !before.contains_key(*key));
    for key in before.keys().chain(new) {
        let nothing = Value::Null;
        let (a, b) = (before.get(key).unwrap_or(&nothing), after.get(key).unwrap_or(&nothing));
        differ(&within(place, &key.replace('_', " ")), a, b, out);
    }
}

fn rows(place: &str, before: &[Value], after: &[Value], out: &mut Vec<Change>) {
    let named = |all: &[Value], wanted: &str| {
        all.iter().find(|row| name(row).as_deref() == Some(wanted)).cloned()
    };
    let of = |all: &[Value]| -> Vec<String> { all.iter().filter_map(name).collect() };
    let (old, new) = (of(before), of(after));
    for own in old.iter().chain(new.iter().filter(|n| !old.contains(n))) {
        let at = within(place, own);
        match (named(before, own), named(after, own)) {
            (Some(a), Some(b)) => differ(&at, &a, &b, out),
            (a, b) => out.push(Change {
                place: at,
                before: a.as_ref().map(words),
                after: b.as_ref().map(words),
            }),
        }
    }
    let both = |all: &[String], other: &[String]| -> Vec<String> {
        all.iter().filter(|n| other.contains(n)).cloned().collect()
    };
    let (a, b) = (both(&old, &new), both(&new, &old));
    if a != b {
        let place = within(place, "order");
        out.push(Change { place, before: Some(a.join(", ")), after: Some(b.join(", ")) });
    }
}

/// By which of its fields a row is known.
fn name(row: &Value) -> Option<String> {
    let row = row.as_object()?;
    if let Some(Value::Array(codes)) =
        row.get("codes").filter(|_| !row.contains_key("name") && !row.contains_key("id"))
    {
        return codes.first().map(words);
    }
    let fields = ["id", "name", "code", "rank", "tag", "step", "key"];
    fields.iter().find_map(|f| row.get(*f)).map(words)
}

fn within(place: &str, more: &str) -> String {
    if place.is_empty() { more.to_owned() } else { format!("{place} > {more}") }
}

/// A value as somebody reads it.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            let pair = |(k, v): (&String, &Value)| format!("{}: {}", k.replace('_', " "), words(v));
            map.iter().filter(|(_, v)| !v.is_null()).map(pair).collect::<Vec<_>>().join("; ")
        }
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rig::policy;
    use super::*;
    use crate::time::Span;

    #[test]
    fn each_value_that_changes_is_one_change_with_its_place() {
        let before = policy();
        let mut after = before.clone();
        assert_eq!(changes(&before, &after), vec![]);
        after.about.version = "2".to_owned();
        after.grade[0].deploy_target = Some(Span::minutes(3));
        after.cue[0].phrases.push("at the end of my rope".to_owned());
        let gone = after.opening_code.remove(1);
        let found = changes(&before, &after);
        let places: Vec<&str> = found.iter().map(|c| c.place.as_str()).collect();
        let code = format!("opening code > {}", gone.code);
        let cue = format!("cue > {} > phrases", before.cue[0].name);
        assert_eq!(places, ["about > version", &cue, "grade > 1 > deploy target", &code]);
        assert_eq!(found[1].before, None);
        assert_eq!(found[1].after.as_deref(), Some("at the end of my rope"));
        assert!(found[3].after.is_none() && found[3].before.is_some());
    }
}
