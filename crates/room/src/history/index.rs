//! What the read model holds, and how events get into it.

use crate::fault::ReadFault;
use crate::kept::must_know;
use journal::Record;
use rules::event::{Event, Meta};
use rusqlite::{Connection, Transaction, params};

/// Changed whenever the tables or what goes into them change: the file is then rebuilt.
const FORM: i64 = 1;

pub(super) fn prepare(db: &Connection) -> Result<(), rusqlite::Error> {
    let form: i64 = db.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if form != FORM {
        db.execute_batch(
            "DROP TABLE IF EXISTS said; DROP TABLE IF EXISTS past; DROP TABLE IF EXISTS place_in;",
        )?;
    }
    db.execute_batch(
        "CREATE TABLE IF NOT EXISTS place_in (seq INTEGER NOT NULL);
         CREATE TABLE IF NOT EXISTS past (
             id INTEGER PRIMARY KEY,
             seq INTEGER NOT NULL,
             at_ms INTEGER NOT NULL,
             kind INTEGER NOT NULL,
             contact INTEGER,
             incident TEXT,
             line TEXT,
             person TEXT,
             place TEXT,
             words TEXT NOT NULL);
         CREATE INDEX IF NOT EXISTS past_line ON past (line, id) WHERE line IS NOT NULL;
         CREATE INDEX IF NOT EXISTS past_incident ON past (incident, id) WHERE incident IS NOT NULL;
         CREATE INDEX IF NOT EXISTS past_contact ON past (contact) WHERE contact IS NOT NULL;
         CREATE INDEX IF NOT EXISTS past_at ON past (at_ms);
         CREATE VIRTUAL TABLE IF NOT EXISTS said USING fts5(
             words, person, place, content='past', content_rowid='id',
             tokenize='unicode61 remove_diacritics 2', detail='column');",
    )?;
    db.pragma_update(None, "user_version", FORM)
}

pub(super) fn position(db: &Connection) -> Result<u64, rusqlite::Error> {
    let seq: Option<i64> = db.query_row("SELECT max(seq) FROM place_in", [], |r| r.get(0))?;
    Ok(seq.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

pub(super) fn forget(db: &mut Connection) -> Result<(), rusqlite::Error> {
    db.execute_batch(
        "DROP TABLE IF EXISTS said; DROP TABLE IF EXISTS past; DROP TABLE IF EXISTS place_in;",
    )?;
    prepare(db)
}

pub(super) fn fold(db: &mut Connection, records: &[Record]) -> Result<(), ReadFault> {
    let tx = db.transaction()?;
    for record in records {
        let (event, meta, _) = must_know(record)?;
        fold_event(&tx, &event, &meta)?;
    }
    if let Some(last) = records.last() {
        tx.execute("DELETE FROM place_in", [])?;
        tx.execute("INSERT INTO place_in VALUES (?1)", [last.seq.cast_signed()])?;
    }
    Ok(tx.commit()?)
}

/// The kinds of row.
pub(super) const CONTACT: i64 = 1;
pub(super) const INCIDENT: i64 = 2;
pub(super) const ENTRY: i64 = 3;
pub(super) const CLOSING: i64 = 4;

#[derive(Default)]
struct Row<'e> {
    kind: i64,
    contact: Option<u64>,
    incident: Option<String>,
    line: Option<String>,
    person: Option<&'e str>,
    place: Option<&'e str>,
    words: &'e str,
}

fn fold_event(tx: &Transaction<'_>, event: &Event, meta: &Meta) -> Result<(), rusqlite::Error> {
    let row = match event {
        Event::ContactReceived { contact, line, name, words, location, .. } => Row {
            kind: CONTACT,
            contact: Some(contact.0),
            line: line.as_ref().map(|l| normal_line(l.as_str())),
            person: name.as_ref().map(|n| n.as_str()),
            place: location.as_ref().and_then(|l| l.words.as_ref()).map(|w| w.as_str()),
            words: words.as_ref().map_or("", |w| w.as_str()),
            ..Row::default()
        },
        Event::IncidentOpened { incident, location, words, informant, .. } => Row {
            kind: INCIDENT,
            incident: Some(incident.to_string()),
            line: informant.as_ref().and_then(|i| i.line.as_ref()).map(|l| normal_line(l.as_str())),
            person: informant.as_ref().and_then(|i| i.name.as_ref()).map(|n| n.as_str()),
            place: location.words.as_ref().map(|w| w.as_str()),
            words: words.as_str(),
            ..Row::default()
        },
        Event::InformantSet { incident, informant } => Row {
            kind: INCIDENT,
            incident: Some(incident.to_string()),
            line: informant.line.as_ref().map(|l| normal_line(l.as_str())),
            person: informant.name.as_ref().map(|n| n.as_str()),
            ..Row::default()
        },
        Event::LocationSet { incident, location } => Row {
            kind: INCIDENT,
            incident: Some(incident.to_string()),
            place: location.words.as_ref().map(|w| w.as_str()),
            ..Row::default()
        },
        Event::EntryAdded { incident, text, .. } | Event::MarkerFound { incident, text, .. } => {
            Row {
                kind: ENTRY,
                incident: Some(incident.to_string()),
                words: text.as_str(),
                ..Row::default()
            }
        }
        Event::IncidentClosed { incident, result, .. } => Row {
            kind: CLOSING,
            incident: Some(incident.to_string()),
            words: result.as_str(),
            ..Row::default()
        },
        Event::ContactLinked { contact, incident, .. } => {
            return link_contact(tx, contact.0, &incident.to_string());
        }
        _ => return Ok(()),
    };
    insert(tx, &row, meta)?;
    if let Event::IncidentOpened { incident, contact: Some(contact), .. } = event {
        link_contact(tx, contact.0, &incident.to_string())?;
    }
    Ok(())
}

fn insert(tx: &Transaction<'_>, row: &Row<'_>, meta: &Meta) -> Result<(), rusqlite::Error> {
    tx.prepare_cached(
        "INSERT INTO past (seq, at_ms, kind, contact, incident, line, person, place, words)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        meta.seq.cast_signed(),
        meta.recorded_at.0,
        row.kind,
        row.contact.map(u64::cast_signed),
        row.incident,
        row.line,
        row.person,
        row.place,
        row.words,
    ])?;
    let id = tx.last_insert_rowid();
    tx.prepare_cached("INSERT INTO said (rowid, words, person, place) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, row.words, row.person, row.place])?;
    Ok(())
}

fn link_contact(tx: &Transaction<'_>, contact: u64, incident: &str) -> Result<(), rusqlite::Error> {
    tx.prepare_cached("UPDATE past SET incident = ?2 WHERE contact = ?1 AND incident IS NULL")?
        .execute(params![contact.cast_signed(), incident])?;
    Ok(())
}

/// A number or address in one form: a telephone number by its figures with the country code, an
/// address in lower case.
pub(super) fn normal_line(line: &str) -> String {
    let figures: String = line.chars().filter(char::is_ascii_digit).collect();
    let telephone =
        figures.len() >= 3 && line.chars().all(|c| c.is_ascii_digit() || "+-() .".contains(c));
    if !telephone {
        return line.trim().to_lowercase();
    }
    match figures.strip_prefix("00").or_else(|| line.trim().strip_prefix('+').map(|_| &*figures)) {
        Some(international) => international.to_owned(),
        None => match figures.strip_prefix('0') {
            Some(national) => format!("44{national}"),
            None => figures,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::normal_line;

    #[test]
    fn one_number_in_many_clothes_is_one_number() {
        for line in ["07700 900123", "+44 7700 900123", "0044-7700-900123", "(07700) 900123"] {
            assert_eq!(normal_line(line), "447700900123", "{line}");
        }
        assert_eq!(normal_line(" Sian@Example.ORG "), "sian@example.org");
        assert_eq!(normal_line("101"), "101");
    }
}
