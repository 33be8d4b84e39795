//! A script played by a room of its own on a clock that is turned.

use super::document::{Deed, Item, Script, What, at_play};
use super::expect::{Expect, Expected, Holds};
use super::fault::Wrong;
use super::matching::{Difference, match_all};
use super::names::{Context, Named, Names};
use super::timeline::{Entry, Telling};
use super::{read, words};
use crate::answers::answer;
use crate::cast::crew;
use journal::Store;
use room::{Act, Clock, Config, Denied, Done, Room};
use rules::command::Command;
use rules::event::Event;
use rules::name::{CallSign, StaffId};
use rules::obligation::Subject;
use rules::policy::Policy;
use rules::refused::Refused;
use rules::role::{By, Role};
use rules::time::Instant;
use std::path::Path;

/// Records read at once.
const CHUNK: usize = 5_000;
/// So many things that are owed are settled at once at most.
const SETTLED_MAX: usize = 200;

/// Why a script could not be played.
#[derive(Debug, thiserror::Error)]
pub enum PlayFault {
    /// The room could not be opened.
    #[error("the room for {file} could not be opened: {source}")]
    Room {
        /// The script.
        file: String,
        /// Why.
        #[source]
        source: room::OpenFault,
    },
    /// The journal could not be read back.
    #[error("the journal could not be read back after the script")]
    Journal(#[from] journal::Fault),
    /// The room stopped.
    #[error("the room stopped while it was played: {0}")]
    Stopped(String),
}

/// A script that was played.
#[derive(Debug)]
pub struct Played {
    /// Where it is otherwise than expected.
    pub differences: Vec<Difference>,
    /// Everything that happened.
    pub timeline: Vec<Entry>,
    /// The last place in the journal before each item, and after it.
    pub places: Vec<(u64, u64)>,
    /// What the names stand for.
    pub names: Names,
    /// The policy it was played under.
    pub policy: Policy,
}

impl Played {
    /// Whether everything is as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Plays a script in a room whose files are in this folder, which must be empty.
///
/// # Errors
/// A [`PlayFault`]. What is otherwise than expected is no error.
pub fn play(script: &Script, folder: &Path) -> Result<Played, PlayFault> {
    let config = Config {
        store: Store::Sqlite { path: folder.join("journal.db") },
        data: folder.to_owned(),
        policy_toml: script.policy_toml.clone(),
        clock: Clock::turned(script.starts),
        queue: 1_000,
    };
    let opened = Room::open(config);
    let (room, _) =
        opened.map_err(|source| PlayFault::Room { file: script.file.clone(), source })?;
    let mut playing = Playing {
        names: script.first_names(),
        room: room.clone(),
        refused: Vec::new(),
        differences: Vec::new(),
        places: Vec::new(),
        script,
    };
    let played = playing.all();
    room.close();
    played
}

struct Playing<'s> {
    script: &'s Script,
    room: Room,
    names: Names,
    refused: Vec<Entry>,
    differences: Vec<Difference>,
    places: Vec<(u64, u64)>,
}

impl Playing<'_> {
    fn all(&mut self) -> Result<Played, PlayFault> {
        let script = self.script;
        self.begin()?;
        for item in &script.items {
            self.room.advance_to(item.at).map_err(stopped)?;
            let before = self.room.view().seq;
            match &item.what {
                What::Deed(deed) => self.deed(item, deed)?,
                What::Expect(expect) => self.holds(item, expect),
                What::Nobody => {}
            }
            self.places.push((before, self.room.view().seq));
        }
        self.room.advance_to(script.ends()).map_err(stopped)?;
        let timeline = self.timeline()?;
        let mut differences = std::mem::take(&mut self.differences);
        differences.extend(match_all(script, &timeline, &self.places, &self.names));
        differences.sort_by_key(|d| d.line);
        Ok(Played {
            differences,
            timeline,
            places: std::mem::take(&mut self.places),
            names: std::mem::take(&mut self.names),
            policy: (*self.room.view().policy).clone(),
        })
    }

    /// Everybody takes their seats, and the units come on.
    fn begin(&mut self) -> Result<(), PlayFault> {
        let script = self.script;
        for person in script.cast.people() {
            self.act(script.starts, person.by.clone(), person.sign_on())?.map_err(unexpected)?;
        }
        for person in script.people.iter().filter(|person| !person.later) {
            let seat = super::value::Value::Text(person.seat.clone());
            let skills = person.skills.iter().cloned().map(super::value::Value::Text).collect();
            let fields = vec![
                ("seat".to_owned(), seat),
                ("skills".to_owned(), super::value::Value::List(skills)),
            ];
            let command = self.read("sign_on", &fields, script.starts).map_err(unexpected)?;
            let by = self.by(&person.name).map_err(unexpected)?;
            self.act(script.starts, by, command)?.map_err(unexpected)?;
        }
        for unit in &script.units {
            let mut fields = unit.fields.clone();
            let text = |text: String| super::value::Value::Text(text);
            fields.push(("call_sign".to_owned(), text(unit.call_sign.clone())));
            let call_sign = CallSign::parse(&unit.call_sign).map_err(unexpected)?;
            let crew = vec![text(crew(&call_sign).staff.to_string())];
            fields.push(("crew".to_owned(), super::value::Value::List(crew)));
            let command = self.read("roster_unit", &fields, script.starts).map_err(unexpected)?;
            let by = By { staff: someone("roster"), role: Role::Administrator };
            self.act(script.starts, by, command)?.map_err(unexpected)?;
        }
        Ok(())
    }

    fn read(
        &self,
        command: &str,
        fields: &super::value::Fields,
        at: Instant,
    ) -> Result<Command, Wrong> {
        let room = self.room.view();
        let day = &self.script.day;
        let context =
            Context { names: &self.names, policy: &room.policy, day, at, owed: Some(&room) };
        read::command(command, &at_play(command, fields, &context, &room), &context)
    }

    /// Who this is, and in which role.
    fn by(&self, name: &str) -> Result<By, Wrong> {
        if let Some(person) = self.script.people.iter().find(|person| person.name == name) {
            let staff = StaffId::parse(name).map_err(Wrong)?;
            return Ok(By { staff, role: person.role });
        }
        let cast = self.script.cast.people();
        if let Some(person) = cast.iter().find(|person| person.by.staff.as_str() == name) {
            return Ok(person.by.clone());
        }
        if let Some(Named::Unit(call_sign)) = self.names.get(name) {
            return Ok(crew(&CallSign::parse(call_sign).map_err(Wrong)?));
        }
        match words::role(name) {
            Some(role) => Ok(By { staff: someone(name), role }),
            None => Err(Wrong(format!("'{name}' is nobody in this script"))),
        }
    }

    fn act(
        &self,
        at: Instant,
        by: By,
        command: Command,
    ) -> Result<Result<Done, Refused>, PlayFault> {
        let mut act = Act::new(by, command);
        act.at = Some(at);
        match self.room.act_blocking(act) {
            Ok(done) => Ok(Ok(done)),
            Err(Denied::Refused(refused)) => Ok(Err(refused)),
            Err(other) => Err(stopped(other)),
        }
    }

    fn deed(&mut self, item: &Item, deed: &Deed) -> Result<(), PlayFault> {
        match deed {
            Deed::Command { by, command, fields, makes } => {
                let ready = self.by(by).and_then(|by| {
                    let day = item.day.clone();
                    let room = self.room.view();
                    let (names, policy) = (&self.names, &*room.policy);
                    let context =
                        Context { names, policy, day: &day, at: item.at, owed: Some(&room) };
                    let fields = at_play(command, fields, &context, &room);
                    Ok((by, read::command(command, &fields, &context)?))
                });
                let (by, command) = match ready {
                    Ok(ready) => ready,
                    Err(wrong) => {
                        self.not_played(item, &wrong);
                        return Ok(());
                    }
                };
                match self.act(item.at, by, command)? {
                    Ok(done) => self.made(makes.as_deref(), &done),
                    Err(refused) => self.refuse(item, refused, makes.as_deref()),
                }
                Ok(())
            }
            Deed::Settle(log) => self.settle(item, log),
        }
    }

    fn refuse(&mut self, item: &Item, refused: Refused, makes: Option<&str>) {
        let seq = self.room.view().seq;
        self.refused.push(Entry::refused(seq, item.at, refused));
        if let Some(name) = makes {
            // What was not made has no number: whoever names it is told so.
            self.names.remove(name);
        }
    }

    fn not_played(&mut self, item: &Item, wrong: &Wrong) {
        self.differences.push(Difference {
            line: item.line,
            expected: "this to be done".to_owned(),
            got: wrong.to_string(),
        });
    }

    /// What was made has its number now.
    fn made(&mut self, name: Option<&str>, done: &Done) {
        let Some(name) = name else { return };
        let of = |(event, _): &(Event, rules::event::Meta)| match event {
            Event::IncidentOpened { incident, .. } => Some(Named::Log(*incident)),
            Event::ContactReceived { contact, .. } => Some(Named::Contact(contact.0)),
            Event::HandoverBuilt { handover, .. } => Some(Named::Handover(handover.0)),
            Event::FaultReported { fault, .. } => Some(Named::Fault(fault.0)),
            Event::MarkerPut { marker, .. } => Some(Named::Marker(marker.0)),
            Event::MessageLeft { message, .. } => Some(Named::Message(message.0)),
            _ => None,
        };
        let other = || {
            let (event, _) = done.events.first()?;
            let json = serde_json::to_value(event).ok()?;
            let fields = json.as_object()?.values().next()?.as_object()?.clone();
            fields.values().find_map(serde_json::Value::as_u64).map(Named::Other)
        };
        if let Some(named) = done.events.iter().find_map(of).or_else(other) {
            self.names.insert(name.to_owned(), named);
        }
    }

    /// The rest of the staff do what stands in the way of closing a log.
    fn settle(&mut self, item: &Item, log: &str) -> Result<(), PlayFault> {
        let n = match self.names.get(log) {
            Some(Named::Log(n)) => *n,
            _ => {
                self.not_played(item, &Wrong(format!("'{log}' was never opened")));
                return Ok(());
            }
        };
        let mut tried = std::collections::BTreeSet::new();
        for _ in 0..SETTLED_MAX {
            let room = self.room.view();
            let blocks = |rule| room.policy.obligation(rule).is_some_and(|row| row.blocks_closing);
            let about = Subject::Incident(n);
            let mut owed = room.obligations_about(&about).filter(|o| blocks(o.rule));
            let Some(next) = owed.find(|o| !tried.contains(&o.id)) else { return Ok(()) };
            tried.insert(next.id);
            if let Some((by, command)) = answer(&room, next, &self.script.cast)
                && let Err(refused) = self.act(item.at, by, command)?
            {
                self.refused.push(Entry::refused(self.room.view().seq, item.at, refused));
            }
        }
        Ok(())
    }

    /// What must be so at this moment.
    fn holds(&mut self, item: &Item, expect: &Expect) {
        let Expected::State(holds) = &expect.what else { return };
        if let Err(got) = self.is_so(item, holds) {
            let expected = self.line_of(item);
            self.differences.push(Difference { line: item.line, expected, got });
        }
    }

    fn line_of(&self, item: &Item) -> String {
        super::matching::line_of(self.script, item)
    }

    fn is_so(&self, item: &Item, holds: &Holds) -> Result<(), String> {
        let room = self.room.view();
        let (names, policy, day) = (&self.names, &*room.policy, &item.day);
        let context = Context { names, policy, day, at: item.at, owed: Some(&room) };
        super::holds::is_so(&room, &context, holds)
    }

    /// Everything that happened, refusals in their places.
    fn timeline(&mut self) -> Result<Vec<Entry>, PlayFault> {
        let mut telling = Telling::new(&self.names);
        let mut entries = Vec::new();
        let mut from = 1;
        loop {
            let records = self.room.journal().read(from, CHUNK)?;
            let Some(last) = records.last() else { break };
            from = last.seq + 1;
            for (event, meta, _) in records.iter().filter_map(room::from_record) {
                entries.extend(telling.tell(&event, &meta));
            }
        }
        entries.append(&mut self.refused);
        // The sort keeps the order of those that share a place.
        entries.sort_by_key(|entry| (entry.seq, entry.at));
        Ok(entries)
    }
}

fn someone(name: &str) -> StaffId {
    StaffId::parse(&name.replace(' ', "_")).unwrap_or_else(|_| crate::said::nobody())
}

fn stopped(denied: Denied) -> PlayFault {
    PlayFault::Stopped(denied.to_string())
}

fn unexpected(sentence: impl ToString) -> PlayFault {
    PlayFault::Stopped(sentence.to_string())
}
