//! Who rings, and what a call handler does with it, step by step.

use super::{BEFORE, Busy, DISTRICT, Item, QUEUED};
use crate::demo::suggested;
use crate::demo::words::{self, KINDS};
use crate::{deeds, said};
use rules::command::*;
use rules::name::*;
use rules::role::By;
use rules::time::{Instant, Span};

/// Contacts an hour at the usual hour of a busy day in one district.
const AN_HOUR: i64 = 30;
/// Calls of the major incident, all at once.
const MAJOR_CALLS: usize = 14;

/// A call that is ringing.
pub(super) struct Ringing {
    why: Why,
}

/// Why somebody rings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Something happened.
    Report,
    /// Somebody is in danger, at one place with many others.
    Major,
    /// They wait for a unit that has not come.
    Chase,
    /// Something for which no log is made.
    Advice,
}

/// A call somebody is on.
pub(super) enum Call {
    /// The contact is kept; the informant speaks.
    Listening { contact: ContactId, line: Line, name: PersonName, major: bool },
    /// The log is open.
    Opened(IncidentNumber),
    /// It is graded, and with dispatch if somebody is to attend.
    Graded(IncidentNumber),
    /// They talk; this is recorded at the end.
    Talking(Vec<Command>),
}

impl Busy {
    /// Somebody rings; the next one later. Before the shift begins only the queue grows.
    pub(super) fn ring(&mut self, at: Instant) {
        let why = match self.chance.between(0, 99) {
            _ if at < self.begins => Why::Report,
            0..=41 => Why::Report,
            42..=56 => Why::Chase,
            _ => Why::Advice,
        };
        self.ringing.push_back(Ringing { why });
        let queue_min = BEFORE.0 / 60_000 * 1_000;
        let mean_ms = if at < self.begins {
            60 * queue_min / i64::try_from(QUEUED).unwrap_or(1)
        } else {
            3_600_000 / AN_HOUR
        };
        #[expect(clippy::cast_precision_loss, reason = "some minutes of milliseconds")]
        let wait = Span(self.chance.wait(mean_ms as f64));
        if at >= self.begins || at + wait < self.begins {
            self.later(at + wait, Item::Ring);
        } else {
            let begins = self.begins;
            self.later(begins + wait, Item::Ring);
        }
    }

    /// Many ring about one thing.
    pub(super) fn ring_major(&mut self) {
        self.ringing.extend((0..MAJOR_CALLS).map(|_| Ringing { why: Why::Major }));
    }

    /// Takes the next call that rings. How long it takes until something can be done.
    pub(super) fn take_a_call(&mut self, at: Instant, who: usize, by: &By) -> Option<Span> {
        let Ringing { why } = self.ringing.pop_front()?;
        let words = match why {
            Why::Chase => *self.chance.one_of(words::CHASING),
            Why::Advice => "I wanted to ask what happens with the report I made last week.",
            Why::Major => {
                "The stand has come down, people are under it, please come, they are screaming."
            }
            Why::Report => {
                let kind = self.chance.one_of(KINDS);
                *self.chance.one_of(kind.words)
            }
        };
        let number = self.chance.between(0, 999);
        let line = Line::parse(&format!("07700 900{number:03}")).ok()?;
        let first = *self.chance.one_of(words::FIRST_NAMES);
        let last = *self.chance.one_of(words::LAST_NAMES);
        let name = PersonName::parse(&format!("{first} {last}")).ok()?;
        let received = ReceiveContact {
            channel: if self.chance.percent(45) {
                Channel::Emergency
            } else {
                Channel::NonEmergency
            },
            line: Some(line.clone()),
            name: Some(name.clone()),
            words: Some(said::words(words)),
            location: None,
            seat: None,
        };
        self.contacts += 1;
        let contact = self.ask(at, by.clone(), received)?.contact()?;
        match why {
            Why::Report | Why::Major => {
                let major = why == Why::Major;
                self.people.get_mut(who)?.call =
                    Some(Call::Listening { contact, line, name, major });
                Some(self.seconds(20, 60))
            }
            Why::Chase => {
                let chased = self.chased(at, contact);
                self.people.get_mut(who)?.call = Some(Call::Talking(chased));
                Some(self.seconds(40, 150))
            }
            Why::Advice => {
                let outcome = said::words("asked about an earlier report: told where it stands");
                let ended = vec![EndContact { contact, outcome }.into()];
                self.people.get_mut(who)?.call = Some(Call::Talking(ended));
                Some(self.seconds(60, 300))
            }
        }
    }

    /// Somebody chases: it is put on the log they wait for.
    fn chased(&mut self, at: Instant, contact: ContactId) -> Vec<Command> {
        let view = self.look();
        let waiting: Vec<IncidentNumber> = view
            .incidents
            .values()
            .filter(|log| log.first_arrival().is_none() && log.passed_at.is_some())
            .map(|log| log.number)
            .collect();
        if waiting.is_empty() {
            let outcome = said::words("nothing is open that they could have meant: told so");
            return vec![EndContact { contact, outcome }.into()];
        }
        let incident = *self.chance.one_of(&waiting);
        let mut chased = vec![LinkContact { contact, incident, chasing: true }.into()];
        if self.chance.percent(15) {
            let promised = at + Span::minutes(self.chance.between(30, 90));
            let why = said::reason("wants to know when somebody comes");
            chased.push(PromiseRingBack { incident, by: promised, why }.into());
        }
        chased
    }

    /// The next step of a call, and how long it takes.
    pub(super) fn go_on_with(&mut self, at: Instant, who: usize, by: &By, call: Call) -> Span {
        let (next, takes) = match call {
            Call::Listening { contact, line, name, major } => {
                let opened = self.open(contact, line, name, major);
                let n = self.ask(at, by.clone(), opened).and_then(|done| done.incident());
                (n.map(Call::Opened), self.seconds(15, 40))
            }
            Call::Opened(n) => {
                (self.grade(at, by, n).then_some(Call::Graded(n)), self.seconds(45, 150))
            }
            Call::Talking(commands) => {
                commands.into_iter().for_each(|command| self.give(at, by.clone(), command));
                (None, self.seconds(5, 30))
            }
            Call::Graded(n) => {
                self.finish(at, by, n);
                (None, self.seconds(10, 40))
            }
        };
        if let Some(worker) = self.people.get_mut(who) {
            worker.call = next;
        }
        takes
    }

    fn open(
        &mut self,
        contact: ContactId,
        line: Line,
        name: PersonName,
        major: bool,
    ) -> OpenIncident {
        let kind = self.chance.one_of(KINDS);
        let street = *self.chance.one_of(words::STREETS);
        let place = if major {
            "Harrowmere show ground".to_owned()
        } else {
            format!("{} {street}, Harrowmere", self.chance.between(1, 140))
        };
        let (code, words) = if major {
            (
                "concern for safety",
                "a stand has come down, people are trapped, somebody is not breathing",
            )
        } else {
            (kind.code, *self.chance.one_of(kind.words))
        };
        OpenIncident {
            contact: Some(contact),
            opening_code: OpeningCode::parse(code).expect("a constant code is one"),
            location: Location {
                known: Known::Known,
                words: Place::parse(&place).ok(),
                point: None,
                rural: false,
                district: Label::parse(DISTRICT).ok(),
                within: None,
            },
            words: said::words(words),
            informant: Some(Informant {
                name: Some(name),
                line: Some(line),
                safe_to_contact: Some(true),
                missing_because: None,
            }),
        }
    }

    /// Opens the SOP, grades and passes on.
    fn grade(&mut self, at: Instant, by: &By, n: IncidentNumber) -> bool {
        let view = self.look();
        let Some(log) = view.incident(n) else { return false };
        let grade = suggested(log, &view.policy);
        self.give(at, by.clone(), OpenSop { incident: n });
        self.give(
            at,
            by.clone(),
            GradeIncident { incident: n, grade, reason: None, agreed_by: None },
        );
        if view.policy.grade(grade).is_some_and(|row| row.attends) {
            self.give(at, by.clone(), PassToDispatch { incident: n });
        }
        if self.chance.percent(8) {
            let marker = FindMarker {
                incident: n,
                marker: Label::parse("MARAC").expect("a constant word is a label"),
                text: said::words("heard at MARAC this year"),
                officer_safety: false,
            };
            self.give(at, by.clone(), marker);
        }
        true
    }

    /// What is done at the end of a call, mostly.
    fn finish(&mut self, at: Instant, by: &By, n: IncidentNumber) {
        let view = self.look();
        let Some(log) = view.incident(n) else { return };
        if self.chance.percent(85) {
            let thrive = deeds::thrive(&view.policy, n, log.opening_code.as_str());
            self.give(at, by.clone(), thrive);
        }
        if self.chance.percent(80) {
            let words = "Told the grade, that the wait is long tonight, and to ring if it worsens.";
            self.give(at, by.clone(), deeds::told(n, words));
        }
    }
}
