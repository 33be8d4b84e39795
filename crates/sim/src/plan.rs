//! What is to be done when, so that a file's calls happen as the file says.
//!
//! A plan is a table: a step has a time, a call, a unit and what is done. The times of the file are
//! kept to the second:
//!
//! - a contact comes when the call was received, the log is opened and graded when it was entered
//!   (or received), passed on at once and accepted within 20 s, never after the first unit is sent;
//! - a unit is sent at the file's dispatch (without one, at its first time), then status 5 at
//!   response, the risk card and status 6 on scene, status 8 from transport to release, and at
//!   available it is stood down and has status 2. A missing time stays missing: no status is
//!   invented for it. A unit that never became available is stood down when the log closes or when
//!   it is sent elsewhere, and its status stays what it was;
//! - a unit sent to a call while it is on another that still has times to come is diverted. When
//!   the call it was diverted to has released it, it goes back to the one it left;
//! - a time before its unit was sent is recorded when the unit is sent, and a release before the
//!   last of its unit's other times is recorded after them; both keep the file's time as the one
//!   when it happened. Other times out of order are recorded in their order in time;
//! - the log closes five minutes after its last time.
//!
//! Synthetic units have no release in the file: they are free half an hour after their last time.

mod steps; // the time-ordered table, from calls and units
mod units; // where every unit is, and what its next time means

use crate::cast::Cast;
use crate::codes::Codes;
use crate::files::{FileCall, FileCalls, RowRefused};
use rules::name::{CallSign, ClosingCode, Grade, Label, OpeningCode};
use rules::policy::Policy;
use rules::time::{Instant, Span};

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it is recorded.
    pub at: Instant,
    /// When it happened, if that is another time.
    pub happened_at: Option<Instant>,
    /// The call it is about: its place in [`Plan::calls`].
    pub call: u32,
    /// The unit it is about: its place in [`Plan::units`].
    pub unit: u32,
    /// What is done.
    pub what: What,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Somebody takes a seat: their place in the cast.
    SignOn(u32),
    /// A unit is put on the board.
    Roster,
    /// The contact.
    Receive,
    /// The log is opened out of it.
    Open,
    /// The SOP is opened.
    OpenSop,
    /// THRIVE.
    Thrive,
    /// The first grade.
    Grade,
    /// Passed to dispatch.
    Pass,
    /// Accepted.
    Accept,
    /// The later priority of the file.
    Regrade,
    /// The informant is told what happens next.
    Tell,
    /// The n-th step of the SOP.
    SopStep(u32),
    /// The intelligence check that the grade requires.
    Check,
    /// The unit is sent.
    Deploy,
    /// The unit is sent back to the job it was diverted from.
    Return,
    /// The unit is taken to this call from another; whether others stay there.
    Divert {
        /// Whether other units are on the job left behind.
        covered: bool,
    },
    /// The unit confirms that it goes.
    Confirm,
    /// The officer opens the risk card.
    Card,
    /// A status.
    Status(u8),
    /// The officers say that they are well.
    CheckIn,
    /// The unit is released.
    StandDown,
    /// The unit confirms its release.
    Released,
    /// What is still owed on the log is answered.
    Settle,
    /// The log is closed.
    Close,
}

/// A call and what the plan made of it.
#[derive(Clone, Debug)]
pub struct PlannedCall {
    /// The file's call.
    pub file: FileCall,
    /// Its opening code.
    pub opening_code: OpeningCode,
    /// Its closing code.
    pub closing_code: ClosingCode,
    /// Its first grade.
    pub grade: Grade,
    /// Its later grade, where that is another.
    pub regrade: Option<Grade>,
}

/// A unit on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedUnit {
    /// Its call sign.
    pub call_sign: CallSign,
    /// Its kind.
    pub kind: Label,
    /// The district it was first sent in.
    pub district: Option<Label>,
}

/// An on-scene time of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnScene {
    /// The call.
    pub call: u32,
    /// The unit.
    pub unit: u32,
    /// When it arrived.
    pub at: Instant,
}

/// The whole plan.
#[derive(Debug)]
pub struct Plan {
    /// The steps in order of time.
    pub steps: Vec<Step>,
    /// The calls.
    pub calls: Vec<PlannedCall>,
    /// The units.
    pub units: Vec<PlannedUnit>,
    /// The staff.
    pub cast: Cast,
    /// What the file says of arrivals.
    pub on_scene: Vec<OnScene>,
    /// Calls that could not be planned, and why.
    pub refused: Vec<RowRefused>,
    /// How many times of the file were set aside because the unit was at another job by then.
    pub set_aside: u64,
}

/// A step that is about no call or no unit.
pub const NONE: u32 = u32::MAX;

/// Everybody is on duty so long before the first call.
const EARLY: Span = Span::minutes(5);
/// So many call handlers take the calls in turn.
const CALL_HANDLERS: usize = 6;

impl Plan {
    /// Plans the calls of a file under a policy.
    ///
    /// # Errors
    /// A sentence if the policy lacks a code that the file's kinds stand for.
    pub fn new(file: FileCalls, policy: &Policy) -> Result<Plan, String> {
        let codes = Codes::new(policy, file.format)?;
        let districts: Vec<Option<Label>> = file.calls.iter().map(|c| c.district.clone()).collect();
        let cast = Cast::new(policy, CALL_HANDLERS, districts);
        let mut plan = Plan {
            steps: Vec::new(),
            calls: Vec::with_capacity(file.calls.len()),
            units: Vec::new(),
            cast,
            on_scene: Vec::new(),
            refused: file.refused,
            set_aside: 0,
        };
        for call in file.calls {
            match planned(call, &codes, policy) {
                Ok(call) => plan.calls.push(call),
                Err(refused) => plan.refused.push(refused),
            }
        }
        let first = plan.calls.first().map_or(Instant(0), |c| c.file.received_at);
        steps::fill(&mut plan, policy, first - EARLY);
        Ok(plan)
    }

    /// The call of a step.
    pub fn call(&self, step: &Step) -> Option<&PlannedCall> {
        self.calls.get(step.call as usize)
    }

    /// The unit of a step.
    pub fn unit(&self, step: &Step) -> Option<&PlannedUnit> {
        self.units.get(step.unit as usize)
    }

    /// The first and the last moment.
    pub fn span(&self) -> (Instant, Instant) {
        let at = |step: Option<&Step>| step.map_or(Instant(0), |s| s.at);
        (at(self.steps.first()), at(self.steps.last()))
    }
}

fn planned(file: FileCall, codes: &Codes, policy: &Policy) -> Result<PlannedCall, RowRefused> {
    let opening_code =
        codes.opening(&file.kind).map_err(|reason| RowRefused { line: file.line, reason })?;
    let usual = policy.opening_code(&opening_code).map_or(Grade::TOP, |c| c.usual_grade);
    let known = |grade: Grade| {
        let ranks = policy.grade.iter().map(|g| g.rank);
        ranks.min_by_key(|g| g.rank().abs_diff(grade.rank())).unwrap_or(grade)
    };
    let grade = file.original_priority.as_ref().map_or(usual, |p| known(p.grade));
    let later = file.priority.as_ref().map_or(grade, |p| known(p.grade));
    Ok(PlannedCall {
        closing_code: codes.closing(file.disposition.as_deref()),
        opening_code,
        grade,
        regrade: (later != grade).then_some(later),
        file,
    })
}

#[cfg(test)]
mod tests;
