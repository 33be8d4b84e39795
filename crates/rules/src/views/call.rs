//! What a call handler sees about a call beyond its own logs: open logs that may be the same thing.

use super::countdown::age_words;
use super::reach::haversine_metres;
use crate::command::Point;
use crate::contact::Contact;
use crate::incident::Incident;
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

/// A number without what people put between its digits.
fn digits(line: &Line) -> String {
    let kept: String = line.as_str().chars().filter(|c| c.is_alphanumeric() || *c == '@').collect();
    kept.to_lowercase()
}

/// Open logs on the same number or close by, the most urgent first. Those in `own` are left out.
///
/// Source: Learning the Lessons, case 8: three calls, three handlers, no link.
pub fn related(
    s: &State,
    contact: &Contact,
    near: Option<Point>,
    own: &[IncidentNumber],
    now: Instant,
) -> Vec<Related> {
    let line = contact.line.as_ref().map(digits).filter(|d| !d.is_empty());
    let others = s.incidents.values().filter(|x| x.closed.is_none() && !own.contains(&x.number));
    let mut found: Vec<Related> = others
        .filter_map(|log| {
            let same = line.as_ref().is_some_and(|line| is_on_line(s, log, line));
            let because = if same { "same number".to_owned() } else { close_by(log, near)? };
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
    told.into_iter().chain(rang).any(|other| digits(other) == line)
}

fn close_by(log: &Incident, near: Option<Point>) -> Option<String> {
    let metres = haversine_metres(near?, log.location.point?);
    (metres <= NEAR_METRES).then(|| format!("{metres:.0} m away"))
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
        let found = related(&room.s, call, at(51.5), &[], room.now);
        let found: Vec<(IncidentNumber, &str)> =
            found.iter().map(|r| (r.n, r.because.as_str())).collect();
        assert_eq!(found.len(), 2);
        assert!(found.contains(&(same, "same number")) && found.contains(&(near, "111 m away")));
        assert!(related(&room.s, call, None, &[same], room.now).is_empty());
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
        let over = |line_dropped| HangUp { contact: contact_id, line_dropped };
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
