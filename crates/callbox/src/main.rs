//! The one binary: configuration, command line, wiring.

mod bench;
mod commands;
mod place;
mod say;
mod sign_on;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Police contact management and command & control. Everything a force promises has an owner, a
/// clock and a ladder; it stays lit until somebody acts.
#[derive(Parser)]
#[command(
    name = "callbox",
    version,
    long_version = long_version(),
    propagate_version = true,
    after_help = EXAMPLES
)]
struct Cli {
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

/// The version, and the licence that has to come with the data inside the program.
fn long_version() -> &'static str {
    static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        let (version, licence) = (env!("CARGO_PKG_VERSION"), grid::OSTN15_LICENCE);
        format!("{version}\n\nGrid references use OSTN15:\n{licence}")
    });
    &TEXT
}

const EXAMPLES: &str = "Examples:
  callbox demo                                  a demonstration force, live in the browser
  callbox demo --training --pace busy           a training room: nothing in it is real
  callbox serve --data /var/lib/callbox         a force's own room
  callbox token --data /var/lib/callbox --staff DD07 --role dispatcher
  callbox account add 4417 --name \"Sian Rowe\" --role dispatcher --totp
  callbox replay calls.csv.gz --format sffd --speed max --json
  callbox simulate --busy-shift --seed 7 --json  what everybody hears in a busy shift
  callbox play scenarios/*.callbox              the cases, and what must be done in each
  callbox verify --data /var/lib/callbox        every record, every signed head
  callbox backup --data /var/lib/callbox --to /backup/tonight.db";

#[derive(Subcommand)]
enum Command {
    /// A demonstration force with invented people, live in the browser.
    Demo(commands::demo::Args),
    /// Run a force's room and its HTTP interface.
    Serve(commands::serve::Args),
    /// Drive real calls from a file through the real command path, and report.
    Replay(commands::replay::Args),
    /// Work a whole shift on a turned clock, and check what must hold in it.
    Simulate(commands::simulate::Args),
    /// Play scenarios, and compare what Callbox does with what it must do.
    Play(commands::play::Args),
    /// What happened in each case, and what Callbox does: which guard, when, told whom.
    Cases(commands::cases::Args),
    /// Check every record and every signed head of a journal, offline.
    Verify(commands::verify::Args),
    /// Measure this machine: each figure beside the machine's own floor.
    Bench(bench::Args),
    /// Check a policy for contradictions.
    Policy(commands::policy::Args),
    /// Copy a live journal to one file, and verify the copy.
    Backup(commands::backup::Args),
    /// Put a backup back into an empty place, and verify it.
    Restore(commands::restore::Args),
    /// Say what will be used and what is not in order.
    Doctor(commands::doctor::Args),
    /// Issue a bearer token for a person and a role; it is shown once.
    Token(commands::token::Args),
    /// Accounts for signing on to the pages: add, list, disable, reset.
    Account(commands::account::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    commands::start_traces();
    let json = cli.json;
    let result = match cli.command {
        Command::Demo(args) => commands::demo::run(args, json),
        Command::Serve(args) => commands::serve::run(args, json),
        Command::Replay(args) => commands::replay::run(args, json),
        Command::Simulate(args) => commands::simulate::run(args, json),
        Command::Play(args) => commands::play::run(args, json),
        Command::Cases(args) => commands::cases::run(args, json),
        Command::Verify(args) => commands::verify::run(args, json),
        Command::Bench(args) => bench::run(args, json),
        Command::Policy(args) => commands::policy::run(args, json),
        Command::Backup(args) => commands::backup::run(args, json),
        Command::Restore(args) => commands::restore::run(args, json),
        Command::Doctor(args) => commands::doctor::run(args, json),
        Command::Token(args) => commands::token::run(args, json),
        Command::Account(args) => commands::account::run(args, json),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(sentence) => {
            say::fault(json, &sentence.to_string());
            ExitCode::from(2)
        }
    }
}
