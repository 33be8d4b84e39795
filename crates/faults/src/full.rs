//! R5: the disk is full, and then it is not: what was acknowledged stays, the sentence says so, and
//! the room goes on without a restart.

use crate::check::{self, Check};
use crate::guest::sh;
use crate::kill::{Promised, is_wrong};
use crate::life::{self, Life, Said};
use crate::report::{Row, progress};
use crate::server::Server;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How disks are filled.
#[derive(Args, Clone, Debug)]
pub struct Full {
    /// How often each case is tried.
    #[arg(long, default_value_t = 1)]
    pub rounds: u64,
    /// Leave PostgreSQL out.
    #[arg(long)]
    pub without_postgres: bool,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to work; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// A file system in memory of a fixed size; it goes when this does.
struct Volume(PathBuf);

impl Volume {
    fn mount(at: &Path, megabytes: u32) -> Result<Volume, String> {
        let place = at.display();
        sh(&format!("mkdir -p {place} && mount -t tmpfs -o size={megabytes}m faults {place}"))
            .map_err(|e| format!("a small volume cannot be mounted (this needs root): {e}"))?;
        Ok(Volume(at.to_owned()))
    }

    /// Fills all but so many kilobytes, while others write: it may run full on the way.
    fn fill(&self, leave_kb: u64) -> Result<(), String> {
        let place = self.0.display();
        sh(&format!(
            "free=$(df --output=avail -k {place} | tail -1); \
             dd if=/dev/zero of={place}/ballast bs=1024 count=$((free - {leave_kb})) status=none; \
             true"
        ))
        .map(|_| ())
    }

    fn free(&self) -> Result<(), String> {
        sh(&format!("rm -f {}/ballast", self.0.display())).map(|_| ())
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = sh(&format!("umount {0} || umount -l {0}", self.0.display()));
    }
}

/// Fills disks.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(full: &Full) -> Result<Row, String> {
    let work = crate::work_dir::make(full.work.as_deref())?;
    let mut row =
        Row::new("R5", "P1 P2", "0 lost; it goes on when space returns", "faults", full.seed);
    let mut told = Vec::new();
    for round in 0..full.rounds {
        let seed = full.seed + round;
        let at = |name: &str| work.path().join(format!("{name}{round}"));
        let all = everything_on_it(&at("all"), seed)?;
        let rest = all_but_the_journal(&at("rest"), seed)?;
        let mut cases = vec![("all on a full disk", all), ("all but the journal", rest)];
        if !full.without_postgres {
            cases.push(("PostgreSQL on a full disk", postgres(&at("pg"), seed)?));
        }
        for (name, (wrong, sentence)) in cases {
            progress(&format!("{name}: {} wrong; it said: {sentence}", wrong.len()));
            row.trial(name, &wrong);
            told.push(sentence);
        }
    }
    Ok(row.finished(serde_json::json!({ "told": told })))
}

type Tried = (Vec<String>, String);

/// The journal, the history and the snapshots on one volume.
fn everything_on_it(at: &Path, seed: u64) -> Result<Tried, String> {
    let volume = Volume::mount(at, 64)?;
    let dir = at.join("room");
    let tried = fill_and_free(&dir, "sqlite", seed, &volume, 300, || Ok(()))?;
    Ok(tried)
}

/// History and snapshots run full, and the journal has space: calls are taken all the same.
fn all_but_the_journal(at: &Path, seed: u64) -> Result<Tried, String> {
    let journal = at.join("journal");
    std::fs::create_dir_all(&journal).map_err(|e| e.to_string())?;
    let volume = Volume::mount(&at.join("data"), 64)?;
    let dir = at.join("data/room");
    let store = format!("sqlite:{}", journal.join("journal.db").display());
    let mut victim = Life::start(life::victim(&dir, &store, seed, &[]))?;
    let mut wrong = Vec::new();
    if !victim.wait_until(START, |said| said.acks.len() > 50) {
        wrong.push("it did not start".to_owned());
    }
    volume.fill(0)?;
    let before = victim.said().acks.len();
    if !victim.wait_until(GOES_ON, |said| said.acks.len() > before + 500) {
        wrong.push("it does not go on with a full disk under its history".to_owned());
    }
    volume.free()?;
    let said = victim.kill();
    let sentence = said.not_saved.first().cloned().unwrap_or_else(|| "nothing".to_owned());
    wrong.extend(after(&dir, &store, seed, said)?);
    Ok((wrong, sentence))
}

/// The server's data on one small volume.
fn postgres(at: &Path, seed: u64) -> Result<Tried, String> {
    let volume = Volume::mount(&at.join("volume"), 160)?;
    sh(&format!("chmod 755 {0} {0}/volume", at.display()))?;
    let server = Server::start(&at.join("volume/pg"))?;
    let dir = at.join("room");
    let url = server.url().to_owned();
    let back = || {
        // A server that stopped for want of space is started by whoever keeps it.
        if server.answers() { Ok(()) } else { server.start_again() }
    };
    let tried = fill_and_free(&dir, &url, seed, &volume, 2_000, back)?;
    drop(server);
    Ok(tried)
}

const START: Duration = Duration::from_secs(20);
const GOES_ON: Duration = Duration::from_secs(30);

fn fill_and_free(
    dir: &Path,
    store: &str,
    seed: u64,
    volume: &Volume,
    leave_kb: u64,
    back: impl Fn() -> Result<(), String>,
) -> Result<Tried, String> {
    let mut wrong = Vec::new();
    let mut victim = Life::start(life::victim(dir, store, seed, &[]))?;
    if !victim.wait_until(START, |said| said.acks.len() > 50) {
        let said = victim.kill();
        return Ok((vec![format!("it did not start: {:?}", said.other)], String::new()));
    }
    volume.fill(leave_kb)?;
    if !victim.wait_until(GOES_ON, |said| !said.not_saved.is_empty()) {
        wrong.push("the disk never ran full".to_owned());
    }
    std::thread::sleep(Duration::from_millis(500));
    volume.free()?;
    back()?;
    let acks = victim.said().acks.len();
    if !victim.wait_until(GOES_ON, |said: &Said| said.acks.len() > acks + 50) {
        wrong.push("it did not go on within 30 s of space returning".to_owned());
    }
    let said = victim.kill();
    let full = said.not_saved.iter().find(|s| s.contains("full"));
    if full.is_none() && store == "sqlite" {
        wrong.push(format!("no answer said that the disk is full: {:?}", said.not_saved.first()));
    }
    let sentence = full.or(said.not_saved.first()).cloned().unwrap_or_default();
    wrong.extend(after(dir, store, seed, said)?);
    Ok((wrong, sentence))
}

fn after(dir: &Path, store: &str, seed: u64, said: Said) -> Result<Vec<String>, String> {
    let mut promised = Promised::default();
    let odd = promised.take(said);
    let mut wrong: Vec<String> = odd.into_iter().filter(|line| is_wrong(line)).collect();
    let checking = Check::of(dir, store, seed);
    wrong.extend(check::room(&checking, &promised.acks)?.wrong);
    Ok(wrong)
}
