//! The closed list of views.

use super::ask::from_fields;
use crate::problem::Problem;
use crate::sentences::of_complaint;
use axum::extract::Query;
use http::Uri;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub(crate) mod query;
pub(crate) mod then;

/// Everything that can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Open logs in risk order.
    Board,
    /// The risk held in the queue.
    Risk,
    /// One log.
    Log,
    /// Earlier logs of the same number, place or person.
    Earlier,
    /// Who can get to a log.
    Candidates,
    /// The unit board.
    Units,
    /// One unit.
    Unit,
    /// Where everything is.
    Map,
    /// A place, in every way of writing it.
    Place,
    /// Resources by district, and scenes.
    Resources,
    /// The six numbers of the wall.
    Wall,
    /// What sounds for me.
    Alarms,
    /// How the alarms are doing.
    AlarmCounts,
    /// What needs my decision.
    Decisions,
    /// Open obligations.
    Obligations,
    /// Whether escalations are kept.
    Escalations,
    /// Escalations of a period, drawn by chance.
    Sample,
    /// Reports of a crime that wait to be recorded.
    Crimes,
    /// Who is on duty.
    Duty,
    /// The staff directory.
    Staff,
    /// What each trainee did.
    Trainees,
    /// The meeting list.
    Meeting,
    /// Open handovers.
    Handovers,
    /// One handover.
    Handover,
    /// One contact.
    Contact,
    /// Open logs that a contact may be about.
    ContactMatches,
    /// What is known of whoever rings.
    ContactKnown,
    /// Markers about which somebody is to be asked.
    Markers,
    /// Markers that a number, a name or a place meets.
    MarkerSearch,
    /// One marker.
    Marker,
    /// Messages that wait.
    Messages,
    /// One message.
    Message,
    /// The opening code that fits.
    CodeHelp,
    /// What grades and roles mean, and the guidance articles.
    Guidance,
    /// One guidance article, with its history.
    Article,
    /// The panels' handbooks.
    Handbooks,
    /// The policy.
    Policy,
    /// How the policy came to hold.
    Publication,
    /// The policies that are proposed.
    Proposals,
    /// A text as a policy.
    CheckedPolicy,
    /// The briefings of my role.
    Briefings,
    /// Who has read which briefing.
    BriefingReaders,
    /// The diary.
    Appointments,
    /// Agencies and other control rooms.
    Agencies,
    /// Faults of what the room works with.
    Faults,
    /// The rules.
    Rules,
    /// Past contacts and logs.
    History,
    /// Raw records.
    Journal,
    /// Who looked at what.
    Audit,
    /// A log as it stood.
    Replay,
    /// How the alarms did over the last day.
    AlarmKpi,
    /// What happens.
    Follow,
    /// Who I am.
    Me,
}

/// How a view was asked for.
pub(crate) enum Asked {
    /// By the query of its address.
    Address(Uri),
    /// By a body.
    Body(Map<String, Value>),
}

impl Asked {
    /// What was asked, as the view's own query.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Problem> {
        match self {
            Asked::Body(fields) => from_fields(fields),
            Asked::Address(uri) => {
                check_utf8(uri.query().unwrap_or(""))?;
                let Query(query) = Query::try_from_uri(&uri).map_err(|e| {
                    let text = e.body_text();
                    let (_, complaint) = text.split_once(": ").unwrap_or(("", &text));
                    Problem::invalid(of_query_complaint(complaint))
                })?;
                Ok(query)
            }
        }
    }
}

/// A query's complaint begins with the field it is about.
fn of_query_complaint(complaint: &str) -> String {
    match complaint.split_once(": ") {
        Some((field, rest)) if !field.contains(' ') => {
            let rest = match rest {
                "invalid digit found in string" => "a whole number is wanted",
                "number too large to fit in target type" => "the number is too large",
                rest => rest,
            };
            of_complaint(field, rest)
        }
        _ => of_complaint("", complaint),
    }
}

/// What is written as `%xx` must be UTF-8 too; a lenient reader would put question marks instead.
fn check_utf8(query: &str) -> Result<(), Problem> {
    let mut bytes = Vec::with_capacity(query.len());
    let mut rest = query.bytes();
    while let Some(b) = rest.next() {
        let mut ahead = rest.clone();
        let escaped = match (b, ahead.next(), ahead.next()) {
            (b'%', Some(high), Some(low)) => pair(high, low),
            _ => None,
        };
        match escaped {
            Some(byte) => {
                rest = ahead;
                bytes.push(byte);
            }
            None => bytes.push(b),
        }
    }
    let text = std::str::from_utf8(&bytes);
    if room::planted("unwrap_utf8") {
        text.expect("planted: a query that is not UTF-8 ends in a panic");
        return Ok(());
    }
    match text {
        Ok(_) => Ok(()),
        Err(_) => {
            Err(Problem::invalid("the query is not UTF-8 text: correct what stands after '?'"))
        }
    }
}

fn pair(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// A schema, by reference where it has a name.
pub(crate) fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_refused_with_a_sentence() {
        let read = |text: &str| {
            Asked::Address(text.parse().unwrap()).read::<query::Board>().map_err(|p| p.detail)
        };
        assert_eq!(read("/x?limit=10&late=true").unwrap().limit, Some(10));
        for (wrong, sentence) in [
            ("/x?limit=ten", "'limit': a whole number is wanted"),
            ("/x?limit=99999999999999999999", "'limit': the number is too large"),
            ("/x?code=%ff", "the query is not UTF-8 text: correct what stands after '?'"),
            ("/x?grade=0", "'grade': 0 is not a grade: grades are numbered from 1"),
        ] {
            assert_eq!(read(wrong).unwrap_err(), sentence);
        }
        assert!(read("/x?foo=1").unwrap_err().contains("'foo' is not known here"));
    }
}
