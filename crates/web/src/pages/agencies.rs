//! Agencies and other control rooms: who to ring, on which number, when they answer; found while
//! somebody waits on the line.

use super::frame::{Page, Viewer, whole};
use super::words::clock;
use super::{Shared, part, viewer_who_may};
use crate::App;
use crate::lang::{Say, t};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::agency::Agency;
use rules::name::Line;
use rules::obligation::{Rule, Subject};
use rules::views::agencies::{agencies, named_in};

/// Empty rows of the form for numbers beyond those there are.
const ROWS_MORE: usize = 2;
/// No more than this are shown at once: somebody finds, and does not scroll.
const SHOWN_MAX: usize = 300;
/// So many are named beside a step of an SOP.
const NAMED_MAX: usize = 4;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/agencies", get(page)).route("/fragments/agencies", get(fragment))
}

/// What is looked for. It is the name of an agency or a kind, and never anything about a person.
fn find(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or("");
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "find");
    found.map(|(_, v)| v.trim().chars().take(120).collect()).unwrap_or_default()
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_agencies") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("agencies");
    let (title, find) = (t!(say, "agency-title"), find(&parts));
    let main = html! {
        h1 { (title) }
        form.preview-form method="get" action="/agencies" role="search" {
            div.field {
                label for="find" { (t!(say, "agency-find")) " " kbd { "Alt+1" } }
                input #find name="find" type="search" value=(find) maxlength="120"
                    autocomplete="off" data-key="Alt+1" hx-get="/fragments/agencies"
                    hx-trigger="input changed delay:200ms" hx-target="#agencies"
                    hx-swap="outerMorph";
            }
            button type="submit" { (t!(say, "agency-find-do")) }
        }
        @if may_change(&viewer) {
            details.fold #add-agency {
                summary data-key="Alt+2" { (t!(say, "agency-add")) " " kbd { "Alt+2" } }
                (form(None, say))
            }
        }
        (list(&app, &viewer, &find))
    };
    let seq = Some(app.room.view().seq);
    let js = &["copy.js"];
    let page = Page { name: "agencies", title, css: &["admin.css"], js, main, seq };
    whole(&app, Some(&viewer), &page)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_agencies", |app, viewer| list(app, viewer, &find(&parts)))
}

fn may_change(viewer: &Viewer) -> bool {
    viewer.may("enter_agency") && !viewer.is_anybody()
}

fn list(app: &App, viewer: &Viewer, find: &str) -> Markup {
    let say = viewer.say("agencies");
    let state = app.room.view();
    let found = agencies(&state, find);
    html! {
        div #agencies data-live="agencies" data-from="/fragments/agencies" data-with="#find" {
            p.meta role="status" { (t!(say, "agency-count", n = found.len())) }
            ul.agency-list { @for a in found.iter().take(SHOWN_MAX) { (one(app, viewer, a, say)) } }
            @if found.len() > SHOWN_MAX { p { (t!(say, "agency-more", n = found.len())) } }
        }
    }
}

fn one(app: &App, viewer: &Viewer, a: &Agency, say: Say) -> Markup {
    let id = format!("agency-{}", a.agency.as_str().replace([' ', '\'', '/'], "-"));
    html! {
        li id=(id) {
            h2 { (a.agency) " " span.chip.tag { (a.kind) } }
            (numbers(a, say))
            @if let Some(hours) = &a.hours {
                p { (t!(say, "agency-hours", hours = hours.as_str())) }
            }
            @if let Some(who) = &a.supervisor {
                p { (t!(say, "agency-supervisor-is", who = who.as_str())) }
            }
            @if !a.helps_with.is_empty() {
                p { (t!(say, "agency-helps", with = joined(&a.helps_with))) }
            }
            @if !a.areas.is_empty() {
                p { (t!(say, "agency-areas-are", areas = joined(&a.areas))) }
            }
            @if let Some(note) = &a.note { p.text { (note) } }
            (freshness(app, viewer, a, &id, say))
            @if may_change(viewer) {
                details.fold id={ (id) "-change" } hx-morph-skip {
                    summary { (t!(say, "agency-change")) span.hidden { " " (a.agency) } }
                    (form(Some(a), say))
                    (remove(a, &id, say))
                }
            }
        }
    }
}

fn joined(all: &[rules::name::Label]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// When it was last confirmed, whether that is due again, and the form that says it has been.
fn freshness(app: &App, viewer: &Viewer, a: &Agency, id: &str, say: Say) -> Markup {
    let (s, now) = (app.room.view(), app.room.now());
    let owed = s.owed(&Subject::Agency(a.agency.clone()), Rule::AgencyStale);
    let late = owed.is_some_and(|o| o.due_at <= now);
    html! {
        @if let Some(c) = &a.confirmed {
            p.meta {
                (t!(say, "agency-confirmed", at = clock(c.at, &s.policy), by = c.by.to_string()))
                @if let Some(words) = &c.words { ": " (words) }
            }
        }
        @if late { p.late { "▲ " (t!(say, "agency-stale")) } }
        @if viewer.may("confirm_agency") && !viewer.is_anybody() {
            details.fold id={ (id) "-confirm" } open[late] hx-morph-skip {
                summary { (t!(say, "agency-confirm")) span.hidden { " " (a.agency) } }
                form.entry method="post" action="/do/confirm_agency" data-do data-go="/agencies" {
                    input type="hidden" name="agency" value=(a.agency);
                    input type="hidden" name="deed-back" value="/agencies";
                    label for={ (id) "-spoke" } { (t!(say, "agency-spoke")) }
                    input id={ (id) "-spoke" } name="words" type="text" required maxlength="2000"
                        autocomplete="off";
                    button type="submit" { (t!(say, "agency-confirm")) }
                }
            }
        }
    }
}

/// The numbers, each to ring or to copy.
fn numbers(a: &Agency, say: Say) -> Markup {
    html! {
        dl.numbers-of {
            @for n in &a.numbers {
                dt { (n.purpose) }
                dd {
                    @match tel(&n.line) {
                        Some(tel) => a.ring href=(tel) { (n.line) },
                        None => span { (n.line) },
                    }
                    " "
                    button type="button" data-copy=(n.line) data-said=(t!(say, "agency-copied"))
                        data-not=(t!(say, "agency-not-copied")) {
                        (t!(say, "agency-copy"))
                        span.hidden { " " (a.agency) ", " (n.purpose) }
                    }
                }
            }
        }
    }
}

/// A number as an address that a telephone can ring; nothing for an account or an e-mail address.
fn tel(line: &Line) -> Option<String> {
    let text = line.as_str();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || "+ -().".contains(c));
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (is_number && !digits.is_empty()).then(|| format!("tel:{digits}"))
}

/// The agencies that a text names, for the place where it is read.
pub(super) fn named(state: &rules::state::State, text: &str, say: Say) -> Markup {
    html! {
        @for a in named_in(state, text).into_iter().take(NAMED_MAX) {
            div.named { strong { (t!(say, "agency-ring", name = a.agency.as_str())) }
                (numbers(a, say)) }
        }
    }
}

fn form(a: Option<&Agency>, say: Say) -> Markup {
    let key = a.map_or("new".to_owned(), |a| a.agency.as_str().replace([' ', '\'', '/'], "-"));
    let text = |name: &str, label: String, value: &str, longest: &str, required: bool| {
        let id = format!("{name}-{key}").replace('.', "-");
        html! {
            label for=(id) { (label) }
            input id=(id) name=(name) type="text" value=(value) maxlength=(longest)
                required[required] autocomplete="off";
        }
    };
    let rows = a.map_or(1, |a| a.numbers.len()) + ROWS_MORE;
    let kept = |of: Option<&rules::name::Reason>| of.map_or("", |r| r.as_str()).to_owned();
    html! {
        form.entry method="post" action="/do/enter_agency" data-do data-go="/agencies" {
            input type="hidden" name="deed-back" value="/agencies";
            @match a {
                Some(a) => input type="hidden" name="agency" value=(a.agency);,
                None => (text("agency", t!(say, "agency-name"), "", "64", true)),
            }
            (text("kind", t!(say, "agency-kind"), a.map_or("", |a| a.kind.as_str()), "64", true))
            @for i in 0..rows {
                @let n = a.and_then(|a| a.numbers.get(i));
                fieldset.pair {
                    legend { (t!(say, "agency-number", n = i + 1)) }
                    (text(&format!("numbers.{i}.purpose"), t!(say, "agency-purpose"),
                        n.map_or("", |n| n.purpose.as_str()), "64", i == 0))
                    (text(&format!("numbers.{i}.line"), t!(say, "agency-line"),
                        n.map_or("", |n| n.line.as_str()), "254", i == 0))
                }
            }
            (text("hours", t!(say, "agency-when"), &kept(a.and_then(|a| a.hours.as_ref())),
                "2000", false))
            (text("note", t!(say, "agency-note"), &kept(a.and_then(|a| a.note.as_ref())),
                "2000", false))
            (text("supervisor", t!(say, "agency-supervisor"),
                a.and_then(|a| a.supervisor.as_ref()).map_or("", |p| p.as_str()), "120", false))
            @for i in 0..a.map_or(0, |a| a.areas.len()) + ROWS_MORE {
                (text(&format!("areas.{i}"), t!(say, "agency-area", n = i + 1),
                    a.and_then(|a| a.areas.get(i)).map_or("", |l| l.as_str()), "64", false))
            }
            @for i in 0..a.map_or(0, |a| a.helps_with.len()) + ROWS_MORE {
                (text(&format!("helps_with.{i}"), t!(say, "agency-help", n = i + 1),
                    a.and_then(|a| a.helps_with.get(i)).map_or("", |l| l.as_str()), "64", false))
            }
            button.primary type="submit" { (t!(say, "agency-save")) }
        }
    }
}

fn remove(a: &Agency, id: &str, say: Say) -> Markup {
    html! {
        form.entry method="post" action="/do/remove_agency" data-do data-go="/agencies" {
            input type="hidden" name="agency" value=(a.agency);
            input type="hidden" name="deed-back" value="/agencies";
            label for={ (id) "-why" } { (t!(say, "agency-why")) }
            input id={ (id) "-why" } name="reason" type="text" required maxlength="2000"
                autocomplete="off";
            button type="submit" { (t!(say, "agency-remove")) }
        }
    }
}
