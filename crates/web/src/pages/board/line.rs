//! The command line on the page: what is written goes to the same function as the API's.

use super::super::deed::signed_on;
use super::super::form::{self, accepts_json};
use super::super::frame::{Viewer, plain, whole};
use super::super::words::clock;
use super::super::{Shared, drafts, problem_page};
use super::reach;
use crate::App;
use crate::api::audit::Why;
use crate::api::show::records::searched;
use crate::caller::allow;
use crate::lang::{Say, t};
use crate::line::{self, Ran};
use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rules::line::{Choice, Desk, Suggestion, View, keys, short, suggestions};
use rules::name::{IncidentNumber, Reason};
use rules::state::State as Room;
use rules::views::units::unit_row;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// The name under which what is being typed is kept.
const DRAFT: &str = "line";
/// So many records are shown of what was found.
const FOUND: u32 = 20;

/// Whether this person has a command line.
pub(super) fn may_write(viewer: &Viewer) -> bool {
    viewer.may("command_line") && !viewer.is_anybody()
}

/// The command line itself.
pub(super) fn form(app: &App, viewer: &Viewer, selected: Option<IncidentNumber>) -> Markup {
    let say = viewer.say("board");
    html! {
        section #console.console aria-label=(t!(say, "board-line")) {
            section #shown.shown aria-label=(t!(say, "board-shown")) tabindex="-1" hidden {}
            ul #suggestions role="listbox" aria-label=(t!(say, "board-suggestions")) hidden {}
            form #line method="post" action="/line" {
                label for="command" { (t!(say, "board-command")) }
                input #command name="line" role="combobox" aria-autocomplete="list"
                    aria-expanded="false" aria-controls="suggestions" aria-describedby="why"
                    autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="4000"
                    data-draft=(DRAFT) data-key="/ Alt+0" hx-post="/fragments/opinion"
                    hx-trigger="input changed delay:500ms" hx-target="#opinion-line"
                    hx-swap="innerHTML"
                    value=(drafts::of(app, viewer, DRAFT));
                input #selected type="hidden" name="selected" value=[selected];
                button type="submit" { (t!(say, "board-run")) }
                output #why for="selected" {}
            }
            p.opinion #opinion-line role="status" {}
        }
    }
}

/// What a line did, for the page's script.
#[derive(Serialize)]
struct Answered {
    /// One line for the person, with its receipt.
    says: String,
    /// The lines to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choose: Vec<Choice>,
    /// What is to be shown under it.
    #[serde(skip_serializing_if = "String::is_empty")]
    html: String,
    /// The log that is to be selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<IncidentNumber>,
    /// A page to go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    go: Option<String>,
}

impl Answered {
    fn says(says: String) -> Answered {
        Answered { says, choose: Vec::new(), html: String::new(), select: None, go: None }
    }
}

/// A form's fields that this module reads.
struct Fields {
    line: String,
    selected: Option<IncidentNumber>,
    id: Option<Uuid>,
}

async fn fields(app: &App, request: Request) -> Result<(Viewer, Fields), Problem> {
    let (parts, body) = request.into_parts();
    let viewer = signed_on(app, &parts.headers)?;
    app.gates.token(&viewer.token)?;
    let most = app.config.limits.body_bytes;
    let all = form::Fields::read(&parts.headers, body, most).await?;
    let field = |name: &str| all.get(name).unwrap_or("");
    let selected = match field("selected").trim() {
        "" => None,
        text => Some(IncidentNumber::parse(text).map_err(Problem::invalid)?),
    };
    let id = match field("deed-id") {
        "" => None,
        text => Some(
            Uuid::parse_str(text)
                .map_err(|_| Problem::invalid("load the page again: its form has no id"))?,
        ),
    };
    let fields = Fields { line: field("line").to_owned(), selected, id };
    Ok((viewer, fields))
}

/// Answers `POST /line`.
pub(in crate::pages) async fn run(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let wanted_json = accepts_json(request.headers());
    let (viewer, fields) = match fields(&app, request).await {
        Ok(read) => read,
        Err(problem) if wanted_json => return problem.into_response(),
        Err(problem) => return problem_page(&app, problem),
    };
    match answered(&app, &viewer, &fields).await {
        Ok(answered) if wanted_json => axum::Json(answered).into_response(),
        Ok(answered) => page(&app, &viewer, &fields, &answered),
        Err(problem) if wanted_json => problem.into_response(),
        Err(problem) => problem_page(&app, problem),
    }
}

async fn answered(app: &Arc<App>, viewer: &Viewer, fields: &Fields) -> Result<Answered, Problem> {
    let id = fields.id.unwrap_or_else(Uuid::now_v7);
    let ran = line::run(app, viewer, fields.selected, &fields.line, id).await?;
    let say = viewer.say("board");
    match ran.show {
        Some(view) => shown(app, viewer, fields, view).await,
        None => Ok(Answered { choose: ran.choose.clone(), ..Answered::says(receipt(say, &ran)) }),
    }
}

/// What was done, with the number under which it is kept.
fn receipt(say: Say, ran: &Ran) -> String {
    match ran.receipts.first() {
        Some(first) => {
            t!(say, "board-done", says = ran.says.as_str(), receipt = first.first_seq.to_string())
        }
        None => ran.says.clone(),
    }
}

async fn shown(
    app: &Arc<App>,
    viewer: &Viewer,
    fields: &Fields,
    view: View,
) -> Result<Answered, Problem> {
    let say = viewer.say("board");
    let s = app.room.view();
    let nothing = || Answered::says(String::new());
    let of_log = |n: IncidentNumber| Answered {
        select: Some(n),
        ..Answered::says(t!(say, "board-selected", n = short(&s, n)))
    };
    let answered = match view {
        View::Keys => Answered { html: key_sheet(say).into_string(), ..nothing() },
        View::Candidates { incident, .. } => {
            let log = s.incident(incident).ok_or_else(|| {
                Problem::not_found(t!(say, "board-closed-by-now", n = short(&s, incident)))
            })?;
            let html = reach::everyone(viewer, &s, log, app.room.now()).into_string();
            Answered { html, ..of_log(incident) }
        }
        View::Log { incident } if s.incident(incident).is_some() => of_log(incident),
        View::Log { incident } => {
            Answered { go: Some(format!("/incidents/{incident}")), ..nothing() }
        }
        View::Thrive { incident } => {
            Answered { go: Some(format!("/incidents/{incident}#panel-thrive")), ..nothing() }
        }
        View::Unit { call_sign } => {
            let unit = s.units.get(&call_sign).map(|u| unit_row(&s, u, app.room.now()));
            let unit = unit.ok_or_else(|| Problem::not_found(t!(say, "board-unit-gone")))?;
            Answered { html: unit_card(say, &s, &unit).into_string(), ..nothing() }
        }
        View::Map { incident, call_sign } => {
            let go = match (incident, call_sign) {
                (Some(n), _) => format!("/map?log={n}"),
                (None, Some(unit)) => format!("/map?unit={unit}"),
                (None, None) => "/map".to_owned(),
            };
            Answered { go: Some(go), ..nothing() }
        }
        View::Find { words } => Answered {
            html: found(app, viewer, fields.selected, words).await?.into_string(),
            ..nothing()
        },
    };
    Ok(answered)
}

fn key_sheet(say: Say) -> Markup {
    html! {
        h2 { (t!(say, "board-keys")) }
        table.keys {
            thead { tr {
                th scope="col" { (t!(say, "board-keys-write")) }
                th scope="col" { (t!(say, "board-keys-example")) }
                th scope="col" { (t!(say, "board-keys-means")) }
            } }
            tbody {
                @for key in keys() {
                    tr {
                        th scope="row" { kbd { (key.form) } }
                        td { (key.example) }
                        td { (key.means) }
                    }
                }
            }
        }
        p { (t!(say, "board-keys-page")) }
    }
}

fn unit_card(say: Say, s: &Room, unit: &rules::views::units::UnitRow) -> Markup {
    html! {
        h2 { (unit.call_sign) " " small { (unit.kind) } }
        p {
            strong { (unit.status) } " " (unit.status_label) ", " (unit.since_words) ". "
            (unit.position_words) "."
        }
        @if let Some(on) = unit.on {
            @let words = t!(say, "board-log-n", n = short(s, on));
            p { a href={ "/?log=" (on) } data-pick=(on) { (words) } }
        }
        p {
            @for thing in unit.skills.iter().chain(&unit.equipment) {
                span.chip.tag { (thing) } " "
            }
        }
    }
}

/// Looks for past contacts and logs. It is recorded with the log it was for before it is shown.
async fn found(
    app: &Arc<App>,
    viewer: &Viewer,
    selected: Option<IncidentNumber>,
    words: String,
) -> Result<Markup, Problem> {
    let say = viewer.say("board");
    let purpose = match selected {
        Some(n) => format!("command line, while working on log {n}"),
        None => "command line, with no log selected".to_owned(),
    };
    let why = Why::Said(Reason::parse(&purpose).map_err(Problem::invalid)?);
    let query =
        room::Query { words: Some(words.clone()), limit: Some(FOUND), ..room::Query::default() };
    let results = searched(app, viewer, why, query).await?;
    let policy = app.room.view().policy.clone();
    Ok(html! {
        h2 { (t!(say, "board-found", n = results.hits.len())) }
        p.meta { (t!(say, "board-found-recorded")) }
        ul.found {
            @for hit in &results.hits {
                li {
                    span.meta { (clock(hit.at, &policy)) } " "
                    @match (&hit.incident, hit.contact) {
                        (Some(n), _) => {
                            @let words = t!(say, "board-log-n", n = n.as_str());
                            a href={ "/incidents/" (n) } { (words) }
                        }
                        (None, Some(contact)) => {
                            (t!(say, "board-contact-n", n = contact.to_string()))
                        }
                        (None, None) => {}
                    }
                    @for part in [&hit.person, &hit.place].into_iter().flatten() { " · " (part) }
                    p { (hit.words) }
                }
            }
        }
        @if results.cursor.is_some() { p { (t!(say, "board-found-more")) } }
    })
}

/// The answer for a browser without a script.
fn page(app: &App, viewer: &Viewer, fields: &Fields, answered: &Answered) -> Response {
    if let Some(go) = &answered.go {
        return super::super::see_other(go);
    }
    if let Some(n) = answered.select.filter(|_| answered.html.is_empty()) {
        return super::super::see_other(&format!("/?log={n}"));
    }
    let say = viewer.say("board");
    let back = fields.selected.map_or_else(|| "/".to_owned(), |n| format!("/?log={n}"));
    let main = html! {
        h1 { (t!(say, "board-line")) }
        p { (answered.says) }
        @for choice in &answered.choose {
            form method="post" action="/line" {
                input type="hidden" name="selected" value=[fields.selected];
                @if choice.complete {
                    input type="hidden" name="line" value=(choice.line);
                } @else {
                    label { (t!(say, "board-command")) " "
                        input name="line" value=(choice.line) autocomplete="off"; }
                }
                button type="submit" { (choice.says) }
            }
        }
        (maud::PreEscaped(answered.html.as_str()))
        p { a href=(back) { (t!(say, "board-back")) } }
    };
    let page = plain("board", t!(say, "board-line"), main);
    whole(app, Some(viewer), &page)
}

/// Answers `POST /line/suggest` with what the text so far could become.
pub(in crate::pages) async fn suggest(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    match suggested(&app, request).await {
        Ok(all) => axum::Json(all).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn suggested(app: &App, request: Request) -> Result<Vec<Suggestion>, Problem> {
    let (viewer, fields) = fields(app, request).await?;
    allow(&viewer.by, "command_line")?;
    if fields.line.len() > 4_000 {
        return Err(Problem::new(Kind::TooLarge, "this line is too long: write less"));
    }
    let (state, now) = (app.room.view(), app.room.now());
    let desk = Desk { state: &state, now, by: &viewer.by, selected: fields.selected, last: None };
    Ok(suggestions(&fields.line, &desk))
}
