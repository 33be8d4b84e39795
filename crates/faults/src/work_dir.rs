//! Where a run works: a folder of its own that goes when it ends, or one that was named and stays.

use std::path::{Path, PathBuf};

/// A folder to work in.
pub enum WorkDir {
    /// It goes at the end.
    Temporary(tempfile::TempDir),
    /// It stays.
    Named(PathBuf),
}

impl WorkDir {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            WorkDir::Temporary(dir) => dir.path(),
            WorkDir::Named(path) => path,
        }
    }
}

/// Makes a folder to work in.
///
/// # Errors
/// Why it cannot be made.
pub fn make(named: Option<&Path>) -> Result<WorkDir, String> {
    match named {
        Some(path) => std::fs::create_dir_all(path)
            .map(|()| WorkDir::Named(path.to_owned()))
            .map_err(|e| format!("{} cannot be made: {e}", path.display())),
        None => tempfile::tempdir()
            .map(WorkDir::Temporary)
            .map_err(|e| format!("no temporary folder can be made: {e}")),
    }
}

/// The same, in memory where there is such a place: for trials that ask nothing of the disk.
///
/// # Errors
/// Why it cannot be made.
pub fn make_in_memory(named: Option<&Path>) -> Result<WorkDir, String> {
    let memory = Path::new("/dev/shm");
    if named.is_none()
        && let Ok(dir) = tempfile::tempdir_in(memory)
    {
        return Ok(WorkDir::Temporary(dir));
    }
    make(named)
}
