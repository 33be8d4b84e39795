//! Tags make lists: a log tagged to a desk stays on its list until the tag is taken off.

use crate::command::*;
use crate::event::Event;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::refused::Refused;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::Now;

/// Rule: a tagged log is on its desk's list until the tag is taken off.
///
/// Source: Learning the Lessons, case 1, force action: the force incident manager's list.
pub const TAG_LISTED: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::Tagged { incident, tag, .. } => {
            let row = s.policy.tag.iter().find(|row| &row.tag == tag);
            row.map(|row| {
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .part(tag.as_str())
                    .owner(Owner::Desk(row.list_of))
            })
            .into_iter()
            .collect()
        }
        _ => Vec::new(),
    },
    ends: |_, o, event, _| match event {
        Event::Untagged { tag, .. } if o.part_is(tag.as_str()) => Some(Fate::Done),
        _ => None,
    },
    holds: crate::obligation::always,
};

/// Puts a tag on.
pub fn tag(s: &State, c: &TagIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if !s.policy.tag.iter().any(|row| row.tag == c.tag) {
        return Err(Refused {
            items: s.policy.tag.iter().map(|row| row.tag.to_string()).collect(),
            ..Refused::invalid(format!("'{}' is not a tag of this force: choose one", c.tag))
        });
    }
    if log.tags.contains(&c.tag) {
        return Err(Refused::conflict(format!(
            "log {} has the tag '{}' already",
            c.incident, c.tag
        )));
    }
    Ok(vec![Event::Tagged { incident: c.incident, tag: c.tag.clone(), reason: c.reason.clone() }])
}

/// Takes a tag off.
pub fn untag(s: &State, c: &UntagIncident, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    if !log.tags.contains(&c.tag) {
        return Err(Refused::conflict(format!("log {} has no tag '{}'", c.incident, c.tag)));
    }
    Ok(vec![Event::Untagged { incident: c.incident, tag: c.tag.clone(), reason: c.reason.clone() }])
}
