//! Guidance articles: each has an owner and a review date, and applies to what exists.

use super::Found;
use super::codes::{desk, grade};
use crate::name::{OpeningCode, Tag};
use crate::policy::Policy;
use crate::policy::article::{ArticlePolicy, midnight};

pub(super) fn check(policy: &Policy, found: &mut Found) {
    found.twice("article", "the article", policy.article.iter().map(|a| &a.id));
    for article in &policy.article {
        words(article, found);
        dates(article, found);
        applies(policy, article, found);
        let key = format!("article.{}", article.id);
        desk(policy, article.owner, &format!("{key}.owner"), found);
        found.sourced(format!("{key}.source"), &article.source);
    }
}

fn words(article: &ArticlePolicy, found: &mut Found) {
    let id = article.id.as_str();
    let key = |what: &str| format!("article.{id}.{what}");
    found.unless(
        id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
        key("id"),
        format!("'{id}' is the article's address: use small letters, digits and hyphens only"),
    );
    let texts =
        [("title", &article.title), ("summary", &article.summary), ("version", &article.version)];
    for (what, text) in texts {
        let sentence = format!("the article '{id}' has no {what}: write it");
        found.unless(!text.trim().is_empty(), key(what), sentence);
    }
    if let Some(link) = &article.link {
        let sentence =
            format!("'{link}' of the article '{id}' cannot be opened: begin it with https://");
        found.unless(link.starts_with("https://"), key("link"), sentence);
    }
}

fn dates(article: &ArticlePolicy, found: &mut Found) {
    let id = &article.id;
    let mut day = |what: &str, text: &str| {
        let key = format!("article.{id}.{what}");
        let at = midnight(text);
        let sentence = if text.is_empty() {
            format!("the article '{id}' has no {what} date: write it as yyyy-mm-dd")
        } else {
            format!("'{text}' of the article '{id}' is not a day: write it as yyyy-mm-dd")
        };
        found.unless(at.is_some(), key, sentence);
        at
    };
    let last = day("last_reviewed", &article.last_reviewed);
    let next = day("next_review", &article.next_review);
    if let (Some(last), Some(next)) = (last, next) {
        let sentence = format!(
            "the article '{id}' is to be reviewed before it was last reviewed: correct the dates"
        );
        found.unless(last < next, format!("article.{id}.next_review"), sentence);
    }
}

fn applies(policy: &Policy, article: &ArticlePolicy, found: &mut Found) {
    let id = &article.id;
    let key = |what: &str| format!("article.{id}.{what}");
    let missing = |what: &str, name: &str| {
        format!(
            "the article '{id}' applies to the {what} '{name}', which does not exist: correct it"
        )
    };
    let no_code = |code: &&OpeningCode| policy.opening_code(code).is_none();
    for code in article.codes.iter().filter(no_code) {
        found.add(key("codes"), missing("opening code", code.as_str()));
    }
    for rank in &article.grades {
        grade(policy, *rank, &key("grades"), found);
    }
    for step in &article.steps {
        let known = policy.opening_code.iter().any(|c| c.sop.iter().any(|s| s.step == *step));
        found.unless(known, key("steps"), missing("step", step.as_str()));
    }
    for prompt in &article.prompts {
        let known = policy.question_set.iter().any(|q| q.prompt.iter().any(|p| p.key == *prompt));
        found.unless(known, key("prompts"), missing("question", prompt.as_str()));
    }
    let no_tag = |tag: &&Tag| policy.tag.iter().all(|t| t.tag != **tag);
    for tag in article.tags.iter().filter(no_tag) {
        found.add(key("tags"), missing("tag", tag.as_str()));
    }
    let nowhere = article.panel.is_none()
        && article.codes.is_empty()
        && article.grades.is_empty()
        && article.steps.is_empty()
        && article.prompts.is_empty()
        && article.tags.is_empty();
    let sentence = format!(
        "the article '{id}' applies nowhere, so nobody at a desk is shown it: name codes, grades, \
         steps, questions, tags or a panel"
    );
    found.unless(!nowhere, key("codes"), sentence);
}
