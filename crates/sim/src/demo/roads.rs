//! Where units are: on the way to a log, at it, or out and about in their district. Radios say so
//! about once a minute; those of officers on foot are often out of reach.

use super::words::TOWNS;
use super::{Demo, Item};
use crate::cast::crew;
use room::Room;
use rules::command::{Point, ReportPosition};
use rules::incident::Incident;
use rules::name::CallSign;
use rules::time::{Instant, Span};
use rules::unit::Unit;
use rules::views::reach::haversine_metres;

/// A marked car with its lights on, in metres a second, as the crow flies.
const HURRYING: f64 = 28.0;
/// A patrol.
const PATROLLING: f64 = 9.0;
/// The kind of unit whose radios are often out of reach.
const ON_FOOT: &str = "neighbourhood";

/// From one place to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    from: Point,
    to: Point,
    left: Instant,
    arrives: Instant,
}

impl Way {
    /// Where somebody is on it.
    fn at(&self, at: Instant) -> Point {
        let whole = seconds(self.arrives.since(self.left)).max(1.0);
        let part = (seconds(at.since(self.left)) / whole).clamp(0.0, 1.0);
        let between = |from: f64, to: f64| from + (to - from) * part;
        Point { lat: between(self.from.lat, self.to.lat), lon: between(self.from.lon, self.to.lon) }
    }
}

/// Spans of a day, far below the range in which whole milliseconds are exact.
#[expect(clippy::cast_precision_loss, reason = "spans of a day")]
fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1_000.0
}

/// How long a way takes.
fn travel(from: Point, to: Point, metres_a_second: f64) -> Span {
    #[expect(clippy::cast_possible_truncation, reason = "a county is crossed in an hour")]
    let ms = (haversine_metres(from, to) / metres_a_second * 1_000.0) as i64;
    Span(ms)
}

impl Demo {
    /// A unit sets out for a log. What is returned is when it arrives.
    pub(super) fn sets_out(&mut self, unit: &Unit, log: &Incident, at: Instant) -> Instant {
        let turning_out = Span(self.chance.between(30_000, 120_000));
        let from = self.is_at(unit, at);
        let (Some(from), Some(to)) = (from, log.location.point) else {
            let far = if log.location.rural { 1_100_000 } else { 700_000 };
            return at + Span(self.chance.between(180_000, far));
        };
        let drive = Span(travel(from, to, HURRYING).0.clamp(60_000, 1_000_000));
        let left = at + turning_out;
        let way = Way { from, to, left, arrives: left + drive };
        self.ways.insert(unit.call_sign.clone(), way);
        way.arrives
    }

    /// A unit's radio says where it is.
    pub(super) fn says_where(&mut self, room: &Room, at: Instant, call_sign: &CallSign) {
        let view = self.look(room);
        let Some(unit) = view.units.get(call_sign) else { return };
        if unit.on.is_none() {
            self.wanders(unit, at);
        }
        if let Some(point) = self.is_at(unit, at) {
            let here = ReportPosition { call_sign: call_sign.clone(), point };
            self.give(room, at, crew(call_sign), here.into());
        }
        let on_foot = unit.kind.as_str() == ON_FOOT;
        let (least, most) = if on_foot { (400, 900) } else { (45, 75) };
        self.soon(at, least, most, Item::Where(call_sign.clone()));
    }

    /// Where a unit is now, if it was ever anywhere.
    fn is_at(&self, unit: &Unit, at: Instant) -> Option<Point> {
        let way = self.ways.get(&unit.call_sign).map(|way| way.at(at));
        way.or_else(|| unit.position.map(|(point, _)| point))
    }

    /// On no log: somewhere in its district, then somewhere else.
    fn wanders(&mut self, unit: &Unit, at: Instant) {
        if self.ways.get(&unit.call_sign).is_some_and(|way| at < way.arrives) {
            return;
        }
        let district = unit.district.as_ref().map(|d| d.as_str().to_owned());
        let mut towns: Vec<_> =
            TOWNS.iter().filter(|t| district.as_deref() == Some(t.district)).collect();
        if towns.is_empty() {
            towns.extend(TOWNS);
        }
        let town = *self.chance.one_of(&towns);
        let to = self.near(town);
        let from = self.is_at(unit, at).unwrap_or(to);
        let arrives = at + travel(from, to, PATROLLING);
        self.ways.insert(unit.call_sign.clone(), Way { from, to, left: at, arrives });
    }
}
