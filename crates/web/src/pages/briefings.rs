//! Briefings: what is to be read is on every page of those it is for until they say that they have
//! read it, and those who lead see who has.

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
use rules::role::Role;
use rules::views::briefings::{BriefingReaders, BriefingView, mine, readers};

/// Titles beyond these are counted on the bar, and read on the page.
const ON_BAR: usize = 3;
/// For how long a briefing is shown, in minutes; the third is offered first.
const SHOWN_FOR: [i64; 5] = [12 * 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60, 90 * 24 * 60];
/// Within what time it must be read, in minutes.
const READ_WITHIN: [i64; 4] = [60, 12 * 60, 24 * 60, 7 * 24 * 60];
/// Who briefings are for, as the form offers them.
const READERS: [Role; 12] = [
    Role::CallHandler,
    Role::Dispatcher,
    Role::SupportOperator,
    Role::TeamLeader,
    Role::DispatchSupervisor,
    Role::ForceIncidentManager,
    Role::DutyChiefInspector,
    Role::VulnerabilityDesk,
    Role::DigitalDesk,
    Role::Officer,
    Role::Supervisor,
    Role::Administrator,
];

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/briefings", get(page))
        .route("/fragments/briefings", get(fragment))
        .route("/fragments/briefing-readers", get(readers_fragment))
        .route("/fragments/to-read", get(bar_fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_briefings") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("briefings");
    let title = t!(say, "briefing-title");
    let main = html! {
        h1 { (title) }
        (list(&app, &viewer))
        @if viewer.may("publish_briefing") && !viewer.is_anybody() { (publish(say)) }
        @if viewer.may("view_briefing_readers") { (who_has_read(&app, &viewer)) }
    };
    let seq = Some(app.room.view().seq);
    let page = Page { name: "briefings", title, css: &["admin.css"], js: &[], main, seq };
    whole(&app, Some(&viewer), &page)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_briefings", list)
}

async fn readers_fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_briefing_readers", who_has_read)
}

async fn bar_fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_briefings", bar)
}

/// What the viewer is still to read, on every page.
pub(super) fn bar(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("briefings");
    let (state, now) = (app.room.view(), app.room.now());
    let owed: Vec<_> = mine(&state, &viewer.by, now).into_iter().filter(|b| b.owed).collect();
    html! {
        section #to-read.to-read aria-label=(t!(say, "briefing-to-read-label"))
            data-live="briefings" data-from="/fragments/to-read" data-again="60"
            hidden[owed.is_empty()] {
            @if !owed.is_empty() {
                p {
                    strong { "⚑ " (t!(say, "briefing-to-read", n = owed.len())) } " "
                    @for (i, b) in owed.iter().take(ON_BAR).enumerate() {
                        @if i > 0 { "; " }
                        a.late[b.late] href={ "/briefings#briefing-" (b.briefing) } { (b.title) }
                    }
                    @if owed.len() > ON_BAR {
                        " " a href="/briefings" {
                            (t!(say, "briefing-more", n = owed.len() - ON_BAR))
                        }
                    }
                }
            }
        }
    }
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("briefings");
    let all = mine(&app.room.view(), &viewer.by, app.room.now());
    let first = all.iter().find(|b| b.owed).map(|b| b.briefing);
    html! {
        div #briefings data-live="briefings" data-from="/fragments/briefings"
            data-again="60" {
            @if all.is_empty() { p { (t!(say, "briefing-none")) } }
            @for b in &all { (one(app, viewer, b, first == Some(b.briefing))) }
        }
    }
}

fn one(app: &App, viewer: &Viewer, b: &BriefingView, keyed: bool) -> Markup {
    let say = viewer.say("briefings");
    let state = app.room.view();
    html! {
        article.briefing id={ "briefing-" (b.briefing) } data-owed[b.owed] {
            h2 { (b.title) }
            p.meta {
                (t!(say, "briefing-by", by = b.by.staff.to_string(), role = b.by.role.words(),
                    at = clock(b.at, &state.policy), until = clock(b.until, &state.policy)))
            }
            p.text { (b.text) }
            @if let Some(at) = b.read_at {
                p.ok { "✓ " (t!(say, "briefing-read-at", at = clock(at, &state.policy))) }
            } @else {
                @if let Some(by) = b.read_by {
                    p.ask.late[b.late] {
                        (t!(say, "briefing-read-by", at = clock(by, &state.policy)))
                    }
                }
                @if viewer.may("read_briefing") && !viewer.is_anybody() {
                    form method="post" action="/do/read_briefing" data-do {
                        input type="hidden" name="briefing" value=(b.briefing);
                        input type="hidden" name="deed-back" value="/briefings";
                        button.primary type="submit" data-key=[keyed.then_some("Alt+1")] {
                            (t!(say, "briefing-have-read"))
                            @if keyed { " " kbd { "Alt+1" } }
                            span.hidden { ": " (b.title) }
                        }
                    }
                }
            }
        }
    }
}

fn span(minutes: i64) -> String {
    rules::time::Span::minutes(minutes).words()
}

fn publish(say: Say) -> Markup {
    html! {
        details.fold #publish {
            summary data-key="Alt+2" { (t!(say, "briefing-publish")) " " kbd { "Alt+2" } }
            form.entry method="post" action="/do/publish_briefing" data-do data-clears
                data-go="/briefings" {
                input type="hidden" name="deed-back" value="/briefings";
                label for="title" { (t!(say, "briefing-about")) }
                input #title name="title" type="text" required maxlength="120" autocomplete="off";
                label for="text" { (t!(say, "briefing-text")) }
                textarea #text name="text" required rows="6" maxlength="8000" {}
                fieldset.roles {
                    legend { (t!(say, "briefing-for")) }
                    @for role in READERS {
                        label.tick {
                            input type="checkbox" name="roles" value=(role.name());
                            " " (role.words())
                        }
                    }
                }
                label for="until" { (t!(say, "briefing-until")) }
                select #until name="until.in_minutes" {
                    @for minutes in SHOWN_FOR {
                        option value=(minutes) selected[minutes == SHOWN_FOR[2]] { (span(minutes)) }
                    }
                }
                label for="read-by" { (t!(say, "briefing-within")) }
                select #read-by name="read_by.in_minutes" {
                    option value="" { (t!(say, "briefing-no-limit")) }
                    @for minutes in READ_WITHIN { option value=(minutes) { (span(minutes)) } }
                }
                button.primary type="submit" { (t!(say, "briefing-publish")) }
            }
        }
    }
}

fn who_has_read(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("briefings");
    let all = readers(&app.room.view(), &viewer.by, app.room.now());
    html! {
        section #readers aria-labelledby="readers-h" data-live="briefings duty"
            data-live-every="2000" data-from="/fragments/briefing-readers"
            data-again="30" {
            h2 #readers-h { (t!(say, "briefing-readers", n = all.len())) }
            @for b in &all { (read_by(app, viewer, b)) }
        }
    }
}

fn read_by(app: &App, viewer: &Viewer, b: &BriefingReaders) -> Markup {
    let say = viewer.say("briefings");
    let state = app.room.view();
    let roles: Vec<String> = b.briefing.roles.iter().map(|r| r.words()).collect();
    let here = b.unread.iter().filter(|u| u.on_duty_as.is_some()).count();
    html! {
        details.section id={ "readers-" (b.briefing.briefing) } {
            summary {
                (b.briefing.title) " "
                span.meta {
                    (t!(say, "briefing-count", read = b.read.len(), unread = b.unread.len(),
                        here = here))
                    @if !b.briefing.shown { " " (t!(say, "briefing-ended")) }
                }
            }
            p.meta { (t!(say, "briefing-roles", roles = roles.join(", "))) }
            @if let Some(why) = &b.briefing.withdrawn {
                p { (t!(say, "briefing-withdrawn", why = why.as_str())) }
            }
            h3 { (t!(say, "briefing-have", n = b.read.len())) }
            ul { @for read in &b.read {
                li { "✓ " (read.by.staff) ", " (read.by.role.words()) ", "
                    (clock(read.at, &state.policy)) }
            } }
            h3 { (t!(say, "briefing-have-not", n = b.unread.len())) }
            ul { @for unread in &b.unread {
                li {
                    (unread.staff)
                    @if let Some(name) = &unread.name { " " (name) }
                    @match unread.on_duty_as {
                        Some(role) => { ", " strong { (t!(say, "briefing-here",
                            role = role.words())) } }
                        None => { ", " (t!(say, "briefing-away")) }
                    }
                }
            } }
            @if b.briefing.shown && viewer.may("withdraw_briefing") && !viewer.is_anybody() {
                (withdraw(b, say))
            }
        }
    }
}

fn withdraw(b: &BriefingReaders, say: Say) -> Markup {
    let id = format!("withdraw-{}", b.briefing.briefing);
    html! {
        form.entry method="post" action="/do/withdraw_briefing" data-do hx-morph-skip
            id={ (id) "-form" } {
            input type="hidden" name="briefing" value=(b.briefing.briefing);
            input type="hidden" name="deed-back" value="/briefings";
            label for=(id) { (t!(say, "briefing-why")) }
            input id=(id) name="reason" type="text" required maxlength="2000" autocomplete="off";
            button type="submit" { (t!(say, "briefing-withdraw")) }
        }
    }
}
