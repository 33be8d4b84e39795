//! When a ladder's rungs fire, and what firing does.

use crate::obligation::Obligation;
use crate::policy::{Ladder, Level, RungAt, Tell};
use crate::role::Owner;
use crate::time::Instant;

/// The moment of a ladder's n-th rung (from 0), for a clock from `from` to `due_at`. Past the last
/// rung it repeats.
pub fn rung_at(ladder: &Ladder, from: Instant, due_at: Instant, n: u32) -> Instant {
    let n = n as usize;
    if let Some(rung) = ladder.rung.get(n) {
        return match rung.at {
            RungAt::Percent(p) => from + due_at.since(from).percent(p),
            RungAt::After(span) => due_at + span,
        };
    }
    let last = ladder.rung.last().map_or(due_at, |rung| match rung.at {
        RungAt::Percent(_) => due_at,
        RungAt::After(span) => due_at + span,
    });
    let again = (n + 1).saturating_sub(ladder.rung.len());
    let again = i64::try_from(again).unwrap_or(i64::MAX);
    last + crate::time::Span(ladder.then_every.0.saturating_mul(again))
}

/// What one firing does: however many rungs have passed unseen, it is told once, to everybody whom
/// those rungs name.
#[derive(Clone, Debug, PartialEq)]
pub struct Climb {
    /// How many rungs have now fired.
    pub rung: u32,
    /// Who is told.
    pub told: Vec<Owner>,
    /// The loudest of the rungs.
    pub level: Level,
    /// Who owns it from now on.
    pub owner: Owner,
    /// When it fires next.
    pub next_at: Instant,
}

impl Climb {
    /// The climb due at `now`. `None` if the ladder is empty.
    pub fn of(o: &Obligation, ladder: &Ladder, now: Instant) -> Option<Climb> {
        let last = ladder.rung.last()?;
        let mut climb = Climb {
            rung: o.rung,
            told: Vec::new(),
            level: Level::A4,
            owner: o.owner.clone(),
            next_at: now,
        };
        loop {
            let rung = ladder.rung.get(climb.rung as usize).unwrap_or(last);
            climb.step(&rung.tell, rung.level, rung.takes_over);
            climb.rung = climb.rung.saturating_add(1);
            climb.next_at = rung_at(ladder, o.from, o.due_at, climb.rung);
            if climb.next_at > now {
                if climb.rung as usize >= ladder.rung.len() {
                    // Raised before its time, it is told again no later for that.
                    climb.next_at = climb.next_at.min(now + ladder.then_every);
                }
                return Some(climb);
            }
            if climb.rung as usize > ladder.rung.len() {
                // Long asleep: one telling stands for all the repeats that were missed.
                climb.next_at = now + ladder.then_every;
                return Some(climb);
            }
        }
    }

    fn step(&mut self, tell: &[Tell], level: Level, takes_over: bool) {
        let told: Vec<Owner> = tell.iter().map(|t| t.to(&self.owner)).collect();
        if let (true, Some(first)) = (takes_over, told.first()) {
            self.owner = first.clone();
        }
        for position in told {
            if !self.told.contains(&position) {
                self.told.push(position);
            }
        }
        self.level = self.level.min(level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::RungPolicy;
    use crate::role::Role;
    use crate::time::Span;

    fn ladder() -> Ladder {
        let rung = |at, role, level, takes_over| RungPolicy {
            at,
            tell: vec![Tell::Desk(role)],
            level,
            takes_over,
            words: None,
        };
        Ladder {
            rung: vec![
                rung(RungAt::Percent(75), Role::Dispatcher, Level::A3, false),
                rung(RungAt::After(Span::ZERO), Role::Dispatcher, Level::A2, false),
                rung(RungAt::After(Span::minutes(15)), Role::DispatchSupervisor, Level::A2, true),
            ],
            then_every: Span::minutes(15),
            meaning: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn the_rungs_of_an_hour_are_before_at_and_every_fifteen_minutes_after() {
        let due = Instant(0) + Span::minutes(60);
        for (n, minute) in [(0, 45), (1, 60), (2, 75), (3, 90), (4, 105), (10, 195)] {
            assert_eq!(
                rung_at(&ladder(), Instant(0), due, n),
                Instant(0) + Span::minutes(minute),
                "rung {n}"
            );
        }
    }
}
