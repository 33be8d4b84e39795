//! The fault suite: what Callbox promises, tried by doing harm. A tool of this workspace, not of
//! the product; `faults --help` lists its parts. Each part prints one line of JSON and fails when
//! anything acknowledged is lost, doubled or reordered, or an obligation missed or fired twice.

#![expect(clippy::print_stdout, reason = "a tool whose results are lines on standard output")]

mod acks; //         what the victim was promised, a line an answer
mod all; //          every part at once
mod canaries; //     the planted bugs
mod chance; //       chance that a seed repeats
mod check; //        what was promised against what is there
mod clock; //        R9: the computer's clock jumps
mod desk_work; //    what people do next: real commands
mod discharge; //    the command that does what an obligation asks for
mod force_policy; // the default policy, and one that is sixty times faster
mod full; //         R5: the disk is full
mod guest; //        the virtual machine
mod guest_postgres; // a PostgreSQL server in it
mod inject; //       calls that are made to fail
mod io_fault; //     R4: reads and writes fail
mod kill; //         R1: kill -9
mod ledger; //       the obligations as the records alone tell them
mod life; //         one life of a victim
mod nights; //       R8: simulated nights
mod power; //        R2: the power is cut
mod probes; //       small trials of the room's own promises
mod report; //       a row of the scorecard
mod server; //       a PostgreSQL server that may be killed
mod setup; //        the room under trial
mod state_check; //  the room as it comes up again
mod victim; //       the production room under commands
mod watch; //        how late obligations fire
mod work_dir; //     where a run works

use clap::{Parser, Subcommand};
use report::Row;
use std::process::ExitCode;

/// Does harm to Callbox and looks at what is left.
#[derive(Parser)]
#[command(name = "faults")]
struct Cli {
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Runs the room under commands until it is killed (used by the other parts).
    Victim(victim::Victim),
    /// Checks what is left against what was acknowledged (used by the other parts).
    Check(check::Check),
    /// R1: kills the room at random moments.
    Kill(kill::Kill),
    /// R2: cuts the power of a virtual machine.
    Power(power::Power),
    /// R4: lets reads and writes fail.
    Io(io_fault::Io),
    /// R5: fills the disk.
    Full(full::Full),
    /// R9: moves the computer's clock.
    Clock(clock::Clock),
    /// R8: simulates nights.
    Nights(nights::Nights),
    /// Wakes the planted bugs, each of which must be caught.
    Canaries(canaries::Canaries),
    /// Runs everything.
    All(all::All),
    /// One small trial: `wake`, `claim` or `queue`.
    Probe(probes::Probe),
}

fn main() -> ExitCode {
    let said = match Cli::parse().part {
        Part::Victim(args) => return ended(victim::run(&args)),
        Part::Check(args) => return checked(check::run(&args)),
        Part::Probe(args) => return ended(probes::run(&args)),
        Part::All(args) => return ended(all::run(&args)),
        Part::Canaries(args) => canaries::run(&args).map(|row| vec![row]),
        Part::Kill(args) => kill::run(&args).map(|row| vec![row]),
        Part::Power(args) => power::run(&args).map(|row| vec![row]),
        Part::Io(args) => io_fault::run(&args).map(|row| vec![row]),
        Part::Full(args) => full::run(&args).map(|row| vec![row]),
        Part::Clock(args) => clock::run(&args).map(|row| vec![row]),
        Part::Nights(args) => nights::run(&args).map(|row| vec![row]),
    };
    match said {
        Ok(rows) => {
            rows.iter().for_each(|row| println!("{}", row.line()));
            if rows.iter().all(Row::passed) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(what) => ended(Err(what)),
    }
}

fn ended(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("faults: {what}");
            ExitCode::FAILURE
        }
    }
}

fn checked(found: Result<check::Found, String>) -> ExitCode {
    match found {
        Ok(found) => {
            let text = serde_json::to_string(&found).unwrap_or_default();
            victim::say(&acks::with_checksum(&format!("CHECK {text}")));
            if found.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(what) => {
            victim::say(&acks::with_checksum(&format!("CHECK-FAILED {what}")));
            ExitCode::FAILURE
        }
    }
}
