//! What the names of a script stand for: logs, contacts, people, units, times.

use super::clock::Day;
use super::fault::Wrong;
use super::words;
use rules::name::{IncidentNumber, ObligationId};
use rules::obligation::{Obligation, Rule, Subject};
use rules::policy::Policy;
use rules::time::Instant;
use std::collections::BTreeMap;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A log.
    Log(IncidentNumber),
    /// A contact.
    Contact(u64),
    /// A handover.
    Handover(u64),
    /// A fault.
    Fault(u64),
    /// A marker of a person, a number or a place.
    Marker(u64),
    /// A message for somebody.
    Message(u64),
    /// A proposal, a briefing or whatever else is numbered.
    Other(u64),
    /// Somebody, by the name they have in the record.
    Person(String),
    /// A unit.
    Unit(String),
}

impl Named {
    /// For a sentence.
    pub fn kind(&self) -> &'static str {
        match self {
            Named::Log(_) => "log",
            Named::Contact(_) => "contact",
            Named::Handover(_) => "handover",
            Named::Fault(_) => "fault",
            Named::Marker(_) => "marker",
            Named::Message(_) => "message",
            Named::Other(_) => "number",
            Named::Person(_) => "person",
            Named::Unit(_) => "unit",
        }
    }

    fn number(&self) -> Option<u64> {
        match self {
            Named::Contact(n) | Named::Handover(n) | Named::Fault(n) => Some(*n),
            Named::Marker(n) | Named::Message(n) | Named::Other(n) => Some(*n),
            Named::Log(_) | Named::Person(_) | Named::Unit(_) => None,
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Named::Log(n) => Some(n.to_string()),
            Named::Person(name) | Named::Unit(name) => Some(name.clone()),
            _ => None,
        }
    }
}

/// Every name of a script.
pub type Names = BTreeMap<String, Named>;

/// What a line is read with.
pub struct Context<'a> {
    /// The names known so far.
    pub names: &'a Names,
    /// The policy.
    pub policy: &'a Policy,
    /// The day and the time of the line.
    pub day: &'a Day,
    /// The line's moment.
    pub at: Instant,
    /// The open obligations; none while the script is only read.
    pub owed: Option<&'a rules::state::State>,
}

impl Context<'_> {
    /// The text that a word stands for.
    pub fn text(&self, word: &str) -> String {
        self.names.get(word).and_then(Named::text).unwrap_or_else(|| word.to_owned())
    }

    /// The number that a word stands for, under a key.
    pub fn number(&self, key: &str, word: &str) -> Result<u64, Wrong> {
        if let Ok(number) = word.parse() {
            return Ok(number);
        }
        if let Some(named) = self.names.get(word) {
            return named.number().ok_or_else(|| {
                Wrong::new(format!("'{word}' is a {} and no number: check it", named.kind()))
            });
        }
        match key {
            "grade" => self.grade(word),
            "status" => self.status(word),
            "obligation" => self.obligation(word).map(|id| id.0),
            _ => Err(self.unknown("number", word)),
        }
    }

    /// A grade by its label.
    pub fn grade(&self, word: &str) -> Result<u64, Wrong> {
        let same = |label: &str| label.eq_ignore_ascii_case(word);
        let grades = &self.policy.grade;
        let found = grades.iter().find(|g| same(&g.label) || g.rank.to_string() == word);
        found.map(|g| u64::from(g.rank.rank())).ok_or_else(|| {
            Wrong(words::unknown("grade", word, grades.iter().map(|g| g.label.as_str())))
        })
    }

    fn status(&self, word: &str) -> Result<u64, Wrong> {
        let rows = &self.policy.status;
        let found = rows.iter().find(|row| row.label.eq_ignore_ascii_case(word));
        found.map(|row| u64::from(row.code)).ok_or_else(|| {
            Wrong(words::unknown("status", word, rows.iter().map(|row| row.label.as_str())))
        })
    }

    /// `unresourced/L1`: what is owed under a rule on a log, with `/part` where there are several.
    fn obligation(&self, word: &str) -> Result<ObligationId, Wrong> {
        let mut parts = word.splitn(3, '/');
        let (rule, about, part) = (parts.next(), parts.next(), parts.next());
        let (Some(rule), Some(about)) = (rule, about) else {
            return Err(Wrong::new(format!(
                "'{word}' names no obligation: write the rule and the log, as in unresourced/L1"
            )));
        };
        let rule = words::rule(rule)?;
        let subject = self.subject(about)?;
        let Some(room) = self.owed else { return Ok(ObligationId(1)) };
        let mut owed = room.obligations_about(&subject).filter(|o| o.rule == rule);
        let found = owed.find(|o| part.is_none_or(|part| o.part_is(part)));
        found
            .map(|o| o.id)
            .ok_or_else(|| Wrong::new(format!("{about} owes no '{}' at this moment", rule.name())))
    }

    /// What an obligation can be about, by its name.
    pub fn subject(&self, word: &str) -> Result<Subject, Wrong> {
        use rules::name::{CallSign, ContactId, FaultId, HandoverId, Label, MarkerId, MessageId};
        if let Some(agency) = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            return Label::parse(agency).map(Subject::Agency).map_err(Wrong);
        }
        match self.names.get(word) {
            Some(Named::Log(n)) => Ok(Subject::Incident(*n)),
            Some(Named::Contact(id)) => Ok(Subject::Contact(ContactId(*id))),
            Some(Named::Handover(id)) => Ok(Subject::Handover(HandoverId(*id))),
            Some(Named::Fault(id)) => Ok(Subject::Fault(FaultId(*id))),
            Some(Named::Marker(id)) => Ok(Subject::Marker(MarkerId(*id))),
            Some(Named::Message(id)) => Ok(Subject::Message(MessageId(*id))),
            Some(Named::Unit(call_sign)) => {
                CallSign::parse(call_sign).map(Subject::Unit).map_err(Wrong)
            }
            _ => match words::role(word) {
                Some(role) => Ok(Subject::Desk(role)),
                None => Err(self.unknown("log, contact, unit or desk", word)),
            },
        }
    }

    /// A moment: `23:30`, the next time that it is so late; or "2026-03-14 23:30".
    pub fn moment(&self, word: &str) -> Result<Instant, Wrong> {
        if let Ok(ms) = word.parse() {
            return Ok(Instant(ms));
        }
        match word.split_once(' ') {
            Some((date, time)) => self.day.on(date)?.at(time.trim()),
            None => self.day.next(word, self.at),
        }
    }

    /// A log's number.
    pub fn log(&self, word: &str) -> Result<IncidentNumber, Wrong> {
        match self.names.get(word) {
            Some(Named::Log(n)) => Ok(*n),
            _ => Err(self.unknown_of("log", word, |named| matches!(named, Named::Log(_)))),
        }
    }

    /// That a name is none of the script's.
    pub fn unknown(&self, what: &str, word: &str) -> Wrong {
        self.unknown_of(what, word, |_| true)
    }

    /// The same, where only some kinds would do.
    pub fn unknown_of(&self, what: &str, word: &str, is: impl Fn(&Named) -> bool) -> Wrong {
        let known = self.names.iter().filter(|(_, named)| is(named)).map(|(name, _)| name.as_str());
        Wrong(words::unknown(&format!("{what} of this script"), word, known))
    }
}

/// The name of a subject, as the script has it.
pub fn subject_name(names: &Names, about: &Subject) -> String {
    let named = |wanted: Named| {
        let found = names.iter().find(|(_, named)| **named == wanted);
        found.map(|(name, _)| name.clone())
    };
    match about {
        Subject::Incident(n) => named(Named::Log(*n)).unwrap_or_else(|| n.to_string()),
        Subject::Contact(id) => named(Named::Contact(id.0)).unwrap_or_else(|| about.words()),
        Subject::Handover(id) => named(Named::Handover(id.0)).unwrap_or_else(|| about.words()),
        Subject::Fault(id) => named(Named::Fault(id.0)).unwrap_or_else(|| about.words()),
        Subject::Desk(role) => role.name().to_owned(),
        Subject::Unit(call_sign) => call_sign.to_string(),
        Subject::Agency(agency) => format!("\"{agency}\""),
        Subject::Marker(id) => named(Named::Marker(id.0)).unwrap_or_else(|| about.words()),
        Subject::Message(id) => named(Named::Message(id.0)).unwrap_or_else(|| about.words()),
    }
}

/// The open obligation under a rule, with this part if one is named.
pub fn owed<'s>(
    room: &'s rules::state::State,
    about: &Subject,
    rule: Rule,
    part: Option<&str>,
) -> Option<&'s Obligation> {
    let mut all = room.obligations_about(about).filter(|o| o.rule == rule);
    all.find(|o| part.is_none_or(|part| o.part_is(part)))
}
