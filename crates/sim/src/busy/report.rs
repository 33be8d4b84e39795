//! The figures of a busy shift.

use super::critical::Critical;
use super::hearing::{Ear, Hearing};
use super::{Busy, MAJOR_FOR, Options};
use rules::event::{Event, Meta};
use rules::incident::escalation::is_act;
use rules::name::{Grade, IncidentNumber, StaffId};
use rules::obligation::Rule;
use rules::policy::Level;
use rules::role::Role;
use rules::time::{Instant, Span};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Records read at once.
const CHUNK: usize = 5_000;
/// So many bad actors are named.
const BAD_ACTORS: usize = 10;
/// So many violations of a check are told in words.
const DETAILS: usize = 20;

/// What came of a busy shift.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Contacts received.
    pub contacts: u64,
    /// Events recorded.
    pub events: u64,
    /// Commands given, and refused: somebody else was quicker.
    pub commands: u64,
    /// Those refused.
    pub refused: u64,
    /// What must hold.
    pub checks: Vec<Check>,
    /// From the opening of a log to the first act on it, in seconds.
    pub time_to_first_act_s: Vec<FirstAct>,
    /// The most any seat heard in ten minutes outside a major incident.
    pub alarms_per_10_min_max: u32,
    /// The same with a major incident in it.
    pub alarms_per_10_min_max_major: u32,
    /// Over every seat's minutes on duty.
    pub alarms_per_10_min_p50: u32,
    /// The same, 95 of a hundred.
    pub alarms_per_10_min_p95: u32,
    /// Share of all seats' minutes spent in flood, in hundredths.
    pub flood_percent: f64,
    /// Floods that began.
    pub floods: u64,
    /// Sounds by level.
    pub priorities: Vec<Priority>,
    /// The rules that sounded most.
    pub bad_actors: Vec<BadActor>,
    /// Every seat.
    pub seats: Vec<Seat>,
    /// Times somebody stopped a sound.
    pub acks: u64,
    /// Verbs chosen.
    pub verbs: u64,
    /// Critical conditions that lasted to their limit, each of which must have sounded.
    pub critical: u64,
    /// Logs open at the end.
    pub open_logs: usize,
    /// Those of them that wait for a unit.
    pub waiting_logs: usize,
    /// Time taken, in seconds.
    pub wall_s: f64,
}

/// Something that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// How often it did not.
    pub violations: u64,
    /// The first of them, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

impl Check {
    fn counted(name: &'static str, violations: u64) -> Check {
        Check { name, violations, details: Vec::new() }
    }

    fn listed(name: &'static str, all: Vec<String>) -> Check {
        let violations = u64::try_from(all.len()).unwrap_or(u64::MAX);
        Check { name, violations, details: all.into_iter().take(DETAILS).collect() }
    }
}

/// How soon somebody acted on the logs of a grade.
#[derive(Clone, Debug, Serialize)]
pub struct FirstAct {
    /// The grade first given.
    pub grade: u8,
    /// Half of them sooner than this.
    pub p50: f64,
    /// Nine in ten.
    pub p90: f64,
    /// Ninety-nine in a hundred.
    pub p99: f64,
}

/// How many sounds were of a level.
#[derive(Clone, Debug, Serialize)]
pub struct Priority {
    /// The level.
    pub level: Level,
    /// How many.
    pub sounds: u64,
}

/// How often a rule sounded.
#[derive(Clone, Debug, Serialize)]
pub struct BadActor {
    /// The rule.
    pub rule: Rule,
    /// How often.
    pub sounds: u64,
}

/// What a seat heard.
#[derive(Clone, Debug, Serialize)]
pub struct Seat {
    /// Who sat there.
    pub staff: StaffId,
    /// Their role.
    pub role: Role,
    /// All sounds.
    pub sounds: usize,
    /// The most in ten minutes.
    pub most: u32,
    /// Half of the minutes had no more than this in the ten before them.
    pub p50: u32,
    /// 95 of a hundred had no more than this.
    pub p95: u32,
    /// Minutes in flood.
    pub flood_minutes: usize,
}

impl Report {
    /// Whether everything that must hold does.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.violations == 0)
    }
}

/// Reads the journal from its beginning and counts.
pub(super) fn report(
    busy: &Busy,
    options: &Options,
    until: Instant,
    started: std::time::Instant,
) -> Result<Report, journal::Fault> {
    let policy = busy.room.view().policy.clone();
    let major = options.script.major_after.map(|after| {
        let from = options.begins + after;
        (from, from + MAJOR_FOR)
    });
    let mut hearing = Hearing::new((*policy).clone(), options.begins - super::BEFORE, major);
    let mut critical = Critical::new(&policy);
    let mut acts = FirstActs::default();
    let mut events = 0;
    let mut from = 1;
    loop {
        let records = busy.room.journal().read(from, CHUNK)?;
        let Some(last) = records.last() else { break };
        from = last.seq + 1;
        for (event, meta, _) in records.iter().filter_map(room::from_record) {
            events += 1;
            hearing.take(&event, &meta);
            let by = match &event {
                Event::Annunciated { position, .. } => hearing.who_hears(position),
                _ => Vec::new(),
            };
            critical.take(&event, &meta, &by, &hearing.state);
            acts.take(&event, &meta);
        }
    }
    critical.pass(until);
    let view = busy.room.view();
    let waits = |log: &&rules::incident::Incident| {
        rules::incident::escalation::waits_for_a_unit(&view, log)
    };
    let lost = view
        .obligations
        .values()
        .filter(|o| o.next_at <= until || !view.due.contains(&(o.next_at, o.id)))
        .map(|o| format!("{}, {}", o.about.words(), o.words()));
    let (lost, reached) = (lost.collect(), critical.reached);
    let checks = checks(&hearing, critical, lost);
    Ok(Report {
        contacts: busy.contacts,
        events,
        commands: busy.given,
        refused: busy.refused,
        checks,
        time_to_first_act_s: acts.percentiles(),
        critical: reached,
        open_logs: view.incidents.size(),
        waiting_logs: view.incidents.values().filter(waits).count(),
        wall_s: started.elapsed().as_secs_f64(),
        ..heard(options.seed, &hearing)
    })
}

fn checks(hearing: &Hearing, critical: Critical, lost: Vec<String>) -> Vec<Check> {
    let too_many: u32 = hearing.ears.values().map(|ear| ear.too_many).sum();
    let unowned = hearing.unowned.iter().map(|id| format!("obligation {id}")).collect();
    vec![
        Check::counted("more_than_ten_in_ten_minutes", u64::from(too_many)),
        Check::listed("obligation_unowned", unowned),
        Check::listed("obligation_lost", lost),
        Check::listed("critical_not_heard_in_time", critical.late),
        Check::counted("sound_nobody_hears", hearing.unheard),
    ]
}

/// The part of the report that is about sounds; the rest is empty.
fn heard(seed: u64, hearing: &Hearing) -> Report {
    let mut minutes: Vec<u32> =
        hearing.ears.values().flat_map(|ear| ear.minutes.iter().map(|(n, _)| *n)).collect();
    minutes.sort_unstable();
    let flooded: usize = hearing.ears.values().map(flood_minutes).sum();
    let mut bad_actors: Vec<BadActor> =
        hearing.by_rule.iter().map(|(rule, n)| BadActor { rule: *rule, sounds: *n }).collect();
    bad_actors.sort_by_key(|b| (Reverse(b.sounds), b.rule));
    bad_actors.truncate(BAD_ACTORS);
    let most = |of: fn(&Ear) -> u32| hearing.ears.values().map(of).max().unwrap_or(0);
    let levels = hearing.by_level.iter();
    Report {
        seed,
        alarms_per_10_min_max: most(|ear| ear.most_usual),
        alarms_per_10_min_max_major: most(|ear| ear.most),
        alarms_per_10_min_p50: percentile(&minutes, 50),
        alarms_per_10_min_p95: percentile(&minutes, 95),
        flood_percent: percent(flooded, minutes.len()),
        floods: hearing.floods,
        priorities: levels.map(|(level, n)| Priority { level: *level, sounds: *n }).collect(),
        bad_actors,
        seats: hearing.ears.iter().map(|(staff, ear)| seat(staff, ear)).collect(),
        acks: hearing.acks,
        verbs: hearing.verbs,
        contacts: 0,
        events: 0,
        commands: 0,
        refused: 0,
        checks: Vec::new(),
        time_to_first_act_s: Vec::new(),
        critical: 0,
        open_logs: 0,
        waiting_logs: 0,
        wall_s: 0.0,
    }
}

fn flood_minutes(ear: &Ear) -> usize {
    ear.minutes.iter().filter(|(_, flooded)| *flooded).count()
}

fn seat(staff: &StaffId, ear: &Ear) -> Seat {
    let mut minutes: Vec<u32> = ear.minutes.iter().map(|(n, _)| *n).collect();
    minutes.sort_unstable();
    Seat {
        staff: staff.clone(),
        role: ear.role,
        sounds: ear.sounds.len(),
        most: ear.most,
        p50: percentile(&minutes, 50),
        p95: percentile(&minutes, 95),
        flood_minutes: flood_minutes(ear),
    }
}

/// The value that so many of a hundred do not exceed; the least of the type where there is none.
fn percentile<T: Copy + Default>(sorted: &[T], of_hundred: usize) -> T {
    let at = (sorted.len() * of_hundred).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

fn percent(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of minutes")]
    let share = part as f64 / (whole.max(1)) as f64;
    share * 100.0
}

/// From opening to the first act, by the grade first given.
#[derive(Default)]
struct FirstActs {
    opened: BTreeMap<IncidentNumber, (Instant, Option<Grade>)>,
    waits: BTreeMap<Grade, Vec<Span>>,
}

impl FirstActs {
    fn take(&mut self, event: &Event, meta: &Meta) {
        let Some(n) = event.stream_incident() else { return };
        match event {
            Event::IncidentOpened { .. } => {
                self.opened.insert(n, (meta.recorded_at, None));
            }
            // To grade it is the call handler's part; what counts is what is done then.
            Event::Graded { grade, .. } => {
                if let Some((_, first)) = self.opened.get_mut(&n) {
                    first.get_or_insert(*grade);
                }
            }
            event if is_act(event) => {
                if let Some((at, Some(grade))) = self.opened.remove(&n) {
                    self.waits.entry(grade).or_default().push(meta.recorded_at.since(at));
                }
            }
            _ => {}
        }
    }

    fn percentiles(self) -> Vec<FirstAct> {
        let seconds = |span: Span| {
            #[expect(clippy::cast_precision_loss, reason = "some hours of milliseconds")]
            let ms = span.0 as f64;
            ms / 1_000.0
        };
        let of_grade = |(grade, mut waits): (Grade, Vec<Span>)| {
            waits.sort_unstable();
            let at = |p| seconds(percentile(&waits, p));
            FirstAct { grade: grade.rank(), p50: at(50), p90: at(90), p99: at(99) }
        };
        self.waits.into_iter().map(of_grade).collect()
    }
}
