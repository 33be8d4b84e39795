//! A clock that never goes back, and one that we turn.
//!
//! The room's time is the computer's time at the start plus what the monotonic clock has counted
//! since. A computer's clock that jumps while the room runs moves no obligation: it is told as
//! drift. A small difference is taken up slowly. Nothing is ever earlier than the last record.

use rules::time::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the room gets its time from.
#[derive(Clone)]
pub enum Clock {
    /// The computer's clock, made steady.
    Steady(Arc<Steady>),
    /// A clock that the caller turns.
    Turned(Turned),
}

/// The computer's clock, made steady.
pub struct Steady {
    start: std::time::Instant,
    base_ms: AtomicI64,
    floor_ms: AtomicI64,
}

/// A clock that stands still until it is turned.
#[derive(Clone, Default)]
pub struct Turned(Arc<AtomicI64>);

/// Differences up to this are taken up; a larger one is a jump and is only told.
const TAKEN_UP_MS: i64 = 2_000;

impl Clock {
    /// The computer's clock from now on.
    pub fn steady() -> Clock {
        Clock::Steady(Arc::new(Steady {
            start: std::time::Instant::now(),
            base_ms: AtomicI64::new(wall_ms()),
            floor_ms: AtomicI64::new(i64::MIN),
        }))
    }

    /// A clock that stands at a moment.
    pub fn turned(at: Instant) -> Clock {
        Clock::Turned(Turned(Arc::new(AtomicI64::new(at.0))))
    }

    /// The time.
    pub fn now(&self) -> Instant {
        match self {
            Clock::Steady(s) => {
                let now = s.base_ms.load(Ordering::Relaxed).saturating_add(s.elapsed_ms());
                Instant(s.floor_ms.fetch_max(now, Ordering::Relaxed).max(now))
            }
            Clock::Turned(t) => Instant(t.0.load(Ordering::Acquire)),
        }
    }

    /// Never shows a time before this one.
    pub(crate) fn not_before(&self, at: Instant) {
        match self {
            Clock::Steady(s) => {
                let behind = at.0.saturating_sub(self.now().0);
                if behind > 0 {
                    s.base_ms.fetch_add(behind, Ordering::Relaxed);
                }
            }
            Clock::Turned(t) => {
                t.0.fetch_max(at.0, Ordering::AcqRel);
            }
        }
    }

    /// How far the computer's clock is ahead of the room's, in milliseconds. Small differences are
    /// taken up on the way.
    pub(crate) fn drift_ms(&self) -> i64 {
        let Clock::Steady(s) = self else { return 0 };
        let own = s.base_ms.load(Ordering::Relaxed).saturating_add(s.elapsed_ms());
        let drift = wall_ms().saturating_sub(own);
        if drift.abs() <= TAKEN_UP_MS {
            s.base_ms.fetch_add(drift, Ordering::Relaxed);
        }
        drift
    }
}

impl Steady {
    fn elapsed_ms(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

fn wall_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_never_before_the_last_record() {
        let clock = Clock::steady();
        let tomorrow = Instant(clock.now().0 + 86_400_000);
        clock.not_before(tomorrow);
        assert!(clock.now() >= tomorrow);
        assert!(clock.drift_ms() < -TAKEN_UP_MS, "a clock a day behind is told, not followed");
        assert!(clock.now() >= tomorrow);
    }
}
