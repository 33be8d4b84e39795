//! The officer's page: the risk first, one thumb, and usable without a connection.

mod forms; // what the crew says
mod job; //   what is on it
mod unit; //  whose page it is

use super::frame::{Page, Viewer, whole};
use super::{Shared, problem_page, see_other, viewer_who_may};
use crate::App;
use crate::api::audit::{self, Why};
use crate::lang::t;
use crate::problem::Problem;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::request::Parts;
use http::{HeaderName, HeaderValue, header};
use maud::Markup;
use rules::name::{IncidentNumber, Reason, StaffId};
use rules::views::officer::{OfficerView, officer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the page is for: whoever may do this may see it.
const ACTION: &str = "open_risk_card";
/// Says to the page's own worker whether this may be kept for times without a connection.
const KEEP: HeaderName = HeaderName::from_static("callbox-keep");
/// More than this are not remembered; a job that is forgotten is recorded once more.
const MOST: usize = 10_000;

/// The job that each officer has before them, and that they looked is recorded.
#[derive(Default)]
pub(crate) struct JobsOpened(Mutex<HashMap<StaffId, IncidentNumber>>);

impl JobsOpened {
    fn is(&self, staff: &StaffId, n: IncidentNumber) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(staff) == Some(&n)
    }

    fn put(&self, staff: &StaffId, n: IncidentNumber) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(staff.clone(), n);
    }
}

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/officer", get(page))
        .route("/officer/now", get(fragment))
        .route("/officer/unit", post(unit::choose))
        .route("/officer-sw.js", get(worker))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match officer_of(&app, &parts) {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("officer");
    let Some(mine) = unit::of(&app, &viewer, &parts.headers) else {
        let main = unit::choice(&app, &viewer);
        let page = the_page(t!(say, "officer-title"), main, app.room.view().seq);
        return kept(&app, false, whole(&app, Some(&viewer), &page));
    };
    match now(&app, &viewer, &mine, true).await {
        Ok((view, markup, seq)) => {
            let main = maud::html! { (markup) (job::around(&viewer, &view)) };
            let page = the_page(t!(say, "officer-title"), main, seq);
            kept(&app, true, whole(&app, Some(&viewer), &page))
        }
        Err(problem) => problem_page(&app, problem),
    }
}

fn the_page(title: String, main: Markup, seq: u64) -> Page<'static> {
    let (css, js) = (&["officer.css"][..], &["officer.js"][..]);
    Page { name: "officer", title, css, js, main, seq: Some(seq) }
}

/// The part that changes, alone.
async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match officer_of(&app, &parts) {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let Some(mine) = unit::of(&app, &viewer, &parts.headers) else {
        return kept(&app, false, Html(job::gone(&viewer).into_string()).into_response());
    };
    match now(&app, &viewer, &mine, false).await {
        Ok((_, markup, _)) => kept(&app, true, Html(markup.into_string()).into_response()),
        Err(problem) => problem.into_response(),
    }
}

/// Whoever attends. In a demonstration nobody does without having said who they are.
fn officer_of(app: &App, parts: &Parts) -> Result<Viewer, Box<Response>> {
    match viewer_who_may(app, parts, "follow") {
        Ok(viewer) if viewer.is_anybody() => Err(Box::new(see_other("/sign-on"))),
        _ => viewer_who_may(app, parts, ACTION),
    }
}

/// What the crew sees now. That they look at a job is recorded before it is shown: at each opening
/// of the page, and when another job comes to it.
async fn now(
    app: &Arc<App>,
    viewer: &Viewer,
    mine: &unit::Mine,
    opening: bool,
) -> Result<(OfficerView, Markup, u64), Problem> {
    let (state, at) = (app.room.view(), app.room.now());
    let unit = state.unit_or_refuse(&mine.call_sign)?;
    let view = officer(&state, unit, &viewer.by.staff, at);
    if let Some(job) = &view.job
        && (opening || !app.jobs_opened.is(&viewer.by.staff, job.incident))
    {
        let why = why(mine)?;
        audit::record(app, viewer, &format!("incident {}", job.incident), why).await?;
        app.jobs_opened.put(&viewer.by.staff, job.incident);
    }
    let markup = job::now(app, viewer, &view);
    Ok((view, markup, state.seq))
}

fn why(mine: &unit::Mine) -> Result<Why, Problem> {
    if mine.on_crew {
        return Ok(Why::Handling);
    }
    let words = format!("attending with {}, whose crew is not known", mine.call_sign);
    Reason::parse(&words).map(Why::Said).map_err(Problem::invalid)
}

/// Says whether the phone may keep it.
fn kept(app: &App, keep: bool, mut response: Response) -> Response {
    let may = keep && app.room.view().policy.officer.offline_copy;
    let words = HeaderValue::from_static(if may { "yes" } else { "no" });
    response.headers_mut().insert(KEEP, words);
    response
}

/// The worker of the page: it may look after `/officer` and nothing else.
async fn worker() -> Response {
    let mut response = include_str!("../../assets/officer-sw.js").into_response();
    let script = HeaderValue::from_static("text/javascript; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, script);
    response
}

/// The four digits that people say.
fn short(n: IncidentNumber) -> String {
    format!("{:04}", n.n)
}
