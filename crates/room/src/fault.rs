//! Why a room could not be opened or read.

use thiserror::Error;

/// Why a room could not be opened.
#[derive(Debug, Error)]
pub enum OpenFault {
    /// The journal.
    #[error("{0}")]
    Journal(#[from] journal::OpenFault),
    /// The journal, while it was read.
    #[error("the journal could not be read: {0}")]
    Reading(#[from] journal::Fault),
    /// The read model.
    #[error(
        "the history beside the journal could not be opened: {0}; delete history.db, it is rebuilt"
    )]
    History(#[from] rusqlite::Error),
    /// The drafts.
    #[error("the drafts beside the journal could not be opened: {0}; move drafts.db away")]
    Drafts(#[source] rusqlite::Error),
    /// The policy.
    #[error("{0}")]
    Policy(String),
    /// A training room opened as a live one, or the other way round.
    #[error("{0}")]
    Training(&'static str),
    /// A folder or file.
    #[error("{place} cannot be used: {source}")]
    File {
        /// Which.
        place: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Why something could not be read.
#[derive(Debug, Error)]
pub enum ReadFault {
    /// The journal.
    #[error("{0}")]
    Journal(#[from] journal::Fault),
    /// The read model.
    #[error("history cannot be searched now: {0}")]
    History(#[from] rusqlite::Error),
}
