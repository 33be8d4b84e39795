//! Questions on the log: addressed to a person or a desk, lit until answered.

use crate::command::*;
use crate::event::Event;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// Rule: a question on a log is answered, or somebody says why it cannot be.
///
/// Source: Learning the Lessons, case 6 ("left the remainder unanswered") and case 10 ("not
/// directed to a specific member of staff").
pub const QUESTION_OPEN: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::QuestionAsked { incident, question, to, .. } => {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .part(question.to_string())
                    .owner(to.clone()),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::QuestionAnswered { question, .. } if o.part_is(&question.to_string()) => {
            Some(Fate::Done)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Asks a question.
pub fn ask(s: &State, c: &AskQuestion, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    Ok(vec![Event::QuestionAsked {
        incident: c.incident,
        question: u32::try_from(log.questions.len()).unwrap_or(u32::MAX).saturating_add(1),
        to: c.to.clone(),
        text: c.text.clone(),
    }])
}

/// Answers a question.
pub fn answer(s: &State, c: &AnswerQuestion, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let question = log.questions.iter().find(|q| q.question == c.question).ok_or_else(|| {
        Refused::not_found(format!("log {} has no question {}", c.incident, c.question))
    })?;
    if question.outcome.is_some() {
        return Err(Refused::conflict(format!(
            "question {} has its answer already: write an entry if there is more to say",
            c.question
        )));
    }
    Ok(vec![Event::QuestionAnswered {
        incident: c.incident,
        question: c.question,
        outcome: c.outcome.clone(),
    }])
}
