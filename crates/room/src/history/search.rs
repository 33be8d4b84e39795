//! Searching the read model. Newest first, by pages.

use super::index::{CLOSING, CONTACT, ENTRY, INCIDENT, normal_line};
use rules::time::Instant;
use rusqlite::Connection;
use rusqlite::types::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to search for. Everything that is given must hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Words anywhere in what was said or written; the last may be a beginning.
    pub words: Option<String>,
    /// A number or address a contact came from.
    pub line: Option<String>,
    /// Words of a place.
    pub place: Option<String>,
    /// Words of a person's name.
    pub person: Option<String>,
    /// Recorded at or after this.
    pub from: Option<Instant>,
    /// Recorded before this.
    pub to: Option<Instant>,
    /// From an earlier page: only what comes after it.
    pub cursor: Option<i64>,
    /// How many at most, 1 to 100; 20 if not said.
    pub limit: Option<u32>,
}

/// One page.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Results {
    /// What was found, newest first.
    pub hits: Vec<Hit>,
    /// For the next page; none if this was the last.
    pub cursor: Option<i64>,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// When it was recorded.
    pub at: Instant,
    /// The contact, if it is one.
    pub contact: Option<u64>,
    /// The log it belongs to.
    pub incident: Option<String>,
    /// The number or address.
    pub line: Option<String>,
    /// The person.
    pub person: Option<String>,
    /// The place.
    pub place: Option<String>,
    /// The words.
    pub words: String,
}

/// The kinds of things found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// A contact.
    Contact,
    /// A log's opening, place or informant.
    Incident,
    /// An entry or a marker.
    Entry,
    /// A closing.
    Closing,
}

const MOST: u32 = 100;
const USUAL: u32 = 20;

pub(super) fn search(db: &Connection, query: &Query) -> Result<Results, rusqlite::Error> {
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let Some((sql, values)) = statement(query, limit) else { return Ok(Results::default()) };
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut results = Results::default();
    let mut last = None;
    while let Some(row) = rows.next()? {
        last = Some(row.get(0)?);
        results.hits.push(Hit {
            at: Instant(row.get(1)?),
            kind: match row.get::<_, i64>(2)? {
                CONTACT => HitKind::Contact,
                INCIDENT => HitKind::Incident,
                CLOSING => HitKind::Closing,
                _ => HitKind::Entry,
            },
            contact: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
            incident: row.get(4)?,
            line: row.get(5)?,
            person: row.get(6)?,
            place: row.get(7)?,
            words: row.get(8)?,
        });
    }
    results.cursor = last.filter(|_| results.hits.len() == limit as usize);
    debug_assert!([CONTACT, INCIDENT, ENTRY, CLOSING].len() == 4);
    Ok(results)
}

/// The statement and its values. `None` if words were given that hold nothing to look for.
fn statement(query: &Query, limit: u32) -> Option<(String, Vec<Value>)> {
    let mut values: Vec<Value> = Vec::new();
    let mut terms: Vec<String> = Vec::new();
    for (column, text) in
        [("words", &query.words), ("place", &query.place), ("person", &query.person)]
    {
        if let Some(text) = text {
            terms.push(terms_of(column, text)?);
        }
    }
    let columns =
        "p.id, p.at_ms, p.kind, p.contact, p.incident, p.line, p.person, p.place, p.words";
    let mut sql = if terms.is_empty() {
        format!("SELECT {columns} FROM past p WHERE 1 = 1")
    } else {
        values.push(Value::Text(terms.join(" AND ")));
        format!("SELECT {columns} FROM said s JOIN past p ON p.id = s.rowid WHERE said MATCH ?")
    };
    let id = if terms.is_empty() { "p.id" } else { "s.rowid" };
    if let Some(line) = &query.line {
        sql.push_str(" AND p.line = ?");
        values.push(Value::Text(normal_line(line)));
    }
    if let Some(from) = query.from {
        sql.push_str(" AND p.at_ms >= ?");
        values.push(Value::Integer(from.0));
    }
    if let Some(to) = query.to {
        sql.push_str(" AND p.at_ms < ?");
        values.push(Value::Integer(to.0));
    }
    if let Some(cursor) = query.cursor {
        sql.push_str(&format!(" AND {id} < ?"));
        values.push(Value::Integer(cursor));
    }
    sql.push_str(&format!(" ORDER BY {id} DESC LIMIT {limit}"));
    Some((sql, values))
}

/// Words as terms of the full-text index: each quoted, so that nothing typed is an operator; the
/// last may be a beginning.
fn terms_of(column: &str, text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(16)
        .map(|w| format!("{column} : \"{w}\""))
        .collect();
    let (last, before) = words.split_last()?;
    let mut terms = before.to_vec();
    terms.push(format!("{last}*"));
    Some(terms.join(" AND "))
}
