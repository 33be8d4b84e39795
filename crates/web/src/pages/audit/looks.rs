//! Who looked at what, and why.

use super::super::form::{self, Fields};
use super::super::frame::Viewer;
use super::super::words::clock;
use super::super::{Shared, problem_page, viewer_who_may};
use super::{field, moment, show, words};
use crate::App;
use crate::api::audit::Why;
use crate::api::show::looks;
use crate::api::view::query::Audit;
use crate::lang::{Say, t};
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use room::{Look, Looks};
use rules::name::{IncidentNumber, Reason, StaffId};
use rules::policy::Policy;
use rules::time::Span;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many looks a page has.
const PAGE: u64 = 100;
/// So many people are counted.
const COUNTED: usize = 12;

/// What the form holds, as it was typed.
#[derive(Clone, Default)]
struct Asked {
    purpose: String,
    staff: String,
    incident: String,
    words: String,
    from: String,
    to: String,
    before: String,
}

impl Asked {
    fn of(fields: Vec<(String, String)>) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in fields {
            let value = value.trim().to_owned();
            match name.as_str() {
                "purpose" => asked.purpose = value,
                "staff" => asked.staff = value,
                "incident" => asked.incident = value,
                "words" => asked.words = value,
                "from" => asked.from = value,
                "to" => asked.to = value,
                "before" => asked.before = value,
                _ => {}
            }
        }
        asked
    }

    fn query(&self, policy: &Policy) -> Result<Audit, Problem> {
        let time = |text: &str| match text {
            "" => Ok(None),
            text => moment(text, policy).map(Some).ok_or_else(|| {
                let detail = "a time is not one: give day and time, such as 2026-11-21T23:05:02";
                Problem::invalid(detail)
            }),
        };
        let whole = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        // A second that is named is meant whole.
        let to = time(&self.to)?.map(|at| at + Span(999));
        Ok(Audit {
            after: None,
            before: Some(self.before.parse().unwrap_or(u64::MAX)),
            limit: Some(PAGE),
            staff: whole(&self.staff)
                .map(|text| StaffId::parse(&text))
                .transpose()
                .map_err(Problem::invalid)?,
            incident: whole(&self.incident)
                .map(|text| IncidentNumber::parse(&text))
                .transpose()
                .map_err(Problem::invalid)?,
            words: whole(&self.words),
            from: time(&self.from)?,
            to,
        })
    }
}

/// Answers `GET /audit`: nothing is shown before somebody says why.
pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, "view_audit") {
        Ok(viewer) => drawn(&app, &viewer, &Asked::default(), None),
        Err(instead) => *instead,
    }
}

/// Answers `POST /audit`. What was looked for is no part of an address.
pub(super) async fn found(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_audit") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let asked = match Fields::read(&parts.headers, body, form::SHORT).await {
        Ok(fields) => Asked::of(fields.all()),
        Err(problem) => return problem_page(&app, problem),
    };
    let found = look(&app, &viewer, &asked).await;
    let status = found.as_ref().err().map(|problem| problem.kind.status());
    let mut response = drawn(&app, &viewer, &asked, Some(found));
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    response
}

async fn look(app: &Arc<App>, viewer: &Viewer, asked: &Asked) -> Result<Looks, Problem> {
    if asked.purpose.is_empty() {
        return Err(Problem::invalid("say why you look: it is recorded with your name"));
    }
    let why = Why::Said(Reason::parse(&asked.purpose).map_err(Problem::invalid)?);
    let query = asked.query(&app.room.view().policy)?;
    looks::found(app, viewer, why, query).await
}

fn drawn(
    app: &App,
    viewer: &Viewer,
    asked: &Asked,
    found: Option<Result<Looks, Problem>>,
) -> Response {
    let say = words(viewer);
    let policy = app.room.view().policy.clone();
    let main = html! {
        h1 { (t!(say, "audit-title")) }
        @if let Some(Err(problem)) = &found { p.error role="alert" { (problem.detail) } }
        (form(asked, say))
        @if let Some(Ok(looks)) = &found { (results(asked, looks, &policy, say)) }
        @if viewer.may("view_replay") { (super::replay::form("", say)) }
    };
    show(app, viewer, t!(say, "audit-title"), main)
}

fn form(asked: &Asked, say: Say) -> Markup {
    html! {
        form.audit-form method="post" action="/audit" {
            div.why { (field("purpose", &t!(say, "audit-purpose"), html! {
                input #purpose name="purpose" value=(asked.purpose) required maxlength="500"
                    autocomplete="off" data-key="Alt+1" aria-describedby="purpose-hint";
                p.meta #purpose-hint { (t!(say, "audit-purpose-hint")) }
            })) }
            fieldset {
                legend { (t!(say, "audit-which")) }
                (field("staff", &t!(say, "audit-staff"), html! {
                    input #staff name="staff" value=(asked.staff) maxlength="32" autocomplete="off"
                        spellcheck="false";
                }))
                (field("incident", &t!(say, "audit-incident"), html! {
                    input #incident name="incident" value=(asked.incident) maxlength="16"
                        autocomplete="off" spellcheck="false" placeholder="20261121-0042";
                }))
                (field("words", &t!(say, "audit-words"), html! {
                    input #words name="words" value=(asked.words) maxlength="200"
                        autocomplete="off";
                }))
                (field("from", &t!(say, "audit-from"), html! {
                    input #from name="from" type="datetime-local" step="1" value=(asked.from);
                }))
                (field("to", &t!(say, "audit-to"), html! {
                    input #to name="to" type="datetime-local" step="1" value=(asked.to);
                }))
            }
            button type="submit" { (t!(say, "audit-look")) }
        }
    }
}

fn results(asked: &Asked, found: &Looks, policy: &Policy, say: Say) -> Markup {
    html! {
        section aria-labelledby="found" {
            h2 #found tabindex="-1" { (t!(say, "audit-found", n = found.looks.len())) }
            @if found.looks.is_empty() { p { (t!(say, "audit-none", n = found.read)) } }
            @else { (people(&found.looks, say)) (table(&found.looks, policy, say)) }
            @match found.next {
                Some(next) => {
                    p.meta {
                        @if let Some(at) = found.read_to {
                            (t!(say, "audit-back-to", n = found.read, at = clock(at, policy)))
                        }
                    }
                    (older(asked, next, say))
                }
                None => { p.meta { (t!(say, "audit-end")) } }
            }
        }
    }
}

/// The same question about what is older: asked again with its purpose, and recorded again.
fn older(asked: &Asked, before: u64, say: Say) -> Markup {
    let fields = [
        ("purpose", &asked.purpose),
        ("staff", &asked.staff),
        ("incident", &asked.incident),
        ("words", &asked.words),
        ("from", &asked.from),
        ("to", &asked.to),
    ];
    html! {
        form method="post" action="/audit" {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="before" value=(before);
            button type="submit" data-key="Alt+2" { (t!(say, "audit-older")) }
        }
    }
}

/// Who looked most, among those shown: where to look closer.
fn people(looks: &[Look], say: Say) -> Markup {
    let mut by: BTreeMap<&StaffId, usize> = BTreeMap::new();
    looks.iter().for_each(|look| *by.entry(&look.by.staff).or_default() += 1);
    let mut by: Vec<(&StaffId, usize)> = by.into_iter().collect();
    by.sort_by_key(|(staff, n)| (Reverse(*n), *staff));
    html! {
        p.counted {
            (t!(say, "audit-by-person")) " "
            @for (staff, n) in by.iter().take(COUNTED) { span.counted-one { (staff) " " (n) } " " }
            @if by.len() > COUNTED { (t!(say, "audit-more-people", n = by.len() - COUNTED)) }
        }
    }
}

fn table(looks: &[Look], policy: &Policy, say: Say) -> Markup {
    html! {
        table.looks #looks {
            thead { tr {
                th scope="col" { (t!(say, "audit-when")) }
                th scope="col" { (t!(say, "audit-who")) }
                th scope="col" { (t!(say, "audit-what")) }
                th scope="col" { (t!(say, "audit-why")) }
            } }
            tbody { @for look in looks { tr {
                td { (clock(look.at, policy)) " " small { "#" (look.number) } }
                td { (look.by.staff) " " small { (look.by.role.words()) } }
                td { (look.what) }
                td { (look.purpose) }
            } } }
        }
    }
}
