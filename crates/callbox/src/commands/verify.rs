//! `callbox verify`: every record and every signed head, offline.

use crate::place::Place;
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use serde_json::json;
use std::path::PathBuf;

/// Which journal, and the key to trust.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Verify this SQLite journal file instead, such as a backup.
    #[arg(long)]
    file: Option<PathBuf>,
    /// A verifier key kept elsewhere than the journal: finds also who rewrote everything.
    #[arg(long)]
    key: Option<PathBuf>,
}

/// Verifies.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    let store = match args.file {
        Some(path) => journal::Store::Sqlite { path },
        None => args.place.store()?,
    };
    let bar = say::progress("verifying");
    let report = journal::verify(&store, args.key.as_deref(), &mut |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let value = json!({
        "records": report.records,
        "heads": report.heads,
        "ok": report.ok,
        "first_fault": report.first_fault.as_ref().map(|f| json!({"seq": f.seq, "what": f.what})),
        "unsigned": report.unsigned,
        "trusted_key": report.trusted,
        "key_ids": report.key_ids,
    });
    say::result(json_wanted, &value, || match &report.first_fault {
        None => format!(
            "{} records and {} signed heads are as they were written{}",
            report.records,
            report.heads,
            if report.trusted { "" } else { " (checked with the journal's own key)" }
        ),
        Some(fault) => format!("record {}: {}", fault.seq, fault.what),
    });
    Ok(report.ok)
}
