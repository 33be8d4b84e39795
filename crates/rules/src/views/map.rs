//! Where everything is: open logs and units, worst first, with how far each is from what somebody
//! looks at. What has no point is in it too, so that the list beside a map leaves nothing out.

use super::board::{BoardFilter, BoardRow, board};
use super::reach::haversine_metres;
use super::units::{UnitRow, units};
use crate::command::{Known, Point};
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// An open log.
    Log(IncidentNumber),
    /// A unit.
    Unit(CallSign),
}

/// An open log on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MapLog {
    /// The log as the board shows it.
    pub row: BoardRow,
    /// Where; none if nobody has given a point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// How far off the point may be, in metres, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
    /// Whether it is known where it is.
    pub known: Known,
    /// Whether an officer on it has called for help.
    pub emergency: bool,
    /// How far it is from what is looked at, in metres, as the crow flies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<u32>,
}

impl MapLog {
    /// Whether it is never drawn as one of many: an officer's emergency, the most urgent grade, or
    /// no grade yet, for nobody knows what that is.
    pub fn stands_alone(&self) -> bool {
        self.emergency || self.row.grade.is_none_or(|grade| grade.rank() == 1)
    }
}

/// A unit on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MapUnit {
    /// The unit as the unit board shows it, with its last position and how old that is.
    pub unit: UnitRow,
    /// How far it is from what is looked at, in metres, as the crow flies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<u32>,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MapView {
    /// When that was.
    pub at: Instant,
    /// The open logs, those with an officer's emergency first, then in the order of the board.
    pub logs: Vec<MapLog>,
    /// The units, officers' emergencies first.
    pub units: Vec<MapUnit>,
}

/// Where everything is. With a district, only what is there, and every emergency and whatever is
/// looked at; `from` is the point that distances are measured from.
pub fn map(
    s: &State,
    now: Instant,
    district: Option<&Label>,
    at: Option<&Spot>,
    from: Option<Point>,
) -> MapView {
    let helped: BTreeSet<IncidentNumber> =
        s.units.values().filter(|u| u.status == 0).filter_map(|u| u.on).collect();
    let here = |of: Option<&Label>| district.is_none() || of == district;
    let metres = |point: Option<Point>| distance(from, point);
    let logs = board(s, now, &BoardFilter::default()).into_iter().filter_map(|row| {
        let location = &s.incident(row.n)?.location;
        let emergency = helped.contains(&row.n);
        let looked_at = at == Some(&Spot::Log(row.n));
        (here(row.district.as_ref()) || emergency || looked_at).then(|| MapLog {
            point: location.point,
            within: location.within,
            known: location.known,
            emergency,
            metres: metres(location.point),
            row,
        })
    });
    let mut logs: Vec<MapLog> = logs.collect();
    logs.sort_by_key(|log| !log.emergency);
    let units = units(s, now).into_iter().filter(|u| {
        let looked_at = matches!(at, Some(Spot::Unit(name)) if *name == u.call_sign);
        here(u.district.as_ref()) || u.emergency || looked_at
    });
    let units = units.map(|unit| MapUnit { metres: metres(unit.position), unit }).collect();
    MapView { at: now, logs, units }
}

/// Where what is looked at is; nothing if nobody knows.
pub fn point_of(s: &State, spot: &Spot) -> Option<Point> {
    match spot {
        Spot::Log(n) => s.incident(*n)?.location.point,
        Spot::Unit(name) => s.units.get(name)?.position.map(|(point, _)| point),
    }
}

fn distance(from: Option<Point>, to: Option<Point>) -> Option<u32> {
    let metres = haversine_metres(from?, to?).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no two points of the Earth are 4,000,000 km apart"
    )]
    Some(metres as u32)
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::{Location, SetLocation};

    fn km(n: f64) -> Point {
        // A degree of latitude is about 111 km.
        Point { lat: 51.85 + n / 111.195, lon: -4.31 }
    }

    #[test]
    fn everything_is_there_worst_first_with_its_distance() {
        let mut room = Room::new();
        let far = room.accepted("burglary", 2, place("Far", Some(km(5.0))));
        let near = room.accepted("robbery", 1, place("Near", Some(km(0.0))));
        let nowhere = room.log("theft", Some(3), place("Nobody has said", None));
        room.unit("DC14", "North", &[], Some(km(2.0)));
        room.unit("DC15", "North", &[], None);
        let spot = Spot::Log(near);
        let from = point_of(&room.s, &spot);
        let all = map(&room.s, room.now, None, Some(&spot), from);
        let logs: Vec<_> = all.logs.iter().map(|l| (l.row.n, l.metres)).collect();
        assert_eq!(logs, [(near, Some(0)), (far, Some(5_000)), (nowhere, None)]);
        let alone: Vec<bool> = all.logs.iter().map(MapLog::stands_alone).collect();
        assert_eq!(alone, [true, false, false]);
        let units: Vec<_> =
            all.units.iter().map(|u| (u.unit.call_sign.as_str(), u.metres)).collect();
        assert_eq!(units, [("DC14", Some(2_000)), ("DC15", None)]);
        let plain = map(&room.s, room.now, None, None, None);
        assert!(plain.logs.iter().all(|l| l.metres.is_none()));
        assert_eq!(point_of(&room.s, &Spot::Log(nowhere)), None);
    }

    #[test]
    fn an_emergency_is_on_every_map_and_before_everything() {
        let mut room = Room::new();
        let worst = room.accepted("robbery", 1, place("A", Some(km(0.0))));
        let at = room.accepted("burglary", 2, place("B", Some(km(1.0))));
        room.unit("DC14", "North", &[], Some(km(1.0)));
        room.unit("DC15", "North", &[], Some(km(3.0)));
        room.deploy(at, "DC14");
        room.status("DC14", 0);
        let all = map(&room.s, room.now, Some(&label("South")), None, None);
        let logs: Vec<_> = all.logs.iter().map(|l| (l.row.n, l.emergency)).collect();
        assert_eq!(logs, [(at, true)]);
        assert!(all.logs.iter().all(MapLog::stands_alone));
        assert_eq!(all.units.len(), 1);
        let spot = Spot::Log(worst);
        let looked = map(&room.s, room.now, Some(&label("South")), Some(&spot), None);
        assert_eq!(looked.logs.len(), 2);
        assert_eq!(looked.logs.first().map(|l| l.row.n), Some(at));
    }

    #[test]
    fn a_log_says_how_far_off_its_point_may_be() {
        let mut room = Room::new();
        let vague = |within| Location {
            known: Known::Vague,
            within,
            ..place("by the canal", Some(km(0.0)))
        };
        let n = room.log("burglary", Some(2), vague(Some(180)));
        let all = map(&room.s, room.now, None, None, None);
        assert_eq!(all.logs.first().and_then(|l| l.within), Some(180));
        let set = |location| SetLocation { incident: n, location };
        assert!(room.try_act(&handler(), set(vague(Some(200_000)))).is_err());
        let pointless = Location { point: None, ..vague(Some(10)) };
        assert!(room.try_act(&handler(), set(pointless)).is_err());
        assert!(room.try_act(&handler(), set(vague(None))).is_ok());
    }
}
