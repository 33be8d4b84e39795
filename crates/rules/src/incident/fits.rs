//! Which agency fits best: decided by listed questions, with its reason, and told to the caller.
//! That police do not go needs somebody who holds the risk now.
//!
//! Source: Learning the Lessons, case 8 (a hospital's log closed as "no requirement for police",
//! with nobody named who held the risk) and case 4, commentary; Right Care Right Person.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::*;
use crate::policy::RightCarePolicy;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// What was decided about which agency fits best.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Fit {
    /// The answer to each question.
    pub answers: Vec<FitAnswer>,
    /// Whether police go.
    pub police: bool,
    /// The agency.
    pub agency: Label,
    /// Why.
    pub reason: Words,
    /// Who holds the risk now, where police do not go.
    pub holder: Option<Words>,
    /// What the caller was told, or why they could not be.
    pub told: Outcome,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

/// Each question is answered; and where one says that police go, they go, unless a supervisor
/// decides otherwise.
fn answered(policy: &RightCarePolicy, c: &FitAgency, by: &By) -> Result<(), Refused> {
    let answer = |key: &Label| c.answers.iter().find(|a| &a.question == key);
    let open = policy.question.iter().filter(|q| answer(&q.key).is_none());
    let open: Vec<String> = open.map(|q| q.words.clone()).collect();
    if !open.is_empty() {
        let sentence = format!("answer first: {}", open.join("; "));
        return Err(Refused::blocked_by(sentence, open));
    }
    let says_go = policy.question.iter().find(|q| answer(&q.key).is_some_and(|a| a.yes));
    match says_go.filter(|_| !c.police && !by.role.supervises()) {
        Some(question) => Err(Refused::forbidden(format!(
            "'{}' was answered yes, so police go: only a supervisor decides otherwise, and says why",
            question.words
        ))),
        None => Ok(()),
    }
}

/// Decides it. Where an answer says that police go, only a supervisor decides that they do not.
pub fn decide(s: &State, c: &FitAgency, by: &By) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    let Some(policy) = &s.policy.right_care else {
        return Err(Refused::conflict(
            "the policy of this force has no [right_care]: ask an administrator to publish one",
        ));
    };
    answered(policy, c, by)?;
    if !c.police && c.holder.as_ref().is_none_or(|holder| holder.n_words() < 2) {
        return Err(Refused::blocked(
            "say who holds the risk now, by name and agency, and that they have agreed: without \
             that nobody does, and police go",
        ));
    }
    let fitted = Event::AgencyFitted {
        incident: c.incident,
        answers: c.answers.clone(),
        police: c.police,
        agency: c.agency.clone(),
        reason: c.reason.clone(),
        holder: c.holder.clone(),
        told: c.told.clone(),
    };
    let told = match &c.told {
        Outcome::Done(words) => {
            let told = if c.police { Told::WhatHappensNext } else { Told::NoAttendance };
            Some(Event::InformantTold { incident: c.incident, told, words: words.clone() })
        }
        Outcome::NotApplicable(_) => None,
    };
    Ok([fitted].into_iter().chain(told).collect())
}

impl Incident {
    /// Which agency fits best, as it was last decided.
    pub fn fit(&self) -> Option<&Fit> {
        self.others.as_ref()?.fit.as_ref()
    }

    pub(super) fn fold_fit(&mut self, event: &Event, meta: &Meta) {
        if let Event::AgencyFitted { answers, police, agency, reason, holder, told, .. } = event {
            self.others_mut().fit = Some(Fit {
                answers: answers.clone(),
                police: *police,
                agency: agency.clone(),
                reason: reason.clone(),
                holder: holder.clone(),
                told: told.clone(),
                by: meta.by.staff.clone(),
                at: meta.recorded_at,
            });
        }
    }
}
