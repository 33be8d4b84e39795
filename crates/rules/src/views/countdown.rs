//! Clocks as they are shown: which one runs, and how far it is from its target.

use crate::incident::Incident;
use crate::incident::target_time::{self, Clock};
use crate::policy::Policy;
use crate::time::{Instant, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which target a clock runs towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A unit sent.
    Deploy,
    /// A unit at the scene.
    Arrive,
}

impl Target {
    fn clock(self) -> Clock {
        match self {
            Target::Deploy => Clock::Deploy,
            Target::Arrive => Clock::Arrive,
        }
    }
}

/// A clock that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Towards what.
    pub target: Target,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub due_at: Instant,
}

impl Running {
    /// How much of the time allowed has passed, in hundredths; above 100 it is late.
    pub fn percent_used(&self, now: Instant) -> u32 {
        let allowed = self.due_at.since(self.from).0.max(1);
        let used = now.since(self.from).0.max(0).saturating_mul(100) / allowed;
        u32::try_from(used).unwrap_or(u32::MAX)
    }

    /// Whether the target has passed.
    pub fn is_late(&self, now: Instant) -> bool {
        self.due_at <= now
    }
}

/// The clock that runs on a log: until a unit is sent the one to deploy, then the one to arrive.
/// `None` once a unit has arrived, on a closed log, and where the grade has no target.
pub fn running(log: &Incident, policy: &Policy) -> Option<Running> {
    if log.closed.is_some() || log.first_arrival().is_some() {
        return None;
    }
    let from = target_time::clock_start(log, policy)?;
    let runs = |target: Target| {
        let due_at = from + target_time::length(log, policy, target.clock())?;
        Some(Running { target, from, due_at })
    };
    let to_deploy =
        if log.deployments_since_opened().is_empty() { runs(Target::Deploy) } else { None };
    to_deploy.or_else(|| runs(Target::Arrive))
}

/// Hours and minutes with a sign: `+01:55` is that late, `-00:07` has that long to go. What is left
/// is rounded up and what is late is rounded down, so that the sign alone says which it is.
pub fn countdown_words(due_at: Instant, now: Instant) -> String {
    let past = now.since(due_at).0;
    let (sign, minutes) = match past {
        0.. => ('+', past / 60_000),
        _ => ('-', past.saturating_neg().saturating_add(59_999) / 60_000),
    };
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How long ago, as a person says it: seconds below a minute, whole minutes above.
pub fn age_words(since: Instant, now: Instant) -> String {
    let age = now.since(since).0.max(0);
    Span(if age < 60_000 { age } else { age - age % 60_000 }).words()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_says_whether_it_is_late() {
        let due = Instant(0) + Span::minutes(600);
        let cases = [
            (due - Span::minutes(125), "-02:05"),
            (due - Span::seconds(61), "-00:02"),
            (due - Span::seconds(60), "-00:01"),
            (due - Span::seconds(1), "-00:01"),
            (due, "+00:00"),
            (due + Span::seconds(59), "+00:00"),
            (due + Span::minutes(3), "+00:03"),
            (due + Span::minutes(115), "+01:55"),
            (due + Span::minutes(60 * 101), "+101:00"),
        ];
        for (now, words) in cases {
            assert_eq!(countdown_words(due, now), words, "{now:?}");
        }
    }

    #[test]
    fn an_age_is_said_in_whole_minutes() {
        let then = Instant(0);
        for (seconds, words) in [(-5, "0 s"), (40, "40 s"), (193, "3 min"), (4_530, "1 h 15 min")] {
            assert_eq!(age_words(then, then + Span::seconds(seconds)), words);
        }
    }
}
