//! Kinds of markers, and cover for messages.

use super::Found;
use super::codes::desk;
use crate::policy::Policy;

pub(super) fn check(policy: &Policy, found: &mut Found) {
    let kinds = policy.marker.iter().map(|row| row.kind.as_str().to_lowercase());
    found.twice("marker.kind", "the kind of marker", kinds);
    for row in &policy.marker {
        let key = |what: &str| format!("marker.{}.{what}", row.kind);
        let known = row.grade.is_none_or(|grade| policy.grade(grade).is_some());
        found.unless(
            known,
            key("grade"),
            format!("{} names a grade that does not exist: name one of the force's", key("grade")),
        );
        found.unless(
            !row.forced || row.grade.is_some(),
            key("forced"),
            format!("{} forces no grade: name the grade, or take forced out", row.kind),
        );
        found.unless(
            !row.meaning.trim().is_empty(),
            key("meaning"),
            format!("nobody could tell when '{}' is meant: write its meaning", row.kind),
        );
        for (what, span) in
            [("ask_before", row.ask_before), ("ask_again", row.ask_again), ("longest", row.longest)]
        {
            if let Some(span) = span {
                found.positive(&key(what), span);
            }
        }
        desk(policy, row.review, &key("review"), found);
        found.sourced(key("source"), &row.source);
    }
    let message = &policy.message;
    found.positive("message.hears_within", message.hears_within);
    for role in message.cover.values().chain([&message.cover_else]) {
        desk(policy, *role, "message.cover", found);
    }
    found.sourced("message.source", &message.source);
}
