//! The offline check of a whole journal.

use crate::chain::{Break, Head};
use crate::fault::{Fault, OpenFault};
use crate::note::{self, Checkpoint, Verifier};
use crate::open::next_version;
use crate::planted::planted;
use crate::record::{HeadRow, Row};
use crate::signing_key::read_verifiers;
use crate::store::{self, Source, Store};
use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::path::Path;

/// Records read at once.
const PAGE: usize = 1_024;

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultAt {
    /// The record; 0 when it is the journal as a whole.
    pub seq: u64,
    /// What is wrong with it.
    pub what: String,
}

/// What a check of a whole journal found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// How many records were found sound.
    pub records: u64,
    /// How many signed heads were found true.
    pub heads: u64,
    /// Whether everything is as it was written.
    pub ok: bool,
    /// The first thing that is not.
    pub first_fault: Option<FaultAt>,
    /// How many records after the last signed head are held by the chain alone.
    pub unsigned: u64,
    /// Whether the heads were checked against a key from outside; without one, somebody who
    /// rewrote everything, keys included, is not found.
    pub trusted: bool,
    /// The ids of the keys the heads were checked against.
    pub key_ids: Vec<String>,
    /// The last signed head, to compare with what others were handed.
    pub last_head: Option<Checkpoint>,
}

/// Checks every record, every signed head and what the store knows of itself, beside whoever
/// is writing. `trusted_key`: a file of verifier key lines (`.pub`), kept elsewhere than the
/// journal. `progress` is told records done and to do.
pub fn verify(
    store: &Store,
    trusted_key: Option<&Path>,
    progress: &mut dyn FnMut(u64, u64),
) -> VerifyReport {
    let mut report = VerifyReport { trusted: trusted_key.is_some(), ..VerifyReport::default() };
    let found = match store::source(store) {
        Ok(mut source) => check(source.as_mut(), trusted_key, progress, &mut report),
        Err(OpenFault::Store(fault)) => Err(at(0, &fault)),
        Err(other) => Err(Break::new(0, other.to_string())),
    };
    report.ok = found.is_ok();
    report.first_fault = found.err().map(|Break { seq, what }| FaultAt { seq, what });
    report
}

/// A fault of the store, as one of the record that was about to be read.
fn at(next: u64, fault: &Fault) -> Break {
    match fault {
        Fault::Corrupt { seq, what } => Break::new(if *seq == 0 { next } else { *seq }, what),
        other => {
            let cause = other.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            Break::new(next, format!("{other}{cause}"))
        }
    }
}

fn check(
    source: &mut dyn Source,
    trusted_key: Option<&Path>,
    progress: &mut dyn FnMut(u64, u64),
    report: &mut VerifyReport,
) -> Result<(), Break> {
    let keys = match trusted_key {
        Some(path) => read_verifiers(path).map_err(|what| Break::new(0, what))?,
        None => {
            let lines = source.keys().map_err(|e| at(0, &e))?;
            lines.iter().filter_map(|line| Verifier::parse(line)).collect()
        }
    };
    report.key_ids = keys.iter().map(Verifier::key_id).collect();
    // The signed size first: a journal being written may grow, but never below what was signed.
    let signed = source.last_head().map_err(|e| at(0, &e))?;
    let total = source.head().map_err(|e| at(1, &e))?;
    let Some(signed) = signed.map(|head| head.size) else {
        return match (total, report.trusted) {
            (0, false) => Ok(()),
            _ => Err(Break::new(1, "no signed head covers it")),
        };
    };
    let mut heads = Heads { keys, waiting: VecDeque::new(), next_size: 0, up_to: total };
    heads.check_due(source, &Head::default(), report)?;
    let head = check_records(source, total, &mut heads, progress, report)?;
    if signed > total {
        let what = format!("it is missing: {signed} records are signed, {total} are there");
        return Err(Break::new(total + 1, what));
    }
    report.unsigned = total - signed;
    if head.torn_from().is_some() {
        let what = "the end of its batch is missing; the next start cuts this batch";
        return Err(Break::new(head.size, what));
    }
    match source.self_check().map_err(|e| at(0, &e))? {
        Some(what) => Err(Break::new(0, format!("the store's own check says: {what}"))),
        None => Ok(()),
    }
}

fn check_records(
    source: &mut dyn Source,
    total: u64,
    heads: &mut Heads,
    progress: &mut dyn FnMut(u64, u64),
    report: &mut VerifyReport,
) -> Result<Head, Break> {
    let mut head = Head::default();
    let mut versions = HashMap::new();
    let mut page = PAGE;
    while head.size < total {
        let rows = match source.rows(head.size + 1, page) {
            Ok(rows) => rows,
            // One at a time, so that the first wrong record is named and not its page's worst.
            Err(Fault::Corrupt { .. }) if page > 1 => {
                page = 1;
                continue;
            }
            Err(other) => return Err(at(head.size + 1, &other)),
        };
        if rows.is_empty() {
            return Err(Break::new(head.size + 1, "it is missing"));
        }
        for row in rows.iter().take_while(|row| row.record.seq <= total) {
            check_record(&mut head, &mut versions, row)?;
            report.records = head.size;
            heads.check_due(source, &head, report)?;
        }
        progress(head.size, total);
    }
    Ok(head)
}

fn check_record(head: &mut Head, versions: &mut HashMap<u64, u64>, row: &Row) -> Result<(), Break> {
    let skip_hash = planted("hash_gap") && row.record.seq.is_multiple_of(100);
    head.follow_unhashed(row, !skip_hash)?;
    next_version(versions, row)
}

/// The signed heads in the order of their sizes.
struct Heads {
    keys: Vec<Verifier>,
    waiting: VecDeque<HeadRow>,
    next_size: u64,
    up_to: u64,
}

impl Heads {
    /// Checks the signed head of exactly this size, if there is one.
    fn check_due(
        &mut self,
        source: &mut dyn Source,
        head: &Head,
        report: &mut VerifyReport,
    ) -> Result<(), Break> {
        if self.waiting.is_empty() && self.next_size <= self.up_to {
            self.waiting = source.heads(self.next_size, 256).map_err(|e| at(head.size, &e))?.into();
            self.next_size = self.waiting.back().map_or(u64::MAX, |last| last.size + 1);
        }
        if self.waiting.front().is_none_or(|row| row.size != head.size) {
            return Ok(());
        }
        let Some(row) = self.waiting.pop_front() else { return Ok(()) };
        let wrong = |what: &str| Break::new(row.size, format!("its signed head {what}"));
        let checkpoint = note::open(&row.checkpoint, &self.keys).map_err(wrong)?;
        if checkpoint.size != row.size || checkpoint.root != head.frontier.root() {
            return Err(wrong("is of other records than those before it"));
        }
        if row.frontier != head.frontier.to_bytes() {
            return Err(wrong("does not match the tree kept with it"));
        }
        report.heads += 1;
        report.last_head = Some(checkpoint);
        Ok(())
    }
}
