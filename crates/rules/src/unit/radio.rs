//! What the radio network says of a unit, through a gateway: a status, a position, the emergency
//! button, somebody speaking. The radio's number says whose it is.
//!
//! Source: Digital desk panel, responsibility 5 (officers' radios); Learning the Lessons, case 7
//! (what was said on the radio and what was on the log).

use crate::command::*;
use crate::event::Event;
use crate::name::*;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;
use crate::unit::{Unit, by_radio, status};

/// The kind under which a radio stands on the board that nobody's roster has.
const UNKNOWN_RADIO: &str = "radio of no unit";

/// Takes what the network says. What cannot be done with it is kept all the same, with why.
pub fn hear(s: &State, c: &RadioEvent, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    match by_radio(s, &c.radio) {
        Some(unit) => of_unit(s, c, unit, by, now),
        None if c.said == RadioSaid::Emergency => of_nobody(c),
        None => Err(Refused::not_found(format!(
            "radio {} is on no unit: enter it on the roster",
            c.radio
        ))),
    }
}

fn of_unit(
    s: &State,
    c: &RadioEvent,
    unit: &Unit,
    by: &By,
    now: Now,
) -> Result<Vec<Event>, Refused> {
    let call_sign = unit.call_sign.clone();
    let set = |status: u8| SetStatus {
        call_sign: unit.call_sign.clone(),
        status,
        card_read_out: false,
        seen: None,
    };
    let done = match &c.said {
        RadioSaid::Position(point) => {
            // A position comes every few seconds: it is a position and no line on a log.
            return status::position(s, &ReportPosition { call_sign, point: *point }, by, now);
        }
        RadioSaid::Status(code) => status::set(s, &set(*code), by, now),
        RadioSaid::Emergency => status::set(s, &set(0), by, now),
        RadioSaid::CallStarted(_) | RadioSaid::CallEnded(_) => Ok(Vec::new()),
    };
    let (events, not_taken) = match done {
        Ok(events) => (events, None),
        Err(refused) => (Vec::new(), Some(refused.sentence)),
    };
    let heard = Event::RadioHeard {
        radio: c.radio.clone(),
        call_sign,
        incident: unit.on,
        said: c.said.clone(),
        not_taken,
    };
    Ok([heard].into_iter().chain(events).collect())
}

/// An emergency button of a radio that is on no unit is never lost: the radio comes on the board by
/// its number, in emergency.
fn of_nobody(c: &RadioEvent) -> Result<Vec<Event>, Refused> {
    let number: String = c.radio.as_str().chars().take(CALL_SIGN_MAX).collect();
    let call_sign = CallSign::parse(&number).map_err(Refused::invalid)?;
    let kind = Label::parse(UNKNOWN_RADIO).map_err(Refused::invalid)?;
    let rostered = Event::UnitRostered {
        call_sign: call_sign.clone(),
        crew: Vec::new(),
        skills: Vec::new(),
        equipment: Vec::new(),
        kind,
        district: None,
        radio: Some(Radio { talk_group: None, ids: vec![c.radio.clone()] }),
        shift: None,
    };
    let heard = Event::RadioHeard {
        radio: c.radio.clone(),
        call_sign: call_sign.clone(),
        incident: None,
        said: c.said.clone(),
        not_taken: None,
    };
    let status = Event::StatusSet { call_sign, status: 0, incident: None, card_read_out: false };
    Ok(vec![rostered, heard, status])
}

/// The longest call sign.
const CALL_SIGN_MAX: usize = 16;

/// What the network said, for a line on a log.
pub fn words(call_sign: &CallSign, radio: &Label, said: &RadioSaid) -> String {
    match said {
        RadioSaid::Status(code) => format!("radio {radio} of {call_sign} sends status {code}"),
        RadioSaid::Position(_) => format!("radio {radio} of {call_sign} sends its position"),
        RadioSaid::Emergency => {
            format!("EMERGENCY BUTTON of radio {radio}, {call_sign}")
        }
        RadioSaid::CallStarted(group) => format!("{call_sign} speaks on {group}"),
        RadioSaid::CallEnded(group) => format!("{call_sign} has spoken on {group}"),
    }
}
