//! Appointments: a promise to be somewhere at a time. Each is kept, or the person is told before
//! they wait for nobody.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::{IncidentNumber, Label, PersonName, Place, Reason, StaffId};
use crate::obligation::{Arm, Fate, Rule, Spec, Subject};
use crate::refused::Refused;
use crate::state::State;
use crate::time::{Instant, Now, Span};
use crate::unit::status::AT_SCENE;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit that is at the scene so long before the appointment has kept it.
const EARLY: Span = Span::minutes(30);
/// The longest appointment.
const LONGEST: Span = Span::minutes(12 * 60);
/// The furthest ahead that one is booked.
const AHEAD: Span = Span::minutes(90 * 24 * 60);
/// The most of one log: more is a typing mistake or a machine gone wrong.
const MOST: usize = 50;

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Appointment {
    /// From 1.
    pub appointment: u32,
    /// From when.
    pub starts_at: Instant,
    /// Until when.
    pub ends_at: Instant,
    /// Whom it is with.
    pub with: PersonName,
    /// Where.
    pub place: Place,
    /// Who comes: a call sign or a team.
    pub attends: Label,
    /// What the person needs: an interpreter, who should not be there, how to come to the door.
    pub needs: Option<Reason>,
    /// Who booked it.
    pub booked_by: StaffId,
    /// When.
    pub booked_at: Instant,
    /// What came of it.
    pub ended: Option<AppointmentEnd>,
}

/// What came of an appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppointmentEnd {
    /// What.
    pub result: AppointmentResult,
    /// In words; of one that was not kept, what the person was told.
    pub words: Reason,
    /// Who recorded it.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl Appointment {
    fn meets(&self, c: &BookAppointment) -> bool {
        self.ended.is_none()
            && self.attends == c.attends
            && self.starts_at < c.ends_at
            && c.starts_at < self.ends_at
    }
}

/// Rule: an appointment is kept, or the person is told beforehand that it is not.
///
/// A unit of the log at the scene keeps it; what came of it is still to be recorded.
///
/// Source: Learning the Lessons, West Yorkshire dispatchers ("booking an appointment"); Crime hub
/// panel ("caller's availability").
pub const APPOINTMENT_OWED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::AppointmentBooked { incident, appointment, starts_at, .. } => {
            let row = s.policy.obligation(Rule::AppointmentOwed);
            let announced = row.and_then(|row| row.due_in(None)).unwrap_or_default();
            let from = meta.recorded_at.max(*starts_at - announced);
            let arm = Arm::new(Subject::Incident(*incident), from)
                .part(appointment.to_string())
                .due_at(*starts_at);
            vec![match s.incident(*incident) {
                Some(log) => arm.owner(log.owner.clone()),
                None => arm,
            }]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, meta| match event {
        Event::AppointmentEnded { appointment, .. } if o.part_is(&appointment.to_string()) => {
            Some(Fate::Done)
        }
        Event::StatusSet { status, .. }
            if *status == AT_SCENE && o.due_at <= meta.recorded_at + EARLY =>
        {
            Some(Fate::Done)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Books an appointment.
pub fn book(s: &State, c: &BookAppointment, now: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.starts_at <= now.at {
        return Err(Refused::invalid("an appointment is for a time to come: choose a later one"));
    }
    if c.ends_at <= c.starts_at || c.ends_at > c.starts_at + LONGEST {
        return Err(Refused::invalid(
            "an appointment ends after it starts, and within twelve hours: check both times",
        ));
    }
    if c.starts_at > now.at + AHEAD {
        return Err(Refused::invalid(
            "appointments are booked 90 days ahead at most: check the date",
        ));
    }
    if log.appointments.len() >= MOST {
        return Err(Refused::conflict(format!("a log has {MOST} appointments at most")));
    }
    if let Some((n, other)) = taken(s, c) {
        return Err(Refused::conflict(format!(
            "{} has an appointment with {} on log {n} at that time: choose another time, or say \
             who else comes",
            c.attends, other.with
        )));
    }
    Ok(vec![Event::AppointmentBooked {
        incident: c.incident,
        appointment: u32::try_from(log.appointments.len()).unwrap_or(u32::MAX).saturating_add(1),
        starts_at: c.starts_at,
        ends_at: c.ends_at,
        with: c.with.clone(),
        place: c.place.clone(),
        attends: c.attends.clone(),
        needs: c.needs.clone(),
    }])
}

/// The appointment for which whoever comes is taken already.
fn taken<'s>(s: &'s State, c: &BookAppointment) -> Option<(IncidentNumber, &'s Appointment)> {
    s.incidents
        .values()
        .filter(|log| log.closed.is_none())
        .find_map(|log| log.appointments.iter().find(|a| a.meets(c)).map(|a| (log.number, a)))
}

/// Records what came of an appointment.
pub fn end(s: &State, c: &EndAppointment, now: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let Some(a) = log.appointments.iter().find(|a| a.appointment == c.appointment) else {
        return Err(Refused::not_found(format!(
            "log {} has no appointment {}: look at its appointments",
            c.incident, c.appointment
        )));
    };
    if a.ended.is_some() {
        return Err(Refused::conflict(format!(
            "what came of appointment {} is recorded already: write an entry if there is more",
            c.appointment
        )));
    }
    if c.result == AppointmentResult::Kept && now.at + EARLY < a.starts_at {
        return Err(Refused::conflict(
            "this appointment is still to come: it can be moved or cancelled, not kept yet",
        ));
    }
    Ok(vec![Event::AppointmentEnded {
        incident: c.incident,
        appointment: c.appointment,
        result: c.result,
        words: c.words.clone(),
    }])
}

impl Incident {
    pub(super) fn fold_appointments(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::AppointmentBooked {
                appointment,
                starts_at,
                ends_at,
                with,
                place,
                attends,
                needs,
                ..
            } => self.appointments.push(Appointment {
                appointment: *appointment,
                starts_at: *starts_at,
                ends_at: *ends_at,
                with: with.clone(),
                place: place.clone(),
                attends: attends.clone(),
                needs: needs.clone(),
                booked_by: meta.by.staff.clone(),
                booked_at: meta.recorded_at,
                ended: None,
            }),
            Event::AppointmentEnded { appointment, result, words, .. } => {
                self.appointments.iter_mut().filter(|a| a.appointment == *appointment).for_each(
                    |a| {
                        a.ended = Some(AppointmentEnd {
                            result: *result,
                            words: words.clone(),
                            by: meta.by.staff.clone(),
                            at: meta.recorded_at,
                        });
                    },
                )
            }
            _ => {}
        }
    }
}

/// The appointments that a log cannot close over: nobody has said what came of them.
pub fn in_the_way(log: &Incident) -> impl Iterator<Item = String> {
    let open = log.appointments.iter().filter(|a| a.ended.is_none());
    open.map(|a| format!("what came of the appointment with {} recorded", a.with))
}
