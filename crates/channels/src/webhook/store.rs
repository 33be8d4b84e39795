//! Webhooks, their secrets, how far each has come and its last attempts: one SQLite file that only
//! Callbox may read. Everything here blocks the calling thread.

use super::attempt::{Attempt, Outcome};
use super::fault::Fault;
use super::secret::Secret;
use super::{Delivery, Hook};
use rules::time::Instant;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// The version of the tables.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE hook (
        id BLOB PRIMARY KEY,
        url TEXT NOT NULL,
        kinds TEXT NOT NULL,
        allow_hosts TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        position INTEGER NOT NULL,
        changes INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        retry_ms INTEGER,
        disabled_because TEXT
    ) STRICT;
    CREATE TABLE secret (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        hook BLOB NOT NULL REFERENCES hook (id) ON DELETE CASCADE,
        secret TEXT NOT NULL,
        ends_ms INTEGER
    ) STRICT;
    CREATE TABLE attempt (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        hook BLOB NOT NULL REFERENCES hook (id) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        webhook_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        took_ms INTEGER NOT NULL,
        status INTEGER,
        failure TEXT
    ) STRICT;
    CREATE INDEX secret_of ON secret (hook);
    CREATE INDEX attempt_of ON attempt (hook, n);
";

/// A webhook with what only the sender needs.
pub(crate) struct Loaded {
    pub hook: Hook,
    /// Counts what people changed: what a delivery found out meanwhile is then not written over it.
    pub changes: i64,
    /// When the next attempt is due, by the computer's clock, if the last one failed.
    pub retry_ms: Option<i64>,
    /// The live ones, newest first.
    pub secrets: Vec<Secret>,
}

/// What follows from a failed attempt.
pub(crate) enum After {
    Retry { at_ms: i64 },
    Disable { because: String },
}

/// The file.
pub(crate) struct Store {
    db: Mutex<Connection>,
    attempts_kept: i64,
}

impl Store {
    /// Opens the file, or makes it.
    pub(crate) fn open(path: &Path, attempts_kept: usize) -> Result<Store, Fault> {
        make_private(path)
            .map_err(|source| Fault::File { place: path.display().to_string(), source })?;
        let mut db = Connection::open(path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        // What was a secret is overwritten when it is removed.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
             PRAGMA synchronous = NORMAL;",
        )?;
        let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                let tables = db.transaction()?;
                tables.execute_batch(TABLES)?;
                tables.pragma_update(None, "user_version", VERSION)?;
                tables.commit()?;
            }
            VERSION => {}
            found => return Err(Fault::Newer { found, known: VERSION }),
        }
        let attempts_kept = i64::try_from(attempts_kept).unwrap_or(i64::MAX);
        Ok(Store { db: Mutex::new(db), attempts_kept })
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a person asked for is on the disk when this answers. How far a delivery has come is
    /// not worth that wait: after a power cut a few are sent again, under the same ids.
    fn durably<T>(
        &self,
        f: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut db = self.db();
        db.execute_batch("PRAGMA synchronous = FULL")?;
        let done = (|| {
            let tx = db.transaction()?;
            let done = f(&tx)?;
            tx.commit()?;
            Ok(done)
        })();
        db.execute_batch("PRAGMA synchronous = NORMAL")?;
        done
    }

    /// Keeps a new webhook, unless there are `most` already.
    pub(crate) fn add(&self, hook: &Hook, secret: &Secret, most: usize) -> Result<(), Fault> {
        self.durably(|db| {
            let n: i64 = db.query_row("SELECT count(*) FROM hook", [], |row| row.get(0))?;
            if usize::try_from(n).is_ok_and(|n| n >= most) {
                return Err(Fault::Full { limit: most });
            }
            db.execute(
                "INSERT INTO hook (id, url, kinds, allow_hosts, created_ms, created_by, position)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![
                    hook.id.as_bytes(),
                    hook.url,
                    hook.kinds.join(","),
                    "", // What a webhook may reach was its own once, and is not read any more.
                    hook.created_at.0,
                    hook.created_by,
                    signed(hook.position)
                ],
            )?;
            db.execute(
                "INSERT INTO secret (hook, secret) VALUES (?, ?)",
                params![hook.id.as_bytes(), secret.reveal()],
            )?;
            Ok(())
        })
    }

    /// All webhooks, oldest first.
    pub(crate) fn list(&self, now_ms: i64) -> Result<Vec<Hook>, Fault> {
        let db = self.db();
        let sql = format!("{SELECT} ORDER BY hook.created_ms, hook.id");
        let mut read = db.prepare_cached(&sql)?;
        let rows = read.query_map(params![now_ms], hook_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One webhook, to be shown.
    pub(crate) fn hook(&self, id: Uuid, now_ms: i64) -> Result<Hook, Fault> {
        self.load(id, now_ms)?.map(|loaded| loaded.hook).ok_or(Fault::NotFound { id })
    }

    /// One webhook, to be sent to.
    pub(crate) fn load(&self, id: Uuid, now_ms: i64) -> Result<Option<Loaded>, Fault> {
        let db = self.db();
        let sql = format!("{SELECT} WHERE hook.id = ?2");
        let found = db
            .prepare_cached(&sql)?
            .query_row(params![now_ms, id.as_bytes()], |row| {
                Ok((hook_of(row)?, row.get("changes")?, row.get("retry_ms")?))
            })
            .optional()?;
        let Some((hook, changes, retry_ms)) = found else { return Ok(None) };
        let mut read = db.prepare_cached(
            "SELECT secret FROM secret WHERE hook = ? AND (ends_ms IS NULL OR ends_ms > ?)
             ORDER BY n DESC",
        )?;
        let texts: Vec<String> = read
            .query_map(params![id.as_bytes(), now_ms], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let secrets = texts.iter().map(|text| Secret::parse(text)).collect::<Result<_, _>>()?;
        Ok(Some(Loaded { hook, changes, retry_ms, secrets }))
    }

    /// Adds a secret; those before it end at `old_end_ms`, or when they were to end anyway.
    pub(crate) fn rotate(
        &self,
        id: Uuid,
        secret: &Secret,
        old_end_ms: i64,
        now_ms: i64,
        most: usize,
    ) -> Result<(), Fault> {
        self.durably(|db| {
            changed(db, id, "changes = changes + 1")?;
            db.execute(
                "UPDATE secret SET ends_ms = min(coalesce(ends_ms, ?2), ?2) WHERE hook = ?1",
                params![id.as_bytes(), old_end_ms],
            )?;
            db.execute(
                "DELETE FROM secret WHERE hook = ? AND ends_ms <= ?",
                params![id.as_bytes(), now_ms],
            )?;
            let live: i64 = db.query_row(
                "SELECT count(*) FROM secret WHERE hook = ?",
                [id.as_bytes()],
                |row| row.get(0),
            )?;
            if usize::try_from(live).is_ok_and(|live| live >= most) {
                return Err(Fault::refused(format!(
                    "this webhook has {live} live secrets, and {most} is the most: wait until one \
                     has ended, or end the old ones at once with keep_old_for_s 0"
                )));
            }
            db.execute(
                "INSERT INTO secret (hook, secret) VALUES (?, ?)",
                params![id.as_bytes(), secret.reveal()],
            )?;
            Ok(())
        })
    }

    /// Stops a webhook. It keeps its place.
    pub(crate) fn disable(&self, id: Uuid, because: &str) -> Result<(), Fault> {
        self.durably(|db| {
            changed(db, id, "changes = changes + 1")?;
            db.execute(
                "UPDATE hook SET disabled_because = ?2 WHERE id = ?1",
                params![id.as_bytes(), because],
            )?;
            Ok(())
        })
    }

    /// Lets a webhook go on from its place, at once.
    pub(crate) fn enable(&self, id: Uuid) -> Result<(), Fault> {
        let set = "changes = changes + 1, disabled_because = NULL, failed = 0, retry_ms = NULL";
        self.durably(|db| changed(db, id, set))
    }

    /// Sets a webhook back, so that the event after `position` is the next.
    pub(crate) fn replay(&self, id: Uuid, position: u64) -> Result<(), Fault> {
        self.durably(|db| {
            changed(db, id, "changes = changes + 1, failed = 0, retry_ms = NULL")?;
            db.execute(
                "UPDATE hook SET position = ?2 WHERE id = ?1",
                params![id.as_bytes(), signed(position)],
            )?;
            Ok(())
        })
    }

    /// Removes a webhook with its secrets and attempts.
    pub(crate) fn remove(&self, id: Uuid) -> Result<(), Fault> {
        self.durably(|db| match db.execute("DELETE FROM hook WHERE id = ?", [id.as_bytes()])? {
            0 => Err(Fault::NotFound { id }),
            _ => Ok(()),
        })
    }

    /// Writes how far a webhook has come past events it did not ask for.
    pub(crate) fn passed(&self, id: Uuid, changes: i64, position: u64) -> Result<(), Fault> {
        self.db()
            .prepare_cached("UPDATE hook SET position = ?3 WHERE id = ?1 AND changes = ?2")?
            .execute(params![id.as_bytes(), changes, signed(position)])?;
        Ok(())
    }

    /// Writes down an attempt that succeeded.
    pub(crate) fn delivered(&self, id: Uuid, changes: i64, done: &Attempt) -> Result<(), Fault> {
        let mut db = self.db();
        let tx = db.transaction()?;
        self.keep_attempt(&tx, id, done)?;
        tx.prepare_cached(
            "UPDATE hook SET position = ?3, failed = 0, retry_ms = NULL
             WHERE id = ?1 AND changes = ?2",
        )?
        .execute(params![id.as_bytes(), changes, signed(done.seq)])?;
        Ok(tx.commit()?)
    }

    /// Writes down an attempt that did not succeed, and what follows. On the disk when it answers,
    /// so that no power cut makes a receiver that said 410 be asked again.
    pub(crate) fn failed(
        &self,
        id: Uuid,
        changes: i64,
        done: &Attempt,
        after: &After,
    ) -> Result<(), Fault> {
        let (retry_ms, because) = match after {
            After::Retry { at_ms } => (Some(*at_ms), None),
            After::Disable { because } => (None, Some(because.as_str())),
        };
        self.durably(|db| {
            self.keep_attempt(db, id, done)?;
            db.execute(
                "UPDATE hook SET failed = failed + 1, retry_ms = ?3, disabled_because = ?4
                 WHERE id = ?1 AND changes = ?2",
                params![id.as_bytes(), changes, retry_ms, because],
            )?;
            Ok(())
        })
    }

    fn keep_attempt(
        &self,
        db: &rusqlite::Transaction<'_>,
        id: Uuid,
        done: &Attempt,
    ) -> Result<(), Fault> {
        let failure = match &done.outcome {
            Outcome::Delivered => None,
            Outcome::Gone => Some("the answer was 410 Gone"),
            Outcome::Failed { why, .. } => Some(why.as_str()),
        };
        // A webhook removed meanwhile has no row, and then nothing is kept.
        db.prepare_cached(
            "INSERT INTO attempt
                 (hook, seq, webhook_id, kind, attempt, at_ms, took_ms, status, failure)
             SELECT id, ?2, ?3, ?4, failed + 1, ?5, ?6, ?7, ?8 FROM hook WHERE id = ?1",
        )?
        .execute(params![
            id.as_bytes(),
            signed(done.seq),
            done.webhook_id,
            done.kind,
            done.at_ms,
            done.took_ms,
            done.status,
            failure
        ])?;
        db.prepare_cached(
            "DELETE FROM attempt WHERE hook = ?1 AND n <=
                 (SELECT n FROM attempt WHERE hook = ?1 ORDER BY n DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![id.as_bytes(), self.attempts_kept])?;
        Ok(())
    }

    /// The last attempts, newest first.
    pub(crate) fn deliveries(&self, id: Uuid, limit: usize) -> Result<Vec<Delivery>, Fault> {
        let db = self.db();
        let known: Option<i64> = db
            .query_row("SELECT 1 FROM hook WHERE id = ?", [id.as_bytes()], |row| row.get(0))
            .optional()?;
        known.ok_or(Fault::NotFound { id })?;
        let mut read = db.prepare_cached(
            "SELECT seq, webhook_id, kind, attempt, at_ms, took_ms, status, failure FROM attempt
             WHERE hook = ? ORDER BY n DESC LIMIT ?",
        )?;
        let rows = read.query_map(
            params![id.as_bytes(), i64::try_from(limit).unwrap_or(i64::MAX)],
            |row| {
                Ok(Delivery {
                    seq: unsigned(row.get(0)?),
                    webhook_id: row.get(1)?,
                    kind: row.get(2)?,
                    attempt: row.get(3)?,
                    at: Instant(row.get(4)?),
                    took_ms: row.get(5)?,
                    status: row.get(6)?,
                    failure: row.get(7)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

const SELECT: &str = "
    SELECT hook.*, (SELECT count(*) FROM secret
        WHERE secret.hook = hook.id AND (ends_ms IS NULL OR ends_ms > ?1)) AS n_secrets
    FROM hook";

fn hook_of(row: &Row<'_>) -> rusqlite::Result<Hook> {
    let list = |text: String| -> Vec<String> {
        text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    Ok(Hook {
        id: Uuid::from_bytes(row.get("id")?),
        url: row.get("url")?,
        kinds: list(row.get("kinds")?),
        created_at: Instant(row.get("created_ms")?),
        created_by: row.get("created_by")?,
        n_secrets: row.get("n_secrets")?,
        position: unsigned(row.get("position")?),
        n_failed: row.get("failed")?,
        retry_at: row.get::<_, Option<i64>>("retry_ms")?.map(Instant),
        disabled_because: row.get("disabled_because")?,
    })
}

/// Changes one webhook's row. `set` is a constant of this file.
fn changed(db: &rusqlite::Transaction<'_>, id: Uuid, set: &'static str) -> Result<(), Fault> {
    match db.execute(&format!("UPDATE hook SET {set} WHERE id = ?"), [id.as_bytes()])? {
        0 => Err(Fault::NotFound { id }),
        _ => Ok(()),
    }
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn unsigned(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

/// Makes the file with rights for its owner alone, or takes all others away. SQLite gives the files
/// beside it the same.
fn make_private(path: &Path) -> std::io::Result<()> {
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))
}
