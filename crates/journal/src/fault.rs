//! What can go wrong, in sentences that say what to do next.

use crate::MAX_PAYLOAD;
use std::path::PathBuf;
use thiserror::Error;

/// What lies under a fault, kept for `source()`.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a step of the journal did not happen.
#[derive(Debug, Error)]
pub enum Fault {
    /// No space left. Nothing acknowledged is lost; the step works again when space returns.
    #[error("the disk that holds the journal is full: free some space on it, then try again")]
    Full {
        /// What the store said.
        source: Cause,
    },
    /// The disk, the operating system or the database server reported an error.
    #[error("could not {doing}: the store reported an error; check its disk, then try again")]
    Io {
        /// What was being done, to follow "could not".
        doing: &'static str,
        /// What the store said.
        source: Cause,
    },
    /// The store does not answer, or another node holds the turn for too long.
    #[error("could not {doing}: the store does not answer; check that it runs, then try again")]
    Unavailable {
        /// What was being done, to follow "could not".
        doing: &'static str,
        /// What the connection said.
        source: Cause,
    },
    /// A record is not what was once written.
    #[error(
        "the journal is damaged at record {seq}: {what}; \
         run `callbox verify`, then restore a backup"
    )]
    Corrupt {
        /// Number of the first damaged record; 0 when no single record can be named.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A whole record means something that this version does not know.
    #[error(
        "record {seq} is a {kind:?} that this version does not know: a newer one writes this \
         journal; use a place that runs it, or start it here"
    )]
    Newer {
        /// Number of the record.
        seq: u64,
        /// Its kind.
        kind: String,
    },
    /// The caller asked for something the journal does not do; nothing was written.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Why the journal refused a request; nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The kind is not 1 to 64 characters of `[a-z0-9_.]`.
    #[error("{kind:?} is not a kind of record: use 1 to 64 of a-z, 0-9, `_` and `.`")]
    Kind {
        /// What was given.
        kind: String,
    },
    /// The payload is longer than [`MAX_PAYLOAD`].
    #[error("the payload has {bytes} bytes, more than {MAX_PAYLOAD}: store it in parts")]
    Payload {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The stream's number does not fit a signed 64-bit column.
    #[error("stream {stream} is out of range: use a number below 2^63")]
    Stream {
        /// What was given.
        stream: u64,
    },
    /// Another record already has this key.
    #[error("a record with the key {} is already there: read it by its key", hex(key))]
    KeyTaken {
        /// The key.
        key: [u8; 16],
    },
    /// Appending or committing outside a turn.
    #[error("no turn is open: begin one first")]
    NoTurn,
    /// Beginning a turn inside a turn.
    #[error("a turn is already open: commit it or roll it back first")]
    TurnOpen,
    /// The outcome of an earlier step is unknown.
    #[error("the outcome of an earlier step is unknown: recover first")]
    RecoverFirst,
    /// A backup or restore would overwrite something.
    #[error("{place} already holds something: choose an empty place")]
    NotEmpty {
        /// Where.
        place: String,
    },
    /// What should be copied does not verify.
    #[error("the copy was not made, since the original does not verify: {what}")]
    Unsound {
        /// The first fault found.
        what: String,
    },
}

/// Why a journal could not be opened.
#[derive(Debug, Error)]
pub enum OpenFault {
    /// The store's name cannot be read.
    #[error("{text:?} is not a store: write sqlite:PATH or postgres://USER@HOST/DATABASE")]
    NotAStore {
        /// What was given, without any password.
        text: String,
    },
    /// Another process has it open.
    #[error("another program has the journal {} open: stop it first", path.display())]
    InUse {
        /// The SQLite file.
        path: PathBuf,
    },
    /// The file or database holds something else, or a newer form.
    #[error("{place} does not hold a journal this version can read: {what}")]
    NotAJournal {
        /// Where.
        place: String,
        /// What was found.
        what: String,
    },
    /// The store would acknowledge what is not yet on disk.
    #[error("{setting} is {found}, so an acknowledged record could be lost: set it to {wanted}")]
    NotDurable {
        /// Name of the setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The value it must have.
        wanted: &'static str,
    },
    /// The signing key cannot be read or made.
    #[error("the signing key {} cannot be used: {what}", path.display())]
    Key {
        /// The key's file.
        path: PathBuf,
        /// What is wrong.
        what: String,
        /// What the system said.
        source: Option<Cause>,
    },
    /// The checkpoint origin cannot stand in a signed note.
    #[error("{origin:?} cannot name a journal: use words without spaces or `+`")]
    Origin {
        /// What was given.
        origin: String,
    },
    /// The chain, or its signed head, is broken.
    #[error(
        "the journal is broken at record {seq}: {what}. It was not opened; \
         run `callbox verify` to see how far it is sound, then restore a backup"
    )]
    Broken {
        /// The first record that is wrong.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The store itself failed.
    #[error("the journal could not be opened")]
    Store(#[from] Fault),
}

impl OpenFault {
    /// The fault it is when a journal that was open is opened once more.
    pub(crate) fn into_fault(self) -> Fault {
        match self {
            Self::Store(fault) => fault,
            other => Fault::Unavailable { doing: "open the journal", source: Box::new(other) },
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
