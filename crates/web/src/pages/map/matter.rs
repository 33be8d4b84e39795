//! A log or a unit as the map and its list show it: one order, one name, one sentence for both.

use super::asked::{Asked, By};
use crate::App;
use crate::lang::{Say, t};
use crate::place::grid_of;
use rules::command::{Known, Point};
use rules::line::short;
use rules::name::Grade;
use rules::state::State;
use rules::views::map::{MapLog, MapUnit, Spot, map};

/// One of them.
pub(super) enum Matter {
    Log(Box<MapLog>),
    Unit(Box<MapUnit>),
}

impl Matter {
    pub fn spot(&self) -> Spot {
        match self {
            Matter::Log(log) => Spot::Log(log.row.n),
            Matter::Unit(unit) => Spot::Unit(unit.unit.call_sign.clone()),
        }
    }

    pub fn id(&self) -> String {
        let spot = Some(self.spot());
        Asked { spot, ..Asked::default() }.spot_id().unwrap_or_default()
    }

    pub fn point(&self) -> Option<Point> {
        match self {
            Matter::Log(log) => log.point,
            Matter::Unit(unit) => unit.unit.position,
        }
    }

    pub fn metres(&self) -> Option<u32> {
        match self {
            Matter::Log(log) => log.metres,
            Matter::Unit(unit) => unit.metres,
        }
    }

    /// The grid reference of its point.
    pub fn grid(&self) -> Option<String> {
        let within = match self {
            Matter::Log(log) => log.within,
            Matter::Unit(_) => None,
        };
        self.point().and_then(|point| grid_of(point, within))
    }

    /// A log by its short number, a unit by its call sign.
    pub fn name(&self, s: &State) -> String {
        match self {
            Matter::Log(log) => short(s, log.row.n),
            Matter::Unit(unit) => unit.unit.call_sign.to_string(),
        }
    }

    fn emergency(&self) -> bool {
        match self {
            Matter::Log(log) => log.emergency,
            Matter::Unit(unit) => unit.unit.emergency,
        }
    }

    /// The whole of it in a sentence, as it is read out.
    pub fn says(&self, s: &State, say: Say) -> String {
        let mut parts = match self {
            Matter::Log(log) => log_parts(log, s, say),
            Matter::Unit(unit) => unit_parts(unit, s, say),
        };
        parts.extend(self.grid());
        parts.extend(self.metres().filter(|m| *m > 0).map(|m| far(m, say)));
        parts.join(", ")
    }
}

fn log_parts(log: &MapLog, s: &State, say: Say) -> Vec<String> {
    let row = &log.row;
    let number = short(s, row.n);
    let mut parts = Vec::new();
    if log.emergency {
        parts.push(t!(say, "map-emergency"));
    }
    parts.push(graded(row.grade, s, say));
    parts.push(t!(say, "map-log-n", n = number, code = row.code.as_str()));
    parts.extend(Some(row.place.clone()).filter(|place| !place.is_empty()));
    if log.known != Known::Known {
        parts.push(inexact(log.within, say));
    }
    parts.extend(
        row.countdown
            .as_ref()
            .map(|at| if row.late { t!(say, "map-late", at = at.as_str()) } else { at.clone() }),
    );
    parts
}

fn unit_parts(unit: &MapUnit, s: &State, say: Say) -> Vec<String> {
    let unit = &unit.unit;
    let mut parts = Vec::new();
    if unit.emergency {
        parts.push(t!(say, "map-emergency"));
    }
    parts.push(unit.call_sign.to_string());
    parts.push(unit.status_label.clone());
    parts.extend(unit.on.map(|n| t!(say, "map-on", n = short(s, n))));
    if unit.position_stale {
        parts.push(unit.position_words.clone());
    }
    parts
}

/// A grade in words.
pub(super) fn graded(grade: Option<Grade>, s: &State, say: Say) -> String {
    match grade {
        Some(grade) => {
            t!(say, "map-grade", n = grade.rank(), label = s.policy.grade_label(grade))
        }
        None => t!(say, "map-ungraded"),
    }
}

/// That a place is not exactly known.
pub(super) fn inexact(within: Option<u32>, say: Say) -> String {
    match within {
        Some(metres) => t!(say, "map-within", far = far(metres, say)),
        None => t!(say, "map-vague"),
    }
}

/// A distance in words: `450 m`, `2.3 km`.
pub(super) fn far(metres: u32, say: Say) -> String {
    if metres < 1_000 {
        return t!(say, "map-metres", n = metres);
    }
    let tenths = (metres + 50) / 100;
    t!(say, "map-kilometres", n = format!("{}.{}", tenths / 10, tenths % 10))
}

/// Everything, in the order that was asked for. By risk, emergencies are before everything, then
/// the logs in the order of the board, then the units.
pub(super) fn everything(app: &App, s: &State, asked: &Asked) -> Vec<Matter> {
    let from = asked.from(s);
    let view = map(s, app.room.now(), asked.district.as_ref(), asked.spot.as_ref(), from);
    let logs = view.logs.into_iter().map(|log| Matter::Log(Box::new(log)));
    let units = view.units.into_iter().map(|unit| Matter::Unit(Box::new(unit)));
    let mut all: Vec<Matter> = logs.chain(units).collect();
    match asked.by {
        By::Risk => all.sort_by_key(|matter| !matter.emergency()),
        By::Near => all.sort_by_key(|matter| matter.metres().unwrap_or(u32::MAX)),
        By::Name => all.sort_by_key(Matter::spot),
    }
    all
}
