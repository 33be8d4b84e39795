//! How sensible staff answer an obligation: one row for each rule, so that a new one is not
//! forgotten here.

use crate::cast::{Cast, crew};
use crate::{deeds, said};
use rules::command::*;
use rules::incident::Incident;
use rules::name::{CallSign, Label};
use rules::obligation::{Obligation, Rule, Subject};
use rules::role::{By, Owner, Role};
use rules::state::State;

/// Who answers an obligation and with which command. `None` for what only the units' own doings
/// answer, and for what is not about anything that can still be found.
pub fn answer(s: &State, o: &Obligation, cast: &Cast) -> Option<(By, Command)> {
    match &o.about {
        Subject::Incident(n) => of_log(s, s.incident(*n)?, o, cast),
        // Only whoever took the call knows what was said.
        Subject::Contact(_) if o.rule == Rule::CallUnfinished => None,
        Subject::Contact(contact) => {
            let outcome = said::words("the line was lost and nobody answered when rung back");
            let by = person(s, &o.owner, cast, "end_contact");
            Some((by, EndContact { contact: *contact, outcome }.into()))
        }
        Subject::Handover(handover) => {
            let line = part(o)?.parse().ok()?;
            let built_by = &s.handovers.get(handover)?.built_by;
            let by = cast.people().iter().map(|p| &p.by).find(|by| &by.staff != built_by)?;
            Some((by.clone(), AcceptHandoverLine { handover: *handover, line }.into()))
        }
        Subject::Unit(call_sign) => {
            let call_sign = call_sign.clone();
            let status = SetStatus {
                call_sign: call_sign.clone(),
                status: 2,
                card_read_out: false,
                seen: None,
            };
            Some((crew(&call_sign), status.into()))
        }
        Subject::Desk(_) => None,
        Subject::Agency(agency) => {
            let by = cast.one(Role::ForceIncidentManager, 0).clone();
            let words = said::reason("rang them: the numbers hold");
            Some((by, ConfirmAgency { agency: agency.clone(), words }.into()))
        }
        Subject::Fault(fault) => {
            let by = cast.one(Role::TeamLeader, 0).clone();
            let words = said::reason("another headset was issued");
            Some((by, AnswerFault { fault: *fault, words, mended: true }.into()))
        }
        Subject::Marker(marker) => {
            let by = cast.one(Role::TeamLeader, 0).clone();
            let words = said::words("rang her: it may end, and she knows whom to ring");
            let answer = MarkerAnswer::Ended;
            Some((by, ReviewMarker { marker: *marker, answer, until: None, words }.into()))
        }
        Subject::Message(message) => {
            let by = person(s, &o.owner, cast, "answer_message");
            let words = said::words("rang them: what they asked for is done");
            let answer = MessageAnswer::Spoken;
            Some((by, AnswerMessage { message: *message, answer, words }.into()))
        }
    }
}

fn of_log(s: &State, log: &Incident, o: &Obligation, cast: &Cast) -> Option<(By, Command)> {
    let incident = log.number;
    let owner = |action| person(s, &o.owner, cast, action);
    let supervisor = || cast.one(Role::TeamLeader, 0).clone();
    Some(match o.rule {
        Rule::InformantDetails => {
            let informant = Informant {
                name: None,
                line: None,
                safe_to_contact: None,
                missing_because: Some(said::reason("they did not want to give their name")),
            };
            (owner("set_informant"), SetInformant { incident, informant }.into())
        }
        Rule::LocationOwed => {
            let words = "given by the first unit at the scene, by radio";
            let words = rules::name::Place::parse(words).ok();
            let location =
                Location { known: Known::Known, words, within: None, ..log.location.clone() };
            (owner("set_location"), SetLocation { incident, location }.into())
        }
        Rule::GradeOwed => {
            let grade = rules::incident::grade::suggest(log, &s.policy).grade;
            let graded = GradeIncident { incident, grade, reason: None, agreed_by: None };
            (owner("grade_incident"), graded.into())
        }
        Rule::GradeContested => {
            let (grade, _, reason) = log.contested.clone()?;
            let reason = Some(reason);
            let graded = GradeIncident { incident, grade, reason, agreed_by: None };
            (supervisor(), graded.into())
        }
        Rule::ThriveOwed | Rule::RethriveOwed | Rule::LongWait => {
            let kind = log.opening_code.as_str();
            (owner("record_thrive"), deeds::thrive(&s.policy, incident, kind).into())
        }
        Rule::CodeDoubted => {
            let reason = said::reason("the whole of what was said bears the code out");
            let doubt = label(o)?;
            (supervisor(), KeepOpeningCode { incident, doubt, reason }.into())
        }
        Rule::CrimeToRecord => {
            let number = format!("CDF/{}/{:04}", incident.day, incident.n);
            let outcome = CrimeOutcome::Recorded(Label::parse(&number).ok()?);
            (owner("settle_crime"), SettleCrime { incident, outcome }.into())
        }
        Rule::SergeantOwed => {
            let sergeant = cast.one(Role::Supervisor, 0).staff.clone();
            (supervisor(), NameSupervisor { incident, sergeant }.into())
        }
        Rule::OwnerlessLog | Rule::AcceptLog => {
            let by = cast.dispatcher(log.location.district.as_ref()).clone();
            (by, deeds::accept(incident).into())
        }
        _ => return by_part(s, log, o, cast),
    })
}

/// The rest of the rules: answered piece by piece, or by what units do.
fn by_part(s: &State, log: &Incident, o: &Obligation, cast: &Cast) -> Option<(By, Command)> {
    let incident = log.number;
    let owner = |action| person(s, &o.owner, cast, action);
    Some(match o.rule {
        Rule::AgencyChased
        | Rule::AgencyAnswer
        | Rule::MissingReview
        | Rule::MissingAction
        | Rule::MissingInterview => return of_others(s, log, o, cast),
        Rule::SopUnopened => (owner("open_sop"), OpenSop { incident }.into()),
        Rule::SopStep => {
            let outcome = Outcome::Done(said::words("done as the procedure says"));
            (owner("settle_sop_step"), SettleSopStep { incident, step: label(o)?, outcome }.into())
        }
        Rule::CheckOwed => (owner("record_check"), deeds::check_done(incident, part(o)?)?),
        Rule::QuestionOpen => {
            let question = part(o)?.parse().ok()?;
            let outcome = Outcome::Done(said::words("asked: nobody is hurt and nobody else knows"));
            (owner("answer_question"), AnswerQuestion { incident, question, outcome }.into())
        }
        Rule::WorkPlanned => {
            let outcome = Outcome::Done(said::words("done, and nothing more came of it"));
            let work = part(o)?.parse().ok()?;
            (owner("finish_work"), FinishWork { incident, work, outcome, done_by: None }.into())
        }
        Rule::PassOn => (owner("pass_to_dispatch"), PassToDispatch { incident }.into()),
        Rule::CriticalUnread => {
            let up_to = log.next_entry().saturating_sub(1);
            let by = person(s, &log.owner, cast, "read_log");
            (by, ReadLog { incident, up_to }.into())
        }
        Rule::TagListed => {
            let reason = said::reason("decided: it goes on as it is");
            (owner("untag_incident"), UntagIncident { incident, tag: tag(o)?, reason }.into())
        }
        Rule::InformantOwed => {
            let told = deeds::told(incident, "Help is on its way. We will ring if that changes.");
            (owner("tell_informant"), told.into())
        }
        Rule::AppointmentOwed => {
            let appointment = part(o)?.parse().ok()?;
            let words = said::reason("rung: we come tomorrow instead, and they agreed");
            let result = AppointmentResult::Moved;
            let end = EndAppointment { incident, appointment, result, words };
            (owner("end_appointment"), end.into())
        }
        Rule::RingBackOwed => {
            let words = said::words("spoken to: nothing has changed since");
            (owner("ring_back"), RingBack { incident, spoke: true, words }.into())
        }
        Rule::HeardNotWritten => (owner("add_entry"), what_was_said(s, log, o)?),
        Rule::NothingWritten => {
            let entry = AddEntry {
                incident,
                text: said::words("asked the unit by radio: still at it, nothing new"),
                critical: false,
                new_information: false,
                own_words: false,
                attachments: Vec::new(),
            };
            (owner("add_entry"), entry.into())
        }
        Rule::DeploymentUnconfirmed => {
            let call_sign = unit(o)?;
            (crew(&call_sign), ConfirmDeployment { incident, call_sign }.into())
        }
        Rule::ReleaseUnconfirmed => {
            let call_sign = unit(o)?;
            (crew(&call_sign), ConfirmRelease { incident, call_sign }.into())
        }
        Rule::OfficerWelfare => {
            let call_sign = unit(o)?;
            (crew(&call_sign), CheckIn { call_sign }.into())
        }
        Rule::CallerChasing => {
            let words = said::words("rang the informant: a unit is being found");
            (owner("own_obligation"), OwnObligation { obligation: o.id, words }.into())
        }
        // Only a unit sent, or arrived, answers these.
        Rule::DeployTarget
        | Rule::ArriveTarget
        | Rule::Unresourced
        | Rule::NobodyActed
        | Rule::LeftBehind => return None,
        // These are not about a log, or are answered above.
        Rule::ContactOwed
        | Rule::CallUnfinished
        | Rule::HandoverLineOpen
        | Rule::DeskShort
        | Rule::FaultUnanswered
        | Rule::FaultOpen
        | Rule::AgencyStale
        | Rule::GuidanceReview
        | Rule::AbandonedCall
        | Rule::MarkerReview
        | Rule::MessageOwed
        | Rule::OfficerEmergency
        | Rule::InformantDetails
        | Rule::LocationOwed
        | Rule::GradeOwed
        | Rule::GradeContested
        | Rule::ThriveOwed
        | Rule::RethriveOwed
        | Rule::LongWait
        | Rule::CodeDoubted
        | Rule::CrimeToRecord
        | Rule::SergeantOwed
        | Rule::OwnerlessLog
        | Rule::AcceptLog => return None,
    })
}

/// What is asked of other agencies, and somebody missing.
fn of_others(s: &State, log: &Incident, o: &Obligation, cast: &Cast) -> Option<(By, Command)> {
    let incident = log.number;
    let owner = |action| person(s, &o.owner, cast, action);
    Some(match o.rule {
        Rule::AgencyChased => {
            let words = said::reason("their duty manager, who looks for him");
            let outcome = AgencyOutcome::Told;
            let ring = RingAgency { incident, agency: label(o)?, outcome, words };
            (owner("ring_agency"), ring.into())
        }
        Rule::AgencyAnswer => {
            let request = rules::incident::requests::number_of(o)?;
            let answer = AnswerAgency {
                incident,
                request,
                answer: AgencyAnswer::Answered,
                means: AgencyMeans::Telephone,
                with: None,
                words: said::words("their duty manager: it is done"),
                itself: Some(said::words("they looked round the building")),
                life_told: true,
            };
            (owner("answer_agency"), answer.into())
        }
        Rule::MissingReview => {
            let level = log.missing()?.judged.last()?.level.clone();
            let rationale = said::words("nothing new is known, and it is light");
            (owner("assess_missing"), AssessMissing { incident, level, rationale }.into())
        }
        Rule::MissingAction => {
            let outcome = Outcome::Done(said::words("done, and nothing was found"));
            let settle = SettleMissingAction { incident, action: label(o)?, outcome };
            (owner("settle_missing_action"), settle.into())
        }
        Rule::MissingInterview => {
            let outcome = Outcome::Done(said::words("spoken with: a quarrel, which is over"));
            (owner("interview_missing"), InterviewMissing { incident, outcome }.into())
        }
        _ => return None,
    })
}

/// A sentence of a call that the log does not have, onto the log.
fn what_was_said(s: &State, log: &Incident, o: &Obligation) -> Option<Command> {
    let missing = rules::contact::unwritten::unwritten(log, &s.policy);
    let missing = missing.into_iter().find(|m| o.part_is(&m.part()))?;
    let entry = AddEntry {
        incident: log.number,
        text: said::words(&missing.sentence),
        critical: false,
        new_information: true,
        own_words: true,
        attachments: Vec::new(),
    };
    Some(entry.into())
}

/// Who answers for an owner, if their role may do it.
fn person(s: &State, owner: &Owner, cast: &Cast, action: &str) -> By {
    match owner {
        Owner::Staff(staff) => match s.staff.get(staff) {
            Some(on) if room::roles::may(on.role, action) => {
                By { staff: staff.clone(), role: on.role }
            }
            _ => cast.who_may(Role::Dispatcher, action, 0).clone(),
        },
        Owner::Desk(role) => cast.who_may(*role, action, 0).clone(),
    }
}

fn part(o: &Obligation) -> Option<&str> {
    o.part.as_deref()
}

fn label(o: &Obligation) -> Option<Label> {
    Label::parse(part(o)?).ok()
}

fn tag(o: &Obligation) -> Option<rules::name::Tag> {
    rules::name::Tag::parse(part(o)?).ok()
}

fn unit(o: &Obligation) -> Option<CallSign> {
    CallSign::parse(part(o)?).ok()
}
