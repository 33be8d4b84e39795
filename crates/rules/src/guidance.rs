//! Guidance articles in time: when each is to be reviewed, and how each came to say what it says.
//!
//! Source: IOPC, Hampshire 2023: policies past their review date. Learning the Lessons, case 8.

use crate::event::{Event, Meta};
use crate::name::{Label, StaffId};
use crate::obligation::{Arm, Fate, Obligation, Spec, Subject};
use crate::policy::{ArticlePolicy, Policy};
use crate::role::Owner;
use crate::state::State;
use crate::time::Instant;
use crate::views::policy::{Change, differences};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// So many changes of one article are kept; the journal has all of them.
const KEPT_MAX: usize = 40;

/// Rule: an article past its review date is lit at its owner's desk until a policy holds that has a
/// newer one. Nobody on a log waits for it, so it never sounds.
pub const GUIDANCE_REVIEW: Spec = Spec {
    arms: |s, event, meta| match event {
        Event::PolicyAdopted { .. } => {
            s.policy.article.iter().filter_map(|a| arm(a, meta.recorded_at)).collect()
        }
        _ => Vec::new(),
    },
    ends: |s, o, event, _| match event {
        Event::PolicyAdopted { .. } => ended(&s.policy, o),
        _ => None,
    },
    holds: crate::obligation::always,
};

fn arm(article: &ArticlePolicy, now: Instant) -> Option<Arm> {
    let desk = article.owner;
    let arm = Arm::new(Subject::Desk(desk), now).part(article.id.as_str());
    Some(arm.owner(Owner::Desk(desk)).due_at(article.review_due()?))
}

fn ended(policy: &Policy, o: &Obligation) -> Option<Fate> {
    let held = policy.article.iter().find(|a| o.part_is(a.id.as_str()));
    match held.filter(|a| Subject::Desk(a.owner) == o.about) {
        Some(a) if a.review_due() == Some(o.due_at) => None,
        Some(_) => Some(Fate::Done),
        None => Some(Fate::Overtaken),
    }
}

/// What a publication did to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// It was new.
    Entered,
    /// It said something else before.
    Changed,
    /// It was taken out.
    Withdrawn,
}

/// A change of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// The policy that brought it.
    pub policy: String,
    /// The article's own version from then on; the last one where it was taken out.
    pub version: String,
    /// When that policy came to hold.
    pub at: Instant,
    /// Who published it.
    pub by: StaffId,
    /// What happened to the article.
    pub did: Did,
    /// What changed, with the words before and after.
    pub changes: Vec<Change>,
}

impl State {
    /// Keeps what a policy that comes to hold does to each article.
    pub(crate) fn revise(&mut self, new: &Policy, meta: &Meta) {
        let old = self.policy.clone();
        let of = |policy: &Policy, id: &Label| policy.article.iter().find(|a| a.id == *id).cloned();
        for article in &new.article {
            let (did, changes) = match of(&old, &article.id) {
                Some(before) if self.revisions.contains_key(&article.id) => {
                    if before == *article {
                        continue;
                    }
                    (Did::Changed, differences(&before, article))
                }
                _ => (Did::Entered, Vec::new()),
            };
            self.keep_revision(article, new, meta, did, changes);
        }
        let gone = |a: &&ArticlePolicy| of(new, &a.id).is_none();
        for article in old.article.iter().filter(gone) {
            self.keep_revision(article, new, meta, Did::Withdrawn, Vec::new());
        }
    }

    fn keep_revision(
        &mut self,
        article: &ArticlePolicy,
        policy: &Policy,
        meta: &Meta,
        did: Did,
        changes: Vec<Change>,
    ) {
        let mut kept: Vec<Revision> =
            self.revisions.get(&article.id).map(|all| all.to_vec()).unwrap_or_default();
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push(Revision {
            policy: policy.about.version.clone(),
            version: article.version.clone(),
            at: meta.recorded_at,
            by: meta.by.staff.clone(),
            did,
            changes,
        });
        self.revisions.insert_mut(article.id.clone(), Arc::from(kept));
    }
}
