//! What keeps the page of open logs fresh: rows that changed, rendered once for all screens, at
//! most four times a second; every clock that moved; and a beat, so that old data is seen as old.

use super::board::{clocks, summary, tr};
use super::{Shared, viewer, viewer_who_may};
use crate::App;
use crate::api::ask::snake;
use crate::caller::allow;
use crate::fan::{changed, is_told};
use crate::follow::{Closing, Seat, last_event_id, stream_of};
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use room::{Notice, Room};
use rules::name::IncidentNumber;
use rules::views::board::{BoardFilter, board, board_row};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Once};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};

/// Changes are gathered for this long.
const GATHER: Duration = Duration::from_millis(250);
/// How often a beat is sent.
const BEAT: Duration = Duration::from_secs(2);
/// Every so many beats, the clocks that moved.
const CLOCKS_EVERY: u32 = 5;
/// A screen that is this many events behind loads the page again.
const BEHIND_MAX: usize = 2_000;

/// Where the page's updates come from.
pub(crate) struct Live {
    room: Room,
    texts: broadcast::Sender<Bytes>,
    started: Once,
}

#[derive(Serialize)]
struct Update {
    seq: u64,
    rows: Vec<Row>,
    gone: Vec<IncidentNumber>,
    summary: String,
    /// What happened, for a program that watches the page.
    kinds: BTreeSet<String>,
}

#[derive(Serialize)]
struct Row {
    n: IncidentNumber,
    html: String,
}

impl Live {
    pub fn new(room: Room) -> Live {
        Live { room, texts: broadcast::channel(64).0, started: Once::new() }
    }

    fn subscribe(&self) -> broadcast::Receiver<Bytes> {
        let receiver = self.texts.subscribe();
        self.started.call_once(|| {
            tokio::spawn(run(self.room.clone(), self.texts.clone()));
        });
        receiver
    }
}

/// What has changed since the last update.
#[derive(Default)]
struct Gathered {
    /// The place of the last event gathered. A screen that comes back goes on from here.
    seq: u64,
    incidents: BTreeSet<IncidentNumber>,
    kinds: BTreeSet<String>,
    /// Batches were missed, so that any row may have changed.
    all: bool,
}

impl Gathered {
    fn add(&mut self, room: &Room, notices: &[Notice]) {
        self.seq = notices.last().map_or(self.seq, |n| n.seq);
        self.incidents.extend(changed(&room.view(), notices));
        self.kinds.extend(notices.iter().filter(|n| is_told(n)).map(|n| snake(n.kind)));
    }

    fn is_empty(&self) -> bool {
        self.incidents.is_empty() && self.kinds.is_empty() && !self.all
    }
}

async fn run(room: Room, texts: broadcast::Sender<Bytes>) {
    let mut follow = room.follow();
    let mut gathered = Gathered::default();
    let mut flush = tokio::time::interval(GATHER);
    flush.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut beat = tokio::time::interval(BEAT);
    let mut beats = 0_u32;
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    loop {
        tokio::select! {
            batch = follow.next() => match batch {
                Ok(Some(batch)) => gathered.add(&room, &batch.notices),
                Ok(None) => return,
                Err(room::Lagged) => gathered.all = true,
            },
            _ = flush.tick() => {
                let gathered = std::mem::take(&mut gathered);
                if !gathered.is_empty() && texts.receiver_count() > 0 {
                    send(&texts, update(&room, gathered));
                }
            }
            _ = beat.tick() => {
                beats = beats.wrapping_add(1);
                if texts.receiver_count() == 0 {
                    continue;
                }
                send(&texts, alive(&room));
                if beats.is_multiple_of(CLOCKS_EVERY) {
                    send(&texts, moved_clocks(&room, &mut shown));
                }
            }
        }
    }
}

/// Nobody looking meanwhile is no fault.
fn send(texts: &broadcast::Sender<Bytes>, text: Bytes) {
    let _ = texts.send(text);
}

fn alive(room: &Room) -> Bytes {
    Bytes::from(format!("event: beat\ndata: {}\n\n", room.view().seq))
}

/// The clocks whose words have changed since they were last sent.
fn moved_clocks(room: &Room, shown: &mut BTreeMap<String, String>) -> Bytes {
    let state = room.view();
    let now: BTreeMap<String, String> = clocks(&state, room.now()).into_iter().collect();
    let moved: BTreeMap<&String, &String> =
        now.iter().filter(|(n, html)| shown.get(*n) != Some(html)).collect();
    let json = serde_json::to_string(&moved).unwrap_or_default();
    let text = Bytes::from(format!("event: clocks\ndata: {json}\n\n"));
    *shown = now;
    text
}

fn update(room: &Room, gathered: Gathered) -> Bytes {
    let (state, now) = (room.view(), room.now());
    let open = board(&state, now, &BoardFilter::default());
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    if gathered.all {
        rows.extend(open.iter().map(|r| Row { n: r.n, html: tr(r, &state).into_string() }));
    } else {
        for n in gathered.incidents {
            match board_row(&state, n, now) {
                Some(row) => rows.push(Row { n, html: tr(&row, &state).into_string() }),
                None => gone.push(n),
            }
        }
    }
    let summary = summary(&open);
    let seq = if gathered.all { state.seq } else { gathered.seq };
    let update = Update { seq, rows, gone, summary, kinds: gathered.kinds };
    let json = serde_json::to_string(&update).unwrap_or_default();
    Bytes::from(format!("id: {seq}\ndata: {json}\n\n"))
}

struct Screen {
    texts: broadcast::Receiver<Bytes>,
    ready: VecDeque<Bytes>,
    closing: Option<Closing>,
    _seat: Seat,
    app: Arc<App>,
    parts: Parts,
    checked: tokio::time::Instant,
}

impl Screen {
    /// Whether whoever opened the stream may still look.
    fn may_go_on(&mut self) -> bool {
        if self.checked.elapsed() < crate::follow::CHECK_EVERY {
            return true;
        }
        self.checked = tokio::time::Instant::now();
        // Not a request: how often somebody may ask is not used up by looking on.
        viewer(&self.app, &self.parts.headers)
            .is_some_and(|caller| allow(&caller.by, "view_board").is_ok())
    }

    async fn next(mut self) -> Option<(Bytes, Screen)> {
        if !self.may_go_on() {
            return None;
        }
        if let Some(text) = self.ready.pop_front() {
            return Some((text, self));
        }
        let text = tokio::select! {
            biased;
            () = Closing::wait(&mut self.closing) => return None,
            text = self.texts.recv() => match text {
                Ok(text) => text,
                Err(RecvError::Lagged(_)) => reload(),
                Err(RecvError::Closed) => return None,
            },
        };
        Some((text, self))
    }
}

/// Tells a screen that has missed too much to load the page again.
fn reload() -> Bytes {
    Bytes::from_static(b"event: reload\ndata: 0\n\n")
}

pub(super) async fn stream(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let caller = match viewer_who_may(&app, &parts, "view_board") {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    let started = match last_event_id(&parts) {
        Ok(id) => id.or_else(|| after(&parts)),
        Err(problem) => return problem.into_response(),
    };
    // In a demonstration everybody looks under one name.
    let seats = if &*caller.token == super::DEMO { &app.demo_seats } else { &app.seats };
    let seat = match seats.take(&caller.token) {
        Ok(seat) => seat,
        Err(problem) => return problem.into_response(),
    };
    let texts = app.live.subscribe();
    let missed = match started {
        Some(seq) => missed(&app.room, seq).await,
        None => Ok(None),
    };
    match missed {
        Ok(missed) => {
            let first = Bytes::from_static(b"retry: 1000\n\n");
            let ready = [Some(first), missed, Some(alive(&app.room))];
            let ready = ready.into_iter().flatten().collect();
            let closing = Closing::of(&parts);
            let checked = tokio::time::Instant::now();
            let screen = Screen { texts, ready, closing, _seat: seat, app, parts, checked };
            stream_of(screen, Screen::next)
        }
        Err(problem) => problem.into_response(),
    }
}

/// The place that the page itself shows.
fn after(parts: &Parts) -> Option<u64> {
    parts.uri.query()?.strip_prefix("after=")?.parse().ok()
}

/// What happened between the page and its stream.
async fn missed(room: &Room, seq: u64) -> Result<Option<Bytes>, Problem> {
    let head = room.view().seq;
    if seq >= head {
        return Ok((seq > head).then(reload));
    }
    let read_from = room.clone();
    let read = tokio::task::spawn_blocking(move || read_from.notices_after(seq, BEHIND_MAX)).await;
    match read {
        Ok(Ok(notices)) if notices.len() == BEHIND_MAX => Ok(Some(reload())),
        Ok(Ok(notices)) => {
            let mut gathered = Gathered::default();
            gathered.add(room, &notices);
            Ok(Some(update(room, gathered)))
        }
        Ok(Err(fault)) => Err(Problem::unread(&fault)),
        Err(_) => Ok(Some(reload())),
    }
}
