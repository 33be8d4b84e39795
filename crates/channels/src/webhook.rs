//! Webhooks: other programs are told that something happened, as Standard Webhooks 1.0.0 has it.
//!
//! - What is sent is thin: the kind, the moment and the numbers of what it is about. Nothing
//!   personal leaves the room this way.
//! - Each webhook gets its events in order, one after the other, each at least once. A repetition
//!   has the same `webhook-id`. It goes on where it was after a restart, and can be set back.
//! - What is not answered with 2xx is tried again for days; then, or at 410, the webhook is
//!   disabled with the reason, and keeps its place.
//! - Only public addresses over https are reached, unless whoever operates the program allows a
//!   host in its [`Settings`]; no redirect is followed.
//!
//! The registrations are this computer's own: with several nodes at one journal, a webhook is sent
//! by the node at which it was added.

pub mod address;
mod attempt;
mod delivery;
mod destination;
mod fault;
pub mod kinds;
mod payload;
mod routes;
mod secret;
mod settings;
mod store;

pub use destination::{LookingUp, Lookup, system_lookup};
pub use fault::Fault;
pub use routes::{Allows, router};
pub use secret::Secret;
pub use settings::Settings;

use attempt::now_ms;
use delivery::{Ahead, Sender, on_store};
use destination::{AllowList, Judging};
use room::{Lagged, Room};
use rules::role::By;
use rules::time::Instant;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A webhook as it is shown: its secrets are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hook {
    /// Its id.
    pub id: Uuid,
    /// Where it goes.
    pub url: String,
    /// The kinds of event it asked for; none means all.
    pub kinds: Vec<String>,
    /// When it was added, in milliseconds since 1970 UTC.
    pub created_at: Instant,
    /// Who added it.
    pub created_by: String,
    /// How many secrets sign at present.
    pub n_secrets: u32,
    /// The place of the last event that was delivered or passed over.
    pub position: u64,
    /// How many attempts at the next event have failed.
    pub n_failed: u32,
    /// When it is tried again.
    pub retry_at: Option<Instant>,
    /// Why nothing is sent, if nothing is.
    pub disabled_because: Option<String>,
}

/// One attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// The event's place in the total order.
    pub seq: u64,
    /// What the receiver can tell a repetition by.
    pub webhook_id: String,
    /// The event's kind.
    pub kind: String,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// When, in milliseconds since 1970 UTC.
    pub at: Instant,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// What a new webhook is to be.
#[derive(Clone, Debug, Default)]
pub struct NewHook {
    /// Where it goes.
    pub url: String,
    /// The kinds of event, as [`kinds::all`] names them; none means all.
    pub kinds: Vec<String>,
}

/// The most secrets that sign at one time.
const SECRETS_MOST: usize = 4;
/// How long a name is looked up for when a webhook is added.
const LOOKED_UP_WITHIN: Duration = Duration::from_secs(3);

/// The webhooks of one computer. Copies are cheap.
#[derive(Clone)]
pub struct Hooks {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<Store>,
    room: Room,
    settings: Arc<Settings>,
    allow: AllowList,
    head: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    running: Mutex<HashMap<Uuid, Running>>,
}

struct Running {
    changed: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Hooks {
    /// Opens the webhooks kept in a folder, and goes on sending. Call it within a tokio runtime.
    ///
    /// # Errors
    /// A [`Fault`] of the file `webhooks.db`; [`Fault::Refused`] for an allowed host that is none.
    pub async fn open(folder: &Path, room: Room, settings: Settings) -> Result<Hooks, Fault> {
        let allow = AllowList::parse(&settings.allow_hosts)?;
        let (path, kept) = (folder.join("webhooks.db"), settings.attempts_kept);
        let opening = tokio::task::spawn_blocking(move || {
            let store = Store::open(&path, kept)?;
            let hooks = store.list(now_ms())?;
            Ok::<_, Fault>((store, hooks))
        });
        let (store, hooks) = opening.await.map_err(|_| Fault::Stopping)??;
        let inner = Inner {
            store: Arc::new(store),
            head: watch::Sender::new(room.view().seq),
            stop: watch::Sender::new(false),
            room,
            settings: Arc::new(settings),
            allow,
            running: Mutex::default(),
        };
        let opened = Hooks { inner: Arc::new(inner) };
        opened.listen();
        for hook in hooks {
            opened.start(hook.id);
        }
        Ok(opened)
    }

    /// Wakes the senders when something happened.
    fn listen(&self) {
        let (head, mut stop) = (self.inner.head.clone(), self.inner.stop.subscribe());
        let mut follow = self.inner.room.follow();
        tokio::spawn(async move {
            loop {
                let heard = tokio::select! {
                    _ = stop.changed() => return,
                    heard = follow.next() => heard,
                };
                match heard {
                    Ok(Some(batch)) => head.send_modify(|seq| *seq = batch.last_seq),
                    // What was missed is in the journal, where the senders read.
                    Err(Lagged) => head.send_modify(|_| {}),
                    Ok(None) => return,
                }
            }
        });
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Uuid, Running>> {
        self.inner.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, id: Uuid) {
        let changed = Arc::new(Notify::new());
        let sender = Sender {
            id,
            room: self.inner.room.clone(),
            store: self.inner.store.clone(),
            settings: self.inner.settings.clone(),
            head: self.inner.head.subscribe(),
            changed: changed.clone(),
            stop: self.inner.stop.subscribe(),
            ahead: Ahead::default(),
            allow: self.inner.allow.clone(),
            client: None,
        };
        let task = tokio::spawn(sender.run());
        self.running().insert(id, Running { changed, task });
    }

    fn nudge(&self, id: Uuid) {
        if let Some(running) = self.running().get(&id) {
            running.changed.notify_one();
        }
    }

    /// Adds a webhook. It gets what happens from now on. The secret is shown here and never again.
    ///
    /// # Errors
    /// [`Fault::Refused`] for a URL, host or kind that cannot be; [`Fault::Full`]; a fault of the
    /// file.
    pub async fn add(&self, by: &By, new: &NewHook) -> Result<(Hook, Secret), Fault> {
        let url = destination::parse(&new.url, &self.inner.allow)?;
        self.refuse_if_barred(&url).await?;
        let hook = Hook {
            id: Uuid::now_v7(),
            url: url.into(),
            kinds: kinds::parse(&new.kinds)?,
            created_at: Instant(now_ms()),
            created_by: by.staff.to_string(),
            n_secrets: 1,
            position: self.inner.room.view().seq,
            n_failed: 0,
            retry_at: None,
            disabled_because: None,
        };
        let (secret, most) = (Secret::generate()?, self.inner.settings.hooks_most);
        let (kept, signing) = (hook.clone(), secret.clone());
        self.on_store(move |store| store.add(&kept, &signing, most)).await?;
        tracing::info!(webhook = %hook.id, by = %by.staff, "a webhook was added");
        self.start(hook.id);
        Ok((hook, secret))
    }

    /// Looks the name up already when a webhook is added, so that who adds it hears at once. A name
    /// that is not found yet is no reason to refuse: every attempt looks again.
    async fn refuse_if_barred(&self, url: &url::Url) -> Result<(), Fault> {
        let Some(url::Host::Domain(name)) = url.host() else { return Ok(()) };
        let (lookup, allow) = (self.inner.settings.lookup.clone(), self.inner.allow.clone());
        let judging = Judging { lookup, allow };
        let looked_up = tokio::time::timeout(LOOKED_UP_WITHIN, judging.addresses(name)).await;
        match looked_up {
            Ok(Err(error)) if error.is::<destination::Barred>() => {
                Err(Fault::refused(error.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// All webhooks, oldest first.
    ///
    /// # Errors
    /// A fault of the file.
    pub async fn list(&self) -> Result<Vec<Hook>, Fault> {
        self.on_store(|store| store.list(now_ms())).await
    }

    /// One webhook.
    ///
    /// # Errors
    /// [`Fault::NotFound`]; a fault of the file.
    pub async fn get(&self, id: Uuid) -> Result<Hook, Fault> {
        self.on_store(move |store| store.hook(id, now_ms())).await
    }

    /// Makes a new secret, shown here and never again. Those before it go on signing beside it for
    /// `keep_old_for`; after a leak that is zero.
    ///
    /// # Errors
    /// [`Fault::NotFound`]; [`Fault::Refused`] with too many live secrets; a fault of the file.
    pub async fn rotate(
        &self,
        by: &By,
        id: Uuid,
        keep_old_for: Duration,
    ) -> Result<(Hook, Secret), Fault> {
        let (secret, now) = (Secret::generate()?, now_ms());
        let kept_ms = i64::try_from(keep_old_for.as_millis()).unwrap_or(i64::MAX);
        let signing = secret.clone();
        let end = now.saturating_add(kept_ms);
        self.on_store(move |store| store.rotate(id, &signing, end, now, SECRETS_MOST)).await?;
        self.after_change(by, id, "a webhook got a new secret").await.map(|hook| (hook, secret))
    }

    /// Stops a webhook, which keeps its place.
    ///
    /// # Errors
    /// [`Fault::NotFound`]; a fault of the file.
    pub async fn disable(&self, by: &By, id: Uuid, because: &str) -> Result<Hook, Fault> {
        let because = match because.trim() {
            "" => format!("{} disabled it", by.staff),
            text => format!("{} disabled it: {text}", by.staff),
        };
        self.on_store(move |store| store.disable(id, &because)).await?;
        self.after_change(by, id, "a webhook was disabled").await
    }

    /// Lets a webhook go on where it was, at once.
    ///
    /// # Errors
    /// [`Fault::NotFound`]; a fault of the file.
    pub async fn enable(&self, by: &By, id: Uuid) -> Result<Hook, Fault> {
        self.on_store(move |store| store.enable(id)).await?;
        self.after_change(by, id, "a webhook was enabled").await
    }

    /// Sends again from an event on, under the same ids as before.
    ///
    /// # Errors
    /// [`Fault::Refused`] for a place that it has not come to yet; [`Fault::NotFound`]; a fault of
    /// the file.
    pub async fn replay(&self, by: &By, id: Uuid, from_seq: u64) -> Result<Hook, Fault> {
        let next = self.get(id).await?.position.saturating_add(1);
        if !(1..=next).contains(&from_seq) {
            return Err(Fault::refused(format!(
                "this webhook cannot be replayed from event {from_seq}: name one from 1 to {next}, \
                 which is its next"
            )));
        }
        self.on_store(move |store| store.replay(id, from_seq - 1)).await?;
        self.after_change(by, id, "a webhook was set back").await
    }

    /// Removes a webhook. Nothing more is sent to it.
    ///
    /// # Errors
    /// [`Fault::NotFound`]; a fault of the file.
    pub async fn remove(&self, by: &By, id: Uuid) -> Result<(), Fault> {
        self.on_store(move |store| store.remove(id)).await?;
        if let Some(running) = self.running().remove(&id) {
            running.task.abort();
        }
        tracing::info!(webhook = %id, by = %by.staff, "a webhook was removed");
        Ok(())
    }

    /// The last attempts, newest first.
    ///
    /// # Errors
    /// [`Fault::NotFound`]; a fault of the file.
    pub async fn deliveries(&self, id: Uuid, limit: usize) -> Result<Vec<Delivery>, Fault> {
        self.on_store(move |store| store.deliveries(id, limit)).await
    }

    /// Stops sending. An attempt under way may end, within [`Settings::stop_within`]; if it does
    /// not, it is made again at the next start. Call it before [`Room::close`].
    pub async fn close(&self) {
        self.inner.stop.send_replace(true);
        let running: Vec<Running> = self.running().drain().map(|(_, running)| running).collect();
        let deadline = tokio::time::Instant::now() + self.inner.settings.stop_within;
        for mut running in running {
            if tokio::time::timeout_at(deadline, &mut running.task).await.is_err() {
                running.task.abort();
            }
        }
    }

    async fn after_change(&self, by: &By, id: Uuid, what: &str) -> Result<Hook, Fault> {
        self.nudge(id);
        tracing::info!(webhook = %id, by = %by.staff, "{what}");
        self.get(id).await
    }

    async fn on_store<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        on_store(&self.inner.store, f).await
    }
}
