//! More sounds than anybody can take in. Then only what is critical sounds, the rest is one bar,
//! and somebody who can help is told. It ends when half as many were heard, not one fewer.
//!
//! Source: EEMUA 191 and ISA-18.2: more than ten in ten minutes at one position.

use crate::event::Event;
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::{Instant, Span};

/// After a flood what was not heard follows at this distance.
const ONE_BY_ONE: Span = Span::minutes(1);

/// Whether one more sound at the position would be too many for somebody who sits there.
pub(super) fn is_flooded(s: &State, at: &Owner, now: Instant) -> bool {
    if s.alarms.flooded.contains(at) {
        return true;
    }
    let since = now - s.policy.alarm.flood_window;
    let recent = heard_at(s, at).into_iter().filter(|t| *t > since).count();
    recent >= s.policy.alarm.flood_more_than as usize
}

/// A position is flooded, and somebody is told.
pub(super) fn began(s: &State, at: &Owner) -> Event {
    let leader = Owner::Desk(s.covering(Role::TeamLeader));
    // A leader in flood tells their own.
    let told =
        if leader == *at { Owner::Desk(s.covering(Role::ForceIncidentManager)) } else { leader };
    Event::FloodBegan { position: at.clone(), told }
}

/// When a flood is over: half as many as make one were heard within the window.
pub(super) fn ends_at(s: &State, at: &Owner) -> Instant {
    let times = heard_at(s, at);
    let calm = s.policy.alarm.flood_more_than as usize / 2;
    let last_that_counts = times.len().checked_sub(calm + 1).and_then(|n| times.get(n));
    last_that_counts.map_or(Instant::default(), |t| *t + s.policy.alarm.flood_window)
}

/// When one more roll-up that could not sound in a flood does: one by one when it is over.
pub(super) fn next_sound(s: &State, at: &Owner) -> Instant {
    let before = s.alarms.held.iter().filter(|(_, position, _)| position == at).count();
    let wait = ONE_BY_ONE.0.saturating_mul(i64::try_from(before).unwrap_or(i64::MAX));
    ends_at(s, at) + Span(wait)
}

/// When somebody who sits at a position heard something: at their own name and at their desk.
fn heard_at(s: &State, at: &Owner) -> Vec<Instant> {
    let of = |position: &Owner| s.alarms.sounds.get(position).map_or(&[][..], |t| &t[..]);
    let mut times = of(at).to_vec();
    match at {
        Owner::Staff(staff) => {
            if let Some(on) = s.staff.get(staff) {
                times.extend(of(&Owner::Desk(on.role)));
            }
        }
        Owner::Desk(role) => {
            let there = s.staff.values().filter(|on| on.role == *role && !on.on_break);
            let own = there.map(|on| of(&Owner::Staff(on.staff.clone())));
            times.extend(own.max_by_key(|t| t.len()).unwrap_or_default());
        }
    }
    times.sort_unstable();
    times
}
