//! What must have been heard at once, worked out again from what people did. It shares nothing with
//! the code that makes alarms sound: it knows four conditions, their limits and who must hear.

use rules::event::{Event, Meta};
use rules::name::{CallSign, IncidentNumber, ObligationId, StaffId};
use rules::obligation::{Rule, Subject};
use rules::policy::{Level, Policy};
use rules::role::{Owner, Role};
use rules::state::State;
use rules::time::{Instant, Span};
use std::collections::BTreeMap;

/// Somebody who heard a sound, and the desk they sit at.
pub type Hearer = (StaffId, Role);

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

/// Who still has to hear of a condition.
#[derive(Clone, Debug)]
enum Waits {
    /// Each of these.
    All(Vec<Owner>),
    /// Anybody of these: it was heard before, and somebody accepted a delay.
    One(Vec<Owner>),
}

impl Waits {
    fn is_over(&self) -> bool {
        matches!(self, Waits::All(left) if left.is_empty())
    }

    /// These people heard it. Whoever answers for a seat now hears for it.
    fn heard(&mut self, by: &[Hearer], room: &State) {
        let hears = |seat: &Owner| {
            let answers = room.present(seat);
            by.iter().any(|(staff, role)| match &answers {
                Owner::Staff(who) => who == staff,
                Owner::Desk(desk) => desk == role,
            })
        };
        match self {
            Waits::All(left) => left.retain(|seat| !hears(seat)),
            Waits::One(any) if any.iter().any(hears) => *self = Waits::All(Vec::new()),
            Waits::One(_) => {}
        }
    }
}

/// A condition that has begun, and is not over.
#[derive(Clone, Debug)]
struct Since {
    /// By when it must be heard.
    limit: Instant,
    waits: Waits,
    /// Whether its limit has passed: it is judged once, however long it lasts.
    judged: bool,
}

#[derive(Clone, Debug, Default)]
struct Job {
    immediate: bool,
    attended: bool,
    closed: bool,
    units: Vec<CallSign>,
    questions: Vec<(u32, Owner)>,
}

/// A fold of what people did and what was heard.
pub struct Critical {
    limits: Limits,
    jobs: BTreeMap<IncidentNumber, Job>,
    at_scene: BTreeMap<CallSign, Instant>,
    open: BTreeMap<Condition, Since>,
    about: BTreeMap<ObligationId, (Rule, Subject, Option<String>)>,
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
    /// Whoever takes on what is delayed has so long from then.
    verb_holds: Span,
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
            verb_holds: policy.alarm.verb_holds,
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

    /// Takes the next event, with whoever heard it if it was a sound, in the room as it is then.
    /// What its moment leaves unheard beyond its limit is late.
    pub fn take(&mut self, event: &Event, meta: &Meta, by: &[Hearer], room: &State) {
        self.pass(meta.recorded_at);
        self.heard(event, by, room);
        self.verb(event, meta);
        self.of_log(event, meta);
        self.of_unit(event, meta);
    }

    /// Time has passed up to here. What falls due at this very moment may still sound.
    pub fn pass(&mut self, now: Instant) {
        let over = self.open.iter_mut().filter(|(_, since)| !since.judged && since.limit < now);
        for (condition, since) in over {
            since.judged = true;
            self.reached += 1;
            if !since.waits.is_over() {
                let limit = since.limit.0;
                self.late.push(format!("{condition:?} by {limit} ms, {:?}", since.waits));
            }
        }
    }

    fn begins(&mut self, condition: Condition, limit: Instant, put_to: Option<Owner>) {
        let desk = Owner::Desk;
        let must = match condition {
            Condition::NoUnit(_) | Condition::Silence(_) => vec![desk(Role::DispatchSupervisor)],
            Condition::NoAnswer(..) => put_to.into_iter().collect(),
            Condition::Emergency(_) => vec![
                desk(Role::Dispatcher),
                desk(Role::DispatchSupervisor),
                desk(Role::ForceIncidentManager),
            ],
        };
        let since = Since { limit, waits: Waits::All(must), judged: false };
        self.open.entry(condition).or_insert(since);
    }

    /// A sound counts for the very thing it is about, if it is critical, and for who heard it.
    fn heard(&mut self, event: &Event, by: &[Hearer], room: &State) {
        match event {
            Event::ObligationsArmed { about, armed } => {
                for row in armed {
                    let part = row.part.as_deref().map(str::to_owned);
                    self.about.insert(row.obligation, (row.rule, about.clone(), part));
                }
            }
            Event::Annunciated { level: Level::A1, obligation, .. } => {
                if let Some(since) = self.since(*obligation) {
                    since.waits.heard(by, room);
                }
            }
            _ => {}
        }
    }

    /// Somebody accepted a delay by name and with a reason: it must be heard when that ends.
    fn verb(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ObligationDelayed { obligation, until, .. } => {
                if let Some(since) = self.since(*obligation) {
                    let desks = [Role::DispatchSupervisor, Role::ForceIncidentManager];
                    let mut any = desks.map(Owner::Desk).to_vec();
                    let (Waits::All(left) | Waits::One(left)) = &mut since.waits;
                    any.append(left);
                    since.waits = Waits::One(any);
                    since.limit = *until;
                    since.judged = false;
                }
            }
            Event::ObligationOwned { obligation, .. }
            | Event::ObligationGiven { obligation, .. } => {
                let held = meta.recorded_at + self.limits.verb_holds;
                if let Some(since) = self.since(*obligation).filter(|since| !since.judged)
                    && matches!(since.waits, Waits::One(_))
                {
                    since.limit = since.limit.max(held);
                }
            }
            _ => {}
        }
    }

    fn since(&mut self, obligation: ObligationId) -> Option<&mut Since> {
        let condition = self.condition_of(obligation)?;
        self.open.get_mut(&condition)
    }

    fn condition_of(&self, obligation: ObligationId) -> Option<Condition> {
        let (rule, about, part) = self.about.get(&obligation)?;
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
                    for (question, to) in job.questions.clone() {
                        self.begins(Condition::NoAnswer(n, question), limit, Some(to));
                    }
                } else {
                    self.open.retain(|c, _| !matches!(c, Condition::NoAnswer(of, _) if *of == n));
                }
            }
            Event::QuestionAsked { question, to, .. } => {
                job.questions.push((*question, to.clone()));
                if job.immediate {
                    let limit = meta.recorded_at + self.limits.no_answer;
                    self.begins(Condition::NoAnswer(n, *question), limit, Some(to.clone()));
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
            Event::IncidentReopened { .. } => {
                job.closed = false;
                job.attended = false;
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
            self.begins(Condition::NoUnit(n), meta.recorded_at + self.limits.no_unit, None);
        } else {
            self.open.remove(&Condition::NoUnit(n));
        }
    }

    fn of_unit(&mut self, event: &Event, meta: &Meta) {
        let now = meta.recorded_at;
        match event {
            Event::StatusSet { call_sign, status, .. } => {
                if *status == 0 {
                    self.begins(Condition::Emergency(call_sign.clone()), now, None);
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
            self.begins(condition, now + self.limits.silence, None);
        }
    }
}
