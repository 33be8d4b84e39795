//! The catalogue of alarms: every rule with who answers it, what they do and how it climbs.

use super::super::alarm_text::what_to_do;
use crate::obligation::Rule;
use crate::policy::{Ladder, Level, Policy, RungAt, RungPolicy, Tell};
use crate::role::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rule as the force's policy has it. A rule without a row arms nothing, and so sounds nothing.
///
/// Source: ISA-18.2: an alarm has an owner, an answer and a time to answer in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogueRow {
    /// The rule.
    pub rule: Rule,
    /// What is owed.
    pub owed: String,
    /// The rule as a sentence.
    pub why: String,
    /// What whoever hears it does.
    pub what_to_do: String,
    /// The desk that owns it first; none where policy has no row for it.
    pub owner: Option<Role>,
    /// The time allowed: `grade 1: 5 min`.
    pub due: Vec<String>,
    /// How it climbs; more than one where a grade has its own.
    pub ladders: Vec<CatalogueLadder>,
    /// The loudest it can become.
    pub loudest: Option<Level>,
    /// Whether a log cannot close over it.
    pub blocks_closing: bool,
    /// Where the rule comes from.
    pub source: String,
    /// Where the force's values come from.
    pub values_source: String,
}

/// How an obligation climbs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogueLadder {
    /// For which grade; empty is for all that have none of their own.
    pub grade: String,
    /// Each rung: `at its due time, A1: dispatcher`.
    pub rungs: Vec<String>,
    /// How often it is told again after the last rung.
    pub then_every: String,
}

/// Every rule there is, in the order of the rule book.
pub fn catalogue(policy: &Policy) -> Vec<CatalogueRow> {
    Rule::ALL.iter().map(|rule| row(policy, *rule)).collect()
}

fn row(policy: &Policy, rule: Rule) -> CatalogueRow {
    let held = policy.obligation(rule);
    let named = |grade: &str, name: &str| policy.ladder.get(name).map(|l| ladder(grade, l));
    let own = held.iter().flat_map(|row| row.ladder_of.iter());
    let all = held.iter().filter_map(|row| named("", &row.ladder));
    let ladders: Vec<CatalogueLadder> =
        all.chain(own.filter_map(|(grade, name)| named(grade, name))).collect();
    let names =
        held.iter().flat_map(|row| std::iter::once(&row.ladder).chain(row.ladder_of.values()));
    let rungs = names.filter_map(|name| policy.ladder.get(name)).flat_map(|l| &l.rung);
    CatalogueRow {
        rule,
        owed: rule.owed().to_owned(),
        why: rule.why().to_owned(),
        what_to_do: what_to_do(policy, rule).to_owned(),
        owner: held.map(|row| row.owner),
        due: held.map(due).unwrap_or_default(),
        loudest: rungs.map(|rung| rung.level).min(),
        ladders,
        blocks_closing: held.is_some_and(|row| row.blocks_closing),
        source: rule.source().to_owned(),
        values_source: held.map(|row| row.source.clone()).unwrap_or_default(),
    }
}

fn due(row: &crate::policy::ObligationPolicy) -> Vec<String> {
    let of = |(grade, span): (&String, &crate::time::Span)| match grade.as_str() {
        "any" => span.words(),
        grade => format!("grade {grade}: {}", span.words()),
    };
    row.due.iter().map(of).collect()
}

fn ladder(grade: &str, ladder: &Ladder) -> CatalogueLadder {
    CatalogueLadder {
        grade: grade.to_owned(),
        rungs: ladder.rung.iter().map(rung).collect(),
        then_every: ladder.then_every.words(),
    }
}

fn rung(rung: &RungPolicy) -> String {
    let at = match rung.at {
        RungAt::Percent(share) => format!("at {share} % of the time"),
        RungAt::After(span) if span.0 == 0 => "at its due time".to_owned(),
        RungAt::After(span) => format!("{} after its due time", span.words()),
    };
    let told = rung.tell.iter().map(|tell| match tell {
        Tell::Owner => "its owner".to_owned(),
        Tell::Desk(role) => role.words(),
    });
    let told: Vec<String> = told.collect();
    format!("{at}, {:?}: {}", rung.level, told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::policy;
    use super::*;

    #[test]
    fn every_rule_is_in_the_catalogue_with_an_owner_an_answer_and_a_ladder() {
        let all = catalogue(&policy());
        assert_eq!(all.len(), Rule::ALL.len());
        for row in &all {
            let name = row.rule.name();
            assert!(row.owner.is_some() && row.loudest.is_some(), "{name}");
            assert!(row.what_to_do.ends_with('.') && !row.source.is_empty(), "{name}");
            assert!(row.ladders.iter().all(|l| !l.rungs.is_empty()), "{name}");
        }
        let unit = all.iter().find(|row| row.rule == Rule::Unresourced).unwrap();
        assert!(unit.due.iter().any(|words| words == "grade 1: 5 min"), "{:?}", unit.due);
        assert_eq!(unit.loudest, Some(Level::A1));
    }
}
