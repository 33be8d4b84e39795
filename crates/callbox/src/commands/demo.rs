//! `callbox demo`: a demonstration force with invented people, live in the browser.

use crate::commands::serve::until_stopped;
use crate::place::{DEFAULT_POLICY, Place, QUEUE};
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use rules::name::StaffId;
use rules::role::Role;
use sim::demo::{OpenDemo, open, run_live};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where and how fast.
#[derive(ClapArgs)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Where to listen.
    #[arg(long, env = "CALLBOX_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many times as fast as life.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// The seed of the day: the same seed gives the same people and calls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// No limit of requests: for tests that throw requests at it.
    #[arg(long, hide = true)]
    unlimited: bool,
}

/// The people a visitor can be.
const VISITORS: [(&str, Role); 6] = [
    ("VISITOR-CH", Role::CallHandler),
    ("VISITOR-DD", Role::Dispatcher),
    ("VISITOR-TL", Role::TeamLeader),
    ("VISITOR-FIM", Role::ForceIncidentManager),
    ("VISITOR-PC", Role::Officer),
    ("VISITOR-AUD", Role::Auditor),
];

/// Runs the demonstration until it is told to stop.
pub fn run(args: Args, _json: bool) -> Outcome {
    if !(args.speed.is_finite() && args.speed > 0.0) {
        return Err("the speed is how many times as fast as life, such as 1 or 60".into());
    }
    std::fs::create_dir_all(&args.place.data)?;
    say::note("a demonstration force: invented people, numbers and places");
    say::note("working through the first hours of the shift ...");
    let (room, day) = open(&OpenDemo {
        seed: args.seed,
        store: args.place.store()?,
        data: args.place.data.clone(),
        policy_toml: DEFAULT_POLICY.to_owned(),
        speed: args.speed,
        queue: QUEUE,
    })?;
    let tokens = Arc::new(web::tokens::Tokens::open(args.place.data.join("tokens.json"))?);
    say::note("tokens for the API and the sign-on page, for this demonstration only:");
    for (name, role) in VISITORS {
        let token = tokens.issue(StaffId::parse(name)?, role, Vec::new(), 1)?;
        say::note(&format!("  {:<24} {token}", role.words()));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let running = run_live(room.clone(), day, args.speed, stop.clone())?;
    let config = web::Config {
        demo: true,
        limits: if args.unlimited { web::Limits::unlimited() } else { web::Limits::default() },
        tokens,
        metrics: Some(web::metrics()?),
        https: false,
    };
    let stopping = StopOnDrop(stop);
    let served = until_stopped(room, config, &args.place.data, args.listen, |address| {
        format!("Callbox demonstrates on http://{address}")
    });
    drop(stopping);
    if running.join().is_err() {
        return Err("the demonstration's day ended in a panic".into());
    }
    served
}

/// Ends the day however the demonstration ends.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
