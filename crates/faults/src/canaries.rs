//! The tests' own test: each planted bug is woken, and what must find it has to find it. The same
//! trials have to pass while all of them sleep; a harness that is never shown to catch a bug proves
//! nothing.

use crate::life::own_binary;
use crate::report::{Row, progress};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How canaries are tried.
#[derive(Args, Clone, Debug)]
pub struct Canaries {
    /// Only these, by name.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Where the kernel of the power cuts is kept between runs; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
    /// The workspace; where this program was built otherwise.
    #[arg(long)]
    pub workspace: Option<PathBuf>,
}

/// What must find a planted bug.
enum By {
    /// Part of this suite; it fails.
    Suite(&'static [&'static str]),
    /// The power-cut rig, which knows that this one must lose.
    Power,
    /// This one test among those of a target. Whatever else fails there proves nothing.
    Test(&'static [&'static str], &'static str),
}

/// A planted bug and what must find it.
struct Canary(&'static str, By);

const KILLS: &[&str] = &["kill", "--rounds", "12", "--seed", "7"];
const IDLE_KILLS: &[&str] = &["kill", "--rounds", "12", "--seed", "7", "--rest-ms", "40"];
const NIGHT: &[&str] = &["clock", "--only", "the night"];
const JOURNAL: &[&str] = &["--test", "promises"];
const API: &[&str] = &["--test", "api"];
const LIB: &[&str] = &["--lib"];

/// The sixteen that exist; the plan of the whole product has twenty-four.
const ALL: [Canary; 16] = [
    Canary("no_fsync", By::Power),
    Canary("normal", By::Power),
    Canary("ack_before_write", By::Suite(IDLE_KILLS)),
    Canary("local_time_due", By::Suite(NIGHT)),
    Canary("in_memory_timer", By::Suite(KILLS)),
    Canary("double_fire", By::Suite(KILLS)),
    Canary("lost_wake_up", By::Suite(&["probe", "wake"])),
    Canary("stale_claim", By::Suite(&["probe", "claim"])),
    Canary("unbounded_queue", By::Suite(&["probe", "queue"])),
    Canary("hash_gap", By::Test(JOURNAL, "tampering::no_record_of_a_long_journal_is_passed_over")),
    Canary(
        "back_date",
        By::Test(JOURNAL, "appending::a_clock_set_back_does_not_date_a_record_before_the_last"),
    ),
    Canary(
        "unscoped_query",
        By::Test(API, "matrix::every_role_gets_at_every_address_exactly_what_the_table_says"),
    ),
    Canary(
        "unhashed_token",
        By::Test(LIB, "tokens::tests::a_token_is_known_again_and_never_stored"),
    ),
    Canary(
        "plain_compare",
        By::Test(LIB, "tokens::tests::a_comparison_looks_at_every_byte_wherever_they_differ"),
    ),
    Canary(
        "page_size_zero",
        By::Test(API, "views::a_page_has_a_size_and_a_filter_is_understood_or_refused"),
    ),
    Canary(
        "unwrap_utf8",
        By::Test(API, "deeds::bytes_that_are_no_text_are_refused_wherever_they_stand"),
    ),
];

/// How many the plan has.
const PLANNED: usize = 24;

/// Wakes each canary.
///
/// # Errors
/// That this program has none, being no debug build of the whole workspace.
pub fn run(canaries: &Canaries) -> Result<Row, String> {
    let nest = Nest::of(canaries)?;
    let mut row = Row::new("CANARIES", "5.5", "each is caught", "not caught", 0);
    let chosen = |name: &str| canaries.only.is_empty() || canaries.only.iter().any(|o| o == name);
    let mut asleep: Vec<(String, Result<(), String>)> = Vec::new();
    let mut caught = 0;
    for Canary(name, by) in ALL.iter().filter(|c| chosen(c.0)) {
        // What must find it must first pass without it.
        let trial = by.words();
        if !asleep.iter().any(|(done, _)| *done == trial) {
            asleep.push((trial.clone(), nest.passes(by)));
        }
        let passes =
            asleep.iter().find(|(done, _)| *done == trial).map(|(_, result)| result.clone());
        let result = match passes {
            Some(Err(what)) => Err(format!("not run, since `{trial}` fails without it: {what}")),
            _ => nest.catches(name, by),
        };
        match &result {
            Ok(how) => progress(&format!("{name:18} caught     {how}")),
            Err(what) => progress(&format!("{name:18} NOT CAUGHT {what}")),
        }
        caught += usize::from(result.is_ok());
        row.trial(name, &result.err().into_iter().collect::<Vec<_>>());
    }
    let counts = serde_json::json!({ "caught": caught, "of": ALL.len(), "planned": PLANNED });
    progress(&self::caught(&counts).unwrap_or_default());
    Ok(row.finished(counts))
}

/// The counts of a row of this part as a sentence.
pub fn caught(counts: &serde_json::Value) -> Option<String> {
    let n = |name: &str| counts.get(name)?.as_u64();
    Some(format!("caught {} of {} (of {} planned)", n("caught")?, n("of")?, n("planned")?))
}

impl By {
    fn words(&self) -> String {
        match self {
            By::Suite(args) => format!("faults {}", args.join(" ")),
            By::Power => "faults power".to_owned(),
            By::Test(args, test) => format!("cargo test {} {test}", args.join(" ")),
        }
    }
}

/// Where the canaries live: this program, and the tests built with it.
struct Nest {
    workspace: PathBuf,
    work: Option<PathBuf>,
}

impl Nest {
    fn of(canaries: &Canaries) -> Result<Nest, String> {
        if !cfg!(debug_assertions) {
            return Err("a release build has no planted bugs: try them with a debug build".into());
        }
        let here = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let workspace = canaries.workspace.clone().unwrap_or_else(here);
        Ok(Nest { workspace, work: canaries.work.clone() })
    }

    fn cargo(&self, what: &str) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        // Of the whole workspace: only there the planted bugs are built in.
        command.args([what, "--locked", "--workspace"]).current_dir(&self.workspace);
        command.stdin(Stdio::null()).env_remove("CALLBOX_CANARY");
        command
    }

    fn command(&self, by: &By) -> Command {
        match by {
            By::Suite(args) => {
                let mut command = Command::new(own_binary());
                command.args(*args).stdin(Stdio::null()).env_remove("CALLBOX_CANARY");
                command
            }
            By::Power => {
                let mut command = Command::new(own_binary());
                command.arg("power").stdin(Stdio::null()).env_remove("CALLBOX_CANARY");
                if let Some(work) = &self.work {
                    command.arg("--work").arg(work);
                }
                command
            }
            By::Test(args, test) => {
                let mut command = self.cargo("test");
                command.args(*args).args(["--no-fail-fast", test]);
                command
            }
        }
    }

    /// Whether a trial passes while every planted bug sleeps.
    fn passes(&self, by: &By) -> Result<(), String> {
        let mut command = self.command(by);
        if let By::Power = by {
            command.args(["--rounds", "1"]);
        }
        let out = command.output().map_err(|e| format!("{command:?}: {e}"))?;
        match by {
            // A filter that fits no test passes too.
            By::Test(_, test) if !said_of(&out, test, "ok") => Err(end_of(&out)),
            _ if out.status.success() => Ok(()),
            _ => Err(end_of(&out)),
        }
    }

    /// How a trial found a planted bug.
    fn catches(&self, name: &str, by: &By) -> Result<String, String> {
        let mut command = self.command(by);
        if let By::Power = by {
            command.args(["--rounds", "4", "--canary", name]);
        } else {
            command.env("CALLBOX_CANARY", name);
        }
        let out = command.output().map_err(|e| format!("{command:?}: {e}"))?;
        match (by, out.status.success()) {
            (By::Power, true) => Ok("the power-cut rig lost acknowledged commands".to_owned()),
            (By::Power, false) => Err(end_of(&out)),
            (By::Test(_, test), false) if said_of(&out, test, "FAILED") => {
                // The source may have changed meanwhile: asleep, it still passes.
                self.passes(by).map(|()| (*test).to_owned())
            }
            (By::Test(..), false) => Err(end_of(&out)),
            (By::Suite(_), false) => {
                first_fault(by, &out).map(|fault| format!("{}: {fault}", by.words()))
            }
            (_, true) => Err(format!("`{}` passes with it awake", by.words())),
        }
    }
}

/// Whether exactly this test ended so.
fn said_of(out: &std::process::Output, test: &str, how: &str) -> bool {
    let line = format!("test {test} ... {how}");
    String::from_utf8_lossy(&out.stdout).lines().any(|said| said == line)
}

/// The first thing that a part of the suite found. A part that could not be tried found nothing.
fn first_fault(by: &By, out: &std::process::Output) -> Result<String, String> {
    let text = String::from_utf8_lossy(&out.stdout);
    let row = text.lines().rev().find_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
    let fault = row.and_then(|row| row.get("log")?.get(0)?.as_str().map(str::to_owned));
    match (fault, by) {
        (Some(fault), _) => Ok(fault),
        (None, By::Suite(["probe", ..])) => Ok(end_of(out)),
        (None, _) => Err(end_of(out)),
    }
}

fn end_of(out: &std::process::Output) -> String {
    let text = [&out.stdout[..], &out.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join(" | ")
}
