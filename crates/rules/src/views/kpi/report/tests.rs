//! The numbers, from events written by hand and from a room that was worked in.

use super::super::super::rig::*;
use super::*;
use crate::alarm::Heard;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::obligation::{Armed, Fate, Subject};
use crate::role::{By, Role};

const NOON: Instant = Instant(1_795_000_000_000);

fn at(minutes: i64) -> Instant {
    NOON + Span::minutes(minutes)
}

fn desk() -> Owner {
    Owner::Desk(Role::Dispatcher)
}

fn note(log: &mut AlarmLog, by: &By, at: Instant, event: &Event) {
    let meta = Meta { seq: 1, by: by.clone(), happened_at: at, recorded_at: at };
    log.note(&policy(), event, &meta);
}

fn sound(position: Owner, rule: Rule, why: Why) -> Event {
    let heard = Heard { count: 1, grade: None, age_step: 0 };
    Event::Annunciated { position, rule, level: Level::A2, obligation: ObligationId(1), heard, why }
}

fn armed(id: u64, rule: Rule) -> Event {
    let row = Armed {
        obligation: ObligationId(id),
        rule,
        part: None,
        owner: desk(),
        from: NOON,
        due_at: NOON,
        next_at: NOON,
    };
    Event::ObligationsArmed { about: Subject::Desk(Role::Dispatcher), armed: vec![row] }
}

fn fired(id: u64, level: Level) -> Event {
    Event::ObligationFired {
        about: Subject::Desk(Role::Dispatcher),
        obligation: ObligationId(id),
        rung: 1,
        told: vec![desk()],
        level,
        owner: desk(),
        next_at: NOON,
    }
}

fn ended(id: u64, fate: Fate) -> Event {
    let about = Subject::Desk(Role::Dispatcher);
    Event::ObligationsEnded { about, ended: vec![ObligationId(id)], fate }
}

fn owned(id: u64) -> Event {
    Event::ObligationOwned {
        about: Subject::Desk(Role::Dispatcher),
        obligation: ObligationId(id),
        words: words("on it"),
        next_at: NOON,
    }
}

fn delayed(id: u64, until: Instant) -> Event {
    Event::ObligationDelayed {
        about: Subject::Desk(Role::Dispatcher),
        obligation: ObligationId(id),
        until,
        reason: reason("a unit clears"),
    }
}

fn empty() -> State {
    State::new(policy())
}

#[test]
fn sounds_are_counted_by_ten_minutes_in_which_somebody_was_there() {
    // Minutes from noon of each sound; how long the desk was staffed; the load.
    for (sounds, there, expected) in [
        (vec![], (0, 60), (6, 0, 0, 0, 0)),
        (vec![1, 2, 3], (0, 60), (6, 0, 3, 3, 0)),
        (vec![1, 11, 21, 31, 41, 51], (0, 60), (6, 1, 1, 1, 0)),
        (vec![1; 11], (0, 60), (6, 0, 11, 11, 1)),
        (vec![5], (0, 20), (2, 0, 1, 1, 0)),
        // A sound where nobody sits counts in its own ten minutes.
        (vec![45], (0, 20), (3, 0, 1, 1, 0)),
    ] {
        let mut log = AlarmLog::default();
        log.begins(at(0));
        let seat = SeatId::parse("S2").unwrap();
        let on = Event::SignedOn { seat, skills: Vec::new() };
        note(&mut log, &dispatcher(), at(there.0), &on);
        let mut events: Vec<(i64, Event)> =
            sounds.iter().map(|m| (*m, sound(desk(), Rule::Unresourced, Why::Count))).collect();
        events.push((there.1, Event::SignedOff { to: None }));
        events.sort_by_key(|(m, _)| *m);
        for (minute, event) in &events {
            note(&mut log, &dispatcher(), at(*minute), event);
        }
        let kpi = alarm_kpi(&log, &empty(), at(60));
        let Some(one) = kpi.positions.first() else {
            assert!(sounds.is_empty(), "a desk that was silent and is empty now is not listed");
            continue;
        };
        let load = one.load;
        let is = (load.stretches, load.p50, load.p95, load.most, load.over);
        assert_eq!(is, expected, "{sounds:?} {there:?}");
        assert_eq!(kpi.all, load, "one position is all there is");
        assert_eq!((kpi.from, kpi.to), (at(0), at(60)));
    }
}

#[test]
fn what_is_older_than_a_day_is_not_counted() {
    let mut log = AlarmLog::default();
    for minute in [0, 10, 24 * 60 + 5] {
        note(&mut log, &dispatcher(), at(minute), &sound(desk(), Rule::Unresourced, Why::Count));
    }
    let kpi = alarm_kpi(&log, &empty(), at(24 * 60 + 5));
    assert_eq!((kpi.sounds, kpi.from), (2, at(5)));
}

#[test]
fn the_worst_rules_are_named_with_their_share() {
    let mut log = AlarmLog::default();
    let rules = Rule::ALL.iter().take(12).copied();
    for (times, rule) in (1..).zip(rules) {
        for i in 0..times {
            let minute = i64::from(times) * 20 + i64::from(i) * 3;
            note(&mut log, &dispatcher(), at(minute), &sound(desk(), rule, Why::Count));
        }
    }
    let kpi = alarm_kpi(&log, &empty(), at(600));
    assert_eq!(kpi.sounds, 78);
    assert_eq!(kpi.bad_actors.len(), 10);
    let first = kpi.bad_actors.first().map(|a| (a.rule, a.sounds, a.percent));
    assert_eq!(first, Some((Rule::ALL[11], 12, 15)));
    assert_eq!(kpi.bad_actors_percent, 75 * 100 / 78, "all but the one and the two");
}

#[test]
fn three_sounds_in_a_minute_at_one_position_are_chatter() {
    for (seconds, chatters) in [
        (vec![0, 20, 40], Some(3)),
        (vec![0, 10, 20, 30], Some(4)),
        (vec![0, 30, 60], None),
        (vec![0, 59, 118], None),
    ] {
        let mut log = AlarmLog::default();
        for s in &seconds {
            let moment = NOON + Span::seconds(*s);
            note(&mut log, &dispatcher(), moment, &sound(desk(), Rule::Unresourced, Why::Count));
        }
        let kpi = alarm_kpi(&log, &empty(), at(10));
        assert_eq!(kpi.chattering.first().map(|c| c.most), chatters, "{seconds:?}");
    }
}

#[test]
fn time_to_silence_runs_from_the_first_sound_nobody_answered() {
    let silence = || Event::AlarmSilenced { position: desk(), rule: Rule::Unresourced };
    let sounds = |why| sound(desk(), Rule::Unresourced, why);
    for (events, expected) in [
        (vec![(0, sounds(Why::First)), (2, silence())], (1, Some(120))),
        // Sounding again does not start the clock anew.
        (vec![(0, sounds(Why::First)), (5, sounds(Why::Age)), (6, silence())], (1, Some(360))),
        // What had gone out and is lit again is another alarm.
        (vec![(0, sounds(Why::First)), (5, sounds(Why::First)), (6, silence())], (1, Some(60))),
        (vec![(0, sounds(Why::First))], (0, None)),
        (vec![(0, silence())], (0, None)),
    ] {
        let mut log = AlarmLog::default();
        for (minute, event) in &events {
            note(&mut log, &dispatcher(), at(*minute), event);
        }
        let kpi = alarm_kpi(&log, &empty(), at(10));
        assert_eq!((kpi.to_silence.n, kpi.to_silence.p50_s), expected, "{events:?}");
    }
}

#[test]
fn time_to_the_first_deed_ends_with_a_verb_or_with_doing_it() {
    for (events, deeds, without) in [
        (vec![(1, fired(7, Level::A2)), (4, owned(7)), (9, ended(7, Fate::Done))], Some(180), 0),
        (vec![(1, fired(7, Level::A1)), (3, ended(7, Fate::Done))], Some(120), 0),
        (vec![(1, fired(7, Level::A2)), (3, ended(7, Fate::Overtaken))], None, 1),
        (vec![(1, fired(7, Level::A2)), (3, ended(7, Fate::Closed))], None, 1),
        // A badge is no alarm; the clock starts when it is told as one.
        (vec![(1, fired(7, Level::A3)), (3, ended(7, Fate::Done))], None, 0),
        (vec![(1, fired(7, Level::A3)), (3, fired(7, Level::A2)), (5, owned(7))], Some(120), 0),
        // The second verb is not the first deed.
        (vec![(1, fired(7, Level::A2)), (2, owned(7)), (8, owned(7))], Some(60), 0),
        // What was never told as an alarm and is owned is no answer to one.
        (vec![(2, owned(7))], None, 0),
    ] {
        let mut log = AlarmLog::default();
        note(&mut log, &dispatcher(), at(0), &armed(7, Rule::Unresourced));
        for (minute, event) in &events {
            note(&mut log, &dispatcher(), at(*minute), event);
        }
        let kpi = alarm_kpi(&log, &empty(), at(10));
        assert_eq!((kpi.to_deed.p50_s, kpi.n_without_deed), (deeds, without), "{events:?}");
        let row = kpi.rules.iter().find(|row| row.rule == Rule::Unresourced);
        assert_eq!(row.is_some(), deeds.is_some() || without > 0, "{events:?}");
    }
}

#[test]
fn delays_and_floods_are_counted() {
    let mut log = AlarmLog::default();
    let leader = Owner::Desk(Role::TeamLeader);
    for (minute, event) in [
        (0, armed(7, Rule::Unresourced)),
        (1, fired(7, Level::A2)),
        (2, delayed(7, at(22))),
        (10, Event::FloodBegan { position: desk(), told: leader }),
        (22, sound(desk(), Rule::Unresourced, Why::DelayEnded)),
        (40, Event::FloodEnded { position: desk() }),
    ] {
        note(&mut log, &dispatcher(), at(minute), &event);
    }
    let kpi = alarm_kpi(&log, &empty(), at(60));
    let delays = kpi.delays;
    assert_eq!((delays.n, delays.length.p50_s, delays.n_ended_loud), (1, Some(1_200), 1));
    let one = kpi.positions.first().unwrap();
    // Half an hour of flood; the only ten minutes that count are those with the sound.
    assert_eq!((one.load.stretches, one.flood_per_mille), (1, 1_000));
    assert_eq!(kpi.told_by_level.iter().map(|l| l.n).collect::<Vec<_>>(), [0, 1, 0, 0]);
}

#[test]
fn a_room_that_was_worked_in_gives_the_numbers_its_events_give() {
    let mut room = Room::new();
    let mut log = AlarmLog::default();
    let mut seen = Vec::new();
    room.accepted("robbery", 1, place("4 High St", None));
    let until = room.now + Span::minutes(30);
    while let Some(due) = crate::due::next_due(&room.s).filter(|due| *due <= until) {
        room.now = room.now.max(due);
        seen.extend(crate::decide::tick(&mut room.s, room.now).unwrap_or_default());
    }
    room.now = until;
    for (event, meta) in &seen {
        log.note(&room.s.policy, event, meta);
    }
    let kpi = alarm_kpi(&log, &room.s, room.now);
    let sounded = seen.iter().filter(|(e, _)| matches!(e, Event::Annunciated { .. })).count();
    assert!(sounded > 0);
    assert_eq!(kpi.sounds as usize, sounded);
    assert_eq!(kpi.positions.iter().map(|p| p.sounds).sum::<u32>() as usize, sounded);
    assert!(kpi.n_standing > 0 && kpi.n_stale == 0, "{kpi:?}");
    assert!(kpi.standing.iter().all(|x| x.words.starts_with("log ")), "{:?}", kpi.standing);
    room.minutes(25 * 60);
    let later = alarm_kpi(&log, &room.s, room.now);
    assert!(later.n_stale > 0 && later.standing.iter().any(|x| x.stale), "{:?}", later.standing);
    // Somebody who sat down before the first event is there all the time.
    let handlers = later.positions.iter().find(|p| p.position == Owner::Desk(Role::CallHandler));
    assert_eq!(handlers.map(|p| p.load.stretches), Some(144));
}
