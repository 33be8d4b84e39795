//! Unit status 0 to 16, position, and the risk card that is opened before "at scene".

use crate::command::*;
use crate::event::Event;
use crate::incident::Incident;
use crate::incident::carried::carried;
use crate::incident::opening::check_point;
use crate::name::Words;
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::Now;

/// The status of a unit at the scene.
pub const AT_SCENE: u8 = 6;
/// The tag of the list of the vulnerable.
const VULNERABLE: &str = "vulnerable";

/// Sets a unit's status. "At scene" waits for the risk card: the officer has opened it, or the
/// dispatcher says that it was read out over the radio. A unit that reports a status while it is on
/// no log has understood that it is released.
///
/// An officer who leaves the scene of a job about somebody vulnerable says first whether they saw
/// and spoke to them; that nobody was seen is critical on the log.
///
/// Source: Learning the Lessons, case 7: "the officers also did not read the incident log"; cases 4
/// and 7: jobs were finished without the person having been seen.
pub fn set(s: &State, c: &SetStatus, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    let unit = s.unit_or_refuse(&c.call_sign)?;
    if s.policy.status(c.status).is_none() {
        let says = format!("{} is not a unit status: they go from 0 to 16", c.status);
        return Err(Refused::invalid(says));
    }
    let deployment = unit
        .on
        .and_then(|n| s.incident(n))
        .and_then(|log| log.active_units().find(|d| d.call_sign == c.call_sign));
    card_is_read(c, deployment.is_some_and(|d| d.card_opened_at.is_none()))?;
    let asked = deployment.is_some_and(|d| d.at_scene_at.is_some()) && leaves(s, unit.status, c);
    let log = unit.on.and_then(|n| s.incident(n)).filter(|_| deployment.is_some());
    if by.role == Role::Officer && asked && c.seen.is_none() && log.is_some_and(|l| must_see(s, l))
    {
        return Err(Refused::blocked(
            "say first whether you saw and spoke to the person: who you saw and how they are, or \
             why you could not",
        ));
    }
    let seen = match (&c.seen, log) {
        (Some(outcome), Some(log)) => Some(seen_entry(log, outcome)?),
        _ => None,
    };
    let set = Event::StatusSet {
        call_sign: c.call_sign.clone(),
        status: c.status,
        incident: unit.on,
        card_read_out: c.card_read_out,
    };
    let understood = unit
        .releases_awaited
        .iter()
        .filter(|_| unit.on.is_none())
        .map(|n| Event::ReleaseConfirmed { incident: *n, call_sign: c.call_sign.clone() });
    Ok(seen.into_iter().chain([set]).chain(understood).collect())
}

/// Nobody is at a scene who has not seen, or heard, what can hurt them there.
fn card_is_read(c: &SetStatus, unread: bool) -> Result<(), Refused> {
    if c.status == 6 && unread && !c.card_read_out {
        return Err(Refused::blocked(format!(
            "{} has not opened the risk card: open it before 'at scene', or read it out over the \
             radio and say so",
            c.call_sign
        )));
    }
    Ok(())
}

/// Whether a status says that the unit is free again, from one that does not. An emergency that is
/// over is never held up by a question.
fn leaves(s: &State, from: u8, c: &SetStatus) -> bool {
    let free = |code| s.policy.status(code).is_some_and(|row| row.available);
    from != 0 && free(c.status) && !free(from)
}

/// Whether a log is about somebody who must be seen and spoken to: its code says so in policy, or
/// something was said that does, such as an earlier attempt at suicide, or it is on the list of the
/// vulnerable.
///
/// Source: Learning the Lessons, case 4: the code was about driving, and nobody spoke to him.
pub fn must_see(s: &State, log: &Incident) -> bool {
    let by_code = s.policy.opening_code(&log.opening_code).is_some_and(|row| row.see_and_speak);
    let said = || carried(log, &s.policy).iter().any(|c| c.see_and_speak);
    by_code || log.tags.iter().any(|tag| tag.as_str() == VULNERABLE) || said()
}

/// Whether somebody was seen and spoken to, in words.
pub fn seen_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(words) => format!("Seen and spoken to: {words}"),
        Outcome::NotApplicable(why) => format!("NOT seen or spoken to: {why}"),
    }
}

fn seen_entry(log: &Incident, outcome: &Outcome) -> Result<Event, Refused> {
    let (text, critical) = (seen_words(outcome), matches!(outcome, Outcome::NotApplicable(_)));
    Ok(Event::EntryAdded {
        incident: log.number,
        entry: log.next_entry(),
        text: Words::parse(&text).map_err(Refused::invalid)?,
        critical,
        new_information: critical,
        own_words: false,
        attachments: Vec::new(),
    })
}

/// Reports where a unit is.
pub fn position(s: &State, c: &ReportPosition, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    s.unit_or_refuse(&c.call_sign)?;
    check_point(c.point)?;
    Ok(vec![Event::PositionReported { call_sign: c.call_sign.clone(), point: c.point }])
}

/// The officer opens the risk card.
pub fn open_card(s: &State, c: &OpenRiskCard, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    super::deployment::active(s, c.incident, &c.call_sign)?;
    Ok(vec![Event::RiskCardOpened { incident: c.incident, call_sign: c.call_sign.clone() }])
}

/// The officer says they are well.
pub fn check_in(s: &State, c: &CheckIn, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    super::own_unit(s, by, &c.call_sign)?;
    let unit = s.unit_or_refuse(&c.call_sign)?;
    Ok(vec![Event::CheckedIn { call_sign: c.call_sign.clone(), incident: unit.on }])
}
