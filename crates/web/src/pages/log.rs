//! One log, to read.

use super::frame::{Page, Viewer, plain, whole};
use super::panels::{self, On};
use super::words::{badge, clock};
use super::{Shared, drafts, opened, problem_page, same_origin, sign_on, viewer_who_may};
use crate::App;
use crate::lang::t;
use crate::problem::Kind;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::Policy;
use rules::views::log::LogView;
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
    match opened::opens(app, caller, incident, purpose).await {
        Ok((state, incident)) => {
            let on = On::new(app, caller, &state, &incident);
            let main = html! {
                (whole_log(&on))
                @if on.may("add_entry") { (entry_form(app, caller, &on.log)) }
            };
            let title = t!(caller.say("log"), "log-title", number = on.log.number.to_string());
            let page = Page {
                seq: Some(state.seq),
                css: &["panels.css"],
                js: &["panels.js"],
                ..plain("log", title, main)
            };
            whole(app, Some(caller), &page)
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

fn whole_log(on: &On<'_>) -> Markup {
    let (log, policy) = (&on.log, &*on.state.policy);
    html! {
        p { a href="/" { "Open logs" } }
        h1 { "Log " (log.number) " " (badge(log.facts.grade, policy)) }
        (facts(log, policy))
        (panels::handling(on))
        (panels::owed(on))
        (panels::grade(on))
        (panels::thrive(on))
        (panels::questions(on))
        (panels::sop(on))
        (panels::checks(on))
        (panels::units(on))
        (panels::told(on))
        (panels::tags(on))
        (panels::links(on))
        (panels::closing(on))
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
