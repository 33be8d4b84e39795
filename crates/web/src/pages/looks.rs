//! The looks at people's records that have been recorded: each is recorded once, when the log is
//! opened; the parts of the page that refresh themselves belong to that look.

use crate::caller::Caller;
use rules::name::{IncidentNumber, MarkerId, MessageId};
use rules::time::{Instant, Span};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// No more looks than this are remembered. One that is forgotten is recorded again.
const MOST: usize = 50_000;

/// What somebody looks at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Looked {
    /// A log.
    Log(IncidentNumber),
    /// A marker.
    Marker(MarkerId),
    /// A message.
    Message(MessageId),
}

impl From<IncidentNumber> for Looked {
    fn from(n: IncidentNumber) -> Looked {
        Looked::Log(n)
    }
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Looked::Log(n) => write!(f, "log {n}"),
            Looked::Marker(id) => write!(f, "marker {id}"),
            Looked::Message(id) => write!(f, "message {id}"),
        }
    }
}

/// Who has which log open, and since when.
pub(crate) struct Looks {
    holds: Span,
    since: Mutex<HashMap<(Arc<str>, Looked), Instant>>,
}

impl Looks {
    /// None yet. A look that is longer ago than this is a new one.
    pub fn that_hold(holds: Span) -> Looks {
        Looks { holds, since: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Arc<str>, Looked), Instant>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the log is open there by a look that has been recorded.
    pub fn has(&self, caller: &Caller, n: impl Into<Looked>, now: Instant) -> bool {
        let key = (caller.screen.clone(), n.into());
        self.lock().get(&key).is_some_and(|at| now.since(*at) < self.holds)
    }

    /// A look that has been recorded.
    pub fn keep(&self, caller: &Caller, n: impl Into<Looked>, now: Instant) {
        let mut since = self.lock();
        if since.len() >= MOST {
            since.retain(|_, at| now.since(*at) < self.holds);
        }
        if since.len() >= MOST {
            since.clear();
        }
        since.insert((caller.screen.clone(), n.into()), now);
    }
}
