//! Guidance articles: all of them, one with what each policy changed in it, and the links where one
//! applies. Past its review date an article says so wherever it is shown.

use super::frame::{Page, Viewer, whole};
use super::words::clock;
use super::{Shared, part, problem_page, viewer_who_may};
use crate::App;
use crate::lang::{Say, t};
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::guidance::{Did, Revision};
use rules::policy::Policy;
use rules::time::Instant;
use rules::views::guidance::{
    ArticlePage, ArticleView, Where, applying, article as find_article, articles,
};
use rules::views::log::LogView;

/// No more than this are shown at once: somebody finds, and does not scroll.
const SHOWN_MAX: usize = 200;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/guidance", get(page))
        .route("/fragments/guidance", get(fragment))
        .route("/guidance/{article}", get(one))
}

/// What is looked for: words of an article, and never anything about a person.
fn find(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or("");
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "find");
    found.map(|(_, v)| v.trim().chars().take(120).collect()).unwrap_or_default()
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_guidance") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("guidance");
    let (title, find) = (t!(say, "guidance-title"), find(&parts));
    let main = html! {
        h1 { (title) }
        form.preview-form method="get" action="/guidance" role="search" {
            div.field {
                label for="find" { (t!(say, "guidance-find")) " " kbd { "Alt+1" } }
                input #find name="find" type="search" value=(find) maxlength="120"
                    autocomplete="off" data-key="Alt+1" hx-get="/fragments/guidance"
                    hx-trigger="input changed delay:200ms" hx-target="#guidance"
                    hx-swap="outerMorph";
            }
            button type="submit" { (t!(say, "guidance-find-do")) }
        }
        (list(&app, &viewer, &find))
    };
    shown(&app, &viewer, title, main)
}

fn shown(app: &App, viewer: &Viewer, title: String, main: Markup) -> Response {
    let seq = Some(app.room.view().seq);
    let page = Page { name: "guidance", title, css: &["admin.css"], js: &[], main, seq };
    whole(app, Some(viewer), &page)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_guidance", |app, viewer| list(app, viewer, &find(&parts)))
}

fn list(app: &App, viewer: &Viewer, find: &str) -> Markup {
    let say = viewer.say("guidance");
    let found = articles(&app.room.view().policy, find, app.room.now());
    html! {
        div #guidance data-live="policy" data-from="/fragments/guidance" data-with="#find" {
            p.meta role="status" { (t!(say, "guidance-count", n = found.len())) }
            ul.agency-list { @for a in found.iter().take(SHOWN_MAX) {
                li id={ "article-" (a.id) } {
                    h2 { a href={ "/guidance/" (a.id) } { (a.title) } }
                    @if a.past_review { (past(a, say)) }
                    p.meta { (kept(a, say)) }
                    @if !a.applies.is_empty() { p.meta { (a.applies.join("; ")) } }
                }
            } }
            @if found.len() > SHOWN_MAX {
                p { (t!(say, "guidance-more", n = found.len(), shown = SHOWN_MAX)) }
            }
        }
    }
}

fn past(a: &ArticleView, say: Say) -> Markup {
    html! { p.late { "▲ " (t!(say, "guidance-past", day = a.next_review.as_str())) } }
}

fn kept(a: &ArticleView, say: Say) -> String {
    t!(
        say,
        "guidance-kept",
        version = a.version.as_str(),
        owner = a.owner.words(),
        last = a.last_reviewed.as_str(),
        next = a.next_review.as_str()
    )
}

async fn one(State(Shared(app)): State<Shared>, Path(id): Path<String>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_guidance") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let state = app.room.view();
    let Some(found) = find_article(&state, &id, app.room.now()) else {
        let say = viewer.say("guidance");
        return problem_page(&app, Problem::not_found(t!(say, "guidance-nowhere")));
    };
    let say = viewer.say("guidance");
    let title = match &found.article {
        Some(a) => a.title.clone(),
        None => t!(say, "guidance-gone", id = id.as_str()),
    };
    let main = html! {
        p { a href="/guidance" { (t!(say, "guidance-all")) } }
        h1 { (title) }
        (text(&found, say))
        (history(&found.history, &state.policy, say))
    };
    shown(&app, &viewer, title, main)
}

pub(super) fn text(found: &ArticlePage, say: Say) -> Markup {
    let Some(a) = &found.article else { return html! { p.note { (t!(say, "guidance-no-more")) } } };
    html! {
        @if a.past_review { (past(a, say)) }
        @for paragraph in a.summary.split("\n\n") { p.text { (paragraph.replace('\n', " ")) } }
        dl.facts {
            dt { (t!(say, "guidance-source")) }
            dd {
                @match &a.link {
                    Some(link) => a href=(link) rel="noreferrer external" { (a.source) },
                    None => (a.source),
                }
            }
            dt { (t!(say, "guidance-applies")) }
            dd { ul { @for at in &a.applies { li { (at) } } } }
            dt { (t!(say, "guidance-keeps")) }
            dd { (kept(a, say)) }
        }
    }
}

/// What each policy changed, the newest first.
pub(super) fn history(all: &[Revision], policy: &Policy, say: Say) -> Markup {
    html! {
        h2 { (t!(say, "guidance-history")) }
        @if all.is_empty() { p { (t!(say, "guidance-no-history")) } }
        @for r in all {
            article.briefing {
                h3 {
                    @match r.did {
                        Did::Entered => (t!(say, "guidance-entered", version = r.version.as_str())),
                        Did::Changed => (t!(say, "guidance-changed", version = r.version.as_str())),
                        Did::Withdrawn => (t!(say, "guidance-withdrawn")),
                    }
                }
                p.meta {
                    (t!(say, "guidance-by", policy = r.policy.as_str(), by = r.by.to_string(),
                        at = clock(r.at, policy)))
                }
                @if !r.changes.is_empty() {
                    dl.changes { @for c in &r.changes {
                        dt { (c.place) }
                        dd {
                            @if let Some(before) = &c.before { del { (before) } }
                            @if let Some(after) = &c.after { ins { (after) } }
                        }
                    } }
                }
            }
        }
    }
}

/// The articles that apply to a log, as links.
pub(super) fn of_log(policy: &Policy, log: &LogView, now: Instant, viewer: &Viewer) -> Markup {
    let grade = log.grades.last().map(|g| g.grade);
    links(policy, Where::Log(&log.facts.code, grade, &log.facts.tags), now, viewer)
}

/// The articles that apply somewhere, as links that open beside the work and not over it.
pub(super) fn links(policy: &Policy, at: Where<'_>, now: Instant, viewer: &Viewer) -> Markup {
    let found = if viewer.may("view_guidance") { applying(policy, at, now) } else { Vec::new() };
    let say = viewer.say("guidance");
    html! {
        @if !found.is_empty() {
            p.guidance aria-label=(t!(say, "guidance-here")) {
                @for a in &found {
                    a href={ "/guidance/" (a.id) } target="_blank" rel="noopener" {
                        "§ " (a.title)
                    }
                    @if a.past_review {
                        " " span.late { "▲ " (t!(say, "guidance-past-short")) }
                    }
                    " "
                }
            }
        }
    }
}
