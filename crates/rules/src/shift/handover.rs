//! The handover: built from what is lit, accepted line by line by the incoming person.

use crate::command::*;
use crate::event::{Event, HandoverLine};
use crate::incident::{Incident, escalation};
use crate::name::HandoverId;
use crate::obligation::{Arm, Fate, Obligation, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::{Instant, Now};

/// Rule: the incoming person accepts each line of the handover.
///
/// Source: Learning the Lessons, West Yorkshire dispatchers; case 1 (a tag for the next shift).
pub const HANDOVER_LINE: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::HandoverBuilt { handover, desk, lines } => lines
            .iter()
            .map(|line| {
                Arm::new(Subject::Handover(*handover), meta.recorded_at)
                    .part(line.line.to_string())
                    .owner(Owner::Desk(*desk))
            })
            .collect(),
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::HandoverLineAccepted { line, .. } if o.part_is(&line.to_string()) => {
            Some(Fate::Done)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Builds the handover of a desk from everything that must not be forgotten.
pub fn build(s: &State, c: &BuildHandover, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let lines = lines(s, c.desk, now.at);
    if lines.is_empty() {
        return Err(Refused::conflict(format!(
            "nothing is late, tagged, waiting or without an owner at the {} desk: there is nothing \
             to hand over",
            c.desk.words()
        )));
    }
    let handover = HandoverId(s.next_handover);
    Ok(vec![Event::HandoverBuilt { handover, desk: c.desk, lines }])
}

/// The lines of a desk's handover: most urgent logs first, then what is owed beside logs.
pub fn lines(s: &State, desk: Role, now: Instant) -> Vec<HandoverLine> {
    let mut logs: Vec<(&Incident, Vec<String>)> = s
        .incidents
        .values()
        .filter(|log| belongs(s, log, desk))
        .map(|log| (log, reasons(s, log, now)))
        .filter(|(_, why)| !why.is_empty())
        .collect();
    logs.sort_by_key(|(log, _)| (log.grade().map_or(0, crate::name::Grade::rank), log.number));
    let of_logs = logs.into_iter().map(|(log, why)| HandoverLine {
        line: 0,
        words: format!("{} {}: {}", log.number, log.opening_code, why.join("; ")),
        incident: Some(log.number),
        obligation: None,
    });
    let beside = s
        .obligations
        .values()
        .filter(|o| o.about.incident().is_none() && o.rung > 0 && at_desk(s, &o.owner, desk))
        .map(|o| HandoverLine {
            line: 0,
            words: format!("{}: {}", o.about.words(), o.words()),
            incident: None,
            obligation: Some(o.id),
        });
    let numbered = of_logs.chain(beside).zip(1..);
    numbered.map(|(line, n)| HandoverLine { line: n, ..line }).collect()
}

fn at_desk(s: &State, owner: &Owner, desk: Role) -> bool {
    match owner {
        Owner::Desk(role) => *role == desk,
        Owner::Staff(staff) => s.staff.get(staff).is_some_and(|on| on.role == desk),
    }
}

fn belongs(s: &State, log: &Incident, desk: Role) -> bool {
    let owed = |o: &Obligation| at_desk(s, &o.owner, desk);
    log.closed.is_none()
        && (at_desk(s, &log.owner, desk)
            || s.obligations_about(&Subject::Incident(log.number)).any(owed))
}

fn reasons(s: &State, log: &Incident, now: Instant) -> Vec<String> {
    let mut why = Vec::new();
    if escalation::waits_for_a_unit(s, log) {
        why.push(format!("no unit for {}", now.since(log.opened_at).words()));
    }
    why.extend(log.tags.iter().map(|tag| format!("tagged {tag}")));
    if let Owner::Desk(_) = log.owner {
        why.push("no owner".to_owned());
    }
    let about = Subject::Incident(log.number);
    let lit = s.obligations_about(&about).filter(|o| o.rung > 0 && o.due_at <= now);
    why.extend(lit.map(|o| format!("owed: {}", o.words())));
    let scene = log.active_units().filter_map(|d| Some((d, d.at_scene_at?)));
    why.extend(
        scene.map(|(d, at)| format!("{} at the scene for {}", d.call_sign, now.since(at).words())),
    );
    why
}

/// Accepts one line. Whoever built the handover cannot accept it.
pub fn accept(s: &State, c: &AcceptHandoverLine, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let h = s.handovers.get(&c.handover).ok_or_else(|| {
        Refused::not_found(format!("there is no open handover {}: build one", c.handover))
    })?;
    if h.built_by == by.staff {
        return Err(Refused::forbidden(
            "you built this handover: the person who takes over accepts it",
        ));
    }
    if !h.lines.iter().any(|l| l.line == c.line) {
        return Err(Refused::not_found(format!("handover {} has no line {}", c.handover, c.line)));
    }
    if h.accepted.iter().any(|(n, ..)| *n == c.line) {
        return Err(Refused::conflict(format!("line {} is accepted already", c.line)));
    }
    Ok(vec![Event::HandoverLineAccepted { handover: c.handover, line: c.line }])
}
