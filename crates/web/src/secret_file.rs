//! A file that is for its owner only, and is there whole or as it was.

use std::fs::{File, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

/// Opens a file that only its owner may read, and makes it if it is not there.
pub(crate) fn open(path: &Path, empty: bool) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(empty);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes beside the file, makes that durable, and moves it to its place.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let beside = path.with_extension("json.new");
    let mut out = open(&beside, true)?;
    out.write_all(content)?;
    out.sync_all()?;
    std::fs::rename(&beside, path)
}
