//! What the people of one desk do next: real commands, each chosen from what the room shows.
//!
//! Every writer has its own call handler, dispatcher and units, works on the logs it opened, does
//! what is owed on them, and now and then something that nobody expects.

use crate::chance::Chance;
use crate::discharge::{attend, close, discharge};
use rules::command::*;
use rules::contact::Contact;
use rules::contact::ending::open_on;
use rules::incident::Incident;
use rules::name::*;
use rules::obligation::{Rule, Subject};
use rules::role::{By, Owner, Role};
use rules::state::State;
use rules::time::{Instant, Span};

/// Who gives a command, and which.
pub type Said = (By, Command);

/// The people and units of one writer.
pub struct Desk {
    writer: u64,
    /// How many logs it works on at once.
    logs_at_once: usize,
}

/// A name that the program itself has written.
pub fn name<T: TryFrom<String, Error = String>>(text: &str) -> T {
    T::try_from(text.to_owned()).expect("a name written in this program is well formed")
}

impl Desk {
    /// The desk of a writer.
    pub fn new(writer: u64, logs_at_once: usize) -> Desk {
        Desk { writer, logs_at_once }
    }

    /// Somebody of this desk in a role.
    pub fn by(&self, role: Role) -> By {
        let short = match role {
            Role::CallHandler => "ch",
            Role::Dispatcher => "di",
            Role::Officer => "of",
            _ => "sv",
        };
        By { staff: name(&format!("{short}{}", self.writer)), role }
    }

    /// The call sign of one of its two units.
    pub fn call_sign(&self, unit: u64) -> CallSign {
        name(&format!("DC{}{unit}", self.writer))
    }

    /// The next command, given what the room shows at a moment.
    pub fn next(&self, view: &State, now: Instant, chance: &mut Chance) -> Said {
        if let Some(said) = self.begin_shift(view) {
            return said;
        }
        let handler = self.by(Role::CallHandler).staff;
        let mine: Vec<&Incident> =
            view.incidents.values().filter(|log| log.opened_by.staff == handler).collect();
        let waiting = view.contacts.values().find(|c| !c.settled && c.taken_by.staff == handler);
        if let Some(contact) = waiting.filter(|_| !chance.once_in(4)) {
            return self.settle_contact(contact.id, &mine, chance);
        }
        if let Some(contact) = self.done_with(view) {
            return (contact.taken_by.clone(), wrap_up(contact));
        }
        if mine.len() < self.logs_at_once {
            return if chance.once_in(3) { self.open(None, chance) } else { self.receive(chance) };
        }
        let Some(log) = chance.one_of(&mine) else { return self.receive(chance) };
        match chance.below(10) {
            0 => self.receive(chance),
            1..=3 => self.something_else(view, log, now, chance),
            _ => self.work_off(view, log, chance),
        }
    }

    /// A call that ended with something open, all of which is done by now.
    fn done_with<'v>(&self, view: &'v State) -> Option<&'v Contact> {
        let handler = self.by(Role::CallHandler);
        let mut mine = view.contacts.values().filter(|c| c.taken_by.staff == handler.staff);
        mine.find(|c| {
            view.owed(&Subject::Contact(c.id), Rule::CallUnfinished).is_some()
                && open_on(view, c, &c.taken_by).is_empty()
        })
    }

    fn begin_shift(&self, view: &State) -> Option<Said> {
        for (role, seat) in [(Role::CallHandler, "CH"), (Role::Dispatcher, "DD")] {
            let by = self.by(role);
            match view.staff.get(&by.staff) {
                None => {
                    let seat = name(&format!("{seat}{}", self.writer));
                    return Some((by, SignOn { seat, skills: Vec::new() }.into()));
                }
                Some(on) if on.on_break => return Some((by, ComeBack {}.into())),
                Some(_) => {}
            }
        }
        let missing = (0..2).map(|n| self.call_sign(n)).find(|c| !view.units.contains_key(c))?;
        let roster = RosterUnit {
            call_sign: missing,
            crew: vec![self.by(Role::Officer).staff],
            skills: vec![name("taser")],
            equipment: Vec::new(),
            kind: name("response"),
            district: None,
            radio: None,
            shift: None,
        };
        Some((self.by(Role::Dispatcher), roster.into()))
    }

    fn receive(&self, chance: &mut Chance) -> Said {
        let channel = if chance.once_in(2) { Channel::Emergency } else { Channel::NonEmergency };
        let receive = ReceiveContact {
            channel,
            line: Some(name(&format!("07700 9{:05}", chance.below(100_000)))),
            name: Some(name("A. Informant")),
            words: Some(name(chance.one_of(&WORDS).unwrap_or(&"help"))),
            location: None,
            seat: None,
        };
        (self.by(Role::CallHandler), receive.into())
    }

    fn settle_contact(&self, contact: ContactId, mine: &[&Incident], chance: &mut Chance) -> Said {
        let by = self.by(Role::CallHandler);
        let full = mine.len() >= self.logs_at_once;
        let link = if chance.once_in(3) { chance.one_of(mine) } else { None };
        match link {
            Some(log) => {
                let chasing = chance.once_in(2);
                (by, LinkContact { contact, incident: log.number, chasing }.into())
            }
            None if full || chance.once_in(3) => {
                (by, EndContact { contact, outcome: name("advice given") }.into())
            }
            None => self.open(Some(contact), chance),
        }
    }

    fn open(&self, contact: Option<ContactId>, chance: &mut Chance) -> Said {
        let known = if chance.once_in(3) { Known::Vague } else { Known::Known };
        let open = OpenIncident {
            contact,
            opening_code: name(chance.one_of(&CODES).unwrap_or(&"violence")),
            location: Location {
                known,
                words: Some(name("14 High Street")),
                point: None,
                rural: chance.once_in(4),
                district: None,
                within: None,
            },
            words: name(chance.one_of(&WORDS).unwrap_or(&"help")),
            informant: None,
        };
        (self.by(Role::CallHandler), open.into())
    }

    /// What is owed on a log, or closing it when nothing stands in the way.
    fn work_off(&self, view: &State, log: &Incident, chance: &mut Chance) -> Said {
        let owed: Vec<_> = view.obligations_about(&Subject::Incident(log.number)).collect();
        let blocks = |rule| view.policy.obligation(rule).is_some_and(|row| row.blocks_closing);
        if !owed.iter().any(|o| blocks(o.rule)) && chance.once_in(2) {
            return close(self, view, log);
        }
        match chance.one_of(&owed) {
            Some(o) => discharge(self, view, log, o, chance),
            None => attend(self, view, log),
        }
    }

    fn something_else(
        &self,
        view: &State,
        log: &Incident,
        now: Instant,
        chance: &mut Chance,
    ) -> Said {
        let (handler, dispatcher) = (self.by(Role::CallHandler), self.by(Role::Dispatcher));
        let incident = log.number;
        match chance.below(9) {
            0 | 1 => {
                let add = AddEntry {
                    incident,
                    text: name(chance.one_of(&WORDS).unwrap_or(&"help")),
                    critical: chance.once_in(4),
                    new_information: chance.once_in(4),
                    own_words: chance.once_in(3),
                    attachments: Vec::new(),
                };
                (handler, add.into())
            }
            2 => {
                let to = Owner::Staff(handler.staff);
                let ask = AskQuestion { incident, to, text: name("Is anybody hurt?") };
                (dispatcher, ask.into())
            }
            3 => {
                let by = now + Span::seconds(i64::try_from(chance.between(2, 90)).unwrap_or(2));
                (handler, PromiseRingBack { incident, by, why: name("to hear how it is") }.into())
            }
            4 => (
                handler,
                TagIncident { incident, tag: tag(view), reason: name("for the list") }.into(),
            ),
            5 => {
                let marker = FindMarker {
                    incident,
                    marker: name("violence"),
                    text: name("has resisted arrest before"),
                    officer_safety: true,
                };
                (handler, marker.into())
            }
            6 => attend(self, view, log),
            7 => (dispatcher, GoOnBreak { to: None }.into()),
            _ => self.quieten(view, log, now, chance),
        }
    }

    /// One of the named verbs, on something owed.
    fn quieten(&self, view: &State, log: &Incident, now: Instant, chance: &mut Chance) -> Said {
        let owed: Vec<_> = view.obligations_about(&Subject::Incident(log.number)).collect();
        let Some(o) = chance.one_of(&owed) else { return attend(self, view, log) };
        let (obligation, by) = (o.id, self.by(Role::Dispatcher));
        let reason: Reason = name("we are at it already");
        let command: Command = match chance.below(4) {
            0 => OwnObligation { obligation, words: name("I will see to it") }.into(),
            1 => GiveObligation { obligation, to: Owner::Staff(by.staff.clone()), reason }.into(),
            2 => {
                let until = now + Span::seconds(i64::try_from(chance.between(1, 25)).unwrap_or(1));
                DelayObligation { obligation, until, reason }.into()
            }
            _ => RaiseObligation { obligation, reason }.into(),
        };
        (by, command)
    }
}

fn wrap_up(contact: &Contact) -> Command {
    let because = Some(name("they could not say more"));
    HangUp { contact: contact.id, line_dropped: false, because }.into()
}

fn tag(view: &State) -> Tag {
    view.policy.tag.first().map_or_else(|| name("fim"), |row| row.tag.clone())
}

const CODES: [&str; 6] =
    ["violence", "burglary", "theft", "concern for safety", "domestic incident", "missing person"];

const WORDS: [&str; 7] = [
    "somebody is banging on the door",
    "he has a knife and is shouting",
    "the shop window is broken",
    "she has not come home from school",
    "my bicycle is gone",
    "Mae rhywun yn sgrechian 👋",
    "please hurry, it is getting worse",
];
