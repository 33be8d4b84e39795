//! The file of accounts. It is written beside and then moved, so that it is there whole or as it
//! was, and it is for its owner only.

use super::store::{Account, AccountFault};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    accounts: Vec<Account>,
}

/// Reads the accounts; none if there is no file.
pub(super) fn read(path: &Path) -> Result<Vec<Account>, AccountFault> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(AccountFault::File { path: path.to_owned(), source }),
    };
    let kept: Kept = serde_json::from_slice(&bytes)
        .map_err(|source| AccountFault::Content { path: path.to_owned(), source })?;
    Ok(kept.accounts)
}

/// Writes them.
pub(super) fn write(path: &Path, accounts: Vec<Account>) -> Result<(), AccountFault> {
    let file = |source| AccountFault::File { path: path.to_owned(), source };
    let content = |source| AccountFault::Content { path: path.to_owned(), source };
    let text = serde_json::to_vec_pretty(&Kept { accounts }).map_err(content)?;
    let beside = path.with_extension("json.new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&beside).map_err(file)?;
    out.write_all(&text).and_then(|()| out.sync_all()).map_err(file)?;
    std::fs::rename(&beside, path).map_err(file)
}

/// Runs `f` while no other process changes the file.
pub(super) fn alone<T>(
    path: &Path,
    f: impl FnOnce() -> Result<T, AccountFault>,
) -> Result<T, AccountFault> {
    let beside = path.with_extension("json.lock");
    let file = |source| AccountFault::File { path: beside.clone(), source };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(&beside).map_err(file)?;
    lock.lock().map_err(file)?;
    f()
}
