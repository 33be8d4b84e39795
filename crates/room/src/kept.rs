//! Events as the journal keeps them: one JSON object a record, readable without Callbox.

use crate::act::Act;
use journal::{Draft, Fault, Record};
use rules::event::{Event, Kept, Meta, spaced};
use rules::time::Instant;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The records of one command, the first under the command's id and with what was [`asked`].
pub(crate) fn drafts(act: Option<(Uuid, &str)>, events: &[(Event, Meta)]) -> Vec<Draft> {
    let of = u32::try_from(events.len()).ok();
    events
        .iter()
        .enumerate()
        .map(|(at, (event, meta))| {
            let first = act.filter(|_| at == 0);
            let kept = Kept {
                of: of.filter(|_| first.is_some()),
                asked: first.map(|(_, asked)| asked.to_owned()),
                ..kept(event, meta)
            };
            draft(event, &kept, first.map(|(id, _)| id))
        })
        .collect()
}

/// What was asked for, as a short hash: the same id must stand for the same command. When it
/// happened is no part of it: a phone that sends again says so by "so long ago", which has moved.
pub(crate) fn asked(act: &Act) -> String {
    let text = serde_json::to_vec(&act.command).unwrap_or_default();
    let digest = Sha256::digest(&text);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn kept(event: &Event, meta: &Meta) -> Kept {
    Kept {
        by: meta.by.clone(),
        happened_at: (meta.happened_at != meta.recorded_at).then_some(meta.happened_at),
        of: None,
        asked: None,
        event: event.clone(),
    }
}

fn draft(event: &Event, kept: &Kept, key: Option<Uuid>) -> Draft {
    Draft {
        stream: event.stream().number(),
        kind: spaced(event.name(), '_').into(),
        key: key.map(Uuid::into_bytes),
        payload: serde_json::to_vec(kept).unwrap_or_default(),
    }
}

/// One event as a record to append.
pub fn to_draft(event: &Event, meta: &Meta, key: Option<Uuid>, of: Option<u32>) -> Draft {
    draft(event, &Kept { of, ..kept(event, meta) }, key)
}

/// One record as an event, with how many events its command made if it is the first of them.
/// `None` if it is of a kind this version does not know: it stays in the journal, unread.
pub fn from_record(record: &Record) -> Option<(Event, Meta, Option<u32>)> {
    must_know(record).ok()
}

/// One record as [`from_record`] gives it, for whoever must not go on without knowing it.
///
/// # Errors
/// A newer version of Callbox wrote it.
pub(crate) fn must_know(record: &Record) -> Result<(Event, Meta, Option<u32>), Fault> {
    let kept: Kept = serde_json::from_slice(&record.payload).map_err(|error| {
        tracing::error!(seq = record.seq, kind = &*record.kind, %error, "a record is not read");
        Fault::Newer { seq: record.seq, kind: record.kind.to_string() }
    })?;
    let recorded_at = Instant(record.recorded_at_ms);
    let meta = Meta {
        seq: record.seq,
        by: kept.by,
        happened_at: kept.happened_at.unwrap_or(recorded_at),
        recorded_at,
    };
    Ok((kept.event, meta, kept.of))
}
