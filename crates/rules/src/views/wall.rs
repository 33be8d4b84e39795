//! Six numbers for the wall of the room, and the hours in which what is open came in. Nothing
//! that says who: a wall is read by whoever passes.

use super::board::{BoardFilter, BoardRow, board};
use super::countdown::age_words;
use crate::command::Channel;
use crate::contact::Contact;
use crate::name::Grade;
use crate::obligation::Rule;
use crate::state::State;
use crate::time::{Instant, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WallNumber {
    /// Which of the six.
    pub about: WallAbout,
    /// The number as it is shown: `4`, `7 min`.
    pub value: String,
    /// The target as it is shown.
    pub target: String,
    /// How it stands against the target.
    pub standing: Standing,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WallAbout {
    /// Emergency calls that were taken and have no log, link or outcome yet.
    EmergencyUnrecorded,
    /// How long the oldest other call has had no log, link or outcome.
    OtherOldest,
    /// Promised ring-backs whose time has passed.
    RingBacksLate,
    /// Logs of the most urgent grade without a unit.
    TopUnresourced,
    /// Logs of any grade over their target.
    OverTarget,
    /// How long the oldest digital contact has had no log, link or outcome.
    DigitalOldest,
}

/// How a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// On or under its target.
    Met,
    /// Over its target.
    Over,
    /// The force has set none.
    NoTarget,
}

/// The six numbers, in reading order.
///
/// Source: Learning the Lessons, case 9: the room did not see how it stood.
pub fn wall(s: &State, now: Instant) -> Vec<WallNumber> {
    let rows = board(s, now, &BoardFilter::default());
    let top = |r: &&BoardRow| r.grade == Some(Grade::TOP) && r.no_unit_since.is_some();
    let late = s.obligations.values().filter(|o| o.due_at <= now);
    let ring_backs = late.filter(|o| o.rule == Rule::RingBackOwed).count();
    let emergency = waiting(s, |c| c == Channel::Emergency).count();
    vec![
        counted(WallAbout::EmergencyUnrecorded, emergency),
        oldest(s, WallAbout::OtherOldest, now, is_other_call),
        counted(WallAbout::RingBacksLate, ring_backs),
        counted(WallAbout::TopUnresourced, rows.iter().filter(top).count()),
        counted(WallAbout::OverTarget, rows.iter().filter(|r| r.late).count()),
        oldest(s, WallAbout::DigitalOldest, now, is_digital),
    ]
}

fn is_other_call(channel: Channel) -> bool {
    matches!(channel, Channel::NonEmergency | Channel::Switchboard)
}

fn is_digital(channel: Channel) -> bool {
    use Channel::{Chat, Email, Sms, Social, WebForm};
    matches!(channel, Email | WebForm | Social | Chat | Sms)
}

fn waiting(s: &State, of: impl Fn(Channel) -> bool) -> impl Iterator<Item = &Contact> {
    s.contacts.values().filter(move |c| !c.settled && of(c.channel))
}

/// A count whose target is none at all.
fn counted(about: WallAbout, n: usize) -> WallNumber {
    let standing = if n == 0 { Standing::Met } else { Standing::Over };
    WallNumber { about, value: n.to_string(), target: "0".to_owned(), standing }
}

/// An age against the time that a contact may be without a record.
fn oldest(s: &State, about: WallAbout, now: Instant, of: fn(Channel) -> bool) -> WallNumber {
    let since = waiting(s, of).map(|c| c.received_at).min();
    let allowed = s.policy.obligation(Rule::ContactOwed).and_then(|row| row.due_in(None));
    let standing = match (since, allowed) {
        (_, None) => Standing::NoTarget,
        (Some(since), Some(allowed)) if allowed < now.since(since) => Standing::Over,
        _ => Standing::Met,
    };
    WallNumber {
        about,
        value: since.map_or_else(|| "0".to_owned(), |at| age_words(at, now)),
        target: allowed.map_or_else(String::new, Span::words),
        standing,
    }
}

/// An hour, and how many of the logs that are still open were opened in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenedHour {
    /// When it began, counted back from now.
    pub from: Instant,
    /// When it ended.
    pub to: Instant,
    /// How many logs opened within it are still open.
    pub n: u32,
    /// How many of those wait for a unit.
    pub n_waiting: u32,
}

/// The open logs by the hour in which they were opened, the newest hour first.
pub fn opened_by_hour(s: &State, now: Instant, hours: i64) -> Vec<OpenedHour> {
    let rows = board(s, now, &BoardFilter::default());
    let opened = |r: &BoardRow| s.incident(r.n).map(|log| log.opened_at);
    let hour = |back: i64| {
        let to = now - Span::minutes(60 * back);
        let from = to - Span::minutes(60);
        let within: Vec<&BoardRow> =
            rows.iter().filter(|r| opened(r).is_some_and(|at| from < at && at <= to)).collect();
        let waiting = within.iter().filter(|r| r.no_unit_since.is_some()).count();
        OpenedHour { from, to, n: n(within.len()), n_waiting: n(waiting) }
    };
    (0..hours).map(hour).collect()
}

fn n(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;

    fn of(room: &Room, about: WallAbout) -> WallNumber {
        wall(&room.s, room.now).into_iter().find(|x| x.about == about).unwrap()
    }

    fn contact(room: &mut Room, channel: Channel) {
        let words = Some(words("somebody is at my door"));
        room.act(
            &handler(),
            ReceiveContact { channel, line: None, name: None, words, location: None, seat: None },
        );
    }

    #[test]
    fn the_wall_shows_six_numbers_and_each_says_how_it_stands() {
        let mut room = Room::new();
        let quiet = wall(&room.s, room.now);
        assert_eq!(quiet.len(), 6);
        assert!(quiet.iter().all(|x| x.value == "0" && x.standing != Standing::Over), "{quiet:?}");
        contact(&mut room, Channel::Emergency);
        contact(&mut room, Channel::NonEmergency);
        room.accepted("robbery", 1, place("A", None));
        room.minutes(120);
        let number = |about| (of(&room, about).value, of(&room, about).standing);
        assert_eq!(number(WallAbout::EmergencyUnrecorded), ("1".to_owned(), Standing::Over));
        assert_eq!(number(WallAbout::OtherOldest), ("2 h".to_owned(), Standing::Over));
        assert_eq!(number(WallAbout::TopUnresourced), ("1".to_owned(), Standing::Over));
        assert_eq!(number(WallAbout::OverTarget), ("1".to_owned(), Standing::Over));
        assert_eq!(number(WallAbout::DigitalOldest), ("0".to_owned(), Standing::Met));
        assert_eq!(number(WallAbout::RingBacksLate), ("0".to_owned(), Standing::Met));
    }

    #[test]
    fn open_logs_are_counted_by_the_hour_they_came_in() {
        let mut room = Room::new();
        room.accepted("theft", 3, place("A", None));
        room.minutes(90);
        room.accepted("robbery", 1, place("B", None));
        room.accepted("robbery", 1, place("C", None));
        let hours = opened_by_hour(&room.s, room.now, 3);
        assert_eq!(hours.iter().map(|h| h.n).collect::<Vec<_>>(), [2, 1, 0]);
    }
}
