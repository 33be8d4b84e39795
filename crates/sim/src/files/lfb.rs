//! London Fire Brigade, incidents: one row for each incident. Times are local (Europe/London).
//!
//! The file gives, in seconds, how long the first and the second pump took from being mobilised to
//! arriving; when they were mobilised it does not say. The replay takes the time of the call for
//! it, so that arrival is the call's time and those seconds. The pumps have no names and no time
//! of release. There is no priority: the usual grade of the opening code is used.

use super::csv_table::{Row, Table, number};
use super::local_time::LocalTime;
use super::{FileCall, FileFault, FileUnit};
use rules::name::{CallSign, Label, Place};
use rules::time::{Instant, Span};
use std::io::Read;

/// What was made up.
pub const MADE_UP: &str = "incidents, places and the seconds to the arrival of the first and \
    second pump are the file's; the pumps themselves, their sending at the time of the call, their \
    release, the staff and every sentence they write are made up";

const COLUMNS: [&str; 14] = [
    "incident_number",
    "timestamp_of_call",
    "incident_group",
    "stop_code_description",
    "special_service_type",
    "property_type",
    "postcode_district",
    "ward_name",
    "borough_name",
    "incident_station_ground",
    "first_pump_arriving_attendance_time",
    "first_pump_arriving_deployed_from_station",
    "second_pump_arriving_attendance_time",
    "second_pump_arriving_deployed_from_station",
];

/// Reads the calls.
pub fn calls<R: Read>(table: &mut Table<R>) -> Result<Vec<FileCall>, FileFault> {
    let clock = LocalTime::new("Europe/London", "%Y-%m-%d %H:%M:%S")?;
    let at = table.columns(COLUMNS)?;
    Ok(table.calls(|row| call(row, &at, &clock)))
}

fn call(row: &Row, at: &[usize; 14], clock: &LocalTime) -> Result<FileCall, String> {
    let received_at = clock.instant(row.need(at[1], COLUMNS[1])?, None)?;
    let ground = row.text(at[9]).unwrap_or("London");
    let first = pump(row, received_at, (at[10], COLUMNS[10]), row.text(at[11]), ground, 1)?;
    let second = pump(row, received_at, (at[12], COLUMNS[12]), row.text(at[13]), ground, 2)?;
    let group = row.need(at[2], COLUMNS[2])?;
    let special = row.text(at[4]);
    let words: Vec<&str> = [at[7], at[8], at[6]].into_iter().filter_map(|c| row.text(c)).collect();
    Ok(FileCall {
        number: row.need(at[0], COLUMNS[0])?.to_owned(),
        line: row.line,
        received_at,
        entered_at: None,
        kind: special.unwrap_or(group).to_owned(),
        detail: row.text(at[5]).map(str::to_owned),
        place: words.first().map(|_| Place::parse(&words.join(", "))).transpose()?,
        point: None,
        district: row.parsed(at[8], Label::parse)?,
        original_priority: None,
        priority: None,
        disposition: row.text(at[3]).map(str::to_owned),
        // A row without any time had a pump all the same, sent and never timed.
        units: match (first, second) {
            (None, None) => vec![sent(received_at, ground, 1)?],
            (first, second) => first.into_iter().chain(second).collect(),
        },
    })
}

fn pump(
    row: &Row,
    called_at: Instant,
    (column, name): (usize, &str),
    station: Option<&str>,
    ground: &str,
    sequence: u32,
) -> Result<Option<FileUnit>, String> {
    let Some(text) = row.text(column) else { return Ok(None) };
    let seconds = number(text).map_err(|wrong| format!("'{name}': {wrong}"))?;
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err(format!("'{name}': {seconds} s is not within a day"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "within a day, checked above")]
    let ms = (seconds * 1_000.0).round() as i64;
    let unit = sent(called_at, station.unwrap_or(ground), sequence)?;
    Ok(Some(FileUnit { on_scene: Some(called_at + Span(ms)), ..unit }))
}

fn sent(called_at: Instant, station: &str, sequence: u32) -> Result<FileUnit, String> {
    let short: String = station.chars().filter(|c| c.is_alphanumeric()).take(12).collect();
    Ok(FileUnit {
        call_sign: CallSign::parse(&short)?,
        kind: Label::parse("pump")?,
        dispatch: Some(called_at),
        response: None,
        on_scene: None,
        transport: None,
        hospital: None,
        available: None,
        sequence,
        synthetic: true,
    })
}
