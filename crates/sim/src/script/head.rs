//! The head of a script: what it is about, the policy, when it starts, who is there.

use super::clock::{self, Day};
use super::document::{Person, Unit, Watch};
use super::fault::Wrong;
use super::lex::{Cursor, Token, tokens};
use super::lines::Line;
use super::names::{Named, Names};
use super::parse::is_outside;
use super::value::{self, Fields, Value};
use super::words;
use crate::cast::Cast;
use jiff::tz::TimeZone;
use rules::policy::Policy;
use rules::role::Role;
use rules::time::Instant;
use std::collections::BTreeSet;

/// The lines of a head that are for readers.
const NOTES: [&str; 5] = ["source", "case", "then", "took", "now"];
/// The lines of a head that mean something to Callbox.
const KEYS: [&str; 6] = ["force", "starts", "watch", "room", "people", "units"];

/// The head of a script.
pub(super) struct Head {
    pub notes: Vec<(String, String)>,
    pub policy_toml: String,
    pub policy: Policy,
    pub starts: Instant,
    pub day: Day,
    pub watch: BTreeSet<Watch>,
    pub cast: Cast,
    pub people: Vec<Person>,
    pub units: Vec<Unit>,
}

impl Head {
    /// The names known from the head.
    pub fn names(&self) -> Names {
        first_names(&self.people, &self.units, &self.cast)
    }

    pub fn is_outside(&self, role: Role) -> bool {
        is_outside(&self.policy, role)
    }
}

/// The names that are known before anything happens.
pub(super) fn first_names(people: &[Person], units: &[Unit], cast: &Cast) -> Names {
    let cast = cast.people().iter().map(|person| person.by.staff.to_string());
    let people = people.iter().map(|person| person.name.clone()).chain(cast);
    let people = people.map(|name| (name.clone(), Named::Person(name)));
    let units = units.iter().map(|u| (u.call_sign.clone(), Named::Unit(u.call_sign.clone())));
    people.chain(units).collect()
}

/// Where a head is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    People,
    Units,
    Nothing,
}

#[derive(Default)]
struct Found {
    notes: Vec<(String, String)>,
    starts: Option<(usize, String)>,
    watch: Option<BTreeSet<Watch>>,
    only: bool,
    people: Vec<Person>,
    units: Vec<Unit>,
    sets: Vec<(usize, String)>,
}

/// Reads the head, and gives the lines after it.
pub(super) fn read<'l>(
    lines: &'l [Line],
    policy_toml: &str,
) -> Result<(Head, &'l [Line]), (usize, Wrong)> {
    let mut found = Found::default();
    let mut under = Under::Nothing;
    let mut n: usize = 0;
    for line in lines {
        let at = |wrong: Wrong| (line.number, wrong);
        if line.indented && under != Under::Nothing {
            let tokens = tokens(&line.text).map_err(at)?;
            match under {
                Under::People => found.person(&mut Cursor::new(&tokens)).map_err(at)?,
                Under::Units => found.unit(&mut Cursor::new(&tokens)).map_err(at)?,
                Under::Nothing => {}
            }
        } else if let Some(set) = line.text.strip_prefix("policy set ") {
            found.sets.push((line.number, set.to_owned()));
        } else {
            match found.key(line).map_err(at)? {
                Some(next) => under = next,
                None => break,
            }
        }
        n += 1;
    }
    let last = lines.get(n.saturating_sub(1)).map_or(1, |line| line.number);
    let head = found.finish(policy_toml, last)?;
    Ok((head, lines.get(n..).unwrap_or_default()))
}

impl Found {
    /// A line with a key; `None` where the head is over.
    fn key(&mut self, line: &Line) -> Result<Option<Under>, Wrong> {
        let first = line.text.split_whitespace().next().unwrap_or_default();
        if clock::is_time(first) || ["on", "next", "nobody", "->"].contains(&first) {
            return Ok(None);
        }
        let Some((key, value)) = line.text.split_once(':') else { return Err(unknown_key(first)) };
        let value = value.trim();
        match key {
            "people" => return Ok(Some(Under::People)),
            "units" => return Ok(Some(Under::Units)),
            "starts" => self.starts = Some((line.number, value.to_owned())),
            "watch" => self.watch = Some(watched(value)?),
            "room" => match value {
                "staffed" => self.only = false,
                "only these people" => self.only = true,
                _ => {
                    let known = ["staffed", "only these people"].into_iter();
                    return Err(Wrong(words::unknown("room", value, known)));
                }
            },
            "force" if value == "default" => {}
            "force" => {
                return Err(Wrong(words::unknown("force", value, ["default"].into_iter())));
            }
            key if NOTES.contains(&key) => self.notes.push((key.to_owned(), value.to_owned())),
            key => return Err(unknown_key(key)),
        }
        Ok(Some(Under::Nothing))
    }

    /// `Sian is call handler [at CH14] [trained for "…", "…"] [later]`.
    fn person(&mut self, line: &mut Cursor<'_>) -> Result<(), Wrong> {
        let name = line.word().ok_or_else(|| Wrong::new("a name is missing"))?.to_owned();
        if self.people.iter().any(|p| p.name == name) {
            return Err(Wrong::new(format!("'{name}' is there twice: choose another name")));
        }
        if !line.is_word("is") {
            return Err(Wrong::new(format!(
                "{} stands where 'is' should: write for example {name} is call handler",
                line.found()
            )));
        }
        let mut role_words: Vec<&str> = Vec::new();
        while let Some(word) = line.peek_word().filter(|w| !["at", "trained", "later"].contains(w))
        {
            role_words.push(word);
            line.take();
        }
        let said = role_words.join(" ");
        let names: Vec<String> = Role::ALL.iter().map(|role| role.words()).collect();
        let role = words::role(&said).ok_or_else(|| {
            Wrong(words::unknown("role", &said, names.iter().map(String::as_str)))
        })?;
        let seat = if line.is_word("at") { line.word().map(str::to_owned) } else { None };
        let skills = if line.are_words("trained for") { texts(line) } else { Vec::new() };
        let later = line.is_word("later");
        line.end()?;
        let seat = seat.unwrap_or_default();
        self.people.push(Person { name, role, seat, skills, later });
        Ok(())
    }

    /// `T12 is response [of "Central"] [carrying "…", "…"] [skilled in "…"]`.
    fn unit(&mut self, line: &mut Cursor<'_>) -> Result<(), Wrong> {
        let call_sign = line.word().ok_or_else(|| Wrong::new("a call sign is missing"))?.to_owned();
        if !line.is_word("is") {
            return Err(Wrong::new(format!(
                "{} stands where 'is' should: write for example {call_sign} is response",
                line.found()
            )));
        }
        let mut fields = Fields::new();
        let kind = value::value(line)?;
        fields.push(("kind".to_owned(), kind));
        let list = |texts: Vec<String>| Value::List(texts.into_iter().map(Value::Text).collect());
        while let Some(Token::Word(word)) = line.peek() {
            line.take();
            match word.as_str() {
                "of" => fields.push(("district".to_owned(), value::value(line)?)),
                "carrying" => fields.push(("equipment".to_owned(), list(texts(line)))),
                "skilled" => {
                    line.is_word("in");
                    fields.push(("skills".to_owned(), list(texts(line))));
                }
                other => {
                    let known = ["of", "carrying", "skilled"].into_iter();
                    return Err(Wrong(words::unknown("word about a unit", other, known)));
                }
            }
        }
        line.end()?;
        self.units.push(Unit { call_sign, fields });
        Ok(())
    }

    fn finish(mut self, policy_toml: &str, last: usize) -> Result<Head, (usize, Wrong)> {
        let policy_toml = changed(policy_toml, &self.sets)?;
        let policy = Policy::parse(&policy_toml).map_err(|sentence| {
            let line = self.sets.first().map_or(last, |(line, _)| *line);
            (line, Wrong(format!("the policy with these changes is not well formed: {sentence}")))
        })?;
        let at_last = |wrong: Wrong| (last, wrong);
        let (line, starts) = self.starts.clone().ok_or_else(|| {
            at_last(Wrong::new("it does not say when it starts: add 'starts: 2026-03-14 23:05'"))
        })?;
        let zone = TimeZone::get(&policy.about.time_zone)
            .map_err(|_| at_last(Wrong(format!("'{}' is no time zone", policy.about.time_zone))))?;
        let at_start = |wrong: Wrong| (line, wrong);
        let (date, time) = starts.split_once(' ').unwrap_or((&starts, "00:00"));
        let day = Day::new(zone, clock::parse_date(date).map_err(at_start)?);
        let starts = day.at(time.trim()).map_err(at_start)?;
        let cast = if self.only {
            Cast::default()
        } else {
            Cast::new(
                &policy,
                policy.desk.get(&Role::CallHandler).map_or(1, |d| d.on_duty_min),
                [None],
            )
        };
        seat(&mut self.people, &policy, &cast).map_err(at_last)?;
        Ok(Head {
            notes: self.notes,
            policy,
            policy_toml,
            starts,
            day,
            watch: self.watch.unwrap_or_else(|| Watch::USUAL.into_iter().collect()),
            cast,
            people: self.people,
            units: self.units,
        })
    }
}

fn unknown_key(word: &str) -> Wrong {
    let known = KEYS.into_iter().chain(NOTES).chain(["policy set"]);
    Wrong(words::unknown("line of the head", word, known))
}

fn watched(value: &str) -> Result<BTreeSet<Watch>, Wrong> {
    let one = |word: &str| {
        let found = Watch::ALL.into_iter().find(|(name, _)| *name == word);
        let names = Watch::ALL.into_iter().map(|(name, _)| name);
        found.map(|(_, watch)| watch).ok_or_else(|| Wrong(words::unknown("watch", word, names)))
    };
    value.split(',').map(|word| one(word.trim())).collect()
}

/// Texts with commas between them.
fn texts(line: &mut Cursor<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(text) = line.text() {
        texts.push(text.to_owned());
        if !line.is_mark(',') {
            break;
        }
    }
    texts
}

/// Everybody who has no seat named gets the last free one of their desk.
fn seat(people: &mut [Person], policy: &Policy, cast: &Cast) -> Result<(), Wrong> {
    let mut taken: BTreeSet<String> =
        cast.people().iter().map(|p| p.by.staff.to_string()).collect();
    taken.extend(people.iter().map(|p| p.seat.clone()));
    for (n, person) in people.iter_mut().enumerate() {
        if taken.contains(&person.name) {
            return Err(Wrong(format!(
                "'{}' is the name of somebody who is in the room anyway: choose another",
                person.name
            )));
        }
        if person.seat.is_empty() {
            let seats = policy.desk.get(&person.role).map_or(&[][..], |desk| &desk.seats[..]);
            let free = seats.iter().rev().find(|seat| !taken.contains(seat.as_str()));
            person.seat = free.map_or_else(|| format!("S{n}"), ToString::to_string);
            taken.insert(person.seat.clone());
        }
        if person.skills.is_empty() {
            person.skills = policy.trainings().iter().map(ToString::to_string).collect();
        }
    }
    Ok(())
}

/// The policy with `KEY = VALUE` set, the key's parts with dots between them.
fn changed(policy_toml: &str, sets: &[(usize, String)]) -> Result<String, (usize, Wrong)> {
    if sets.is_empty() {
        return Ok(policy_toml.to_owned());
    }
    let first = sets.first().map_or(1, |(line, _)| *line);
    let mut policy: toml::Table =
        policy_toml.parse().map_err(|e: toml::de::Error| (first, Wrong(e.message().to_owned())))?;
    for (line, text) in sets {
        set(&mut policy, text).map_err(|wrong| (*line, wrong))?;
    }
    toml::to_string(&policy).map_err(|e| (first, Wrong(e.to_string())))
}

fn set(policy: &mut toml::Table, text: &str) -> Result<(), Wrong> {
    let wrong = || {
        Wrong::new(
            "a changed value of the policy is written as \
             policy set obligation.unresourced.due.2 = \"10 min\"",
        )
    };
    let (key, value) = text.split_once('=').ok_or_else(wrong)?;
    let value: toml::Table = format!("value = {}", value.trim()).parse().map_err(|_| wrong())?;
    let value = value.get("value").cloned().ok_or_else(wrong)?;
    let mut parts: Vec<&str> = key.trim().split('.').collect();
    let last = parts.pop().ok_or_else(wrong)?;
    let mut table = policy;
    for part in parts {
        let names: Vec<String> = table.keys().cloned().collect();
        let next = table.get_mut(part).and_then(toml::Value::as_table_mut);
        table = next.ok_or_else(|| {
            Wrong(words::unknown("part of the policy", part, names.iter().map(String::as_str)))
        })?;
    }
    table.insert(last.to_owned(), value);
    Ok(())
}
