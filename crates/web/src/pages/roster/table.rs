//! A roster as somebody pastes it: one line a unit, the first line naming the columns. A line that
//! is wrong is named by its number, and then nothing is taken.

use super::super::fields::Clock;
use rules::command::{Radio, RosterUnit, RosterUnits, ShiftTimes};
use rules::name::{CallSign, Label, StaffId};
use rules::time::Instant;

/// The columns.
pub(super) const HEAD: &str =
    "call_sign,kind,district,crew,skills,equipment,talk_group,radio_ids,from,until";
const COLUMNS: usize = 10;
/// So many wrong lines are named.
const NAMED_MAX: usize = 40;

/// The table as one command, or what is wrong with which line.
pub(super) fn read(text: &str, clock: &Clock) -> Result<RosterUnits, Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().zip(1_usize..).filter(|(line, _)| !line.trim().is_empty());
    let head = lines.next().map(|(line, _)| line.to_lowercase().replace([' ', '"'], ""));
    if head.as_deref() != Some(HEAD) {
        return Err(vec![format!("the first line names the columns, just so: {HEAD}")]);
    }
    let (mut units, mut wrong): (Vec<RosterUnit>, Vec<String>) = (Vec::new(), Vec::new());
    for (line, n) in lines {
        match unit(line, clock) {
            Ok(unit) if units.iter().any(|u| u.call_sign == unit.call_sign) => {
                wrong.push(format!("line {n}: {} is there twice: keep one", unit.call_sign));
            }
            Ok(unit) => units.push(unit),
            Err(sentence) => wrong.push(format!("line {n}: {sentence}")),
        }
    }
    if units.is_empty() && wrong.is_empty() {
        wrong.push("the table has no unit: write one line for each".to_owned());
    }
    wrong.truncate(NAMED_MAX);
    if wrong.is_empty() { Ok(RosterUnits { units }) } else { Err(wrong) }
}

fn unit(line: &str, clock: &Clock) -> Result<RosterUnit, String> {
    let cells = cells(line)?;
    let [call_sign, kind, district, crew, skills, equipment, group, ids, from, until] =
        cells.as_slice()
    else {
        return Err(format!("it has {} columns and needs {COLUMNS}: {HEAD}", cells.len()));
    };
    let optional = |text: &str| match text.trim() {
        "" => Ok(None),
        text => Label::parse(text).map(Some),
    };
    let ids = list(ids, Label::parse)?;
    let talk_group = optional(group)?;
    let radio = (talk_group.is_some() || !ids.is_empty()).then_some(Radio { talk_group, ids });
    Ok(RosterUnit {
        call_sign: CallSign::parse(call_sign)?,
        crew: list(crew, StaffId::parse)?,
        skills: list(skills, Label::parse)?,
        equipment: list(equipment, Label::parse)?,
        kind: Label::parse(kind).map_err(|e| format!("kind: {e}"))?,
        district: optional(district)?,
        radio,
        shift: shift(from, until, clock)?,
    })
}

fn list<T>(cell: &str, parse: fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    cell.split(';').map(str::trim).filter(|t| !t.is_empty()).map(parse).collect()
}

fn shift(from: &str, until: &str, clock: &Clock) -> Result<Option<ShiftTimes>, String> {
    let moment = |text: &str| -> Result<Instant, String> {
        let text = text.trim().replacen(' ', "T", 1);
        let at = text.contains(':').then(|| clock.on(&text)).flatten();
        at.ok_or_else(|| format!("'{text}' is no day and time such as 2026-11-21 22:00"))
    };
    match (from.trim(), until.trim()) {
        ("", "") => Ok(None),
        (from, until) => {
            let times = ShiftTimes { from: moment(from)?, until: moment(until)? };
            if times.until <= times.from {
                return Err("the shift ends before it begins: check its times".to_owned());
            }
            Ok(Some(times))
        }
    }
}

/// The cells of a line. One in quotation marks may have commas in it, and two marks for one.
fn cells(line: &str) -> Result<Vec<String>, String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.trim_end().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    if quoted {
        return Err("a quotation mark is not closed on this line: close it".to_owned());
    }
    cells.push(cell);
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        Clock { now: Instant(1_795_262_400_000), zone }
    }

    #[test]
    fn a_wrong_line_is_named_by_its_number_and_nothing_is_taken() {
        let good = "DC14,response,Central,PC1;PC2,taser,\"method of entry\",Central 1,70014,\
                    2026-11-21 07:00,2026-11-21 17:00";
        let text = format!("{HEAD}\n{good}\n\n,response,,,,,,,,\nDC15,response\n{good}\n");
        let wrong = read(&text, &clock()).unwrap_err();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[0].starts_with("line 4: the call sign is empty"), "{wrong:?}");
        assert!(wrong[1].starts_with("line 5: it has 2 columns"), "{wrong:?}");
        assert!(wrong[2].starts_with("line 6: DC14 is there twice"), "{wrong:?}");
        let read = read(&format!("{HEAD}\r\n{good}\r\n"), &clock()).unwrap();
        let unit = &read.units[0];
        assert_eq!((unit.crew.len(), unit.equipment[0].as_str()), (2, "method of entry"));
        assert_eq!(unit.shift.unwrap().from, Instant(1_795_244_400_000));
    }

    #[test]
    fn a_table_without_its_columns_is_refused() {
        for text in ["", "DC14,response", "call_sign,kind"] {
            assert!(read(text, &clock()).unwrap_err()[0].contains("names the columns"), "{text}");
        }
    }
}
