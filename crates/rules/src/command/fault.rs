//! What is asked for about faults.

use super::FaultKind;
use crate::name::*;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Reports a fault: of a headset, a position, a telephone, a radio, a system, or of data that
/// is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportFault {
    /// What has the fault.
    pub kind: FaultKind,
    /// What happens.
    pub what: Reason,
    /// Where; one's own seat if it is left out.
    pub seat: Option<SeatId>,
    /// Since when; now if it is left out.
    pub since: Option<Instant>,
    /// Whether it stops one working.
    #[serde(default)]
    pub stops_work: bool,
    /// The contact during which it happened.
    pub contact: Option<ContactId>,
    /// Whether that call, or a part of it, was lost.
    #[serde(default)]
    pub call_lost: bool,
}

/// Says what was done about a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFault {
    /// The fault.
    pub fault: FaultId,
    /// What was done, or will be.
    pub words: Reason,
    /// Whether that put it right.
    #[serde(default)]
    pub mended: bool,
}
