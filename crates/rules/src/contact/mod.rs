//! Somebody gets in touch, in any channel.

pub mod ending; //    a call that is over
pub mod heard; //     recordings and transcript
pub mod record; //    what a contact is owed
pub mod signal; //    nobody speaks, and ringing back
pub mod unwritten; // what was said and is not on the log

use crate::command::*;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Now};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A contact that has no record yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Its number.
    pub id: ContactId,
    /// The channel.
    pub channel: Channel,
    /// Where it came from.
    pub line: Option<Line>,
    /// The name given.
    pub name: Option<PersonName>,
    /// The words so far.
    pub words: Option<Words>,
    /// Where they are.
    pub location: Option<Location>,
    /// Who took it.
    pub taken_by: By,
    /// When it came in.
    pub received_at: Instant,
    /// The logs opened out of it so far.
    pub incidents: Vec<IncidentNumber>,
    /// Whether it has been ended or linked.
    pub settled: bool,
    /// When the call was over.
    #[serde(default)]
    pub over_at: Option<Instant>,
    /// What was said, where that is known.
    #[serde(default)]
    pub heard: Option<Arc<heard::Heard>>,
    /// What came instead of words, and when.
    #[serde(default)]
    pub signals: Vec<(Signal, Instant)>,
    /// When they were rung back because they did not speak.
    #[serde(default)]
    pub rung_back: Vec<CallerRung>,
}

/// Somebody who did not speak was rung back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallerRung {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: StaffId,
    /// Whether they were spoken to.
    pub spoke: bool,
    /// Why that was thought safe.
    pub safe_because: Reason,
    /// What was said, or heard.
    pub words: Words,
}

/// How many settled contacts stay in memory, so that a second incident can come out of one.
const SETTLED_KEPT: usize = 256;

impl State {
    /// A contact in memory.
    ///
    /// # Errors
    /// That there is none of this number.
    pub fn contact_or_refuse(&self, id: ContactId) -> Result<&Contact, Refused> {
        self.contacts.get(&id).ok_or_else(|| {
            Refused::not_found(format!(
                "there is no open contact {id}: receive the contact first, or look it up in history"
            ))
        })
    }

    pub(crate) fn evolve_contact(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ContactReceived { contact, channel, line, name, words, location, .. } => {
                self.next_contact = self.next_contact.max(contact.0 + 1);
                self.contacts.insert_mut(
                    *contact,
                    Contact {
                        id: *contact,
                        channel: *channel,
                        line: line.clone(),
                        name: name.clone(),
                        words: words.clone(),
                        location: location.clone(),
                        taken_by: meta.by.clone(),
                        received_at: meta.happened_at,
                        incidents: Vec::new(),
                        settled: false,
                        over_at: None,
                        heard: None,
                        signals: Vec::new(),
                        rung_back: Vec::new(),
                    },
                );
            }
            Event::ContactLinked { contact, incident, .. }
            | Event::IncidentOpened { contact: Some(contact), incident, .. } => {
                self.settle_contact(*contact, Some(*incident));
            }
            Event::ContactEnded { contact, .. } => {
                self.settle_contact(*contact, None);
                self.call_over(*contact, meta.recorded_at);
            }
            Event::CallEnded { contact, .. } => self.call_over(*contact, meta.recorded_at),
            other => self.evolve_in_call(other, meta),
        }
    }

    /// What comes during a call or out of it.
    fn evolve_in_call(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ContactSignalled { contact, .. } | Event::ContactRungBack { contact, .. } => {
                if let Some(contact) = self.contacts.get_mut(contact) {
                    signal::fold(contact, event, meta);
                }
            }
            Event::MessageLeft { contact: Some(contact), .. } => {
                self.settle_contact(*contact, None);
            }
            Event::RecordingAdded { recording: Recording { contact, .. }, .. }
            | Event::TranscriptAdded { contact, .. } => {
                if let Some(contact) = self.contacts.get_mut(contact) {
                    heard::fold(&mut contact.heard, event, meta);
                }
            }
            _ => {}
        }
    }

    fn call_over(&mut self, id: ContactId, at: Instant) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.over_at = contact.over_at.or(Some(at));
        }
    }

    fn settle_contact(&mut self, id: ContactId, incident: Option<IncidentNumber>) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.settled = true;
            contact.incidents.extend(incident);
        }
        if self.contacts.size() > SETTLED_KEPT {
            // A call that goes on is kept as long as there is another to let go of.
            let over = self.contacts.values().find(|c| c.settled && c.over_at.is_some());
            let oldest = over.or_else(|| self.contacts.values().find(|c| c.settled)).map(|c| c.id);
            if let Some(oldest) = oldest {
                self.contacts.remove_mut(&oldest);
            }
        }
    }
}

/// Keeps a contact. It is never refused: what was said is kept first.
pub fn receive(s: &State, c: &ReceiveContact, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    if let Some(location) = &c.location {
        crate::incident::opening::check_location(location)?;
    }
    Ok(vec![Event::ContactReceived {
        contact: ContactId(s.next_contact),
        channel: c.channel,
        line: c.line.clone(),
        name: c.name.clone(),
        words: c.words.clone(),
        location: c.location.clone(),
        seat: c.seat.clone(),
    }])
}

/// Links a contact to a log that is open already. The informant's words go onto the log.
pub fn link(s: &State, c: &LinkContact, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let contact = s.contact_or_refuse(c.contact)?;
    let log = s.open_incident(c.incident)?;
    if contact.incidents.contains(&c.incident) {
        return Err(Refused::conflict(format!(
            "contact {} is on log {} already: nothing more to do",
            c.contact, c.incident
        )));
    }
    let linked =
        Event::ContactLinked { contact: c.contact, incident: c.incident, chasing: c.chasing };
    let words = contact.words.clone().map(|text| Event::EntryAdded {
        incident: c.incident,
        entry: log.next_entry(),
        text,
        critical: c.chasing,
        new_information: false,
        own_words: true,
        attachments: Vec::new(),
    });
    let said = heard::onto(contact, c.incident);
    let signals = signal::onto(contact, c.incident);
    Ok([linked].into_iter().chain(signals).chain(words).chain(said).collect())
}

/// Ends a contact that needs no log.
pub fn end(s: &State, c: &EndContact, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let contact = s.contact_or_refuse(c.contact)?;
    if contact.settled {
        return Err(Refused::conflict(format!(
            "contact {} has its record already: nothing more to do",
            c.contact
        )));
    }
    signal::ends_without_a_log(s, contact, now.at)?;
    Ok(vec![Event::ContactEnded { contact: c.contact, outcome: c.outcome.clone() }])
}
