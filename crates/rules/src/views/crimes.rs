//! Reports of a crime that are neither recorded nor decided to be none, by the time that is left.

use super::countdown::countdown_words;
use crate::name::{IncidentNumber, OpeningCode};
use crate::obligation::{Rule, Subject};
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A report of a crime that waits to be recorded. What was said stands on the log alone, where each
/// look is recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrimeRow {
    /// The log.
    pub incident: IncidentNumber,
    /// What it is about; none of a log that has closed.
    pub opening_code: Option<OpeningCode>,
    /// When it was first reported, in any channel.
    pub reported_at: Instant,
    /// By when it is recorded.
    pub due_at: Instant,
    /// How far that is, signed.
    pub countdown: String,
    /// Whether that has passed.
    pub late: bool,
    /// Who owes it.
    pub owner: Owner,
    /// Who that is, for a page.
    pub owner_words: String,
    /// Whether it was handed over to the crime desk.
    pub with_desk: bool,
}

/// Every report of a crime that waits, what is due first.
///
/// Source: Digital desk panel, case 2: recorded five days after.
pub fn crimes(s: &State, now: Instant) -> Vec<CrimeRow> {
    let open = s.obligations.values().filter(|o| o.rule == Rule::CrimeToRecord);
    let mut all: Vec<CrimeRow> = open
        .filter_map(|o| {
            let (incident, with_desk) = match (&o.about, o.part.as_deref()) {
                (Subject::Incident(n), _) => (*n, false),
                (_, Some(part)) => (IncidentNumber::parse(part).ok()?, true),
                _ => return None,
            };
            Some(CrimeRow {
                incident,
                opening_code: s.incident(incident).map(|log| log.opening_code.clone()),
                reported_at: o.from,
                due_at: o.due_at,
                countdown: countdown_words(o.due_at, now),
                late: o.due_at <= now,
                owner: o.owner.clone(),
                owner_words: o.owner.to_string(),
                with_desk,
            })
        })
        .collect();
    all.sort_by_key(|row| (row.due_at, row.incident));
    all
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::time::Span;

    #[test]
    fn what_the_crime_desk_has_stays_on_its_list_after_the_log_closed() {
        let mut room = Room::new();
        let later = room.accepted("theft", 3, place("A", None));
        room.accepted("civil dispute", 4, place("C", None));
        let opened = room.now;
        let [only] = &crimes(&room.s, room.now)[..] else { panic!("a dispute is no crime") };
        assert_eq!((only.incident, only.with_desk, only.late), (later, false, false));
        assert!(only.reported_at <= opened);
        room.minutes(60);
        let outcome = CrimeOutcome::HandedOver(reason("statement and CCTV are with them"));
        room.act(&dispatcher(), SettleCrime { incident: later, outcome });
        let close = room.settle(later);
        room.act(&dispatcher(), close);
        let [row] = &crimes(&room.s, room.now)[..] else { panic!("it is owed still") };
        assert_eq!((row.incident, row.with_desk), (later, true));
        assert_eq!(row.due_at, only.due_at, "the clock goes on from the first report");
        room.minutes(24 * 60);
        assert!(crimes(&room.s, room.now)[0].late);
        let investigator = by("IN01", crate::role::Role::Investigator);
        let outcome = CrimeOutcome::Recorded(label("CDF/2026/0412"));
        room.act(&investigator, SettleCrime { incident: later, outcome });
        assert!(crimes(&room.s, room.now).is_empty());
        let crime = room.s.incident(later).and_then(|log| log.crime.as_ref()).unwrap();
        assert_eq!(crime.at.since(crime.reported_at), room.now.since(only.reported_at));
        assert!(Span::minutes(25 * 60) <= room.now.since(opened));
    }

    /// A log with two pieces of work that are due in an hour.
    fn planned(room: &mut Room) -> IncidentNumber {
        let n = room.accepted("concern for safety", 3, place("A", None));
        let by = Owner::Desk(crate::role::Role::Dispatcher);
        let due = room.now + Span::minutes(60);
        for what in ["fetch the cameras of the shop", "visit the sister"] {
            let plan = PlanWork { incident: n, what: words(what), by: by.clone(), due };
            room.act(&handler(), plan);
        }
        n
    }

    #[test]
    fn a_log_says_what_was_planned_beside_what_was_done() {
        let mut room = Room::new();
        let n = planned(&mut room);
        room.minutes(90);
        let done = FinishWork {
            incident: n,
            work: 1,
            outcome: Outcome::Done(words("copied to a disc, nobody on it")),
            done_by: Some(label("DC14")),
        };
        room.act(&dispatcher(), done);
        let close = room.settle(n);
        let blocked = room.try_act(&dispatcher(), close.clone()).unwrap_err();
        assert!(
            blocked.items.iter().any(|i| i.contains("planned work 2") && i.contains("the sister")),
            "{:?}",
            blocked.items
        );
        let dropped = FinishWork {
            incident: n,
            work: 2,
            outcome: Outcome::NotApplicable(reason("she rang herself")),
            done_by: None,
        };
        room.act(&dispatcher(), dropped.clone());
        let again = room.try_act(&dispatcher(), dropped).unwrap_err();
        assert!(again.sentence.contains("written already"), "{}", again.sentence);
        let log = room.s.incident(n).unwrap();
        let view = super::super::log::log_view(&room.s, log, room.now, None).work;
        let seen: Vec<_> =
            view.iter().map(|w| (w.late, w.words.as_str(), w.done_by.is_some())).collect();
        let first = (true, "copied to a disc, nobody on it", true);
        assert_eq!(seen, [first, (true, "she rang herself", false)]);
        room.act(&dispatcher(), close);
        assert!(room.s.incident(n).is_some_and(|log| log.closed.is_some()));
    }
}
