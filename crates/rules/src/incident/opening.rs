//! Opening a log: the code, the place, the informant's own words; and facts that do not go with
//! the code.

use crate::command::*;
use crate::event::{Event, Meta};
use crate::incident::Incident;
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::{CodeDoubt, Policy};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// Rule: a vague or unknown location is asked about until it is clear. It never holds up a grade.
///
/// Source: Learning the Lessons, case 1; Digital desk panel, case 1.
pub const LOCATION_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::IncidentOpened { incident, location, .. }
        | Event::LocationSet { incident, location }
            if location.known != Known::Known =>
        {
            vec![Arm::new(Subject::Incident(*incident), meta.recorded_at)]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| match event {
        Event::LocationSet { location, .. } if location.known == Known::Known => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Rule: facts that do not go with the opening code are decided.
///
/// Source: Learning the Lessons, cases 2, 6 and 10.
pub const CODE_DOUBTED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::OpeningCodeDoubted { incident, doubt, .. } => {
            vec![Arm::new(Subject::Incident(*incident), meta.recorded_at).part(doubt.as_str())]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::OpeningCodeChanged { .. } => Some(Fate::Done),
        Event::OpeningCodeKept { doubt, .. } if o.part_is(doubt.as_str()) => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Opens a log.
pub fn open(s: &State, c: &OpenIncident, _: &By, now: Now) -> Result<Vec<Event>, Refused> {
    known_code(&s.policy, &c.opening_code)?;
    check_location(&c.location)?;
    let contact = c.contact.map(|id| s.contact_or_refuse(id)).transpose()?;
    let n = if s.last_incident.0 >= now.day.0 { s.last_incident.1.saturating_add(1) } else { 1 };
    let incident = IncidentNumber { day: now.day.0.max(s.last_incident.0), n };
    let opened = Event::IncidentOpened {
        incident,
        contact: c.contact,
        contacted_at: contact.map(|contact| contact.received_at),
        opening_code: c.opening_code.clone(),
        location: c.location.clone(),
        words: c.words.clone(),
        informant: c.informant.clone(),
        policy_version: s.policy.about.version.clone(),
    };
    let said = contact.map(|contact| crate::contact::heard::onto(contact, incident));
    let said = said.into_iter().flatten();
    let signals = contact.map(|contact| crate::contact::signal::onto(contact, incident));
    let signals = signals.into_iter().flatten();
    Ok([opened].into_iter().chain(signals).chain(said).chain(answered_by(s, c, incident)).collect())
}

/// A second matter of a call has its own log now, so it is decided on the first.
///
/// Source: Learning the Lessons, case 3: more than one incident in a single call.
fn answered_by(s: &State, c: &OpenIncident, opened: IncidentNumber) -> Vec<Event> {
    let contact = c.contact.and_then(|id| s.contacts.get(&id));
    let others = contact.into_iter().flat_map(|contact| &contact.incidents);
    let open = others.filter_map(|n| s.incident(*n)).filter(|log| log.closed.is_none());
    let separate =
        |doubt: &Label| s.policy.code_doubt.iter().any(|d| d.separate && d.name == doubt.as_str());
    let kept = |log: &Incident| -> Vec<Event> {
        let mine = log
            .doubts
            .iter()
            .filter(|d| !d.settled && d.suggests == c.opening_code && separate(&d.doubt));
        let reason = Reason::parse(&format!("log {opened} is opened for it")).ok();
        mine.filter_map(|d| {
            Some(Event::OpeningCodeKept {
                incident: log.number,
                doubt: d.doubt.clone(),
                reason: reason.clone()?,
            })
        })
        .collect()
    };
    open.flat_map(kept).collect()
}

/// Sets where it is.
pub fn locate(s: &State, c: &SetLocation, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    check_location(&c.location)?;
    Ok(vec![Event::LocationSet { incident: c.incident, location: c.location.clone() }])
}

/// Sets who reports.
pub fn set_informant(s: &State, c: &SetInformant, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    s.open_incident(c.incident)?;
    if !c.informant.is_told() {
        return Err(Refused::blocked(
            "neither a name nor a number is given: write one, or say why they are missing",
        ));
    }
    Ok(vec![Event::InformantSet { incident: c.incident, informant: c.informant.clone() }])
}

/// Changes the opening code.
pub fn change_code(
    s: &State,
    c: &ChangeOpeningCode,
    _: &By,
    _: Now,
) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    known_code(&s.policy, &c.opening_code)?;
    if log.opening_code == c.opening_code {
        return Err(Refused::conflict(format!(
            "log {} has the opening code '{}' already: choose another",
            c.incident, c.opening_code
        )));
    }
    Ok(vec![Event::OpeningCodeChanged {
        incident: c.incident,
        from: log.opening_code.clone(),
        to: c.opening_code.clone(),
        reason: c.reason.clone(),
    }])
}

/// Keeps the code although the facts suggest another. Where the force says that the facts decide,
/// only a supervisor may.
pub fn keep_code(s: &State, c: &KeepOpeningCode, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let doubt = log.doubts.iter().find(|d| d.doubt == c.doubt && !d.settled).ok_or_else(|| {
        Refused::not_found(format!("log {} has no open doubt '{}'", c.incident, c.doubt))
    })?;
    if doubt.forced && !by.role.supervises() {
        return Err(Refused::forbidden(format!(
            "the words '{}' meet the definition of '{}': change the code to it, or ask a supervisor \
             to keep '{}'",
            doubt.words, doubt.suggests, log.opening_code
        )));
    }
    Ok(vec![Event::OpeningCodeKept {
        incident: c.incident,
        doubt: c.doubt.clone(),
        reason: c.reason.clone(),
    }])
}

/// The doubts that an event raises, the state being the one after it. Each is raised once a code.
pub fn doubts(s: &State, event: &Event, _: &Meta) -> Vec<Event> {
    let Some(log) = event.stream_incident().and_then(|n| s.incident(n)) else {
        return Vec::new();
    };
    let texts = match event {
        Event::EntryAdded { text, .. } => vec![text.as_str().to_lowercase()],
        Event::PromptAnswered { answer: Answered::Text(text), .. } => {
            vec![text.as_str().to_lowercase()]
        }
        Event::IncidentOpened { .. } | Event::OpeningCodeChanged { .. } => all_words(log),
        Event::PromptAnswered { .. } => Vec::new(),
        _ => return Vec::new(),
    };
    // A new code is doubted anew: a decision about the one before is none about this one.
    let anew = matches!(event, Event::OpeningCodeChanged { .. });
    let fits = |d: &&CodeDoubt| {
        !log.doubts.iter().any(|x| x.doubt.as_str() == d.name && !(anew && x.settled))
    };
    let doubts = s.policy.code_doubt.iter().filter(fits);
    doubts
        .filter_map(|d| {
            Some(Event::OpeningCodeDoubted {
                incident: log.number,
                doubt: Label::parse(&d.name).ok()?,
                suggests: d.suggests.clone(),
                words: by_words(d, log, &texts).or_else(|| by_answer(&s.policy, d, log, event))?,
                forced: d.forced,
            })
        })
        .collect()
}

/// The words said that raise a doubt about a log's code.
fn by_words(d: &CodeDoubt, log: &Incident, texts: &[String]) -> Option<String> {
    let other = d.separate && log.opening_code != d.suggests;
    let about = other || d.codes.contains(&log.opening_code);
    first_phrase(texts, &d.phrases).filter(|_| about).map(str::to_owned)
}

/// The answer that is itself the fact: "yes, he is my husband" needs no phrase to be found.
///
/// Source: Learning the Lessons, case 2, guidance: what fits the definition is recorded so.
fn by_answer(policy: &Policy, d: &CodeDoubt, log: &Incident, event: &Event) -> Option<String> {
    if log.opening_code == d.suggests {
        return None;
    }
    let raises = |p: &&super::Prompted| {
        let row = super::prompts::row_of(policy, log, &p.prompt);
        let named = row.and_then(|row| row.doubts.as_ref());
        p.answer == Answered::Yes && named.is_some_and(|name| name.as_str() == d.name)
    };
    let now = |p: &&super::Prompted| match event {
        Event::PromptAnswered { prompt, .. } => p.prompt == *prompt,
        _ => true,
    };
    log.prompts.iter().filter(now).find(raises).map(|p| format!("{} yes", p.words))
}

/// Everything said on a log, in lower case, struck entries left out.
pub fn all_words(log: &Incident) -> Vec<String> {
    std::iter::once(log.words.as_str())
        .chain(log.entries.iter().filter(|e| e.struck.is_none()).map(|e| e.text.as_str()))
        .chain(log.prompts.iter().filter_map(|p| match &p.answer {
            Answered::Text(words) => Some(words.as_str()),
            _ => None,
        }))
        .map(str::to_lowercase)
        .collect()
}

/// The first of these phrases that stands in one of the texts as whole words.
pub fn first_phrase<'p>(texts: &[String], phrases: &'p [String]) -> Option<&'p str> {
    phrases.iter().map(String::as_str).find(|p| texts.iter().any(|t| has_phrase(t, p)))
}

fn has_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn known_code(policy: &Policy, code: &OpeningCode) -> Result<(), Refused> {
    if policy.opening_code(code).is_some() {
        return Ok(());
    }
    let codes = policy.opening_code.iter().map(|c| c.code.to_string()).collect();
    Err(Refused {
        items: codes,
        ..Refused::invalid(format!("'{code}' is not an opening code of this force: choose one"))
    })
}

/// A point that may be farther off than this says nothing about where somebody is.
const WITHIN_MAX: u32 = 100_000;

/// Checks that a place is on the Earth and that a known one says where.
///
/// # Errors
/// A sentence that says what to put right.
pub fn check_location(l: &Location) -> Result<(), Refused> {
    if let Some(p) = l.point {
        check_point(p)?;
    }
    if l.known == Known::Known && l.words.is_none() && l.point.is_none() {
        return Err(Refused::invalid(
            "the location is marked as known but says neither words nor a point: add one, or mark \
             it as vague or unknown",
        ));
    }
    check_within(l)
}

/// A distance is from a point, and no farther than a force reaches.
fn check_within(l: &Location) -> Result<(), Refused> {
    match (l.within, l.point) {
        (Some(_), None) => Err(Refused::invalid(
            "the location says how far off its point may be, but not which point: add the point, \
             or leave the distance out",
        )),
        (Some(metres), _) if metres > WITHIN_MAX => Err(Refused::invalid(format!(
            "a point that may be {metres} metres off says nothing: give at most {WITHIN_MAX}, or \
             leave the point out"
        ))),
        _ => Ok(()),
    }
}

/// Checks that a point is on the Earth.
///
/// # Errors
/// A sentence with the limits.
pub fn check_point(p: Point) -> Result<(), Refused> {
    if (-90.0..=90.0).contains(&p.lat) && (-180.0..=180.0).contains(&p.lon) {
        return Ok(());
    }
    Err(Refused::invalid(format!(
        "{}, {} is no point on the map: latitude goes from -90 to 90, longitude from -180 to 180",
        p.lat, p.lon
    )))
}
