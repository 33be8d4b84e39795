//! A day at life speed, faster, or turned.

use super::Demo;
use journal::Store;
use room::{Clock, Config, OpenFault, Room};
use rules::time::{Instant, Span};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How a demonstration is opened.
#[derive(Clone, Debug)]
pub struct OpenDemo {
    /// The seed of the day.
    pub seed: u64,
    /// The journal. A new one begins in the middle of a shift; one that holds a day goes on.
    pub store: Store,
    /// The folder for the room's own files.
    pub data: PathBuf,
    /// The policy.
    pub policy_toml: String,
    /// How many times as fast as life.
    pub speed: f64,
    /// How much happens.
    pub pace: Pace,
    /// How many commands may wait in the room.
    pub queue: usize,
}

/// How much happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// A quiet night: time to look something up.
    Quiet,
    /// A usual day.
    #[default]
    Usual,
    /// A busy evening: there is always somebody waiting.
    Busy,
    /// A major incident: more than the room can take.
    Major,
}

impl Pace {
    /// How many times as many contacts as on a usual day.
    pub(super) fn times(self) -> f64 {
        match self {
            Pace::Quiet => 0.4,
            Pace::Usual => 1.0,
            Pace::Busy => 2.0,
            Pace::Major => 5.0,
        }
    }
}

/// So much of the shift has passed when a new demonstration begins.
const SHIFT_SO_FAR: Span = Span::minutes(120);
/// The clock is looked at so often.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Opens a room in the middle of a shift, with logs open and units out. What happened so far was
/// worked through on a turned clock; from now on it is the computer's own, unless the speed is
/// another than life's. Blocks for a few seconds.
///
/// # Errors
/// Why the room could not be opened.
pub fn open(options: &OpenDemo) -> Result<(Room, Demo), OpenFault> {
    let now = Instant(jiff::Timestamp::now().as_millisecond());
    let config = |clock| Config {
        store: options.store.clone(),
        data: options.data.clone(),
        policy_toml: options.policy_toml.clone(),
        clock,
        queue: options.queue,
    };
    let (mut room, opened) = Room::open(config(Clock::turned(now - SHIFT_SO_FAR)))?;
    let mut demo = Demo::new(options.seed).at_pace(options.pace);
    let at = room.now();
    demo.begin(&room, at, true);
    if opened.journal.records == 0 {
        demo.run_until(&room, now);
        demo.look(&room);
    }
    // A day that slept meanwhile wakes up at the present.
    let _ = room.advance_to(now);
    if is_life(options.speed) {
        room.close();
        drop(room);
        room = Room::open(config(Clock::steady()))?.0;
        demo.turned = false;
    }
    Ok((room, demo))
}

fn is_life(speed: f64) -> bool {
    (speed - 1.0).abs() < 1e-9
}

/// Drives a day on a thread of its own until `stop`, at the speed it was opened with.
///
/// # Errors
/// That no thread could be started.
pub fn run_live(
    room: Room,
    mut demo: Demo,
    speed: f64,
    stop: Arc<AtomicBool>,
) -> std::io::Result<JoinHandle<Demo>> {
    std::thread::Builder::new().name("demo".to_owned()).spawn(move || {
        let (started, from) = (std::time::Instant::now(), room.now());
        while !stop.load(Ordering::Relaxed) {
            let now = if demo.turned {
                #[expect(clippy::cast_possible_truncation, reason = "far below the range of i64")]
                let passed = (started.elapsed().as_secs_f64() * speed * 1_000.0) as i64;
                from + Span(passed)
            } else {
                room.now()
            };
            while !stop.load(Ordering::Relaxed) && demo.next_at().is_some_and(|at| at <= now) {
                demo.step(&room);
            }
            if demo.turned {
                // A room that is closing no longer turns; the day ends with it.
                let _ = room.advance_to(now);
            }
            std::thread::sleep(LOOK_EVERY);
        }
        demo
    })
}
