//! One log, to read.

use super::frame::{Page, Viewer, plain, whole};
use super::words::{badge, clock};
use super::{Shared, drafts, problem_page, same_origin, sign_on, viewer_who_may};
use crate::App;
use crate::api::audit::{self, Why};
use crate::api::show::any_log;
use crate::caller::Caller;
use crate::lang::t;
use crate::problem::{Kind, Problem};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::name::{IncidentNumber, Reason};
use rules::policy::Policy;
use rules::views::log::{LogView, log_view};
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
    let purpose = caller.is_anybody().then_some("demonstration: invented people");
    show(&app, &caller, &incident, purpose).await
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
    if let Err(problem) = same_origin(&parts.headers) {
        return problem_page(&app, problem);
    }
    let fields = match sign_on::fields(body, sign_on::SHORT_FORM).await {
        Ok(fields) => fields,
        Err(problem) => return problem_page(&app, problem),
    };
    let purpose = fields.iter().find(|(name, _)| name == "purpose").map(|(_, v)| v.as_str());
    show(&app, &caller, &incident, purpose).await
}

async fn show(app: &Arc<App>, caller: &Viewer, incident: &str, purpose: Option<&str>) -> Response {
    match read(app, caller, incident, purpose).await {
        Ok((log, policy, seq)) => {
            let main = html! {
                (whole_log(&log, &policy))
                @if log.open && caller.may("add_entry") && !caller.is_anybody() {
                    (entry_form(app, caller, &log))
                }
            };
            let title = t!(caller.say("log"), "log-title", number = log.number.to_string());
            whole(app, Some(caller), &Page { seq: Some(seq), ..plain("log", title, main) })
        }
        Err(problem) if problem.kind == Kind::Purpose => {
            let title = t!(caller.say("log"), "log-why");
            let mut response = whole(app, Some(caller), &plain("log", title, why_form(incident)));
            *response.status_mut() = problem.kind.status();
            response
        }
        Err(problem) => problem_page(app, problem),
    }
}

async fn read(
    app: &Arc<App>,
    caller: &Caller,
    incident: &str,
    purpose: Option<&str>,
) -> Result<(LogView, Arc<Policy>, u64), Problem> {
    let n = IncidentNumber::parse(incident).map_err(Problem::not_found)?;
    let (state, log) = any_log(app, n).await?;
    let why = match purpose {
        Some(text) => Why::Said(Reason::parse(text).map_err(Problem::invalid)?),
        None if audit::handles(&state, &log, caller) => Why::Handling,
        None => return Err(Problem::new(Kind::Purpose, "say why you look")),
    };
    audit::record(app, caller, &format!("incident {n}"), why).await?;
    let view = log_view(&state, &log, app.room.now(), Some(&caller.by.staff));
    Ok((view, state.policy.clone(), state.seq))
}

fn why_form(incident: &str) -> Markup {
    html! {
        h1 { "Say why you look" }
        p { "You do not handle this log. Your reason is recorded before it is shown." }
        form.sign-on method="post" action={ "/incidents/" (incident) } {
            label for="purpose" { "Reason" }
            input #purpose name="purpose" required maxlength="2000" autocomplete="off";
            button type="submit" { "Show the log" }
        }
    }
}

fn entry_form(app: &App, viewer: &Viewer, log: &LogView) -> Markup {
    let say = viewer.say("log");
    let key = format!("entry:{}", log.number);
    html! {
        form.entry method="post" action="/do/add_entry" data-do data-clears {
            input type="hidden" name="incident" value=(log.number);
            input type="hidden" name="deed-back" value={ "/incidents/" (log.number) };
            label for="entry" { (t!(say, "log-entry")) }
            textarea #entry name="text" required rows="3" data-draft=(key) data-key="Alt+3"
                { (drafts::of(app, viewer, &key)) }
            button type="submit" data-key="F12" { (t!(say, "log-entry-add")) }
        }
    }
}

fn whole_log(log: &LogView, policy: &Policy) -> Markup {
    html! {
        p { a href="/" { "Open logs" } }
        h1 { "Log " (log.number) " " (badge(log.facts.grade, policy)) }
        (facts(log, policy))
        @if !log.in_the_way.is_empty() {
            h2 { "In the way of closing" }
            ul { @for thing in &log.in_the_way { li { (thing) } } }
        }
        h2 { "Owed" }
        @if log.owed.is_empty() { p { "Nothing is owed." } }
        ul.owed { @for owed in &log.owed {
            li data-late[owed.late] {
                (owed.words) " - " (owed.owner_words) " "
                span.count.late[owed.late] { (owed.countdown) }
                " " small { (owed.why) }
            }
        } }
        h2 { "THRIVE" }
        @if log.thrive.is_empty() { p { "Not assessed yet." } }
        @for thrive in log.thrive.iter().rev() {
            h3 {
                "Version " (thrive.version) ", " (clock(thrive.at, policy)) ", " (thrive.by.staff)
            }
            dl { @for element in &thrive.elements {
                dt { (element.element) ": " (element.rating) }
                dd { (element.rationale) }
            } }
        }
        h2 { "Entries" }
        ol.entries { @for entry in &log.entries { (one_entry(entry, policy)) } }
    }
}

fn facts(log: &LogView, policy: &Policy) -> Markup {
    let facts = &log.facts;
    html! {
        dl.facts {
            dt { "State" }
            dd { @if log.open { "open" } @else { "closed" } }
            dt { "Opening code" }
            dd { (facts.code) }
            dt { "Opened" }
            dd { (clock(facts.opened_at, policy)) " by " (facts.opened_by.staff) }
            dt { "Owner" }
            dd { (facts.owner_words) }
            dt { "Place" }
            dd {
                @match &facts.location.words { Some(words) => { (words) } None => { "not known" } }
            }
            @for of in &log.clocks {
                dt { "Target" }
                dd { span.count.late[of.late] { (of.words) } }
            }
            dt { "Units" }
            dd { @for unit in &log.deployments { (unit.call_sign) " " } }
            @if let Some(closed) = &facts.closed {
                dt { "Closed" }
                dd { (closed.code) ", " (clock(closed.at, policy)) ": " (closed.result) }
            }
        }
        blockquote { (facts.words) }
        @for marker in &log.markers {
            p.marker { strong { (marker.marker) } " " (marker.text) }
        }
    }
}

fn one_entry(entry: &rules::views::log::EntryView, policy: &Policy) -> Markup {
    html! {
        li value=(entry.entry) data-critical[entry.critical] {
            p.meta {
                (clock(entry.recorded_at, policy)) " " (entry.by.staff)
                @if entry.entered_late { " (happened " (clock(entry.happened_at, policy)) ")" }
                @if entry.critical { " " strong { "critical" } }
            }
            @match &entry.struck {
                Some(struck) => {
                    p { s { (entry.text) } }
                    p.meta { "Struck by " (struck.by) ": " (struck.reason) }
                }
                None => p { (entry.text) }
            }
        }
    }
}
