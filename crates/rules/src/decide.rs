//! A command against the state: events, or a refusal that says what to do next. It never
//! half-happens, and it never looks at a clock.

use crate::command::Command;
use crate::event::{Event, Meta};
use crate::incident::{checks, opening};
use crate::obligation::consequences;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Now};
use crate::{
    agency, alarm, briefing, contact, due, fault, incident, marker, message, obligation, proposal,
    shift, unit,
};

/// Decides a command and folds what happened, with everything that follows from it, into the state.
///
/// # Errors
/// The refusal. The state is then as it was.
pub fn act(
    state: &mut State,
    by: &By,
    command: &Command,
    happened_at: Option<Instant>,
    now: Now,
) -> Result<Vec<(Event, Meta)>, Refused> {
    let happened_at = happened(happened_at, now)?;
    let events = decide(state, command, by, now)?;
    let mut done = Vec::new();
    for event in events {
        fold(state, event, by, happened_at, now.at, &mut done);
    }
    Ok(done)
}

/// Lets time pass up to `now.at`: the obligation whose moment has waited longest fires. `None` when
/// nothing is due.
pub fn tick(state: &mut State, now: Instant) -> Option<Vec<(Event, Meta)>> {
    let events = due::fire(state, now)?;
    let by = By::callbox();
    let mut done = Vec::new();
    for event in events {
        fold(state, event, &by, now, now, &mut done);
    }
    Some(done)
}

/// Folds an event and, before the next one, everything that follows from it.
fn fold(
    state: &mut State,
    event: Event,
    by: &By,
    happened_at: Instant,
    recorded_at: Instant,
    done: &mut Vec<(Event, Meta)>,
) {
    let meta = Meta { seq: state.seq + 1, by: by.clone(), happened_at, recorded_at };
    state.evolve(&event, &meta);
    let doubts = opening::doubts(state, &event, &meta);
    let check = checks::by_grade(state, &event, &meta);
    let marked = marker::met(state, &event, recorded_at);
    let follows = consequences(state, &event, &meta);
    done.push((event, meta));
    for next in follows.into_iter().chain(doubts).chain(check).chain(marked) {
        fold(state, next, by, happened_at, recorded_at, done);
    }
}

/// The furthest ahead of our clock that somebody's watch may be.
const WATCHES_DIFFER: crate::time::Span = crate::time::Span::minutes(1);

fn happened(at: Option<Instant>, now: Now) -> Result<Instant, Refused> {
    match at {
        Some(at) if at > now.at + WATCHES_DIFFER => Err(Refused::invalid(
            "it cannot have happened in the future: check the time it happened",
        )),
        Some(at) if at.0 < 0 => {
            Err(Refused::invalid("it cannot have happened before 1970: check the time it happened"))
        }
        Some(at) => Ok(at.min(now.at)),
        None => Ok(now.at),
    }
}

/// The events a command makes, nothing being changed.
///
/// # Errors
/// The refusal.
pub fn decide(s: &State, command: &Command, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    shift::training::gate(s, command, by, now)?;
    match command {
        Command::ReceiveContact(c) => contact::receive(s, c, by, now),
        Command::LinkContact(c) => contact::link(s, c, by, now),
        Command::EndContact(c) => contact::end(s, c, by, now),
        Command::HangUp(c) => contact::ending::hang_up(s, c, by, now),
        Command::AddRecording(c) => contact::heard::add_recording(s, c, by, now),
        Command::AddTranscript(c) => contact::heard::add_transcript(s, c, by, now),
        Command::SetAsideHeard(c) => contact::heard::set_aside(s, c),
        Command::OpenIncident(c) => opening::open(s, c, by, now),
        Command::AddEntry(c) => incident::entries::add(s, c, by, now),
        Command::StrikeEntry(c) => incident::entries::strike(s, c, by, now),
        Command::ReadLog(c) => incident::entries::read(s, c, by, now),
        Command::TagIncident(c) => incident::tags::tag(s, c, by, now),
        Command::UntagIncident(c) => incident::tags::untag(s, c, by, now),
        Command::SetLocation(c) => opening::locate(s, c, by, now),
        Command::SetInformant(c) => opening::set_informant(s, c, by, now),
        Command::FindMarker(c) => incident::entries::find_marker(s, c, by, now),
        Command::RecordThrive(c) => incident::thrive::record(s, c, by, now),
        Command::GradeIncident(c) => incident::grade::grade(s, c, by, now),
        Command::ContestGrade(c) => incident::grade::contest(s, c, by, now),
        Command::ChangeOpeningCode(c) => opening::change_code(s, c, by, now),
        Command::KeepOpeningCode(c) => opening::keep_code(s, c, by, now),
        Command::OpenSop(c) => incident::sop::open(s, c, by, now),
        Command::SettleSopStep(c) => incident::sop::settle(s, c, by, now),
        Command::RequestCheck(c) => checks::request(s, c, by, now),
        Command::RecordCheck(c) => checks::record(s, c, by, now),
        Command::AskQuestion(c) => incident::questions::ask(s, c, by, now),
        Command::BookAppointment(c) => incident::appointments::book(s, c, now),
        Command::EndAppointment(c) => incident::appointments::end(s, c, now),
        Command::AnswerQuestion(c) => incident::questions::answer(s, c, by, now),
        Command::AskToClose(c) => incident::closing::ask(s, c, by, now),
        Command::RecordDecision(c) => incident::decision::record(s, c, by, now),
        Command::SettleCrime(c) => incident::crime::settle(s, c, by, now),
        Command::PlanWork(c) => incident::work::plan(s, c, by, now),
        Command::FinishWork(c) => incident::work::finish(s, c, by, now),
        Command::AnswerPrompt(c) => incident::prompts::answer(s, c, by, now),
        Command::PassToDispatch(c) => incident::acceptance::pass(s, c, by, now),
        Command::AcceptIncident(c) => incident::acceptance::accept(s, c, by, now),
        Command::GiveIncident(c) => incident::acceptance::give(s, c, by, now),
        Command::NameSupervisor(c) => incident::acceptance::name_supervisor(s, c, by, now),
        Command::LinkIncident(c) => incident::entries::link(s, c, by, now),
        Command::TellInformant(c) => incident::told::tell(s, c, by, now),
        Command::PromiseRingBack(c) => incident::told::promise(s, c, by, now),
        Command::RingBack(c) => incident::told::ring_back(s, c, by, now),
        Command::CloseIncident(c) => incident::closing::close(s, c, by, now),
        Command::ReopenIncident(c) => incident::closing::reopen(s, c, by, now),
        Command::RosterUnit(c) => unit::roster(s, c, by, now),
        Command::RosterUnits(c) => unit::roster_all(s, c),
        Command::SayNeed(c) => incident::needs::say(s, c),
        Command::DropNeed(c) => incident::needs::drop(s, c),
        Command::RemoveUnit(c) => unit::remove(s, c, by, now),
        Command::SetStatus(c) => unit::status::set(s, c, by, now),
        Command::ReportPosition(c) => unit::status::position(s, c, by, now),
        Command::RadioEvent(c) => unit::radio::hear(s, c, by, now),
        Command::DeployUnit(c) => unit::deployment::deploy(s, c, by, now),
        Command::ConfirmDeployment(c) => unit::deployment::confirm(s, c, by, now),
        Command::DivertUnit(c) => unit::diversion::divert(s, c, by, now),
        Command::StandDown(c) => unit::deployment::stand_down(s, c, by, now),
        Command::ConfirmRelease(c) => unit::deployment::confirm_release(s, c, by, now),
        Command::OpenRiskCard(c) => unit::status::open_card(s, c, by, now),
        Command::CheckIn(c) => unit::status::check_in(s, c, by, now),
        Command::SignOn(c) => shift::seats::sign_on(s, c, by, now),
        Command::GoOnBreak(c) => shift::seats::go_on_break(s, c, by, now),
        Command::ComeBack(c) => shift::seats::come_back(s, c, by, now),
        Command::SignOff(c) => shift::seats::sign_off(s, c, by, now),
        Command::BuildHandover(c) => shift::handover::build(s, c, by, now),
        Command::AcceptHandoverLine(c) => shift::handover::accept(s, c, by, now),
        Command::OwnObligation(c) => obligation::own(s, c, by, now),
        Command::GiveObligation(c) => obligation::give(s, c, by, now),
        Command::DelayObligation(c) => obligation::delay(s, c, by, now),
        Command::RaiseObligation(c) => obligation::raise(s, c, by, now),
        Command::SilenceAlarm(c) => alarm::silence(s, c, by, now),
        Command::EnrolStaff(c) => shift::directory::enrol(s, c),
        Command::RemoveStaff(c) => shift::directory::remove(s, c),
        Command::AllowTask(c) => shift::training::allow(s, c, by, now),
        Command::AdoptPolicy(c) => proposal::adopt(s, c, by),
        Command::ProposePolicy(c) => proposal::propose(s, c),
        Command::PublishPolicy(c) => proposal::publish(s, c, by, now),
        Command::WithdrawPolicy(c) => proposal::withdraw(s, c),
        Command::PublishBriefing(c) => briefing::publish(s, c, now),
        Command::ReadBriefing(c) => briefing::read(s, c, by, now),
        Command::WithdrawBriefing(c) => briefing::withdraw(s, c, now),
        Command::ConfirmAgency(c) => agency::confirm(s, c),
        Command::RingAgency(c) => incident::agencies::ring(s, c),
        Command::ReferVictim(c) => incident::agencies::refer(s, c),
        Command::AskAgency(c) => incident::requests::ask(s, c),
        Command::AnswerAgency(c) => incident::requests::answer(s, c, now),
        Command::ReportMissing(c) => incident::missing::report(s, c),
        Command::AssessMissing(c) => incident::missing::assess(s, c),
        Command::SettleMissingAction(c) => incident::missing::settle(s, c),
        Command::FindMissing(c) => incident::missing::find(s, c),
        Command::InterviewMissing(c) => incident::missing::interview(s, c),
        Command::KnowHome(c) => incident::missing::know_home(s, c),
        Command::FitAgency(c) => incident::fits::decide(s, c, by),
        Command::EnterAgency(c) => agency::enter(s, c),
        Command::RemoveAgency(c) => agency::remove(s, c),
        Command::ReportFault(c) => fault::report(s, c, by, now),
        Command::AnswerFault(c) => fault::answer(s, c, by, now),
        Command::MarkEscalation(c) => crate::dip::mark(s, c, now),
        Command::PutMarker(c) => marker::put(s, c, now),
        Command::ChangeMarker(c) => marker::change(s, c, now),
        Command::ReviewMarker(c) => marker::review(s, c, now),
        Command::NoteSignal(c) => contact::signal::note(s, c),
        Command::RingCaller(c) => contact::signal::ring_back(s, c),
        Command::LeaveMessage(c) => message::leave(s, c, by, now),
        Command::AnswerMessage(c) => message::answer(s, c),
        Command::RecordRead(c) => record_read(c),
    }
}

fn record_read(c: &crate::command::RecordRead) -> Result<Vec<Event>, Refused> {
    Ok(vec![Event::RecordRead { what: c.what.clone(), purpose: c.purpose.clone() }])
}
