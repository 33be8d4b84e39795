//! A plan driven through a room, by the same commands that people and programs use.
//!
//! Commands are pipelined: up to [`IN_FLIGHT`] are on their way at once, and the room decides them
//! in their order. Only what needs an answer waits for it: a log's number before the first command
//! on that log, and everything said on a log before it is tidied up and closed.

mod answered; // what the room has answered so far
mod report; //   the report

pub use report::{
    Latency, Obligations, OnSceneCheck, RefusedCommand, Report, Synthetic, TargetTimes,
};

use crate::answers::answer;
use crate::audit::Audit;
use crate::deeds;
use crate::files::{FileCalls, FileFault, Format, read_file};
use crate::plan::{NONE, Plan, Step, What};
use answered::Answered;
use journal::Store;
use room::{Act, Clock, Config, Room};
use rules::command::Command;
use rules::incident::closing::blocking;
use rules::policy::Policy;
use rules::role::By;
use rules::time::{Instant, Span};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// So many commands are on their way at once.
pub const IN_FLIGHT: usize = 512;
/// While the wall clock is waited for, the room's clock is turned so often.
const TURN_EVERY: Duration = Duration::from_millis(200);
/// Progress is told after so many steps.
const TELL_EVERY: usize = 500;
/// What is owed when a log is about to close is answered in so many rounds at most, as an answer
/// may make something else owed.
const SETTLING_ROUNDS: usize = 3;

/// How fast the file's time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// As fast as the room answers.
    Max,
    /// So many times as fast as the wall clock.
    Times(f64),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Speed, String> {
        if text == "max" {
            return Ok(Speed::Max);
        }
        let n: Option<f64> = text.parse().ok().filter(|n: &f64| n.is_finite() && *n > 0.0);
        n.map(Speed::Times).ok_or_else(|| {
            format!("'{text}' is not a speed: write 'max', or how many times real time, such as 60")
        })
    }
}

/// How far a replay is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Steps done.
    pub done: usize,
    /// Steps there are.
    pub total: usize,
    /// The file's time.
    pub at: Instant,
}

/// What is replayed, into which room.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// Its format.
    pub format: Format,
    /// How fast.
    pub speed: Speed,
    /// The journal; it must be empty.
    pub store: Store,
    /// The folder for the room's own files.
    pub data: PathBuf,
    /// The policy.
    pub policy_toml: String,
}

/// Why a replay could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReplayFault {
    /// The file.
    #[error(transparent)]
    File(#[from] FileFault),
    /// The policy does not fit.
    #[error("{0}")]
    Policy(String),
    /// The room could not be opened.
    #[error("the room for the replay could not be opened")]
    Room(#[source] room::OpenFault),
    /// The journal holds something already.
    #[error(
        "the journal for the replay holds {records} records already: give an empty one, so that \
         what is reported is this replay and nothing else"
    )]
    NotEmpty {
        /// How many.
        records: u64,
    },
    /// The journal could not be read back.
    #[error("the journal could not be read back after the replay")]
    Journal(#[source] journal::Fault),
    /// The room stopped answering.
    #[error("the room stopped answering: {0}")]
    Stopped(String),
}

/// Replays a file into a room of its own, compares, closes the room and verifies its journal.
///
/// # Errors
/// A [`ReplayFault`]. Refused rows and commands are no error: they are in the report.
pub fn replay(
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ReplayFault> {
    let calls = read_file(&options.file, options.format)?;
    let first = calls.calls.first().map_or(Instant(0), |c| c.received_at);
    let config = Config {
        store: options.store.clone(),
        data: options.data.clone(),
        policy_toml: options.policy_toml.clone(),
        // Before the first step, so that no command is given in the past.
        clock: Clock::turned(first - Span::minutes(10)),
        queue: IN_FLIGHT * 2,
    };
    let (room, opened) = Room::open(config).map_err(ReplayFault::Room)?;
    if opened.journal.records > 0 {
        room.close();
        return Err(ReplayFault::NotEmpty { records: opened.journal.records });
    }
    let done = Replay::start(room.clone(), calls, options.speed)
        .and_then(|replay| replay.run(&AtomicBool::new(false), progress));
    room.close();
    let mut report = done?;
    report.verified = journal::verify(&options.store, None, &mut |_, _| {}).ok;
    Ok(report)
}

/// A replay that is ready to run in a room.
pub struct Replay {
    room: Room,
    plan: Plan,
    policy: Arc<Policy>,
    speed: Speed,
    synthetic: Synthetic,
    has_response_times: bool,
}

impl Replay {
    /// Plans calls for a room whose clock is turned.
    ///
    /// # Errors
    /// A sentence if the room's policy does not fit the file.
    pub fn start(room: Room, calls: FileCalls, speed: Speed) -> Result<Replay, ReplayFault> {
        let policy = room.view().policy.clone();
        let synthetic = Synthetic::of(&calls);
        let has_response_times = calls.has_response_times();
        let plan = Plan::new(calls, &policy).map_err(ReplayFault::Policy)?;
        Ok(Replay { room, plan, policy, speed, synthetic, has_response_times })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Drives the plan through the room until its end or until `stop`, and compares what the
    /// journal says with the file. Blocks.
    ///
    /// # Errors
    /// A fault of the room or its journal.
    pub fn run(
        self,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, ReplayFault> {
        let before = self.room.view().seq;
        let started = std::time::Instant::now();
        let answered = Answered::new(self.plan.calls.len());
        std::thread::scope(|scope| {
            let (sender, receiver) = std::sync::mpsc::sync_channel(IN_FLIGHT);
            scope.spawn(|| answered.collect(receiver));
            let mut driver = Driver { replay: &self, answered: &answered, sender, started };
            driver.drive(stop, progress)
        })?;
        let wall_s = started.elapsed().as_secs_f64();
        let (numbers, commands) = answered.into_parts();
        let mut audit = Audit::new();
        audit.read(self.room.journal(), before).map_err(ReplayFault::Journal)?;
        Ok(report::report(&self, &audit, &numbers, commands, wall_s))
    }
}

/// Gives the commands.
struct Driver<'r> {
    replay: &'r Replay,
    answered: &'r Answered,
    sender: std::sync::mpsc::SyncSender<answered::InFlight>,
    started: std::time::Instant,
}

impl Driver<'_> {
    fn drive(
        &mut self,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ReplayFault> {
        let plan = &self.replay.plan;
        let (first, last) = plan.span();
        let total = plan.steps.len();
        for (done, step) in plan.steps.iter().enumerate() {
            if done % TELL_EVERY == 0 {
                progress(Progress { done, total, at: step.at });
            }
            self.wait_until(first, step.at, stop)?;
            if stop.load(Ordering::Relaxed) {
                progress(Progress { done, total, at: step.at });
                return Ok(());
            }
            self.step(step)?;
        }
        let turned = self.replay.room.advance_to(last);
        progress(Progress { done: total, total, at: last });
        turned.map_err(|denied| ReplayFault::Stopped(denied.to_string()))
    }

    /// Lets the wall clock catch up with the file's, turning the room's meanwhile.
    fn wait_until(
        &self,
        first: Instant,
        at: Instant,
        stop: &AtomicBool,
    ) -> Result<(), ReplayFault> {
        let Speed::Times(times) = self.replay.speed else { return Ok(()) };
        #[expect(clippy::cast_precision_loss, reason = "a year of milliseconds is exact in f64")]
        let due = Duration::from_secs_f64((at.since(first).0.max(0) as f64) / 1_000.0 / times);
        while !stop.load(Ordering::Relaxed) {
            let waited = self.started.elapsed();
            let Some(left) = due.checked_sub(waited).filter(|left| !left.is_zero()) else { break };
            #[expect(clippy::cast_possible_truncation, reason = "far below the range of i64")]
            let passed = (waited.as_secs_f64() * times * 1_000.0) as i64;
            let now = first + Span(passed);
            if left > TURN_EVERY && now < at {
                let turned = self.replay.room.advance_to(now);
                turned.map_err(|denied| ReplayFault::Stopped(denied.to_string()))?;
            }
            std::thread::sleep(left.min(TURN_EVERY));
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), ReplayFault> {
        match step.what {
            What::Settle => self.settle(step)?,
            What::SignOn(_) | What::Roster | What::Receive => {}
            What::Open => self.answered.wait_for_all(step.call),
            _ => self.answered.wait_for_log(step.call),
        }
        let numbers = self.answered.numbers(step.call);
        let replay = self.replay;
        if let Some((by, command)) = deeds::command(&replay.plan, &replay.policy, step, numbers) {
            self.give(step, by, command);
        }
        if step.what == What::Close {
            self.wrap_up(step);
        }
        Ok(())
    }

    /// Answers what still stands in the way of closing a log, with what its own moment makes due.
    fn settle(&mut self, step: &Step) -> Result<(), ReplayFault> {
        self.answered.wait_for_all(step.call);
        let turned = self.replay.room.advance_to(step.at);
        turned.map_err(|denied| ReplayFault::Stopped(denied.to_string()))?;
        for _ in 0..SETTLING_ROUNDS {
            self.answered.wait_for_all(step.call);
            let Some(n) = self.answered.numbers(step.call).incident else { return Ok(()) };
            let view = self.replay.room.view();
            let cast = &self.replay.plan.cast;
            let given: Vec<(By, Command)> =
                blocking(&view, n).filter_map(|o| answer(&view, o, cast)).collect();
            if given.is_empty() {
                break;
            }
            for (by, command) in given {
                self.give(step, by, command);
            }
        }
        self.answered.wait_for_all(step.call);
        let view = self.replay.room.view();
        let n = self.answered.numbers(step.call).incident;
        let log = n.and_then(|n| view.incident(n));
        for (by, command) in log.map(|log| deeds::ring_off(&view, log)).unwrap_or_default() {
            self.give(step, by, command);
        }
        Ok(())
    }

    /// What was open on a call whose log is closed has been done.
    fn wrap_up(&mut self, step: &Step) {
        self.answered.wait_for_all(step.call);
        let view = self.replay.room.view();
        let contact = self.answered.numbers(step.call).contact;
        let Some(contact) = contact.and_then(|id| view.contacts.get(&id)) else { return };
        let call = vec![deeds::hang_up(contact, true)];
        for (by, command) in deeds::wrap_up(&view, call) {
            self.give(step, by, command);
        }
    }

    fn give(&mut self, step: &Step, by: By, command: Command) {
        let mut act = Act::new(by, command);
        act.at = Some(step.at);
        act.happened_at = step.happened_at;
        let name = act.command.name();
        let call = (step.call != NONE).then_some(step.call);
        self.answered.sent(call);
        let submitted = std::time::Instant::now();
        let pending = self.replay.room.submit(act);
        let in_flight =
            answered::InFlight { call, at: step.at, what: step.what, name, submitted, pending };
        // The collector runs as long as there is somebody to send.
        let _ = self.sender.send(in_flight);
    }
}
