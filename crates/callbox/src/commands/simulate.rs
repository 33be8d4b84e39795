//! `callbox simulate`: a shift that nobody has to work, and what must hold in it.

use crate::place::{Place, policy_text};
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use rules::time::{Instant, Span};
use sim::busy::{Options, Report, Script, busy_shift};
use std::path::PathBuf;

/// Which shift.
#[derive(ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Sixty logs queue, five units, twelve hours: does anybody hear more than they can take in?
    #[arg(long, required = true)]
    busy_shift: bool,
    /// The same seed makes the same shift.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Nobody does anything for an hour, from four hours on.
    #[arg(long)]
    idle_hour: bool,
    /// A major incident begins after three hours.
    #[arg(long)]
    major_incident: bool,
    /// The folder for the room; it must hold no journal. A temporary one if not said.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The policy; the default force if none is given.
    #[arg(long)]
    policy: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  callbox simulate --busy-shift --seed 7 --json
  callbox simulate --busy-shift --major-incident --policy our-force.toml";

/// Saturday 21 November 2026, 14:00 in London: a shift needs some day, and always the same one.
const BEGINS: Instant = Instant(1_795_269_600_000);

/// Plays the shift, and reports. What was asked holds if every check does.
pub fn run(args: Args, json: bool) -> Outcome {
    let kept = args.data.is_some();
    let data = args.data.unwrap_or_else(|| {
        std::env::temp_dir().join(format!("callbox-simulate-{}", std::process::id()))
    });
    std::fs::create_dir_all(&data)?;
    let place = Place { data: data.clone(), store: "sqlite".to_owned() };
    let bar = say::progress("working the shift");
    let options = Options {
        seed: args.seed,
        store: place.store()?,
        data: data.clone(),
        policy_toml: policy_text(args.policy.as_deref())?,
        begins: BEGINS,
        script: Script {
            idle_after: args.idle_hour.then_some(Span::minutes(240)),
            major_after: args.major_incident.then_some(Span::minutes(180)),
        },
    };
    let minutes = |span: Span| u64::try_from(span.0 / 60_000).unwrap_or(0);
    let report = busy_shift(&options, &mut |done, total| {
        bar.set_length(minutes(total));
        bar.set_position(minutes(done));
    });
    bar.finish_and_clear();
    if !kept {
        std::fs::remove_dir_all(&data)?;
    }
    let report = report?;
    say::result(json, &report, || text(&report));
    Ok(report.holds())
}

fn text(r: &Report) -> String {
    let mut lines = vec![
        format!(
            "{} contacts, {} events, {} logs open at the end, {} of them wait for a unit ({:.1} s)",
            r.contacts, r.events, r.open_logs, r.waiting_logs, r.wall_s
        ),
        format!(
            "sounds in ten minutes at one seat: at most {}, p95 {}, p50 {}; {:.1} % of the time in \
             flood",
            r.alarms_per_10_min_max,
            r.alarms_per_10_min_p95,
            r.alarms_per_10_min_p50,
            r.flood_percent
        ),
        format!("{} sounds stopped, {} decisions, {} critical", r.acks, r.verbs, r.critical),
    ];
    for check in &r.checks {
        lines.push(format!("{}: {}", check.name, check.violations));
        lines.extend(check.details.iter().map(|detail| format!("  {detail}")));
    }
    lines.join("\n")
}
