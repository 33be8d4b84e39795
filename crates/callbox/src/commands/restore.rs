//! `callbox restore`: a backup into an empty place.

use crate::place::Place;
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use serde_json::json;
use std::path::PathBuf;

/// From where, to where.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// The backup file.
    #[arg(long)]
    from: PathBuf,
}

/// Restores.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    std::fs::create_dir_all(&args.place.data)?;
    let store = args.place.store()?;
    let bar = say::progress("verifying and restoring");
    let report = journal::restore(&args.from, &store, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let value = json!({ "records": report.records, "heads": report.heads });
    say::result(json_wanted, &value, || {
        format!(
            "{} records and {} signed heads restored and verified",
            report.records, report.heads
        )
    });
    Ok(true)
}
