//! The open logs, worst first.

use super::frame::{Page, whole};
use super::words::badge;
use super::{Shared, viewer_who_may};
use crate::lang::t;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::role::Owner;
use rules::state::State as Room;
use rules::time::Instant;
use rules::views::board::{BoardFilter, BoardRow, board};
use rules::views::countdown::Target;

/// No more rows than this: a page is for looking, and the worst come first.
pub(super) const ROWS_MAX: usize = 1_000;

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let caller = match viewer_who_may(&app, &parts, "view_board") {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    let (state, now) = (app.room.view(), app.room.now());
    let rows = board(&state, now, &BoardFilter::default());
    let main = html! {
        h1 { "Open logs" }
        p.bar {
            span #summary role="status" aria-live="polite" { (summary(&rows)) }
        }
        div.scroll {
            table #incidents {
                caption.hidden { "Open logs in risk order" }
                thead { tr {
                    th scope="col" { "Grade" }
                    th scope="col" { "Target" }
                    th scope="col" { "Log" }
                    th scope="col" { "Opening code" }
                    th scope="col" { "Place" }
                    th scope="col" { "Owner" }
                    th scope="col" { "Units" }
                    th scope="col" { "Questions" }
                } }
                tbody { @for row in rows.iter().take(ROWS_MAX) { (tr(row, &state)) } }
            }
        }
        @if rows.is_empty() { p #empty { "No log is open." } }
    };
    let title = t!(caller.say("board"), "board-title");
    let seq = Some(state.seq);
    let page = Page { name: "board", title, css: &[], js: &["board.js"], main, seq };
    whole(&app, Some(&caller), &page)
}

/// How it stands, in a sentence.
pub(super) fn summary(rows: &[BoardRow]) -> String {
    let late = rows.iter().filter(|r| r.late).count();
    let waiting = rows.iter().filter(|r| r.no_unit_since.is_some()).count();
    format!("{} open, {late} late, {waiting} without a unit", rows.len())
}

/// What a row is sorted by: the same order as the board, as a text.
fn rank(row: &BoardRow) -> String {
    let grade = row.grade.map_or(1, rules::name::Grade::rank);
    let due = row.due_at.map_or(i64::MAX, |at| at.0.max(0));
    format!("{:010}-{grade}-{due:019}-{}", u32::MAX - row.risk, row.n)
}

/// One log as a row.
pub(super) fn tr(row: &BoardRow, s: &Room) -> Markup {
    let label = format!("Log {}", row.n);
    html! {
        tr data-incident=(row.n) data-rank=(rank(row)) data-late[row.late] {
            td { (badge(row.grade, &s.policy)) }
            td { (target(row)) }
            th scope="row" { a href={ "/incidents/" (row.n) } aria-label=(label) { (row.n) } }
            td {
                (row.code)
                @for marker in &row.markers { " " span.chip { (marker) } }
                @for tag in &row.tags { " " span.chip.tag { (tag) } }
            }
            td { @if row.place.is_empty() { span.dim { "not known" } } @else { (row.place) } }
            td { (owner(&row.owner)) }
            td {
                @for unit in &row.units {
                    span.unit { (unit.unit) " " small { (unit.status) } } " "
                }
                @if row.no_unit_since.is_some() { span.late { "no unit" } }
            }
            td {
                @if row.questions > 0 { span.ask { "? " (row.questions) } }
                @if row.lit > 0 { " " span.lit { "! " (row.lit) } }
            }
        }
    }
}

/// How far the running clock is from its target.
pub(super) fn target(row: &BoardRow) -> Markup {
    let which = match row.clock {
        Some(Target::Deploy) => "to send",
        Some(Target::Arrive) => "to arrive",
        None => "",
    };
    html! {
        @if let Some(countdown) = &row.countdown {
            span.count.late[row.late] { (countdown) } " " small { (which) }
        }
    }
}

fn owner(owner: &Owner) -> Markup {
    html! { @match owner {
        Owner::Staff(staff) => { (staff) }
        Owner::Desk(role) => { span.dim { (role.words()) } }
    } }
}

/// Each row's clock as text, by the number of its log.
pub(super) fn clocks(s: &Room, now: Instant) -> Vec<(String, String)> {
    let rows = board(s, now, &BoardFilter::default());
    rows.iter().take(ROWS_MAX).map(|row| (row.n.to_string(), target(row).into_string())).collect()
}
