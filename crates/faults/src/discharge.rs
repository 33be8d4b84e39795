//! The command that does what an obligation asks for.

use crate::chance::Chance;
use crate::desk_work::{Desk, Said, name};
use rules::command::*;
use rules::incident::Incident;
use rules::incident::closing::live_calls;
use rules::name::*;
use rules::obligation::{Obligation, Rule};
use rules::role::{By, Owner, Role};
use rules::state::State;

/// What somebody of the desk does about an obligation on a log.
pub fn discharge(
    desk: &Desk,
    view: &State,
    log: &Incident,
    o: &Obligation,
    chance: &mut Chance,
) -> Said {
    let (handler, incident) = (desk.by(Role::CallHandler), log.number);
    match o.rule {
        Rule::InformantDetails => {
            let informant = Informant {
                name: Some(name("A. Informant")),
                line: None,
                safe_to_contact: Some(true),
                missing_because: None,
            };
            (handler, SetInformant { incident, informant }.into())
        }
        Rule::LocationOwed => {
            let location = Location { known: Known::Known, ..log.location.clone() };
            (handler, SetLocation { incident, location }.into())
        }
        Rule::GradeOwed | Rule::GradeContested => grade(desk, view, log, chance),
        Rule::PassOn if log.grade().is_none() => grade(desk, view, log, chance),
        Rule::PassOn => (handler, PassToDispatch { incident }.into()),
        Rule::ThriveOwed | Rule::RethriveOwed | Rule::LongWait => (handler, thrive(view, incident)),
        Rule::SopUnopened => (handler, OpenSop { incident }.into()),
        Rule::InformantOwed => {
            let told = Told::WhatHappensNext;
            (handler, TellInformant { incident, told, words: name("we are coming") }.into())
        }
        Rule::RingBackOwed => {
            (handler, RingBack { incident, spoke: true, words: name("all is well") }.into())
        }
        Rule::CrimeToRecord => {
            let outcome = CrimeOutcome::NotACrime(name("nothing was taken or damaged"));
            (handler, SettleCrime { incident, outcome }.into())
        }
        Rule::CodeDoubted | Rule::SopStep | Rule::CheckOwed | Rule::QuestionOpen => {
            settle_part(desk, log, o)
        }
        _ => dispatch(desk, view, log, o),
    }
}

fn grade(desk: &Desk, view: &State, log: &Incident, chance: &mut Chance) -> Said {
    let ranks: Vec<Grade> = view.policy.grade.iter().map(|row| row.rank).collect();
    let grade = chance.one_of(&ranks).copied().unwrap_or(Grade::TOP);
    let reason = Some(name("what is known so far says so"));
    let set = GradeIncident { incident: log.number, grade, reason, agreed_by: None };
    (By { role: Role::TeamLeader, ..desk.by(Role::TeamLeader) }, set.into())
}

fn thrive(view: &State, incident: IncidentNumber) -> Command {
    let policy = &view.policy.thrive;
    let rating = policy.ratings.last().cloned().unwrap_or_else(|| name("high"));
    let rated = |element: &Label| ThriveElement {
        element: element.clone(),
        rating: rating.clone(),
        rationale: name("as far as the informant can tell"),
    };
    let elements = policy.elements.iter().map(rated).collect();
    RecordThrive { incident, elements, informant_understood: true }.into()
}

fn settle_part(desk: &Desk, log: &Incident, o: &Obligation) -> Said {
    let part = o.part.as_deref().unwrap_or("1");
    let (by, incident) = (desk.by(Role::CallHandler), log.number);
    let outcome = Outcome::Done(name("done, nothing found"));
    match o.rule {
        Rule::CodeDoubted => {
            let keep = KeepOpeningCode { incident, doubt: name(part), reason: name("it fits") };
            (desk.by(Role::TeamLeader), keep.into())
        }
        Rule::SopStep => (by, SettleSopStep { incident, step: name(part), outcome }.into()),
        Rule::CheckOwed => (by, RecordCheck { incident, check: name(part), outcome }.into()),
        _ => {
            let question = part.parse().unwrap_or(1);
            (by, AnswerQuestion { incident, question, outcome }.into())
        }
    }
}

/// What the dispatcher and the officers do.
fn dispatch(desk: &Desk, view: &State, log: &Incident, o: &Obligation) -> Said {
    let (by, incident) = (desk.by(Role::Dispatcher), log.number);
    let of_part = || o.part.as_deref().and_then(|text| CallSign::parse(text).ok());
    match (o.rule, of_part()) {
        (Rule::AcceptLog | Rule::OwnerlessLog, _) => {
            let accept = AcceptIncident {
                incident,
                code_is_right: true,
                grade_is_right: true,
                content_is_enough: true,
                remark: None,
            };
            (by, accept.into())
        }
        (Rule::CriticalUnread, _) => {
            let up_to = log.next_entry().saturating_sub(1);
            (owner(desk, view, log), ReadLog { incident, up_to }.into())
        }
        (Rule::SergeantOwed, _) => (by, NameSupervisor { incident, sergeant: name("ps1") }.into()),
        (Rule::TagListed, Some(_)) => {
            let tag = name(o.part.as_deref().unwrap_or("fim"));
            let by = desk.by(Role::ForceIncidentManager);
            (by, UntagIncident { incident, tag, reason: name("dealt with") }.into())
        }
        (Rule::DeploymentUnconfirmed, Some(call_sign)) => {
            (desk.by(Role::Officer), ConfirmDeployment { incident, call_sign }.into())
        }
        (Rule::ReleaseUnconfirmed, Some(call_sign)) => {
            (desk.by(Role::Officer), ConfirmRelease { incident, call_sign }.into())
        }
        (Rule::OfficerWelfare, Some(call_sign)) => {
            (desk.by(Role::Officer), CheckIn { call_sign }.into())
        }
        _ => attend(desk, view, log),
    }
}

fn owner(desk: &Desk, view: &State, log: &Incident) -> By {
    match &log.owner {
        Owner::Staff(staff) => {
            let role = view.staff.get(staff).map_or(Role::CallHandler, |on| on.role);
            By { staff: staff.clone(), role }
        }
        Owner::Desk(role) => By { role: view.covering(*role), ..desk.by(Role::Dispatcher) },
    }
}

/// A unit goes there, and comes back.
pub fn attend(desk: &Desk, view: &State, log: &Incident) -> Said {
    let (by, officer, incident) = (desk.by(Role::Dispatcher), desk.by(Role::Officer), log.number);
    if let Some(sent) = log.active_units().next() {
        let call_sign = sent.call_sign.clone();
        let command: Command = if sent.confirmed_at.is_none() {
            ConfirmDeployment { incident, call_sign }.into()
        } else if sent.en_route_at.is_none() {
            SetStatus { call_sign, status: 5, card_read_out: false, seen: None }.into()
        } else if sent.card_opened_at.is_none() {
            OpenRiskCard { incident, call_sign }.into()
        } else if sent.at_scene_at.is_none() {
            SetStatus { call_sign, status: 6, card_read_out: false, seen: None }.into()
        } else {
            return (by, StandDown { incident, call_sign, reason: name("finished") }.into());
        };
        return (officer, command);
    }
    let units = (0..2).filter_map(|n| view.units.get(&desk.call_sign(n)));
    let mut free = units.filter(|unit| unit.on.is_none());
    match free.next() {
        Some(unit) if matches!(unit.status, 5 | 6) => {
            let call_sign = unit.call_sign.clone();
            (officer, SetStatus { call_sign, status: 2, card_read_out: false, seen: None }.into())
        }
        Some(unit) => {
            let call_sign = unit.call_sign.clone();
            let reason = Some(name("nearest"));
            (by, DeployUnit { incident, call_sign, reason, silent: false }.into())
        }
        None => divert(desk, view, log),
    }
}

/// All units of the desk are busy elsewhere: one is taken away, and its job goes back.
fn divert(desk: &Desk, view: &State, log: &Incident) -> Said {
    let call_sign = desk.call_sign(0);
    let by = desk.by(Role::Dispatcher);
    let held = view.units.get(&call_sign).and_then(|unit| unit.on);
    match held.and_then(|n| view.incident(n)) {
        Some(held) if held.first_arrival().is_some() => {
            let (incident, reason) = (held.number, name("finished"));
            (by, StandDown { incident, call_sign, reason }.into())
        }
        _ => {
            let (to, left_behind) = (log.number, LeftBehind::Requeue);
            (by, DivertUnit { call_sign, to, left_behind, reason: name("more urgent") }.into())
        }
    }
}

/// Closes a log, or ends what stands in the way: a unit that is there, a call that goes on.
pub fn close(desk: &Desk, view: &State, log: &Incident) -> Said {
    let incident = log.number;
    if let Some(sent) = log.active_units().next() {
        let call_sign = sent.call_sign.clone();
        let stand_down = StandDown { incident, call_sign, reason: name("finished") };
        return (desk.by(Role::Dispatcher), stand_down.into());
    }
    if let Some(call) = live_calls(view, log).next() {
        let contact = call.id;
        return (
            call.taken_by.clone(),
            HangUp { contact, line_dropped: true, because: None }.into(),
        );
    }
    let close = CloseIncident {
        incident,
        closing_code: name("no deployment - advice"),
        result: name("spoken to, all in order"),
        told: Told::Result,
        risk_now: name("no risk remains"),
    };
    (desk.by(Role::Dispatcher), close.into())
}
