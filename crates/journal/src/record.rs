//! What goes in, and what is kept.

use crate::fault::Refusal;

/// The longest payload, in bytes.
pub const MAX_PAYLOAD: usize = 1 << 20;
/// The longest kind, in bytes.
pub const MAX_KIND: usize = 64;

/// A record not yet in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The stream it belongs to; below 2^63.
    pub stream: u64,
    /// What the payload is: 1 to 64 characters of `[a-z0-9_.]`.
    pub kind: Box<str>,
    /// A name its maker gave it, unique in the journal, so that a retry can be recognised.
    pub key: Option<[u8; 16]>,
    /// Opaque bytes, at most [`MAX_PAYLOAD`].
    pub payload: Vec<u8>,
}

impl Draft {
    /// Says whether the journal can keep it.
    ///
    /// # Errors
    /// A [`Refusal`] naming the first field that is out of bounds.
    pub fn check(&self) -> Result<(), Refusal> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        if self.kind.is_empty() || self.kind.len() > MAX_KIND || !self.kind.bytes().all(fits) {
            return Err(Refusal::Kind { kind: self.kind.chars().take(MAX_KIND).collect() });
        }
        if self.payload.len() > MAX_PAYLOAD {
            return Err(Refusal::Payload { bytes: self.payload.len() });
        }
        if i64::try_from(self.stream).is_err() {
            return Err(Refusal::Stream { stream: self.stream });
        }
        Ok(())
    }
}

/// A record of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place in the journal, from 1, without gaps.
    pub seq: u64,
    /// The stream it belongs to.
    pub stream: u64,
    /// Its place in the stream, from 1, without gaps.
    pub version: u64,
    /// When it was recorded, in milliseconds of UTC since 1970; never less than the one before.
    pub recorded_at_ms: i64,
    /// The first record of its batch: what one call of `append` put in, whole or not at all.
    pub batch: u64,
    /// What the payload is.
    pub kind: Box<str>,
    /// The name its maker gave it.
    pub key: Option<[u8; 16]>,
    /// Opaque bytes.
    pub payload: Vec<u8>,
    /// SHA-256 over the record before and this one (layout: the crate's documentation).
    pub hash: [u8; 32],
}

/// A record as it is stored: with the mark that tells a whole batch from a torn one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub record: Record,
    /// Whether this is the last record of its batch.
    pub last: bool,
}

/// A signed head as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeadRow {
    /// How many records it covers.
    pub size: u64,
    /// When it was signed, in milliseconds of UTC.
    pub at_ms: i64,
    /// The C2SP checkpoint, a signed note.
    pub checkpoint: String,
    /// The roots of the whole subtrees, largest first, 32 bytes each.
    pub frontier: Vec<u8>,
}
