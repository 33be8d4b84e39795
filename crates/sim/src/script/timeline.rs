//! What happened, as the journal tells it: what was owed, told, heard, done and refused, each with
//! its second and its rule, in the words of a script.

use super::clock::Day;
use super::document::Watch;
use super::expect::{Kind, Pattern};
use super::names::{Named, Names, subject_name};
use super::value::Value;
use super::words::level_name;
use rules::event::{Event, Meta, spaced};
use rules::name::ObligationId;
use rules::obligation::{Fate, Rule, Subject};
use rules::policy::Level;
use rules::refused::Refused;
use rules::role::Owner;
use rules::time::Instant;
use std::collections::BTreeMap;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the journal.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Which kind it is.
    pub kind: Kind,
    /// What it is about, by its name.
    pub about: String,
    /// Its rule.
    pub rule: Option<Rule>,
    /// Which of several.
    pub part: Option<String>,
    /// Who owns it, is told, or hears it.
    pub owners: Vec<String>,
    /// Its level.
    pub level: Option<Level>,
    /// How it ended.
    pub fate: Option<Fate>,
    /// The sentence of a refusal.
    pub sentence: String,
    /// Each single thing in the way, of a refusal.
    pub items: Vec<String>,
    /// The event.
    pub event: Option<Event>,
}

impl Entry {
    fn new(seq: u64, at: Instant, kind: Kind, about: String) -> Entry {
        Entry {
            seq,
            at,
            kind,
            about,
            rule: None,
            part: None,
            owners: Vec::new(),
            level: None,
            fate: None,
            sentence: String::new(),
            items: Vec::new(),
            event: None,
        }
    }

    /// A refusal, after everything that was recorded before it.
    pub fn refused(seq: u64, at: Instant, refused: Refused) -> Entry {
        let (sentence, items) = (refused.sentence, refused.items);
        Entry { sentence, items, ..Entry::new(seq, at, Kind::Refused, String::new()) }
    }

    /// What watches it.
    pub fn watch(&self) -> Option<Watch> {
        Watch::of(self.kind, self.level)
    }

    /// In the words of a script, after `->`.
    pub fn text(&self) -> String {
        let rule = self.rule.map(|rule| format!(" {}", rule.name())).unwrap_or_default();
        let part = self.part.as_ref().map(|p| format!(" \"{p}\"")).unwrap_or_default();
        let start = format!("{}{rule}{part}", self.about);
        let owners = self.owners.join(", ");
        let level = self.level.map(level_name).unwrap_or_default();
        match self.kind {
            Kind::Armed => format!("{start} falls to {owners}"),
            Kind::Told => format!("{start} tells {owners} at {level}"),
            Kind::Sounds => format!("{start} sounds {level} at {owners}"),
            Kind::Ended => format!("{start} is {}", fate(self.fate)),
            Kind::Refused => format!("refused \"{}\"", self.sentence.replace('"', "\\\"")),
            Kind::Recorded => format!("{} records {}", self.about, self.event_name()),
        }
    }

    fn event_name(&self) -> String {
        self.event.as_ref().map(|event| spaced(event.name(), '_')).unwrap_or_default()
    }

    /// Whether this is what was expected, at whatever time.
    pub fn is(&self, wanted: &Pattern, names: &Names) -> bool {
        let same = |a: &Option<String>, b: &str| a.as_ref().is_none_or(|a| a == b);
        wanted.kind.is_none_or(|kind| kind == self.kind)
            && same(&wanted.about, &self.about)
            && wanted.rule.is_none_or(|rule| Some(rule) == self.rule)
            && wanted.part.as_ref().is_none_or(|part| self.part.as_ref() == Some(part))
            && (wanted.owners.is_empty() || wanted.owners == self.owners)
            && wanted.level.is_none_or(|level| Some(level) == self.level)
            && wanted.fate.is_none_or(|fate| Some(fate) == self.fate)
            && wanted.words.as_ref().is_none_or(|words| self.says(words))
            && wanted.event.as_ref().is_none_or(|event| *event == self.event_name())
            && self.has(&wanted.fields, names)
    }

    /// Whether a refusal says this.
    fn says(&self, words: &str) -> bool {
        self.sentence.contains(words) || self.items.iter().any(|item| item.contains(words))
    }

    /// Whether these stand in its event.
    fn has(&self, fields: &[(String, Value)], names: &Names) -> bool {
        if fields.is_empty() {
            return true;
        }
        let json = self.event.as_ref().and_then(|event| serde_json::to_value(event).ok());
        let body = json.as_ref().and_then(|json| json.as_object()?.values().next());
        fields.iter().all(|(key, wanted)| {
            let found = body.and_then(|body| body.get(key));
            found.is_some_and(|found| stands_for(wanted, found, names))
        })
    }
}

fn stands_for(wanted: &Value, found: &serde_json::Value, names: &Names) -> bool {
    let shown = match found {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(true) => "yes".to_owned(),
        serde_json::Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    };
    match wanted {
        Value::Text(text) => shown.contains(text.as_str()),
        Value::Word(word) => match names.get(word) {
            Some(Named::Log(n)) => shown == n.to_string(),
            Some(
                Named::Contact(n)
                | Named::Handover(n)
                | Named::Fault(n)
                | Named::Marker(n)
                | Named::Message(n)
                | Named::Other(n),
            ) => shown == n.to_string(),
            Some(Named::Person(name) | Named::Unit(name)) => shown.contains(name.as_str()),
            None => shown == *word,
        },
        Value::List(_) | Value::Fields(_) | Value::Of(..) => false,
    }
}

fn fate(fate: Option<Fate>) -> &'static str {
    match fate {
        Some(Fate::Done) | None => "done",
        Some(Fate::Overtaken) => "overtaken",
        Some(Fate::Closed) => "closed",
    }
}

/// Makes entries out of events, one after the other.
pub struct Telling<'n> {
    names: &'n Names,
    owed: BTreeMap<ObligationId, (Rule, String, Option<String>)>,
}

impl<'n> Telling<'n> {
    /// Nothing told yet.
    pub fn new(names: &'n Names) -> Telling<'n> {
        Telling { names, owed: BTreeMap::new() }
    }

    /// The entries of an event.
    pub fn tell(&mut self, event: &Event, meta: &Meta) -> Vec<Entry> {
        let entry = |kind: Kind, about: String| Entry::new(meta.seq, meta.recorded_at, kind, about);
        match event {
            Event::ObligationsArmed { about, armed } => {
                let about = subject_name(self.names, about);
                let mut entries = Vec::new();
                for row in armed {
                    let part = row.part.as_deref().map(str::to_owned);
                    self.owed.insert(row.obligation, (row.rule, about.clone(), part.clone()));
                    entries.push(Entry {
                        rule: Some(row.rule),
                        part,
                        owners: vec![owner(&row.owner)],
                        ..entry(Kind::Armed, about.clone())
                    });
                }
                entries
            }
            Event::ObligationsEnded { ended, fate, .. } => {
                let of = |id: &ObligationId| self.owed.get(id).cloned();
                let ended = ended.iter().filter_map(of);
                let fate = Some(*fate);
                ended
                    .map(|(rule, about, part)| Entry {
                        rule: Some(rule),
                        part,
                        fate,
                        ..entry(Kind::Ended, about)
                    })
                    .collect()
            }
            Event::ObligationFired { obligation, told, level, .. } => {
                let owners = told.iter().map(owner).collect();
                self.lit(*obligation, *level, owners, &entry, Kind::Told).into_iter().collect()
            }
            Event::Annunciated { position, level, obligation, .. } => {
                let owners = vec![owner(position)];
                self.lit(*obligation, *level, owners, &entry, Kind::Sounds).into_iter().collect()
            }
            other => {
                let about = about(other).map(|about| subject_name(self.names, &about));
                let event = Some(other.clone());
                vec![Entry { event, ..entry(Kind::Recorded, about.unwrap_or_default()) }]
            }
        }
    }

    fn lit(
        &self,
        obligation: ObligationId,
        level: Level,
        owners: Vec<String>,
        entry: &impl Fn(Kind, String) -> Entry,
        kind: Kind,
    ) -> Option<Entry> {
        let (rule, about, part) = self.owed.get(&obligation).cloned()?;
        let level = Some(level);
        Some(Entry { rule: Some(rule), part, owners, level, ..entry(kind, about) })
    }
}

/// What an event is about.
fn about(event: &Event) -> Option<Subject> {
    if let Some(n) = event.stream_incident() {
        return Some(Subject::Incident(n));
    }
    match event {
        Event::ContactReceived { contact, .. }
        | Event::ContactEnded { contact, .. }
        | Event::CallEnded { contact, .. } => Some(Subject::Contact(*contact)),
        Event::StatusSet { call_sign, .. } | Event::UnitRostered { call_sign, .. } => {
            Some(Subject::Unit(call_sign.clone()))
        }
        Event::HandoverBuilt { handover, .. } => Some(Subject::Handover(*handover)),
        _ => None,
    }
}

/// Whoever owns or is told, in the words of a script.
pub fn owner(owner: &Owner) -> String {
    match owner {
        Owner::Desk(role) => role.words(),
        Owner::Staff(staff) => staff.to_string(),
    }
}

/// A time, with its day where that is another than the one before.
pub fn when(day: &Day, before: Instant, at: Instant) -> String {
    if day.date(before) == day.date(at) {
        day.time(at)
    } else {
        format!("{} {}", day.date(at), day.time(at))
    }
}
