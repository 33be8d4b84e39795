//! The state on disk, so that a start is quick. It is disposable: one that is missing, damaged, of
//! another version or of another journal is passed over, and the state is folded from the journal.

use rules::state::State;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Changed whenever the state's form or a rule of folding changes.
const FORM: u32 = 15;

#[derive(Serialize, Deserialize)]
struct Footer {
    form: u32,
    version: String,
    seq: u64,
    record_hash: [u8; 32],
    state_hash: [u8; 32],
}

/// Which build this is: another one may fold differently, and folds anew.
fn build() -> String {
    let exe = std::env::current_exe().and_then(fs::metadata);
    let mark = exe.and_then(|m| Ok((m.len(), m.modified()?)));
    format!("{} {:?}", env!("CARGO_PKG_VERSION"), mark.ok())
}

fn file(data: &Path) -> PathBuf {
    data.join("state.snapshot")
}

/// Keeps a snapshot. `record_hash` is the hash of the last record folded.
pub(crate) fn keep(data: &Path, state: &State, record_hash: [u8; 32]) -> std::io::Result<()> {
    let temporary = data.join("state.snapshot.new");
    // Never whole in memory: it would be as large as the state once more.
    let hashed = Hashed { to: File::create(&temporary)?, hash: Sha256::new() };
    let mut body = BufWriter::new(hashed);
    rmp_serde::encode::write_named(&mut body, state).map_err(std::io::Error::other)?;
    let Hashed { to: mut out, hash } = body.into_inner()?;
    let footer = Footer {
        form: FORM,
        version: build(),
        seq: state.seq,
        record_hash,
        state_hash: hash.finalize().into(),
    };
    let foot = rmp_serde::to_vec_named(&footer).map_err(std::io::Error::other)?;
    let length = u32::try_from(foot.len()).map_err(std::io::Error::other)?;
    out.write_all(&foot)?;
    out.write_all(&length.to_be_bytes())?;
    out.sync_all()?;
    fs::rename(temporary, file(data))
}

/// Hashes what goes through it.
struct Hashed<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

/// The snapshot, if it is whole, of this version, and of the journal whose record `seq` has the
/// hash that `hash_of` gives.
pub(crate) fn load(data: &Path, hash_of: impl Fn(u64) -> Option<[u8; 32]>) -> Option<State> {
    let bytes = fs::read(file(data)).ok()?;
    let (rest, length) = bytes.split_last_chunk::<4>()?;
    let body = rest.len().checked_sub(u32::from_be_bytes(*length) as usize)?;
    let (body, foot) = rest.split_at_checked(body)?;
    let footer: Footer = rmp_serde::from_slice(foot).ok()?;
    let fits = footer.form == FORM
        && footer.version == build()
        && footer.state_hash == <[u8; 32]>::from(Sha256::digest(body))
        && hash_of(footer.seq) == Some(footer.record_hash);
    if !fits {
        return None;
    }
    rmp_serde::from_slice(body).ok()
}
