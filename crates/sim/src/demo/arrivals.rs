//! Who gets in touch, how often, and what becomes of it.

use super::chance::Chance;
use super::words::{self, KINDS, Kind, TOWNS, Town};
use super::{Demo, Item};
use crate::said;
use room::Room;
use rules::command::*;
use rules::name::{
    ContactId, IncidentNumber, Label, Line, OpeningCode, PersonName, Place, StaffId, Words,
};
use rules::role::{By, Role};
use rules::time::{Instant, Span};

/// Contacts an hour when the room is at its usual, before long gaps are cut short.
const AN_HOUR: f64 = 29.0;
/// Whoever looks at a demonstration sees a call come in within this time.
const LONGEST_QUIET: Span = Span::minutes(4);
/// How busy each hour of the local day is, in hundredths of the usual. The small hours of a real
/// room are quieter than this; a demonstration should show something then too.
const SHAPE: [u8; 24] = [
    100, 90, 80, 70, 65, 60, 65, 70, 80, 85, 90, 95, 100, 100, 100, 105, 110, 115, 120, 120, 115,
    115, 110, 105,
];

impl Demo {
    /// Somebody gets in touch.
    pub(super) fn contact(&mut self, room: &Room, at: Instant) {
        let an_hour = AN_HOUR * self.pace.times();
        let mean_ms = 3_600_000.0 / an_hour * 100.0 / f64::from(self.busy(at));
        let wait = self.chance.wait(mean_ms).min(LONGEST_QUIET.0);
        self.later(at + Span(wait), Item::Contact);
        let n = usize::try_from(self.chance.between(0, 1_000)).unwrap_or(0);
        let handler = self.cast.one(Role::CallHandler, n).clone();
        if self.chance.percent(7) {
            self.chase(room, at, handler);
        } else if self.chance.percent(9) {
            self.pocket_call(room, at, handler);
        } else {
            self.report(room, at, handler);
        }
    }

    fn busy(&self, at: Instant) -> u8 {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        let hour = moment.to_zoned(self.zone.clone()).hour();
        usize::try_from(hour).ok().and_then(|h| SHAPE.get(h)).copied().unwrap_or(100)
    }

    fn receive(
        &mut self,
        room: &Room,
        at: Instant,
        handler: &By,
        words: &str,
        location: Option<Location>,
    ) -> Option<(ContactId, Line, PersonName)> {
        let number = self.chance.between(0, 999);
        let line = Line::parse(&format!("07700 900{number:03}")).ok()?;
        let first = *self.chance.one_of(words::FIRST_NAMES);
        let last = *self.chance.one_of(words::LAST_NAMES);
        let name = PersonName::parse(&format!("{first} {last}")).ok()?;
        let channel =
            if self.chance.percent(60) { Channel::Emergency } else { Channel::NonEmergency };
        let received = ReceiveContact {
            channel,
            line: Some(line.clone()),
            name: Some(name.clone()),
            words: Some(said::words(words)),
            location,
            seat: None,
        };
        let done = self.ask(room, at, handler.clone(), received.into())?;
        Some((done.contact()?, line, name))
    }

    /// A call about something new.
    fn report(&mut self, room: &Room, at: Instant, handler: By) {
        let kind: &Kind = self.chance.one_of(KINDS);
        let town: &Town = self.chance.one_of(TOWNS);
        let words = *self.chance.one_of(kind.words);
        let location = self.location(town);
        let got = self.receive(room, at, &handler, words, Some(location.clone()));
        let Some((contact, line, name)) = got else { return };
        let Ok(opening_code) = OpeningCode::parse(kind.code) else { return };
        let named = self.chance.percent(85);
        let informant = named.then_some(Informant {
            name: Some(name),
            line: Some(line),
            safe_to_contact: Some(true),
            missing_because: None,
        });
        let opened = OpenIncident {
            contact: Some(contact),
            opening_code,
            location,
            words: said::words(words),
            informant,
        };
        self.typing.insert(contact, (handler, opened));
        self.soon(at, 10, 45, Item::Open(contact));
    }

    /// The call handler has typed enough to open the log.
    pub(super) fn open_log(&mut self, room: &Room, at: Instant, contact: ContactId) {
        let Some((handler, opened)) = self.typing.remove(&contact) else { return };
        self.listens(room, at, contact, &opened.words);
        let done = self.ask(room, at, handler, opened.into());
        if let Some(n) = done.and_then(|d| d.incident()) {
            self.soon(at, 10, 40, Item::Log(n));
        }
    }

    /// The telephone system's gateway gives what was said in some calls. Now and then the informant
    /// says something that the call handler does not type.
    fn listens(&mut self, room: &Room, at: Instant, contact: ContactId, words: &Words) {
        // Chance of its own, so that the rest of the day stays as it is.
        let mut chance = Chance::new(self.seed ^ contact.0.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let gateway =
            StaffId::parse("TELEPHONY").map(|staff| By { staff, role: Role::RadioGateway });
        let Ok((true, gateway)) = gateway.map(|gateway| (chance.percent(35), gateway)) else {
            return;
        };
        let began = self.look(room).contacts.get(&contact).map_or(at, |c| c.received_at);
        let Ok(recording) = Label::parse(&format!("REC-{:06}", contact.0)) else { return };
        let recorded = AddRecording { contact, recording, started_at: began, seconds: None };
        self.give(room, at, gateway.clone(), recorded.into());
        let left_out =
            chance.percent(40).then(|| said::words(chance.one_of::<&str>(words::LEFT_OUT)));
        let asked = [(Speaker::Police, said::words("Police, what is happening there?"))];
        let told = [words.clone()].into_iter().chain(left_out).map(|w| (Speaker::Informant, w));
        let lines = asked.into_iter().chain(told).zip([0, 2_500, 6_000]);
        let lines = lines.map(|((speaker, text), offset)| TranscriptLine {
            line: None,
            speaker,
            offset_ms: Some(offset),
            at: None,
            text,
        });
        let given = AddTranscript { contact, recording: None, lines: lines.collect() };
        self.give(room, at, gateway, given.into());
    }

    /// Somebody rings again about a log at which nobody has arrived.
    fn chase(&mut self, room: &Room, at: Instant, handler: By) {
        let view = self.look(room);
        let waiting: Vec<IncidentNumber> = view
            .incidents
            .values()
            .filter(|log| log.first_arrival().is_none() && log.passed_at.is_some())
            .map(|log| log.number)
            .collect();
        if waiting.is_empty() {
            return;
        }
        let incident = *self.chance.one_of(&waiting);
        let words = *self.chance.one_of(words::CHASING);
        if let Some((contact, ..)) = self.receive(room, at, &handler, words, None) {
            let linked = LinkContact { contact, incident, chasing: true };
            self.give(room, at, handler, linked.into());
        }
    }

    /// Nobody speaks; it was a pocket, after listening and ringing back.
    fn pocket_call(&mut self, room: &Room, at: Instant, handler: By) {
        let words = "(nobody speaks; traffic and a radio are heard)";
        if let Some((contact, ..)) = self.receive(room, at, &handler, words, None) {
            let outcome = "no cough, no keys pressed; rung back and spoken to: a call by mistake";
            let ended = EndContact { contact, outcome: said::words(outcome) };
            self.give(room, at, handler, ended.into());
        }
    }

    fn location(&mut self, town: &Town) -> Location {
        let place = match self.chance.between(0, 99) {
            0..=84 => {
                let street = *self.chance.one_of(words::STREETS);
                format!("{} {street}, {}", self.chance.between(1, 140), town.name)
            }
            _ => format!("{}, {}", self.chance.one_of(words::SOMEWHERE), town.name),
        };
        let vague = !place.chars().next().is_some_and(|c| c.is_ascii_digit());
        // A telephone network knows about where a caller is, if not always.
        let within = (vague && self.chance.percent(70))
            .then(|| u32::try_from(self.chance.between(12, 90) * 10).unwrap_or(u32::MAX));
        Location {
            known: if vague { Known::Vague } else { Known::Known },
            words: Place::parse(&place).ok(),
            point: (!vague || within.is_some()).then(|| self.near(town)),
            rural: town.rural,
            district: Label::parse(town.district).ok(),
            within,
        }
    }

    /// A point within about two kilometres of a town.
    pub(super) fn near(&mut self, town: &Town) -> Point {
        let mut off = || f64::from(i32::try_from(self.chance.between(-180, 180)).unwrap_or(0));
        Point { lat: town.lat + off() / 10_000.0, lon: town.lon + off() / 6_000.0 }
    }
}
