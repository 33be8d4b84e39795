//! The risk held in the queue, as one number with its parts.

use super::super::countdown::age_words;
use super::{BoardFilter, BoardRow, board, why_rank};
use crate::name::*;
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many of the worst logs are named.
const WORST_SHOWN: usize = 5;

/// The risk held in the queue as one number, with its parts. The queue is every open log that waits
/// for a unit, and every one that nobody has graded.
///
/// Source: Learning the Lessons, case 9: sixty other incidents, and nobody saw the sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QueueRisk {
    /// The sum of the risk of each log.
    pub points: u64,
    /// The sum in a sentence.
    pub words: String,
    /// How many logs wait.
    pub n_logs: u32,
    /// How many are over their target.
    pub n_late: u32,
    /// How many carry a marker.
    pub n_marked: u32,
    /// How many informants have rung again.
    pub n_chased: u32,
    /// How many have no person as their owner.
    pub n_ownerless: u32,
    /// The parts by grade, most urgent first, those without a grade before them all.
    pub by_grade: Vec<GradeRisk>,
    /// The worst logs and why.
    pub worst: Vec<WorstLog>,
}

/// A grade's part of the risk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GradeRisk {
    /// The grade; none is "not graded".
    pub grade: Option<Grade>,
    /// Its word.
    pub label: String,
    /// How many logs.
    pub n_logs: u32,
    /// How many of them are late.
    pub n_late: u32,
    /// Their risk.
    pub points: u64,
}

/// One of the worst logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorstLog {
    /// The log.
    pub n: IncidentNumber,
    /// Its risk.
    pub points: u32,
    /// How long it has waited.
    pub waited: String,
    /// Why it ranks here.
    pub why_rank: Vec<String>,
}

/// The risk held in the queue.
pub fn queue_risk(s: &State, now: Instant) -> QueueRisk {
    let queue: Vec<BoardRow> = board(s, now, &BoardFilter::default())
        .into_iter()
        .filter(|row| row.no_unit_since.is_some() || row.grade.is_none())
        .collect();
    let n = |wanted: &dyn Fn(&BoardRow) -> bool| count(queue.iter().filter(|r| wanted(r)));
    let points = queue.iter().map(|row| u64::from(row.risk)).sum();
    let (n_logs, n_late) = (n(&|_| true), n(&|r| r.late));
    QueueRisk {
        points,
        words: format!("{points} points of risk in {n_logs} logs that wait, {n_late} of them late"),
        n_logs,
        n_late,
        n_marked: n(&|r| !r.markers.is_empty()),
        n_chased: n(&|r| s.incident(r.n).is_some_and(|log| !log.chased_at.is_empty())),
        n_ownerless: n(&|r| matches!(r.owner, Owner::Desk(_))),
        by_grade: by_grade(s, &queue),
        worst: queue.iter().take(WORST_SHOWN).filter_map(|row| worst(s, row, now)).collect(),
    }
}

fn count<T>(rows: impl Iterator<Item = T>) -> u32 {
    u32::try_from(rows.count()).unwrap_or(u32::MAX)
}

fn by_grade(s: &State, queue: &[BoardRow]) -> Vec<GradeRisk> {
    let mut parts: BTreeMap<Option<Grade>, GradeRisk> = BTreeMap::new();
    for row in queue {
        let label = || row.grade.map_or("not graded".to_owned(), |g| s.policy.grade_label(g));
        let part = parts.entry(row.grade).or_insert_with(|| GradeRisk {
            grade: row.grade,
            label: label(),
            n_logs: 0,
            n_late: 0,
            points: 0,
        });
        part.n_logs += 1;
        part.n_late += u32::from(row.late);
        part.points += u64::from(row.risk);
    }
    parts.into_values().collect()
}

fn worst(s: &State, row: &BoardRow, now: Instant) -> Option<WorstLog> {
    let log = s.incident(row.n)?;
    Some(WorstLog {
        n: row.n,
        points: row.risk,
        waited: age_words(row.no_unit_since.unwrap_or(log.opened_at), now),
        why_rank: why_rank(s, log, now),
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::*;

    #[test]
    fn the_risk_in_the_queue_is_one_number_with_its_parts() {
        let mut room = Room::new();
        let a = room.accepted("burglary", 2, place("A", None));
        room.marker(a, "MARAC");
        let b = room.accepted("robbery", 1, place("B", None));
        room.log("theft", None, place("Not graded", None));
        room.log("theft", Some(4), place("Nobody attends", None));
        let attended = room.accepted("robbery", 1, place("Attended", None));
        room.unit("DC14", "North", &[], None);
        room.deploy(attended, "DC14");
        room.minutes(5);
        let queue = queue_risk(&room.s, room.now);
        let parts: Vec<(&str, u32, u32)> =
            queue.by_grade.iter().map(|g| (g.label.as_str(), g.n_logs, g.n_late)).collect();
        assert_eq!(parts, [("not graded", 1, 0), ("Immediate", 1, 1), ("Priority", 1, 0)]);
        assert_eq!(queue.points, queue.by_grade.iter().map(|g| g.points).sum::<u64>());
        assert_eq!((queue.n_logs, queue.n_late, queue.n_marked), (3, 1, 1));
        assert_eq!(queue.worst.first().map(|w| w.n), Some(b));
    }
}
