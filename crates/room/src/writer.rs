//! The one writer: commands and time, decided in turn, made durable in batches, answered only then.

use crate::act::{Act, Denied, Done, Reply};
use crate::clock::Clock;
use crate::kept::{asked, drafts, from_record, must_know};
use crate::lanes::{Job, Lanes};
use crate::notices::{Batch, Notice};
use crate::open::closes;
use crate::{log, roles, snapshot};
use arc_swap::ArcSwap;
use journal::planted::planted;
use journal::{Fault, Reader};
use rules::event::{Event, Kept, Meta};
use rules::name::IncidentNumber;
use rules::refused::{Refused, RefusedKind};
use rules::state::State;
use rules::time::{Instant, LocalDay, Now};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use uuid::Uuid;

/// What the writer owns.
pub(crate) struct Writing {
    pub state: State,
    pub writer: journal::Writer,
    pub reader: Reader,
    pub lanes: Arc<Lanes>,
    pub shared: Arc<ArcSwap<State>>,
    pub notices: broadcast::Sender<Arc<Batch>>,
    pub history: Arc<crate::history::History>,
    pub clock: Clock,
    pub zone: jiff::tz::TimeZone,
    pub data: PathBuf,
}

/// An answer that waits for its batch to be durable.
struct Waiting {
    id: Option<Uuid>,
    reply: Reply,
    answer: Result<Done, Denied>,
}

/// A batch on its way to the journal.
struct InHand {
    /// The moment of the batch: nothing due by then is left when a command is decided.
    at: Instant,
    state: State,
    events: Vec<(Event, Meta)>,
    /// The same as records, with the moment of each.
    drafted: Vec<(i64, Vec<journal::Draft>)>,
    waiting: Vec<Waiting>,
    /// Where in `events` each command of this batch lies.
    by_id: HashMap<Uuid, (usize, usize, String)>,
}

/// The writer looks at the clock at least this often while something is due in future.
const LOOK_AT_LEAST: Duration = Duration::from_secs(1);
/// After a fault of the store it waits so long before it tries again by itself.
const AFTER_FAULT: Duration = Duration::from_millis(250);
/// When more than this many obligations are due at once, they are made durable by so many, so that
/// no batch grows without bound. The commands wait: they are decided when nothing due is left.
const FIRED_PER_BATCH: usize = 500;
/// A snapshot is kept after so many records.
const SNAPSHOT_EVERY: u64 = 20_000;

impl Writing {
    pub(crate) fn run(mut self) {
        let mut pause = Duration::ZERO;
        let mut snapshot_at = self.state.seq;
        loop {
            let wait = self.until_next_due().max(pause);
            let Some(jobs) = self.lanes.take(wait) else { break };
            let quiet = jobs.is_empty();
            pause = match self.batch(jobs) {
                Ok(()) => Duration::ZERO,
                Err(fault) => {
                    tracing::error!(%fault, "a batch was not saved");
                    AFTER_FAULT
                }
            };
            if self.state.seq.saturating_sub(snapshot_at) >= SNAPSHOT_EVERY {
                snapshot_at = self.state.seq;
                self.keep_snapshot_aside();
            }
            self.tidy(quiet);
        }
        self.sign(true);
        self.keep_snapshot();
        self.history.close();
    }

    fn until_next_due(&self) -> Duration {
        let Clock::Steady(_) = self.clock else { return LOOK_AT_LEAST };
        match rules::due::next_due(&self.state) {
            Some(at) => {
                let ms = at.since(self.due_clock()).0;
                Duration::from_millis(u64::try_from(ms).unwrap_or(0)).min(LOOK_AT_LEAST)
            }
            None => LOOK_AT_LEAST,
        }
    }

    /// The time by which obligations fall due: an instant, never a local time.
    fn due_clock(&self) -> Instant {
        self.due_by(self.clock.now())
    }

    fn due_by(&self, now: Instant) -> Instant {
        if planted("local_time_due") {
            let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
            let offset = self.zone.to_offset(at).seconds();
            return Instant(now.0 + i64::from(offset) * 1_000 - 3_600_000);
        }
        now
    }

    /// One batch: what other nodes wrote, what is due, what was asked; durable; answered.
    fn batch(&mut self, jobs: Vec<Job>) -> Result<(), Fault> {
        let mut hand = match self.nothing_due() {
            Ok(hand) => hand,
            Err(fault) => {
                // Whoever waits for the turn may be able to go on.
                self.writer.rollback();
                answer_not_saved(jobs, &fault);
                return Err(fault);
            }
        };
        for job in jobs {
            match job {
                Job::Act(act, reply) => self.take_on(&mut hand, *act, reply),
                Job::Advance(at, reply) => {
                    self.turn_to(&mut hand, at);
                    let answer = Ok(Done {
                        id: Uuid::nil(),
                        first_seq: hand.state.seq,
                        last_seq: hand.state.seq,
                        events: Vec::new(),
                        repeated: false,
                    });
                    hand.waiting.push(Waiting { id: None, reply, answer });
                }
            }
        }
        self.make_durable(hand)
    }

    /// Takes the turn, with all that other nodes wrote, and fires what is due. What is given back
    /// is a state on which a command may be decided.
    fn nothing_due(&mut self) -> Result<InHand, Fault> {
        loop {
            let others = self.begin()?;
            if !others.is_empty() {
                self.apply_recorded(&others)?;
            }
            let mut hand = InHand {
                at: self.clock.now(),
                state: self.state.clone(),
                events: Vec::new(),
                drafted: Vec::new(),
                waiting: Vec::new(),
                by_id: HashMap::new(),
            };
            if let Clock::Turned(_) = self.clock {
                return Ok(hand);
            }
            let due = self.due_by(hand.at);
            if self.fire(&mut hand, due, None) < FIRED_PER_BATCH {
                return Ok(hand);
            }
            self.make_durable(hand)?;
        }
    }

    fn begin(&mut self) -> Result<Vec<journal::Record>, Fault> {
        if self.writer.head() != self.state.seq {
            // An earlier recovery was cut short: never decide on a state that lacks records.
            self.catch_up_after_fault()?;
        }
        match self.writer.begin() {
            Err(Fault::Refused(_) | Fault::Unavailable { .. } | Fault::Io { .. }) => {
                self.catch_up_after_fault()?;
                self.writer.begin()
            }
            other => other,
        }
    }

    /// After a fault nothing is assumed: what is in the journal is what happened.
    fn catch_up_after_fault(&mut self) -> Result<(), Fault> {
        self.writer.recover()?;
        loop {
            let records = self.reader.read(self.state.seq + 1, 1_000)?;
            if records.is_empty() {
                return Ok(());
            }
            self.apply_recorded(&records)?;
        }
    }

    /// Folds and publishes records that are durable already. At one that only a newer version
    /// knows it stays where it is, and nothing is decided here any more.
    fn apply_recorded(&mut self, records: &[journal::Record]) -> Result<(), Fault> {
        let mut notices = Vec::new();
        let folded = records.iter().try_for_each(|record| {
            let (event, meta, _) = must_know(record)?;
            fold_recorded(&mut self.state, &self.reader, &event, &meta)?;
            notices.push(Notice::new(event, &meta));
            self.state.seq = record.seq;
            Ok(())
        });
        self.clock.not_before(self.state.last_at);
        self.show();
        self.publish(notices);
        folded
    }

    /// Shows the state to readers. Comes before the answers, so that a client reads its own words.
    fn show(&self) {
        self.shared.store(Arc::new(self.state.clone()));
    }

    fn publish(&self, notices: Vec<Notice>) {
        if let (Some(first), Some(last)) = (notices.first(), notices.last()) {
            let batch = Batch { first_seq: first.seq, last_seq: last.seq, notices };
            // Nobody following is no fault.
            let _ = self.notices.send(Arc::new(batch));
            self.history.nudge();
        }
    }

    /// Fires what is due up to a moment, the first so many; how many fired. With `turned`, each is
    /// recorded at its own moment (a turned clock passes through it); without, at the present.
    fn fire(&self, hand: &mut InHand, up_to: Instant, turned: Option<()>) -> usize {
        for fired in 0..FIRED_PER_BATCH {
            let Some(due_at) = rules::due::next_due(&hand.state).filter(|at| *at <= up_to) else {
                return fired;
            };
            let now = if turned.is_some() { due_at.max(hand.state.last_at) } else { up_to };
            let Some(events) = rules::decide::tick(&mut hand.state, now) else { return fired };
            metrics::counter!("callbox_obligations_fired_total").increment(1);
            hand.drafted.push((now.0, drafts(None, &events)));
            if planted("double_fire") {
                hand.drafted.push((now.0, drafts(None, &events)));
            }
            hand.events.extend(events);
        }
        FIRED_PER_BATCH
    }

    fn turn_to(&self, hand: &mut InHand, at: Instant) {
        while rules::due::next_due(&hand.state).is_some_and(|due| due <= at) {
            self.fire(hand, at, Some(()));
        }
        self.clock.not_before(at);
    }

    fn take_on(&self, hand: &mut InHand, act: Act, reply: Reply) {
        match (&self.clock, act.at) {
            (Clock::Turned(_), Some(at)) => self.turn_to(hand, at),
            (Clock::Turned(_), None) => {}
            // What an earlier command of the batch owes may be due at once.
            (Clock::Steady(_), _) => while self.fire(hand, self.due_by(hand.at), None) > 0 {},
        }
        let id = act.id;
        let asked = asked(&act);
        let answer = match self.repeated(hand, id, &asked) {
            Ok(Some(done)) => Ok(done),
            Ok(None) => self.decide(hand, &act, asked),
            Err(denied) => Err(denied),
        };
        hand.waiting.push(Waiting { id: Some(id), reply, answer });
    }

    /// The answer given before to a command with this id.
    fn repeated(&self, hand: &InHand, id: Uuid, asked: &String) -> Result<Option<Done>, Denied> {
        if let Some((from, to, before)) = hand.by_id.get(&id) {
            same(asked, Some(before))?;
            let events = hand.events.get(*from..*to).unwrap_or_default().to_vec();
            return Ok(Some(done(id, events, true)));
        }
        match saved_before(&self.reader, id).map_err(|fault| not_saved(&fault))? {
            Some((done, before)) => same(asked, before.as_ref()).map(|()| Some(done)),
            None => Ok(None),
        }
    }

    fn decide(&self, hand: &mut InHand, act: &Act, asked: String) -> Result<Done, Denied> {
        if !roles::may(act.by.role, act.command.name()) {
            return Err(Denied::Refused(roles::refusal(act.by.role, act.command.name())));
        }
        let at = match self.clock {
            // The moment of the batch, or something might have fallen due since.
            Clock::Steady(_) => hand.at,
            Clock::Turned(_) => self.clock.now(),
        };
        let at = at.max(hand.state.last_at);
        let now = Now { at, day: self.day(&hand.state, at) };
        let mut work = hand.state.clone();
        let mut decided = decide_on(&mut work, act, now);
        if matches!(&decided, Err(r) if r.kind == RefusedKind::NotFound) {
            // It may be about a closed log, which is not in memory.
            work = hand.state.clone();
            match self.recall_named(&mut work, act) {
                Ok(true) => decided = decide_on(&mut work, act, now),
                Ok(false) => {}
                Err(fault) => return Err(not_saved(&fault)),
            }
        }
        let events = decided?;
        let from = hand.events.len();
        if !events.is_empty() {
            let drafts = drafts(Some((act.id, &asked)), &events);
            // One that cannot be kept must not take the others of its batch with it.
            drafts.iter().try_for_each(journal::Draft::check).map_err(|why| {
                Refused::invalid(format!("this is too much for one record: {why}"))
            })?;
            hand.drafted.push((at.0, drafts));
        }
        hand.events.extend(events.iter().cloned());
        hand.by_id.insert(act.id, (from, hand.events.len(), asked));
        hand.state = work;
        let done = Done {
            id: act.id,
            first_seq: events.first().map_or(hand.state.seq, |(_, m)| m.seq),
            last_seq: hand.state.seq,
            events,
            repeated: false,
        };
        Ok(done)
    }

    /// Puts the closed logs that a command names into the state. Whether there were any.
    fn recall_named(&self, state: &mut State, act: &Act) -> Result<bool, Fault> {
        let named = serde_json::to_value(&act.command).unwrap_or_default();
        let mut found = false;
        for field in ["incident", "other", "to"] {
            let number = named.get(field).and_then(|v| v.as_str());
            let Some(n) = number.and_then(|text| IncidentNumber::parse(text).ok()) else {
                continue;
            };
            if state.incident(n).is_some() {
                continue;
            }
            if let Some(incident) = log::recall(&self.reader, state, n, u64::MAX)? {
                state.incidents.insert_mut(n, incident);
                found = true;
            }
        }
        Ok(found)
    }

    fn day(&self, state: &State, at: Instant) -> LocalDay {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        let named = state.policy.about.time_zone.as_str();
        let zone = match self.zone.iana_name() {
            Some(known) if known == named => self.zone.clone(),
            // The policy has changed since the start.
            _ => jiff::tz::TimeZone::get(named).unwrap_or_else(|_| self.zone.clone()),
        };
        let date = moment.to_zoned(zone).date();
        let (y, m, d) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
        LocalDay(u32::try_from(y * 10_000 + m * 100 + d).unwrap_or(0))
    }

    /// Appends and commits, then lets the world know.
    fn make_durable(&mut self, hand: InHand) -> Result<(), Fault> {
        if hand.drafted.is_empty() {
            self.writer.rollback();
            answer(hand.waiting);
            return Ok(());
        }
        let started = std::time::Instant::now();
        let InHand { mut state, events, drafted, waiting, .. } = hand;
        let saved = append_all(&mut self.writer, drafted).and_then(|()| self.writer.commit());
        metrics::histogram!("callbox_commit_seconds").record(started.elapsed().as_secs_f64());
        match saved {
            Ok(()) => {
                metrics::counter!("callbox_events_total").increment(events.len() as u64);
                for n in events.iter().filter_map(|(event, _)| event.stream_incident()) {
                    evict(&mut state, n);
                }
                self.state = state;
                let notices = events.into_iter().map(|(e, m)| Notice::new(e, &m)).collect();
                self.show();
                answer(waiting);
                self.publish(notices);
                Ok(())
            }
            Err(fault) => {
                self.after_failed_save(waiting, &fault);
                Err(fault)
            }
        }
    }

    /// The batch may or may not be saved: the journal is asked, by the commands' own ids.
    fn after_failed_save(&mut self, waiting: Vec<Waiting>, fault: &Fault) {
        self.writer.rollback();
        let known = self.catch_up_after_fault().is_ok();
        for w in waiting {
            let saved = match w.id.filter(|_| known) {
                Some(id) => saved_before(&self.reader, id).ok().flatten().map(|(done, _)| done),
                None => None,
            };
            // A refusal, too, was decided on what is not saved now: it is asked again.
            let answer = match saved {
                Some(done) => Ok(Done { repeated: false, ..done }),
                None => Err(not_saved(fault)),
            };
            let _ = w.reply.send(answer);
        }
    }

    fn sign(&mut self, force: bool) {
        if let Err(fault) = self.writer.sign_head_if_due(self.clock.now().0, force) {
            tracing::warn!(%fault, "the head of the journal was not signed");
        }
    }

    /// What is done between batches; what takes long, only when nobody has asked for anything.
    fn tidy(&mut self, quiet: bool) {
        let drift = self.clock.drift_ms();
        metrics::gauge!("callbox_clock_drift_seconds").set(drift as f64 / 1_000.0);
        self.sign(false);
        if quiet {
            self.writer.idle();
        }
    }

    fn last_hash(&self) -> Option<[u8; 32]> {
        self.reader.read(self.state.seq, 1).ok()?.first().map(|r| r.hash)
    }

    fn keep_snapshot(&self) {
        let Some(hash) = self.last_hash() else { return };
        if let Err(error) = snapshot::keep(&self.data, &self.state, hash) {
            tracing::warn!(%error, "no snapshot was kept: the next start folds the journal");
        }
    }

    /// Keeps a snapshot on a thread of its own: nobody waits for it.
    fn keep_snapshot_aside(&self) {
        let (Some(hash), state, data) = (self.last_hash(), self.state.clone(), self.data.clone())
        else {
            return;
        };
        std::thread::spawn(move || {
            if let Err(error) = snapshot::keep(&data, &state, hash) {
                tracing::warn!(%error, "no snapshot was kept: the next start folds the journal");
            }
        });
    }
}

fn decide_on(state: &mut State, act: &Act, now: Now) -> Result<Vec<(Event, Meta)>, Refused> {
    if let Some((n, seen)) = act.expected.filter(|_| !planted("stale_claim")) {
        let version = state.any_incident(n)?.version;
        if version != seen {
            return Err(Refused::changed(format!(
                "log {n} has changed since you saw it (you saw {seen}, it is now {version}): look \
                 at it again"
            )));
        }
    }
    rules::decide::act(state, &act.by, &act.command, act.happened_at, now)
}

fn append_all(
    writer: &mut journal::Writer,
    drafted: Vec<(i64, Vec<journal::Draft>)>,
) -> Result<(), Fault> {
    let mut merged: Vec<(i64, Vec<journal::Draft>)> = Vec::new();
    for (at, drafts) in drafted {
        match merged.last_mut() {
            Some((last, all)) if *last == at => all.extend(drafts),
            _ => merged.push((at, drafts)),
        }
    }
    for (at, drafts) in merged {
        writer.append(at, drafts)?;
    }
    Ok(())
}

/// What a command with this id did, if it is in the journal.
fn saved_before(reader: &Reader, id: Uuid) -> Result<Option<(Done, Option<String>)>, Fault> {
    let Some(first) = reader.by_key(id.into_bytes())? else { return Ok(None) };
    let kept: Option<Kept> = serde_json::from_slice(&first.payload).ok();
    let (of, asked) = kept.map_or((None, None), |kept| (kept.of, kept.asked));
    let mut events = Vec::new();
    for record in reader.each(first.seq).take(of.unwrap_or(1) as usize) {
        events.extend(from_record(&record?).map(|(event, meta, _)| (event, meta)));
    }
    Ok(Some((done(id, events, true), asked)))
}

/// The same id must stand for the same command: a client that mixes them up is told, and nothing
/// that was not done is acknowledged.
fn same(asked: &String, before: Option<&String>) -> Result<(), Denied> {
    if before.is_none_or(|before| before == asked) {
        return Ok(());
    }
    Err(Denied::Refused(Refused::conflict(
        "another command was sent under this id before: send this one under a new id",
    )))
}

fn done(id: Uuid, events: Vec<(Event, Meta)>, repeated: bool) -> Done {
    let first_seq = events.first().map_or(0, |(_, m)| m.seq);
    let last_seq = events.last().map_or(0, |(_, m)| m.seq);
    Done { id, first_seq, last_seq, events, repeated }
}

fn answer(waiting: Vec<Waiting>) {
    for w in waiting {
        // A client that has gone away is no fault: it asks again by id.
        let _ = w.reply.send(w.answer);
    }
}

fn answer_not_saved(jobs: Vec<Job>, fault: &Fault) {
    for job in jobs {
        let (Job::Act(_, reply) | Job::Advance(_, reply)) = job;
        let _ = reply.send(Err(not_saved(fault)));
    }
}

fn not_saved(fault: &Fault) -> Denied {
    Denied::NotSaved {
        sentence: format!("not saved yet: {fault}. Keep what you wrote and send it again"),
    }
}

fn evict(state: &mut State, n: IncidentNumber) {
    if state.incident(n).is_some_and(|log| log.closed.is_some()) {
        state.incidents.remove_mut(&n);
    }
}

/// Folds an event that is in the journal. A log that is closed leaves memory; one that is opened
/// again comes back.
pub(crate) fn fold_recorded(
    state: &mut State,
    reader: &Reader,
    event: &Event,
    meta: &Meta,
) -> Result<(), Fault> {
    if let Event::IncidentReopened { incident, .. } = event
        && state.incident(*incident).is_none()
        && let Some(log) = log::recall(reader, state, *incident, meta.seq)?
    {
        state.incidents.insert_mut(*incident, log);
    }
    state.evolve(event, meta);
    if let Some(n) = closes(event) {
        evict(state, n);
    }
    Ok(())
}

/// Wakes the writer when another node has written.
pub(crate) fn watch_other_nodes(lanes: &Lanes, reader: &Reader, shared: &ArcSwap<State>) {
    while !lanes.is_closed() {
        let seen = shared.load().seq;
        match reader.wait_for(seen, Duration::from_secs(1)) {
            Ok(true) => lanes.nudge(),
            Ok(false) => {}
            Err(fault) => {
                tracing::warn!(%fault, "other nodes are not heard");
                std::thread::sleep(AFTER_FAULT);
            }
        }
    }
}

#[cfg(test)]
mod tests;
