//! San Francisco Fire Department, calls for service: one row for each unit sent. Times are local
//! (America/Los_Angeles).
//!
//! Priorities: `3` (emergency, lights and siren) is grade 1, as is `E` (echo, the most urgent
//! medical determinant; in the file every `E` ends as 3); `2` (no emergency) is grade 2; `B` is
//! grade 2; `1`, `A` (alpha, the least urgent) and anything else is grade 3.

use super::csv_table::{Row, Table, point};
use super::local_time::LocalTime;
use super::{FileCall, FileFault, FileUnit, Priority};
use rules::command::Point;
use rules::name::{CallSign, Grade, Label, Place};
use rules::time::Instant;
use std::collections::HashMap;
use std::io::Read;

/// What was made up.
pub const MADE_UP: &str = "calls, units, their times and priorities are the file's; staff, their \
    assessments, risk cards, officers' check-ins and every sentence they write are made up";

const COLUMNS: [&str; 23] = [
    "Call Number",
    "Unit ID",
    "Call Type",
    "Received DtTm",
    "Entry DtTm",
    "Dispatch DtTm",
    "Response DtTm",
    "On Scene DtTm",
    "Transport DtTm",
    "Hospital DtTm",
    "Available DtTm",
    "Call Final Disposition",
    "Address",
    "City",
    "Battalion",
    "Station Area",
    "Original Priority",
    "Priority",
    "Unit Type",
    "Unit sequence in call dispatch",
    "Location",
    "Call Type Group",
    "Number of Alarms",
];

struct Sheet {
    at: [usize; 23],
    clock: LocalTime,
}

/// Reads the calls.
pub fn calls<R: Read>(table: &mut Table<R>) -> Result<Vec<FileCall>, FileFault> {
    let clock = LocalTime::new("America/Los_Angeles", "%m/%d/%Y %I:%M:%S %p")?;
    let sheet = Sheet { at: table.columns(COLUMNS)?, clock };
    let mut calls: Vec<FileCall> = Vec::new();
    let mut by_number: HashMap<String, usize> = HashMap::new();
    table.each(|row| {
        let number = row.need(sheet.at[0], COLUMNS[0])?;
        let unit = sheet.unit(row)?;
        let known = by_number.get(number).copied();
        match known.and_then(|at| calls.get_mut(at)) {
            Some(call) if call.units.iter().any(|u| u.call_sign == unit.call_sign) => Err(format!(
                "unit {} is on call {number} in an earlier row already",
                unit.call_sign
            )),
            Some(call) => {
                call.units.push(unit);
                Ok(())
            }
            None => {
                let call = sheet.call(row, number, unit)?;
                by_number.insert(number.to_owned(), calls.len());
                calls.push(call);
                Ok(())
            }
        }
    });
    Ok(calls)
}

impl Sheet {
    fn time(
        &self,
        row: &Row,
        column: usize,
        after: &mut Option<Instant>,
    ) -> Result<Option<Instant>, String> {
        let Some(text) = row.text(self.at[column]) else { return Ok(None) };
        let at = self.clock.instant(text, *after);
        let at = at.map_err(|wrong| format!("'{}': {wrong}", COLUMNS[column]))?;
        *after = Some(at);
        Ok(Some(at))
    }

    fn unit(&self, row: &Row) -> Result<FileUnit, String> {
        let mut after = None;
        self.time(row, 3, &mut after)?;
        let sequence = row.parsed(self.at[19], |t| {
            t.parse().map_err(|_| format!("'{t}' is not the place of a unit in its call"))
        })?;
        let mut time = |column| self.time(row, column, &mut after);
        Ok(FileUnit {
            call_sign: CallSign::parse(row.need(self.at[1], COLUMNS[1])?)?,
            dispatch: time(5)?,
            response: time(6)?,
            on_scene: time(7)?,
            transport: time(8)?,
            hospital: time(9)?,
            available: time(10)?,
            kind: Label::parse(&row.need(self.at[18], COLUMNS[18])?.to_lowercase())?,
            sequence: sequence.unwrap_or(1),
            synthetic: false,
        })
    }

    fn call(&self, row: &Row, number: &str, unit: FileUnit) -> Result<FileCall, String> {
        let mut after = None;
        let received = self.time(row, 3, &mut after)?;
        let words = [row.text(self.at[12]), row.text(self.at[13])];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        let priority = |column| row.text(self.at[column]).map(priority);
        Ok(FileCall {
            number: number.to_owned(),
            line: row.line,
            received_at: received.ok_or_else(|| format!("'{}' is empty", COLUMNS[3]))?,
            entered_at: self.time(row, 4, &mut after)?,
            kind: row.need(self.at[2], COLUMNS[2])?.to_owned(),
            detail: row.text(self.at[21]).map(str::to_owned),
            place: words.first().map(|_| Place::parse(&words.join(", "))).transpose()?,
            point: row.parsed(self.at[20], pair)?,
            district: row.parsed(self.at[14], Label::parse)?,
            original_priority: priority(16),
            priority: priority(17),
            disposition: row.text(self.at[11]).map(str::to_owned),
            units: vec![unit],
        })
    }
}

fn priority(words: &str) -> Priority {
    let rank = match words {
        "3" | "E" => 1,
        "2" | "B" => 2,
        _ => 3,
    };
    let grade = Grade::try_from(rank).unwrap_or(Grade::TOP);
    Priority { words: words.to_owned(), grade }
}

/// A point written as `(37.7, -122.4)`.
fn pair(text: &str) -> Result<Point, String> {
    let inside = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let (lat, lon) = inside
        .and_then(|t| t.split_once(','))
        .ok_or_else(|| format!("'{text}' is not a point like (37.7, -122.4)"))?;
    point(lat, lon)
}
