//! `callbox backup`: a live journal to one file.

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
    /// The file to write; it must not exist.
    #[arg(long)]
    to: PathBuf,
}

/// Backs up.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    let store = args.place.store()?;
    let bar = say::progress("copying and verifying");
    let report = journal::backup(&store, &args.to, &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let value = json!({ "records": report.records, "heads": report.heads, "to": args.to });
    say::result(json_wanted, &value, || {
        format!(
            "{} records and {} signed heads copied to {} and verified. Keep the signing key's .pub \
             file with it, in another place",
            report.records,
            report.heads,
            args.to.display()
        )
    });
    Ok(true)
}
