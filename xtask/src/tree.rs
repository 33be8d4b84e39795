//! The files to check, in memory, so that a test can plant a fault in them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A file as it is on disk.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Its text; empty when it is not UTF-8.
    pub text: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Every file that is tracked or would be, by its path from the root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, File>,
}

impl Tree {
    /// Reads the files that git tracks or would track.
    ///
    /// # Errors
    /// A sentence saying what could not be read.
    pub fn read(root: &Path) -> Result<Tree, String> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|e| {
                format!("git cannot be run ({e}): install it, the checks ask it for the files")
            })?;
        if !listed.status.success() {
            return Err(format!(
                "git could not list the files: run this in a clone ({})",
                String::from_utf8_lossy(&listed.stderr).trim()
            ));
        }
        let mut tree = Tree::default();
        for path in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|p| !p.is_empty()) {
            // A file that was deleted but is still in the index has nothing to check.
            let Ok(content) = std::fs::read(root.join(path)) else { continue };
            let bytes = u64::try_from(content.len()).unwrap_or(u64::MAX);
            let text = String::from_utf8(content).unwrap_or_default();
            tree.files.insert(path.to_owned(), File { text, bytes });
        }
        Ok(tree)
    }

    /// Its files, in order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|file| file.text.as_str())
    }

    /// Files under a folder whose names end so.
    pub fn under<'t>(
        &'t self,
        folder: &'t str,
        ending: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.files()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, file)| (path, file.text.as_str()))
    }

    /// Whether there is such a file, or a folder with something in it.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// A tree made of the given files, for tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            let bytes = text.len() as u64;
            tree.files.insert((*path).to_owned(), File { text: (*text).to_owned(), bytes });
        }
        tree
    }
}
