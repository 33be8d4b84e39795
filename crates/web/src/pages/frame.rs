//! The frame of every page: who looks, where they can go, what sounds, whether the link holds, and
//! the one line that says what became of the last deed.

use super::look::Look;
use super::{DEMO, alarm_bar, briefings, faults};
use crate::App;
use crate::caller::Caller;
use crate::lang::{Say, t};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use std::ops::Deref;

/// Who looks at a page, and how they want it.
pub(super) struct Viewer {
    /// Who.
    pub caller: Caller,
    /// How.
    pub look: Look,
}

impl Deref for Viewer {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Viewer {
    /// Whether anybody looks, in a demonstration, without having signed on.
    pub fn is_anybody(&self) -> bool {
        &*self.caller.token == DEMO
    }

    /// Whether they may do something.
    pub fn may(&self, action: &str) -> bool {
        room::roles::may(self.caller.by.role, action)
    }

    /// The words of a page in their language.
    pub fn say(&self, page: &str) -> Say {
        Say::of(page, self.look.lang)
    }
}

/// Settings of htmx. What somebody has unfolded stays unfolded when the part around it is fresh.
const HTMX: &str = r#"{"includeIndicatorCSS":false,"history":false,
"morphIgnore":["data-htmx-powered","open"]}"#;

/// A page that can be gone to from every page.
struct Place {
    path: &'static str,
    /// The action that its reader must be allowed.
    action: &'static str,
    words: fn(Say) -> String,
    /// Whether it is gone to every hour; the others are behind "More" where there are many.
    often: bool,
}

const fn often(path: &'static str, action: &'static str, words: fn(Say) -> String) -> Place {
    Place { path, action, words, often: true }
}

const fn seldom(path: &'static str, action: &'static str, words: fn(Say) -> String) -> Place {
    Place { path, action, words, often: false }
}

/// The places, in the order of the bar.
static PLACES: &[Place] = &[
    often("/", "view_board", |say| t!(say, "nav-board")),
    often("/calls", "view_contact", |say| t!(say, "nav-calls")),
    often("/map", "view_map", |say| t!(say, "map-nav")),
    often("/decisions", "view_alarms", |say| t!(say, "lead-nav-decisions")),
    often("/fim", "view_duty", |say| t!(say, "lead-nav-fim")),
    often("/handover", "view_handover", |say| t!(say, "lead-nav-handover")),
    often("/agencies", "view_agencies", |say| t!(say, "agency-nav")),
    seldom("/appointments", "view_appointments", |say| t!(say, "diary-nav")),
    seldom("/markers", "view_markers", |say| t!(say, "markers-nav")),
    seldom("/messages", "view_messages", |say| t!(say, "messages-nav")),
    seldom("/crimes", "view_crimes", |say| t!(say, "crimes-nav")),
    seldom("/alarms", "view_alarms", |say| t!(say, "lead-nav-alarms")),
    seldom("/wall", "view_board", |say| t!(say, "lead-nav-wall")),
    seldom("/staff", "view_staff", |say| t!(say, "staff-nav")),
    seldom("/roster", "view_units", |say| t!(say, "roster-nav")),
    seldom("/guidance", "view_guidance", |say| t!(say, "guidance-nav")),
    seldom("/panel", "view_panel", |say| t!(say, "quality-nav")),
    seldom("/briefings", "view_briefings", |say| t!(say, "briefing-nav")),
    seldom("/admin/policy", "view_policy", |say| t!(say, "admin-nav-policy")),
    seldom("/audit", "view_audit", |say| t!(say, "audit-nav")),
    often("/officer", "open_risk_card", |say| t!(say, "nav-officer")),
];

/// A page.
pub(super) struct Page<'p> {
    /// Its file in `locales`, its class, and its scripts and styles beyond the shared ones.
    pub name: &'static str,
    /// What the window is called. Never anything about a person.
    pub title: String,
    /// Styles of its own, names of assets.
    pub css: &'p [&'p str],
    /// Scripts of its own, names of assets; each is a module.
    pub js: &'p [&'p str],
    /// What is on it.
    pub main: Markup,
    /// The place of the newest event that is on it; a live page follows from there.
    pub seq: Option<u64>,
}

/// A page with a title and nothing else of its own.
pub(super) fn plain(name: &'static str, title: String, main: Markup) -> Page<'static> {
    Page { name, title, css: &[], js: &[], main, seq: None }
}

/// The whole page.
pub(super) fn whole(app: &App, viewer: Option<&Viewer>, page: &Page<'_>) -> Response {
    Html(layout(app, viewer, page).into_string()).into_response()
}

fn layout(app: &App, viewer: Option<&Viewer>, page: &Page<'_>) -> Markup {
    let look = viewer.map_or_else(Look::now, |v| v.look);
    let frame = Say::of("frame", look.lang);
    let own = Say::of(page.name, look.lang);
    let demo = app.config.demo;
    // Whoever may not follow what happens has no link that could be lost.
    let follows = viewer.is_none_or(|v| v.may("follow") || v.may("view_board"));
    let seq = page.seq.filter(|_| follows);
    html! {
        (DOCTYPE)
        html lang=(frame.lang.tag()) data-theme=[look.theme()] data-scale=[look.scale()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="dark light";
                // No inline styles and no evaluated code: our policy forbids both.
                meta name="htmx-config" content=(HTMX);
                title { (page.title) " - Callbox" }
                link rel="icon" href="/assets/lamp.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/callbox.css";
                link rel="stylesheet" href="/assets/look.css";
                @for css in page.css { link rel="stylesheet" href={ "/assets/" (css) }; }
                script src="/assets/htmx.js" defer {}
                script src="/assets/console.js" type="module" {}
                @if viewer.is_some_and(|v| !v.is_anybody()) {
                    script src="/assets/session.js" type="module" {}
                }
                @for js in page.js { script src={ "/assets/" (js) } type="module" {} }
            }
            body class=(page.name) data-seq=[seq] {
                a.skip href="#main" { (t!(frame, "skip")) }
                @if app.config.training {
                    aside.training-notice aria-label=(t!(frame, "training-label")) {
                        (t!(frame, "training-notice"))
                    }
                }
                header.top {
                    a.brand href="/" { "Callbox" }
                    @if demo && !app.config.training { p.demo { (t!(frame, "demo-notice")) } }
                    @if let Some(viewer) = viewer { (places(viewer, frame))
                        @if app.config.training && viewer.may("view_trainees") {
                            a href="/trainees" { (t!(Say::of("trainees", look.lang), "trainees-nav")) }
                        }
                        (who(viewer, frame)) }
                    @if seq.is_some() { (link_state(frame)) }
                }
                @if let Some(viewer) = viewer.filter(|v| v.may("view_alarms") && !v.is_anybody()) {
                    (alarm_bar::bar(app, viewer))
                }
                @if let Some(viewer) = viewer.filter(|v| v.may("read_briefing") && !v.is_anybody())
                { (briefings::bar(app, viewer)) }
                main id="main" tabindex="-1" lang=[(own.lang != frame.lang).then(|| own.lang.tag())]
                    { (page.main) }
                footer.said {
                    p #said role="status" aria-live="polite"
                        data-sending=(t!(frame, "sending"))
                        data-saved=(t!(frame, "saved", receipt = "{receipt}"))
                        data-kept=(t!(frame, "form-kept")) data-away=(t!(frame, "form-away"))
                        data-ends=(t!(frame, "session-ends", minutes = "{minutes}"))
                        data-here=(t!(frame, "session-here")) data-off=(t!(frame, "session-off"))
                        data-again=(t!(frame, "session-again"))
                        data-other=(t!(frame, "session-other", who = "{who}", me = "{me}")) {}
                    @if seq.is_some() { noscript { p { (t!(frame, "without-script")) } } }
                }
            }
        }
    }
}

/// So many places are on the bar of whoever has no more than these.
const PLACES_ON_BAR: usize = 7;

fn places(viewer: &Viewer, say: Say) -> Markup {
    let all: Vec<&Place> = PLACES.iter().filter(|p| viewer.may(p.action)).collect();
    let few = all.len() <= PLACES_ON_BAR;
    let (often, seldom): (Vec<&Place>, Vec<&Place>) = all.into_iter().partition(|p| few || p.often);
    html! {
        nav.places aria-label=(t!(say, "pages")) {
            @for place in &often { a href=(place.path) { ((place.words)(say)) } }
            @if !seldom.is_empty() {
                details.more-places {
                    summary data-key="Alt+M" title="Alt+M" { (t!(say, "nav-more")) }
                    div { @for place in &seldom { a href=(place.path) { ((place.words)(say)) } } }
                }
            }
        }
    }
}

/// How fresh the page is. The script keeps it; without a script it says that it is not live.
fn link_state(say: Say) -> Markup {
    html! {
        p.link-state {
            span #age data-state="wait" data-live=(t!(say, "link-live"))
                data-old=(t!(say, "link-old", seconds = "{s}"))
                data-slow=(t!(say, "link-slow", seconds = "{s}"))
                data-part=(t!(say, "link-part", seconds = "{s}"))
                data-refused=(t!(say, "link-refused")) { (t!(say, "link-starting")) }
            span #waiting hidden data-one=(t!(say, "waiting", n = 1))
                data-many=(t!(say, "waiting", n = 1_000).replace("1000", "{n}")) {}
        }
        p #lost role="alert" hidden data-words=(t!(say, "link-lost")) {}
    }
}

fn who(viewer: &Viewer, say: Say) -> Markup {
    html! {
        @if viewer.is_anybody() {
            a.who href="/sign-on" { (t!(say, "sign-on")) }
        } @else {
            form.who method="post" action="/sign-off" {
                @if viewer.may("report_fault") { (faults::link(viewer)) }
                a href="/duty" { (t!(say, "my-seat")) }
                span { (viewer.by.staff) ", " (viewer.by.role.words()) }
                button type="submit" { (t!(say, "sign-off")) }
            }
        }
    }
}
