//! One PostgreSQL connection for synchronous callers, on which nothing can hang.
//!
//! The server's own time limits do not help when the server is stopped or cut off, so every
//! step also has a limit on this side; after it the connection is given up as unknown.

use crate::fault::{Cause, Fault, OpenFault, Refusal};
use std::cell::Cell;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, Row, Socket, Statement};
use tokio_postgres::{Error, tls::NoTlsStream};

/// The longest a connection may take to be made, per host.
const CONNECT: Duration = Duration::from_secs(2);
/// The server gives up a statement after this many milliseconds, and a lock a little sooner.
const STATEMENT_MS: u32 = 2_000;
const LOCK_MS: u32 = 1_500;
/// A turn whose node went silent ends after this many milliseconds.
const SILENT_TURN_MS: u32 = 5_000;
/// This side gives up after the server would have.
pub(crate) const STEP: Duration = Duration::from_millis(3_000);
/// For copying a whole journal.
pub(crate) const LONG_STEP: Duration = Duration::from_secs(600);

/// A connection, its runtime and its prepared statements.
pub(crate) struct Link {
    runtime: Runtime,
    client: Client,
    statements: HashMap<&'static str, Statement>,
    notified: UnboundedReceiver<String>,
    warned: Arc<AtomicBool>,
    /// Set when the connection's state is unknown; it is never used again.
    broken: Cell<bool>,
    pub step: Duration,
}

/// Puts a PostgreSQL error into the words of this crate.
fn fault(doing: &'static str, error: Error) -> Fault {
    let Some(db) = error.as_db_error() else {
        return Fault::Unavailable { doing, source: Box::new(error) };
    };
    let (code, text) = (db.code().clone(), db.to_string());
    let source: Cause = Box::new(error);
    match code {
        SqlState::DISK_FULL => Fault::Full { source },
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => {
            Fault::Corrupt { seq: 0, what: format!("could not {doing}: {text}") }
        }
        SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => {
            Fault::Unavailable { doing, source }
        }
        // Connections, resources, operator intervention: the server may be back in a moment.
        _ if ["08", "53", "57"].iter().any(|class| code.code().starts_with(class)) => {
            Fault::Unavailable { doing, source }
        }
        _ => Fault::Io { doing, source },
    }
}

/// Reads the key out of "Key (key)=(\x0011…) already exists." of a unique violation.
fn key_taken(error: &Error) -> Option<Refusal> {
    let db = error.as_db_error().filter(|db| *db.code() == SqlState::UNIQUE_VIOLATION)?;
    let detail = db.detail().filter(|_| db.constraint() == Some("records_by_key"))?;
    let digits = detail.split_once("\\x")?.1.get(..32)?;
    let key = u128::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Refusal::KeyTaken { key })
}

impl Link {
    /// Connects to the host of the list that takes writes, and sets the limits.
    pub fn connect(url: &str) -> Result<Self, OpenFault> {
        let place = || crate::store::Store::Postgres { url: url.to_owned() }.to_string();
        let mut config: Config = url.parse().map_err(|_| OpenFault::NotAStore { text: place() })?;
        // Decisions read what was committed, so a standby is of no use here.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite).connect_timeout(CONNECT);
        config.keepalives(true).keepalives_idle(Duration::from_secs(2));
        config.keepalives_interval(Duration::from_secs(1)).keepalives_retries(2);
        config.tcp_user_timeout(STEP).application_name("callbox journal");
        let doing = "connect to PostgreSQL";
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| Fault::Io { doing, source: Box::new(e) })?;
        let hosts = u32::try_from(config.get_hosts().len().max(1)).unwrap_or(u32::MAX);
        let limit = (CONNECT + STEP).saturating_mul(hosts);
        let connecting =
            runtime.block_on(async { tokio::time::timeout(limit, config.connect(NoTls)).await });
        let (client, connection) = match connecting {
            Ok(made) => made.map_err(|e| fault(doing, e))?,
            Err(late) => return Err(Fault::Unavailable { doing, source: Box::new(late) }.into()),
        };
        let (to, notified) = unbounded_channel();
        let warned = Arc::new(AtomicBool::new(false));
        runtime.spawn(listen(connection, to, Arc::clone(&warned)));
        let statements = HashMap::new();
        let link = Self {
            runtime,
            client,
            statements,
            notified,
            warned,
            broken: Cell::new(false),
            step: STEP,
        };
        link.batch(
            doing,
            &format!(
                "SET statement_timeout = {STATEMENT_MS}; SET lock_timeout = {LOCK_MS}; \
             SET idle_in_transaction_session_timeout = {SILENT_TURN_MS}; \
             SET default_transaction_isolation = 'read committed'"
            ),
        )?;
        Ok(link)
    }

    /// Lifts the limits, for copying a whole journal.
    pub fn without_limits(&mut self) -> Result<(), Fault> {
        self.step = LONG_STEP;
        self.batch(
            "lift the time limits",
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0",
        )
    }

    /// Runs statements without parameters.
    pub fn batch(&self, doing: &'static str, sql: &str) -> Result<(), Fault> {
        self.settle(doing, self.client.batch_execute(sql))
    }

    /// Runs a statement and gives its rows.
    pub fn query(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Fault> {
        let statement = self.statement(doing, sql)?;
        self.settle(doing, self.client.query(&statement, args))
    }

    /// Commits, and believes only an answer without a warning.
    ///
    /// A server whose wait for its standby is cut short still answers "committed", with a
    /// warning that the standby may not have it: that is not durable.
    pub fn commit(&mut self, sql: &str) -> Result<(), Fault> {
        self.warned.store(false, Ordering::Release);
        self.batch("commit", sql)?;
        if self.warned.load(Ordering::Acquire) {
            self.broken.set(true);
            let source = "the server warned that the commit may not be safe".into();
            return Err(Fault::Unavailable { doing: "commit", source });
        }
        Ok(())
    }

    /// Waits for a notification, and gives its text; `None` when none came in time.
    pub fn notification(&mut self, within: Duration) -> Result<Option<String>, Fault> {
        let doing = "wait for other nodes";
        let notified = &mut self.notified;
        match self.runtime.block_on(async { tokio::time::timeout(within, notified.recv()).await }) {
            Err(_late) => Ok(None),
            Ok(Some(text)) => Ok(Some(text)),
            Ok(None) => {
                self.broken.set(true);
                Err(Fault::Unavailable { doing, source: "the connection ended".into() })
            }
        }
    }

    fn statement(&mut self, doing: &'static str, sql: &'static str) -> Result<Statement, Fault> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.settle(doing, self.client.prepare(sql))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    fn settle<T>(
        &self,
        doing: &'static str,
        step: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Fault> {
        if self.broken.get() {
            let source = "the connection was given up after an earlier fault".into();
            return Err(Fault::Unavailable { doing, source });
        }
        let answer = self.runtime.block_on(async { tokio::time::timeout(self.step, step).await });
        match answer {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => {
                if let Some(taken) = key_taken(&error) {
                    return Err(taken.into());
                }
                self.broken.set(self.client.is_closed() || error.as_db_error().is_none());
                Err(fault(doing, error))
            }
            Err(late) => {
                self.broken.set(true);
                Err(Fault::Unavailable { doing, source: Box::new(late) })
            }
        }
    }
}

/// Carries messages until the connection ends.
async fn listen(
    mut connection: Connection<Socket, NoTlsStream>,
    to: UnboundedSender<String>,
    warned: Arc<AtomicBool>,
) {
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            AsyncMessage::Notice(notice) if notice.severity() == "WARNING" => {
                warned.store(true, Ordering::Release);
            }
            AsyncMessage::Notification(told) => {
                // Nobody listening any more means the connection is being dropped.
                let _ = to.send(told.payload().to_owned());
            }
            _ => {}
        }
    }
}
