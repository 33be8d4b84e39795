//! The room as it stood: the state after any record, folded by the rules that run today. Folding
//! takes time, so it is done in stretches of limited length, and what was folded is kept: who asks
//! again goes on from there.

mod story; // what happened around one log, with the room as it stood

pub use story::Told;

use crate::fault::ReadFault;
use crate::kept::from_record;
use crate::log;
use crate::writer::fold_recorded;
use journal::Reader;
use rules::event::{Event, Meta};
use rules::incident::Incident;
use rules::name::IncidentNumber;
use rules::state::State;
use rules::time::Instant;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many records are read at a time.
const CHUNK: usize = 1_000;
/// A state is kept after so many records folded. States share what they have in common.
const KEEP_EVERY: u64 = 5_000;
/// So many states are kept; the one that was not used for longest goes.
const MOST_STATES: usize = 64;
/// So many stories are kept.
const MOST_STORIES: usize = 8;

/// The room after a record, or how far the folding has come.
#[derive(Clone, Debug)]
pub enum AsOf {
    /// The room as it stood.
    Reached(Arc<State>),
    /// The time was over: folded up to this record. Ask again to go on.
    Folded(u64),
}

/// What has been folded so far.
#[derive(Default)]
pub(crate) struct Past(Mutex<Folded>);

#[derive(Default)]
struct Folded {
    states: BTreeMap<u64, (Arc<State>, u64)>,
    stories: Vec<(IncidentNumber, story::Telling, u64)>,
    /// Counts what was asked, so that what is old is known.
    asked: u64,
}

/// What stops a folding: time.
struct Until(std::time::Instant);

impl Until {
    fn within(span: Duration) -> Until {
        Until(std::time::Instant::now() + span)
    }

    fn is_over(&self) -> bool {
        std::time::Instant::now() >= self.0
    }
}

impl Past {
    /// The room after the record `seq`, folded for no longer than `within`.
    pub(crate) fn state_at(
        &self,
        reader: &Reader,
        now: &State,
        seq: u64,
        within: Duration,
    ) -> Result<AsOf, ReadFault> {
        let mut folded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        folded.state_at(reader, now, seq, &Until::within(within))
    }
}

impl Folded {
    fn state_at(
        &mut self,
        reader: &Reader,
        now: &State,
        seq: u64,
        until: &Until,
    ) -> Result<AsOf, ReadFault> {
        self.asked += 1;
        let mut state = self.nearest(now, seq);
        if state.seq < seq {
            self.fold(reader, &mut state, seq, until, &mut |_, _, _| {})?;
        }
        let state = Arc::new(state);
        self.keep(&state);
        Ok(if state.seq == seq { AsOf::Reached(state) } else { AsOf::Folded(state.seq) })
    }

    /// The newest state kept that is not after a record; the empty room if there is none. The
    /// journal begins with its policy, so the one of today is only a place to begin.
    fn nearest(&mut self, now: &State, seq: u64) -> State {
        let asked = self.asked;
        match self.states.range_mut(..=seq).next_back() {
            Some((_, (state, used))) => {
                *used = asked;
                (**state).clone()
            }
            None => State::new((*now.policy).clone()),
        }
    }

    fn keep(&mut self, state: &Arc<State>) {
        self.states.insert(state.seq, (state.clone(), self.asked));
        if self.states.len() > MOST_STATES {
            let oldest = self.states.iter().min_by_key(|(_, (_, used))| *used).map(|(seq, _)| *seq);
            if let Some(seq) = oldest {
                self.states.remove(&seq);
            }
        }
    }

    /// Folds up to a record, or until the time is over. `on` is given each event with the room
    /// before it.
    fn fold(
        &mut self,
        reader: &Reader,
        state: &mut State,
        seq: u64,
        until: &Until,
        on: &mut dyn FnMut(&State, &Event, &Meta),
    ) -> Result<(), ReadFault> {
        let mut kept_at = state.seq;
        while state.seq < seq && !until.is_over() {
            let records = reader.read(state.seq + 1, CHUNK)?;
            if records.is_empty() {
                return Ok(());
            }
            for record in records.iter().take_while(|r| r.seq <= seq) {
                if let Some((event, meta, _)) = from_record(record) {
                    on(state, &event, &meta);
                    fold_recorded(state, reader, &event, &meta)?;
                }
                state.seq = record.seq;
            }
            if state.seq - kept_at >= KEEP_EVERY {
                kept_at = state.seq;
                self.keep(&Arc::new(state.clone()));
            }
        }
        Ok(())
    }
}

/// A log as it stood after a record, open or closed by then.
pub(crate) fn log_at(
    reader: &Reader,
    state: &State,
    n: IncidentNumber,
) -> Result<Option<Incident>, ReadFault> {
    if let Some(incident) = state.incident(n) {
        return Ok(Some(incident.clone()));
    }
    Ok(log::recall(reader, state, n, state.seq.saturating_add(1))?)
}

/// The last record that is not after a moment; 0 if there is none. The journal's times never go
/// back, so it is found by halves.
pub(crate) fn last_by(reader: &Reader, head: u64, at: Instant) -> Result<u64, ReadFault> {
    let (mut low, mut high) = (0, head);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        let record = reader.read(middle, 1)?.into_iter().next();
        match record {
            Some(record) if record.recorded_at_ms <= at.0 => low = middle,
            _ => high = middle - 1,
        }
    }
    Ok(low)
}
