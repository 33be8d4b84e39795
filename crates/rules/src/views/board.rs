//! Open logs in risk order. A row is compact, so that a thousand of them travel fast.

mod queue; // the risk held in the queue, as one number

pub use queue::{GradeRisk, QueueRisk, WorstLog, queue_risk};

use super::countdown::{Target, countdown_words};
use super::risk::Risk;
use crate::incident::{Incident, escalation};
use crate::name::*;
use crate::obligation::{Obligation, Subject};
use crate::policy::Level;
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters of a place on a row; the log has them all.
const PLACE_MAX: usize = 48;

/// One open log on the board. What is empty or false is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardRow {
    /// The log's number.
    pub n: IncidentNumber,
    /// Its grade; none is "not graded".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// When the running clock is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// How far that is, signed: `+00:03` is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countdown: Option<String>,
    /// Which clock runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Target>,
    /// Whether that clock has passed its target.
    #[serde(default, skip_serializing_if = "is_false")]
    pub late: bool,
    /// The opening code.
    pub code: OpeningCode,
    /// The kinds of marker on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Label>,
    /// Where, shortened; empty if it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The units on it now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<RowUnit>,
    /// Who owns it.
    pub owner: Owner,
    /// How many questions have no answer.
    #[serde(default, skip_serializing_if = "is_none")]
    pub questions: u32,
    /// How many obligations have fired and are still open.
    #[serde(default, skip_serializing_if = "is_none")]
    pub lit: u32,
    /// The loudest of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Since when it waits for a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_unit_since: Option<Instant>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The risk it holds; higher is worse.
    pub risk: u32,
    /// The log's version, for `If-Match`.
    pub v: u64,
}

/// A unit on a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowUnit {
    /// Its call sign.
    pub unit: CallSign,
    /// Its status, 0 to 16.
    pub status: u8,
}

fn is_false(b: &bool) -> bool {
    !*b
}

fn is_none(n: &u32) -> bool {
    *n == 0
}

/// Which logs are wanted. An empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BoardFilter {
    /// Of this grade only.
    pub grade: Option<Grade>,
    /// In this district only.
    pub district: Option<Label>,
    /// Owned by this person only.
    pub owner: Option<StaffId>,
    /// Owned by this desk only, nobody there having taken it.
    pub desk: Option<Role>,
    /// With this tag only.
    pub tag: Option<Tag>,
    /// With this opening code only.
    pub code: Option<OpeningCode>,
    /// Only those that wait for a unit.
    pub unresourced: bool,
    /// Only those over their target.
    pub late: bool,
}

impl BoardFilter {
    fn wants(&self, s: &State, log: &Incident) -> bool {
        let is = |wanted: &Option<Grade>| wanted.is_none() || *wanted == log.grade();
        let owner = match (&self.owner, &self.desk) {
            (Some(staff), _) => matches!(&log.owner, Owner::Staff(x) if x == staff),
            (None, Some(desk)) => log.owner == Owner::Desk(*desk),
            (None, None) => true,
        };
        log.closed.is_none()
            && is(&self.grade)
            && owner
            && (self.district.is_none() || self.district == log.location.district)
            && self.tag.as_ref().is_none_or(|tag| log.tags.contains(tag))
            && self.code.as_ref().is_none_or(|code| log.opening_code == *code)
            && (!self.unresourced || escalation::waits_for_a_unit(s, log))
    }
}

/// What is lit on a log: how many, and the loudest.
#[derive(Clone, Copy, Debug, Default)]
struct Lit {
    n: u32,
    level: Option<Level>,
}

impl Lit {
    fn add(&mut self, o: &Obligation) {
        if o.rung > 0 {
            self.n += 1;
            self.level = self.level.into_iter().chain(o.level).min();
        }
    }

    fn of(s: &State, log: &Incident) -> Lit {
        let mut lit = Lit::default();
        s.obligations_about(&Subject::Incident(log.number)).for_each(|o| lit.add(o));
        lit
    }

    /// What is lit on every log, in one pass.
    fn all(s: &State) -> BTreeMap<IncidentNumber, Lit> {
        let mut all: BTreeMap<IncidentNumber, Lit> = BTreeMap::new();
        for o in s.obligations.values().filter(|o| o.rung > 0) {
            if let Some(n) = o.about.incident() {
                all.entry(n).or_default().add(o);
            }
        }
        all
    }
}

/// The open logs that a filter wants, in risk order, the worst first.
pub fn board(s: &State, now: Instant, filter: &BoardFilter) -> Vec<BoardRow> {
    let lit = Lit::all(s);
    let mut rows: Vec<BoardRow> = s
        .incidents
        .values()
        .filter(|log| filter.wants(s, log))
        .map(|log| row(s, log, lit.get(&log.number).copied().unwrap_or_default(), now))
        .filter(|row| !filter.late || row.late)
        .collect();
    rows.sort_by_key(order);
    rows
}

/// Risk order: the most points, then the most urgent grade, then the earliest due, then the oldest.
fn order(row: &BoardRow) -> (std::cmp::Reverse<u32>, Grade, Instant, IncidentNumber) {
    let due_at = row.due_at.unwrap_or(Instant(i64::MAX));
    (std::cmp::Reverse(row.risk), row.grade.unwrap_or(Grade::TOP), due_at, row.n)
}

/// The row of one open log.
pub fn board_row(s: &State, n: IncidentNumber, now: Instant) -> Option<BoardRow> {
    let log = s.incident(n).filter(|log| log.closed.is_none())?;
    Some(row(s, log, Lit::of(s, log), now))
}

/// Why a log ranks where it does on the board.
pub fn why_rank(s: &State, log: &Incident, now: Instant) -> Vec<String> {
    Risk::of(s, log, Lit::of(s, log).level, now).why()
}

/// The risk a log holds, as the board counts it.
pub fn risk_points(s: &State, log: &Incident, now: Instant) -> u32 {
    Risk::of(s, log, Lit::of(s, log).level, now).points()
}

fn row(s: &State, log: &Incident, lit: Lit, now: Instant) -> BoardRow {
    let risk = Risk::of(s, log, lit.level, now);
    let clock = risk.clock();
    let units = log.active_units().map(|d| RowUnit {
        unit: d.call_sign.clone(),
        status: s.units.get(&d.call_sign).map_or(0, |u| u.status),
    });
    BoardRow {
        n: log.number,
        grade: log.grade(),
        due_at: clock.map(|c| c.due_at),
        countdown: clock.map(|c| countdown_words(c.due_at, now)),
        clock: clock.map(|c| c.target),
        late: clock.is_some_and(|c| c.is_late(now)),
        code: log.opening_code.clone(),
        markers: kinds(log),
        place: place_words(log),
        units: units.collect(),
        owner: log.owner.clone(),
        questions: u32::try_from(log.open_questions().count()).unwrap_or(u32::MAX),
        lit: lit.n,
        level: lit.level,
        no_unit_since: no_unit_since(s, log),
        tags: log.tags.clone(),
        risk: risk.points(),
        v: log.version,
    }
}

fn kinds(log: &Incident) -> Vec<Label> {
    let mut kinds: Vec<Label> = Vec::new();
    for m in &log.markers {
        if !kinds.contains(&m.marker) {
            kinds.push(m.marker.clone());
        }
    }
    kinds
}

/// Where a log is, shortened for a row; empty if nobody has said.
pub fn place_words(log: &Incident) -> String {
    let words = log.location.words.as_ref().map_or("", Place::as_str);
    match words.char_indices().nth(PLACE_MAX) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or(words).trim_end()),
        None => words.to_owned(),
    }
}

/// Since when a log waits for a unit: since it was graded or opened again, or since the last unit
/// left.
pub fn no_unit_since(s: &State, log: &Incident) -> Option<Instant> {
    if !escalation::waits_for_a_unit(s, log) {
        return None;
    }
    let sent = log.deployments_since_opened().iter();
    let left = sent.filter_map(|d| d.left.map(|(at, _)| at)).max();
    left.or_else(|| log.grades.first().map(|g| g.at).max(log.reopened_at))
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;

    fn numbers(room: &Room) -> Vec<u32> {
        board(&room.s, room.now, &BoardFilter::default()).iter().map(|row| row.n.n).collect()
    }

    #[test]
    fn the_board_is_in_risk_order_not_in_order_of_arrival() {
        let mut room = Room::new();
        let old = room.log("theft", Some(3), place("Old job", None));
        room.minutes(300);
        let priority = room.log("burglary", Some(2), place("Fresh priority", None));
        let marked = room.log("domestic incident", Some(2), place("Marked priority", None));
        room.marker(marked, "MARAC");
        let immediate = room.log("robbery", Some(1), place("Immediate", None));
        let ungraded = room.log("theft", None, place("Nobody has judged it", None));
        let wanted = [immediate.n, ungraded.n, marked.n, priority.n, old.n];
        assert_eq!(numbers(&room), wanted);
    }

    #[test]
    fn lateness_lifts_a_priority_log_over_an_immediate_one_that_has_just_come_in() {
        let mut room = Room::new();
        let late = room.accepted("burglary", 2, place("Late", None));
        room.minutes(10);
        let fresh = room.accepted("robbery", 1, place("Fresh", None));
        assert_eq!(numbers(&room), [fresh.n, late.n], "not late yet");
        let close = room.settle(fresh);
        room.act(&dispatcher(), close);
        assert_eq!(numbers(&room), [late.n], "what is closed leaves the board");
        room.minutes(55);
        let fresh = room.accepted("robbery", 1, place("Fresh", None));
        assert_eq!(numbers(&room), [late.n, fresh.n], "50 min over its 15 min to deploy");
    }

    #[test]
    fn why_a_log_ranks_where_it_does_is_said_in_words() {
        let mut room = Room::new();
        let n = room.accepted("domestic incident", 1, place("14 Heol Awst", None));
        room.marker(n, "MARAC");
        let why = |room: &Room| why_rank(&room.s, room.open(n), room.now);
        assert_eq!(why(&room), ["grade 1", "MARAC", "no unit"]);
        room.minutes(3);
        assert_eq!(why(&room), ["due in 1 min", "grade 1", "MARAC", "no unit"]);
        room.minutes(4);
        assert_eq!(
            why(&room),
            ["late 3 min", "grade 1", "MARAC", "critical alarm", "no unit"],
            "3 min over the 4 min to deploy, and at 5 min without a unit it sounds"
        );
        let row = board_row(&room.s, n, room.now).unwrap();
        assert_eq!((row.late, row.countdown.as_deref()), (true, Some("+00:03")));
        assert_eq!((row.clock, row.v), (Some(Target::Deploy), room.open(n).version));
        room.unit("DC14", "North", &[], None);
        room.deploy(n, "DC14");
        let row = board_row(&room.s, n, room.now).unwrap();
        assert_eq!((row.clock, row.countdown.as_deref()), (Some(Target::Arrive), Some("-00:08")));
        assert_eq!(row.no_unit_since, None);
        room.status("DC14", 6);
        let row = board_row(&room.s, n, room.now).unwrap();
        assert_eq!((row.clock, row.late, row.due_at), (None, false, None), "the clock has stopped");
    }

    #[test]
    fn a_filter_leaves_only_what_is_wanted() {
        let mut room = Room::new();
        let a = room.accepted("burglary", 2, place("A", None));
        let b = room.log("robbery", Some(1), place("B", None));
        room.unit("DC14", "North", &[], None);
        room.deploy(b, "DC14");
        let only = |f: BoardFilter| {
            board(&room.s, room.now, &f).iter().map(|row| row.n).collect::<Vec<_>>()
        };
        let all = BoardFilter::default;
        assert_eq!(only(BoardFilter { grade: Some(grade(2)), ..all() }), [a]);
        assert_eq!(only(BoardFilter { unresourced: true, ..all() }), [a]);
        assert_eq!(only(BoardFilter { owner: Some(dispatcher().staff), ..all() }), [a]);
        assert_eq!(only(BoardFilter { desk: Some(Role::Dispatcher), ..all() }), []);
        assert_eq!(only(BoardFilter { late: true, ..all() }), []);
        assert_eq!(only(BoardFilter { district: Some(label("South")), ..all() }), []);
        assert_eq!(only(BoardFilter { district: Some(label("North")), ..all() }), [b, a]);
    }

    #[test]
    fn a_thousand_rows_stay_under_400_kilobytes() {
        let mut room = Room::new();
        for i in 0..1_000 {
            let place = place(&format!("{i} Heol Awst, Caerfyrddin, by the old market hall"), None);
            let rank = u8::try_from(i % 4).unwrap() + 1;
            let code = "road traffic collision injury";
            let n = room.accepted(code, rank, place);
            if i % 3 == 0 {
                room.marker(n, "MARAC");
            }
            if i % 2 == 0 {
                let name = format!("DC{i}");
                room.unit(&name, "North", &[], None);
                room.deploy(n, &name);
            }
        }
        room.minutes(90);
        let rows = board(&room.s, room.now, &BoardFilter::default());
        let bytes = serde_json::to_vec(&rows).unwrap().len();
        assert_eq!(rows.len(), 1_000);
        assert!(bytes < 400_000, "{bytes} bytes");
        let back: Vec<BoardRow> =
            serde_json::from_slice(&serde_json::to_vec(&rows).unwrap()).unwrap();
        assert_eq!(back, rows, "a row reads back whole");
    }
}
