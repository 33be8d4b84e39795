//! How the alarms themselves are doing: what is lit, what sounds, which position is in flood.

use crate::name::ObligationId;
use crate::obligation::{Obligation, Rule};
use crate::policy::Level;
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many rules the count names.
const BUSIEST_SHOWN: usize = 10;

/// How the alarms themselves are doing.
///
/// Source: ISA-18.2 and EEMUA 191: more than ten in ten minutes at one position is a flood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmCounts {
    /// How many obligations are open.
    pub n_open: u32,
    /// How many of them are past their due time.
    pub n_late: u32,
    /// How many are lit somewhere, by level, A1 first.
    pub lit_by_level: Vec<LevelCount>,
    /// How many alarms sound now, somewhere, and nobody has silenced them.
    pub n_sounding: u32,
    /// How many were silenced and are still lit.
    pub n_silenced: u32,
    /// What each position has heard within the window, the busiest first.
    pub positions: Vec<PositionCount>,
    /// The rules that are lit most, the most first.
    pub busiest: Vec<RuleCount>,
}

/// How many at a level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelCount {
    /// The level.
    pub level: Level,
    /// How many.
    pub n: u32,
}

/// What a position has heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PositionCount {
    /// The position.
    pub position: Owner,
    /// How often it heard something within the force's window.
    pub n: u32,
    /// Whether it is in flood.
    pub flooded: bool,
}

/// How often a rule is lit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleCount {
    /// The rule.
    pub rule: Rule,
    /// How many of its obligations are lit.
    pub n: u32,
}

/// How the alarms themselves are doing.
pub fn alarm_counts(s: &State, now: Instant) -> AlarmCounts {
    let mut lit: BTreeMap<ObligationId, &Obligation> = BTreeMap::new();
    for rolled in s.alarms.rolled.values() {
        lit.extend(rolled.lit.iter().filter_map(|id| Some((*id, s.obligations.get(id)?))));
    }
    let of_level =
        |level: Level| LevelCount { level, n: n(lit.values().filter(|o| o.level == Some(level))) };
    let heard = || s.alarms.rolled.values().filter(|rolled| rolled.heard.is_some());
    let mut by_rule: BTreeMap<Rule, u32> = BTreeMap::new();
    lit.values().for_each(|o| *by_rule.entry(o.rule).or_default() += 1);
    let mut busiest: Vec<RuleCount> =
        by_rule.into_iter().map(|(rule, n)| RuleCount { rule, n }).collect();
    busiest.sort_by_key(|r| (Reverse(r.n), r.rule));
    busiest.truncate(BUSIEST_SHOWN);
    AlarmCounts {
        n_open: n(s.obligations.values()),
        n_late: n(s.obligations.values().filter(|o| o.due_at <= now)),
        lit_by_level: [Level::A1, Level::A2, Level::A3, Level::A4].map(of_level).into(),
        n_sounding: n(heard().filter(|rolled| !rolled.silenced)),
        n_silenced: n(heard().filter(|rolled| rolled.silenced)),
        positions: positions(s, now),
        busiest,
    }
}

fn n<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn positions(s: &State, now: Instant) -> Vec<PositionCount> {
    let since = now - s.policy.alarm.flood_window;
    let heard = |(position, times): (&Owner, &Vec<Instant>)| PositionCount {
        position: position.clone(),
        n: n(times.iter().filter(|at| since < **at)),
        flooded: s.alarms.flooded.contains(position),
    };
    let mut all: Vec<PositionCount> = s.alarms.sounds.iter().map(heard).collect();
    all.sort_by(|a, b| (Reverse(a.n), &a.position).cmp(&(Reverse(b.n), &b.position)));
    all
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::*;

    #[test]
    fn the_counts_agree_with_what_is_lit() {
        let mut room = Room::new();
        for i in 0..3 {
            room.accepted("robbery", 1, place(&format!("{i} High St"), None));
        }
        room.minutes(6);
        let counts = alarm_counts(&room.s, room.now);
        let lit: u32 = counts.lit_by_level.iter().map(|l| l.n).sum();
        assert_eq!(lit, counts.busiest.iter().map(|r| r.n).sum::<u32>());
        assert_eq!(counts.lit_by_level.first().map(|l| (l.level, l.n)), Some((Level::A1, 3)));
        assert_eq!(counts.n_open, u32::try_from(room.s.obligations.size()).unwrap());
        assert!(counts.positions.first().is_some_and(|p| p.n > 0));
    }
}
