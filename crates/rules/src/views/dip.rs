//! A dip sample of escalations: each with what was owed, when it was told and to whom, what was
//! decided and in which words; and what reviewers said of it.

use super::countdown::age_words;
use crate::command::Sample;
use crate::event::{Event, Meta};
use crate::name::{IncidentNumber, ObligationId, Reason, StaffId};
use crate::obligation::{Fate, Rule, Subject};
use crate::policy::Level;
use crate::role::{By, Owner};
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// No more tellings of one are listed: an obligation that nobody answers is told for ever.
const TOLD_MAX: usize = 10;

/// A sample and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DipSample {
    /// Which: period, size and seed. The same four draw the same again.
    pub sample: Sample,
    /// The obligations told as critical or high in the period, by number: what was drawn from.
    pub frame: Vec<ObligationId>,
    /// The drawn ones, in the order of the drawing.
    pub drawn: Vec<Escalation>,
    /// How many of them somebody has marked.
    pub n_marked: u32,
    /// How many of those were kept, by the newest mark of each.
    pub n_kept: u32,
    /// Kept of marked, in hundredths; none where none is marked.
    pub kept_percent: Option<u32>,
}

/// What became of something that was told upwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Escalation {
    /// The obligation.
    pub obligation: ObligationId,
    /// For whom or what.
    pub about: Subject,
    /// That, for a page.
    pub about_words: String,
    /// The rule that armed it.
    pub rule: Option<Rule>,
    /// What was owed.
    pub owed: String,
    /// Since when.
    pub since: Option<Instant>,
    /// By when.
    pub due_at: Option<Instant>,
    /// When it was told, at which level and to whom; the first ones.
    pub told: Vec<ToldView>,
    /// How often it was told in all.
    pub n_told: u32,
    /// What people decided about it, in order.
    pub decided: Vec<DecisionView>,
    /// How it ended.
    pub ended: Option<EndView>,
    /// `decided 4 min after it was told`; what nobody has answered says so.
    pub words: String,
    /// What reviewers said, the newest of each last.
    pub marks: Vec<MarkView>,
}

/// One telling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ToldView {
    /// When.
    pub at: Instant,
    /// How loud.
    pub level: Level,
    /// Who.
    pub to: Vec<Owner>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionView {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: By,
    /// `takes it on`, `gives it to DD07`, `accepts a delay`, `raises it`.
    pub verb: String,
    /// In which words.
    pub words: String,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndView {
    /// When.
    pub at: Instant,
    /// Whose deed ended it.
    pub by: By,
    /// How.
    pub fate: Fate,
}

/// What a reviewer said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkView {
    /// Whether it was kept.
    pub kept: bool,
    /// Why they say so.
    pub words: Reason,
    /// The reviewer.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl Escalation {
    /// Nothing is known of it yet.
    pub fn new(obligation: ObligationId, about: Subject) -> Escalation {
        Escalation {
            obligation,
            about_words: about.words(),
            about,
            rule: None,
            owed: String::new(),
            since: None,
            due_at: None,
            told: Vec::new(),
            n_told: 0,
            decided: Vec::new(),
            ended: None,
            words: String::new(),
            marks: Vec::new(),
        }
    }

    /// The log it is about.
    pub fn incident(&self) -> Option<IncidentNumber> {
        self.about.incident()
    }

    /// Takes in an event of the stream it is kept in; what is about another obligation is none of
    /// its own.
    pub fn note(&mut self, event: &Event, meta: &Meta) {
        let me = self.obligation;
        match event {
            Event::ObligationsArmed { armed, .. } => {
                for row in armed.iter().filter(|row| row.obligation == me) {
                    self.rule = Some(row.rule);
                    self.since = Some(row.from);
                    self.due_at = Some(row.due_at);
                    self.owed = match &row.part {
                        Some(part) => format!("{}: {part}", row.rule.owed()),
                        None => row.rule.owed().to_owned(),
                    };
                }
            }
            Event::ObligationFired { obligation, told, level, .. } if *obligation == me => {
                self.n_told = self.n_told.saturating_add(1);
                if self.told.len() < TOLD_MAX {
                    let (at, to) = (meta.recorded_at, told.clone());
                    self.told.push(ToldView { at, level: *level, to });
                }
            }
            Event::ObligationsEnded { ended, fate, .. } if ended.contains(&me) => {
                let (at, by) = (meta.recorded_at, meta.by.clone());
                self.ended = Some(EndView { at, by, fate: *fate });
            }
            other => self.decided(other, meta),
        }
    }

    fn decided(&mut self, event: &Event, meta: &Meta) {
        let (of, verb, words) = match event {
            Event::ObligationOwned { obligation, words, .. } => {
                (obligation, "takes it on".to_owned(), words.to_string())
            }
            Event::ObligationGiven { obligation, to, reason, .. } => {
                (obligation, format!("gives it to {to}"), reason.to_string())
            }
            Event::ObligationDelayed { obligation, reason, .. } => {
                (obligation, "accepts a delay".to_owned(), reason.to_string())
            }
            Event::ObligationRaised { obligation, reason, .. } => {
                (obligation, "raises it".to_owned(), reason.to_string())
            }
            _ => return,
        };
        if *of == self.obligation {
            let (at, by) = (meta.recorded_at, meta.by.clone());
            self.decided.push(DecisionView { at, by, verb, words });
        }
    }

    /// How long after it was first told as critical or high somebody decided, or did what was owed.
    fn answered_words(&self) -> String {
        let loud = self.told.iter().find(|t| t.level <= Level::A2).or(self.told.first());
        let Some(told) = loud else { return "not told yet".to_owned() };
        let verb = self.decided.iter().map(|d| d.at).find(|at| told.at <= *at);
        let end = self.ended.as_ref().filter(|end| end.fate == Fate::Done).map(|end| end.at);
        match (verb, end.filter(|at| told.at <= *at)) {
            (Some(verb), end) if end.is_none_or(|end| verb <= end) => {
                format!("decided {} after it was told", age_words(told.at, verb))
            }
            (_, Some(end)) => format!("done {} after it was told", age_words(told.at, end)),
            _ => match &self.ended {
                Some(end) => format!(
                    "nobody decided; no longer owed {} after it was told",
                    age_words(told.at, end.at)
                ),
                None => "nobody has decided".to_owned(),
            },
        }
    }
}

/// A sample with what reviewers said of it.
pub fn dip_sample(
    s: &State,
    sample: Sample,
    frame: Vec<ObligationId>,
    mut drawn: Vec<Escalation>,
) -> DipSample {
    let (mut n_marked, mut n_kept) = (0_u32, 0_u32);
    for one in &mut drawn {
        one.words = one.answered_words();
        let of_it =
            s.marks.values().filter(|m| m.sample == sample && m.obligation == one.obligation);
        for m in of_it {
            one.marks.retain(|before| before.by != m.by.staff);
            one.marks.push(MarkView {
                kept: m.kept,
                words: m.words.clone(),
                by: m.by.staff.clone(),
                at: m.at,
            });
        }
        if let Some(newest) = one.marks.last() {
            n_marked += 1;
            n_kept += u32::from(newest.kept);
        }
    }
    let kept_percent = (n_kept * 100).checked_div(n_marked);
    DipSample { sample, frame, drawn, n_marked, n_kept, kept_percent }
}

#[cfg(test)]
mod tests {
    use super::super::rig::*;
    use super::*;
    use crate::command::*;
    use crate::name::Label;
    use crate::time::Span;

    fn meta(by: By, at: Instant) -> Meta {
        Meta { seq: 1, by, happened_at: at, recorded_at: at }
    }

    #[test]
    fn an_escalation_is_told_with_who_decided_when_and_in_which_words() {
        let mut room = Room::new();
        room.accepted("robbery", 1, place("A", None));
        let o = room.s.obligations.values().find(|o| o.rule == Rule::Unresourced).unwrap().clone();
        let mut one = Escalation::new(o.id, o.about.clone());
        let (about, obligation, next_at) = (o.about.clone(), o.id, room.now);
        let to = vec![Owner::Staff(dispatcher().staff)];
        let fired = |level| Event::ObligationFired {
            about: about.clone(),
            obligation,
            rung: 1,
            told: to.clone(),
            level,
            owner: o.owner.clone(),
            next_at,
        };
        let owned = Event::ObligationOwned {
            about: about.clone(),
            obligation,
            words: words("I ask the next district"),
            next_at,
        };
        let at = |n| room.now + Span::minutes(n);
        one.note(&fired(Level::A3), &meta(By::callbox(), at(1)));
        one.note(&fired(Level::A2), &meta(By::callbox(), at(5)));
        assert_eq!(one.answered_words(), "nobody has decided");
        one.note(&owned, &meta(leader(), at(9)));
        assert_eq!(one.answered_words(), "decided 4 min after it was told");
        let decided = one.decided.first().unwrap();
        assert_eq!((&decided.by, decided.words.as_str()), (&leader(), "I ask the next district"));
        let other = Event::ObligationsEnded {
            about: about.clone(),
            ended: vec![ObligationId(9_999)],
            fate: Fate::Done,
        };
        one.note(&other, &meta(leader(), at(10)));
        assert_eq!((one.n_told, &one.ended), (2, &None), "what another was is none of its own");
    }

    #[test]
    fn marks_are_summed_by_the_newest_of_each_reviewer() {
        let mut room = Room::new();
        room.accepted("robbery", 1, place("A", None));
        let ids: Vec<ObligationId> = room.s.obligations.keys().copied().take(3).collect();
        room.minutes(10);
        let sample = Sample {
            from: room.now - Span::minutes(10),
            to: room.now,
            size: 3,
            seed: Label::parse("4f2a").unwrap(),
        };
        let mark = |kept, obligation: ObligationId, why: &str| MarkEscalation {
            sample: sample.clone(),
            obligation,
            kept,
            words: reason(why),
        };
        room.act(&leader(), mark(false, ids[0], "nobody wrote why"));
        room.act(&leader(), mark(true, ids[0], "it is on entry 4, I had missed it"));
        room.act(&leader(), mark(false, ids[1], "told at 5, decided at 40"));
        let elsewhere = Sample { seed: Label::parse("other").unwrap(), ..sample.clone() };
        let other = MarkEscalation { sample: elsewhere, ..mark(true, ids[2], "another sample") };
        room.act(&leader(), other);
        let drawn = |id: &ObligationId| {
            Escalation::new(*id, room.s.obligations.get(id).unwrap().about.clone())
        };
        let all = ids.iter().map(drawn).collect();
        let seen = dip_sample(&room.s, sample.clone(), ids.clone(), all);
        assert_eq!((seen.n_marked, seen.n_kept, seen.kept_percent), (2, 1, Some(50)));
        assert_eq!(seen.drawn[0].marks.len(), 1, "the newest stands");
        assert!(seen.drawn[2].marks.is_empty());
        let tomorrow = Sample { to: room.now + Span::minutes(1), ..sample.clone() };
        let early = MarkEscalation { sample: tomorrow, ..mark(true, ids[0], "too early") };
        let refused = room.try_act(&leader(), early).unwrap_err();
        assert!(refused.sentence.contains("a period that is over"), "{}", refused.sentence);
    }
}
