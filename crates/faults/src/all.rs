//! Every part at once: the short form for each change, the long one for a release.

use crate::canaries;
use crate::life::own_binary;
use crate::report::progress;
use clap::Args;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

/// How everything is tried.
#[derive(Args, Clone, Debug)]
pub struct All {
    /// The short form, for each change (the default).
    #[arg(long, conflicts_with = "long")]
    pub short: bool,
    /// The long form, for a release.
    #[arg(long)]
    pub long: bool,
    /// Where the kernel of the power cuts is kept between runs; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
    /// Where the results go, a line of JSON each.
    #[arg(long)]
    pub results: Option<PathBuf>,
    /// A PostgreSQL 15 that may be written to; a server of our own otherwise, which is killed too.
    #[arg(long, env = "CALLBOX_TEST_POSTGRES")]
    pub postgres: Option<String>,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// A part of the suite with its words.
type Part = Vec<String>;

/// Runs everything, in lanes that do not disturb each other.
///
/// # Errors
/// How many parts failed.
pub fn run(all: &All) -> Result<(), String> {
    let rows = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for lane in lanes(all) {
            let rows = &rows;
            scope.spawn(move || {
                for part in lane {
                    let row = one(&part);
                    if let Ok(mut rows) = rows.lock() {
                        rows.push(row);
                    }
                }
            });
        }
    });
    let mut rows = rows.into_inner().map_err(|_| "a part ended in a panic".to_owned())?;
    // Whole test programs would disturb the lanes.
    rows.push(one(&with_work(all, vec!["canaries".to_owned()])));
    if let Some(path) = &all.results {
        let mut file =
            std::fs::File::create(path).map_err(|e| format!("{}: {e}", path.display()))?;
        for (_, line) in &rows {
            writeln!(file, "{line}").map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    for (_, line) in &rows {
        println!("{line}");
    }
    println!("{}", caught(&rows));
    let failed = rows.iter().filter(|(passed, _)| !passed).count();
    println!("{} passed, {failed} failed", rows.len() - failed);
    if failed == 0 { Ok(()) } else { Err(format!("{failed} part(s) of the fault suite failed")) }
}

/// How many of the planted bugs were found.
fn caught(rows: &[(bool, String)]) -> String {
    let mut rows = rows.iter().filter_map(|(_, line)| serde_json::from_str::<Value>(line).ok());
    let canaries = rows.rfind(|row| row.get("id").is_some_and(|id| id == "CANARIES"));
    let counts = canaries.and_then(|row| canaries::caught(row.get("counts")?));
    counts.unwrap_or_else(|| "the planted bugs were not tried".to_owned())
}

fn with_work(all: &All, mut part: Part) -> Part {
    if let Some(work) = &all.work {
        part.extend(["--work".to_owned(), work.display().to_string()]);
    }
    part
}

fn lanes(all: &All) -> Vec<Vec<Part>> {
    let size = |short: u64, long: u64| if all.long { long } else { short }.to_string();
    let part = |words: &[&str]| -> Part {
        let seed = all.seed.to_string();
        words.iter().copied().chain(["--seed", &seed]).map(str::to_owned).collect()
    };
    let postgres = all.postgres.as_deref().unwrap_or("postgres");
    let power = |words: &[&str]| with_work(all, part(&[&["power"], words].concat()));
    // On SQLite the planted bugs are cut when all of them are tried.
    let loses = ["--store", "postgres", "--rounds", "4", "--canary", "normal"];
    vec![
        vec![
            part(&["kill", "--rounds", &size(200, 5_000)]),
            part(&["kill", "--store", postgres, "--rounds", &size(20, 1_000)]),
            part(&["full", "--rounds", &size(1, 20)]),
            part(&["io", "--store", "postgres", "--upto", &size(31, 61), "--step", &size(30, 10)]),
        ],
        vec![
            power(&["--rounds", &size(3, 100)]),
            power(&["--store", "postgres", "--rounds", &size(1, 30)]),
            power(&loses),
            part(&["io", "--upto", &size(12, 100), "--step", &size(3, 2)]),
            part(&["io", "--pairs", "--upto", &size(8, 40), "--step", &size(5, 3)]),
            part(&["clock", "--rounds", &size(1, 10), "--only", if all.long { "" } else { SHORT }]),
            part(&["nights", "--nights", &size(3, 100)]),
        ],
    ]
}

/// The jumps of the short form.
const SHORT: &str = "an hour on,a day back,the night";

/// Runs one part in a process of its own.
fn one(part: &Part) -> (bool, String) {
    let words = part.join(" ");
    let started = Instant::now();
    let out = Command::new(own_binary())
        .args(part)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let seconds = started.elapsed().as_secs();
    match out {
        Ok(out) => {
            let passed = out.status.success();
            let text = String::from_utf8_lossy(&out.stdout);
            let line = text.lines().last().map(str::to_owned);
            let verdict = if passed { "pass" } else { "FAIL" };
            progress(&format!("{verdict}  {words}  ({seconds} s)"));
            (passed, line.unwrap_or_else(|| not_run(&words, "it said nothing")))
        }
        Err(e) => (false, not_run(&words, &e.to_string())),
    }
}

fn not_run(words: &str, why: &str) -> String {
    serde_json::json!({ "command": words, "verdict": "fail", "log": [why] }).to_string()
}
