//! Somebody who is missing: the record with its level of risk, judged again in time; its own
//! actions, each settled; found, and the interview that is owed then. And what must be known before
//! anybody is said to go home.
//!
//! Source: Learning the Lessons, case 5 (a concern became missing after a shift change, unassessed,
//! and the family rang the hospitals), case 6 ("concern for safety" kept the search adviser and the
//! dogs out of sight), case 4 ("if he's meandering his way home": nobody knew where he lived).

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::carried::carried;
use crate::incident::opening::first_phrase;
use crate::incident::{Incident, Others};
use crate::name::*;
use crate::obligation::{Arm, Fate, Rule, Spec, Subject};
use crate::policy::MissingPolicy;
use crate::refused::Refused;
use crate::state::State;
use crate::time::Instant;
use crate::unit::status::must_see;
use serde::{Deserialize, Serialize};

/// Rule: the risk to a missing person is judged again by the time of its level, until they are
/// found.
///
/// Source: College of Policing APP, missing persons; Learning the Lessons, case 5.
pub const MISSING_REVIEW: Spec = Spec {
    arms: |s, event, meta| {
        let (Event::MissingReported { incident, level, .. }
        | Event::MissingAssessed { incident, level, .. }) = event
        else {
            return Vec::new();
        };
        let row = s.policy.missing.as_ref().and_then(|policy| policy.level(level));
        let (Some(row), Some(log)) = (row, s.incident(*incident)) else { return Vec::new() };
        let now = meta.recorded_at;
        let arm = Arm::new(Subject::Incident(*incident), now).due_at(now + row.review);
        vec![arm.owner(log.owner.clone())]
    },
    ends: |_, _, event, _| match event {
        Event::MissingAssessed { .. } => Some(Fate::Done),
        Event::MissingFound { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: each action for a missing person is done, or somebody says why it does not apply. Police
/// ring the hospitals: where a family was asked to, it is owed even before there is a record.
///
/// Source: Learning the Lessons, cases 5 and 6.
pub const MISSING_ACTION: Spec = Spec {
    arms: |s, event, meta| {
        let Some(policy) = s.policy.missing.as_ref() else { return Vec::new() };
        let Some(log) = event.stream_incident().and_then(|n| s.incident(n)) else {
            return Vec::new();
        };
        let wanted = |action: &Label| match event {
            Event::MissingReported { .. } => true,
            Event::EntryAdded { text, .. } | Event::InformantTold { words: text, .. } => {
                *action == policy.hospitals && family_rings(policy, text)
            }
            _ => false,
        };
        let rows = policy.action.iter().filter(|row| wanted(&row.action));
        rows.filter(|row| log.settled_action(&row.action).is_none())
            .map(|row| {
                Arm::new(Subject::Incident(log.number), meta.recorded_at)
                    .part(row.action.as_str())
                    .owner(crate::role::Owner::Desk(row.by))
            })
            .collect()
    },
    ends: |_, o, event, _| match event {
        Event::MissingActionSettled { action, .. } if o.part_is(action.as_str()) => {
            Some(Fate::Done)
        }
        Event::MissingFound { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: whoever was missing and is found alive is spoken with about it, in the time of the level
/// of risk, or somebody says why not.
///
/// Source: College of Policing APP, missing persons: prevention interview.
pub const MISSING_INTERVIEW: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::MissingFound { incident, condition, .. } if *condition != FoundCondition::Dead => {
            let Some(log) = s.incident(*incident) else { return Vec::new() };
            let level = log.missing().and_then(|m| m.judged.last()).map(|j| &j.level);
            let policy = s.policy.missing.as_ref();
            let row = level.and_then(|level| policy.and_then(|policy| policy.level(level)));
            let Some(row) = row else { return Vec::new() };
            let now = meta.recorded_at;
            let arm = Arm::new(Subject::Incident(*incident), now).due_at(now + row.interview);
            vec![arm.owner(log.owner.clone())]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::MissingInterviewed { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

fn family_rings(policy: &MissingPolicy, text: &Words) -> bool {
    first_phrase(&[text.as_str().to_lowercase()], &policy.family_rings).is_some()
}

/// Somebody missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Who.
    pub person: MissingPerson,
    /// Who recorded it, and when.
    pub reported: (StaffId, Instant),
    /// Each level of risk with its reasons, newest last.
    pub judged: Vec<Judged>,
    /// Found, if so.
    pub found: Option<Found>,
    /// The interview then, or why there was none.
    pub interview: Option<(Outcome, StaffId, Instant)>,
}

/// A level of risk, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Judged {
    /// The level.
    pub level: Label,
    /// Why.
    pub rationale: Words,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

/// How somebody was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// By whom.
    pub found_by: Label,
    /// How they are.
    pub condition: FoundCondition,
    /// How that was confirmed.
    pub words: Words,
    /// Who wrote it.
    pub by: StaffId,
    /// When it happened.
    pub at: Instant,
}

fn policy(s: &State) -> Result<&MissingPolicy, Refused> {
    s.policy.missing.as_ref().ok_or_else(|| {
        Refused::conflict(
            "the policy of this force has no [missing]: ask an administrator to publish one",
        )
    })
}

/// Records that somebody is missing. A concern becomes a missing person, and is assessed again.
pub fn report(s: &State, c: &ReportMissing) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let policy = policy(s)?;
    if let Some(before) = log.missing().filter(|m| m.found.is_none()) {
        return Err(Refused::conflict(format!(
            "{} is recorded as missing on log {} already: judge the risk again, or open another \
             log for somebody else",
            before.person.name, c.incident
        )));
    }
    if log.missing().is_some() {
        return Err(Refused::conflict(format!(
            "somebody was missing and found on log {}: open another log, so that both are kept",
            c.incident
        )));
    }
    judged(s, policy, &c.level, &c.rationale)?;
    let recoded = policy.from_codes.contains(&log.opening_code);
    let changed = recoded.then(|| Event::OpeningCodeChanged {
        incident: c.incident,
        from: log.opening_code.clone(),
        to: policy.code.clone(),
        reason: Reason::parse(&format!("recorded as missing: {}", policy.definition))
            .unwrap_or_else(|_| missing_reason()),
    });
    let reported = Event::MissingReported {
        incident: c.incident,
        person: c.person.clone(),
        level: c.level.clone(),
        rationale: c.rationale.clone(),
    };
    Ok(changed.into_iter().chain([reported]).collect())
}

fn missing_reason() -> Reason {
    Reason::parse("recorded as missing").expect("a few plain words are a reason")
}

/// A level that policy has, with more than a word of reasons.
fn judged(
    s: &State,
    policy: &MissingPolicy,
    level: &Label,
    rationale: &Words,
) -> Result<(), Refused> {
    if policy.level(level).is_none() {
        let items = policy.level.iter().map(|row| row.level.to_string()).collect();
        let sentence = format!("'{level}' is no level of risk of this force: choose one");
        return Err(Refused { items, ..Refused::invalid(sentence) });
    }
    let least = s.policy.thrive.rationale_words_min;
    if rationale.n_words() < least {
        return Err(Refused::blocked(format!(
            "say in at least {least} words why the risk is {level}: what is known, who said it, \
             and when"
        )));
    }
    Ok(())
}

/// Somebody who is still missing on a log.
fn still(s: &State, n: IncidentNumber) -> Result<(&Incident, &Missing), Refused> {
    let log = s.open_incident(n)?;
    match log.missing() {
        None => Err(Refused::not_found(format!(
            "nobody is recorded as missing on log {n}: record who is missing first"
        ))),
        Some(m) if m.found.is_some() => {
            Err(Refused::conflict(format!("{} has been found on log {n}", m.person.name)))
        }
        Some(m) => Ok((log, m)),
    }
}

/// Judges the risk again.
pub fn assess(s: &State, c: &AssessMissing) -> Result<Vec<Event>, Refused> {
    still(s, c.incident)?;
    judged(s, policy(s)?, &c.level, &c.rationale)?;
    Ok(vec![Event::MissingAssessed {
        incident: c.incident,
        level: c.level.clone(),
        rationale: c.rationale.clone(),
    }])
}

/// Settles an action.
pub fn settle(s: &State, c: &SettleMissingAction) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if log.settled_action(&c.action).is_some() {
        return Err(Refused::conflict(format!(
            "it is written already what became of '{}': write an entry if there is more to say",
            c.action
        )));
    }
    if !is_owed(s, log, &c.action) {
        return Err(Refused::not_found(format!(
            "log {} has no open action '{}': look at its list",
            c.incident, c.action
        )));
    }
    Ok(vec![Event::MissingActionSettled {
        incident: c.incident,
        action: c.action.clone(),
        outcome: c.outcome.clone(),
    }])
}

/// Whether an action is open on a log.
pub fn is_owed(s: &State, log: &Incident, action: &Label) -> bool {
    let about = Subject::Incident(log.number);
    s.obligations_about(&about).any(|o| o.rule == Rule::MissingAction && o.part_is(action.as_str()))
}

/// Records that somebody was found.
pub fn find(s: &State, c: &FindMissing) -> Result<Vec<Event>, Refused> {
    still(s, c.incident)?;
    if c.words.n_words() < 2 {
        return Err(Refused::blocked(
            "say in more than one word who saw and spoke to them, and how they are",
        ));
    }
    Ok(vec![Event::MissingFound {
        incident: c.incident,
        place: c.place.clone(),
        by: c.by.clone(),
        condition: c.condition,
        words: c.words.clone(),
    }])
}

/// Records the interview, or why there is none.
pub fn interview(s: &State, c: &InterviewMissing) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let found = log.missing().filter(|m| m.found.is_some());
    match found {
        None => Err(Refused::conflict(format!(
            "nobody who was missing is found on log {} yet: record that first",
            c.incident
        ))),
        Some(m) if m.interview.is_some() => Err(Refused::conflict(format!(
            "the interview with {} is written already: write an entry if there is more to say",
            m.person.name
        ))),
        Some(_) => {
            Ok(vec![Event::MissingInterviewed { incident: c.incident, outcome: c.outcome.clone() }])
        }
    }
}

/// Records where the person lives.
pub fn know_home(s: &State, c: &KnowHome) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::HomeKnown { incident: c.incident, home: c.home.clone(), how: c.how.clone() }])
}

/// Refuses to let a log or a unit go because somebody vulnerable goes home, where nobody knows
/// where that is.
///
/// Source: Learning the Lessons, case 4: "if he's meandering his way home, we'll leave it at that".
pub fn goes_home(s: &State, log: &Incident, texts: &[&str]) -> Result<(), Refused> {
    let Some(policy) = s.policy.missing.as_ref().filter(|_| log.home().is_none()) else {
        return Ok(());
    };
    if carried(log, &s.policy).is_empty() && !must_see(s, log) {
        return Ok(());
    }
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    match first_phrase(&texts, &policy.going_home) {
        None => Ok(()),
        Some(phrase) => Err(Refused::blocked(format!(
            "'{phrase}' is a guess while nobody knows where they live: record the home address on \
             log {} and how it is known, or say what was seen",
            log.number
        ))),
    }
}

/// What stands in the way of closing: somebody is still missing.
pub fn in_the_way(log: &Incident) -> Option<String> {
    let missing = log.missing().filter(|m| m.found.is_none())?;
    Some(format!("{} found, who is missing", missing.person.name))
}

/// What officers are to know: who is looked for.
pub fn for_officers(log: &Incident) -> Option<String> {
    let missing = log.missing().filter(|m| m.found.is_none())?;
    let person = &missing.person;
    let level = missing.judged.last().map(|j| format!(", {} risk", j.level)).unwrap_or_default();
    let vehicle = person.vehicle.as_ref().map(|v| format!(". {v}")).unwrap_or_default();
    Some(format!(
        "Missing: {}{level}. {}. Last seen: {}{vehicle}",
        person.name, person.description, person.last_seen
    ))
}

impl Incident {
    /// Somebody who is, or was, missing.
    pub fn missing(&self) -> Option<&Missing> {
        self.others.as_ref()?.missing.as_ref()
    }

    /// Where the person lives, if that is known.
    pub fn home(&self) -> Option<&Place> {
        let others = self.others.as_ref()?;
        let said = others.home.as_ref().map(|(home, ..)| home);
        said.or_else(|| others.missing.as_ref()?.person.home.as_ref())
    }

    /// What became of an action for a missing person.
    pub fn settled_action(&self, action: &Label) -> Option<&(Label, Outcome, StaffId, Instant)> {
        let settled = self.others.as_ref()?;
        settled.actions.iter().find(|(name, ..)| name == action)
    }

    pub(super) fn others_mut(&mut self) -> &mut Others {
        self.others.get_or_insert_default()
    }

    pub(super) fn fold_missing(&mut self, event: &Event, meta: &Meta) {
        let (by, at) = (meta.by.staff.clone(), meta.recorded_at);
        match event {
            Event::MissingReported { person, level, rationale, .. } => {
                let (level, rationale) = (level.clone(), rationale.clone());
                self.others_mut().missing = Some(Missing {
                    person: person.clone(),
                    reported: (by.clone(), at),
                    judged: vec![Judged { level, rationale, by, at }],
                    found: None,
                    interview: None,
                });
            }
            Event::MissingActionSettled { action, outcome, .. } => {
                self.others_mut().actions.push((action.clone(), outcome.clone(), by, at));
            }
            Event::HomeKnown { home, how, .. } => {
                self.others_mut().home = Some((home.clone(), how.clone(), by, at));
            }
            _ => self.fold_found(event, meta),
        }
    }

    fn fold_found(&mut self, event: &Event, meta: &Meta) {
        let (by, at) = (meta.by.staff.clone(), meta.recorded_at);
        let missing = self.others.as_mut().and_then(|others| others.missing.as_mut());
        let Some(missing) = missing else { return };
        match event {
            Event::MissingAssessed { level, rationale, .. } => {
                let (level, rationale) = (level.clone(), rationale.clone());
                missing.judged.push(Judged { level, rationale, by, at });
            }
            Event::MissingFound { place, by: found_by, condition, words, .. } => {
                missing.found = Some(Found {
                    place: place.clone(),
                    found_by: found_by.clone(),
                    condition: *condition,
                    words: words.clone(),
                    by,
                    at: meta.happened_at,
                });
            }
            Event::MissingInterviewed { outcome, .. } => {
                missing.interview = Some((outcome.clone(), by, at));
            }
            _ => {}
        }
    }
}
