//! Fact or opinion? Words that judge are pointed out while somebody writes; nothing is refused.

use crate::lang::t;
use crate::pages::form::Fields;
use crate::pages::{Shared, deed};
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use maud::html;
use rules::incident::opinion::opinions;

/// Whether a field is one in which somebody writes sentences.
fn is_written(name: &str) -> bool {
    !name.starts_with("deed-") && !name.ends_with(".element") && !name.ends_with(".rating")
}

/// Answers `POST /fragments/opinion`: whatever the form holds so far, which is never part of an
/// address and is not kept. An informant's own words are theirs.
pub(in crate::pages) async fn opinion(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let asked = async {
        let viewer = deed::signed_on(&app, &parts.headers)?;
        app.gates.token(&viewer.token)?;
        let fields = Fields::read(&parts.headers, body, app.config.limits.body_bytes).await?;
        Ok::<_, Problem>((viewer, fields))
    };
    let (viewer, fields) = match asked.await {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let theirs = matches!(fields.text("own_words"), "yes" | "true" | "on");
    let written = fields.all().into_iter().filter(|(name, _)| !theirs && is_written(name));
    let state = app.room.view();
    let mut found: Vec<String> = Vec::new();
    for word in written.flat_map(|(_, text)| opinions(&state.policy, &text)) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    let say = viewer.say("log");
    let body = html! {
        @if !found.is_empty() {
            strong { (t!(say, "log-opinion")) } " "
            @for (i, word) in found.iter().enumerate() {
                @if i > 0 { ", " } q { (word) }
            }
            " " (t!(say, "log-opinion-words"))
        }
    };
    Html(body.into_string()).into_response()
}
