//! Grades and their targets.

use super::Found;
use crate::policy::{GradePolicy, Policy};
use crate::time::Span;

pub(super) fn check(policy: &Policy, found: &mut Found) {
    if policy.grade.is_empty() {
        found.add("grade", "there is no grade: write at least one, with rank 1");
    }
    for (i, row) in policy.grade.iter().enumerate() {
        let rank = usize::from(row.rank.rank());
        if rank != i + 1 {
            found.add(
                format!("grade.{rank}.rank"),
                format!(
                    "'{}' has rank {rank} where {} comes next: number the grades from 1 in order",
                    row.label,
                    i + 1
                ),
            );
        }
        one(row, found);
    }
    found.twice("grade", "the label", policy.grade.iter().map(|g| g.label.as_str()));
    for pair in policy.grade.windows(2) {
        if let [urgent, less] = pair {
            shrinks(urgent, less, found);
        }
    }
}

fn targets(g: &GradePolicy) -> [(&'static str, Option<Span>); 3] {
    [
        ("deploy_target", g.deploy_target),
        ("arrive_target_urban", g.arrive_target_urban),
        ("arrive_target_rural", g.arrive_target_rural),
    ]
}

fn one(g: &GradePolicy, found: &mut Found) {
    let key = |what: &str| format!("grade.{}.{what}", g.rank);
    for (what, target) in targets(g) {
        let Some(target) = target else { continue };
        found.positive(&key(what), target);
        found.unless(
            g.attends,
            key(what),
            format!("nobody attends '{}' and yet it has a target: take {what} out", g.label),
        );
    }
    if let (Some(deploy), Some(arrive)) = (g.deploy_target, g.arrive_target_urban) {
        found.unless(
            deploy <= arrive,
            key("deploy_target"),
            format!(
                "'{}' allows {deploy} to send a unit that is to be there in {arrive}: send it \
                 sooner",
                g.label
            ),
        );
    }
    if let (Some(urban), Some(rural)) = (g.arrive_target_urban, g.arrive_target_rural) {
        found.unless(
            urban <= rural,
            key("arrive_target_rural"),
            format!(
                "'{}' is to be reached in {rural} in the country and in {urban} in town: the rural \
                 target cannot be the shorter one",
                g.label
            ),
        );
    }
    let definition = format!("'{}' has no definition: say when it is meant", g.label);
    found.unless(!g.definition.trim().is_empty(), key("definition"), definition);
    found.sourced(key("source"), &g.source);
}

/// A less urgent grade may not be promised sooner than a more urgent one.
fn shrinks(urgent: &GradePolicy, less: &GradePolicy, found: &mut Found) {
    for ((what, a), (_, b)) in targets(urgent).into_iter().zip(targets(less)) {
        let key = format!("grade.{}.{what}", less.rank);
        match (a, b) {
            (Some(a), Some(b)) if b < a => found.add(
                key,
                format!(
                    "the target of '{}' is {b}, shorter than the {a} of '{}', which is more \
                     urgent: lengthen it",
                    less.label, urgent.label
                ),
            ),
            (None, Some(b)) => found.add(
                key,
                format!(
                    "'{}' has a target of {b} and '{}', which is more urgent, has none: give it one",
                    less.label, urgent.label
                ),
            ),
            _ => {}
        }
    }
}
