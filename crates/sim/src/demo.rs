//! A seeded day of a small force: calls come, staff and units work them, sometimes somebody
//! forgets. The same seed on a turned clock gives the same day.
//!
//! Nobody in it is real: telephone numbers are of the range kept for drama (07700 900000 to
//! 900999), the towns do not exist, and the county lies in the North Sea.
//!
//! People here keep no state of the room: whoever is next on the agenda looks at the room and does
//! the next sensible thing. So a visitor may take a log over at any time, and a demonstration may
//! be stopped and started again.

mod arrivals; // who gets in touch, and what becomes of it
pub(crate) mod chance; // seeded chance
mod logs; //     the next thing to do on a log
mod pace; //     at life speed, faster, or turned
mod patrol; //   the next thing a unit does
mod roads; //    where units are
pub(crate) mod words; // what people say, and where

pub use pace::{OpenDemo, Pace, open, run_live};

use crate::answers::answer;
use crate::cast::{Cast, crew};
use crate::said;
/// The county of the demonstration, as GeoJSON: coast, woods, towns, roads. Nobody lives there; the
/// coordinates are made up, as the county is.
pub const COUNTY: &str = include_str!("demo/county.json");

use chance::Chance;
use room::{Act, Done, Pending, Room};
use rules::command::{Command, Location, OpenIncident, Radio, RosterUnit};
use rules::name::{CallSign, ContactId, IncidentNumber, Label, ObligationId, StaffId};
use rules::obligation::{Obligation, Rule};
use rules::policy::{Level, Policy};
use rules::role::{By, Role};
use rules::state::State;
use rules::time::{Instant, Span};
use rules::views::reach::haversine_metres;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;

/// Staff look at what is lit this often.
const ROUND: Span = Span::seconds(15);
/// So many answers are given in one round at most.
const ANSWERS_PER_ROUND: usize = 6;
/// So many call handlers are on duty.
const CALL_HANDLERS: usize = 6;

/// Something on the agenda.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    /// Somebody gets in touch.
    Contact,
    /// A call handler has typed enough to open a log out of a contact.
    Open(ContactId),
    /// A log is looked at by whoever has it.
    Log(IncidentNumber),
    /// A unit does what comes next for it.
    Unit(CallSign),
    /// A unit's radio says where it is.
    Where(CallSign),
    /// Everybody looks at what is lit.
    Round,
}

/// A day in the making.
pub struct Demo {
    seed: u64,
    chance: Chance,
    agenda: BinaryHeap<Reverse<(Instant, u64, Item)>>,
    n_items: u64,
    newest: BTreeMap<Item, u64>,
    cast: Cast,
    zone: jiff::tz::TimeZone,
    leaves_at: HashMap<CallSign, Instant>,
    ways: HashMap<CallSign, roads::Way>,
    typing: HashMap<ContactId, (By, OpenIncident)>,
    on_the_way: Vec<Pending>,
    given: u64,
    refused: u64,
    turned: bool,
    pace: Pace,
}

impl Demo {
    /// A day that begins when [`Demo::begin`] is called.
    pub fn new(seed: u64) -> Demo {
        Demo {
            seed,
            chance: Chance::new(seed),
            agenda: BinaryHeap::new(),
            n_items: 0,
            newest: BTreeMap::new(),
            cast: Cast::default(),
            zone: jiff::tz::TimeZone::UTC,
            leaves_at: HashMap::new(),
            ways: HashMap::new(),
            typing: HashMap::new(),
            on_the_way: Vec::new(),
            given: 0,
            refused: 0,
            turned: false,
            pace: Pace::default(),
        }
    }

    /// The same day with more or fewer contacts.
    #[must_use]
    pub fn at_pace(self, pace: Pace) -> Demo {
        Demo { pace, ..self }
    }

    /// How many commands were given, and how many of them the room refused: a visitor, or the day,
    /// was quicker.
    pub fn commands(&self) -> (u64, u64) {
        (self.given, self.refused)
    }

    /// Everybody takes a seat, units go on the board, and every log that is open already is taken
    /// on. `turned` says that the room's clock is turned by this day.
    pub fn begin(&mut self, room: &Room, at: Instant, turned: bool) {
        let view = self.look(room);
        self.turned = turned;
        let districts = words::TOWNS.iter().map(|t| Label::parse(t.district).ok());
        self.cast = Cast::new(&view.policy, CALL_HANDLERS, districts);
        self.zone = jiff::tz::TimeZone::get(&view.policy.about.time_zone)
            .unwrap_or(jiff::tz::TimeZone::UTC);
        let people = self.cast.people().to_vec();
        for person in people.iter().filter(|p| view.staff.get(&p.by.staff).is_none()) {
            self.give(room, at, person.by.clone(), person.sign_on());
        }
        for unit in words::UNITS {
            let Ok(call_sign) = CallSign::parse(unit.0) else { continue };
            if view.units.get(&call_sign).is_none() {
                let by = self.cast.one(Role::Dispatcher, 0).clone();
                self.give(room, at, by, roster(&call_sign, unit));
            }
            self.soon(at, 1, 50, Item::Where(call_sign.clone()));
            self.soon(at, 5, 60, Item::Unit(call_sign));
        }
        for n in view.incidents.keys() {
            self.soon(at, 5, 60, Item::Log(*n));
        }
        self.soon(at, 1, 20, Item::Contact);
        self.later(at + ROUND, Item::Round);
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<Instant> {
        self.agenda.peek().map(|Reverse((at, ..))| *at)
    }

    /// Does everything up to a moment.
    pub fn run_until(&mut self, room: &Room, until: Instant) {
        while self.next_at().is_some_and(|at| at <= until) {
            self.step(room);
        }
    }

    /// Does the next thing.
    pub fn step(&mut self, room: &Room) {
        let Some(Reverse((at, n, item))) = self.agenda.pop() else { return };
        if self.newest.get(&item) != Some(&n) {
            return; // It was put off, or brought forward.
        }
        self.newest.remove(&item);
        // On a clock that is not turned, what is late is done now.
        let at = if self.turned { at } else { at.max(room.now()) };
        match item {
            Item::Contact => self.contact(room, at),
            Item::Open(contact) => self.open_log(room, at, contact),
            Item::Log(n) => self.log(room, at, n),
            Item::Unit(call_sign) => self.unit(room, at, &call_sign),
            Item::Where(call_sign) => self.says_where(room, at, &call_sign),
            Item::Round => self.round(room, at),
        }
    }

    /// Puts something on the agenda; what is there already of it no longer counts.
    fn later(&mut self, at: Instant, item: Item) {
        self.n_items += 1;
        self.newest.insert(item.clone(), self.n_items);
        self.agenda.push(Reverse((at, self.n_items, item)));
    }

    /// After some seconds from `least` to `most`.
    fn soon(&mut self, at: Instant, least: i64, most: i64, item: Item) {
        let wait = self.chance.between(least * 1_000, most * 1_000);
        self.later(at + Span(wait), item);
    }

    /// Gives a command and goes on; the room decides in order. What is refused is let be: the room
    /// has changed meanwhile.
    fn give(&mut self, room: &Room, at: Instant, by: By, command: Command) {
        let pending = self.submit(room, at, by, command);
        self.on_the_way.push(pending);
    }

    /// Gives a command and waits for what came of it.
    fn ask(&mut self, room: &Room, at: Instant, by: By, command: Command) -> Option<Done> {
        let done = self.submit(room, at, by, command).wait();
        self.refused += u64::from(done.is_err());
        done.ok()
    }

    fn submit(&mut self, room: &Room, at: Instant, by: By, command: Command) -> Pending {
        let mut act = Act::new(by, command);
        act.at = self.turned.then_some(at);
        self.given += 1;
        room.submit(act)
    }

    /// The room as it is when everything given has been decided.
    fn look(&mut self, room: &Room) -> Arc<State> {
        let refused = self.on_the_way.drain(..).filter_map(|pending| pending.wait().err()).count();
        self.refused += u64::try_from(refused).unwrap_or(u64::MAX);
        room.view()
    }

    /// Everybody looks at what is lit at their desk, and answers some of it.
    fn round(&mut self, room: &Room, at: Instant) {
        let view = self.look(room);
        let mut answers = Vec::new();
        for o in view.obligations.values() {
            if answers.len() >= ANSWERS_PER_ROUND {
                break;
            }
            if self.is_noticed(o, at) {
                answers.extend(answer(&view, o, &self.cast));
            }
        }
        for (by, command) in answers {
            self.give(room, at, by, command);
        }
        self.later(at + ROUND, Item::Round);
    }

    /// Whether somebody gets round to an obligation now. One in nine is forgotten until it sounds.
    fn is_noticed(&mut self, o: &Obligation, at: Instant) -> bool {
        let forgotten = is_forgotten(self.seed, o.id);
        let percent = match o.level {
            Some(Level::A1) => 50,
            Some(Level::A2) => 25,
            Some(_) if forgotten => 0,
            None if forgotten => 0,
            Some(_) => 12,
            // What somebody must hear of again and again is asked for when its time has come.
            None if comes_again(o.rule) => 0,
            None if at.since(o.from) > Span::seconds(45) => 10,
            None => 0,
        };
        self.chance.percent(percent)
    }
}

/// Whether a rule's clock starts again by what units and staff do anyhow.
fn comes_again(rule: Rule) -> bool {
    matches!(rule, Rule::OfficerWelfare | Rule::NothingWritten | Rule::LongWait)
}

/// Chance that depends on the obligation alone, so that looking often changes nothing.
fn is_forgotten(seed: u64, id: ObligationId) -> bool {
    Chance::new(seed ^ id.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)).percent(11)
}

/// The officer that a visitor can be is on the first unit, beside its crew: so they see its jobs.
fn visitor(call_sign: &CallSign) -> Option<StaffId> {
    let first = words::UNITS.first().is_some_and(|unit| unit.0 == call_sign.as_str());
    first.then(|| StaffId::parse("VISITOR-PC").ok()).flatten()
}

fn roster(call_sign: &CallSign, unit: &words::DemoUnit) -> Command {
    let (sign, kind, district, skills, carries) = *unit;
    let label = |text: &str| Label::parse(text).ok();
    RosterUnit {
        call_sign: call_sign.clone(),
        crew: std::iter::once(crew(call_sign).staff).chain(visitor(call_sign)).collect(),
        skills: skills.iter().filter_map(|s| label(s)).collect(),
        equipment: carries.iter().filter_map(|e| label(e)).collect(),
        kind: label(kind).expect("a constant word is a label"),
        district: label(district),
        radio: Some(Radio {
            talk_group: label(&format!("{district} 1")),
            ids: label(&format!("7001{}", &sign[2..])).into_iter().collect(),
        }),
        shift: None,
    }
    .into()
}

/// Entries are written in these words or not at all.
pub(crate) fn entry(incident: IncidentNumber, text: &str, new_information: bool) -> Command {
    rules::command::AddEntry {
        incident,
        text: said::words(text),
        critical: new_information,
        new_information,
        own_words: false,
        attachments: Vec::new(),
    }
    .into()
}

/// The suggestion of the room for a log that has no grade.
pub(crate) fn suggested(log: &rules::incident::Incident, policy: &Policy) -> rules::name::Grade {
    rules::incident::grade::suggest(log, policy).grade
}

/// Units that are free, those of the district first, and of them the nearest.
pub(crate) fn free_units(view: &State, at: &Location) -> Vec<CallSign> {
    let free = |u: &&rules::unit::Unit| {
        u.on.is_none() && view.policy.status(u.status).is_some_and(|s| s.available)
    };
    let mut units: Vec<&rules::unit::Unit> = view.units.values().filter(free).collect();
    #[expect(clippy::cast_possible_truncation, reason = "the Earth is not that large")]
    let metres = |u: &rules::unit::Unit| {
        u.position.zip(at.point).map(|((here, _), there)| haversine_metres(here, there) as i64)
    };
    units.sort_by_key(|u| (u.district != at.district, metres(u).unwrap_or(i64::MAX), u.status_at));
    units.into_iter().map(|u| u.call_sign.clone()).collect()
}

#[cfg(test)]
mod tests;
