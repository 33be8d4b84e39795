//! Markers of people, numbers and places: about which somebody is to be asked, found by whom they
//! are about, put, looked at again. In the list nobody is named; each look at one is recorded.

use super::form::Fields;
use super::frame::{Page, Viewer, plain, whole};
use super::words::day_clock;
use super::{Shared, part, problem_page, viewer_who_may};
use crate::App;
use crate::api::audit::{self, Why};
use crate::api::show::known;
use crate::api::view::query::Marked;
use crate::lang::{Say, t};
use crate::problem::{Kind, Problem};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::command::{MarkerAnswer, MarkerFacts};
use rules::name::{Line, MarkerId, PersonName, Place, Reason};
use rules::policy::Policy;
use rules::views::markers::{MarkerRow, MarkerWhole, Stands, to_be_asked};
use rules::views::owed::Owed;

/// No more rows than this.
const SHOWN_MAX: usize = 300;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/markers", get(page).post(find))
        .route("/markers/{marker}", get(one_page).post(one_for_a_purpose))
        .route("/fragments/markers", get(fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, "view_markers") {
        Ok(viewer) => draw(&app, &viewer, None),
        Err(instead) => *instead,
    }
}

/// Looks for markers by a number, a name or a place; recorded before anything is shown.
async fn find(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_markers") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let fields = match Fields::read(&parts.headers, body, app.config.limits.body_bytes).await {
        Ok(fields) => fields,
        Err(problem) => return problem_page(&app, problem),
    };
    let found = match asked(&fields) {
        Ok((asked, why)) => known::looked_up(&app, &viewer, &asked, &why).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(found) => draw(&app, &viewer, Some(&found)),
        Err(problem) => problem_page(&app, problem),
    }
}

fn asked(fields: &Fields) -> Result<(Marked, Why), Problem> {
    let text = |name: &str| fields.get(name).map(str::trim).filter(|text| !text.is_empty());
    let asked = Marked {
        line: text("line").map(Line::parse).transpose().map_err(Problem::invalid)?,
        person: text("person").map(PersonName::parse).transpose().map_err(Problem::invalid)?,
        place: text("place").map(Place::parse).transpose().map_err(Problem::invalid)?,
    };
    let why = Reason::parse(text("purpose").unwrap_or("")).map_err(|_| {
        Problem::new(Kind::Purpose, "say why you look: it is recorded with what you find")
    })?;
    Ok((asked, Why::Said(why)))
}

fn draw(app: &App, viewer: &Viewer, found: Option<&[MarkerWhole]>) -> Response {
    let say = viewer.say("markers");
    let policy = &app.room.view().policy;
    let main = html! {
        h1 { (t!(say, "markers-title")) }
        (find_form(say))
        @if let Some(found) = found {
            section #found aria-label=(t!(say, "markers-found", n = found.len())) tabindex="-1" {
                h2 { (t!(say, "markers-found", n = found.len())) }
                @for m in found { (whole_marker(m, policy, say)) }
            }
        }
        @if viewer.may("put_marker") && !viewer.is_anybody() {
            details.fold #put-marker {
                summary data-key="Alt+2" { (t!(say, "markers-put")) " " kbd { "Alt+2" } }
                (put_form(policy, say))
            }
        }
        (list(app, viewer))
    };
    let seq = Some(app.room.view().seq);
    let title = t!(say, "markers-title");
    let css = &["admin.css", "lead.css"][..];
    whole(app, Some(viewer), &Page { name: "markers", title, css, js: &[], main, seq })
}

fn field(id: &str, name: &str, words: &str, kind: &str, must: bool) -> Markup {
    html! {
        label for=(id) { (words) }
        input id=(id) name=(name) type=(kind) required[must] autocomplete="off"
            maxlength=[(kind == "text").then_some("300")];
    }
}

fn find_form(say: Say) -> Markup {
    html! {
        form.entry #find-marker method="post" action="/markers" role="search" {
            label for="find-line" { (t!(say, "markers-line")) " " kbd { "Alt+1" } }
            input #find-line name="line" type="text" inputmode="tel" maxlength="200"
                autocomplete="off" data-key="Alt+1";
            (field("find-person", "person", &t!(say, "markers-person"), "text", false))
            (field("find-place", "place", &t!(say, "markers-place"), "text", false))
            (field("find-why", "purpose", &t!(say, "markers-why"), "text", true))
            button type="submit" { (t!(say, "markers-find")) }
        }
    }
}

/// The fields of what a marker says, empty or as they are.
fn facts_fields(id: &str, facts: Option<&MarkerFacts>, policy: &Policy, say: Say) -> Markup {
    let of = |f: fn(&MarkerFacts) -> Option<String>| facts.and_then(f).unwrap_or_default();
    let text = |name: &str, words: String, value: String, must: bool| {
        html! {
            label for={ (id) "-" (name) } { (words) }
            input id={ (id) "-" (name) } name={ "facts." (name) } type="text" value=(value)
                maxlength="300" required[must] autocomplete="off";
        }
    };
    let kept = facts.map(|f| f.kind.as_str().to_lowercase());
    let review = facts.and_then(|f| f.review);
    let end = facts.and_then(|f| f.expires_at).map(|at| local(at, policy)).unwrap_or_default();
    html! {
        label for={ (id) "-kind" } { (t!(say, "markers-kind")) }
        select id={ (id) "-kind" } name="facts.kind" required {
            option value="" { (t!(say, "markers-choose")) }
            @for row in &policy.marker {
                @let now = kept.as_deref() == Some(&*row.kind.as_str().to_lowercase());
                option value=(row.kind) selected[now] { (row.kind) ": " (row.meaning) }
            }
        }
        (text("person", t!(say, "markers-person"), of(|f| Some(f.person.as_ref()?.to_string())),
            false))
        (text("line", t!(say, "markers-line"), of(|f| Some(f.line.as_ref()?.to_string())), false))
        (text("place", t!(say, "markers-place"), of(|f| Some(f.place.as_ref()?.to_string())),
            false))
        label for={ (id) "-text" } { (t!(say, "markers-text")) }
        textarea id={ (id) "-text" } name="facts.text" required rows="3" maxlength="7000" {
            (of(|f| Some(f.text.to_string())))
        }
        (text("source", t!(say, "markers-source"), of(|f| Some(f.source.to_string())), true))
        label for={ (id) "-end" } { (t!(say, "markers-end")) }
        input id={ (id) "-end" } name="facts.expires_at.on" type="datetime-local"
            value=(end);
        label for={ (id) "-review" } { (t!(say, "markers-review")) }
        select id={ (id) "-review" } name="facts.review" {
            option value="" { (t!(say, "markers-review-kind")) }
            @for role in policy.desk.keys() {
                option value=(role) selected[review == Some(*role)] { (role.words()) }
            }
        }
    }
}

/// A moment as a field of a form has it.
fn local(at: rules::time::Instant, policy: &Policy) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.to_zoned(super::words::zone(policy)).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn put_form(policy: &Policy, say: Say) -> Markup {
    html! {
        form.entry method="post" action="/do/put_marker" data-do data-go="/markers/{marker}" {
            input type="hidden" name="deed-back" value="/markers";
            (facts_fields("put", None, policy, say))
            p.dim { (t!(say, "markers-put-help")) }
            button.primary type="submit" { (t!(say, "markers-put")) }
        }
    }
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_markers", list)
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let (state, now, say) = (app.room.view(), app.room.now(), viewer.say("markers"));
    let all = to_be_asked(&state, now);
    let past = all.iter().filter(|row| row.stands == Stands::PastItsEnd).count();
    html! {
        section #to-ask data-live="markers alarms" data-live-every="2000"
            data-from="/fragments/markers" data-again="60" {
            h2 { (t!(say, "markers-to-ask", n = all.len())) }
            p role="status" { (t!(say, "markers-past", n = past)) }
            ul.diary { @for row in all.iter().take(SHOWN_MAX) {
                li data-waiting[row.stands == Stands::PastItsEnd] {
                    a href={ "/markers/" (row.marker) }
                        { (t!(say, "markers-number", n = row.marker.to_string())) }
                    " " span.chip { (row.kind) } " " (stands(row, &state.policy, say))
                    ". " (t!(say, "markers-desk", desk = row.review.words()))
                }
            } }
            @if all.len() > SHOWN_MAX { p { (t!(say, "markers-more", n = all.len() - SHOWN_MAX)) } }
        }
    }
}

/// How a marker stands, in words.
fn stands(row: &MarkerRow, policy: &Policy, say: Say) -> Markup {
    let end = row.expires_at.map(|at| day_clock(at, policy)).unwrap_or_default();
    html! {
        @match row.stands {
            Stands::Holds if row.expires_at.is_none() => (t!(say, "markers-no-end")),
            Stands::Holds => (t!(say, "markers-holds", end = end)),
            Stands::ToAsk => { strong.ask { (t!(say, "markers-ask", end = end)) } }
            Stands::PastItsEnd => { strong.late { "▲ " (t!(say, "markers-late", end = end)) } }
            Stands::Ended => (t!(say, "markers-ended")),
        }
    }
}

fn whole_marker(m: &MarkerWhole, policy: &Policy, say: Say) -> Markup {
    let f = &m.facts;
    html! {
        article.marker-whole {
            h3 {
                a href={ "/markers/" (m.row.marker) }
                    { (t!(say, "markers-number", n = m.row.marker.to_string())) }
                " " span.chip { (f.kind) }
            }
            p { (stands(&m.row, policy, say)) }
            blockquote { (f.text) }
            dl.facts {
                @if let Some(person) = &f.person { dt { (t!(say, "markers-person")) }
                    dd { (person) } }
                @if let Some(line) = &f.line { dt { (t!(say, "markers-line")) } dd { (line) } }
                @if let Some(place) = &f.place { dt { (t!(say, "markers-place")) } dd { (place) } }
                dt { (t!(say, "markers-source")) }
                dd { (f.source) }
                dt { (t!(say, "markers-put-by")) }
                dd { (m.by.staff) ", " (m.by.role.words()) ", " (day_clock(m.at, policy)) }
                dt { (t!(say, "markers-review")) }
                dd { (m.row.review.words()) }
            }
        }
    }
}

async fn one_page(
    State(Shared(app)): State<Shared>,
    Path(marker): Path<String>,
    parts: Parts,
) -> Response {
    match viewer_who_may(&app, &parts, "view_markers") {
        Ok(viewer) => one(&app, &viewer, &marker, None).await,
        Err(instead) => *instead,
    }
}

async fn one_for_a_purpose(
    State(Shared(app)): State<Shared>,
    Path(marker): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_markers") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match Fields::read(&parts.headers, body, app.config.limits.body_bytes).await {
        Ok(fields) => one(&app, &viewer, &marker, fields.get("purpose").map(str::trim)).await,
        Err(problem) => problem_page(&app, problem),
    }
}

async fn one(app: &App, viewer: &Viewer, marker: &str, purpose: Option<&str>) -> Response {
    let say = viewer.say("markers");
    match read(app, viewer, marker, purpose).await {
        Ok(view) => {
            let policy = &app.room.view().policy;
            let title = t!(say, "markers-number", n = view.row.marker.to_string());
            let main = html! {
                h1 { (title) }
                (whole_marker(&view, policy, say))
                (history(&view, policy, say))
                @for owed in &view.owed { (is_owed(owed, say)) }
                @if view.ended_at.is_none() && !viewer.is_anybody() {
                    @if viewer.may("review_marker") { (review_form(&view, say)) }
                    @if viewer.may("change_marker") { (change_form(&view, policy, say)) }
                }
            };
            let seq = Some(app.room.view().seq);
            let css = &["admin.css", "lead.css"][..];
            whole(app, Some(viewer), &Page { name: "markers", title, css, js: &[], main, seq })
        }
        Err(problem) if problem.kind == Kind::Purpose => {
            why(app, viewer, &format!("/markers/{marker}"), &problem)
        }
        Err(problem) => problem_page(app, problem),
    }
}

/// Asks why somebody looks.
pub(super) fn why(app: &App, viewer: &Viewer, address: &str, problem: &Problem) -> Response {
    let say = viewer.say("markers");
    let main = html! {
        h1 { (t!(say, "markers-look-why")) }
        form.sign-on method="post" action=(address) {
            label for="purpose" { (t!(say, "markers-why")) }
            input #purpose name="purpose" required maxlength="500" autocomplete="off";
            button type="submit" { (t!(say, "markers-look")) }
        }
    };
    let page = plain("markers", t!(say, "markers-look-why"), main);
    let mut response = whole(app, Some(viewer), &page);
    *response.status_mut() = problem.kind.status();
    response
}

/// Why somebody looks: as they say, or because it is theirs to handle.
pub(super) fn purpose_of(purpose: Option<&str>, theirs: bool) -> Result<Why, Problem> {
    match purpose {
        Some(text) => Reason::parse(text).map(Why::Said).map_err(Problem::invalid),
        None if theirs => Ok(Why::Handling),
        None => Err(Problem::new(Kind::Purpose, "say why you look")),
    }
}

async fn read(
    app: &App,
    viewer: &Viewer,
    marker: &str,
    purpose: Option<&str>,
) -> Result<MarkerWhole, Problem> {
    let id = marker.parse().map(MarkerId).map_err(|_| {
        Problem::not_found("there is no such marker: look for it by name, number or place")
    })?;
    let view = known::one_marker(&app.room.view(), id, app)?;
    let why = purpose_of(purpose, known::looks_again(&view, viewer))?;
    audit::record(app, viewer, &format!("marker {id}"), why).await?;
    Ok(view)
}

fn history(m: &MarkerWhole, policy: &Policy, say: Say) -> Markup {
    html! {
        h2 { (t!(say, "markers-history")) }
        ol.history { @for h in &m.history {
            li { span.meta { (day_clock(h.at, policy)) " " (h.by.staff) } " " strong { (h.did) }
                ": " (h.words) }
        } }
    }
}

fn is_owed(owed: &Owed, say: Say) -> Markup {
    html! {
        p.ask { (t!(say, "markers-owed", what = owed.words.as_str(),
            owner = owed.owner_words.as_str())) " "
            span.count.late[owed.late] { (owed.countdown) } }
    }
}

fn review_form(m: &MarkerWhole, say: Say) -> Markup {
    let id = m.row.marker;
    html! {
        h2 { (t!(say, "markers-look-again")) }
        form.entry #review-marker method="post" action="/do/review_marker" data-do
            data-go={ "/markers/" (id) } {
            input type="hidden" name="marker" value=(id);
            input type="hidden" name="deed-back" value={ "/markers/" (id) };
            label for="review-answer" { (t!(say, "markers-answer")) }
            select #review-answer name="answer" required {
                option value="" { (t!(say, "markers-choose")) }
                @for answer in MarkerAnswer::ALL {
                    option value=(answer.words().0) { (answer.words().1) }
                }
            }
            (field("review-until", "until.on", &t!(say, "markers-until"), "datetime-local", false))
            label for="review-words" { (t!(say, "markers-said")) }
            textarea #review-words name="words" required rows="3" maxlength="4000" {}
            button.primary type="submit" { (t!(say, "markers-record")) }
        }
    }
}

fn change_form(m: &MarkerWhole, policy: &Policy, say: Say) -> Markup {
    let id = m.row.marker;
    html! {
        details.fold #change-marker {
            summary { (t!(say, "markers-change")) }
            form.entry method="post" action="/do/change_marker" data-do
                data-go={ "/markers/" (id) } {
                input type="hidden" name="marker" value=(id);
                input type="hidden" name="deed-back" value={ "/markers/" (id) };
                (facts_fields("change", Some(&m.facts), policy, say))
                (field("change-why", "reason", &t!(say, "markers-change-why"), "text", true))
                button type="submit" { (t!(say, "markers-change")) }
            }
        }
    }
}
