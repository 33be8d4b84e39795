//! The file of accounts.

use super::store::{Account, AccountFault};
use crate::secret_file;
use serde::{Deserialize, Serialize};
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
    secret_file::replace(path, &text).map_err(file)
}

/// Runs `f` while no other process changes the file.
pub(super) fn alone<T>(
    path: &Path,
    f: impl FnOnce() -> Result<T, AccountFault>,
) -> Result<T, AccountFault> {
    let beside = path.with_extension("json.lock");
    let file = |source| AccountFault::File { path: beside.clone(), source };
    let lock = secret_file::open(&beside, false).map_err(file)?;
    lock.lock().map_err(file)?;
    f()
}
