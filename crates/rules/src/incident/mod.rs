//! The log: one incident from opening to closing.

pub mod acceptance; //   passed on, accepted, owned until completion
pub mod agencies; //     rung, told, chased; victims referred
pub mod appointments; // booked, kept or told
pub mod carried; //      what follows the log to the officer
pub mod checks; //       intelligence checks
pub mod closing; //      what must be done before a log closes
pub mod crime; //        a crime recorded in time, or why it is none
pub mod decision; //     a decision with its grounds
pub mod entries; //      append-only, struck through, never edited
pub mod escalation; //   unresourced, nobody acted, nothing written, unread, chased
pub mod fits; //         which agency fits best
mod fold; //             the log as its events make it
pub mod grade; //        how soon
pub mod missing; //      somebody missing, found, spoken with
pub mod needs; //        what it needs of those who go
pub mod opening; //      opening code, location, the informant's words
pub mod opinion; //      fact or opinion?
pub mod prompts; //      what the call asks because of what was said
pub mod questions; //    addressed, answered, lit until then
pub mod requests; //     what agencies are asked for and answer
pub mod sop; //          the standard operating procedure
pub mod tags; //         lists
pub mod target_time; //  both clocks
pub mod thrive; //       the assessment, and again
pub mod told; //         what the informant was told, and ring-backs
pub mod work; //         planned, and done

use crate::command::*;
use crate::event::Suggestion;
use crate::name::*;
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::{List, State};
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub number: IncidentNumber,
    /// How many times people have changed it, for `If-Match`.
    pub version: u64,
    /// When the informant first got in touch, if by a contact.
    pub contacted_at: Option<Instant>,
    /// When the log was opened.
    pub opened_at: Instant,
    /// Who opened it.
    pub opened_by: By,
    /// The policy it is judged under.
    pub policy_version: Arc<str>,
    /// The opening code now.
    pub opening_code: OpeningCode,
    /// The codes before, with when and why each was left.
    pub codes_before: Vec<(OpeningCode, Instant, Reason)>,
    /// Where.
    pub location: Location,
    /// The informant's own words at opening.
    pub words: Words,
    /// Who reports.
    pub informant: Option<Informant>,
    /// The contacts that belong to it.
    pub contacts: Vec<ContactId>,
    /// When contacts chased it.
    pub chased_at: Vec<Instant>,
    /// Every grade it had, newest last.
    pub grades: Vec<Graded>,
    /// Higher grades asked for and not yet decided.
    pub contested: Option<(Grade, StaffId, Reason)>,
    /// Every THRIVE, newest last.
    pub thrive: Vec<Arc<Thrive>>,
    /// The entries.
    pub entries: List<Arc<Entry>>,
    /// When something was last written.
    pub written_at: Instant,
    /// When somebody last acted. Reading, accepting and writing are not acting.
    pub acted_at: Option<Instant>,
    /// How far each person has read.
    pub read: Vec<(StaffId, u32)>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The markers found.
    pub markers: Vec<Marker>,
    /// The SOP's steps that are settled.
    pub sop_settled: Vec<(Label, Outcome, StaffId, Instant)>,
    /// Who opened the SOP, and when.
    pub sop_opened: Vec<(StaffId, Instant)>,
    /// The checks.
    pub checks: Vec<Check>,
    /// The questions.
    pub questions: Vec<Question>,
    /// What the call asked and what was answered, the newest answer of each.
    #[serde(default)]
    pub prompts: Vec<Prompted>,
    /// Doubts about the code that were raised, and whether they are settled.
    pub doubts: Vec<Doubt>,
    /// When it was passed to dispatch.
    pub passed_at: Option<Instant>,
    /// Who accepted it, and when.
    pub accepted: Option<(StaffId, Instant)>,
    /// Who owns it.
    pub owner: Owner,
    /// What somebody said it needs of those who go.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Agencies that were rung, in order.
    #[serde(default)]
    pub rung: Vec<Rung>,
    /// Victims who were offered help.
    #[serde(default)]
    pub referrals: Vec<Referral>,
    /// The units sent.
    pub deployments: Vec<Deployment>,
    /// The supervising sergeant.
    pub sergeant: Option<StaffId>,
    /// Other logs it belongs with.
    pub links: Vec<(IncidentNumber, Relation)>,
    /// What the informant was told.
    pub told: Vec<(Told, Words, Instant)>,
    /// A promised ring-back that is open.
    pub ring_back_by: Option<Instant>,
    /// The attempts to ring back.
    #[serde(default)]
    pub ring_backs: Vec<RingBackMade>,
    /// The appointments.
    #[serde(default)]
    pub appointments: Vec<appointments::Appointment>,
    /// What became of a report of a crime.
    #[serde(default)]
    pub crime: Option<Box<crime::CrimeSettled>>,
    /// Planned work, and how it was done.
    #[serde(default)]
    pub work: Vec<work::Work>,
    /// What few logs have: requests to agencies, somebody missing.
    #[serde(default)]
    pub others: Option<Box<Others>>,
    /// What came in its call instead of words.
    #[serde(default)]
    pub signal: Option<Signal>,
    /// How it was closed.
    pub closed: Option<Closing>,
    /// When it was last opened again.
    #[serde(default)]
    pub reopened_at: Option<Instant>,
    /// How many of the deployments were before that.
    #[serde(default)]
    pub deployed_before: usize,
    /// What was said in its calls, where that is known.
    #[serde(default)]
    pub heard: Option<Arc<crate::contact::heard::Heard>>,
}

/// What few logs have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Others {
    /// What agencies were asked for, in order.
    pub requests: Vec<requests::Asked>,
    /// Somebody missing.
    pub missing: Option<missing::Missing>,
    /// What became of each action for them.
    pub actions: Vec<(Label, Outcome, StaffId, Instant)>,
    /// Where the person lives, and how that is known.
    pub home: Option<(Place, Words, StaffId, Instant)>,
    /// Which agency fits best.
    pub fit: Option<fits::Fit>,
}

/// An agency that was rung.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rung {
    /// The agency.
    pub agency: Label,
    /// What came of it.
    pub outcome: AgencyOutcome,
    /// Who was spoken to, and what was said.
    pub words: Reason,
    /// By whom.
    pub by: StaffId,
    /// When it happened.
    pub at: Instant,
}

/// A victim who was offered help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Referral {
    /// By which organisation.
    pub to: Label,
    /// Whether they agreed.
    pub agreed: bool,
    /// What they said, and what was done.
    pub words: Words,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

/// Something a log needs of those who go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// What.
    pub need: Label,
    /// Why.
    pub reason: Option<Reason>,
    /// Who said so.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

/// A grade it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// The grade.
    pub grade: Grade,
    /// Since when.
    pub at: Instant,
    /// By whom.
    pub by: By,
    /// Why.
    pub reason: Option<Reason>,
    /// What Callbox suggested then, and why.
    pub suggested: Suggestion,
    /// The supervisor who agreed.
    pub agreed_by: Option<StaffId>,
}

/// One THRIVE assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thrive {
    /// From 1.
    pub version: u32,
    /// The elements.
    pub elements: Vec<ThriveElement>,
    /// Whether the informant could be heard and understood.
    pub informant_understood: bool,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: By,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1.
    pub entry: u32,
    /// What it says.
    pub text: Words,
    /// When it happened.
    pub happened_at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Who wrote it.
    pub by: By,
    /// Whether the owner must read it at once.
    pub critical: bool,
    /// Whether these are the informant's own words.
    pub own_words: bool,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Why it was struck through, by whom, and the entry that corrects it.
    pub struck: Option<(Reason, StaffId, Option<u32>)>,
}

/// A marker found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// Its kind.
    pub marker: Label,
    /// What it says.
    pub text: Words,
    /// Whether an officer must see it before arrival.
    pub officer_safety: bool,
    /// When it was found.
    pub at: Instant,
    /// Which marker of a person, a number or a place it is, and how the log met it; nothing where
    /// somebody wrote it on the log.
    #[serde(default)]
    pub met: Option<crate::marker::Met>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What is checked.
    pub check: Label,
    /// What it found.
    pub outcome: Option<Outcome>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// From 1.
    pub question: u32,
    /// Who is asked.
    pub to: Owner,
    /// By whom.
    pub asked_by: StaffId,
    /// When.
    pub at: Instant,
    /// The question.
    pub text: Words,
    /// The answer.
    pub outcome: Option<Outcome>,
    /// Who answered, and when it was recorded.
    #[serde(default)]
    pub answered: Option<(StaffId, Instant)>,
}

/// An attempt to ring back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingBackMade {
    /// When it happened.
    pub at: Instant,
    /// By whom.
    pub by: StaffId,
    /// Whether somebody was spoken to.
    pub spoke: bool,
    /// What was said, or what happened.
    pub words: Words,
}

/// A question of the call that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompted {
    /// Its name in policy.
    pub prompt: Label,
    /// The question as it was asked.
    pub words: String,
    /// The answer.
    pub answer: Answered,
    /// Whether it was given by a cough, a tap or a key.
    pub by_signal: bool,
    /// By whom it was recorded.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

/// A doubt about the opening code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Its name in policy.
    pub doubt: Label,
    /// The code the facts suggest.
    pub suggests: OpeningCode,
    /// The words that raised it.
    pub words: String,
    /// Whether only a supervisor may keep the code.
    pub forced: bool,
    /// Whether it has been decided.
    pub settled: bool,
}

/// A unit sent to the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// The unit.
    pub call_sign: CallSign,
    /// When it was sent.
    pub deployed_at: Instant,
    /// Why one more.
    pub reason: Option<Reason>,
    /// Whether without a word on the radio.
    pub silent: bool,
    /// When the unit confirmed.
    pub confirmed_at: Option<Instant>,
    /// When it went en route (status 5).
    pub en_route_at: Option<Instant>,
    /// When the officer opened the risk card, or was read it.
    pub card_opened_at: Option<Instant>,
    /// When it arrived (status 6).
    pub at_scene_at: Option<Instant>,
    /// When the officer was last heard from.
    pub heard_at: Option<Instant>,
    /// When it left, and where to if it was diverted.
    pub left: Option<(Instant, Option<IncidentNumber>)>,
    /// The checks that were not done when it was sent.
    #[serde(default)]
    pub checks_open: Vec<Label>,
    /// What the log needed then, and neither it nor anybody there had.
    #[serde(default)]
    pub lacks: Vec<Label>,
}

/// How a log was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
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

impl Incident {
    /// The grade now.
    pub fn grade(&self) -> Option<Grade> {
        self.grades.last().map(|g| g.grade)
    }

    /// The units that are on it now.
    pub fn active_units(&self) -> impl Iterator<Item = &Deployment> {
        self.deployments.iter().filter(|d| d.left.is_none())
    }

    /// Whether some unit is on it now.
    pub fn is_resourced(&self) -> bool {
        self.active_units().next().is_some()
    }

    /// The units sent since the log was opened, or opened again: what was done before helps nobody
    /// now.
    pub fn deployments_since_opened(&self) -> &[Deployment] {
        self.deployments.get(self.deployed_before..).unwrap_or_default()
    }

    /// When the first unit arrived since the log was opened, or opened again.
    pub fn first_arrival(&self) -> Option<Instant> {
        self.deployments_since_opened().iter().filter_map(|d| d.at_scene_at).min()
    }

    /// The next entry's number.
    pub fn next_entry(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The questions without an answer.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|q| q.outcome.is_none())
    }

    /// How far somebody has read.
    pub fn read_by(&self, staff: &StaffId) -> u32 {
        self.read.iter().find(|(s, _)| s == staff).map_or(0, |(_, n)| *n)
    }
}

impl State {
    /// A log that is open.
    ///
    /// # Errors
    /// That there is none of this number, or that it is closed and can be reopened.
    pub fn open_incident(&self, n: IncidentNumber) -> Result<&Incident, Refused> {
        let log = self.any_incident(n)?;
        match &log.closed {
            Some(_) => {
                Err(Refused::conflict(format!("log {n} is closed: reopen it first, with a reason")))
            }
            None => Ok(log),
        }
    }

    /// A log, open or closed, that the room has at hand.
    ///
    /// # Errors
    /// That there is none of this number.
    pub fn any_incident(&self, n: IncidentNumber) -> Result<&Incident, Refused> {
        self.incident(n).ok_or_else(|| {
            Refused::not_found(format!("there is no log {n}: check the number, or search for it"))
        })
    }
}
