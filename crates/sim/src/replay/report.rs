//! The report of a replay.

use super::Replay;
use super::answered::Commands;
use crate::audit::Audit;
use crate::deeds::Numbers;
use crate::files::{FileCalls, RowRefused};
use crate::plan::What;
use rules::name::Grade;
use rules::time::Instant;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a replay showed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Calls replayed.
    pub calls: usize,
    /// Units on the board.
    pub units: usize,
    /// Events recorded.
    pub events: u64,
    /// Commands given.
    pub commands: u64,
    /// Commands that were refused.
    pub refused: Vec<RefusedCommand>,
    /// Rows of the file that could not be read or planned.
    pub rows_refused: Vec<RowRefused>,
    /// Times of the file that found their unit at another job.
    pub times_set_aside: u64,
    /// Units sent to a call while on another.
    pub diverted: usize,
    /// What became of the obligations.
    pub obligations: Obligations,
    /// How many escalated under each rule.
    pub escalated_by_rule: BTreeMap<&'static str, u64>,
    /// The on-scene times of the file against the journal's.
    pub on_scene: OnSceneCheck,
    /// Arrivals within the time to arrive, by grade. Logs at which nobody arrived are in neither.
    pub target_times: Vec<TargetTimes>,
    /// Wall time, seconds.
    pub wall_s: f64,
    /// Commands a second of wall time.
    pub commands_per_s: f64,
    /// From giving a command to knowing it durable, with up to [`super::IN_FLIGHT`] on their way.
    pub latency_ms: Latency,
    /// Whether the journal verifies.
    pub verified: bool,
    /// What was made up.
    pub synthetic: Synthetic,
}

/// A command that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedCommand {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The command.
    pub command: &'static str,
    /// Why.
    pub reason: String,
}

impl RefusedCommand {
    /// A refusal at a moment of the file.
    pub fn new(at: Instant, command: &'static str, reason: String) -> RefusedCommand {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_string();
        RefusedCommand { at, command, reason }
    }
}

/// What became of the obligations, counted in the journal's records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Obligations {
    /// Armed.
    pub armed: u64,
    /// Ended: done, overtaken, or closed with their log.
    pub discharged: u64,
    /// Fired with a sound, or moved to another owner.
    pub escalated: u64,
    /// Neither ended nor lost.
    pub open: u64,
    /// Armed and not ended, but the room no longer holds them, or their moment passed unfired.
    pub lost: u64,
}

/// The on-scene times of the file against the journal's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OnSceneCheck {
    /// Times in the file.
    pub compared: usize,
    /// Those equal in the journal, to the millisecond.
    pub equal: usize,
    /// The first ten that are not, in words.
    pub different: Vec<String>,
}

/// Arrivals of one grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetTimes {
    /// The grade's label.
    pub grade: String,
    /// In time.
    pub met: u64,
    /// Late.
    pub missed: u64,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    /// Half are below.
    pub p50: f64,
    /// All but one in a hundred are below.
    pub p99: f64,
}

/// What was made up because the file lacks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Synthetic {
    /// Whether the units are.
    pub units: bool,
    /// Whether the staff are. They always are.
    pub staff: bool,
    /// All of it in words.
    pub words: &'static str,
}

impl Synthetic {
    /// What is made up for a file.
    pub fn of(calls: &FileCalls) -> Synthetic {
        Synthetic { units: calls.units_are_synthetic(), staff: true, words: calls.made_up() }
    }
}

/// Puts the report together.
pub fn report(
    replay: &Replay,
    audit: &Audit,
    numbers: &[Numbers],
    mut commands: Commands,
    wall_s: f64,
) -> Report {
    let plan = &replay.plan;
    let per_s = if wall_s > 0.0 { precise(commands.n) / wall_s } else { 0.0 };
    let grades: Vec<Grade> = replay.policy.grade.iter().map(|g| g.rank).collect();
    let targets = grades.into_iter().filter(|_| replay.has_response_times).filter_map(|grade| {
        let (met, missed) = audit.arrivals(grade)?;
        Some(TargetTimes { grade: replay.policy.grade_label(grade), met, missed })
    });
    Report {
        calls: numbers.iter().filter(|n| n.incident.is_some()).count(),
        units: plan.units.len(),
        events: audit.events,
        commands: commands.n,
        rows_refused: plan.refused.clone(),
        times_set_aside: plan.set_aside,
        diverted: plan.steps.iter().filter(|s| matches!(s.what, What::Divert { .. })).count(),
        obligations: audit.obligations(&replay.room.view(), replay.room.now()),
        escalated_by_rule: audit.escalated_by_rule(),
        on_scene: on_scene(replay, audit, numbers),
        target_times: targets.collect(),
        wall_s,
        commands_per_s: per_s,
        latency_ms: latency(&mut commands.latencies_us),
        refused: commands.refused,
        verified: false,
        synthetic: replay.synthetic.clone(),
    }
}

fn on_scene(replay: &Replay, audit: &Audit, numbers: &[Numbers]) -> OnSceneCheck {
    let plan = &replay.plan;
    let mut check = OnSceneCheck { compared: plan.on_scene.len(), ..OnSceneCheck::default() };
    for expected in &plan.on_scene {
        let log = numbers.get(expected.call as usize).and_then(|n| n.incident);
        let unit = plan.units.get(expected.unit as usize);
        let arrivals = match (log, unit) {
            (Some(log), Some(unit)) => audit.arrivals_of(log, &unit.call_sign),
            _ => &[],
        };
        if arrivals.contains(&expected.at) {
            check.equal += 1;
        } else if check.different.len() < 10 {
            let call = plan.calls.get(expected.call as usize);
            check.different.push(format!(
                "call {}, unit {}: {} in the file, {} in the journal",
                call.map_or("?", |c| c.file.number.as_str()),
                unit.map_or("?", |u| u.call_sign.as_str()),
                time(expected.at),
                match arrivals {
                    [] => "none".to_owned(),
                    some => some.iter().map(|at| time(*at)).collect::<Vec<_>>().join(" and "),
                }
            ));
        }
    }
    check
}

fn time(at: Instant) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_string()
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn precise(n: u64) -> f64 {
    n as f64
}

fn latency(us: &mut [u32]) -> Latency {
    us.sort_unstable();
    let at = |percent: usize| {
        let n = us.len().saturating_sub(1) * percent / 100;
        us.get(n).map_or(0.0, |us| f64::from(*us) / 1_000.0)
    };
    Latency { p50: at(50), p99: at(99) }
}
