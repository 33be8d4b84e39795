//! What people are typing, kept while they type it: so that a browser that dies takes no sentence
//! with it. Not the record: nothing here is evidence, and a draft is gone when its text is sent.
//!
//! Kept in a file beside the journal, on the node the person works at.

use rules::name::StaffId;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The longest draft, in bytes: a whole policy with its remarks.
pub const LONGEST: usize = 256 * 1024;
/// The longest name of a field, in bytes.
pub const LONGEST_KEY: usize = 120;
/// One person has no more drafts than this; the oldest make room.
const MOST: u32 = 200;

/// Why a draft is not kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftFault {
    /// Its name or text is too long.
    #[error("this is too long to be kept as a draft: send it in parts")]
    TooLong,
    /// The file.
    #[error("the draft could not be kept: {0}")]
    File(#[from] rusqlite::Error),
}

/// The drafts.
pub struct Drafts {
    db: Mutex<Connection>,
}

impl Drafts {
    pub(crate) fn open(path: &Path) -> Result<Drafts, rusqlite::Error> {
        let db = Connection::open(path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        // FULL: when a draft is said to be kept, it is.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS draft (
                 staff TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
                 PRIMARY KEY (staff, key)) WITHOUT ROWID;",
        )?;
        Ok(Drafts { db: Mutex::new(db) })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what somebody has typed in a field; an empty text is forgotten. `at` is milliseconds
    /// since 1970.
    ///
    /// # Errors
    /// A name or text that is too long, or a file that cannot be written.
    pub fn keep(&self, staff: &StaffId, key: &str, text: &str, at: i64) -> Result<(), DraftFault> {
        if key.len() > LONGEST_KEY || text.len() > LONGEST {
            return Err(DraftFault::TooLong);
        }
        let mut db = self.lock();
        let tx = db.transaction()?;
        if text.is_empty() {
            tx.execute("DELETE FROM draft WHERE staff = ?1 AND key = ?2", [staff.as_str(), key])?;
        } else {
            tx.execute(
                "INSERT INTO draft (staff, key, text, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (staff, key) DO UPDATE SET text = ?3, at = ?4",
                params![staff.as_str(), key, text, at],
            )?;
            tx.execute(
                "DELETE FROM draft WHERE staff = ?1 AND key NOT IN
                 (SELECT key FROM draft WHERE staff = ?1 ORDER BY at DESC, key LIMIT ?2)",
                params![staff.as_str(), MOST],
            )?;
        }
        tx.commit()?;
        Ok(())
    }

    /// What somebody had typed in a field.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn of(&self, staff: &StaffId, key: &str) -> Result<Option<String>, DraftFault> {
        let sql = "SELECT text FROM draft WHERE staff = ?1 AND key = ?2";
        let db = self.lock();
        let mut statement = db.prepare_cached(sql)?;
        Ok(statement.query_row([staff.as_str(), key], |row| row.get(0)).optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_there_after_a_restart_and_gone_when_it_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("drafts.db");
        let me = StaffId::parse("CH14").unwrap();
        let drafts = Drafts::open(&path).unwrap();
        drafts.keep(&me, "entry:1", "He is out", 1).unwrap();
        drafts.keep(&me, "entry:1", "He is outside", 2).unwrap();
        drop(drafts);
        let drafts = Drafts::open(&path).unwrap();
        assert_eq!(drafts.of(&me, "entry:1").unwrap().as_deref(), Some("He is outside"));
        let other = StaffId::parse("CH15").unwrap();
        assert_eq!(drafts.of(&other, "entry:1").unwrap(), None, "a draft is one's own");
        drafts.keep(&me, "entry:1", "", 3).unwrap();
        assert_eq!(drafts.of(&me, "entry:1").unwrap(), None);
    }

    #[test]
    fn nobody_fills_the_disk_with_drafts() {
        let dir = tempfile::tempdir().unwrap();
        let drafts = Drafts::open(&dir.path().join("drafts.db")).unwrap();
        let me = StaffId::parse("CH14").unwrap();
        let long = "x".repeat(LONGEST + 1);
        assert!(matches!(drafts.keep(&me, "k", &long, 1), Err(DraftFault::TooLong)));
        for n in 0..i64::from(MOST) + 5 {
            drafts.keep(&me, &format!("k{n}"), "x", n).unwrap();
        }
        assert_eq!(drafts.of(&me, "k4").unwrap(), None, "the oldest made room");
        assert!(drafts.of(&me, "k5").unwrap().is_some());
    }
}
