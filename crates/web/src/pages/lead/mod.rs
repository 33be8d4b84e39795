//! For those who lead the room: what waits for their decision, the whole force on one page, the
//! handover, the wall, and how the alarms themselves are doing.

mod alarm_day; //  how they did over the last day
mod alarm_page; // how the alarms are doing, and the catalogue
mod decisions; //  what waits for my decision
mod fim; //        the force on one page
mod handover; //   built by who goes, accepted by who comes
mod meeting; //    every open log by risk, for the meeting
mod sample; //     escalations drawn by chance, and what reviewers say
mod wall; //       six numbers

use super::Shared;
use super::frame::{Page, Viewer, whole};
use crate::App;
use crate::lang::{Say, t};
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use rules::policy::Level;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/decisions", get(decisions::page))
        .route("/fragments/decisions", get(decisions::fragment))
        .route("/decisions/sample", get(sample::page))
        .route("/handover", get(handover::page))
        .route("/fragments/handover", get(handover::fragment))
        .route("/fim", get(fim::page))
        .route("/fragments/fim", get(fim::fragment))
        .route("/meeting", get(meeting::page))
        .route("/fragments/meeting", get(meeting::fragment))
        .route("/wall", get(wall::page))
        .route("/fragments/wall", get(wall::fragment))
        .route("/alarms", get(alarm_page::page))
        .route("/fragments/alarm-counts", get(alarm_page::fragment))
        .route("/fragments/alarm-day", get(alarm_day::fragment))
}

pub(super) use handover::to_accept;

/// A live page.
pub(super) fn live(
    app: &App,
    viewer: &Viewer,
    name: &'static str,
    title: String,
    main: Markup,
) -> Response {
    let seq = Some(app.room.view().seq);
    let page = Page { name, title, css: &["lead.css"], js: &[], main, seq };
    whole(app, Some(viewer), &page)
}

/// A level as a shape, a word and a colour.
pub(super) fn level_badge(level: Option<Level>, say: Say) -> Markup {
    let (class, shape, word) = match level {
        Some(Level::A1) => ("badge level a1", "■", t!(say, "lead-level-critical")),
        Some(Level::A2) => ("badge level a2", "▲", t!(say, "lead-level-high")),
        Some(Level::A3) => ("badge level a3", "◆", t!(say, "lead-level-prompt")),
        _ => ("badge level a4", "●", t!(say, "lead-level-record")),
    };
    html! { span class=(class) { span aria-hidden="true" { (shape) } " " (word) } }
}
