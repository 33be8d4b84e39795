//! What keeps the page of open logs fresh: rows that changed, rendered once for all screens, at
//! most four times a second; every clock that moved; and a beat, so that old data is seen as old.

use super::board::row::{Moved, clocks, tr};
use super::board::summary;
use super::frame::Viewer;
use super::{Shared, alarm_bar, viewer, viewer_who_may};
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
use rules::event::Event;
use rules::name::IncidentNumber;
use rules::views::board::{BoardFilter, board, board_row, figures};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Once};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};

/// Changes are gathered for this long.
const GATHER: Duration = Duration::from_millis(100);
/// How often a beat is sent.
const BEAT: Duration = Duration::from_secs(2);
/// Every so many beats, the clocks that moved.
const CLOCKS_EVERY: u32 = 5;
/// A screen that is this many events behind is told everything at once.
const BEHIND_MAX: usize = 2_000;

/// One text for whoever may see the board, and one for whoever may only know that something has
/// changed.
#[derive(Clone)]
struct Told {
    with_rows: Bytes,
    bare: Option<Bytes>,
}

impl From<Bytes> for Told {
    fn from(text: Bytes) -> Told {
        Told { with_rows: text.clone(), bare: Some(text) }
    }
}

/// Where the page's updates come from.
pub(crate) struct Live {
    room: Room,
    texts: broadcast::Sender<Told>,
    started: Once,
}

#[derive(Serialize)]
struct Update {
    seq: u64,
    rows: Vec<Row>,
    gone: Vec<IncidentNumber>,
    summary: String,
    /// What has changed, for the parts of pages that show it.
    topics: BTreeSet<String>,
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

    fn subscribe(&self) -> broadcast::Receiver<Told> {
        let receiver = self.texts.subscribe();
        self.started.call_once(|| {
            // From here on, and not from when the task first runs: what happens in between is
            // in nobody's account of what they missed.
            let follow = self.room.follow();
            tokio::spawn(run(self.room.clone(), follow, self.texts.clone()));
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
    topics: BTreeSet<String>,
    /// Batches were missed, so that any row may have changed.
    all: bool,
}

impl Gathered {
    fn add(&mut self, room: &Room, notices: &[Notice]) {
        self.seq = notices.last().map_or(self.seq, |n| n.seq);
        self.incidents.extend(changed(&room.view(), notices));
        self.topics.extend(notices.iter().flat_map(topics));
        self.kinds.extend(notices.iter().filter(|n| is_told(n)).map(|n| snake(n.kind)));
    }

    fn is_empty(&self) -> bool {
        self.incidents.is_empty() && self.kinds.is_empty() && !self.all
    }
}

async fn run(room: Room, mut follow: room::Follow, texts: broadcast::Sender<Told>) {
    let mut gathered = Gathered::default();
    let mut flush = tokio::time::interval(GATHER);
    flush.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut beat = tokio::time::interval(BEAT);
    let mut beats = 0_u32;
    let mut shown: BTreeMap<String, Moved> = BTreeMap::new();
    loop {
        tokio::select! {
            batch = follow.next() => match batch {
                Ok(Some(batch)) => {
                    gathered.add(&room, &batch.notices);
                    sounds(&batch.notices).into_iter().for_each(|text| send(&texts, text));
                }
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
fn send(texts: &broadcast::Sender<Told>, told: impl Into<Told>) {
    let _ = texts.send(told.into());
}

/// What a notice changes, by the names that parts of pages listen to: `incident:20261121-0412`,
/// `unit:DC14` and `units`, `contact:17` and `contacts`, `alarms`, `duty`, `handovers`, `policy`,
/// `briefings`, `agencies`, `faults`, `staff`, `markers`, `messages`.
fn topics(notice: &Notice) -> Vec<String> {
    let mut topics = Vec::new();
    topics.extend(notice.incident.map(|n| format!("incident:{n}")));
    if let Some(unit) = &notice.unit {
        topics.extend([format!("unit:{unit}"), "units".to_owned()]);
    }
    if let Some(contact) = notice.contact {
        topics.extend([format!("contact:{contact}"), "contacts".to_owned()]);
    }
    let kind = match notice.kind {
        kind if kind.starts_with("Obligation") => Some("alarms"),
        "Annunciated" | "AlarmSilenced" | "FloodBegan" => Some("alarms"),
        "SignedOn" | "WentOnBreak" | "CameBack" | "SignedOff" => Some("duty"),
        kind if kind.starts_with("Handover") => Some("handovers"),
        "PolicyAdopted" | "PolicyProposed" | "ProposalPublished" | "ProposalWithdrawn" => {
            Some("policy")
        }
        kind if kind.starts_with("Briefing") => Some("briefings"),
        "AgencyEntered" | "AgencyConfirmed" | "AgencyRemoved" => Some("agencies"),
        "StaffEnrolled" | "StaffRemoved" | "TaskAllowed" => Some("staff"),
        "FaultReported" | "FaultAnswered" => Some("faults"),
        "MarkerPut" | "MarkerChanged" | "MarkerReviewed" => Some("markers"),
        "MessageLeft" | "MessageAnswered" => Some("messages"),
        _ => None,
    };
    topics.extend(kind.map(str::to_owned));
    topics
}

/// A sound, sent at once: an alarm does not wait for the rest.
fn sounds(notices: &[Notice]) -> Vec<Bytes> {
    let heard = notices.iter().filter_map(|notice| match &*notice.event {
        Event::Annunciated { position, rule, level, .. } => {
            let at = alarm_bar::position(position);
            let json = serde_json::json!({ "at": at, "level": level, "rule": rule.name() });
            Some(Bytes::from(format!("event: sound\ndata: {json}\n\n")))
        }
        _ => None,
    });
    heard.collect()
}

fn alive(room: &Room) -> Bytes {
    Bytes::from(format!("event: beat\ndata: {}\n\n", room.view().seq))
}

/// The clocks whose words have changed since they were last sent.
fn moved_clocks(room: &Room, shown: &mut BTreeMap<String, Moved>) -> Told {
    let state = room.view();
    let now = clocks(&state, room.now());
    let moved: BTreeMap<&String, &Moved> =
        now.iter().filter(|(n, cells)| shown.get(*n) != Some(cells)).collect();
    let json = serde_json::to_string(&moved).unwrap_or_default();
    let text = Bytes::from(format!("event: clocks\ndata: {json}\n\n"));
    *shown = now;
    Told { with_rows: text, bare: None }
}

fn update(room: &Room, gathered: Gathered) -> Told {
    let (state, now) = (room.view(), room.now());
    let open = board(&state, now, &BoardFilter::default());
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    if gathered.all {
        let html = |r| tr(r, &state, now, None).into_string();
        rows.extend(open.iter().map(|r| Row { n: r.n, html: html(r) }));
    } else {
        for n in gathered.incidents {
            match board_row(&state, n, now) {
                Some(row) => {
                    rows.push(Row { n, html: tr(&row, &state, now, None).into_string() });
                }
                None => gone.push(n),
            }
        }
    }
    let summary = summary(&figures(&state, &open, now)).into_string();
    let seq = if gathered.all { state.seq } else { gathered.seq };
    let mut topics = gathered.topics;
    if gathered.all {
        topics.insert("all".to_owned());
    }
    let whole = Update { seq, rows, gone, summary, topics, kinds: gathered.kinds };
    let with_rows = text_of(&whole);
    let nothing = Update { rows: Vec::new(), gone: Vec::new(), summary: String::new(), ..whole };
    Told { with_rows, bare: Some(text_of(&nothing)) }
}

fn text_of(update: &Update) -> Bytes {
    // A struct of numbers and texts always becomes JSON.
    let json = serde_json::to_string(update).unwrap_or_default();
    Bytes::from(format!("id: {}\ndata: {json}\n\n", update.seq))
}

/// Whoever may follow what happens. Rows of the board are for those who may see it.
fn may_follow(app: &App, parts: &Parts) -> Result<Viewer, Box<Response>> {
    viewer_who_may(app, parts, "follow").or_else(|_| viewer_who_may(app, parts, "view_board"))
}

struct Screen {
    texts: broadcast::Receiver<Told>,
    /// Whether they may see the board.
    rows: bool,
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
        viewer(&self.app, &self.parts.headers).is_some_and(|caller| {
            ["view_board", "follow"].iter().any(|action| allow(&caller.by, action).is_ok())
        })
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
            received = self.texts.recv() => match of_received(&self.app.room, received)? {
                told if self.rows => told.with_rows,
                told => told.bare.unwrap_or_default(),
            },
        };
        Some((text, self))
    }
}

/// What a screen is told: what came, or everything if it was too slow to be told each thing.
fn of_received(room: &Room, received: Result<Told, RecvError>) -> Option<Told> {
    match received {
        Ok(told) => Some(told),
        Err(RecvError::Lagged(_)) => Some(everything(room)),
        Err(RecvError::Closed) => None,
    }
}

/// The whole board, and that every part of a page may have changed.
fn everything(room: &Room) -> Told {
    update(room, Gathered { all: true, ..Gathered::default() })
}

/// Tells a screen that has seen more than there is (an older journal was put back) to load the page
/// again.
fn reload() -> Bytes {
    Bytes::from_static(b"event: reload\ndata: 0\n\n")
}

pub(super) async fn stream(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let caller = match may_follow(&app, &parts) {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    let started = match last_event_id(&parts) {
        Ok(id) => id.or_else(|| after(&parts)),
        Err(problem) => return problem.into_response(),
    };
    // In a demonstration everybody looks under one name.
    let seats = if caller.is_anybody() { &app.demo_seats } else { &app.seats };
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
            let rows = caller.may("view_board");
            let missed = missed.and_then(|m| if rows { Some(m.with_rows) } else { m.bare });
            let ready = [Some(first), missed, Some(alive(&app.room))];
            let ready = ready.into_iter().flatten().collect();
            let closing = Closing::of(&parts);
            let checked = tokio::time::Instant::now();
            let screen = Screen { texts, rows, ready, closing, _seat: seat, app, parts, checked };
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
async fn missed(room: &Room, seq: u64) -> Result<Option<Told>, Problem> {
    let head = room.view().seq;
    if seq >= head {
        return Ok((seq > head).then(|| reload().into()));
    }
    let read_from = room.clone();
    let read = tokio::task::spawn_blocking(move || read_from.notices_after(seq, BEHIND_MAX)).await;
    match read {
        Ok(Ok(notices)) if notices.len() == BEHIND_MAX => Ok(Some(everything(room))),
        Ok(Ok(notices)) => {
            let mut gathered = Gathered::default();
            gathered.add(room, &notices);
            Ok(Some(update(room, gathered)))
        }
        Ok(Err(fault)) => Err(Problem::unread(&fault)),
        Err(_) => Ok(Some(everything(room))),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use room::Act;
    use rules::command::{Channel, ReceiveContact};
    use rules::name::StaffId;
    use rules::role::{By, Role};

    pub fn room(dir: &std::path::Path) -> Room {
        let store = format!("sqlite:{}", dir.join("journal.db").display());
        let config = room::Config {
            store: store.parse().unwrap(),
            data: dir.to_owned(),
            policy_toml: include_str!("../../../../policy/default.toml").to_owned(),
            clock: room::Clock::steady(),
            queue: 16,
        };
        // Opening waits for the writer, which a thread of the runtime may not.
        std::thread::spawn(|| Room::open(config)).join().unwrap().unwrap().0
    }

    /// A call handler does something.
    pub fn does(room: &Room, command: impl Into<rules::command::Command>) {
        let by = By { staff: StaffId::parse("CH1").unwrap(), role: Role::CallHandler };
        let (room, act) = (room.clone(), Act::new(by, command));
        std::thread::spawn(move || room.act_blocking(act)).join().unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_screen_that_is_too_slow_is_told_everything() {
        let dir = tempfile::tempdir().unwrap();
        let live = Live::new(room(dir.path()));
        let mut slow = live.texts.subscribe();
        for _ in 0..65 {
            send(&live.texts, alive(&live.room));
        }
        let told = of_received(&live.room, slow.recv().await).unwrap();
        let text = String::from_utf8_lossy(&told.with_rows).into_owned();
        assert!(text.starts_with("id: ") && text.contains("\"topics\":[\"all\"]"), "{text}");
        let next = of_received(&live.room, slow.recv().await).unwrap();
        assert!(next.with_rows.starts_with(b"event: beat"));
    }

    #[tokio::test]
    async fn what_happens_while_the_first_screen_joins_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let room = room(dir.path());
        let live = Live::new(room.clone());
        let mut screen = live.subscribe();
        // Nothing else has run on this thread since: what tells the screens has yet to begin.
        let command = ReceiveContact {
            channel: Channel::Emergency,
            line: None,
            name: None,
            words: None,
            location: None,
            seat: None,
        };
        does(&room, command);
        let told = async {
            loop {
                let text = screen.recv().await.unwrap().with_rows;
                if String::from_utf8_lossy(&text).contains("\"contacts\"") {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), told).await.unwrap();
    }
}
