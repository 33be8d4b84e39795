//! A busy shift of one district through the production room: sixty logs queue, five units, twelve
//! hours. People work at the speed of people: one thing at a time, with breaks, a handover and
//! moments in which they overlook what is lit. What cannot be resourced is not resourced.
//!
//! What each seat hears is then counted in the journal, and whether everything that is critical
//! was heard is worked out from the events without the code that makes it sound.

mod calls; //    who rings, and what a call handler does with it
mod critical; // what must have been heard, worked out again
mod desk; //     what somebody at a desk does next
mod hearing; //  what each seat hears
mod report; //   the figures
mod shift; //    seats, breaks, handover
mod units; //    five of them

pub use hearing::{Ear, Hearing};
pub use report::{BadActor, Check, FirstAct, Priority, Report, Seat};

use crate::cast::Cast;
use crate::demo::chance::Chance;
use calls::Ringing;
use journal::Store;
use room::{Act, Clock, Config, Done, Pending, Room};
use rules::command::Command;
use rules::name::{CallSign, Label};
use rules::role::By;
use rules::state::State;
use rules::time::{Instant, Span};
use shift::Worker;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// The district in which it all happens.
const DISTRICT: &str = "Central";
/// So many logs wait when the shift begins.
const QUEUED: usize = 60;
/// In this time before the shift they were reported.
const BEFORE: Span = Span::minutes(120);
/// The busy shift is so long.
const SHIFT: Span = Span::minutes(12 * 60);
/// Call handlers at once; every other desk has what the policy promises.
const CALL_HANDLERS: usize = 4;
/// The relief is numbered from here.
const RELIEF_FROM: usize = 50;

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Options {
    /// The seed: the same one makes the same shift.
    pub seed: u64,
    /// The journal; it must be empty.
    pub store: Store,
    /// The folder for the room's own files.
    pub data: PathBuf,
    /// The policy.
    pub policy_toml: String,
    /// When the shift begins.
    pub begins: Instant,
    /// What happens beside the usual.
    pub script: Script,
}

/// What happens beside the usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// So long after the beginning nobody does anything for an hour.
    pub idle_after: Option<Span>,
    /// So long after the beginning a major incident begins.
    pub major_after: Option<Span>,
}

/// Nobody does anything for so long.
pub const IDLE_FOR: Span = Span::minutes(60);
/// A major incident is one for so long.
pub const MAJOR_FOR: Span = Span::minutes(180);

/// Why a busy shift could not be played.
#[derive(Debug, thiserror::Error)]
pub enum BusyFault {
    /// The room could not be opened.
    #[error("the room for the busy shift could not be opened")]
    Room(#[source] room::OpenFault),
    /// The journal holds something already.
    #[error(
        "the journal holds {0} records already: give an empty one, so that only this is counted"
    )]
    NotEmpty(u64),
    /// The journal could not be read back.
    #[error("the journal could not be read back after the shift")]
    Journal(#[source] journal::Fault),
}

/// Something on the agenda.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    /// Somebody rings.
    Ring,
    /// Somebody rings who is part of the major incident.
    RingMajor,
    /// The district's units come on.
    UnitsOn,
    /// Somebody at a desk does the next thing.
    Turn(usize),
    /// A unit does what comes next for it.
    Unit(CallSign),
    /// Somebody goes on a break or comes back.
    Break(usize, bool),
    /// The relief comes, and later the first shift leaves.
    Relief(bool),
}

/// A shift in the making.
struct Busy {
    room: Room,
    script: Script,
    begins: Instant,
    chance: Chance,
    agenda: BinaryHeap<Reverse<(Instant, u64, Item)>>,
    n_items: u64,
    casts: [Cast; 2],
    people: Vec<Worker>,
    ringing: VecDeque<Ringing>,
    leaves_at: BTreeMap<CallSign, Instant>,
    on_the_way: Vec<Pending>,
    contacts: u64,
    given: u64,
    refused: u64,
}

/// Plays a busy shift in a room of its own and counts what was heard.
///
/// # Errors
/// A [`BusyFault`]. What was heard too often is no error: it is in the report.
pub fn busy_shift(
    options: &Options,
    progress: &mut dyn FnMut(Span, Span),
) -> Result<Report, BusyFault> {
    let started = std::time::Instant::now();
    let first = options.begins - BEFORE - Span::minutes(10);
    let config = Config {
        store: options.store.clone(),
        data: options.data.clone(),
        policy_toml: options.policy_toml.clone(),
        clock: Clock::turned(first),
        queue: 1_000,
    };
    let (room, opened) = Room::open(config).map_err(BusyFault::Room)?;
    if opened.journal.records > 0 {
        room.close();
        return Err(BusyFault::NotEmpty(opened.journal.records));
    }
    let mut busy = Busy::new(room.clone(), options);
    busy.begin(first);
    let until = options.begins + SHIFT;
    busy.run(until, &mut |at| progress(at.since(first), until.since(first)));
    let report = report::report(&busy, options, until, started);
    room.close();
    report.map_err(BusyFault::Journal)
}

impl Busy {
    fn new(room: Room, options: &Options) -> Busy {
        let policy = room.view().policy.clone();
        let districts = || [Label::parse(DISTRICT).ok(), Label::parse("Central night").ok()];
        let casts =
            [0, RELIEF_FROM].map(|before| Cast::after(before, &policy, CALL_HANDLERS, districts()));
        Busy {
            room,
            script: options.script,
            begins: options.begins,
            chance: Chance::new(options.seed),
            agenda: BinaryHeap::new(),
            n_items: 0,
            casts,
            people: Vec::new(),
            ringing: VecDeque::new(),
            leaves_at: BTreeMap::new(),
            on_the_way: Vec::new(),
            contacts: 0,
            given: 0,
            refused: 0,
        }
    }

    fn run(&mut self, until: Instant, progress: &mut dyn FnMut(Instant)) {
        let mut told = Instant::default();
        while self.agenda.peek().is_some_and(|Reverse((at, ..))| *at <= until) {
            let Some(Reverse((at, _, item))) = self.agenda.pop() else { break };
            if at.since(told) > Span::minutes(10) {
                told = at;
                progress(at);
            }
            self.step(at, item);
        }
        self.look();
        // A room that is closing turns no more; what was recorded is what counts.
        let _ = self.room.advance_to(until);
        progress(until);
    }

    fn step(&mut self, at: Instant, item: Item) {
        match item {
            Item::Ring => self.ring(at),
            Item::RingMajor => self.ring_major(),
            Item::UnitsOn => self.units_on(at),
            Item::Turn(who) => self.turn(at, who),
            Item::Unit(call_sign) => self.unit(at, &call_sign),
            Item::Break(who, away) => self.take_a_break(at, who, away),
            Item::Relief(comes) => self.relief(at, comes),
        }
    }

    fn later(&mut self, at: Instant, item: Item) {
        self.n_items += 1;
        self.agenda.push(Reverse((at, self.n_items, item)));
    }

    /// After some seconds from `least` to `most`.
    fn soon(&mut self, at: Instant, least: i64, most: i64, item: Item) {
        let wait = self.seconds(least, most);
        self.later(at + wait, item);
    }

    /// Some time from `least` to `most` seconds.
    fn seconds(&mut self, least: i64, most: i64) -> Span {
        Span(self.chance.between(least * 1_000, most * 1_000))
    }

    /// Whether nobody does anything now.
    fn is_idle(&self, at: Instant) -> bool {
        let from = self.script.idle_after.map(|after| self.begins + after);
        from.is_some_and(|from| from <= at && at < from + IDLE_FOR)
    }

    fn give(&mut self, at: Instant, by: By, command: impl Into<Command>) {
        let pending = self.submit(at, by, command.into());
        self.on_the_way.push(pending);
    }

    fn ask(&mut self, at: Instant, by: By, command: impl Into<Command>) -> Option<Done> {
        let done = self.submit(at, by, command.into()).wait();
        self.refused += u64::from(done.is_err());
        done.ok()
    }

    fn submit(&mut self, at: Instant, by: By, command: Command) -> Pending {
        let mut act = Act::new(by, command);
        act.at = Some(at);
        self.given += 1;
        self.room.submit(act)
    }

    /// The room as it is when everything given has been decided.
    fn look(&mut self) -> Arc<State> {
        let refused = self.on_the_way.drain(..).filter_map(|pending| pending.wait().err()).count();
        self.refused += u64::try_from(refused).unwrap_or(u64::MAX);
        self.room.view()
    }
}

#[cfg(test)]
mod tests;
