//! A policy as a call handler would see it: the code, its questions, its SOP, and the grade that is
//! suggested for some words, beside what is suggested now.

use super::super::words::badge;
use super::tables;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::incident::prompts::rows;
use rules::name::{OpeningCode, Words};
use rules::policy::{OpeningCodePolicy, Policy, PromptKind, PromptPolicy};
use rules::views::code_help::{CodeHelp, code_help};
use rules::views::guidance::grade_guide;

/// What is to be previewed.
#[derive(Default)]
pub(super) struct Wanted {
    /// The opening code; the one that fits the words, or the first of the policy, if it is empty.
    pub code: String,
    /// What the informant says.
    pub words: String,
}

/// The fields by which somebody says what to preview. They have a form of their own.
pub(super) fn fields(wanted: &Wanted, say: Say) -> Markup {
    html! {
        div.field {
            label for="preview-code" { (t!(say, "admin-preview-code")) }
            input #preview-code name="code" list="codes" type="text" maxlength="64"
                autocomplete="off" value=(wanted.code) data-key="Alt+3";
        }
        div.field {
            label for="preview-words" { (t!(say, "admin-preview-words")) }
            input #preview-words name="words" type="text" maxlength="2000" autocomplete="off"
                value=(wanted.words);
        }
    }
}

/// The preview.
pub(super) fn part(now: &Policy, policy: &Policy, wanted: &Wanted, say: Say) -> Markup {
    let words = Words::parse(&wanted.words).ok();
    let chosen = OpeningCode::parse(&wanted.code).ok();
    let help = |p: &Policy| words.as_ref().map(|w| code_help(p, w, chosen.as_ref()));
    let helped = help(policy);
    let row = row(policy, chosen.as_ref(), helped.as_ref());
    html! {
        section #preview aria-labelledby="preview-h" {
            h2 #preview-h { (t!(say, "admin-preview")) }
            @if chosen.as_ref().is_some_and(|code| policy.opening_code(code).is_none()) {
                p.note { (t!(say, "admin-no-code", code = wanted.code.as_str())) }
            }
            @if let Some(helped) = &helped {
                (suggestion(&help(now), helped, now, policy, say))
            }
            @if let Some(row) = row { (code(policy, row, say)) }
        }
    }
}

fn row<'p>(
    policy: &'p Policy,
    chosen: Option<&OpeningCode>,
    help: Option<&CodeHelp>,
) -> Option<&'p OpeningCodePolicy> {
    let fits = help.and_then(|h| h.fits.first()).map(|fit| &fit.code);
    match chosen.or(fits) {
        Some(code) => policy.opening_code(code),
        None => policy.opening_code.first(),
    }
}

fn suggestion(
    before: &Option<CodeHelp>,
    after: &CodeHelp,
    now: &Policy,
    policy: &Policy,
    say: Say,
) -> Markup {
    let was = before.as_ref().and_then(|h| h.suggested.as_ref());
    html! {
        dl.facts {
            dt { (t!(say, "admin-suggested")) }
            dd #preview-suggested {
                @match &after.suggested {
                    Some(s) => (tables::suggested(s, policy)),
                    None => { (t!(say, "admin-nothing")) }
                }
            }
            dt { (t!(say, "admin-suggested-now")) }
            dd {
                @match was {
                    Some(s) => (tables::suggested(s, now)),
                    None => { (t!(say, "admin-nothing")) }
                }
            }
            @for doubt in &after.doubts {
                dt { (t!(say, "admin-doubt")) }
                dd.ask { q { (doubt.words) } " → " (doubt.suggests) ": " (doubt.definition) }
            }
            dt { (t!(say, "admin-fits")) }
            dd {
                @if after.fits.is_empty() { (t!(say, "admin-nothing")) }
                @for (i, fit) in after.fits.iter().enumerate() {
                    @if i > 0 { ", " } (fit.code)
                }
            }
        }
    }
}

/// One code as it is shown on a call.
pub(super) fn code(policy: &Policy, row: &OpeningCodePolicy, say: Say) -> Markup {
    let guide = grade_guide(policy).into_iter().find(|g| g.grade == row.usual_grade);
    let asked = rows(policy, &row.code);
    html! {
        article.as-seen {
            h3 { (row.code) " " (badge(Some(row.usual_grade), policy)) }
            p { (row.definition) }
            @if let Some(guide) = guide { p.meta { (guide.targets) } }
            h4 { (t!(say, "admin-questions", n = asked.len())) }
            @if asked.is_empty() { p { (t!(say, "admin-no-questions")) } }
            ol { @for prompt in &asked { (question(policy, &asked, prompt, say)) } }
            h4 { (t!(say, "admin-sop", n = row.sop.len())) }
            ol {
                @for step in &row.sop {
                    li { strong { (step.step) } " " (step.words) " "
                        span.meta { "(" (step.by.words()) ")" } }
                }
            }
            p.meta { (t!(say, "admin-source", source = row.source.as_str())) }
        }
    }
}

fn question(policy: &Policy, all: &[&PromptPolicy], prompt: &PromptPolicy, say: Say) -> Markup {
    let earlier = prompt.when.as_ref().and_then(|w| {
        let found = all.iter().find(|p| p.key == w.prompt)?;
        Some((found.words.as_str(), matches!(w.is, rules::policy::IsAnswered::Yes)))
    });
    html! {
        li {
            (prompt.words) " "
            span.meta {
                @match prompt.kind {
                    PromptKind::YesNo => { (t!(say, "admin-yes-no")) }
                    PromptKind::Text => { (t!(say, "admin-in-words")) }
                }
                @if let Some((words, yes)) = earlier {
                    " " @if yes { (t!(say, "admin-after-yes", words = words)) }
                    @else { (t!(say, "admin-after-no", words = words)) }
                }
            }
            @if let Some(grade) = prompt.raises {
                " " (t!(say, "admin-raises")) " " (badge(Some(grade), policy))
            }
        }
    }
}
