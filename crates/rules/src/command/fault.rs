//! What is asked for about faults.

use super::FaultKind;
use crate::name::*;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

asked! {
    /// Reports a fault: of a headset, a position, a telephone, a radio, a system, or of data that
    /// is wrong.
    ReportFault {
        /// What has the fault.
        kind: FaultKind,
        /// What happens.
        what: Reason,
        /// Where; one's own seat if it is left out.
        seat: Option<SeatId>,
        /// Since when; now if it is left out.
        since: Option<Instant>,
        /// Whether it stops one working.
        #[serde(default)]
        stops_work: bool,
        /// The contact during which it happened.
        contact: Option<ContactId>,
        /// Whether that call, or a part of it, was lost.
        #[serde(default)]
        call_lost: bool,
    }
    /// Says what was done about a fault.
    AnswerFault {
        /// The fault.
        fault: FaultId,
        /// What was done, or will be.
        words: Reason,
        /// Whether that put it right.
        #[serde(default)]
        mended: bool,
    }
}
