//! The duty roster: which units are on duty when, who is on them, what they can do and carry, how
//! they are reached; entered one by one, or all at once from a table.

mod table; // the table somebody pastes

use super::deed;
use super::form::Fields;
use super::frame::{Page, Viewer, whole};
use super::words::{clock, hours_minutes};
use super::{Shared, part, problem_page, see_other, viewer_who_may};
use crate::App;
use crate::caller::allow;
use crate::lang::{Say, t};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use room::Act;
use rules::name::Label;
use rules::views::units::{UnitRow, units};
use std::sync::Arc;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/roster", get(page))
        .route("/fragments/roster", get(fragment))
        .route("/roster/import", post(import))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, "view_units") {
        Ok(viewer) => shown(&app, &viewer, None),
        Err(instead) => *instead,
    }
}

/// A table that was not taken, and why.
struct Wrong {
    text: String,
    sentences: Vec<String>,
}

fn shown(app: &App, viewer: &Viewer, wrong: Option<&Wrong>) -> Response {
    let say = viewer.say("roster");
    let title = t!(say, "roster-title");
    let main = html! {
        h1 { (title) }
        @if may_change(viewer) {
            details.fold #roster-import open[wrong.is_some()] {
                summary data-key="Alt+2" { (t!(say, "roster-import")) " " kbd { "Alt+2" } }
                (import_form(wrong, say))
            }
            details.fold #roster-add {
                summary data-key="Alt+1" { (t!(say, "roster-add")) " " kbd { "Alt+1" } }
                (form(app, None, say))
            }
        }
        (list(app, viewer))
    };
    let seq = Some(app.room.view().seq);
    let page = Page { name: "roster", title, css: &["admin.css"], js: &[], main, seq };
    let mut response = whole(app, Some(viewer), &page);
    if wrong.is_some() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_units", list)
}

fn may_change(viewer: &Viewer) -> bool {
    viewer.may("roster_unit") && !viewer.is_anybody()
}

/// Answers `POST /roster/import`: the whole table, or nothing of it.
async fn import(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let sent = async {
        let viewer = deed::signed_on(&app, &parts.headers)?;
        app.gates.token(&viewer.token)?;
        allow(&viewer.by, "roster_units")?;
        let fields = Fields::read(&parts.headers, body, app.config.limits.body_bytes).await?;
        Ok((viewer, fields.text("table").to_owned()))
    };
    match sent.await {
        Ok((viewer, text)) => taken(&app, &viewer, text).await,
        Err(problem) => problem_page(&app, problem),
    }
}

async fn taken(app: &Arc<App>, viewer: &Viewer, text: String) -> Response {
    let sentences = match table::read(&text, &deed::clock(app)) {
        Ok(command) => match app.room.act(Act::new(viewer.by.clone(), command)).await {
            Ok(_) => return see_other("/roster"),
            Err(denied) => vec![denied.to_string()],
        },
        Err(sentences) => sentences,
    };
    shown(app, viewer, Some(&Wrong { text, sentences }))
}

fn import_form(wrong: Option<&Wrong>, say: Say) -> Markup {
    html! {
        form.entry method="post" action="/roster/import" {
            @if let Some(wrong) = wrong {
                div.problem role="alert" {
                    p { strong { (t!(say, "roster-nothing-taken")) } }
                    ul.wrong { @for sentence in &wrong.sentences { li { (sentence) } } }
                }
            }
            p #table-words { (t!(say, "roster-table-words")) }
            p { code { (table::HEAD) } }
            label for="table" { (t!(say, "roster-table")) }
            textarea #table name="table" required rows="8" maxlength="200000"
                aria-describedby="table-words" autocomplete="off"
                { (wrong.map_or("", |w| w.text.as_str())) }
            button.primary type="submit" { (t!(say, "roster-take")) }
        }
    }
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("roster");
    let (state, now) = (app.room.view(), app.room.now());
    let (on, off): (Vec<_>, Vec<_>) = units(&state, now).into_iter().partition(|u| u.on_shift);
    html! {
        div #roster data-live="units" data-live-every="2000" data-from="/fragments/roster"
            data-again="60" {
            h2 { (t!(say, "roster-on", n = on.len())) }
            @for unit in &on { (one(app, viewer, unit)) }
            h2 { (t!(say, "roster-off", n = off.len())) }
            @for unit in &off { (one(app, viewer, unit)) }
        }
    }
}

fn joined<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn one(app: &App, viewer: &Viewer, u: &UnitRow) -> Markup {
    let say = viewer.say("roster");
    let policy = &app.room.view().policy;
    let id = format!("roster-{}", slug(u.call_sign.as_str()));
    html! {
        article.briefing id=(id) {
            h3 {
                (u.call_sign) " " span.chip { (u.status) " " (u.status_label) } " "
                small { (u.kind) @if let Some(district) = &u.district { ", " (district) } }
            }
            dl.numbers-of {
                @if let Some(shift) = u.shift {
                    dt { (t!(say, "roster-shift")) }
                    dd { (clock(shift.from, policy)) " – " (clock(shift.until, policy)) }
                }
                dt { (t!(say, "roster-crew")) } dd { (joined(&u.crew)) }
                dt { (t!(say, "roster-skills")) } dd { (joined(&u.skills)) }
                dt { (t!(say, "roster-carries")) } dd { (joined(&u.equipment)) }
                @if let Some(radio) = &u.radio {
                    dt { (t!(say, "roster-radio")) }
                    dd {
                        @if let Some(group) = &radio.talk_group { (group) " " }
                        span.meta { (joined(&radio.ids)) }
                    }
                }
            }
            @if may_change(viewer) {
                details.fold id={ (id) "-change" } hx-morph-skip {
                    summary { (t!(say, "roster-change")) span.hidden { " " (u.call_sign) } }
                    (form(app, Some(u), say))
                    (remove(u, say))
                }
            }
        }
    }
}

fn slug(call_sign: &str) -> String {
    call_sign.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Fields that are lists have a row for each that is there and these more.
const ROWS_MORE: usize = 2;

fn many(id: &str, name: &str, legend: &str, held: &[String]) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            @for i in 0..held.len() + ROWS_MORE {
                input id={ (id) "-" (i) } name={ (name) "." (i) } type="text" maxlength="64"
                    autocomplete="off" aria-label={ (legend) " " (i + 1) }
                    value=(held.get(i).map_or("", String::as_str));
            }
        }
    }
}

fn texts<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn form(app: &App, u: Option<&UnitRow>, say: Say) -> Markup {
    let key = u.map_or("new".to_owned(), |u| slug(u.call_sign.as_str()));
    let line = |name: &str, label: String, value: String, required: bool| {
        let id = format!("{}-{key}", name.replace('.', "-"));
        html! {
            label for=(id) { (label) }
            input id=(id) name=(name) type="text" value=(value) maxlength="64" required[required]
                autocomplete="off";
        }
    };
    let label = |of: Option<&Label>| of.map(ToString::to_string).unwrap_or_default();
    let radio = u.and_then(|u| u.radio.clone()).unwrap_or_default();
    let shift = u.and_then(|u| u.shift);
    html! {
        form.entry method="post" action="/do/roster_unit" data-do data-go="/roster" {
            input type="hidden" name="deed-back" value="/roster";
            @match u {
                Some(u) => input type="hidden" name="call_sign" value=(u.call_sign);,
                None => (line("call_sign", t!(say, "roster-call-sign"), String::new(), true)),
            }
            (line("kind", t!(say, "roster-kind"), label(u.map(|u| &u.kind)), true))
            (line("district", t!(say, "roster-district"),
                label(u.and_then(|u| u.district.as_ref())), false))
            (many(&format!("crew-{key}"), "crew", &t!(say, "roster-crew"),
                &u.map_or(Vec::new(), |u| texts(&u.crew))))
            (many(&format!("skills-{key}"), "skills", &t!(say, "roster-skills"),
                &u.map_or(Vec::new(), |u| texts(&u.skills))))
            (many(&format!("carries-{key}"), "equipment", &t!(say, "roster-carries"),
                &u.map_or(Vec::new(), |u| texts(&u.equipment))))
            (line("radio.talk_group", t!(say, "roster-talk-group"),
                label(radio.talk_group.as_ref()), false))
            (many(&format!("ids-{key}"), "radio.ids", &t!(say, "roster-radio-ids"),
                &texts(&radio.ids)))
            @for (name, words, at) in [
                ("shift.from.on", t!(say, "roster-from"), shift.map(|s| s.from)),
                ("shift.until.on", t!(say, "roster-until"), shift.map(|s| s.until)),
            ] {
                @let id = format!("{}-{key}", name.replace('.', "-"));
                label for=(id) { (words) }
                input id=(id) name=(name) type="datetime-local"
                    value=(at.map(|at| local(app, at)).unwrap_or_default());
            }
            button.primary type="submit" { (t!(say, "roster-save")) }
        }
    }
}

/// A moment as a field for a day and a time takes it.
fn local(app: &App, at: rules::time::Instant) -> String {
    let zone = deed::clock(app).zone;
    let day = jiff::Timestamp::from_millisecond(at.0).map(|t| t.to_zoned(zone.clone()).date());
    day.map(|day| format!("{day}T{}", hours_minutes(at, &zone))).unwrap_or_default()
}

fn remove(u: &UnitRow, say: Say) -> Markup {
    html! {
        form.entry method="post" action="/do/remove_unit" data-do data-go="/roster" {
            input type="hidden" name="call_sign" value=(u.call_sign);
            input type="hidden" name="deed-back" value="/roster";
            button type="submit" {
                (t!(say, "roster-remove")) span.hidden { " " (u.call_sign) }
            }
        }
    }
}
