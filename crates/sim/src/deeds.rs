//! A step of the plan as a command: who gives it, and in which words.

use crate::cast::crew;
use crate::plan::{Plan, PlannedCall, PlannedUnit, Step, What};
use crate::said;
use rules::command::*;
use rules::contact::Contact;
use rules::contact::ending::open_on;
use rules::incident::Incident;
use rules::incident::checks::BY_GRADE;
use rules::incident::closing::live_calls;
use rules::name::{CallSign, ContactId, IncidentNumber, Label};
use rules::obligation::{Rule, Subject};
use rules::policy::Policy;
use rules::role::{By, Role};
use rules::state::State;

/// What the room said about a call so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    /// Its contact.
    pub contact: Option<ContactId>,
    /// Its log.
    pub incident: Option<IncidentNumber>,
}

/// The command of a step, and who gives it. `None` for what is worked out on the spot, and for a
/// call whose log could not be opened.
pub fn command(
    plan: &Plan,
    policy: &Policy,
    step: &Step,
    numbers: Numbers,
) -> Option<(By, Command)> {
    match step.what {
        What::SignOn(n) => {
            let person = plan.cast.people().get(n as usize)?;
            Some((person.by.clone(), person.sign_on()))
        }
        What::Roster => {
            let by = plan.cast.one(Role::Dispatcher, 0).clone();
            Some((by, roster(plan.unit(step)?)))
        }
        _ => of_call(plan, policy, step, numbers),
    }
}

fn roster(unit: &PlannedUnit) -> Command {
    RosterUnit {
        call_sign: unit.call_sign.clone(),
        crew: vec![crew(&unit.call_sign).staff],
        skills: Vec::new(),
        equipment: Vec::new(),
        kind: unit.kind.clone(),
        district: unit.district.clone(),
        radio: None,
        shift: None,
    }
    .into()
}

fn of_call(plan: &Plan, policy: &Policy, step: &Step, numbers: Numbers) -> Option<(By, Command)> {
    let call = plan.call(step)?;
    let handler = plan.cast.one(Role::CallHandler, step.call as usize).clone();
    if step.what == What::Receive {
        return Some((handler, receive(call)));
    }
    if step.what == What::Open {
        return Some((handler, open(call, numbers.contact)));
    }
    let n = numbers.incident?;
    match step.unit {
        crate::plan::NONE => of_desk(plan, policy, step, call, n, handler),
        _ => of_unit(plan, step, call, n, &plan.unit(step)?.call_sign),
    }
}

fn receive(call: &PlannedCall) -> Command {
    ReceiveContact {
        channel: Channel::Emergency,
        line: None,
        name: None,
        words: Some(said_words(call)),
        location: Some(location(call)),
        seat: None,
    }
    .into()
}

fn open(call: &PlannedCall, contact: Option<ContactId>) -> Command {
    OpenIncident {
        contact,
        opening_code: call.opening_code.clone(),
        location: location(call),
        words: said_words(call),
        informant: Some(Informant {
            name: None,
            line: None,
            safe_to_contact: None,
            missing_because: Some(said::reason("the file leaves informants out")),
        }),
    }
    .into()
}

/// The file's own words: it has no others.
fn said_words(call: &PlannedCall) -> rules::name::Words {
    let file = &call.file;
    let words = [Some(file.kind.as_str()), file.detail.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    said::words(&format!("{} (call {} of the file)", words.join(", "), file.number))
}

fn location(call: &PlannedCall) -> Location {
    let file = &call.file;
    let known = file.place.is_some() || file.point.is_some();
    Location {
        known: if known { Known::Known } else { Known::Unknown },
        words: file.place.clone(),
        point: file.point,
        rural: false,
        district: file.district.clone(),
        within: None,
    }
}

fn of_desk(
    plan: &Plan,
    policy: &Policy,
    step: &Step,
    call: &PlannedCall,
    n: IncidentNumber,
    handler: By,
) -> Option<(By, Command)> {
    let dispatcher = plan.cast.dispatcher(call.file.district.as_ref()).clone();
    Some(match step.what {
        What::OpenSop => (handler, OpenSop { incident: n }.into()),
        What::Thrive => (handler, thrive(policy, n, &call.file.kind).into()),
        What::Grade => (handler, grade(call, n, call.grade)),
        What::Pass => (handler, PassToDispatch { incident: n }.into()),
        What::Accept => (dispatcher, accept(n).into()),
        What::Regrade => {
            let later = call.regrade?;
            let by = if call.grade.above(later) {
                plan.cast.one(Role::DispatchSupervisor, 0).clone()
            } else {
                dispatcher
            };
            (by, grade(call, n, later))
        }
        What::Tell => {
            (handler, told(n, "Help is on its way. We will ring if that changes.").into())
        }
        What::SopStep(at) => {
            let row = policy.opening_code(&call.opening_code)?.sop.get(at as usize)?;
            let by = plan.cast.who_may(row.by, "settle_sop_step", step.call as usize).clone();
            let outcome = Outcome::Done(said::words("done as the procedure says"));
            (by, SettleSopStep { incident: n, step: row.step.clone(), outcome }.into())
        }
        What::Check => {
            let by = plan.cast.who_may(Role::SupportOperator, "record_check", step.call as usize);
            (by.clone(), check_done(n, BY_GRADE)?)
        }
        What::Close => (dispatcher, close(call, n)),
        _ => return None,
    })
}

/// An assessment of every element of the force's list.
pub fn thrive(policy: &Policy, n: IncidentNumber, kind: &str) -> RecordThrive {
    let rating = policy.thrive.ratings.get(policy.thrive.ratings.len() / 2);
    let element = |element: &Label| ThriveElement {
        element: element.clone(),
        rating: rating.unwrap_or(element).clone(),
        rationale: said::words(&format!("judged by what was said on this call: {kind}")),
    };
    RecordThrive {
        incident: n,
        elements: policy.thrive.elements.iter().map(element).collect(),
        informant_understood: true,
    }
}

fn grade(call: &PlannedCall, n: IncidentNumber, grade: rules::name::Grade) -> Command {
    let file = &call.file;
    let reason = match (&file.original_priority, &file.priority) {
        (Some(first), Some(later)) => {
            format!("priority {} in the file, later {}", first.words, later.words)
        }
        (Some(only), None) | (None, Some(only)) => format!("priority {} in the file", only.words),
        (None, None) => "no priority in the file: the usual grade of the opening code".to_owned(),
    };
    GradeIncident { incident: n, grade, reason: Some(said::reason(&reason)), agreed_by: None }
        .into()
}

/// Accepted with nothing to remark.
pub fn accept(n: IncidentNumber) -> AcceptIncident {
    AcceptIncident {
        incident: n,
        code_is_right: true,
        grade_is_right: true,
        content_is_enough: true,
        remark: None,
    }
}

/// The informant is told what happens next.
pub fn told(n: IncidentNumber, words: &str) -> TellInformant {
    TellInformant { incident: n, told: Told::WhatHappensNext, words: said::words(words) }
}

/// A check that found nothing.
pub fn check_done(n: IncidentNumber, check: &str) -> Option<Command> {
    let outcome = Outcome::Done(said::words("checked, nothing known that bears on this log"));
    Some(RecordCheck { incident: n, check: Label::parse(check).ok()?, outcome }.into())
}

/// Whoever is still on the line about a log rings off, so that it can close.
pub fn ring_off(view: &State, log: &Incident) -> Vec<(By, Command)> {
    live_calls(view, log).map(|call| hang_up(call, true)).collect()
}

/// What was open on those calls has been done by now: their takers say so.
pub fn wrap_up(view: &State, calls: Vec<(By, Command)>) -> Vec<(By, Command)> {
    let owed = |(by, command): (By, Command)| {
        let Command::HangUp(call) = command else { return None };
        view.owed(&Subject::Contact(call.contact), Rule::CallUnfinished)?;
        let contact = view.contacts.get(&call.contact)?;
        open_on(view, contact, &by).is_empty().then(|| hang_up(contact, false))
    };
    calls.into_iter().filter_map(owed).collect()
}

/// Whoever took a call ends it.
pub fn hang_up(call: &Contact, line_dropped: bool) -> (By, Command) {
    let because = (!line_dropped).then(|| said::reason("they could not say more"));
    (call.taken_by.clone(), HangUp { contact: call.id, line_dropped, because }.into())
}

fn close(call: &PlannedCall, n: IncidentNumber) -> Command {
    let ended = call.file.disposition.as_deref().unwrap_or("no disposition");
    CloseIncident {
        incident: n,
        closing_code: call.closing_code.clone(),
        result: said::words(&format!("{ended} in the file")),
        told: Told::Result,
        risk_now: said::words("none known to remain when the last unit left"),
    }
    .into()
}

fn of_unit(
    plan: &Plan,
    step: &Step,
    call: &PlannedCall,
    n: IncidentNumber,
    call_sign: &CallSign,
) -> Option<(By, Command)> {
    let dispatcher = plan.cast.dispatcher(call.file.district.as_ref()).clone();
    let officer = crew(call_sign);
    let call_sign = call_sign.clone();
    let why = |words: &str| said::reason(words);
    Some(match step.what {
        What::Deploy => (dispatcher, deploy(n, call_sign, "sent as in the file")),
        What::Return => {
            (dispatcher, deploy(n, call_sign, "goes back to the job it was diverted from"))
        }
        What::Divert { covered } => {
            let left_behind = if covered { LeftBehind::Covered } else { LeftBehind::Requeue };
            let reason = why("sent here in the file while on the other job");
            (dispatcher, DivertUnit { call_sign, to: n, left_behind, reason }.into())
        }
        What::Confirm => (officer, ConfirmDeployment { incident: n, call_sign }.into()),
        What::Card => (officer, OpenRiskCard { incident: n, call_sign }.into()),
        What::Status(status) => {
            (officer, SetStatus { call_sign, status, card_read_out: false, seen: None }.into())
        }
        What::CheckIn => (officer, CheckIn { call_sign }.into()),
        What::StandDown => {
            let reason = why("its work on this job is over");
            (dispatcher, StandDown { incident: n, call_sign, reason }.into())
        }
        What::Released => (officer, ConfirmRelease { incident: n, call_sign }.into()),
        _ => return None,
    })
}

fn deploy(incident: IncidentNumber, call_sign: CallSign, why: &str) -> Command {
    let reason = Some(said::reason(why));
    DeployUnit { incident, call_sign, reason, silent: false }.into()
}
