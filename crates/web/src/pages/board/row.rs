//! One log as a row. Rendered once for all screens; a screen that wants only some logs is told by
//! the row's attributes.

use super::super::words::badge;
use super::{ROWS_MAX, owner_value, say};
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::line::short;
use rules::name::{Grade, IncidentNumber};
use rules::state::State;
use rules::time::Instant;
use rules::views::board::{BoardFilter, BoardRow, board};
use rules::views::countdown::{Target, age_words};
use serde::Serialize;
use std::collections::BTreeMap;

/// The columns.
pub(super) fn headings(say: Say) -> [String; 9] {
    [
        t!(say, "board-grade"),
        t!(say, "board-target"),
        t!(say, "board-log"),
        t!(say, "board-code"),
        t!(say, "board-markers"),
        t!(say, "board-place"),
        t!(say, "board-unit"),
        t!(say, "board-owner"),
        t!(say, "board-asked"),
    ]
}

/// What a row is sorted by: the same order as the board, as a text.
fn rank(row: &BoardRow) -> String {
    let grade = row.grade.map_or(1, Grade::rank);
    let due = row.due_at.map_or(i64::MAX, |at| at.0.max(0));
    format!("{:010}-{grade}-{due:019}-{}", u32::MAX - row.risk, row.n)
}

/// One log as a row.
pub(in crate::pages) fn tr(
    row: &BoardRow,
    s: &State,
    now: Instant,
    selected: Option<IncidentNumber>,
) -> Markup {
    let number = short(s, row.n);
    let current = (selected == Some(row.n)).then_some("true");
    let tags: String = row.tags.iter().map(|tag| format!("|{tag}|")).collect();
    let say = say();
    html! {
        tr role="row" data-incident=(row.n) data-rank=(rank(row)) data-late[row.late]
            data-grade=[row.grade.map(Grade::rank)] data-district=[row.district.as_ref()]
            data-owner=(owner_value(&row.owner)) data-waits[row.no_unit_since.is_some()]
            data-tags=[(!tags.is_empty()).then_some(tags)] aria-current=[current] {
            td role="cell" { (badge(row.grade, &s.policy)) }
            td role="cell" { (target(row)) }
            th scope="row" role="rowheader" {
                @let label = t!(say, "board-log-n", n = number.as_str());
                a href={ "/?log=" (row.n) } aria-label=(label) { (number) }
            }
            td role="cell" { (row.code) }
            td role="cell" {
                @for marker in &row.markers { span.chip { (marker) } " " }
                @for tag in &row.tags { span.chip.tag { (tag) } " " }
            }
            td role="cell" {
                @if row.place.is_empty() { span.dim { (t!(say, "board-no-place")) } }
                @else { (row.place) }
            }
            td role="cell" {
                @for unit in &row.units {
                    span.unit { (unit.unit) " " small { (unit.status) } } " "
                }
                @if row.no_unit_since.is_some() { span.no-unit { (t!(say, "board-no-unit")) } }
            }
            td role="cell" { (owner(row, now)) }
            td role="cell" {
                @if row.questions > 0 {
                    span.ask { span aria-hidden="true" { "? " } (row.questions)
                        span.hidden { (t!(say, "board-questions")) } } " "
                }
                @if row.lit > 0 {
                    span.lit { span aria-hidden="true" { "! " } (row.lit)
                        span.hidden { (t!(say, "board-lit")) } }
                }
            }
        }
    }
}

/// What a clock runs towards.
pub(super) fn towards(target: Target) -> String {
    match target {
        Target::Deploy => t!(say(), "board-to-send"),
        Target::Arrive => t!(say(), "board-to-arrive"),
    }
}

/// How far the running clock is from its target.
fn target(row: &BoardRow) -> Markup {
    let which = row.clock.map(towards).unwrap_or_default();
    html! {
        @if let Some(countdown) = &row.countdown {
            span.count.late[row.late] { (countdown) } " " small { (which) }
        }
    }
}

/// Who owns it and, while it waits for a unit, how long ago somebody touched it.
fn owner(row: &BoardRow, now: Instant) -> Markup {
    html! {
        (row.owner)
        @if let Some(at) = row.touched_at {
            " " small {
                span.hidden { (t!(say(), "board-touched")) " " }
                span aria-hidden="true" { "· " } (age_words(at, now))
            }
        }
    }
}

/// What of a row moves by time alone.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(in crate::pages) struct Moved {
    rank: String,
    late: bool,
    target: String,
    owner: String,
}

/// What moves by time on each row, by the number of its log.
pub(in crate::pages) fn clocks(s: &State, now: Instant) -> BTreeMap<String, Moved> {
    let rows = board(s, now, &BoardFilter::default());
    let moved = |row: &BoardRow| Moved {
        rank: rank(row),
        late: row.late,
        target: target(row).into_string(),
        owner: owner(row, now).into_string(),
    };
    rows.iter().take(ROWS_MAX).map(|row| (row.n.to_string(), moved(row))).collect()
}
