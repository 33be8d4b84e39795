//! Two texts, line by line: what goes, what comes, and a few lines around it.

use crate::lang::{Say, t};
use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// So many lines around a change.
const AROUND: usize = 3;
/// No more lines than this are shown.
const LINES_MAX: usize = 1_500;
/// Finding the shortest difference takes no longer; after that it may be longer than needed.
const WITHIN: Duration = Duration::from_millis(500);

/// What changes from one text to another.
pub(super) fn diff(before: &str, after: &str, say: Say) -> Markup {
    let diff = TextDiff::configure().timeout(WITHIN).diff_lines(before, after);
    let groups = diff.grouped_ops(AROUND);
    let groups: Vec<Vec<_>> = groups
        .iter()
        .map(|ops| ops.iter().flat_map(|op| diff.iter_changes(op)).collect())
        .collect();
    let n: usize = groups.iter().map(Vec::len).sum();
    let mut left = LINES_MAX;
    let shown = groups.iter().map(|group| {
        let lines = group.get(..left.min(group.len())).unwrap_or_default();
        left -= lines.len();
        lines
    });
    let shown: Vec<_> = shown.filter(|lines| !lines.is_empty()).collect();
    html! {
        @if shown.is_empty() { p { (t!(say, "admin-diff-none")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(t!(say, "admin-diff")) {
                table.diff {
                    thead { tr {
                        th scope="col" { (t!(say, "admin-diff-before")) }
                        th scope="col" { (t!(say, "admin-diff-after")) }
                        th scope="col" { (t!(say, "admin-diff-line")) }
                    } }
                    @for group in &shown {
                        tbody { @for change in *group { (line(change)) } }
                    }
                }
            }
            @if n > LINES_MAX { p.note { (t!(say, "admin-diff-more", n = n - LINES_MAX)) } }
        }
    }
}

fn line(change: &similar::Change<&str>) -> Markup {
    let number = |at: Option<usize>| at.map_or(String::new(), |at| (at + 1).to_string());
    let text = change.value().trim_end_matches(['\n', '\r']);
    let (class, sign) = match change.tag() {
        ChangeTag::Delete => ("gone", "− "),
        ChangeTag::Insert => ("new", "+ "),
        ChangeTag::Equal => ("same", "  "),
    };
    html! {
        tr class=(class) {
            td { (number(change.old_index())) }
            td { (number(change.new_index())) }
            td {
                @match change.tag() {
                    ChangeTag::Delete => del { (sign) (text) },
                    ChangeTag::Insert => ins { (sign) (text) },
                    ChangeTag::Equal => { (sign) (text) }
                }
            }
        }
    }
}
