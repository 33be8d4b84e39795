//! The entries: append-only, corrected by striking through, never edited.

use crate::command::*;
use crate::event::Event;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// The most attachments of one entry: what is heavier is more than a reader can take in.
const ATTACHMENTS_MAX: usize = 20;

/// Writes on the log.
pub fn add(s: &State, c: &AddEntry, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.attachments.len() > ATTACHMENTS_MAX {
        return Err(Refused::invalid(format!(
            "an entry has {ATTACHMENTS_MAX} attachments at most: write another entry for the rest"
        )));
    }
    for a in &c.attachments {
        let hex = a.sha256.len() == 64
            && a.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !hex {
            return Err(Refused::invalid(format!(
                "the attachment '{}' needs its SHA-256 as 64 hexadecimal digits",
                a.name
            )));
        }
    }
    Ok(vec![Event::EntryAdded {
        incident: c.incident,
        entry: log.next_entry(),
        text: c.text.clone(),
        critical: c.critical,
        new_information: c.new_information,
        own_words: c.own_words,
        attachments: c.attachments.clone(),
    }])
}

/// Strikes an entry through, and writes what it should have said.
pub fn strike(s: &State, c: &StrikeEntry, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let at = (c.entry as usize).checked_sub(1);
    let entry = at.and_then(|at| log.entries.get(at)).ok_or_else(|| {
        Refused::not_found(format!("log {} has no entry {}: check its number", c.incident, c.entry))
    })?;
    if entry.struck.is_some() {
        return Err(Refused::conflict(format!("entry {} is struck through already", c.entry)));
    }
    let correction = c.correction.clone().map(|text| Event::EntryAdded {
        incident: c.incident,
        entry: log.next_entry(),
        text,
        critical: entry.critical,
        new_information: false,
        own_words: entry.own_words,
        attachments: Vec::new(),
    });
    let struck = Event::EntryStruck {
        incident: c.incident,
        entry: c.entry,
        reason: c.reason.clone(),
        correction: correction.is_some().then_some(log.next_entry()),
    };
    Ok([struck].into_iter().chain(correction).collect())
}

/// Says that the log has been read down to an entry.
pub fn read(s: &State, c: &ReadLog, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.any_incident(c.incident)?;
    let newest = log.next_entry().saturating_sub(1);
    if c.up_to > newest {
        return Err(Refused::invalid(format!(
            "log {} has {newest} entries: entry {} cannot have been read",
            c.incident, c.up_to
        )));
    }
    let unread_critical = s.owed(
        &crate::obligation::Subject::Incident(c.incident),
        crate::obligation::Rule::CriticalUnread,
    );
    if c.up_to <= log.read_by(&by.staff) && unread_critical.is_none() {
        return Ok(Vec::new()); // Nothing new was read.
    }
    Ok(vec![Event::LogRead { incident: c.incident, up_to: c.up_to }])
}

/// Records a marker found.
pub fn find_marker(s: &State, c: &FindMarker, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::MarkerFound {
        incident: c.incident,
        marker: c.marker.clone(),
        text: c.text.clone(),
        officer_safety: c.officer_safety,
        met: None,
    }])
}

/// Links two logs, the other open or closed. Both say so, each from its own side.
///
/// Source: Learning the Lessons, cases 9 and 10 (two logs about one thing, neither naming the
/// other).
pub fn link(s: &State, c: &LinkIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.incident == c.other {
        return Err(Refused::invalid("a log cannot be linked to itself: give the other number"));
    }
    s.any_incident(c.other)?;
    if log.links.iter().any(|(n, _)| *n == c.other) {
        return Err(Refused::conflict(format!(
            "logs {} and {} are linked already",
            c.incident, c.other
        )));
    }
    let here = Event::IncidentLinked { incident: c.incident, other: c.other, relation: c.relation };
    let there = Event::IncidentLinked {
        incident: c.other,
        other: c.incident,
        relation: c.relation.seen_from_the_other(),
    };
    Ok(vec![here, there])
}
