//! What sounds at my positions, on every page: one bar, the worst first, each with what to do.

use super::frame::Viewer;
use super::{Shared, lead, part};
use crate::App;
use crate::lang::t;
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::Level;
use rules::role::Owner;
use rules::views::alarms::{Alarm, alarms};

/// A position's name in pages and in the stream of sounds.
pub(super) fn position(owner: &Owner) -> String {
    match owner {
        Owner::Staff(staff) => format!("staff:{staff}"),
        Owner::Desk(role) => format!("desk:{role}"),
    }
}

/// The bar alone, when something has changed.
pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_alarms", bar)
}

/// The bar.
pub(super) fn bar(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("frame");
    let (state, now) = (app.room.view(), app.room.now());
    let board = alarms(&state, &viewer.by, now);
    let desks = board.desks.iter().map(|role| position(&Owner::Desk(*role)));
    let mine = position(&Owner::Staff(viewer.by.staff.clone()));
    let positions: Vec<String> = std::iter::once(mine).chain(desks).collect();
    let loud: Vec<&Alarm> = board.alarms.iter().filter(|a| a.level <= Level::A2).collect();
    let critical = |alarm: &&&Alarm| alarm.level == Level::A1 && !alarm.silenced;
    html! {
        section #alarms.alarms aria-label=(t!(say, "alarms")) data-live="alarms handovers"
            data-live-every="1000" data-positions=(positions.join(" "))
            data-from="/fragments/alarms" {
            (lead::to_accept(&state, viewer, now))
            @if board.flooded { p.flood { (t!(say, "alarms-flood")) } }
            @if loud.is_empty() { p.quiet { (t!(say, "alarms-none")) } }
            // Only the most urgent interrupt whoever listens to the page.
            @if let Some(worst) = loud.iter().find(critical) {
                p.hidden role="alert" { (worst.line) }
            }
            @for alarm in &loud { (line(alarm, &t!(say, "alarm-quiet"), &t!(say, "alarm-open"))) }
        }
    }
}

fn line(alarm: &Alarm, quiet: &str, open: &str) -> Markup {
    let level = format!("alarm {:?}", alarm.level).to_lowercase();
    let first = alarm.members.first().and_then(|m| m.n);
    html! {
        div class=(level) data-silenced[alarm.silenced] data-rule=(alarm.rule.name()) {
            p { strong { (alarm.line) } " " (alarm.what_to_do) }
            @if let Some(n) = first { a href={ "/incidents/" (n) } data-key="F9" { (open) } }
            @if !alarm.silenced {
                form method="post" action="/do/silence_alarm" data-do {
                    input type="hidden" name="rule" value=(alarm.rule.name());
                    button type="submit" data-quiet { (quiet) }
                }
            }
        }
    }
}
