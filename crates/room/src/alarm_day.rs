//! The last day's alarms, kept in memory: read from the journal once, then as it grows.

use crate::fault::ReadFault;
use crate::kept::from_record;
use crate::past::last_by;
use journal::Reader;
use rules::policy::Policy;
use rules::state::State;
use rules::time::{Instant, Span};
use rules::views::kpi::{AlarmKpi, AlarmLog, WINDOW, alarm_kpi};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long before the day the reading begins, to learn what was armed before.
const LEARN: Span = Span::minutes(12 * 60);
/// How many records are read at a time.
const CHUNK: usize = 5_000;

/// The last day's alarms.
#[derive(Default)]
pub(crate) struct AlarmDay(Mutex<Option<Reading>>);

struct Reading {
    log: AlarmLog,
    seq: u64,
}

impl AlarmDay {
    /// The numbers, read on for no longer than `within`; `None` while there is more to read.
    pub(crate) fn kpi(
        &self,
        reader: &Reader,
        s: &State,
        now: Instant,
        within: Duration,
    ) -> Result<Option<AlarmKpi>, ReadFault> {
        let until = std::time::Instant::now() + within;
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reading = match slot.take() {
            Some(reading) => reading,
            None => begin(reader, s, now)?,
        };
        let read = catch_up(&mut reading, reader, &s.policy, s.seq, until);
        let kpi = (reading.seq >= s.seq).then(|| alarm_kpi(&reading.log, s, now));
        *slot = Some(reading);
        read.map(|()| kpi)
    }
}

fn begin(reader: &Reader, s: &State, now: Instant) -> Result<Reading, ReadFault> {
    let seq = last_by(reader, s.seq, now - WINDOW - LEARN)?;
    let mut log = AlarmLog::default();
    if let Some(first) = reader.read(seq + 1, 1)?.first() {
        log.begins(Instant(first.recorded_at_ms));
    }
    Ok(Reading { log, seq })
}

fn catch_up(
    reading: &mut Reading,
    reader: &Reader,
    policy: &Policy,
    end: u64,
    until: std::time::Instant,
) -> Result<(), ReadFault> {
    while reading.seq < end && std::time::Instant::now() < until {
        let records = reader.read(reading.seq + 1, CHUNK)?;
        if records.is_empty() {
            return Ok(());
        }
        for record in records.iter().take_while(|r| r.seq <= end) {
            if AlarmLog::KINDS.contains(&&*record.kind)
                && let Some((event, meta, _)) = from_record(record)
            {
                reading.log.note(policy, &event, &meta);
            }
            reading.seq = record.seq;
        }
    }
    Ok(())
}
