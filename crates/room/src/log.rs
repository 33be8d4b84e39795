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

/// A log as its own stream tells it, up to but without the record `before`.
pub(crate) fn recall(
    reader: &Reader,
    state: &State,
    n: IncidentNumber,
    before: u64,
) -> Result<Option<Incident>, journal::Fault> {
    let stream = Stream::Incident(n).number();
    let mut alone = State::new((*state.policy).clone());
    for record in reader.each_of_stream(stream, 1) {
        let record = record?;
        if record.seq >= before {
            break;
        }
        if let Some((event, meta, _)) = from_record(&record) {
            alone.evolve(&event, &meta);
        }
    }
    Ok(alone.incidents.get(&n).cloned())
}
