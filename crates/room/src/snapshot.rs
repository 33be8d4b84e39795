//! The state on disk, so that a start is quick. It is disposable: one that is missing, damaged, of
//! another version or of another journal is passed over, and the state is folded from the journal.

use rules::state::State;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Changed whenever the state's form or a rule of folding changes.
const FORM: u32 = 11;

#[derive(Serialize, Deserialize)]
struct Header {
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
    let body = rmp_serde::to_vec_named(state).map_err(std::io::Error::other)?;
    let header = Header {
        form: FORM,
        version: build(),
        seq: state.seq,
        record_hash,
        state_hash: Sha256::digest(&body).into(),
    };
    let head = rmp_serde::to_vec_named(&header).map_err(std::io::Error::other)?;
    let length = u32::try_from(head.len()).map_err(std::io::Error::other)?;
    let temporary = data.join("state.snapshot.new");
    let mut out = fs::File::create(&temporary)?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(&head)?;
    out.write_all(&body)?;
    out.sync_all()?;
    fs::rename(temporary, file(data))
}

/// The snapshot, if it is whole, of this version, and of the journal whose record `seq` has the
/// hash that `hash_of` gives.
pub(crate) fn load(data: &Path, hash_of: impl Fn(u64) -> Option<[u8; 32]>) -> Option<State> {
    let bytes = fs::read(file(data)).ok()?;
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (head, body) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    let header: Header = rmp_serde::from_slice(head).ok()?;
    let fits = header.form == FORM
        && header.version == build()
        && header.state_hash == <[u8; 32]>::from(Sha256::digest(body))
        && hash_of(header.seq) == Some(header.record_hash);
    if !fits {
        return None;
    }
    rmp_serde::from_slice(body).ok()
}
