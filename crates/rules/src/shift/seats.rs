//! Who sits where, and what moves when they leave.

use crate::command::*;
use crate::event::Event;
use crate::incident::acceptance::on_duty;
use crate::name::{SeatId, StaffId};
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::shift::{OnDuty, directory, training};
use crate::state::State;
use crate::time::Now;

/// Rule: a desk with fewer people than the force has promised is told upwards.
///
/// Source: Learning the Lessons, case 2: two support operators were required, none were working.
pub const DESK_SHORT: Spec = Spec {
    arms: |s, event, meta| {
        let desks: Vec<Role> = match event {
            Event::PolicyAdopted { .. } => s.policy.desk.keys().copied().collect(),
            Event::SignedOff { .. } | Event::WentOnBreak { .. } => vec![meta.by.role],
            _ => return Vec::new(),
        };
        let short = desks.into_iter().filter(|desk| is_short(s, *desk));
        short.map(|desk| Arm::new(Subject::Desk(desk), meta.recorded_at)).collect()
    },
    ends: |s, o, event, _| match (event, &o.about) {
        (
            Event::SignedOn { .. } | Event::CameBack {} | Event::PolicyAdopted { .. },
            Subject::Desk(desk),
        ) => (!is_short(s, *desk)).then_some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Whether fewer people sit at a desk than there must be.
pub fn is_short(s: &State, desk: Role) -> bool {
    let min = s.policy.desk.get(&desk).map_or(0, |d| d.on_duty_min);
    s.staff.values().filter(|on| on.role == desk && !on.on_break).count() < min
}

/// Takes a seat. Somebody without the skills of the desk cannot sit there.
///
/// Source: Learning the Lessons, case 10: seven months after a rushed training, alone.
pub fn sign_on(s: &State, c: &SignOn, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    if s.staff.contains_key(&by.staff) {
        return Err(Refused::conflict(format!("{} is on duty already: sign off first", by.staff)));
    }
    is_free(s, &c.seat)?;
    let skills = directory::skills(s, by, &c.skills, now.at)?;
    let needed = s.policy.desk.get(&by.role).map_or(&[][..], |d| &d.skills[..]);
    let lacks: Vec<String> =
        needed.iter().filter(|skill| !skills.contains(skill)).map(ToString::to_string).collect();
    // An open directory that trusts whom it does not know stops nobody.
    if !lacks.is_empty() && training::held(s, &by.staff, now.at).is_some() {
        let ended = |skill: &&crate::name::Label| {
            !skills.contains(skill)
                && s.directory.get(&by.staff).is_some_and(|e| e.ended(skill, now.at).is_some())
        };
        let ended = match needed.iter().find(ended) {
            Some(skill) => format!(" (your training in {skill} has ended)"),
            None => String::new(),
        };
        return Err(Refused::blocked_by(
            format!(
                "the {} desk needs training you do not have: {}{ended}. Ask a team leader for \
                 another seat",
                by.role.words(),
                lacks.join(", ")
            ),
            lacks,
        ));
    }
    Ok(vec![Event::SignedOn { seat: c.seat.clone(), skills }])
}

/// A seat that policy lists is for one person at a time.
fn is_free(s: &State, seat: &SeatId) -> Result<(), Refused> {
    let listed = s.policy.desk.values().any(|desk| desk.seats.contains(seat));
    match s.staff.values().find(|on| listed && on.seat == *seat) {
        Some(on) => Err(Refused::conflict(format!(
            "{} sits at {seat} already: choose a free seat",
            on.staff
        ))),
        None => Ok(()),
    }
}

/// Goes on a break. What is owned moves.
pub fn go_on_break(s: &State, c: &GoOnBreak, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let on = own_seat(s, by)?;
    if on.on_break {
        return Err(Refused::conflict("you are on a break already"));
    }
    leaving(s, by, c.to.as_ref(), Event::WentOnBreak { to: c.to.clone() }, "a break")
}

/// Comes back.
pub fn come_back(s: &State, _: &ComeBack, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    if !own_seat(s, by)?.on_break {
        return Err(Refused::conflict("you are not on a break"));
    }
    Ok(vec![Event::CameBack {}])
}

/// Leaves the seat. What is owned moves.
pub fn sign_off(s: &State, c: &SignOff, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    own_seat(s, by)?;
    leaving(s, by, c.to.as_ref(), Event::SignedOff { to: c.to.clone() }, "the end of a shift")
}

fn own_seat<'s>(s: &'s State, by: &By) -> Result<&'s OnDuty, Refused> {
    s.staff.get(&by.staff).ok_or_else(|| Refused::conflict("you are not on duty: sign on first"))
}

/// Who owes what somebody leaves behind, where they name nobody: their desk, and for a message
/// whoever covers for them.
fn left_to(s: &State, about: &Subject, by: &By) -> Owner {
    let cover = match about {
        Subject::Message(id) => s.messages.get(id).map(|m| m.cover),
        _ => None,
    };
    Owner::Desk(cover.unwrap_or(by.role))
}

/// Somebody leaves: their logs and obligations go to the person named, or to their desk.
///
/// Source: Learning the Lessons, cases 1 and 9: nobody saw the log through after the shift.
fn leaving(
    s: &State,
    by: &By,
    to: Option<&StaffId>,
    left: Event,
    why: &str,
) -> Result<Vec<Event>, Refused> {
    if let Some(to) = to {
        if *to == by.staff {
            return Err(Refused::invalid("name somebody else to take over, or nobody"));
        }
        on_duty(s, to)?;
    }
    let me = Owner::Staff(by.staff.clone());
    let next = to.map_or(Owner::Desk(by.role), |to| Owner::Staff(to.clone()));
    let logs = s.incidents.values().filter(|log| log.owner == me).map(|log| Event::OwnerChanged {
        incident: log.number,
        to: next.clone(),
        reason: format!("{why} of {}", by.staff),
    });
    let owed = s.obligations.values().filter(|o| o.owner == me).map(|o| Event::ObligationPassed {
        about: o.about.clone(),
        obligation: o.id,
        to: to.map_or_else(|| left_to(s, &o.about, by), |to| Owner::Staff(to.clone())),
    });
    Ok([left].into_iter().chain(logs).chain(owed).collect())
}
