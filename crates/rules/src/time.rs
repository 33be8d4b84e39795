//! Instants and lengths of time. Local time is for display and for day numbers only: every due
//! time is an instant, so that no clock change can make an escalation late.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment, in milliseconds since 1970-01-01 00:00 UTC.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// A length of time in milliseconds; in policy and on the wire it is text such as `15 min`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

/// A local calendar day as `yyyymmdd`, worked out by the room from the force's time zone.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LocalDay(pub u32);

/// What the room knows about time when it asks for a decision.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The moment of recording.
    pub at: Instant,
    /// The force's local day, for incident numbers.
    pub day: LocalDay,
}

impl Instant {
    /// The time from `earlier` to this moment (negative if `earlier` is later).
    pub fn since(self, earlier: Instant) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Span> for Instant {
    type Output = Instant;
    fn add(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl std::ops::Sub<Span> for Instant {
    type Output = Instant;
    fn sub(self, span: Span) -> Instant {
        Instant(self.0.saturating_sub(span.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// So many seconds.
    pub const fn seconds(n: i64) -> Span {
        Span(n.saturating_mul(1_000))
    }

    /// So many minutes.
    pub const fn minutes(n: i64) -> Span {
        Span(n.saturating_mul(60_000))
    }

    /// A share of this length, in hundredths.
    pub fn percent(self, hundredths: u8) -> Span {
        Span(self.0.saturating_mul(i64::from(hundredths)) / 100)
    }

    /// Reads `90 s`, `15 min`, `2 h` or `3 d`.
    ///
    /// # Errors
    /// A sentence naming what was written and the forms that are understood.
    pub fn parse(text: &str) -> Result<Span, String> {
        let wrong = || {
            format!("'{text}' is not a length of time: write for example '90 s', '15 min' or '2 h'")
        };
        let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let number: i64 = number.parse().map_err(|_| wrong())?;
        let ms = match unit.trim() {
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        number.checked_mul(ms).map(Span).ok_or_else(wrong)
    }

    /// The length as a person says it: `1 h 15 min`, `40 s`.
    pub fn words(self) -> String {
        let total = self.0.unsigned_abs() / 1_000;
        let (h, min, s) = (total / 3_600, total / 60 % 60, total % 60);
        match (h, min, s) {
            (0, 0, s) => format!("{s} s"),
            (0, min, 0) => format!("{min} min"),
            (0, min, s) => format!("{min} min {s} s"),
            (h, 0, _) => format!("{h} h"),
            (h, min, _) => format!("{h} h {min} min"),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, unit) = match self.0 {
            n if n != 0 && n % 3_600_000 == 0 => (n / 3_600_000, "h"),
            n if n != 0 && n % 60_000 == 0 => (n / 60_000, "min"),
            n => (n / 1_000, "s"),
        };
        write!(f, "{n} {unit}")
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Span, D::Error> {
        Span::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written_as_people_write_them() {
        for (text, ms) in
            [("90 s", 90_000), ("15 min", 900_000), ("2 h", 7_200_000), ("3 d", 259_200_000)]
        {
            assert_eq!(Span::parse(text), Ok(Span(ms)), "{text}");
        }
        for wrong in
            ["15", "min 15", "15 minutes", "", "9999999999999999999 d", "99999999999999999 d"]
        {
            assert!(Span::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Span::minutes(75).words(), "1 h 15 min");
        assert_eq!(Span::minutes(75).to_string(), "75 min");
        assert_eq!(Span::ZERO.to_string(), "0 s");
    }
}
