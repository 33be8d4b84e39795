//! The journal in one SQLite file: WAL, synchronous FULL, one writer.

pub(crate) mod writing;

use crate::fault::{Cause, Fault, OpenFault};
use crate::record::{HeadRow, Record, Row};
use crate::store::Source;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, Params, params};
use std::path::Path;
use std::time::Duration;

/// "CBJ1": marks a file as a journal of this form.
const APPLICATION_ID: i64 = 0x4342_4a31;
/// Pages in the write-ahead log before a commit has to checkpoint: 64 MiB of 4 KiB pages.
pub(crate) const WAL_PAGES: u32 = 16_384;
/// What the writer keeps of the file in memory, in KiB: the ends of the table and its indexes. The
/// system keeps the rest, and counts it as nobody's.
pub(crate) const CACHE_KIB: u32 = 4_096;
/// A write-ahead log longer than this is checkpointed when the writer is idle, in bytes.
const IDLE_WAL_BYTES: u64 = 4 << 20;
/// How long one connection waits for another.
const BUSY: Duration = Duration::from_secs(5);
/// Pages copied at a time.
const COPY_PAGES: i32 = 1_024;
/// One page of rows holds no more payload than this, in bytes.
const PAGE_BYTES: usize = 16 << 20;

pub(crate) const TABLES: &str = "
CREATE TABLE records (
  seq INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  version INTEGER NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  last INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key BLOB,
  payload BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_stream ON records (stream, version);
CREATE UNIQUE INDEX records_by_key ON records (key) WHERE key IS NOT NULL;
CREATE TABLE heads (
  size INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  checkpoint TEXT NOT NULL,
  frontier BLOB NOT NULL
) STRICT;
CREATE TABLE keys (line TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
";
pub(crate) const INSERT: &str = "INSERT INTO records \
    (seq, stream, version, recorded_at_ms, batch, last, kind, key, payload, hash) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const COLUMNS: &str = "seq, stream, version, recorded_at_ms, batch, last, kind, key, payload, hash";

/// A number as SQLite keeps it; what does not fit is beyond every record.
fn kept(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Puts an SQLite error into the words of this crate.
pub(crate) fn fault(doing: &'static str, error: Error) -> Fault {
    let source: Cause = Box::new(error);
    let code = source.downcast_ref::<Error>().and_then(Error::sqlite_error_code);
    match code {
        Some(ErrorCode::DiskFull) => Fault::Full { source },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Fault::Corrupt { seq: 0, what: format!("could not {doing}: {source}") }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Fault::Unavailable { doing, source }
        }
        _ => Fault::Io { doing, source },
    }
}

/// A connection with its statements.
pub(crate) struct Link(Connection);

/// Opens a journal to read it, beside whoever writes it.
pub(crate) fn reading(path: &Path) -> Result<Link, OpenFault> {
    let doing = "open the journal to read it";
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|e| fault(doing, e))?;
    conn.busy_timeout(BUSY).map_err(|e| fault(doing, e))?;
    match found(&conn, path)? {
        Found::Journal => Ok(Link(conn)),
        Found::Nothing => Err(not_a_journal(path, "it is empty")),
    }
}

enum Found {
    Journal,
    Nothing,
}

fn found(conn: &Connection, path: &Path) -> Result<Found, OpenFault> {
    let ask = |sql: &str| {
        conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|error| {
            match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase) => not_a_journal(path, "it is not an SQLite file"),
                _ => OpenFault::Store(fault("see what the file holds", error)),
            }
        })
    };
    let (id, form) = (ask("PRAGMA application_id")?, ask("PRAGMA user_version")?);
    match (id, form, ask("SELECT count(*) FROM sqlite_schema")?) {
        (APPLICATION_ID, 1, _) => Ok(Found::Journal),
        (APPLICATION_ID, _, _) => {
            Err(not_a_journal(path, &format!("its form is {form}, this version reads form 1")))
        }
        (0, 0, 0) => Ok(Found::Nothing),
        _ => Err(not_a_journal(path, "it holds something else")),
    }
}

fn not_a_journal(path: &Path, what: &str) -> OpenFault {
    OpenFault::NotAJournal { place: path.display().to_string(), what: what.to_owned() }
}

fn row_of(row: &rusqlite::Row<'_>) -> Result<Row, Fault> {
    let seq = row.get::<_, i64>(0).map_or(0, i64::cast_unsigned);
    let read = || -> rusqlite::Result<Row> {
        let record = Record {
            seq,
            stream: row.get::<_, i64>(1)?.cast_unsigned(),
            version: row.get::<_, i64>(2)?.cast_unsigned(),
            recorded_at_ms: row.get(3)?,
            batch: row.get::<_, i64>(4)?.cast_unsigned(),
            kind: row.get(6)?,
            key: row.get(7)?,
            payload: row.get(8)?,
            hash: row.get(9)?,
        };
        Ok(Row { record, last: row.get::<_, i64>(5)? == 1 })
    };
    read().map_err(|error| match fault("read a record", error) {
        Fault::Io { source, .. } => Fault::Corrupt { seq, what: source.to_string() },
        Fault::Corrupt { what, .. } => Fault::Corrupt { seq, what },
        other => other,
    })
}

fn head_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<HeadRow> {
    Ok(HeadRow {
        size: row.get::<_, i64>(0)?.cast_unsigned(),
        at_ms: row.get(1)?,
        checkpoint: row.get(2)?,
        frontier: row.get(3)?,
    })
}

impl Link {
    fn select(&mut self, tail: &str, args: impl Params) -> Result<Vec<Row>, Fault> {
        let failed = |e| fault("read records", e);
        let sql = format!("SELECT {COLUMNS} FROM records {tail}");
        let mut statement = self.0.prepare_cached(&sql).map_err(failed)?;
        let mut rows = statement.query(args).map_err(failed)?;
        let (mut page, mut bytes) = (Vec::new(), 0);
        while bytes < PAGE_BYTES
            && let Some(row) = rows.next().map_err(failed)?
        {
            let row = row_of(row)?;
            bytes += row.record.payload.len();
            page.push(row);
        }
        Ok(page)
    }

    fn list<T>(
        &mut self,
        sql: &str,
        args: impl Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault> {
        let list = || -> rusqlite::Result<Vec<T>> {
            self.0.prepare_cached(sql)?.query_map(args, read)?.collect()
        };
        list().map_err(|e| fault("read the journal", e))
    }

    fn run(&self, doing: &'static str, sql: &str, args: impl Params) -> Result<(), Fault> {
        let run = || self.0.prepare_cached(sql)?.execute(args);
        run().map(drop).map_err(|e| fault(doing, e))
    }
}

impl Source for Link {
    fn rows(&mut self, from: u64, limit: usize) -> Result<Vec<Row>, Fault> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.select("WHERE seq >= ?1 ORDER BY seq LIMIT ?2", params![kept(from), limit])
    }

    fn head(&mut self) -> Result<u64, Fault> {
        let found = self.list("SELECT max(seq) FROM records", [], |row| row.get(0))?;
        Ok(found.first().copied().flatten().map_or(0, i64::cast_unsigned))
    }

    fn stream(&mut self, stream: u64, from: u64, limit: usize) -> Result<Vec<Record>, Fault> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let tail = "WHERE stream = ?1 AND version >= ?2 ORDER BY version LIMIT ?3";
        let rows = self.select(tail, params![kept(stream), kept(from), limit])?;
        Ok(rows.into_iter().map(|row| row.record).collect())
    }

    fn by_key(&mut self, key: [u8; 16]) -> Result<Option<Record>, Fault> {
        let rows = self.select("WHERE key = ?1", params![key])?;
        Ok(rows.into_iter().next().map(|row| row.record))
    }

    fn heads(&mut self, from: u64, limit: usize) -> Result<Vec<HeadRow>, Fault> {
        let sql = "SELECT size, at_ms, checkpoint, frontier FROM heads \
                   WHERE size >= ?1 ORDER BY size LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.list(sql, params![kept(from), limit], head_of)
    }

    fn last_head(&mut self) -> Result<Option<HeadRow>, Fault> {
        let sql = "SELECT size, at_ms, checkpoint, frontier FROM heads ORDER BY size DESC LIMIT 1";
        Ok(self.list(sql, [], head_of)?.pop())
    }

    fn keys(&mut self) -> Result<Vec<String>, Fault> {
        self.list("SELECT line FROM keys ORDER BY line", [], |row| row.get(0))
    }

    fn versions(&mut self, streams: &[u64], before: u64) -> Result<Vec<(u64, u64)>, Fault> {
        // The index answers without the bound; with it, only the records of that stream are read.
        let sql = if before == u64::MAX {
            "SELECT max(version) FROM records WHERE stream = ?1"
        } else {
            "SELECT max(version) FROM records WHERE stream = ?1 AND seq < ?2"
        };
        let mut found = Vec::with_capacity(streams.len());
        for &stream in streams {
            let version: Vec<Option<i64>> = if before == u64::MAX {
                self.list(sql, [kept(stream)], |row| row.get(0))?
            } else {
                self.list(sql, [kept(stream), kept(before)], |row| row.get(0))?
            };
            if let Some(Some(version)) = version.first() {
                found.push((stream, version.cast_unsigned()));
            }
        }
        Ok(found)
    }

    fn self_check(&mut self) -> Result<Option<String>, Fault> {
        let stray: Vec<i64> =
            self.list("SELECT seq FROM records WHERE seq < 1 LIMIT 1", [], |row| row.get(0))?;
        if let Some(seq) = stray.first() {
            return Ok(Some(format!("a record is numbered {seq}")));
        }
        let found: Vec<String> = self.list("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(found.into_iter().find(|line| line != "ok"))
    }
}

/// Copies a file that may be in use, as it is at one moment.
pub(crate) fn copy(
    from: &Path,
    to: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), Fault> {
    let doing = "copy the journal";
    let failed = |e| fault(doing, e);
    let from = reading(from).map_err(OpenFault::into_fault)?;
    let mut to = Connection::open(to).map_err(failed)?;
    // A read transaction held throughout keeps the copy from starting again at every commit.
    from.0.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").map_err(failed)?;
    let copying = Backup::new(&from.0, &mut to).map_err(failed)?;
    loop {
        let step = copying.step(COPY_PAGES).map_err(failed)?;
        let now = copying.progress();
        let all = u64::try_from(now.pagecount).unwrap_or(0);
        progress(all.saturating_sub(u64::try_from(now.remaining).unwrap_or(0)), all);
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Turns a finished copy into a single file that needs nothing beside it.
pub(crate) fn make_one_file(path: &Path) -> Result<(), Fault> {
    let failed = |e| fault("finish the copy", e);
    let conn = Connection::open(path).map_err(failed)?;
    let mode: String =
        conn.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0)).map_err(failed)?;
    if mode == "delete" {
        return Ok(());
    }
    let source = format!("journal_mode stays {mode}").into();
    Err(Fault::Io { doing: "finish the copy", source })
}
