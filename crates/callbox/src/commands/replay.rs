//! `callbox replay`: real calls from a file through the real command path.

use crate::place::{Place, policy_text};
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use sim::files::Format;
use sim::replay::{Options, Report, Speed, replay};
use std::path::PathBuf;

/// What, how fast, into which room.
#[derive(ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file, plain or .gz.
    file: PathBuf,
    /// sffd, lfb, seattle or csv.
    #[arg(long)]
    format: Format,
    /// `max`, or how many times as fast as life.
    #[arg(long, default_value = "max")]
    speed: Speed,
    /// The folder for the replayed room; it must hold no journal. A temporary one if not said.
    #[arg(long)]
    data: Option<PathBuf>,
    /// `sqlite` or `postgres://...`; its journal must be empty.
    #[arg(long, default_value = "sqlite")]
    store: String,
    /// The policy; the default force if none is given.
    #[arg(long)]
    policy: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  callbox replay calls.csv.gz --format sffd --speed max --json
  callbox replay night.csv --format csv --speed 60

The csv format has one row a unit, with the header
  call,received,kind,place,lat,lon,priority,unit,dispatched,en_route,on_scene,available";

/// Replays, and reports. What was asked holds if nothing was refused, every time that is present is
/// equal, no obligation is lost and the journal verifies.
pub fn run(args: Args, json: bool) -> Outcome {
    let kept = args.data.is_some();
    let data = args.data.unwrap_or_else(|| {
        std::env::temp_dir().join(format!("callbox-replay-{}", std::process::id()))
    });
    std::fs::create_dir_all(&data)?;
    let place = Place { data: data.clone(), store: args.store };
    let bar = say::progress("replaying");
    let report = replay(
        &Options {
            file: args.file,
            format: args.format,
            speed: args.speed,
            store: place.store()?,
            data: data.clone(),
            policy_toml: policy_text(args.policy.as_deref())?,
        },
        &mut |progress| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
        },
    );
    bar.finish_and_clear();
    if !kept {
        std::fs::remove_dir_all(&data)?;
    }
    let report = report?;
    say::result(json, &report, || text(&report));
    Ok(holds(&report))
}

fn holds(r: &Report) -> bool {
    r.refused.is_empty()
        && r.on_scene.compared == r.on_scene.equal
        && r.obligations.lost == 0
        && r.verified
}

fn text(r: &Report) -> String {
    format!(
        "{} calls, {} units, {} events in {:.1} s ({:.0} commands a second)\n\
         on-scene times: {} compared, {} equal\n\
         obligations: {} armed, {} discharged, {} escalated, {} open, {} lost\n\
         refused commands: {}\n\
         latency: p50 {:.2} ms, p99 {:.2} ms\n\
         journal verifies: {}",
        r.calls,
        r.units,
        r.events,
        r.wall_s,
        r.commands_per_s,
        r.on_scene.compared,
        r.on_scene.equal,
        r.obligations.armed,
        r.obligations.discharged,
        r.obligations.escalated,
        r.obligations.open,
        r.obligations.lost,
        r.refused.len(),
        r.latency_ms.p50,
        r.latency_ms.p99,
        if r.verified { "yes" } else { "NO" },
    )
}
