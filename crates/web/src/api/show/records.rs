//! What is read from the journal and the history: on threads that may wait, and recorded first
//! where it is a person's record.

use super::{page_limit, unfinished};
use crate::App;
use crate::api::audit;
use crate::api::json;
use crate::api::view::query as q;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::tokens::hex;
use axum::response::Response;
use http::request::Parts;
use room::{Query, ReadFault};
use rules::event::{Event, Stream};
use rules::name::ContactId;
use rules::obligation::Subject;
use rules::time::Instant;
use rules::views::call::related;
use rules::views::faults::of_contact;
use rules::views::owed::owed_about;
use rules::views::session::{Session, Trainee};
use std::sync::Arc;

/// Reads on a thread that may wait.
pub(crate) async fn read<T: Send + 'static>(
    app: &App,
    f: impl FnOnce(&room::Room) -> Result<T, ReadFault> + Send + 'static,
) -> Result<T, Problem> {
    let room = app.room.clone();
    match tokio::task::spawn_blocking(move || f(&room)).await {
        Ok(read) => read.map_err(|fault| Problem::unread(&fault)),
        Err(_) => Err(unfinished()),
    }
}

pub(super) async fn contact(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    id: ContactId,
) -> Result<Response, Problem> {
    let view = match of_state(app, id) {
        Some(view) => view,
        None => read(app, move |room| of_journal(room, id)).await?.ok_or_else(|| {
            Problem::not_found(format!("there is no contact {id}: look it up in history"))
        })?,
    };
    let why = audit::why(&parts.headers, view.taken_by.staff == caller.by.staff)?;
    audit::record(app, caller, &format!("contact {id}"), why).await?;
    json(&view)
}

/// The open logs that a contact may be about, by its number and place. Recorded as a look at it.
pub(super) async fn matches(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    id: ContactId,
) -> Result<Response, Problem> {
    let state = app.room.view();
    let contact = state.contacts.get(&id).ok_or_else(|| {
        Problem::not_found(format!("contact {id} is not at hand: look it up in history"))
    })?;
    let why = audit::why(&parts.headers, contact.taken_by.staff == caller.by.staff)?;
    audit::record(app, caller, &format!("contact {id}"), why).await?;
    let log = contact.incidents.iter().rev().find_map(|n| state.incident(*n));
    json(&related(&state, contact, log.map(|log| &log.location), app.room.now()))
}

fn of_state(app: &App, id: ContactId) -> Option<q::ContactView> {
    let state = app.room.view();
    let contact = state.contacts.get(&id)?.clone();
    let heard = contact.heard.unwrap_or_default();
    Some(q::ContactView {
        contact: id,
        channel: contact.channel,
        line: contact.line,
        name: contact.name,
        words: contact.words,
        location: contact.location,
        taken_by: contact.taken_by,
        received_at: contact.received_at,
        incidents: contact.incidents,
        settled: contact.settled,
        signals: contact.signals,
        rung_back: contact.rung_back,
        owed: owed_about(&state, &Subject::Contact(id), app.room.now()),
        faults: of_contact(&state, id, app.room.now()),
        recordings: heard.recordings.clone(),
        transcript: heard.in_order().into_iter().cloned().collect(),
    })
}

/// A contact that is no longer at hand, as its own stream tells it.
fn of_journal(room: &room::Room, id: ContactId) -> Result<Option<q::ContactView>, ReadFault> {
    if id.0 >= room.view().next_contact {
        return Ok(None);
    }
    let records = room.journal().read_stream(Stream::Contact(id).number(), 1, 100)?;
    let received = records.iter().filter_map(room::from_record).find_map(|(event, meta, _)| {
        let Event::ContactReceived { contact, channel, line, name, words, location, .. } = event
        else {
            return None;
        };
        Some(q::ContactView {
            contact,
            channel,
            line,
            name,
            words,
            location,
            taken_by: meta.by,
            received_at: meta.happened_at,
            incidents: Vec::new(),
            settled: true,
            signals: Vec::new(),
            rung_back: Vec::new(),
            owed: Vec::new(),
            faults: of_contact(&room.view(), id, room.now()),
            recordings: Vec::new(),
            transcript: Vec::new(),
        })
    });
    Ok(received.filter(|view| view.contact == id))
}

pub(super) async fn history(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    query: Query,
) -> Result<Response, Problem> {
    let why = audit::why(&parts.headers, false)?;
    json(&searched(app, caller, why, query).await?)
}

/// Looks for past contacts and logs. It is recorded before it is answered.
pub(crate) async fn searched(
    app: &App,
    caller: &Caller,
    why: audit::Why,
    query: Query,
) -> Result<room::Results, Problem> {
    if query.limit.is_some_and(|limit| !(1..=100).contains(&limit)) {
        return Err(Problem::invalid("'limit' is out of bounds: ask for 1 to 100 at a time"));
    }
    for (name, text) in [
        ("words", &query.words),
        ("line", &query.line),
        ("place", &query.place),
        ("person", &query.person),
    ] {
        audit::sought_is_short(name, text.as_deref().unwrap_or(""))?;
    }
    let asked: Vec<&str> = [
        ("words", query.words.is_some()),
        ("line", query.line.is_some()),
        ("place", query.place.is_some()),
        ("person", query.person.is_some()),
        ("time", query.from.is_some() || query.to.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, there)| there.then_some(name))
    .collect();
    let what = format!("search by {}", asked.join(" and "));
    let sought = format!("{} {}", sought(&query), if asked.is_empty() { "everything" } else { "" });
    let found = read(app, move |room| room.history().search(&query)).await?;
    let what = if asked.is_empty() { "search" } else { &what };
    // What was looked for and whose records came up are part of the look, before it is shown.
    audit::record_search(app, caller, what, &why, &sought, &of_whom(&found)).await?;
    Ok(found)
}

/// What was looked for, in words.
fn sought(query: &Query) -> String {
    let parts = [&query.words, &query.line, &query.place, &query.person];
    parts.into_iter().flatten().map(|text| format!("'{text}'")).collect::<Vec<_>>().join(", ")
}

/// Whose records came up.
fn of_whom(found: &room::Results) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for hit in &found.hits {
        let name = match (&hit.incident, hit.contact) {
            (Some(incident), _) => format!("log {incident}"),
            (None, Some(contact)) => format!("contact {contact}"),
            (None, None) => continue,
        };
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named
}

pub(super) async fn journal(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    asked: q::After,
) -> Result<Response, Problem> {
    let limit = page_limit(asked.limit, 100)?;
    let after = asked.after.unwrap_or(0);
    let why = audit::why(&parts.headers, false)?;
    audit::record(app, caller, &format!("journal after {after}"), why).await?;
    let head = app.room.view().seq;
    let from = after.saturating_add(1);
    let records = if from > head {
        Vec::new()
    } else {
        read(app, move |room| Ok(room.journal().read(from, limit)?)).await?
    };
    let next = records.last().map(|r| r.seq).filter(|last| *last < head);
    let records = records
        .into_iter()
        .map(|r| q::RecordView {
            seq: r.seq,
            stream: r.stream,
            version: r.version,
            recorded_at: Instant(r.recorded_at_ms),
            batch: r.batch,
            kind: r.kind.into(),
            key: r.key.map(|key| hex(&key)),
            payload: serde_json::from_slice(&r.payload).unwrap_or_else(|_| hex(&r.payload).into()),
            hash: hex(&r.hash),
        })
        .collect();
    json(&q::JournalPage { records, next })
}

/// So many events are read from the journal at a time.
const EVENTS_AT_ONCE: usize = 5_000;

/// What each trainee did, and let run. Only a training room shows it: in a live one nobody is
/// counted so.
pub(crate) async fn trainees(app: &App) -> Result<Vec<Trainee>, Problem> {
    if !app.config.training {
        return Err(Problem::not_found(
            "this is no training room: start one with `callbox demo --training`",
        ));
    }
    read(app, |room| {
        let (mut session, mut after) = (Session::default(), 0);
        loop {
            let notices = room.notices_after(after, EVENTS_AT_ONCE)?;
            let Some(last) = notices.last() else { break };
            after = last.seq;
            for n in &notices {
                session.take(&n.event, &n.by, n.at);
            }
        }
        Ok(session.trainees(&room.view()))
    })
    .await
}
