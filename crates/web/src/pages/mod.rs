//! What people see. Rendered here and kept fresh by small scripts of our own; every deed is a form
//! whose address names a command.

mod admin; //          the policy: what holds, a draft, a second person
mod agencies; //       who to ring, on which number
mod alarm_bar; //      what sounds, on every page
mod appointments; //   the diary
mod audit; //          who looked at what, and a log as it stood
pub(crate) mod board; // the open logs, the one selected, the command line
mod briefings; //      what is to be read, and who has
mod call; //           taking a call
mod crimes; //         reports of a crime that wait to be recorded
mod deed; //           every deed of every page
mod drafts; //         what somebody is typing
mod faults; //         what does not work, and what is done about it
mod fields; //         a form as a command
mod form; //           what a form sends
mod frame; //          what all pages share
mod guidance; //       articles: all of them, one, and where they apply
mod lead; //           those who lead the room
pub(crate) mod live; // what keeps the pages fresh
mod log; //            one log
mod look; //           theme, size, language
mod looks; //          which looks have been recorded
mod map; //        where everything is
mod markers; //    of people, numbers and places
mod messages; //   for a named officer
mod needs; //          what a log needs of those who go
mod officer; //        the job of an officer, on a phone
pub(crate) mod opened; // who has opened which log
mod own; //            styles and scripts
mod panels; //         parts of a log, for any page
mod quality; //        the panel that looks at the force's work
mod roster; //         which units are on duty
mod said_place; //     a place in a form
mod sign_on; //        who is at this screen
mod staff; //          who works here, in which roles
mod trainees; //       after a training session
mod words; //          times and grades in words

use crate::App;
use crate::caller::{Caller, allow};
use crate::lang::{Lang, Say, t};
use crate::problem::{Kind, Problem};
use axum::Router;
use axum::extract::FromRef;
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use frame::{Viewer, plain, whole};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use look::Look;
use maud::{Markup, html};
use rules::name::StaffId;
use rules::role::{By, Role};
use std::sync::Arc;

pub(crate) use looks::Looks;
pub(crate) use officer::JobsOpened;
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
        .route("/incidents/{incident}/pane", get(board::pane::fragment))
        .route("/fragments/units", get(board::units::fragment))
        .route("/line", post(board::line::run))
        .route("/line/suggest", post(board::line::suggest))
        .route("/incidents/{incident}", get(log::page).post(log::page_for_a_purpose))
        .route("/calls", get(call::calls))
        .route("/calls/list", get(call::calls_part))
        .route("/calls/code-help", post(call::code_help))
        .route("/calls/{contact}", get(call::page).post(call::page_for_a_purpose))
        .route("/calls/{contact}/parts/{part}", get(call::part))
        .merge(sign_on::router())
        .route("/incidents/{incident}/panels/{panel}", get(panels::fragment))
        .route("/incidents/{incident}/head", get(log::head))
        .route("/incidents/{incident}/earlier", get(log::earlier))
        .route("/incidents/{incident}/timeline", get(log::more))
        .route("/incidents/{incident}/export", post(log::export))
        .route("/fragments/opinion", post(log::opinion))
        .merge(lead::router())
        .merge(admin::router())
        .merge(briefings::router())
        .merge(agencies::router())
        .merge(appointments::router())
        .merge(crimes::router())
        .merge(markers::router())
        .merge(messages::router())
        .merge(faults::router())
        .merge(guidance::router())
        .merge(quality::router())
        .merge(roster::router())
        .merge(staff::router())
        .merge(trainees::router())
        .merge(audit::router())
        .merge(officer::router())
        .merge(map::router())
        .route("/live", get(live::stream))
        .route("/do/{command}", post(deed::deed))
        .route("/drafts", post(drafts::keep))
        .route("/fragments/alarms", get(alarm_bar::fragment))
        .route("/assets/{name}", get(own::asset))
        .layer(from_fn_with_state(Shared(app.clone()), look::remember))
        .with_state(Shared(app.clone()))
}

/// Who looks at a page: whoever is signed on or, in a demonstration, anybody, to look only.
fn viewer(app: &App, headers: &HeaderMap) -> Option<Caller> {
    if let Some(caller) = app.sessions.caller(app, headers) {
        return Some(caller);
    }
    app.config.demo.then(demo_viewer)
}

fn demo_viewer() -> Caller {
    let staff = StaffId::parse("demo-viewer").expect("a constant that meets its own conditions");
    let by = By { staff, role: Role::Supervisor };
    Caller { by, token: DEMO.into(), screen: DEMO.into(), expires: jiff::Timestamp::MAX }
}

/// A viewer who may do something, or the page that says what to do instead.
fn viewer_who_may(app: &App, parts: &Parts, action: &str) -> Result<Viewer, Box<Response>> {
    let Some(caller) = viewer(app, &parts.headers) else {
        return Err(Box::new(see_other("/sign-on")));
    };
    match app.gates.token(&caller.token).and_then(|()| allow(&caller.by, action)) {
        Ok(()) => Ok(Viewer { caller, look: Look::of(&parts.headers) }),
        Err(problem) => Err(Box::new(problem_page(app, problem))),
    }
}

/// A part of a page alone, when something has changed.
fn part(
    app: &App,
    parts: &Parts,
    action: &str,
    draw: impl FnOnce(&App, &Viewer) -> Markup,
) -> Response {
    match viewer_who_may(app, parts, action) {
        Ok(viewer) => Html(draw(app, &viewer).into_string()).into_response(),
        Err(instead) => *instead,
    }
}

fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn problem_page(app: &App, problem: Problem) -> Response {
    let say = Say::of("frame", Lang::En);
    let main = html! {
        h1 { (problem.kind.title()) }
        p { (problem.detail) }
        @if !problem.items.is_empty() { ul { @for item in &problem.items { li { (item) } } } }
        p { a href="/" { (t!(say, "go-back")) } }
    };
    let page = plain("problem", problem.kind.title().to_owned(), main);
    let mut response = whole(app, None, &page);
    *response.status_mut() = problem.kind.status();
    response
}

/// For an address that does not exist: typed wrong, or of an older version.
pub(crate) fn nowhere(app: &App) -> Response {
    let say = Say::of("frame", Lang::En);
    problem_page(app, Problem::not_found(t!(say, "nowhere")))
}

/// What a kind of problem means.
pub(crate) fn problem_kind(app: &App, kind: Kind) -> Response {
    let main = html! {
        h1 { (kind.title()) }
        p { "Status " (kind.status().as_u16()) ". The problem's own detail says what to do." }
    };
    whole(app, None, &plain("problem", kind.title().to_owned(), main))
}
