//! Server-sent events that resume where they broke off: first what the journal holds, then what
//! happens, without a gap and without anything twice.

use crate::App;
use crate::caller::Caller;
use crate::fan::{self, Frame};
use crate::problem::{Kind, Problem};
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_core::Stream;
use http::request::Parts;
use http::{HeaderName, HeaderValue, header};
use room::Room;
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;

/// Something is sent at least this often, so that both ends know the line is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(10);
/// How many events are read from the journal at a time.
const CHUNK: usize = 1_000;

/// Whether we are closing. Every connection's requests carry it.
#[derive(Clone)]
pub(crate) struct Closing(pub watch::Receiver<bool>);

impl Closing {
    /// Of a request; one that did not come by our own server never hears of a closing.
    pub fn of(parts: &Parts) -> Option<Closing> {
        parts.extensions.get::<Closing>().cloned()
    }

    /// Waits until we close.
    pub async fn wait(closing: &mut Option<Closing>) {
        match closing {
            Some(Closing(watch)) => crate::serve::closes(watch).await,
            None => std::future::pending().await,
        }
    }
}

/// Who follows how many streams.
pub(crate) struct Seats {
    taken: Mutex<HashMap<Arc<str>, u32>>,
    most: u32,
}

/// One stream that somebody follows; given back when it ends.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    of: Arc<str>,
}

impl Seats {
    pub fn new(most: u32) -> Seats {
        Seats { taken: Mutex::default(), most }
    }

    /// Takes a seat.
    pub fn take(self: &Arc<Seats>, of: &Arc<str>) -> Result<Seat, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let n = taken.entry(of.clone()).or_default();
        if *n >= self.most {
            let detail = format!(
                "you follow {} streams already: close one, or share one between your screens",
                self.most
            );
            return Err(Problem::new(Kind::TooMany, detail).retry_after(5));
        }
        *n += 1;
        metrics::gauge!("callbox_followers").increment(1.0);
        Ok(Seat { seats: self.clone(), of: of.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        metrics::gauge!("callbox_followers").decrement(1.0);
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = taken.get_mut(&self.of) {
            *n -= 1;
            if *n == 0 {
                taken.remove(&self.of);
            }
        }
    }
}

/// Answers `/follow`.
pub(crate) fn api(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    after: Option<u64>,
) -> Result<Response, Problem> {
    let seat = app.seats.take(&caller.token)?;
    // First the ear, then the position: what happens between is heard, and not heard twice.
    let frames = app.fan.subscribe();
    let head = app.room.view().seq;
    let asked = last_event_id(parts)?.or(after);
    let position = asked.unwrap_or(head).min(head);
    let mut first = format!("retry: 1000\n: after {position}\n\n");
    if asked.is_some_and(|asked| asked > head) {
        // They have seen what is not here: the journal was put back to an earlier one.
        first.push_str(&format!("event: stale\nid: {head}\ndata: {{\"seq\":{head}}}\n\n"));
    }
    let follower = Follower {
        room: app.room.clone(),
        frames,
        position,
        behind: position < head,
        rows: room::roles::may(caller.by.role, "view_board"),
        ready: VecDeque::from([Bytes::from(first)]),
        closing: Closing::of(parts),
        _seat: seat,
        app: app.clone(),
        caller: caller.clone(),
        checked: tokio::time::Instant::now(),
    };
    Ok(stream_of(follower, Follower::next))
}

/// The position that a follower who comes back has reached.
pub(crate) fn last_event_id(parts: &Parts) -> Result<Option<u64>, Problem> {
    let name = HeaderName::from_static("last-event-id");
    let Some(value) = parts.headers.get(name).filter(|v| !v.is_empty()) else { return Ok(None) };
    let seq = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    match seq {
        Some(seq) => Ok(Some(seq)),
        None => Err(Problem::invalid("Last-Event-ID is not a number: send the id as it came")),
    }
}

struct Follower {
    room: Room,
    frames: broadcast::Receiver<Arc<Frame>>,
    /// The place up to which everything was sent.
    position: u64,
    /// Whether the journal holds more than was sent.
    behind: bool,
    rows: bool,
    ready: VecDeque<Bytes>,
    closing: Option<Closing>,
    _seat: Seat,
    app: Arc<App>,
    caller: Caller,
    checked: tokio::time::Instant,
}

/// How often a stream asks whether its token still holds.
pub(crate) const CHECK_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

impl Follower {
    /// Whether the token that opened the stream still holds, and the directory gives its role.
    fn may_go_on(&mut self) -> bool {
        if self.checked.elapsed() < CHECK_EVERY {
            return true;
        }
        self.checked = tokio::time::Instant::now();
        self.app.config.tokens.holds(&self.caller.token, jiff::Timestamp::now())
            && crate::caller::in_directory(&self.room, &self.caller.by).is_ok()
    }

    async fn next(mut self) -> Option<(Bytes, Follower)> {
        loop {
            if !self.may_go_on() {
                return None;
            }
            if let Some(text) = self.ready.pop_front() {
                return Some((text, self));
            }
            if self.behind {
                self.catch_up().await?;
                continue;
            }
            tokio::select! {
                biased;
                () = Closing::wait(&mut self.closing) => return None,
                frame = self.frames.recv() => match frame {
                    Ok(frame) => self.hear(&frame),
                    Err(RecvError::Lagged(_)) => self.behind = true,
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep(ALIVE_EVERY) => {
                    self.ready.push_back(Bytes::from_static(b": alive\n\n"));
                }
            }
        }
    }

    fn hear(&mut self, frame: &Frame) {
        if frame.last_seq <= self.position {
            return;
        }
        if frame.first_seq != self.position + 1 {
            self.behind = true;
            return;
        }
        self.position = frame.last_seq;
        let text = frame.text(self.rows);
        if !text.is_empty() {
            self.ready.push_back(text.clone());
        }
    }

    /// Reads the next events from the journal. `None` if it cannot be read: the stream then ends,
    /// and whoever follows comes back with the id they have.
    async fn catch_up(&mut self) -> Option<()> {
        let (room, after) = (self.room.clone(), self.position);
        let read = tokio::task::spawn_blocking(move || {
            let notices = room.notices_after(after, CHUNK)?;
            let last = notices.last().map(|n| n.seq);
            Ok(last.map(|last| fan::frame(&room, after + 1, last, &notices)))
        });
        let read: Result<Option<Frame>, room::ReadFault> = read.await.ok()?;
        match read {
            Ok(Some(frame)) => {
                self.position = frame.last_seq;
                let text = frame.text(self.rows);
                if !text.is_empty() {
                    self.ready.push_back(text.clone());
                }
            }
            Ok(None) => self.behind = false,
            Err(fault) => {
                tracing::error!(%fault, "a follower could not be told what it missed");
                return None;
            }
        }
        Some(())
    }
}

/// An answer that goes on as long as `next` gives something.
pub(crate) fn stream_of<F, Fut>(follower: F, next: fn(F) -> Fut) -> Response
where
    F: Send + 'static,
    Fut: Future<Output = Option<(Bytes, F)>> + Send + 'static,
{
    let steps = Steps { next, step: Some(Box::pin(next(follower))) };
    let mut response = Response::new(Body::from_stream(steps));
    let events = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, events);
    // A proxy must pass each event on at once.
    let name = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, HeaderValue::from_static("no"));
    response
}

/// A step on its way, and what it gives: a text and who takes the next one.
type Step<F> = Pin<Box<dyn Future<Output = Option<(Bytes, F)>> + Send>>;

/// A stream made of steps, each of which says what comes and who goes on.
struct Steps<F, Fut> {
    next: fn(F) -> Fut,
    step: Option<Step<F>>,
}

impl<F, Fut> Stream for Steps<F, Fut>
where
    F: Send + 'static,
    Fut: Future<Output = Option<(Bytes, F)>> + Send + 'static,
{
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(step) = &mut self.step else { return Poll::Ready(None) };
        match step.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => {
                self.step = None;
                Poll::Ready(None)
            }
            Poll::Ready(Some((text, follower))) => {
                self.step = Some(Box::pin((self.next)(follower)));
                Poll::Ready(Some(Ok(text)))
            }
        }
    }
}
