//! What sounds for a person, and what waits for their decision. "Nine over target" is one alarm,
//! not nine, and it opens its members in risk order.

mod catalogue; // every rule with its owner, answer and ladder
mod counts; //    how the alarms themselves are doing
mod delayed; //   what somebody has put off

pub use catalogue::{CatalogueLadder, CatalogueRow, catalogue};
pub use counts::{AlarmCounts, LevelCount, PositionCount, RuleCount, alarm_counts};
pub use delayed::{Delayed, delayed};

use super::alarm_text::{alarm_text, what_to_do};
use super::board::risk_points;
use super::countdown::countdown_words;
use super::owed::{Owed, owed};
use crate::name::*;
use crate::obligation::{Obligation, Rule};
use crate::policy::Level;
use crate::role::{By, Owner, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What sounds at a person's positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmBoard {
    /// The desks this person answers for now: their own and those it covers.
    pub desks: Vec<Role>,
    /// The alarms: loudest first, then the one with the worst member.
    pub alarms: Vec<Alarm>,
    /// Whether one of the positions has had too many alarms; then only critical ones sound.
    pub flooded: bool,
    /// For whoever supervises: the positions in flood, which may need half their list taken over.
    pub positions_in_flood: Vec<Owner>,
}

/// Everything of one kind that is lit at a person's positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alarm {
    /// The rule.
    pub rule: Rule,
    /// The loudest level among the members.
    pub level: Level,
    /// How many there are.
    pub count: u32,
    /// One line for all of them: `9 x a unit, oldest +02:14, 2 carry MARAC`.
    pub line: String,
    /// The worst of them: what, where, since, what to do.
    pub worst: String,
    /// What to do about this kind.
    pub what_to_do: String,
    /// The members in risk order, the worst first.
    pub members: Vec<AlarmMember>,
    /// Whether it has made a sound, or is only a badge.
    pub sounded: bool,
    /// Whether the sound was stopped. It is no action.
    pub silenced: bool,
    /// What was heard when it last sounded; it sounds again only when that gets worse.
    pub heard: String,
    /// The rule as a sentence.
    pub why: String,
    /// Where the rule comes from.
    pub source: String,
}

/// One member of an alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmMember {
    /// The obligation.
    pub obligation: ObligationId,
    /// The log it is about.
    pub n: Option<IncidentNumber>,
    /// How loud it is.
    pub level: Level,
    /// The risk of its log.
    pub risk: u32,
    /// How far from its due time.
    pub countdown: String,
    /// What, where, since, what to do.
    pub text: String,
}

/// Whether somebody answers for a position: it is theirs, or its desk's work comes to their desk.
fn answers_for(s: &State, me: &By, position: &Owner) -> bool {
    *position == Owner::Staff(me.staff.clone()) || s.present(position) == Owner::Desk(me.role)
}

/// The desks whose work comes to a role now.
pub fn desks_of(s: &State, role: Role) -> Vec<Role> {
    Role::ALL.into_iter().filter(|desk| s.covering(*desk) == role).collect()
}

/// The obligations lit at a person's positions, by rule.
fn lit<'s>(s: &'s State, me: &By) -> BTreeMap<Rule, BTreeMap<ObligationId, &'s Obligation>> {
    let mut by_rule: BTreeMap<Rule, BTreeMap<ObligationId, &Obligation>> = BTreeMap::new();
    for (_, rolled) in s.alarms.rolled.iter().filter(|((p, _), _)| answers_for(s, me, p)) {
        for o in rolled.lit.iter().filter_map(|id| s.obligations.get(id)) {
            by_rule.entry(o.rule).or_default().insert(o.id, o);
        }
    }
    by_rule
}

/// What sounds at a person's positions.
pub fn alarms(s: &State, me: &By, now: Instant) -> AlarmBoard {
    let mut alarms: Vec<Alarm> = lit(s, me)
        .into_iter()
        .filter(|(_, members)| !members.is_empty())
        .map(|(rule, members)| alarm(s, me, rule, members.into_values().collect(), now))
        .collect();
    alarms.sort_by_key(|a| (a.level, Reverse(a.members.first().map_or(0, |m| m.risk)), a.rule));
    AlarmBoard {
        desks: desks_of(s, me.role),
        alarms,
        flooded: s.alarms.flooded.iter().any(|p| answers_for(s, me, p)),
        positions_in_flood: match me.role.supervises() {
            true => s.alarms.flooded.iter().cloned().collect(),
            false => Vec::new(),
        },
    }
}

fn alarm(s: &State, me: &By, rule: Rule, lit: Vec<&Obligation>, now: Instant) -> Alarm {
    let members = members(s, lit, now);
    let mine = || {
        let key = s.policy.alarm.rolls_up_as(rule);
        let of_rule = s.alarms.rolled.iter().filter(move |((_, r), _)| *r == key);
        of_rule.filter(|((p, _), _)| answers_for(s, me, p)).map(|(_, rolled)| rolled)
    };
    let heard = mine().filter_map(|rolled| rolled.heard.as_ref()).max_by_key(|h| h.count);
    Alarm {
        rule,
        level: members.iter().map(|m| m.level).min().unwrap_or(Level::A4),
        count: u32::try_from(members.len()).unwrap_or(u32::MAX),
        line: line(s, rule, &members, now),
        worst: members.first().map(|m| m.text.clone()).unwrap_or_default(),
        what_to_do: what_to_do(&s.policy, rule).to_owned(),
        sounded: heard.is_some(),
        silenced: heard.is_some()
            && mine().filter(|rolled| rolled.heard.is_some()).all(|rolled| rolled.silenced),
        heard: heard.map_or("a badge: it has made no sound".to_owned(), |h| heard_words(s, h)),
        why: rule.why().to_owned(),
        source: rule.source().to_owned(),
        members,
    }
}

fn heard_words(s: &State, heard: &crate::alarm::Heard) -> String {
    let grade = heard.grade.map(|g| format!(", {} the most urgent", s.policy.grade_label(g)));
    let step = heard.age_step.checked_sub(1).and_then(|n| s.policy.alarm.age_steps.get(n as usize));
    let late = step.map(|step| match step.0 {
        0 => ", at its due time".to_owned(),
        _ => format!(", {} past its due time", step.words()),
    });
    let (grade, late) = (grade.unwrap_or_default(), late.unwrap_or_default());
    format!("sounded with {} lit{grade}{late}; sounds again when that gets worse", heard.count)
}

fn members(s: &State, lit: Vec<&Obligation>, now: Instant) -> Vec<AlarmMember> {
    let mut members: Vec<(Instant, AlarmMember)> = lit
        .into_iter()
        .map(|o| {
            let member = AlarmMember {
                obligation: o.id,
                n: o.about.incident(),
                level: o.level.unwrap_or(Level::A4),
                risk: risk_of(s, o, now),
                countdown: countdown_words(o.due_at, now),
                text: alarm_text(s, o, now),
            };
            (o.due_at, member)
        })
        .collect();
    members.sort_by_key(|(due_at, m)| (m.level, Reverse(m.risk), *due_at, m.obligation));
    members.into_iter().map(|(_, m)| m).collect()
}

/// The risk of what an obligation is about. What is about no log has the risk of its level alone.
fn risk_of(s: &State, o: &Obligation, now: Instant) -> u32 {
    let on = match &o.about {
        crate::obligation::Subject::Unit(call_sign) => s.units.get(call_sign).and_then(|u| u.on),
        about => about.incident(),
    };
    on.and_then(|n| s.incident(n)).map_or(0, |log| risk_points(s, log, now))
}

fn line(s: &State, rule: Rule, members: &[AlarmMember], now: Instant) -> String {
    let due = members.iter().filter_map(|m| s.obligations.get(&m.obligation)).map(|o| o.due_at);
    let oldest = due.min().map(|at| countdown_words(at, now)).unwrap_or_default();
    let mut marked: BTreeMap<&str, BTreeSet<IncidentNumber>> = BTreeMap::new();
    for log in members.iter().filter_map(|m| s.incident(m.n?)) {
        for marker in &log.markers {
            marked.entry(marker.marker.as_str()).or_default().insert(log.number);
        }
    }
    let carry: Vec<String> =
        marked.iter().map(|(marker, logs)| format!("{} with {marker}", logs.len())).collect();
    let carry = if carry.is_empty() { String::new() } else { format!(", {}", carry.join(", ")) };
    format!("{} x {}, oldest {oldest}{carry}", members.len(), rule.owed())
}

/// What waits for a person's decision: told to them or to a desk they answer for, without a verb
/// since, in risk order. The only ways out are to own it, give it, delay it with a reason or raise
/// it, or to do what is owed.
///
/// Source: Learning the Lessons, case 9: "no action required" is not a decision.
pub fn needs_my_decision(s: &State, me: &By, now: Instant) -> Vec<Decision> {
    let mut all: Vec<Decision> = lit(s, me)
        .into_values()
        .flat_map(BTreeMap::into_values)
        .filter(|o| o.level.is_some_and(|level| level <= Level::A2))
        .map(|o| Decision {
            risk: risk_of(s, o, now),
            text: alarm_text(s, o, now),
            owed: owed(s, o, now),
        })
        .collect();
    all.sort_by_key(|d| (d.owed.level, Reverse(d.risk), d.owed.due_at, d.owed.id));
    all
}

/// One thing to decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The risk of its log.
    pub risk: u32,
    /// What, where, since, what to do.
    pub text: String,
    /// The obligation in full.
    pub owed: Owed,
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;

    fn of_rule(room: &Room, who: &By, rule: Rule) -> Option<Alarm> {
        alarms(&room.s, who, room.now).alarms.into_iter().find(|a| a.rule == rule)
    }

    #[test]
    fn nine_logs_without_a_unit_are_one_alarm_with_the_worst_first() {
        let mut room = Room::new();
        let logs: Vec<IncidentNumber> = (0..9)
            .map(|i| room.accepted("burglary", 2, place(&format!("{i} High St"), None)))
            .collect();
        let marked = logs[4];
        room.marker(marked, "MARAC");
        room.minutes(40);
        let alarm = of_rule(&room, &dispatcher(), Rule::Unresourced)
            .or_else(|| of_rule(&room, &leader(), Rule::Unresourced))
            .unwrap();
        assert_eq!(alarm.count, 9);
        assert_eq!(alarm.members.first().and_then(|m| m.n), Some(marked));
        assert_eq!(alarm.line, "9 x a unit, oldest +00:25, 1 with MARAC");
        let what = format!("Priority, no unit for 40 min. 4 High St, log {marked}. MARAC.");
        assert_eq!(alarm.worst, format!("{what} Assign, delay or raise."));
        assert!(alarm.sounded && alarm.heard.starts_with("sounded with "), "{}", alarm.heard);
    }

    #[test]
    fn silencing_is_no_action_and_a_verb_takes_it_off_the_list() {
        let mut room = Room::new();
        let n = room.accepted("robbery", 1, place("A", None));
        room.minutes(6);
        let lit = || of_rule;
        let who = [dispatcher(), leader()];
        let me = who.iter().find(|who| lit()(&room, who, Rule::Unresourced).is_some()).unwrap();
        room.act(me, SilenceAlarm { rule: Rule::Unresourced });
        let alarm = of_rule(&room, me, Rule::Unresourced).unwrap();
        assert!(alarm.silenced && alarm.sounded);
        let waits = |room: &Room| {
            needs_my_decision(&room.s, me, room.now)
                .into_iter()
                .find(|d| d.owed.rule == Rule::Unresourced)
        };
        let decision = waits(&room).unwrap();
        assert_eq!(decision.owed.about.incident(), Some(n));
        let obligation = decision.owed.id;
        room.act(me, OwnObligation { obligation, words: words("calling the next district") });
        assert!(waits(&room).is_none(), "owning it is a decision");
        assert!(of_rule(&room, me, Rule::Unresourced).is_none());
    }

    #[test]
    fn a_desk_that_covers_another_hears_its_alarms() {
        let mut room = Room::new();
        assert!(desks_of(&room.s, Role::TeamLeader).contains(&Role::DispatchSupervisor));
        let n = room.accepted("robbery", 1, place("A", None));
        let contested =
            ContestGrade { incident: n, grade: grade(1), reason: reason("more danger") };
        let low = room.accepted("theft", 3, place("B", None));
        room.act(&handler(), ContestGrade { incident: low, ..contested });
        room.minutes(1);
        let decisions = needs_my_decision(&room.s, &leader(), room.now);
        let asked = decisions.iter().find(|d| d.owed.rule == Rule::GradeContested).unwrap();
        assert!(
            asked.text.ends_with("Raise the grade, or decide with a reason."),
            "{}",
            asked.text
        );
        let handlers = needs_my_decision(&room.s, &handler(), room.now);
        assert!(handlers.iter().all(|d| d.owed.rule != Rule::GradeContested));
    }
}
