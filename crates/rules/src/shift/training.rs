//! Training gates what somebody may do: a task that needs one is refused to whoever lacks it, with
//! the words of who can do it, and a supervisor can allow it where somebody would wait.
//!
//! Source: Learning the Lessons, case 10: an officer lent to the room, seven months after a rushed
//! training, alone with a call about somebody who was dying.

use crate::command::{AllowTask, Command, LeftBehind};
use crate::event::{Event, Meta};
use crate::name::*;
use crate::policy::{DirectoryRule, TaskPolicy, UnknownRule};
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::{Instant, Now, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An allowance lasts from five minutes to a long shift.
const MINUTES: std::ops::RangeInclusive<u32> = 5..=720;

/// A task that somebody was allowed although they lack its training.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Allowed {
    /// Who allowed it.
    pub by: By,
    /// Why.
    pub reason: Reason,
    /// Until when.
    pub until: Instant,
}

/// What somebody is about to do, as far as a training can matter to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Doing<'a> {
    /// The command.
    pub command: &'a str,
    /// The unit it is about.
    pub unit: Option<&'a CallSign>,
    /// The step of an SOP it is about.
    pub step: Option<&'a Label>,
}

impl<'a> Doing<'a> {
    /// Everything that a command does: a diversion may send two units.
    fn all_of(command: &'a Command) -> Vec<Doing<'a>> {
        let doing = Doing { command: command.name(), unit: None, step: None };
        let units = match command {
            Command::DeployUnit(c) => vec![&c.call_sign],
            Command::DivertUnit(c) => match &c.left_behind {
                LeftBehind::CoverWith(cover) => vec![&c.call_sign, cover],
                LeftBehind::Covered | LeftBehind::Requeue => vec![&c.call_sign],
            },
            Command::SettleSopStep(c) => return vec![Doing { step: Some(&c.step), ..doing }],
            _ => return vec![doing],
        };
        units.into_iter().map(|unit| Doing { unit: Some(unit), ..doing }).collect()
    }
}

/// The trainings that somebody holds; nothing where nobody keeps them here, so that nobody is
/// stopped for want of an entry.
pub fn held(s: &State, staff: &StaffId, now: Instant) -> Option<Vec<Label>> {
    if let Some(enrolled) = s.directory.get(staff) {
        return Some(enrolled.skills_at(now));
    }
    let rules = &s.policy.staff;
    if rules.directory == DirectoryRule::Open && rules.unknown == UnknownRule::Trusted {
        return None;
    }
    Some(s.staff.get(staff).map(|on| on.skills.clone()).unwrap_or_default())
}

/// Refuses a command whose task needs a training that whoever gives it does not hold.
///
/// # Errors
/// The sentence of [`barred`].
pub fn gate(s: &State, command: &Command, by: &By, now: Now) -> Result<(), Refused> {
    match Doing::all_of(command).iter().find_map(|doing| barred(s, by, doing, now.at)) {
        Some((training, sentence)) => {
            Err(Refused::blocked_by(sentence, vec![training.to_string()]))
        }
        None => Ok(()),
    }
}

/// The training that somebody lacks for what they are about to do, and the sentence that says so.
pub fn barred(s: &State, by: &By, doing: &Doing<'_>, now: Instant) -> Option<(Label, String)> {
    if by.role == Role::System {
        return None;
    }
    let mut tasks = s.policy.task.iter().filter(|(_, task)| covers(s, task, doing)).peekable();
    tasks.peek()?;
    let held = held(s, &by.staff, now)?;
    let (_, task) = tasks.find(|(name, task)| {
        !held.contains(&task.training) && !is_allowed(s, &by.staff, name, now)
    })?;
    Some((task.training.clone(), sentence(s, &by.staff, task, now)))
}

fn covers(s: &State, task: &TaskPolicy, doing: &Doing<'_>) -> bool {
    let unit_is = |unit: &CallSign| {
        let held = s.units.get(unit).map_or(&[][..], |u| &u.skills[..]);
        task.units.iter().any(|skill| held.contains(skill))
    };
    task.commands.iter().any(|c| c.as_str() == doing.command)
        && (task.units.is_empty() || doing.unit.is_some_and(unit_is))
        && (task.steps.is_empty() || doing.step.is_some_and(|step| task.steps.contains(step)))
}

fn is_allowed(s: &State, staff: &StaffId, task: &Label, now: Instant) -> bool {
    let key = (staff.clone(), task.clone());
    s.allowed.get(&key).is_some_and(|allowed| allowed.until > now)
}

fn sentence(s: &State, staff: &StaffId, task: &TaskPolicy, now: Instant) -> String {
    let ended = s.directory.get(staff).and_then(|held| held.ended(&task.training, now));
    let ended = if ended.is_some() { ", and yours has ended" } else { "" };
    let ask: Vec<String> = task.ask.iter().map(|role| role.words()).collect();
    format!(
        "You may not {}: it needs the training '{}'{ended}. Ask the {} to do it, or, where \
         somebody would wait, a supervisor to allow it with a reason",
        task.words,
        task.training,
        ask.join(" or the ")
    )
}

/// Allows somebody a task for a while, although they lack its training.
///
/// # Errors
/// Somebody who allows it to themselves, a task that policy does not name, or a length of time that
/// is too short or too long.
pub fn allow(s: &State, c: &AllowTask, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let Some(task) = s.policy.task.get(&c.task) else {
        return Err(Refused::not_found(format!(
            "the policy names no task '{}': choose one of those it names",
            c.task
        )));
    };
    if c.staff == by.staff {
        return Err(Refused::forbidden(
            "nobody allows a task to themselves: ask another supervisor to",
        ));
    }
    if !MINUTES.contains(&c.minutes) {
        return Err(Refused::invalid(format!(
            "{} minutes: choose from {} to {}",
            c.minutes,
            MINUTES.start(),
            MINUTES.end()
        )));
    }
    if held(s, &c.staff, now.at).is_none_or(|held| held.contains(&task.training)) {
        return Err(Refused::conflict(format!(
            "{} may {} already: nothing to do",
            c.staff, task.words
        )));
    }
    Ok(vec![Event::TaskAllowed {
        staff: c.staff.clone(),
        task: c.task.clone(),
        until: now.at + Span::minutes(i64::from(c.minutes)),
        reason: c.reason.clone(),
    }])
}

impl State {
    pub(crate) fn evolve_training(&mut self, event: &Event, meta: &Meta) {
        let gone = |allowed: &Allowed| allowed.until <= meta.recorded_at;
        match event {
            Event::TaskAllowed { staff, task, until, reason } => {
                let over: Vec<(StaffId, Label)> =
                    self.allowed.iter().filter(|(_, a)| gone(a)).map(|(k, _)| k.clone()).collect();
                for key in over {
                    self.allowed.remove_mut(&key);
                }
                let allowed =
                    Allowed { by: meta.by.clone(), reason: reason.clone(), until: *until };
                self.allowed.insert_mut((staff.clone(), task.clone()), allowed);
            }
            // What was allowed was for this shift.
            Event::SignedOff { .. } => {
                let staff = &meta.by.staff;
                let own: Vec<(StaffId, Label)> =
                    self.allowed.keys().filter(|(who, _)| who == staff).cloned().collect();
                for key in own {
                    self.allowed.remove_mut(&key);
                }
            }
            _ => {}
        }
    }
}
