//! R9: the computer's clock jumps under the real program, and drifts, and the night changes: what
//! is owed fires once, in time by a clock that nobody can set.

use crate::check::{self, Check};
use crate::kill::{Promised, is_wrong};
use crate::life::{self, Life, Said};
use crate::report::{Row, progress};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How clocks are moved.
#[derive(Args, Clone, Debug)]
pub struct Clock {
    /// Only these jumps, by name.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// How often the list is gone through.
    #[arg(long, default_value_t = 1)]
    pub rounds: u64,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to work; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// A jump: its name, the clock's distance from the true time at the start, and afterwards.
struct Jump {
    name: &'static str,
    /// Seconds.
    before: fn() -> i64,
    /// Seconds, as a function of the seconds since the jump.
    after: fn(f64) -> f64,
    /// Seconds that the victim runs on: well past the jump and what an obligation may be late by.
    runs: u64,
}

const HOUR: f64 = 3_600.0;

const JUMPS: [Jump; 6] = [
    Jump { name: "an hour on", before: || 0, after: |_| HOUR, runs: 8 },
    Jump { name: "an hour back", before: || 3_600, after: |_| 0.0, runs: 8 },
    Jump { name: "a day back", before: || 3_600, after: |_| -23.0 * HOUR, runs: 8 },
    Jump { name: "slow drift", before: || 0, after: |s| s * 0.05, runs: 8 },
    Jump {
        name: "the night the clocks go back",
        before: to_the_night,
        after: |_| f64::NAN,
        runs: 16,
    },
    Jump { name: "ten years on", before: || 0, after: |_| 10.0 * 365.25 * 24.0 * HOUR, runs: 8 },
];

/// 25 October 2026, five seconds before British Summer Time ends, from now.
fn to_the_night() -> i64 {
    const ENDS: i64 = 1_792_890_000;
    ENDS - 5 - jiff::Timestamp::now().as_second()
}

/// What an obligation may be late by, in milliseconds (promise P3).
const LATE_MS: u64 = 2_000;

/// Moves clocks.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(clock: &Clock) -> Result<Row, String> {
    let work = crate::work_dir::make(clock.work.as_deref())?;
    let mut row =
        Row::new("R9", "P3", "0 missed, 0 twice, late by at most 2 s", "faults", clock.seed);
    let (mut fired, mut worst) = (0, 0);
    for round in 0..clock.rounds {
        for jump in JUMPS.iter().filter(|j| chosen(&clock.only, j.name)) {
            let dir = work.path().join(format!("{round}-{}", jump.name.replace(' ', "-")));
            let said = under(jump, &dir, clock.seed + round)?;
            fired += said.late_ms.len();
            let latest = said.late_ms.iter().copied().max().unwrap_or(0);
            worst = worst.max(latest);
            let n = said.late_ms.len();
            progress(&format!("{}: {n} fired, {latest} ms late at most", jump.name));
            row.trial(jump.name, &judge(&dir, clock.seed + round, said)?);
        }
    }
    Ok(row.finished(serde_json::json!({ "fired": fired, "worst_late_ms": worst })))
}

fn chosen(only: &[String], name: &str) -> bool {
    only.is_empty() || only.iter().any(|wanted| name.contains(wanted.as_str()))
}

/// One victim under a clock that jumps while it runs.
fn under(jump: &Jump, dir: &Path, seed: u64) -> Result<Said, String> {
    std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let file = dir.with_extension("time");
    let before = (jump.before)();
    set(&file, before as f64)?;
    let mut victim = Life::start(faked(life::victim(dir, "sqlite", seed, &[]), &file)?)?;
    if !victim.wait_until(Duration::from_secs(20), |said| said.late_ms.len() > 3) {
        let said = victim.kill();
        return Err(format!("nothing fired before the clock was moved: {:?}", said.other));
    }
    let moved = std::time::Instant::now();
    while moved.elapsed() < Duration::from_secs(jump.runs) {
        let offset = (jump.after)(moved.elapsed().as_secs_f64());
        set(&file, if offset.is_nan() { before as f64 } else { offset })?;
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(victim.kill())
}

/// Sets the victim's clock, so many seconds from the true time. Written aside and moved, so that
/// no half of it is read.
fn set(file: &Path, seconds: f64) -> Result<(), String> {
    let new = file.with_extension("new");
    std::fs::write(&new, format!("{seconds:+.3}\n"))
        .and_then(|()| std::fs::rename(&new, file))
        .map_err(|e| format!("{}: {e}", file.display()))
}

fn faked(mut victim: Command, file: &Path) -> Result<Command, String> {
    let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    if !Path::new(library).exists() {
        return Err("libfaketime is missing: install the package faketime".to_owned());
    }
    victim.args(["--watch", "--rest-ms", "15"]);
    victim.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", file);
    victim.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    victim.env("DONT_FAKE_MONOTONIC", "1").env("TZ", "UTC");
    Ok(victim)
}

fn judge(dir: &Path, seed: u64, said: Said) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let late: Vec<_> = said.late_ms.iter().filter(|ms| **ms > LATE_MS).collect();
    if !late.is_empty() {
        wrong.push(format!("{} fired late, by up to {:?} ms", late.len(), late.iter().max()));
    }
    if !said.overdue.is_empty() {
        wrong.push(format!("{} did not fire within 2 s of their moment", said.overdue.len()));
    }
    let mut promised = Promised::default();
    let odd = promised.take(said);
    wrong.extend(odd.into_iter().filter(|line| is_wrong(line)));
    let checking = Check::of(dir, "sqlite", seed);
    wrong.extend(check::room(&checking, &promised.acks)?.wrong);
    Ok(wrong)
}
