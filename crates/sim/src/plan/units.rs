//! Where every unit is, and what its next time in the file means there.

use super::{NONE, OnScene, Plan, PlannedUnit, Step, What};
use crate::files::FileUnit;
use rules::name::CallSign;
use rules::policy::Policy;
use rules::time::{Instant, Span};
use std::collections::HashMap;

/// A synthetic unit is free so long after its last time.
const TURNAROUND: Span = Span::minutes(30);
/// Of the time after which somebody would ask, officers let this share pass before they report.
const CHECK_IN_PERCENT: u8 = 75;
/// The most reports from one deployment.
const CHECK_INS_MAX: i64 = 60;

/// What a time of a file's row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Means {
    Sent,
    Status(u8),
    OnScene,
    CheckIn,
    Free,
}

/// One time of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    at: Instant,
    /// A row that began earlier comes before one that begins now.
    begins_now: bool,
    means: Means,
    row: usize,
    happened_at: Option<Instant>,
}

/// One row: a unit at a call.
struct Row {
    call: u32,
    unit: u32,
    pool: Option<CallSign>,
    has_release: bool,
    last_at: Instant,
}

#[derive(Clone, Default)]
struct Unit {
    on: Option<usize>,
    left: Vec<usize>,
    status: Option<u8>,
}

/// Follows the units through the file.
pub struct Units<'p> {
    policy: &'p Policy,
    rows: Vec<Row>,
    moments: Vec<Moment>,
    units: Vec<Unit>,
    board: Vec<PlannedUnit>,
    by_name: HashMap<CallSign, u32>,
    at_call: HashMap<u32, Vec<u32>>,
    ends: Vec<Instant>,
    steps: Vec<Step>,
    on_scene: Vec<(usize, Instant)>,
    set_aside: u64,
}

/// What following the units gave.
pub struct Followed {
    /// Their steps, in order.
    pub steps: Vec<Step>,
    /// The board.
    pub board: Vec<PlannedUnit>,
    /// What the file says of arrivals.
    pub on_scene: Vec<OnScene>,
    /// Times of the file that meant nothing any more.
    pub set_aside: u64,
}

/// Follows all units of a plan. `opened` says when each log is opened, `closes` how long after its
/// last time it is closed.
pub fn follow(plan: &Plan, policy: &Policy, opened: &[Instant], closes: Span) -> Followed {
    let mut units = Units {
        policy,
        rows: Vec::new(),
        moments: Vec::new(),
        units: Vec::new(),
        board: Vec::new(),
        by_name: HashMap::new(),
        at_call: HashMap::new(),
        ends: opened.to_vec(),
        steps: Vec::new(),
        on_scene: Vec::new(),
        set_aside: 0,
    };
    for (at, (call, opened)) in (0_u32..).zip(plan.calls.iter().zip(opened)) {
        let quiet = units.quiet_for(call.regrade.unwrap_or(call.grade));
        for unit in &call.file.units {
            units.take(at, unit, call.file.district.as_ref(), *opened, quiet);
        }
    }
    units.run(closes);
    let arrivals = units.on_scene.iter().filter_map(|(row, at)| {
        units.rows.get(*row).map(|r| OnScene { call: r.call, unit: r.unit, at: *at })
    });
    Followed {
        on_scene: arrivals.collect(),
        steps: units.steps,
        board: units.board,
        set_aside: units.set_aside,
    }
}

impl Units<'_> {
    /// How long officers at a scene let pass without a word.
    fn quiet_for(&self, grade: rules::name::Grade) -> Span {
        use rules::obligation::Rule;
        let due = [Rule::OfficerWelfare, Rule::NothingWritten]
            .into_iter()
            .filter_map(|rule| self.policy.obligation(rule)?.due_in(Some(grade)));
        let due = due.min().unwrap_or(Span::minutes(30));
        due.percent(CHECK_IN_PERCENT).max(Span::minutes(1))
    }

    fn take(
        &mut self,
        call: u32,
        unit: &FileUnit,
        district: Option<&rules::name::Label>,
        opened: Instant,
        quiet: Span,
    ) {
        let Some(first) = unit.dispatch.or_else(|| unit.times().min()) else { return };
        let begun = first.max(opened);
        let row = self.rows.len();
        let late = |at: Instant, not_before: Instant| {
            let recorded = at.max(not_before);
            (recorded, (recorded != at).then_some(at))
        };
        let mut push = |means, at: Instant, not_before: Instant| {
            let (at, happened_at) = late(at, not_before);
            self.moments.push(Moment { at, begins_now: at <= begun, means, row, happened_at });
            at
        };
        push(Means::Sent, first, begun);
        let times = [
            (Means::Status(5), unit.response),
            (Means::OnScene, unit.on_scene),
            (Means::Status(8), unit.transport),
            (Means::Status(8), unit.hospital),
        ];
        let mut last_at = begun;
        for (means, at) in times {
            if let Some(at) = at {
                last_at = last_at.max(push(means, at, begun));
            }
        }
        let free = if unit.synthetic { Some(last_at + TURNAROUND) } else { unit.available };
        if let Some(free) = free {
            last_at = push(Means::Free, free, last_at);
        }
        if let Some(on_scene) = unit.on_scene {
            let from = on_scene.max(begun);
            let mut next = from + quiet;
            for _ in 0..CHECK_INS_MAX {
                if free.is_none() || next >= last_at {
                    break;
                }
                push(Means::CheckIn, next, begun);
                next = next + quiet;
            }
        }
        if let Some(end) = self.ends.get_mut(call as usize) {
            *end = (*end).max(last_at);
        }
        let index = if unit.synthetic { NONE } else { self.board(&unit.call_sign, unit, district) };
        self.rows.push(Row {
            call,
            unit: index,
            pool: unit.synthetic.then(|| unit.call_sign.clone()),
            has_release: free.is_some(),
            last_at,
        });
        self.on_scene.extend(unit.on_scene.map(|at| (row, at)));
    }

    /// The unit's place on the board.
    fn board(
        &mut self,
        name: &CallSign,
        unit: &FileUnit,
        district: Option<&rules::name::Label>,
    ) -> u32 {
        let next = u32::try_from(self.board.len()).unwrap_or(NONE);
        let at = *self.by_name.entry(name.clone()).or_insert(next);
        if at == next {
            self.board.push(PlannedUnit {
                call_sign: name.clone(),
                kind: unit.kind.clone(),
                district: district.cloned(),
            });
            self.units.push(Unit::default());
        }
        at
    }

    fn run(&mut self, closes: Span) {
        let mut moments = std::mem::take(&mut self.moments);
        moments.sort_unstable();
        // Logs close in between, and a unit that nobody released is released then.
        let mut closing: Vec<(Instant, u32)> =
            (0_u32..).zip(&self.ends).map(|(call, end)| (*end + closes, call)).collect();
        closing.sort_unstable();
        let mut closing = closing.into_iter().peekable();
        for moment in moments {
            while let Some((at, call)) = closing.next_if(|(at, _)| *at <= moment.at) {
                self.close(call, at);
            }
            self.moment(moment);
        }
        for (at, call) in closing {
            self.close(call, at);
        }
    }

    fn moment(&mut self, m: Moment) {
        if let Means::Sent = m.means {
            self.send(m);
            return;
        }
        let Some((call, unit)) = self.rows.get(m.row).map(|r| (r.call, r.unit)) else { return };
        let here = self.units.get(unit as usize).is_some_and(|u| u.on == Some(m.row));
        match m.means {
            Means::CheckIn if here => self.step(m.at, None, call, unit, What::CheckIn),
            Means::CheckIn => {}
            Means::Free if here => self.free(m, call, unit),
            Means::Free => {
                self.set_aside += 1;
                self.forget(unit, m.row);
            }
            Means::Status(_) | Means::OnScene if !here => self.set_aside += 1,
            Means::OnScene => {
                self.step(m.at, m.happened_at, call, unit, What::Card);
                self.status(m, call, unit, 6);
            }
            Means::Status(code) => self.status(m, call, unit, code),
            Means::Sent => {}
        }
    }

    fn send(&mut self, m: Moment) {
        let Some(row) = self.rows.get(m.row) else { return };
        let (call, synthetic) = (row.call, row.pool.is_some());
        let unit = match row.pool.clone() {
            Some(pool) => self.out_of_pool(&pool, m.row),
            None => row.unit,
        };
        let Some(now) = self.units.get(unit as usize).cloned() else { return };
        let Some(before) = now.on else {
            self.step(m.at, m.happened_at, call, unit, What::Deploy);
            if synthetic {
                // Nobody's status is made up by this: without a time en route they say they go.
                self.step(m.at, None, call, unit, What::Confirm);
            }
            self.arrive(unit, m.row, call, None);
            return;
        };
        let Some((old, over)) =
            self.rows.get(before).map(|r| (r.call, !r.has_release && r.last_at < m.at))
        else {
            return;
        };
        let sendable = now.status.and_then(|s| self.policy.status(s)).is_none_or(|s| s.deployable);
        self.leave(unit, old);
        if over && sendable {
            self.step(m.at, None, old, unit, What::StandDown);
            self.step(m.at, None, old, unit, What::Released);
            self.step(m.at, m.happened_at, call, unit, What::Deploy);
            self.arrive(unit, m.row, call, None);
        } else {
            let covered = self.at_call.get(&old).is_some_and(|on| !on.is_empty());
            self.step(m.at, m.happened_at, call, unit, What::Divert { covered });
            self.step(m.at, None, old, unit, What::Released);
            self.arrive(unit, m.row, call, (!over).then_some(before));
        }
    }

    fn arrive(&mut self, unit: u32, row: usize, call: u32, left: Option<usize>) {
        if let Some(u) = self.units.get_mut(unit as usize) {
            u.on = Some(row);
            u.left.extend(left);
        }
        self.at_call.entry(call).or_default().push(unit);
    }

    fn leave(&mut self, unit: u32, call: u32) {
        if let Some(on) = self.at_call.get_mut(&call) {
            on.retain(|u| *u != unit);
        }
        if let Some(u) = self.units.get_mut(unit as usize) {
            u.on = None;
        }
    }

    fn forget(&mut self, unit: u32, row: usize) {
        if let Some(u) = self.units.get_mut(unit as usize) {
            u.left.retain(|r| *r != row);
        }
    }

    fn status(&mut self, m: Moment, call: u32, unit: u32, code: u8) {
        self.step(m.at, m.happened_at, call, unit, What::Status(code));
        if let Some(u) = self.units.get_mut(unit as usize) {
            u.status = Some(code);
        }
    }

    /// Free again. A job it was diverted from, with times to come, gets it back.
    fn free(&mut self, m: Moment, call: u32, unit: u32) {
        self.step(m.at, m.happened_at, call, unit, What::StandDown);
        self.leave(unit, call);
        self.status(m, call, unit, 2);
        let waits = |row: &Row| row.last_at > m.at;
        let back = loop {
            let left = self.units.get_mut(unit as usize).and_then(|u| u.left.pop());
            match left {
                None => break None,
                Some(row) if self.rows.get(row).is_some_and(waits) => break Some(row),
                Some(_) => {}
            }
        };
        if let Some((row, old)) = back.and_then(|row| Some((row, self.rows.get(row)?.call))) {
            self.step(m.at, None, old, unit, What::Return);
            self.step(m.at, None, old, unit, What::Confirm);
            self.arrive(unit, row, old, None);
        }
    }

    fn close(&mut self, call: u32, at: Instant) {
        for unit in self.at_call.remove(&call).unwrap_or_default() {
            self.step(at, None, call, unit, What::StandDown);
            self.step(at, None, call, unit, What::Released);
            if let Some(u) = self.units.get_mut(unit as usize) {
                u.on = None;
            }
        }
        self.step(at, None, call, NONE, What::Settle);
        self.step(at, None, call, NONE, What::Close);
    }

    /// The first free unit of a pool; a new one where all are out.
    fn out_of_pool(&mut self, pool: &CallSign, row: usize) -> u32 {
        let kind = rules::name::Label::parse("synthetic").expect("a constant word is a label");
        let mut n = 1_u32;
        let unit = loop {
            let name = CallSign::parse(&format!("{pool} {n}")).unwrap_or_else(|_| pool.clone());
            let next = u32::try_from(self.board.len()).unwrap_or(NONE);
            let at = *self.by_name.entry(name.clone()).or_insert(next);
            if at == next {
                self.board.push(PlannedUnit { call_sign: name, kind, district: None });
                self.units.push(Unit::default());
                break at;
            }
            if self.units.get(at as usize).is_some_and(|u| u.on.is_none()) || n > 999 {
                break at;
            }
            n += 1;
        };
        if let Some(row) = self.rows.get_mut(row) {
            row.unit = unit;
        }
        unit
    }

    fn step(
        &mut self,
        at: Instant,
        happened_at: Option<Instant>,
        call: u32,
        unit: u32,
        what: What,
    ) {
        self.steps.push(Step { at, happened_at, call, unit, what });
    }
}
