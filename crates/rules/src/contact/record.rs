//! What a contact is owed.

use crate::event::Event;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::role::{Owner, Role};

/// Rule: every contact leads to a log, a link to one, or a recorded outcome.
///
/// Source: Learning the Lessons, case 2: the call through the switchboard left no record.
pub const CONTACT_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::ContactReceived { contact, .. } => {
            let arm = Arm::new(Subject::Contact(*contact), meta.recorded_at);
            match meta.by.role {
                Role::System | Role::Public | Role::InformantLink | Role::PartnerForce => vec![arm],
                _ => vec![arm.owner(Owner::Staff(meta.by.staff.clone()))],
            }
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| {
        matches!(
            event,
            Event::ContactLinked { .. }
                | Event::IncidentOpened { .. }
                | Event::ContactEnded { .. }
                | Event::MessageLeft { .. }
        )
        .then_some(Fate::Done)
    },
    holds: crate::obligation::always,
};

/// Rule: a log says who reported and how to reach them, or why that is not known.
///
/// Source: Digital desk panel, case 4.
pub const INFORMANT_DETAILS: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::IncidentOpened { incident, informant, .. }
            if informant.as_ref().is_none_or(|i| !i.is_told()) =>
        {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .owner(Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::InformantSet { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};
