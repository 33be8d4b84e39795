//! The sender of one webhook: one event after the other, each until it is delivered.
//!
//! What it knows is in the store, so that a restart goes on where it was. It reads at most
//! [`Settings::read_ahead`] events ahead, however many wait in the journal.

use super::attempt::{Attempt, Outcome, RETRY_AFTER_MOST, Sending, attempt, client, now_ms};
use super::destination::AllowList;
use super::fault::Fault;
use super::payload::Thin;
use super::settings::Settings;
use super::store::{After, Loaded, Store};
use reqwest::Client;
use room::Room;
use rules::time::Span;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// After a fault of our own it waits so long before it tries again.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// The sender of one webhook.
pub(crate) struct Sender {
    pub id: Uuid,
    pub room: Room,
    pub store: Arc<Store>,
    pub settings: Arc<Settings>,
    /// The place of the last event.
    pub head: watch::Receiver<u64>,
    /// Somebody changed the webhook.
    pub changed: Arc<Notify>,
    /// The program stops.
    pub stop: watch::Receiver<bool>,
    /// Events read ahead.
    pub ahead: Ahead,
    /// What it may reach beside public addresses.
    pub allow: AllowList,
    /// The client, once there is one.
    pub client: Option<Client>,
}

/// Events read ahead.
#[derive(Default)]
pub(crate) struct Ahead {
    /// As [`Loaded::changes`] when they were read: after a change they are read afresh.
    changes: i64,
    events: VecDeque<Thin>,
}

/// What to do next.
enum Next {
    Go,
    /// Nothing until there is a new event or a change.
    WaitForEvent,
    /// Nothing until there is a change.
    WaitForChange,
    WaitFor(Duration),
    /// The webhook was removed.
    End,
}

impl Sender {
    pub(crate) async fn run(mut self) {
        while !*self.stop.borrow() {
            let next = self.step().await.unwrap_or_else(|fault| {
                let below = std::error::Error::source(&fault).map(ToString::to_string);
                tracing::error!(webhook = %self.id, %fault, below, "a webhook waits");
                Next::WaitFor(AFTER_FAULT)
            });
            match next {
                Next::Go => {}
                Next::End => return,
                wait => self.wait(wait).await,
            }
        }
    }

    async fn wait(&mut self, next: Next) {
        let for_event = matches!(next, Next::WaitForEvent);
        let length = match next {
            Next::WaitFor(length) => Some(length),
            _ => None,
        };
        tokio::select! {
            _ = self.stop.changed() => {}
            () = self.changed.notified() => {}
            // An error says that nobody is left to tell of events: the program stops.
            _ = self.head.changed(), if for_event => {}
            () = tokio::time::sleep(length.unwrap_or_default()), if length.is_some() => {}
        }
    }

    async fn step(&mut self) -> Result<Next, Fault> {
        let id = self.id;
        let Some(loaded) = self.on_store(move |store| store.load(id, now_ms())).await? else {
            return Ok(Next::End);
        };
        if loaded.hook.disabled_because.is_some() {
            return Ok(Next::WaitForChange);
        }
        if let Some(wait) = self.still_to_wait(&loaded) {
            return Ok(Next::WaitFor(wait));
        }
        // Marked as seen before reading, so that an event that comes meanwhile wakes us.
        self.head.borrow_and_update();
        match self.next_event(&loaded).await? {
            Found::Event(thin) => self.send(&loaded, &thin).await,
            Found::Passed => Ok(Next::Go),
            Found::End => Ok(Next::WaitForEvent),
        }
    }

    /// How long the webhook is still to be left alone. A wait longer than any there can be comes of
    /// a computer's clock that was set back, and is over.
    fn still_to_wait(&self, loaded: &Loaded) -> Option<Duration> {
        let left = loaded.retry_ms?.saturating_sub(now_ms());
        let left = Duration::from_millis(u64::try_from(left).ok().filter(|left| *left > 0)?);
        let longest = self.settings.retry_after.iter().max().copied().unwrap_or_default() * 2;
        (left <= longest.max(RETRY_AFTER_MOST)).then_some(left)
    }

    /// The next event the webhook asked for.
    async fn next_event(&mut self, loaded: &Loaded) -> Result<Found, Fault> {
        let position = loaded.hook.position;
        let front = self.ahead.events.front().map(|thin| thin.seq);
        if self.ahead.changes == loaded.changes && front.is_some_and(|seq| seq > position) {
            return Ok(self.ahead.events.front().cloned().map_or(Found::Passed, Found::Event));
        }
        let read = self.read(loaded).await?;
        self.ahead = Ahead { changes: loaded.changes, events: read.events };
        if let Some(thin) = self.ahead.events.front() {
            return Ok(Found::Event(thin.clone()));
        }
        if read.up_to == position {
            return Ok(Found::End);
        }
        let (id, changes) = (self.id, loaded.changes);
        self.on_store(move |store| store.passed(id, changes, read.up_to)).await?;
        Ok(Found::Passed)
    }

    /// Reads a stretch of the journal, and keeps of it what the webhook asked for.
    async fn read(&self, loaded: &Loaded) -> Result<Stretch, Fault> {
        let (room, limit) = (self.room.clone(), self.settings.read_ahead.max(1));
        let (position, kinds) = (loaded.hook.position, loaded.hook.kinds.clone());
        let reading = move || {
            let head = room.journal().head().map_err(|fault| Fault::Journal(fault.into()))?;
            let notices = room
                .notices_after(position, limit)
                .map_err(|fault| Fault::Journal(fault.into()))?;
            // Records this version cannot read are passed over, one at a time. A place beyond the
            // head is one in a journal that has since been restored from a copy.
            let stuck = if position < head { position + 1 } else { head };
            let up_to = notices.last().map_or(stuck, |last| last.seq);
            let asked = |thin: &Thin| kinds.is_empty() || kinds.contains(&thin.kind);
            let events = notices.iter().map(Thin::of).filter(asked).collect();
            Ok(Stretch { events, up_to })
        };
        tokio::task::spawn_blocking(reading).await.map_err(|_| Fault::Stopping)?
    }

    async fn send(&mut self, loaded: &Loaded, thin: &Thin) -> Result<Next, Fault> {
        let client = match &self.client {
            Some(client) => client.clone(),
            None => {
                let made = client(&self.allow, &self.settings)
                    .map_err(|fault| Fault::refused(format!("no client was made: {fault}")))?;
                self.client = Some(made.clone());
                made
            }
        };
        let sending = Sending {
            client: &client,
            hook: self.id,
            url: &loaded.hook.url,
            allow: &self.allow,
            secrets: &loaded.secrets,
        };
        let done = attempt(&sending, thin).await;
        let name = match done.outcome {
            Outcome::Delivered => "delivered",
            Outcome::Gone => "gone",
            Outcome::Failed { .. } => "failed",
        };
        metrics::counter!("callbox_webhook_attempts_total", "outcome" => name).increment(1);
        self.settle(loaded, done).await?;
        Ok(Next::Go)
    }

    /// Writes down what became of an attempt.
    async fn settle(&mut self, loaded: &Loaded, done: Attempt) -> Result<(), Fault> {
        let (id, changes) = (self.id, loaded.changes);
        if done.outcome == Outcome::Delivered {
            self.ahead.events.pop_front();
            return self.on_store(move |store| store.delivered(id, changes, &done)).await;
        }
        let after = self.after(loaded.hook.n_failed, &done);
        match &after {
            After::Retry { at_ms } => {
                let wait = Span(at_ms.saturating_sub(now_ms()));
                tracing::info!(webhook = %id, seq = done.seq, status = done.status, %wait,
                    "a delivery failed and will be tried again");
            }
            After::Disable { because } => {
                metrics::counter!("callbox_webhooks_disabled_total").increment(1);
                tracing::warn!(webhook = %id, seq = done.seq, because, "a webhook was disabled");
            }
        }
        self.on_store(move |store| store.failed(id, changes, &done, &after)).await
    }

    fn after(&self, failed_before: u32, done: &Attempt) -> After {
        let (why, asked) = match &done.outcome {
            Outcome::Failed { why, retry_after } => (why.as_str(), *retry_after),
            _ => {
                let because = "the receiver answered 410 Gone: it wants no more. Enable the \
                               webhook again when it does, it goes on where it was";
                return After::Disable { because: because.to_owned() };
            }
        };
        let waits = &self.settings.retry_after;
        match waits.get(failed_before as usize) {
            Some(wait) => {
                let wait = (*wait + self.by_chance(*wait)).max(asked.unwrap_or_default());
                let ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                After::Retry { at_ms: now_ms().saturating_add(ms) }
            }
            None => {
                let (n, all) = (failed_before.saturating_add(1), waits.iter().sum::<Duration>());
                let all = Span(i64::try_from(all.as_millis()).unwrap_or(i64::MAX));
                let seq = done.seq;
                After::Disable {
                    because: format!(
                        "event {seq} was not delivered in {n} attempts over {all}; at the last, \
                         {why}. Mend the receiver and enable the webhook: it goes on with event \
                         {seq}"
                    ),
                }
            }
        }
    }

    fn by_chance(&self, wait: Duration) -> Duration {
        // Without random bytes there is no jitter, which is no fault.
        let share = getrandom::u32().unwrap_or(0) % (self.settings.jitter_percent.min(100) + 1);
        wait * share / 100
    }

    async fn on_store<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        on_store(&self.store, f).await
    }
}

/// What was found in the journal.
enum Found {
    Event(Thin),
    /// Only events it did not ask for: there may be more.
    Passed,
    /// Nothing more.
    End,
}

/// A stretch of the journal.
struct Stretch {
    events: VecDeque<Thin>,
    /// The last place that was looked at.
    up_to: u64,
}

/// Runs something that blocks where it may.
pub(crate) async fn on_store<T: Send + 'static>(
    store: &Arc<Store>,
    f: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let store = store.clone();
    tokio::task::spawn_blocking(move || f(&store)).await.map_err(|_| Fault::Stopping)?
}
