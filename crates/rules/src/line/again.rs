//! One's own last line: taken back within half a minute, or read once more.

use super::reading::{Reading, Stop};
use super::resolve::looks_like_log;
use super::{Desk, UNDO_WITHIN, Understood, understand};
use crate::command::*;
use crate::name::{CallSign, IncidentNumber, Reason};
use crate::time::Instant;

/// Somebody's last line that did something, kept by whoever carries lines out.
#[derive(Clone, Debug, PartialEq)]
pub struct Last {
    /// When.
    pub at: Instant,
    /// The line.
    pub line: String,
    /// What it did.
    pub commands: Vec<Command>,
    /// The units it was about, as they were before: status and log.
    units: Vec<(CallSign, u8, Option<IncidentNumber>)>,
}

impl Last {
    /// A line that is about to be carried out at this desk. A repetition is kept as the line that
    /// it repeats.
    pub fn of(line: &str, commands: &[Command], desk: &Desk<'_>) -> Last {
        let line = match &desk.last {
            Some(last) if is_repetition(line) => last.line.as_str(),
            _ => line,
        };
        let unit = |command: &Command| {
            let call_sign = match command {
                Command::SetStatus(c) => &c.call_sign,
                Command::DivertUnit(c) => &c.call_sign,
                _ => return None,
            };
            let unit = desk.state.units.get(call_sign)?;
            Some((call_sign.clone(), unit.status, unit.on))
        };
        Last {
            at: desk.now,
            line: line.to_owned(),
            commands: commands.to_vec(),
            units: commands.iter().filter_map(unit).collect(),
        }
    }

    fn unit(&self, call_sign: &CallSign) -> Option<(u8, Option<IncidentNumber>)> {
        let found = self.units.iter().find(|(name, ..)| name == call_sign);
        found.map(|(_, status, on)| (*status, *on))
    }
}

/// Whether a line is `#`, for whatever log.
fn is_repetition(line: &str) -> bool {
    let line = line.trim();
    let command = match line.split_once(char::is_whitespace) {
        Some((log, command)) if looks_like_log(log) => command.trim(),
        _ => line,
    };
    command == "#" || command.eq_ignore_ascii_case("repeat")
}

/// `#`
pub(super) fn repeat(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    r.nothing_more()?;
    let Some(last) = &r.desk.last else {
        return Err(r.missing("there is no line of yours to repeat: write the command"));
    };
    if is_repetition(&last.line) {
        return Err(r.missing("the last line was itself a repetition: write the command"));
    }
    let desk = Desk { selected: r.named.or(r.desk.selected), ..r.desk.clone() };
    understand(&last.line, &desk).map_err(|again| {
        let says = format!("'{}' cannot be repeated now: {}", last.line.trim(), again.says);
        r.wrong(&r.command.clone(), says, again.try_instead)
    })
}

/// `U`
pub(super) fn undo(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    r.nothing_more()?;
    let Some(last) = &r.desk.last else {
        return Err(r.missing("there is no line of yours to take back"));
    };
    if UNDO_WITHIN < r.desk.now.since(last.at) {
        return Err(r.missing(format!(
            "'{}' was more than {} ago: correct it by a line of its own",
            last.line.trim(),
            UNDO_WITHIN.words()
        )));
    }
    let inverse = |command| {
        inverse(r, last, command)
            .map_err(|why| r.missing(format!("'{}' stays: {why}", last.line.trim())))
    };
    let commands = last.commands.iter().rev().map(inverse).collect::<Result<Vec<_>, _>>()?;
    Ok(Understood::Undo { commands, says: format!("take back '{}'", last.line.trim()) })
}

fn taken_back() -> Reason {
    Reason::parse("taken back at once by whoever did it")
        .expect("a constant that meets its own conditions")
}

/// The command that takes another back, or why there is none.
fn inverse(r: &Reading<'_>, last: &Last, command: &Command) -> Result<Command, String> {
    let reason = taken_back();
    Ok(match command.clone() {
        Command::DeployUnit(c) => {
            StandDown { incident: c.incident, call_sign: c.call_sign, reason }.into()
        }
        Command::StandDown(c) => {
            let (incident, call_sign) = (c.incident, c.call_sign);
            DeployUnit { incident, call_sign, reason: Some(reason), silent: false }.into()
        }
        Command::TagIncident(c) => {
            UntagIncident { incident: c.incident, tag: c.tag, reason }.into()
        }
        Command::UntagIncident(c) => {
            TagIncident { incident: c.incident, tag: c.tag, reason }.into()
        }
        Command::SetStatus(c) => {
            let (status, _) = last.unit(&c.call_sign).ok_or("what it was before is not known")?;
            SetStatus { call_sign: c.call_sign, status, card_read_out: c.card_read_out }.into()
        }
        Command::DivertUnit(c) => diverted_back(r, last, &c)?.into(),
        Command::AddEntry(c) => struck(r, &c)?.into(),
        Command::AskQuestion(c) => withdrawn(r, &c)?.into(),
        Command::GradeIncident(c) => graded_back(r, &c)?.into(),
        other => {
            let name = other.name().replace('_', " ");
            return Err(format!("there is no taking back of '{name}'; say on the log what is so"));
        }
    })
}

fn diverted_back(r: &Reading<'_>, last: &Last, c: &DivertUnit) -> Result<DivertUnit, String> {
    if c.left_behind != LeftBehind::Requeue {
        return Err("other units have the job it left: divert it back by a line of its own".into());
    }
    let from = last.unit(&c.call_sign).and_then(|(_, on)| on);
    let to = from.ok_or("the log it was on is not known")?;
    let others = r
        .desk
        .state
        .incident(c.to)
        .is_some_and(|log| log.active_units().any(|d| d.call_sign != c.call_sign));
    let left_behind = if others { LeftBehind::Covered } else { LeftBehind::Requeue };
    Ok(DivertUnit { call_sign: c.call_sign.clone(), to, left_behind, reason: taken_back() })
}

fn struck(r: &Reading<'_>, c: &AddEntry) -> Result<StrikeEntry, String> {
    let log = r.desk.state.incident(c.incident).ok_or("its log is closed")?;
    let mine = log
        .entries
        .iter()
        .filter(|e| e.by.staff == r.desk.by.staff && e.text == c.text && e.struck.is_none());
    let entry = mine.map(|e| e.entry).max().ok_or("it is not on the log any more")?;
    let (incident, reason) = (c.incident, taken_back());
    Ok(StrikeEntry { incident, entry, reason, correction: None })
}

fn withdrawn(r: &Reading<'_>, c: &AskQuestion) -> Result<AnswerQuestion, String> {
    let log = r.desk.state.incident(c.incident).ok_or("its log is closed")?;
    let mine = log.open_questions().filter(|q| q.asked_by == r.desk.by.staff && q.text == c.text);
    let question = mine.map(|q| q.question).max().ok_or("it has its answer already")?;
    let outcome = Outcome::NotApplicable(taken_back());
    Ok(AnswerQuestion { incident: c.incident, question, outcome })
}

fn graded_back(r: &Reading<'_>, c: &GradeIncident) -> Result<GradeIncident, String> {
    let log = r.desk.state.incident(c.incident).ok_or("its log is closed")?;
    let before = match log.grades.as_slice() {
        [.., before, now] if now.grade == c.grade => before.grade,
        [_] => return Err("a log keeps a grade once it has one: choose another".into()),
        _ => return Err("somebody has graded it again meanwhile".into()),
    };
    let downgrade = c.grade.above(before);
    if downgrade && c.agreed_by.is_none() && !r.desk.by.role.supervises() {
        return Err("a downgrade needs a supervisor: write 'G' with the one who agrees".into());
    }
    Ok(GradeIncident {
        incident: c.incident,
        grade: before,
        reason: Some(taken_back()),
        agreed_by: c.agreed_by.clone(),
    })
}
