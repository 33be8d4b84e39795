//! The diary: who is waited for, when, and who comes. With whom it is stands on the log.

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
use rules::views::appointments::{DiaryRow, diary};

/// No more are shown: those still to be settled come first.
const SHOWN_MAX: usize = 500;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/appointments", get(page)).route("/fragments/appointments", get(fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_appointments") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let title = t!(viewer.say("diary"), "diary-title");
    let main = html! { h1 { (title) } (list(&app, &viewer)) };
    live(&app, &viewer, "diary", title, main)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_appointments", list)
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let (state, now, say) = (app.room.view(), app.room.now(), viewer.say("diary"));
    let all = diary(&state, now);
    let waiting = all.iter().filter(|row| row.waiting).count();
    html! {
        section #diary data-live="board" data-live-every="2000" data-from="/fragments/appointments"
            data-again="20" {
            p role="status" { (t!(say, "diary-waiting", n = waiting)) }
            @if all.is_empty() { p { (t!(say, "diary-none")) } }
            ul.diary {
                @for row in all.iter().take(SHOWN_MAX) { (one(row, &state.policy, viewer)) }
            }
            @if all.len() > SHOWN_MAX {
                p { (t!(say, "diary-more", n = all.len() - SHOWN_MAX)) }
            }
        }
    }
}

fn one(row: &DiaryRow, policy: &Policy, viewer: &Viewer) -> Markup {
    let say = viewer.say("diary");
    let log = row.incident.to_string();
    html! {
        li data-waiting[row.waiting] {
            strong { (day_clock(row.starts_at, policy)) " - " (day_clock(row.ends_at, policy)) } " "
            @match row.result {
                Some(result) => span.meta { (result.words().1) },
                None => span.count.late[row.waiting] { (row.countdown) },
            }
            " " a href={ "/incidents/" (log) } { (log) } " " (row.opening_code) ", " (row.place) ". "
            (t!(say, "diary-attends", who = row.attends.as_str(), owner = row.owner.to_string()))
        }
    }
}
