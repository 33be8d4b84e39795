//! The room that is tried, as the victim and the checker are both told of it.

use crate::victim::Now;
use clap::Args;
use std::path::{Path, PathBuf};

/// How many writers a victim has.
pub const WRITERS: u64 = 4;

/// A room under trial.
#[derive(Args, Clone, Debug)]
pub struct Setup {
    /// The folder of the room: journal, snapshots, key.
    #[arg(long)]
    pub dir: PathBuf,
    /// `sqlite`, `sqlite:PATH` or `postgres://…`.
    #[arg(long, default_value = "sqlite")]
    pub store: String,
    /// What makes the run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many write at once.
    #[arg(long, default_value_t = WRITERS)]
    pub writers: u64,
    /// Which clock the room has.
    #[arg(long, value_enum, default_value_t = Now::Steady)]
    pub now: Now,
    /// A policy whose obligations fall due within seconds.
    #[arg(long)]
    pub obligations: bool,
}

impl Setup {
    /// The room that `life::victim` starts.
    pub fn of(dir: &Path, store: &str, seed: u64) -> Setup {
        Setup {
            dir: dir.to_owned(),
            store: store.to_owned(),
            seed,
            writers: WRITERS,
            now: Now::Steady,
            obligations: true,
        }
    }
}
