//! Events as the journal keeps them: one JSON object a record, readable without Callbox.

use journal::{Draft, Record};
use rules::event::{Event, Kept, Meta};
use rules::time::Instant;
use uuid::Uuid;

/// The records of one command, the first under the command's id.
pub(crate) fn drafts(id: Option<Uuid>, events: &[(Event, Meta)]) -> Vec<Draft> {
    let of = u32::try_from(events.len()).ok();
    events
        .iter()
        .enumerate()
        .map(|(at, (event, meta))| {
            let key = id.filter(|_| at == 0);
            to_draft(event, meta, key, of.filter(|_| at == 0))
        })
        .collect()
}

/// One event as a record to append.
pub fn to_draft(event: &Event, meta: &Meta, key: Option<Uuid>, of: Option<u32>) -> Draft {
    let kept = Kept {
        by: meta.by.clone(),
        happened_at: (meta.happened_at != meta.recorded_at).then_some(meta.happened_at),
        of,
        event: event.clone(),
    };
    let payload = serde_json::to_vec(&kept).unwrap_or_default();
    Draft {
        stream: event.stream().number(),
        kind: snake(event.name()).into(),
        key: key.map(Uuid::into_bytes),
        payload,
    }
}

/// One record as an event, with how many events its command made if it is the first of them.
/// `None` if it is of a kind this version does not know: it stays in the journal, unread.
pub fn from_record(record: &Record) -> Option<(Event, Meta, Option<u32>)> {
    let kept: Kept = match serde_json::from_slice(&record.payload) {
        Ok(kept) => kept,
        Err(error) => {
            tracing::error!(seq = record.seq, kind = &*record.kind, %error, "a record is not read");
            return None;
        }
    };
    let recorded_at = Instant(record.recorded_at_ms);
    let meta = Meta {
        seq: record.seq,
        by: kept.by,
        happened_at: kept.happened_at.unwrap_or(recorded_at),
        recorded_at,
    };
    Some((kept.event, meta, kept.of))
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
