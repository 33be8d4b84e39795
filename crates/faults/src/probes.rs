//! Small trials of the room's own promises, each of which one planted bug breaks: a command wakes
//! the writer, a claim on a log that has changed is refused, the queue has an end.

use crate::desk_work::name;
use crate::force_policy::DEFAULT;
use clap::Args;
use journal::Store;
use room::{Act, Clock, Config, Denied, Room};
use rules::command::{AddEntry, Channel, Known, Location, OpenIncident, ReceiveContact};
use rules::name::IncidentNumber;
use rules::refused::RefusedKind;
use rules::role::{By, Role};
use rules::time::Instant;
use std::path::Path;
use std::time::Duration;

/// Which trial.
#[derive(Args, Clone, Debug)]
pub struct Probe {
    /// `wake`, `claim` or `queue`.
    pub name: String,
}

/// Makes one trial.
///
/// # Errors
/// What is broken.
pub fn run(probe: &Probe) -> Result<(), String> {
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let room = open(dir.path())?;
    let result = match probe.name.as_str() {
        "wake" => wake(&room),
        "claim" => claim(&room),
        "queue" => queue(&room),
        other => Err(format!("there is no probe '{other}': choose wake, claim or queue")),
    };
    room.close();
    result
}

const QUEUE: usize = 8;

fn open(dir: &Path) -> Result<Room, String> {
    let config = Config {
        store: Store::Sqlite { path: dir.join("journal.db") },
        data: dir.to_owned(),
        policy_toml: DEFAULT.to_owned(),
        // Nothing falls due, so that only the commands themselves can wake the writer.
        clock: Clock::turned(Instant(1_790_000_000_000)),
        queue: QUEUE,
    };
    Room::open(config).map(|(room, _)| room).map_err(|fault| fault.to_string())
}

fn handler() -> By {
    By { staff: name("ch1"), role: Role::CallHandler }
}

fn contact() -> Act {
    let receive = ReceiveContact {
        channel: Channel::Emergency,
        line: None,
        name: None,
        words: Some(name("help")),
        location: None,
        seat: None,
    };
    Act::new(handler(), receive)
}

/// Twenty commands, each given when the writer has gone to sleep. A writer that is not woken looks
/// once a second by itself, so they would wait for twenty seconds in all; woken, they wait as long
/// as twenty writes to the disk take.
fn wake(room: &Room) -> Result<(), String> {
    let mut waited = Duration::ZERO;
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(50));
        let asked = std::time::Instant::now();
        room.act_blocking(contact()).map_err(|denied| denied.to_string())?;
        waited += asked.elapsed();
    }
    match waited.as_secs() {
        0..10 => Ok(()),
        s => Err(format!("20 commands waited {s} s: the writer is not woken by a command")),
    }
}

/// Two people write on the log they both saw at one version: the second is told.
fn claim(room: &Room) -> Result<(), String> {
    let open = OpenIncident {
        contact: None,
        opening_code: name("violence"),
        location: Location {
            known: Known::Unknown,
            words: None,
            point: None,
            rural: false,
            district: None,
            within: None,
        },
        words: name("help"),
        informant: None,
    };
    let opened = room.act_blocking(Act::new(handler(), open)).map_err(|d| d.to_string())?;
    let incident = opened.incident().ok_or("opening a log gave no number")?;
    let seen = room.view().incident(incident).map(|log| log.version).ok_or("the log is gone")?;
    let entry =
        |n| Act { expected: Some((incident, seen)), ..Act::new(handler(), text(incident, n)) };
    room.act_blocking(entry(1)).map_err(|denied| denied.to_string())?;
    match room.act_blocking(entry(2)) {
        Err(Denied::Refused(refused)) if refused.kind == RefusedKind::Changed => Ok(()),
        other => Err(format!("a claim on an older version was not refused: {other:?}")),
    }
}

fn text(incident: IncidentNumber, n: u32) -> AddEntry {
    AddEntry {
        incident,
        text: name(&format!("entry {n}")),
        critical: false,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    }
}

/// Many more commands at once than the queue has places: some are told to come again.
fn queue(room: &Room) -> Result<(), String> {
    let sent: Vec<_> = (0..5_000).map(|_| room.try_submit(contact())).collect();
    let busy = sent.iter().filter(|s| matches!(s, Err(Denied::Busy { .. }))).count();
    for pending in sent.into_iter().flatten() {
        pending.wait().map_err(|denied| denied.to_string())?;
    }
    if busy == 0 {
        return Err(format!("5,000 commands fitted into a queue of {QUEUE}"));
    }
    Ok(())
}
