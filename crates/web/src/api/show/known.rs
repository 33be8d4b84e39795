//! What is known of people before they say a word: markers, and messages they left. Recorded first.

use crate::App;
use crate::api::audit::{self, Why};
use crate::api::json;
use crate::api::view::query as q;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::response::Response;
use http::request::Parts;
use rules::name::{ContactId, MarkerId, MessageId};
use rules::state::State;
use rules::views::{markers, messages};
use std::sync::Arc;

/// Markers and messages that a call meets. Recorded with what came up.
pub(super) async fn of_contact(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    id: ContactId,
) -> Result<Response, Problem> {
    let (state, now) = (app.room.view(), app.room.now());
    let contact = state.contacts.get(&id).ok_or_else(|| {
        Problem::not_found(format!("contact {id} is not at hand: look it up in history"))
    })?;
    let why = audit::why(&parts.headers, contact.taken_by.staff == caller.by.staff)?;
    let log = contact.incidents.iter().rev().find_map(|n| state.incident(*n));
    let known = q::KnownOfContact {
        markers: markers::on_call(&state, contact, log.map(|log| &log.location), now),
        messages: messages::on_call(&state, contact, now),
    };
    let marked = known.markers.iter().map(|m| format!("marker {}", m.marker));
    let left = known.messages.iter().map(|m| format!("message {}", m.row.message));
    let found: Vec<String> = marked.chain(left).collect();
    let sought = format!("what is known of contact {id}");
    audit::record_search(app, caller, "search", &why, &sought, &found).await?;
    json(&known)
}

/// Markers by a number, a name or a place.
pub(super) async fn search(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    asked: q::Marked,
) -> Result<Response, Problem> {
    let why = audit::why(&parts.headers, false)?;
    json(&looked_up(app, caller, &asked, &why).await?)
}

/// The same, for a page.
pub(crate) async fn looked_up(
    app: &App,
    caller: &Caller,
    asked: &q::Marked,
    why: &Why,
) -> Result<Vec<markers::MarkerWhole>, Problem> {
    let line = asked.line.as_ref().map(ToString::to_string);
    let person = asked.person.as_ref().map(ToString::to_string);
    let place = asked.place.as_ref().map(ToString::to_string);
    let fields = [("line", line), ("person", person), ("place", place)];
    let mut sought = Vec::new();
    for (name, text) in fields {
        if let Some(text) = text {
            audit::sought_is_short(name, &text)?;
            sought.push(format!("{name} '{text}'"));
        }
    }
    if sought.is_empty() {
        return Err(Problem::invalid("write a number, a name or a place to look for"));
    }
    let (line, person, place) = (asked.line.as_ref(), asked.person.as_ref(), asked.place.as_ref());
    let state = app.room.view();
    let found = markers::look_up(&state, line, person, place, app.room.now());
    let ids: Vec<String> = found.iter().map(|m| format!("marker {}", m.row.marker)).collect();
    audit::record_search(app, caller, "search", why, &sought.join(", "), &ids).await?;
    Ok(found)
}

pub(super) async fn marker(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    id: MarkerId,
) -> Result<Response, Problem> {
    let view = one_marker(&app.room.view(), id, app)?;
    let why = audit::why(&parts.headers, looks_again(&view, caller))?;
    audit::record(app, caller, &format!("marker {id}"), why).await?;
    json(&view)
}

pub(crate) fn one_marker(
    state: &State,
    id: MarkerId,
    app: &App,
) -> Result<markers::MarkerWhole, Problem> {
    markers::marker(state, id, app.room.now()).ok_or_else(|| {
        Problem::not_found(format!("there is no marker {id}: look for it by name, number or place"))
    })
}

/// Whether it is this person's to look at again: of their desk, or put by them.
pub(crate) fn looks_again(view: &markers::MarkerWhole, caller: &Caller) -> bool {
    view.row.review == caller.by.role || view.by.staff == caller.by.staff
}

pub(super) async fn message(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    id: MessageId,
) -> Result<Response, Problem> {
    let state = app.room.view();
    let view = one_message(&state, id, app)?;
    let why = audit::why(&parts.headers, messages::is_theirs(&state, id, &caller.by))?;
    audit::record(app, caller, &format!("message {id}"), why).await?;
    json(&view)
}

pub(crate) fn one_message(
    state: &State,
    id: MessageId,
    app: &App,
) -> Result<messages::MessageWhole, Problem> {
    messages::message(state, id, app.room.now()).ok_or_else(|| {
        Problem::not_found(format!("there is no message {id}: look at the list of those that wait"))
    })
}
