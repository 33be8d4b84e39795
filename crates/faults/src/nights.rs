//! R8: whole days of calls on a clock that we turn, over the nights on which it changes, the leap
//! day and the turn of the year; the room closed and opened again every few simulated minutes.

use crate::chance::Chance;
use crate::check::{self, Check};
use crate::desk_work::{Desk, name};
use crate::force_policy;
use crate::report::{Row, progress};
use crate::setup::Setup;
use crate::victim::Now;
use clap::Args;
use jiff::civil::date;
use jiff::tz::TimeZone;
use journal::Store;
use room::{Act, Clock, Config, Denied, Room};
use rules::command::{AskQuestion, Channel, Known, Location, OpenIncident, ReceiveContact};
use rules::event::Event;
use rules::role::{Owner, Role};
use rules::time::{Instant, Span};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// How nights are simulated.
#[derive(Args, Clone, Debug)]
pub struct Nights {
    /// How many nights of the list; more than the list go through it again with other seeds.
    #[arg(long, default_value_t = 5)]
    pub nights: u64,
    /// Calls a night.
    #[arg(long, default_value_t = 1_500)]
    pub calls: u64,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to work; a temporary folder, in memory if possible, otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// The days on which the night begins: name, year, month, day.
const NIGHTS: [(&str, i16, i8, i8); 5] = [
    ("25 October 2026, clocks back", 2026, 10, 24),
    ("28 March 2027, clocks on", 2027, 3, 27),
    ("31 October 2027, clocks back", 2027, 10, 30),
    ("29 February 2028", 2028, 2, 28),
    ("the turn of the year 2027", 2026, 12, 31),
];

/// How many people write in a simulated room.
const DESKS: u64 = 4;

/// Simulates nights.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(nights: &Nights) -> Result<Row, String> {
    let work = crate::work_dir::make_in_memory(nights.work.as_deref())?;
    let target = "0 missed, 0 twice, each at its instant";
    let mut row = Row::new("R8", "P3 P4", target, "faults", nights.seed);
    let (mut fired, mut commands, mut opened) = (0, 0, 0);
    for (round, (title, y, m, d)) in (0..nights.nights).zip(NIGHTS.iter().cycle()) {
        let dir = work.path().join(format!("night-{round}"));
        let _ = std::fs::remove_dir_all(&dir);
        let mut night = Night::new(&dir, nights.seed + round, [*y, i16::from(*m), i16::from(*d)])?;
        let mut wrong = night.pass(nights.calls)?;
        let found = check::room(&night.checking(), &[])?;
        wrong.extend(found.wrong.clone());
        fired += found.fired;
        commands += night.commands;
        opened += night.opened;
        progress(&format!(
            "{title}: {} commands, {} fired, room opened {} times, {} wrong",
            night.commands,
            found.fired,
            night.opened,
            wrong.len()
        ));
        row.trial(title, &wrong);
        let _ = std::fs::remove_dir_all(&dir);
    }
    let counts = serde_json::json!({ "fired": fired, "commands": commands, "room_opened": opened });
    Ok(row.finished(counts))
}

struct Night {
    dir: PathBuf,
    policy: String,
    seed: u64,
    room: Option<Room>,
    /// Noon before the night.
    from: Instant,
    /// Noon after it.
    to: Instant,
    /// Half past midnight, local time.
    half_past: Instant,
    chance: Chance,
    commands: u64,
    opened: u64,
    waiting: u64,
}

impl Night {
    fn new(dir: &Path, seed: u64, [y, m, d]: [i16; 3]) -> Result<Night, String> {
        let zone = TimeZone::get("Europe/London").map_err(|e| e.to_string())?;
        let small = |n: i16| i8::try_from(n).unwrap_or(1);
        let at = |hour: i8, minute: i8, days: i64| -> Result<Instant, String> {
            let day = date(y, small(m), small(d)).checked_add(jiff::Span::new().days(days));
            let zoned = day.and_then(|day| day.at(hour, minute, 0, 0).to_zoned(zone.clone()));
            zoned.map(|z| Instant(z.timestamp().as_millisecond())).map_err(|e| e.to_string())
        };
        let (from, half_past, to) = (at(12, 0, 0)?, at(0, 30, 1)?, at(12, 0, 1)?);
        let mut night = Night {
            dir: dir.to_owned(),
            policy: force_policy::questions_due_in_two_hours()?,
            seed,
            room: None,
            from,
            to,
            half_past,
            chance: Chance::new(seed),
            commands: 0,
            opened: 0,
            waiting: 0,
        };
        night.open()?;
        Ok(night)
    }

    fn checking(&self) -> Check {
        let setup = Setup {
            writers: 0,
            now: Now::Turned,
            obligations: false,
            ..Setup::of(&self.dir, "sqlite", self.seed)
        };
        Check { setup, acks: None, policy: Some(self.policy.clone()), any_id: true }
    }

    fn open(&mut self) -> Result<(), String> {
        if let Some(room) = self.room.take() {
            room.close();
        }
        let config = Config {
            store: Store::Sqlite { path: self.dir.join("journal.db") },
            data: self.dir.clone(),
            policy_toml: self.policy.clone(),
            clock: Clock::turned(self.from),
            queue: 4_096,
        };
        let (room, _) = Room::open(config).map_err(|fault| crate::victim::with_causes(&fault))?;
        self.room = Some(room);
        self.opened += 1;
        Ok(())
    }

    fn room(&self) -> Result<&Room, String> {
        self.room.as_ref().ok_or_else(|| "the room is closed".to_owned())
    }

    /// From noon to noon. Calls come in evenly; between them people work.
    fn pass(&mut self, calls: u64) -> Result<Vec<String>, String> {
        let length = u64::try_from(self.to.since(self.from).0).unwrap_or(1);
        let every = length / calls.max(1);
        let mut restart_at = self.from;
        let mut asked = None;
        for call in 0..calls {
            let at = self.from + ms(every * call + self.chance.below(every));
            if asked.is_none() && at >= self.half_past {
                asked = Some(self.ask_at_half_past()?);
            }
            if at >= restart_at {
                self.open()?;
                restart_at = at + ms(self.chance.between(60_000, 480_000));
            }
            self.minute(at, ms(every / 8))?;
        }
        let to = self.to;
        self.room()?.advance_to(to).map_err(|denied| denied.to_string())?;
        let wrong = match asked {
            Some(asked) => self.two_hours_later(asked)?,
            None => vec!["half past midnight never came".to_owned()],
        };
        if let Some(room) = self.room.take() {
            room.close();
        }
        Ok(wrong)
    }

    /// One call comes in, and each desk does a few things.
    fn minute(&mut self, at: Instant, step: Span) -> Result<(), String> {
        let id = self.next_id();
        let receive = ReceiveContact {
            channel: Channel::Emergency,
            line: None,
            name: None,
            words: Some(name("somebody is at the door")),
            location: None,
            seat: None,
        };
        let by = Desk::new(self.waiting % DESKS, 6).by(Role::CallHandler);
        self.waiting += 1;
        self.give(Act { id, at: Some(at), ..Act::new(by, receive) })?;
        let mut now = at;
        for _ in 0..2 {
            now = now + step;
            let view = self.room()?.view();
            let mut pending = Vec::new();
            for writer in 0..DESKS {
                let desk = Desk::new(writer, 6);
                let (by, command) = desk.next(&view, now, &mut self.chance);
                let act = Act { id: self.next_id(), at: Some(now), ..Act::new(by, command) };
                pending.push(self.room()?.submit(act));
            }
            for answer in pending {
                self.count(answer.wait().map(|_| ()))?;
            }
        }
        Ok(())
    }

    fn next_id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.chance.draw(), self.chance.draw())
    }

    fn give(&mut self, act: Act) -> Result<Option<room::Done>, String> {
        let answer = self.room()?.act_blocking(act);
        let done = answer.as_ref().ok().cloned();
        self.count(answer.map(|_| ()))?;
        Ok(done)
    }

    fn count(&mut self, answer: Result<(), Denied>) -> Result<(), String> {
        match answer {
            Ok(()) => self.commands += 1,
            Err(Denied::Refused(_)) => {}
            Err(denied) => return Err(denied.to_string()),
        }
        Ok(())
    }

    /// At half past midnight a question is asked that policy gives two hours.
    fn ask_at_half_past(&mut self) -> Result<(Instant, Uuid), String> {
        let at = self.half_past;
        let by = Desk::new(99, 1).by(Role::CallHandler);
        let open = OpenIncident {
            contact: None,
            opening_code: name("theft"),
            location: Location {
                known: Known::Known,
                words: Some(name("14 High Street")),
                point: None,
                rural: false,
                district: None,
                within: None,
            },
            words: name("my bicycle is gone"),
            informant: None,
        };
        let open = Act { id: self.next_id(), at: Some(at), ..Act::new(by.clone(), open) };
        let opened = self.give(open)?.ok_or("the log for the question was refused")?;
        let incident = opened.incident().ok_or("opening a log gave no number")?;
        let to = Owner::Staff(by.staff.clone());
        let ask = AskQuestion { incident, to, text: name("Is there a serial number?") };
        let id = self.next_id();
        let ask = Act { id, at: Some(at), ..Act::new(by, ask) };
        self.give(ask)?.ok_or("the question was refused")?;
        Ok((at, id))
    }

    /// The question went overdue two hours of real time later, whatever the clocks on the wall did.
    fn two_hours_later(&self, (asked, id): (Instant, Uuid)) -> Result<Vec<String>, String> {
        let mut due = asked + Span::minutes(120);
        let reader = self.room()?.journal();
        let first = reader.by_key(id.into_bytes()).map_err(|e| e.to_string())?;
        let first = first.ok_or("the question is not in the journal")?;
        let (mut from, mut fired_at) = (first.seq, None);
        let (mut mine, mut armed_at) = (None, asked);
        while fired_at.is_none() {
            let records = reader.read(from, 5_000).map_err(|e| e.to_string())?;
            let Some(last) = records.last() else { break };
            from = last.seq + 1;
            for (event, meta, _) in records.iter().filter_map(room::from_record) {
                match event {
                    Event::ObligationsArmed { armed, .. } if mine.is_none() => {
                        mine = armed.first().map(|row| row.obligation);
                        // It may have been recorded a moment after it was asked, and the clock
                        // runs from there; its first rung is told at that moment.
                        armed_at = meta.recorded_at;
                        due = armed_at + Span::minutes(120);
                    }
                    Event::ObligationFired { obligation, .. }
                        if Some(obligation) == mine && meta.recorded_at > armed_at =>
                    {
                        fired_at = fired_at.or(Some(meta.recorded_at));
                    }
                    _ => {}
                }
            }
        }
        if fired_at == Some(due) {
            return Ok(Vec::new());
        }
        let late = fired_at.map(|at| at.since(due).0);
        Ok(vec![format!("half past midnight and 2 h: it fired {late:?} ms from its moment")])
    }
}

fn ms(n: u64) -> Span {
    Span(i64::try_from(n).unwrap_or(i64::MAX))
}
