//! What somebody has put off, with its end: a delay is seen by everybody until it is over.

use super::super::alarm_text::alarm_text;
use super::super::countdown::age_words;
use super::super::owed::{Owed, owed};
use super::risk_of;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An obligation that somebody has put off.
///
/// Source: ISA-18.2: what is shelved is listed, and comes off the shelf by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Delayed {
    /// The risk of its log.
    pub risk: u32,
    /// What, where, since, what to do.
    pub text: String,
    /// When the delay is over.
    pub until: Instant,
    /// How long that is.
    pub left_words: String,
    /// The obligation in full.
    pub owed: Owed,
}

/// What is put off in the whole force, the delay that is over first before the others.
pub fn delayed(s: &State, now: Instant) -> Vec<Delayed> {
    let open = s.obligations.values();
    let shelved = open.filter_map(|o| Some((o, o.delayed_until.filter(|until| now < *until)?)));
    let mut all: Vec<Delayed> = shelved
        .map(|(o, until)| Delayed {
            risk: risk_of(s, o, now),
            text: alarm_text(s, o, now),
            until,
            left_words: age_words(now, until),
            owed: owed(s, o, now),
        })
        .collect();
    all.sort_by_key(|d| (d.until, d.owed.id));
    all
}

#[cfg(test)]
mod tests {
    use super::super::super::rig::*;
    use super::super::needs_my_decision;
    use super::*;
    use crate::command::DelayObligation;
    use crate::obligation::Rule;
    use crate::time::Span;

    #[test]
    fn what_is_put_off_is_listed_until_its_end_and_then_waits_again() {
        let mut room = Room::new();
        room.accepted("robbery", 1, place("A", None));
        room.minutes(6);
        let waits = |room: &Room| {
            let all = [dispatcher(), leader()];
            let all = all.iter().flat_map(|who| needs_my_decision(&room.s, who, room.now));
            all.map(|d| d.owed).find(|o| o.rule == Rule::Unresourced)
        };
        let obligation = waits(&room).unwrap().id;
        let until = room.now + Span::minutes(10);
        room.act(&leader(), DelayObligation { obligation, until, reason: reason("a unit clears") });
        assert!(waits(&room).is_none());
        let list = delayed(&room.s, room.now);
        let [one] = &list[..] else { panic!("{list:?}") };
        assert_eq!(
            (one.owed.id, one.until, one.left_words.as_str()),
            (obligation, until, "10 min")
        );
        room.minutes(11);
        assert!(delayed(&room.s, room.now).is_empty());
        assert!(waits(&room).is_some(), "it comes back loudly");
    }
}
