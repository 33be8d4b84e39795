//! Seats, breaks and the handover.

use super::calls::Call;
use super::{Busy, Item};
use crate::answers::answer;
use crate::cast::{Cast, Person};
use rules::command::*;
use rules::role::{By, Role};
use rules::state::State;
use rules::time::{Instant, Span};

/// Somebody at a desk.
pub(super) struct Worker {
    pub by: By,
    person: Person,
    /// 0 for the first shift, 1 for its relief.
    pub shift: usize,
    /// The call they are on.
    pub call: Option<Call>,
}

/// The relief comes so long after the beginning.
const RELIEF_AFTER: Span = Span::minutes(8 * 60);
/// Both shifts are there for so long.
const OVERLAP: Span = Span::minutes(20);
/// A break is so long.
const BREAK: Span = Span::minutes(30);

impl Busy {
    /// Everybody takes a seat; the queue begins to grow; units come on with the shift.
    pub(super) fn begin(&mut self, at: Instant) {
        let casts = self.casts.clone();
        for (shift, cast) in casts.iter().enumerate() {
            let people = cast.people().iter().filter(|p| p.by.role != Role::DutyChiefInspector);
            self.people.extend(people.map(|person| Worker {
                by: person.by.clone(),
                person: person.clone(),
                shift,
                call: None,
            }));
        }
        self.seat(at, 0);
        let begins = self.begins;
        self.soon(at, 30, 60, Item::Ring);
        self.later(begins, Item::UnitsOn);
        self.later(begins + RELIEF_AFTER, Item::Relief(true));
        if let Some(after) = self.script.major_after {
            self.later(begins + after, Item::RingMajor);
        }
        let breaks = (0_i64..).zip(0..self.people.len());
        for (n, who) in breaks.collect::<Vec<_>>() {
            let from = match self.people.get(who).map(|w| w.shift) {
                Some(0) => begins + Span::minutes(90 + 20 * n),
                _ => begins + RELIEF_AFTER + Span::minutes(20 * (n % 12)),
            };
            self.later(from, Item::Break(who, true));
        }
    }

    fn seat(&mut self, at: Instant, shift: usize) {
        let people: Vec<(usize, By, Person)> = self
            .people
            .iter()
            .enumerate()
            .filter(|(_, w)| w.shift == shift)
            .map(|(who, w)| (who, w.by.clone(), w.person.clone()))
            .collect();
        for (who, by, person) in people {
            self.give(at, by, person.sign_on());
            self.soon(at, 5, 60, Item::Turn(who));
        }
    }

    /// Somebody goes on a break, if they are on no call and the room is not idle, or comes back.
    pub(super) fn take_a_break(&mut self, at: Instant, who: usize, away: bool) {
        let view = self.look();
        let Some(worker) = self.people.get(who) else { return };
        let (by, on_a_call) = (worker.by.clone(), worker.call.is_some());
        let Some(on) = view.staff.get(&by.staff) else { return };
        if self.is_idle(at) || (away && on_a_call) {
            self.later(at + Span::minutes(3), Item::Break(who, away));
        } else if away && !on.on_break {
            self.give(at, by, GoOnBreak { to: None });
            self.later(at + BREAK, Item::Break(who, false));
        } else if on.on_break {
            self.give(at, by, ComeBack {});
            self.soon(at, 5, 30, Item::Turn(who));
        }
    }

    /// The relief sits down and is handed the desk; later those it relieves go home.
    pub(super) fn relief(&mut self, at: Instant, comes: bool) {
        if self.is_idle(at) {
            self.later(at + Span::minutes(5), Item::Relief(comes));
            return;
        }
        if comes {
            self.seat(at, 1);
            for desk in [Role::Dispatcher, Role::DispatchSupervisor, Role::ForceIncidentManager] {
                let by = self.casts[0].one(desk, 0).clone();
                self.give(at, by, BuildHandover { desk });
            }
            self.later(at + OVERLAP, Item::Relief(false));
            return;
        }
        let leaving: Vec<(By, By)> = self
            .people
            .iter()
            .filter(|w| w.shift == 0)
            .zip(self.people.iter().filter(|w| w.shift == 1))
            .map(|(old, new)| (old.by.clone(), new.by.clone()))
            .collect();
        for (old, new) in leaving {
            self.give(at, old, SignOff { to: Some(new.staff) });
        }
    }

    /// The people who are on duty now.
    pub(super) fn cast(&self, view: &State) -> &Cast {
        let [first, relief] = &self.casts;
        let here = |cast: &Cast| view.staff.get(&cast.one(Role::Dispatcher, 0).staff).is_some();
        if here(first) { first } else { relief }
    }

    /// Accepts a line of a handover that waits for somebody's desk, if one does.
    pub(super) fn accept_a_line(&mut self, at: Instant, view: &State, by: &By) -> bool {
        let handover =
            view.handovers.values().find(|h| h.desk == by.role && h.built_by != by.staff);
        let line = handover.and_then(|h| {
            h.lines.iter().find(|l| !h.accepted.iter().any(|(n, ..)| *n == l.line)).map(|l| l.line)
        });
        let (Some(handover), Some(line)) = (handover, line) else { return false };
        self.give(at, by.clone(), AcceptHandoverLine { handover: handover.id, line });
        true
    }

    /// What answers an obligation, by this person where their role may.
    pub(super) fn answer_by(
        &self,
        view: &State,
        o: &rules::obligation::Obligation,
        by: &By,
    ) -> Option<(By, Command)> {
        let (other, command) = answer(view, o, self.cast(view))?;
        let mine = other.role != Role::Officer && room::roles::may(by.role, command.name());
        Some((if mine { by.clone() } else { other }, command))
    }
}
