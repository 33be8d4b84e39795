//! Reports of a crime that are neither recorded nor decided to be none. What was said stands on the
//! log, where each look is recorded.

use super::frame::Viewer;
use super::lead::live;
use super::words::day_clock;
use super::{Shared, part, viewer_who_may};
use crate::App;
use crate::lang::t;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::Policy;
use rules::views::crimes::{CrimeRow, crimes};

/// No more are shown: what is due first comes first.
const SHOWN_MAX: usize = 500;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/crimes", get(page)).route("/fragments/crimes", get(fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_crimes") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let title = t!(viewer.say("crimes"), "crimes-title");
    let main = html! { h1 { (title) } (list(&app, &viewer)) };
    live(&app, &viewer, "crimes", title, main)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_crimes", list)
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let (state, now, say) = (app.room.view(), app.room.now(), viewer.say("crimes"));
    let all = crimes(&state, now);
    let late = all.iter().filter(|row| row.late).count();
    html! {
        section #crimes data-live="board" data-live-every="2000" data-from="/fragments/crimes"
            data-again="20" {
            p role="status" { (t!(say, "crimes-waiting", n = all.len(), late = late)) }
            @if all.is_empty() { p { (t!(say, "crimes-none")) } }
            ul.diary {
                @for row in all.iter().take(SHOWN_MAX) { (one(row, &state.policy, viewer)) }
            }
            @if all.len() > SHOWN_MAX {
                p { (t!(say, "crimes-more", n = all.len() - SHOWN_MAX)) }
            }
        }
    }
}

fn one(row: &CrimeRow, policy: &Policy, viewer: &Viewer) -> Markup {
    let say = viewer.say("crimes");
    let n = row.incident;
    html! {
        li data-waiting[row.late] {
            span.count.late[row.late] { (row.countdown) } " "
            a href={ "/incidents/" (n) "#panel-crime" } { (n) } " "
            @match &row.opening_code {
                Some(code) => (code),
                None => (t!(say, "crimes-closed")),
            }
            @if row.with_desk { ", " strong { (t!(say, "crimes-desk")) } }
            ", "
            (t!(say, "crimes-reported", at = day_clock(row.reported_at, policy),
                due = day_clock(row.due_at, policy)))
            ". " (t!(say, "crimes-owner", owner = row.owner_words.as_str()))
        }
    }
}
