//! Tasks that need a training: what they name exists, and nothing is gated that must never wait.

use super::Found;
use super::codes::desk;
use crate::policy::Policy;

/// What may need a training. To take a call, to open a log, to write on it, to grade it and to say
/// that somebody is in danger never do.
pub const GATED: [&str; 8] = [
    "record_check",
    "settle_sop_step",
    "deploy_unit",
    "divert_unit",
    "close_incident",
    "find_marker",
    "keep_opening_code",
    "confirm_agency",
];

pub(super) fn check(policy: &Policy, found: &mut Found) {
    for (name, task) in &policy.task {
        let key = |what: &str| format!("task.{name}.{what}");
        let sentence = format!("the task '{name}' names no command: write at least one");
        found.unless(!task.commands.is_empty(), key("commands"), sentence);
        for command in task.commands.iter().filter(|c| !GATED.contains(&c.as_str())) {
            let sentence = format!(
                "'{command}' of the task '{name}' cannot need a training, because lives may wait \
                 for it, or does not exist: choose from {}",
                GATED.join(", ")
            );
            found.add(key("commands"), sentence);
        }
        for step in &task.steps {
            let known = policy.opening_code.iter().any(|c| c.sop.iter().any(|s| s.step == *step));
            let sentence = format!(
                "the task '{name}' is about the step '{step}', which is in no SOP: correct it"
            );
            found.unless(known, key("steps"), sentence);
        }
        let sentence = format!("the task '{name}' does not say what it is: write its words");
        found.unless(!task.words.trim().is_empty(), key("words"), sentence);
        let sentence = format!("the task '{name}' does not say whom to ask: name a desk");
        found.unless(!task.ask.is_empty(), key("ask"), sentence);
        for role in &task.ask {
            desk(policy, *role, &key("ask"), found);
        }
        found.sourced(key("source"), &task.source);
    }
}
