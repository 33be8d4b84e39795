//! The diary: who waits for us, when, and who comes.

use crate::command::AppointmentResult;
use crate::name::{IncidentNumber, Label, OpeningCode, Place};
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use crate::views::countdown::countdown_words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An appointment in the diary. With whom it is and what they need stands on the log alone, where
/// each look is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiaryRow {
    /// The log it belongs to.
    pub incident: IncidentNumber,
    /// What the log is about.
    pub opening_code: OpeningCode,
    /// Who owns the log.
    pub owner: Owner,
    /// The appointment's number on the log.
    pub appointment: u32,
    /// From when.
    pub starts_at: Instant,
    /// Until when.
    pub ends_at: Instant,
    /// Where.
    pub place: Place,
    /// Who comes.
    pub attends: Label,
    /// What came of it.
    pub result: Option<AppointmentResult>,
    /// To its start, signed.
    pub countdown: String,
    /// Whether it has begun, and nobody has said what came of it.
    pub waiting: bool,
}

/// The appointments of the open logs in the order of their start: those still to be settled first.
///
/// Source: Learning the Lessons, West Yorkshire dispatchers ("booking an appointment").
pub fn diary(s: &State, now: Instant) -> Vec<DiaryRow> {
    let open = s.incidents.values().filter(|log| log.closed.is_none());
    let mut all: Vec<DiaryRow> = open
        .flat_map(|log| {
            log.appointments.iter().map(|a| DiaryRow {
                incident: log.number,
                opening_code: log.opening_code.clone(),
                owner: log.owner.clone(),
                appointment: a.appointment,
                starts_at: a.starts_at,
                ends_at: a.ends_at,
                place: a.place.clone(),
                attends: a.attends.clone(),
                result: a.ended.as_ref().map(|end| end.result),
                countdown: countdown_words(a.starts_at, now),
                waiting: a.ended.is_none() && a.starts_at <= now,
            })
        })
        .collect();
    all.sort_by_key(|r| (r.result.is_some(), r.starts_at, r.incident, r.appointment));
    all
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::name::{PersonName, Place};
    use crate::time::Span;

    fn booking(room: &Room, n: IncidentNumber, minutes: i64, attends: &str) -> BookAppointment {
        let starts_at = room.now + Span::minutes(minutes);
        BookAppointment {
            incident: n,
            starts_at,
            ends_at: starts_at + Span::minutes(60),
            with: PersonName::parse("Mrs Evans").unwrap(),
            place: Place::parse("12 Mill Lane").unwrap(),
            attends: label(attends),
            needs: Some(reason("the side door, her husband must not know")),
        }
    }

    #[test]
    fn the_diary_is_in_the_order_of_who_waits() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 3, place("A", None));
        for (minutes, who) in [(600, "DC11"), (120, "DC12")] {
            let booked = booking(&room, n, minutes, who);
            room.act(&handler(), booked);
        }
        room.minutes(121);
        let rows = diary(&room.s, room.now);
        let seen: Vec<_> = rows.iter().map(|r| (r.appointment, r.waiting)).collect();
        assert_eq!(seen, [(2, true), (1, false)]);
        let words = reason("statement taken, she is well");
        let kept = AppointmentResult::Kept;
        room.act(
            &dispatcher(),
            EndAppointment { incident: n, appointment: 2, result: kept, words },
        );
        let rows = diary(&room.s, room.now);
        let seen: Vec<_> = rows.iter().map(|r| (r.appointment, r.result)).collect();
        assert_eq!(seen, [(1, None), (2, Some(kept))], "what is settled comes last");
    }

    #[test]
    fn nobody_is_promised_twice_at_one_time() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 3, place("A", None));
        let other = room.accepted("theft", 3, place("B", None));
        let first = booking(&room, n, 120, "DC11");
        room.act(&handler(), first);
        let refused =
            |room: &mut Room, c: BookAppointment| room.try_act(&handler(), c).unwrap_err().sentence;
        let same = booking(&room, other, 150, "DC11");
        let sentence = refused(&mut room, same);
        assert!(sentence.contains("DC11 has an appointment with Mrs Evans"), "{sentence}");
        let before = booking(&room, other, -5, "DC12");
        assert!(refused(&mut room, before).contains("a time to come"));
        let after = booking(&room, other, 180, "DC11");
        room.act(&handler(), after);
        assert_eq!(diary(&room.s, room.now).len(), 2);
    }

    #[test]
    fn a_log_does_not_close_over_an_appointment() {
        let mut room = Room::new();
        let n = room.accepted("burglary", 3, place("A", None));
        let booked = booking(&room, n, 120, "DC11");
        room.act(&handler(), booked);
        let close = CloseIncident {
            incident: n,
            closing_code: room.s.policy.closing_code[0].code.clone(),
            result: words("done"),
            told: Told::Result,
            risk_now: words("no risk is left"),
        };
        let sentence = room.try_act(&dispatcher(), close).unwrap_err().sentence;
        assert!(
            sentence.contains("what came of the appointment with Mrs Evans recorded"),
            "{sentence}"
        );
    }
}
