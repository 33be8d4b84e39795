//! Commands: a body and an address become one, the room carries it out or refuses, and the answer
//! says what happened.

use super::params::Params;
use super::{body, json};
use crate::App;
use crate::caller::Caller;
use crate::problem::{Kind, Problem};
use crate::routes::BASE;
use crate::sentences::of_complaint;
use axum::body::Bytes;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use room::{Act, Done};
use rules::command::Command;
use rules::event::{Event, Stream, Suggestion};
use rules::name::{
    BriefingId, ContactId, FaultId, HandoverId, IncidentNumber, Label, MarkerId, MessageId,
    OpeningCode, ProposalId,
};
use rules::role::By;
use rules::time::Instant;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

/// What makes the fields of a command into the command.
pub type Parse = fn(Map<String, Value>) -> Result<Command, Problem>;

/// A command as it can be asked for over HTTP.
pub trait Ask: DeserializeOwned + JsonSchema + Into<Command> {}
impl<C: DeserializeOwned + JsonSchema + Into<Command>> Ask for C {}

/// Reads a command from its fields.
///
/// # Errors
/// The first field that is wrong, and what to do about it.
pub fn parse<C: Ask>(fields: Map<String, Value>) -> Result<Command, Problem> {
    from_fields::<C>(fields).map(Into::into)
}

/// Reads anything from its fields.
pub(crate) fn from_fields<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|e| {
        let path = e.path().to_string();
        Problem::invalid(of_complaint(&path, &e.into_inner().to_string()))
    })
}

/// A command's schema, in place.
pub fn schema<C: Ask>(generator: &mut SchemaGenerator) -> Schema {
    C::json_schema(generator)
}

/// The header by which a repetition is known.
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that says when it happened.
pub(crate) const HAPPENED: HeaderName = HeaderName::from_static("callbox-happened-at");

/// What happened.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Answer {
    /// The command's id.
    #[schemars(with = "String")]
    id: Uuid,
    /// The place of its first event in the total order.
    first_seq: u64,
    /// The place of its last event.
    last_seq: u64,
    /// Whether this is the answer to an earlier call with the same id.
    repeated: bool,
    /// The log it opened or is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<IncidentNumber>,
    /// The contact it received.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ContactId>,
    /// The handover it built.
    #[serde(skip_serializing_if = "Option::is_none")]
    handover: Option<HandoverId>,
    /// The policy it proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalId>,
    /// The briefing it published.
    #[serde(skip_serializing_if = "Option::is_none")]
    briefing: Option<BriefingId>,
    /// The fault it reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<FaultId>,
    /// The marker it put.
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<MarkerId>,
    /// The message it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageId>,
    /// The log's version after it, for `If-Match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// The grade that was suggested, and why, where one was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested: Option<Suggestion>,
    /// Facts that do not go with the opening code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<CodeDoubted>,
    /// What happened, in order.
    events: Vec<String>,
}

/// Facts that do not go with the opening code.
#[derive(Serialize, JsonSchema)]
struct CodeDoubted {
    /// The doubt's name.
    doubt: Label,
    /// The code the facts suggest.
    suggests: OpeningCode,
    /// The words that raised it.
    words: String,
    /// Whether only a supervisor may keep the code.
    forced: bool,
}

/// Gives a command.
pub(super) async fn command(
    app: &Arc<App>,
    caller: Caller,
    headers: &HeaderMap,
    params: Params,
    bytes: Bytes,
    parse: Parse,
    creates: bool,
) -> Result<Response, Problem> {
    let mut fields = body::object(&bytes)?;
    for field in params.fields() {
        let (name, value) = field?;
        if fields.insert(name.clone(), value).is_some() {
            let detail = format!("the address names the {name} already: leave '{name}' out");
            return Err(Problem::invalid(detail));
        }
    }
    let mut act = Act::new(caller.by.clone(), parse(fields)?);
    if let Some(id) = idempotency_key(headers)? {
        act.id = id;
    }
    act.happened_at = happened_at(headers)?;
    act.expected = expected(headers, &params)?;
    let done = carried_out(app, &caller.by, act).await?;
    answer(app, done, creates).await
}

/// What the room says to a command. A repetition is answered to whoever gave it first, only.
pub(crate) async fn carried_out(app: &App, by: &By, act: Act) -> Result<Done, Problem> {
    let done = app.room.act(act).await?;
    if done.repeated && done.events.iter().any(|(_, meta)| meta.by.staff != by.staff) {
        let detail = "this Idempotency-Key belongs to a command of somebody else: make a new one";
        return Err(Problem::new(Kind::Conflict, detail));
    }
    Ok(done)
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<Uuid>, Problem> {
    let Some(text) = text_of(headers, &KEY)? else { return Ok(None) };
    // Some clients send it as a quoted text, as the header's draft standard has it.
    match Uuid::parse_str(text.trim().trim_matches('"')) {
        Ok(id) if !id.is_nil() => Ok(Some(id)),
        _ => Err(Problem::invalid("the Idempotency-Key is not a UUID: make a new one")),
    }
}

fn happened_at(headers: &HeaderMap) -> Result<Option<Instant>, Problem> {
    let Some(text) = text_of(headers, &HAPPENED)? else { return Ok(None) };
    let text = text.trim();
    if let Ok(ms) = text.parse() {
        return Ok(Some(Instant(ms)));
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => Ok(Some(Instant(at.as_millisecond()))),
        Err(_) => Err(Problem::invalid(
            "Callbox-Happened-At is no time: write 2026-11-21T22:05:00Z or milliseconds since 1970",
        )),
    }
}

fn expected(
    headers: &HeaderMap,
    params: &Params,
) -> Result<Option<(IncidentNumber, u64)>, Problem> {
    let Some(text) = text_of(headers, &header::IF_MATCH)? else { return Ok(None) };
    let text = text.trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text
        .trim_start_matches("W/")
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|version| version.parse().ok());
    let Some(version) = version else {
        let detail =
            "If-Match is not a version: send the ETag of the log as it came, such as \"12\"";
        return Err(Problem::invalid(detail));
    };
    if !params.names_incident() {
        return Err(Problem::invalid(
            "If-Match is for addresses that name a log: leave it out here",
        ));
    }
    Ok(Some((params.incident()?, version)))
}

/// A header's text, if it is there.
pub(crate) fn text_of<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'h str>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let text = std::str::from_utf8(value.as_bytes());
    if room::planted("unwrap_utf8") {
        return Ok(Some(text.expect("planted: a header that is not UTF-8 ends in a panic")));
    }
    text.map(Some)
        .map_err(|_| Problem::invalid(format!("the header {name} is not UTF-8 text: correct it")))
}

/// What happened, as JSON.
pub(crate) async fn answer(app: &Arc<App>, done: Done, creates: bool) -> Result<Response, Problem> {
    let incident = done.incident();
    let version = match incident {
        Some(n) => version_after(app, &done, n).await,
        None => None,
    };
    let (contact, handover) = (done.contact(), done.handover());
    let made = creates && !done.repeated;
    let answer = Answer {
        id: done.id,
        first_seq: done.first_seq,
        last_seq: done.last_seq,
        repeated: done.repeated,
        incident,
        contact,
        handover,
        proposal: done.proposal(),
        briefing: done.briefing(),
        fault: done.fault(),
        marker: done.marker(),
        message: done.message(),
        version,
        suggested: suggested(&done),
        doubts: doubts(&done),
        events: done.events.iter().map(|(event, _)| snake(event.name())).collect(),
    };
    let mut response = json(&answer)?;
    if made {
        *response.status_mut() = StatusCode::CREATED;
    }
    let location = match (incident, contact, handover) {
        (Some(n), ..) => Some(format!("{BASE}/incidents/{n}")),
        (_, Some(id), _) => Some(format!("{BASE}/contacts/{id}")),
        (_, _, Some(id)) => Some(format!("{BASE}/handovers/{id}")),
        _ => None,
    };
    let mut set = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|v| HeaderValue::from_str(&v).ok()) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::ETAG, version.map(|v| format!("\"{v}\"")));
    set(header::LOCATION, location.filter(|_| made));
    Ok(response)
}

/// The log's version right after this command, and not after the next one: another's change must
/// not pass as seen. What others have changed since is taken off the version as it is now.
async fn version_after(app: &Arc<App>, done: &Done, n: IncidentNumber) -> Option<u64> {
    let view = app.room.view();
    let now = view.incident(n)?.version;
    if view.seq == done.last_seq {
        return Some(now);
    }
    let (_, last) = done.events.iter().rev().find(|(e, _)| e.stream_incident() == Some(n))?;
    let (after, up_to, room) = (last.seq, view.seq, app.room.clone());
    let since = tokio::task::spawn_blocking(move || changes_between(&room, n, after, up_to)).await;
    match since {
        Ok(Ok(since)) => now.checked_sub(since),
        // It is saved: an answer without a version is better than none.
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "an answer goes without its log's version");
            None
        }
        Err(_) => None,
    }
}

/// How many events on a log between two places of the total order count as changes of it.
fn changes_between(
    room: &room::Room,
    n: IncidentNumber,
    after: u64,
    up_to: u64,
) -> Result<u64, room::ReadFault> {
    let journal = room.journal();
    let Some(from) = journal.read(after, 1)?.first().map(|r| r.version) else { return Ok(0) };
    let mut count = 0;
    for record in journal.each_of_stream(Stream::Incident(n).number(), from + 1) {
        let record = record?;
        if record.seq > up_to {
            break;
        }
        let changed = room::from_record(&record).filter(|(event, ..)| !event.is_of_obligations());
        count += u64::from(changed.is_some());
    }
    Ok(count)
}

fn suggested(done: &Done) -> Option<Suggestion> {
    done.events.iter().find_map(|(event, _)| match event {
        Event::Graded { suggested, .. } => Some(suggested.clone()),
        _ => None,
    })
}

fn doubts(done: &Done) -> Vec<CodeDoubted> {
    let doubted = done.events.iter().filter_map(|(event, _)| match event {
        Event::OpeningCodeDoubted { doubt, suggests, words, forced, .. } => Some(CodeDoubted {
            doubt: doubt.clone(),
            suggests: suggests.clone(),
            words: words.clone(),
            forced: *forced,
        }),
        _ => None,
    });
    doubted.collect()
}

/// An event's name as in the journal.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
