//! What is promised or planned on a log and what came of it: appointments, work, a crime to record;
//! and whether an escalation was kept.

use super::parts::*;
use crate::name::*;
use crate::role::Owner;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

asked! {
    /// Says what becomes of a report of a crime, on an open log or a closed one.
    SettleCrime {
        /// The incident.
        incident: IncidentNumber,
        /// The crime's number, why it is no crime, or that the crime desk has it.
        outcome: CrimeOutcome,
    }
    /// Plans work on a log.
    PlanWork {
        /// The incident.
        incident: IncidentNumber,
        /// What will be done.
        what: Words,
        /// By whom.
        by: Owner,
        /// By when.
        due: Instant,
    }
    /// Says how planned work was done, or why it was not.
    FinishWork {
        /// The incident.
        incident: IncidentNumber,
        /// The work's number.
        work: u32,
        /// How it was done, or why it was not.
        outcome: Outcome,
        /// Who did it, where that is not whoever writes it: a unit, an officer, a team.
        #[serde(default)]
        done_by: Option<Label>,
    }
    /// Books an appointment with somebody about the log.
    BookAppointment {
        /// The incident.
        incident: IncidentNumber,
        /// From when.
        starts_at: Instant,
        /// Until when.
        ends_at: Instant,
        /// Whom it is with.
        with: PersonName,
        /// Where.
        place: Place,
        /// Who comes: a call sign or a team.
        attends: Label,
        /// What the person needs: an interpreter, who should not be there, how to come to the door.
        needs: Option<Reason>,
    }
    /// Records what came of an appointment: it was kept, moved, cancelled, or nobody was there.
    EndAppointment {
        /// The incident.
        incident: IncidentNumber,
        /// The appointment's number.
        appointment: u32,
        /// What came of it.
        result: AppointmentResult,
        /// In words; of one that was not kept, what the person was told.
        words: Reason,
    }
    /// Says whether an escalation that was drawn in a dip sample was kept, and why.
    MarkEscalation {
        /// The sample.
        sample: Sample,
        /// The obligation that was told upwards.
        obligation: ObligationId,
        /// Whether it was kept: told in time, and decided by somebody in words that say why.
        kept: bool,
        /// Why.
        words: Reason,
    }
}
