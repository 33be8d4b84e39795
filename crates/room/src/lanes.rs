//! The queue before the writer: two lanes, each bounded. What the public and other programs send
//! can never hold up those who take calls and send units.

use crate::act::{Act, Denied, Pending, Reply};
use journal::planted::planted;
use rules::role::Role;
use rules::time::Instant;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something for the writer to do.
pub(crate) enum Job {
    /// A command.
    Act(Box<Act>, Reply),
    /// A turned clock moves.
    Advance(Instant, Reply),
}

#[derive(Default)]
struct Queues {
    urgent: VecDeque<Job>,
    other: VecDeque<Job>,
    nudged: bool,
    closed: bool,
}

/// The two lanes.
pub(crate) struct Lanes {
    queues: Mutex<Queues>,
    arrived: Condvar,
    room: Condvar,
    most: usize,
    /// On a clock that is turned there is one order, the order of asking, so that the same commands
    /// make the same journal.
    one_lane: bool,
}

/// How many of the other lane go into one batch.
const OTHERS_PER_BATCH: usize = 64;
/// How many jobs go into one batch at most.
const PER_BATCH: usize = 512;

impl Lanes {
    pub(crate) fn new(most: usize, one_lane: bool) -> Lanes {
        Lanes {
            queues: Mutex::default(),
            arrived: Condvar::new(),
            room: Condvar::new(),
            one_lane,
            most: if planted("unbounded_queue") { usize::MAX } else { most.max(1) },
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn len(&self) -> usize {
        let q = self.lock();
        q.urgent.len() + q.other.len()
    }

    pub(crate) fn push(&self, act: Act) -> Result<Pending, Denied> {
        let mut q = self.lock();
        if q.closed {
            return Err(Denied::closing());
        }
        let urgent = self.one_lane || is_urgent(act.by.role);
        let waiting = if urgent { q.urgent.len() } else { q.other.len() };
        if waiting >= self.most {
            return Err(Denied::Busy {
                sentence: format!("{waiting} commands wait already: try again in a second"),
            });
        }
        let (reply, pending) = Pending::new();
        self.enqueue(&mut q, urgent, Job::Act(Box::new(act), reply));
        Ok(pending)
    }

    pub(crate) fn push_waiting(&self, act: Act) -> Pending {
        let (reply, pending) = Pending::new();
        let urgent = self.one_lane || is_urgent(act.by.role);
        let mut q = self.lock();
        while !q.closed && (if urgent { q.urgent.len() } else { q.other.len() }) >= self.most {
            q = self.room.wait(q).unwrap_or_else(PoisonError::into_inner);
        }
        if !q.closed {
            self.enqueue(&mut q, urgent, Job::Act(Box::new(act), reply));
        }
        pending
    }

    pub(crate) fn advance(&self, at: Instant) -> Pending {
        let (reply, pending) = Pending::new();
        let mut q = self.lock();
        if !q.closed {
            self.enqueue(&mut q, true, Job::Advance(at, reply));
        }
        pending
    }

    fn enqueue(&self, q: &mut Queues, urgent: bool, job: Job) {
        if urgent {
            q.urgent.push_back(job)
        } else {
            q.other.push_back(job)
        }
        if !planted("lost_wake_up") {
            self.arrived.notify_one();
        }
    }

    /// Wakes the writer although nothing was asked: another node has written.
    pub(crate) fn nudge(&self) {
        self.lock().nudged = true;
        self.arrived.notify_one();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
        self.room.notify_all();
    }

    /// The next jobs, urgent ones first, in the order they came. Waits up to `within` for the
    /// first. `None` when the room is closed and everything is answered.
    pub(crate) fn take(&self, within: Duration) -> Option<Vec<Job>> {
        let mut q = self.lock();
        if q.urgent.is_empty() && q.other.is_empty() && !q.nudged && !q.closed {
            q = self.arrived.wait_timeout(q, within).unwrap_or_else(PoisonError::into_inner).0;
        }
        q.nudged = false;
        if q.closed && q.urgent.is_empty() && q.other.is_empty() {
            return None;
        }
        let n = q.urgent.len().min(PER_BATCH);
        let mut jobs: Vec<Job> = q.urgent.drain(..n).collect();
        let n = q.other.len().min(OTHERS_PER_BATCH);
        jobs.extend(q.other.drain(..n));
        self.room.notify_all();
        Some(jobs)
    }
}

/// Whose commands go first.
fn is_urgent(role: Role) -> bool {
    !matches!(
        role,
        Role::Public
            | Role::InformantLink
            | Role::PartnerForce
            | Role::Opcc
            | Role::Analyst
            | Role::PanelMember
            | Role::DigitalDesk
            | Role::Auditor
    )
}
