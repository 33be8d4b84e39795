//! One log, open or closed.

use crate::kept::from_record;
use journal::Reader;
use rules::event::Stream;
use rules::incident::Incident;
use rules::name::IncidentNumber;
use rules::state::State;

/// One log.
#[derive(Clone, Debug)]
pub struct Log {
    /// The log.
    pub incident: Incident,
}

/// How many records are read at a time.
const CHUNK: usize = 1_000;

/// A log as its own stream tells it, up to but without the record `before`.
pub(crate) fn recall(
    reader: &Reader,
    state: &State,
    n: IncidentNumber,
    before: u64,
) -> Result<Option<Incident>, journal::Fault> {
    let stream = Stream::Incident(n).number();
    let mut alone = State::new((*state.policy).clone());
    let mut from = 1;
    loop {
        let records = reader.read_stream(stream, from, CHUNK)?;
        let Some(last) = records.last() else { break };
        from = last.version + 1;
        for record in records.iter().filter(|r| r.seq < before) {
            if let Some((event, meta, _)) = from_record(record) {
                alone.evolve(&event, &meta);
            }
        }
        if records.len() < CHUNK {
            break;
        }
    }
    Ok(alone.incidents.get(&n).cloned())
}
