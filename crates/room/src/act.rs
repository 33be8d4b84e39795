//! What is asked of the room, and its answers.

use rules::command::Command;
use rules::event::{Event, Meta};
use rules::name::{
    BriefingId, ContactId, FaultId, HandoverId, IncidentNumber, MarkerId, MessageId, ProposalId,
};
use rules::refused::Refused;
use rules::role::By;
use rules::time::Instant;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;
use uuid::Uuid;

/// A command, with who gives it and the id by which a repetition is known.
#[derive(Clone, Debug)]
pub struct Act {
    /// Made by the client. The same id gives the same answer, and nothing happens twice.
    pub id: Uuid,
    /// Who.
    pub by: By,
    /// What.
    pub command: Command,
    /// When it happened, if that is not now.
    pub happened_at: Option<Instant>,
    /// The version of a log that the client has seen, for `If-Match`.
    pub expected: Option<(IncidentNumber, u64)>,
    /// On a turned clock: the moment of the command.
    pub at: Option<Instant>,
}

impl Act {
    /// A command that happens now, under a new id.
    pub fn new(by: By, command: impl Into<Command>) -> Act {
        Act {
            id: Uuid::now_v7(),
            by,
            command: command.into(),
            happened_at: None,
            expected: None,
            at: None,
        }
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Done {
    /// The command's id.
    pub id: Uuid,
    /// The place of its first event, or of the last one before it if it made none.
    pub first_seq: u64,
    /// The place of its last event.
    pub last_seq: u64,
    /// The events.
    pub events: Vec<(Event, Meta)>,
    /// Whether this is the answer to an earlier call with the same id.
    pub repeated: bool,
}

impl Done {
    /// The log it opened or is about.
    pub fn incident(&self) -> Option<IncidentNumber> {
        self.events.iter().find_map(|(event, _)| event.stream_incident())
    }

    /// The contact it received.
    pub fn contact(&self) -> Option<ContactId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::ContactReceived { contact, .. } => Some(*contact),
            _ => None,
        })
    }

    /// The handover it built.
    pub fn handover(&self) -> Option<HandoverId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::HandoverBuilt { handover, .. } => Some(*handover),
            _ => None,
        })
    }

    /// The policy it proposed.
    pub fn proposal(&self) -> Option<ProposalId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::PolicyProposed { proposal, .. } => Some(*proposal),
            _ => None,
        })
    }

    /// The fault it reported.
    pub fn fault(&self) -> Option<FaultId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::FaultReported { fault, .. } => Some(*fault),
            _ => None,
        })
    }

    /// The marker it put.
    pub fn marker(&self) -> Option<MarkerId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::MarkerPut { marker, .. } => Some(*marker),
            _ => None,
        })
    }

    /// The message it left.
    pub fn message(&self) -> Option<MessageId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::MessageLeft { message, .. } => Some(*message),
            _ => None,
        })
    }

    /// The briefing it published.
    pub fn briefing(&self) -> Option<BriefingId> {
        self.events.iter().find_map(|(event, _)| match event {
            Event::BriefingPublished { briefing, .. } => Some(*briefing),
            _ => None,
        })
    }
}

/// Why a command was not carried out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Denied {
    /// A rule stands in the way.
    #[error("{0}")]
    Refused(Refused),
    /// It is not known to be saved.
    #[error("{sentence}")]
    NotSaved {
        /// What to do.
        sentence: String,
    },
    /// Too many wait.
    #[error("{sentence}")]
    Busy {
        /// What to do.
        sentence: String,
    },
}

impl From<Refused> for Denied {
    fn from(refused: Refused) -> Denied {
        Denied::Refused(refused)
    }
}

impl Denied {
    /// The room is closing.
    pub(crate) fn closing() -> Denied {
        Denied::NotSaved { sentence: "the room is closing: try again in a moment".to_owned() }
    }
}

/// An answer that is on its way.
pub struct Pending(oneshot::Receiver<Result<Done, Denied>>);

/// Where the answer goes.
pub(crate) type Reply = oneshot::Sender<Result<Done, Denied>>;

impl Pending {
    pub(crate) fn new() -> (Reply, Pending) {
        let (reply, answer) = oneshot::channel();
        (reply, Pending(answer))
    }

    /// Waits for the answer, on a thread that may wait.
    ///
    /// # Errors
    /// As [`crate::Room::act`].
    pub fn wait(self) -> Result<Done, Denied> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(Denied::closing()))
    }
}

impl Future for Pending {
    type Output = Result<Done, Denied>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|r| r.unwrap_or_else(|_| Err(Denied::closing())))
    }
}
