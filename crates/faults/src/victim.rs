//! The victim: the production room under real commands, in a process of its own that may be killed
//! at any moment. It says what it was promised, and nothing before.

use crate::acks::{Ack, command_id, with_checksum};
use crate::chance::{Chance, mix};
use crate::desk_work::Desk;
use crate::force_policy;
use crate::setup::Setup;
use crate::watch;
use clap::{Args, ValueEnum};
use journal::Store;
use room::{Act, Clock, Config, Denied, Done, Room};
use rules::time::{Instant, Span};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How a victim is run.
#[derive(Args, Clone, Debug)]
pub struct Victim {
    /// The room to run.
    #[command(flatten)]
    pub setup: Setup,
    /// Say how late each obligation fired, by the monotonic clock.
    #[arg(long)]
    pub watch: bool,
    /// The last command of each writer that was acknowledged, in earlier lives.
    #[arg(long, value_delimiter = ',')]
    pub after: Vec<u64>,
    /// Stop after so many commands of each writer.
    #[arg(long)]
    pub commands: Option<u64>,
    /// Say what the rules refused, and why.
    #[arg(long)]
    pub refusals: bool,
    /// Milliseconds that each writer rests after an answer.
    #[arg(long, default_value_t = 0)]
    pub rest_ms: u64,
}

/// Which clock a room has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Now {
    /// The computer's.
    Steady,
    /// One that runs a thousand times as fast, so that much falls due.
    Turned,
}

/// The store that a name stands for, in a folder.
///
/// # Errors
/// That it names no store.
pub fn store(name: &str, dir: &Path) -> Result<Store, String> {
    match name {
        "sqlite" => Ok(Store::Sqlite { path: dir.join("journal.db") }),
        other => other.parse().map_err(|fault| format!("{fault}")),
    }
}

/// The policy of a run.
pub fn policy(obligations: bool) -> String {
    if obligations { force_policy::sixty_times_faster() } else { force_policy::DEFAULT.to_owned() }
}

/// Says one line, at once.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listening is no fault of the victim's.
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}

/// Runs a victim until it is killed, or until its commands are done.
///
/// # Errors
/// Why the room could not be opened.
pub fn run(victim: &Victim) -> Result<(), String> {
    let clock = match victim.setup.now {
        Now::Steady => Clock::steady(),
        Now::Turned => Clock::turned(Instant(1_790_000_000_000)),
    };
    let (room, opened) = Room::open(Config {
        store: store(&victim.setup.store, &victim.setup.dir)?,
        data: victim.setup.dir.clone(),
        policy_toml: policy(victim.setup.obligations),
        clock,
        queue: 4096,
    })
    .map_err(|fault| with_causes(&fault))?;
    let cut = opened.journal.cut.map_or(0, |cut| cut.records);
    let records = opened.journal.records;
    let folded = opened.folded;
    say(&with_checksum(&format!("READY records={records} folded={folded} cut={cut}")));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        if victim.watch {
            scope.spawn(|| watch::lateness(&room, &over));
        }
        if victim.setup.now == Now::Turned {
            scope.spawn(|| turn(&room, &over));
        }
        let writers: Vec<_> = (0..victim.setup.writers)
            .map(|writer| {
                let room = &room;
                scope.spawn(move || write(victim, room, writer))
            })
            .collect();
        for writer in writers {
            if writer.join().is_err() {
                say("PANIC a writer ended in a panic");
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    room.close();
    say(&with_checksum("CLOSED"));
    Ok(())
}

/// A fault with everything under it.
pub fn with_causes(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut under = fault.source();
    while let Some(cause) = under {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        under = cause.source();
    }
    text
}

/// Turns the clock: ten seconds for each hundredth of one.
fn turn(room: &Room, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(10));
        if let Err(denied) = room.advance_to(room.now() + Span::seconds(10)) {
            say(&with_checksum(&format!("NOTSAVED {denied}")));
        }
    }
}

fn write(victim: &Victim, room: &Room, writer: u64) {
    let at = usize::try_from(writer).unwrap_or(usize::MAX);
    let first = victim.after.get(at).copied().unwrap_or(0) + 1;
    let mut n = first;
    let mut chance = Chance::new(mix(victim.setup.seed) ^ mix(writer) ^ n);
    let desk = Desk::new(writer, 3);
    let last = victim.commands.map_or(u64::MAX, |more| n.saturating_add(more));
    while n < last {
        let id = command_id(victim.setup.seed, writer, n);
        let (by, command) = desk.next(&room.view(), room.now(), &mut chance);
        let act = Act { id, ..Act::new(by, command) };
        let answer = ask_until_answered(victim, room, &act);
        if answer.is_none()
            && let Some((first_seq, last_seq)) = kept_under(room, id)
        {
            if n > first {
                say(&format!("PANIC {id} was refused, and is kept at {first_seq}"));
            }
            // Its answer was lost with the life before this one, which asked for something else.
            say(&Ack { n, writer, id, first_seq, last_seq }.to_string());
            n += 1;
        }
        if let Some(done) = answer {
            // An answer without events left nothing in the journal to look for.
            if !done.events.is_empty() {
                let (first_seq, last_seq) = (done.first_seq, done.last_seq);
                say(&Ack { n, writer, id, first_seq, last_seq }.to_string());
                n += 1;
            }
        }
        std::thread::sleep(Duration::from_millis(victim.rest_ms));
    }
}

/// Where the command of an id is in the journal, if it is there.
fn kept_under(room: &Room, id: uuid::Uuid) -> Option<(u64, u64)> {
    let record = room.journal().by_key(id.into_bytes()).ok()??;
    let (_, _, of) = room::from_record(&record)?;
    Some((record.seq, record.seq + u64::from(of.unwrap_or(1)) - 1))
}

/// After "not saved" the outcome is unknown: the same id is asked again until it is known. `None`
/// if the rules refused the command.
fn ask_until_answered(victim: &Victim, room: &Room, act: &Act) -> Option<Done> {
    loop {
        match room.act_blocking(act.clone()) {
            Ok(done) => return Some(done),
            Err(Denied::Refused(refused)) => {
                if victim.refusals {
                    say(&format!("REFUSED {} {refused}", act.command.name()));
                }
                return None;
            }
            Err(denied @ (Denied::NotSaved { .. } | Denied::Busy { .. })) => {
                say(&with_checksum(&format!("NOTSAVED {denied}")));
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
}
