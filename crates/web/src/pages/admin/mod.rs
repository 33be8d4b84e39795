//! The policy: the one that holds as tables, a draft that is looked over while it is written, and
//! proposals that a second person reads and publishes.

mod diff; //     two texts, line by line
mod draft; //    writing
mod looked; //   what is wrong, what changes, test cases
mod policy; //   the policy that holds
mod preview; //  as a call handler would see it
mod proposal; // what a second person reads
mod tables; //   a policy as tables

use super::form::Fields;
use super::frame::{Page, Viewer, whole};
use super::{Shared, deed};
use crate::App;
use crate::caller::allow;
use crate::problem::Problem;
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{get, post};
use maud::Markup;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/admin/policy", get(policy::page))
        .route("/fragments/proposals", get(policy::fragment))
        .route("/admin/policy/draft", get(draft::page).post(draft::keep))
        .route("/admin/policy/draft/look", post(draft::look))
        .route("/admin/policy/draft/case", post(draft::add_case))
        .route("/admin/policy/draft/reset", post(draft::reset))
        .route("/admin/policy/proposals/{proposal}", get(proposal::page).post(proposal::previewed))
}

/// A page of this part.
fn shown(app: &App, viewer: &Viewer, name: &'static str, title: String, main: Markup) -> Response {
    let seq = Some(app.room.view().seq);
    let css = &["admin.css"];
    whole(app, Some(viewer), &Page { name, title, css, js: &["admin.js"], main, seq })
}

/// The fields of a form of this part, and who sent it.
struct Sent {
    viewer: Viewer,
    fields: Fields,
}

impl Sent {
    async fn read(app: &App, request: Request, action: &str) -> Result<Sent, Problem> {
        let (parts, body) = request.into_parts();
        let viewer = deed::signed_on(app, &parts.headers)?;
        app.gates.token(&viewer.token)?;
        allow(&viewer.by, action)?;
        let fields = Fields::read(&parts.headers, body, app.config.limits.body_bytes).await?;
        Ok(Sent { viewer, fields })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    fn text(&self, name: &str) -> &str {
        self.field(name).map_or("", str::trim)
    }

    /// What is to be previewed.
    fn preview(&self) -> preview::Wanted {
        preview::Wanted { code: self.text("code").to_owned(), words: self.text("words").to_owned() }
    }
}
