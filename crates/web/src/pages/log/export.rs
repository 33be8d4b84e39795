//! A log as it is kept: every record of its stream with its place in the journal and its hash, so
//! that whoever gets the file can check it against the journal.

use crate::App;
use crate::lang::{Say, t};
use crate::pages::form::{self, Fields};
use crate::pages::panels::On;
use crate::pages::{Shared, opened, problem_page, viewer_who_may};
use crate::problem::{Kind, Problem};
use crate::tokens::hex;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use maud::{Markup, html};
use rules::event::Stream;
use rules::name::IncidentNumber;
use serde::Serialize;
use std::sync::Arc;

/// The file.
#[derive(Serialize)]
struct Exported {
    incident: IncidentNumber,
    /// The newest record of the journal when the file was made.
    journal_head: u64,
    records: Vec<Record>,
}

#[derive(Serialize)]
struct Record {
    /// Its place in the whole journal.
    seq: u64,
    /// Its place in the log's own stream.
    version: u64,
    recorded_at_ms: i64,
    kind: String,
    /// What was recorded.
    payload: serde_json::Value,
    /// SHA-256 over the record before it in the journal and this one.
    hash: String,
}

/// The form: an export is a look of its own, with its own purpose.
pub(super) fn form(on: &On<'_>, say: Say) -> Markup {
    html! {
        details.fold.export #export data-focus {
            summary { (t!(say, "log-export")) }
            form.deed method="post" action={ "/incidents/" (on.log.number) "/export" } {
                div.field {
                    label for="export-why" { (t!(say, "log-export-why")) }
                    input #export-why name="purpose" type="text" required maxlength="480"
                        autocomplete="off";
                }
                button type="submit" { (t!(say, "log-export")) }
            }
        }
        @if on.viewer.may("view_replay") {
            p { a href={ "/audit/replay/" (on.log.number) } { (t!(say, "log-replay")) } }
        }
    }
}

/// Answers `POST /incidents/{incident}/export`: `purpose`.
pub(in crate::pages) async fn export(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_log") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let made = async {
        let fields = Fields::read(&parts.headers, body, form::SHORT).await?;
        let purpose = fields.text("purpose");
        if purpose.is_empty() {
            return Err(Problem::invalid("say what the export is for: it is recorded"));
        }
        let why = format!("export: {purpose}");
        let (_, log) = opened::opens(&app, &viewer, &incident, Some(&why)).await?;
        Ok((log.number, records(&app, log.number).await?))
    };
    match made.await {
        Ok((n, records)) => file(n, app.room.view().seq, records),
        Err(problem) => problem_page(&app, problem),
    }
}

async fn records(app: &Arc<App>, n: IncidentNumber) -> Result<Vec<Record>, Problem> {
    let room = app.room.clone();
    let read = tokio::task::spawn_blocking(move || {
        let stream = Stream::Incident(n).number();
        let mut all = Vec::new();
        for record in room.journal().each_of_stream(stream, 1) {
            let r = record?;
            all.push(Record {
                seq: r.seq,
                version: r.version,
                recorded_at_ms: r.recorded_at_ms,
                kind: r.kind.into(),
                payload: serde_json::from_slice(&r.payload)
                    .unwrap_or_else(|_| hex(&r.payload).into()),
                hash: hex(&r.hash),
            });
        }
        Ok::<_, room::ReadFault>(all)
    });
    match read.await {
        Ok(read) => read.map_err(|fault| Problem::unread(&fault)),
        Err(_) => {
            let detail = "the log could not be read, and it has been noted: try again";
            Err(Problem::new(Kind::Fault, detail))
        }
    }
}

fn file(incident: IncidentNumber, journal_head: u64, records: Vec<Record>) -> Response {
    let exported = Exported { incident, journal_head, records };
    let Ok(text) = serde_json::to_string_pretty(&exported) else {
        let detail = "the export could not be written, and it has been noted: tell support";
        return Problem::new(Kind::Fault, detail).into_response();
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let name = format!("attachment; filename=\"log-{incident}.json\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
