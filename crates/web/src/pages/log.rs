//! One log, whole: its facts and parts beside what happened on it, line by line.

mod decision; // with its grounds
mod earlier; //  of the same number, place or person
mod export; //   the log as it is kept, with its hashes
mod opinion; //  fact or opinion?
mod timeline; // what happened

pub(super) use earlier::page as earlier;
pub(super) use export::export;
pub(super) use opinion::opinion;
pub(super) use timeline::more;

use super::form::{self, Fields};
use super::frame::{Page, Viewer, plain, whole};
use super::panels::{self, On};
use super::words::badge;
use super::{Shared, opened, problem_page, viewer_who_may};
use crate::App;
use crate::lang::{Say, t};
use crate::problem::Kind;
use axum::extract::{Path, Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, html};
use rules::views::countdown::age_words;
use std::sync::Arc;

pub(super) async fn page(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    parts: Parts,
) -> Response {
    let caller = match viewer_who_may(&app, &parts, "view_log") {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    show(&app, &caller, &incident, None).await
}

/// The same, with the purpose from the form that asked for one. It is never part of an address.
pub(super) async fn page_for_a_purpose(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let caller = match viewer_who_may(&app, &parts, "view_log") {
        Ok(caller) => caller,
        Err(instead) => return *instead,
    };
    match Fields::read(&parts.headers, body, form::SHORT).await {
        Ok(fields) => show(&app, &caller, &incident, fields.get("purpose")).await,
        Err(problem) => problem_page(&app, problem),
    }
}

async fn show(app: &Arc<App>, caller: &Viewer, incident: &str, purpose: Option<&str>) -> Response {
    let say = caller.say("log");
    let drawn = match opened::opens(app, caller, incident, purpose).await {
        Ok((state, incident)) => {
            let on = On::new(app, caller, &state, &incident);
            match timeline::read(&app.room, &state, incident.number, 0).await {
                Ok(lines) => Ok((whole_log(&on, &lines, say), on.log.number, state.seq)),
                Err(problem) => Err(problem),
            }
        }
        Err(problem) => Err(problem),
    };
    match drawn {
        Ok((main, number, seq)) => {
            let title = t!(say, "log-title", number = number.to_string());
            let page = Page {
                seq: Some(seq),
                css: &["panels.css", "log.css"],
                js: &["panels.js", "log.js", "copy.js"],
                ..plain("log", title, main)
            };
            whole(app, Some(caller), &page)
        }
        Err(problem) if problem.kind == Kind::Purpose => {
            let page = plain("log", t!(say, "log-why"), why_form(incident, say));
            let mut response = whole(app, Some(caller), &page);
            *response.status_mut() = problem.kind.status();
            response
        }
        Err(problem) => problem_page(app, problem),
    }
}

fn why_form(incident: &str, say: Say) -> Markup {
    html! {
        h1 { (t!(say, "log-why")) }
        p { (t!(say, "log-why-words")) }
        form.sign-on method="post" action={ "/incidents/" (incident) } {
            label for="purpose" { (t!(say, "log-why-reason")) }
            input #purpose name="purpose" required maxlength="500" autocomplete="off";
            button type="submit" { (t!(say, "log-why-show")) }
        }
    }
}

fn whole_log(on: &On<'_>, lines: &[rules::views::log::Line], say: Say) -> Markup {
    let is_sought = on.log.missing.is_some() || !on.log.missing_actions.is_empty();
    html! {
        (header(on))
        div.log-columns {
            div.log-work {
                (timeline::timeline(on, lines, say))
                @if on.may("add_entry") { (timeline::entry_form(on, say)) }
                @if on.may("record_decision") { (decision::form(on, say)) }
            }
            // What is to be done now, then what is known.
            div.log-parts.now {
                (panels::handling(on))
                (panels::questions(on))
                (panels::heard(on))
                (panels::owed(on))
                (panels::units(on))
                (panels::requests(on))
                @if is_sought { (panels::missing(on)) }
                (panels::work(on))
                (panels::sop(on))
                (panels::checks(on))
            }
            div.log-parts {
                (panels::facts(on))
                (panels::grade(on))
                (panels::thrive(on))
                (panels::told(on))
                @if on.log.crime.is_some() { (panels::crime(on)) }
                (panels::appointments(on))
                (panels::agencies(on))
                @if !is_sought { (panels::missing(on)) }
                (panels::fits(on))
                (panels::links(on))
                (panels::tags(on))
                (panels::closing(on))
            }
        }
        (export::form(on, say))
    }
}

/// Number, code, grade, how long it is open, owner, units and tags, always in sight.
fn header(on: &On<'_>) -> Markup {
    let say = on.viewer.say("log");
    let (log, facts) = (&on.log, &on.log.facts);
    html! {
        div.log-head #log-head data-live={ "incident:" (log.number) } data-live-every="1000"
            data-from={ "/incidents/" (log.number) "/head" } data-again="20" {
            h1 { (badge(facts.grade, &on.state.policy)) " " (log.number) " " (facts.code) }
            p {
                @if log.open {
                    (t!(say, "log-open-for", age = age_words(facts.opened_at, on.now)))
                } @else {
                    strong { (t!(say, "log-closed")) }
                }
            }
            p { (t!(say, "log-owner", owner = facts.owner_words.as_str())) }
            p {
                @for d in log.deployments.iter().filter(|d| d.left_at.is_none()) {
                    span.chip { (d.call_sign) } " "
                }
                @if log.open && !on.incident.is_resourced() {
                    span.late { (t!(say, "log-no-unit")) }
                }
            }
            @for of in log.clocks.iter().filter(|c| c.stopped_at.is_none() && log.open) {
                p { span.count.late[of.late] { (of.words) } }
            }
            p {
                @for marker in &log.markers { span.chip { (marker.marker) } " " }
                @for tag in &facts.tags { span.chip.tag { (tag) } " " }
            }
            @if !log.in_the_way.is_empty() {
                p { a href="#panel-closing" {
                    (t!(say, "log-outstanding", n = log.in_the_way.len()))
                } }
            }
        }
    }
}

/// Answers `GET /incidents/{incident}/head`.
pub(super) async fn head(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_log") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match opened::goes_on(&app, &viewer, &incident).await {
        Ok((state, incident)) => {
            let on = On::new(&app, &viewer, &state, &incident);
            Html(header(&on).into_string()).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}
