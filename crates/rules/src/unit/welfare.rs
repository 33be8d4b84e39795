//! Officers are heard from.

use crate::event::Event;
use crate::obligation::{Arm, Fate, Holds, Spec, Subject};

/// Rule: an officer at a scene is heard from in time.
///
/// Source: Learning the Lessons, West Yorkshire dispatchers: "look after the welfare of the
/// officers".
pub const OFFICER_WELFARE: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::StatusSet { call_sign, status: 6, incident: Some(n), .. } => {
            let owner = s.incident(*n).map(|log| log.owner.clone());
            let arm = Arm::new(Subject::Incident(*n), meta.recorded_at);
            vec![Arm { owner, ..arm }.part(call_sign.as_str())]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::UnitStoodDown { call_sign, .. } | Event::UnitDiverted { call_sign, .. }
            if o.part_is(call_sign.as_str()) =>
        {
            Some(Fate::Overtaken)
        }
        _ => None,
    },
    holds: |s, o| {
        let log = o.about.incident().and_then(|n| s.incident(n));
        let heard = log.and_then(|log| {
            let unit = log.active_units().find(|d| o.part_is(d.call_sign.as_str()))?;
            unit.heard_at
        });
        match heard {
            Some(at) if at > o.from => Holds::From(at),
            _ => Holds::Due,
        }
    },
};

/// Rule: an officer's emergency is the loudest thing in the room.
///
/// Source: unit status 0 of two forces' published lists.
pub const OFFICER_EMERGENCY: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::StatusSet { call_sign, status: 0, .. } => {
            vec![Arm::new(Subject::Unit(call_sign.clone()), meta.recorded_at)]
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, meta| match event {
        // A status from before, which arrives late, does not end it.
        Event::StatusSet { status, .. } if *status != 0 && meta.happened_at >= o.from => {
            Some(Fate::Done)
        }
        Event::UnitRemoved { .. } => Some(Fate::Overtaken),
        _ => None,
    },
    holds: crate::obligation::always,
};
