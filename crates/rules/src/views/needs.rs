//! What a log needs of those who go, and who on it has it.

use crate::incident::{Incident, needs};
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing a log needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedView {
    /// What.
    pub need: Label,
    /// Who said so; nobody where the opening code does.
    pub said_by: Option<StaffId>,
    /// When.
    pub at: Option<Instant>,
    /// Why.
    pub reason: Option<Reason>,
    /// The units on the log that have it.
    pub met_by: Vec<CallSign>,
    /// How many units of the force have it and are free.
    pub n_free: u32,
}

/// What a log needs, what was said of it first.
pub fn needs_of(s: &State, log: &Incident, now: Instant) -> Vec<NeedView> {
    needs::all(s, log).into_iter().map(|need| one(s, log, need, now)).collect()
}

fn one(s: &State, log: &Incident, need: Label, now: Instant) -> NeedView {
    let said = log.needs.iter().find(|n| n.need == need);
    let here = log.active_units().filter_map(|d| s.units.get(&d.call_sign));
    let free = s.units.values().filter(|u| super::units::is_available(s, u, now) && u.has(&need));
    NeedView {
        said_by: said.map(|n| n.by.clone()),
        at: said.map(|n| n.at),
        reason: said.and_then(|n| n.reason.clone()),
        met_by: here.filter(|u| u.has(&need)).map(|u| u.call_sign.clone()).collect(),
        n_free: u32::try_from(free.count()).unwrap_or(u32::MAX),
        need,
    }
}

/// What can be chosen: what policy lists and what units of the force have, by the alphabet.
pub fn choices(s: &State) -> Vec<Label> {
    let listed = s.policy.dispatch.needs.iter();
    let held = s.units.values().flat_map(|u| u.skills.iter().chain(&u.equipment));
    let mut all: Vec<Label> = listed.chain(held).cloned().collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::{DeployUnit, SayNeed};
    use crate::refused::RefusedKind;

    #[test]
    fn a_unit_without_what_the_log_needs_goes_only_with_a_reason() {
        let mut room = Room::of(policy());
        let n = room.log("burglary", Some(2), place("Here", None));
        room.unit("TOOLS", "North", &["method of entry"], None);
        room.unit("PLAIN", "North", &[], None);
        room.unit("OTHER", "North", &[], None);
        let say = SayNeed { incident: n, need: label("method of entry"), reason: None };
        room.act(&dispatcher(), say);
        let view = &needs_of(&room.s, room.open(n), room.now)[0];
        assert_eq!((view.n_free, view.met_by.len()), (1, 0));
        let send = |unit: &str, why: Option<&str>| DeployUnit {
            incident: n,
            call_sign: call_sign(unit),
            reason: why.map(|w| Reason::parse(w).unwrap()),
            silent: false,
        };
        let refused = room.try_act(&dispatcher(), send("PLAIN", None)).unwrap_err();
        assert_eq!(refused.kind, RefusedKind::Blocked);
        assert!(refused.sentence.contains("needs method of entry"), "{}", refused.sentence);
        room.act(&dispatcher(), send("PLAIN", Some("it is round the corner")));
        let lacks = &room.open(n).deployments[0].lacks;
        assert_eq!(lacks, &[label("method of entry")], "it is kept that it went without");
        room.act(&dispatcher(), send("TOOLS", Some("it has the tools")));
        let met = &needs_of(&room.s, room.open(n), room.now)[0].met_by;
        assert_eq!(met, &[call_sign("TOOLS")]);
        room.act(&dispatcher(), send("OTHER", Some("two suspects")));
        assert!(room.open(n).deployments[2].lacks.is_empty(), "somebody there has it");
    }
}
