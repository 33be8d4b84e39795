//! The journal in a PostgreSQL 15 database that several nodes share.
//!
//! The tables belong to the database's owner (the first `open` makes them). For daily work give
//! the nodes a role that can add but never change or remove:
//!
//! ```sql
//! CREATE ROLE callbox LOGIN;
//! GRANT SELECT, INSERT ON records, heads, keys TO callbox;
//! GRANT SELECT ON journal_form TO callbox;
//! ```
//!
//! Only cutting a torn tail (which PostgreSQL's own transactions rule out) needs more.

pub(crate) mod writing;

use crate::fault::{Fault, OpenFault};
use crate::link::Link;
use crate::record::{HeadRow, Record, Row};
use crate::store::{Source, Store};
use std::time::Duration;
use tokio_postgres::types::ToSql;

/// The advisory locks of turns: "call" as a number. The second half of the lock is the table,
/// so that two journals in one database do not wait for each other.
const TURN: i32 = 0x6361_6c6c;
/// Where commits are told to the other nodes.
const CHANNEL: &str = "callbox_journal";
/// Rows fetched at once: a page of the largest payloads is then 256 MiB.
const PAGE: usize = 256;

pub(crate) const TABLES: &str = "
CREATE TABLE records (
  seq bigint PRIMARY KEY,
  stream bigint NOT NULL,
  version bigint NOT NULL,
  recorded_at_ms bigint NOT NULL,
  batch bigint NOT NULL,
  last boolean NOT NULL,
  kind text NOT NULL,
  key bytea,
  payload bytea NOT NULL,
  hash bytea NOT NULL
);
CREATE UNIQUE INDEX records_by_stream ON records (stream, version);
CREATE UNIQUE INDEX records_by_key ON records (key) WHERE key IS NOT NULL;
";
const OTHER_TABLES: &str = "
CREATE TABLE heads (
  size bigint PRIMARY KEY,
  at_ms bigint NOT NULL,
  checkpoint text NOT NULL,
  frontier bytea NOT NULL
);
CREATE TABLE keys (line text PRIMARY KEY);
CREATE TABLE journal_form (form integer NOT NULL);
INSERT INTO journal_form VALUES (1);
";
pub(crate) const INSERT: &str = "INSERT INTO records \
    (seq, stream, version, recorded_at_ms, batch, last, kind, key, payload, hash) \
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], \
    $6::boolean[], $7::text[], $8::bytea[], $9::bytea[], $10::bytea[])";

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT seq, stream, version, recorded_at_ms, batch, last, kind, key, payload, hash ",
            "FROM records ",
            $tail
        )
    };
}

fn kept(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn kept_limit(limit: usize, most: usize) -> i64 {
    i64::try_from(limit.min(most)).unwrap_or(i64::MAX)
}

fn row_of(row: &tokio_postgres::Row) -> Result<Row, Fault> {
    let seq = row.try_get::<_, i64>(0).map_or(0, i64::cast_unsigned);
    let wrong = |what: String| Fault::Corrupt { seq, what };
    let read = || -> Result<(Record, bool), tokio_postgres::Error> {
        let record = Record {
            seq,
            stream: row.try_get::<_, i64>(1)?.cast_unsigned(),
            version: row.try_get::<_, i64>(2)?.cast_unsigned(),
            recorded_at_ms: row.try_get(3)?,
            batch: row.try_get::<_, i64>(4)?.cast_unsigned(),
            kind: row.try_get::<_, String>(6)?.into(),
            key: None,
            payload: row.try_get(8)?,
            hash: [0; 32],
        };
        Ok((record, row.try_get(5)?))
    };
    let (mut record, last) = read().map_err(|e| wrong(e.to_string()))?;
    let bytes = |at: usize| row.try_get::<_, Option<&[u8]>>(at).map_err(|e| wrong(e.to_string()));
    let hash = bytes(9)?.and_then(|hash| hash.try_into().ok());
    record.hash = hash.ok_or_else(|| wrong("its hash has not 32 bytes".into()))?;
    if let Some(key) = bytes(7)? {
        let key = key.try_into().map_err(|_| wrong("its key has not 16 bytes".into()))?;
        record.key = Some(key);
    }
    Ok(Row { record, last })
}

fn head_of(row: &tokio_postgres::Row) -> Result<HeadRow, Fault> {
    let read = || -> Result<HeadRow, tokio_postgres::Error> {
        Ok(HeadRow {
            size: row.try_get::<_, i64>(0)?.cast_unsigned(),
            at_ms: row.try_get(1)?,
            checkpoint: row.try_get(2)?,
            frontier: row.try_get(3)?,
        })
    };
    read().map_err(|e| Fault::Corrupt { seq: 0, what: format!("a signed head: {e}") })
}

fn number(rows: &[tokio_postgres::Row]) -> u64 {
    let found = rows.first().and_then(|row| row.try_get::<_, Option<i64>>(0).ok().flatten());
    found.map_or(0, i64::cast_unsigned)
}

/// Opens a journal to read it.
pub(crate) fn reading(url: &str) -> Result<Link, OpenFault> {
    let mut link = Link::connect(url)?;
    if !holds_journal(&mut link, url)? {
        return Err(not_a_journal(url, "it has no tables of a journal"));
    }
    Ok(link)
}

fn not_a_journal(url: &str, what: &str) -> OpenFault {
    let place = Store::Postgres { url: url.to_owned() }.to_string();
    OpenFault::NotAJournal { place, what: what.to_owned() }
}

fn holds_journal(link: &mut Link, url: &str) -> Result<bool, OpenFault> {
    let doing = "see what the database holds";
    let sql = "SELECT to_regclass('journal_form') IS NOT NULL, to_regclass('records') IS NOT NULL";
    let found = link.query(doing, sql, &[])?;
    let is = |at| found.first().is_some_and(|row| row.try_get(at).unwrap_or(false));
    match (is(0), is(1)) {
        (false, false) => Ok(false),
        (false, true) => Err(not_a_journal(url, "it has a table of records, but not ours")),
        (true, _) => {
            let form = number(&link.query(doing, "SELECT form::bigint FROM journal_form", &[])?);
            let other = format!("its form is {form}, this version reads form 1");
            if form == 1 { Ok(true) } else { Err(not_a_journal(url, &other)) }
        }
    }
}

impl Source for Link {
    fn rows(&mut self, from: u64, limit: usize) -> Result<Vec<Row>, Fault> {
        let sql = select!("WHERE seq >= $1 ORDER BY seq LIMIT $2");
        let rows = self.query("read records", sql, &[&kept(from), &kept_limit(limit, PAGE)])?;
        rows.iter().map(row_of).collect()
    }

    fn head(&mut self) -> Result<u64, Fault> {
        Ok(number(&self.query("read the head", "SELECT max(seq) FROM records", &[])?))
    }

    fn stream(&mut self, stream: u64, from: u64, limit: usize) -> Result<Vec<Record>, Fault> {
        let sql = select!("WHERE stream = $1 AND version >= $2 ORDER BY version LIMIT $3");
        let args: [&(dyn ToSql + Sync); 3] = [&kept(stream), &kept(from), &kept_limit(limit, PAGE)];
        let rows = self.query("read a stream", sql, &args)?;
        rows.iter().map(|row| row_of(row).map(|row| row.record)).collect()
    }

    fn by_key(&mut self, key: [u8; 16]) -> Result<Option<Record>, Fault> {
        let rows = self.query("look a key up", select!("WHERE key = $1"), &[&key.as_slice()])?;
        rows.first().map(|row| row_of(row).map(|row| row.record)).transpose()
    }

    fn heads(&mut self, from: u64, limit: usize) -> Result<Vec<HeadRow>, Fault> {
        let sql = "SELECT size, at_ms, checkpoint, frontier FROM heads \
                   WHERE size >= $1 ORDER BY size LIMIT $2";
        let args: [&(dyn ToSql + Sync); 2] = [&kept(from), &kept_limit(limit, usize::MAX)];
        self.query("read signed heads", sql, &args)?.iter().map(head_of).collect()
    }

    fn last_head(&mut self) -> Result<Option<HeadRow>, Fault> {
        let sql = "SELECT size, at_ms, checkpoint, frontier FROM heads ORDER BY size DESC LIMIT 1";
        self.query("read the signed head", sql, &[])?.first().map(head_of).transpose()
    }

    fn keys(&mut self) -> Result<Vec<String>, Fault> {
        let rows = self.query("read the keys", "SELECT line FROM keys ORDER BY line", &[])?;
        Ok(rows.iter().filter_map(|row| row.try_get(0).ok()).collect())
    }

    fn versions(&mut self, streams: &[u64], before: u64) -> Result<Vec<(u64, u64)>, Fault> {
        let streams: Vec<i64> = streams.iter().copied().map(kept).collect();
        let sql = "SELECT s.stream, (SELECT max(r.version) FROM records r \
                   WHERE r.stream = s.stream AND r.seq < $2) FROM unnest($1::bigint[]) s(stream)";
        let latest = "SELECT s.stream, (SELECT max(r.version) FROM records r \
                      WHERE r.stream = s.stream) FROM unnest($1::bigint[]) s(stream)";
        let doing = "read the versions of streams";
        let rows = if before == u64::MAX {
            self.query(doing, latest, &[&streams])?
        } else {
            self.query(doing, sql, &[&streams, &kept(before)])?
        };
        let pair = |row: &tokio_postgres::Row| -> Option<(u64, u64)> {
            let version: Option<i64> = row.try_get(1).ok()?;
            Some((row.try_get::<_, i64>(0).ok()?.cast_unsigned(), version?.cast_unsigned()))
        };
        Ok(rows.iter().filter_map(pair).collect())
    }

    fn self_check(&mut self) -> Result<Option<String>, Fault> {
        let sql = "SELECT seq FROM records WHERE seq < 1 LIMIT 1";
        let stray = self.query("look for stray records", sql, &[])?;
        if !stray.is_empty() {
            return Ok(Some("a record is numbered below 1".to_owned()));
        }
        // pg_amcheck is PostgreSQL's own tool for its indexes, and needs an extension.
        Ok(None)
    }
}

/// Hears of other nodes' commits.
pub(crate) struct Listening(Link);

impl Listening {
    pub fn open(url: &str) -> Result<Self, OpenFault> {
        let link = reading(url)?;
        link.batch("listen for other nodes", &format!("LISTEN {CHANNEL}"))?;
        Ok(Self(link))
    }

    /// Whether the head passes `after` within a time.
    pub fn wait_for(&mut self, after: u64, within: Duration) -> Result<bool, Fault> {
        // Asked after listening began, so no commit can fall between.
        if self.0.head()? > after {
            return Ok(true);
        }
        let until = std::time::Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(std::time::Instant::now());
            match self.0.notification(left)? {
                None => return Ok(false),
                // Only a hint: other journals in the same database speak on this channel too.
                Some(_) if self.0.head()? > after => return Ok(true),
                Some(_) => {}
            }
        }
    }
}
