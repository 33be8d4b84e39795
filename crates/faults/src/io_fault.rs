//! R4: the N-th read, write or sync fails, for every N, or two of them in one run: what was
//! acknowledged stays, the sentence says what is wrong, and the room goes on by itself or at its
//! next start. With PostgreSQL the calls that fail are the server's own, or those on the wire.

use crate::check::{self, Check};
use crate::inject::{self, Tracer, Way, Whose};
use crate::kill::{Promised, is_wrong};
use crate::life::{self, Life, Said};
use crate::report::{Row, progress};
use crate::server::Server;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How calls are made to fail.
#[derive(Args, Clone, Debug)]
pub struct Io {
    /// The highest N.
    #[arg(long, default_value_t = 40)]
    pub upto: u64,
    /// The step from one N to the next.
    #[arg(long, default_value_t = 1)]
    pub step: u64,
    /// Let two calls fail in each run: every N with every M.
    #[arg(long)]
    pub pairs: bool,
    /// `sqlite`, or `postgres`: a server of our own.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    pub store: String,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to work; a temporary folder otherwise.
    #[arg(long)]
    pub work: Option<PathBuf>,
}

/// Lets calls fail, each N in each way.
///
/// # Errors
/// Why it could not be tried at all.
pub fn run(io: &Io) -> Result<Row, String> {
    let work = crate::work_dir::make(io.work.as_deref())?;
    let server = Server::for_store(&io.store, &work.path().join("server"))?;
    let mut row =
        Row::new("R4", "P1 P2", "0 lost; a clear sentence; it recovers", "faults", io.seed);
    let (mut hit, mut both, mut told, mut acked) = (0, 0, 0, 0);
    for way in ways(io, server.is_some()) {
        let seed = io.seed + row.trials;
        let dir = work.path().join("room");
        let _ = std::fs::remove_dir_all(&dir);
        let store = match &server {
            Some(server) => server.fresh_database(&format!("trial{}", row.trials))?,
            None => "sqlite".to_owned(),
        };
        let tried = Trial { way: &way, dir, store, seed, server: server.as_ref() }.run()?;
        hit += u64::from(tried.hits > 0);
        both += u64::from(tried.hits > 1);
        told += u64::from(tried.told);
        acked += tried.acked;
        row.trial(&way.to_string(), &tried.wrong);
        if row.trials.is_multiple_of(5) {
            progress(&format!("{} runs, {hit} hit, {told} told; last: {way}", row.trials));
        }
    }
    if hit == 0 {
        row.trial("all", &["no call was made to fail: is strace allowed here?".to_owned()]);
    }
    Ok(row.finished(serde_json::json!({
        "store": io.store, "pairs": io.pairs, "hit": hit, "hit_twice": both, "told": told,
        "acked": acked,
    })))
}

fn ways(io: &Io, postgres: bool) -> Vec<Way> {
    let step = usize::try_from(io.step.max(1)).unwrap_or(1);
    let each = || (1..=io.upto).step_by(step);
    match (io.pairs, postgres) {
        (false, false) => each().flat_map(inject::on_the_disk).collect(),
        (false, true) => each().flat_map(inject::at_the_server).collect(),
        (true, false) => each().flat_map(|n| each().flat_map(move |m| inject::two(n, m))).collect(),
        (true, true) => {
            let server = |way: Way| Way { whose: Whose::Server, ..way };
            each().flat_map(|n| each().flat_map(move |m| inject::two(n, m))).map(server).collect()
        }
    }
}

#[derive(Default)]
struct Tried {
    hits: usize,
    told: bool,
    acked: u64,
    wrong: Vec<String>,
}

/// One room that runs while calls fail.
struct Trial<'a> {
    way: &'a Way,
    dir: PathBuf,
    store: String,
    seed: u64,
    server: Option<&'a Server>,
}

/// How long everything may keep failing, where it does so for good.
const FOR_GOOD: Duration = Duration::from_secs(4);
/// How long the room may take to go on.
const GOES_ON: Duration = Duration::from_secs(30);
/// Answers that show that a room works.
const ENOUGH: usize = 60;
/// Answers by which the second of two calls has mostly come.
const ENOUGH_FOR_TWO: usize = 300;
/// Answers after which the N-th call of a server is not waited for: four writers share a sync, and
/// its processes count apart.
const ENOUGH_OF_A_SERVER: usize = 500;

impl Trial<'_> {
    fn run(&self) -> Result<Tried, String> {
        let mut tried = Tried::default();
        let mut promised = Promised::default();
        let trace = self.dir.with_extension("strace");
        let (said, went_on) = match (self.way.whose, self.server) {
            (Whose::Server, Some(server)) => self.harmed_server(server, &trace)?,
            _ => self.harmed_victim(self.way, &[], &trace)?,
        };
        tried.hits = inject::hits(&trace);
        let refused_to_start = !said.ready;
        for sentence in said.not_saved.iter().chain(said.other.iter().filter(|_| refused_to_start))
        {
            tried.told = true;
            if !is_clear(sentence) {
                tried.wrong.push(format!("unclear: {sentence}"));
            }
        }
        if !went_on && !refused_to_start {
            tried.wrong.push("it did not go on by itself in time".to_owned());
        }
        let odd = promised.take(said);
        tried.wrong.extend(odd.into_iter().filter(|line| is_wrong(line)));
        if let Some(second) = self.way.second().filter(|_| refused_to_start && tried.hits == 1) {
            // The second fault meets the start after the first.
            let (said, _) = self.harmed_victim(&second, &promised.after(), &trace)?;
            tried.hits += inject::hits(&trace);
            let odd = promised.take(said);
            tried.wrong.extend(odd.into_iter().filter(|line| is_wrong(line)));
        }
        self.next_start(&mut promised, &mut tried)?;
        Ok(tried)
    }

    /// The room's own calls fail.
    fn harmed_victim(
        &self,
        way: &Way,
        after: &[u64],
        trace: &Path,
    ) -> Result<(Said, bool), String> {
        let plain = life::victim(&self.dir, &self.store, self.seed, after);
        let mut victim = Life::start(inject::under_strace(&plain, way, trace))?;
        let within = if way.for_good { FOR_GOOD } else { GOES_ON };
        let wanted = if way.wanted() > 1 { ENOUGH_FOR_TWO } else { ENOUGH };
        let enough = victim.wait_until(within, |said| said.acks.len() >= wanted);
        let strace = victim.pid();
        for pid in crate::server::children(strace) {
            let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        }
        // While everything fails nobody can go on.
        Ok((victim.finish(Duration::from_secs(5)), enough || way.for_good))
    }

    /// The server's calls fail, until as many have as should or for some seconds; whoever keeps
    /// the server starts it if it stopped; the room goes on without a restart of its own.
    fn harmed_server(&self, server: &Server, trace: &Path) -> Result<(Said, bool), String> {
        let tracer = Tracer::attach(&server.pids()?, self.way, trace)?;
        let mut victim = Life::start(life::victim(&self.dir, &self.store, self.seed, &[]))?;
        let until = Instant::now() + if self.way.for_good { FOR_GOOD } else { GOES_ON };
        let enough = |said: &Said| said.acks.len() >= ENOUGH_OF_A_SERVER;
        while Instant::now() < until && !victim.has_ended() {
            let done = victim.wait_until(Duration::from_millis(20), enough);
            let failed = inject::hits(trace) >= self.way.wanted();
            if !self.way.for_good && (done || failed) {
                break;
            }
        }
        tracer.detach()?;
        server.until_it_answers(GOES_ON)?;
        let before = victim.said().acks.len();
        let went_on = victim.wait_until(GOES_ON, |said| said.acks.len() > before + 10);
        Ok((victim.kill(), went_on))
    }

    /// The disk is well again: the room starts, goes on, and has everything.
    fn next_start(&self, promised: &mut Promised, tried: &mut Tried) -> Result<(), String> {
        let after = promised.after();
        let mut victim = Life::start(life::victim(&self.dir, &self.store, self.seed, &after))?;
        if !victim.wait_until(GOES_ON, |said| said.acks.len() >= 10) {
            tried.wrong.push("it does not go on at the next start".to_owned());
        }
        let odd = promised.take(victim.kill());
        tried.wrong.extend(odd.into_iter().filter(|line| is_wrong(line)));
        let checking = Check::of(&self.dir, &self.store, self.seed);
        let found = check::room(&checking, &promised.acks)?;
        tried.acked = found.acked;
        tried.wrong.extend(found.wrong);
        Ok(())
    }
}

/// What is wrong, and what to do.
fn is_clear(sentence: &str) -> bool {
    let says_what = ["disk", "store", "journal", "cannot be used"];
    says_what.iter().any(|word| sentence.contains(word))
}
