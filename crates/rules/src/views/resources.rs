//! Resources by district, and the scenes that tie up staff.

use super::board::{BoardFilter, BoardRow, board, place_words};
use super::countdown::age_words;
use super::units::is_available;
use crate::incident::Incident;
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A district's units against what waits there.
///
/// Source: Learning the Lessons, case 9, force action: a resource-management sergeant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DistrictView {
    /// The district; none is for units and logs without one.
    pub district: Option<Label>,
    /// Its name for a page.
    pub words: String,
    /// How many units.
    pub n_units: u32,
    /// How many are free.
    pub n_available: u32,
    /// How many are on a log.
    pub n_on_logs: u32,
    /// The units by kind.
    pub kinds: Vec<KindCount>,
    /// The free units.
    pub available: Vec<CallSign>,
    /// How many logs are open.
    pub n_open: u32,
    /// How many of them wait for a unit.
    pub n_waiting: u32,
    /// How many are over their target.
    pub n_late: u32,
    /// The risk of its open logs.
    pub risk: u64,
    /// The logs that wait, in risk order.
    pub waiting: Vec<IncidentNumber>,
    /// Whether more logs wait than units are free.
    pub short: bool,
}

/// How many units of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: Label,
    /// How many.
    pub n: u32,
    /// How many of them are free.
    pub n_available: u32,
}

/// Every district that has a unit or a log, the one with the most risk first.
pub fn districts(s: &State, now: Instant) -> Vec<DistrictView> {
    let rows = board(s, now, &BoardFilter::default());
    let of_row = |row: &BoardRow| s.incident(row.n).and_then(|log| log.location.district.clone());
    let mut logs: BTreeMap<Option<Label>, Vec<&BoardRow>> = BTreeMap::new();
    for row in &rows {
        logs.entry(of_row(row)).or_default().push(row);
    }
    let mut units: BTreeMap<Option<Label>, Vec<&Unit>> = BTreeMap::new();
    for u in s.units.values() {
        units.entry(u.district.clone()).or_default().push(u);
    }
    let names: BTreeSet<&Option<Label>> = logs.keys().chain(units.keys()).collect();
    let of = |name: &Option<Label>| {
        let units = units.get(name).map_or(&[][..], Vec::as_slice);
        let logs = logs.get(name).map_or(&[][..], Vec::as_slice);
        district(s, name.clone(), units, logs, now)
    };
    let mut all: Vec<DistrictView> = names.into_iter().map(of).collect();
    all.sort_by_key(|d| std::cmp::Reverse(d.risk));
    all
}

fn district(
    s: &State,
    name: Option<Label>,
    units: &[&Unit],
    logs: &[&BoardRow],
    now: Instant,
) -> DistrictView {
    let free: Vec<&&Unit> = units.iter().filter(|u| is_available(s, u, now)).collect();
    let waiting: Vec<IncidentNumber> =
        logs.iter().filter(|r| r.no_unit_since.is_some()).map(|r| r.n).collect();
    DistrictView {
        words: name.as_ref().map_or("no district".to_owned(), ToString::to_string),
        district: name,
        n_units: n(units.len()),
        n_available: n(free.len()),
        n_on_logs: n(units.iter().filter(|u| u.on.is_some()).count()),
        kinds: kinds(s, units, now),
        available: free.iter().map(|u| u.call_sign.clone()).collect(),
        n_open: n(logs.len()),
        n_waiting: n(waiting.len()),
        n_late: n(logs.iter().filter(|r| r.late).count()),
        risk: logs.iter().map(|r| u64::from(r.risk)).sum(),
        short: free.len() < waiting.len(),
        waiting,
    }
}

fn n(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn kinds(s: &State, units: &[&Unit], now: Instant) -> Vec<KindCount> {
    let mut by_kind: BTreeMap<&Label, (u32, u32)> = BTreeMap::new();
    for u in units {
        let (all, free) = by_kind.entry(&u.kind).or_default();
        *all += 1;
        *free += u32::from(is_available(s, u, now));
    }
    let count = |(kind, (n, n_available)): (&Label, (u32, u32))| KindCount {
        kind: kind.clone(),
        n,
        n_available,
    };
    by_kind.into_iter().map(count).collect()
}

/// A scene that ties up staff.
///
/// Source: Learning the Lessons, West Yorkshire dispatchers: scenes are part of every handover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scene {
    /// The log.
    pub n: IncidentNumber,
    /// Its grade.
    pub grade: Option<Grade>,
    /// Its opening code.
    pub code: OpeningCode,
    /// Where.
    pub place: String,
    /// The district.
    pub district: Option<Label>,
    /// The units at the scene.
    pub units: Vec<CallSign>,
    /// How many people are on them.
    pub n_staff: u32,
    /// Since when the first of them is there.
    pub since: Instant,
    /// How long that is.
    pub since_words: String,
}

/// The scenes with units at them now, the longest first.
pub fn scenes(s: &State, now: Instant) -> Vec<Scene> {
    let open = s.incidents.values().filter(|log| log.closed.is_none());
    let mut all: Vec<Scene> = open.filter_map(|log| scene(s, log, now)).collect();
    all.sort_by_key(|scene| (scene.since, scene.n));
    all
}

fn scene(s: &State, log: &Incident, now: Instant) -> Option<Scene> {
    let there = || log.active_units().filter(|d| d.at_scene_at.is_some());
    let since = there().filter_map(|d| d.at_scene_at).min()?;
    let units: Vec<CallSign> = there().map(|d| d.call_sign.clone()).collect();
    let staff = units.iter().filter_map(|u| s.units.get(u)).map(|u| u.crew.len()).sum();
    Some(Scene {
        n: log.number,
        grade: log.grade(),
        code: log.opening_code.clone(),
        place: place_words(log),
        district: log.location.district.clone(),
        units,
        n_staff: n(staff),
        since,
        since_words: age_words(since, now),
    })
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::super::units::units;
    use super::*;

    #[test]
    fn a_district_shows_its_units_against_what_waits() {
        let mut room = Room::new();
        room.unit("DC14", "North", &[], None);
        room.unit("DC15", "South", &[], None);
        let a = room.accepted("robbery", 1, place("A", None));
        let b = room.accepted("theft", 3, place("B", None));
        room.deploy(a, "DC14");
        let all = districts(&room.s, room.now);
        let [first, second] = &all[..] else { panic!("{all:?}") };
        assert_eq!((first.words.as_str(), second.words.as_str()), ("North", "South"));
        assert_eq!((first.n_units, first.n_available, first.n_on_logs), (1, 0, 1));
        assert_eq!((first.n_open, &first.waiting[..], first.short), (2, &[b][..], true));
        assert_eq!((second.available.len(), second.short), (1, false));
    }

    #[test]
    fn scenes_that_tie_up_staff_are_listed_longest_first() {
        let mut room = Room::new();
        let short = room.accepted("robbery", 1, place("Short", None));
        let long = room.accepted("sudden death", 1, place("Long", None));
        for name in ["DC14", "DC15", "DC16"] {
            room.unit(name, "North", &[], None);
        }
        room.deploy(long, "DC14");
        room.status("DC14", 6);
        room.minutes(90);
        room.deploy(short, "DC15");
        room.status("DC15", 6);
        let all = scenes(&room.s, room.now);
        let of: Vec<_> = all.iter().map(|x| (x.n, x.n_staff, x.since_words.as_str())).collect();
        assert_eq!(of, [(long, 2, "1 h 30 min"), (short, 2, "0 s")]);
    }

    #[test]
    fn the_unit_board_puts_an_emergency_first_and_marks_an_old_position() {
        let mut room = Room::new();
        let here = Some(crate::command::Point { lat: 51.85, lon: -4.31 });
        room.unit("DC14", "North", &[], here);
        room.unit("DC15", "North", &[], None);
        room.unit("DC16", "North", &[], here);
        room.status("DC16", 0);
        room.minutes(5);
        let all = units(&room.s, room.now);
        let names: Vec<&str> = all.iter().map(|u| u.call_sign.as_str()).collect();
        assert_eq!(names, ["DC16", "DC14", "DC15"]);
        let words: Vec<&str> = all.iter().map(|u| u.position_words.as_str()).collect();
        assert_eq!(words, ["position 5 min old", "position 5 min old", "position not known"]);
        assert!(all.iter().all(|u| u.position_stale));
        let [emergency, free, _] = &all[..] else { panic!("{all:?}") };
        assert!(emergency.emergency && !emergency.available && free.available);
    }
}
