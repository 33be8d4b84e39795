//! Copies: taken while the journal is in use, and never believed before they verify.

use crate::fault::{Fault, OpenFault, Refusal};
use crate::signing_key::sync_folder;
use crate::sqlite;
use crate::store::{self, Backend, Source, Store};
use crate::verify::{VerifyReport, verify};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Records copied at once.
const PAGE: usize = 1_024;

/// What was copied, and found sound after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// How many records the copy holds.
    pub records: u64,
    /// How many signed heads.
    pub heads: u64,
}

/// Copies a journal that may be in use into one SQLite file that does not exist yet, and
/// verifies the copy. The file appears under its name only when it is whole and sound.
/// `progress` is told how much is done and to do.
///
/// # Errors
/// [`Refusal::NotEmpty`] when the file exists, [`Refusal::Unsound`] when the copy does not
/// verify; any [`Fault`] of either store.
pub fn backup(
    store: &Store,
    to: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<BackupReport, Fault> {
    must_not_exist(to)?;
    let part = with_suffix(to, ".partial");
    remove_all(&part).map_err(|e| io_fault("remove an unfinished backup", e))?;
    let done = write_part(store, &part, progress).and_then(|report| {
        must_not_exist(to)?;
        fs::rename(&part, to).map_err(|e| io_fault("name the backup", e))?;
        sync_folder(to).map_err(|e| io_fault("make the backup durable", e))?;
        Ok(report)
    });
    let _ = remove_all(&part);
    done
}

fn write_part(
    store: &Store,
    part: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<BackupReport, Fault> {
    let copy = Store::Sqlite { path: part.to_owned() };
    match store {
        Store::Sqlite { path } => sqlite::copy(path, part, progress)?,
        Store::Postgres { .. } => {
            let mut from = store::source(store).map_err(OpenFault::into_fault)?;
            let mut to = store::backend(&copy).map_err(OpenFault::into_fault)?;
            copy_all(from.as_mut(), to.as_mut(), progress)?;
        }
    }
    sqlite::make_one_file(part)?;
    sound(&copy, progress)
}

/// Copies a backup into an empty store, and verifies it before and after. Nothing is written
/// unless all of it is.
///
/// # Errors
/// [`Refusal::NotEmpty`] when the store holds records, [`Refusal::Unsound`] when the backup (or
/// what was restored) does not verify; any [`Fault`] of either.
pub fn restore(
    from: &Path,
    to: &Store,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<BackupReport, Fault> {
    let backup = Store::Sqlite { path: from.to_owned() };
    sound(&backup, progress)?;
    let mut source = store::source(&backup).map_err(OpenFault::into_fault)?;
    let mut target = store::backend(to).map_err(OpenFault::into_fault)?;
    target.without_limits()?;
    let signed = target.link().last_head()?.is_some_and(|head| head.size > 0);
    if signed || target.link().head()? > 0 {
        return Err(Refusal::NotEmpty { place: to.to_string() }.into());
    }
    copy_all(source.as_mut(), target.as_mut(), progress)?;
    drop(target);
    sound(to, progress)
}

fn sound(store: &Store, progress: &mut dyn FnMut(u64, u64)) -> Result<BackupReport, Fault> {
    let VerifyReport { records, heads, first_fault, .. } = verify(store, None, progress);
    match first_fault {
        None => Ok(BackupReport { records, heads }),
        Some(fault) => {
            let what = format!("record {}: {}", fault.seq, fault.what);
            Err(Refusal::Unsound { what }.into())
        }
    }
}

/// Copies keys, records and heads in one turn.
fn copy_all(
    from: &mut dyn Source,
    to: &mut dyn Backend,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), Fault> {
    // What is appended while this runs is left for the next backup; heads beyond it too.
    let total = from.head()?;
    to.begin()?;
    for line in from.keys()? {
        to.put_key(&line)?;
    }
    let mut done = 0;
    while done < total {
        let mut rows = from.rows(done + 1, PAGE)?;
        rows.retain(|row| row.record.seq <= total);
        let Some(last) = rows.last() else { break };
        done = last.record.seq;
        to.insert(&rows)?;
        to.flush()?;
        progress(done, total);
    }
    let mut next = 0;
    loop {
        let heads = from.heads(next, PAGE)?;
        for head in heads.iter().filter(|head| head.size <= total) {
            to.put_head(head)?;
        }
        match heads.last().filter(|head| head.size < total) {
            Some(last) => next = last.size + 1,
            None => break,
        }
    }
    to.commit(done)
}

fn must_not_exist(path: &Path) -> Result<(), Fault> {
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(io_fault("look at where the backup goes", e)),
        Ok(_) => Err(Refusal::NotEmpty { place: path.display().to_string() }.into()),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Removes an unfinished copy and what SQLite keeps beside it.
fn remove_all(part: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
        match fs::remove_file(with_suffix(part, suffix)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

fn io_fault(doing: &'static str, source: io::Error) -> Fault {
    if source.kind() == io::ErrorKind::StorageFull {
        return Fault::Full { source: Box::new(source) };
    }
    Fault::Io { doing, source: Box::new(source) }
}
