//! What a second person reads before it holds: who proposes it and why, what changes in words, the
//! test cases, a preview, and the text line by line.

use super::super::frame::Viewer;
use super::super::words::clock;
use super::super::{Shared, problem_page, viewer_who_may};
use super::preview::{self, Wanted};
use super::{Sent, looked, shown};
use crate::App;
use crate::lang::t;
use crate::problem::Problem;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::name::ProposalId;
use rules::proposal::Proposal;

pub(super) async fn page(
    State(Shared(app)): State<Shared>,
    Path(id): Path<String>,
    parts: Parts,
) -> Response {
    match viewer_who_may(&app, &parts, "view_proposals") {
        Ok(viewer) => show(&app, &viewer, &id, &Wanted::default()),
        Err(instead) => *instead,
    }
}

/// The same page with a preview of what was asked for by a form.
pub(super) async fn previewed(
    State(Shared(app)): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    match Sent::read(&app, request, "view_proposals").await {
        Ok(sent) => show(&app, &sent.viewer, &id, &sent.preview()),
        Err(problem) => problem_page(&app, problem),
    }
}

fn show(app: &App, viewer: &Viewer, id: &str, wanted: &Wanted) -> Response {
    let state = app.room.view();
    let found = id.parse().ok().and_then(|id| state.proposals.get(&ProposalId(id)));
    let Some(p) = found else {
        let detail = "this proposal is not open: it was published or withdrawn. The policy's page \
                      says which version holds";
        return problem_page(app, Problem::not_found(detail));
    };
    let say = viewer.say("admin");
    let title = t!(say, "admin-proposal", version = p.version.as_str());
    let address = format!("/admin/policy/proposals/{}", p.id);
    let main = html! {
        h1 { (title) }
        p { a href="/admin/policy" { (t!(say, "admin-back")) } }
        (decision(app, viewer, p))
        div.two {
            form.preview-form method="post" action={ (address) "#preview" } {
                (preview::fields(wanted, say))
                button type="submit" { (t!(say, "admin-preview-do")) }
            }
            div #results { (looked::looked(&state, &p.toml, wanted, say)) }
        }
    };
    shown(app, viewer, "admin", title, main)
}

/// Who proposes it and why, and what the viewer may decide.
fn decision(app: &App, viewer: &Viewer, p: &Proposal) -> Markup {
    let say = viewer.say("admin");
    let state = app.room.view();
    let holds = state.policy.about.version.as_str();
    let (mine, overtaken) = (p.by == viewer.by.staff, p.made_from != holds);
    html! {
        section.decision aria-labelledby="decision-h" {
            h2 #decision-h { (t!(say, "admin-proposed", by = p.by.to_string(),
                at = clock(p.at, &state.policy))) }
            blockquote { (p.why) }
            @if overtaken {
                p.note { (t!(say, "admin-overtaken", from = p.made_from.as_str(), holds = holds)) }
            } @else if mine {
                p.note { (t!(say, "admin-mine")) }
            } @else if viewer.may("publish_policy") {
                p { (t!(say, "admin-publish-words", version = p.version.as_str())) }
                form #publish method="post" action="/do/publish_policy" data-do
                    data-go="/admin/policy" {
                    input type="hidden" name="proposal" value=(p.id);
                    input type="hidden" name="deed-back" value="/admin/policy";
                    fieldset.roles {
                        legend { (t!(say, "admin-brief")) }
                        @for role in room::roles::ROOM {
                            label.tick {
                                input type="checkbox" name="brief" value=(role.name()) checked;
                                " " (role.words())
                            }
                        }
                    }
                    button.primary type="submit" data-key="F12" {
                        (t!(say, "admin-publish")) " " kbd { "F12" }
                    }
                }
            }
            @if viewer.may("withdraw_policy") {
                form.entry #withdraw method="post" action="/do/withdraw_policy" data-do
                    data-go="/admin/policy" {
                    input type="hidden" name="proposal" value=(p.id);
                    input type="hidden" name="deed-back" value="/admin/policy";
                    label for="withdraw-why" {
                        @if mine { (t!(say, "admin-withdraw-why")) }
                        @else { (t!(say, "admin-turn-down-why")) }
                    }
                    input #withdraw-why name="reason" type="text" required maxlength="2000"
                        autocomplete="off";
                    button type="submit" {
                        @if mine { (t!(say, "admin-withdraw")) }
                        @else { (t!(say, "admin-turn-down")) }
                    }
                }
            }
        }
    }
}
