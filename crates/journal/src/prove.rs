//! The check of a stretch of the journal, while it is being written: that its records follow one
//! from the other, from one signed head to the next.

use crate::chain::{Break, Head};
use crate::fault::Fault;
use crate::note::{self, Checkpoint, Verifier};
use crate::record::HeadRow;
use crate::store::Source;
use crate::tree::Frontier;
use crate::verify::FaultAt;

/// Records read at once.
const PAGE: usize = 1_024;

/// What a check of a stretch found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proved {
    /// The first record checked: the one after the signed head before the stretch.
    pub from: u64,
    /// The last record that was found to follow from the one before it.
    pub to: u64,
    /// The first thing that is wrong.
    pub first_fault: Option<FaultAt>,
    /// How many records the signed head covers that was found true after the stretch; none while
    /// the newest records are not signed yet, or when the check stopped before.
    pub signed: Option<u64>,
    /// When that head was signed, in milliseconds of UTC.
    pub signed_at_ms: Option<i64>,
    /// Whether the stretch was too long and is not checked to its end.
    pub cut_short: bool,
}

impl Proved {
    /// Whether everything asked for is as it was written, and signed.
    pub fn holds(&self) -> bool {
        self.first_fault.is_none() && self.signed.is_some() && !self.cut_short
    }
}

/// Checks the records `from..=to` and what lies between them and the signed heads around them, at
/// most `limit` records. The heads are checked against the keys that the journal itself names.
pub(crate) fn prove(
    source: &mut dyn Source,
    from: u64,
    to: u64,
    limit: u64,
) -> Result<Proved, Fault> {
    let keys: Vec<Verifier> =
        source.keys()?.iter().filter_map(|line| Verifier::parse(line)).collect();
    let total = source.head()?;
    let (from, to) = (from.clamp(1, total.max(1)), to.min(total));
    let mut proved = Proved::default();
    let before = head_before(source, from)?;
    let after = source.heads(to, 1)?.into_iter().next().filter(|head| head.size <= total);
    let end = after.as_ref().map_or(to, |head| head.size);
    let found = begin(source, before, &keys).and_then(|head| {
        proved.from = head.size + 1;
        proved.to = head.size;
        proved.cut_short = end - head.size > limit;
        let last = end.min(head.size + limit);
        let head = walk(source, head, last, &mut proved)?;
        match after.filter(|row| row.size == head.size) {
            Some(row) => {
                covers(&row, &head.frontier, &keys)?;
                proved.signed = Some(row.size);
                proved.signed_at_ms = Some(row.at_ms);
                Ok(())
            }
            None => Ok(()),
        }
    });
    match found {
        Ok(()) => {}
        Err(Wrong::Broken(Break { seq, what })) => proved.first_fault = Some(FaultAt { seq, what }),
        Err(Wrong::Unread(Fault::Corrupt { seq, what })) => {
            proved.first_fault = Some(FaultAt { seq, what });
        }
        Err(Wrong::Unread(fault)) => return Err(fault),
    }
    Ok(proved)
}

/// What stopped a check.
enum Wrong {
    Broken(Break),
    Unread(Fault),
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Wrong {
        Wrong::Unread(fault)
    }
}

impl From<Break> for Wrong {
    fn from(broken: Break) -> Wrong {
        Wrong::Broken(broken)
    }
}

/// A signed head of fewer records than `from`, a near one.
fn head_before(source: &mut dyn Source, from: u64) -> Result<Option<HeadRow>, Fault> {
    let (mut back, mut at) = (1, from - 1);
    loop {
        let found = source.heads(at, 1)?.into_iter().next();
        match found.filter(|head| head.size < from) {
            Some(head) => return Ok(Some(head)),
            None if at == 0 => return Ok(None),
            None => {
                at = at.saturating_sub(back);
                back *= 2;
            }
        }
    }
}

/// The chain as it stood at a signed head.
fn begin(
    source: &mut dyn Source,
    before: Option<HeadRow>,
    keys: &[Verifier],
) -> Result<Head, Wrong> {
    let Some(row) = before else { return Err(Break::new(1, "no signed head covers it").into()) };
    let Some(frontier) = Frontier::from_bytes(row.size, &row.frontier) else {
        return Err(Break::new(row.size, "the tree kept with its signed head is damaged").into());
    };
    covers(&row, &frontier, keys)?;
    if row.size == 0 {
        return Ok(Head::default());
    }
    match source.rows(row.size, 1)?.first() {
        Some(last) if last.record.seq == row.size => Ok(Head::at(last, frontier)),
        _ => Err(Break::new(row.size, "it is missing").into()),
    }
}

/// Whether a signed head is of these records.
fn covers(row: &HeadRow, frontier: &Frontier, keys: &[Verifier]) -> Result<Checkpoint, Break> {
    let wrong = |what: &str| Break::new(row.size, format!("its signed head {what}"));
    let checkpoint = note::open(&row.checkpoint, keys).map_err(wrong)?;
    if checkpoint.size != row.size || checkpoint.root != frontier.root() {
        return Err(wrong("is of other records than those before it"));
    }
    Ok(checkpoint)
}

fn walk(
    source: &mut dyn Source,
    mut head: Head,
    last: u64,
    proved: &mut Proved,
) -> Result<Head, Wrong> {
    while head.size < last {
        let rows = source.rows(head.size + 1, PAGE)?;
        if rows.is_empty() {
            return Err(Break::new(head.size + 1, "it is missing").into());
        }
        for row in rows.iter().take_while(|row| row.record.seq <= last) {
            head.follow(row)?;
            proved.to = head.size;
        }
    }
    Ok(head)
}
