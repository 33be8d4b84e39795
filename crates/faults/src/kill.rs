//! R1: the victim is killed (SIGKILL) at random moments, again and again on the same journal, also
//! while it recovers from the kill before.

use crate::acks::Ack;
use crate::chance::Chance;
use crate::check::{self, Check};
use crate::life::{self, Life, Said};
use crate::report::{Row, progress};
use crate::server::Server;
use crate::setup::WRITERS;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// How kills are made.
#[derive(Args, Clone, Debug)]
pub struct Kill {
    /// How many kills.
    #[arg(long, default_value_t = 200)]
    pub rounds: u64,
    /// `sqlite`, `postgres` (a server of its own, killed too) or `postgres://…`.
    #[arg(long, default_value = "sqlite")]
    pub store: String,
    /// What makes the run repeatable, as far as the moments of the kills are.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Milliseconds that a victim lives at most after it is ready.
    #[arg(long, default_value_t = 450)]
    pub life_ms: u64,
    /// Milliseconds that each writer rests after an answer: with a rest, most kills find the room
    /// idle, and nothing that was answered may still be on its way.
    #[arg(long, default_value_t = 0)]
    pub rest_ms: u64,
    /// Where to work; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// After so many kills everything is checked; and at the end.
const CHECK_EVERY: u64 = 50;
/// In so many lives something is answered, or nothing is tried.
const ANSWERS_WITHIN: u64 = 10;
/// With a server of our own, it is killed in every so many rounds.
const SERVER_EVERY: u64 = 5;

/// What has been promised over all lives.
#[derive(Default)]
pub struct Promised {
    /// Every answer.
    pub acks: Vec<Ack>,
}

impl Promised {
    /// The last command of each writer that was acknowledged.
    pub fn after(&self) -> Vec<u64> {
        let of = |writer| self.acks.iter().filter(move |a| a.writer == writer).map(|a| a.n).max();
        (0..WRITERS).map(|writer| of(writer).unwrap_or(0)).collect()
    }

    /// What one life said; anything unexpected is given back.
    pub fn take(&mut self, said: Said) -> Vec<String> {
        self.acks.extend(said.acks);
        said.other
    }
}

/// Kills.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(kill: &Kill) -> Result<Row, String> {
    let work = crate::work_dir::make(kill.work.as_deref())?;
    let server = Server::for_store(&kill.store, &work.path().join("server"))?;
    let store = server.as_ref().map_or(kill.store.clone(), |s| s.url().to_owned());
    let dir = work.path().join("room");
    let mut row = Row::new("R1", "P1 P2 P4", "0 lost, doubled or reordered", "faults", kill.seed);
    let mut chance = Chance::new(kill.seed);
    let mut promised = Promised::default();
    let mut young = 0;
    let mut answered = 0;
    let mut last = None;
    let checking = Check::of(&dir, &store, kill.seed);
    for round in 1..=kill.rounds {
        let mut command = life::victim(&dir, &store, kill.seed, &promised.after());
        command.args(["--rest-ms", &kill.rest_ms.to_string()]);
        let mut victim = Life::start(command)?;
        if chance.once_in(4) {
            young += 1;
            std::thread::sleep(Duration::from_millis(chance.below(120)));
        } else {
            if !victim.wait_until(Duration::from_secs(30), |said| said.ready) {
                let said = victim.kill();
                row.trial(
                    &format!("kill {round}"),
                    &[format!("it did not start: {:?}", said.other)],
                );
                break;
            }
            std::thread::sleep(Duration::from_millis(chance.below(kill.life_ms)));
            if let Some(server) = server.as_ref().filter(|_| round.is_multiple_of(SERVER_EVERY)) {
                server.kill_and_start()?;
                let acks = victim.said().acks.len();
                let again = |said: &Said| said.acks.len() > acks + 4;
                if !victim.wait_until(Duration::from_secs(30), again) {
                    let what = "no answer within 30 s of the server's return".to_owned();
                    row.trial(&format!("server {round}"), &[what]);
                }
            }
        }
        let odd = promised.take(victim.kill());
        let mut wrong: Vec<String> = odd.into_iter().filter(|line| is_wrong(line)).collect();
        if round.is_multiple_of(ANSWERS_WITHIN) {
            if promised.acks.len() == answered {
                wrong.push(format!("nothing was answered in {ANSWERS_WITHIN} lives"));
            }
            answered = promised.acks.len();
        }
        if round.is_multiple_of(CHECK_EVERY) || round == kill.rounds {
            let found = check::room(&checking, &promised.acks)?;
            progress(&format!("{round} kills, {} answers, {} records", found.acked, found.records));
            wrong.extend(found.wrong.clone());
            last = Some(found);
        }
        row.trial(&format!("kill {round}"), &wrong);
    }
    let counts = serde_json::json!({ "store": kill.store, "while_starting": young, "found": last });
    Ok(row.finished(counts))
}

/// A line on standard error that nobody should ever see.
pub fn is_wrong(line: &str) -> bool {
    line.contains("panicked") || line.starts_with("PANIC")
}
