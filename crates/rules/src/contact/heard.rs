//! What was heard: the recordings of a contact, by the name they have in the telephone system, and
//! a transcript that a program or a person made of them. It stands beside the log, so that what
//! was said can be held against what was written.

use super::{Contact, unwritten};
use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Now, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// So many lines come at once at most.
const LINES_AT_ONCE: usize = 200;
/// So many lines are in one event at most when a transcript goes over to a log.
const LINES_A_RECORD: usize = 100;
/// The highest number of a line.
const LINE_NUMBER_MAX: u32 = 1_000_000;
/// So many lines one contact has at most: some five hours of talk.
const LINES_MAX: usize = 2_000;
/// So long is one line at most, in characters.
const LINE_CHARS: usize = 2_000;
/// So many recordings one contact has at most.
const RECORDINGS_MAX: usize = 20;
/// So many sentences are owed on one log at a time.
const OWED_MAX: usize = 12;
/// The furthest ahead of our clock that the telephone system's may be.
const CLOCKS_DIFFER: Span = Span::minutes(1);

/// What was heard in one contact, or in all contacts of a log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The recordings, as they were given.
    pub recordings: Vec<Recording>,
    /// The lines, the newest reading of each, as they were first given.
    pub lines: Vec<Arc<HeardLine>>,
    /// What was said and is not for the log.
    pub aside: Vec<SetAside>,
}

/// A sentence that is not for a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SetAside {
    /// The sentence.
    pub sentence: Words,
    /// Why.
    pub reason: Reason,
    /// Who said so.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl Heard {
    fn line(&self, contact: ContactId, line: u32) -> Option<&Arc<HeardLine>> {
        self.lines.iter().find(|l| l.contact == contact && l.line == line)
    }

    fn recording(&self, contact: ContactId, name: &Label) -> Option<&Recording> {
        self.recordings.iter().find(|r| r.contact == contact && r.recording == *name)
    }

    fn put(&mut self, line: &HeardLine) {
        let before =
            self.lines.iter().position(|l| l.contact == line.contact && l.line == line.line);
        match before.and_then(|at| self.lines.get_mut(at)) {
            Some(before) => *before = Arc::new(line.clone()),
            None => self.lines.push(Arc::new(line.clone())),
        }
    }

    /// The lines as they were said.
    pub fn in_order(&self) -> Vec<&HeardLine> {
        let mut lines: Vec<&HeardLine> = self.lines.iter().map(Arc::as_ref).collect();
        lines.sort_by_key(|l| (l.at, l.contact, l.line));
        lines
    }
}

/// Folds an event into what was heard, of a contact or of a log. A contact that is on two logs has
/// each event twice, and the second changes nothing.
pub(crate) fn fold(kept: &mut Option<Arc<Heard>>, event: &Event, meta: &Meta) {
    let known = |heard: &Heard, r: &Recording| heard.recording(r.contact, &r.recording).is_some();
    match event {
        Event::RecordingAdded { recording, .. } => {
            let heard = Arc::make_mut(kept.get_or_insert_default());
            if !known(heard, recording) {
                heard.recordings.push(recording.clone());
            }
        }
        Event::TranscriptAdded { lines, .. } => {
            let heard = Arc::make_mut(kept.get_or_insert_default());
            lines.iter().for_each(|line| heard.put(line));
        }
        Event::HeardSetAside { sentence, reason, .. } => {
            let heard = Arc::make_mut(kept.get_or_insert_default());
            heard.aside.push(SetAside {
                sentence: sentence.clone(),
                reason: reason.clone(),
                by: meta.by.staff.clone(),
                at: meta.recorded_at,
            });
        }
        _ => {}
    }
}

/// Rule: what was said in a call and matters stands on the log, or somebody says why it does not
/// belong there.
///
/// Source: Learning the Lessons, case 4 ("had tried to take his own life multiple times" was said
/// and not written), case 5 (when she last saw her parents, and the car), case 6.
pub const HEARD_NOT_WRITTEN: Spec = Spec {
    arms: |s, event, meta| {
        let Some(log) = changes_what_is_missing(event).and_then(|n| s.incident(n)) else {
            return Vec::new();
        };
        let missing = unwritten::unwritten(log, &s.policy).into_iter().take(OWED_MAX);
        let about = || Arm::new(Subject::Incident(log.number), meta.recorded_at);
        missing.map(|m| about().part(m.part()).owner(log.owner.clone())).collect()
    },
    ends: |s, o, event, _| {
        let log = may_say_it(event).then(|| o.about.incident().and_then(|n| s.incident(n)))??;
        let missing = unwritten::unwritten(log, &s.policy);
        (!missing.iter().any(|m| o.part_is(&m.part()))).then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// The log on which an event may leave more that is not written.
fn changes_what_is_missing(event: &Event) -> Option<IncidentNumber> {
    match event {
        Event::TranscriptAdded { incident, .. } => *incident,
        Event::HeardSetAside { incident, .. }
        | Event::EntryStruck { incident, .. }
        | Event::IncidentReopened { incident, .. }
        | Event::OpeningCodeChanged { incident, .. } => Some(*incident),
        _ => None,
    }
}

/// Whether an event may say on the log what was not there before.
fn may_say_it(event: &Event) -> bool {
    matches!(
        event,
        Event::EntryAdded { .. }
            | Event::PromptAnswered { .. }
            | Event::LocationSet { .. }
            | Event::InformantSet { .. }
            | Event::Tagged { .. }
            | Event::MarkerFound { .. }
            | Event::ThriveRecorded { .. }
            | Event::OpeningCodeChanged { .. }
            | Event::TranscriptAdded { .. }
            | Event::HeardSetAside { .. }
    )
}

/// A call as far as it is at hand: itself, or the open logs it belongs to.
struct Call<'s> {
    logs: Vec<&'s Incident>,
    heard: Arc<Heard>,
    began: Instant,
}

fn call(s: &State, id: ContactId) -> Result<Call<'_>, Refused> {
    let contact = s.contacts.get(&id);
    let is_open = |log: &&Incident| log.closed.is_none();
    let logs: Vec<&Incident> = match contact {
        Some(contact) => {
            contact.incidents.iter().filter_map(|n| s.incident(*n)).filter(is_open).collect()
        }
        // A transcript may come long after the call.
        None => s.incidents.values().filter(|l| l.contacts.contains(&id)).filter(is_open).collect(),
    };
    let Some(first) = logs.first() else {
        let contact = s.contact_or_refuse(id)?;
        let heard = contact.heard.clone().unwrap_or_default();
        return Ok(Call { logs, heard, began: contact.received_at });
    };
    let heard = contact.map_or(&first.heard, |contact| &contact.heard);
    let began = contact.map(|contact| contact.received_at).or(first.contacted_at);
    Ok(Call {
        heard: heard.clone().unwrap_or_default(),
        began: began.unwrap_or(first.opened_at),
        logs,
    })
}

impl Call<'_> {
    /// Each log of the call has the event in its own stream; a call without a log in the call's.
    fn on_each(&self, event: impl Fn(Option<IncidentNumber>) -> Event) -> Vec<Event> {
        if self.logs.is_empty() {
            return vec![event(None)];
        }
        self.logs.iter().map(|log| event(Some(log.number))).collect()
    }

    /// Where offsets count from.
    fn zero(&self, contact: ContactId, recording: Option<&Label>) -> Result<Instant, Refused> {
        let own = |r: &&Recording| r.contact == contact;
        match recording {
            Some(name) => {
                let known = self.heard.recording(contact, name).map(|r| r.started_at);
                known.ok_or_else(|| {
                    Refused::not_found(format!(
                        "contact {contact} has no recording '{name}': give the recording first, or \
                         leave its name out"
                    ))
                })
            }
            None => {
                let first = self.heard.recordings.iter().find(own);
                Ok(first.map_or(self.began, |r| r.started_at))
            }
        }
    }
}

/// Keeps where a recording is.
pub fn add_recording(
    s: &State,
    c: &AddRecording,
    by: &By,
    now: Now,
) -> Result<Vec<Event>, Refused> {
    let call = call(s, c.contact)?;
    check_moment(c.started_at, now)?;
    if call.heard.recording(c.contact, &c.recording).is_some() {
        return Err(Refused::conflict(format!(
            "contact {} has the recording '{}' already: nothing more to do",
            c.contact, c.recording
        )));
    }
    if call.heard.recordings.iter().filter(|r| r.contact == c.contact).count() >= RECORDINGS_MAX {
        return Err(Refused::invalid(format!(
            "contact {} has {RECORDINGS_MAX} recordings, and no contact has more: check the number",
            c.contact
        )));
    }
    let recording = Recording {
        contact: c.contact,
        recording: c.recording.clone(),
        started_at: c.started_at,
        seconds: c.seconds,
        by: by.clone(),
    };
    Ok(call.on_each(|incident| Event::RecordingAdded { incident, recording: recording.clone() }))
}

/// Keeps lines of a transcript. One that is there just so is left out, so that the same transcript
/// may come again.
pub fn add_transcript(
    s: &State,
    c: &AddTranscript,
    by: &By,
    now: Now,
) -> Result<Vec<Event>, Refused> {
    check_lines(&c.lines)?;
    let call = call(s, c.contact)?;
    let lines = call.new_lines(c, by, now)?;
    let before = call.heard.lines.iter().filter(|l| l.contact == c.contact).count();
    if before + lines.iter().filter(|l| l.revised == 0).count() > LINES_MAX {
        return Err(Refused::invalid(format!(
            "contact {} would have more than {LINES_MAX} lines: leave out what was not said to us",
            c.contact
        )));
    }
    if lines.is_empty() {
        return Ok(Vec::new()); // It is all there just so.
    }
    let contact = c.contact;
    Ok(call.on_each(|incident| Event::TranscriptAdded { contact, incident, lines: lines.clone() }))
}

impl Call<'_> {
    /// The lines that are new, or read otherwise than before.
    fn new_lines(&self, c: &AddTranscript, by: &By, now: Now) -> Result<Vec<HeardLine>, Refused> {
        let zero = self.zero(c.contact, c.recording.as_ref())?;
        let mine = self.heard.lines.iter().filter(|l| l.contact == c.contact);
        let mut next = mine.map(|l| l.line).max().map_or(1, |newest| newest.saturating_add(1));
        let mut lines = Vec::new();
        for given in &c.lines {
            let line = given.line.unwrap_or(next);
            next = next.max(line.saturating_add(1));
            let at = given.at.unwrap_or(zero + Span(i64::from(given.offset_ms.unwrap_or(0))));
            check_moment(at, now)?;
            let before = self.heard.line(c.contact, line);
            let same =
                |b: &HeardLine| b.speaker == given.speaker && b.at == at && b.text == given.text;
            if before.is_some_and(|before| same(before)) {
                continue;
            }
            lines.push(HeardLine {
                contact: c.contact,
                line,
                speaker: given.speaker,
                at,
                text: given.text.clone(),
                by: by.clone(),
                revised: before.map_or(0, |before| before.revised.saturating_add(1)),
            });
        }
        Ok(lines)
    }
}

fn check_lines(lines: &[TranscriptLine]) -> Result<(), Refused> {
    if lines.is_empty() || lines.len() > LINES_AT_ONCE {
        return Err(Refused::invalid(format!(
            "a transcript comes in 1 to {LINES_AT_ONCE} lines at once: send the rest after it"
        )));
    }
    let long = lines.iter().position(|l| l.text.as_str().chars().count() > LINE_CHARS);
    if let Some(at) = long {
        return Err(Refused::invalid(format!(
            "line {} of these has more than {LINE_CHARS} characters: send it as several lines",
            at + 1
        )));
    }
    let mut numbers: Vec<u32> = lines.iter().filter_map(|l| l.line).collect();
    if !numbers.is_empty() && numbers.len() < lines.len() {
        return Err(Refused::invalid(
            "some of these lines have a number and some have none: number all of them, or none",
        ));
    }
    if numbers.iter().any(|n| *n > LINE_NUMBER_MAX) {
        return Err(Refused::invalid(format!(
            "lines are numbered up to {LINE_NUMBER_MAX}: number these from 1"
        )));
    }
    numbers.sort_unstable();
    if numbers.windows(2).any(|two| two.first() == two.last()) {
        return Err(Refused::invalid("two of these lines have one number: give each its own"));
    }
    Ok(())
}

fn check_moment(at: Instant, now: Now) -> Result<(), Refused> {
    if at.0 < 0 || at > now.at + CLOCKS_DIFFER {
        return Err(Refused::invalid(
            "it cannot have been said in the future or before 1970: check the time",
        ));
    }
    Ok(())
}

/// What a contact has been heard to say, for a log that it comes to: the log's own stream holds all
/// that is needed to show it.
pub(crate) fn onto(contact: &Contact, incident: IncidentNumber) -> Vec<Event> {
    let Some(heard) = &contact.heard else { return Vec::new() };
    let incident = Some(incident);
    let recordings = heard.recordings.iter();
    let recordings = recordings.map(|r| Event::RecordingAdded { incident, recording: r.clone() });
    let lines: Vec<HeardLine> = heard.lines.iter().map(|l| HeardLine::clone(l)).collect();
    // So many fit into one record of the journal, however long each is.
    let said = lines.chunks(LINES_A_RECORD).map(|lines| Event::TranscriptAdded {
        contact: contact.id,
        incident,
        lines: lines.to_vec(),
    });
    recordings.chain(said).collect()
}

/// Says that something said is not for a log.
pub fn set_aside(s: &State, c: &SetAsideHeard) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let missing = unwritten::unwritten(log, &s.policy);
    if !missing.iter().any(|m| m.sentence == c.sentence.as_str()) {
        return Err(Refused::conflict(format!(
            "log {} does not list this sentence as missing: it is written, set aside, or was read \
             again otherwise",
            c.incident
        )));
    }
    Ok(vec![Event::HeardSetAside {
        incident: c.incident,
        sentence: c.sentence.clone(),
        reason: c.reason.clone(),
    }])
}
