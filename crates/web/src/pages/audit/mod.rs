//! For those who look into what happened: who looked at what and why, and a log as it stood at any
//! second. Every look of theirs is recorded as well, with its purpose, before anything is shown.

mod looks; //  who looked at what
mod replay; // a log as it stood
mod seen; //   the log through the eyes of a role

use super::Shared;
use super::frame::{Page, Viewer, whole};
use super::words::zone;
use crate::App;
use crate::lang::Say;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use maud::{Markup, html};
use rules::policy::Policy;
use rules::time::Instant;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/audit", get(looks::page).post(looks::found))
        .route("/audit/replay", post(replay::open))
        .route("/audit/replay/{incident}", get(replay::page))
}

fn show(app: &App, viewer: &Viewer, title: String, main: Markup) -> Response {
    let page = Page { name: "audit", title, css: &["audit.css"], js: &[], main, seq: None };
    whole(app, Some(viewer), &page)
}

/// A field with its label.
fn field(id: &str, label: &str, input: Markup) -> Markup {
    html! { div.field { label for=(id) { (label) } (input) } }
}

/// The words of an audit page.
fn words(viewer: &Viewer) -> Say {
    viewer.say("audit")
}

/// A moment as a form's field gives it, on the force's clock; in the hour that comes twice, the
/// first of the two.
pub(super) fn moment(text: &str, policy: &Policy) -> Option<Instant> {
    let local: jiff::civil::DateTime = text.trim().parse().ok()?;
    let moment = local.to_zoned(zone(policy)).ok()?;
    Some(Instant(moment.timestamp().as_millisecond()))
}

/// A moment as a form's field takes it.
pub(super) fn local(at: Instant, policy: &Policy) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(moment) => moment.to_zoned(zone(policy)).strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        Err(_) => String::new(),
    }
}
