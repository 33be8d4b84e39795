//! Other agencies on a log: rung, told, chased up a ladder when they do not answer or refuse; and
//! victims who were referred to somebody who helps.
//!
//! Source: Learning the Lessons, case 6 (a taxi firm would not say, and nobody asked its
//! supervisor); Support and information (organisations for victims).

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::{Incident, Referral, Rung};
use crate::name::Label;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::AgencyLadder;
use crate::refused::Refused;
use crate::state::State;

/// The most times agencies are rung on one log.
const RUNG_MAX: usize = 500;

/// Rule: an agency that did not answer or refused is chased up its ladder until it is told.
///
/// Source: Learning the Lessons, case 6.
pub const AGENCY_CHASED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::AgencyRung { incident, agency, outcome, .. } if *outcome != AgencyOutcome::Told => {
            let owner = s.incident(*incident).map(|log| log.owner.clone());
            let arm = Arm::new(Subject::Incident(*incident), meta.recorded_at);
            vec![Arm { owner, ..arm }.part(agency.as_str())]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::AgencyRung { agency, outcome, .. } if o.part_is(agency.as_str()) => {
            Some(if *outcome == AgencyOutcome::Told { Fate::Done } else { Fate::Overtaken })
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Records that an agency was rung, and what came of it.
pub fn ring(s: &State, c: &RingAgency) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if log.rung.len() >= RUNG_MAX {
        return Err(Refused::conflict(format!(
            "agencies were rung {RUNG_MAX} times on log {}: write the rest as entries",
            c.incident
        )));
    }
    Ok(vec![Event::AgencyRung {
        incident: c.incident,
        agency: c.agency.clone(),
        outcome: c.outcome,
        words: c.words.clone(),
    }])
}

/// Records that a victim was referred to somebody who helps, or would not be.
pub fn refer(s: &State, c: &ReferVictim) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    if !s.agencies.contains_key(&c.to) {
        return Err(Refused::not_found(format!(
            "'{}' is not in the directory: choose one of its organisations",
            c.to
        )));
    }
    Ok(vec![Event::VictimReferred {
        incident: c.incident,
        to: c.to.clone(),
        agreed: c.agreed,
        words: c.words.clone(),
    }])
}

/// How many times in a row an agency has not been told.
pub fn n_failed(log: &Incident, agency: &Label) -> usize {
    let of = log.rung.iter().rev().filter(|r| r.agency == *agency);
    of.take_while(|r| r.outcome != AgencyOutcome::Told).count()
}

/// The ladder of an agency, by its kind in the directory.
pub fn ladder_of<'s>(s: &'s State, agency: &Label) -> Option<&'s AgencyLadder> {
    let kind = s.agencies.get(agency).map(|a| a.kind.as_str().to_lowercase());
    let ladders = &s.policy.agency_ladder;
    let of = |kind: &str| ladders.iter().find(|l| l.kinds.iter().any(|k| k.as_str() == kind));
    kind.and_then(|kind| of(&kind)).or_else(|| of("any"))
}

impl Incident {
    pub(super) fn fold_agencies(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::AgencyRung { agency, outcome, words, .. } => self.rung.push(Rung {
                agency: agency.clone(),
                outcome: *outcome,
                words: words.clone(),
                by: meta.by.staff.clone(),
                at: meta.happened_at,
            }),
            Event::VictimReferred { to, agreed, words, .. } => self.referrals.push(Referral {
                to: to.clone(),
                agreed: *agreed,
                words: words.clone(),
                by: meta.by.staff.clone(),
                at: meta.recorded_at,
            }),
            _ => {}
        }
    }
}
