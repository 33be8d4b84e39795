//! A line being read: the command, then its words, then free text.

use super::grammar::{self, Row};
use super::resolve::{looks_like_log, nearest};
use super::text::{Line, Token};
use super::{Desk, Misunderstood, Understood, View};
use crate::incident::Incident;
use crate::name::{IncidentNumber, Reason, Words};
use crate::unit::Unit;

/// Why the reading stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// A word was not understood.
    Wrong(Misunderstood),
    /// Something has to be chosen first.
    Ask(Understood),
}

/// A line being read.
pub(super) struct Reading<'r> {
    pub line: Line<'r>,
    pub desk: &'r Desk<'r>,
    /// The word that names the command.
    pub command: Token<'r>,
    /// The log that was written before the command.
    pub named: Option<IncidentNumber>,
}

impl<'r> Reading<'r> {
    pub fn new(text: &'r str, desk: &'r Desk<'r>) -> Reading<'r> {
        let command = Token { text: "", at: 0..0 };
        Reading { line: Line::new(text), desk, command, named: None }
    }

    /// The whole line.
    pub fn whole(mut self) -> Result<Understood, Stop> {
        let Some(first) = self.line.peek_command() else {
            let says = "write a command, such as 'D 14', or '?' for all of them";
            return Err(self.wrong(&Token { text: "", at: 0..0 }, says, None));
        };
        self.command = first.clone();
        if looks_like_log(first.text) {
            let n = self.known_log(&first)?;
            self.line.pass(&first);
            self.named = Some(n);
            match self.line.peek_command() {
                Some(command) => self.command = command,
                None if self.line.rest().is_none() => {
                    return Ok(Understood::Show(View::Log { incident: n }));
                }
                None => return Err(self.unknown()),
            }
        }
        self.line.pass(&self.command.clone());
        match grammar::row(self.command.text) {
            Some(row) => (row.parse)(&mut self),
            None => self.unit_alone(),
        }
    }

    /// No command: a call sign by itself shows the unit.
    fn unit_alone(mut self) -> Result<Understood, Stop> {
        let number = self.command.text.bytes().all(|b| b.is_ascii_digit());
        if number || self.units_of(self.command.text).is_empty() {
            return Err(self.unknown());
        }
        let call_sign = self.unit(&self.command)?.call_sign.clone();
        if let Some(token) = self.line.peek() {
            let says = "write the command first, then the unit: 'D 14', '5 14'";
            return Err(self.wrong(&token, says, None));
        }
        self.nothing_more()?;
        Ok(Understood::Show(View::Unit { call_sign }))
    }

    fn unknown(&self) -> Stop {
        let token = &self.command;
        if token.text.bytes().all(|b| b.is_ascii_digit()) && !token.text.is_empty() {
            let says = format!(
                "{} is not a unit status: they go from 0 to 16; a log has at least three figures, \
                 such as 0413",
                token.text
            );
            return self.wrong(token, says, None);
        }
        let meant = self.split_command().or_else(|| {
            let words = grammar::ROWS.iter().flat_map(Row::names);
            nearest(token.text, words).map(|word| self.line.with(&token.at, word))
        });
        let says = format!("'{}' is not a command: write '?' to see all of them", token.text);
        self.wrong(token, says, meant)
    }

    /// `D14` for `D 14`.
    fn split_command(&self) -> Option<String> {
        let text = self.command.text;
        let at = text.find(|c: char| c.is_ascii_digit())?;
        let row = grammar::row(text.get(..at)?)?;
        Some(self.line.with(&self.command.at, &format!("{} {}", row.key, &text[at..])))
    }

    /// A word that was not understood.
    pub fn wrong(
        &self,
        token: &Token<'_>,
        says: impl Into<String>,
        try_instead: Option<String>,
    ) -> Stop {
        let token = if token.text.is_empty() { &self.command } else { token };
        Stop::Wrong(Misunderstood {
            at: token.at.clone(),
            token: token.text.to_owned(),
            says: says.into(),
            try_instead,
        })
    }

    /// Something that is missing after the command.
    pub fn missing(&self, says: impl Into<String>) -> Stop {
        self.wrong(&self.command, says, None)
    }

    /// The log that the line is about if it names none: the one before the command, or else the
    /// selected one.
    pub fn log(&self) -> Result<&'r Incident, Stop> {
        let Some(n) = self.named.or(self.desk.selected) else {
            let says = format!(
                "no log is selected: select one, or write its number first, as in '0413 {}'",
                self.command.text
            );
            return Err(self.missing(says));
        };
        self.desk.state.incident(n).ok_or_else(|| {
            self.missing(format!(
                "log {} is not open: select another, or reopen it first",
                self.short(n)
            ))
        })
    }

    /// The log named by the next word if that looks like one, or else [`Reading::log`].
    pub fn log_here(&mut self) -> Result<&'r Incident, Stop> {
        match self.line.peek().filter(|t| looks_like_log(t.text)) {
            Some(token) => {
                let log = self.open_log(&token)?;
                self.line.pass(&token);
                Ok(log)
            }
            None => self.log(),
        }
    }

    /// The units that follow: at least one. `then_log` says whether a log may come after them.
    pub fn units(&mut self, then_log: bool) -> Result<Vec<&'r Unit>, Stop> {
        let mut units: Vec<&'r Unit> = Vec::new();
        while let Some(token) = self.line.peek() {
            let word = !token.has_digit() && !self.is_call_sign(token.text);
            if !units.is_empty() && word {
                break; // The reason begins.
            }
            if !units.is_empty() && then_log && self.is_log_not_unit(&token)? {
                break;
            }
            let unit = self.unit(&token)?;
            if !units.iter().any(|u| u.call_sign == unit.call_sign) {
                units.push(unit);
            }
            self.line.pass(&token);
        }
        if units.is_empty() {
            let says = format!("say which unit, as in '{} 14'", self.command.text);
            return Err(self.missing(says));
        }
        Ok(units)
    }

    /// The rest as a reason, if there is one.
    pub fn reason(&mut self) -> Result<Option<Reason>, Stop> {
        let Some(rest) = self.line.rest() else { return Ok(None) };
        Reason::parse(rest.text).map(Some).map_err(|says| self.wrong(&rest, says, None))
    }

    /// The rest as a reason, which must be there.
    pub fn reason_for(&mut self, says: impl Into<String>) -> Result<Reason, Stop> {
        self.reason()?.ok_or_else(|| self.missing(says))
    }

    /// The rest as words, which must be there.
    pub fn words_for(&mut self, says: impl Into<String>) -> Result<Words, Stop> {
        let Some(rest) = self.line.rest() else { return Err(self.missing(says)) };
        Words::parse(rest.text).map_err(|says| self.wrong(&rest, says, None))
    }

    /// Nothing may follow.
    pub fn nothing_more(&mut self) -> Result<(), Stop> {
        let before = self.line.clone();
        let Some(rest) = self.line.rest() else { return Ok(()) };
        let says = format!("'{}' does not belong here: leave it out", rest.text);
        let shorter = before.text[..rest.at.start].trim_end().trim_end_matches(':').trim_end();
        Err(self.wrong(&rest, says, Some(shorter.to_owned())))
    }
}
