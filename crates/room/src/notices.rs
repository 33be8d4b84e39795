//! What followers hear: every event, once it is durable, in the total order.

use crate::kept::from_record;
use rules::event::{Event, Meta};
use rules::name::{CallSign, ContactId, IncidentNumber};
use rules::role::By;
use rules::time::Instant;
use std::sync::Arc;
use tokio::sync::broadcast;

/// One event, as followers hear it.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its place in the total order.
    pub seq: u64,
    /// When it was recorded.
    pub at: Instant,
    /// Its name.
    pub kind: &'static str,
    /// Who did it.
    pub by: By,
    /// The log it belongs to.
    pub incident: Option<IncidentNumber>,
    /// The unit it is about.
    pub unit: Option<CallSign>,
    /// The contact it is about.
    pub contact: Option<ContactId>,
    /// The event itself.
    pub event: Arc<Event>,
}

impl Notice {
    pub(crate) fn new(event: Event, meta: &Meta) -> Notice {
        Notice {
            seq: meta.seq,
            at: meta.recorded_at,
            kind: event.name(),
            by: meta.by.clone(),
            incident: event.stream_incident(),
            unit: unit_of(&event),
            contact: match &event {
                Event::ContactReceived { contact, .. }
                | Event::ContactLinked { contact, .. }
                | Event::ContactEnded { contact, .. }
                | Event::CallEnded { contact, .. }
                | Event::ContactSignalled { contact, .. }
                | Event::ContactRungBack { contact, .. }
                | Event::FaultReported { contact: Some(contact), .. }
                | Event::FaultAnswered { contact: Some(contact), .. }
                | Event::TranscriptAdded { contact, .. } => Some(*contact),
                Event::RecordingAdded { recording, .. } => Some(recording.contact),
                Event::MessageLeft { contact, .. } => *contact,
                _ => None,
            },
            event: Arc::new(event),
        }
    }

    pub(crate) fn from_record(record: &journal::Record) -> Option<Notice> {
        from_record(record).map(|(event, meta, _)| Notice::new(event, &meta))
    }
}

fn unit_of(event: &Event) -> Option<CallSign> {
    match event {
        Event::UnitRostered { call_sign, .. }
        | Event::UnitRemoved { call_sign }
        | Event::RadioHeard { call_sign, .. }
        | Event::StatusSet { call_sign, .. }
        | Event::PositionReported { call_sign, .. }
        | Event::UnitDeployed { call_sign, .. }
        | Event::DeploymentConfirmed { call_sign, .. }
        | Event::UnitDiverted { call_sign, .. }
        | Event::UnitStoodDown { call_sign, .. }
        | Event::ReleaseConfirmed { call_sign, .. }
        | Event::RiskCardOpened { call_sign, .. }
        | Event::CheckedIn { call_sign, .. } => Some(call_sign.clone()),
        _ => None,
    }
}

/// What one durable batch brought.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The place of its first event.
    pub first_seq: u64,
    /// The place of its last event.
    pub last_seq: u64,
    /// Its events.
    pub notices: Vec<Notice>,
}

/// The follower was too slow and has missed batches: read them with
/// [`crate::Room::notices_after`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged;

/// Follows batches as they become durable.
pub struct Follow(broadcast::Receiver<Arc<Batch>>);

impl Follow {
    pub(crate) fn new(receiver: broadcast::Receiver<Arc<Batch>>) -> Follow {
        Follow(receiver)
    }

    /// The next batch; `None` when the room has closed.
    ///
    /// # Errors
    /// [`Lagged`].
    pub async fn next(&mut self) -> Result<Option<Arc<Batch>>, Lagged> {
        match self.0.recv().await {
            Ok(batch) => Ok(Some(batch)),
            Err(broadcast::error::RecvError::Closed) => Ok(None),
            Err(broadcast::error::RecvError::Lagged(_)) => Err(Lagged),
        }
    }
}
