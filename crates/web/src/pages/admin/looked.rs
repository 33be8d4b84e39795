//! A policy looked over: what is wrong with it, what would change, what it makes of its test cases.

use super::super::words::badge;
use super::preview::{self, Wanted};
use super::{diff, tables};
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::policy::Policy;
use rules::policy::case::CaseResult;
use rules::state::State as Room;
use rules::views::policy::{Change, Checked, checked, text};

/// No more than this are listed.
const LISTED_MAX: usize = 200;

/// Everything about a text that may become the policy.
pub(super) fn looked(s: &Room, toml: &str, wanted: &Wanted, say: Say) -> Markup {
    let toml = toml.replace("\r\n", "\n");
    let found = checked(s, &toml);
    let policy = Policy::parse(&toml).ok();
    html! {
        (wrong(&found, s, say))
        (changes(&found.changes, policy.is_some(), say))
        @if let Some(policy) = &policy {
            (tests(&found.tests, policy, say))
            (preview::part(&s.policy, policy, wanted, say))
            datalist #codes {
                @for row in &policy.opening_code { option value=(row.code) {} }
            }
        }
        details #text-diff open {
            summary { (t!(say, "admin-diff")) }
            (diff::diff(&text(s), &toml, say))
        }
    }
}

fn wrong(found: &Checked, s: &Room, say: Say) -> Markup {
    let n = found.wrong.len();
    let same_version = found.version.as_deref() == Some(s.policy.about.version.as_str());
    html! {
        section #wrong aria-labelledby="wrong-h" {
            h2 #wrong-h data-wrong=(n) {
                @if n == 0 { "✓ " (t!(say, "admin-holds")) }
                @else { "✗ " (t!(say, "admin-wrong", n = n)) }
            }
            @if n == 0 && same_version && !found.changes.is_empty() {
                p.note {
                    (t!(say, "admin-same-version", version = s.policy.about.version.as_str()))
                }
            }
            ul.wrong {
                @for one in found.wrong.iter().take(LISTED_MAX) {
                    li {
                        @if let Some(line) = one.line {
                            a href="#toml" data-line=(line) { (t!(say, "admin-line", n = line)) }
                            " "
                        }
                        (one.sentence)
                    }
                }
            }
        }
    }
}

/// What would change, in words.
pub(super) fn changes(all: &[Change], readable: bool, say: Say) -> Markup {
    html! {
        section #changes aria-labelledby="changes-h" {
            h2 #changes-h { (t!(say, "admin-changes", n = all.len())) }
            @if all.is_empty() && readable { p { (t!(say, "admin-changes-none")) } }
            @if !readable { p { (t!(say, "admin-changes-unknown")) } }
            dl.changes {
                @for change in all.iter().take(LISTED_MAX) {
                    dt { (change.place.replace(" > ", " › ")) }
                    dd {
                        @if let Some(before) = &change.before {
                            del { span.hidden { (t!(say, "admin-was")) " " } "− " (before) }
                        }
                        @if let Some(after) = &change.after {
                            ins { span.hidden { (t!(say, "admin-becomes")) " " } "+ " (after) }
                        }
                    }
                }
            }
            @if all.len() > LISTED_MAX {
                p { (t!(say, "admin-more", n = all.len() - LISTED_MAX)) }
            }
        }
    }
}

/// The test cases, the failed ones first.
pub(super) fn tests(all: &[CaseResult], policy: &Policy, say: Say) -> Markup {
    let failed = all.iter().filter(|t| !t.passed).count();
    let mut sorted: Vec<&CaseResult> = all.iter().collect();
    sorted.sort_by_key(|t| t.passed);
    html! {
        section #tests aria-labelledby="tests-h" {
            h2 #tests-h {
                @if failed == 0 { (t!(say, "admin-tests", n = all.len())) }
                @else { (t!(say, "admin-tests-failed", failed = failed, n = all.len())) }
            }
            ul.cases {
                @for test in sorted.iter().take(LISTED_MAX) {
                    li data-passed=(test.passed) {
                        @if test.passed { strong.ok { "✓ " (t!(say, "admin-passed")) } }
                        @else { strong.late { "✗ " (t!(say, "admin-failed")) } }
                        " " (test.name) " "
                        q { (test.words) } " "
                        @if let Some(code) = &test.code { span.meta { (code) " " } }
                        (t!(say, "admin-wants")) " " (badge(Some(test.suggests), policy)) " "
                        @if !test.passed {
                            (t!(say, "admin-gets")) " "
                            @match &test.suggested {
                                Some(s) => (tables::suggested(s, policy)),
                                None => { (t!(say, "admin-nothing")) }
                            }
                        }
                    }
                }
            }
        }
    }
}
