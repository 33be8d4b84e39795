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
    let recent = |times: Vec<Instant>| times.into_iter().filter(|t| *t > since).count();
    heard_at(s, at).into_iter().any(|t| recent(t) >= s.policy.alarm.flood_more_than as usize)
}

/// A position is flooded, and somebody is told.
pub(super) fn began(s: &State, at: &Owner) -> Event {
    let leader = Owner::Desk(s.covering(Role::TeamLeader));
    // A leader in flood tells their own.
    let told =
        if leader == *at { Owner::Desk(s.covering(Role::ForceIncidentManager)) } else { leader };
    Event::FloodBegan { position: at.clone(), told }
}

/// When a flood is over: nobody who sits there has heard more than half as many as make one within
/// the window.
pub(super) fn ends_at(s: &State, at: &Owner) -> Instant {
    let calm = s.policy.alarm.flood_more_than as usize / 2;
    let last_that_counts = |mut times: Vec<Instant>| {
        times.sort_unstable();
        times.into_iter().rev().nth(calm)
    };
    let last = heard_at(s, at).into_iter().filter_map(last_that_counts).max();
    last.map_or(Instant::default(), |t| t + s.policy.alarm.flood_window)
}

/// When one more roll-up that could not sound in a flood does: one by one when it is over.
pub(super) fn next_sound(s: &State, at: &Owner) -> Instant {
    let before = s.alarms.held.iter().filter(|(_, position, _)| position == at).count();
    let wait = ONE_BY_ONE.0.saturating_mul(i64::try_from(before).unwrap_or(i64::MAX));
    ends_at(s, at) + Span(wait)
}

/// When each of those who answer for a position now heard something: at their own name, at their
/// desk, and at every desk whose work comes to them.
fn heard_at(s: &State, at: &Owner) -> Vec<Vec<Instant>> {
    let of = |position: &Owner| s.alarms.sounds.get(position).cloned().unwrap_or_default();
    let answers = s.present(at);
    let who = s.staff.values().filter(|on| !on.on_break).filter(|on| match &answers {
        Owner::Staff(staff) => *staff == on.staff,
        Owner::Desk(role) => *role == on.role,
    });
    let all = who.map(|on| {
        let desks = Role::ALL.into_iter().filter(|desk| s.covering(*desk) == on.role);
        let desks = desks.flat_map(|desk| of(&Owner::Desk(desk)));
        of(&Owner::Staff(on.staff.clone())).into_iter().chain(desks).collect()
    });
    all.collect()
}
