//! One node's writing to the shared database.

use super::{CHANNEL, INSERT, OTHER_TABLES, TABLES, TURN, holds_journal, kept};
use crate::fault::{Fault, OpenFault};
use crate::link::Link;
use crate::planted::planted;
use crate::record::{HeadRow, Row};
use crate::store::{Backend, Source};
use tokio_postgres::types::ToSql;

/// The columns of the rows of a turn, as the one statement that adds them takes them.
#[derive(Default)]
struct Columns {
    seqs: Vec<i64>,
    streams: Vec<i64>,
    versions: Vec<i64>,
    times: Vec<i64>,
    batches: Vec<i64>,
    lasts: Vec<bool>,
    kinds: Vec<Box<str>>,
    keys: Vec<Option<Vec<u8>>>,
    payloads: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

impl Columns {
    fn push(&mut self, row: &Row) {
        let record = &row.record;
        self.seqs.push(kept(record.seq));
        self.streams.push(kept(record.stream));
        self.versions.push(kept(record.version));
        self.times.push(record.recorded_at_ms);
        self.batches.push(kept(record.batch));
        self.lasts.push(row.last);
        self.kinds.push(record.kind.clone());
        self.keys.push(record.key.map(|key| key.to_vec()));
        self.payloads.push(record.payload.clone());
        self.hashes.push(record.hash.to_vec());
    }

    fn args(&self) -> [&(dyn ToSql + Sync); 10] {
        [
            &self.seqs,
            &self.streams,
            &self.versions,
            &self.times,
            &self.batches,
            &self.lasts,
            &self.kinds,
            &self.keys,
            &self.payloads,
            &self.hashes,
        ]
    }
}

/// Adds rows in one statement.
pub(crate) fn insert(link: &mut Link, rows: &[Row]) -> Result<(), Fault> {
    let mut columns = Columns::default();
    rows.iter().for_each(|row| columns.push(row));
    link.query("append records", INSERT, &columns.args()).map(drop)
}

/// One node's connection for writing.
pub(crate) struct Writing {
    link: Link,
    url: String,
    waiting: Columns,
}

impl Writing {
    pub fn open(url: &str) -> Result<Self, OpenFault> {
        let mut link = Link::connect(url)?;
        must_be_durable(&mut link)?;
        if !holds_journal(&mut link, url)? {
            // Under a lock, so that of two nodes opening at once one finds the tables.
            link.batch("take the turn", &begin_sql("0"))?;
            if !holds_journal(&mut link, url)? {
                link.batch("make the tables", &format!("{TABLES}{OTHER_TABLES}"))?;
            }
            link.commit("COMMIT")?;
        }
        Ok(Self { link, url: url.to_owned(), waiting: Columns::default() })
    }
}

fn begin_sql(table: &str) -> String {
    format!("BEGIN; SELECT pg_advisory_xact_lock({TURN}, {table})")
}

fn must_be_durable(link: &mut Link) -> Result<(), OpenFault> {
    if planted("no_fsync") || planted("normal") {
        link.batch("set synchronous_commit", "SET synchronous_commit = off")?;
        return Ok(());
    }
    for (setting, sql) in [
        ("PostgreSQL's synchronous_commit", "SELECT current_setting('synchronous_commit')"),
        ("PostgreSQL's fsync", "SELECT current_setting('fsync')"),
        ("PostgreSQL's full_page_writes", "SELECT current_setting('full_page_writes')"),
    ] {
        let rows = link.query("read the server's settings", sql, &[])?;
        let value: String = rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default();
        if value.is_empty() || value == "off" {
            return Err(OpenFault::NotDurable { setting, found: value, wanted: "on" });
        }
    }
    Ok(())
}

impl Backend for Writing {
    fn link(&mut self) -> &mut dyn Source {
        &mut self.link
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn begin(&mut self) -> Result<(), Fault> {
        self.waiting = Columns::default();
        self.link.batch("take the turn", &begin_sql("'records'::regclass::oid::integer"))
    }

    fn insert(&mut self, rows: &[Row]) -> Result<(), Fault> {
        // Kept back until the commit: one statement and one journey for the whole turn.
        rows.iter().for_each(|row| self.waiting.push(row));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        let columns = std::mem::take(&mut self.waiting);
        if columns.seqs.is_empty() {
            return Ok(());
        }
        self.link.query("append records", INSERT, &columns.args()).map(drop)
    }

    fn commit(&mut self, head: u64) -> Result<(), Fault> {
        self.flush()?;
        // One notification a commit: each takes a lock of the whole server.
        self.link.commit(&format!("SELECT pg_notify('{CHANNEL}', '{head}'); COMMIT"))
    }

    fn rollback(&mut self) -> Result<(), Fault> {
        self.waiting = Columns::default();
        self.link.batch("roll back", "ROLLBACK")
    }

    fn reconnect(&mut self) -> Result<(), Fault> {
        self.waiting = Columns::default();
        self.link = Link::connect(&self.url).map_err(OpenFault::into_fault)?;
        must_be_durable(&mut self.link).map_err(OpenFault::into_fault)
    }

    fn put_head(&mut self, head: &HeadRow) -> Result<(), Fault> {
        let sql = "INSERT INTO heads (size, at_ms, checkpoint, frontier) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING";
        let args: [&(dyn ToSql + Sync); 4] =
            [&kept(head.size), &head.at_ms, &head.checkpoint, &head.frontier];
        self.link.query("keep a signed head", sql, &args).map(drop)
    }

    fn put_key(&mut self, line: &str) -> Result<(), Fault> {
        let sql = "INSERT INTO keys (line) VALUES ($1) ON CONFLICT DO NOTHING";
        self.link.query("keep a verifier key", sql, &[&line]).map(drop)
    }

    fn cut(&mut self, from: u64) -> Result<(), Fault> {
        let sql = "DELETE FROM records WHERE seq >= $1";
        self.link.query("cut the tail", sql, &[&kept(from)]).map(drop)
    }

    fn without_limits(&mut self) -> Result<(), Fault> {
        self.link.without_limits()
    }

    fn idle(&mut self) {}
}
