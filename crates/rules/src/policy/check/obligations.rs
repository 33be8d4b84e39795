//! The row of each rule, and the ladders.

use super::Found;
use super::codes::desk;
use crate::obligation::Rule;
use crate::policy::{Ladder, ObligationPolicy, Policy, RungAt, Tell};
use crate::time::Span;
use std::collections::BTreeSet;

pub(super) fn check(policy: &Policy, found: &mut Found) {
    for rule in Rule::ALL {
        match policy.obligation(*rule) {
            Some(row) => one(policy, *rule, row, found),
            None => found.add(
                format!("obligation.{}", rule.name()),
                format!(
                    "the rule '{}' has no row: add [obligation.{}] with its time, ladder and owner",
                    rule.why(),
                    rule.name()
                ),
            ),
        }
    }
    for (name, l) in &policy.ladder {
        ladder(policy, name, l, found);
    }
    unused(policy, found);
}

/// Rules whose time is a grade's target or a promise, not a length in their row.
fn has_own_clock(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::DeployTarget
            | Rule::ArriveTarget
            | Rule::RingBackOwed
            | Rule::WorkPlanned
            | Rule::AgencyAnswer
            | Rule::MissingReview
            | Rule::MissingInterview
            | Rule::GuidanceReview
            | Rule::MarkerReview
            | Rule::MessageOwed
    )
}

/// Rules that arm before a log has a grade, or about something that never has one.
fn is_before_grading(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ContactOwed
            | Rule::CallUnfinished
            | Rule::AbandonedCall
            | Rule::InformantDetails
            | Rule::LocationOwed
            | Rule::GradeOwed
            | Rule::ThriveOwed
            | Rule::SopUnopened
            | Rule::SopStep
            | Rule::PassOn
            | Rule::SergeantOwed
            | Rule::CodeDoubted
            | Rule::CrimeToRecord
            | Rule::MissingAction
            | Rule::OfficerEmergency
            | Rule::HandoverLineOpen
            | Rule::DeskShort
    )
}

fn one(policy: &Policy, rule: Rule, row: &ObligationPolicy, found: &mut Found) {
    let key = |what: &str| format!("obligation.{}.{what}", rule.name());
    due(policy, rule, row, found);
    for (grade, name) in &row.ladder_of {
        a_grade(policy, grade, &key("ladder_of"), found);
        known_ladder(policy, name, &key("ladder_of"), found);
    }
    known_ladder(policy, &row.ladder, &key("ladder"), found);
    desk(policy, row.owner, &key("owner"), found);
    found.sourced(key("source"), &row.source);
}

fn due(policy: &Policy, rule: Rule, row: &ObligationPolicy, found: &mut Found) {
    let key = format!("obligation.{}.due", rule.name());
    for (grade, span) in &row.due {
        if grade != "any" {
            a_grade(policy, grade, &key, found);
        }
        let sentence = format!("{key} is {span}: it cannot be before it begins");
        found.unless(*span >= Span::ZERO, &key, sentence);
    }
    if has_own_clock(rule) {
        found.unless(
            row.due.is_empty(),
            &key,
            format!("{key} has no effect, its time comes from elsewhere: write due = {{}}"),
        );
    } else if row.due.is_empty() {
        found.add(&key, format!("{key} gives no time, so nothing is ever owed: give one"));
    } else if is_before_grading(rule) && !row.due.contains_key("any") {
        found.add(&key, format!("{key} is needed before a log has a grade: give a time for any"));
    }
    if rule == Rule::LongWait && !row.due.values().any(|d| *d == policy.dispatch.long_wait) {
        found.add(
            &key,
            format!(
                "{key} has no value of {}, which dispatch.long_wait shows: make the two agree",
                policy.dispatch.long_wait
            ),
        );
    }
}

fn a_grade(policy: &Policy, grade: &str, key: &str, found: &mut Found) {
    found.unless(
        policy.grade.iter().any(|g| g.rank.to_string() == grade),
        key,
        format!(
            "{key} names grade '{grade}', which does not exist: name one of the force's, or any"
        ),
    );
}

fn known_ladder(policy: &Policy, name: &str, key: &str, found: &mut Found) {
    found.unless(
        policy.ladder.contains_key(name),
        key,
        format!("{key} is the ladder '{name}', which does not exist: add [ladder.{name}]"),
    );
}

fn ladder(policy: &Policy, name: &str, l: &Ladder, found: &mut Found) {
    let key = format!("ladder.{name}");
    let empty = format!("the ladder '{name}' has no rungs, so nobody is ever told: add one");
    found.unless(!l.rung.is_empty(), &key, empty);
    found.positive(&format!("{key}.then_every"), l.then_every);
    found.sourced(format!("{key}.source"), &l.source);
    for pair in l.rung.windows(2) {
        if let [a, b] = pair {
            found.unless(
                place(a.at) < place(b.at),
                &key,
                format!(
                    "the ladder '{name}' has its rungs out of order: {} comes before {}",
                    words(b.at),
                    words(a.at)
                ),
            );
        }
    }
    for rung in &l.rung {
        let nobody = format!("the rung {} of '{name}' tells nobody: name somebody", words(rung.at));
        found.unless(!rung.tell.is_empty(), &key, nobody);
        let early = format!(
            "the rung {} of '{name}' is before the due time: write a share of it, \
             such as 75 %",
            words(rung.at)
        );
        found.unless(!matches!(rung.at, RungAt::After(s) if s < Span::ZERO), &key, early);
        for tell in &rung.tell {
            if let Tell::Desk(role) = tell {
                desk(policy, *role, &key, found);
            }
        }
    }
}

/// Where a rung stands: shares of the time allowed come before its end.
fn place(at: RungAt) -> (bool, i64) {
    match at {
        RungAt::Percent(p) => (false, i64::from(p)),
        RungAt::After(span) => (true, span.0),
    }
}

fn words(at: RungAt) -> String {
    match at {
        RungAt::Percent(p) => format!("at {p} %"),
        RungAt::After(span) => format!("{span} after"),
    }
}

fn unused(policy: &Policy, found: &mut Found) {
    let rows = policy.obligation.values();
    let asked = policy.agency_ask.iter().flat_map(|row| row.ladders());
    let used: BTreeSet<&String> =
        rows.flat_map(|row| row.ladder_of.values().chain([&row.ladder])).chain(asked).collect();
    for name in policy.ladder.keys().filter(|name| !used.contains(name)) {
        found.add(
            format!("ladder.{name}"),
            format!("nothing climbs the ladder '{name}': name it in a row, or take it out"),
        );
    }
}
