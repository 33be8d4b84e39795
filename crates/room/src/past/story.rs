//! The story of one log, folded from where it was opened, and what of it is told.

use super::{Folded, MOST_STORIES, Past, Until};
use crate::fault::ReadFault;
use journal::Reader;
use rules::event::Stream;
use rules::name::IncidentNumber;
use rules::state::State;
use rules::time::Instant;
use rules::views::replay::{Moment, Story};
use std::sync::PoisonError;
use std::time::Duration;

/// A story on its way.
pub(super) struct Telling {
    story: Story,
    /// The room after the last record that is told.
    state: State,
}

/// What is told of a log.
#[derive(Clone, Debug)]
pub struct Told {
    /// The record that opened it.
    pub first: u64,
    /// When.
    pub opened_at: Instant,
    /// The last record that is told.
    pub up_to: u64,
    /// When it was recorded.
    pub up_to_at: Instant,
    /// The last record that is to be told: the newest of the journal, or the closing.
    pub end: u64,
    /// The moments, in order.
    pub moments: Vec<Moment>,
    /// How many more there were than are kept.
    pub left_out: u64,
}

impl Past {
    /// The story of a log up to the record `end`, folded for no longer than `within`. `None` if
    /// there is no such log.
    pub(crate) fn story(
        &self,
        reader: &Reader,
        now: &State,
        n: IncidentNumber,
        end: u64,
        within: Duration,
    ) -> Result<Option<Told>, ReadFault> {
        let until = Until::within(within);
        let first = reader.read_stream(Stream::Incident(n).number(), 1, 1)?.into_iter().next();
        let Some(first) = first else { return Ok(None) };
        let mut folded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        folded.asked += 1;
        let mut telling = folded.take(n).unwrap_or_else(|| {
            let state = folded.nearest(now, first.seq - 1);
            Telling { story: Story::new(n), state }
        });
        let told = tell(&mut folded, reader, &mut telling, first.seq, end, &until);
        let (story, state) = (&telling.story, &telling.state);
        let answer = told.map(|()| {
            Some(Told {
                first: first.seq,
                opened_at: Instant(first.recorded_at_ms),
                up_to: state.seq,
                up_to_at: state.last_at,
                end,
                moments: story.moments().iter().filter(|m| m.seq <= end).cloned().collect(),
                left_out: story.left_out(),
            })
        });
        if answer.is_ok() {
            folded.put(n, telling);
        }
        answer
    }
}

fn tell(
    folded: &mut Folded,
    reader: &Reader,
    telling: &mut Telling,
    first: u64,
    end: u64,
    until: &Until,
) -> Result<(), ReadFault> {
    let Telling { story, state } = telling;
    // The way to where it was opened is nobody's story.
    if state.seq + 1 < first {
        folded.fold(reader, state, first - 1, until, &mut |_, _, _| {})?;
    }
    if state.seq + 1 >= first {
        folded.fold(reader, state, end, until, &mut |before, event, meta| {
            story.note(before, event, meta);
        })?;
    }
    let reached = std::sync::Arc::new(state.clone());
    folded.keep(&reached);
    Ok(())
}

impl Folded {
    fn take(&mut self, n: IncidentNumber) -> Option<Telling> {
        let at = self.stories.iter().position(|(of, ..)| *of == n)?;
        Some(self.stories.swap_remove(at).1)
    }

    fn put(&mut self, n: IncidentNumber, telling: Telling) {
        if self.stories.len() >= MOST_STORIES {
            let oldest = self.stories.iter().enumerate().min_by_key(|(_, (.., asked))| *asked);
            if let Some(at) = oldest.map(|(at, _)| at) {
                self.stories.swap_remove(at);
            }
        }
        self.stories.push((n, telling, self.asked));
    }
}
