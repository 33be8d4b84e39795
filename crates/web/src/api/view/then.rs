//! A log as it stood at a moment that has passed.

use rules::name::IncidentNumber;
use rules::role::Role;
use rules::time::Instant;
use rules::views::log::{Line, LogView};
use rules::views::replay::{AlarmThen, BoardThen, Moment, RoleThen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which moment, and through whose eyes.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Replay {
    /// As it stood at this moment; as it stands now if neither is given.
    pub at: Option<Instant>,
    /// As it stood when this record had been written.
    pub seq: Option<u64>,
    /// As this role; a dispatcher if not said.
    pub role: Option<Role>,
}

/// A log as it stood at a moment.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReplayView {
    /// The log.
    pub incident: IncidentNumber,
    /// The moment.
    pub at: Instant,
    /// The last record of the journal that had been written by then.
    pub seq: u64,
    /// When the log was opened.
    pub opened_at: Instant,
    /// The last moment that can be shown: now, or the closing.
    pub ends_at: Instant,
    /// Whether the log was open then.
    pub open: bool,
    /// The record of the moment before.
    pub previous: Option<u64>,
    /// The record of the moment after.
    pub next: Option<u64>,
    /// How many moments there are, and how many of them were past.
    pub n_moments: u64,
    /// How many of them had been.
    pub n_past: u64,
    /// How many moments more there are than are kept.
    pub n_left_out: u64,
    /// The moments around: the last before, the first after.
    pub moments: Vec<Moment>,
    /// Whether the records are as they were written.
    pub chain: Chain,
    /// What was lit about the log, and where.
    pub alarms: Vec<AlarmThen>,
    /// What each role had in front of it.
    pub roles: Vec<RoleSaw>,
    /// The log through the eyes of the role that was asked for.
    pub seen: Seen,
}

/// Whether the records from the log's opening to the moment are as they were written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Chain {
    /// Whether each follows from the one before and a signed head covers them.
    pub holds: bool,
    /// The first record checked.
    pub from: u64,
    /// The last.
    pub to: u64,
    /// How many records the signed head covers that was found true; none while the newest are not
    /// signed yet.
    pub signed: Option<u64>,
    /// When it was signed.
    pub signed_at: Option<Instant>,
    /// Whether there are too many to check here: check the whole journal then.
    pub cut_short: bool,
    /// What is wrong, and with which record.
    pub fault: Option<String>,
}

/// A role, with what it may see as the table of roles stands today.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RoleSaw {
    /// What it had in front of it.
    #[serde(flatten)]
    pub then: RoleThen,
    /// Whether it may see a log.
    pub may_see_log: bool,
    /// Whether it may see the open logs.
    pub may_see_board: bool,
    /// Whether it hears alarms.
    pub may_hear: bool,
}

/// The log through the eyes of a role.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Seen {
    /// The role.
    pub role: Role,
    /// Its place among the open logs; none where the role sees no board, or it was not open.
    pub board: Option<BoardThen>,
    /// The log; none where the role sees no logs.
    pub log: Option<LogView>,
    /// What had happened on it, line by line; empty where the role sees no logs.
    pub lines: Vec<Line>,
}
