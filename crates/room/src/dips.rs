//! Dip samples of escalations, drawn from the journal in a way that anybody can repeat.
//!
//! The frame is the obligations that were told as critical or high in the period, by number. Each
//! is given the SHA-256 of `seed:number`; those with the smallest are drawn, in that order.

use crate::fault::ReadFault;
use crate::kept::from_record;
use crate::past::last_by;
use journal::Reader;
use rules::command::Sample;
use rules::event::Event;
use rules::name::{Label, ObligationId};
use rules::obligation::Subject;
use rules::policy::Level;
use rules::state::State;
use rules::time::{Instant, Span};
use rules::views::dip::{DipSample, Escalation, dip_sample};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many records are read at a time.
const CHUNK: usize = 5_000;

/// A sample that is wanted.
#[derive(Clone, Debug)]
pub struct DipWanted {
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// How many are drawn.
    pub size: u32,
    /// What they are drawn by; the hash of the period's last record if nobody says, which nobody
    /// can choose.
    pub seed: Option<Label>,
}

/// The period that was read last.
#[derive(Default)]
pub(crate) struct Dips(Mutex<Option<Reading>>);

struct Reading {
    from: Instant,
    to: Instant,
    /// Read up to this record, and until this one.
    seq: u64,
    end: u64,
    /// What was told as critical or high.
    frame: BTreeMap<ObligationId, Subject>,
}

impl Dips {
    /// A sample, read on for no longer than `within`; `None` while there is more to read.
    pub(crate) fn sample(
        &self,
        reader: &Reader,
        s: &State,
        wanted: &DipWanted,
        within: Duration,
    ) -> Result<Option<DipSample>, ReadFault> {
        let until = std::time::Instant::now() + within;
        let (frame, end) = {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let of_period = |r: &Reading| (r.from, r.to) == (wanted.from, wanted.to);
            let mut reading = match slot.take().filter(of_period) {
                Some(reading) => reading,
                None => begin(reader, s, wanted)?,
            };
            let read = read_on(&mut reading, reader, until);
            let whole = reading.seq >= reading.end;
            let found = whole.then(|| (reading.frame.clone(), reading.end));
            *slot = Some(reading);
            read?;
            match found {
                Some(found) => found,
                None => return Ok(None),
            }
        };
        let seed = match &wanted.seed {
            Some(seed) => seed.clone(),
            None => seed_of(reader, end)?,
        };
        let ids = draw(frame.keys().copied(), seed.as_str(), wanted.size);
        let drawn = stories(reader, &frame, &ids)?;
        let sample = Sample { from: wanted.from, to: wanted.to, size: wanted.size, seed };
        Ok(Some(dip_sample(s, sample, frame.into_keys().collect(), drawn)))
    }
}

fn begin(reader: &Reader, s: &State, wanted: &DipWanted) -> Result<Reading, ReadFault> {
    Ok(Reading {
        from: wanted.from,
        to: wanted.to,
        seq: last_by(reader, s.seq, wanted.from - Span(1))?,
        end: last_by(reader, s.seq, wanted.to)?,
        frame: BTreeMap::new(),
    })
}

fn read_on(
    reading: &mut Reading,
    reader: &Reader,
    until: std::time::Instant,
) -> Result<(), ReadFault> {
    while reading.seq < reading.end && std::time::Instant::now() < until {
        let records = reader.read(reading.seq + 1, CHUNK)?;
        if records.is_empty() {
            reading.seq = reading.end;
        }
        for record in records.iter().take_while(|r| r.seq <= reading.end) {
            if &*record.kind == "obligation_fired"
                && let Some((event, ..)) = from_record(record)
                && let Event::ObligationFired { about, obligation, level, .. } = event
                && level <= Level::A2
            {
                reading.frame.insert(obligation, about);
            }
            reading.seq = record.seq;
        }
    }
    Ok(())
}

/// The beginning of the hash of a record.
fn seed_of(reader: &Reader, seq: u64) -> Result<Label, ReadFault> {
    let record = reader.read(seq, 1)?.into_iter().next();
    let text = record.map_or("0".to_owned(), |r| hex(r.hash.iter().take(8)));
    Ok(Label::parse(&text).expect("sixteen figures are a label"))
}

fn hex<'b>(bytes: impl Iterator<Item = &'b u8>) -> String {
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// Draws: those whose hash with the seed is smallest, in that order.
fn draw(all: impl Iterator<Item = ObligationId>, seed: &str, size: u32) -> Vec<ObligationId> {
    let mut all: Vec<([u8; 32], ObligationId)> =
        all.map(|id| (Sha256::digest(format!("{seed}:{id}")).into(), id)).collect();
    all.sort_unstable();
    all.into_iter().take(size as usize).map(|(_, id)| id).collect()
}

/// What became of each, as the stream tells it in which it is kept.
fn stories(
    reader: &Reader,
    frame: &BTreeMap<ObligationId, Subject>,
    ids: &[ObligationId],
) -> Result<Vec<Escalation>, ReadFault> {
    let new = |id: &ObligationId| frame.get(id).map(|about| Escalation::new(*id, about.clone()));
    let mut all: Vec<Escalation> = ids.iter().filter_map(new).collect();
    let mut streams: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        streams.entry(one.about.stream().number()).or_default().push(at);
    }
    for (stream, of_it) in streams {
        for record in reader.each_of_stream(stream, 1) {
            let record = record?;
            if !record.kind.starts_with("obligation") {
                continue;
            }
            let Some((event, meta, _)) = from_record(&record) else { continue };
            for at in &of_it {
                if let Some(one) = all.get_mut(*at) {
                    one.note(&event, &meta);
                }
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anybody_draws_the_same_with_sha256sum() {
        let all = || (1..=100).map(ObligationId);
        let drawn = draw(all(), "4f2a", 5);
        // The first is the one whose line of `printf '4f2a:%s' N | sha256sum` sorts first.
        let smallest = all().min_by_key(|id| {
            let digest = Sha256::digest(format!("4f2a:{}", id.0).as_bytes());
            hex(digest.iter())
        });
        assert_eq!(drawn.first().copied(), smallest);
        assert_eq!(drawn, draw(all().collect::<Vec<_>>().into_iter().rev(), "4f2a", 5));
        assert_ne!(drawn, draw(all(), "4f2b", 5));
        assert_eq!(draw(all().take(3), "4f2a", 5).len(), 3, "no more than there are");
    }
}
