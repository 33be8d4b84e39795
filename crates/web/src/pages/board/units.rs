//! The units by status. An officer who calls for help stands first, whatever else there is.

use super::super::{Shared, viewer_who_may};
use super::say;
use crate::App;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, html};
use rules::line::short;
use rules::state::State as Room;
use rules::views::units::{UnitRow, units};
use std::collections::BTreeMap;

/// The strip alone, when a unit has changed.
pub(in crate::pages) async fn fragment(
    State(Shared(app)): State<Shared>,
    parts: Parts,
) -> Response {
    match viewer_who_may(&app, &parts, "view_board") {
        Ok(_) => Html(strip(&app, say()).into_string()).into_response(),
        Err(instead) => *instead,
    }
}

/// The strip.
pub(super) fn strip(app: &App, say: Say) -> Markup {
    let s = app.room.view();
    let mut by_status: BTreeMap<(u8, String), Vec<UnitRow>> = BTreeMap::new();
    let on_duty = |u: &UnitRow| u.on_shift || u.on.is_some() || u.emergency;
    for unit in units(&s, app.room.now()).into_iter().filter(on_duty) {
        by_status.entry((unit.status, unit.status_label.clone())).or_default().push(unit);
    }
    html! {
        section #units.units aria-label=(t!(say, "board-units-by-status")) data-key="Alt+3"
            tabindex="-1" data-live="units" data-live-every="1000" data-from="/fragments/units" {
            @if by_status.is_empty() { p.dim { (t!(say, "board-no-units")) } }
            dl {
                @for ((status, label), units) in &by_status {
                    div.emergency[*status == 0] {
                        dt { strong { (status) } " " (label) }
                        dd { @for unit in units { (one(unit, &s, say)) " " } }
                    }
                }
            }
        }
    }
}

fn one(unit: &UnitRow, s: &Room, say: Say) -> Markup {
    html! {
        span.unit.stale[unit.position_stale] {
            (unit.call_sign)
            @if let Some(group) = unit.radio.as_ref().and_then(|r| r.talk_group.as_ref()) {
                " " small.radio { (group) }
            }
            @if let Some(on) = unit.on {
                span aria-hidden="true" { "→" } span.hidden { (t!(say, "board-unit-on")) }
                a href={ "/?log=" (on) } data-pick=(on) { (short(s, on)) }
            }
            @if unit.status == 0 || unit.on.is_some() { " " small { (unit.since_words) } }
            @if unit.emergency { " " small { (unit.position_words) } }
            @else if unit.position_stale {
                small.hollow { span aria-hidden="true" { "○" }
                    span.hidden { (t!(say, "board-unit-stale")) } }
            }
        }
    }
}
