//! Taking a call, from the ring to hanging up: one page, no dialogs, every deed a form. What is
//! said goes to dispatch line by line; what the handler types in is never touched by a refresh.

mod ask; //    questions that earlier answers bring up
mod assess; // THRIVE and the grade
mod banner; // who rings, and what is known already
mod ending; // what the informant was told, and the end of the call
mod intake; // where, who, what
mod known; //  markers, messages, and one for an officer
mod mine; //   the calls, and the keys that take a new one
mod side; //   SOP and dispatch
mod silent; // somebody who cannot speak

use super::form::Fields;
use super::frame::{Page, Viewer, plain, whole};
use super::{Shared, problem_page, viewer_who_may};
use crate::App;
use crate::api::audit::{self, Why};
use crate::lang::{Say, t};
use crate::problem::{Kind, Problem};
use axum::extract::{Path, Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::Uri;
use http::request::Parts;
use maud::{Markup, html};
use room::Act;
use rules::command::OpenSop;
use rules::contact::Contact;
use rules::name::{ContactId, IncidentNumber, Reason, Words};
use rules::state::State as Room;
use rules::time::Instant;
use rules::views::log::{LogView, log_view};
use std::sync::Arc;

pub(super) use mine::{page as calls, part as calls_part};

/// A call as the page shows it.
struct Call {
    contact: Contact,
    /// The log that is being written; none before there is one.
    log: Option<LogView>,
    state: Arc<Room>,
    now: Instant,
    /// The code that a further log of the call is to have, where that is known.
    code: Option<String>,
    /// Whether the caller cannot speak.
    silent: bool,
    /// Whether the person at this screen takes it, so that its parts refresh.
    mine: bool,
}

impl Call {
    /// The page's own address.
    fn address(&self) -> String {
        match &self.log {
            Some(log) => format!("/calls/{}?log={}{}", self.contact.id, log.number, self.mode()),
            None => format!("/calls/{}?log=new{}", self.contact.id, self.mode()),
        }
    }

    fn mode(&self) -> &'static str {
        if self.silent { "&silent=1" } else { "" }
    }

    fn part(&self, part: &str) -> String {
        let log = self.log.as_ref().map_or("new".to_owned(), |log| log.number.to_string());
        format!("/calls/{}/parts/{part}?log={log}{}", self.contact.id, self.mode())
    }

    /// What changes a part of the page.
    fn topics(&self) -> String {
        let log =
            self.log.as_ref().map_or(String::new(), |log| format!(" incident:{}", log.number));
        format!("contact:{}{log}", self.contact.id)
    }
}

/// A part that refreshes itself.
fn live(call: &Call, part: &str, topics: &str, inner: &Markup) -> Markup {
    html! {
        section id={ "part-" (part) } class={ "box box-" (part) } data-part
            data-live=[call.mine.then_some(topics)] aria-labelledby={ (part) "-h" }
            data-from=[call.mine.then(|| call.part(part))] { (inner) }
    }
}

/// A heading with the key that leads to it.
fn heading(part: &str, words: &str, key: &str) -> Markup {
    html! { h2 id={ (part) "-h" } { (words) @if !key.is_empty() { " " kbd { (key) } } } }
}

/// What every form of the page sends besides its own fields.
fn of_log(call: &Call, log: &LogView) -> Markup {
    html! {
        input type="hidden" name="incident" value=(log.number);
        input type="hidden" name="deed-back" value=(call.address());
    }
}

fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or("");
    form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, v)| v.into_owned())
}

/// The call that an address names.
fn find(app: &App, viewer: &Viewer, contact: &str, uri: &Uri) -> Result<Call, Problem> {
    let gone = || {
        Problem::not_found("this call is not at hand: look at your calls, or look it up in history")
    };
    let id = contact.parse().map(ContactId).map_err(|_| gone())?;
    let (state, now) = (app.room.view(), app.room.now());
    let contact = state.contacts.get(&id).cloned().ok_or_else(gone)?;
    let open = |n: &IncidentNumber| state.incident(*n).filter(|log| log.closed.is_none());
    let log = match asked(uri, "log").as_deref() {
        Some("new") => None,
        Some(text) => {
            let n = IncidentNumber::parse(text).map_err(Problem::not_found)?;
            if !contact.incidents.contains(&n) {
                return Err(Problem::not_found(format!(
                    "log {n} does not belong to this call: open it from the board"
                )));
            }
            open(&n)
        }
        None => contact.incidents.iter().rev().find_map(open),
    };
    let log = log.map(|log| log_view(&state, log, now, Some(&viewer.by.staff)));
    let code = asked(uri, "code");
    let silent = asked(uri, "silent").is_some();
    let mine = is_mine(&contact, log.as_ref(), &state, viewer);
    Ok(Call { contact, log, state, now, code, silent, mine })
}

/// Whether this person takes the call, or handles the log it made.
fn is_mine(contact: &Contact, log: Option<&LogView>, state: &Room, viewer: &Viewer) -> bool {
    let log = log.and_then(|log| state.incident(log.number));
    contact.taken_by.staff == viewer.by.staff
        || log.is_some_and(|log| audit::handles(state, log, viewer))
}

/// Answers `GET /calls/{contact}`.
pub(super) async fn page(
    State(Shared(app)): State<Shared>,
    Path(contact): Path<String>,
    parts: Parts,
) -> Response {
    match viewer_who_may(&app, &parts, "view_contact") {
        Ok(viewer) => show(&app, &viewer, &contact, &parts.uri, None).await,
        Err(instead) => *instead,
    }
}

/// The same, with the purpose of somebody who does not take the call.
pub(super) async fn page_for_a_purpose(
    State(Shared(app)): State<Shared>,
    Path(contact): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_contact") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match Fields::read(&parts.headers, body, app.config.limits.body_bytes).await {
        Ok(fields) => {
            let purpose = fields.get("purpose").map(str::trim);
            show(&app, &viewer, &contact, &parts.uri, purpose).await
        }
        Err(problem) => problem_page(&app, problem),
    }
}

async fn show(
    app: &Arc<App>,
    viewer: &Viewer,
    contact: &str,
    uri: &Uri,
    purpose: Option<&str>,
) -> Response {
    let say = viewer.say("call");
    match read(app, viewer, contact, uri, purpose).await {
        Ok((call, earlier)) => {
            let main = all(app, viewer, &call, &earlier);
            let title = t!(say, "call-title", number = call.contact.id.to_string());
            let seq = Some(call.state.seq);
            let (css, js) = (&["call.css"][..], &["call.js", "copy.js"][..]);
            whole(app, Some(viewer), &Page { name: "call", title, css, js, main, seq })
        }
        Err(problem) if problem.kind == Kind::Purpose => {
            let main = html! {
                h1 { (t!(say, "call-why")) }
                p { (t!(say, "call-why-text")) }
                form.sign-on method="post"
                    action=(uri.path_and_query().map_or("", |p| p.as_str())) {
                    label for="purpose" { (t!(say, "call-why-label")) }
                    input #purpose name="purpose" required maxlength="500" autocomplete="off";
                    button type="submit" { (t!(say, "call-why-show")) }
                }
            };
            let mut response = whole(app, Some(viewer), &plain("call", t!(say, "call-why"), main));
            *response.status_mut() = problem.kind.status();
            response
        }
        Err(problem) => problem_page(app, problem),
    }
}

/// The call, once the look at it has been recorded; with what history has about its number.
async fn read(
    app: &Arc<App>,
    viewer: &Viewer,
    contact: &str,
    uri: &Uri,
    purpose: Option<&str>,
) -> Result<(Call, banner::Earlier), Problem> {
    let call = find(app, viewer, contact, uri)?;
    let why = || match purpose {
        Some(text) => Reason::parse(text).map(Why::Said).map_err(Problem::invalid),
        None if call.mine => Ok(Why::Handling),
        None => Err(Problem::new(Kind::Purpose, "say why you look")),
    };
    audit::record(app, viewer, &format!("contact {}", call.contact.id), why()?).await?;
    if let Some(log) = &call.log {
        audit::record(app, viewer, &format!("incident {}", log.number), why()?).await?;
        // The SOP is open on this screen: that is what the page shows.
        if !log.sop_opened && call.mine && viewer.may("open_sop") {
            let act = Act::new(viewer.by.clone(), OpenSop { incident: log.number });
            app.room.act(act).await?;
        }
    }
    let earlier = banner::earlier(app, viewer, &call, why()?).await?;
    let call = find(app, viewer, contact, uri)?;
    banner::related_recorded(app, viewer, &call, why()?).await?;
    known::recorded(app, viewer, &call, why()?).await?;
    Ok((call, earlier))
}

/// Answers `GET /calls/{contact}/parts/{part}`: one part alone, when something has changed. The
/// look was recorded when the page was opened by the person who takes the call.
pub(super) async fn part(
    State(Shared(app)): State<Shared>,
    Path((contact, part)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_contact") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let call = match find(&app, &viewer, &contact, &parts.uri) {
        Ok(call) => call,
        Err(problem) => return problem.into_response(),
    };
    if !call.mine {
        return Problem::new(Kind::Purpose, "say why you look: load the page again")
            .into_response();
    }
    if part == "related"
        && let Err(problem) = banner::related_recorded(&app, &viewer, &call, Why::Handling).await
    {
        return problem.into_response();
    }
    if part == "known"
        && let Err(problem) = known::recorded(&app, &viewer, &call, Why::Handling).await
    {
        return problem.into_response();
    }
    let say = viewer.say("call");
    let markup = match part.as_str() {
        "age" => banner::age(&call, say),
        "related" => banner::related_logs(&call, say),
        "known" => known::part(&call, say),
        "lines" => intake::lines(&call, say),
        "code" => intake::code(&call, &viewer, say),
        "ask" => ask::part(&call, &viewer, say),
        "suggest" => assess::suggestion(&call, say),
        "assessed" => assess::assessed(&call, say),
        "sop" => side::sop(&call, &viewer, say),
        "dispatch" => side::dispatch(&call, &viewer, say),
        "end" => ending::part(&call, &viewer, say),
        "silent" => silent::part(&call, say),
        _ => {
            return Problem::not_found("there is no such part: load the page again")
                .into_response();
        }
    };
    Html(markup.into_string()).into_response()
}

/// Answers `POST /calls/code-help`: the codes that fit what is being typed.
pub(super) async fn code_help(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_code_help") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match Fields::read(&parts.headers, body, app.config.limits.body_bytes).await {
        Ok(fields) => {
            let words = Words::parse(fields.get("words").unwrap_or("")).ok();
            let policy = &app.room.view().policy;
            let fits = words.map(|words| rules::views::code_help::code_help(policy, &words, None));
            let say = viewer.say("call");
            Html(intake::fits(fits.as_ref(), policy, say).into_string()).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

fn all(app: &App, viewer: &Viewer, call: &Call, earlier: &banner::Earlier) -> Markup {
    let say = viewer.say("call");
    html! {
        (banner::banner(call, earlier, say))
        (known::part(call, say))
        (super::faults::on_contact(&call.state, call.contact.id, call.now, viewer))
        @if call.silent { (silent::part(call, say)) }
        div.call-grid {
            div.call-left {
                (intake::whereabouts(app, viewer, call, say))
                (intake::who(app, viewer, call, say))
                (banner::related_logs(call, say))
                (banner::earlier_list(earlier, call, say))
                (known::message(call, viewer, say))
            }
            div.call-mid {
                (intake::what(app, viewer, call, say))
                (ask::part(call, viewer, say))
                (assess::thrive(app, viewer, call, say))
            }
            div.call-right {
                (assess::grade(call, say))
                (side::sop(call, viewer, say))
                (side::dispatch(call, viewer, say))
                (ending::tell(app, viewer, call, say))
                (ending::part(call, viewer, say))
            }
        }
    }
}

/// A note that something waits for the log.
fn after_first_line(say: Say) -> Markup {
    html! { p.dim { (t!(say, "call-after-first-line")) } }
}
