//! What agencies are asked for, somebody missing, and which agency fits best.

use super::Found;
use super::codes::desk;
use crate::policy::{AgencyAskPolicy, MissingPolicy, Policy};
use crate::time::Span;

pub(super) fn check(policy: &Policy, found: &mut Found) {
    found.twice("agency_ask", "the request", policy.agency_ask.iter().map(|row| &row.ask));
    for row in &policy.agency_ask {
        one(policy, row, found);
    }
    if let Some(row) = &policy.missing {
        missing(policy, row, found);
    }
    if let Some(row) = &policy.right_care {
        let keys = row.question.iter().map(|q| &q.key);
        found.twice("right_care.question", "the question", keys);
        let sentence = "no question decides which agency fits best: write at least one";
        found.unless(!row.question.is_empty(), "right_care.question", sentence);
        found.sourced("right_care.source", &row.source);
    }
    let needs = policy.closing_code.iter().find(|code| code.partner);
    if let Some(code) = needs.filter(|_| policy.right_care.is_none()) {
        let sentence = format!(
            "'{}' needs a decision on which agency fits best, for which there are no questions: \
             add [right_care], or take partner = true out",
            code.code
        );
        found.add(format!("closing_code.{}.partner", code.code), sentence);
    }
}

fn one(policy: &Policy, row: &AgencyAskPolicy, found: &mut Found) {
    let key = |what: &str| format!("agency_ask.{}.{what}", row.ask);
    for ladder in row.ladders() {
        let sentence = format!(
            "the request '{}' climbs the ladder '{ladder}', which does not exist: add \
             [ladder.{ladder}]",
            row.ask
        );
        found.unless(policy.ladder.contains_key(ladder), key("ladder"), sentence);
        let rungs = policy.ladder.get(ladder).map_or(&[][..], |l| &l.rung[..]);
        let sentence = format!(
            "a rung of the ladder '{ladder}' of the request '{}' does not say what to do: write \
             its words",
            row.ask
        );
        found.unless(rungs.iter().all(|rung| rung.words.is_some()), key("ladder"), sentence);
    }
    found.positive(&key("answer_in"), row.answer_in);
    let sentence = format!(
        "an answer may take longer where a life is at risk than otherwise: make answer_in_life of \
         '{}' no more than answer_in",
        row.ask
    );
    found.unless(row.answer_in_life <= row.answer_in, key("answer_in_life"), sentence);
    let both = row.done_in.is_some() == row.ladder_done.is_some();
    let sentence = format!(
        "the request '{}' has one of done_in and ladder_done: write both, or neither",
        row.ask
    );
    found.unless(both, key("done_in"), sentence);
    let texts = [&row.say, &row.may_tell];
    let sentence = format!("the request '{}' does not say what to say: write it", row.ask);
    found.unless(texts.iter().all(|text| !text.trim().is_empty()), key("say"), sentence);
    let known = |action| policy.missing.as_ref().is_some_and(|m| m.action(action).is_some());
    if let Some(action) = row.settles.as_ref().filter(|action| !known(action)) {
        let sentence = format!("there is no action '{action}' for a missing person: correct it");
        found.add(key("settles"), sentence);
    }
    found.sourced(key("source"), &row.source);
}

fn missing(policy: &Policy, row: &MissingPolicy, found: &mut Found) {
    let codes = [&row.code].into_iter().chain(&row.from_codes);
    for code in codes.filter(|code| policy.opening_code(code).is_none()) {
        let sentence = format!("'{code}' is no opening code: correct it");
        found.add("missing.code", sentence);
    }
    let sentence = "a missing person needs at least two levels of risk: write them, lowest first";
    found.unless(row.level.len() >= 2, "missing.level", sentence);
    found.twice("missing.level", "the level", row.level.iter().map(|l| &l.level));
    for level in &row.level {
        let key = format!("missing.level.{}", level.level);
        found.unless(
            level.review > Span::ZERO && level.interview > Span::ZERO,
            &key,
            format!("the level '{}' has no time for a review or an interview", level.level),
        );
    }
    found.twice("missing.action", "the action", row.action.iter().map(|a| &a.action));
    for action in &row.action {
        desk(policy, action.by, "missing.action", found);
    }
    let sentence =
        format!("'{}' is none of the actions: name the one that is hospitals", row.hospitals);
    found.unless(row.action(&row.hospitals).is_some(), "missing.hospitals", sentence);
    let sentence = "who is missing is not said: write the definition";
    found.unless(!row.definition.trim().is_empty(), "missing.definition", sentence);
    found.sourced("missing.source", &row.source);
}
