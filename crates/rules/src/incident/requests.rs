//! What other agencies are asked for on a log, and what they answer: chased by the minutes of
//! policy, each rung another owner and another means, until there is a real answer.
//!
//! Source: Learning the Lessons, case 6 (Network Rail was never asked; a taxi firm was not told
//! that he was suicidal, said "e-mail us" twice, and officers went there after an hour), case 10
//! (nobody asked again for the ambulance), case 5 (the daughter rang the hospitals).

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::{Incident, carried::carried};
use crate::name::*;
use crate::obligation::{Arm, Fate, Obligation, Rule, Spec, Subject};
use crate::policy::{AgencyAskPolicy, Ladder, Policy};
use crate::refused::Refused;
use crate::state::State;
use crate::time::{Instant, Now};
use serde::{Deserialize, Serialize};

/// The most requests on one log: more is a machine gone wrong.
const MOST: usize = 200;
/// The most attempts at one.
const ATTEMPTS_MAX: usize = 100;

/// Rule: what an agency is asked for is chased, each rung by another owner and means, until there
/// is a real answer. Where a life may be at risk and they were not told so, it is lit at once.
///
/// Source: Learning the Lessons, case 6.
pub const AGENCY_ANSWER: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::AgencyAsked { incident, .. } | Event::AgencyAnswered { incident, .. } => {
            let Some(log) = s.incident(*incident) else { return Vec::new() };
            arm(s, log, event, meta).into_iter().collect()
        }
        _ => Vec::new(),
    },
    ends: |s, o, event, meta| match event {
        Event::AgencyAnswered { incident, request, answer, .. } if is_about(o, *request) => {
            match answer {
                AgencyAnswer::NotNeeded => Some(Fate::Overtaken),
                answer if answer.is_the_end() => Some(Fate::Done),
                _ => {
                    let log = s.incident(*incident)?;
                    arm(s, log, event, meta).map(|_| Fate::Overtaken)
                }
            }
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// The clock that begins with an event: when it was asked, when they first said that they see to
/// it, or when they were told at last that a life may be at risk.
fn arm(s: &State, log: &Incident, event: &Event, meta: &Meta) -> Option<Arm> {
    let now = meta.recorded_at;
    let (request, new, heard, told) = match event {
        Event::AgencyAsked { request, .. } => (*request, true, false, false),
        Event::AgencyAnswered { request, answer, life_told, .. } => {
            (*request, false, answer.is_heard(), *life_told)
        }
        _ => return None,
    };
    let asked = log.request(request)?;
    let row = s.policy.agency_ask(&asked.ask);
    let has_next = row.is_some_and(|row| row.done_in.is_some());
    let heard = heard && has_next && asked.heard_at == Some(now);
    let told = told && asked.life_told_at == Some(now);
    if asked.ended_at.is_some() || !(new || heard || told) {
        return None;
    }
    let due = match row {
        // To be told to ask at once is owed by whoever asked.
        Some(_) if asked.life && asked.life_told_at.is_none() => now,
        Some(row) => match (row.done_in, asked.life) {
            (Some(within), _) if heard => now + within,
            (_, true) => now + row.answer_in_life,
            (_, false) => now + row.answer_in,
        },
        None => now,
    };
    let owner = crate::role::Owner::Staff(meta.by.staff.clone());
    let arm = Arm::new(Subject::Incident(log.number), now).part(part(asked)).owner(owner);
    Some(arm.due_at(due))
}

/// A request as a part of an obligation: `1 Harbour Cars`.
fn part(asked: &Asked) -> String {
    format!("{} {}", asked.request, asked.agency)
}

fn is_about(o: &Obligation, request: u32) -> bool {
    number_of(o) == Some(request)
}

/// The request that an obligation is about.
pub fn number_of(o: &Obligation) -> Option<u32> {
    number_in(o.part.as_deref()?)
}

fn number_in(part: &str) -> Option<u32> {
    part.split_whitespace().next()?.parse().ok()
}

/// The ladder of a request at the stage it has reached; `None` where policy no longer knows it.
pub fn ladder_of<'s>(s: &'s State, about: &Subject, part: Option<&str>) -> Option<&'s Ladder> {
    let log = about.incident().and_then(|n| s.incident(n))?;
    let asked = log.request(number_in(part?)?)?;
    let row = s.policy.agency_ask(&asked.ask)?;
    let name = match &row.ladder_done {
        Some(done) if asked.heard_at.is_some() => done,
        _ if asked.life => &row.ladder_life,
        _ => &row.ladder,
    };
    s.policy.ladder.get(name)
}

/// Something that an agency was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// From 1.
    pub request: u32,
    /// The agency.
    pub agency: Label,
    /// What is asked, as policy names it.
    pub ask: Label,
    /// Who was spoken to, and the request in its words.
    pub words: Words,
    /// By which means.
    pub means: AgencyMeans,
    /// Whether a life may be at risk.
    pub life: bool,
    /// When they were told so.
    pub life_told_at: Option<Instant>,
    /// By whom.
    pub by: StaffId,
    /// When it was recorded.
    pub at: Instant,
    /// When it happened.
    pub happened_at: Instant,
    /// When they first said that they see to it.
    pub heard_at: Option<Instant>,
    /// When there was a real answer, or it was no longer needed.
    pub ended_at: Option<Instant>,
    /// Every attempt since.
    pub attempts: Vec<Attempt>,
}

/// An attempt to get an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Attempt {
    /// What it came to.
    pub answer: AgencyAnswer,
    /// By which means.
    pub means: AgencyMeans,
    /// Who was spoken to.
    pub with: Option<PersonName>,
    /// What was said, in their words.
    pub words: Words,
    /// What they say that they have done themselves.
    pub itself: Option<Words>,
    /// By whom.
    pub by: StaffId,
    /// When it happened.
    pub at: Instant,
}

/// Whether a life may be at risk on a log, for what others are told: its grade, what is carried of
/// the person, or the level of somebody missing.
pub fn life_at_risk(s: &State, log: &Incident) -> bool {
    let missing = log.missing().filter(|m| m.found.is_none());
    let level = missing.and_then(|m| m.judged.last()).map(|j| &j.level);
    let row = level.and_then(|level| s.policy.missing.as_ref()?.level(level));
    log.grade() == Some(Grade::TOP)
        || row.is_some_and(|row| row.life)
        || carried(log, &s.policy).iter().any(|c| c.see_and_speak)
}

/// Records a request.
pub fn ask(s: &State, c: &AskAgency) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if s.policy.agency_ask(&c.ask).is_none() {
        let items = s.policy.agency_ask.iter().map(|row| row.ask.to_string()).collect();
        let sentence = format!("'{}' is nothing this force asks for: choose a request", c.ask);
        return Err(Refused { items, ..Refused::invalid(sentence) });
    }
    if log.requests().len() >= MOST {
        return Err(Refused::conflict(format!("a log has {MOST} requests at most")));
    }
    Ok(vec![Event::AgencyAsked {
        incident: c.incident,
        request: u32::try_from(log.requests().len()).unwrap_or(u32::MAX).saturating_add(1),
        agency: c.agency.clone(),
        ask: c.ask.clone(),
        words: c.words.clone(),
        means: c.means,
        life: c.life_told || life_at_risk(s, log),
        life_told: c.life_told,
    }])
}

/// Records an attempt and what was said. A refusal goes up at once; a real answer settles the
/// action for a missing person that waits for it.
pub fn answer(s: &State, c: &AnswerAgency, now: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let asked = log.request(c.request).ok_or_else(|| {
        Refused::not_found(format!("log {} has no request {}", c.incident, c.request))
    })?;
    if asked.ended_at.is_some() {
        return Err(Refused::conflict(format!(
            "request {} of log {} is answered: ask again, as a new one, if more is needed",
            c.request, c.incident
        )));
    }
    if asked.attempts.len() >= ATTEMPTS_MAX {
        return Err(Refused::conflict(format!(
            "request {} has {ATTEMPTS_MAX} attempts: write the rest as entries",
            c.request
        )));
    }
    is_real(&s.policy, asked, c)?;
    let answered = Event::AgencyAnswered {
        incident: c.incident,
        request: c.request,
        answer: c.answer,
        means: c.means,
        with: c.with.clone(),
        words: c.words.clone(),
        itself: c.itself.clone(),
        life_told: c.life_told,
    };
    let told_now = c.life_told && asked.life_told_at.is_none();
    let mut follows = settles(s, log, asked, c);
    if c.answer == AgencyAnswer::Refused && !told_now {
        let about = Subject::Incident(c.incident);
        let mut owed = s.obligations_about(&about);
        let open = owed.find(|o| o.rule == Rule::AgencyAnswer && is_about(o, c.request));
        follows.extend(open.into_iter().flat_map(|o| crate::due::climb(s, o, now.at)));
    }
    Ok([answered].into_iter().chain(follows).collect())
}

/// An answer is an answer: "e-mail us" is none, and what they have done themselves was asked where
/// policy says so.
///
/// Source: Learning the Lessons, case 6: "he would need to email the booking department".
fn is_real(policy: &Policy, asked: &Asked, c: &AnswerAgency) -> Result<(), Refused> {
    if c.answer != AgencyAnswer::Answered {
        return Ok(());
    }
    let said = [c.words.as_str().to_lowercase()];
    if let Some(phrase) = super::opening::first_phrase(&said, &policy.agency.no_answer) {
        return Err(Refused::blocked(format!(
            "'{phrase}' is no answer: record it as sent elsewhere, and go on asking"
        )));
    }
    let itself = policy.agency_ask(&asked.ask).and_then(|row| row.itself.as_ref());
    let known = c.itself.is_some() || asked.attempts.iter().any(|a| a.itself.is_some());
    match itself {
        Some(question) if !known => Err(Refused::blocked(format!(
            "ask what they have done themselves ({question}), and write it, or that they do not \
             know"
        ))),
        _ => Ok(()),
    }
}

/// The action for a missing person that an answer settles, if it is open.
fn settles(s: &State, log: &Incident, asked: &Asked, c: &AnswerAgency) -> Vec<Event> {
    let row = s.policy.agency_ask(&asked.ask).filter(|_| c.answer == AgencyAnswer::Answered);
    let action = row.and_then(|row| row.settles.clone());
    let open = action.filter(|action| super::missing::is_owed(s, log, action));
    let words = Words::parse(&format!("{}: {}", asked.agency, c.words)).ok();
    match (open, words) {
        (Some(action), Some(words)) => {
            let outcome = Outcome::Done(words);
            vec![Event::MissingActionSettled { incident: c.incident, action, outcome }]
        }
        _ => Vec::new(),
    }
}

impl Policy {
    /// The row of something that agencies are asked for.
    pub fn agency_ask(&self, ask: &Label) -> Option<&AgencyAskPolicy> {
        self.agency_ask.iter().find(|row| &row.ask == ask)
    }
}

impl Incident {
    /// What agencies were asked for, in order.
    pub fn requests(&self) -> &[Asked] {
        self.others.as_ref().map_or(&[], |others| &others.requests)
    }

    /// One of these, by its number.
    pub fn request(&self, request: u32) -> Option<&Asked> {
        self.requests().iter().find(|asked| asked.request == request)
    }

    pub(super) fn fold_requests(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::AgencyAsked { request, agency, ask, words, means, life, life_told, .. } => {
                let at = meta.recorded_at;
                self.others_mut().requests.push(Asked {
                    request: *request,
                    agency: agency.clone(),
                    ask: ask.clone(),
                    words: words.clone(),
                    means: *means,
                    life: *life,
                    life_told_at: life_told.then_some(at),
                    by: meta.by.staff.clone(),
                    at,
                    happened_at: meta.happened_at,
                    heard_at: None,
                    ended_at: None,
                    attempts: Vec::new(),
                });
            }
            Event::AgencyAnswered { request, .. } => {
                let mut requests = self.others_mut().requests.iter_mut();
                if let Some(asked) = requests.find(|asked| asked.request == *request) {
                    asked.answered(event, meta);
                }
            }
            _ => {}
        }
    }
}

impl Asked {
    fn answered(&mut self, event: &Event, meta: &Meta) {
        let Event::AgencyAnswered { answer, means, with, words, itself, life_told, .. } = event
        else {
            return;
        };
        let at = meta.recorded_at;
        self.life |= life_told;
        if *life_told {
            self.life_told_at = self.life_told_at.or(Some(at));
        }
        if answer.is_heard() {
            self.heard_at = self.heard_at.or(Some(at));
        }
        if answer.is_the_end() {
            self.ended_at = Some(at);
        }
        self.attempts.push(Attempt {
            answer: *answer,
            means: *means,
            with: with.clone(),
            words: words.clone(),
            itself: itself.clone(),
            by: meta.by.staff.clone(),
            at: meta.happened_at,
        });
    }
}
