//! How late obligations fire, by a clock that nobody can set: the monotonic one.

use crate::acks::with_checksum;
use crate::victim::say;
use room::Room;
use rules::event::Event;
use rules::name::ObligationId;
use rules::time::Instant;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Monotonic};

/// When each open obligation is to fire, by the monotonic clock.
type Expected = HashMap<ObligationId, Monotonic>;

/// Says `FIRED obligation rung late_ms` for each that fires, until it is over; and `OVERDUE` for
/// each that should have fired and has not.
pub fn lateness(room: &Room, over: &AtomicBool) {
    let mut seen = room.view().seq;
    let mut expected = standing(room);
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(10));
        let Ok(notices) = room.notices_after(seen, 1_000) else { continue };
        for notice in notices {
            seen = notice.seq;
            heard(&mut expected, &notice.event, notice.at);
        }
        let now = Monotonic::now();
        let late = |at: &Monotonic| now.saturating_duration_since(*at) > Duration::from_secs(2);
        expected.retain(|id, at| {
            if late(at) {
                say(&with_checksum(&format!("OVERDUE {id}")));
            }
            !late(at)
        });
    }
}

fn standing(room: &Room) -> Expected {
    let (view, now) = (room.view(), room.now());
    let open = view.obligations.values();
    open.map(|o| (o.id, from_now(o.next_at.since(now).0))).collect()
}

fn from_now(ms: i64) -> Monotonic {
    Monotonic::now() + Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

fn heard(expected: &mut Expected, event: &Event, at: Instant) {
    match event {
        Event::ObligationsArmed { armed, .. } => {
            for row in armed {
                expected.insert(row.obligation, from_now(row.next_at.since(at).0));
            }
        }
        Event::ObligationsEnded { ended, .. } => expected.retain(|id, _| !ended.contains(id)),
        Event::ObligationFired { obligation, rung, next_at, .. } => {
            if let Some(due) = expected.insert(*obligation, from_now(next_at.since(at).0)) {
                let late = Monotonic::now().saturating_duration_since(due).as_millis();
                say(&with_checksum(&format!("FIRED {obligation} {rung} {late}")));
            }
        }
        Event::ObligationMoved { obligation, next_at, .. }
        | Event::ObligationOwned { obligation, next_at, .. }
        | Event::ObligationGiven { obligation, next_at, .. }
        | Event::ObligationDelayed { obligation, until: next_at, .. } => {
            expected.insert(*obligation, from_now(next_at.since(at).0));
        }
        _ => {}
    }
}
