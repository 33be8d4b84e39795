//! What is to be done on a log, item by item: questions, the SOP's steps, checks. "Does not apply"
//! is not "not answered", so each says which it is.

use super::super::countdown::{age_words, countdown_words};
use crate::command::{CrimeOutcome, Outcome};
use crate::incident::{Incident, crime};
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
pub(super) fn settled(outcome: Option<&Outcome>) -> (Settled, String) {
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

/// A report of a crime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrimeView {
    /// When it was first reported, in any channel.
    pub reported_at: Instant,
    /// By when it is recorded, while nobody has decided.
    pub due_at: Option<Instant>,
    /// How far that is.
    pub countdown: String,
    /// Whether that has passed.
    pub late: bool,
    /// What was decided.
    pub outcome: Option<CrimeOutcome>,
    /// By whom, and when.
    pub settled: Option<(StaffId, Instant)>,
    /// How long after the first report that was, while it is decided.
    pub took: String,
}

/// The report of a crime that a log is; none where it is none.
pub(super) fn crime(s: &State, log: &Incident, now: Instant) -> Option<CrimeView> {
    if !crime::is_crime(s, &log.opening_code) && log.crime.is_none() {
        return None;
    }
    let due_at = crime::owed(s, log).map(|o| o.due_at);
    Some(CrimeView {
        reported_at: match &log.crime {
            Some(settled) => settled.reported_at,
            None => crime::first_report(s, log),
        },
        due_at,
        countdown: due_at.map(|at| countdown_words(at, now)).unwrap_or_default(),
        late: due_at.is_some_and(|at| at <= now),
        outcome: log.crime.as_ref().map(|c| c.outcome.clone()),
        settled: log.crime.as_ref().map(|c| (c.by.clone(), c.at)),
        took: log.crime.as_ref().map_or(String::new(), |c| age_words(c.reported_at, c.at)),
    })
}

/// A piece of planned work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkView {
    /// Its number.
    pub work: u32,
    /// What will be done.
    pub what: Words,
    /// By whom.
    pub by: Owner,
    /// Who that is, for a page.
    pub by_words: String,
    /// By when.
    pub due_at: Instant,
    /// How far that is, while it is open.
    pub countdown: String,
    /// Whether it was not done by then.
    pub late: bool,
    /// Who planned it.
    pub planned_by: StaffId,
    /// When.
    pub planned_at: Instant,
    /// What has become of it.
    pub settled: Settled,
    /// How it was done, or why not.
    pub words: String,
    /// Who did it, where that is not whoever wrote it.
    pub done_by: Option<Label>,
    /// Who wrote how it ended.
    pub written_by: Option<StaffId>,
    /// When it was done, as said.
    pub done_at: Option<Instant>,
    /// When that was written.
    pub written_at: Option<Instant>,
}

pub(super) fn work(log: &Incident, now: Instant) -> Vec<WorkView> {
    let view = |w: &crate::incident::work::Work| {
        let (settled, words) = settled(w.outcome.as_ref());
        let open = settled == Settled::Open;
        let finished = w.finished.as_ref();
        let done_at = finished.map(|f| f.at);
        WorkView {
            work: w.work,
            what: w.what.clone(),
            by: w.by.clone(),
            by_words: w.by.to_string(),
            due_at: w.due,
            countdown: if open { countdown_words(w.due, now) } else { String::new() },
            late: w.due < done_at.unwrap_or(now),
            planned_by: w.planned.0.clone(),
            planned_at: w.planned.1,
            settled,
            words,
            done_by: finished.and_then(|f| f.done_by.clone()),
            written_by: finished.map(|f| f.by.clone()),
            done_at,
            written_at: finished.map(|f| f.recorded_at),
        }
    };
    log.work.iter().map(view).collect()
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
