//! One reading of what happens, for everybody who follows: each durable batch becomes text once,
//! however many follow.

use crate::api::ask::snake;
use axum::body::Bytes;
use room::{Batch, Notice, Room};
use rules::name::{CallSign, ContactId, IncidentNumber};
use rules::state::State;
use rules::time::Instant;
use rules::views::board::{BoardRow, board_row};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::{Arc, Once};
use tokio::sync::broadcast;

/// A batch as it travels.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The place of the batch's first event.
    pub first_seq: u64,
    /// The place of its last.
    pub last_seq: u64,
    /// With the board's rows, for those who may see the board.
    pub with_rows: Bytes,
    /// Without.
    pub bare: Bytes,
}

impl Frame {
    /// What somebody is sent; nothing if the batch holds nothing for followers.
    pub fn text(&self, rows: bool) -> &Bytes {
        if rows { &self.with_rows } else { &self.bare }
    }
}

/// Where frames come from.
pub(crate) struct Fan {
    room: Room,
    frames: broadcast::Sender<Arc<Frame>>,
    started: Once,
}

/// A follower who is this many batches behind reads the journal instead.
const BEHIND: usize = 1_024;

impl Fan {
    pub fn new(room: Room) -> Fan {
        Fan { room, frames: broadcast::channel(BEHIND).0, started: Once::new() }
    }

    /// Frames from now on. What came before is in the journal.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Frame>> {
        let receiver = self.frames.subscribe();
        self.started.call_once(|| {
            let (mut follow, room) = (self.room.follow(), self.room.clone());
            let frames = self.frames.clone();
            tokio::spawn(async move {
                loop {
                    match follow.next().await {
                        Ok(Some(batch)) if frames.receiver_count() > 0 => {
                            // Nobody left meanwhile is no fault.
                            let _ = frames.send(Arc::new(of_batch(&room, &batch)));
                        }
                        // Whoever follows sees the gap, and reads the journal.
                        Ok(Some(_)) | Err(room::Lagged) => {}
                        Ok(None) => return,
                    }
                }
            });
        });
        receiver
    }
}

fn of_batch(room: &Room, batch: &Batch) -> Frame {
    frame(room, batch.first_seq, batch.last_seq, &batch.notices)
}

/// What happened, as followers are told.
#[derive(Serialize)]
struct Told<'n> {
    /// The place of the last event.
    seq: u64,
    /// What happened.
    changes: &'n [Change],
    /// The rows of the logs that changed.
    rows: &'n [BoardRow],
    /// The logs that are no longer open.
    gone: &'n [IncidentNumber],
}

#[derive(Serialize)]
struct Change {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<IncidentNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<CallSign>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ContactId>,
    at: Instant,
}

/// Notices as a frame. Looks at people's records are for the auditor, not for followers.
pub(crate) fn frame(room: &Room, first_seq: u64, last_seq: u64, notices: &[Notice]) -> Frame {
    let changes: Vec<Change> = notices.iter().filter(|n| is_told(n)).map(change).collect();
    if changes.is_empty() {
        return Frame { first_seq, last_seq, with_rows: Bytes::new(), bare: Bytes::new() };
    }
    let (state, now) = (room.view(), room.now());
    let (rows, gone) = rows_of(&state, changed(&state, notices), now);
    let text = |rows: &[BoardRow], gone: &[IncidentNumber]| {
        let told = Told { seq: last_seq, changes: &changes, rows, gone };
        // A struct of numbers and texts always becomes JSON.
        let json = serde_json::to_string(&told).unwrap_or_default();
        Bytes::from(format!("id: {last_seq}\ndata: {json}\n\n"))
    };
    Frame { first_seq, last_seq, with_rows: text(&rows, &gone), bare: text(&[], &[]) }
}

pub(crate) fn is_told(notice: &Notice) -> bool {
    notice.kind != "RecordRead"
}

fn change(n: &Notice) -> Change {
    Change {
        kind: snake(n.kind),
        incident: n.incident,
        unit: n.unit.clone(),
        contact: n.contact,
        at: n.at,
    }
}

/// The logs that some notices change on the board.
pub(crate) fn changed(state: &State, notices: &[Notice]) -> BTreeSet<IncidentNumber> {
    let on = |unit: &CallSign| state.units.get(unit).and_then(|u| u.on);
    let of_units = notices.iter().filter_map(|n| n.unit.as_ref().and_then(on));
    notices.iter().filter_map(|n| n.incident).chain(of_units).collect()
}

fn rows_of(
    state: &State,
    changed: BTreeSet<IncidentNumber>,
    now: Instant,
) -> (Vec<BoardRow>, Vec<IncidentNumber>) {
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    for n in changed {
        match board_row(state, n, now) {
            Some(row) => rows.push(row),
            None => gone.push(n),
        }
    }
    (rows, gone)
}
