//! The live room, folded from events. Every map shares its structure with the one before, so a
//! snapshot for readers costs nothing and a batch that was not saved is simply forgotten.

use crate::agency::Agency;
use crate::alarm::Alarms;
use crate::briefing::Briefing;
use crate::contact::Contact;
use crate::dip::Mark;
use crate::event::{Event, Meta};
use crate::fault::Fault;
use crate::guidance::Revision;
use crate::incident::Incident;
use crate::marker::Held;
use crate::message::Message;
use crate::name::*;
use crate::obligation::{Armed, Obligation, Rule, Subject};
use crate::policy::{Ladder, Policy};
use crate::proposal::{Adopted, Proposal};
use crate::role::{Owner, Role};
use crate::shift::directory::Enrolled;
use crate::shift::training::Allowed;
use crate::shift::{Handover, OnDuty};
use crate::time::Instant;
use crate::unit::Unit;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A map in key order whose copies share what they have in common.
pub type Map<K, V> = rpds::RedBlackTreeMapSync<K, V>;
/// A set in order whose copies share what they have in common.
pub type Set<K> = rpds::RedBlackTreeSetSync<K>;
/// A list whose copies share what they have in common.
pub type List<V> = rpds::VectorSync<V>;

/// Everything that is live: open contacts and logs, units, people on duty, open obligations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    /// The policy that holds now.
    #[serde(with = "policy_text")]
    pub policy: Arc<Policy>,
    /// The place of the last event folded.
    pub seq: u64,
    /// When the last event was recorded.
    pub last_at: Instant,
    /// Contacts that have no record yet.
    pub contacts: Map<ContactId, Contact>,
    /// Open logs. A closed one is folded from the journal when somebody asks for it.
    pub incidents: Map<IncidentNumber, Incident>,
    /// Units on the board.
    pub units: Map<CallSign, Unit>,
    /// People on duty.
    pub staff: Map<StaffId, OnDuty>,
    /// Who works here, whether on duty or not.
    pub directory: Map<StaffId, Enrolled>,
    /// Whether the directory has ever had two administrators: from then on nobody publishes a
    /// policy alone, not even after taking the other one out.
    #[serde(default)]
    pub had_two_administrators: bool,
    /// Who was removed from the directory and not entered again: they have no role at all.
    pub removed: Set<StaffId>,
    /// Tasks that somebody may do for a while without their training.
    #[serde(default)]
    pub allowed: Map<(StaffId, Label), Allowed>,
    /// Handovers that are not accepted whole.
    pub handovers: Map<HandoverId, Handover>,
    /// How the policy came to hold; nothing before the first one was adopted.
    pub adopted: Option<Arc<Adopted>>,
    /// Policies that are proposed and neither published nor withdrawn.
    pub proposals: Map<ProposalId, Proposal>,
    /// Briefings, those that have ended among them for as long as there is room.
    pub briefings: Map<BriefingId, Arc<Briefing>>,
    /// Agencies and other control rooms.
    pub agencies: Map<Label, Agency>,
    /// Faults of what the room works with, those put right among them as long as there is room.
    pub faults: Map<FaultId, Arc<Fault>>,
    /// What reviewers said of escalations, by the place of the record, as long as there is room.
    #[serde(default)]
    pub marks: Map<u64, Arc<Mark>>,
    /// How each guidance article came to say what it says, the newest change last.
    #[serde(default)]
    pub revisions: Map<Label, Arc<[Revision]>>,
    /// Markers of people, numbers and places; of those that ended the newest.
    #[serde(default)]
    pub markers: Map<MarkerId, Arc<Held>>,
    /// The markers that count, by what they are on.
    #[serde(default)]
    pub marked: Map<Arc<str>, Vec<MarkerId>>,
    /// Messages to named officers; of those that were answered the newest.
    #[serde(default)]
    pub messages: Map<MessageId, Arc<Message>>,
    /// Open obligations.
    pub obligations: Map<ObligationId, Obligation>,
    /// The open obligations of each subject.
    pub about: Map<Subject, Vec<ObligationId>>,
    /// When each open obligation next fires.
    pub due: Set<(Instant, ObligationId)>,
    /// What each position has heard.
    pub alarms: Alarms,
    /// The next numbers.
    pub next_contact: u64,
    /// The next obligation's number.
    pub next_obligation: u64,
    /// The next handover's number.
    pub next_handover: u64,
    /// The next proposal's number.
    pub next_proposal: u64,
    /// The next briefing's number.
    pub next_briefing: u64,
    /// The next fault's number.
    pub next_fault: u64,
    /// The next marker's number.
    #[serde(default)]
    pub next_marker: u64,
    /// The next message's number.
    #[serde(default)]
    pub next_message: u64,
    /// The day and count of the newest log.
    pub last_incident: (u32, u32),
}

mod policy_text {
    use super::*;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(policy: &Arc<Policy>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&toml::to_string(policy.as_ref()).map_err(serde::ser::Error::custom)?)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Arc<Policy>, D::Error> {
        let text = String::deserialize(d)?;
        Policy::parse(&text).map(Arc::new).map_err(serde::de::Error::custom)
    }
}

/// Who answers when neither a desk nor any of its cover is there.
const LAST_RESORT: [Role; 7] = [
    Role::ForceIncidentManager,
    Role::DutyChiefInspector,
    Role::DispatchSupervisor,
    Role::TeamLeader,
    Role::Dispatcher,
    Role::SupportOperator,
    Role::CallHandler,
];

impl State {
    /// A room in which nothing has happened.
    pub fn new(policy: Policy) -> State {
        State {
            policy: Arc::new(policy),
            seq: 0,
            last_at: Instant::default(),
            contacts: Map::default(),
            incidents: Map::default(),
            units: Map::default(),
            staff: Map::default(),
            directory: Map::default(),
            had_two_administrators: false,
            removed: Set::default(),
            allowed: Map::default(),
            handovers: Map::default(),
            adopted: None,
            proposals: Map::default(),
            briefings: Map::default(),
            agencies: Map::default(),
            faults: Map::default(),
            marks: Map::default(),
            revisions: Map::default(),
            markers: Map::default(),
            marked: Map::default(),
            messages: Map::default(),
            obligations: Map::default(),
            about: Map::default(),
            due: Set::default(),
            alarms: Alarms::default(),
            next_contact: 1,
            next_obligation: 1,
            next_handover: 1,
            next_proposal: 1,
            next_briefing: 1,
            next_fault: 1,
            next_marker: 1,
            next_message: 1,
            last_incident: (0, 0),
        }
    }

    /// An open log.
    pub fn incident(&self, n: IncidentNumber) -> Option<&Incident> {
        self.incidents.get(&n)
    }

    /// The grade of an open log.
    pub fn grade_of(&self, n: IncidentNumber) -> Option<Grade> {
        self.incident(n).and_then(|i| i.grade())
    }

    /// The open obligations of a subject, oldest first.
    pub fn obligations_about(&self, about: &Subject) -> impl Iterator<Item = &Obligation> {
        self.about.get(about).into_iter().flatten().filter_map(|id| self.obligations.get(id))
    }

    /// An open obligation of a subject under a rule.
    pub fn owed(&self, about: &Subject, rule: Rule) -> Option<&Obligation> {
        self.obligations_about(about).find(|o| o.rule == rule)
    }

    /// The ladder that an obligation climbs: what it is asked of an agency may have its own, else
    /// that of its rule at the grade its log has now.
    pub fn ladder_of(&self, rule: Rule, about: &Subject, part: Option<&str>) -> Option<&Ladder> {
        let own = match rule {
            Rule::AgencyAnswer => crate::incident::requests::ladder_of(self, about, part),
            _ => None,
        };
        let grade = about.incident().and_then(|n| self.grade_of(n));
        own.or_else(|| self.policy.ladder_at(rule, grade))
    }

    /// Whether somebody of this role is on duty and not on a break.
    pub fn is_staffed(&self, role: Role) -> bool {
        self.staff.values().any(|s| s.role == role && !s.on_break)
    }

    /// The desk that answers for this one now: itself if staffed, else its cover, else the cover of
    /// its cover and so on, else whoever in the room is there. Only an empty room answers for
    /// nothing.
    pub fn covering(&self, role: Role) -> Role {
        let mut asked = vec![role];
        let mut next = 0;
        while let Some(desk) = asked.get(next).copied() {
            if self.is_staffed(desk) {
                return desk;
            }
            let cover = self.policy.desk.get(&desk).map_or(&[][..], |d| &d.cover[..]);
            let new: Vec<Role> = cover.iter().filter(|r| !asked.contains(r)).copied().collect();
            asked.extend(new);
            next += 1;
        }
        LAST_RESORT.into_iter().find(|desk| self.is_staffed(*desk)).unwrap_or(role)
    }

    /// Who really answers for an owner now: a person who is away is answered for by their desk, a
    /// desk without people by its cover.
    pub fn present(&self, owner: &Owner) -> Owner {
        match owner {
            Owner::Staff(staff) => match self.staff.get(staff) {
                Some(on) if !on.on_break => owner.clone(),
                Some(on) => Owner::Desk(self.covering(on.role)),
                None => Owner::Desk(self.covering(Role::Dispatcher)),
            },
            Owner::Desk(role) => Owner::Desk(self.covering(*role)),
        }
    }

    /// Folds an event. History cannot be refused: what no longer fits is passed over.
    pub fn evolve(&mut self, event: &Event, meta: &Meta) {
        self.seq = meta.seq;
        self.last_at = self.last_at.max(meta.recorded_at);
        if self.evolve_policy(event, meta) {
            return;
        }
        self.evolve_contact(event, meta);
        self.evolve_incident(event, meta);
        self.evolve_unit(event, meta);
        self.evolve_shift(event, meta);
        self.evolve_directory(event);
        self.evolve_training(event, meta);
        self.evolve_briefing(event, meta);
        self.evolve_agency(event, meta);
        self.evolve_fault(event, meta);
        self.evolve_dip(event, meta);
        self.evolve_marker(event, meta);
        self.evolve_message(event, meta);
        self.evolve_alarm(event, meta); // Before the obligations: it asks who owned them.
        self.evolve_obligation(event, meta);
    }

    fn evolve_obligation(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ObligationsArmed { about, armed } => self.arm(about, armed),
            Event::ObligationsEnded { about, ended, .. } => self.end(about, ended),
            Event::ObligationFired { obligation, rung, told, level, owner, next_at, .. } => {
                self.change(*obligation, *next_at, |o| {
                    o.told = told.clone();
                    o.rung = *rung;
                    o.level = Some(o.level.map_or(*level, |l| l.min(*level)));
                    o.owner = owner.clone();
                    o.delayed_until = None;
                });
            }
            Event::ObligationMoved { obligation, due_at, next_at, .. } => {
                self.change(*obligation, *next_at, |o| {
                    o.from = o.from + due_at.since(o.due_at);
                    o.due_at = *due_at;
                    o.rung = 0;
                    o.level = None;
                });
            }
            other => self.evolve_verb(other, meta),
        }
    }

    fn evolve_verb(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::ObligationOwned { obligation, next_at, .. } => {
                let owner = Owner::Staff(meta.by.staff.clone());
                self.change(*obligation, *next_at, |o| {
                    o.owner = owner;
                    o.decided_at = Some(meta.recorded_at);
                });
            }
            Event::ObligationGiven { obligation, to, next_at, .. } => {
                self.change(*obligation, *next_at, |o| {
                    o.owner = to.clone();
                    o.decided_at = Some(meta.recorded_at);
                });
            }
            Event::ObligationDelayed { obligation, until, .. } => {
                self.change(*obligation, *until, |o| {
                    o.decided_at = Some(meta.recorded_at);
                    o.delayed_until = Some(*until);
                });
            }
            Event::ObligationRaised { obligation, .. } => {
                if let Some(o) = self.obligations.get_mut(obligation) {
                    o.decided_at = Some(meta.recorded_at);
                }
            }
            Event::ObligationPassed { obligation, to, .. } => {
                let present = self.present(to);
                if let Some(o) = self.obligations.get_mut(obligation) {
                    let before = std::mem::replace(&mut o.owner, to.clone());
                    o.told.iter_mut().filter(|p| **p == before).for_each(|p| *p = present.clone());
                }
            }
            _ => {}
        }
    }

    fn arm(&mut self, about: &Subject, armed: &[Armed]) {
        let mut ids = self.about.get(about).cloned().unwrap_or_default();
        for row in armed {
            self.next_obligation = self.next_obligation.max(row.obligation.0 + 1);
            self.due.insert_mut((row.next_at, row.obligation));
            self.obligations.insert_mut(row.obligation, Obligation::new(about.clone(), row));
            ids.push(row.obligation);
        }
        self.about.insert_mut(about.clone(), ids);
    }

    fn end(&mut self, about: &Subject, ended: &[ObligationId]) {
        for id in ended {
            if let Some(next_at) = self.obligations.get(id).map(|o| o.next_at) {
                self.due.remove_mut(&(next_at, *id));
                self.obligations.remove_mut(id);
            }
        }
        let mut ids = self.about.get(about).cloned().unwrap_or_default();
        ids.retain(|id| !ended.contains(id));
        if ids.is_empty() {
            self.about.remove_mut(about);
        } else {
            self.about.insert_mut(about.clone(), ids);
        }
    }

    fn change(&mut self, id: ObligationId, next_at: Instant, f: impl FnOnce(&mut Obligation)) {
        if let Some(o) = self.obligations.get_mut(&id) {
            let before = o.next_at;
            f(o);
            o.next_at = next_at;
            self.due.remove_mut(&(before, id));
            self.due.insert_mut((next_at, id));
        }
    }
}
