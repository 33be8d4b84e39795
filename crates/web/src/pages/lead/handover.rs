//! The handover: built from what must not be forgotten by who goes, accepted line by line by who
//! comes.

use super::super::frame::Viewer;
use super::super::part;
use super::super::words::clock;
use super::super::{Shared, viewer_who_may};
use super::live;
use crate::App;
use crate::lang::t;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::role::Role;
use rules::state::State as Room;
use rules::views::alarms::desks_of;
use rules::views::duty::{HandoverLineView, HandoverView, handovers};

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_handover") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("handover");
    let main = html! {
        h1 { (t!(say, "handover-title")) }
        (open(&app, &viewer))
        @if viewer.may("build_handover") && !viewer.is_anybody() { (build(&app, &viewer)) }
    };
    live(&app, &viewer, "handover", t!(say, "handover-title"), main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_handover", open)
}

fn build(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("handover");
    let state = app.room.view();
    html! {
        section aria-labelledby="build" {
            h2 #build { (t!(say, "handover-build")) }
            p { (t!(say, "handover-build-words")) }
            form.entry method="post" action="/do/build_handover" data-do {
                input type="hidden" name="deed-back" value="/handover";
                label for="desk" { (t!(say, "handover-desk")) }
                select #desk name="desk" data-key="Alt+2" {
                    @for desk in state.policy.desk.keys() {
                        option value=(Role::name(*desk)) selected[*desk == viewer.by.role] {
                            (desk.words())
                        }
                    }
                }
                button type="submit" data-key="F12" {
                    (t!(say, "handover-build")) kbd { "F12" }
                }
            }
        }
    }
}

/// The handovers that are not accepted whole, those of the viewer's desks first.
fn open(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("handover");
    let (state, now) = (app.room.view(), app.room.now());
    let mine = desks_of(&state, viewer.by.role);
    let mut all = handovers(&state, now);
    all.sort_by_key(|h| (!mine.contains(&h.desk), h.handover));
    // One key accepts the first line that the viewer may accept.
    let first = all.iter().find(|h| may_accept(h, viewer)).map(|h| h.handover);
    html! {
        div #handovers data-live="handovers" data-from="/fragments/handover"
            data-again="20" {
            @if all.is_empty() { p { (t!(say, "handover-none")) } }
            @for h in &all {
                (one(h, viewer, &state, first == Some(h.handover)))
            }
        }
    }
}

fn may_accept(h: &HandoverView, viewer: &Viewer) -> bool {
    h.built_by != viewer.by.staff && viewer.may("accept_handover_line") && !viewer.is_anybody()
}

fn one(h: &HandoverView, viewer: &Viewer, s: &Room, keyed: bool) -> Markup {
    let say = viewer.say("handover");
    let may = may_accept(h, viewer);
    let next = h.lines.iter().find(|l| l.accepted_by.is_none()).map(|l| l.line);
    html! {
        section id={ "handover-" (h.handover) } {
            h2 {
                (t!(say, "handover-of", desk = h.desk.words(), n = h.handover.to_string()))
            }
            p.meta {
                (t!(say, "handover-built", by = h.built_by.to_string(),
                    at = clock(h.built_at, &s.policy), age = h.age_words.as_str())) " "
                strong { (t!(say, "handover-left", n = h.n_open, all = h.lines.len())) }
            }
            @if h.built_by == viewer.by.staff { p.note { (t!(say, "handover-mine")) } }
            ol.lines {
                @for l in &h.lines {
                    (line(h, l, viewer, s, may, keyed && next == Some(l.line)))
                }
            }
        }
    }
}

fn line(
    h: &HandoverView,
    l: &HandoverLineView,
    viewer: &Viewer,
    s: &Room,
    may: bool,
    keyed: bool,
) -> Markup {
    let say = viewer.say("handover");
    html! {
        li id={ "line-" (h.handover) "-" (l.line) } data-accepted[l.accepted_by.is_some()] {
            span.what {
                @match l.n {
                    Some(n) => a href={ "/incidents/" (n) } { (l.words) },
                    None => (l.words),
                }
            }
            @match (&l.accepted_by, l.accepted_at) {
                (Some(by), Some(at)) => span.done {
                    (t!(say, "handover-accepted", by = by.to_string(),
                        at = clock(at, &s.policy)))
                },
                _ if may => form method="post" action="/do/accept_handover_line" data-do {
                    input type="hidden" name="handover" value=(h.handover);
                    input type="hidden" name="line" value=(l.line);
                    input type="hidden" name="deed-back" value="/handover";
                    button type="submit" data-key=[keyed.then_some("Alt+1")] {
                        (t!(say, "handover-accept", n = l.line))
                        @if keyed { kbd { "Alt+1" } }
                    }
                },
                _ => span.meta { (t!(say, "handover-open")) },
            }
        }
    }
}

/// What the viewer is still to accept, for the bar on every page.
pub(in crate::pages) fn to_accept(s: &Room, viewer: &Viewer, now: rules::time::Instant) -> Markup {
    let say = viewer.say("handover");
    let mine = desks_of(s, viewer.by.role);
    let all = handovers(s, now);
    let lines: u32 = all
        .iter()
        .filter(|h| mine.contains(&h.desk) && may_accept(h, viewer))
        .map(|h| h.n_open)
        .sum();
    html! {
        @if lines > 0 {
            p.to-accept { a href="/handover" { (t!(say, "handover-to-accept", n = lines)) } }
        }
    }
}
