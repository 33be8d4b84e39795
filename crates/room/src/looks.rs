//! Who looked at what: the stream of looks, read from its end or its beginning, with a filter.

use crate::fault::ReadFault;
use crate::kept::from_record;
use journal::{Reader, Record};
use rules::event::{Event, Stream};
use rules::name::{IncidentNumber, Label, Reason, StaffId};
use rules::role::By;
use rules::time::Instant;

/// How many looks are read at a time.
const CHUNK: u64 = 1_000;
/// How many looks are gone through for one answer.
const MOST: u64 = 50_000;

/// Which looks are wanted; nothing wants them all.
#[derive(Clone, Debug, Default)]
pub struct LooksWanted {
    /// By this person.
    pub staff: Option<StaffId>,
    /// At this log, or in a search that brought it up.
    pub incident: Option<IncidentNumber>,
    /// With these words in what was looked at, or why; case does not matter.
    pub words: Option<String>,
    /// Not before.
    pub from: Option<Instant>,
    /// Not after.
    pub to: Option<Instant>,
}

/// A look at a person's record.
#[derive(Clone, Debug)]
pub struct Look {
    /// Its place among the looks, from 1.
    pub number: u64,
    /// Its place in the total order.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who looked, and in which role.
    pub by: By,
    /// At what.
    pub what: Label,
    /// Why.
    pub purpose: Reason,
}

/// Some looks.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    /// The looks, in the order in which they were asked for.
    pub looks: Vec<Look>,
    /// Where to go on: after (or before) this place among the looks; none if there is no more.
    pub next: Option<u64>,
    /// How many were gone through.
    pub read: u64,
    /// When the last that was gone through was recorded.
    pub read_to: Option<Instant>,
}

/// Where to begin.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// After this place, oldest first; 0 is the beginning.
    After(u64),
    /// Before this place, newest first; `u64::MAX` is the end.
    Before(u64),
}

impl LooksWanted {
    fn wants(&self, look: &Look) -> bool {
        let of_log = |n: &IncidentNumber| {
            let n = n.to_string();
            // A search names the logs it brought up.
            [look.what.as_str(), look.purpose.as_str()].iter().any(|text| names(text, &n))
        };
        let has = |words: &String| {
            let words = words.to_lowercase();
            [look.what.as_str(), look.purpose.as_str()]
                .iter()
                .any(|text| text.to_lowercase().contains(&words))
        };
        self.staff.as_ref().is_none_or(|staff| look.by.staff == *staff)
            && self.incident.as_ref().is_none_or(of_log)
            && self.words.as_ref().is_none_or(has)
            && self.from.is_none_or(|from| from <= look.at)
            && self.to.is_none_or(|to| look.at <= to)
    }

    /// Whether no look further on can be wanted.
    fn is_past(&self, at: Instant, newest_first: bool) -> bool {
        match newest_first {
            true => self.from.is_some_and(|from| at < from),
            false => self.to.is_some_and(|to| to < at),
        }
    }
}

/// Whether a number stands in a text, and not as part of a longer one.
fn names(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let after = text.get(at + number.len()..).and_then(|rest| rest.chars().next());
        let before = text.get(..at).and_then(|rest| rest.chars().next_back());
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        !digit(before) && !digit(after)
    })
}

/// The looks that are wanted, at most `limit`.
pub(crate) fn looks(
    reader: &Reader,
    wanted: &LooksWanted,
    from: From,
    limit: usize,
) -> Result<Looks, ReadFault> {
    let newest_first = matches!(from, From::Before(_));
    let mut at = match from {
        From::After(place) if place >= last(reader)? => return Ok(Looks::default()),
        From::After(place) => place + 1,
        From::Before(place) => place.min(last(reader)?.saturating_add(1)),
    };
    let mut found = Looks::default();
    loop {
        let page = page(reader, at, newest_first)?;
        if page.is_empty() {
            found.next = None;
            return Ok(found);
        }
        for record in &page {
            at = record.version;
            found.read += 1;
            found.read_to = Some(Instant(record.recorded_at_ms));
            if wanted.is_past(Instant(record.recorded_at_ms), newest_first) {
                found.next = None;
                return Ok(found);
            }
            found.looks.extend(look(record).filter(|look| wanted.wants(look)));
            if found.looks.len() >= limit || found.read >= MOST {
                found.next = Some(at).filter(|at| !newest_first || *at > 1);
                return Ok(found);
            }
        }
        if !newest_first {
            at += 1;
        }
    }
}

/// The next looks in the order that is wanted: those from a place on, or those before it.
fn page(reader: &Reader, at: u64, newest_first: bool) -> Result<Vec<Record>, ReadFault> {
    let stream = Stream::Reads.number();
    let chunk = usize::try_from(CHUNK).unwrap_or(usize::MAX);
    if !newest_first {
        return Ok(reader.read_stream(stream, at, chunk)?);
    }
    let first = at.saturating_sub(CHUNK).max(1);
    let mut all: Vec<Record> = Vec::new();
    // What is heavy comes in parts.
    while let Some(next) =
        all.last().map_or(Some(first), |r| Some(r.version + 1)).filter(|v| *v < at)
    {
        let records = reader.read_stream(stream, next, chunk)?;
        if records.is_empty() {
            break;
        }
        all.extend(records.into_iter().filter(|r| r.version < at));
        if all.is_empty() {
            break;
        }
    }
    all.reverse();
    Ok(all)
}

/// The place of the newest look; 0 if there is none. Found by doubling, then by halves.
fn last(reader: &Reader) -> Result<u64, ReadFault> {
    let stream = Stream::Reads.number();
    let is_there = |version: u64| -> Result<bool, ReadFault> {
        Ok(!reader.read_stream(stream, version, 1)?.is_empty())
    };
    let (mut low, mut high) = (0, 1);
    while is_there(high)? {
        (low, high) = (high, high.saturating_mul(2));
    }
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if is_there(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn look(record: &Record) -> Option<Look> {
    let (event, meta, _) = from_record(record)?;
    let Event::RecordRead { what, purpose } = event else { return None };
    Some(Look {
        number: record.version,
        seq: record.seq,
        at: meta.recorded_at,
        by: meta.by,
        what,
        purpose,
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_number_is_not_found_in_a_longer_one() {
        for (text, found) in [
            ("incident 20261121-0001", true),
            ("x | found log 20261121-0001, log 20261121-0002", true),
            ("incident 20261121-00012", false),
            ("incident 120261121-0001", false),
            ("nothing", false),
        ] {
            assert_eq!(names(text, "20261121-0001"), found, "{text}");
        }
    }
}
