//! The checker: what the victim was promised against what is there.

use crate::acks::{Ack, command_id};
use crate::ledger::Ledger;
use crate::setup::Setup;
use crate::state_check;
use crate::victim::store;
use clap::Args;
use journal::{Reader, Record, Store};
use rules::event::{Event, Meta};
use rules::obligation::Rule;
use rules::role::Role;
use rules::time::Span;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// How a check is run.
#[derive(Args, Clone, Debug)]
pub struct Check {
    /// The room that was under trial.
    #[command(flatten)]
    pub setup: Setup,
    /// What it said, a line an answer.
    #[arg(long)]
    pub acks: Option<PathBuf>,
    /// The policy it had, if it is neither of the two.
    #[arg(skip)]
    pub policy: Option<String>,
    /// Whether ids were made by chance, so that strange ones cannot be told.
    #[arg(skip)]
    pub any_id: bool,
}

impl Check {
    /// The check of a room that `life::victim` started.
    pub fn of(dir: &Path, store: &str, seed: u64) -> Check {
        Check { setup: Setup::of(dir, store, seed), acks: None, policy: None, any_id: false }
    }
}

/// What a check found.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// Answers that were looked for.
    pub acked: u64,
    /// Records that are there.
    pub records: u64,
    /// Commands that are there; more than were acknowledged, where an answer was lost on its way.
    pub commands: u64,
    /// Obligations armed.
    pub armed: u64,
    /// How often time alone fired one.
    pub fired: u64,
    /// The most that one fired late, in milliseconds, while the room was down included.
    pub worst_late_ms: i64,
    /// Everything that is wrong.
    pub wrong: Vec<String>,
}

/// How long something due may wait while commands are being recorded.
const OVERDUE: Span = Span::seconds(2);
/// How many obligations the room fires at most before it answers again.
const PORTION: usize = 500;

/// Checks a room that nobody has open.
///
/// # Errors
/// Why it could not be looked at.
pub fn run(check: &Check) -> Result<Found, String> {
    let acks = match &check.acks {
        Some(path) => read_acks(path)?,
        None => Vec::new(),
    };
    room(check, &acks)
}

/// The answers in a file.
///
/// # Errors
/// Why it could not be read.
pub fn read_acks(path: &Path) -> Result<Vec<Ack>, String> {
    let text = std::fs::read(path).map_err(|e| format!("{} is not read: {e}", path.display()))?;
    Ok(String::from_utf8_lossy(&text).lines().filter_map(Ack::parse).collect())
}

/// Checks a room that nobody has open against answers.
///
/// # Errors
/// Why it could not be looked at.
pub fn room(check: &Check, acks: &[Ack]) -> Result<Found, String> {
    let store: Store = store(&check.setup.store, &check.setup.dir)?;
    let mut found = state_check::run(check, &store, acks)?;
    let report = journal::verify(&store, None, &mut |_, _| {});
    if let Some(fault) = report.first_fault {
        found.wrong.push(format!("verify: record {}: {}", fault.seq, fault.what));
    }
    Ok(found)
}

/// What the records say, in one pass.
pub struct Scan {
    exact: bool,
    /// Each key, where it is, and how many records its command made.
    pub keys: HashMap<Uuid, (u64, u64)>,
    versions: HashMap<u64, u64>,
    last: u64,
    last_at_ms: i64,
    /// How many records of the command before are still to come.
    rest: u64,
    /// Obligations, by the records alone.
    pub ledger: Ledger,
    /// Everything that is wrong.
    pub wrong: Vec<String>,
}

impl Scan {
    /// Reads the whole journal.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn of(reader: &Reader, exact: bool) -> Result<Scan, journal::Fault> {
        let mut scan = Scan {
            exact,
            keys: HashMap::new(),
            versions: HashMap::new(),
            last: 0,
            last_at_ms: i64::MIN,
            rest: 0,
            ledger: Ledger::default(),
            wrong: Vec::new(),
        };
        loop {
            let records = reader.read(scan.last + 1, 5_000)?;
            if records.is_empty() {
                break;
            }
            for record in &records {
                scan.record(record);
            }
        }
        scan.wrong.append(&mut scan.ledger.wrong);
        Ok(scan)
    }

    /// How many records there are.
    pub fn records(&self) -> u64 {
        self.last
    }

    fn note(&mut self, seq: u64, what: String) {
        if self.wrong.len() < 20 {
            self.wrong.push(format!("record {seq}: {what}"));
        }
    }

    fn record(&mut self, record: &Record) {
        if record.seq != self.last + 1 {
            self.note(record.seq, format!("it follows {}", self.last));
        }
        self.last = record.seq;
        let version = self.versions.entry(record.stream).or_default();
        *version += 1;
        if record.version != *version {
            let expected = *version;
            self.note(record.seq, format!("version {} where {expected} is next", record.version));
        }
        if record.recorded_at_ms < self.last_at_ms {
            self.note(record.seq, "it is dated before the one before it".to_owned());
        }
        let pause = record.recorded_at_ms.saturating_sub(self.last_at_ms.max(0));
        self.last_at_ms = record.recorded_at_ms;
        match room::from_record(record) {
            Some((event, meta, of)) => {
                self.belongs(record, &event, &meta, of);
                self.overdue(&meta, record.batch, pause);
                self.ledger.enter(&event, &meta, self.exact);
            }
            None => self.note(record.seq, "it cannot be read as an event".to_owned()),
        }
    }

    /// Every record is of a command, whole, or of time alone.
    fn belongs(&mut self, record: &Record, event: &Event, meta: &Meta, of: Option<u32>) {
        let Some(key) = record.key else {
            if self.rest > 0 {
                self.rest -= 1;
            } else if !(meta.by.role == Role::System && is_of_time(event)) {
                self.note(record.seq, "no command and no timer made it".to_owned());
            }
            return;
        };
        if self.rest > 0 {
            self.note(record.seq, format!("{} records of the command before miss", self.rest));
        }
        let n = u64::from(of.unwrap_or(1));
        self.rest = n - 1;
        if matches!(event, Event::PolicyAdopted { .. }) && meta.by.role == Role::System {
            return;
        }
        if self.keys.insert(Uuid::from_bytes(key), (record.seq, n)).is_some() {
            self.note(record.seq, "its command is there a second time".to_owned());
        }
    }

    /// Nothing that is due waits while commands are recorded.
    fn overdue(&mut self, meta: &Meta, batch: u64, pause: i64) {
        let Some((due, id)) = self.ledger.next_due() else { return };
        let late = meta.recorded_at.since(due);
        let waits = meta.by.role != Role::System && late > OVERDUE;
        // After a long time down the room fires in portions and answers in between.
        if waits && self.ledger.n_due(meta.recorded_at) < PORTION / 2 {
            let what = format!("obligation {id} has been due for {} ms", late.0);
            let place = format!("{pause} ms after the record before, batch {batch}");
            self.note(meta.seq, format!("{what} ({place})"));
        }
    }

    /// Every answer is there, once, where it said; and each writer's commands in its order.
    pub fn against(&mut self, check: &Check, acks: &[Ack]) {
        let mut last: HashMap<u64, u64> = HashMap::new();
        for ack in acks {
            let there = self.keys.get(&ack.id).copied();
            match there {
                None => self.note(ack.first_seq, format!("lost: {ack}")),
                Some((seq, n)) if (seq, seq + n - 1) != (ack.first_seq, ack.last_seq) => {
                    self.note(ack.first_seq, format!("it is at {seq} to {}: {ack}", seq + n - 1));
                }
                Some(_) => {}
            }
            let highest = last.entry(ack.writer).or_default();
            *highest = (*highest).max(ack.n);
        }
        for writer in 0..check.setup.writers {
            let acked = last.get(&writer).copied().unwrap_or(0);
            self.in_order(check.setup.seed, writer, acked);
        }
        if check.any_id {
            return;
        }
        let strange: Vec<_> = self.keys.drain().take(5).collect();
        for (id, (seq, _)) in strange {
            self.note(seq, format!("nobody gave its command {id}"));
        }
    }

    fn in_order(&mut self, seed: u64, writer: u64, acked: u64) {
        let mut before = 0;
        for n in 1..=acked + 1 {
            match self.keys.remove(&command_id(seed, writer, n)) {
                Some((seq, _)) if seq <= before => {
                    self.note(seq, format!("writer {writer}: command {n} comes before {}", n - 1));
                }
                Some((seq, _)) => before = seq,
                // The one after the last answer may or may not be there.
                None if n > acked => {}
                None => self.note(0, format!("lost: command {n} of writer {writer}")),
            }
        }
    }
}

fn is_of_time(event: &Event) -> bool {
    // When the time to arrive passes, whoever waits is owed word.
    if let Event::ObligationsArmed { armed, .. } = event {
        return armed.iter().all(|row| row.rule == Rule::InformantOwed);
    }
    matches!(
        event,
        Event::ObligationFired { .. }
            | Event::ObligationMoved { .. }
            | Event::Annunciated { .. }
            | Event::AlarmHeld { .. }
            | Event::AlarmLetGo { .. }
            | Event::FloodBegan { .. }
            | Event::FloodEnded { .. }
    )
}
