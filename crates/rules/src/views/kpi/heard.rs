//! What the events say about the alarms of the last day, kept as they come.

use super::{STALE_AFTER, WINDOW};
use crate::alarm::Why;
use crate::event::{Event, Meta};
use crate::name::{ObligationId, StaffId};
use crate::obligation::{Fate, Rule};
use crate::policy::{Level, Policy};
use crate::role::{Owner, Role};
use crate::time::{Instant, Span};
use std::collections::{BTreeMap, VecDeque};

/// A sound.
#[derive(Clone, Debug)]
pub(super) struct Sound {
    pub at: Instant,
    pub position: Owner,
    pub rule: Rule,
    pub why: Why,
}

/// Something that took a while.
#[derive(Clone, Debug)]
pub(super) struct Took {
    pub at: Instant,
    pub rule: Rule,
    pub span: Span,
}

/// Somebody's time on duty; no end is "still there".
#[derive(Clone, Debug)]
pub(super) struct There {
    pub staff: StaffId,
    pub role: Role,
    pub from: Instant,
    pub to: Option<Instant>,
}

/// What is known of an open obligation.
#[derive(Clone, Debug)]
struct Known {
    rule: Rule,
    /// When it was first told as critical or high.
    told_at: Option<Instant>,
    /// Whether somebody has chosen a verb since.
    answered: bool,
}

/// What the events say about the alarms of the last day. Given events in their order, one by one;
/// begun some time before the day, it knows the rule of what was armed before.
#[derive(Clone, Debug, Default)]
pub struct AlarmLog {
    pub(super) begun: Option<Instant>,
    pub(super) sounds: VecDeque<Sound>,
    pub(super) told: VecDeque<(Instant, Level)>,
    pub(super) silenced: VecDeque<Took>,
    pub(super) deeds: VecDeque<Took>,
    pub(super) without_deed: VecDeque<(Instant, Rule)>,
    pub(super) delays: VecDeque<Took>,
    pub(super) floods: VecDeque<(Owner, Instant, Option<Instant>)>,
    pub(super) there: Vec<There>,
    open: BTreeMap<ObligationId, Known>,
    /// The first sound of each roll-up that nobody has silenced yet.
    unanswered: BTreeMap<(Owner, Rule), Instant>,
}

impl AlarmLog {
    /// The kinds of record that matter, as the journal names them; others need not be given.
    pub const KINDS: [&str; 13] = [
        "annunciated",
        "alarm_silenced",
        "flood_began",
        "flood_ended",
        "obligations_armed",
        "obligations_ended",
        "obligation_fired",
        "obligation_owned",
        "obligation_given",
        "obligation_delayed",
        "obligation_raised",
        "signed_on",
        "signed_off",
    ];

    /// The numbers can go back to this moment, and no further: the first record that was read.
    pub fn begins(&mut self, at: Instant) {
        self.begun.get_or_insert(at);
    }

    /// Takes an event in. `policy` says what is rolled up together.
    pub fn note(&mut self, policy: &Policy, event: &Event, meta: &Meta) {
        let at = meta.recorded_at;
        self.begins(at);
        match event {
            Event::Annunciated { position, rule, why, .. } => {
                self.sounded(policy, position, *rule, *why, at);
            }
            Event::AlarmSilenced { position, rule } => {
                let key = (position.clone(), policy.alarm.rolls_up_as(*rule));
                if let Some(since) = self.unanswered.remove(&key) {
                    self.silenced.push_back(Took { at, rule: *rule, span: at.since(since) });
                }
            }
            Event::FloodBegan { position, .. } => {
                self.floods.push_back((position.clone(), at, None));
            }
            Event::FloodEnded { position } => self.flood_ended(position, at),
            Event::SignedOn { .. } => self.there.push(There {
                staff: meta.by.staff.clone(),
                role: meta.by.role,
                from: at,
                to: None,
            }),
            Event::SignedOff { .. } => self.left(&meta.by.staff, meta.by.role, at),
            other => self.note_obligation(other, at),
        }
        self.forget(at);
    }

    fn sounded(&mut self, policy: &Policy, position: &Owner, rule: Rule, why: Why, at: Instant) {
        self.sounds.push_back(Sound { at, position: position.clone(), rule, why });
        let key = (position.clone(), policy.alarm.rolls_up_as(rule));
        match why {
            // What sounds as the first had gone out: what was not answered then is over.
            Why::First => self.unanswered.insert(key, at),
            _ => self.unanswered.get(&key).copied().or_else(|| self.unanswered.insert(key, at)),
        };
    }

    fn flood_ended(&mut self, position: &Owner, at: Instant) {
        let open = self.floods.iter_mut().rev().find(|(p, _, to)| p == position && to.is_none());
        if let Some((_, _, to)) = open {
            *to = Some(at);
        }
    }

    fn left(&mut self, staff: &StaffId, role: Role, at: Instant) {
        match self.there.iter_mut().rev().find(|t| t.staff == *staff && t.to.is_none()) {
            Some(there) => there.to = Some(at),
            // They were there before the first event.
            None => self.there.push(There {
                staff: staff.clone(),
                role,
                from: self.begun.unwrap_or(at),
                to: Some(at),
            }),
        }
    }

    fn note_obligation(&mut self, event: &Event, at: Instant) {
        match event {
            Event::ObligationsArmed { armed, .. } => {
                for row in armed {
                    let known = Known { rule: row.rule, told_at: None, answered: false };
                    self.open.insert(row.obligation, known);
                }
            }
            Event::ObligationFired { obligation, level, .. } => {
                self.told.push_back((at, *level));
                if let (Level::A1 | Level::A2, Some(known)) =
                    (*level, self.open.get_mut(obligation))
                {
                    known.told_at.get_or_insert(at);
                }
            }
            Event::ObligationOwned { obligation, .. }
            | Event::ObligationGiven { obligation, .. }
            | Event::ObligationRaised { obligation, .. } => self.answered(*obligation, at),
            Event::ObligationDelayed { obligation, until, .. } => {
                if let Some(rule) = self.open.get(obligation).map(|known| known.rule) {
                    self.delays.push_back(Took { at, rule, span: until.since(at) });
                }
                self.answered(*obligation, at);
            }
            Event::ObligationsEnded { ended, fate, .. } => {
                ended.iter().for_each(|id| self.ended(*id, *fate, at));
            }
            _ => {}
        }
    }

    fn answered(&mut self, id: ObligationId, at: Instant) {
        let Some(known) = self.open.get_mut(&id).filter(|known| !known.answered) else { return };
        let Some(since) = known.told_at else { return };
        known.answered = true;
        self.deeds.push_back(Took { at, rule: known.rule, span: at.since(since) });
    }

    /// Doing what is owed is a deed; being overtaken by something else is none.
    fn ended(&mut self, id: ObligationId, fate: Fate, at: Instant) {
        if fate == Fate::Done {
            self.answered(id, at);
        }
        let Some(known) = self.open.remove(&id) else { return };
        if known.told_at.is_some() && !known.answered {
            self.without_deed.push_back((at, known.rule));
        }
    }

    /// What is older than the day is not counted any more.
    fn forget(&mut self, now: Instant) {
        let since = now - WINDOW;
        drop_before(&mut self.sounds, since, |sound| sound.at);
        drop_before(&mut self.told, since, |(at, _)| *at);
        drop_before(&mut self.without_deed, since, |(at, _)| *at);
        for took in [&mut self.silenced, &mut self.deeds, &mut self.delays] {
            drop_before(took, since, |took| took.at);
        }
        drop_before(&mut self.floods, since, |(_, _, to)| to.unwrap_or(now));
        if self.there.first().is_some_and(|there| there.to.is_some_and(|to| to < since)) {
            self.there.retain(|there| there.to.is_none_or(|to| since <= to));
        }
        if self.unanswered.len() > 10_000 {
            self.unanswered.retain(|_, at| now.since(*at) < STALE_AFTER);
        }
    }
}

fn drop_before<T>(all: &mut VecDeque<T>, since: Instant, at: impl Fn(&T) -> Instant) {
    while all.front().is_some_and(|first| at(first) < since) {
        all.pop_front();
    }
}
