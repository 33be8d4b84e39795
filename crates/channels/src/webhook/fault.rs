//! Why something asked of the webhooks was not done.

use thiserror::Error;
use uuid::Uuid;

/// Why something asked of the webhooks was not done.
#[derive(Debug, Error)]
pub enum Fault {
    /// What was asked cannot be done as it was asked.
    #[error("{sentence}")]
    Refused {
        /// What to do.
        sentence: String,
    },
    /// There is no such webhook.
    #[error("there is no webhook {id}: list them to find the one you mean")]
    NotFound {
        /// The id that was asked for.
        id: Uuid,
    },
    /// There are as many webhooks as may be.
    #[error("there are {limit} webhooks already, and that is the most: remove one first")]
    Full {
        /// The most there may be.
        limit: usize,
    },
    /// The file in which webhooks are kept.
    #[error(
        "the file of the webhooks could not be read or written: check the disk that holds \
         webhooks.db and that Callbox owns the file, then try again"
    )]
    Store(#[from] rusqlite::Error),
    /// The file in which webhooks are kept, before it could be opened.
    #[error("the file {place} could not be made private to Callbox: check who owns it")]
    File {
        /// Where.
        place: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file in which webhooks are kept is from a newer Callbox.
    #[error("webhooks.db is of version {found}, and this Callbox knows {known}: use a newer one")]
    Newer {
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The journal.
    #[error("the journal could not be read for the webhooks: see its own message, then try again")]
    Journal(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The system gave no random bytes.
    #[error("no secret could be made, since the system gave no random bytes: try again")]
    Random(#[source] std::io::Error),
    /// The program is stopping.
    #[error("Callbox is stopping: try again in a moment")]
    Stopping,
}

impl Fault {
    pub(crate) fn refused(sentence: impl Into<String>) -> Fault {
        Fault::Refused { sentence: sentence.into() }
    }
}
