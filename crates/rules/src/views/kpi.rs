//! How the alarms did over the last day, counted from what is recorded and from nothing else: how
//! often each position heard something, which rules sound most, what chatters, what stands, how
//! long it takes until somebody silences it and until somebody does something.
//!
//! Source: ISA-18.2, IEC 62682 and EEMUA 191: about one alarm in ten minutes at a position is what
//! a person can answer, two is the most, ten is a flood; a few rules make most of the noise.

mod heard; //  what the events say, kept for a day
mod report; // the numbers
mod spread; // the middle and the end of a list of numbers

pub use heard::AlarmLog;
pub use report::alarm_kpi;

use super::alarms::LevelCount;
use crate::name::ObligationId;
use crate::obligation::Rule;
use crate::policy::Level;
use crate::role::Owner;
use crate::time::{Instant, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far back the numbers go.
pub const WINDOW: Span = Span::minutes(24 * 60);
/// The length of the stretches in which sounds are counted.
pub const BIN: Span = Span::minutes(10);
/// So many sounds of one kind at one position within [`CHATTER_WITHIN`] are chatter.
pub const CHATTER_MORE_THAN: usize = 2;
/// The time within which they are.
pub const CHATTER_WITHIN: Span = Span::minutes(1);
/// What has been due for longer than this and is still lit is stale.
pub const STALE_AFTER: Span = Span::minutes(24 * 60);
/// How many rules are named as the worst, and how many standing alarms are listed.
const NAMED: usize = 10;

/// How the alarms did over the last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmKpi {
    /// From when the numbers are: a day ago, or when the journal began.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// How often anything sounded.
    pub sounds: u32,
    /// All positions together, and each; the one that hears most first.
    pub all: Load,
    /// Each position.
    pub positions: Vec<PositionLoad>,
    /// How often something was told, by level, A1 first. About 5, 15 and 80 in a hundred is good.
    pub told_by_level: Vec<LevelCount>,
    /// The rules that sounded most, the most first.
    pub bad_actors: Vec<BadActor>,
    /// How much of all sounds those make together, in hundredths.
    pub bad_actors_percent: u32,
    /// What sounded three times or more within a minute at one position.
    pub chattering: Vec<Chatter>,
    /// How many are lit now.
    pub n_standing: u32,
    /// How many of those have been due for more than a day.
    pub n_stale: u32,
    /// Those that have been due for longest, the longest first.
    pub standing: Vec<Standing>,
    /// Each rule that sounded or was told: how long it took.
    pub rules: Vec<RuleKpi>,
    /// Until somebody silenced a sound.
    pub to_silence: Waits,
    /// Until somebody chose a verb, or did what was owed.
    pub to_deed: Waits,
    /// How many went out though nobody did anything about them.
    pub n_without_deed: u32,
    /// What was put off.
    pub delays: Delays,
}

/// How much is heard in ten minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// In how many stretches of ten minutes somebody was there.
    pub stretches: u32,
    /// In half of them no more than this was heard.
    pub p50: u32,
    /// In 95 of 100 no more than this.
    pub p95: u32,
    /// The most in one.
    pub most: u32,
    /// In how many it was more than the force calls a flood.
    pub over: u32,
}

/// How much a position heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PositionLoad {
    /// The position.
    pub position: Owner,
    /// How often it heard something.
    pub sounds: u32,
    /// In ten minutes.
    pub load: Load,
    /// How much of the time in which somebody was there it was in flood, in thousandths.
    pub flood_per_mille: u32,
}

/// A rule that sounds often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BadActor {
    /// The rule.
    pub rule: Rule,
    /// What is owed.
    pub owed: String,
    /// How often it sounded.
    pub sounds: u32,
    /// How much of all sounds that is, in hundredths.
    pub percent: u32,
}

/// What sounds again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Chatter {
    /// Where.
    pub position: Owner,
    /// The rule.
    pub rule: Rule,
    /// What is owed.
    pub owed: String,
    /// The most sounds within a minute.
    pub most: u32,
    /// When it last did.
    pub last_at: Instant,
}

/// What is lit and stays lit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// The obligation.
    pub obligation: ObligationId,
    /// The rule.
    pub rule: Rule,
    /// What is owed, and on what.
    pub words: String,
    /// How loud it is.
    pub level: Level,
    /// Since when it is due.
    pub due_at: Instant,
    /// How long that is, in words.
    pub age_words: String,
    /// Whether it is stale.
    pub stale: bool,
}

/// How long something takes, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waits {
    /// How many there were.
    pub n: u32,
    /// Half took no longer than this; none where there were none.
    pub p50_s: Option<u32>,
    /// 95 of 100 took no longer.
    pub p95_s: Option<u32>,
}

/// How a rule did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleKpi {
    /// The rule.
    pub rule: Rule,
    /// What is owed.
    pub owed: String,
    /// How often it sounded.
    pub sounds: u32,
    /// From its first sound until somebody at the position silenced it.
    pub to_silence: Waits,
    /// From when it was first told as critical or high until somebody chose a verb or did it.
    pub to_deed: Waits,
    /// How many went out though nobody did anything about them.
    pub n_without_deed: u32,
    /// How many were put off.
    pub n_delayed: u32,
}

/// What was put off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delays {
    /// How often.
    pub n: u32,
    /// For how long.
    pub length: Waits,
    /// How many delays ended and sounded.
    pub n_ended_loud: u32,
    /// How many are put off now.
    pub n_now: u32,
}
