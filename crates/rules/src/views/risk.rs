//! How much risk a log holds, as one number with its reasons: grade times lateness, raised by what
//! is known about it and lowered by a unit that is on its way or there.
//!
//! The weights are proposals of ours, not a national value. What they are meant to do: a log in
//! danger comes before anything that is merely old, and a priority log long over its target comes
//! before an immediate one that has only just come in.

use super::countdown::{Running, age_words, running};
use crate::incident::{Incident, escalation};
use crate::name::Grade;
use crate::policy::Level;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// More lateness than this many times the time allowed adds nothing, in hundredths.
const LATE_MAX: u32 = 400;
/// What a marker or a chasing call adds, in hundredths; two of each count.
const EACH_ADDS: u32 = 25;
/// What a critical alarm adds, in hundredths.
const CRITICAL_ADDS: u32 = 50;

/// Whether somebody attends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attending {
    /// No unit is on it.
    Nobody,
    /// A unit has been sent.
    OnTheWay,
    /// A unit is at the scene.
    AtScene,
}

/// What makes up the risk of a log at a moment.
pub struct Risk<'s> {
    log: &'s Incident,
    clock: Option<Running>,
    attending: Attending,
    waits: bool,
    level: Option<Level>,
    now: Instant,
}

impl<'s> Risk<'s> {
    /// The risk of a log whose loudest open obligation is at this level.
    pub fn of(s: &State, log: &'s Incident, level: Option<Level>, now: Instant) -> Risk<'s> {
        Risk {
            log,
            clock: running(log, &s.policy),
            attending: attending(log),
            waits: escalation::waits_for_a_unit(s, log),
            level,
            now,
        }
    }

    /// The clock that runs on the log.
    pub fn clock(&self) -> Option<Running> {
        self.clock
    }

    /// The risk as one number; higher is worse.
    pub fn points(&self) -> u32 {
        let late = self.clock.map_or(0, |c| c.percent_used(self.now).min(LATE_MAX));
        let present = match self.attending {
            Attending::Nobody => 100,
            Attending::OnTheWay => 50,
            Attending::AtScene => 10,
        };
        // At most 1,000 x 500 x 250 x 100, which fits.
        let product = weight(self.log.grade()) * (100 + late) * (100 + self.raised()) / 1_000;
        product * present / 10_000
    }

    /// What is known about the log beside its grade, in hundredths.
    fn raised(&self) -> u32 {
        let two = |n: usize| EACH_ADDS * u32::from(n > 0) + EACH_ADDS * u32::from(n > 1);
        let critical = if self.level == Some(Level::A1) { CRITICAL_ADDS } else { 0 };
        let contested = if self.log.contested.is_some() { EACH_ADDS } else { 0 };
        two(self.log.markers.len()) + two(self.log.chased_at.len()) + critical + contested
    }

    /// Why it ranks where it does, the most telling reason first: `late 3 min`, `grade 1`, `MARAC`.
    pub fn why(&self) -> Vec<String> {
        let mut why = Vec::new();
        if let Some(clock) = self.clock {
            if clock.is_late(self.now) {
                why.push(format!("late {}", age_words(clock.due_at, self.now)));
            } else if clock.percent_used(self.now) >= 75 {
                why.push(format!("due in {}", age_words(self.now, clock.due_at)));
            }
        }
        why.push(self.log.grade().map_or("not graded".to_owned(), |g| format!("grade {g}")));
        why.extend(self.log.markers.iter().map(|m| m.marker.to_string()));
        match self.log.chased_at.len() {
            0 => {}
            1 => why.push("informant rang again".to_owned()),
            n => why.push(format!("informant rang again {n} times")),
        }
        if self.level == Some(Level::A1) {
            why.push("critical alarm".to_owned());
        }
        if let Some((grade, ..)) = &self.log.contested {
            why.push(format!("grade {grade} asked for"));
        }
        match self.attending {
            Attending::Nobody if self.waits => why.push("no unit".to_owned()),
            Attending::Nobody => {}
            Attending::OnTheWay => why.push("unit on the way".to_owned()),
            Attending::AtScene => why.push("unit at the scene".to_owned()),
        }
        why
    }
}

/// Whether somebody attends a log now.
pub fn attending(log: &Incident) -> Attending {
    let mut attending = Attending::Nobody;
    for d in log.active_units() {
        if d.at_scene_at.is_some() {
            return Attending::AtScene;
        }
        attending = Attending::OnTheWay;
    }
    attending
}

/// The weight of a grade. Nobody has judged a log without one, so it counts as the most urgent.
fn weight(grade: Option<Grade>) -> u32 {
    match grade.unwrap_or(Grade::TOP).rank() {
        1 => 1_000,
        2 => 400,
        3 => 100,
        _ => 30,
    }
}
