//! How obligations sound: rolled up per position and rule, in risk order, sounded again only when
//! they worsen. A flood of alarms is a failure of this design and is told as one.

use crate::command::SilenceAlarm;
use crate::event::{Event, Meta};
use crate::name::{Grade, ObligationId};
use crate::obligation::{Obligation, Rule, Subject};
use crate::policy::Level;
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::{Map, Set, State};
use crate::time::{Instant, Now};
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

/// A roll-up at a position.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RollUp {
    /// What is lit.
    pub lit: Vec<ObligationId>,
    /// What was last heard of it.
    pub heard: Option<Heard>,
    /// Whether the sound was stopped. It is no action.
    pub silenced: bool,
}

/// What each position has lit and heard.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Alarms {
    /// The roll-ups.
    pub rolled: Map<(Owner, Rule), RollUp>,
    /// When each position heard something, within the flood window.
    pub sounds: Map<Owner, Vec<Instant>>,
    /// The positions in flood.
    pub flooded: Set<Owner>,
}

/// What a position hears when an obligation fires there.
pub fn sounds(s: &State, o: &Obligation, at: &Owner, level: Level, now: Instant) -> Vec<Event> {
    if level > Level::A2 {
        return Vec::new();
    }
    let heard = now_lit(s, o, at, now);
    let Some(why) = worse(s, o, at, level, &heard) else { return Vec::new() };
    if level != Level::A1 && is_flooded(s, at, now) {
        let told = Owner::Desk(s.covering(Role::TeamLeader));
        let known = s.alarms.flooded.contains(at);
        let began = Event::FloodBegan { position: at.clone(), told };
        return if known { Vec::new() } else { vec![began] };
    }
    vec![Event::Annunciated {
        position: at.clone(),
        rule: o.rule,
        level,
        obligation: o.id,
        heard,
        why,
    }]
}

/// What is lit at the position with this obligation counted in.
fn now_lit(s: &State, o: &Obligation, at: &Owner, now: Instant) -> Heard {
    let key = (at.clone(), o.rule);
    let rolled = s.alarms.rolled.get(&key);
    let lit = rolled.map_or(&[][..], |r| &r.lit[..]);
    let others = lit.iter().filter(|id| **id != o.id).filter_map(|id| s.obligations.get(id));
    heard_of(s, others.chain([o]), now)
}

/// What these, lit together, amount to.
fn heard_of<'o>(s: &State, lit: impl Iterator<Item = &'o Obligation>, now: Instant) -> Heard {
    let mut heard = Heard { count: 0, grade: None, age_step: 0 };
    for o in lit {
        let late = now.since(o.due_at);
        let steps = s.policy.alarm.age_steps.iter().filter(|step| late >= **step).count();
        let grade = o.about.incident().and_then(|n| s.grade_of(n));
        heard.count = heard.count.saturating_add(1);
        heard.age_step = heard.age_step.max(u32::try_from(steps).unwrap_or(u32::MAX));
        heard.grade = heard.grade.into_iter().chain(grade).min();
    }
    heard
}

/// Why this is worse than what the position has heard already, if it is.
fn worse(s: &State, o: &Obligation, at: &Owner, level: Level, now: &Heard) -> Option<Why> {
    let key = (at.clone(), o.rule);
    let Some(before) = s.alarms.rolled.get(&key).and_then(|r| r.heard.as_ref()) else {
        return Some(Why::First);
    };
    let steps = |n: u32| s.policy.alarm.count_steps.iter().filter(|step| n >= **step).count();
    let first_critical = level == Level::A1 && o.level != Some(Level::A1);
    let graded = match (now.grade, before.grade) {
        (Some(a), Some(b)) => a.above(b),
        (Some(_), None) => true,
        _ => false,
    };
    if first_critical {
        Some(Why::Critical)
    } else if o.delayed_until.is_some() {
        Some(Why::DelayEnded)
    } else if o.rule == Rule::CallerChasing {
        Some(Why::CallerAgain)
    } else if graded {
        Some(Why::Grade)
    } else if steps(now.count) > steps(before.count) {
        Some(Why::Count)
    } else if now.age_step > before.age_step {
        Some(Why::Age)
    } else {
        None
    }
}

fn is_flooded(s: &State, at: &Owner, now: Instant) -> bool {
    let since = now - s.policy.alarm.flood_window;
    let recent = s.alarms.sounds.get(at).map_or(0, |t| t.iter().filter(|t| **t > since).count());
    recent >= s.policy.alarm.flood_more_than as usize
}

/// Silences a roll-up at one's own position. It is no action: the ladder goes on.
pub fn silence(s: &State, c: &SilenceAlarm, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let positions = [Owner::Staff(by.staff.clone()), Owner::Desk(by.role)];
    let lit: Vec<Event> = positions
        .into_iter()
        .filter(|p| s.alarms.rolled.contains_key(&(p.clone(), c.rule)))
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

impl State {
    pub(crate) fn evolve_alarm(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ObligationFired { obligation, told, .. } => self.light(*obligation, told, meta),
            Event::ObligationsEnded { ended, .. } => self.quieten(ended, meta),
            Event::ObligationOwned { about: Subject::Unit(_), .. }
            | Event::ObligationGiven { about: Subject::Unit(_), .. } => {
                // An officer's emergency stays lit until it is over, whoever has it.
            }
            Event::ObligationOwned { obligation, .. }
            | Event::ObligationGiven { obligation, .. }
            | Event::ObligationDelayed { obligation, .. }
            | Event::ObligationMoved { obligation, .. } => self.quieten(&[*obligation], meta),
            Event::ObligationPassed { obligation, to, .. } => self.hand_on(*obligation, to, meta),
            Event::Annunciated { position, rule, heard, .. } => {
                self.roll(position, *rule, |rolled| {
                    rolled.heard = Some(heard.clone());
                    rolled.silenced = false;
                });
                self.count_sound(position, meta.recorded_at);
            }
            Event::AlarmSilenced { position, rule } => {
                if let Some(rolled) = self.alarms.rolled.get_mut(&(position.clone(), *rule)) {
                    rolled.silenced = true;
                }
            }
            Event::FloodBegan { position, .. } => self.alarms.flooded.insert_mut(position.clone()),
            _ => {}
        }
    }

    fn count_sound(&mut self, position: &Owner, at: Instant) {
        let since = at - self.policy.alarm.flood_window;
        let mut times = self.alarms.sounds.get(position).cloned().unwrap_or_default();
        times.retain(|t| *t > since);
        times.push(at);
        if times.len() <= self.policy.alarm.flood_more_than as usize / 2 {
            self.alarms.flooded.remove_mut(position);
        }
        self.alarms.sounds.insert_mut(position.clone(), times);
    }

    fn roll(&mut self, position: &Owner, rule: Rule, f: impl FnOnce(&mut RollUp)) {
        let key = (position.clone(), rule);
        if let Some(rolled) = self.alarms.rolled.get_mut(&key) {
            f(rolled);
            return;
        }
        let mut rolled = RollUp::default();
        f(&mut rolled);
        self.alarms.rolled.insert_mut(key, rolled);
    }

    /// Lights an obligation where it is told, and nowhere else any more.
    fn light(&mut self, id: ObligationId, told: &[Owner], meta: &Meta) {
        let Some(rule) = self.obligations.get(&id).map(|o| o.rule) else { return };
        for key in self.lit_at(&[id]) {
            if !told.contains(&key.0) {
                self.take_out(&key, &[id], meta.recorded_at);
            }
        }
        for position in told {
            self.roll(position, rule, |rolled| {
                if !rolled.lit.contains(&id) {
                    rolled.lit.push(id);
                }
            });
        }
    }

    /// What was lit at the owner who left is lit at the one who follows.
    fn hand_on(&mut self, id: ObligationId, to: &Owner, meta: &Meta) {
        let Some(o) = self.obligations.get(&id) else { return };
        let (rule, before) = (o.rule, (o.owner.clone(), o.rule));
        if self.lit_at(&[id]).contains(&before) {
            self.take_out(&before, &[id], meta.recorded_at);
            let to = self.present(to);
            self.roll(&to, rule, |rolled| {
                if !rolled.lit.contains(&id) {
                    rolled.lit.push(id);
                }
            });
        }
    }

    /// The roll-ups in which one of these is lit.
    fn lit_at(&self, ids: &[ObligationId]) -> BTreeSet<(Owner, Rule)> {
        let mut keys = BTreeSet::new();
        for o in ids.iter().filter_map(|id| self.obligations.get(id)) {
            let told = o.told.iter().map(|position| (position.clone(), o.rule));
            keys.extend(told.filter(|key| {
                self.alarms.rolled.get(key).is_some_and(|rolled| rolled.lit.contains(&o.id))
            }));
        }
        keys
    }

    /// Takes obligations out of the roll-ups they are lit in.
    fn quieten(&mut self, ids: &[ObligationId], meta: &Meta) {
        for key in self.lit_at(ids) {
            self.take_out(&key, ids, meta.recorded_at);
        }
    }

    /// What is left must not have to be worse than what is gone to be heard. A roll-up with nothing
    /// lit is over: what comes next is heard as the first.
    fn take_out(&mut self, key: &(Owner, Rule), ids: &[ObligationId], at: Instant) {
        let Some(rolled) = self.alarms.rolled.get_mut(key) else { return };
        rolled.lit.retain(|id| !ids.contains(id));
        if rolled.lit.is_empty() {
            self.alarms.rolled.remove_mut(key);
            return;
        }
        let Some(mut heard) = rolled.heard.clone() else { return };
        let lit = rolled.lit.clone();
        let left = heard_of(self, lit.iter().filter_map(|id| self.obligations.get(id)), at);
        heard.count = heard.count.min(left.count);
        heard.age_step = heard.age_step.min(left.age_step);
        heard.grade = heard.grade.and_then(|g| left.grade.map(|l| g.max(l)));
        self.roll(&key.0, key.1, |rolled| rolled.heard = Some(heard));
    }
}
