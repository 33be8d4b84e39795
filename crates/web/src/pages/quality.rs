//! The panel that looks at the force's work: its handbook, whole, with what each policy changed.

use super::frame::{Page, whole};
use super::{Shared, guidance, viewer_who_may};
use crate::lang::t;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::html;
use rules::views::guidance::handbooks;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/panel", get(page))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_panel") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let (say, articles) = (viewer.say("quality"), viewer.say("guidance"));
    let state = app.room.view();
    let all = handbooks(&state, app.room.now());
    let title = t!(say, "quality-title");
    let main = html! {
        h1 { (title) }
        @if all.is_empty() { p.note { (t!(say, "quality-no-handbook")) } }
        @for found in &all {
            @if let Some(handbook) = &found.article {
                section id={ "handbook-" (handbook.id) } {
                    h2 { (handbook.title) }
                    (guidance::text(found, articles))
                    (guidance::history(&found.history, &state.policy, articles))
                }
            }
        }
    };
    let page =
        Page { name: "quality", title, css: &["admin.css"], js: &[], main, seq: Some(state.seq) };
    whole(&app, Some(&viewer), &page)
}
