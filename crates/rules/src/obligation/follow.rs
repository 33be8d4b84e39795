//! What follows from an event: obligations that end, and obligations that are armed. Every rule is
//! asked about every event; the list is [`Rule::ALL`] and nothing else.

use crate::event::{Event, Meta};
use crate::name::{IncidentNumber, ObligationId};
use crate::obligation::{Arm, Armed, Fate, Holds, Obligation, Rule, Subject, rung_at};
use crate::policy::Policy;
use crate::state::State;
use std::collections::BTreeMap;

/// The events that follow from `event`, the state being the one after it.
pub fn consequences(state: &State, event: &Event, meta: &Meta) -> Vec<Event> {
    if event.is_of_obligations() {
        return by_time(state, event, meta);
    }
    let pressing = pressing(state, event, meta);
    let mut out = ended(state, event, meta, &pressing);
    let gone: Vec<ObligationId> = out.iter().flat_map(Event::ended_obligations).collect();
    out.extend(restarted(state, event, meta, &gone));
    out.extend(armed(state, event, meta, &gone, &pressing));
    out
}

/// What follows from an obligation that climbed: whoever waits is told of it when it was a promise.
fn by_time(state: &State, event: &Event, meta: &Meta) -> Vec<Event> {
    match event {
        Event::ObligationFired { obligation, .. }
            if state.obligations.get(obligation).is_some_and(|o| o.rule == Rule::ArriveTarget) =>
        {
            armed(state, event, meta, &[], &[])
        }
        _ => Vec::new(),
    }
}

/// What is owed about a log that has become more urgent, and could not wait so long at its new
/// grade: it is owed again from now, in the new grade's time and on its ladder.
///
/// Source: Learning the Lessons case 10: a question put while the log was no emergency.
fn pressing<'s>(state: &'s State, event: &Event, meta: &Meta) -> Vec<&'s Obligation> {
    let Event::Graded { incident, grade, .. } = event else { return Vec::new() };
    let Some(log) = state.incident(*incident) else { return Vec::new() };
    let before = log.grades.iter().rev().nth(1).map(|g| g.grade);
    if before.is_some_and(|before| !grade.above(before)) {
        return Vec::new();
    }
    let is_pressing = |o: &&Obligation| {
        let Some(row) = state.policy.obligation(o.rule) else { return false };
        let (Some(now), Some(then)) = (row.due_in(Some(*grade)), row.due_in(before)) else {
            return false;
        };
        now < then
            && meta.recorded_at + now < o.next_at
            && (o.rule.spec().ends)(state, o, event, meta).is_none()
    };
    state.obligations_about(&Subject::Incident(*incident)).filter(is_pressing).collect()
}

/// What is lit and has just been answered by what it waits for: its clock starts again at once, so
/// that nothing stays lit that is in order.
fn restarted(state: &State, event: &Event, meta: &Meta, gone: &[ObligationId]) -> Vec<Event> {
    let lit = |o: &&Obligation| o.rung > 0 && !gone.contains(&o.id);
    let mut out = Vec::new();
    for about in subjects(event, meta) {
        for o in state.obligations_about(&about).filter(lit) {
            if let Holds::From(from) = (o.rule.spec().holds)(state, o) {
                out.push(crate::due::moved(state, o, from));
            }
        }
    }
    out
}

fn ended(state: &State, event: &Event, meta: &Meta, pressing: &[&Obligation]) -> Vec<Event> {
    let mut out = Vec::new();
    for about in subjects(event, meta) {
        let mut by_fate: BTreeMap<u8, (Fate, Vec<ObligationId>)> = BTreeMap::new();
        for o in state.obligations_about(&about) {
            let fate = match event {
                Event::IncidentClosed { incident, .. } if about == Subject::Incident(*incident) => {
                    Some(Fate::Closed)
                }
                _ if pressing.iter().any(|p| p.id == o.id) => Some(Fate::Overtaken),
                _ => (o.rule.spec().ends)(state, o, event, meta),
            };
            if let Some(fate) = fate {
                by_fate.entry(fate as u8).or_insert((fate, Vec::new())).1.push(o.id);
            }
        }
        for (fate, ended) in by_fate.into_values() {
            out.push(Event::ObligationsEnded { about: about.clone(), ended, fate });
        }
    }
    out
}

fn armed(
    state: &State,
    event: &Event,
    meta: &Meta,
    gone: &[ObligationId],
    pressing: &[&Obligation],
) -> Vec<Event> {
    let mut by_subject: BTreeMap<Subject, Vec<Armed>> = BTreeMap::new();
    let mut next = state.next_obligation;
    for rule in Rule::ALL {
        let again = pressing.iter().filter(|o| o.rule == *rule).map(|o| Arm {
            part: o.part.clone(),
            owner: Some(o.owner.clone()),
            ..Arm::new(o.about.clone(), meta.recorded_at)
        });
        for arm in (rule.spec().arms)(state, event, meta).into_iter().chain(again) {
            let already = state
                .obligations_about(&arm.about)
                .any(|o| o.rule == *rule && o.part == arm.part && !gone.contains(&o.id));
            let Some(row) = arming(state, *rule, &arm, ObligationId(next), meta) else { continue };
            if !already {
                next += 1;
                by_subject.entry(arm.about).or_default().push(row);
            }
        }
    }
    by_subject.into_iter().map(|(about, armed)| Event::ObligationsArmed { about, armed }).collect()
}

/// The obligation that a rule arms, or `None` where policy gives the grade no time for it.
fn arming(
    state: &State,
    rule: Rule,
    arm: &Arm,
    obligation: ObligationId,
    meta: &Meta,
) -> Option<Armed> {
    let policy: &Policy = &state.policy;
    let row = policy.obligation(rule)?;
    let grade = arm.about.incident().and_then(|n| state.grade_of(n));
    let ladder = state.ladder_of(rule, &arm.about, arm.part.as_deref())?;
    let due_at = match arm.due_at {
        Some(due_at) => due_at,
        None => arm.from + row.due_in(grade)?,
    };
    let owner = arm.owner.clone().unwrap_or(crate::role::Owner::Desk(row.owner));
    let next_at = rung_at(ladder, arm.from, due_at, 0).max(meta.recorded_at);
    Some(Armed {
        obligation,
        rule,
        part: arm.part.clone(),
        owner: if rule.stays_with_its_desk() { owner } else { state.present(&owner) },
        from: arm.from,
        due_at,
        next_at,
    })
}

/// Whose obligations an event can end.
fn subjects(event: &Event, meta: &Meta) -> Vec<Subject> {
    let incident = |n: &IncidentNumber| Subject::Incident(*n);
    match event {
        Event::ContactLinked { contact, incident: n, .. } => {
            vec![Subject::Contact(*contact), incident(n)]
        }
        Event::IncidentOpened { contact, incident: n, .. } => {
            contact.iter().map(|c| Subject::Contact(*c)).chain([incident(n)]).collect()
        }
        Event::ContactEnded { contact, .. }
        | Event::CallEnded { contact, .. }
        | Event::ContactRungBack { contact, .. } => {
            vec![Subject::Contact(*contact)]
        }
        Event::StatusSet { call_sign, incident: n, .. } => {
            n.iter().map(incident).chain([Subject::Unit(call_sign.clone())]).collect()
        }
        Event::UnitRostered { call_sign, .. } | Event::UnitRemoved { call_sign } => {
            vec![Subject::Unit(call_sign.clone())]
        }
        Event::UnitDiverted { incident: n, to, .. } => vec![incident(n), incident(to)],
        Event::CrimeSettled { incident: n, .. } => {
            vec![incident(n), Subject::Desk(crate::incident::crime::DESK)]
        }
        Event::HandoverLineAccepted { handover, .. } => vec![Subject::Handover(*handover)],
        Event::SignedOn { .. } | Event::CameBack {} => vec![Subject::Desk(meta.by.role)],
        Event::PolicyAdopted { .. } => crate::role::Role::ALL.map(Subject::Desk).to_vec(),
        other => match other.stream() {
            crate::event::Stream::Incident(n) => vec![Subject::Incident(n)],
            _ => beside_logs(other).into_iter().collect(),
        },
    }
}

/// Whose obligations an event can end that is about no log, call, unit or shift.
fn beside_logs(event: &Event) -> Option<Subject> {
    Some(match event {
        Event::AgencyEntered { agency, .. }
        | Event::AgencyConfirmed { agency, .. }
        | Event::AgencyRemoved { agency, .. } => Subject::Agency(agency.clone()),
        Event::FaultAnswered { fault, .. } => Subject::Fault(*fault),
        Event::MarkerChanged { marker, .. } | Event::MarkerReviewed { marker, .. } => {
            Subject::Marker(*marker)
        }
        Event::MessageLeft { contact: Some(contact), .. } => Subject::Contact(*contact),
        Event::MessageAnswered { message, .. } => Subject::Message(*message),
        _ => return None,
    })
}

impl Event {
    /// Whether this event is about obligations or alarms, so that nothing follows from it.
    pub fn is_of_obligations(&self) -> bool {
        matches!(
            self,
            Event::ObligationsArmed { .. }
                | Event::ObligationsEnded { .. }
                | Event::ObligationFired { .. }
                | Event::ObligationMoved { .. }
                | Event::ObligationOwned { .. }
                | Event::ObligationGiven { .. }
                | Event::ObligationDelayed { .. }
                | Event::ObligationRaised { .. }
                | Event::ObligationPassed { .. }
                | Event::Annunciated { .. }
                | Event::AlarmSilenced { .. }
                | Event::AlarmHeld { .. }
                | Event::AlarmLetGo { .. }
                | Event::FloodBegan { .. }
                | Event::FloodEnded { .. }
        )
    }

    fn ended_obligations(&self) -> Vec<ObligationId> {
        match self {
            Event::ObligationsEnded { ended, .. } => ended.clone(),
            _ => Vec::new(),
        }
    }
}

impl Obligation {
    /// Whether the part is this text.
    pub fn part_is(&self, text: &str) -> bool {
        self.part.as_deref() == Some(text)
    }
}
