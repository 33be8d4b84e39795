//! R2: the power is cut. A virtual machine writes, acknowledging over its serial line, and is
//! killed; what its disk was never told to keep is gone. Another boots and looks.

use crate::acks::{Ack, checked};
use crate::chance::Chance;
use crate::check::Found;
use crate::guest::{self, Guest};
use crate::guest_postgres::GuestPostgres;
use crate::life::{Life, Said, own_binary};
use crate::report::{Row, progress};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How the power is cut.
#[derive(Args, Clone, Debug)]
pub struct Power {
    /// How many cuts.
    #[arg(long, default_value_t = 10)]
    pub rounds: u64,
    /// `sqlite`, or `postgres`: a server in the machine.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    pub store: String,
    /// What makes the run repeatable, as far as the moments of the cuts are.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where the kernel is kept between runs; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
    /// A planted bug that must lose: the rig proves that it can see a loss.
    #[arg(long)]
    pub canary: Option<String>,
}

/// A machine that has said nothing for so long will say nothing.
const BOOTS_WITHIN: Duration = Duration::from_secs(240);
/// A checker that has not finished after so long will not: it opens the room three times.
const CHECKS_WITHIN: Duration = Duration::from_secs(300);

/// Cuts the power.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(power: &Power) -> Result<Row, String> {
    let work = crate::work_dir::make(power.work.as_deref())?;
    let guest = Guest::make(work.path(), &own_binary())?;
    let postgres = match power.store.as_str() {
        "postgres" => Some(GuestPostgres::make(work.path())?),
        _ => None,
    };
    let target = match power.canary {
        Some(_) => "the planted bug loses",
        None => "0 lost",
    };
    let mut row = Row::new("R2", "P1 P2", target, "faults", power.seed);
    let rig = Rig { guest, postgres, work: work.path().to_owned(), power };
    let (mut acked, mut lost) = (0, 0);
    for round in 1..=power.rounds {
        let found = rig.round(round)?;
        acked += found.acked;
        let gone: Vec<_> = found.wrong.iter().filter(|w| is_loss(w)).cloned().collect();
        progress(&format!("power cut {round}: {} acked, {} wrong", found.acked, found.wrong.len()));
        let name = format!("cut {round}");
        match power.canary {
            None => row.trial(&name, &found.wrong),
            Some(_) if gone.is_empty() => row.trial(&name, &["nothing was lost".to_owned()]),
            Some(_) => {
                row.trial(&name, &[]);
                lost += 1;
                break;
            }
        }
    }
    if lost > 0 {
        // Rounds before the one that lost were luck, not a failure of the rig.
        row.failures = 0;
    }
    let counts = serde_json::json!({
        "store": power.store, "acked": acked, "canary": power.canary, "lost": lost,
    });
    Ok(row.finished(counts))
}

/// Whether this is an acknowledged command that is not there.
fn is_loss(what: &str) -> bool {
    what.contains("lost: ")
}

struct Rig<'a> {
    guest: Guest,
    postgres: Option<GuestPostgres>,
    work: PathBuf,
    power: &'a Power,
}

impl Rig<'_> {
    fn round(&self, round: u64) -> Result<Found, String> {
        let seed = self.power.seed.wrapping_mul(1_000) + round;
        let mut chance = Chance::new(seed);
        let disk = self.work.join(format!("disk-{}.img", std::process::id()));
        match &self.postgres {
            Some(postgres) => postgres.disk(&disk)?,
            None => guest::disk(&disk)?,
        }
        // A turned clock lets much more fall due in the few seconds there are.
        let clock = if chance.once_in(2) { "turned" } else { "steady" };
        let acks = self.until_cut(&disk, seed, clock, chance.between(1_500, 5_000));
        let found = acks.and_then(|acks| self.look(&disk, seed, clock, &acks));
        let _ = std::fs::remove_file(&disk);
        found
    }

    fn words(&self, mode: &str, seed: u64, clock: &str) -> String {
        let canary = self.power.canary.as_deref();
        let canary = canary.map_or(String::new(), |name| format!(" CALLBOX_CANARY={name}"));
        let owner = self.postgres.as_ref();
        let owner = owner.map_or(String::new(), |postgres| format!(" OWNER={}", postgres.owner));
        format!("MODE={mode} SEED={seed} CLOCK={clock}{canary}{owner}")
    }

    fn machine(&self, disk: &Path, acks: Option<&Path>, words: &str) -> Command {
        let programs = self.postgres.as_ref().map(|postgres| postgres.programs.as_path());
        let disks: Vec<&Path> = std::iter::once(disk).chain(programs).chain(acks).collect();
        self.guest.machine(&disks, words)
    }

    fn until_cut(&self, disk: &Path, seed: u64, clock: &str, ms: u64) -> Result<Vec<Ack>, String> {
        let words = self.words("run", seed, clock);
        let mut machine = Life::start(self.machine(disk, None, &words))?;
        if !machine.wait_until(BOOTS_WITHIN, |said| said.acks.len() > 10) {
            let said = machine.kill();
            return Err(format!("the machine did not come so far as to answer: {:?}", said.other));
        }
        std::thread::sleep(Duration::from_millis(ms));
        Ok(machine.kill().acks)
    }

    /// Boots again and lets the checker look. A garbled line is asked for again.
    fn look(&self, disk: &Path, seed: u64, clock: &str, acks: &[Ack]) -> Result<Found, String> {
        let list = self.work.join(format!("acks-{}.img", std::process::id()));
        write_list(&list, acks).map_err(|e| format!("{}: {e}", list.display()))?;
        let mut last = Said::default();
        for _ in 0..3 {
            let words = self.words("check", seed, clock);
            let mut machine = Life::start(self.machine(disk, Some(&list), &words))?;
            machine.wait_until(CHECKS_WITHIN, |said| {
                said.other.iter().any(|line| line.contains("GUEST checked"))
            });
            last = machine.kill();
            if let Some(found) = last.other.iter().find_map(|line| found(line)) {
                let _ = std::fs::remove_file(&list);
                return Ok(found);
            }
        }
        Err(format!("the checker in the machine gave no answer: {:?}", last.other))
    }
}

/// The answers as a disk: whole sectors, filled up with line ends.
fn write_list(path: &Path, acks: &[Ack]) -> std::io::Result<()> {
    let mut text: Vec<u8> = acks.iter().flat_map(|ack| format!("{ack}\n").into_bytes()).collect();
    text.resize(text.len().next_multiple_of(4096).max(4096), b'\n');
    std::fs::File::create(path)?.write_all(&text)
}

fn found(line: &str) -> Option<Found> {
    let start = line.find("CHECK")?;
    let text = checked(line.get(start..)?)?;
    match text.strip_prefix("CHECK-FAILED ") {
        Some(what) => Some(Found { wrong: vec![what.to_owned()], ..Found::default() }),
        None => serde_json::from_str(text.strip_prefix("CHECK ")?).ok(),
    }
}
