//! R4: the N-th read or write fails, for every N: what was acknowledged stays, the sentence says
//! what is wrong, and the room goes on by itself or at its next start.

use crate::check::{self, Check};
use crate::kill::{Promised, is_wrong};
use crate::life::{self, Life};
use crate::report::{Row, progress};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How calls are made to fail.
#[derive(Args, Clone, Debug)]
pub struct Io {
    /// The highest N.
    #[arg(long, default_value_t = 40)]
    pub upto: u64,
    /// The step from one N to the next.
    #[arg(long, default_value_t = 1)]
    pub step: u64,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to work; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// One way to fail.
struct Way {
    calls: &'static str,
    error: &'static str,
    /// Whether every call after the N-th fails too.
    for_good: bool,
}

const WAYS: [Way; 5] = [
    Way { calls: "fdatasync,fsync", error: "EIO", for_good: false },
    Way { calls: "pwrite64", error: "EIO", for_good: false },
    Way { calls: "pwrite64", error: "ENOSPC", for_good: false },
    Way { calls: "fdatasync,fsync", error: "EIO", for_good: true },
    Way { calls: "pwrite64", error: "ENOSPC", for_good: true },
];

/// Lets calls fail, each N in each way.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(io: &Io) -> Result<Row, String> {
    let work = crate::work_dir::make(io.work.as_deref())?;
    let mut row =
        Row::new("R4", "P1 P2", "0 lost; a clear sentence; it recovers", "faults", io.seed);
    let (mut hit, mut told, mut acked) = (0, 0, 0);
    let mut n = 1;
    while n <= io.upto {
        for way in &WAYS {
            let dir = work.path().join("room");
            let _ = std::fs::remove_dir_all(&dir);
            let tried = trial(way, n, &dir, io.seed + n)?;
            hit += u64::from(tried.hit);
            told += u64::from(tried.told);
            acked += tried.acked;
            let good = if way.for_good { "+" } else { "" };
            row.trial(&format!("{} {} when={n}{good}", way.calls, way.error), &tried.wrong);
        }
        progress(&format!("call {n}: {hit} of {} faults hit, {told} told", row.trials));
        n += io.step.max(1);
    }
    if hit == 0 {
        row.trial("all", &["no call was made to fail: is strace allowed here?".to_owned()]);
    }
    Ok(row.finished(serde_json::json!({ "hit": hit, "told": told, "acked": acked })))
}

#[derive(Default)]
struct Tried {
    hit: bool,
    told: bool,
    acked: u64,
    wrong: Vec<String>,
}

fn trial(way: &Way, n: u64, dir: &Path, seed: u64) -> Result<Tried, String> {
    let mut tried = Tried::default();
    let mut promised = Promised::default();
    let trace = dir.with_extension("strace");
    let plain = life::victim(dir, "sqlite", seed, &[]);
    let mut victim = Life::start(under_strace(&plain, way, n, &trace))?;
    let within = Duration::from_secs(if way.for_good { 4 } else { 20 });
    let enough = |said: &life::Said| said.acks.len() >= 60;
    let went_on = victim.wait_until(within, enough);
    let said = kill_traced(victim);
    tried.hit = std::fs::read_to_string(&trace).is_ok_and(|text| text.contains("(INJECTED)"));
    let refused_to_start = !said.ready;
    for sentence in said.not_saved.iter().chain(said.other.iter().filter(|_| refused_to_start)) {
        tried.told = true;
        if !is_clear(sentence) {
            tried.wrong.push(format!("unclear: {sentence}"));
        }
    }
    if !went_on && !way.for_good && !refused_to_start {
        tried.wrong.push("it did not go on by itself within 20 s".to_owned());
    }
    let odd = promised.take(said);
    tried.wrong.extend(odd.into_iter().filter(|line| is_wrong(line)));
    next_start(dir, seed, &mut promised, &mut tried)?;
    Ok(tried)
}

/// The disk is well again: the room starts, goes on, and has everything.
fn next_start(
    dir: &Path,
    seed: u64,
    promised: &mut Promised,
    tried: &mut Tried,
) -> Result<(), String> {
    let mut victim = Life::start(life::victim(dir, "sqlite", seed, &promised.after()))?;
    if !victim.wait_until(Duration::from_secs(20), |said| said.acks.len() >= 10) {
        tried.wrong.push("it does not go on at the next start".to_owned());
    }
    let odd = promised.take(victim.kill());
    tried.wrong.extend(odd.into_iter().filter(|line| is_wrong(line)));
    let checking = Check::of(dir, "sqlite", seed);
    let found = check::room(&checking, &promised.acks)?;
    tried.acked = found.acked;
    tried.wrong.extend(found.wrong);
    Ok(())
}

/// What is wrong, and what to do.
fn is_clear(sentence: &str) -> bool {
    let says_what = ["disk", "store", "journal", "cannot be used"];
    says_what.iter().any(|word| sentence.contains(word))
}

fn under_strace(plain: &Command, way: &Way, n: u64, trace: &Path) -> Command {
    let mut command = Command::new("strace");
    let plus = if way.for_good { "+" } else { "" };
    command.args(["-f", "-qq", "-e", &format!("trace={}", way.calls), "-e"]);
    command.arg(format!("inject={}:error={}:when={n}{plus}", way.calls, way.error));
    command.arg("-o").arg(trace).arg(plain.get_program()).args(plain.get_args());
    command
}

/// Ends strace, and the victim it has started.
fn kill_traced(victim: Life) -> life::Said {
    let strace = victim.pid();
    for pid in crate::server::children(strace) {
        let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
    }
    victim.finish(Duration::from_secs(5))
}
