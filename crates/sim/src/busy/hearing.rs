//! What each seat hears, counted in the events: exactly what is played to the person who sits
//! there, for themselves and for every desk whose work comes to them.

use rules::event::{Event, Meta};
use rules::name::{ObligationId, StaffId};
use rules::obligation::Rule;
use rules::policy::{Level, Policy};
use rules::role::{Owner, Role};
use rules::state::State;
use rules::time::{Instant, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How often the seats are sampled.
const SAMPLE: Span = Span::minutes(1);

/// One sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// When.
    pub at: Instant,
    /// What of.
    pub rule: Rule,
    /// How loud.
    pub level: Level,
}

/// What one person heard.
#[derive(Clone, Debug)]
pub struct Ear {
    /// Their role.
    pub role: Role,
    /// The sounds, in order.
    pub sounds: Vec<Sound>,
    /// Each minute on duty: sounds in the window before it, and whether the seat was in flood.
    pub minutes: Vec<(u32, bool)>,
    /// The most in a window.
    pub most: u32,
    /// The most in a window that touched no major incident.
    pub most_usual: u32,
    /// Sounds beyond the limit, in windows that touched no major incident.
    pub too_many: u32,
}

/// A fold of the events.
pub struct Hearing {
    /// The room as the events make it.
    pub state: State,
    /// Who heard what.
    pub ears: BTreeMap<StaffId, Ear>,
    /// Annunciations by rule, counted once however many hear them.
    pub by_rule: BTreeMap<Rule, u64>,
    /// Annunciations by level, counted once.
    pub by_level: BTreeMap<Level, u64>,
    /// Sounds that nobody heard.
    pub unheard: u64,
    /// Obligations found without anybody who answers for them.
    pub unowned: BTreeSet<ObligationId>,
    /// Times a sound was stopped.
    pub acks: u64,
    /// Verbs chosen.
    pub verbs: u64,
    /// Floods that began.
    pub floods: u64,
    /// Floods that began in no major incident.
    pub floods_usual: u64,
    /// The limit and its window.
    limit: u32,
    window: Span,
    /// From and to when a major incident excuses more.
    major: Option<(Instant, Instant)>,
    sampled_to: Instant,
}

impl Hearing {
    /// Nothing heard yet.
    pub fn new(policy: Policy, from: Instant, major: Option<(Instant, Instant)>) -> Hearing {
        Hearing {
            limit: LIMIT,
            window: WINDOW,
            state: State::new(policy),
            ears: BTreeMap::new(),
            by_rule: BTreeMap::new(),
            by_level: BTreeMap::new(),
            unheard: 0,
            unowned: BTreeSet::new(),
            acks: 0,
            verbs: 0,
            floods: 0,
            floods_usual: 0,
            major,
            sampled_to: from,
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: &Event, meta: &Meta) {
        self.sample_to(meta.recorded_at);
        self.state.evolve(event, meta);
        match event {
            Event::Annunciated { position, rule, level, .. } => {
                self.sound(position, Sound { at: meta.recorded_at, rule: *rule, level: *level });
            }
            Event::FloodBegan { .. } => {
                self.floods += 1;
                self.floods_usual += u64::from(!self.is_major(meta.recorded_at));
            }
            Event::AlarmSilenced { .. } => self.acks += 1,
            Event::ObligationOwned { .. }
            | Event::ObligationGiven { .. }
            | Event::ObligationDelayed { .. }
            | Event::ObligationRaised { .. } => self.verbs += 1,
            _ => {}
        }
        self.look_for_unowned(event);
    }

    fn is_major(&self, at: Instant) -> bool {
        self.major.is_some_and(|(from, to)| from <= at && at < to)
    }

    /// The people who hear a position: it is theirs, or their desk answers for it now.
    pub fn who_hears(&self, position: &Owner) -> Vec<(StaffId, Role)> {
        let answers = self.state.present(position);
        let here = self.state.staff.values().filter(|on| !on.on_break);
        let hears = here.filter(|on| match &answers {
            Owner::Staff(staff) => *staff == on.staff,
            Owner::Desk(role) => *role == on.role,
        });
        hears.map(|on| (on.staff.clone(), on.role)).collect()
    }

    fn sound(&mut self, position: &Owner, sound: Sound) {
        *self.by_rule.entry(sound.rule).or_default() += 1;
        *self.by_level.entry(sound.level).or_default() += 1;
        let who = self.who_hears(position);
        self.unheard += u64::from(who.is_empty());
        let excused = self.is_major(sound.at);
        for (staff, role) in who {
            let (limit, since) = (self.limit, sound.at - self.window);
            let ear = self.ears.entry(staff).or_insert_with(|| Ear::new(role));
            ear.sounds.push(sound);
            let n = ear.within(since);
            ear.most = ear.most.max(n);
            if !excused {
                ear.most_usual = ear.most_usual.max(n);
                ear.too_many += u32::from(n > limit);
            }
        }
    }

    fn sample_to(&mut self, at: Instant) {
        while self.sampled_to + SAMPLE <= at {
            self.sampled_to = self.sampled_to + SAMPLE;
            let since = self.sampled_to - self.window;
            let flooded: Vec<Owner> =
                self.state.alarms.flooded.iter().map(|p| self.state.present(p)).collect();
            for on in self.state.staff.values().filter(|on| !on.on_break) {
                let ear = self.ears.entry(on.staff.clone()).or_insert_with(|| Ear::new(on.role));
                let mine = [Owner::Staff(on.staff.clone()), Owner::Desk(on.role)];
                let n = ear.within(since);
                ear.minutes.push((n, flooded.iter().any(|p| mine.contains(p))));
            }
        }
    }

    /// Everything open must be answered for by somebody who is here, once anybody is.
    fn look_for_unowned(&mut self, event: &Event) {
        let s = &self.state;
        if s.staff.values().all(|on| on.on_break) {
            return;
        }
        let is_owned = |owner: &Owner| match s.present(owner) {
            Owner::Staff(staff) => s.staff.get(&staff).is_some_and(|on| !on.on_break),
            Owner::Desk(role) => s.is_staffed(role),
        };
        let unowned: Vec<ObligationId> = match event {
            Event::ObligationsArmed { armed, .. } => {
                armed.iter().filter(|row| !is_owned(&row.owner)).map(|row| row.obligation).collect()
            }
            Event::ObligationFired { obligation, owner, .. }
            | Event::ObligationGiven { obligation, to: owner, .. }
            | Event::ObligationPassed { obligation, to: owner, .. } => {
                Some(*obligation).filter(|_| !is_owned(owner)).into_iter().collect()
            }
            Event::SignedOff { .. } | Event::WentOnBreak { .. } => {
                s.obligations.values().filter(|o| !is_owned(&o.owner)).map(|o| o.id).collect()
            }
            _ => Vec::new(),
        };
        self.unowned.extend(unowned);
    }
}

/// More than this in [`WINDOW`] at one seat is a flood. Source: EEMUA 191 and ISA-18.2; it is not
/// read from the policy, so that a policy cannot excuse itself.
pub const LIMIT: u32 = 10;
/// The window of the limit.
pub const WINDOW: Span = Span::minutes(10);

impl Ear {
    fn new(role: Role) -> Ear {
        Ear { role, sounds: Vec::new(), minutes: Vec::new(), most: 0, most_usual: 0, too_many: 0 }
    }

    fn within(&self, since: Instant) -> u32 {
        let n = self.sounds.iter().rev().take_while(|sound| sound.at > since).count();
        u32::try_from(n).unwrap_or(u32::MAX)
    }
}
