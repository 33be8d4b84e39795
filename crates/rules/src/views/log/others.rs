//! What agencies were asked for and answered, somebody missing, and which agency fits best.

use super::super::countdown::{age_words, countdown_words};
use super::tasks::{Settled, settled};
use super::timeline::{LineKind, outcome_words};
use crate::agency::Agency;
use crate::command::{AgencyMeans, AgencyNumber, MissingPerson, Outcome};
use crate::event::Event;
use crate::incident::Incident;
use crate::incident::missing::{Found, Judged, is_owed};
use crate::incident::requests::{Asked, Attempt, number_of};
use crate::name::*;
use crate::obligation::{Obligation, Rule, Subject};
use crate::role::Role;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that an agency was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestView {
    /// Its number.
    pub request: u32,
    /// The agency.
    pub agency: Label,
    /// What is asked.
    pub ask: Label,
    /// Who was spoken to, and the request in its words.
    pub words: Words,
    /// By which means.
    pub means: AgencyMeans,
    /// Whether a life may be at risk.
    pub life: bool,
    /// Whether they were told so.
    pub life_told: bool,
    /// By whom it was asked.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// Every attempt since.
    pub attempts: Vec<Attempt>,
    /// Whether nothing more is awaited.
    pub settled: bool,
    /// What to do next, while it is open.
    pub next: Option<String>,
    /// Who owns that.
    pub owner_words: String,
    /// When the next one is told, or was.
    pub due_at: Option<Instant>,
    /// How far that is.
    pub countdown: String,
    /// Whether it is late.
    pub late: bool,
    /// What to ask about what they have done themselves, while nobody has.
    pub ask_itself: Option<String>,
    /// How they are reached, where the directory has them.
    pub numbers: Vec<AgencyNumber>,
    /// Who is in charge there.
    pub supervisor: Option<PersonName>,
    /// The request in writing, for those who ask for a form; none once it is answered.
    pub form: Option<String>,
}

/// Somebody missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MissingView {
    /// Who.
    pub person: MissingPerson,
    /// Who recorded it.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// Each level of risk with its reasons, newest last.
    pub judged: Vec<Judged>,
    /// When it is judged again.
    pub review_at: Option<Instant>,
    /// How far that is.
    pub countdown: String,
    /// Whether that has passed.
    pub late: bool,
    /// Found, if so.
    pub found: Option<Found>,
    /// By when the interview is owed.
    pub interview_by: Option<Instant>,
    /// The interview, or why there was none.
    pub interview: Option<Outcome>,
}

/// An action for a missing person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActionView {
    /// Its name.
    pub action: Label,
    /// What is to be done.
    pub words: String,
    /// The desk that sees to it.
    pub desk: Role,
    /// What has become of it.
    pub settled: Settled,
    /// What was done, or why it does not apply.
    pub outcome: String,
    /// Who settled it.
    pub by: Option<StaffId>,
    /// When.
    pub at: Option<Instant>,
}

/// What agencies were asked for: what is open first.
pub(super) fn requests(s: &State, log: &Incident, now: Instant) -> Vec<RequestView> {
    let mut all: Vec<RequestView> =
        log.requests().iter().map(|asked| request(s, log, asked, now)).collect();
    all.sort_by_key(|view| (view.settled, view.request));
    all
}

fn request(s: &State, log: &Incident, asked: &Asked, now: Instant) -> RequestView {
    let about = Subject::Incident(log.number);
    let mut all = s.obligations_about(&about);
    let owed = all.find(|o| o.rule == Rule::AgencyAnswer && number_of(o) == Some(asked.request));
    let row = s.policy.agency_ask(&asked.ask);
    let held: Option<&Agency> = s.agencies.get(&asked.agency);
    let said = asked.attempts.iter().any(|a| a.itself.is_some());
    let due_at = owed.map(|o| if o.rung == 0 { o.due_at } else { o.next_at });
    RequestView {
        request: asked.request,
        agency: asked.agency.clone(),
        ask: asked.ask.clone(),
        words: asked.words.clone(),
        means: asked.means,
        life: asked.life,
        life_told: asked.life_told_at.is_some(),
        by: asked.by.clone(),
        at: asked.happened_at,
        attempts: asked.attempts.clone(),
        settled: asked.ended_at.is_some(),
        next: owed.and_then(|o| next_step(s, asked, o)),
        owner_words: owed.map(|o| o.owner.to_string()).unwrap_or_default(),
        due_at,
        countdown: due_at.map(|at| countdown_words(at, now)).unwrap_or_default(),
        late: owed.is_some_and(|o| o.due_at <= now),
        ask_itself: row.and_then(|row| row.itself.clone()).filter(|_| !said),
        numbers: held.map(|a| a.numbers.clone()).unwrap_or_default(),
        supervisor: held.and_then(|a| a.supervisor.clone()),
        form: asked.ended_at.is_none().then(|| form(s, log, asked, now)),
    }
}

/// A request in writing, complete, so that a form costs no time.
///
/// Source: Learning the Lessons, case 6, commentary: a data form came ten minutes after the second
/// telephone call.
fn form(s: &State, log: &Incident, asked: &Asked, now: Instant) -> String {
    let why = match asked.life {
        true => "URGENT: a life may be at risk. An answer by telephone now is asked for.",
        false => "An answer is needed for a police enquiry.",
    };
    let who = match log.missing() {
        Some(m) => format!("{}: {}", m.person.name, m.person.description),
        None => "as said by telephone".to_owned(),
    };
    let n = asked.attempts.len() + 1;
    [
        format!("REQUEST FOR INFORMATION to {}", asked.agency),
        why.to_owned(),
        format!("From: {}, log {}, request {}", s.policy.about.force, log.number, asked.request),
        format!("What is asked: {}. {}", asked.ask, asked.words),
        format!("About whom: {who}"),
        format!("Ground: {}", s.policy.agency.ground),
        format!("Asked first {} ago, {n} time(s) so far.", age_words(asked.happened_at, now)),
        format!("Asked by: {}", asked.by),
    ]
    .join("\n")
}

/// What to do about a request now: on the rung that is lit, or the first that will be.
fn next_step(s: &State, asked: &Asked, o: &Obligation) -> Option<String> {
    let ladder = s.ladder_of(o.rule, &o.about, o.part.as_deref())?;
    let at = (o.rung.saturating_sub(1) as usize).min(ladder.rung.len().saturating_sub(1));
    let step = ladder.rung.get(at)?.words.clone();
    if asked.life && asked.life_told_at.is_none() {
        let tell = "Tell them NOW that a life may be at risk: they were not told.";
        return Some(step.map_or(tell.to_owned(), |step| format!("{tell} {step}")));
    }
    step
}

/// Somebody missing.
pub(super) fn missing(s: &State, log: &Incident, now: Instant) -> Option<MissingView> {
    let missing = log.missing()?;
    let about = Subject::Incident(log.number);
    let due = |rule| s.owed(&about, rule).map(|o| o.due_at);
    let review_at = due(Rule::MissingReview);
    Some(MissingView {
        person: missing.person.clone(),
        by: missing.reported.0.clone(),
        at: missing.reported.1,
        judged: missing.judged.clone(),
        review_at,
        countdown: review_at.map(|at| countdown_words(at, now)).unwrap_or_default(),
        late: review_at.is_some_and(|at| at <= now),
        found: missing.found.clone(),
        interview_by: due(Rule::MissingInterview),
        interview: missing.interview.as_ref().map(|(outcome, ..)| outcome.clone()),
    })
}

/// The actions for somebody missing that are open or settled, in the order of policy.
pub(super) fn actions(s: &State, log: &Incident) -> Vec<ActionView> {
    let rows = s.policy.missing.iter().flat_map(|policy| &policy.action);
    let there = rows
        .filter(|row| log.settled_action(&row.action).is_some() || is_owed(s, log, &row.action));
    there
        .map(|row| {
            let done = log.settled_action(&row.action);
            let (settled, outcome) = settled(done.map(|(_, outcome, ..)| outcome));
            ActionView {
                action: row.action.clone(),
                words: row.words.clone(),
                desk: row.by,
                settled,
                outcome,
                by: done.map(|(.., by, _)| by.clone()),
                at: done.map(|(.., at)| *at),
            }
        })
        .collect()
}

/// A line about one of these.
pub(super) fn line(event: &Event) -> Option<(LineKind, String)> {
    of_agencies(event)
        .map(|words| (LineKind::Units, words))
        .or_else(|| of_missing(event).map(|words| (LineKind::Risk, words)))
}

fn of_agencies(event: &Event) -> Option<String> {
    Some(match event {
        Event::AgencyAsked { request, agency, ask, words, means, life, life_told, .. } => {
            let life = match (life, life_told) {
                (_, true) => ", told that a life may be at risk",
                (true, false) => ", NOT told that a life may be at risk",
                _ => "",
            };
            let how = means.words().1;
            format!("asks {agency} {how}{life}: {ask}: {words} (request {request})")
        }
        Event::AgencyAnswered { request, answer, means, with, words, itself, .. } => {
            let with = with.as_ref().map(|who| format!(", {who}")).unwrap_or_default();
            let itself = itself.as_ref().map(|x| format!(". They themselves: {x}"));
            let (answer, how) = (answer.words().1, means.words().1);
            format!(
                "request {request}, {how}{with}: {answer}: {words}{}",
                itself.unwrap_or_default()
            )
        }
        Event::AgencyFitted { police, agency, reason, holder, .. } => {
            let go = if *police { "police go" } else { "police do not go" };
            let holder = holder.as_ref().map(|x| format!(". The risk is held by {x}"));
            format!("{agency} fits best, {go}: {reason}{}", holder.unwrap_or_default())
        }
        _ => return None,
    })
}

fn of_missing(event: &Event) -> Option<String> {
    Some(match event {
        Event::MissingReported { person, level, rationale, .. } => {
            format!("{} is missing, {level} risk: {rationale}", person.name)
        }
        Event::MissingAssessed { level, rationale, .. } => {
            format!("the missing person is at {level} risk: {rationale}")
        }
        Event::MissingActionSettled { action, outcome, .. } => {
            format!("{action}: {}", outcome_words(outcome))
        }
        Event::MissingFound { place, by, condition, words, .. } => {
            let (_, condition) = condition.words();
            format!("found by {by} at {place}, {condition}: {words}")
        }
        Event::MissingInterviewed { outcome, .. } => {
            format!("interview after being missing: {}", outcome_words(outcome))
        }
        Event::HomeKnown { home, how, .. } => format!("lives at {home}: {how}"),
        _ => return None,
    })
}
