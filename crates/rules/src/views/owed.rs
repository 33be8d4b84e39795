//! An obligation in full: what, who, by when, what happens next, and the rule it comes from.

use super::countdown::{age_words, countdown_words};
use crate::name::ObligationId;
use crate::obligation::{Climb, Obligation, Rule, Subject};
use crate::policy::Level;
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An open obligation, as a person sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Owed {
    /// Its number.
    pub id: ObligationId,
    /// The rule.
    pub rule: Rule,
    /// For whom or what.
    pub about: Subject,
    /// What is owed.
    pub words: String,
    /// Who owns it.
    pub owner: Owner,
    /// Who that is, for a page.
    pub owner_words: String,
    /// When it is, or was, due.
    pub due_at: Instant,
    /// How far from that: `+00:20` is that late.
    pub countdown: String,
    /// Whether the due time has passed.
    pub late: bool,
    /// When it fires next.
    pub next_at: Instant,
    /// What happens then.
    pub next_words: String,
    /// The loudest level so far; `None` while it has never fired.
    pub level: Option<Level>,
    /// How many rungs have fired.
    pub rung: u32,
    /// Who was told last.
    pub told: Vec<Owner>,
    /// Whether it is lit at some position: told to somebody who has not chosen a verb since.
    pub lit: bool,
    /// When somebody last chose a verb.
    pub decided_at: Option<Instant>,
    /// The delay accepted, if any.
    pub delayed_until: Option<Instant>,
    /// Whether the log cannot close over it.
    pub blocks_closing: bool,
    /// The rule as a sentence.
    pub why: String,
    /// Where the rule comes from.
    pub source: String,
}

/// An obligation in full.
pub fn owed(s: &State, o: &Obligation, now: Instant) -> Owed {
    Owed {
        id: o.id,
        rule: o.rule,
        about: o.about.clone(),
        words: o.words(),
        owner: o.owner.clone(),
        owner_words: o.owner.to_string(),
        due_at: o.due_at,
        countdown: countdown_words(o.due_at, now),
        late: o.due_at <= now,
        next_at: o.next_at,
        next_words: next_words(s, o, now),
        level: o.level,
        rung: o.rung,
        told: o.told.clone(),
        lit: is_lit(s, o),
        decided_at: o.decided_at,
        delayed_until: o.delayed_until,
        blocks_closing: s.policy.obligation(o.rule).is_some_and(|row| row.blocks_closing),
        why: o.rule.why().to_owned(),
        source: o.rule.source().to_owned(),
    }
}

/// Whether it is lit: told to a position where nobody has chosen a verb since.
pub fn is_lit(s: &State, o: &Obligation) -> bool {
    let key = s.policy.alarm.rolls_up_as(o.rule);
    let at = |p: &Owner| s.alarms.rolled.get(&(p.clone(), key));
    o.told.iter().filter_map(at).any(|rolled| rolled.lit.contains(&o.id))
}

/// Who is told next if it is not done, and when.
fn next_words(s: &State, o: &Obligation, now: Instant) -> String {
    let told: Vec<String> = s
        .ladder_of(o.rule, &o.about, o.part.as_deref())
        .and_then(|ladder| Climb::of(o, ladder, o.next_at))
        .map(|climb| climb.told.iter().map(|p| s.present(p).to_string()).collect())
        .unwrap_or_default();
    let told =
        if told.is_empty() { "the force incident manager".to_owned() } else { told.join(", ") };
    if o.next_at <= now {
        format!("{told} is told now")
    } else {
        format!("{told} is told in {}", age_words(now, o.next_at))
    }
}

/// The open obligations of a subject: late ones first, the latest of them first.
pub fn owed_about(s: &State, about: &Subject, now: Instant) -> Vec<Owed> {
    let mut all: Vec<Owed> = s.obligations_about(about).map(|o| owed(s, o, now)).collect();
    all.sort_by_key(|o| (o.due_at, o.id));
    all
}
