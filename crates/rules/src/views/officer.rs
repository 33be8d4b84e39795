//! What an officer sees on the way: the risk first, in so few words that it is read.

use super::countdown::{countdown_words, running};
use super::units::status_label;
use crate::command::{Location, Outcome};
use crate::incident::carried::{self, Carried, carried};
use crate::incident::prompts::{for_officers, of_danger};
use crate::incident::sop::for_officers as of_sop;
use crate::incident::{Deployment, Entry, Incident, Marker};
use crate::name::*;
use crate::obligation::{Rule, Subject};
use crate::role::Owner;
use crate::state::State;
use crate::time::{Instant, Span};
use crate::unit::Unit;
use crate::unit::status::must_see;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most lines of a risk card.
pub const CARD_LINES: usize = 3;
/// The most words of a risk card.
pub const CARD_WORDS: usize = 40;
/// A shift is looked back on for so long.
const SHIFT: Span = Span::minutes(12 * 60);

/// What an officer sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OfficerView {
    /// Their unit.
    pub call_sign: CallSign,
    /// Its status.
    pub status: u8,
    /// What that means.
    pub status_label: String,
    /// Jobs it was released from and has not confirmed.
    pub released: Vec<Released>,
    /// The job it is on.
    pub job: Option<Job>,
    /// The jobs of the last twelve hours that are still open, newest first: numbers only.
    pub before: Vec<IncidentNumber>,
}

/// A job the unit was taken from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Released {
    /// Its number.
    pub incident: IncidentNumber,
    /// What has become of it.
    pub words: String,
}

/// The job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Its number.
    pub incident: IncidentNumber,
    /// Its opening code.
    pub code: OpeningCode,
    /// Its grade.
    pub grade: Option<Grade>,
    /// By when to arrive.
    pub due_at: Option<Instant>,
    /// How far that is.
    pub countdown: Option<String>,
    /// Whether it has passed.
    pub late: bool,
    /// Where.
    pub location: Location,
    /// The three lines.
    pub card: RiskCard,
    /// Every warning in full: markers and critical entries, newest first.
    pub warnings: Vec<String>,
    /// The checks that are not done yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks_open: Vec<Label>,
    /// The informant's own words at opening, in full.
    pub words: Words,
    /// Whether the unit was sent without a word on the radio.
    pub silent: bool,
    /// Whether it has confirmed that it goes.
    pub confirmed: bool,
    /// When the warnings were opened, or read out to it.
    pub card_opened_at: Option<Instant>,
    /// Whether it has arrived.
    pub at_scene: bool,
    /// Whether leaving takes the answer whether the person was seen and spoken to.
    pub must_see: bool,
    /// What was written since the warnings were opened and has not been read.
    pub new: Vec<Written>,
    /// The newest entry's number.
    pub newest: u32,
    /// Everything written, newest first.
    pub entries: Vec<Written>,
    /// Who owns the log.
    pub owner: Owner,
    /// Questions asked by or of the reader.
    pub questions: Vec<Asked>,
    /// When the room must hear from the unit, while it is at the scene.
    pub check_in: Option<CheckInDue>,
}

/// The risk in at most three lines and forty words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RiskCard {
    /// The lines, the most dangerous first.
    pub lines: Vec<String>,
    /// How many warnings are not on it whole.
    pub more: usize,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Written {
    /// Its number.
    pub entry: u32,
    /// What it says.
    pub text: Words,
    /// When it was recorded.
    pub at: Instant,
    /// By whom.
    pub by: StaffId,
    /// Whether it must be read at once.
    pub critical: bool,
    /// Whether it was struck through.
    pub struck: bool,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// Its number.
    pub question: u32,
    /// The question.
    pub text: Words,
    /// Whether the reader is to answer it.
    pub to_me: bool,
    /// The answer, if there is one.
    pub answer: Option<String>,
}

/// When the room must hear from the unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInDue {
    /// When.
    pub due_at: Instant,
    /// How far that is.
    pub countdown: String,
    /// Whether it has passed.
    pub late: bool,
}

/// What the crew of a unit sees.
pub fn officer(s: &State, unit: &Unit, reader: &StaffId, now: Instant) -> OfficerView {
    let job = unit.on.and_then(|n| s.incident(n)).and_then(|log| {
        let sent = log.active_units().find(|d| d.call_sign == unit.call_sign)?;
        Some(job(s, log, sent, reader, now))
    });
    OfficerView {
        call_sign: unit.call_sign.clone(),
        status: unit.status,
        status_label: status_label(s, unit.status),
        released: unit.releases_awaited.iter().map(|n| released(s, *n)).collect(),
        job,
        before: before(s, unit, now),
    }
}

fn released(s: &State, n: IncidentNumber) -> Released {
    let words = match s.incident(n).filter(|log| log.closed.is_none()) {
        None => "It is closed.".to_owned(),
        Some(log) => {
            let others: Vec<&str> = log.active_units().map(|d| d.call_sign.as_str()).collect();
            if others.is_empty() {
                format!("It has NO unit now and is back with {}.", log.owner)
            } else {
                format!("It is now with {}. {} owns it.", others.join(", "), log.owner)
            }
        }
    };
    Released { incident: n, words }
}

fn before(s: &State, unit: &Unit, now: Instant) -> Vec<IncidentNumber> {
    let mine = |d: &&Deployment| d.call_sign == unit.call_sign && now - SHIFT <= d.deployed_at;
    let mut found: Vec<(Instant, IncidentNumber)> = s
        .incidents
        .values()
        .filter(|log| Some(log.number) != unit.on)
        .filter_map(|log| Some((log.deployments.iter().rev().find(mine)?.deployed_at, log.number)))
        .collect();
    found.sort_by_key(|found| std::cmp::Reverse(*found));
    found.into_iter().map(|(_, n)| n).collect()
}

fn job(s: &State, log: &Incident, sent: &Deployment, reader: &StaffId, now: Instant) -> Job {
    let clock = running(log, &s.policy);
    let read = log.read_by(reader);
    let unread = |e: &&Written| {
        let since = sent.card_opened_at.is_some_and(|opened| opened <= e.at);
        since && read < e.entry && e.by != *reader && !e.struck
    };
    let entries: Vec<Written> = log.entries.iter().rev().map(|e| written(e)).collect();
    Job {
        incident: log.number,
        code: log.opening_code.clone(),
        grade: log.grade(),
        due_at: clock.map(|c| c.due_at),
        countdown: clock.map(|c| countdown_words(c.due_at, now)),
        late: clock.is_some_and(|c| c.is_late(now)),
        location: log.location.clone(),
        card: card(s, log),
        warnings: warnings(s, log),
        checks_open: log.checks_open().cloned().collect(),
        words: log.words.clone(),
        silent: sent.silent,
        confirmed: sent.confirmed_at.is_some() || sent.en_route_at.is_some(),
        card_opened_at: sent.card_opened_at,
        at_scene: sent.at_scene_at.is_some(),
        must_see: must_see(s, log),
        new: entries.iter().filter(unread).cloned().collect(),
        newest: log.next_entry().saturating_sub(1),
        entries,
        owner: log.owner.clone(),
        questions: questions(log, reader),
        check_in: check_in(s, log, &sent.call_sign, now),
    }
}

fn written(e: &Entry) -> Written {
    Written {
        entry: e.entry,
        text: e.text.clone(),
        at: e.recorded_at,
        by: e.by.staff.clone(),
        critical: e.critical,
        struck: e.struck.is_some(),
    }
}

fn questions(log: &Incident, reader: &StaffId) -> Vec<Asked> {
    let me = Owner::Staff(reader.clone());
    let mine = log.questions.iter().filter(|q| q.asked_by == *reader || q.to == me);
    mine.map(|q| Asked {
        question: q.question,
        text: q.text.clone(),
        to_me: q.to == me,
        answer: q.outcome.as_ref().map(|outcome| match outcome {
            Outcome::Done(words) => words.to_string(),
            Outcome::NotApplicable(why) => format!("not applicable: {why}"),
        }),
    })
    .collect()
}

fn check_in(s: &State, log: &Incident, unit: &CallSign, now: Instant) -> Option<CheckInDue> {
    let about = Subject::Incident(log.number);
    let mut owed = s.obligations_about(&about);
    let owed =
        owed.find(|o| o.rule == Rule::OfficerWelfare && o.part.as_deref() == Some(unit.as_str()))?;
    Some(CheckInDue {
        due_at: owed.due_at,
        countdown: countdown_words(owed.due_at, now),
        late: owed.due_at <= now,
    })
}

/// The markers, the newest first; those that say what follows the log anyhow are left out.
fn kinds<'l>(s: &'l State, log: &'l Incident) -> impl Iterator<Item = &'l Marker> {
    let said = |m: &&Marker| carried::is_kind(&s.policy, &m.marker);
    log.markers.iter().rev().filter(move |m| !said(m))
}

fn marker_words(m: &Marker) -> String {
    format!("{}: {}", m.marker, m.text)
}

fn markers(s: &State, log: &Incident) -> Vec<String> {
    kinds(s, log).filter(|m| m.officer_safety).map(marker_words).collect()
}

fn critical(log: &Incident) -> impl Iterator<Item = String> {
    let entries = log.entries.iter().rev().filter(|e| e.critical && e.struck.is_none());
    entries.map(|e| e.text.to_string())
}

/// What was said about the person, in full.
fn about_them(s: &State, log: &Incident) -> Vec<String> {
    let all = carried(log, &s.policy).into_iter();
    all.flat_map(|c| c.said.into_iter().map(move |x| format!("{}: {}", c.name, x.whole))).collect()
}

/// The answers that tell of danger and are not among what was said about the person.
fn dangers(s: &State, log: &Incident) -> Vec<String> {
    of_danger(log, &s.policy)
        .into_iter()
        .filter(|(prompt, _)| !carried::is_asked(&s.policy, prompt))
        .map(|(_, words)| words)
        .collect()
}

fn warnings(s: &State, log: &Incident) -> Vec<String> {
    let others = kinds(s, log).filter(|m| !m.officer_safety).map(marker_words);
    let mut all = about_them(s, log);
    all.extend(markers(s, log));
    all.extend(critical(log));
    all.extend(dangers(s, log));
    all.extend(crate::incident::missing::for_officers(log));
    all.extend(of_sop(log, &s.policy));
    all.extend(for_officers(log, &s.policy));
    all.extend(others);
    all.extend(attempts(log));
    all
}

/// What was tried before: units that were taken away before they arrived, and calls that chased it.
fn attempts(log: &Incident) -> Option<String> {
    let turned = log.deployments_since_opened().iter();
    let turned = turned.filter(|d| d.left.is_some() && d.at_scene_at.is_none()).count();
    let been = log.deployments_since_opened().iter();
    let been = been.filter(|d| d.left.is_some() && d.at_scene_at.is_some()).count();
    let mut said = Vec::new();
    if been > 0 {
        said.push(format!("{been} been there before"));
    }
    if turned > 0 {
        said.push(format!("{turned} sent, not arrived"));
    }
    if !log.chased_at.is_empty() {
        said.push(format!("informant rang again {} times", log.chased_at.len()));
    }
    (!said.is_empty()).then(|| format!("Before: {}", said.join("; ")))
}

/// The risk card: what was said of suicide and vulnerability, what is dangerous to officers, what
/// was written as critical, the answers that tell of danger, what was tried before, and the
/// informant's words where there is room. No more than three lines and forty words; what does not
/// fit is counted, so that nobody takes it for all there is.
pub fn card(s: &State, log: &Incident) -> RiskCard {
    let first: Vec<Carried> = carried(log, &s.policy).into_iter().take(CARD_LINES - 1).collect();
    let (markers, critical): (Vec<_>, Vec<_>) = (markers(s, log), critical(log).collect());
    // One of each kind comes before a second of any.
    let depth = markers.len().max(critical.len());
    let lead = |c: &Carried| Some(format!("{}: {}", c.name, c.said.first()?.short));
    let mut all: Vec<String> = first.iter().filter_map(lead).collect();
    let n_first = all.len();
    for at in 0..depth {
        all.extend([markers.get(at), critical.get(at)].into_iter().flatten().cloned());
    }
    all.extend(dangers(s, log));
    all.extend(attempts(log));
    let serious = all.len();
    all.push(format!("Caller: \u{201c}{}\u{201d}", log.words));
    let shown = all.len().min(CARD_LINES);
    let lines = fitted(all.get(..shown).unwrap_or_default());
    let is_whole: Vec<bool> = lines.iter().zip(&all).map(|(line, text)| line == text).collect();
    let said = first.iter().filter_map(|c| c.said.first()).zip(&is_whole);
    let n_whole = said.filter(|(x, is_whole)| **is_whole && x.short == x.whole).count();
    let unsaid = about_them(s, log).len() - n_whole;
    let cut = is_whole.iter().take(serious).skip(n_first).filter(|is_whole| !**is_whole).count();
    RiskCard { more: unsaid + cut + serious.saturating_sub(shown), lines }
}

/// The texts, each cut to its share of the words; what a short one leaves goes to the others.
fn fitted(texts: &[String]) -> Vec<String> {
    let lengths: Vec<usize> = texts.iter().map(|t| t.split_whitespace().count()).collect();
    let mut shares = vec![0_usize; texts.len()];
    let mut left = CARD_WORDS;
    while left > 0 {
        let hungry = shares.iter_mut().zip(&lengths).filter(|(share, length)| **share < **length);
        let mut given = 0;
        for (share, _) in hungry.take(left) {
            *share += 1;
            given += 1;
        }
        if given == 0 {
            break;
        }
        left -= given;
    }
    texts.iter().zip(shares).map(|(text, share)| first_words(text, share)).collect()
}

fn first_words(text: &str, n: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.get(..n) {
        Some(first) if first.len() < words.len() => {
            format!("{} \u{2026}", first.join(" ")).replace(" \u{2026}", "\u{2026}")
        }
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests;
