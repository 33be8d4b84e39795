//! Our own simple format, for a room's own past: one row for each unit sent.

use super::csv_table::{Row, Table, point};
use super::{FileCall, FileFault, FileUnit, Priority};
use rules::name::{CallSign, Grade, Label, Place};
use rules::time::Instant;
use std::collections::HashMap;
use std::io::Read;

/// How to write such a file.
pub const DOCS: &str = "\
CSV in UTF-8 with this header, the columns in any order; others are passed over:

call,received,kind,place,lat,lon,priority,unit,dispatched,en_route,on_scene,available

One row for each unit sent; a call to which none was sent has one row with an empty unit. The rows
of one call need not stand together; place, kind and priority are those of its first row.

call        your own number for the call
received    when it came in
kind        an opening code of the policy, as written there
place       where, in words; may be empty
lat, lon    the point in degrees (WGS 84); may be empty
priority    the grade's rank, 1 the most urgent; empty: the usual grade of the opening code
unit        the call sign
dispatched, en_route, on_scene, available
            when the unit was sent, went, arrived, was free again; each may be empty

Times are RFC 3339 with their offset: 2026-03-29T01:30:00+01:00 or 2026-03-29T00:30:00Z.
";

/// What was made up.
pub const MADE_UP: &str = "calls, units and their times are the file's; staff, their assessments, \
    risk cards, officers' check-ins and every sentence they write are made up";

const COLUMNS: [&str; 12] = [
    "call",
    "received",
    "kind",
    "place",
    "lat",
    "lon",
    "priority",
    "unit",
    "dispatched",
    "en_route",
    "on_scene",
    "available",
];

/// Reads the calls.
pub fn calls<R: Read>(table: &mut Table<R>) -> Result<Vec<FileCall>, FileFault> {
    let at = table.columns(COLUMNS)?;
    let mut calls: Vec<FileCall> = Vec::new();
    let mut by_number: HashMap<String, usize> = HashMap::new();
    table.each(|row| {
        let number = row.need(at[0], COLUMNS[0])?;
        let unit = unit(row, &at)?;
        let known = by_number.get(number).copied();
        match known.and_then(|n| calls.get_mut(n)) {
            Some(call) => {
                let unit = unit.ok_or_else(|| {
                    format!(
                        "call {number} has a row already, and this \
                    one names no unit"
                    )
                })?;
                if call.units.iter().any(|u| u.call_sign == unit.call_sign) {
                    return Err(format!(
                        "unit {} is on call {number} in an earlier row already",
                        unit.call_sign
                    ));
                }
                let sequence = u32::try_from(call.units.len()).unwrap_or(u32::MAX);
                call.units.push(FileUnit { sequence: sequence.saturating_add(1), ..unit });
            }
            None => {
                let call = call(row, &at, number, unit)?;
                by_number.insert(number.to_owned(), calls.len());
                calls.push(call);
            }
        }
        Ok(())
    });
    Ok(calls)
}

fn time(row: &Row, at: &[usize; 12], column: usize) -> Result<Option<Instant>, String> {
    row.parsed(at[column], |text| {
        let parsed: Result<jiff::Timestamp, _> = text.parse();
        parsed.map(|t| Instant(t.as_millisecond())).map_err(|_| {
            format!(
                "'{}': '{text}' is not a time like 2026-03-29T00:30:00Z; write its offset too",
                COLUMNS[column]
            )
        })
    })
}

fn unit(row: &Row, at: &[usize; 12]) -> Result<Option<FileUnit>, String> {
    let unit = FileUnit {
        call_sign: match row.text(at[7]) {
            Some(text) => CallSign::parse(text)?,
            None => return Ok(None),
        },
        kind: Label::parse("response")?,
        dispatch: time(row, at, 8)?,
        response: time(row, at, 9)?,
        on_scene: time(row, at, 10)?,
        transport: None,
        hospital: None,
        available: time(row, at, 11)?,
        sequence: 1,
        synthetic: false,
    };
    if unit.times().next().is_none() {
        return Err(format!("unit {} has no time at all", unit.call_sign));
    }
    Ok(Some(unit))
}

fn call(
    row: &Row,
    at: &[usize; 12],
    number: &str,
    unit: Option<FileUnit>,
) -> Result<FileCall, String> {
    let received = time(row, at, 1)?;
    let priority = row.parsed(at[6], |words| {
        let grade =
            words.parse::<u8>().map_err(|_| ()).and_then(|r| Grade::try_from(r).map_err(|_| ()));
        let grade =
            grade.map_err(|()| format!("'priority': '{words}' is not a rank from 1 to 9"))?;
        Ok(Priority { words: words.to_owned(), grade })
    })?;
    Ok(FileCall {
        number: number.to_owned(),
        line: row.line,
        received_at: received.ok_or_else(|| "'received' is empty".to_owned())?,
        entered_at: None,
        kind: row.need(at[2], COLUMNS[2])?.to_owned(),
        detail: None,
        place: row.parsed(at[3], Place::parse)?,
        point: match (row.text(at[4]), row.text(at[5])) {
            (Some(lat), Some(lon)) => Some(point(lat, lon)?),
            _ => None,
        },
        district: None,
        original_priority: priority.clone(),
        priority,
        disposition: None,
        units: unit.into_iter().collect(),
    })
}
