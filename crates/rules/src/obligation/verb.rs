//! The named verbs: own, give, delay with a reason, raise. They quieten an obligation for a time;
//! only what its rule names ends it.

use crate::command::*;
use crate::event::Event;
use crate::incident::acceptance::on_duty;
use crate::name::ObligationId;
use crate::obligation::{Obligation, Rule};
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::{Instant, Now};

fn open(s: &State, id: ObligationId) -> Result<&Obligation, Refused> {
    s.obligations.get(&id).ok_or_else(|| {
        Refused::not_found(format!("obligation {id} is not open: it may have been met meanwhile"))
    })
}

/// When it climbs again after somebody has taken it on.
fn held_until(s: &State, o: &Obligation, now: Now) -> Instant {
    if o.rung == 0 || o.rule == Rule::OfficerEmergency {
        // Nobody has been told yet, or nothing but its end may quieten it: the clock goes on.
        return o.next_at;
    }
    (now.at + s.policy.alarm.verb_holds).max(o.next_at)
}

/// Takes it on.
pub fn own(s: &State, c: &OwnObligation, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let o = open(s, c.obligation)?;
    Ok(vec![Event::ObligationOwned {
        about: o.about.clone(),
        obligation: o.id,
        words: c.words.clone(),
        next_at: held_until(s, o, now),
    }])
}

/// Gives it to somebody who is here, or to a desk.
pub fn give(s: &State, c: &GiveObligation, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let o = open(s, c.obligation)?;
    if let Owner::Staff(staff) = &c.to {
        on_duty(s, staff)?;
    }
    Ok(vec![Event::ObligationGiven {
        about: o.about.clone(),
        obligation: o.id,
        to: s.present(&c.to),
        reason: c.reason.clone(),
        next_at: held_until(s, o, now),
    }])
}

/// Accepts a delay until a time, with a reason. It expires loudly.
pub fn delay(s: &State, c: &DelayObligation, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let o = open(s, c.obligation)?;
    let latest = now.at + s.policy.alarm.delay_max;
    if o.rule == Rule::OfficerEmergency {
        return Err(Refused::forbidden("an officer's emergency cannot be delayed: send help"));
    }
    if c.until <= now.at || c.until > latest {
        return Err(Refused::invalid(format!(
            "a delay ends within the next {}: choose a time before that",
            s.policy.alarm.delay_max.words()
        )));
    }
    if o.rung == 0 && c.until <= o.next_at {
        return Err(Refused::conflict(
            "nobody is told of this before then: no delay is needed, choose a later time if it is",
        ));
    }
    Ok(vec![Event::ObligationDelayed {
        about: o.about.clone(),
        obligation: o.id,
        until: c.until,
        reason: c.reason.clone(),
    }])
}

/// Raises it to the next rung now.
pub fn raise(s: &State, c: &RaiseObligation, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let o = open(s, c.obligation)?;
    let raised = Event::ObligationRaised {
        about: o.about.clone(),
        obligation: o.id,
        reason: c.reason.clone(),
    };
    Ok([raised].into_iter().chain(crate::due::climb(s, o, now.at)).collect())
}
