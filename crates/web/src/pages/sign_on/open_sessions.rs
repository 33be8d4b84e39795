//! Who is signed on to the pages, and ending it; and how long one's own session still lasts.

use super::{Form, page as the_page, seat_words};
use crate::App;
use crate::caller::{Caller, allow};
use crate::lang::t;
use crate::pages::{Shared, problem_page, see_other};
use crate::problem::Problem;
use crate::sessions::{Session, Shown};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use rules::time::Instant;

/// What an administrator needs to see and end sessions.
const ACTION: &str = "manage_sessions";

fn administrator(app: &App, parts: &Parts) -> Result<Caller, Box<Response>> {
    let caller = app.sessions.caller(app, &parts.headers);
    let caller = caller.ok_or_else(|| Box::new(see_other("/sign-on")))?;
    match allow(&caller.by, ACTION) {
        Ok(()) => Ok(caller),
        Err(problem) => Err(Box::new(problem_page(app, problem))),
    }
}

pub(in crate::pages) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let caller = match administrator(&app, &parts) {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    let mine = app.sessions.look(&parts.headers, app.config.https).map(|s| s.id);
    let all = app.sessions.list();
    let say = seat_words();
    let heads = [
        t!(say, "seat-who"),
        t!(say, "seat-role"),
        t!(say, "seat-how"),
        t!(say, "seat-from"),
        t!(say, "seat-since"),
        t!(say, "seat-last"),
        t!(say, "seat-sounds"),
        t!(say, "seat-end"),
    ];
    let main = html! {
        h1 { (t!(say, "seat-sessions")) }
        div.scroll tabindex="0" role="region" aria-label=(t!(say, "seat-sessions-list")) {
            table {
                thead { tr { @for head in &heads { th scope="col" { (head) } } } }
                tbody { @for session in &all { (row(&app, session, mine.as_deref())) } }
            }
        }
        form method="post" action="/signed-on/end" {
            button type="submit" name="all" value="yes" { (t!(say, "seat-end-all")) }
        }
    };
    the_page(&app, &t!(say, "seat-sessions"), Some(&caller), main)
}

fn row(app: &App, session: &Session, mine: Option<&str>) -> Markup {
    let view = app.room.view();
    let at =
        |t: jiff::Timestamp| crate::pages::words::clock(Instant(t.as_millisecond()), &view.policy);
    let say = seat_words();
    let how = match session.shown {
        Shown::Token(..) => t!(say, "seat-by-token"),
        Shown::Account => t!(say, "seat-by-account"),
        Shown::Provider => t!(say, "seat-by-provider"),
        Shown::Nothing => t!(say, "seat-by-nothing"),
    };
    let heard = if session.heard { t!(say, "seat-heard") } else { t!(say, "seat-not-heard") };
    html! {
        tr {
            th scope="row" { (session.staff) " " (session.name) }
            td { (session.role().map_or_else(|| t!(say, "seat-no-role"), |r| r.words())) }
            td { (how) }
            td { (session.place.map_or_else(String::new, |p| p.to_string())) }
            td { (at(session.began)) }
            td { (at(session.last)) }
            td { (heard) }
            td {
                @if mine == Some(&session.id) { (t!(say, "seat-this-one")) } @else {
                    form method="post" action="/signed-on/end" {
                        button type="submit" name="id" value=(session.id) {
                            (t!(say, "seat-end"))
                            span.hidden {
                                " " (t!(say, "seat-end-of", staff = session.staff.to_string()))
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(in crate::pages) async fn end(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return problem_page(&app, problem),
    };
    let caller = match administrator(&app, &form.parts) {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    let mine = app.sessions.look(&form.parts.headers, app.config.https).map(|s| s.id);
    let (all, id) = (form.field("all").is_some(), form.text("id"));
    let n = app.sessions.end_those(|s| Some(&s.id) != mine.as_ref() && (all || s.id == id));
    tracing::warn!(by = %caller.by.staff, n, "sessions were ended by an administrator");
    if n == 0 && !all {
        let detail = "this session has ended already: look at the list";
        return problem_page(&app, Problem::not_found(detail));
    }
    see_other("/signed-on")
}

/// How many seconds this session still lasts if nothing is done. Asking does nothing.
pub(in crate::pages) async fn left(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let session = app.sessions.look(&parts.headers, app.config.https);
    let left = session.map(|session| app.sessions.seconds_left(&session));
    axum::Json(serde_json::json!({ "seconds_left": left })).into_response()
}

/// Somebody is still there.
pub(in crate::pages) async fn stay(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    match Form::read(request).await {
        Ok(form) => match app.sessions.caller(&app, &form.parts.headers) {
            Some(_) => StatusCode::NO_CONTENT.into_response(),
            None => see_other("/sign-on"),
        },
        Err(problem) => problem_page(&app, problem),
    }
}
