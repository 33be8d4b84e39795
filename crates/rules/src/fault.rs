//! Faults of what the room works with: a headset, a position, a telephone, a radio, the system,
//! data that is wrong. Whoever meets one says so from any screen; somebody answers, and puts it
//! right.
//!
//! Source: Learning the Lessons, case 8, force action (headsets), and case 9, question: how do
//! staff report a problem with the system.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Now};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most faults in memory. The oldest that is put right goes first; it stays in the record.
const KEPT_MAX: usize = 300;
/// The most that are open: beyond this one more report says nothing new.
const OPEN_MAX: usize = 250;
/// The most answers to one fault.
const ANSWERS_MAX: usize = 100;

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its number.
    pub id: FaultId,
    /// Of what kind.
    pub kind: FaultKind,
    /// What happens, in the words of whoever met it.
    pub what: Reason,
    /// Where.
    pub seat: Option<SeatId>,
    /// Since when.
    pub since: Instant,
    /// Whether it stops them working.
    pub stops_work: bool,
    /// The contact during which it happened.
    pub contact: Option<ContactId>,
    /// Whether that call, or a part of it, was lost.
    pub call_lost: bool,
    /// Who reported it.
    pub by: By,
    /// When.
    pub at: Instant,
    /// What was done, in order.
    pub answers: Vec<FaultAnswer>,
    /// When it was put right.
    pub mended_at: Option<Instant>,
}

/// What somebody did about a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FaultAnswer {
    /// Who.
    pub by: By,
    /// When.
    pub at: Instant,
    /// What.
    pub words: Reason,
    /// Whether that put it right.
    pub mended: bool,
}

/// Rule: a reported fault is answered by somebody who leads.
///
/// One that stops work, or lost a call, is due at once.
///
/// Source: Learning the Lessons, case 9, question.
pub const FAULT_UNANSWERED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::FaultReported { fault, stops_work, call_lost, .. } => {
            let arm = Arm::new(Subject::Fault(*fault), meta.recorded_at);
            let pressing = *stops_work || *call_lost;
            vec![if pressing { arm.due_at(meta.recorded_at) } else { arm }]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::FaultAnswered { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Rule: a reported fault is put right, or somebody is told until it is.
///
/// Source: Learning the Lessons, case 8, force action: new headsets were issued.
pub const FAULT_OPEN: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::FaultReported { fault, .. } => {
            vec![Arm::new(Subject::Fault(*fault), meta.recorded_at)]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| {
        matches!(event, Event::FaultAnswered { mended: true, .. }).then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Reports a fault. One met during a call is written on the contact and on the logs it made.
pub fn report(s: &State, c: &ReportFault, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    if c.since.is_some_and(|since| since > now.at) {
        return Err(Refused::invalid("it cannot have begun in the future: check since when"));
    }
    if c.call_lost && c.contact.is_none() {
        return Err(Refused::invalid("choose the call that was lost, so that it is written there"));
    }
    if s.faults.values().filter(|f| f.mended_at.is_none()).count() >= OPEN_MAX {
        return Err(Refused::conflict(format!(
            "{OPEN_MAX} faults are open already: look whether yours is among them, and ring your \
             team leader"
        )));
    }
    let on = s.staff.get(&by.staff).map(|on| on.seat.clone());
    let seat = c.seat.clone().or(on);
    let lines = match c.contact {
        Some(id) => on_logs(s, s.contact_or_refuse(id)?, c, seat.as_ref()),
        None => Vec::new(),
    };
    let reported = Event::FaultReported {
        fault: FaultId(s.next_fault),
        kind: c.kind,
        what: c.what.clone(),
        seat,
        since: c.since.unwrap_or(now.at),
        stops_work: c.stops_work,
        contact: c.contact,
        call_lost: c.call_lost,
    };
    Ok([reported].into_iter().chain(lines).collect())
}

/// What the open logs of a contact say of the fault: whoever reads them must know that something
/// may not have been heard.
fn on_logs(
    s: &State,
    contact: &crate::contact::Contact,
    c: &ReportFault,
    seat: Option<&SeatId>,
) -> Vec<Event> {
    let at = seat.map(|seat| format!(" at {seat}")).unwrap_or_default();
    let lost = match c.call_lost {
        true => " The call, or a part of it, was lost: ask again what was not heard.",
        false => "",
    };
    let kind = c.kind.words();
    let text = format!("Fault{at} during contact {}: {kind}. {}{lost}", contact.id, c.what);
    let Ok(text) = Words::parse(&text) else { return Vec::new() };
    let logs = contact.incidents.iter().filter_map(|n| s.incident(*n));
    let open = logs.filter(|log| log.closed.is_none());
    open.map(|log| Event::EntryAdded {
        incident: log.number,
        entry: log.next_entry(),
        text: text.clone(),
        critical: c.call_lost,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    })
    .collect()
}

/// Says what was done about a fault.
pub fn answer(s: &State, c: &AnswerFault, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let fault = s.faults.get(&c.fault).ok_or_else(|| {
        Refused::not_found(format!("there is no fault {}: look at the list", c.fault))
    })?;
    if fault.mended_at.is_some() {
        return Err(Refused::conflict(format!(
            "fault {} has been put right: report it again if it is back",
            c.fault
        )));
    }
    if fault.answers.len() >= ANSWERS_MAX {
        return Err(Refused::conflict(format!(
            "fault {} has {ANSWERS_MAX} answers: put it right, and report what is left as a new one",
            c.fault
        )));
    }
    Ok(vec![Event::FaultAnswered {
        fault: c.fault,
        contact: fault.contact,
        words: c.words.clone(),
        mended: c.mended,
    }])
}

impl State {
    pub(crate) fn evolve_fault(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::FaultReported {
                fault,
                kind,
                what,
                seat,
                since,
                stops_work,
                contact,
                call_lost,
            } => {
                self.next_fault = self.next_fault.max(fault.0 + 1);
                let new = Fault {
                    id: *fault,
                    kind: *kind,
                    what: what.clone(),
                    seat: seat.clone(),
                    since: *since,
                    stops_work: *stops_work,
                    contact: *contact,
                    call_lost: *call_lost,
                    by: meta.by.clone(),
                    at: meta.recorded_at,
                    answers: Vec::new(),
                    mended_at: None,
                };
                self.faults.insert_mut(*fault, Arc::new(new));
                self.forget_mended_faults();
            }
            Event::FaultAnswered { fault, words, mended, .. } => {
                if let Some(f) = self.faults.get_mut(fault) {
                    let f = Arc::make_mut(f);
                    f.answers.push(FaultAnswer {
                        by: meta.by.clone(),
                        at: meta.recorded_at,
                        words: words.clone(),
                        mended: *mended,
                    });
                    f.mended_at = mended.then_some(meta.recorded_at);
                }
            }
            _ => {}
        }
    }

    fn forget_mended_faults(&mut self) {
        while self.faults.size() > KEPT_MAX {
            let mended = self.faults.values().find(|f| f.mended_at.is_some()).map(|f| f.id);
            let Some(id) = mended else { return };
            self.faults.remove_mut(&id);
        }
    }
}
