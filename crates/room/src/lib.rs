//! The control room at work: where the rules meet the journal and the clock.
//!
//! One writer takes commands in turn, decides each on the state that the ones before have left,
//! appends what happened in one durable batch, and only then answers and publishes. Time is a
//! command too: what falls due is fired by the same writer into the same journal, so that a crash,
//! a restart or a clock jump can neither lose an obligation nor fire it twice.

mod act; //       what is asked of the room, and its answers
mod alarm_day; // the last day's alarms
mod clock; //     a clock that never goes back, and one that we turn
mod dips; //      escalations drawn by chance
pub mod drafts; // what people are typing
mod fault; //     why a room could not be opened or read
mod history; //   past contacts and logs, by words, number, place, person and time
mod kept; //      events as the journal keeps them
mod lanes; //     the queue: those who save lives first
mod log; //       one log, open or closed
mod looks; //     who looked at what
mod notices; //   what followers hear
mod open; //      opening a room: snapshot, rebuild, policy
mod past; //      the room as it stood
pub mod roles; // who may do what, as one table
mod snapshot; //  the state on disk, so that a start is quick
mod training; // what keeps training and live rooms apart
mod writer; //    the one writer

pub use act::{Act, Denied, Done, Pending};
pub use clock::{Clock, Turned};
pub use dips::DipWanted;
pub use fault::{OpenFault, ReadFault};
pub use history::{Hit, HitKind, Query, Results};
pub use journal::Proved;
pub use journal::planted::planted;
pub use kept::{from_record, to_draft};
pub use log::Log;
pub use looks::{From as LooksFrom, Look, Looks, LooksWanted};
pub use notices::{Batch, Follow, Lagged, Notice};
pub use open::{Config, Opened};
pub use past::{AsOf, Told};
pub use training::{for_training, is_training};

use arc_swap::ArcSwap;
use rules::command::Command;
use rules::incident::Incident;
use rules::name::IncidentNumber;
use rules::refused::Refused;
use rules::role::By;
use rules::state::State;
use rules::time::{Instant, LocalDay, Now};
use rules::views::dip::DipSample;
use rules::views::kpi::AlarmKpi;
use std::sync::Arc;
use std::time::Duration;

/// A handle on the room. Copies are cheap, and all speak to the same writer.
#[derive(Clone)]
pub struct Room {
    inner: Arc<Inner>,
}

struct Inner {
    lanes: Arc<lanes::Lanes>,
    state: Arc<ArcSwap<State>>,
    notices: tokio::sync::broadcast::Sender<Arc<Batch>>,
    reader: journal::Reader,
    history: Arc<history::History>,
    drafts: drafts::Drafts,
    past: past::Past,
    alarm_day: alarm_day::AlarmDay,
    dips: dips::Dips,
    clock: Clock,
    threads: std::sync::Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Room {
    /// Queues a command. Waits while the queue is full.
    pub fn submit(&self, act: Act) -> Pending {
        self.inner.lanes.push_waiting(act)
    }

    /// Queues a command, or says at once that too many wait.
    ///
    /// # Errors
    /// [`Denied::Busy`].
    pub fn try_submit(&self, act: Act) -> Result<Pending, Denied> {
        self.inner.lanes.push(act)
    }

    /// Carries a command out. It is durable when this answers.
    ///
    /// # Errors
    /// Why it was not carried out; [`Denied::NotSaved`] means that it is not known: ask again with
    /// the same id.
    pub async fn act(&self, act: Act) -> Result<Done, Denied> {
        self.try_submit(act)?.await
    }

    /// The same, for threads that may wait.
    ///
    /// # Errors
    /// As [`Room::act`].
    pub fn act_blocking(&self, act: Act) -> Result<Done, Denied> {
        self.submit(act).wait()
    }

    /// On a turned clock: lets time pass, firing everything that falls due, in order.
    ///
    /// # Errors
    /// As [`Room::act`].
    pub fn advance_to(&self, at: Instant) -> Result<(), Denied> {
        self.inner.lanes.advance(at).wait().map(|_| ())
    }

    /// Whether these commands would all be carried out, one after the other, as the room stands
    /// now. Nothing is saved, and the room may be different a moment later. For commands about what
    /// is there already: a log that one of them opened would have the newest log's day.
    ///
    /// # Errors
    /// The first refusal.
    pub fn would(&self, by: &By, commands: &[Command]) -> Result<(), Refused> {
        let mut state = (*self.view()).clone();
        let now = Now { at: self.now(), day: LocalDay(state.last_incident.0) };
        for command in commands {
            if !roles::may(by.role, command.name()) {
                return Err(roles::refusal(by.role, command.name()));
            }
            rules::decide::act(&mut state, by, command, None, now)?;
        }
        Ok(())
    }

    /// The state after the last durable batch.
    pub fn view(&self) -> Arc<State> {
        self.inner.state.load_full()
    }

    /// The room's time.
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// How far the computer's clock has moved away from the room's, in milliseconds.
    pub fn clock_drift_ms(&self) -> i64 {
        self.inner.clock.drift_ms()
    }

    /// How many commands wait.
    pub fn waiting(&self) -> usize {
        self.inner.lanes.len()
    }

    /// A log: an open one from memory, a closed one folded from the journal.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn log(&self, n: IncidentNumber) -> Result<Option<Log>, ReadFault> {
        let state = self.view();
        if let Some(incident) = state.incident(n) {
            return Ok(Some(Log { incident: incident.clone() }));
        }
        Ok(log::recall(&self.inner.reader, &state, n, u64::MAX)?.map(|incident| Log { incident }))
    }

    /// The journal, to read.
    pub fn journal(&self) -> &journal::Reader {
        &self.inner.reader
    }

    /// What people are typing.
    pub fn drafts(&self) -> &drafts::Drafts {
        &self.inner.drafts
    }

    /// Past contacts and logs.
    pub fn history(&self) -> &history::History {
        &self.inner.history
    }

    /// Follows what happens from now on. The first batches may be ones that [`Room::view`] knows
    /// already: pass over what is not after your place.
    pub fn follow(&self) -> Follow {
        Follow::new(self.inner.notices.subscribe())
    }

    /// What happened after a place in the total order.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn notices_after(&self, seq: u64, limit: usize) -> Result<Vec<Notice>, ReadFault> {
        let mut notices = Vec::new();
        for record in self.inner.reader.each(seq.saturating_add(1)) {
            notices.extend(Notice::from_record(&record?));
            if notices.len() >= limit {
                break;
            }
        }
        Ok(notices)
    }

    /// The room as it stood after a record, folded for no longer than `within`: ask again to go on.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn state_at(&self, seq: u64, within: Duration) -> Result<AsOf, ReadFault> {
        let now = self.view();
        self.inner.past.state_at(&self.inner.reader, &now, seq.min(now.seq), within)
    }

    /// A log as it stood in a state given by [`Room::state_at`].
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn log_at(&self, then: &State, n: IncidentNumber) -> Result<Option<Incident>, ReadFault> {
        past::log_at(&self.inner.reader, then, n)
    }

    /// Everything that happened around a log up to the record `end`, folded for no longer than
    /// `within`: ask again to go on. `None` if there is no such log.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn story(
        &self,
        n: IncidentNumber,
        end: u64,
        within: Duration,
    ) -> Result<Option<Told>, ReadFault> {
        let now = self.view();
        self.inner.past.story(&self.inner.reader, &now, n, end.min(now.seq), within)
    }

    /// The last record that is not after a moment; 0 if there is none.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn last_by(&self, at: Instant) -> Result<u64, ReadFault> {
        past::last_by(&self.inner.reader, self.view().seq, at)
    }

    /// Who looked at what, at most `limit` looks.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn looks(
        &self,
        wanted: &LooksWanted,
        from: LooksFrom,
        limit: usize,
    ) -> Result<Looks, ReadFault> {
        looks::looks(&self.inner.reader, wanted, from, limit)
    }

    /// How the alarms did over the last day, read for no longer than `within`; `None` while there
    /// is more to read: ask again.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn alarm_kpi(&self, within: Duration) -> Result<Option<AlarmKpi>, ReadFault> {
        let (state, now) = (self.view(), self.now());
        self.inner.alarm_day.kpi(&self.inner.reader, &state, now, within)
    }

    /// A dip sample of escalations, read for no longer than `within`; `None` while there is more to
    /// read: ask again.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn dip_sample(
        &self,
        wanted: &DipWanted,
        within: Duration,
    ) -> Result<Option<DipSample>, ReadFault> {
        self.inner.dips.sample(&self.inner.reader, &self.view(), wanted, within)
    }

    /// Answers what is queued, signs the head, keeps a snapshot and stops.
    pub fn close(&self) {
        self.inner.lanes.close();
        let threads = match self.inner.threads.lock() {
            Ok(mut threads) => std::mem::take(&mut *threads),
            Err(_) => return,
        };
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the room ended in a panic");
            }
        }
    }
}
