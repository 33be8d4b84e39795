//! The list of the threat-harm-risk meeting, twice a day: every open log by risk, why it stands
//! where it does, what is owed on it, and what was decided last. It prints as it is shown.
//!
//! Source: Learning the Lessons, case 9, force action.

use super::super::Shared;
use super::super::frame::Viewer;
use super::super::part;
use super::super::viewer_who_may;
use super::super::words::{badge, clock};
use super::live;
use crate::App;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::Policy;
use rules::views::duty::{MeetingRow, meeting_list};

/// More logs than this no meeting looks at; what is left out is counted.
const LOGS: usize = 200;
/// So much of what is owed is shown of each.
const OWED: usize = 6;

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_obligations") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("meeting");
    let main = html! {
        h1 { (t!(say, "meeting-title")) }
        (list(&app, &viewer))
    };
    live(&app, &viewer, "meeting", t!(say, "meeting-title"), main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_obligations", list)
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("meeting");
    let (s, now) = (app.room.view(), app.room.now());
    let rows = meeting_list(&s, now, LOGS);
    let open = s.incidents.values().filter(|log| log.closed.is_none()).count();
    html! {
        div #meeting data-live="alarms units duty" data-live-every="5000"
            data-from="/fragments/meeting" {
            p.meta { (t!(say, "meeting-as-at", at = clock(now, &s.policy),
                force = s.policy.about.force.as_str(), n = rows.len())) }
            @if rows.is_empty() { p { (t!(say, "meeting-none")) } }
            ol.meeting { @for row in &rows { (log(row, &s.policy, say)) } }
            @if open > rows.len() { p { (t!(say, "meeting-more", n = open - rows.len())) } }
        }
    }
}

fn log(row: &MeetingRow, policy: &Policy, say: Say) -> Markup {
    html! {
        li id={ "meeting-" (row.n) } {
            h2 {
                (badge(row.grade, policy)) " "
                a href={ "/incidents/" (row.n) } { (row.n) } " " (row.code)
            }
            p {
                @if row.place.is_empty() { (t!(say, "meeting-no-place")) } @else { (row.place) }
                @if let Some(district) = &row.district { ", " (district) }
                " " span.meta {
                    (t!(say, "meeting-owner", time = row.open_for.as_str(),
                        owner = row.owner_words.as_str()))
                }
            }
            dl.facts {
                dt { (t!(say, "meeting-why")) }
                dd { (row.reasons.join(", ")) }
                dt { (t!(say, "meeting-thrive")) }
                dd {
                    @if row.thrive.is_empty() { strong.late { (t!(say, "meeting-no-thrive")) } }
                    @else { (row.thrive.join(", ")) }
                }
                dt { (t!(say, "meeting-owed", n = row.owed.len())) }
                dd { ul { @for owed in row.owed.iter().take(OWED) {
                    li {
                        (owed.words) " " span.count.late[owed.late] { (owed.countdown) } " "
                        span.meta { (owed.owner_words) }
                    }
                } } }
                dt { (t!(say, "meeting-decided")) }
                dd {
                    @match &row.decided {
                        Some(decided) => {
                            a href={ "/incidents/" (row.n) "#entry-" (decided.entry) } {
                                (decided.words)
                            } " "
                            span.meta {
                                (t!(say, "meeting-decided-by", by = decided.by.to_string(),
                                    at = clock(decided.at, policy),
                                    age = decided.age_words.as_str()))
                            }
                        }
                        None => {
                            strong { (t!(say, "meeting-undecided")) } " "
                            a.no-print href={ "/incidents/" (row.n) "#decide" } {
                                (t!(say, "meeting-decide"))
                            }
                        }
                    }
                }
            }
        }
    }
}
