//! The chain: what one record must be, given the one before it.

use crate::planted::planted;
use crate::record::{Draft, Record, Row};
use crate::tree::Frontier;
use sha2::{Digest, Sha256};

/// First bytes of every hashed record: a tag, and which layout follows.
const DOMAIN: &[u8; 25] = b"\x01callbox.journal.record.1";
/// The longest text before the payload.
const PREFIX_MAX: usize = 25 + 32 + 5 * 8 + 1 + crate::record::MAX_KIND + 1 + 16;

/// SHA-256 of a record on top of the one before it. Layout: the crate's documentation.
pub(crate) fn record_hash(before: &[u8; 32], record: &Record) -> [u8; 32] {
    let mut prefix = Vec::with_capacity(PREFIX_MAX);
    prefix.extend_from_slice(DOMAIN);
    prefix.extend_from_slice(before);
    for number in [record.seq, record.stream, record.version] {
        prefix.extend_from_slice(&number.to_be_bytes());
    }
    prefix.extend_from_slice(&record.recorded_at_ms.to_be_bytes());
    prefix.extend_from_slice(&record.batch.to_be_bytes());
    // A kind has at most 64 bytes; a damaged longer one must still hash, to something else.
    prefix.push(u8::try_from(record.kind.len()).unwrap_or(u8::MAX));
    prefix.extend_from_slice(record.kind.as_bytes());
    match &record.key {
        None => prefix.push(0),
        Some(key) => {
            prefix.push(1);
            prefix.extend_from_slice(key);
        }
    }
    Sha256::new().chain_update(&prefix).chain_update(&record.payload).finalize().into()
}

/// Where a chain stopped being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Break {
    pub seq: u64,
    pub what: String,
}

impl Break {
    pub fn new(seq: u64, what: impl Into<String>) -> Self {
        Self { seq, what: what.into() }
    }
}

/// The end of a chain: all that is needed to add to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub size: u64,
    pub hash: [u8; 32],
    pub recorded_at_ms: i64,
    pub frontier: Frontier,
    batch: u64,
    whole: bool,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            size: 0,
            hash: [0; 32],
            recorded_at_ms: i64::MIN,
            frontier: Frontier::default(),
            batch: 0,
            whole: true,
        }
    }
}

impl Head {
    /// The head whose last record is `row`, over a tree already known.
    pub fn at(row: &Row, frontier: Frontier) -> Self {
        Self {
            size: row.record.seq,
            hash: row.record.hash,
            recorded_at_ms: row.record.recorded_at_ms,
            frontier,
            batch: row.record.batch,
            whole: row.last,
        }
    }

    /// The first record of the last batch, when that batch is not whole.
    pub fn torn_from(&self) -> Option<u64> {
        (!self.whole).then_some(self.batch)
    }

    /// Makes the next record; `batch` is its batch's first record, `last` whether it ends it.
    pub fn make(&mut self, draft: Draft, version: u64, at_ms: i64, batch: u64, last: bool) -> Row {
        let not_before = self.recorded_at_ms.max(at_ms);
        let mut record = Record {
            seq: self.size + 1,
            stream: draft.stream,
            version,
            recorded_at_ms: if planted("back_date") { at_ms } else { not_before },
            batch,
            kind: draft.kind,
            key: draft.key,
            payload: draft.payload,
            hash: [0; 32],
        };
        record.hash = record_hash(&self.hash, &record);
        let row = Row { record, last };
        self.step(&row);
        row
    }

    /// Takes the next stored record, if it is what must follow.
    ///
    /// # Errors
    /// The record that is wrong (or missing), and what is wrong with it.
    pub fn follow(&mut self, row: &Row) -> Result<(), Break> {
        self.follow_unhashed(row, true)
    }

    /// As [`Head::follow`], believing the stored hash when `check_hash` is false.
    pub fn follow_unhashed(&mut self, row: &Row, check_hash: bool) -> Result<(), Break> {
        let (record, next) = (&row.record, self.size + 1);
        if record.seq != next {
            return Err(Break::new(next, "it is missing"));
        }
        if record.kind.len() > crate::record::MAX_KIND {
            return Err(Break::new(next, "its kind is too long"));
        }
        if check_hash && record_hash(&self.hash, record) != record.hash {
            return Err(Break::new(
                next,
                "its hash does not match what it holds and the record before it",
            ));
        }
        if record.recorded_at_ms < self.recorded_at_ms && !planted("back_date") {
            return Err(Break::new(next, "it is dated before the record before it"));
        }
        // The batch is hashed and the mark is not, so where they disagree the mark is wrong.
        if self.size > 0 && self.whole != (record.batch == next) {
            return Err(Break::new(self.size, "its end-of-batch mark is wrong"));
        }
        if record.batch != next && (self.size == 0 || record.batch != self.batch) {
            return Err(Break::new(next, "it belongs to no batch"));
        }
        self.step(row);
        Ok(())
    }

    fn step(&mut self, row: &Row) {
        self.size = row.record.seq;
        self.hash = row.record.hash;
        self.recorded_at_ms = row.record.recorded_at_ms;
        self.batch = row.record.batch;
        self.whole = row.last;
        self.frontier.push(&row.record.hash);
    }
}
