//! The dispatch board: the open logs, worst first, and beside them the one that is selected.

mod filter; //      which logs are wanted
pub(super) mod line; // the command line
mod look; //        what is recorded when a log is opened here
pub(super) mod pane; // the log that is selected
mod reach; //       who could get there, and what is given up for that
pub(super) mod row; // one log as a row
pub(super) mod units; // the units by status

pub(crate) use look::LOOK_HOLDS;

use super::frame::{Page, Viewer, whole};
use super::{Shared, viewer_who_may};
use crate::App;
use crate::lang::{Lang, Say, t};
use axum::extract::State;
use axum::response::Response;
use filter::Wanted;
use http::request::Parts;
use maud::{Markup, html};
use row::tr;
use rules::role::Owner;
use rules::views::board::{BoardFigures, BoardFilter, board, figures};
use rules::views::guidance::dispatch_guide;
use std::sync::Arc;

/// No more rows than this: a page is for looking, and the worst come first.
pub(super) const ROWS_MAX: usize = 1_000;

/// The board's words. Staff pages are in English.
pub(super) fn say() -> Say {
    Say::of("board", Lang::En)
}

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_board") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let wanted = Wanted::of(parts.uri.query().unwrap_or(""));
    let chosen = match wanted.log {
        Some(n) => Some((n, pane::of_log(&app, &viewer, n).await)),
        None => None,
    };
    let main = main(&app, &viewer, &wanted, chosen);
    let page = Page {
        name: "board",
        title: t!(viewer.say("board"), "board-title"),
        css: &["board.css"],
        js: &["board.js", "line.js"],
        main: main.0,
        seq: Some(main.1),
    };
    whole(&app, Some(&viewer), &page)
}

/// What is on the page, and the place of the newest event that is on it.
fn main(
    app: &Arc<App>,
    viewer: &Viewer,
    wanted: &Wanted,
    chosen: Option<(rules::name::IncidentNumber, Markup)>,
) -> (Markup, u64) {
    let say = viewer.say("board");
    let (state, now) = (app.room.view(), app.room.now());
    let all = board(&state, now, &BoardFilter::default());
    let rows =
        if wanted.is_all() { None } else { Some(board(&state, now, &wanted.filter(viewer))) };
    let rows = rows.as_ref().unwrap_or(&all);
    let n = chosen.as_ref().map(|(n, _)| *n);
    let main = html! {
        h1.hidden { (t!(say, "board-title")) }
        div.head {
            p #summary { (summary(&figures(&state, &all, app.room.now()))) }
            (filter::form(app, viewer, wanted))
            (guide(viewer, &state.policy))
            button #pending.pill type="button" hidden data-key="F10" data-words={
                (t!(say, "board-moved", n = "{n}"))
            } data-new=(t!(say, "board-new", n = "{n}")) {}
        }
        section.list #list aria-label=(t!(say, "board-list")) tabindex="-1" {
            table #incidents role="table" data-wants=(wanted.selector(viewer)) {
                caption.hidden { (t!(say, "board-list")) }
                thead role="rowgroup" { tr role="row" {
                    @for words in row::headings(say) {
                        th scope="col" role="columnheader" { (words) }
                    }
                } }
                tbody role="rowgroup" {
                    @for row in rows.iter().take(ROWS_MAX) { (tr(row, &state, now, n)) }
                }
            }
            @if rows.is_empty() {
                p #empty { @if wanted.is_all() { (t!(say, "board-none")) }
                    @else { (t!(say, "board-none-wanted")) } }
            }
        }
        p.hidden #picked role="status" aria-live="polite" {}
        aside #pane aria-label=(t!(say, "board-pane")) data-key="Alt+2" tabindex="-1"
            data-shown=[n] {
            @match chosen {
                Some((_, markup)) => { (markup) }
                None => { p.dim { (t!(say, "board-pick")) } }
            }
        }
        (units::strip(app, say))
        @if line::may_write(viewer) { (line::form(app, viewer, n)) }
    };
    (main, state.seq)
}

/// The dispatcher's role and who sends whom, folded.
fn guide(viewer: &Viewer, policy: &rules::policy::Policy) -> Markup {
    let say = viewer.say("board");
    let guide = dispatch_guide(policy);
    html! {
        details.guide #dispatch-guide {
            summary { (t!(say, "board-guide")) }
            h2 { (t!(say, "board-guide-role")) }
            ul { @for output in &guide.role_outputs { li { (output) } } }
            h2 { (t!(say, "board-guide-allocation")) }
            p { (guide.allocation_policy) }
            p.meta {
                (t!(say, "board-guide-source", source = guide.source.as_str(),
                    version = guide.policy_version.as_str()))
            }
        }
    }
}

/// How it stands, in figures with their words.
pub(super) fn summary(all: &BoardFigures) -> Markup {
    let say = say();
    html! {
        @if all.n_emergencies > 0 {
            strong.late { (t!(say, "board-emergencies", n = all.n_emergencies)) } " "
        }
        span { (t!(say, "board-units", n = all.n_units)) } " "
        span { (t!(say, "board-available", n = all.n_available)) } " "
        span { (t!(say, "board-open", n = all.n_open)) } " "
        span.late[all.n_late > 0] { (t!(say, "board-late", n = all.n_late)) } " "
        span { (t!(say, "board-waiting", n = all.n_waiting)) }
    }
}

/// An owner as a value of a form or an attribute.
pub(super) fn owner_value(owner: &Owner) -> String {
    match owner {
        Owner::Staff(staff) => format!("staff:{staff}"),
        Owner::Desk(role) => format!("desk:{}", role.name()),
    }
}
