//! Who can get there: every unit that could be sent to a log, ranked, each with what speaks for it
//! and what it lacks. It looks beyond the district, and at units on less urgent logs.
//!
//! Source: Learning the Lessons, case 1 (look beyond the district), case 5 (not the right tools).

use super::countdown::age_words;
use super::units::{is_position_stale, status_label};
use crate::command::Point;
use crate::incident::{Incident, needs};
use crate::name::*;
use crate::state::State;
use crate::time::{Instant, Span};
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

// What each shortfall is worth in minutes of travel. These are proposals of ours.
const EACH_LACK_MINUTES: u32 = 15;
const DIVERT_MINUTES: u32 = 10;
const LEAVE_SCENE_MINUTES: u32 = 10;
const STALE_MINUTES: u32 = 5;
const UNKNOWN_NEAR_MINUTES: u32 = 20;
const UNKNOWN_FAR_MINUTES: u32 = 40;

/// A shift that ends this soon is said, because a job may last longer.
const SHIFT_NEARLY_OVER: Span = Span::minutes(60);

const EARTH_RADIUS_METRES: f64 = 6_371_000.0;

/// How a unit would come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is on no log.
    Send,
    /// It is taken from a less urgent log, and somebody decides what becomes of that.
    Divert,
}

/// A unit that could go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// Its place, from 1.
    pub rank: u32,
    /// The unit.
    pub call_sign: CallSign,
    /// Its kind.
    pub kind: Label,
    /// Its district.
    pub district: Option<Label>,
    /// Whether it is sent or diverted.
    pub how: How,
    /// The log it would be taken from.
    pub from: Option<IncidentNumber>,
    /// That log's grade.
    pub from_grade: Option<Grade>,
    /// Its status, 0 to 16.
    pub status: u8,
    /// What that means.
    pub status_label: String,
    /// Metres by road, estimated.
    pub metres: Option<u32>,
    /// Minutes to get there, estimated, rounded up.
    pub minutes: Option<u32>,
    /// When its position was reported.
    pub position_at: Option<Instant>,
    /// Whether the position is older than the force trusts, or not known.
    pub position_stale: bool,
    /// Whether it comes from another district, or from farther than the force counts as near.
    pub beyond_district: bool,
    /// What speaks for it.
    pub reasons: Vec<String>,
    /// What it lacks.
    pub shortfalls: Vec<String>,
}

/// The units that could go to a log, the best first.
pub fn who_can_get_there(s: &State, log: &Incident, now: Instant) -> Vec<Candidate> {
    let mut all: Vec<(u32, Candidate)> = s
        .units
        .values()
        .filter(|u| u.on_shift(now) || u.on.is_some())
        .filter_map(|u| Some((u, how(s, log, u)?)))
        .map(|(u, how)| candidate(s, log, u, how, now))
        .collect();
    all.sort_by(|a, b| (a.0, &a.1.call_sign).cmp(&(b.0, &b.1.call_sign)));
    let numbered = all.into_iter().zip(1..);
    numbered.map(|((_, c), rank)| Candidate { rank, ..c }).collect()
}

/// How a unit could come, if it could. One that is on a log is offered only where this log is more
/// urgent, and never with an officer in an emergency.
fn how(s: &State, log: &Incident, u: &Unit) -> Option<How> {
    match u.on {
        None => s.policy.status(u.status).is_some_and(|row| row.deployable).then_some(How::Send),
        Some(on) if on == log.number || u.status == 0 => None,
        Some(on) => {
            let less_urgent = match (log.grade(), s.grade_of(on)) {
                (Some(here), Some(there)) => here.above(there),
                _ => false,
            };
            less_urgent.then_some(How::Divert)
        }
    }
}

/// A candidate with what it costs in minutes, everything it lacks counted in.
fn candidate(s: &State, log: &Incident, u: &Unit, how: How, now: Instant) -> (u32, Candidate) {
    let metres = road_metres(s, log, u);
    let minutes = metres.map(|m| minutes(s, m));
    let other_district = match (&u.district, &log.location.district) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    };
    let beyond = other_district || metres.is_some_and(|m| m > s.policy.dispatch.near_metres);
    let mut c = Candidate {
        rank: 0,
        call_sign: u.call_sign.clone(),
        kind: u.kind.clone(),
        district: u.district.clone(),
        how,
        from: u.on,
        from_grade: u.on.and_then(|n| s.grade_of(n)),
        status: u.status,
        status_label: status_label(s, u.status),
        metres,
        minutes,
        position_at: u.position.map(|(_, at)| at),
        position_stale: is_position_stale(s, u, now),
        beyond_district: beyond,
        reasons: Vec::new(),
        shortfalls: Vec::new(),
    };
    let lacks = fits(s, log, u, &mut c);
    shift_words(u, &mut c, now);
    distance_words(u, &mut c, now);
    status_words(s, &mut c);
    let cost = cost(&c, other_district) + lacks * EACH_LACK_MINUTES;
    (cost, c)
}

/// What the log needs of a unit: what it has, and how many things it lacks.
fn fits(s: &State, log: &Incident, u: &Unit, c: &mut Candidate) -> u32 {
    let mut lacks = 0;
    for need in needs::all(s, log) {
        let is_skill =
            s.policy.opening_code(&log.opening_code).is_some_and(|row| row.skills.contains(&need));
        let (yes, no) = match is_skill {
            true => ("trained in", "not trained in"),
            false => ("carries", "no"),
        };
        if u.has(&need) {
            c.reasons.push(format!("{yes} {need}"));
        } else {
            c.shortfalls.push(format!("{no} {need}"));
            lacks += 1;
        }
    }
    lacks
}

/// Its shift, where that is over or nearly so.
fn shift_words(u: &Unit, c: &mut Candidate, now: Instant) {
    let Some(shift) = u.shift else { return };
    if now < shift.from {
        c.shortfalls.push(format!("its shift begins in {}", age_words(now, shift.from)));
    } else if shift.until <= now {
        c.shortfalls.push(format!("its shift ended {} ago", age_words(shift.until, now)));
    } else if shift.until.since(now) <= SHIFT_NEARLY_OVER {
        c.shortfalls.push(format!("its shift ends in {}", age_words(now, shift.until)));
    }
}

fn distance_words(u: &Unit, c: &mut Candidate, now: Instant) {
    match (c.minutes, c.metres) {
        (Some(min), Some(m)) => {
            c.reasons.insert(0, format!("{min} min, {}.{} km by road", m / 1_000, m % 1_000 / 100));
        }
        _ if u.position.is_none() => c.shortfalls.push("position not known".to_owned()),
        _ => c.shortfalls.push("no distance: the log has no point on the map".to_owned()),
    }
    if let Some((_, at)) = u.position.filter(|_| c.position_stale) {
        c.shortfalls.push(format!("position {} old", age_words(at, now)));
    }
    match (&c.district, c.beyond_district) {
        (Some(district), true) => {
            c.shortfalls.push(format!("beyond the district, from {district}"))
        }
        (None, true) => c.shortfalls.push("beyond the district".to_owned()),
        (Some(_), false) => c.reasons.push("in the district".to_owned()),
        (None, false) => {}
    }
}

fn status_words(s: &State, c: &mut Candidate) {
    match (c.how, c.from) {
        (How::Divert, Some(from)) => {
            let grade = c.from_grade.map(|g| s.policy.grade_label(g)).unwrap_or_default();
            let label = c.status_label.to_lowercase();
            c.shortfalls.push(format!("would leave log {from} ({grade}), {label} there"));
        }
        _ => c.reasons.push(c.status_label.to_lowercase()),
    }
}

fn cost(c: &Candidate, other_district: bool) -> u32 {
    let unknown = if other_district { UNKNOWN_FAR_MINUTES } else { UNKNOWN_NEAR_MINUTES };
    let travel = c.minutes.unwrap_or(unknown);
    let stale = if c.position_stale && c.minutes.is_some() { STALE_MINUTES } else { 0 };
    let leaves = match (c.how, c.status) {
        (How::Send, _) => 0,
        (How::Divert, 6) => DIVERT_MINUTES + LEAVE_SCENE_MINUTES,
        (How::Divert, _) => DIVERT_MINUTES,
    };
    travel.saturating_add(stale + leaves)
}

/// Metres by road from a unit's last position to a log, estimated.
fn road_metres(s: &State, log: &Incident, u: &Unit) -> Option<u32> {
    let straight = haversine_metres(u.position?.0, log.location.point?);
    let road = straight * f64::from(s.policy.dispatch.road_factor_percent) / 100.0;
    // A distance on the Earth with any road factor a policy can hold fits, or saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    Some(road.round() as u32)
}

/// Minutes for a distance at the force's travelling speed, rounded up.
fn minutes(s: &State, metres: u32) -> u32 {
    let km_h = u64::from(s.policy.dispatch.travel_km_h.max(1));
    let minutes = (u64::from(metres) * 60).div_ceil(km_h * 1_000);
    u32::try_from(minutes).unwrap_or(u32::MAX)
}

/// The distance between two points on the Earth, in metres.
pub fn haversine_metres(a: Point, b: Point) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let half_lat = (lat_b - lat_a) / 2.0;
    let half_lon = (b.lon - a.lon).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * EARTH_RADIUS_METRES * h.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::policy::Policy;

    /// The scene; a degree of latitude is about 111 km.
    const HERE: Point = Point { lat: 51.85, lon: -4.31 };

    fn north(kilometres: f64) -> Option<Point> {
        Some(Point { lat: HERE.lat + kilometres / 111.195, lon: HERE.lon })
    }

    fn ranked(room: &Room, n: IncidentNumber) -> Vec<String> {
        let all = who_can_get_there(&room.s, room.open(n), room.now);
        all.into_iter().map(|c| c.call_sign.to_string()).collect()
    }

    fn candidate(room: &Room, n: IncidentNumber, unit: &str) -> Candidate {
        let all = who_can_get_there(&room.s, room.open(n), room.now);
        all.into_iter().find(|c| c.call_sign == call_sign(unit)).unwrap()
    }

    /// A policy in which a burglary needs a method of entry.
    fn room() -> Room {
        let mut policy: Policy = policy();
        let code = OpeningCode::parse("burglary").unwrap();
        let row = policy.opening_code.iter_mut().find(|row| row.code == code).unwrap();
        row.equipment = vec![label("method of entry")];
        Room::of(policy)
    }

    #[test]
    fn a_distance_is_the_one_on_the_earth() {
        let cardiff = Point { lat: 51.4816, lon: -3.1791 };
        let carmarthen = Point { lat: 51.8576, lon: -4.3121 };
        let km = haversine_metres(cardiff, carmarthen) / 1_000.0;
        assert!((88.0..=90.0).contains(&km), "{km}");
        assert!(haversine_metres(cardiff, cardiff) < 0.001);
    }

    #[test]
    fn the_nearest_unit_that_has_what_is_needed_comes_first() {
        let mut room = room();
        let n = room.log("burglary", Some(2), place("Here", Some(HERE)));
        room.unit("NEAR", "North", &[], north(1.0));
        room.unit("TOOLS", "North", &["method of entry"], north(8.0));
        room.unit("FAR", "North", &["method of entry"], north(11.0));
        assert_eq!(ranked(&room, n), ["TOOLS", "FAR", "NEAR"]);
        let tools = candidate(&room, n, "TOOLS");
        // 8 km x 1.3 at 60 km/h, rounded up.
        assert_eq!((tools.metres, tools.minutes), (Some(10_400), Some(11)));
        assert_eq!(
            tools.reasons,
            [
                "11 min, 10.4 km by road",
                "carries method of entry",
                "in the district",
                "on patrol, available"
            ]
        );
        assert_eq!(candidate(&room, n, "NEAR").shortfalls, ["no method of entry"]);
    }

    #[test]
    fn units_beyond_the_district_are_offered_and_say_so() {
        let mut room = room();
        let n = room.log("theft", Some(2), place("Here", Some(HERE)));
        room.unit("OURS", "North", &[], north(12.0));
        room.unit("THEIRS", "South", &[], north(2.0));
        assert_eq!(ranked(&room, n), ["THEIRS", "OURS"]);
        let theirs = candidate(&room, n, "THEIRS");
        assert!(theirs.beyond_district);
        assert_eq!(theirs.shortfalls, ["beyond the district, from South"]);
        assert!(candidate(&room, n, "OURS").beyond_district, "15.6 km by road is not near");
    }

    #[test]
    fn a_unit_is_diverted_only_from_a_less_urgent_log_and_after_free_ones() {
        let mut room = room();
        room.act(
            &dispatcher(),
            crate::command::SignOn { seat: SeatId::parse("S2").unwrap(), skills: Vec::new() },
        );
        let low = room.accepted("theft", 3, place("Low", Some(HERE)));
        let same = room.accepted("robbery", 1, place("Same", Some(HERE)));
        let n = room.log("robbery", Some(1), place("Here", Some(HERE)));
        room.unit("ONLOW", "North", &[], north(1.0));
        room.unit("ONSAME", "North", &[], north(1.0));
        room.unit("FREE", "North", &[], north(5.0));
        room.unit("COURT", "North", &[], north(1.0));
        room.deploy(low, "ONLOW");
        room.deploy(same, "ONSAME");
        room.status("ONLOW", 6);
        room.status("COURT", 10);
        assert_eq!(ranked(&room, n), ["FREE", "ONLOW"]);
        let diverted = candidate(&room, n, "ONLOW");
        assert_eq!((diverted.how, diverted.from), (How::Divert, Some(low)));
        let leaves = format!("would leave log {low} (Scheduled), at scene there");
        assert_eq!(diverted.shortfalls, [leaves]);
        assert_eq!(ranked(&room, low), ["FREE"], "never for a less urgent log");
    }

    #[test]
    fn an_old_or_unknown_position_counts_against_a_unit() {
        let mut room = room();
        let n = room.log("theft", Some(2), place("Here", Some(HERE)));
        room.unit("OLD", "North", &[], north(1.0));
        room.unit("NOWHERE", "North", &[], None);
        room.minutes(10);
        room.unit("FRESH", "North", &[], north(4.0));
        assert_eq!(ranked(&room, n), ["FRESH", "OLD", "NOWHERE"]);
        assert_eq!(candidate(&room, n, "OLD").shortfalls, ["position 10 min old"]);
        assert_eq!(candidate(&room, n, "NOWHERE").shortfalls, ["position not known"]);
    }
}
