//! How obligations sound: rolled up per position and rule, in risk order, sounded again only when
//! they worsen. A flood of alarms is a failure of this design and is told as one.

mod flood; // more than anybody can take in
mod fold; //  what is lit and heard, folded from the events

use crate::command::SilenceAlarm;
use crate::event::Event;
use crate::name::{Grade, ObligationId};
use crate::obligation::{Obligation, Rule, Subject};
use crate::policy::Level;
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::{Map, Set, State};
use crate::time::{Instant, Now, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Why a position hears something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nothing of this kind was lit here.
    First,
    /// A critical condition sounds for itself the first time.
    Critical,
    /// A more urgent grade has joined.
    Grade,
    /// There are many now.
    Count,
    /// The worst has waited longer.
    Age,
    /// The informant has rung again.
    CallerAgain,
    /// A delay that was accepted is over.
    DelayEnded,
}

/// What a position last heard of a rule: what must be exceeded to sound again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// How many were lit.
    pub count: u32,
    /// The most urgent grade among them.
    pub grade: Option<Grade>,
    /// How many age steps the worst had passed.
    pub age_step: u32,
}

/// A roll-up at a position: everything lit there under the rules that policy rolls up together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RollUp {
    /// What is lit.
    pub lit: Vec<ObligationId>,
    /// What was last heard of it.
    pub heard: Option<Heard>,
    /// It got worse within the time to respond to its last sound, or in a flood: when it sounds,
    /// and why.
    #[serde(default)]
    pub held: Option<(Instant, Why)>,
    /// Whether the sound was stopped. It is no action.
    pub silenced: bool,
}

/// What each position has lit and heard.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Alarms {
    /// The roll-ups, each under the first of its rules.
    pub rolled: Map<(Owner, Rule), RollUp>,
    /// When each roll-up last sounded, though it may have gone out since.
    #[serde(default)]
    pub last: Map<(Owner, Rule), Instant>,
    /// When roll-ups that are held sound.
    #[serde(default)]
    pub held: Set<(Instant, Owner, Rule)>,
    /// When each position heard something, within the flood window.
    pub sounds: Map<Owner, Vec<Instant>>,
    /// The positions in flood.
    pub flooded: Set<Owner>,
}

/// What a position hears when an obligation fires there. What is critical is heard at once. The
/// rest is heard when it is worse than what was heard before, and not before the time to respond to
/// that has passed: until then it is seen, and held.
pub fn sounds(s: &State, o: &Obligation, at: &Owner, level: Level, now: Instant) -> Vec<Event> {
    if level > Level::A2 {
        return Vec::new();
    }
    let heard = now_lit(s, o, at, now);
    let Some(why) = worse(s, o, at, level, &heard) else { return Vec::new() };
    if level != Level::A1 && flood::is_flooded(s, at, now) {
        let began = (!s.alarms.flooded.contains(at)).then(|| flood::began(s, at));
        return began
            .into_iter()
            .chain(hold(s, o.rule, at, flood::next_sound(s, at), why))
            .collect();
    }
    match settles_at(s, o.rule, at, level, why, heard.grade).filter(|settles| *settles > now) {
        Some(until) => hold(s, o.rule, at, until, why).into_iter().collect(),
        None => vec![Event::Annunciated {
            position: at.clone(),
            rule: o.rule,
            level,
            obligation: o.id,
            heard,
            why,
        }],
    }
}

/// Until when a sound can wait, somebody having heard of the same just now: for what has got worse,
/// the time to respond; for what went out and is lit again, for a more urgent grade and for what is
/// critical and known, a shorter one. What is new and critical, a critical
/// delay that is over, an immediate log and an informant who rings again never wait.
fn settles_at(
    s: &State,
    rule: Rule,
    at: &Owner,
    level: Level,
    why: Why,
    grade: Option<Grade>,
) -> Option<Instant> {
    let alarm = &s.policy.alarm;
    let wait = match why {
        Why::Critical | Why::CallerAgain => return None,
        Why::First | Why::DelayEnded if level == Level::A1 => return None,
        Why::Grade if grade.is_some_and(|g| g.rank() == 1) => return None,
        Why::First | Why::Grade => alarm.settle,
        Why::Count | Why::Age if level == Level::A1 => alarm.settle,
        Why::Count | Why::Age | Why::DelayEnded => alarm.respond_within(rule),
    };
    let class = alarm.rolls_up_as(rule);
    let of = |position: Owner| s.alarms.last.get(&(position, class)).copied();
    // Whoever has just heard it for their desk need not hear it for themselves.
    let desk = match at {
        Owner::Staff(staff) => s.staff.get(staff).and_then(|on| of(Owner::Desk(on.role))),
        Owner::Desk(_) => None,
    };
    let last = of(at.clone()).into_iter().chain(desk).max()?;
    Some(last + wait)
}

/// Holds a roll-up, unless it is held already.
fn hold(s: &State, rule: Rule, at: &Owner, until: Instant, why: Why) -> Option<Event> {
    let rule = s.policy.alarm.rolls_up_as(rule);
    let rolled = s.alarms.rolled.get(&(at.clone(), rule));
    let held = rolled.is_some_and(|rolled| rolled.held.is_some());
    (!held).then(|| Event::AlarmHeld { position: at.clone(), rule, until, why })
}

/// When something sounds next, or a flood ends, though no obligation fires.
pub fn next_due(s: &State) -> Option<Instant> {
    let held = s.alarms.held.first().map(|(at, ..)| *at);
    let floods = s.alarms.flooded.iter().map(|position| flood::ends_at(s, position));
    held.into_iter().chain(floods).min()
}

/// What happens at `now` to a position where something was held or that was in flood. `None` when
/// no such moment has come.
pub fn fire(s: &State, now: Instant) -> Option<Vec<Event>> {
    if let Some(position) = s.alarms.flooded.iter().find(|p| flood::ends_at(s, p) <= now) {
        return Some(vec![Event::FloodEnded { position: position.clone() }]);
    }
    let (_, position, rule) = s.alarms.held.first().filter(|(at, ..)| *at <= now)?;
    let (position, rule) = (position.clone(), *rule);
    if flood::is_flooded(s, &position, now) {
        let until = flood::next_sound(s, &position).max(now + Span::minutes(1));
        let rolled = s.alarms.rolled.get(&(position.clone(), rule));
        let why = rolled.and_then(|rolled| rolled.held).map_or(Why::First, |(_, why)| why);
        return Some(vec![Event::AlarmHeld { position, rule, until, why }]);
    }
    let sound = still_worse(s, &position, rule, now);
    Some(vec![sound.unwrap_or(Event::AlarmLetGo { position, rule })])
}

/// The sound of a roll-up that was held, if there is still something to hear.
fn still_worse(s: &State, position: &Owner, rule: Rule, now: Instant) -> Option<Event> {
    let rolled = s.alarms.rolled.get(&(position.clone(), rule))?;
    let lit = || rolled.lit.iter().filter_map(|id| s.obligations.get(id));
    let loud = lit().filter(|o| o.level.is_some_and(|level| level <= Level::A2));
    let worst = loud.min_by_key(|o| {
        let grade = o.about.incident().and_then(|n| s.grade_of(n));
        (o.level, grade.map_or(u8::MAX, Grade::rank), o.due_at, o.id)
    })?;
    let heard = heard_of(s, lit(), now);
    let why = match &rolled.heard {
        None => Why::First,
        Some(before) => match (grown(s, before, &heard), rolled.held) {
            (Some(why), _) | (None, Some((_, why @ (Why::DelayEnded | Why::CallerAgain)))) => why,
            _ => return None,
        },
    };
    Some(Event::Annunciated {
        position: position.clone(),
        rule: worst.rule,
        level: worst.level.unwrap_or(Level::A2),
        obligation: worst.id,
        heard,
        why,
    })
}

/// What is lit at the position with this obligation counted in.
fn now_lit(s: &State, o: &Obligation, at: &Owner, now: Instant) -> Heard {
    let key = (at.clone(), s.policy.alarm.rolls_up_as(o.rule));
    let rolled = s.alarms.rolled.get(&key);
    let lit = rolled.map_or(&[][..], |r| &r.lit[..]);
    let others = lit.iter().filter(|id| **id != o.id).filter_map(|id| s.obligations.get(id));
    heard_of(s, others.chain([o]), now)
}

/// What these, lit together, amount to.
fn heard_of<'o>(s: &State, lit: impl Iterator<Item = &'o Obligation>, now: Instant) -> Heard {
    let mut heard = Heard { count: 0, grade: None, age_step: 0 };
    let mut about: BTreeSet<(&Subject, Option<&str>)> = BTreeSet::new();
    for o in lit {
        let late = now.since(o.due_at);
        let steps = s.policy.alarm.age_steps.iter().filter(|step| late >= **step).count();
        let grade = o.about.incident().and_then(|n| s.grade_of(n));
        // Two rules about one log are one thing to do.
        about.insert((&o.about, o.part.as_deref()));
        heard.age_step = heard.age_step.max(u32::try_from(steps).unwrap_or(u32::MAX));
        heard.grade = heard.grade.into_iter().chain(grade).min();
    }
    heard.count = u32::try_from(about.len()).unwrap_or(u32::MAX);
    heard
}

/// Why this is worse than what the position has heard already, if it is.
fn worse(s: &State, o: &Obligation, at: &Owner, level: Level, now: &Heard) -> Option<Why> {
    let key = (at.clone(), s.policy.alarm.rolls_up_as(o.rule));
    let Some(before) = s.alarms.rolled.get(&key).and_then(|r| r.heard.as_ref()) else {
        return Some(Why::First);
    };
    // Each position hears what is critical for itself the first time.
    let known_here = o.level == Some(Level::A1) && o.told.contains(at);
    if level == Level::A1 && !known_here {
        Some(Why::Critical)
    } else if o.rule == Rule::CallerChasing && o.rung == 0 {
        Some(Why::CallerAgain)
    } else if o.delayed_until.is_some() {
        Some(Why::DelayEnded)
    } else {
        grown(s, before, now)
    }
}

/// In which way a roll-up has grown beyond what was heard of it.
fn grown(s: &State, before: &Heard, now: &Heard) -> Option<Why> {
    let steps = |n: u32| s.policy.alarm.count_steps.iter().filter(|step| n >= **step).count();
    let graded = match (now.grade, before.grade) {
        (Some(a), Some(b)) => a.above(b),
        (Some(_), None) => true,
        _ => false,
    };
    if graded {
        Some(Why::Grade)
    } else if steps(now.count) > steps(before.count) {
        Some(Why::Count)
    } else if now.age_step > before.age_step {
        Some(Why::Age)
    } else {
        None
    }
}

/// Silences a roll-up at one's own position. It is no action: the ladder goes on.
pub fn silence(s: &State, c: &SilenceAlarm, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let positions = [Owner::Staff(by.staff.clone()), Owner::Desk(by.role)];
    let lit: Vec<Event> = positions
        .into_iter()
        .filter(|p| {
            let key = (p.clone(), s.policy.alarm.rolls_up_as(c.rule));
            s.alarms.rolled.contains_key(&key)
        })
        .map(|position| Event::AlarmSilenced { position, rule: c.rule })
        .collect();
    if lit.is_empty() {
        return Err(Refused::not_found(format!(
            "nothing sounds at your position for '{}'",
            c.rule.owed()
        )));
    }
    Ok(lit)
}
