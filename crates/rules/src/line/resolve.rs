//! Which unit, log, person, tag or grade a word means. Where it fits several, it asks.

use super::reading::{Reading, Stop};
use super::text::Token;
use super::{Choice, Understood};
use crate::incident::Incident;
use crate::name::*;
use crate::role::{Owner, Role};
use crate::state::State;
use crate::unit::Unit;

/// Three figures or more, or a day with a number: fewer figures are a unit or a status.
pub(super) fn looks_like_log(text: &str) -> bool {
    let figures = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((day, n)) => day.len() == 8 && figures(day) && figures(n),
        None => (3..=7).contains(&text.len()) && figures(text),
    }
}

/// No name is longer, in bytes: a longer word is not compared letter by letter.
const WORD_MAX: usize = 64;

/// The word of a list that is nearest by edit distance, if it is near enough.
pub(super) fn nearest<'w>(text: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    if text.len() > WORD_MAX {
        return None;
    }
    let text = text.to_lowercase();
    let far = if text.chars().count() <= 3 { 1 } else { 2 };
    words
        .map(|word| (strsim::osa_distance(&text, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance <= far && *distance < word.chars().count())
        .min()
        .map(|(_, word)| word)
}

/// Letters and figures in capitals: how call signs and names are compared.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// What follows a call sign's last letter: the `14` of `DC14`.
pub(super) fn suffix(call_sign: &CallSign) -> String {
    let plain = plain(call_sign.as_str());
    let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    plain[letters.len()..].to_owned()
}

/// A log's number as people say it: short if it is of the newest day.
pub(super) fn short(s: &State, n: IncidentNumber) -> String {
    if n.day == s.last_incident.0 { format!("{:04}", n.n) } else { n.to_string() }
}

/// The units that a word can mean.
pub(super) fn units_of<'s>(s: &'s State, text: &str) -> Vec<&'s Unit> {
    let wanted = plain(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    if let Some(unit) = s.units.values().find(|u| plain(u.call_sign.as_str()) == wanted) {
        return vec![unit];
    }
    let number: Option<u64> = wanted.parse().ok();
    let fits = |u: &&Unit| match number {
        // A log's number has its zeros in front; a unit's may be left out.
        Some(_) if wanted.len() > 3 => suffix(&u.call_sign) == wanted,
        Some(_) => suffix(&u.call_sign).parse().ok() == number,
        None => wanted.len() >= 2 && plain(u.call_sign.as_str()).ends_with(&wanted),
    };
    s.units.values().filter(fits).collect()
}

/// The open logs that a word can mean: of the newest day, or else of any.
pub(super) fn logs_of<'s>(s: &'s State, text: &str) -> Vec<&'s Incident> {
    if let Ok(n) = IncidentNumber::parse(text) {
        return s.incident(n).into_iter().collect();
    }
    let Ok(n) = text.parse::<u32>() else { return Vec::new() };
    match s.incident(IncidentNumber { day: s.last_incident.0, n }) {
        Some(log) => vec![log],
        None => s.incidents.values().filter(|log| log.number.n == n).collect(),
    }
}

impl<'r> Reading<'r> {
    pub fn short(&self, n: IncidentNumber) -> String {
        short(self.desk.state, n)
    }

    pub fn units_of(&self, text: &str) -> Vec<&'r Unit> {
        units_of(self.desk.state, text)
    }

    /// Whether this is a whole call sign.
    pub fn is_call_sign(&self, text: &str) -> bool {
        let wanted = plain(text);
        self.desk.state.units.keys().any(|c| plain(c.as_str()) == wanted)
    }

    /// The lines that have each of these words instead of this one.
    fn ask_which(&self, token: &Token<'_>, question: String, words: Vec<(String, String)>) -> Stop {
        let choice = |(word, says): (String, String)| Choice {
            line: self.line.with(&token.at, &word),
            says,
            complete: true,
        };
        let choices = words.into_iter().map(choice).collect();
        Stop::Ask(Understood::Choose { question, choices })
    }

    /// The one unit that a word means.
    pub fn unit(&self, token: &Token<'_>) -> Result<&'r Unit, Stop> {
        let units = self.units_of(token.text);
        match units.as_slice() {
            [unit] => Ok(unit),
            [] => Err(self.no_unit(token)),
            several => {
                let signs: Vec<String> = several.iter().map(|u| u.call_sign.to_string()).collect();
                let question = format!("'{}' can be {}: which?", token.text, signs.join(" or "));
                let words = several.iter().map(|u| {
                    let says = match u.on {
                        Some(n) => format!("{}, on log {}", u.call_sign, self.short(n)),
                        None => format!("{}, on no log", u.call_sign),
                    };
                    (u.call_sign.to_string(), says)
                });
                Err(self.ask_which(token, question, words.collect()))
            }
        }
    }

    fn no_unit(&self, token: &Token<'_>) -> Stop {
        let s = self.desk.state;
        let signs = || s.units.keys().map(CallSign::as_str);
        let by_suffix = || {
            let suffixes: Vec<(String, &str)> = s
                .units
                .keys()
                .map(|c| (suffix(c), c.as_str()))
                .filter(|(suffix, _)| !suffix.is_empty())
                .collect();
            let near = nearest(token.text, suffixes.iter().map(|(suffix, _)| suffix.as_str()))?;
            suffixes.iter().find(|(suffix, _)| suffix == near).map(|(_, sign)| *sign)
        };
        let meant = nearest(token.text, signs()).or_else(by_suffix);
        let says = format!(
            "there is no unit '{}' on the board: check the call sign; a reason that begins with a \
             figure comes after a colon",
            token.text
        );
        self.wrong(token, says, meant.map(|sign| self.line.with(&token.at, sign)))
    }

    /// Whether a word after units is the log; where it could be a unit too, it asks.
    pub fn is_log_not_unit(&self, token: &Token<'_>) -> Result<bool, Stop> {
        if !looks_like_log(token.text) {
            return Ok(false);
        }
        let units = self.units_of(token.text);
        match (units.first(), logs_of(self.desk.state, token.text).first()) {
            (None, _) => Ok(true),
            (Some(_), None) => Ok(false),
            (Some(unit), Some(log)) => {
                let question = format!("'{}' can be a unit or a log: which is meant?", token.text);
                let words = vec![
                    (unit.call_sign.to_string(), format!("the unit {}", unit.call_sign)),
                    (log.number.to_string(), format!("log {}", log.number)),
                ];
                Err(self.ask_which(token, question, words))
            }
        }
    }

    /// The one open log that a word means.
    pub fn open_log(&self, token: &Token<'_>) -> Result<&'r Incident, Stop> {
        let logs = logs_of(self.desk.state, token.text);
        match logs.as_slice() {
            [log] => Ok(log),
            [] => Err(self.no_log(token)),
            several => {
                let question = format!("log {} is open on several days: which?", token.text);
                let words = several.iter().map(|log| {
                    let says = format!("log {}, {}", log.number, log.opening_code);
                    (log.number.to_string(), says)
                });
                Err(self.ask_which(token, question, words.collect()))
            }
        }
    }

    /// The number of a log that may be closed.
    pub fn known_log(&self, token: &Token<'_>) -> Result<IncidentNumber, Stop> {
        if let Ok(n) = IncidentNumber::parse(token.text) {
            return Ok(n);
        }
        let (day, newest) = self.desk.state.last_incident;
        match token.text.parse::<u32>() {
            // It was opened today, and may be closed by now.
            Ok(n) if (1..=newest).contains(&n) => Ok(IncidentNumber { day, n }),
            _ => self.open_log(token).map(|log| log.number),
        }
    }

    fn no_log(&self, token: &Token<'_>) -> Stop {
        let open: Vec<String> = self.desk.state.incidents.keys().map(|n| self.short(*n)).collect();
        let padded = format!("{:0>4}", token.text);
        let near = nearest(&padded, open.iter().map(String::as_str));
        let says =
            format!("there is no open log '{}': check the number, or find it with F", token.text);
        self.wrong(token, says, near.map(|n| self.line.with(&token.at, n)))
    }

    /// Somebody on duty or on a unit's crew.
    pub fn staff(&self, token: &Token<'_>) -> Result<StaffId, Stop> {
        let name = token.text.trim_start_matches('@');
        let here: Vec<&StaffId> = people(self.desk.state).collect();
        let found = here.iter().find(|s| s.as_str().eq_ignore_ascii_case(name));
        found.map(|s| (*s).clone()).ok_or_else(|| {
            let near = nearest(name, here.iter().map(|s| s.as_str()));
            let says = format!("'{name}' is not on duty: name somebody who is here");
            let at = if token.text.starts_with('@') { "@" } else { "" };
            let meant = near.map(|s| self.line.with(&token.at, &format!("{at}{s}")));
            self.wrong(token, says, meant)
        })
    }

    /// A person, or a desk by its name or initials, after `@`.
    pub fn owner(&self, token: &Token<'_>) -> Result<Owner, Stop> {
        let name = token.text.trim_start_matches('@');
        if let Some(staff) = people(self.desk.state).find(|s| s.as_str().eq_ignore_ascii_case(name))
        {
            return Ok(Owner::Staff(staff.clone()));
        }
        if let Some(role) = desk(name) {
            return Ok(Owner::Desk(role));
        }
        let near = nearest(
            name,
            people(self.desk.state)
                .map(StaffId::as_str)
                .chain(Role::ALL.iter().map(|role| role.name())),
        );
        let says = format!(
            "'{name}' is neither on duty nor a desk: write a name, or a desk such as @dispatcher \
             or @tl"
        );
        Err(self.wrong(token, says, near.map(|n| self.line.with(&token.at, &format!("@{n}")))))
    }

    /// A tag of the force.
    pub fn tag(&self, token: &Token<'_>) -> Result<Tag, Stop> {
        let tags = || self.desk.state.policy.tag.iter().map(|row| &row.tag);
        if let Some(tag) = tags().find(|t| t.as_str().eq_ignore_ascii_case(token.text)) {
            return Ok(tag.clone());
        }
        let written = token.text.to_lowercase();
        let begins = || tags().map(Tag::as_str).find(|t| t.starts_with(&written));
        let near = nearest(token.text, tags().map(Tag::as_str)).or_else(begins);
        let all: Vec<&str> = tags().map(Tag::as_str).collect();
        let says =
            format!("'{}' is not a tag of this force: they are {}", token.text, all.join(", "));
        Err(self.wrong(token, says, near.map(|t| self.line.with(&token.at, t))))
    }

    /// A grade of the force.
    pub fn grade(&self, token: &Token<'_>) -> Result<Grade, Stop> {
        let policy = &self.desk.state.policy;
        let read = token.text.parse::<u8>().ok().and_then(|n| Grade::try_from(n).ok());
        if let Some(grade) = read.filter(|g| policy.grade(*g).is_some()) {
            return Ok(grade);
        }
        let all: Vec<String> =
            policy.grade.iter().map(|g| format!("{} {}", g.rank, g.label)).collect();
        let says = format!("'{}' is not a grade: they are {}", token.text, all.join(", "));
        Err(self.wrong(token, says, None))
    }
}

/// Everybody who is here: on duty, or on a unit.
pub(super) fn people(s: &State) -> impl Iterator<Item = &StaffId> {
    s.staff.keys().chain(s.units.values().flat_map(|u| &u.crew))
}

/// A desk by its name, its initials, or a beginning of its name that fits no other.
fn desk(name: &str) -> Option<Role> {
    let wanted = plain(name);
    if wanted == "DISPATCH" {
        return Some(Role::Dispatcher);
    }
    let initials = |role: &Role| {
        role.name().split('_').filter_map(|w| w.chars().next()).collect::<String>().to_uppercase()
    };
    let known = |role: &&Role| plain(role.name()) == wanted || initials(role) == wanted;
    let exact: Vec<&Role> = Role::ALL.iter().filter(known).collect();
    if let [role] = exact.as_slice() {
        return Some(**role);
    }
    let begins = |role: &&Role| wanted.len() >= 4 && plain(role.name()).starts_with(&wanted);
    let begun: Vec<&Role> = Role::ALL.iter().filter(begins).collect();
    match begun.as_slice() {
        [role] => Some(**role),
        _ => None,
    }
}
