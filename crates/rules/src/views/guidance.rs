//! What is agreed, shown where it is used: what each grade means, what the dispatcher's role
//! delivers, and how units are allocated.

use crate::name::Grade;
use crate::policy::{GradePolicy, Policy};
use crate::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a grade means, for the screen on which one is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GradeGuide {
    /// The grade.
    pub grade: Grade,
    /// Its word.
    pub label: String,
    /// When it is meant.
    pub definition: String,
    /// Its targets in a sentence.
    pub targets: String,
    /// Whether a unit attends.
    pub attends: bool,
    /// Where that comes from.
    pub source: String,
}

/// Every grade, the most urgent first.
///
/// Source: Learning the Lessons, cases 1 and 6: guidance where the grade is chosen.
pub fn grade_guide(policy: &Policy) -> Vec<GradeGuide> {
    policy.grade.iter().map(guide).collect()
}

fn guide(row: &GradePolicy) -> GradeGuide {
    GradeGuide {
        grade: row.rank,
        label: row.label.clone(),
        definition: row.definition.clone(),
        targets: targets(row),
        attends: row.attends,
        source: row.source.clone(),
    }
}

fn targets(row: &GradePolicy) -> String {
    let part = |what: &str, span: Option<Span>| Some(format!("{what} {}", span?.words()));
    let parts: Vec<String> = match (row.arrive_target_urban, row.arrive_target_rural) {
        (urban, rural) if urban == rural => {
            [part("send within", row.deploy_target), part("arrive within", urban)]
                .into_iter()
                .flatten()
                .collect()
        }
        (urban, rural) => [
            part("send within", row.deploy_target),
            part("arrive within, urban:", urban),
            part("arrive within, rural:", rural),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    match (parts.is_empty(), row.attends) {
        (false, _) => parts.join("; "),
        (true, true) => "a unit attends; no target time".to_owned(),
        (true, false) => "no unit attends".to_owned(),
    }
}

/// The one definition of "priority", for every place that uses the word: the grade that the force
/// calls so, or else its second.
///
/// Source: Learning the Lessons, case 9: people meant different things by it.
pub fn priority(policy: &Policy) -> Option<GradeGuide> {
    let named = policy.grade.iter().find(|g| g.label.to_lowercase().contains("priority"));
    named.or_else(|| policy.grade.get(1)).map(guide)
}

/// What the dispatcher's role delivers, and how units are allocated.
///
/// Source: Learning the Lessons, case 7 and case 1, force actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DispatchGuide {
    /// What the role delivers.
    pub role_outputs: Vec<String>,
    /// What the room and response have agreed.
    pub allocation_policy: String,
    /// Where the values come from.
    pub source: String,
    /// The policy's version.
    pub policy_version: String,
}

/// The dispatcher's role and the allocation policy.
pub fn dispatch_guide(policy: &Policy) -> DispatchGuide {
    DispatchGuide {
        role_outputs: policy.dispatch.role_outputs.clone(),
        allocation_policy: policy.dispatch.allocation_policy.clone(),
        source: policy.dispatch.source.clone(),
        policy_version: policy.about.version.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rig::policy;
    use super::*;

    #[test]
    fn every_grade_says_what_it_means_and_within_what_time() {
        let guide = grade_guide(&policy());
        assert!(guide.iter().all(|g| !g.definition.is_empty() && !g.source.is_empty()));
        let targets: Vec<&str> = guide.iter().map(|g| g.targets.as_str()).collect();
        assert_eq!(
            targets,
            [
                "send within 4 min; arrive within, urban: 15 min; arrive within, rural: 20 min",
                "send within 15 min; arrive within 1 h",
                "a unit attends; no target time",
                "no unit attends",
            ]
        );
    }

    #[test]
    fn priority_has_one_definition() {
        let policy = policy();
        let priority = priority(&policy).unwrap();
        assert_eq!(priority.grade.rank(), 2);
        assert_eq!(Some(&priority.definition), policy.grade.get(1).map(|g| &g.definition));
    }

    #[test]
    fn the_role_and_the_agreement_are_shown_as_policy_has_them() {
        let guide = dispatch_guide(&policy());
        assert_eq!(guide.role_outputs, policy().dispatch.role_outputs);
        assert!(!guide.allocation_policy.is_empty());
    }
}
