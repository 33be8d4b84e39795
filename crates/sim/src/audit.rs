//! What the journal says of a replay. Everything is counted in the records, not while running.

use crate::replay::Obligations;
use rules::event::{Event, Meta};
use rules::name::{CallSign, Grade, IncidentNumber, ObligationId};
use rules::obligation::{Fate, Rule};
use rules::policy::Level;
use rules::role::Owner;
use rules::state::State;
use rules::time::Instant;
use std::collections::{BTreeMap, HashMap};

/// Records read at once.
const CHUNK: usize = 5_000;

struct Open {
    rule: Rule,
    incident: Option<IncidentNumber>,
    owner: Owner,
    due_at: Instant,
    escalated: bool,
}

/// What the records add up to.
#[derive(Default)]
pub struct Audit {
    /// How many events there are.
    pub events: u64,
    armed: u64,
    ended: u64,
    escalated: BTreeMap<Rule, u64>,
    open: HashMap<ObligationId, Open>,
    grades: HashMap<IncidentNumber, Grade>,
    at_scene: HashMap<(IncidentNumber, CallSign), Vec<Instant>>,
    targets: BTreeMap<Grade, (u64, u64)>,
}

impl Audit {
    /// An audit that has read nothing yet.
    pub fn new() -> Audit {
        Audit::default()
    }

    /// Reads the records after a place.
    ///
    /// # Errors
    /// A fault of the journal.
    pub fn read(&mut self, journal: &journal::Reader, after: u64) -> Result<(), journal::Fault> {
        let mut from = after + 1;
        loop {
            let records = journal.read(from, CHUNK)?;
            let Some(last) = records.last() else { return Ok(()) };
            from = last.seq + 1;
            for record in &records {
                self.events += 1;
                if let Some((event, meta, _)) = room::from_record(record) {
                    self.take(&event, &meta);
                }
            }
        }
    }

    fn take(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ObligationsArmed { about, armed } => {
                for row in armed {
                    self.armed += 1;
                    let open = Open {
                        rule: row.rule,
                        incident: about.incident(),
                        owner: row.owner.clone(),
                        due_at: row.due_at,
                        escalated: false,
                    };
                    self.open.insert(row.obligation, open);
                }
            }
            Event::ObligationsEnded { ended, fate, .. } => {
                for id in ended {
                    self.end(*id, *fate, meta.recorded_at);
                }
            }
            Event::ObligationFired { obligation, level, owner, .. } => {
                if let Some(open) = self.open.get_mut(obligation)
                    && !open.escalated
                    && (*level <= Level::A2 || *owner != open.owner)
                {
                    open.escalated = true;
                    *self.escalated.entry(open.rule).or_default() += 1;
                }
            }
            Event::ObligationMoved { obligation, due_at, .. } => {
                if let Some(open) = self.open.get_mut(obligation) {
                    open.due_at = *due_at;
                }
            }
            Event::Graded { incident, grade, .. } => {
                self.grades.insert(*incident, *grade);
            }
            Event::StatusSet { call_sign, status: 6, incident: Some(n), .. } => {
                let key = (*n, call_sign.clone());
                self.at_scene.entry(key).or_default().push(meta.happened_at);
            }
            _ => {}
        }
    }

    fn end(&mut self, id: ObligationId, fate: Fate, at: Instant) {
        let Some(open) = self.open.remove(&id) else { return };
        self.ended += 1;
        if open.rule != Rule::ArriveTarget || fate != Fate::Done {
            return;
        }
        if let Some(grade) = open.incident.and_then(|n| self.grades.get(&n)) {
            let (met, missed) = self.targets.entry(*grade).or_default();
            if at <= open.due_at {
                *met += 1;
            } else {
                *missed += 1;
            }
        }
    }

    /// When a unit arrived at a log.
    pub fn arrivals_of(&self, n: IncidentNumber, call_sign: &CallSign) -> &[Instant] {
        self.at_scene.get(&(n, call_sign.clone())).map_or(&[], |at| &at[..])
    }

    /// Arrivals of a grade: in time and late. `None` where nobody arrived at any of its logs.
    pub fn arrivals(&self, grade: Grade) -> Option<(u64, u64)> {
        self.targets.get(&grade).copied()
    }

    /// How many obligations of each rule escalated.
    pub fn escalated_by_rule(&self) -> BTreeMap<&'static str, u64> {
        self.escalated.iter().map(|(rule, n)| (rule.name(), *n)).collect()
    }

    /// The obligations, with what the room holds now for comparison.
    pub fn obligations(&self, now_held: &State, now: Instant) -> Obligations {
        let held = |id: &&ObligationId| {
            let o = now_held.obligations.get(id);
            o.is_some_and(|o| o.next_at > now && now_held.due.contains(&(o.next_at, o.id)))
        };
        let open = u64::try_from(self.open.keys().filter(held).count()).unwrap_or(u64::MAX);
        let not_ended = self.armed - self.ended;
        Obligations {
            armed: self.armed,
            discharged: self.ended,
            escalated: self.escalated.values().sum(),
            open,
            lost: not_ended - open,
        }
    }
}
