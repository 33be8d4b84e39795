//! Past contacts and logs, by words, number, place, person and time. A read model in a local SQLite
//! file beside the journal: disposable, and rebuilt from the journal when it is missing.

mod index;
mod search;

pub use search::{Hit, HitKind, Query, Results};

use crate::fault::ReadFault;
use journal::Reader;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The read model.
pub struct History {
    path: PathBuf,
    reader: Reader,
    wake: Mutex<Wake>,
    woken: Condvar,
    idle: Mutex<Vec<Connection>>,
}

#[derive(Default)]
struct Wake {
    nudged: bool,
    closed: bool,
    position: u64,
}

/// How long history waits for more before it folds.
const GATHER: Duration = Duration::from_millis(25);
/// How many records go into one transaction of the read model.
const CHUNK: usize = 2_000;
/// With more records than these to fold, history does not wait for others to come.
const FAR_BEHIND: u64 = 100;

impl History {
    pub(crate) fn open(path: &Path, reader: Reader) -> Result<History, rusqlite::Error> {
        let history = History {
            path: path.to_owned(),
            reader,
            wake: Mutex::default(),
            woken: Condvar::new(),
            idle: Mutex::default(),
        };
        let mut db = history.connect()?;
        index::prepare(&db)?;
        let mut position = index::position(&db)?;
        if position > history.reader.head().unwrap_or(position) {
            // It belongs to another journal.
            index::forget(&mut db)?;
            position = 0;
        }
        history.lock().position = position;
        Ok(history)
    }

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        let db = Connection::open(&self.path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }

    fn lock(&self) -> MutexGuard<'_, Wake> {
        self.wake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the journal on a thread of its own.
    pub(crate) fn start(self: Arc<Self>) -> std::io::Result<std::thread::JoinHandle<()>> {
        std::thread::Builder::new().name("room-history".to_owned()).spawn(move || self.run())
    }

    fn run(&self) {
        let mut db = match self.connect() {
            Ok(db) => db,
            Err(error) => {
                tracing::error!(%error, "history is not kept");
                return;
            }
        };
        loop {
            let more = self.catch_up(&mut db).unwrap_or_else(|error| {
                tracing::error!(%error, "history fell behind, and tries again");
                false
            });
            let mut wake = self.lock();
            if wake.closed {
                return;
            }
            if !more && !wake.nudged {
                let wait = Duration::from_secs(1);
                wake =
                    self.woken.wait_timeout(wake, wait).unwrap_or_else(PoisonError::into_inner).0;
            }
            let nudged = std::mem::take(&mut wake.nudged);
            drop(wake);
            if nudged && !more {
                // What comes right after is folded with it: one transaction instead of many.
                std::thread::sleep(GATHER);
            }
        }
    }

    /// Folds the next records. Whether it is far behind still.
    fn catch_up(&self, db: &mut Connection) -> Result<bool, ReadFault> {
        let position = self.lock().position;
        let records = self.reader.read(position + 1, CHUNK)?;
        let Some(last) = records.last().map(|r| r.seq) else { return Ok(false) };
        index::fold(db, &records)?;
        self.lock().position = last;
        self.woken.notify_all();
        Ok(self.reader.head()? > last + FAR_BEHIND)
    }

    pub(crate) fn nudge(&self) {
        self.lock().nudged = true;
        self.woken.notify_all();
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.woken.notify_all();
    }

    /// The place in the total order up to which history is complete.
    pub fn position(&self) -> u64 {
        self.lock().position
    }

    /// Waits until history is complete up to a place, or for so long. Whether it is.
    pub fn wait_for(&self, seq: u64, within: Duration) -> bool {
        let until = std::time::Instant::now() + within;
        let mut wake = self.lock();
        while wake.position < seq {
            let left = until.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() || wake.closed {
                return false;
            }
            wake = self.woken.wait_timeout(wake, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Searches, newest first.
    ///
    /// # Errors
    /// A fault of the read model; bad words are no fault, they find nothing.
    pub fn search(&self, query: &Query) -> Result<Results, ReadFault> {
        let free = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let db = match free {
            Some(db) => db,
            None => self.connect()?,
        };
        let found = search::search(&db, query);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
        Ok(found?)
    }
}
