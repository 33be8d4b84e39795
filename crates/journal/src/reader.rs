//! Reading, beside the writer and from any thread.

use crate::fault::{Fault, OpenFault};
use crate::postgres::Listening;
use crate::prove::{Proved, prove};
use crate::record::Record;
use crate::store::{self, Source, Store};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many records are asked for at a time; the store may give fewer.
const AT_ONCE: usize = 1_000;
/// Connections kept open while nobody reads.
const KEPT: usize = 8;

/// Reads the journal through connections of its own; cheap to clone.
///
/// Only what is committed is seen, a batch whole or not at all. Blocks the calling thread.
#[derive(Clone)]
pub struct Reader {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    unused: Mutex<Vec<Box<dyn Source>>>,
    listening: Mutex<Option<Listening>>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("store", &self.shared.store).finish_non_exhaustive()
    }
}

/// Page after page until one is empty: how many come in one says nothing about there being more.
fn one_by_one(
    from: u64,
    place: fn(&Record) -> u64,
    mut read: impl FnMut(u64) -> Result<Vec<Record>, Fault>,
) -> impl Iterator<Item = Result<Record, Fault>> {
    let (mut next, mut page) = (Some(from), Vec::new().into_iter());
    std::iter::from_fn(move || {
        if let Some(record) = page.next() {
            return Some(Ok(record));
        }
        match read(next?) {
            Ok(records) => {
                next = records.last().map(|last| place(last) + 1);
                page = records.into_iter();
                page.next().map(Ok)
            }
            Err(fault) => {
                next = None;
                Some(Err(fault))
            }
        }
    })
}

impl Reader {
    pub(crate) fn new(store: &Store) -> Self {
        let (unused, listening) = (Mutex::default(), Mutex::default());
        Self { shared: Arc::new(Shared { store: store.clone(), unused, listening }) }
    }

    /// Records from `from_seq` on, in order, at most `limit`; fewer when they are heavy. An empty
    /// answer means that there are none.
    ///
    /// # Errors
    /// A [`Fault`] of the store.
    pub fn read(&self, from_seq: u64, limit: usize) -> Result<Vec<Record>, Fault> {
        let rows = self.with(|source| source.rows(from_seq, limit))?;
        Ok(rows.into_iter().map(|row| row.record).collect())
    }

    /// Records of one stream from `from_version` on, with the same limits as [`Reader::read`].
    ///
    /// # Errors
    /// A [`Fault`] of the store.
    pub fn read_stream(
        &self,
        stream: u64,
        from_version: u64,
        limit: usize,
    ) -> Result<Vec<Record>, Fault> {
        self.with(|source| source.stream(stream, from_version, limit))
    }

    /// Every record from `from_seq` on, in order, read as they are asked for. It ends at the end
    /// of the journal, or after a [`Fault`] of the store.
    pub fn each(&self, from_seq: u64) -> impl Iterator<Item = Result<Record, Fault>> + use<> {
        let reader = self.clone();
        one_by_one(from_seq, |record| record.seq, move |from| reader.read(from, AT_ONCE))
    }

    /// Every record of one stream from `from_version` on, like [`Reader::each`].
    pub fn each_of_stream(
        &self,
        stream: u64,
        from_version: u64,
    ) -> impl Iterator<Item = Result<Record, Fault>> + use<> {
        let reader = self.clone();
        let read = move |from| reader.read_stream(stream, from, AT_ONCE);
        one_by_one(from_version, |record| record.version, read)
    }

    /// The record that was given this key.
    ///
    /// # Errors
    /// A [`Fault`] of the store.
    pub fn by_key(&self, key: [u8; 16]) -> Result<Option<Record>, Fault> {
        self.with(|source| source.by_key(key))
    }

    /// The number of the last record, 0 when there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the store.
    pub fn head(&self) -> Result<u64, Fault> {
        self.with(|source| source.head())
    }

    /// Checks the records `from..=to`: that each follows from the one before, back to the signed
    /// head before them and on to the next, at most `limit` records. What is wrong is in the
    /// answer. The heads are checked against the journal's own keys; [`crate::verify`] takes one
    /// from outside.
    ///
    /// # Errors
    /// A [`Fault`] of the store that is not damage.
    pub fn prove(&self, from: u64, to: u64, limit: u64) -> Result<Proved, Fault> {
        self.with(|source| prove(source, from, to, limit))
    }

    /// Waits until the journal has records after `after`; says whether it has.
    ///
    /// On SQLite there is only one writer, which publishes what it wrote itself: false at once.
    ///
    /// # Errors
    /// A [`Fault`] of the store; the next call connects again.
    pub fn wait_for(&self, after: u64, timeout: Duration) -> Result<bool, Fault> {
        let Store::Postgres { url } = &self.shared.store else { return Ok(false) };
        let mut slot = self.shared.listening.lock().unwrap_or_else(PoisonError::into_inner);
        let mut listening = match slot.take() {
            Some(listening) => listening,
            None => Listening::open(url).map_err(OpenFault::into_fault)?,
        };
        let passed = listening.wait_for(after, timeout)?;
        *slot = Some(listening);
        Ok(passed)
    }

    fn with<T>(
        &self,
        mut read: impl FnMut(&mut dyn Source) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let pooled = self.unused().pop();
        if let Some(mut source) = pooled {
            match read(source.as_mut()) {
                Err(Fault::Unavailable { .. } | Fault::Io { .. }) => {
                    // It may have been cut long ago, and its fellows with it: try a new one.
                    self.unused().clear();
                }
                answer => {
                    self.keep(source);
                    return answer;
                }
            }
        }
        let mut source = store::source(&self.shared.store).map_err(OpenFault::into_fault)?;
        let answer = read(source.as_mut())?;
        self.keep(source);
        Ok(answer)
    }

    fn unused(&self) -> std::sync::MutexGuard<'_, Vec<Box<dyn Source>>> {
        self.shared.unused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, source: Box<dyn Source>) {
        let mut unused = self.unused();
        if unused.len() < KEPT {
            unused.push(source);
        }
    }
}
