//! Six numbers for the wall of the room. No names, no places, no logs.

use super::super::frame::Viewer;
use super::super::part;
use super::super::words::clock;
use super::super::{Shared, viewer_who_may};
use super::live;
use crate::App;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::views::wall::{Standing, WallAbout, WallNumber, wall};

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_board") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let title = t!(viewer.say("wall"), "wall-title");
    let main = html! { h1.hidden { (title) } (numbers(&app, &viewer)) };
    live(&app, &viewer, "wall", title, main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_board", numbers)
}

fn numbers(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("wall");
    let (s, now) = (app.room.view(), app.room.now());
    let all = wall(&s, now);
    html! {
        div #numbers data-live="alarms contacts units" data-live-every="1000"
            data-from="/fragments/wall" data-again="5" {
            dl.numbers { @for number in &all { (one(number, say)) } }
            p.meta { (t!(say, "wall-as-at", at = clock(now, &s.policy))) }
            details {
                summary { (t!(say, "wall-legend")) }
                dl.legend { @for number in &all {
                    dt { (name(number.about, say)) }
                    dd { (definition(number.about, say)) }
                } }
            }
        }
    }
}

fn one(number: &WallNumber, say: Say) -> Markup {
    let (class, shape, word) = match number.standing {
        Standing::Met => ("number met", "●", t!(say, "wall-met")),
        Standing::Over => ("number over", "▲", t!(say, "wall-over")),
        Standing::NoTarget => ("number", "○", t!(say, "wall-no-target")),
    };
    html! {
        div class=(class) {
            dt { (name(number.about, say)) }
            dd.digits { (number.value) }
            dd.standing {
                span aria-hidden="true" { (shape) } " " (word)
                @if !number.target.is_empty() {
                    " " (t!(say, "wall-target", target = number.target.as_str()))
                }
            }
        }
    }
}

fn name(about: WallAbout, say: Say) -> String {
    match about {
        WallAbout::EmergencyUnrecorded => t!(say, "wall-emergency"),
        WallAbout::OtherOldest => t!(say, "wall-other"),
        WallAbout::RingBacksLate => t!(say, "wall-ring-backs"),
        WallAbout::TopUnresourced => t!(say, "wall-unresourced"),
        WallAbout::OverTarget => t!(say, "wall-late"),
        WallAbout::DigitalOldest => t!(say, "wall-digital"),
    }
}

fn definition(about: WallAbout, say: Say) -> String {
    match about {
        WallAbout::EmergencyUnrecorded => t!(say, "wall-emergency-is"),
        WallAbout::OtherOldest => t!(say, "wall-other-is"),
        WallAbout::RingBacksLate => t!(say, "wall-ring-backs-is"),
        WallAbout::TopUnresourced => t!(say, "wall-unresourced-is"),
        WallAbout::OverTarget => t!(say, "wall-late-is"),
        WallAbout::DigitalOldest => t!(say, "wall-digital-is"),
    }
}
