//! The policy that holds: how it came to hold, what is proposed, and its values as tables.

use super::super::frame::Viewer;
use super::super::words::clock;
use super::super::{Shared, part, viewer_who_may};
use super::{looked, shown, tables};
use crate::App;
use crate::lang::t;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::case::run_cases;
use rules::role::Role;
use rules::views::policy::publication;

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_policy") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("admin");
    let state = app.room.view();
    let main = html! {
        h1 { (t!(say, "admin-policy-title")) }
        (holds(&app, &viewer))
        (tables::sections(&state.policy, say))
        details.section #s-tests {
            summary { (t!(say, "admin-tests", n = state.policy.test.len())) }
            (looked::tests(&run_cases(&state.policy), &state.policy, say))
        }
    };
    shown(&app, &viewer, "admin", t!(say, "admin-policy-title"), main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_policy", holds)
}

/// How it came to hold, and what waits for a second person.
fn holds(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("admin");
    let state = app.room.view();
    let held = publication(&state);
    let open: Vec<_> = state.proposals.values().collect();
    html! {
        div #policy-holds data-live="policy" data-from="/fragments/proposals"
            data-again="20" {
            p.holds {
                strong { (t!(say, "admin-version", version = held.version.as_str(),
                    force = state.policy.about.force.as_str())) } " "
                @if let (Some(at), Some(by)) = (held.at, &held.by) {
                    @if by.role == Role::System {
                        (t!(say, "admin-started", at = clock(at, &state.policy)))
                    } @else {
                        (t!(say, "admin-since", at = clock(at, &state.policy),
                            by = by.staff.to_string()))
                    }
                    " "
                }
                @if let Some(by) = &held.proposed_by {
                    (t!(say, "admin-proposed-by", by = by.to_string())) " "
                }
                @if let Some(why) = &held.why { q { (why) } }
            }
            @if viewer.may("check_policy") {
                p { a.button href="/admin/policy/draft" data-key="Alt+1" {
                    (t!(say, "admin-edit")) " " kbd { "Alt+1" }
                } }
            }
            @if viewer.may("view_proposals") {
                h2 { (t!(say, "admin-proposals", n = open.len())) }
                @if open.is_empty() { p { (t!(say, "admin-no-proposals")) } }
                ul.proposals {
                    @for p in open {
                        li {
                            a href={ "/admin/policy/proposals/" (p.id) } {
                                (t!(say, "admin-proposal", version = p.version.as_str()))
                            } " "
                            (t!(say, "admin-proposed", by = p.by.to_string(),
                                at = clock(p.at, &state.policy))) " "
                            q { (p.why) } " "
                            @if p.by != viewer.by.staff && viewer.may("publish_policy") {
                                strong.ask { (t!(say, "admin-waits-for-you")) }
                            }
                        }
                    }
                }
            }
        }
    }
}
