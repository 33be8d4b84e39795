//! Who is here, what is handed over, what the threat-harm-risk meeting looks at, and whether
//! escalations are kept.

mod meeting; // the threat-harm-risk meeting, and whether escalations are kept

pub use meeting::{
    Compliance, ComplianceRow, DecidedView, MeetingRow, escalation_compliance, meeting_list,
};

use super::countdown::age_words;
use crate::name::*;
use crate::obligation::{Obligation, Rule, Subject};
use crate::role::{Owner, Role};
use crate::shift::{Handover, OnDuty, seats};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A desk and the people at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeskView {
    /// The desk.
    pub desk: Role,
    /// Its name for a page.
    pub words: String,
    /// The people signed on there.
    pub people: Vec<PersonView>,
    /// How many of them are not on a break.
    pub n_here: u32,
    /// How many there must be.
    pub n_min: u32,
    /// Whether there are fewer than there must be.
    pub short: bool,
    /// The desk that answers for this one while nobody is here.
    pub covered_by: Option<Role>,
    /// How far a shortage has gone up, in words; empty if there is none.
    pub shortage: String,
}

/// Somebody on duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonView {
    /// Who.
    pub staff: StaffId,
    /// Their name, if the directory has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// At which seat.
    pub seat: SeatId,
    /// Since when.
    pub since: Instant,
    /// How long that is.
    pub since_words: String,
    /// Whether they are on a break.
    pub on_break: bool,
    /// What they are trained for.
    pub skills: Vec<Label>,
    /// How many open logs they own.
    pub n_logs: u32,
    /// How many open obligations they own.
    pub n_owed: u32,
}

fn n<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// Every desk that policy names or somebody sits at.
pub fn desks(s: &State, now: Instant) -> Vec<DeskView> {
    let named = s.policy.desk.keys().copied();
    let all: BTreeSet<Role> = named.chain(s.staff.values().map(|on| on.role)).collect();
    all.into_iter().map(|desk| desk_view(s, desk, now)).collect()
}

fn desk_view(s: &State, desk: Role, now: Instant) -> DeskView {
    let here = || s.staff.values().filter(|on| on.role == desk);
    let min = s.policy.desk.get(&desk).map_or(0, |row| row.on_duty_min);
    let cover = Some(s.covering(desk)).filter(|role| *role != desk);
    let shortage = s.owed(&Subject::Desk(desk), Rule::DeskShort);
    let short = seats::is_short(s, desk);
    DeskView {
        desk,
        words: desk.words(),
        people: here().map(|on| person(s, on, now)).collect(),
        n_here: n(here().filter(|on| !on.on_break)),
        n_min: u32::try_from(min).unwrap_or(u32::MAX),
        short,
        covered_by: cover,
        shortage: if short { shortage_words(shortage, now) } else { String::new() },
    }
}

fn shortage_words(o: Option<&Obligation>, now: Instant) -> String {
    match o {
        Some(o) if !o.told.is_empty() => {
            let told: Vec<String> = o.told.iter().map(ToString::to_string).collect();
            format!("short for {}, {} told", age_words(o.from, now), told.join(", "))
        }
        Some(o) => format!("short for {}, nobody told yet", age_words(o.from, now)),
        None => "short".to_owned(),
    }
}

fn person(s: &State, on: &OnDuty, now: Instant) -> PersonView {
    let me = Owner::Staff(on.staff.clone());
    PersonView {
        staff: on.staff.clone(),
        name: s.directory.get(&on.staff).map(|held| held.name.clone()),
        seat: on.seat.clone(),
        since: on.since,
        since_words: age_words(on.since, now),
        on_break: on.on_break,
        skills: on.skills.clone(),
        n_logs: n(s.incidents.values().filter(|log| log.closed.is_none() && log.owner == me)),
        n_owed: n(s.obligations.values().filter(|o| o.owner == me)),
    }
}

/// A handover that is not accepted whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HandoverView {
    /// Its number.
    pub handover: HandoverId,
    /// The desk.
    pub desk: Role,
    /// Who built it, and so cannot accept it.
    pub built_by: StaffId,
    /// When.
    pub built_at: Instant,
    /// How long ago.
    pub age_words: String,
    /// Its lines.
    pub lines: Vec<HandoverLineView>,
    /// How many lines nobody has accepted.
    pub n_open: u32,
}

/// A line of a handover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HandoverLineView {
    /// Its number.
    pub line: u32,
    /// Why it is on the list.
    pub words: String,
    /// The log it is about.
    pub n: Option<IncidentNumber>,
    /// The obligation it is about.
    pub obligation: Option<ObligationId>,
    /// Who accepted it.
    pub accepted_by: Option<StaffId>,
    /// When.
    pub accepted_at: Option<Instant>,
}

/// The handovers that are not accepted whole, oldest first.
pub fn handovers(s: &State, now: Instant) -> Vec<HandoverView> {
    s.handovers.values().map(|h| handover(h, now)).collect()
}

fn handover(h: &Handover, now: Instant) -> HandoverView {
    let line = |line: &crate::event::HandoverLine| {
        let accepted = h.accepted.iter().find(|(n, ..)| *n == line.line);
        HandoverLineView {
            line: line.line,
            words: line.words.clone(),
            n: line.incident,
            obligation: line.obligation,
            accepted_by: accepted.map(|(_, by, _)| by.clone()),
            accepted_at: accepted.map(|(.., at)| *at),
        }
    };
    let lines: Vec<HandoverLineView> = h.lines.iter().map(line).collect();
    HandoverView {
        handover: h.id,
        desk: h.desk,
        built_by: h.built_by.clone(),
        built_at: h.built_at,
        age_words: age_words(h.built_at, now),
        n_open: n(lines.iter().filter(|l| l.accepted_by.is_none())),
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;

    #[test]
    fn a_desk_without_people_says_who_covers_and_that_it_is_short() {
        let mut room = Room::new();
        room.accepted("burglary", 2, place("A", None));
        let all = desks(&room.s, room.now);
        let of = |desk: Role| all.iter().find(|d| d.desk == desk).unwrap();
        let support = of(Role::SupportOperator);
        assert_eq!((support.n_here, support.n_min, support.short), (0, 2, true));
        assert_eq!(support.covered_by, Some(Role::Dispatcher));
        let dispatch = of(Role::Dispatcher);
        assert_eq!(dispatch.people.first().map(|p| p.n_logs), Some(1));
        assert_eq!((of(Role::TeamLeader).short, of(Role::TeamLeader).covered_by), (false, None));
    }

    #[test]
    fn a_handover_shows_which_lines_are_accepted_and_by_whom() {
        let mut room = Room::new();
        room.accepted("burglary", 2, place("A", None));
        room.accepted("robbery", 1, place("B", None));
        room.minutes(10);
        room.act(&dispatcher(), BuildHandover { desk: Role::Dispatcher });
        let id = handovers(&room.s, room.now).first().map(|h| h.handover).unwrap();
        let next = by("DD08", Role::Dispatcher);
        room.act(&next, AcceptHandoverLine { handover: id, line: 1 });
        let all = handovers(&room.s, room.now);
        let [handover] = &all[..] else { panic!("{all:?}") };
        let by: Vec<_> = handover.lines.iter().map(|l| l.accepted_by.clone()).collect();
        assert_eq!(by.first(), Some(&Some(next.staff)));
        assert_eq!(handover.n_open as usize, handover.lines.len() - 1);
        assert_eq!(handover.built_by, dispatcher().staff);
    }
}
