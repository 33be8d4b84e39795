//! A script as it was read.

use super::clock::Day;
use super::expect::{Expect, Kind};
use super::names::{Context, Names};
use super::value::{Fields, Value};
use crate::cast::Cast;
use rules::policy::Level;
use rules::role::Role;
use rules::time::Instant;
use std::collections::BTreeSet;

/// A script.
#[derive(Clone, Debug)]
pub struct Script {
    /// The file, as it was named.
    pub file: String,
    /// What it is called.
    pub title: String,
    /// The lines of its head that are for readers: `source`, `then` ...
    pub notes: Vec<(String, String)>,
    /// The policy it is played under.
    pub policy_toml: String,
    /// When it starts.
    pub starts: Instant,
    /// The first day.
    pub day: Day,
    /// What must be expected, or is a difference.
    pub watch: BTreeSet<Watch>,
    /// The rest of the room, staffed as the policy promises.
    pub cast: Cast,
    /// The people named.
    pub people: Vec<Person>,
    /// The units named.
    pub units: Vec<Unit>,
    /// Everything that happens, in order.
    pub items: Vec<Item>,
    /// Every line as it stands.
    pub lines: Vec<String>,
}

/// What must be expected, or is a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watch {
    /// A prompt without sound.
    Badges,
    /// Somebody is told, with a sound to be expected.
    Told,
    /// A sound.
    Sounds,
    /// A refusal.
    Refusals,
    /// Something is owed.
    Armed,
    /// It is no longer.
    Ended,
}

impl Watch {
    /// Every kind, with its name.
    pub const ALL: [(&'static str, Watch); 6] = [
        ("badges", Watch::Badges),
        ("told", Watch::Told),
        ("sounds", Watch::Sounds),
        ("refusals", Watch::Refusals),
        ("armed", Watch::Armed),
        ("ended", Watch::Ended),
    ];

    /// What is watched where a script does not say.
    pub const USUAL: [Watch; 4] = [Watch::Badges, Watch::Told, Watch::Sounds, Watch::Refusals];

    /// What watches an entry.
    pub fn of(kind: Kind, level: Option<Level>) -> Option<Watch> {
        match kind {
            Kind::Armed => Some(Watch::Armed),
            Kind::Told if level.is_some_and(|level| level > Level::A2) => Some(Watch::Badges),
            Kind::Told => Some(Watch::Told),
            Kind::Sounds => Some(Watch::Sounds),
            Kind::Ended => Some(Watch::Ended),
            Kind::Refused => Some(Watch::Refusals),
            Kind::Recorded => None,
        }
    }
}

/// Somebody of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their seat.
    pub seat: String,
    /// What they are trained for: everything, if nothing is said.
    pub skills: Vec<String>,
    /// Whether they sign on later, by a line of their own.
    pub later: bool,
}

/// A unit of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its call sign.
    pub call_sign: String,
    /// The other fields of `roster_unit`.
    pub fields: Fields,
}

/// Something that happens, or must.
#[derive(Clone, Debug)]
pub struct Item {
    /// The line, from 1.
    pub line: usize,
    /// How many lines it takes.
    pub n_lines: usize,
    /// Its moment.
    pub at: Instant,
    /// Its day.
    pub day: Day,
    /// What.
    pub what: What,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum What {
    /// Somebody does something.
    Deed(Deed),
    /// Callbox must do something.
    Expect(Expect),
    /// Nobody does anything until its moment.
    Nobody,
}

/// Something that somebody does.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A command.
    Command {
        /// Who: somebody, a unit, or a role that no person has.
        by: String,
        /// The command's name.
        command: String,
        /// Its fields.
        fields: Fields,
        /// What the thing it makes is called.
        makes: Option<String>,
    },
    /// The rest of the staff do what is owed on a log.
    Settle(String),
}

/// What a field of a command stands for where only the room knows it when it is played.
pub fn at_play(
    command: &str,
    fields: &Fields,
    context: &Context<'_>,
    room: &rules::state::State,
) -> Fields {
    let mut fields = fields.clone();
    if command == "read_log" {
        let log = fields.iter().find(|(key, _)| key == "incident");
        let log = log.and_then(|(_, value)| context.log(value.plain()?).ok());
        let newest = log.and_then(|n| room.incident(n)).map(|log| log.next_entry());
        let newest = newest.unwrap_or(1).saturating_sub(1);
        for (key, value) in &mut fields {
            if key == "up_to" && *value == Value::Word("last".to_owned()) {
                *value = Value::Word(newest.to_string());
            }
        }
    }
    fields
}

impl Script {
    /// A line of the head, by its key.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.notes.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// The names that are known before anything happens.
    pub fn first_names(&self) -> Names {
        super::head::first_names(&self.people, &self.units, &self.cast)
    }

    /// When it ends.
    pub fn ends(&self) -> Instant {
        let of = |item: &Item| match &item.what {
            What::Expect(e) => {
                let every = e.every.map(|(_, until)| until);
                every.into_iter().chain(e.until).chain([item.at]).max().unwrap_or(item.at)
            }
            _ => item.at,
        };
        self.items.iter().map(of).max().unwrap_or(self.starts).max(self.starts)
    }
}
