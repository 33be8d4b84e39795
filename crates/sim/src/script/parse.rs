//! A script out of its text.

use super::clock::{self, Day};
use super::document::{Deed, Item, Script, What};
use super::expect;
use super::fault::{ScriptFault, Wrong};
use super::head::{self, Head};
use super::lex::{Cursor, Token, tokens};
use super::lines::{Line, lines};
use super::names::{Context, Named, Names};
use super::value::{self, Fields, Value};
use super::{read, sugar, words};
use rules::name::IncidentNumber;
use rules::policy::Policy;
use rules::role::Role;
use rules::time::Instant;
use std::collections::BTreeMap;

/// Reads a script. `policy_toml` is the policy that its head may change.
///
/// # Errors
/// The first line that is not understood, and what to write instead.
pub fn parse(file: &str, text: &str, policy_toml: &str) -> Result<Script, ScriptFault> {
    let (title, lines) = lines(text);
    let fault =
        |line: usize, wrong: Wrong| ScriptFault { file: file.to_owned(), line, sentence: wrong.0 };
    let (head, rest) = head::read(&lines, policy_toml).map_err(|(line, w)| fault(line, w))?;
    let mut parser = Parser::new(&head);
    for line in rest {
        parser.line(line).map_err(|wrong| fault(line.number, wrong))?;
    }
    let items = parser.items;
    if items.is_empty() {
        let last = lines.last().map_or(1, |line| line.number);
        return Err(fault(last, Wrong::new("nothing happens in it: write a line with a time")));
    }
    Ok(Script {
        file: file.to_owned(),
        title: title.unwrap_or_else(|| file.to_owned()),
        notes: head.notes,
        policy_toml: head.policy_toml,
        starts: head.starts,
        day: head.day,
        watch: head.watch,
        cast: head.cast,
        people: head.people,
        units: head.units,
        items,
        lines: text.lines().map(str::to_owned).collect(),
    })
}

/// Reads the lines after the head, one after the other.
struct Parser<'h> {
    head: &'h Head,
    policy: &'h Policy,
    names: Names,
    callers: BTreeMap<String, (Option<Value>, Option<Value>)>,
    day: Day,
    at: Instant,
    last_line: usize,
    items: Vec<Item>,
}

impl<'h> Parser<'h> {
    fn new(head: &'h Head) -> Parser<'h> {
        Parser {
            policy: &head.policy,
            names: head.names(),
            callers: BTreeMap::new(),
            day: head.day.clone(),
            at: head.starts,
            last_line: 0,
            items: Vec::new(),
            head,
        }
    }

    fn line(&mut self, line: &Line) -> Result<(), Wrong> {
        let tokens = tokens(&line.text)?;
        let mut cursor = Cursor::new(&tokens);
        if cursor.is_word("on") {
            let date = cursor.word().ok_or_else(|| Wrong::new("a date is missing after 'on'"))?;
            self.day = self.day.on(date)?;
            return cursor.end();
        }
        if cursor.are_words("next day") {
            self.day = self.day.tomorrow();
            return cursor.end();
        }
        if cursor.are_words("nobody does anything until") {
            let time = cursor.word().ok_or_else(|| Wrong::new("a time is missing at the end"))?;
            let at = self.day.at(time)?;
            self.pass(at, time)?;
            cursor.end()?;
            return self.push(line, What::Nobody);
        }
        if let Some(time) = cursor.peek_word().filter(|word| clock::is_time(word)) {
            cursor.take();
            let at = self.day.at(time)?;
            self.pass(at, time)?;
            self.last_line = line.number;
        } else if !expect::is_arrow(cursor.peek()) {
            let first = cursor.found();
            let known = ["on", "next", "nobody", "->"].into_iter();
            let near = cursor.peek_word().and_then(|word| words::nearest(word, known));
            return Err(Wrong(match near {
                Some(near) => format!("{first} is not understood: did you mean '{near}'?"),
                None => format!(
                    "{first} stands where a time should: begin the line with one, as in 23:05:40"
                ),
            }));
        }
        let every = self.every(&mut cursor)?;
        if expect::is_arrow(cursor.peek()) {
            cursor.take();
            let mut expected = expect::read(&mut cursor, &self.context())?;
            expected.every = every;
            return self.push(line, What::Expect(expected));
        }
        if every.is_some() {
            return Err(Wrong::new("only what Callbox does comes 'every …': write '->' after it"));
        }
        let rest = tokens.get(cursor.at..).unwrap_or_default();
        let deed = self.deed(rest)?;
        self.push(line, What::Deed(deed))
    }

    /// Time has passed up to here.
    fn pass(&mut self, at: Instant, time: &str) -> Result<(), Wrong> {
        if at < self.at {
            let before = self.day.time(self.at);
            let line = match self.last_line {
                0 => "the start".to_owned(),
                n => format!("line {n}"),
            };
            return Err(Wrong::new(format!(
                "{time} is before {before} of {line}, and time does not run backwards: put the \
                 lines in order, or write 'next day' on a line of its own before this one"
            )));
        }
        self.at = at;
        Ok(())
    }

    /// `every 15 min until 06:15`.
    fn every(&self, line: &mut Cursor<'_>) -> Result<Option<(rules::time::Span, Instant)>, Wrong> {
        if !line.is_word("every") {
            return Ok(None);
        }
        let (number, unit) = (line.word().unwrap_or_default(), line.word().unwrap_or_default());
        let span = clock::span(number, unit)?;
        if !line.is_word("until") {
            return Err(Wrong::new(format!(
                "{} stands where 'until' and a time should: write them",
                line.found()
            )));
        }
        let until = self.day.next(line.word().unwrap_or_default(), self.at)?;
        Ok(Some((span, until)))
    }

    fn context(&self) -> Context<'_> {
        let (names, policy, day) = (&self.names, self.policy, &self.day);
        Context { names, policy, day, at: self.at, owed: None }
    }

    fn push(&mut self, line: &Line, what: What) -> Result<(), Wrong> {
        let (day, at) = (self.day.clone(), self.at);
        self.items.push(Item { line: line.number, n_lines: line.n_lines, at, day, what });
        Ok(())
    }

    fn deed(&mut self, tokens: &[Token]) -> Result<Deed, Wrong> {
        let mut cursor = Cursor::new(tokens);
        if cursor.are_words("the staff settle") {
            let log = cursor.word().ok_or_else(|| Wrong::new("the name of a log is missing"))?;
            self.context().log(log)?;
            cursor.end()?;
            return Ok(Deed::Settle(log.to_owned()));
        }
        if let (Some(by), true) = (cursor.word(), cursor.is_word("does")) {
            return self.generic(by, &mut cursor);
        }
        self.phrase(tokens)
    }

    /// `WHO does COMMAND key=value …`: whatever the product can do.
    fn generic(&mut self, by: &str, line: &mut Cursor<'_>) -> Result<Deed, Wrong> {
        let named = matches!(self.names.get(by), Some(Named::Person(_) | Named::Unit(_)));
        let outside = words::role(by).is_some_and(|role| self.head.is_outside(role));
        if !named && !outside {
            return Err(self.context().unknown("person or unit", by));
        }
        let word = line.word().ok_or_else(|| Wrong::new("the name of a command is missing"))?;
        let command = words::command(word)?;
        let fields = value::fields(line)?;
        let makes = if line.is_word("as") { line.word().map(str::to_owned) } else { None };
        line.end()?;
        self.checked(by.to_owned(), command, fields, makes)
    }

    fn phrase(&mut self, tokens: &[Token]) -> Result<Deed, Wrong> {
        let whole = sugar::read(tokens, &self.context());
        let (mut read, mut makes) = match (whole, tokens) {
            (Ok(read), _) => (read, None),
            (Err(_), [rest @ .., Token::Word(word), Token::Word(name)]) if word == "as" => {
                (sugar::read(rest, &self.context())?, Some(name.clone()))
            }
            (Err(wrong), _) => return Err(wrong),
        };
        let taken = |place: &str| read.captured.get(place).and_then(Value::plain);
        let by = taken("WHO").unwrap_or_default().to_owned();
        makes = taken("NEW").map(str::to_owned).or(makes);
        let caller = taken("CONTACT").and_then(|contact| self.callers.get(contact)).cloned();
        self.fill(&mut read.captured, &by, caller);
        let (command, fields) = sugar::command(&read);
        self.checked(by, command, fields, makes)
    }

    /// What the words of a phrase leave to be known: who rang, and where somebody sits.
    fn fill(
        &self,
        captured: &mut sugar::Captured,
        by: &str,
        caller: Option<(Option<Value>, Option<Value>)>,
    ) {
        if let Some((name, line)) = caller {
            let name = name.map(|v| ("name".to_owned(), v));
            let line = line.map(|v| ("line".to_owned(), v));
            let told: Fields = name.into_iter().chain(line).collect();
            if !told.is_empty() {
                captured.insert("INFORMANT".to_owned(), Value::Fields(told));
            }
        }
        if let Some(person) = self.head.people.iter().find(|person| person.name == by) {
            captured.insert("SEAT".to_owned(), Value::Text(person.seat.clone()));
            let skills = person.skills.iter().map(|skill| Value::Text(skill.clone())).collect();
            captured.insert("SKILLS".to_owned(), Value::List(skills));
        }
    }

    /// A command whose fields are all well formed, and the name of what it makes.
    fn checked(
        &mut self,
        by: String,
        command: &'static str,
        fields: Fields,
        makes: Option<String>,
    ) -> Result<Deed, Wrong> {
        self.known_names(command, &fields)?;
        let mut tried = fields.clone();
        for (key, value) in &mut tried {
            if key == "up_to" && *value == Value::Word("last".to_owned()) {
                *value = Value::Word("0".to_owned());
            }
        }
        read::command(command, &tried, &self.context())?;
        if let Some(name) = &makes {
            self.name(name, command)?;
        }
        if let (Some(name), "receive_contact") = (&makes, command) {
            let of = |key: &str| {
                let found = fields.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
                found.filter(|value| *value != Value::Word("none".to_owned()))
            };
            self.callers.insert(name.clone(), (of("name"), of("line")));
        }
        Ok(Deed::Command { by, command: command.to_owned(), fields, makes })
    }

    /// Gives a name to what a command makes. Its number is known when it is played.
    fn name(&mut self, name: &str, command: &str) -> Result<(), Wrong> {
        if let Some(known) = self.names.get(name) {
            return Err(Wrong::new(format!(
                "'{name}' is the name of a {} already: choose another",
                known.kind()
            )));
        }
        let n = u32::try_from(self.names.len()).unwrap_or(0) + 1;
        let named = match (command, name.chars().next()) {
            ("receive_contact", _) | (_, Some('C')) => Named::Contact(u64::from(n)),
            ("open_incident", _) | (_, Some('L')) => {
                Named::Log(IncidentNumber { day: 20_260_101, n })
            }
            ("build_handover", _) | (_, Some('H')) => Named::Handover(u64::from(n)),
            ("report_fault", _) => Named::Fault(u64::from(n)),
            ("put_marker", _) => Named::Marker(u64::from(n)),
            ("leave_message", _) => Named::Message(u64::from(n)),
            _ => Named::Other(u64::from(n)),
        };
        self.names.insert(name.to_owned(), named);
        Ok(())
    }

    /// People, units and codes that a command names must be known.
    fn known_names(&self, command: &str, fields: &Fields) -> Result<(), Wrong> {
        let context = self.context();
        let to_a_person = ["give_incident", "go_on_break", "sign_off"].contains(&command);
        for (key, value) in fields {
            if let Value::Word(word) = value {
                let named = self.names.get(word);
                let is_person = ["agreed_by", "sergeant", "staff"].contains(&key.as_str())
                    || (key == "to" && to_a_person);
                if is_person
                    && command != "enrol_staff"
                    && word != "none"
                    && !matches!(named, Some(Named::Person(_)))
                {
                    return Err(context
                        .unknown_of("person", word, |named| matches!(named, Named::Person(_))));
                }
                if key == "call_sign"
                    && command != "roster_unit"
                    && !matches!(named, Some(Named::Unit(_)))
                {
                    return Err(
                        context.unknown_of("unit", word, |named| matches!(named, Named::Unit(_)))
                    );
                }
            }
            self.known_code(key, value)?;
        }
        Ok(())
    }

    fn known_code(&self, key: &str, value: &Value) -> Result<(), Wrong> {
        let Some(code) = value.plain() else { return Ok(()) };
        let codes: Vec<&str> = match key {
            "opening_code" => self.policy.opening_code.iter().map(|c| c.code.as_str()).collect(),
            "closing_code" => self.policy.closing_code.iter().map(|c| c.code.as_str()).collect(),
            _ => return Ok(()),
        };
        if codes.contains(&code) {
            return Ok(());
        }
        Err(Wrong(words::unknown(&key.replace('_', " "), code, codes.into_iter())))
    }
}

/// Whether nobody of the room has this role: a program, the public, another force.
pub(super) fn is_outside(policy: &Policy, role: Role) -> bool {
    !policy.desk.contains_key(&role) && role != Role::Officer && role != Role::System
}
