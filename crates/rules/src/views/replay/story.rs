//! Everything that happened around one log, moment by moment: on the log itself, at the positions
//! that heard of it, and by those who looked at it.

use super::concerns;
use crate::alarm::Why;
use crate::event::{Event, Meta, Stream};
use crate::name::IncidentNumber;
use crate::obligation::Rule;
use crate::policy::Level;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of moment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MomentKind {
    /// Something was recorded on the log.
    Recorded,
    /// A position heard an alarm in which the log was.
    Sounded,
    /// Somebody silenced it.
    Silenced,
    /// Somebody looked at the log.
    Looked,
}

/// One moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// Its record's place in the journal.
    pub seq: u64,
    /// When it was recorded.
    pub at: Instant,
    /// What kind it is.
    pub kind: MomentKind,
    /// Who did it.
    pub by: By,
    /// Where it was heard or silenced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Owner>,
    /// The rule that sounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// How loud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What happened, in words; the purpose of a look.
    pub words: String,
}

/// No story has more moments than this; what comes after is counted and left out.
pub const MOST_MOMENTS: usize = 20_000;

/// The story of one log, told by giving it every event of the room in order.
#[derive(Clone, Debug)]
pub struct Story {
    n: IncidentNumber,
    looked_at: String,
    moments: Vec<Moment>,
    left_out: u64,
}

impl Story {
    /// An empty story.
    pub fn new(n: IncidentNumber) -> Story {
        Story { n, looked_at: format!("incident {n}"), moments: Vec::new(), left_out: 0 }
    }

    /// The moments so far.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// How many moments there were beyond the most that are kept.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Takes an event in. `before` is the room just before it.
    pub fn note(&mut self, before: &State, event: &Event, meta: &Meta) {
        let Some(moment) = self.moment(before, event, meta) else { return };
        if self.moments.len() >= MOST_MOMENTS {
            self.left_out += 1;
            return;
        }
        self.moments.push(moment);
    }

    fn moment(&self, before: &State, event: &Event, meta: &Meta) -> Option<Moment> {
        let plain = |kind, words| plain(meta, kind, words);
        match event {
            Event::Annunciated { position, rule, level, why, heard, .. } => {
                let words = format!("{} ({})", of_how_many(*rule, heard.count), why_words(*why));
                self.is_in(before, position, *rule).then(|| Moment {
                    position: Some(position.clone()),
                    rule: Some(*rule),
                    level: Some(*level),
                    ..plain(MomentKind::Sounded, words)
                })
            }
            Event::AlarmSilenced { position, rule } => {
                self.is_in(before, position, *rule).then(|| Moment {
                    position: Some(position.clone()),
                    rule: Some(*rule),
                    ..plain(MomentKind::Silenced, rule.owed().to_owned())
                })
            }
            Event::RecordRead { what, purpose } if what.as_str() == self.looked_at => {
                Some(plain(MomentKind::Looked, purpose.to_string()))
            }
            Event::LogRead { incident, up_to } if *incident == self.n => {
                Some(plain(MomentKind::Looked, format!("read up to entry {up_to}")))
            }
            other if other.stream() == Stream::Incident(self.n) => {
                Some(plain(MomentKind::Recorded, name_words(other.name())))
            }
            _ => None,
        }
    }

    /// Whether the log is in what is rolled up at a position under a rule.
    fn is_in(&self, s: &State, position: &Owner, rule: Rule) -> bool {
        let Some(log) = s.incident(self.n) else { return false };
        let key = (position.clone(), s.policy.alarm.rolls_up_as(rule));
        let lit = s.alarms.rolled.get(&key).map_or(&[][..], |rolled| &rolled.lit[..]);
        lit.iter().filter_map(|id| s.obligations.get(id)).any(|o| concerns(log, o))
    }
}

/// A moment of which there is no more to say.
fn plain(meta: &Meta, kind: MomentKind, words: String) -> Moment {
    Moment {
        seq: meta.seq,
        at: meta.recorded_at,
        kind,
        by: meta.by.clone(),
        position: None,
        rule: None,
        level: None,
        words,
    }
}

fn of_how_many(rule: Rule, count: u32) -> String {
    match count {
        0 | 1 => rule.owed().to_owned(),
        n => format!("{n} x {}", rule.owed()),
    }
}

fn why_words(why: Why) -> &'static str {
    match why {
        Why::First => "the first of its kind here",
        Why::Critical => "critical, and new",
        Why::Grade => "a more urgent grade joined",
        Why::Count => "there were many",
        Why::Age => "the worst had waited longer",
        Why::CallerAgain => "the informant rang again",
        Why::DelayEnded => "a delay was over",
    }
}

/// `ObligationFired` as `obligation fired`.
fn name_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}
