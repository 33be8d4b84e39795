//! Where a journal is kept, and the small trait both stores stand behind.

use crate::fault::{Fault, OpenFault};
use crate::record::{HeadRow, Record, Row};
use crate::{postgres, sqlite};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a journal is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum Store {
    /// One file, no server.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A PostgreSQL 15 database, shared by several nodes.
    Postgres {
        /// `postgres://USER@HOST[,HOST…]/DATABASE`
        url: String,
    },
}

impl FromStr for Store {
    type Err = OpenFault;

    fn from_str(text: &str) -> Result<Self, OpenFault> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite { path: path.into() });
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres { url: text.to_owned() });
        }
        Err(OpenFault::NotAStore { text: without_password(text) })
    }
}

/// The name of the store; a password in it is not shown.
impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => write!(f, "sqlite:{}", path.display()),
            Self::Postgres { url } => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Hides what stands between `:` and `@` after the scheme, and any `password=` parameter.
fn without_password(url: &str) -> String {
    let (url, parameters) = url.split_once('?').unwrap_or((url, ""));
    let mut shown = url.to_owned();
    if let Some((scheme, rest)) = url.split_once("://")
        && let Some((who, place)) = rest.rsplit_once('@')
    {
        let user = who.split_once(':').map_or(who, |(user, _)| user);
        shown = format!("{scheme}://{user}@{place}");
    }
    let kept: Vec<_> = parameters.split('&').filter(|p| !p.starts_with("password=")).collect();
    if parameters.is_empty() { shown } else { format!("{shown}?{}", kept.join("&")) }
}

/// Reading what is stored.
pub(crate) trait Source: Send {
    /// Rows from `from` on, at most `limit`; fewer when they are heavy; empty only at the end.
    fn rows(&mut self, from: u64, limit: usize) -> Result<Vec<Row>, Fault>;
    /// The highest number of a record, 0 when there is none.
    fn head(&mut self) -> Result<u64, Fault>;
    /// Records of one stream.
    fn stream(&mut self, stream: u64, from: u64, limit: usize) -> Result<Vec<Record>, Fault>;
    /// The record with this key.
    fn by_key(&mut self, key: [u8; 16]) -> Result<Option<Record>, Fault>;
    /// Signed heads of at least this size, smallest first.
    fn heads(&mut self, from: u64, limit: usize) -> Result<Vec<HeadRow>, Fault>;
    /// The largest signed head.
    fn last_head(&mut self) -> Result<Option<HeadRow>, Fault>;
    /// Verifier key lines of everyone who signed.
    fn keys(&mut self) -> Result<Vec<String>, Fault>;
    /// Streams and their latest versions, of those of `streams` that have records before `before`.
    fn versions(&mut self, streams: &[u64], before: u64) -> Result<Vec<(u64, u64)>, Fault>;
    /// What the store itself finds wrong with its pages and indexes.
    fn self_check(&mut self) -> Result<Option<String>, Fault>;
}

/// Writing: one turn at a time.
pub(crate) trait Backend: Send {
    /// Reading, within the turn when one is open.
    fn link(&mut self) -> &mut dyn Source;
    /// Whether other nodes may write here too.
    fn is_shared(&self) -> bool;
    /// Takes the turn.
    fn begin(&mut self) -> Result<(), Fault>;
    /// Adds rows within the turn. After a refusal the turn stands as before the call.
    fn insert(&mut self, rows: &[Row]) -> Result<(), Fault>;
    /// Sends what is kept back, so that a long turn does not hold it all in memory.
    fn flush(&mut self) -> Result<(), Fault>;
    /// Makes the turn durable and ends it; `head` is told to the other nodes.
    fn commit(&mut self, head: u64) -> Result<(), Fault>;
    /// Ends the turn and forgets it.
    fn rollback(&mut self) -> Result<(), Fault>;
    /// Starts afresh after a fault; everything then read is durable.
    fn reconnect(&mut self) -> Result<(), Fault>;
    /// Keeps a signed head.
    fn put_head(&mut self, head: &HeadRow) -> Result<(), Fault>;
    /// Keeps a verifier key line.
    fn put_key(&mut self, line: &str) -> Result<(), Fault>;
    /// Removes the rows from `from` on (a torn tail), within a turn.
    fn cut(&mut self, from: u64) -> Result<(), Fault>;
    /// Lifts the time limits, for copying a whole journal.
    fn without_limits(&mut self) -> Result<(), Fault>;
    /// Housekeeping while nobody waits.
    fn idle(&mut self);
}

/// A connection that can only read.
pub(crate) fn source(store: &Store) -> Result<Box<dyn Source>, OpenFault> {
    Ok(match store {
        Store::Sqlite { path } => Box::new(sqlite::reading(path)?),
        Store::Postgres { url } => Box::new(postgres::reading(url)?),
    })
}

/// The connection that writes.
pub(crate) fn backend(store: &Store) -> Result<Box<dyn Backend>, OpenFault> {
    Ok(match store {
        Store::Sqlite { path } => Box::new(sqlite::writing::Writing::open(path)?),
        Store::Postgres { url } => Box::new(postgres::writing::Writing::open(url)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_read_from_its_name_and_shown_without_its_password() {
        let shown = |text: &str| text.parse::<Store>().map(|store| store.to_string()).ok();
        for (text, shows) in [
            ("sqlite:a/b.db", Some("sqlite:a/b.db")),
            ("postgres://u:secret@h,h2/db", Some("postgres://u@h,h2/db")),
            ("postgres://u@/db?host=/s&password=x", Some("postgres://u@/db?host=/s")),
            ("sqlite:", None),
            ("a/b.db", None),
        ] {
            assert_eq!(shown(text).as_deref(), shows, "{text}");
        }
    }
}
