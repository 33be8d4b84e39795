//! Opening a journal: what is there is checked from the last signed head on.

use crate::chain::{Break, Head, record_hash};
use crate::fault::OpenFault;
use crate::note::{self, Signer, Verifier};
use crate::reader::Reader;
use crate::record::{HeadRow, Row};
use crate::signing_key;
use crate::store::{self, Backend, Store};
use crate::tree::Frontier;
use crate::writer::{Signed, Start, Writer};
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

/// How a journal is kept.
#[derive(Debug, Clone)]
pub struct Options {
    /// The Ed25519 private key (PKCS #8, PEM); made, for its owner's eyes only, if missing.
    pub signing_key: PathBuf,
    /// The journal's name in its signed heads, such as `callbox.example.police.uk/journal`.
    pub origin: String,
    /// The head is signed when this long has passed since the last.
    pub sign_every: Duration,
    /// The head is signed when so many records are unsigned.
    pub sign_every_records: u64,
}

impl Options {
    /// The defaults: a signed head every second, or every 1,000 records.
    pub fn new(signing_key: impl Into<PathBuf>, origin: impl Into<String>) -> Self {
        Self {
            signing_key: signing_key.into(),
            origin: origin.into(),
            sign_every: Duration::from_secs(1),
            sign_every_records: 1_000,
        }
    }
}

/// A torn tail that was found and removed: the begin of a batch whose end is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The first record removed.
    pub from_seq: u64,
    /// How many.
    pub records: u64,
}

/// What was found when a journal was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// How many records it holds.
    pub records: u64,
    /// When the last was recorded, UTC milliseconds; 0 when there is none.
    pub last_recorded_at_ms: i64,
    /// The torn tail that was cut.
    pub cut: Option<Cut>,
    /// The first record whose chain was checked: the one after the last signed head.
    pub checked_from: u64,
    /// The id of the key that signs, 8 hexadecimal digits.
    pub key_id: String,
    /// Whether that key was made just now.
    pub key_made: bool,
    /// Whether others than its owner may read the key's file: worth a warning.
    pub key_readable_by_others: bool,
}

/// Opens a journal to write and read it; makes it if there is none.
///
/// # Errors
/// An [`OpenFault`] that says what to do. A journal that is broken anywhere but in a torn last
/// batch is never opened.
pub fn open(store: &Store, options: &Options) -> Result<(Writer, Reader, Opened), OpenFault> {
    // The store first: a second process stops at its lock, before it makes a key.
    open_on(store::backend(store)?, store, options)
}

pub(crate) fn open_on(
    mut backend: Box<dyn Backend>,
    store: &Store,
    options: &Options,
) -> Result<(Writer, Reader, Opened), OpenFault> {
    let key = signing_key::load_or_make(&options.signing_key, &options.origin)?;
    let own = key.signer.verifier();
    let mut checked = check(backend.as_mut(), own, &options.origin)?;
    let mut cut = None;
    if let Some(from_seq) = checked.head.torn_from() {
        cut = Some(cut_tail(backend.as_mut(), &checked, from_seq)?);
        checked = check(backend.as_mut(), own, &options.origin)?;
    }
    // Only now, so that a journal of another name leaves the file as it is.
    signing_key::publish(&options.signing_key, &key.signer)?;
    introduce(backend.as_mut(), &key.signer, checked.signed.is_none())?;
    let head = checked.head;
    let signed = checked.signed.unwrap_or(Signed { size: 0, at_ms: 0 });
    let opened = Opened {
        records: head.size,
        last_recorded_at_ms: if head.size == 0 { 0 } else { head.recorded_at_ms },
        cut,
        checked_from: signed.size + 1,
        key_id: own.key_id(),
        key_made: key.made,
        key_readable_by_others: key.readable_by_others,
    };
    let writer = Writer::new(Start {
        backend,
        signer: key.signer,
        sign_every: options.sign_every,
        sign_every_records: options.sign_every_records,
        head,
        signed,
    });
    Ok((writer, Reader::new(store), opened))
}

/// Keeps the public key, and in a new journal the signed head of nothing: from then on a
/// journal without signed heads has been tampered with.
fn introduce(backend: &mut dyn Backend, signer: &Signer, new: bool) -> Result<(), OpenFault> {
    let line = signer.verifier().line();
    let known = backend.link().keys()?.contains(&line);
    if known && !new {
        return Ok(());
    }
    backend.begin()?;
    if !known {
        backend.put_key(&line)?;
    }
    if new {
        let empty = Frontier::default();
        let checkpoint = signer.sign(0, empty.root()).note;
        backend.put_head(&HeadRow { size: 0, at_ms: 0, checkpoint, frontier: Vec::new() })?;
    }
    Ok(backend.commit(0)?)
}

struct Checked {
    head: Head,
    signed: Option<Signed>,
}

fn broken(seq: u64, what: impl Into<String>) -> OpenFault {
    OpenFault::Broken { seq, what: what.into() }
}

/// Checks the last signed head, and the chain of every record after it.
fn check(backend: &mut dyn Backend, own: &Verifier, origin: &str) -> Result<Checked, OpenFault> {
    let Some(row) = backend.link().last_head()? else {
        if backend.link().head()? > 0 {
            return Err(broken(1, "no signed head covers it"));
        }
        return Ok(Checked { head: Head::default(), signed: None });
    };
    let mut keys: Vec<_> =
        backend.link().keys()?.iter().filter_map(|l| Verifier::parse(l)).collect();
    keys.push(own.clone());
    let frontier = signed_frontier(&row, &keys, origin)?;
    let mut head = at_signed(backend, &row, frontier)?;
    follow_all(backend, &mut head)?;
    Ok(Checked { head, signed: Some(Signed { size: row.size, at_ms: row.at_ms }) })
}

fn signed_frontier(row: &HeadRow, keys: &[Verifier], origin: &str) -> Result<Frontier, OpenFault> {
    let wrong = |what: &str| broken(row.size, format!("its signed head {what}"));
    let checkpoint = note::open(&row.checkpoint, keys).map_err(wrong)?;
    if checkpoint.origin != origin {
        let place = format!("{:?}", checkpoint.origin);
        let what = format!("this is the journal of another name; {origin:?} was asked for");
        return Err(OpenFault::NotAJournal { place, what });
    }
    let frontier = Frontier::from_bytes(row.size, &row.frontier);
    frontier
        .filter(|frontier| checkpoint.size == row.size && frontier.root() == checkpoint.root)
        .ok_or_else(|| wrong("does not match the tree kept with it"))
}

/// The head at the signed size, once its last record is seen to be there and sound.
fn at_signed(
    backend: &mut dyn Backend,
    signed: &HeadRow,
    frontier: Frontier,
) -> Result<Head, OpenFault> {
    if signed.size == 0 {
        return Ok(Head::default());
    }
    let there = backend.link().head()?;
    if there < signed.size {
        let what = format!("it is missing: {} records are signed, {there} are there", signed.size);
        return Err(broken(there + 1, what));
    }
    let rows = backend.link().rows((signed.size - 1).max(1), 2)?;
    let before = |row: &&Row| row.record.seq + 1 == signed.size;
    let before = rows.iter().find(before).map_or([0; 32], |row| row.record.hash);
    match rows.iter().find(|row| row.record.seq == signed.size) {
        Some(row) if record_hash(&before, &row.record) == row.record.hash => {
            Ok(Head::at(row, frontier))
        }
        Some(_) => Err(broken(signed.size, "its hash does not match what it holds")),
        None => Err(broken(signed.size, "it is missing")),
    }
}

fn follow_all(backend: &mut dyn Backend, head: &mut Head) -> Result<(), OpenFault> {
    let start = head.size + 1;
    let mut versions: HashMap<u64, u64> = HashMap::new();
    loop {
        let rows = backend.link().rows(head.size + 1, 1024)?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut new: Vec<u64> = rows.iter().map(|row| row.record.stream).collect();
        new.retain(|stream| !versions.contains_key(stream));
        new.sort_unstable();
        new.dedup();
        versions.extend(backend.link().versions(&new, start)?);
        for row in &rows {
            head.follow(row).map_err(|Break { seq, what }| OpenFault::Broken { seq, what })?;
            next_version(&mut versions, row)
                .map_err(|Break { seq, what }| OpenFault::Broken { seq, what })?;
        }
    }
}

/// Counts a record in its stream.
pub(crate) fn next_version(versions: &mut HashMap<u64, u64>, row: &Row) -> Result<(), Break> {
    let record = &row.record;
    let version = versions.entry(record.stream).or_default();
    *version += 1;
    if *version == record.version {
        return Ok(());
    }
    let what = format!(
        "it is version {} of stream {}, where version {version} must follow",
        record.version, record.stream
    );
    Err(Break::new(record.seq, what))
}

fn cut_tail(backend: &mut dyn Backend, checked: &Checked, from_seq: u64) -> Result<Cut, OpenFault> {
    if checked.signed.is_some_and(|signed| signed.size >= from_seq) {
        return Err(broken(checked.head.size + 1, "it is missing from a batch that was signed"));
    }
    backend.begin()?;
    backend.cut(from_seq)?;
    backend.commit(from_seq - 1)?;
    Ok(Cut { from_seq, records: checked.head.size + 1 - from_seq })
}
