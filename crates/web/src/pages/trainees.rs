//! After a training session: what each trainee did, and what they let run.

use super::frame::{Viewer, plain, whole};
use super::{Shared, problem_page, viewer_who_may};
use crate::App;
use crate::api::show::records::trainees;
use crate::lang::{Say, t};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::views::session::Trainee;

/// So many kinds of deeds of one person are shown.
const DEEDS_SHOWN: usize = 12;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/trainees", get(page))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_trainees") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match trainees(&app).await {
        Ok(all) => shown(&app, &viewer, &all),
        Err(problem) => problem_page(&app, problem),
    }
}

fn shown(app: &App, viewer: &Viewer, all: &[Trainee]) -> Response {
    let say = viewer.say("trainees");
    let title = t!(say, "trainees-title");
    let main = html! {
        h1 { (title) }
        p { (t!(say, "trainees-words")) }
        @if all.is_empty() { p { (t!(say, "trainees-none")) } }
        @for one in all { (a_trainee(one, say)) }
    };
    whole(app, Some(viewer), &plain("trainees", title, main))
}

fn a_trainee(one: &Trainee, say: Say) -> Markup {
    let roles: Vec<String> = one.roles.iter().map(|role| role.words()).collect();
    html! {
        article.panel id={ "trainee-" (one.staff) } {
            h2 { (one.name) " " small { (one.staff) " " (roles.join(", ")) } }
            p.meta { (t!(say, "trainees-logs", n = one.logs.len())) }
            h3 { (t!(say, "trainees-run")) }
            @if one.let_run.is_empty() { p { (t!(say, "trainees-run-none")) } }
            ul { @for run in &one.let_run {
                li {
                    (t!(say, "trainees-run-one", owed = run.owed.as_str(), n = run.n,
                        own = run.own))
                    @if let Some(log) = run.log {
                        " " a href={ "/incidents/" (log) } { (log) }
                    }
                }
            } }
            h3 { (t!(say, "trainees-did")) }
            ul { @for deed in one.deeds.iter().take(DEEDS_SHOWN) {
                li { (deed.n) " × " (deed.what) }
            } }
        }
    }
}
