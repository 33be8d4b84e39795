//! What is lit and heard at each position, folded from the events.

use super::{Heard, RollUp, heard_of};
use crate::event::{Event, Meta};
use crate::name::ObligationId;
use crate::obligation::{Rule, Subject};
use crate::role::Owner;
use crate::state::{Set, State};
use crate::time::Instant;
use std::collections::BTreeSet;

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
            other => self.evolve_sound(other, meta),
        }
    }

    fn evolve_sound(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Annunciated { position, rule, heard, .. } => {
                let key = (position.clone(), self.policy.alarm.rolls_up_as(*rule));
                self.evolve_heard(key, heard, meta.recorded_at);
            }
            Event::SignedOff { .. } => self.forget_heard(&Owner::Staff(meta.by.staff.clone())),
            Event::AlarmHeld { position, rule, until, why } => {
                let key = (position.clone(), self.policy.alarm.rolls_up_as(*rule));
                self.let_go(&key);
                if let Some(rolled) = self.alarms.rolled.get_mut(&key) {
                    rolled.held = Some((*until, *why));
                    self.alarms.held.insert_mut((*until, key.0, key.1));
                }
            }
            Event::AlarmLetGo { position, rule } => {
                let key = (position.clone(), self.policy.alarm.rolls_up_as(*rule));
                self.let_go(&key);
            }
            Event::AlarmSilenced { position, rule } => {
                let key = (position.clone(), self.policy.alarm.rolls_up_as(*rule));
                if let Some(rolled) = self.alarms.rolled.get_mut(&key) {
                    rolled.silenced = true;
                }
            }
            Event::FloodBegan { position, .. } => self.alarms.flooded.insert_mut(position.clone()),
            Event::FloodEnded { position } => {
                self.alarms.flooded.remove_mut(position);
            }
            _ => {}
        }
    }

    fn evolve_heard(&mut self, key: (Owner, Rule), heard: &Heard, at: Instant) {
        self.let_go(&key);
        self.roll(&key, |rolled| {
            rolled.heard = Some(heard.clone());
            rolled.silenced = false;
        });
        self.count_sound(&key.0, at);
        self.alarms.last.insert_mut(key, at);
    }

    /// What somebody heard is nothing to the next who sits down.
    fn forget_heard(&mut self, gone: &Owner) {
        for rule in Rule::ALL {
            self.alarms.last.remove_mut(&(gone.clone(), *rule));
        }
        self.alarms.sounds.remove_mut(gone);
        self.alarms.flooded.remove_mut(gone);
    }

    fn count_sound(&mut self, position: &Owner, at: Instant) {
        let since = at - self.policy.alarm.flood_window;
        let mut times = self.alarms.sounds.get(position).cloned().unwrap_or_default();
        times.retain(|t| *t > since);
        times.push(at);
        self.alarms.sounds.insert_mut(position.clone(), times);
    }

    /// A roll-up is held no longer.
    fn let_go(&mut self, key: &(Owner, Rule)) {
        let Some(rolled) = self.alarms.rolled.get_mut(key) else { return };
        if let Some((until, _)) = rolled.held.take() {
            self.alarms.held.remove_mut(&(until, key.0.clone(), key.1));
        }
    }

    /// A new policy may roll up other rules together: what is lit stays lit, what was heard of a
    /// roll-up that is new is nothing.
    pub(crate) fn roll_up_again(&mut self) {
        let before = std::mem::take(&mut self.alarms.rolled);
        self.alarms.held = Set::default();
        for ((position, rule), old) in &before {
            for id in &old.lit {
                let Some(o) = self.obligations.get(id) else { continue };
                let key = (position.clone(), self.policy.alarm.rolls_up_as(o.rule));
                let kept = (key.1 == *rule).then(|| old.heard.clone());
                self.roll(&key, |rolled| {
                    rolled.lit.push(*id);
                    if let Some(heard) = kept {
                        rolled.heard = heard;
                        rolled.silenced = old.silenced;
                    }
                });
            }
        }
    }

    fn roll(&mut self, key: &(Owner, Rule), f: impl FnOnce(&mut RollUp)) {
        if let Some(rolled) = self.alarms.rolled.get_mut(key) {
            f(rolled);
            return;
        }
        let mut rolled = RollUp::default();
        f(&mut rolled);
        self.alarms.rolled.insert_mut(key.clone(), rolled);
    }

    /// Lights an obligation where it is told, and nowhere else any more.
    fn light(&mut self, id: ObligationId, told: &[Owner], meta: &Meta) {
        let Some(rule) = self.obligations.get(&id).map(|o| o.rule) else { return };
        let rule = self.policy.alarm.rolls_up_as(rule);
        for key in self.lit_at(&[id]) {
            if !told.contains(&key.0) {
                self.take_out(&key, &[id], meta.recorded_at);
            }
        }
        for position in told {
            self.roll(&(position.clone(), rule), |rolled| {
                if !rolled.lit.contains(&id) {
                    rolled.lit.push(id);
                }
            });
        }
    }

    /// What was lit at the owner who left is lit at the one who follows.
    fn hand_on(&mut self, id: ObligationId, to: &Owner, meta: &Meta) {
        let Some(o) = self.obligations.get(&id) else { return };
        let rule = self.policy.alarm.rolls_up_as(o.rule);
        let before = (o.owner.clone(), rule);
        if self.lit_at(&[id]).contains(&before) {
            self.take_out(&before, &[id], meta.recorded_at);
            let to = self.present(to);
            self.roll(&(to, rule), |rolled| {
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
            let rule = self.policy.alarm.rolls_up_as(o.rule);
            let told = o.told.iter().map(|position| (position.clone(), rule));
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
            self.let_go(key);
            self.alarms.rolled.remove_mut(key);
            return;
        }
        let Some(mut heard) = rolled.heard.clone() else { return };
        let lit = rolled.lit.clone();
        let left = heard_of(self, lit.iter().filter_map(|id| self.obligations.get(id)), at);
        // A count that goes up and down around a step is one crossing of it.
        let step = self.policy.alarm.count_steps.iter().rfind(|step| **step <= heard.count);
        if step.is_none_or(|step| left.count <= step / 2) {
            heard.count = heard.count.min(left.count);
        }
        heard.age_step = heard.age_step.min(left.age_step);
        heard.grade = heard.grade.and_then(|g| left.grade.map(|l| g.max(l)));
        self.roll(key, |rolled| rolled.heard = Some(heard));
    }
}
