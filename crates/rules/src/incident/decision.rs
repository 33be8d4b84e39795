//! A decision on a log, with its grounds: five stages of the national decision model, and the Code
//! of Ethics at their centre. None of the six may be left out.
//!
//! Source: Learning the Lessons, case 4 (the box on the model's six elements) and case 6.

use crate::command::RecordDecision;
use crate::event::Event;
use crate::incident::{Entry, Incident};
use crate::name::Words;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// Writes a decision on the log, whole: its owner must read it.
pub fn record(s: &State, c: &RecordDecision, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    Ok(vec![Event::EntryAdded {
        incident: c.incident,
        entry: log.next_entry(),
        text: Words::parse(&statement(c)).map_err(Refused::invalid)?,
        critical: true,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    }])
}

/// How a statement begins.
const BEGINS: &str = "Decision: ";

/// What was decided last on a log, and the entry that says so; what was struck through is not.
pub fn last(log: &Incident) -> Option<(&str, &Entry)> {
    log.entries.iter().rev().filter(|e| e.struck.is_none()).find_map(|e| {
        let decided = e.text.as_str().lines().next()?.strip_prefix(BEGINS)?;
        Some((decided, &**e))
    })
}

/// The statement, an element a line.
fn statement(c: &RecordDecision) -> String {
    let elements = [
        ("Decision", &c.decision),
        ("Information and intelligence", &c.information),
        ("Threat, risk and strategy", &c.threat_and_risk),
        ("Powers and policy", &c.powers_and_policy),
        ("Options and contingencies", &c.options),
        ("Action and review", &c.action_and_review),
        ("Code of Ethics", &c.code_of_ethics),
    ];
    elements.map(|(element, words)| format!("{element}: {words}")).join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::views::rig::*;
    use super::*;
    use crate::obligation::{Rule, Subject};

    #[test]
    fn a_decision_has_all_six_elements_and_the_owner_must_read_it() {
        let mut room = Room::new();
        let incident = room.accepted("concern for safety", 1, place("Castle Street", None));
        let decision = RecordDecision {
            incident,
            decision: words("Force entry now"),
            information: words("He screamed to be killed; the door is locked"),
            threat_and_risk: words("High: life; strategy is to see and speak to him"),
            powers_and_policy: words("PACE section 17(1)(e)"),
            options: words("Wait for a key holder; force the door"),
            action_and_review: words("DC14 forces the door; looked at again at 22:30"),
            code_of_ethics: words("Selflessness: his safety before damage"),
        };
        room.act(&leader(), decision);
        let entry = room.open(incident).entries.iter().next_back().unwrap();
        let lines: Vec<&str> = entry.text.as_str().lines().collect();
        assert_eq!(lines.len(), 7, "the decision and six elements: {lines:?}");
        assert_eq!(lines[0], "Decision: Force entry now");
        assert_eq!(lines[3], "Powers and policy: PACE section 17(1)(e)");
        assert_eq!(lines[6], "Code of Ethics: Selflessness: his safety before damage");
        assert_eq!(last(room.open(incident)).map(|(words, _)| words), Some("Force entry now"));
        assert!(room.s.owed(&Subject::Incident(incident), Rule::CriticalUnread).is_some());
    }
}
