//! The numbers.

use super::heard::{AlarmLog, Sound, There, Took};
use super::spread::n;
use super::*;
use crate::alarm::Why;
use crate::state::State;
use crate::views::countdown::age_words;
use crate::views::owed::is_lit;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How the alarms did over the day that ends now. `s` is the room as it stands after the events
/// that `log` was given.
pub fn alarm_kpi(log: &AlarmLog, s: &State, now: Instant) -> AlarmKpi {
    let from = log.begun.map_or(now, |begun| begun.max(now - WINDOW)).min(now);
    let sounds: Vec<&Sound> = log.sounds.iter().filter(|x| from <= x.at).collect();
    let positions = positions(log, s, &sounds, from, now);
    let bad_actors = bad_actors(&sounds);
    let worst: u32 = bad_actors.iter().map(|actor| actor.sounds).sum();
    let told = |level| n(log.told.iter().filter(|(at, l)| from <= *at && *l == level).count());
    AlarmKpi {
        from,
        to: now,
        sounds: n(sounds.len()),
        all: together(&positions, s),
        bad_actors_percent: percent(worst, n(sounds.len())),
        bad_actors,
        told_by_level: [Level::A1, Level::A2, Level::A3, Level::A4]
            .map(|level| LevelCount { level, n: told(level) })
            .into(),
        chattering: chattering(&sounds),
        n_standing: n(lit(s).count()),
        n_stale: n(lit(s).filter(|o| is_stale(o.due_at, now)).count()),
        standing: standing(s, now),
        rules: rules(log, &sounds, from),
        to_silence: waits(&log.silenced, from, None),
        to_deed: waits(&log.deeds, from, None),
        n_without_deed: n(log.without_deed.iter().filter(|(at, _)| from <= *at).count()),
        delays: Delays {
            n: n(log.delays.iter().filter(|x| from <= x.at).count()),
            length: waits(&log.delays, from, None),
            n_ended_loud: n(sounds.iter().filter(|x| x.why == Why::DelayEnded).count()),
            n_now: n(s
                .obligations
                .values()
                .filter(|o| o.delayed_until.is_some_and(|until| now < until))
                .count()),
        },
        positions: positions.into_iter().map(|(load, _)| load).collect(),
    }
}

/// A share in hundredths; none of nothing.
fn percent(part: u32, whole: u32) -> u32 {
    (part * 100).checked_div(whole).unwrap_or(0)
}

fn waits(all: &VecDeque<Took>, from: Instant, rule: Option<Rule>) -> Waits {
    let these = all.iter().filter(|took| from <= took.at);
    Waits::of(these.filter(|took| rule.is_none_or(|r| took.rule == r)).map(|took| took.span))
}

/// Each position with what it heard in each stretch, the one that hears most first.
fn positions(
    log: &AlarmLog,
    s: &State,
    sounds: &[&Sound],
    from: Instant,
    now: Instant,
) -> Vec<(PositionLoad, Vec<u32>)> {
    let there = everybody(log, s, from);
    let mut all: BTreeSet<Owner> = sounds.iter().map(|x| x.position.clone()).collect();
    all.extend(s.staff.values().map(|on| Owner::Desk(on.role)));
    let of = |position: Owner| {
        let times: Vec<Instant> =
            sounds.iter().filter(|x| x.position == position).map(|x| x.at).collect();
        let heard = stretches(&times, &there, &position, from, now);
        let present = i64::from(n(heard.len())) * BIN.0;
        let flooded = flooded_ms(log, &position, from, now).saturating_mul(1_000);
        let flood = flooded.checked_div(present).unwrap_or(0).clamp(0, 1_000);
        let load = PositionLoad {
            sounds: n(times.len()),
            load: Load::of(heard.clone(), s.policy.alarm.flood_more_than),
            flood_per_mille: u32::try_from(flood).unwrap_or(1_000),
            position,
        };
        (load, heard)
    };
    let mut all: Vec<(PositionLoad, Vec<u32>)> = all.into_iter().map(of).collect();
    all.sort_by_key(|(p, _)| (Reverse(p.load.p95), Reverse(p.sounds), p.position.clone()));
    all
}

fn together(positions: &[(PositionLoad, Vec<u32>)], s: &State) -> Load {
    let heard = positions.iter().flat_map(|(_, heard)| heard.iter().copied()).collect();
    Load::of(heard, s.policy.alarm.flood_more_than)
}

/// Who was there when, with those who sat down before the first event.
fn everybody(log: &AlarmLog, s: &State, from: Instant) -> Vec<There> {
    let mut all = log.there.clone();
    for on in s.staff.values() {
        if !all.iter().any(|t| t.staff == on.staff && t.to.is_none()) {
            let from = on.since.max(from);
            all.push(There { staff: on.staff.clone(), role: on.role, from, to: None });
        }
    }
    all
}

/// What was heard in each stretch of ten minutes in which somebody was there, the newest first. The
/// last, which may be cut short by the beginning of the journal, counts if anything is in it.
fn stretches(
    times: &[Instant],
    there: &[There],
    position: &Owner,
    from: Instant,
    now: Instant,
) -> Vec<u32> {
    let answers = |t: &&There| match position {
        Owner::Desk(role) => t.role == *role,
        Owner::Staff(staff) => t.staff == *staff,
    };
    let there: Vec<&There> = there.iter().filter(answers).collect();
    let mut heard = Vec::new();
    let mut end = now;
    while from < end {
        let begin = (end - BIN).max(from);
        // The newest moment is part of the newest stretch.
        let within = |at: &&Instant| begin < **at && **at <= end || (begin == from && **at == from);
        let sounds = times.iter().filter(within).count();
        let present = there.iter().any(|t| t.from < end && t.to.is_none_or(|to| begin < to));
        let whole = end.since(begin) == BIN;
        if sounds > 0 || (present && (whole || heard.is_empty())) {
            heard.push(n(sounds));
        }
        end = begin;
    }
    heard
}

fn flooded_ms(log: &AlarmLog, position: &Owner, from: Instant, now: Instant) -> i64 {
    let of = log.floods.iter().filter(|(p, ..)| p == position);
    of.map(|(_, began, ended)| {
        let (began, ended) = ((*began).max(from), ended.unwrap_or(now));
        ended.since(began).0.max(0)
    })
    .sum()
}

fn bad_actors(sounds: &[&Sound]) -> Vec<BadActor> {
    let mut by_rule: BTreeMap<Rule, u32> = BTreeMap::new();
    sounds.iter().for_each(|x| *by_rule.entry(x.rule).or_default() += 1);
    let all = n(sounds.len());
    let mut actors: Vec<BadActor> = by_rule
        .into_iter()
        .map(|(rule, sounds)| BadActor {
            rule,
            owed: rule.owed().to_owned(),
            sounds,
            percent: percent(sounds, all),
        })
        .collect();
    actors.sort_by_key(|actor| (Reverse(actor.sounds), actor.rule));
    actors.truncate(NAMED);
    actors
}

/// What sounded too often within a minute, the worst first.
fn chattering(sounds: &[&Sound]) -> Vec<Chatter> {
    let mut of: BTreeMap<(&Owner, Rule), Vec<Instant>> = BTreeMap::new();
    sounds.iter().for_each(|x| of.entry((&x.position, x.rule)).or_default().push(x.at));
    let chatter = |((position, rule), times): ((&Owner, Rule), Vec<Instant>)| {
        let (mut most, mut last_at) = (0, Instant::default());
        for at in &times {
            let within = |t: &&Instant| **t <= *at && at.since(**t) < CHATTER_WITHIN;
            let count = times.iter().filter(within).count();
            if count > CHATTER_MORE_THAN {
                (most, last_at) = (count.max(most), *at);
            }
        }
        (most > 0).then(|| Chatter {
            position: position.clone(),
            rule,
            owed: rule.owed().to_owned(),
            most: n(most),
            last_at,
        })
    };
    let mut all: Vec<Chatter> = of.into_iter().filter_map(chatter).collect();
    all.sort_by_key(|c| (Reverse(c.most), c.rule, c.position.clone()));
    all
}

/// What is lit now and may have made a sound.
fn lit(s: &State) -> impl Iterator<Item = &crate::obligation::Obligation> {
    let loud = s.obligations.values().filter(|o| o.level.is_some_and(|level| level <= Level::A2));
    loud.filter(|o| is_lit(s, o))
}

fn is_stale(due_at: Instant, now: Instant) -> bool {
    now.since(due_at) >= STALE_AFTER
}

fn standing(s: &State, now: Instant) -> Vec<Standing> {
    let mut all: Vec<Standing> = lit(s)
        .map(|o| Standing {
            obligation: o.id,
            rule: o.rule,
            words: format!("{}: {}", o.about.words(), o.words()),
            level: o.level.unwrap_or(Level::A2),
            due_at: o.due_at,
            age_words: age_words(o.due_at, now),
            stale: is_stale(o.due_at, now),
        })
        .collect();
    all.sort_by_key(|x| (x.due_at, x.obligation));
    all.truncate(NAMED);
    all
}

/// Each rule that sounded, was silenced, answered, put off or went out, the one that sounds most
/// first.
fn rules(log: &AlarmLog, sounds: &[&Sound], from: Instant) -> Vec<RuleKpi> {
    let took = [&log.silenced, &log.deeds, &log.delays].into_iter().flatten();
    let out = log.without_deed.iter().filter(|(at, _)| from <= *at);
    let mut named: BTreeSet<Rule> = sounds.iter().map(|x| x.rule).collect();
    named.extend(took.filter(|x| from <= x.at).map(|x| x.rule));
    named.extend(out.clone().map(|(_, rule)| *rule));
    let of = |rule: Rule| RuleKpi {
        rule,
        owed: rule.owed().to_owned(),
        sounds: n(sounds.iter().filter(|x| x.rule == rule).count()),
        to_silence: waits(&log.silenced, from, Some(rule)),
        to_deed: waits(&log.deeds, from, Some(rule)),
        n_without_deed: n(out.clone().filter(|(_, r)| *r == rule).count()),
        n_delayed: n(log.delays.iter().filter(|x| from <= x.at && x.rule == rule).count()),
    };
    let mut all: Vec<RuleKpi> = named.into_iter().map(of).collect();
    all.sort_by_key(|row| (Reverse(row.sounds), row.rule));
    all
}

#[cfg(test)]
mod tests;
