//! The same things for the script that draws them, as GeoJSON. A symbol is named by what is on it,
//! so that the script draws each only once.

use super::super::frame::Viewer;
use super::asked::{Asked, By};
use super::matter::{Matter, everything};
use crate::App;
use crate::lang::Say;
use rules::command::{Known, Point};
use rules::state::State;
use rules::time::Instant;
use rules::views::countdown::age_words;
use rules::views::map::{MapLog, MapUnit};
use serde_json::{Value, json};

/// A ring has so many corners.
const CORNERS: u32 = 48;
/// The rank that a log without a grade is drawn with: nobody knows what it is.
const UNGRADED: u8 = 0;
const METRES_OF_A_DEGREE: f64 = 111_195.0;

/// Everything with a point, worst first.
pub(super) fn data(app: &App, viewer: &Viewer, asked: &Asked) -> Value {
    let (s, now, say) = (app.room.view(), app.room.now(), viewer.say("map"));
    let (district, spot) = (asked.district.clone(), asked.spot.clone());
    let by_risk = Asked { by: By::Risk, district, spot, text: None };
    let all = everything(app, &s, &by_risk);
    let (mut alone, mut many, mut units) = (Vec::new(), Vec::new(), Vec::new());
    let (mut rings, mut lines) = (Vec::new(), Vec::new());
    for (order, matter) in all.iter().enumerate() {
        let Some(point) = matter.point() else { continue };
        let drawn = feature(matter, point, order, &Room { s: &s, now, say });
        match matter {
            Matter::Log(log) => {
                if log.stands_alone() {
                    alone.push(drawn)
                } else {
                    many.push(drawn)
                }
                rings.extend(log.within.map(|metres| ring(point, metres)));
            }
            Matter::Unit(unit) => {
                units.push(drawn);
                lines.extend(to_log(unit, point, &s));
            }
        }
    }
    json!({
        "seq": s.seq,
        "alone": collection(alone),
        "many": collection(many),
        "units": collection(units),
        "rings": collection(rings),
        "lines": collection(lines),
    })
}

fn collection(features: Vec<Value>) -> Value {
    json!({ "type": "FeatureCollection", "features": features })
}

/// What is needed to put one of them in words.
struct Room<'r> {
    s: &'r State,
    now: Instant,
    say: Say,
}

fn feature(matter: &Matter, at: Point, order: usize, room: &Room<'_>) -> Value {
    let Room { s, now, say } = *room;
    let (symbol, rank, open) = match matter {
        Matter::Log(log) => {
            (of_log(log, &matter.name(s)), rank(log), Some(format!("/incidents/{}", log.row.n)))
        }
        Matter::Unit(unit) => (of_unit(unit, now), u8::MAX, None),
    };
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [at.lon, at.lat] },
        "properties": {
            "id": matter.id(),
            "order": order,
            "rank": rank,
            "symbol": symbol,
            "says": matter.says(s, say),
            "open": open,
        },
    })
}

fn rank(log: &MapLog) -> u8 {
    log.row.grade.map_or(UNGRADED, rules::name::Grade::rank)
}

/// `log|1|0412|late,emergency,vague`
fn of_log(log: &MapLog, name: &str) -> String {
    let marks = [
        ("late", log.row.late),
        ("emergency", log.emergency),
        ("vague", log.known != Known::Known),
    ];
    let marks: Vec<&str> = marks.iter().filter(|(_, on)| *on).map(|(word, _)| *word).collect();
    format!("log|{}|{name}|{}", rank(log), marks.join(","))
}

/// `unit|DC14|5|free|9 min`: the age only where it is stale.
fn of_unit(unit: &MapUnit, now: Instant) -> String {
    let unit = &unit.unit;
    let state = match (unit.emergency, unit.available) {
        (true, _) => "emergency",
        (false, true) => "free",
        (false, false) => "busy",
    };
    let age = unit.position_at.filter(|_| unit.position_stale).map(|at| age_words(at, now));
    let age = age.unwrap_or_default();
    format!("unit|{}|{}|{state}|{age}", unit.call_sign, unit.status)
}

/// From a unit to the log it is on.
fn to_log(unit: &MapUnit, at: Point, s: &State) -> Option<Value> {
    let to = s.incident(unit.unit.on?)?.location.point?;
    Some(json!({
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [[at.lon, at.lat], [to.lon, to.lat]],
        },
        "properties": {},
    }))
}

/// How far off a point may be.
fn ring(at: Point, metres: u32) -> Value {
    let north = f64::from(metres) / METRES_OF_A_DEGREE;
    // At the poles a circle is no circle on this map.
    let east = north / at.lat.to_radians().cos().max(0.01);
    let corner = |i: u32| {
        let turn = std::f64::consts::TAU * f64::from(i % CORNERS) / f64::from(CORNERS);
        json!([at.lon + east * turn.sin(), at.lat + north * turn.cos()])
    };
    let corners: Vec<Value> = (0..=CORNERS).map(corner).collect();
    json!({
        "type": "Feature",
        "geometry": { "type": "Polygon", "coordinates": [corners] },
        "properties": {},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::views::reach::haversine_metres;

    #[test]
    fn a_ring_is_as_far_from_its_middle_as_it_says() {
        let at = Point { lat: 53.6, lon: 1.2 };
        let ring = ring(at, 180);
        let corners = ring["geometry"]["coordinates"][0].as_array().unwrap();
        assert_eq!(corners.first(), corners.last());
        for corner in corners {
            let lon = corner[0].as_f64().unwrap();
            let there = Point { lat: corner[1].as_f64().unwrap(), lon };
            assert!((haversine_metres(at, there) - 180.0).abs() < 1.0);
        }
    }
}
