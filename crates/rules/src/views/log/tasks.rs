//! What is to be done on a log, item by item: questions, the SOP's steps, checks. "Does not apply"
//! is not "not answered", so each says which it is.

use super::super::countdown::age_words;
use crate::command::Outcome;
use crate::incident::Incident;
use crate::name::*;
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// Nothing yet.
    Open,
    /// Done or answered.
    Done,
    /// It does not apply, and somebody has said why.
    NotApplicable,
}

/// What has become of something, and in which words.
fn settled(outcome: Option<&Outcome>) -> (Settled, String) {
    match outcome {
        None => (Settled::Open, String::new()),
        Some(Outcome::Done(words)) => (Settled::Done, words.to_string()),
        Some(Outcome::NotApplicable(why)) => (Settled::NotApplicable, why.to_string()),
    }
}

/// A question on the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionView {
    /// Its number.
    pub question: u32,
    /// What is asked.
    pub text: Words,
    /// Who is asked.
    pub to: Owner,
    /// Who that is, for a page.
    pub to_words: String,
    /// By whom.
    pub asked_by: StaffId,
    /// When.
    pub at: Instant,
    /// What has become of it.
    pub settled: Settled,
    /// The answer, or why there is none; how long it has waited while it is open.
    pub words: String,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<StaffId>,
    /// When the answer was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Instant>,
}

pub(super) fn questions(log: &Incident, now: Instant) -> Vec<QuestionView> {
    let view = |q: &crate::incident::Question| {
        let (settled, words) = settled(q.outcome.as_ref());
        let waiting = || format!("open for {}", age_words(q.at, now));
        QuestionView {
            question: q.question,
            text: q.text.clone(),
            to: q.to.clone(),
            to_words: q.to.to_string(),
            asked_by: q.asked_by.clone(),
            at: q.at,
            settled,
            words: if settled == Settled::Open { waiting() } else { words },
            answered_by: q.answered.as_ref().map(|(staff, _)| staff.clone()),
            answered_at: q.answered.as_ref().map(|(_, at)| *at),
        }
    };
    log.questions.iter().map(view).collect()
}

/// A step of the SOP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepView {
    /// Its name within the SOP.
    pub step: Label,
    /// What is to be done.
    pub words: String,
    /// The desk that does it.
    pub desk: Role,
    /// What has become of it.
    pub settled: Settled,
    /// What was done, or why it does not apply.
    pub outcome: String,
    /// Who settled it.
    pub by: Option<StaffId>,
    /// When.
    pub at: Option<Instant>,
}

/// The steps of the SOP of the log's opening code, in order.
pub(super) fn steps(s: &State, log: &Incident) -> Vec<StepView> {
    let row = s.policy.opening_code(&log.opening_code);
    let view = |step: &crate::policy::SopStepPolicy| {
        let done = log.sop_settled.iter().find(|(name, ..)| *name == step.step);
        let (settled, outcome) = settled(done.map(|(_, outcome, ..)| outcome));
        StepView {
            step: step.step.clone(),
            words: step.words.clone(),
            desk: step.by,
            settled,
            outcome,
            by: done.map(|(.., by, _)| by.clone()),
            at: done.map(|(.., at)| *at),
        }
    };
    row.map_or(&[][..], |row| &row.sop[..]).iter().map(view).collect()
}

/// An intelligence check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckView {
    /// What is checked.
    pub check: Label,
    /// What has become of it.
    pub settled: Settled,
    /// What it found, or why it does not apply.
    pub found: String,
}

pub(super) fn checks(log: &Incident) -> Vec<CheckView> {
    let view = |c: &crate::incident::Check| {
        let (settled, found) = settled(c.outcome.as_ref());
        CheckView { check: c.check.clone(), settled, found }
    };
    log.checks.iter().map(view).collect()
}
