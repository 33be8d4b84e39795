//! Desks, alarms, dispatch and unit status.

use super::Found;
use super::codes::desk;
use crate::obligation::Rule;
use crate::policy::{DeskPolicy, Policy};
use crate::role::Role;
use crate::time::Span;

pub(super) fn check(policy: &Policy, found: &mut Found) {
    for (role, row) in &policy.desk {
        cover(policy, *role, row, found);
    }
    let seats = policy.desk.values().flat_map(|row| row.seats.iter().map(ToString::to_string));
    found.twice("desk.seats", "the seat", seats);
    alarm(policy, found);
    dispatch(policy, found);
    status(policy, found);
}

/// A desk is always answered for: it is always staffed, or one of its cover is.
fn cover(policy: &Policy, role: Role, row: &DeskPolicy, found: &mut Found) {
    let key = format!("desk.{role}.cover");
    for other in &row.cover {
        desk(policy, *other, &key, found);
        found.unless(
            *other != role,
            &key,
            format!("the {} desk covers for itself: take it out", role.words()),
        );
    }
    let staffed = |r: &Role| policy.desk.get(r).is_some_and(|d| d.on_duty_min > 0);
    if staffed(&role) {
        return;
    }
    if row.cover.is_empty() {
        found.add(
            &key,
            format!(
                "nobody answers at the {} desk: it has no cover and nobody promised on duty; name \
                 who covers, or set on_duty_min",
                role.words()
            ),
        );
    } else if !row.cover.iter().any(staffed) {
        found.add(
            &key,
            format!(
                "the cover of the {} desk ends nowhere: none of {} is always staffed; add a desk \
                 that is, such as force_incident_manager",
                role.words(),
                row.cover.iter().map(|r| r.words()).collect::<Vec<_>>().join(", ")
            ),
        );
    }
}

fn alarm(policy: &Policy, found: &mut Found) {
    let alarm = &policy.alarm;
    found.unless(
        alarm.delay_max <= Span::minutes(30),
        "alarm.delay_max",
        format!(
            "a delay of up to {} would hide something longer than half an hour: choose 30 min or \
             less",
            alarm.delay_max
        ),
    );
    found.positive("alarm.delay_max", alarm.delay_max);
    found.positive("alarm.verb_holds", alarm.verb_holds);
    found.positive("alarm.flood_window", alarm.flood_window);
    found.unless(
        alarm.settle <= alarm.flood_window,
        "alarm.settle",
        format!("what is lit again would be silent for {}: choose less", alarm.settle),
    );
    found.unless(
        alarm.flood_more_than > 0,
        "alarm.flood_more_than",
        "every sound would be a flood: allow at least one",
    );
    found.unless(
        alarm.count_steps.windows(2).all(|w| w[0] < w[1]),
        "alarm.count_steps",
        "the counts are out of order: write them smallest first, each once",
    );
    found.unless(
        alarm.age_steps.windows(2).all(|w| w[0] < w[1]),
        "alarm.age_steps",
        "the ages are out of order: write them shortest first, each once",
    );
    found.sourced("alarm.source", &alarm.source);
    catalogue(policy, found);
}

/// No row, no alarm: what sounds has a response, a time for it, and one roll-up.
fn catalogue(policy: &Policy, found: &mut Found) {
    for rule in Rule::ALL {
        let key = format!("alarm.catalogue.{}", rule.name());
        let Some(row) = policy.alarm.row(*rule) else {
            let sentence = format!(
                "the rule '{}' has no row in the alarm catalogue: add [{key}] with what to do and \
                 in which time",
                rule.why()
            );
            found.add(key, sentence);
            continue;
        };
        found.positive(&format!("{key}.respond_within"), row.respond_within);
        found.unless(
            row.respond_within <= Span::minutes(30),
            format!("{key}.respond_within"),
            format!(
                "what gets worse would be silent for {}: choose 30 min or less",
                row.respond_within
            ),
        );
        let texts = [&row.consequence, &row.response, &row.clears];
        found.unless(
            texts.iter().all(|text| !text.trim().is_empty()),
            &key,
            "an alarm without a consequence, a response or an end is none: write all three",
        );
        let leads =
            row.with.and_then(|with| policy.alarm.row(with)).is_none_or(|w| w.with.is_none());
        let sentence =
            "it is rolled up with a rule that is rolled up with another: name the last one";
        found.unless(leads, format!("{key}.with"), sentence);
    }
    for name in policy.alarm.catalogue.keys() {
        let sentence = format!("there is no rule '{name}': correct its name or take it out");
        let known = Rule::ALL.iter().any(|rule| rule.name() == name);
        found.unless(known, format!("alarm.catalogue.{name}"), sentence);
    }
}

fn dispatch(policy: &Policy, found: &mut Found) {
    let dispatch = &policy.dispatch;
    found.positive("dispatch.position_stale_after", dispatch.position_stale_after);
    found.positive("dispatch.long_wait", dispatch.long_wait);
    found.unless(
        dispatch.chasing_calls > 0,
        "dispatch.chasing_calls",
        "no chasing call would be needed to tell supervision: write 1 or more",
    );
    found.unless(
        dispatch.travel_km_h > 0,
        "dispatch.travel_km_h",
        "at 0 km/h nobody arrives: write a speed",
    );
    found.unless(
        dispatch.road_factor_percent >= 100,
        "dispatch.road_factor_percent",
        "a road cannot be shorter than the straight line: write 100 or more",
    );
    found.unless(
        !dispatch.role_outputs.is_empty(),
        "dispatch.role_outputs",
        "the dispatcher's role delivers nothing: list what it does",
    );
    found.sourced("dispatch.source", &dispatch.source);
}

fn status(policy: &Policy, found: &mut Found) {
    found.twice("status", "the status", policy.status.iter().map(|s| s.code));
    for code in 0..=16 {
        found.unless(
            policy.status(code).is_some(),
            "status",
            format!("unit status {code} is missing: a radio can send 0 to 16, so add it"),
        );
    }
    for row in &policy.status {
        let key = format!("status.{}", row.code);
        found.unless(
            row.code <= 16,
            &key,
            format!("unit status {} does not exist: they go from 0 to 16", row.code),
        );
        found.unless(
            row.deployable || !row.available,
            &key,
            format!("'{}' counts as free but cannot be sent: correct one of the two", row.label),
        );
    }
}
