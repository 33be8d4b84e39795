//! The force's own clock: days and times as people write them.

use super::fault::Wrong;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use rules::time::{Instant, Span};

/// A day of the force's clock.
#[derive(Clone, Debug)]
pub struct Day {
    zone: TimeZone,
    date: Date,
}

impl Day {
    /// A day by its zone and date.
    pub fn new(zone: TimeZone, date: Date) -> Day {
        Day { zone, date }
    }

    /// The same zone on another date.
    ///
    /// # Errors
    /// A date that is none.
    pub fn on(&self, date: &str) -> Result<Day, Wrong> {
        Ok(Day { zone: self.zone.clone(), date: parse_date(date)? })
    }

    /// The day after.
    pub fn tomorrow(&self) -> Day {
        let date = self.date.tomorrow().unwrap_or(self.date);
        Day { zone: self.zone.clone(), date }
    }

    /// The moment of a time on this day.
    ///
    /// # Errors
    /// A time that is none.
    pub fn at(&self, time: &str) -> Result<Instant, Wrong> {
        let local = self.date.to_datetime(parse_time(time)?);
        let moment = self.zone.to_ambiguous_timestamp(local).compatible();
        let moment = moment.map_err(|_| Wrong::new(format!("'{time}' is out of range")))?;
        Ok(Instant(moment.as_millisecond()))
    }

    /// The next time it is so late, from a moment on.
    ///
    /// # Errors
    /// A time that is none.
    pub fn next(&self, time: &str, from: Instant) -> Result<Instant, Wrong> {
        let at = self.at(time)?;
        if at >= from { Ok(at) } else { self.tomorrow().at(time) }
    }

    /// The time of a moment, to the second.
    pub fn time(&self, at: Instant) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(t) => t.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string(),
            Err(_) => at.0.to_string(),
        }
    }

    /// The date of a moment.
    pub fn date(&self, at: Instant) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(t) => t.to_zoned(self.zone.clone()).strftime("%Y-%m-%d").to_string(),
            Err(_) => at.0.to_string(),
        }
    }
}

/// A date as 2026-03-14.
///
/// # Errors
/// A sentence with the form.
pub fn parse_date(text: &str) -> Result<Date, Wrong> {
    text.parse().map_err(|_| Wrong::new(format!("'{text}' is no date: write it as 2026-03-14")))
}

fn parse_time(text: &str) -> Result<Time, Wrong> {
    let wrong = || Wrong::new(format!("'{text}' is no time: write it as 23:05 or 23:05:40"));
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &str| match part.len() {
        2 => part.parse::<i8>().map_err(|_| wrong()),
        _ => Err(wrong()),
    };
    let (h, min, s) = match parts.as_slice() {
        [h, min] => (number(h)?, number(min)?, 0),
        [h, min, s] => (number(h)?, number(min)?, number(s)?),
        _ => return Err(wrong()),
    };
    Time::new(h, min, s, 0).map_err(|_| wrong())
}

/// Whether a word is meant as a time.
pub fn is_time(word: &str) -> bool {
    word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit())
}

/// A length of time from two words: `15 min`.
///
/// # Errors
/// A sentence with the forms.
pub fn span(number: &str, unit: &str) -> Result<Span, Wrong> {
    let span = Span::parse(&format!("{number} {unit}")).map_err(Wrong)?;
    if span > Span::ZERO {
        return Ok(span);
    }
    Err(Wrong::new(format!("'{number} {unit}' is no distance in time: write for example 15 min")))
}
