//! What a call handler sees about a call beyond its own logs: open logs that may be the same thing.

use super::countdown::age_words;
use super::reach::haversine_metres;
use crate::command::{Location, Point};
use crate::contact::Contact;
use crate::incident::Incident;
use crate::marker::line_key;
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Logs within this distance of the call may be about the same thing, in metres.
const NEAR_METRES: f64 = 500.0;
/// How many are shown at most.
const SHOWN: usize = 8;

/// An open log that may be about the same thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// Its number.
    pub n: IncidentNumber,
    /// Its grade.
    pub grade: Option<Grade>,
    /// Its code.
    pub code: OpeningCode,
    /// Its place, if that is known.
    pub place: String,
    /// How long it has been open.
    pub age: String,
    /// The markers on it.
    pub markers: Vec<Label>,
    /// Why it is shown.
    pub because: String,
}

/// Where a call is about, as far as it is known: by the log that is being written, or before there
/// is one by the contact itself.
struct Whereabouts {
    point: Option<Point>,
    /// How far off the point may be, in metres.
    within: f64,
    /// The words for it.
    place: Vec<String>,
    /// What was said so far.
    said: Vec<String>,
}

impl Whereabouts {
    fn of(contact: &Contact, log: Option<&Location>) -> Whereabouts {
        let both = || log.into_iter().chain(&contact.location);
        let place = both().find_map(|l| l.words.as_ref()).map(|w| tokens(w.as_str()));
        let at = both().find(|l| l.point.is_some());
        Whereabouts {
            point: at.and_then(|l| l.point),
            within: f64::from(at.and_then(|l| l.within).unwrap_or(0)),
            place: place.unwrap_or_default(),
            said: contact.words.as_ref().map(|w| tokens(w.as_str())).unwrap_or_default(),
        }
    }
}

/// The words of a text in lower case, in order.
fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}

/// A place of one word, such as "home", is no place.
const PLACE_WORDS_MIN: usize = 2;

/// Whether a place stands in other words, all of it and in one piece.
fn stands_in(place: &[String], words: &[String]) -> bool {
    place.len() >= PLACE_WORDS_MIN && words.windows(place.len()).any(|part| part == place)
}

/// Open logs on the same number, at the same place or close by, the most urgent first: by the place
/// of the log that is being written, and before there is one by the contact's own. The logs of the
/// call itself are left out.
///
/// Source: Learning the Lessons, case 8: three calls, three handlers, no link; case 10: the second
/// call about one death was not known as such.
pub fn related(s: &State, contact: &Contact, log: Option<&Location>, now: Instant) -> Vec<Related> {
    let line = contact.line.as_ref().map(line_key).filter(|d| !d.is_empty());
    let at = Whereabouts::of(contact, log);
    let own = &contact.incidents;
    let others = s.incidents.values().filter(|x| x.closed.is_none() && !own.contains(&x.number));
    let mut found: Vec<Related> = others
        .filter_map(|log| {
            let same = line.as_ref().is_some_and(|line| is_on_line(s, log, line));
            let because = if same {
                "same number".to_owned()
            } else {
                close_by(log, &at).or_else(|| same_place(log, &at))?
            };
            Some(Related {
                n: log.number,
                grade: log.grade(),
                code: log.opening_code.clone(),
                place: log.location.words.as_ref().map_or(String::new(), |p| p.to_string()),
                age: age_words(log.opened_at, now),
                markers: log.markers.iter().map(|m| m.marker.clone()).collect(),
                because,
            })
        })
        .collect();
    found.sort_by_key(|r| (r.grade.map_or(0, Grade::rank), std::cmp::Reverse(r.n)));
    found.truncate(SHOWN);
    found
}

fn is_on_line(s: &State, log: &Incident, line: &str) -> bool {
    let told = log.informant.as_ref().and_then(|i| i.line.as_ref());
    let rang = log.contacts.iter().filter_map(|c| s.contacts.get(c)?.line.as_ref());
    told.into_iter().chain(rang).any(|other| line_key(other) == line)
}

/// A telephone's point may be far off: so much farther is still near.
fn close_by(log: &Incident, at: &Whereabouts) -> Option<String> {
    let metres = haversine_metres(at.point?, log.location.point?);
    (metres <= NEAR_METRES + at.within).then(|| format!("{metres:.0} m away"))
}

/// The first part of an address says which house and street.
fn same_place(log: &Incident, at: &Whereabouts) -> Option<String> {
    let words = log.location.words.as_ref()?.as_str();
    let whole = tokens(words);
    let street = tokens(words.split(',').next().unwrap_or(words));
    if stands_in(&street, &at.place) || stands_in(&at.place, &whole) {
        return Some("same place".to_owned());
    }
    stands_in(&street, &at.said).then(|| "its place was named".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::incident::prompts;

    fn contact(room: &mut Room, line: &str) -> ContactId {
        let id = ContactId(room.s.next_contact);
        let line = Some(Line::parse(line).unwrap());
        let (name, words, location, seat) = (None, None, None, None);
        let channel = Channel::Emergency;
        room.act(&handler(), ReceiveContact { channel, line, name, words, location, seat });
        id
    }

    fn open(
        room: &mut Room,
        contact: ContactId,
        code: &str,
        point: Option<Point>,
    ) -> IncidentNumber {
        let command = OpenIncident {
            contact: Some(contact),
            opening_code: OpeningCode::parse(code).unwrap(),
            location: Location { point, ..place("A", None) },
            words: words("he is outside"),
            informant: None,
        };
        room.act(&handler(), command);
        *room.s.incidents.keys().next_back().unwrap()
    }

    fn answer(prompt: &str, incident: IncidentNumber, answer: Answered) -> AnswerPrompt {
        AnswerPrompt { incident, prompt: Label::parse(prompt).unwrap(), answer, by_signal: false }
    }

    fn keys(room: &Room, n: IncidentNumber) -> Vec<String> {
        prompts::asked(&room.s, room.open(n)).iter().map(|p| p.prompt.to_string()).collect()
    }

    #[test]
    fn logs_on_the_same_number_or_close_by_are_related() {
        let mut room = Room::new();
        let at = |lat: f64| Some(Point { lat, lon: -4.0 });
        let first = contact(&mut room, "07700 900123");
        let same = open(&mut room, first, "theft", at(52.0));
        let second = contact(&mut room, "07700 900999");
        let near = open(&mut room, second, "burglary", at(51.501));
        open(&mut room, second, "burglary", at(51.6));
        let mine = contact(&mut room, "07700900123");
        let call = room.s.contacts.get(&mine).unwrap();
        let here = Location { words: None, ..place("A", at(51.5)) };
        let found = related(&room.s, call, Some(&here), room.now);
        let found: Vec<(IncidentNumber, &str)> =
            found.iter().map(|r| (r.n, r.because.as_str())).collect();
        assert_eq!(found.len(), 2);
        assert!(found.contains(&(same, "same number")) && found.contains(&(near, "111 m away")));
        let own = Contact { incidents: vec![same], ..call.clone() };
        assert!(related(&room.s, &own, None, room.now).is_empty());
    }

    /// The number, point, how far off it may be, place and words a contact comes with, and why it
    /// is matched.
    type Rings = (
        &'static str,
        Option<f64>,
        Option<u32>,
        Option<&'static str>,
        Option<&'static str>,
        Option<&'static str>,
    );

    const RINGS: [Rings; 10] = [
        ("07700900123", None, None, None, None, Some("same number")),
        ("01632 960001", Some(400.0), None, None, None, Some("400 m away")),
        ("01632 960001", Some(900.0), None, None, None, None),
        ("01632 960001", Some(900.0), Some(500), None, None, Some("900 m away")),
        ("01632 960001", None, None, Some("12 high street"), None, Some("same place")),
        ("01632 960001", None, None, Some("112 High Street"), None, None),
        ("01632 960001", None, None, Some("High Street"), None, Some("same place")),
        ("01632 960001", None, None, Some("Exampleton"), None, None),
        (
            "01632 960001",
            None,
            None,
            None,
            Some("at 12, High Street!"),
            Some("its place was named"),
        ),
        ("01632 960001", None, None, None, Some("a man is dead in the bath"), None),
    ];

    #[test]
    fn a_further_call_is_matched_before_it_has_a_log() {
        let metres = |m: f64| Point { lat: 51.5 + m / 111_195.0, lon: -4.0 };
        let mut room = Room::new();
        let first = contact(&mut room, "07700 900123");
        let n = open(&mut room, first, "sudden death", Some(metres(0.0)));
        let street = Place::parse("12 High Street, Exampleton").unwrap();
        let location = Location { words: Some(street), ..place("A", Some(metres(0.0))) };
        room.act(&handler(), SetLocation { incident: n, location });
        for (line, point, within, at, said, because) in RINGS {
            let words = at.map(|words| Place::parse(words).unwrap());
            let (known, point) = (Known::Vague, point.map(metres));
            let call = Contact {
                line: Some(Line::parse(line).unwrap()),
                words: said.map(|said| Words::parse(said).unwrap()),
                location: Some(Location { known, words, point, within, ..place("A", None) }),
                incidents: Vec::new(),
                ..room.s.contacts.get(&first).unwrap().clone()
            };
            let found = related(&room.s, &call, None, room.now);
            let found: Vec<&str> = found.iter().map(|r| r.because.as_str()).collect();
            assert_eq!(found, because.into_iter().collect::<Vec<_>>(), "{call:?}");
        }
    }

    #[test]
    fn a_question_appears_because_of_an_earlier_answer() {
        let mut room = Room::new();
        let id = contact(&mut room, "07700 900123");
        let n = open(&mut room, id, "domestic incident", None);
        assert!(!keys(&room, n).contains(&"injuries".to_owned()));
        room.act(&handler(), answer("anyone hurt", n, Answered::No));
        assert!(!keys(&room, n).contains(&"injuries".to_owned()));
        room.act(&handler(), answer("anyone hurt", n, Answered::Unknown));
        assert!(keys(&room, n).contains(&"injuries".to_owned()), "not knowing asks no less");
        let refused = room.try_act(&handler(), answer("injuries", n, Answered::Yes));
        assert!(refused.unwrap_err().sentence.contains("answered in words"));
        let refused = room.try_act(&handler(), answer("where gone", n, Answered::Unknown));
        assert!(refused.unwrap_err().sentence.contains("does not ask 'where gone' now"));
    }

    #[test]
    fn vital_signs_are_asked_for_wherever_somebody_may_be_hurt() {
        for (code, gate) in [
            ("domestic incident", Some("anyone hurt")),
            ("violence", Some("anyone hurt")),
            ("robbery", Some("anyone hurt")),
            ("concern for safety", None),
            ("sudden death", None),
            ("medical", None),
            ("road traffic collision injury", None),
        ] {
            let mut room = Room::new();
            let id = contact(&mut room, "07700 900123");
            let n = open(&mut room, id, code, None);
            let signs = ["conscious", "breathing", "bleeding", "ambulance"];
            let asks = |room: &Room| signs.map(|key| keys(room, n).contains(&key.to_owned()));
            if let Some(gate) = gate {
                assert_eq!(asks(&room), [false; 4], "{code}: nobody is said to be hurt");
                room.act(&handler(), answer(gate, n, Answered::Yes));
            }
            assert_eq!(asks(&room), [true; 4], "{code}");
            let text = Words::parse("asked for at 22:04, reference 118").unwrap();
            room.act(&handler(), answer("breathing", n, Answered::No));
            room.act(&handler(), answer("ambulance", n, Answered::Text(text)));
            let suggested = crate::incident::grade::suggest(room.open(n), &room.s.policy);
            let because = suggested.because.iter().any(|c| c.words.ends_with("normally? no"));
            assert!(suggested.grade == grade(1) && because, "{code}: {suggested:?}");
            let danger = prompts::of_danger(room.open(n), &room.s.policy);
            let danger: Vec<String> = danger.into_iter().map(|(_, words)| words).collect();
            let danger = danger.join("; ");
            assert!(danger.contains("breathing normally? no"), "{code}: {danger}");
        }
    }

    #[test]
    fn each_person_described_brings_up_the_next() {
        let mut room = Room::new();
        let id = contact(&mut room, "07700 900123");
        let n = open(&mut room, id, "robbery", None);
        let has = |room: &Room, key: &str| keys(room, n).contains(&key.to_owned());
        assert!(has(&room, "described") && !has(&room, "clothing"));
        room.act(&handler(), answer("described", n, Answered::Yes));
        assert!(has(&room, "clothing") && has(&room, "described 2") && !has(&room, "clothing 2"));
        room.act(&handler(), answer("described 2", n, Answered::Yes));
        let text = |text: &str| Answered::Text(Words::parse(text).unwrap());
        room.act(&handler(), answer("clothing", n, text("a red coat")));
        room.act(&handler(), answer("clothing 2", n, text("a grey hood")));
        room.act(&handler(), answer("described 3", n, Answered::No));
        assert!(!has(&room, "clothing 3") && !has(&room, "described 4"));
        let asked = prompts::asked(&room.s, room.open(n));
        let second = asked.iter().find(|p| p.prompt.as_str() == "clothing 2").unwrap();
        assert!(second.words.starts_with("Person 2: Clothing"), "{second:?}");
        let told = prompts::for_officers(room.open(n), &room.s.policy);
        let told: Vec<&str> = told.iter().filter_map(|t| t.split("? ").nth(1)).collect();
        assert_eq!(told, ["a red coat", "a grey hood"], "both reach the officers");
    }

    #[test]
    fn who_somebody_is_is_theirs_to_say_or_not() {
        let mut room = Room::new();
        let id = contact(&mut room, "07700 900123");
        let n = open(&mut room, id, "hate crime", None);
        let nine = [
            "age",
            "disability",
            "gender reassignment",
            "marriage or civil partnership",
            "pregnancy or maternity",
            "race",
            "religion or belief",
            "sex",
            "sexual orientation",
        ];
        let asked = |room: &Room| nine.map(|key| keys(room, n).contains(&key.to_owned()));
        for key in ["exact words", "gestures", "hostility", "hate before"] {
            assert!(keys(&room, n).contains(&key.to_owned()), "{key}");
        }
        assert_eq!(asked(&room), [false; 9]);
        room.act(&handler(), answer("own description", n, Answered::PreferNotToSay));
        assert_eq!(asked(&room), [false; 9], "no is no");
        room.act(&handler(), answer("own description", n, Answered::Yes));
        assert_eq!(asked(&room), [true; 9]);
        room.act(&handler(), answer("race", n, Answered::PreferNotToSay));
        let told = Answered::Text(Words::parse("get out, and a word for us").unwrap());
        room.act(&handler(), answer("exact words", n, told));
        let refused = room.try_act(&handler(), answer("gestures", n, Answered::PreferNotToSay));
        assert!(refused.unwrap_err().sentence.contains("choose unknown or not applicable"));
        let told = prompts::for_officers(room.open(n), &room.s.policy).join("; ");
        assert!(told.contains("get out, and a word for us"), "{told}");
    }

    #[test]
    fn hidden_risk_and_exploitation_are_asked_for() {
        for (code, wanted) in [
            ("domestic incident", &["unwanted", "controlled", "strangled", "threat to kill"][..]),
            ("stalking and harassment", &["unwanted", "controlled", "leaving", "family"][..]),
            ("modern slavery and exploitation", &["speak freely", "papers kept", "pay kept"][..]),
        ] {
            let mut room = Room::new();
            let id = contact(&mut room, "07700 900123");
            let n = open(&mut room, id, code, None);
            for key in wanted {
                assert!(keys(&room, n).contains(&(*key).to_owned()), "{code}: {key}");
            }
        }
        let mut room = Room::new();
        let id = contact(&mut room, "07700 900123");
        let n = open(&mut room, id, "modern slavery and exploitation", None);
        room.act(&handler(), answer("free to leave", n, Answered::No));
        let suggested = crate::incident::grade::suggest(room.open(n), &room.s.policy);
        assert_eq!(suggested.grade, grade(1), "{suggested:?}");
        let policy = &room.s.policy;
        let said = Words::parse("they took her passport and she is not allowed out").unwrap();
        let code = OpeningCode::parse("ASB nuisance").unwrap();
        let help = super::super::code_help::code_help(policy, &said, Some(&code));
        let hint = help.doubts.first().map(|d| d.suggests.as_str());
        assert_eq!(hint, Some("modern slavery and exploitation"));
    }

    #[test]
    fn a_yes_suggests_the_grade_that_policy_says_and_a_no_suggests_nothing() {
        let mut room = Room::new();
        let id = contact(&mut room, "07700 900123");
        let n = open(&mut room, id, "domestic incident", None);
        let rank = |room: &Room| {
            crate::incident::grade::suggest(room.open(n), &room.s.policy).grade.rank()
        };
        room.act(&handler(), answer("weapons", n, Answered::No));
        assert_eq!(rank(&room), 2);
        room.act(&handler(), answer("there now", n, Answered::Yes));
        assert_eq!(rank(&room), 1);
    }

    #[test]
    fn a_call_ends_when_nothing_is_open_and_each_open_thing_is_named() {
        let mut room = Room::new();
        let contact_id = contact(&mut room, "07700 900123");
        let over = |line_dropped| HangUp { contact: contact_id, line_dropped, because: None };
        let refused = room.try_act(&handler(), over(false)).unwrap_err();
        assert!(refused.sentence.contains("has no record yet"), "{}", refused.sentence);
        let n = open(&mut room, contact_id, "domestic incident", None);
        let refused = room.try_act(&handler(), over(false)).unwrap_err();
        for named in ["not graded", "'Is anybody hurt?' has no answer", "not told what happens"] {
            let found = refused.items.iter().any(|x| x.contains(named));
            assert!(found, "{named}: {:?}", refused.items);
        }
        room.act(&handler(), over(true));
        let about = crate::obligation::Subject::Contact(contact_id);
        assert_eq!(room.s.obligations_about(&about).count(), 1, "what was open is owed");
        let again = room.try_act(&handler(), over(true)).unwrap_err();
        assert!(again.items.iter().any(|x| x.contains(&n.to_string())));
    }
}
