//! Guidance articles: what national practice and the force ask, in the force's own plain words,
//! with the document it rests on, the owner who keeps it right, and the day it is to be read again.

use crate::name::{Grade, Label, OpeningCode, Tag};
use crate::role::Role;
use crate::time::{Instant, Span};
use serde::{Deserialize, Serialize};

/// One article.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ArticlePolicy {
    /// A short stable name: small letters, digits and hyphens. It is the article's address.
    pub id: Label,
    /// Its title.
    pub title: String,
    /// What it asks, in the force's own words; an empty line begins a new paragraph.
    pub summary: String,
    /// The document it rests on.
    pub source: String,
    /// Where that document can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Its version, changed with its words.
    pub version: String,
    /// The desk that keeps it right.
    pub owner: Role,
    /// The day on which its owner last read it against its source, yyyy-mm-dd.
    #[serde(default)]
    pub last_reviewed: String,
    /// The day by which they read it again, yyyy-mm-dd.
    #[serde(default)]
    pub next_review: String,
    /// The opening codes it applies to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<OpeningCode>,
    /// The grades it applies to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Grade>,
    /// The steps of SOPs it applies to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Label>,
    /// The questions of the call it applies to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<Label>,
    /// The tags it applies to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The panel whose handbook it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<Label>,
}

impl ArticlePolicy {
    /// The moment after the last day on which it counts as reviewed: midnight UTC.
    pub fn review_due(&self) -> Option<Instant> {
        Some(midnight(&self.next_review)? + DAY)
    }

    /// Whether it was to be reviewed before this moment.
    pub fn is_past(&self, now: Instant) -> bool {
        self.review_due().is_some_and(|due| due <= now)
    }
}

const DAY: Span = Span::minutes(24 * 60);
/// Days in each month of a year that is no leap year.
const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The midnight UTC at which a day written yyyy-mm-dd begins; nothing if it is no day.
pub fn midnight(text: &str) -> Option<Instant> {
    let mut parts = text.split('-');
    let mut number = |len: usize| {
        let part = parts.next()?;
        let digits = part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if parts.next().is_some() || year < 1970 {
        return None;
    }
    let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let before = usize::try_from(month).ok()?.checked_sub(1)?;
    let longest = DAYS.get(before)? + i64::from(month == 2 && leap(year));
    if !(1..=longest).contains(&day) {
        return None;
    }
    let leap_days = |y: i64| y / 4 - y / 100 + y / 400;
    let years = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let months: i64 = DAYS.iter().take(before).sum::<i64>() + i64::from(month > 2 && leap(year));
    Some(Instant((years + months + day - 1) * 86_400_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_the_midnight_at_which_it_begins() {
        for (text, day) in [
            ("1970-01-01", Some(0)),
            ("2000-03-01", Some(11_017)),
            ("2024-02-29", Some(19_782)),
            ("2026-11-21", Some(20_778)),
            ("2100-03-01", Some(47_541)),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-00-10", None),
            ("2026-1-1", None),
            ("soon", None),
            ("2026-01-01-01", None),
        ] {
            assert_eq!(midnight(text), day.map(|d| Instant(d * 86_400_000)), "{text}");
        }
    }
}
