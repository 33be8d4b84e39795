//! What must have been heard at once, worked out again from what people did. It shares nothing with
//! the code that makes alarms sound: it knows four conditions, their limits and who must hear.

use rules::event::{Event, Meta};
use rules::name::{CallSign, IncidentNumber, ObligationId};
use rules::obligation::{Rule, Subject};
use rules::policy::{Level, Policy};
use rules::time::{Instant, Span};
use std::collections::BTreeMap;

/// A critical condition at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    /// An immediate log has no unit.
    NoUnit(IncidentNumber),
    /// A question on an immediate log has no answer.
    NoAnswer(IncidentNumber, u32),
    /// An officer has pressed for help.
    Emergency(CallSign),
    /// An officer at a scene is not heard from.
    Silence(CallSign),
}

#[derive(Clone, Copy, Debug)]
struct Since {
    limit: Instant,
    heard: bool,
}

#[derive(Clone, Debug, Default)]
struct Job {
    immediate: bool,
    attended: bool,
    closed: bool,
    units: Vec<CallSign>,
    questions: Vec<(u32, Instant)>,
}

/// A fold of what people did and what was heard.
pub struct Critical {
    limits: Limits,
    jobs: BTreeMap<IncidentNumber, Job>,
    at_scene: BTreeMap<CallSign, Instant>,
    open: BTreeMap<Condition, Since>,
    about: BTreeMap<ObligationId, (Subject, Option<String>)>,
    /// How many conditions reached their limit.
    pub reached: u64,
    /// Those that were not heard by then.
    pub late: Vec<String>,
}

/// How long each may last unheard: the force's own times.
#[derive(Clone, Copy, Debug)]
struct Limits {
    no_unit: Span,
    no_answer: Span,
    silence: Span,
}

impl Critical {
    /// Nothing seen yet.
    pub fn new(policy: &Policy) -> Critical {
        let grade = rules::name::Grade::try_from(1).ok();
        let due = |rule| policy.obligation(rule).and_then(|row| row.due_in(grade));
        let limits = Limits {
            no_unit: due(Rule::Unresourced).unwrap_or(Span::minutes(5)),
            no_answer: due(Rule::QuestionOpen).unwrap_or(Span::minutes(2)),
            // A call first, the alarm five minutes later.
            silence: due(Rule::OfficerWelfare)
                .map_or(Span::minutes(35), |call| Span(call.0 + Span::minutes(5).0)),
        };
        Critical {
            limits,
            jobs: BTreeMap::new(),
            at_scene: BTreeMap::new(),
            open: BTreeMap::new(),
            about: BTreeMap::new(),
            reached: 0,
            late: Vec::new(),
        }
    }

    /// Takes the next event. What its moment leaves unheard beyond its limit is late.
    pub fn take(&mut self, event: &Event, meta: &Meta) {
        self.pass(meta.recorded_at);
        self.heard(event);
        self.of_log(event, meta);
        self.of_unit(event, meta);
    }

    /// Time has passed up to here. What falls due at this very moment may still sound.
    fn pass(&mut self, now: Instant) {
        let over: Vec<Condition> = self
            .open
            .iter()
            .filter(|(_, since)| since.limit < now)
            .map(|(condition, _)| condition.clone())
            .collect();
        for condition in over {
            if let Some(since) = self.open.remove(&condition) {
                self.reached += 1;
                if !since.heard {
                    self.late.push(format!("{condition:?} at {}", since.limit.0));
                }
            }
        }
    }

    fn begins(&mut self, condition: Condition, limit: Instant) {
        self.open.entry(condition).or_insert(Since { limit, heard: false });
    }

    /// A sound counts for the very thing it is about, if it is critical.
    fn heard(&mut self, event: &Event) {
        match event {
            Event::ObligationsArmed { about, armed } => {
                for row in armed {
                    let part = row.part.as_deref().map(str::to_owned);
                    self.about.insert(row.obligation, (about.clone(), part));
                }
            }
            Event::Annunciated { rule, level: Level::A1, obligation, .. } => {
                let Some(condition) = self.condition_of(*rule, *obligation) else { return };
                if let Some(since) = self.open.get_mut(&condition) {
                    since.heard = true;
                }
            }
            Event::ObligationDelayed { obligation, until, .. } => {
                // Somebody accepted a delay by name and with a reason: it must sound when it ends.
                let of = [Rule::Unresourced, Rule::QuestionOpen, Rule::OfficerWelfare];
                let conditions = of.iter().filter_map(|r| self.condition_of(*r, *obligation));
                for condition in conditions.collect::<Vec<_>>() {
                    if let Some(since) = self.open.get_mut(&condition) {
                        since.limit = since.limit.max(*until);
                    }
                }
            }
            _ => {}
        }
    }

    fn condition_of(&self, rule: Rule, obligation: ObligationId) -> Option<Condition> {
        let (about, part) = self.about.get(&obligation)?;
        let unit = || CallSign::parse(part.as_deref()?).ok();
        match (rule, about) {
            (Rule::Unresourced, Subject::Incident(n)) => Some(Condition::NoUnit(*n)),
            (Rule::QuestionOpen, Subject::Incident(n)) => {
                Some(Condition::NoAnswer(*n, part.as_deref()?.parse().ok()?))
            }
            (Rule::OfficerEmergency, Subject::Unit(call_sign)) => {
                Some(Condition::Emergency(call_sign.clone()))
            }
            (Rule::OfficerWelfare, Subject::Unit(call_sign)) => {
                Some(Condition::Silence(call_sign.clone()))
            }
            (Rule::OfficerWelfare, _) => Some(Condition::Silence(unit()?)),
            _ => None,
        }
    }

    fn of_log(&mut self, event: &Event, meta: &Meta) {
        let Some(n) = event.stream_incident() else { return };
        let job = self.jobs.entry(n).or_default();
        match event {
            Event::Graded { grade, .. } => {
                job.immediate = grade.rank() == 1;
                if job.immediate {
                    let limit = meta.recorded_at + self.limits.no_answer;
                    for (question, _) in job.questions.clone() {
                        self.begins(Condition::NoAnswer(n, question), limit);
                    }
                } else {
                    self.open.retain(|c, _| !matches!(c, Condition::NoAnswer(of, _) if *of == n));
                }
            }
            Event::QuestionAsked { question, .. } => {
                job.questions.push((*question, meta.recorded_at));
                if job.immediate {
                    let limit = meta.recorded_at + self.limits.no_answer;
                    self.begins(Condition::NoAnswer(n, *question), limit);
                }
            }
            Event::QuestionAnswered { question, .. } => {
                job.questions.retain(|(q, _)| q != question);
                self.open.remove(&Condition::NoAnswer(n, *question));
            }
            Event::UnitDeployed { call_sign, .. } => job.units.push(call_sign.clone()),
            Event::UnitStoodDown { call_sign, .. } => job.units.retain(|u| u != call_sign),
            Event::UnitDiverted { call_sign, to, .. } => {
                job.units.retain(|u| u != call_sign);
                self.jobs.entry(*to).or_default().units.push(call_sign.clone());
                self.no_unit(*to, meta);
            }
            Event::StatusSet { status: 6, .. } => job.attended = true,
            Event::IncidentClosed { .. } => {
                job.closed = true;
                self.open.retain(|c, _| !matches!(c, Condition::NoAnswer(of, _) if *of == n));
            }
            _ => return,
        }
        self.no_unit(n, meta);
    }

    /// Whether the log is immediate and has no unit, as it stands now.
    fn no_unit(&mut self, n: IncidentNumber, meta: &Meta) {
        let Some(job) = self.jobs.get(&n) else { return };
        let waits = job.immediate && job.units.is_empty() && !job.attended && !job.closed;
        if waits {
            self.begins(Condition::NoUnit(n), meta.recorded_at + self.limits.no_unit);
        } else {
            self.open.remove(&Condition::NoUnit(n));
        }
    }

    fn of_unit(&mut self, event: &Event, meta: &Meta) {
        let now = meta.recorded_at;
        match event {
            Event::StatusSet { call_sign, status, .. } => {
                if *status == 0 {
                    self.begins(Condition::Emergency(call_sign.clone()), now);
                } else {
                    self.open.remove(&Condition::Emergency(call_sign.clone()));
                }
                if *status == 6 {
                    self.at_scene.insert(call_sign.clone(), now);
                } else if *status != 0 {
                    self.at_scene.remove(call_sign);
                }
                self.word_from(call_sign, now);
            }
            Event::CheckedIn { call_sign, .. } => self.word_from(call_sign, now),
            Event::UnitStoodDown { call_sign, .. } | Event::UnitDiverted { call_sign, .. } => {
                self.at_scene.remove(call_sign);
                self.word_from(call_sign, now);
            }
            _ => {}
        }
    }

    fn word_from(&mut self, call_sign: &CallSign, now: Instant) {
        let condition = Condition::Silence(call_sign.clone());
        self.open.remove(&condition);
        if self.at_scene.contains_key(call_sign) {
            self.begins(condition, now + self.limits.silence);
        }
    }
}
