//! The obligations as the records alone tell them, kept apart from the room's own folding: what
//! the checker compares the room with.

use rules::event::{Event, Meta};
use rules::name::ObligationId;
use rules::role::Role;
use rules::time::Instant;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// An obligation that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// When it next fires.
    pub next_at: Instant,
    /// When that was recorded.
    set_at: Instant,
    /// How often its clock was moved; its rungs count from nothing again each time.
    moves: u32,
    /// The rungs that have fired.
    rung: u32,
}

/// What the records so far say is owed.
#[derive(Default)]
pub struct Ledger {
    /// What is open.
    pub open: BTreeMap<ObligationId, Owed>,
    /// The same by the moment of the next firing.
    due: BTreeSet<(Instant, ObligationId)>,
    ended: HashSet<ObligationId>,
    fired: HashSet<(ObligationId, u32, u32)>,
    /// How many were armed.
    pub n_armed: u64,
    /// How often time alone fired or moved one.
    pub n_fired: u64,
    /// The most that one fired after its moment, in milliseconds.
    pub worst_late_ms: i64,
    /// What is wrong, each in one line.
    pub wrong: Vec<String>,
}

impl Ledger {
    /// Enters one event. `exact`: the clock was turned, so that everything fires at its moment.
    pub fn enter(&mut self, event: &Event, meta: &Meta, exact: bool) {
        match event {
            Event::ObligationsArmed { armed, .. } => {
                for row in armed {
                    self.arm(row.obligation, row.next_at, meta);
                }
            }
            Event::ObligationsEnded { ended, .. } => {
                ended.iter().for_each(|id| self.end(*id, meta))
            }
            Event::ObligationFired { obligation, rung, next_at, .. } => {
                self.fire(*obligation, *rung, meta, exact);
                self.change(*obligation, meta, |o| (o.next_at, o.rung) = (*next_at, *rung));
            }
            Event::ObligationMoved { obligation, next_at, .. } => {
                self.on_time(*obligation, meta, exact);
                self.change(*obligation, meta, |o| {
                    (o.next_at, o.moves, o.rung) = (*next_at, o.moves + 1, 0);
                });
            }
            Event::ObligationOwned { obligation, next_at, .. }
            | Event::ObligationGiven { obligation, next_at, .. }
            | Event::ObligationDelayed { obligation, until: next_at, .. } => {
                self.change(*obligation, meta, |o| o.next_at = *next_at);
            }
            _ => {}
        }
    }

    /// The first moment at which something is to fire.
    pub fn next_due(&self) -> Option<(Instant, ObligationId)> {
        self.due.first().copied()
    }

    /// How many are due at a moment.
    pub fn n_due(&self, at: Instant) -> usize {
        self.due.iter().take_while(|(due, _)| *due <= at).count()
    }

    fn note(&mut self, seq: u64, what: &str) {
        if self.wrong.len() < 20 {
            self.wrong.push(format!("record {seq}: {what}"));
        }
    }

    fn arm(&mut self, id: ObligationId, next_at: Instant, meta: &Meta) {
        if self.open.contains_key(&id) || self.ended.contains(&id) {
            self.note(meta.seq, &format!("obligation {id} is armed a second time"));
        }
        self.n_armed += 1;
        self.open.insert(id, Owed { next_at, set_at: meta.recorded_at, moves: 0, rung: 0 });
        self.due.insert((next_at, id));
    }

    fn end(&mut self, id: ObligationId, meta: &Meta) {
        match self.open.remove(&id) {
            Some(owed) => {
                self.due.remove(&(owed.next_at, id));
                self.ended.insert(id);
            }
            None => self.note(meta.seq, &format!("obligation {id} ends and was not open")),
        }
    }

    fn fire(&mut self, id: ObligationId, rung: u32, meta: &Meta, exact: bool) {
        let Some(owed) = self.open.get(&id).copied() else {
            return self.note(meta.seq, &format!("obligation {id} fires and is not open"));
        };
        if !self.fired.insert((id, owed.moves, rung)) || rung <= owed.rung {
            self.note(meta.seq, &format!("obligation {id} fires rung {rung} a second time"));
        }
        self.on_time(id, meta, exact);
    }

    /// What time alone does is never early; on a turned clock it is never late either. (Somebody
    /// who raises an obligation fires it before its moment.)
    fn on_time(&mut self, id: ObligationId, meta: &Meta, exact: bool) {
        let Some(owed) = self.open.get(&id).copied() else { return };
        if meta.by.role != Role::System {
            return;
        }
        self.n_fired += 1;
        // A delay may end after the moment that it held back: then that moment was never possible.
        let late = meta.recorded_at.since(owed.next_at.max(owed.set_at)).0;
        self.worst_late_ms = self.worst_late_ms.max(late);
        let early = owed.next_at.since(meta.recorded_at).0;
        if early > 0 {
            self.note(meta.seq, &format!("obligation {id} fires {early} ms early"));
        }
        if exact && late > 0 {
            self.note(meta.seq, &format!("obligation {id} fires {late} ms late"));
        }
    }

    fn change(&mut self, id: ObligationId, meta: &Meta, f: impl FnOnce(&mut Owed)) {
        match self.open.get_mut(&id) {
            Some(owed) => {
                self.due.remove(&(owed.next_at, id));
                f(owed);
                owed.set_at = meta.recorded_at;
                self.due.insert((owed.next_at, id));
            }
            None => self.note(meta.seq, &format!("obligation {id} changes and is not open")),
        }
    }
}
