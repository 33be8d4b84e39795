//! The one writer of an SQLite file.

use super::{
    APPLICATION_ID, BUSY, CACHE_KIB, Found, IDLE_WAL_BYTES, INSERT, Link, TABLES, WAL_PAGES,
};
use super::{fault, found, kept};
use crate::fault::{Fault, OpenFault, Refusal};
use crate::planted::planted;
use crate::record::{HeadRow, Row};
use crate::signing_key::sync_folder;
use crate::store::{Backend, Source};
use rusqlite::{Connection, Error, OpenFlags, ffi, params};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The one writer of a file.
pub(crate) struct Writing {
    link: Link,
    path: PathBuf,
    /// Held as long as this lives; the system lets go of it when the process ends.
    _only_one: File,
}

impl Writing {
    pub fn open(path: &Path) -> Result<Self, OpenFault> {
        let only_one = lock(path)?;
        let conn = connect(path)?;
        let link = Link(conn);
        let new = matches!(found(&link.0, path)?, Found::Nothing);
        if new {
            let form = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1");
            let all = format!("BEGIN IMMEDIATE; {TABLES} {form}; COMMIT");
            link.0.execute_batch(&all).map_err(|e| fault("make the tables", e))?;
            sync_folder(path).map_err(|e| Fault::Io {
                doing: "make the new file durable",
                source: Box::new(e),
            })?;
        }
        let mut writing = Self { link, path: path.to_owned(), _only_one: only_one };
        writing.make_durable()?;
        // A reader may hold the log back here; what it holds is durable all the same.
        let _ = writing.checkpoint("TRUNCATE");
        Ok(writing)
    }

    /// Makes durable what the last process wrote and perhaps did not sync before it died: a
    /// record read now may be acknowledged by its key, and must then survive a power cut.
    fn make_durable(&mut self) -> Result<(), Fault> {
        let doing = "make what was written durable";
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        // The locks of SQLite lie on other files, so closing this one lets go of none of them.
        match File::open(PathBuf::from(log)).and_then(|log| log.sync_all()) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(Fault::Io { doing, source: Box::new(e) })
            }
            _ => Ok(()),
        }
    }

    /// Moves the write-ahead log into the file; says whether all of it went.
    fn checkpoint(&mut self, how: &str) -> Result<bool, Fault> {
        let sql = format!("PRAGMA wal_checkpoint({how})");
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let (busy, log, done): (i64, i64, i64) =
            self.link.0.query_row(&sql, [], read).map_err(|e| fault("move the log", e))?;
        Ok(busy == 0 && log == done)
    }
}

fn lock(path: &Path) -> Result<File, OpenFault> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let doing = "take the journal's lock file";
    let failed = |source: std::io::Error| Fault::Io { doing, source: Box::new(source) };
    let file =
        File::options().create(true).truncate(false).write(true).open(&name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenFault::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source).into()),
    }
}

/// Opens the file for writing, with every setting read back that durability hangs on.
pub(crate) fn connect(path: &Path) -> Result<Connection, OpenFault> {
    let failed = |e| fault("open the journal to write it", e);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(failed)?;
    conn.busy_timeout(BUSY).map_err(failed)?;
    // Asked before anything is changed, so that another program's file stays as it is.
    found(&conn, path)?;
    let mode: String =
        conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(failed)?;
    if mode != "wal" {
        let setting = "SQLite's journal_mode";
        return Err(OpenFault::NotDurable { setting, found: mode, wanted: "wal" });
    }
    let weak = planted("no_fsync") || planted("normal");
    let synchronous = match (planted("no_fsync"), weak) {
        (true, _) => "OFF",
        (_, true) => "NORMAL",
        _ => "FULL",
    };
    let settings = format!(
        "PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = {WAL_PAGES}; \
         PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -{CACHE_KIB}"
    );
    conn.execute_batch(&settings).map_err(failed)?;
    let level: i64 = conn.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(failed)?;
    if level < 2 && !weak {
        let setting = "SQLite's synchronous";
        return Err(OpenFault::NotDurable { setting, found: level.to_string(), wanted: "FULL" });
    }
    conn.set_prepared_statement_cache_capacity(32);
    Ok(conn)
}

fn insert_fault(error: Error, row: &Row) -> Fault {
    const UNIQUE: [i32; 2] = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    let text = error.to_string();
    let code = error.sqlite_error().map_or(0, |e| e.extended_code);
    match (UNIQUE.contains(&code), row.record.key) {
        (true, Some(key)) if text.contains("records.key") => Refusal::KeyTaken { key }.into(),
        (true, _) => Fault::Corrupt { seq: row.record.seq, what: text },
        _ => fault("append records", error),
    }
}

fn insert_all(link: &Link, rows: &[Row]) -> Result<(), Fault> {
    let failed = |e| fault("append records", e);
    let mut insert = link.0.prepare_cached(INSERT).map_err(failed)?;
    for row in rows {
        let record = &row.record;
        insert
            .execute(params![
                kept(record.seq),
                kept(record.stream),
                kept(record.version),
                record.recorded_at_ms,
                kept(record.batch),
                row.last,
                record.kind,
                record.key,
                record.payload,
                record.hash,
            ])
            .map_err(|e| insert_fault(e, row))?;
    }
    Ok(())
}

impl Backend for Writing {
    fn link(&mut self) -> &mut dyn Source {
        &mut self.link
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn begin(&mut self) -> Result<(), Fault> {
        self.link.run("begin a turn", "BEGIN IMMEDIATE", [])
    }

    fn insert(&mut self, rows: &[Row]) -> Result<(), Fault> {
        let done = insert_all(&self.link, rows);
        if let (Err(Fault::Refused(_)), Some(first)) = (&done, rows.first()) {
            self.cut(first.record.seq)?;
        }
        done
    }

    fn flush(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn commit(&mut self, _head: u64) -> Result<(), Fault> {
        self.link.run("commit", "COMMIT", [])
    }

    fn rollback(&mut self) -> Result<(), Fault> {
        self.link.run("roll back", "ROLLBACK", [])
    }

    fn reconnect(&mut self) -> Result<(), Fault> {
        // Fails when no turn is open; what matters is that none is left.
        let _ = self.link.0.execute_batch("ROLLBACK");
        self.link = Link(connect(&self.path).map_err(OpenFault::into_fault)?);
        self.make_durable()?;
        // After a failed sync the system may call pages clean that never reached the disk.
        // Copying the log into the file writes them again, and syncs what it wrote.
        if self.checkpoint("TRUNCATE")? {
            return Ok(());
        }
        let source = "a reader holds the write-ahead log back".into();
        Err(Fault::Unavailable { doing: "make the journal durable again", source })
    }

    fn put_head(&mut self, head: &HeadRow) -> Result<(), Fault> {
        let sql = "INSERT INTO heads (size, at_ms, checkpoint, frontier) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (size) DO NOTHING";
        let args = params![kept(head.size), head.at_ms, head.checkpoint, head.frontier];
        self.link.run("keep a signed head", sql, args)
    }

    fn put_key(&mut self, line: &str) -> Result<(), Fault> {
        let sql = "INSERT INTO keys (line) VALUES (?1) ON CONFLICT DO NOTHING";
        self.link.run("keep a verifier key", sql, [line])
    }

    fn cut(&mut self, from: u64) -> Result<(), Fault> {
        self.link.run("cut the tail", "DELETE FROM records WHERE seq >= ?1", [kept(from)])
    }

    fn without_limits(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    fn idle(&mut self) {
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        if std::fs::metadata(&log).is_ok_and(|found| found.len() > IDLE_WAL_BYTES) {
            // What cannot be moved now is moved another time; nothing hangs on it.
            let _ = self.checkpoint("PASSIVE");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::open_on;
    use crate::{Draft, Options, Store, verify};

    fn heavy(n: u64) -> Draft {
        let key = Some(u128::from(n).to_be_bytes());
        Draft { stream: 1, kind: "test".into(), key, payload: vec![1; 4_000] }
    }

    #[test]
    fn when_the_disk_is_full_nothing_committed_is_lost_and_space_heals_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::Sqlite { path: dir.path().join("journal.db") };
        let options = Options::new(dir.path().join("key.pem"), "test.example/journal");
        let writing = Writing::open(&dir.path().join("journal.db")).unwrap();
        // Full means here: this connection may not make the file larger.
        writing.link.0.execute_batch("PRAGMA max_page_count = 60").unwrap();
        let (mut writer, reader, _) = open_on(Box::new(writing), &store, &options).unwrap();
        let mut kept = 0;
        let full = loop {
            writer.begin().unwrap();
            let step = writer.append(1, vec![heavy(kept)]).and_then(|_| writer.commit());
            match step {
                Ok(()) => kept += 1,
                Err(fault) => break fault,
            }
        };
        assert!(matches!(full, Fault::Full { .. }), "{full:?}");
        assert!(kept > 10, "{kept}");
        assert!(matches!(writer.begin(), Err(Fault::Refused(Refusal::RecoverFirst))));
        assert_eq!(reader.head().unwrap(), kept, "reading goes on");
        // Opening the file again lifts the limit: space has returned.
        assert_eq!(writer.recover().unwrap(), kept);
        writer.begin().unwrap();
        writer.append(1, (kept..kept + 50).map(heavy).collect()).unwrap();
        writer.commit().unwrap();
        drop(writer);
        assert_eq!(reader.head().unwrap(), kept + 50);
        let report = verify(&store, None, &mut |_, _| {});
        assert!(report.ok, "{report:?}");
    }

    #[test]
    fn what_durability_hangs_on_is_read_back_and_set() {
        let dir = tempfile::tempdir().unwrap();
        let conn = connect(&dir.path().join("journal.db")).unwrap();
        let ask = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(ask("PRAGMA synchronous"), 2, "FULL");
        assert_eq!(ask("PRAGMA wal_autocheckpoint"), i64::from(WAL_PAGES));
    }
}
