//! The moment: what was lit where, who was on duty in which role, and where the log stood on the
//! board.

use super::story::{Moment, MomentKind};
use super::{concerns, handles};
use crate::incident::Incident;
use crate::name::{ObligationId, StaffId};
use crate::obligation::Rule;
use crate::policy::Level;
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::Instant;
use crate::views::alarm_text::alarm_text;
use crate::views::board::{BoardFilter, BoardRow, board};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An alarm about the log, lit at a position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmThen {
    /// The obligation.
    pub obligation: ObligationId,
    /// Its rule.
    pub rule: Rule,
    /// How loud it was.
    pub level: Level,
    /// Where it was lit.
    pub position: Owner,
    /// Who answered for that position then.
    pub answered_by: Owner,
    /// What, where, since, what to do, as it read.
    pub text: String,
    /// With how many others it was one alarm.
    pub rolled_up_with: u32,
    /// Whether it had sounded there, or was only a badge.
    pub sounded: bool,
    /// Whether somebody had silenced it.
    pub silenced: bool,
}

/// Somebody on duty then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonThen {
    /// Who.
    pub staff: StaffId,
    /// At which seat.
    pub seat: String,
    /// Whether they were on a break.
    pub on_break: bool,
    /// Whether they handled the log.
    pub handles: bool,
    /// When they had last looked at it, if they had.
    pub looked_at: Option<Instant>,
}

/// What a role had in front of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RoleThen {
    /// The role.
    pub role: Role,
    /// Who was on duty in it.
    pub people: Vec<PersonThen>,
    /// The alarms about the log that were lit at its positions.
    pub alarms: Vec<AlarmThen>,
    /// When anybody in this role had last looked at the log, on duty still or not.
    pub looked_at: Option<Instant>,
    /// How many of those who had looked were in this role.
    pub n_looked: u32,
}

/// Where the log stood among the open ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardThen {
    /// Its place, from 1.
    pub place: u32,
    /// Of how many.
    pub of: u32,
    /// Its row as it read.
    pub row: BoardRow,
}

/// What was lit about the log, position by position, the loudest first.
pub fn alarms_then(s: &State, log: &Incident, now: Instant) -> Vec<AlarmThen> {
    let mut all = Vec::new();
    for ((position, _), rolled) in &s.alarms.rolled {
        let others = u32::try_from(rolled.lit.len()).unwrap_or(u32::MAX).saturating_sub(1);
        let lit = rolled.lit.iter().filter_map(|id| s.obligations.get(id));
        all.extend(lit.filter(|o| concerns(log, o)).map(|o| AlarmThen {
            obligation: o.id,
            rule: o.rule,
            level: o.level.unwrap_or(Level::A4),
            position: position.clone(),
            answered_by: s.present(position),
            text: alarm_text(s, o, now),
            rolled_up_with: others,
            sounded: rolled.heard.is_some(),
            silenced: rolled.silenced,
        }));
    }
    all.sort_by(|a, b| {
        (a.level, a.obligation, &a.position).cmp(&(b.level, b.obligation, &b.position))
    });
    all
}

/// What each role had in front of it: those with somebody on duty, with an alarm, or with somebody
/// who had looked. `moments` are those up to then.
pub fn roles_then(
    s: &State,
    log: &Incident,
    alarms: &[AlarmThen],
    moments: &[Moment],
) -> Vec<RoleThen> {
    let looks = || moments.iter().filter(|m| m.kind == MomentKind::Looked);
    let of = |role: Role| {
        let on_duty = s.staff.values().filter(move |on| on.role == role);
        let people = on_duty.map(|on| PersonThen {
            staff: on.staff.clone(),
            seat: on.seat.to_string(),
            on_break: on.on_break,
            handles: handles(s, log, &on.staff),
            looked_at: looks().filter(|m| m.by.staff == on.staff).map(|m| m.at).max(),
        });
        let mut looked: Vec<&StaffId> =
            looks().filter(|m| m.by.role == role).map(|m| &m.by.staff).collect();
        looked.sort();
        looked.dedup();
        RoleThen {
            role,
            people: people.collect(),
            alarms: alarms.iter().filter(|a| is_heard_by(s, a, role)).cloned().collect(),
            looked_at: looks().filter(|m| m.by.role == role).map(|m| m.at).max(),
            n_looked: u32::try_from(looked.len()).unwrap_or(u32::MAX),
        }
    };
    Role::ALL.into_iter().map(of).collect()
}

fn is_heard_by(s: &State, alarm: &AlarmThen, role: Role) -> bool {
    match &alarm.answered_by {
        Owner::Desk(desk) => *desk == role && s.is_staffed(role),
        Owner::Staff(staff) => s.staff.get(staff).is_some_and(|on| on.role == role),
    }
}

/// Where the log stood among the open ones; `None` if it was not open.
pub fn board_then(s: &State, log: &Incident, now: Instant) -> Option<BoardThen> {
    let rows = board(s, now, &BoardFilter::default());
    let of = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let at = rows.iter().position(|row| row.n == log.number)?;
    let row = rows.into_iter().nth(at)?;
    Some(BoardThen { place: u32::try_from(at + 1).unwrap_or(u32::MAX), of, row })
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::super::{Moment, MomentKind, Story};
    use super::*;
    use crate::command::*;
    use crate::name::*;
    use crate::role::By;
    use crate::time::{LocalDay, Now, Span};

    /// Carries out a command, and tells the story of it.
    fn act(room: &mut Room, story: &mut Story, by: &By, command: impl Into<Command>) {
        let before = room.s.clone();
        let now = Now { at: room.now, day: LocalDay(20_261_121) };
        let done = crate::decide::act(&mut room.s, by, &command.into(), None, now).unwrap();
        tell(before, story, &done);
    }

    fn tell(mut s: State, story: &mut Story, events: &[(crate::event::Event, crate::event::Meta)]) {
        for (event, meta) in events {
            story.note(&s, event, meta);
            s.evolve(event, meta);
        }
    }

    fn minutes(room: &mut Room, story: &mut Story, n: i64) {
        let until = room.now + Span::minutes(n);
        while let Some(at) = crate::due::next_due(&room.s).filter(|at| *at <= until) {
            room.now = room.now.max(at);
            let before = room.s.clone();
            let done = crate::decide::tick(&mut room.s, room.now).unwrap_or_default();
            tell(before, story, &done);
        }
        room.now = until;
    }

    fn look(room: &mut Room, story: &mut Story, by: &By, n: IncidentNumber) {
        let what = Label::parse(&format!("incident {n}")).unwrap();
        act(room, story, by, RecordRead { what, purpose: reason("to decide on a unit") });
    }

    fn heard(story: &Story, kind: MomentKind) -> Vec<&Moment> {
        story.moments().iter().filter(|m| m.kind == kind).collect()
    }

    #[test]
    fn the_story_has_the_sounds_the_silence_and_the_looks_of_one_log_alone() {
        let mut room = Room::new();
        let n = room.accepted("robbery", 1, place("4 High St", None));
        let other = room.accepted("theft", 3, place("9 Low St", None));
        let mut story = Story::new(n);
        look(&mut room, &mut story, &dispatcher(), other);
        look(&mut room, &mut story, &dispatcher(), n);
        minutes(&mut room, &mut story, 6);
        let sounds = heard(&story, MomentKind::Sounded);
        let first = sounds.first().expect("a log of grade 1 without a unit sounds");
        let (at, rule) = (first.position.clone().unwrap(), first.rule.unwrap());
        assert!(first.words.contains(rule.owed()), "{first:?}");
        let who = if at == Owner::Desk(Role::Dispatcher) { dispatcher() } else { leader() };
        act(&mut room, &mut story, &who, SilenceAlarm { rule });
        let silenced = heard(&story, MomentKind::Silenced);
        assert_eq!(silenced.first().map(|m| m.by.staff.clone()), Some(who.staff));
        let looks = heard(&story, MomentKind::Looked);
        assert_eq!(looks.len(), 1, "the look at the other log is not of this story: {looks:?}");
        assert_eq!(looks[0].words, "to decide on a unit");
        assert!(!heard(&story, MomentKind::Recorded).is_empty(), "what fired is on the log");
        assert_eq!(story.left_out(), 0);
    }

    #[test]
    fn each_role_is_shown_what_was_lit_at_its_positions_and_who_had_looked() {
        let mut room = Room::new();
        let n = room.accepted("robbery", 1, place("4 High St", None));
        let mut story = Story::new(n);
        look(&mut room, &mut story, &leader(), n);
        minutes(&mut room, &mut story, 6);
        let log = room.open(n).clone();
        let alarms = alarms_then(&room.s, &log, room.now);
        let lit = alarms.iter().find(|a| a.rule == Rule::Unresourced).expect("it is lit");
        assert!(lit.sounded && !lit.silenced && lit.text.contains("4 High St"), "{lit:?}");
        let roles = roles_then(&room.s, &log, &alarms, story.moments());
        let of = |role: Role| roles.iter().find(|r| r.role == role).unwrap();
        let heard: Vec<Role> =
            roles.iter().filter(|r| !r.alarms.is_empty()).map(|r| r.role).collect();
        let Owner::Desk(desk) = lit.answered_by else { panic!("{lit:?}") };
        assert!(heard.contains(&desk), "{heard:?}");
        assert!(of(Role::Officer).alarms.is_empty() && of(Role::Officer).people.is_empty());
        let leader = of(Role::TeamLeader);
        assert_eq!(leader.n_looked, 1);
        assert!(leader.people.iter().all(|p| p.looked_at.is_some() && !p.handles));
        let handler = of(Role::CallHandler);
        assert!(handler.looked_at.is_none() && handler.people.iter().all(|p| p.handles));
        let board = board_then(&room.s, &log, room.now).unwrap();
        assert_eq!((board.place, board.of, board.row.n), (1, 1, n));
    }
}
