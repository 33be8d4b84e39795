//! Messages to a named officer: what waits for an answer, and one whole. In the list nobody who
//! left one is named; each look at one is recorded.

use super::form::Fields;
use super::frame::{Page, Viewer, whole};
use super::markers::{purpose_of, why};
use super::words::day_clock;
use super::{Shared, part, problem_page, viewer_who_may};
use crate::App;
use crate::api::audit;
use crate::api::show::known;
use crate::lang::{Say, t};
use crate::problem::{Kind, Problem};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::command::MessageAnswer;
use rules::name::{ContactId, MessageId};
use rules::policy::Policy;
use rules::state::State as Room;
use rules::views::messages::{MessageRow, MessageWhole, is_theirs, waiting};

/// No more rows than this.
const SHOWN_MAX: usize = 300;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/messages", get(page))
        .route("/messages/{message}", get(one_page).post(one_for_a_purpose))
        .route("/fragments/messages", get(fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_messages") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("messages");
    let title = t!(say, "messages-title");
    let main = html! {
        h1 { (title) }
        @if viewer.may("leave_message") && !viewer.is_anybody() {
            details.fold #leave {
                summary data-key="Alt+1" { (t!(say, "messages-leave")) " " kbd { "Alt+1" } }
                (leave_form(&app.room.view(), None, say))
            }
        }
        (list(&app, &viewer))
    };
    let seq = Some(app.room.view().seq);
    let css = &["admin.css", "lead.css"][..];
    whole(&app, Some(&viewer), &Page { name: "messages", title, css, js: &[], main, seq })
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_messages", list)
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let (state, now, say) = (app.room.view(), app.room.now(), viewer.say("messages"));
    let all = waiting(&state, now);
    let late = all.iter().filter(|row| row.hears_by <= now).count();
    html! {
        section #waiting-messages data-live="messages alarms duty" data-live-every="2000"
            data-from="/fragments/messages" data-again="60" {
            p role="status" { (t!(say, "messages-waiting", n = all.len(), late = late)) }
            ul.diary { @for row in all.iter().take(SHOWN_MAX) {
                li data-waiting[row.hears_by <= now] {
                    span.count.late[row.hears_by <= now] { (row.countdown) } " "
                    a href={ "/messages/" (row.message) }
                        { (t!(say, "messages-number", n = row.message.to_string())) }
                    " " (of_row(row, &state.policy, say))
                    @if is_theirs(&state, row.message, &viewer.by) {
                        " " strong.ask { (t!(say, "messages-yours")) }
                    }
                }
            } }
            @if all.len() > SHOWN_MAX {
                p { (t!(say, "messages-more", n = all.len() - SHOWN_MAX)) }
            }
        }
    }
}

fn of_row(row: &MessageRow, policy: &Policy, say: Say) -> Markup {
    html! {
        (t!(say, "messages-for", to = row.to.as_str(), at = day_clock(row.at, policy),
            by = day_clock(row.hears_by, policy)))
        " "
        @if !row.here && row.done_at.is_none() { strong { (t!(say, "messages-away")) } " " }
        @if let Some(owner) = &row.owner { (t!(say, "messages-owner", who = owner.to_string())) }
        @if row.n_tried > 0 { " " (t!(say, "messages-tried", n = row.n_tried)) }
    }
}

/// The form that leaves a message, on the page of messages or beside a call.
pub(super) fn leave_form(state: &Room, contact: Option<ContactId>, say: Say) -> Markup {
    let known: Vec<String> = state
        .directory
        .keys()
        .chain(state.staff.keys())
        .map(ToString::to_string)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .take(SHOWN_MAX)
        .collect();
    let back = contact.map_or("/messages".to_owned(), |id| format!("/calls/{id}"));
    html! {
        form.entry #leave-message method="post" action="/do/leave_message" data-do
            data-go=[contact.is_none().then_some("/messages/{message}")] data-clears {
            input type="hidden" name="deed-back" value=(back);
            @if let Some(id) = contact { input type="hidden" name="contact" value=(id); }
            label for="message-to" { (t!(say, "messages-to")) }
            input #message-to name="to" type="text" required maxlength="32" autocomplete="off"
                list="message-staff";
            datalist #message-staff { @for who in &known { option value=(who) {} } }
            label for="message-words" { (t!(say, "messages-words")) }
            textarea #message-words name="words" required rows="3" maxlength="8000" {}
            label for="message-name" { (t!(say, "messages-name")) }
            input #message-name name="name" type="text" maxlength="120" autocomplete="off";
            label for="message-line" { (t!(say, "messages-line")) }
            input #message-line name="line" type="text" inputmode="tel" maxlength="200"
                required[contact.is_none()] autocomplete="off";
            label for="message-safe" { (t!(say, "messages-safe")) }
            select #message-safe name="safe_to_contact" {
                option value="" { (t!(say, "messages-safe-not-asked")) }
                option value="yes" { (t!(say, "messages-safe-yes")) }
                option value="no" { (t!(say, "messages-safe-no")) }
            }
            label for="message-by" { (t!(say, "messages-hears-by")) }
            input #message-by name="hears_by.on" type="datetime-local";
            p.dim {
                (t!(say, "messages-hears-help", within = state.policy.message.hears_within.words()))
            }
            label for="message-no-log" { (t!(say, "messages-no-log")) }
            input #message-no-log name="no_log_because" type="text" maxlength="500"
                autocomplete="off";
            button type="submit" { (t!(say, "messages-leave")) }
        }
    }
}

async fn one_page(
    State(Shared(app)): State<Shared>,
    Path(message): Path<String>,
    parts: Parts,
) -> Response {
    match viewer_who_may(&app, &parts, "view_messages") {
        Ok(viewer) => one(&app, &viewer, &message, None).await,
        Err(instead) => *instead,
    }
}

async fn one_for_a_purpose(
    State(Shared(app)): State<Shared>,
    Path(message): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_messages") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match Fields::read(&parts.headers, body, app.config.limits.body_bytes).await {
        Ok(fields) => one(&app, &viewer, &message, fields.get("purpose").map(str::trim)).await,
        Err(problem) => problem_page(&app, problem),
    }
}

async fn one(app: &App, viewer: &Viewer, message: &str, purpose: Option<&str>) -> Response {
    let say = viewer.say("messages");
    match read(app, viewer, message, purpose).await {
        Ok(view) => {
            let state = app.room.view();
            let title = t!(say, "messages-number", n = view.row.message.to_string());
            let main = html! {
                h1 { (title) }
                p { (of_row(&view.row, &state.policy, say)) }
                (whole_message(&view, &state.policy, say))
                @if view.row.done_at.is_none() && viewer.may("answer_message")
                    && !viewer.is_anybody() { (answer_form(view.row.message, say)) }
            };
            let (seq, css) = (Some(state.seq), &["admin.css", "lead.css"][..]);
            whole(app, Some(viewer), &Page { name: "messages", title, css, js: &[], main, seq })
        }
        Err(problem) if problem.kind == Kind::Purpose => {
            why(app, viewer, &format!("/messages/{message}"), &problem)
        }
        Err(problem) => problem_page(app, problem),
    }
}

async fn read(
    app: &App,
    viewer: &Viewer,
    message: &str,
    purpose: Option<&str>,
) -> Result<MessageWhole, Problem> {
    let id = message.parse().map(MessageId).map_err(|_| {
        Problem::not_found("there is no such message: look at the list of those that wait")
    })?;
    let state = app.room.view();
    let view = known::one_message(&state, id, app)?;
    let why = purpose_of(purpose, is_theirs(&state, id, &viewer.by))?;
    audit::record(app, viewer, &format!("message {id}"), why).await?;
    Ok(view)
}

fn whole_message(m: &MessageWhole, policy: &Policy, say: Say) -> Markup {
    let safe = match m.safe_to_contact {
        Some(true) => t!(say, "messages-safe-yes"),
        Some(false) => t!(say, "messages-safe-no"),
        None => t!(say, "messages-safe-not-asked"),
    };
    html! {
        blockquote { (m.words) }
        dl.facts {
            dt { (t!(say, "messages-name")) }
            dd { @match &m.name { Some(name) => (name), None => "-" } }
            dt { (t!(say, "messages-line")) }
            dd { @match &m.line { Some(line) => (line), None => "-" } }
            dt { (t!(say, "messages-safe")) }
            dd { @if m.safe_to_contact == Some(false) { strong.late { (safe) } } @else { (safe) } }
            dt { (t!(say, "messages-taken")) }
            dd { (m.by.staff) ", " (m.by.role.words())
                @if let Some(id) = m.contact { " " a href={ "/calls/" (id) } { (id) } } }
            dt { (t!(say, "messages-cover")) }
            dd { (m.cover.words()) }
        }
        ol.history { @for tried in &m.tried {
            li {
                span.meta { (day_clock(tried.at, policy)) " " (tried.by.staff) } " "
                strong { @match tried.answer {
                    MessageAnswer::Spoken => (t!(say, "messages-spoken")),
                    MessageAnswer::NotReached => (t!(say, "messages-not-reached")),
                } }
                ": " (tried.words)
            }
        } }
    }
}

fn answer_form(id: MessageId, say: Say) -> Markup {
    html! {
        form.entry #answer-message method="post" action="/do/answer_message" data-do
            data-go={ "/messages/" (id) } {
            input type="hidden" name="message" value=(id);
            input type="hidden" name="deed-back" value={ "/messages/" (id) };
            label for="answer-what" { (t!(say, "messages-answer")) }
            select #answer-what name="answer" required {
                option value="" { (t!(say, "messages-choose")) }
                option value="spoken" { (t!(say, "messages-spoken")) }
                option value="not_reached" { (t!(say, "messages-not-reached")) }
            }
            label for="answer-words" { (t!(say, "messages-answer-words")) }
            textarea #answer-words name="words" required rows="3" maxlength="8000" {}
            button.primary type="submit" { (t!(say, "messages-record")) }
        }
    }
}
