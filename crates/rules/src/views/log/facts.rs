//! Who, where, what and how soon.

use crate::command::{Informant, Location, Told};
use crate::event::Suggestion;
use crate::incident::{Incident, grade};
use crate::name::*;
use crate::policy::Policy;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The facts of a log as they stand now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogFacts {
    /// When the informant first got in touch, if by a contact.
    pub contacted_at: Option<Instant>,
    /// When the log was opened.
    pub opened_at: Instant,
    /// Who opened it.
    pub opened_by: By,
    /// The version of the policy it is judged under.
    pub policy_version: String,
    /// The opening code.
    pub code: OpeningCode,
    /// What that code covers.
    pub code_definition: String,
    /// The codes before.
    pub codes_before: Vec<CodeBefore>,
    /// Facts that do not go with the code, and are not decided.
    pub doubts: Vec<DoubtView>,
    /// Where.
    pub location: Location,
    /// The informant's own words at opening.
    pub words: Words,
    /// Who reports.
    pub informant: Option<Informant>,
    /// The contacts that belong to it.
    pub contacts: Vec<ContactId>,
    /// When informants chased it.
    pub chased_at: Vec<Instant>,
    /// The grade; none is "not graded".
    pub grade: Option<Grade>,
    /// Its word.
    pub grade_label: String,
    /// What Callbox suggests now, and why.
    pub suggested: Suggestion,
    /// The suggestion's word.
    pub suggested_label: String,
    /// Whether the grade is less urgent than the suggestion.
    pub below_suggestion: bool,
    /// A higher grade that was asked for and is not decided.
    pub contested: Option<Contested>,
    /// Who owns it.
    pub owner: Owner,
    /// Who that is, for a page.
    pub owner_words: String,
    /// When it was passed to dispatch.
    pub passed_at: Option<Instant>,
    /// Who accepted it.
    pub accepted_by: Option<StaffId>,
    /// When.
    pub accepted_at: Option<Instant>,
    /// The supervising sergeant.
    pub sergeant: Option<StaffId>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// By when somebody is to be rung back.
    pub ring_back_by: Option<Instant>,
    /// How it was closed.
    pub closed: Option<ClosingView>,
}

/// A code it had before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeBefore {
    /// The code.
    pub code: OpeningCode,
    /// When it was left.
    pub left_at: Instant,
    /// Why.
    pub reason: Reason,
}

/// Facts that do not go with the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DoubtView {
    /// Its name in policy.
    pub doubt: Label,
    /// The code the facts suggest.
    pub suggests: OpeningCode,
    /// The words that raised it.
    pub words: String,
    /// Whether only a supervisor may keep the code.
    pub forced: bool,
    /// Whether it is another matter beside this one, for a log of its own.
    #[serde(default)]
    pub separate: bool,
    /// The definition to decide by.
    pub definition: String,
}

/// A higher grade that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contested {
    /// The grade.
    pub grade: Grade,
    /// Its word.
    pub label: String,
    /// By whom.
    pub by: StaffId,
    /// Why.
    pub reason: Reason,
}

/// How it was closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClosingView {
    /// The code.
    pub code: ClosingCode,
    /// What was done and what came of it.
    pub result: Words,
    /// What the informant was told.
    pub told: Told,
    /// The risk then, and who held it.
    pub risk_now: Words,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: By,
}

fn label_of(grade: Option<Grade>, policy: &Policy) -> String {
    grade.map_or("not graded".to_owned(), |g| policy.grade_label(g))
}

pub(super) fn facts(s: &State, log: &Incident) -> LogFacts {
    let policy = &s.policy;
    let suggested = grade::suggest(log, policy);
    LogFacts {
        contacted_at: log.contacted_at,
        opened_at: log.opened_at,
        opened_by: log.opened_by.clone(),
        policy_version: log.policy_version.as_ref().to_owned(),
        code: log.opening_code.clone(),
        code_definition: policy
            .opening_code(&log.opening_code)
            .map_or(String::new(), |row| row.definition.clone()),
        codes_before: codes_before(log),
        doubts: doubts(log, policy),
        location: log.location.clone(),
        words: log.words.clone(),
        informant: log.informant.clone(),
        contacts: log.contacts.clone(),
        chased_at: log.chased_at.clone(),
        grade: log.grade(),
        grade_label: label_of(log.grade(), policy),
        suggested_label: policy.grade_label(suggested.grade),
        below_suggestion: log.grade().is_some_and(|g| suggested.grade.above(g)),
        suggested,
        contested: contested(log, policy),
        owner: log.owner.clone(),
        owner_words: log.owner.to_string(),
        passed_at: log.passed_at,
        accepted_by: log.accepted.as_ref().map(|(staff, _)| staff.clone()),
        accepted_at: log.accepted.as_ref().map(|(_, at)| *at),
        sergeant: log.sergeant.clone(),
        tags: log.tags.clone(),
        ring_back_by: log.ring_back_by,
        closed: closed(log),
    }
}

fn codes_before(log: &Incident) -> Vec<CodeBefore> {
    let left = log.codes_before.iter().cloned();
    left.map(|(code, left_at, reason)| CodeBefore { code, left_at, reason }).collect()
}

fn doubts(log: &Incident, policy: &Policy) -> Vec<DoubtView> {
    let row = |name: &Label| policy.code_doubt.iter().find(|row| row.name == name.as_str());
    let open = log.doubts.iter().filter(|d| !d.settled);
    open.map(|d| DoubtView {
        doubt: d.doubt.clone(),
        suggests: d.suggests.clone(),
        words: d.words.clone(),
        forced: d.forced,
        separate: row(&d.doubt).is_some_and(|row| row.separate),
        definition: row(&d.doubt).map_or(String::new(), |row| row.definition.clone()),
    })
    .collect()
}

fn contested(log: &Incident, policy: &Policy) -> Option<Contested> {
    let (grade, by, reason) = log.contested.clone()?;
    Some(Contested { grade, label: policy.grade_label(grade), by, reason })
}

fn closed(log: &Incident) -> Option<ClosingView> {
    let c = log.closed.clone()?;
    Some(ClosingView {
        code: c.code,
        result: c.result,
        told: c.told,
        risk_now: c.risk_now,
        at: c.at,
        by: c.by,
    })
}
