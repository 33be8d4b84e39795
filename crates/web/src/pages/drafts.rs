//! What somebody is typing, kept while they type it.

use super::form::Fields;
use super::frame::Viewer;
use super::{Shared, deed};
use crate::App;
use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::sync::Arc;

/// More than a draft may hold, with what its encoding adds.
const FORM_BYTES: usize = 4 * room::drafts::LONGEST;

/// Answers `POST /drafts`: `key` and `text`.
pub(super) async fn keep(State(Shared(app)): State<Shared>, request: Request) -> Response {
    match kept(&app, request).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn kept(app: &Arc<App>, request: Request) -> Result<(), Problem> {
    let (parts, body) = request.into_parts();
    let viewer = deed::signed_on(app, &parts.headers)?;
    app.gates.token(&viewer.token)?;
    let fields = Fields::read(&parts.headers, body, FORM_BYTES).await?;
    let field = |name: &str| fields.get(name).unwrap_or("").to_owned();
    let (key, text, staff) = (field("key"), field("text"), viewer.by.staff.clone());
    let (room, at) = (app.room.clone(), app.room.now().0);
    let kept = tokio::task::spawn_blocking(move || room.drafts().keep(&staff, &key, &text, at));
    match kept.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(fault @ room::drafts::DraftFault::TooLong)) => {
            Err(Problem::new(Kind::TooLarge, fault.to_string()))
        }
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a draft is not kept");
            let detail = "what you type is not kept on the server now: send it, and tell support";
            Err(Problem::new(Kind::NotSaved, detail))
        }
        Err(_) => Err(Problem::new(Kind::NotSaved, "the draft is not kept: it is tried again")),
    }
}

/// What this person had typed in a field; nothing if it cannot be read.
pub(super) fn of(app: &App, viewer: &Viewer, key: &str) -> String {
    let found = app.room.drafts().of(&viewer.by.staff, key);
    found
        .unwrap_or_else(|fault| {
            tracing::error!(%fault, "a draft is not read");
            None
        })
        .unwrap_or_default()
}
