//! What each trainee did in a session, and what they let run: to talk about afterwards. It is made
//! from the record and keeps nothing of its own.
//!
//! Source: Learning the Lessons, case 9: months between the training and the system it was for.

use crate::event::{Event, spaced};
use crate::name::{IncidentNumber, ObligationId, StaffId};
use crate::obligation::{Armed, Rule, Subject};
use crate::role::{Owner, Role};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What one person did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trainee {
    /// Who.
    pub staff: StaffId,
    /// Their name in the staff directory.
    pub name: String,
    /// The roles they acted in.
    pub roles: Vec<Role>,
    /// What they did, the most frequent first.
    pub deeds: Vec<Deed>,
    /// The logs they did something on.
    pub logs: Vec<IncidentNumber>,
    /// What passed its time while they, or the desk they sat at, owned it; the most frequent first.
    pub let_run: Vec<LetRun>,
}

/// Something somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deed {
    /// What, in words: `entry added`.
    pub what: String,
    /// How often.
    pub n: u32,
}

/// What somebody let run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LetRun {
    /// The rule.
    pub rule: Rule,
    /// What was owed.
    pub owed: String,
    /// How many obligations.
    pub n: u32,
    /// Those of them that were the person's own and not their desk's.
    pub own: u32,
    /// The first log it was owed on.
    pub log: Option<IncidentNumber>,
}

#[derive(Default)]
struct Person {
    roles: BTreeSet<Role>,
    deeds: BTreeMap<&'static str, u32>,
    logs: BTreeSet<IncidentNumber>,
    let_run: BTreeMap<Rule, LetRun>,
}

struct Owing {
    rule: Rule,
    owner: Owner,
    due_at: Instant,
    counted: bool,
}

/// A session as it is read from the record, event by event.
#[derive(Default)]
pub struct Session {
    people: BTreeMap<StaffId, Person>,
    seated: BTreeMap<StaffId, Role>,
    owed: BTreeMap<ObligationId, Owing>,
}

impl Session {
    /// Takes the next event.
    pub fn take(&mut self, event: &Event, by: &crate::role::By, at: Instant) {
        match event {
            Event::SignedOn { .. } => {
                self.seated.insert(by.staff.clone(), by.role);
            }
            Event::SignedOff { .. } => {
                self.seated.remove(&by.staff);
            }
            Event::ObligationsArmed { armed, .. } => self.armed(armed),
            Event::ObligationsEnded { ended, .. } => {
                for id in ended {
                    self.owed.remove(id);
                }
            }
            Event::ObligationFired { about, obligation, owner, .. } => {
                self.fired(about, *obligation, at);
                self.passes(*obligation, owner);
            }
            Event::ObligationMoved { obligation, due_at, .. } => {
                if let Some(owing) = self.owed.get_mut(obligation) {
                    owing.due_at = *due_at;
                }
            }
            Event::ObligationGiven { obligation, to, .. }
            | Event::ObligationPassed { obligation, to, .. } => self.passes(*obligation, to),
            Event::ObligationOwned { obligation, .. } => {
                self.passes(*obligation, &Owner::Staff(by.staff.clone()));
            }
            _ => {}
        }
        if by.role != Role::System && !follows_by_itself(event) {
            let person = self.people.entry(by.staff.clone()).or_default();
            person.roles.insert(by.role);
            *person.deeds.entry(event.name()).or_default() += 1;
            person.logs.extend(event.stream_incident());
        }
    }

    fn armed(&mut self, armed: &[Armed]) {
        for a in armed {
            let owner = a.owner.clone();
            let owing = Owing { rule: a.rule, owner, due_at: a.due_at, counted: false };
            self.owed.insert(a.obligation, owing);
        }
    }

    fn passes(&mut self, obligation: ObligationId, to: &Owner) {
        if let Some(owing) = self.owed.get_mut(&obligation) {
            owing.owner = to.clone();
        }
    }

    /// Counts an obligation once, when it first fires at or after its due time.
    fn fired(&mut self, about: &Subject, obligation: ObligationId, at: Instant) {
        let Some(owing) = self.owed.get_mut(&obligation) else { return };
        if owing.counted || at < owing.due_at {
            return;
        }
        owing.counted = true;
        let (rule, owner) = (owing.rule, owing.owner.clone());
        let whose: Vec<(StaffId, bool)> = match &owner {
            Owner::Staff(staff) => vec![(staff.clone(), true)],
            Owner::Desk(desk) => {
                let there = self.seated.iter().filter(|(_, role)| *role == desk);
                there.map(|(staff, _)| (staff.clone(), false)).collect()
            }
        };
        for (staff, own) in whose {
            let person = self.people.entry(staff).or_default();
            let run = person.let_run.entry(rule).or_insert_with(|| LetRun {
                rule,
                owed: rule.owed().to_owned(),
                n: 0,
                own: 0,
                log: about.incident(),
            });
            run.n += 1;
            run.own += u32::from(own);
        }
    }

    /// Everybody in the staff directory who did something or let something run, by name.
    pub fn trainees(self, s: &State) -> Vec<Trainee> {
        let known = self.people.into_iter().filter_map(|(staff, person)| {
            let name = s.directory.get(&staff)?.name.to_string();
            let mut deeds: Vec<Deed> = person
                .deeds
                .into_iter()
                .map(|(kind, n)| Deed { what: spaced(kind, ' '), n })
                .collect();
            deeds.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.what.cmp(&b.what)));
            let mut let_run: Vec<LetRun> = person.let_run.into_values().collect();
            let_run.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.rule.cmp(&b.rule)));
            let roles = person.roles.into_iter().collect();
            let logs = person.logs.into_iter().collect();
            Some(Trainee { staff, name, roles, deeds, logs, let_run })
        });
        let mut all: Vec<Trainee> = known.collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// Whether an event is no deed of whoever's command it follows from.
fn follows_by_itself(event: &Event) -> bool {
    match event {
        Event::ObligationOwned { .. }
        | Event::ObligationGiven { .. }
        | Event::ObligationDelayed { .. }
        | Event::ObligationRaised { .. }
        | Event::AlarmSilenced { .. } => false,
        Event::RecordRead { .. } => true,
        other => other.is_of_obligations(),
    }
}
