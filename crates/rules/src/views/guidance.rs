//! What is agreed, shown where it is used: what each grade means, what the dispatcher's role
//! delivers, how units are allocated, and the guidance that applies.

use crate::guidance::Revision;
use crate::name::{Grade, Label, OpeningCode, Tag};
use crate::policy::{ArticlePolicy, GradePolicy, Policy};
use crate::role::Role;
use crate::state::State;
use crate::time::{Instant, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a grade means, for the screen on which one is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GradeGuide {
    /// The grade.
    pub grade: Grade,
    /// Its word.
    pub label: String,
    /// When it is meant.
    pub definition: String,
    /// Its targets in a sentence.
    pub targets: String,
    /// Whether a unit attends.
    pub attends: bool,
    /// Where that comes from.
    pub source: String,
}

/// Every grade, the most urgent first.
///
/// Source: Learning the Lessons, cases 1 and 6: guidance where the grade is chosen.
pub fn grade_guide(policy: &Policy) -> Vec<GradeGuide> {
    policy.grade.iter().map(guide).collect()
}

fn guide(row: &GradePolicy) -> GradeGuide {
    GradeGuide {
        grade: row.rank,
        label: row.label.clone(),
        definition: row.definition.clone(),
        targets: targets(row),
        attends: row.attends,
        source: row.source.clone(),
    }
}

fn targets(row: &GradePolicy) -> String {
    let part = |what: &str, span: Option<Span>| Some(format!("{what} {}", span?.words()));
    let parts: Vec<String> = match (row.arrive_target_urban, row.arrive_target_rural) {
        (urban, rural) if urban == rural => {
            [part("send within", row.deploy_target), part("arrive within", urban)]
                .into_iter()
                .flatten()
                .collect()
        }
        (urban, rural) => [
            part("send within", row.deploy_target),
            part("arrive within, urban:", urban),
            part("arrive within, rural:", rural),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    match (parts.is_empty(), row.attends) {
        (false, _) => parts.join("; "),
        (true, true) => "a unit attends; no target time".to_owned(),
        (true, false) => "no unit attends".to_owned(),
    }
}

/// The one definition of "priority", for every place that uses the word: the grade that the force
/// calls so, or else its second.
///
/// Source: Learning the Lessons, case 9: people meant different things by it.
pub fn priority(policy: &Policy) -> Option<GradeGuide> {
    let named = policy.grade.iter().find(|g| g.label.to_lowercase().contains("priority"));
    named.or_else(|| policy.grade.get(1)).map(guide)
}

/// What the dispatcher's role delivers, and how units are allocated.
///
/// Source: Learning the Lessons, case 7 and case 1, force actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DispatchGuide {
    /// What the role delivers.
    pub role_outputs: Vec<String>,
    /// What the room and response have agreed.
    pub allocation_policy: String,
    /// Where the values come from.
    pub source: String,
    /// The policy's version.
    pub policy_version: String,
}

/// The dispatcher's role and the allocation policy.
pub fn dispatch_guide(policy: &Policy) -> DispatchGuide {
    DispatchGuide {
        role_outputs: policy.dispatch.role_outputs.clone(),
        allocation_policy: policy.dispatch.allocation_policy.clone(),
        source: policy.dispatch.source.clone(),
        policy_version: policy.about.version.clone(),
    }
}

/// An article, by name, where it applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleLink {
    /// Its address.
    pub id: Label,
    /// Its title.
    pub title: String,
    /// Whether its review date is past.
    pub past_review: bool,
}

/// An article as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleView {
    /// Its address.
    pub id: Label,
    /// Its title.
    pub title: String,
    /// What it asks, in the force's own words.
    pub summary: String,
    /// The document it rests on.
    pub source: String,
    /// Where that document can be read.
    pub link: Option<String>,
    /// Its version.
    pub version: String,
    /// The desk that keeps it right.
    pub owner: Role,
    /// When its owner last read it against its source, yyyy-mm-dd.
    pub last_reviewed: String,
    /// By when they read it again, yyyy-mm-dd.
    pub next_review: String,
    /// Whether that day is past.
    pub past_review: bool,
    /// Where it applies, in words: `opening code: missing person`.
    pub applies: Vec<String>,
    /// The panel whose handbook it is.
    pub panel: Option<Label>,
}

/// An article with how it came to say what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticlePage {
    /// The article; nothing where it was taken out of the policy.
    pub article: Option<ArticleView>,
    /// Its changes, the newest first.
    pub history: Vec<Revision>,
}

fn shown(a: &ArticlePolicy, policy: &Policy, now: Instant) -> ArticleView {
    ArticleView {
        id: a.id.clone(),
        title: a.title.clone(),
        summary: a.summary.trim().to_owned(),
        source: a.source.clone(),
        link: a.link.clone(),
        version: a.version.clone(),
        owner: a.owner,
        last_reviewed: a.last_reviewed.clone(),
        next_review: a.next_review.clone(),
        past_review: a.is_past(now),
        applies: applies(a, policy),
        panel: a.panel.clone(),
    }
}

fn applies(a: &ArticlePolicy, policy: &Policy) -> Vec<String> {
    let codes = a.codes.iter().map(|c| format!("opening code: {c}"));
    let grades = a.grades.iter().map(|g| format!("grade: {}", policy.grade_label(*g)));
    let steps = a.steps.iter().map(|s| format!("step: {s}"));
    let prompts = a.prompts.iter().map(|p| format!("question: {p}"));
    let tags = a.tags.iter().map(|t| format!("tag: {t}"));
    let panel = a.panel.iter().map(|p| format!("panel: {p}"));
    codes.chain(grades).chain(steps).chain(prompts).chain(tags).chain(panel).collect()
}

/// The articles that have every word looked for in their title, their text, their source or where
/// they apply: those past their review date first, then by title.
pub fn articles(policy: &Policy, find: &str, now: Instant) -> Vec<ArticleView> {
    let find = find.to_lowercase();
    let wanted: Vec<&str> = find.split_whitespace().collect();
    let has = |a: &ArticleView| {
        let at = a.applies.join(" ");
        let text = format!("{} {} {} {} {at}", a.id, a.title, a.summary, a.source).to_lowercase();
        wanted.iter().all(|word| text.contains(word))
    };
    let all = policy.article.iter().map(|a| shown(a, policy, now));
    let mut found: Vec<ArticleView> = all.filter(has).collect();
    found.sort_by(|a, b| (!a.past_review, &a.title).cmp(&(!b.past_review, &b.title)));
    found
}

/// One article, also one that was taken out; nothing if there never was one.
pub fn article(s: &State, id: &str, now: Instant) -> Option<ArticlePage> {
    let held = s.policy.article.iter().find(|a| a.id.as_str() == id);
    let kept = s.revisions.iter().find(|(own, _)| own.as_str() == id).map(|(_, all)| all);
    if held.is_none() && kept.is_none() {
        return None;
    }
    let history = kept.into_iter().flat_map(|all| all.iter().rev().cloned()).collect();
    Some(ArticlePage { article: held.map(|a| shown(a, &s.policy, now)), history })
}

/// The handbooks of the panels that look at the force's work, whole and with what each policy
/// changed in them.
///
/// Source: Digital desk panel 2024, Crime and incident hub panel 2023: "the Quality Assurance
/// handbook ... states the background and purpose of the Panel".
pub fn handbooks(s: &State, now: Instant) -> Vec<ArticlePage> {
    let of_panel = s.policy.article.iter().filter(|a| a.panel.is_some());
    of_panel.filter_map(|a| article(s, a.id.as_str(), now)).collect()
}

/// Where somebody stands, for the articles that apply there.
#[derive(Clone, Copy, Debug)]
pub enum Where<'a> {
    /// On a log with an opening code, a grade and tags.
    Log(&'a OpeningCode, Option<Grade>, &'a [Tag]),
    /// At a step of an SOP.
    Step(&'a Label),
    /// At a question of the call.
    Prompt(&'a Label),
    /// On a panel.
    Panel(&'a str),
}

/// The articles that apply somewhere, in the order of the policy.
pub fn applying(policy: &Policy, at: Where<'_>, now: Instant) -> Vec<ArticleLink> {
    let here = |a: &&ArticlePolicy| match at {
        Where::Log(code, grade, tags) => {
            a.codes.contains(code)
                || grade.is_some_and(|g| a.grades.contains(&g))
                || a.tags.iter().any(|t| tags.contains(t))
        }
        Where::Step(step) => a.steps.contains(step),
        Where::Prompt(prompt) => a.prompts.contains(prompt),
        Where::Panel(panel) => a.panel.as_ref().is_some_and(|p| p.as_str() == panel),
    };
    let link = |a: &ArticlePolicy| ArticleLink {
        id: a.id.clone(),
        title: a.title.clone(),
        past_review: a.is_past(now),
    };
    policy.article.iter().filter(here).map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::super::rig::policy;
    use super::*;

    #[test]
    fn every_grade_says_what_it_means_and_within_what_time() {
        let guide = grade_guide(&policy());
        assert!(guide.iter().all(|g| !g.definition.is_empty() && !g.source.is_empty()));
        let targets: Vec<&str> = guide.iter().map(|g| g.targets.as_str()).collect();
        assert_eq!(
            targets,
            [
                "send within 4 min; arrive within, urban: 15 min; arrive within, rural: 20 min",
                "send within 15 min; arrive within 1 h",
                "a unit attends; no target time",
                "no unit attends",
            ]
        );
    }

    #[test]
    fn priority_has_one_definition() {
        let policy = policy();
        let priority = priority(&policy).unwrap();
        assert_eq!(priority.grade.rank(), 2);
        assert_eq!(Some(&priority.definition), policy.grade.get(1).map(|g| &g.definition));
    }

    #[test]
    fn the_role_and_the_agreement_are_shown_as_policy_has_them() {
        let guide = dispatch_guide(&policy());
        assert_eq!(guide.role_outputs, policy().dispatch.role_outputs);
        assert!(!guide.allocation_policy.is_empty());
    }
}
