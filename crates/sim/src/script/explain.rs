//! What happened, each with the rule that did it.

use super::document::Script;
use super::play::Played;
use rules::obligation::Rule;
use std::collections::BTreeSet;

/// The timeline of what is watched, and each of its rules with its sentence and its source.
pub fn explain(script: &Script, played: &Played) -> String {
    let watched = |w| script.watch.contains(&w);
    let entries = played.timeline.iter().filter(|e| e.watch().is_some_and(watched));
    let mut lines = vec![script.title.clone()];
    let mut rules: BTreeSet<Rule> = BTreeSet::new();
    let mut date = String::new();
    for entry in entries {
        let today = script.day.date(entry.at);
        if date != today {
            lines.push(format!("on {today}"));
            date = today;
        }
        lines.push(format!("{} -> {}", script.day.time(entry.at), entry.text()));
        rules.extend(entry.rule);
    }
    for rule in rules {
        lines.push(format!("{}: {}", rule.name(), rule.why()));
        lines.push(format!("    source: {}", rule.source()));
    }
    lines.join("\n")
}
