//! The one writer: turns, batches, commits, signed heads.

use crate::chain::Head;
use crate::fault::{Fault, Refusal};
use crate::note::{Checkpoint, Signer};
use crate::planted::planted;
use crate::record::{Draft, HeadRow, Record, Row};
use crate::store::Backend;
use std::collections::HashMap;
use std::time::Duration;

/// Streams whose versions are remembered; past it, all are forgotten and looked up again.
const STREAMS_MAX: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Turn,
    /// A step failed half way: what is stored has to be read again.
    Unknown,
}

/// Appends to the journal. There is one for each process, on a thread of its own.
///
/// Dropping it rolls back a turn that is open.
pub struct Writer {
    backend: Box<dyn Backend>,
    signer: Signer,
    sign_every: Duration,
    sign_every_records: u64,
    committed: Head,
    /// `committed` and, on top, what the open turn has appended.
    pending: Head,
    versions: HashMap<u64, u64>,
    state: State,
    signed: Signed,
    /// Planted bug "ack_before_write": a commit was acknowledged and not made.
    deferred: bool,
}

/// The last signed head this writer knows of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed {
    pub size: u64,
    pub at_ms: i64,
}

/// What a writer starts from.
pub(crate) struct Start {
    pub backend: Box<dyn Backend>,
    pub signer: Signer,
    pub sign_every: Duration,
    pub sign_every_records: u64,
    pub head: Head,
    pub signed: Signed,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Writer");
        shown.field("head", &self.committed.size).field("state", &self.state);
        shown.finish_non_exhaustive()
    }
}

impl Writer {
    pub(crate) fn new(start: Start) -> Self {
        Self {
            backend: start.backend,
            signer: start.signer,
            sign_every: start.sign_every,
            sign_every_records: start.sign_every_records,
            pending: start.head.clone(),
            committed: start.head,
            versions: HashMap::new(),
            state: State::Idle,
            signed: start.signed,
            deferred: false,
        }
    }

    /// Takes the turn: until it ends nobody else appends. Gives what other nodes have appended
    /// since [`Writer::head`] (on SQLite: nothing, as there are none).
    ///
    /// # Errors
    /// [`Fault::Unavailable`] when another node keeps the turn too long or the store does not
    /// answer, [`Fault::Corrupt`] when what is stored does not follow from what was here before;
    /// then call [`Writer::recover`].
    pub fn begin(&mut self) -> Result<Vec<Record>, Fault> {
        self.make_deferred_commit()?;
        match self.state {
            State::Idle => {}
            State::Turn => return Err(Refusal::TurnOpen.into()),
            State::Unknown => return Err(Refusal::RecoverFirst.into()),
        }
        self.state = State::Unknown;
        self.backend.begin()?;
        let others = if self.backend.is_shared() { self.catch_up()? } else { Vec::new() };
        self.pending.clone_from(&self.committed);
        self.state = State::Turn;
        Ok(others)
    }

    /// Appends a batch within the turn. It is stored whole or not at all; the drafts' order is
    /// kept. May be called several times in a turn, each call making a batch of its own.
    ///
    /// A record is never dated before the one before it: an earlier `recorded_at_ms` (UTC
    /// milliseconds) is raised to that.
    ///
    /// # Errors
    /// [`Fault::Refused`] when a draft is out of bounds or its key is taken; the turn then stands
    /// as before. (PostgreSQL tells of a taken key at the commit.) Any other fault: roll back
    /// and [`Writer::recover`].
    pub fn append(
        &mut self,
        recorded_at_ms: i64,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Record>, Fault> {
        if self.state != State::Turn {
            return Err(Refusal::NoTurn.into());
        }
        drafts.iter().try_for_each(Draft::check)?;
        // Until the batch is in, a fault leaves it unknown what is.
        self.state = State::Unknown;
        self.learn_versions(&drafts)?;
        let before = self.pending.clone();
        let rows = self.make_rows(recorded_at_ms, drafts);
        let inserted = self.backend.insert(&rows);
        if inserted.is_err() {
            self.pending = before;
            self.versions.clear();
        }
        if matches!(inserted, Ok(()) | Err(Fault::Refused(_))) {
            self.state = State::Turn;
        }
        inserted?;
        Ok(rows.into_iter().map(|row| row.record).collect())
    }

    fn make_rows(&mut self, recorded_at_ms: i64, drafts: Vec<Draft>) -> Vec<Row> {
        let (batch, count) = (self.pending.size + 1, drafts.len());
        let mut rows = Vec::with_capacity(count);
        for (at, draft) in drafts.into_iter().enumerate() {
            let version = self.versions.entry(draft.stream).or_default();
            *version += 1;
            rows.push(self.pending.make(draft, *version, recorded_at_ms, batch, at + 1 == count));
        }
        rows
    }

    fn learn_versions(&mut self, drafts: &[Draft]) -> Result<(), Fault> {
        if self.versions.len() > STREAMS_MAX && self.pending.size == self.committed.size {
            self.versions.clear();
        }
        let mut unknown: Vec<u64> = drafts.iter().map(|draft| draft.stream).collect();
        unknown.retain(|stream| !self.versions.contains_key(stream));
        if unknown.is_empty() {
            return Ok(());
        }
        unknown.sort_unstable();
        unknown.dedup();
        self.versions.extend(self.backend.link().versions(&unknown, u64::MAX)?);
        Ok(())
    }

    /// Ends the turn. What it appended is durable when this returns `Ok`.
    ///
    /// # Errors
    /// [`Fault::Refused`]: nothing of the turn was written, and it has ended. Any other fault:
    /// it is **unknown** whether the turn was written. Call [`Writer::recover`], then look up
    /// what is there by key; never assume.
    pub fn commit(&mut self) -> Result<(), Fault> {
        if self.state != State::Turn {
            return Err(Refusal::NoTurn.into());
        }
        if self.pending.size == self.committed.size {
            self.rollback();
            return Ok(());
        }
        if planted("ack_before_write") {
            self.deferred = true;
            self.state = State::Idle;
            self.committed.clone_from(&self.pending);
            return Ok(());
        }
        self.state = State::Unknown;
        match self.backend.commit(self.pending.size) {
            Ok(()) => {
                self.committed.clone_from(&self.pending);
                self.state = State::Idle;
                Ok(())
            }
            Err(Fault::Refused(refusal)) => {
                self.state = State::Turn;
                self.rollback();
                Err(refusal.into())
            }
            Err(fault) => Err(fault),
        }
    }

    /// Ends the turn and forgets what it appended. Does nothing when no turn is open.
    pub fn rollback(&mut self) {
        if self.state != State::Turn {
            return;
        }
        if self.pending.size > self.committed.size {
            self.versions.clear();
        }
        self.pending.clone_from(&self.committed);
        // Should this fail, the next begin must not build on it.
        self.state = match self.backend.rollback() {
            Ok(()) => State::Idle,
            Err(_) => State::Unknown,
        };
    }

    /// After a fault: connects again, waits until nothing is in doubt any more, reads the head
    /// again and gives its number. What is stored after the last record the caller has applied
    /// (its own or another node's) is the caller's to read; it is durable. May be called at any
    /// time; an open turn is forgotten.
    ///
    /// # Errors
    /// As [`Writer::begin`]; the writer then still refuses to begin, and this may be called
    /// again.
    pub fn recover(&mut self) -> Result<u64, Fault> {
        self.state = State::Unknown;
        self.deferred = false;
        self.versions.clear();
        self.backend.reconnect()?;
        // With the turn in hand, a commit still under way elsewhere has ended one way or other.
        self.backend.begin()?;
        self.catch_up()?;
        self.backend.rollback()?;
        self.pending.clone_from(&self.committed);
        self.state = State::Idle;
        Ok(self.committed.size)
    }

    /// Takes what is stored after `committed`, once it is seen to follow from it.
    fn catch_up(&mut self) -> Result<Vec<Record>, Fault> {
        let mut head = self.committed.clone();
        let mut others = Vec::new();
        let mut from = head.size.max(1);
        loop {
            let rows = self.backend.link().rows(from, 1024)?;
            if head.size > 0 && from == head.size {
                let same = rows.first().is_some_and(|row| row.record.hash == head.hash);
                if !same {
                    let what = "it was acknowledged, and is no longer there".to_owned();
                    return Err(Fault::Corrupt { seq: head.size, what });
                }
            }
            let Some(end) = rows.last().map(|row| row.record.seq) else { break };
            for row in rows {
                if row.record.seq == self.committed.size {
                    continue;
                }
                head.follow(&row).map_err(|b| Fault::Corrupt { seq: b.seq, what: b.what })?;
                self.versions.insert(row.record.stream, row.record.version);
                others.push(row.record);
            }
            from = end.saturating_add(1);
        }
        self.committed = head;
        Ok(others)
    }

    /// The number of the last durable record this writer knows of.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.committed.size
    }

    /// Signs the head when it is time (or, with `force`, whenever there is something unsigned),
    /// and keeps it beside the records. `now_ms`: UTC milliseconds. Does nothing inside a turn.
    ///
    /// # Errors
    /// A [`Fault`] of the store; the records are not touched by it.
    pub fn sign_head_if_due(
        &mut self,
        now_ms: i64,
        force: bool,
    ) -> Result<Option<Checkpoint>, Fault> {
        let unsigned = self.committed.size.saturating_sub(self.signed.size);
        let waited = u64::try_from(now_ms.saturating_sub(self.signed.at_ms)).unwrap_or(0);
        // A clock set back must not stop the signing.
        let due = u128::from(waited) >= self.sign_every.as_millis()
            || unsigned >= self.sign_every_records
            || now_ms < self.signed.at_ms;
        if self.state != State::Idle || unsigned == 0 || !(due || force) {
            return Ok(None);
        }
        self.make_deferred_commit()?;
        let checkpoint = self.signer.sign(self.committed.size, self.committed.frontier.root());
        let row = HeadRow {
            size: checkpoint.size,
            at_ms: now_ms,
            checkpoint: checkpoint.note.clone(),
            frontier: self.committed.frontier.to_bytes(),
        };
        self.backend.put_head(&row)?;
        self.signed = Signed { size: row.size, at_ms: now_ms };
        Ok(Some(checkpoint))
    }

    /// Housekeeping, for when nobody waits: moves a long write-ahead log into the file.
    pub fn idle(&mut self) {
        if self.state == State::Idle && !self.deferred {
            self.backend.idle();
        }
    }

    fn make_deferred_commit(&mut self) -> Result<(), Fault> {
        if std::mem::take(&mut self.deferred) {
            self.backend.commit(self.committed.size)?;
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.make_deferred_commit();
        self.rollback();
    }
}
