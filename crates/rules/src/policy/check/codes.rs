//! Opening and closing codes, SOPs, cues, doubts and tags.

use super::Found;
use crate::name::{Grade, Label};
use crate::policy::{OpeningCodePolicy, Policy, PromptKind, PromptPolicy};
use crate::role::Role;

pub(super) fn check(policy: &Policy, found: &mut Found) {
    found.twice("opening_code", "the opening code", policy.opening_code.iter().map(|c| &c.code));
    found.twice("closing_code", "the closing code", policy.closing_code.iter().map(|c| &c.code));
    found.twice("tag", "the tag", policy.tag.iter().map(|t| &t.tag));
    found.twice("cue", "the cue", policy.cue.iter().map(|c| &c.name));
    found.twice("code_doubt", "the doubt", policy.code_doubt.iter().map(|d| &d.name));
    for code in &policy.opening_code {
        opening_code(policy, code, found);
    }
    question_sets(policy, found);
    asked_twice(policy, found);
    channels(policy, found);
    cues(policy, found);
    doubts(policy, found);
    carried(policy, found);
    heard(policy, found);
    for tag in &policy.tag {
        desk(policy, tag.list_of, &format!("tag.{}.list_of", tag.tag), found);
    }
    found.unless(
        !policy.opening_code.is_empty(),
        "opening_code",
        "there is no opening code, so no log can be opened: write at least one",
    );
    found.unless(
        !policy.closing_code.is_empty(),
        "closing_code",
        "there is no closing code, so no log can be closed: write at least one",
    );
}

fn opening_code(policy: &Policy, code: &OpeningCodePolicy, found: &mut Found) {
    let key = |what: &str| format!("opening_code.{}.{what}", code.code);
    found.unless(
        !code.sop.is_empty(),
        key("sop"),
        format!("'{}' has no SOP: write at least one step", code.code),
    );
    grade(policy, code.usual_grade, &key("usual_grade"), found);
    let steps = code.sop.iter().map(|s| &s.step);
    found.twice(&key("sop"), &format!("in the SOP of '{}' the step", code.code), steps);
    for step in &code.sop {
        desk(policy, step.by, &key("sop"), found);
        let sentence =
            format!("the step '{}' of '{}' says nothing: write it", step.step, code.code);
        found.unless(!step.words.trim().is_empty(), key("sop"), sentence);
    }
    found.sourced(key("source"), &code.source);
}

fn question_sets(policy: &Policy, found: &mut Found) {
    for set in &policy.question_set {
        let key = format!("question_set.{}", set.codes.first().map_or("", |c| c.as_str()));
        let sentence = format!("{key} is for no opening code: name at least one");
        found.unless(!set.codes.is_empty(), &key, sentence);
        for code in set.codes.iter().filter(|code| policy.opening_code(code).is_none()) {
            found.add(&key, format!("there is no opening code '{code}': correct it"));
        }
        found.twice(&key, "the question", set.prompt.iter().map(|p| &p.key));
        if let Some(again) = &set.again {
            let sentence = format!(
                "'{key}' is asked again because of '{}', which it does not ask with yes or no: \
                 correct the name",
                again.when
            );
            let asked = set.prompt.iter().find(|p| p.key == again.when);
            let holds = asked.is_some_and(|p| p.kind == PromptKind::YesNo);
            found.unless(holds, &key, sentence);
        }
        for (at, prompt) in set.prompt.iter().enumerate() {
            prompt_row(policy, &key, prompt, set.prompt.get(..at).unwrap_or_default(), found);
        }
    }
}

fn prompt_row(
    policy: &Policy,
    set: &str,
    prompt: &PromptPolicy,
    before: &[PromptPolicy],
    found: &mut Found,
) {
    let key = format!("{set}.{}", prompt.key);
    let sentence = format!("the question '{}' says nothing: write it", prompt.key);
    found.unless(!prompt.words.trim().is_empty(), &key, sentence);
    if let Some(raised) = prompt.raises {
        grade(policy, raised, &key, found);
    }
    if let Some(when) = &prompt.when {
        let sentence = format!(
            "'{}' waits for '{}', which is not asked before it: move it down, or correct the name",
            prompt.key, when.prompt
        );
        found.unless(before.iter().any(|p| p.key == when.prompt), &key, sentence);
    }
    if let Some(doubt) = &prompt.doubts {
        let sentence = format!(
            "'{}' raises the doubt '{doubt}', which does not exist: correct it, or add it under \
             code_doubt",
            prompt.key
        );
        let known = policy.code_doubt.iter().any(|d| d.name == doubt.as_str());
        found.unless(known, &key, sentence);
    }
    found.sourced(&key, &prompt.source);
}

/// What follows a log to the officer is found by words, and by questions and elements that exist.
fn carried(policy: &Policy, found: &mut Found) {
    found.twice("carried", "what follows the log,", policy.carried.iter().map(|c| &c.name));
    let asked: Vec<_> = policy.question_set.iter().flat_map(|set| &set.prompt).collect();
    for row in &policy.carried {
        let key = |what: &str| format!("carried.{}.{what}", row.name);
        phrases(row.name.as_str(), &row.phrases, &key("phrases"), found);
        for prompt in row.prompts.iter().filter(|key| !asked.iter().any(|p| p.key == **key)) {
            let sentence = format!("no call asks '{prompt}': correct the name or take it out");
            found.add(key("prompts"), sentence);
        }
        for element in row.elements.iter().filter(|e| !policy.thrive.elements.contains(e)) {
            let sentence =
                format!("'{element}' is no element of THRIVE: correct the name or take it out");
            found.add(key("elements"), sentence);
        }
        found.sourced(key("source"), &row.source);
    }
}

fn heard(policy: &Policy, found: &mut Found) {
    found.twice("heard", "what is to be on the log,", policy.heard.iter().map(|row| &row.name));
    for row in &policy.heard {
        let key = |what: &str| format!("heard.{}.{what}", row.name);
        phrases(row.name.as_str(), &row.phrases, &key("phrases"), found);
        found.sourced(key("source"), &row.source);
    }
}

/// Every question that a code asks has a name of its own, whichever set it stands in.
fn asked_twice(policy: &Policy, found: &mut Found) {
    for row in &policy.opening_code {
        let sets = policy.question_set.iter().filter(|set| set.codes.contains(&row.code));
        if sets.clone().count() > 1 {
            let keys = sets.flat_map(|set| &set.prompt).map(|p| &p.key);
            let what = format!("'{}' asks in two sets the question", row.code);
            found.twice(&format!("question_set.{}", row.code), &what, keys);
        }
    }
}

fn channels(policy: &Policy, found: &mut Found) {
    let channels = &policy.channels;
    if let Some(from) = channels.from_grade {
        grade(policy, from, "channels.from_grade", found);
        let sentence = "channels.way names no way, so nothing can be told: add one, or take \
                        from_grade out";
        found.unless(!channels.way.is_empty(), "channels.way", sentence);
        found.sourced("channels.source", &channels.source);
    }
    for way in &channels.way {
        let whole = !way.way.trim().is_empty() && !way.used_for.trim().is_empty();
        let sentence = "a way to get in touch says nothing: write what it is and what it is for";
        found.unless(whole, "channels.way", sentence);
    }
    if let Some(least) = policy.thrive.not_understood_grade {
        grade(policy, least, "thrive.not_understood_grade", found);
    }
}

fn cues(policy: &Policy, found: &mut Found) {
    for cue in &policy.cue {
        let key = |what: &str| format!("cue.{}.{what}", cue.name);
        grade(policy, cue.grade, &key("grade"), found);
        phrases(&cue.name, &cue.phrases, &key("phrases"), found);
        found.sourced(key("source"), &cue.source);
    }
}

fn doubts(policy: &Policy, found: &mut Found) {
    for doubt in &policy.code_doubt {
        let key = |what: &str| format!("code_doubt.{}.{what}", doubt.name);
        phrases(&doubt.name, &doubt.phrases, &key("phrases"), found);
        if let Err(why) = Label::parse(&doubt.name) {
            found.add(key("name"), format!("the doubt cannot be called '{}': {why}", doubt.name));
        }
        for code in doubt.codes.iter().chain([&doubt.suggests]) {
            found.unless(
                policy.opening_code(code).is_some(),
                key("codes"),
                format!(
                    "the doubt '{}' names the opening code '{code}', which does not exist: correct \
                     it, or add the code",
                    doubt.name
                ),
            );
        }
        found.unless(
            !doubt.codes.contains(&doubt.suggests),
            key("suggests"),
            format!(
                "the doubt '{}' suggests '{}' to a log that has it already: take it out of codes",
                doubt.name, doubt.suggests
            ),
        );
        found.sourced(key("source"), &doubt.source);
    }
}

fn phrases(name: &str, phrases: &[String], key: &str, found: &mut Found) {
    found.unless(!phrases.is_empty(), key, format!("'{name}' has no phrases: it is never found"));
    for phrase in phrases {
        found.unless(
            *phrase == phrase.to_lowercase(),
            key,
            format!("the phrase '{phrase}' of '{name}' is never found: write it in lower case"),
        );
        found.unless(
            !phrase.trim().is_empty() && phrase.trim() == phrase,
            key,
            format!(
                "the phrase '{phrase}' of '{name}' is empty or has spaces around it: correct it"
            ),
        );
    }
}

pub(super) fn grade(policy: &Policy, grade: Grade, key: &str, found: &mut Found) {
    found.unless(
        policy.grade(grade).is_some(),
        key,
        format!("{key} is grade {grade}, which does not exist: choose one of the force's"),
    );
}

pub(super) fn desk(policy: &Policy, role: Role, key: &str, found: &mut Found) {
    found.unless(
        policy.desk.contains_key(&role),
        key,
        format!(
            "{key} goes to the {} desk, which is not under [desk]: add it with who covers for it, \
             or name another",
            role.words()
        ),
    );
}
