//! What people see: a live page of open logs, one log, and signing on. Rendered here, kept fresh by
//! a small script of our own; nothing comes from elsewhere.

mod board; //          the open logs
pub(crate) mod live; // what keeps the page fresh
mod log; //            one log
mod look; //           theme, size of text, language
mod sign_on; //        who is at this screen
mod words; //          times and grades in words

use crate::App;
use crate::caller::{Caller, allow};
use crate::problem::{Kind, Problem};
use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{DOCTYPE, Markup, html};
use rules::name::StaffId;
use rules::role::{By, Role};
use std::sync::Arc;

pub(crate) use sign_on::Begun;

/// The name of the token that everybody shares in a demonstration.
const DEMO: &str = "demo";

/// The app, for handlers.
#[derive(Clone)]
pub(super) struct Shared(pub Arc<App>);

impl FromRef<Shared> for Arc<App> {
    fn from_ref(shared: &Shared) -> Arc<App> {
        shared.0.clone()
    }
}

pub(crate) fn router(app: &Arc<App>) -> Router {
    Router::new()
        .route("/", get(board::page))
        .route("/incidents/{incident}", get(log::page).post(log::page_for_a_purpose))
        .merge(sign_on::router())
        .route("/live", get(live::stream))
        .route(
            "/assets/live.js",
            get(|| asset("text/javascript", include_str!("../assets/live.js"))),
        )
        .route(
            "/assets/callbox.css",
            get(|| asset("text/css", include_str!("../assets/callbox.css"))),
        )
        .route(
            "/assets/lamp.svg",
            get(|| asset("image/svg+xml", include_str!("../assets/lamp.svg"))),
        )
        .layer(from_fn_with_state(Shared(app.clone()), look::remember))
        .with_state(Shared(app.clone()))
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Who looks at a page: whoever is signed on or, in a demonstration, anybody, to look only.
pub(super) fn viewer(app: &App, headers: &HeaderMap) -> Option<Caller> {
    if let Some(caller) = app.sessions.caller(app, headers) {
        return Some(caller);
    }
    app.config.demo.then(demo_viewer)
}

fn demo_viewer() -> Caller {
    let staff = StaffId::parse("demo-viewer").expect("a constant that meets its own conditions");
    let by = By { staff, role: Role::Supervisor };
    Caller { by, token: DEMO.into(), expires: jiff::Timestamp::MAX }
}

/// A viewer who may do something, or the page that says what to do instead.
pub(super) fn viewer_who_may(
    app: &App,
    parts: &Parts,
    action: &str,
) -> Result<Caller, Box<Response>> {
    let Some(caller) = viewer(app, &parts.headers) else {
        return Err(Box::new(see_other("/sign-on")));
    };
    match app.gates.token(&caller.token).and_then(|()| allow(&caller.by, action)) {
        Ok(()) => Ok(caller),
        Err(problem) => Err(Box::new(problem_page(app, problem))),
    }
}

/// A form must come from one of our own pages.
pub(super) fn same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let host = text("host");
    let origin = text("origin").and_then(|o| o.split_once("://")).map(|(_, host)| host);
    let site = text("sec-fetch-site");
    let ours = match (site, origin) {
        (Some(site), _) if site != "same-origin" => false,
        (_, Some(origin)) => Some(origin) == host,
        (Some(_), None) => true,
        (None, None) => false,
    };
    if ours {
        return Ok(());
    }
    let detail = "this form did not come from a page of ours: open the page here and send it again";
    Err(Problem::new(Kind::Forbidden, detail))
}

pub(super) fn see_other(to: &'static str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(to));
    response
}

/// A whole page.
pub(super) fn page(app: &App, title: &str, caller: Option<&Caller>, main: &Markup) -> Response {
    axum::response::Html(layout(app.config.demo, title, caller, main).into_string()).into_response()
}

pub(super) fn problem_page(app: &App, problem: Problem) -> Response {
    let main = html! {
        h1 { (problem.kind.title()) }
        p { (problem.detail) }
        @if !problem.items.is_empty() { ul { @for item in &problem.items { li { (item) } } } }
        p { a href="/" { "Open logs" } }
    };
    let mut response = page(app, problem.kind.title(), None, &main);
    *response.status_mut() = problem.kind.status();
    response
}

/// What a kind of problem means.
pub(crate) fn problem_kind(kind: Kind) -> Markup {
    layout(
        false,
        kind.title(),
        None,
        &html! {
            h1 { (kind.title()) }
            p { "Status " (kind.status().as_u16()) ". The problem's own detail says what to do." }
        },
    )
}

fn layout(demo: bool, title: &str, caller: Option<&Caller>, main: &Markup) -> Markup {
    let (look, hour) = look::Look::now();
    html! {
        (DOCTYPE)
        html lang="en-GB" data-theme=[look.data_theme(hour)] data-scale=[look.data_scale()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="dark light";
                title { (title) " - Callbox" }
                link rel="icon" href="/assets/lamp.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/callbox.css";
                link rel="stylesheet" href="/assets/look.css";
                script src="/assets/live.js" defer {}
                @if caller.is_some() { script src="/assets/session.js" defer {} }
            }
            body {
                a.skip href="#main" { "Skip to the main content" }
                header {
                    a.brand href="/" { "Callbox" }
                    @if demo { p.demo { "Demonstration: invented people and places" } }
                    @if let Some(caller) = caller { (who(demo, caller)) }
                }
                main id="main" tabindex="-1" { (main) }
            }
        }
    }
}

fn who(demo: bool, caller: &Caller) -> Markup {
    html! {
        @if demo && &*caller.token == DEMO {
            a href="/sign-on" { "Sign on" }
        } @else {
            form.who method="post" action="/sign-off" {
                a href="/duty" { "My seat" }
                span { (caller.by.staff) ", " (caller.by.role.words()) }
                button type="submit" { "Sign off" }
            }
        }
    }
}
