//! Seattle police, 911 responses: one row for each response. Times are local
//! (America/Los_Angeles), to the minute.
//!
//! The only time in the file is "At Scene Time". When the call came is not known, so the log opens
//! at that moment, and times from receiving to arriving are not reported. A minute that came twice
//! in the night the clocks went back is taken as the first.

use super::csv_table::{Row, Table, point};
use super::local_time::LocalTime;
use super::{FileCall, FileFault, FileUnit};
use rules::name::{CallSign, Label, Place};
use std::io::Read;

/// What was made up.
pub const MADE_UP: &str = "types, places and the times at the scene are the file's; the time of \
    each call (taken as the time at the scene), the units, their release, the staff and every \
    sentence they write are made up";

const COLUMNS: [&str; 7] = [
    "Initial Type Description",
    "Initial Type Group",
    "Event Clearance Description",
    "Hundred Block Location",
    "Latitude",
    "Longitude",
    "At Scene Time",
];

/// Reads the calls.
pub fn calls<R: Read>(table: &mut Table<R>) -> Result<Vec<FileCall>, FileFault> {
    let clock = LocalTime::new("America/Los_Angeles", "%Y-%m-%dT%H:%M")?;
    let at = table.columns(COLUMNS)?;
    Ok(table.calls(|row| call(row, &at, &clock)))
}

fn call(row: &Row, at: &[usize; 7], clock: &LocalTime) -> Result<FileCall, String> {
    let at_scene = clock.instant(row.need(at[6], COLUMNS[6])?, None)?;
    let unit = FileUnit {
        call_sign: CallSign::parse("U")?,
        kind: Label::parse("patrol")?,
        dispatch: Some(at_scene),
        response: None,
        on_scene: Some(at_scene),
        transport: None,
        hospital: None,
        available: None,
        sequence: 1,
        synthetic: true,
    };
    let point = match (row.text(at[4]), row.text(at[5])) {
        (Some(lat), Some(lon)) => Some(point(lat, lon)?),
        _ => None,
    };
    Ok(FileCall {
        number: format!("row {}", row.line),
        line: row.line,
        received_at: at_scene,
        entered_at: None,
        kind: row.need(at[1], COLUMNS[1])?.to_owned(),
        detail: row.text(at[0]).map(str::to_owned),
        place: row.parsed(at[3], Place::parse)?,
        point,
        district: None,
        original_priority: None,
        priority: None,
        disposition: row.text(at[2]).map(str::to_owned),
        units: vec![unit],
    })
}
