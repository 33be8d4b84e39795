//! Everything that happens by itself. The room asks when the next moment is, sleeps until then, and
//! records what fired. There is no other place where time alone does anything.

use crate::alarm;
use crate::event::Event;
use crate::obligation::{Climb, Holds, Obligation, rung_at};
use crate::policy::{Ladder, Level};
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::{Instant, Span};

/// The next moment at which something happens by itself.
pub fn next_due(s: &State) -> Option<Instant> {
    let obligation = s.due.first().map(|(at, _)| *at);
    obligation.into_iter().chain(alarm::next_due(s)).min()
}

/// What happens at `now` to the obligation that has waited longest for its moment, or where a sound
/// was held. `None` when nothing is due. The caller folds the events and asks again.
pub fn fire(s: &State, now: Instant) -> Option<Vec<Event>> {
    obligation(s, now).or_else(|| alarm::fire(s, now))
}

fn obligation(s: &State, now: Instant) -> Option<Vec<Event>> {
    let (at, id) = s.due.first()?;
    if *at > now {
        return None;
    }
    let o = s.obligations.get(id)?;
    if let Holds::From(from) = (o.rule.spec().holds)(s, o) {
        return Some(vec![moved(s, o, from)]);
    }
    Some(climb(s, o, now))
}

/// The ladder of an obligation at the grade its log has now.
fn ladder<'s>(s: &'s State, o: &Obligation) -> Option<&'s Ladder> {
    s.ladder_of(o.rule, &o.about, o.part.as_deref())
}

/// The clock of an obligation starts again, because what it waits for happened meanwhile.
pub(crate) fn moved(s: &State, o: &Obligation, from: Instant) -> Event {
    let due_at = from + o.due_at.since(o.from);
    let next_at = ladder(s, o).map_or(due_at, |l| rung_at(l, from, due_at, 0));
    Event::ObligationMoved { about: o.about.clone(), obligation: o.id, due_at, next_at }
}

/// An obligation climbs, and is heard where it is worse than what is heard already.
pub fn climb(s: &State, o: &Obligation, now: Instant) -> Vec<Event> {
    let climb = ladder(s, o).and_then(|l| Climb::of(o, l, now)).unwrap_or(Climb {
        // A policy without this ladder cannot be published; if one is read all the same, the
        // obligation stays lit at the top.
        rung: o.rung.saturating_add(1),
        told: vec![Owner::Desk(Role::ForceIncidentManager)],
        level: Level::A2,
        owner: o.owner.clone(),
        next_at: now + Span::minutes(15),
    });
    let mut told: Vec<Owner> = Vec::new();
    for position in climb.told.iter().map(|p| s.present(p)) {
        if !told.contains(&position) {
            told.push(position);
        }
    }
    let fired = Event::ObligationFired {
        about: o.about.clone(),
        obligation: o.id,
        rung: climb.rung,
        told: told.clone(),
        level: climb.level,
        owner: match o.rule.stays_with_its_desk() {
            true => climb.owner.clone(),
            false => s.present(&climb.owner),
        },
        next_at: climb.next_at,
    };
    // Whoever hears it at their desk need not hear it for themselves too.
    let desk_is_told = |p: &&Owner| match p {
        Owner::Staff(staff) => {
            s.staff.get(staff).is_some_and(|on| told.contains(&Owner::Desk(on.role)))
        }
        Owner::Desk(_) => false,
    };
    let each = told.iter().filter(|p| !desk_is_told(p));
    let heard = each.flat_map(|p| alarm::sounds(s, o, p, climb.level, now));
    [fired].into_iter().chain(heard).collect()
}
