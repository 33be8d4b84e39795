//! What the informant was told, and promised ring-backs.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::{Incident, grade};
use crate::name::Words;
use crate::obligation::{Arm, Fate, Rule, Spec, Subject};
use crate::policy::Policy;
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::{Instant, Now};

/// Rule: the informant is told the grade and what happens next, and told again when that changes:
/// the time to arrive passes, the unit on its way is diverted, or the grade falls.
///
/// Source: Learning the Lessons, case 8: "no evidence the call handler told the woman the grading",
/// and the force's policy to "keep callers informed of any delays or changes".
pub const INFORMANT_OWED: Spec = Spec {
    arms: |s, event, meta| {
        let Some(log) = event.stream_incident().and_then(|n| s.incident(n)) else {
            return Vec::new();
        };
        let arm = Arm::new(Subject::Incident(log.number), meta.recorded_at);
        let first = matches!(event, Event::Graded { .. }) && log.grades.len() == 1;
        if first && !knows_what_next(log) {
            return vec![arm.owner(Owner::Staff(log.opened_by.staff.clone()))];
        }
        let changed = changed(s, log, event, meta);
        changed.map(|what| arm.part(what).owner(log.owner.clone())).into_iter().collect()
    },
    ends: |_, o, event, _| match event {
        Event::InformantTold { told, .. } if *told != Told::OtherChannels => Some(Fate::Done),
        // Whoever waited sees that somebody has come.
        Event::StatusSet { status: 6, .. } if o.part.is_some() => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// What has become otherwise than the informant was told. Nothing while the first telling is owed:
/// it will say how things stand then.
fn changed(s: &State, log: &Incident, event: &Event, meta: &Meta) -> Option<&'static str> {
    if !knows_what_next(log) || log.closed.is_some() {
        return None;
    }
    match event {
        Event::Graded { .. } if grade::is_downgrade(log) => Some("the grade fell"),
        Event::UnitDiverted { left_behind: LeftBehind::Requeue, .. }
            if !log.is_resourced() && log.first_arrival().is_none() =>
        {
            Some("the unit on its way was diverted")
        }
        Event::ObligationFired { obligation, .. } => {
            let target = s.obligations.get(obligation).filter(|o| o.rule == Rule::ArriveTarget)?;
            let passed = target.due_at <= meta.recorded_at;
            (passed && !knows_of_delay(log, target.due_at))
                .then_some("the time to arrive has passed")
        }
        _ => None,
    }
}

/// Whether the informant knows that nobody came in time: told so since the grade, or told anything
/// since the time passed.
fn knows_of_delay(log: &Incident, due_at: Instant) -> bool {
    let graded = log.grades.last().map(|g| g.at);
    log.told.iter().any(|(told, _, at)| {
        let delay = *told == Told::Delay && graded.is_none_or(|graded| graded <= *at);
        delay || (*told != Told::OtherChannels && due_at <= *at)
    })
}

/// Whether the informant was told what happens next, or it is written why not.
pub fn knows_what_next(log: &Incident) -> bool {
    log.told.iter().any(|(told, ..)| *told != Told::OtherChannels)
}

/// Whether the informant has the log's number: it stands in what they were told.
///
/// Source: Learning the Lessons, case 6.
pub fn has_number(log: &Incident) -> bool {
    let number = log.number.to_string();
    let told = log.told.iter().filter(|(told, ..)| *told != Told::NotTold);
    told.into_iter().any(|(_, words, _)| words.as_str().contains(&number))
}

/// What to say about other ways to get in touch, where the log's grade is one for it and it has not
/// been said.
///
/// Source: Digital desk panel, response 2: handlers "verbally inform callers of the alternative
/// options".
pub fn other_channels(policy: &Policy, log: &Incident) -> Option<Words> {
    let channels = &policy.channels;
    let from = channels.from_grade?;
    let is_for = log.grade().is_some_and(|grade| !grade.above(from));
    let said = log.told.iter().any(|(told, ..)| *told == Told::OtherChannels);
    if !is_for || said {
        return None;
    }
    let ways: Vec<String> =
        channels.way.iter().map(|way| format!("{}: {}", way.way, way.used_for)).collect();
    Words::parse(&ways.join("; ")).ok()
}

/// Rule: a promised ring-back is made until somebody is spoken to.
///
/// Source: Learning the Lessons, case 9.
pub const RING_BACK_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::RingBackPromised { incident, by, .. } => {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .due_at(*by)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| {
        matches!(event, Event::RungBack { spoke: true, .. }).then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Records what the informant was told.
pub fn tell(s: &State, c: &TellInformant, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::InformantTold { incident: c.incident, told: c.told, words: c.words.clone() }])
}

/// Promises a ring-back.
pub fn promise(s: &State, c: &PromiseRingBack, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if c.by <= now.at {
        return Err(Refused::invalid(
            "a ring-back is promised for a time to come: choose a later one",
        ));
    }
    if log.ring_back_by.is_some() {
        return Err(Refused::conflict(
            "a ring-back is promised on this log already: make that one first",
        ));
    }
    Ok(vec![Event::RingBackPromised { incident: c.incident, by: c.by, why: c.why.clone() }])
}

/// Records a ring-back attempt.
pub fn ring_back(s: &State, c: &RingBack, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    Ok(vec![Event::RungBack { incident: c.incident, spoke: c.spoke, words: c.words.clone() }])
}
