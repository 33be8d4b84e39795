//! Where a room is kept, and the policy it starts with.

use crate::say::note;
use clap::Args;
use journal::Store;
use room::{Clock, Config, Opened, Room};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The default policy, so that the binary runs by itself.
pub const DEFAULT_POLICY: &str = include_str!("../../../policy/default.toml");

/// Where a room is kept when no folder is named.
pub const DEFAULT_DATA: &str = "data";

/// How many commands may wait in each lane before the next is told to try again.
pub const QUEUE: usize = 4_096;

/// Where a room is kept.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// The folder of the journal, keys, tokens and read models.
    #[arg(long, env = "CALLBOX_DATA", default_value = DEFAULT_DATA)]
    pub data: PathBuf,
    /// `sqlite` (a file in the data folder) or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "CALLBOX_STORE", default_value = "sqlite", hide_env_values = true)]
    pub store: String,
}

impl Place {
    /// The journal's store.
    pub fn store(&self) -> Result<Store, journal::OpenFault> {
        match self.store.as_str() {
            "sqlite" => Ok(Store::Sqlite { path: self.data.join("journal.db") }),
            other => Store::from_str(other),
        }
    }

    /// Opens the room and says what was found.
    pub fn open(
        &self,
        policy: Option<&Path>,
        clock: Clock,
    ) -> Result<Room, Box<dyn std::error::Error>> {
        let config = Config {
            store: self.store()?,
            data: self.data.clone(),
            policy_toml: policy_text(policy)?,
            clock,
            queue: QUEUE,
        };
        let (room, opened) = Room::open(config)?;
        tell(&opened);
        Ok(room)
    }
}

fn tell(opened: &Opened) {
    if let Some(cut) = &opened.journal.cut {
        note(&format!(
            "the last batch was torn by a crash: {} record(s) from {} on, which nobody was told \
             were saved, were cut off",
            cut.records, cut.from_seq
        ));
    }
    if opened.journal.key_readable_by_others {
        note("the signing key can be read by others: set its file mode to 600");
    }
    let how = if opened.from_snapshot { "a snapshot and" } else { "the journal:" };
    note(&format!(
        "{} records in the journal; the room was folded from {how} {} records",
        opened.journal.records, opened.folded
    ));
}

/// The policy's text: the file given, or the default force.
pub fn policy_text(file: Option<&Path>) -> Result<String, Box<dyn std::error::Error>> {
    match file {
        None => Ok(DEFAULT_POLICY.to_owned()),
        Some(path) => {
            let toml = std::fs::read_to_string(path)
                .map_err(|e| format!("the policy {} cannot be read: {e}", path.display()))?;
            // Only `callbox demo --training` marks a policy, and only for its own room.
            if room::is_training(&toml) {
                return Err(format!(
                    "the policy {} was copied from a room for training: take out its first line, \
                     which says so",
                    path.display()
                )
                .into());
            }
            Ok(toml)
        }
    }
}
