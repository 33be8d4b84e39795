//! The list beside the map: everything that is on it and whatever has no point, in an order that is
//! chosen, with distances from what is looked at.

use super::super::frame::Viewer;
use super::super::words::badge;
use super::asked::{Asked, By};
use super::found::found;
use super::matter::{Matter, everything, far, inexact};
use crate::App;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::command::Known;
use rules::line::short;
use rules::state::State;
use rules::views::map::{MapLog, MapUnit};

/// No more rows than this: the worst, or the nearest, come first.
const ROWS_MAX: usize = 1_000;

/// The list, and above it what it is about.
pub(super) fn part(app: &App, viewer: &Viewer, asked: &Asked) -> Markup {
    let say = viewer.say("map");
    let s = app.room.view();
    let all = everything(app, &s, asked);
    let chosen = asked.spot.as_ref().and_then(|spot| all.iter().find(|m| m.spot() == *spot));
    html! {
        section #map-list.list aria-labelledby="list-h" tabindex="-1" data-key="Alt+2"
            data-by=(asked.by.name()) {
            h2 #list-h { (t!(say, "map-list", n = all.len())) }
            (found(viewer, &s, asked, chosen))
            (from(chosen, &s, asked, say))
            div.scroll {
                table {
                    thead { tr {
                        th.what scope="col" aria-sort=[sorted(asked, By::Risk)]
                            { (order(asked, By::Risk, t!(say, "map-worst"))) }
                        th.name scope="col" aria-sort=[sorted(asked, By::Name)]
                            { (order(asked, By::Name, t!(say, "map-name"))) }
                        th scope="col" { (t!(say, "map-state")) }
                        th scope="col" { (t!(say, "map-where")) }
                        th.far scope="col" aria-sort=[sorted(asked, By::Near)]
                            { (order(asked, By::Near, t!(say, "map-far"))) }
                    } }
                    tbody {
                        @for matter in all.iter().take(ROWS_MAX) {
                            (row(matter, &s, asked, say))
                        }
                    }
                }
            }
            @if all.is_empty() { p { (t!(say, "map-nothing")) } }
        }
    }
}

fn sorted(asked: &Asked, by: By) -> Option<&'static str> {
    (asked.by == by).then_some("ascending")
}

fn order(asked: &Asked, by: By, words: String) -> Markup {
    html! {
        a.order href=(asked.address(asked.spot.as_ref(), by)) data-by=(by.name()) {
            (words) @if asked.by == by { span aria-hidden="true" { " \u{25b2}" } }
        }
    }
}

/// What distances are from.
fn from(chosen: Option<&Matter>, s: &State, asked: &Asked, say: Say) -> Markup {
    let placed = matches!(asked.place(), Some(Ok(_)));
    html! {
        @if !placed {
            p #from {
                @match chosen {
                    Some(matter) if matter.point().is_some() => {
                        (t!(say, "map-from", name = matter.name(s))) " "
                        a href=(asked.address(None, asked.by)) data-none { (t!(say, "map-from-none")) }
                    }
                    Some(matter) => (t!(say, "map-from-nowhere", name = matter.name(s))),
                    None => span.meta { (t!(say, "map-pick")) },
                }
            }
        }
    }
}

fn row(matter: &Matter, s: &State, asked: &Asked, say: Say) -> Markup {
    let spot = matter.spot();
    let current = (asked.spot.as_ref() == Some(&spot)).then_some("true");
    let name = matter.name(s);
    let show = t!(say, "map-show", name = name.as_str());
    html! {
        tr id=(matter.id()) aria-current=[current] {
            @match matter {
                Matter::Log(log) => { (what_log(log, s, say)) }
                Matter::Unit(unit) => { (what_unit(unit, say)) }
            }
            th scope="row" {
                a.show href=(asked.address(Some(&spot), asked.by)) aria-label=(show) { (name) }
            }
            td {
                @match matter {
                    Matter::Log(log) => { (state_of_log(log, say)) }
                    Matter::Unit(unit) => { (state_of_unit(unit, s, say)) }
                }
            }
            td {
                @if let Matter::Log(log) = matter { (place_of_log(log, say)) }
                @match matter.grid() {
                    Some(grid) => span.grid { (grid) },
                    None => span.dim { (t!(say, "map-no-point")) },
                }
            }
            td.far { @if let Some(metres) = matter.metres() { (far(metres, say)) } }
        }
    }
}

fn what_log(log: &MapLog, s: &State, say: Say) -> Markup {
    html! {
        td {
            @if log.emergency { strong.late { (t!(say, "map-emergency")) } " " }
            (badge(log.row.grade, &s.policy))
        }
    }
}

fn what_unit(unit: &MapUnit, say: Say) -> Markup {
    html! {
        td {
            @if unit.unit.emergency { strong.late { (t!(say, "map-emergency")) } " " }
            span.unit-badge data-stale[unit.unit.position_stale] {
                span aria-hidden="true" {
                    @if unit.unit.position_stale { "\u{25cb} " } @else { "\u{25cf} " }
                }
                (t!(say, "map-unit"))
            }
        }
    }
}

fn state_of_log(log: &MapLog, say: Say) -> Markup {
    let row = &log.row;
    html! {
        a href={ "/incidents/" (row.n) } { (row.code) }
        @if let Some(countdown) = &row.countdown {
            " " span.count.late[row.late] { (countdown) }
        }
        @for unit in &row.units { " " span.unit { (unit.unit) } }
        @if row.no_unit_since.is_some() { " " span.no-unit { (t!(say, "map-no-unit")) } }
    }
}

fn state_of_unit(unit: &MapUnit, s: &State, say: Say) -> Markup {
    let unit = &unit.unit;
    html! {
        (unit.status) " " (unit.status_label)
        @if let Some(on) = unit.on {
            " " a href={ "/incidents/" (on) } { (t!(say, "map-on", n = short(s, on))) }
        }
        @if unit.position_stale { " " span.stale { (unit.position_words) } }
    }
}

fn place_of_log(log: &MapLog, say: Say) -> Markup {
    html! {
        @if log.row.place.is_empty() { span.dim { (t!(say, "map-no-place")) } }
        @else { (log.row.place) }
        @if log.known != Known::Known { " " span.meta { (inexact(log.within, say)) } }
        " "
    }
}
