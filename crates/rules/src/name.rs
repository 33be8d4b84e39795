//! Numbers, call signs and other names, parsed once at the door. A value of one of these types is
//! known to be well formed; the sentence of a refusal says which condition failed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Makes a text type with a longest length and a test of its characters.
macro_rules! text_name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $longest:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Parses the text, trimmed.
            ///
            /// # Errors
            /// A sentence that says which condition failed.
            pub fn parse(text: &str) -> Result<Self, String> {
                let text = text.trim();
                if text.is_empty() {
                    return Err(format!("{} is empty: write it", $what));
                }
                let n = text.chars().count();
                if n > $longest {
                    return Err(format!(
                        "{} has {n} characters, and {} is the most: shorten it", $what, $longest
                    ));
                }
                let allowed: fn(char) -> bool = $allowed;
                match text.chars().find(|c| !allowed(*c)) {
                    Some(c) => Err(format!("{} has the character {c:?}: leave it out", $what)),
                    None => Ok(Self(text.into())),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": $longest})
            }
        }
    };
}

fn plain(c: char) -> bool {
    c.is_alphanumeric() || "-_. /'".contains(c)
}

fn printable(c: char) -> bool {
    !c.is_control() || c == '\n' || c == '\t' || c == '\r'
}

fn one_line(c: char) -> bool {
    !c.is_control()
}

text_name!(
    /// A unit's call sign, as spoken: `DC14`.
    CallSign, "the call sign", 16, plain
);
text_name!(
    /// A member of staff: collar number or user name.
    StaffId, "the staff name", 32, plain
);
text_name!(
    /// A seat in the room: `CH14`, `DD07`.
    SeatId, "the seat", 16, plain
);
text_name!(
    /// An opening code of the force's policy.
    OpeningCode, "the opening code", 64, plain
);
text_name!(
    /// A closing code of the force's policy.
    ClosingCode, "the closing code", 64, plain
);
text_name!(
    /// A tag on a log, such as `fim`.
    Tag, "the tag", 32, plain
);
text_name!(
    /// A short label: a skill, a piece of equipment, a district, an element.
    Label, "the label", 64, plain
);
text_name!(
    /// A telephone number, account or address that a contact came from.
    Line, "the number or address", 254, one_line
);
text_name!(
    /// A person's name as given.
    PersonName, "the name", 120, one_line
);
text_name!(
    /// What something is about, in one line.
    Title, "the title", 120, one_line
);
text_name!(
    /// Free text, in somebody's own words.
    Words, "the text", 8000, printable
);
text_name!(
    /// A reason: one or a few sentences.
    Reason, "the reason", 2000, printable
);
text_name!(
    /// Where something is or happened, as said.
    Place, "the place", 300, one_line
);

impl Words {
    /// How many words it has, a word being a run of letters or figures.
    pub fn n_words(&self) -> usize {
        self.0.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
    }
}

/// An incident's number: the force's local day and a count within it, shown as `20261121-0412`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentNumber {
    /// The local day as yyyymmdd.
    pub day: u32,
    /// The count on that day, from 1.
    pub n: u32,
}

impl IncidentNumber {
    /// Reads `20261121-0412`.
    ///
    /// # Errors
    /// A sentence with the form that is understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not an incident number: it looks like 20261121-0412");
        let (day, n) = text.trim().split_once('-').ok_or_else(wrong)?;
        if day.len() != 8 || n.is_empty() || n.len() > 7 || !n.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let day: u32 = day.parse().map_err(|_| wrong())?;
        let n: u32 = n.parse().map_err(|_| wrong())?;
        match (day, n) {
            (_, 0) => Err(wrong()),
            (day, _) if !(19_000_101..=99_991_231).contains(&day) => Err(wrong()),
            _ => Ok(Self { day, n }),
        }
    }
}

impl fmt::Display for IncidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}-{:04}", self.day, self.n)
    }
}

impl Serialize for IncidentNumber {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IncidentNumber {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for IncidentNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IncidentNumber".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9]{8}-[0-9]{1,7}$"})
    }
}

/// Makes a counted number, unique within its kind.
macro_rules! counted {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize,
            Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

counted!(
    /// A contact's number.
    ContactId
);
counted!(
    /// An obligation's number.
    ObligationId
);
counted!(
    /// A handover's number.
    HandoverId
);
counted!(
    /// The number of a proposed policy.
    ProposalId
);
counted!(
    /// A briefing's number.
    BriefingId
);
counted!(
    /// The number of a reported fault.
    FaultId
);
counted!(
    /// A marker's number.
    MarkerId
);
counted!(
    /// The number of a message to a named officer.
    MessageId
);

/// A force's grade by rank: 1 is the most urgent. Its label and targets are policy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u8", into = "u8")]
pub struct Grade(#[schemars(range(min = 1, max = 9))] u8);

impl Grade {
    /// The most urgent grade there is.
    pub const TOP: Grade = Grade(1);

    /// The rank, 1 to 9.
    pub fn rank(self) -> u8 {
        self.0
    }

    /// Whether this grade is more urgent than the other.
    pub fn above(self, other: Grade) -> bool {
        self.0 < other.0
    }
}

impl TryFrom<u8> for Grade {
    type Error = String;
    fn try_from(rank: u8) -> Result<Self, String> {
        match rank {
            1..=9 => Ok(Grade(rank)),
            _ => Err(format!("{rank} is not a grade: grades are numbered from 1")),
        }
    }
}

impl From<Grade> for u8 {
    fn from(grade: Grade) -> u8 {
        grade.0
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_which_condition_failed() {
        assert_eq!(CallSign::parse("  "), Err("the call sign is empty: write it".to_owned()));
        assert!(CallSign::parse("DC14\u{0}").is_err_and(|e| e.contains("character")));
        assert!(Tag::parse(&"x".repeat(33)).is_err_and(|e| e.contains("32 is the most")));
        assert_eq!(Words::parse("Mae'n 'ŵyneb' 👋").map(|w| w.n_words()), Ok(2));
    }

    #[test]
    fn an_incident_number_reads_back() {
        let n = IncidentNumber { day: 20_261_121, n: 412 };
        assert_eq!(n.to_string(), "20261121-0412");
        assert_eq!(IncidentNumber::parse("20261121-0412"), Ok(n));
        for wrong in
            ["", "412", "20261121-", "20261121-0", "2026112-1", "20261121-x", "20261121-99999999"]
        {
            assert!(IncidentNumber::parse(wrong).is_err(), "{wrong}");
        }
    }
}
