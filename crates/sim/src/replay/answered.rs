//! What the room has answered so far, for those who wait for it.

use super::report::RefusedCommand;
use crate::deeds::Numbers;
use crate::plan::What;
use room::Pending;
use rules::time::Instant;
use std::sync::mpsc::Receiver;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A command on its way.
pub struct InFlight {
    pub call: Option<u32>,
    pub at: Instant,
    pub what: What,
    pub name: &'static str,
    pub submitted: std::time::Instant,
    pub pending: Pending,
}

#[derive(Clone, Copy, Default)]
struct Call {
    numbers: Numbers,
    sent: u32,
    answered: u32,
    open_answered: bool,
}

/// What came of the commands.
#[derive(Default)]
pub struct Commands {
    /// How many were answered.
    pub n: u64,
    /// Microseconds from giving each to knowing it durable.
    pub latencies_us: Vec<u32>,
    /// Those refused.
    pub refused: Vec<RefusedCommand>,
}

struct Inner {
    calls: Vec<Call>,
    commands: Commands,
}

/// The answers.
pub struct Answered {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Answered {
    /// No answers yet, for so many calls.
    pub fn new(n_calls: usize) -> Answered {
        let inner = Inner { calls: vec![Call::default(); n_calls], commands: Commands::default() };
        Answered { inner: Mutex::new(inner), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a command about a call is on its way.
    pub fn sent(&self, call: Option<u32>) {
        let mut inner = self.lock();
        if let Some(call) = call.and_then(|c| inner.calls.get_mut(c as usize)) {
            call.sent += 1;
        }
    }

    /// The numbers the room gave for a call.
    pub fn numbers(&self, call: u32) -> Numbers {
        self.lock().calls.get(call as usize).map(|c| c.numbers).unwrap_or_default()
    }

    /// Waits until every command about a call is answered.
    pub fn wait_for_all(&self, call: u32) {
        self.wait(call, |c| c.answered >= c.sent);
    }

    /// Waits until it is known whether a call has a log.
    pub fn wait_for_log(&self, call: u32) {
        self.wait(call, |c| c.open_answered);
    }

    fn wait(&self, call: u32, enough: impl Fn(&Call) -> bool) {
        let mut inner = self.lock();
        while inner.calls.get(call as usize).is_some_and(|c| !enough(c)) {
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the answers in the order of the commands, until nobody sends any more.
    pub fn collect(&self, in_flight: Receiver<InFlight>) {
        for InFlight { call, at, what, name, submitted, pending } in in_flight {
            let answer = pending.wait();
            let us = u32::try_from(submitted.elapsed().as_micros()).unwrap_or(u32::MAX);
            let mut inner = self.lock();
            inner.commands.n += 1;
            inner.commands.latencies_us.push(us);
            let done = match answer {
                Ok(done) => Some(done),
                Err(denied) => {
                    let refused = RefusedCommand::new(at, name, denied.to_string());
                    inner.commands.refused.push(refused);
                    None
                }
            };
            if let Some(call) = call.and_then(|c| inner.calls.get_mut(c as usize)) {
                call.answered += 1;
                match what {
                    What::Receive => call.numbers.contact = done.and_then(|d| d.contact()),
                    What::Open => {
                        call.numbers.incident = done.and_then(|d| d.incident());
                        call.open_answered = true;
                    }
                    _ => {}
                }
            }
            self.changed.notify_all();
        }
    }

    /// The numbers of every call, and what came of the commands.
    pub fn into_parts(self) -> (Vec<Numbers>, Commands) {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        (inner.calls.iter().map(|c| c.numbers).collect(), inner.commands)
    }
}
