//! Opening a room: the journal, the snapshot or a rebuild, the policy, the threads.

use crate::act::Act;
use crate::clock::Clock;
use crate::drafts::Drafts;
use crate::fault::OpenFault;
use crate::history::History;
use crate::kept::must_know;
use crate::lanes::Lanes;
use crate::writer::{Writing, fold_recorded};
use crate::{Inner, Room, snapshot};
use arc_swap::ArcSwap;
use journal::planted::planted;
use journal::{Reader, Store};
use rules::command::AdoptPolicy;
use rules::event::Event;
use rules::policy::Policy;
use rules::role::By;
use rules::state::State;
use rules::time::Instant;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// How a room is opened.
pub struct Config {
    /// Where the journal is.
    pub store: Store,
    /// The folder for the read model, snapshots and the signing key.
    pub data: PathBuf,
    /// The policy that is to hold, as TOML.
    pub policy_toml: String,
    /// Where time comes from.
    pub clock: Clock,
    /// How many commands may wait in each lane.
    pub queue: usize,
}

/// What was found when a room was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the journal says.
    pub journal: journal::Opened,
    /// How many records were folded, beyond the snapshot if there was one.
    pub folded: u64,
    /// Whether a snapshot was used.
    pub from_snapshot: bool,
}

/// The head is signed each second, and sooner after so many records: each signature is one more
/// write to wait for.
const SIGN_EVERY_RECORDS: u64 = 10_000;
/// How many records are read at a time while folding.
const CHUNK: usize = 10_000;

impl Room {
    /// Opens a room.
    ///
    /// # Errors
    /// A sentence that says what to do. A journal that is broken anywhere but in a torn last batch
    /// is never opened.
    pub fn open(config: Config) -> Result<(Room, Opened), OpenFault> {
        let policy = Policy::parse(&config.policy_toml).map_err(OpenFault::Policy)?;
        std::fs::create_dir_all(&config.data).map_err(|source| OpenFault::File {
            place: config.data.display().to_string(),
            source,
        })?;
        let origin = format!("callbox/{}", policy.about.force_code.to_lowercase());
        let key = config.data.join("signing-key.pem");
        let options = journal::Options {
            sign_every_records: SIGN_EVERY_RECORDS,
            ..journal::Options::new(key, origin)
        };
        let (writer, reader, found) = journal::open(&config.store, &options)?;
        if found.records > 0 {
            crate::training::same_kind(&reader, &config.policy_toml)?;
        }
        let (mut state, folded, from_snapshot) = fold(&config, &reader, &policy, found.records)?;
        if planted("in_memory_timer") {
            state.due = rules::state::Set::default();
        }
        config.clock.not_before(Instant(found.last_recorded_at_ms));
        let room = start(&config, policy.clone(), state, writer, reader)?;
        adopt(&room, &config, &policy)?;
        Ok((room, Opened { journal: found, folded, from_snapshot }))
    }
}

/// The state: from the snapshot where there is a good one, and from the records after it.
fn fold(
    config: &Config,
    reader: &Reader,
    policy: &Policy,
    records: u64,
) -> Result<(State, u64, bool), OpenFault> {
    let hash_of = |seq: u64| {
        let found = (seq > 0).then(|| reader.read(seq, 1).ok()).flatten()?;
        found.first().filter(|r| r.seq == seq).map(|r| r.hash)
    };
    let kept = snapshot::load(&config.data, hash_of);
    let from_snapshot = kept.is_some();
    let mut state = kept.unwrap_or_else(|| State::new(policy.clone()));
    let before = state.seq;
    while state.seq < records {
        let chunk = reader.read(state.seq + 1, CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        for record in &chunk {
            let (event, meta, _) = must_know(record)?;
            fold_recorded(&mut state, reader, &event, &meta)?;
            state.seq = record.seq;
        }
    }
    let folded = state.seq - before;
    Ok((state, folded, from_snapshot))
}

fn start(
    config: &Config,
    policy: Policy,
    state: State,
    writer: journal::Writer,
    reader: Reader,
) -> Result<Room, OpenFault> {
    let lanes = Arc::new(Lanes::new(config.queue, matches!(config.clock, Clock::Turned(_))));
    let shared = Arc::new(ArcSwap::from_pointee(state.clone()));
    let (notices, _) = tokio::sync::broadcast::channel(4096);
    let history = Arc::new(History::open(&config.data.join("history.db"), reader.clone())?);
    let drafts = Drafts::open(&config.data.join("drafts.db")).map_err(OpenFault::Drafts)?;
    let writing = Writing {
        state,
        writer,
        reader: reader.clone(),
        lanes: lanes.clone(),
        shared: shared.clone(),
        notices: notices.clone(),
        history: history.clone(),
        clock: config.clock.clone(),
        zone: zone(&policy)?,
        data: config.data.clone(),
    };
    let mut threads = vec![
        spawn("room-writer", move || writing.run())?,
        history.clone().start().map_err(|source| thread_fault("room-history", source))?,
    ];
    if let Store::Postgres { .. } = config.store {
        let (lanes, reader, shared) = (lanes.clone(), reader.clone(), shared.clone());
        threads.push(spawn("room-others", move || {
            crate::writer::watch_other_nodes(&lanes, &reader, &shared);
        })?);
    }
    let inner = Inner {
        lanes,
        state: shared,
        notices,
        reader,
        history,
        drafts,
        past: crate::past::Past::default(),
        alarm_day: crate::alarm_day::AlarmDay::default(),
        dips: crate::dips::Dips::default(),
        clock: config.clock.clone(),
        threads: Mutex::new(threads),
    };
    Ok(Room { inner: Arc::new(inner) })
}

fn spawn(
    name: &str,
    f: impl FnOnce() + Send + 'static,
) -> Result<std::thread::JoinHandle<()>, OpenFault> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(f)
        .map_err(|source| thread_fault(name, source))
}

fn thread_fault(name: &str, source: std::io::Error) -> OpenFault {
    OpenFault::File { place: format!("thread {name}"), source }
}

fn zone(policy: &Policy) -> Result<jiff::tz::TimeZone, OpenFault> {
    jiff::tz::TimeZone::get(&policy.about.time_zone).map_err(|_| {
        OpenFault::Policy(format!(
            "'{}' is not a time zone: write for example 'Europe/London'",
            policy.about.time_zone
        ))
    })
}

/// Makes the configured policy hold. Changing policy is itself an event.
fn adopt(room: &Room, config: &Config, policy: &Policy) -> Result<(), OpenFault> {
    let view = room.view();
    let mark = config.data.join("policy.adopted");
    let text = <[u8; 32]>::from(Sha256::digest(&config.policy_toml));
    let same_file = std::fs::read(&mark).is_ok_and(|kept| kept == text);
    if view.seq > 0 && (same_file || *view.policy == *policy) {
        // A policy adopted since by an administrator is not undone by a restart.
        return Ok(());
    }
    let command = AdoptPolicy { toml: config.policy_toml.clone() };
    match room.act_blocking(Act::new(By::callbox(), command)) {
        Ok(_) => std::fs::write(&mark, text)
            .map_err(|source| OpenFault::File { place: mark.display().to_string(), source }),
        Err(denied) => {
            room.close();
            Err(OpenFault::Policy(denied.to_string()))
        }
    }
}

/// The log that an event takes out of memory.
pub(crate) fn closes(event: &Event) -> Option<rules::name::IncidentNumber> {
    match event {
        Event::IncidentClosed { incident, .. } => Some(*incident),
        _ => None,
    }
}
