//! What happened on a log, line by line, as its own stream tells it: what was written, how the risk
//! was judged, units, questions, and what Callbox itself did.

use super::super::units::status_label;
use super::SAME_TIME;
use crate::command::{CrimeOutcome, Outcome, Relation, Told};
use crate::event::{Event, Meta};
use crate::incident::prompts::answer_words;
use crate::name::*;
use crate::policy::Policy;
use crate::role::By;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kinds of line, for filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// What was said and written.
    Narrative,
    /// Grade, THRIVE, markers, codes, checks.
    Risk,
    /// Units.
    Units,
    /// Questions.
    Questions,
    /// What happened by time alone, ownership, readings.
    System,
}

impl LineKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            LineKind::Narrative => "narrative",
            LineKind::Risk => "risk",
            LineKind::Units => "units",
            LineKind::Questions => "questions",
            LineKind::System => "system",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Its place in the log's stream.
    pub place: u64,
    /// Its kind.
    pub kind: LineKind,
    /// When it happened, as said.
    pub happened_at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Whether it was entered noticeably later than it happened, so that both times are shown.
    pub entered_late: bool,
    /// Who, and in which role.
    pub by: By,
    /// The entry that it is, whose text is in the log.
    pub entry: Option<u32>,
    /// The question that it asks.
    pub question: Option<u32>,
    /// What happened, in words; empty for an entry.
    pub words: String,
    /// Somebody's own words.
    pub quoted: Option<Words>,
    /// The entry or question before it that it changes.
    pub changes: Option<Changed>,
}

/// What a line changes about a line before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// The entry is struck through.
    Entry(u32),
    /// The question is answered.
    Question(u32),
}

/// What a line says, before who and when.
struct Said {
    kind: LineKind,
    words: String,
    entry: Option<u32>,
    question: Option<u32>,
    quoted: Option<Words>,
    changes: Option<Changed>,
}

impl Said {
    fn new(kind: LineKind, words: impl Into<String>) -> Said {
        let words = words.into();
        Said { kind, words, entry: None, question: None, quoted: None, changes: None }
    }
}

/// Reads a log's events, in order, into lines.
#[derive(Debug)]
pub struct Timeline<'s> {
    state: &'s State,
    owed: BTreeMap<ObligationId, String>,
}

impl<'s> Timeline<'s> {
    /// A timeline that begins anywhere: what is owed now is known by its name.
    pub fn new(state: &'s State) -> Timeline<'s> {
        Timeline { state, owed: BTreeMap::new() }
    }

    /// The line that an event makes, if it makes one.
    pub fn line(&mut self, event: &Event, meta: &Meta, place: u64) -> Option<Line> {
        if let Event::ObligationsArmed { about, armed } = event {
            for one in armed {
                let words = crate::obligation::Obligation::new(about.clone(), one).words();
                self.owed.insert(one.obligation, words);
            }
            return None;
        }
        let policy = &self.state.policy;
        let said = written(event)
            .or_else(|| risk(event, policy))
            .or_else(|| units(event, self.state))
            .or_else(|| asked(event))
            .or_else(|| worked(event))
            .or_else(|| handled(event))
            .or_else(|| heard(event))
            .or_else(|| super::others::line(event).map(|(kind, words)| Said::new(kind, words)))
            .or_else(|| self.by_time(event))?;
        Some(Line {
            place,
            kind: said.kind,
            happened_at: meta.happened_at,
            recorded_at: meta.recorded_at,
            entered_late: SAME_TIME <= meta.recorded_at.since(meta.happened_at),
            by: meta.by.clone(),
            entry: said.entry,
            question: said.question,
            words: said.words,
            quoted: said.quoted,
            changes: said.changes,
        })
    }

    fn name(&self, id: ObligationId) -> String {
        let now = || self.state.obligations.get(&id).map(crate::obligation::Obligation::words);
        self.owed.get(&id).cloned().or_else(now).unwrap_or_else(|| format!("obligation {id}"))
    }

    /// What is owed and not done, and what people decided about it.
    fn by_time(&self, event: &Event) -> Option<Said> {
        let words = match event {
            Event::ObligationFired { obligation, told, level, .. } => {
                let told: Vec<String> = told.iter().map(ToString::to_string).collect();
                format!("{level:?}: owed is {}; told {}", self.name(*obligation), told.join(", "))
            }
            Event::ObligationOwned { obligation, words, .. } => {
                format!("takes on {}: {words}", self.name(*obligation))
            }
            Event::ObligationGiven { obligation, to, reason, .. } => {
                format!("gives {} to {to}: {reason}", self.name(*obligation))
            }
            Event::ObligationDelayed { obligation, reason, .. } => {
                format!("accepts a delay of {}: {reason}", self.name(*obligation))
            }
            Event::ObligationRaised { obligation, reason, .. } => {
                format!("raises {}: {reason}", self.name(*obligation))
            }
            _ => return None,
        };
        Some(Said::new(LineKind::System, words))
    }
}

fn written(event: &Event) -> Option<Said> {
    let said = |words: String| Said::new(LineKind::Narrative, words);
    Some(match event {
        Event::IncidentOpened { opening_code, words, .. } => {
            Said { quoted: Some(words.clone()), ..said(format!("log opened as {opening_code}")) }
        }
        Event::EntryAdded { entry, .. } => Said { entry: Some(*entry), ..said(String::new()) },
        Event::EntryStruck { entry, reason, correction, .. } => {
            let right = correction.map(|n| format!("; it should have said: entry {n}"));
            Said {
                changes: Some(Changed::Entry(*entry)),
                ..said(format!("strikes entry {entry}: {reason}{}", right.unwrap_or_default()))
            }
        }
        Event::InformantTold { told, words, .. } => {
            said(format!("informant told {}: {words}", told_words(*told)))
        }
        Event::RingBackPromised { why, .. } => said(format!("promises to ring back: {why}")),
        Event::RungBack { spoke, words, .. } => {
            let came = if *spoke { "spoken to" } else { "nobody reached" };
            said(format!("rang back, {came}: {words}"))
        }
        Event::ContactLinked { contact, chasing, .. } => {
            let why = if *chasing { ", chasing a response" } else { "" };
            said(format!("contact {contact} is about this log{why}"))
        }
        Event::IncidentClosed { closing_code, result, risk_now, .. } => {
            said(format!("log closed as {closing_code}: {result}. Risk now: {risk_now}"))
        }
        Event::IncidentReopened { reason, .. } => said(format!("log opened again: {reason}")),
        _ => return None,
    })
}

/// What was heard stands beside the log; the log says that it came.
fn heard(event: &Event) -> Option<Said> {
    let words = match event {
        Event::RecordingAdded { recording, .. } => {
            format!("contact {} is recorded as {}", recording.contact, recording.recording)
        }
        Event::TranscriptAdded { contact, lines, .. } => {
            format!("{} line(s) of what was said in contact {contact}", lines.len())
        }
        Event::HeardSetAside { sentence, reason, .. } => {
            format!("\"{sentence}\" was said and is not for this log: {reason}")
        }
        _ => return None,
    };
    Some(Said::new(LineKind::System, words))
}

fn relation_words(relation: Relation) -> &'static str {
    match relation {
        Relation::Duplicate => ", its duplicate",
        Relation::Original => ", which it duplicates",
        Relation::Child => ", which belongs under this one",
        Relation::Parent => ", under which this one belongs",
        Relation::Related => "",
    }
}

fn told_words(told: Told) -> &'static str {
    match told {
        Told::WhatHappensNext => "what happens next",
        Told::Delay => "of a delay",
        Told::NoAttendance => "that nobody attends",
        Told::Result => "how it ended",
        Told::NotTold => "nothing",
        Told::OtherChannels => "of other ways to get in touch",
    }
}

fn because(reason: Option<&Reason>) -> String {
    reason.map(|r| format!(" because \"{r}\"")).unwrap_or_default()
}

fn risk(event: &Event, policy: &Policy) -> Option<Said> {
    let words = match event {
        Event::Graded { grade, reason, agreed_by, .. } => {
            let agreed = agreed_by.as_ref().map(|by| format!(", agreed by {by}"));
            format!(
                "graded {} {}{}{}",
                grade,
                policy.grade_label(*grade),
                because(reason.as_ref()),
                agreed.unwrap_or_default()
            )
        }
        Event::GradeContested { grade, reason, .. } => {
            format!("asks for {}: {reason}", policy.grade_label(*grade))
        }
        Event::ThriveRecorded { version, elements, .. } => {
            let rated: Vec<String> =
                elements.iter().map(|e| format!("{} {}", e.element, e.rating)).collect();
            format!("THRIVE version {version}: {}", rated.join(", "))
        }
        Event::PromptAnswered { words, answer, by_signal, .. } => {
            let how = if *by_signal { " (by a signal)" } else { "" };
            format!("asked \"{words}\": {}{how}", answer_words(answer))
        }
        Event::ContactSignalled { signal, .. } => format!("in the call: {}", signal.words().1),
        Event::MarkerFound { marker, text, .. } => format!("marker {marker}: {text}"),
        Event::OpeningCodeChanged { from, to, reason, .. } => {
            format!("opening code {from} -> {to} because \"{reason}\"")
        }
        Event::OpeningCodeDoubted { suggests, words, .. } => {
            format!("\"{words}\" does not go with the opening code: {suggests} is suggested")
        }
        Event::OpeningCodeKept { doubt, reason, .. } => {
            format!("keeps the opening code in spite of {doubt}: {reason}")
        }
        Event::CheckRequested { check, .. } => format!("asks for the check {check}"),
        Event::CheckRecorded { check, outcome, .. } => {
            format!("check {check}: {}", outcome_words(outcome))
        }
        Event::SopStepSettled { step, outcome, .. } => {
            format!("SOP {step}: {}", outcome_words(outcome))
        }
        Event::Tagged { tag, reason, .. } => format!("tags {tag}: {reason}"),
        Event::Untagged { tag, reason, .. } => format!("takes the tag {tag} off: {reason}"),
        Event::LocationSet { location, .. } => match &location.words {
            Some(place) => format!("place set: {place}"),
            None => "place set, without words".to_owned(),
        },
        _ => return None,
    };
    Some(Said::new(LineKind::Risk, words))
}

pub(super) fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(words) => words.to_string(),
        Outcome::NotApplicable(why) => format!("does not apply: {why}"),
    }
}

fn units(event: &Event, state: &State) -> Option<Said> {
    let words = match event {
        Event::UnitDeployed { call_sign, reason, silent, checks_open, lacks, .. } => {
            let how = if *silent { ", silently" } else { "" };
            let without = |what: &str, list: &Option<Vec<Label>>| match list {
                Some(list) => {
                    let list: Vec<&str> = list.iter().map(Label::as_str).collect();
                    format!(", {what} {}", list.join(", "))
                }
                None => String::new(),
            };
            let checks = without("with checks not done yet:", checks_open);
            let lacks = without("without", lacks);
            format!("sends {call_sign}{how}{checks}{lacks}{}", because(reason.as_ref()))
        }
        Event::AgencyRung { agency, outcome, words, .. } => {
            format!("rings {agency}: {}: {words}", outcome.words())
        }
        Event::VictimReferred { to, agreed, words, .. } => match agreed {
            true => format!("refers the victim to {to}: {words}"),
            false => format!("offers help by {to}, which is declined: {words}"),
        },
        Event::NeedSaid { need, reason, .. } => {
            format!("needs {need}{}", because(reason.as_ref()))
        }
        Event::NeedDropped { need, reason, .. } => format!("no longer needs {need}: {reason}"),
        Event::DeploymentConfirmed { call_sign, .. } => format!("{call_sign} confirms"),
        Event::UnitDiverted { call_sign, to, reason, .. } => {
            format!("diverts {call_sign} to {to}: {reason}")
        }
        Event::UnitStoodDown { call_sign, reason, .. } => {
            format!("stands {call_sign} down: {reason}")
        }
        Event::ReleaseConfirmed { call_sign, .. } => format!("{call_sign} confirms its release"),
        Event::RiskCardOpened { call_sign, .. } => format!("{call_sign} opens the risk card"),
        Event::StatusSet { call_sign, status, card_read_out, .. } => {
            let card = if *card_read_out { ", risk card read out" } else { "" };
            format!("{call_sign} {}{card}", status_label(state, *status).to_lowercase())
        }
        Event::RadioHeard { call_sign, radio, said, not_taken, .. } => {
            let not = match not_taken {
                Some(why) => format!(" - NOT taken over: {why}"),
                None => String::new(),
            };
            format!("{}{not}", crate::unit::radio::words(call_sign, radio, said))
        }
        Event::CheckedIn { call_sign, .. } => format!("{call_sign} is well"),
        Event::SupervisorNamed { sergeant, .. } => format!("supervising sergeant: {sergeant}"),
        _ => return None,
    };
    Some(Said::new(LineKind::Units, words))
}

fn asked(event: &Event) -> Option<Said> {
    Some(match event {
        Event::QuestionAsked { question, to, text, .. } => Said {
            question: Some(*question),
            ..Said::new(LineKind::Questions, format!("? to {to}: {text}"))
        },
        Event::QuestionAnswered { question, outcome, .. } => Said {
            changes: Some(Changed::Question(*question)),
            ..Said::new(
                LineKind::Questions,
                format!("answers question {question}: {}", outcome_words(outcome)),
            )
        },
        _ => return None,
    })
}

fn worked(event: &Event) -> Option<Said> {
    let words = match event {
        Event::CrimeSettled { outcome, .. } => match outcome {
            CrimeOutcome::Recorded(number) => format!("crime recorded: {number}"),
            CrimeOutcome::NotACrime(why) => format!("no crime: {why}"),
            CrimeOutcome::HandedOver(what) => format!("handed over to the crime desk: {what}"),
        },
        Event::WorkPlanned { work, what, by, .. } => {
            format!("plans work {work}, for {by}: {what}")
        }
        Event::WorkFinished { work, outcome, done_by, .. } => {
            let by = done_by.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
            match outcome {
                Outcome::Done(how) => format!("work {work} done{by}: {how}"),
                Outcome::NotApplicable(why) => format!("work {work} dropped: {why}"),
            }
        }
        _ => return None,
    };
    Some(Said::new(LineKind::Narrative, words))
}

fn handled(event: &Event) -> Option<Said> {
    let words = match event {
        Event::PassedToDispatch { .. } => "passes the log to dispatch".to_owned(),
        Event::IncidentAccepted { remark, .. } => match remark {
            Some(remark) => format!("accepts the log: {remark}"),
            None => "accepts the log".to_owned(),
        },
        Event::OwnerChanged { to, reason, .. } => format!("owner is now {to}: {reason}"),
        Event::IncidentLinked { other, relation, .. } => {
            format!("linked to log {other}{}", relation_words(*relation))
        }
        Event::AppointmentBooked { appointment, with, attends, place, .. } => {
            format!("books appointment {appointment} with {with}: {attends} comes to {place}")
        }
        Event::AppointmentEnded { appointment, result, words, .. } => {
            format!("appointment {appointment} {}: {words}", result.words().1)
        }
        Event::SopOpened { .. } => "has the SOP open".to_owned(),
        Event::InformantSet { .. } => "sets who reports".to_owned(),
        _ => return None,
    };
    Some(Said::new(LineKind::System, words))
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::role::Owner;
    use crate::time::Span;

    fn meta(happened: Instant, recorded: Instant) -> Meta {
        Meta { seq: 1, by: handler(), happened_at: happened, recorded_at: recorded }
    }

    #[test]
    fn a_line_says_what_happened_and_of_what_kind_it_is() {
        let room = Room::new();
        let incident = IncidentNumber { day: 20_261_121, n: 1 };
        let mut timeline = Timeline::new(&room.s);
        let at = meta(room.now, room.now);
        let graded = Event::Graded {
            incident,
            grade: grade(1),
            reason: Some(reason("she whispers")),
            suggested: crate::event::Suggestion { grade: grade(1), because: Vec::new() },
            agreed_by: None,
        };
        let line = timeline.line(&graded, &at, 7).unwrap();
        assert_eq!((line.kind, line.place), (LineKind::Risk, 7));
        assert_eq!(line.words, "graded 1 Immediate because \"she whispers\"");
        let to = Owner::Staff(handler().staff);
        let asked = Event::QuestionAsked { incident, question: 1, to, text: words("which door") };
        let line = timeline.line(&asked, &at, 8).unwrap();
        assert_eq!((line.kind, line.question), (LineKind::Questions, Some(1)));
        let outcome = Outcome::NotApplicable(reason("there is none"));
        let answered = Event::QuestionAnswered { incident, question: 1, outcome };
        let line = timeline.line(&answered, &at, 9).unwrap();
        assert_eq!(line.changes, Some(Changed::Question(1)));
        assert_eq!(line.words, "answers question 1: does not apply: there is none");
        let asked = Event::PromptAnswered {
            incident,
            prompt: label("weapons"),
            words: "Is there a weapon?".to_owned(),
            answer: Answered::Text(words("a knife, he has it")),
            by_signal: true,
        };
        let line = timeline.line(&asked, &at, 9).unwrap();
        let said = "asked \"Is there a weapon?\": a knife, he has it (by a signal)";
        assert_eq!((line.kind, line.words.as_str()), (LineKind::Risk, said));
        let read = Event::LogRead { incident, up_to: 1 };
        assert_eq!(timeline.line(&read, &at, 10), None, "a reading is no news");
    }

    #[test]
    fn both_times_are_shown_when_they_are_a_minute_apart() {
        let room = Room::new();
        let incident = IncidentNumber { day: 20_261_121, n: 1 };
        let mut timeline = Timeline::new(&room.s);
        let rung = Event::RungBack { incident, spoke: false, words: words("it rang out") };
        let late = |minutes| meta(room.now, room.now + Span::minutes(minutes));
        assert!(!timeline.line(&rung, &late(0), 1).unwrap().entered_late);
        let line = timeline.line(&rung, &late(15), 2).unwrap();
        assert!(line.entered_late);
        assert_eq!(line.words, "rang back, nobody reached: it rang out");
    }

    #[test]
    fn what_climbs_is_called_by_what_is_owed() {
        let mut room = Room::new();
        room.accepted("robbery", 1, place("A", None));
        let (id, o) = room.s.obligations.iter().next().unwrap();
        let owned = Event::ObligationOwned {
            about: o.about.clone(),
            obligation: *id,
            words: words("I ring them"),
            next_at: room.now,
        };
        let line = Timeline::new(&room.s).line(&owned, &meta(room.now, room.now), 3).unwrap();
        assert_eq!(line.words, format!("takes on {}: I ring them", o.words()));
    }
}
