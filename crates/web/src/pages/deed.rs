//! Every deed of every page: a form whose address names a command. The page's script sends it and
//! reads the answer as the API gives it; without a script the browser goes back to the page.

use super::fields::{Clock, object};
use super::form::{Fields, accepts_json};
use super::frame::Viewer;
use super::look::Look;
use super::words::zone;
use super::{Shared, problem_page, said_place, see_other};
use crate::App;
use crate::api::ask;
use crate::caller::allow;
use crate::problem::{Kind, Problem};
use crate::routes::{Does, ROUTES};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use room::Act;
use rules::name::IncidentNumber;
use rules::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

/// Fields that are about the deed and not of the command.
const OWN: [&str; 5] = ["deed-id", "deed-happened", "deed-ago", "deed-version", "deed-back"];
/// A deed that waited for a connection is no older than a long shift.
const AGO_MS_MAX: i64 = 12 * 3_600_000;

/// Answers `POST /do/{command}`.
pub(super) async fn deed(
    State(Shared(app)): State<Shared>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let wants_json = accepts_json(&parts.headers);
    let done = match Fields::read(&parts.headers, body, app.config.limits.body_bytes).await {
        Ok(fields) => give(&app, &parts.headers, &name, fields.all()).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok((response, _)) if wants_json => response,
        Ok((_, back)) => see_other(&back),
        Err(problem) if wants_json => problem.into_response(),
        Err(problem) => problem_page(&app, problem),
    }
}

/// Gives the command. What is returned is the answer and the page to go back to.
async fn give(
    app: &Arc<App>,
    headers: &HeaderMap,
    name: &str,
    fields: Vec<(String, String)>,
) -> Result<(Response, String), Problem> {
    let viewer = signed_on(app, headers)?;
    app.gates.token(&viewer.token)?;
    let row = ROUTES.iter().find(|r| r.action == Some(name)).map(|r| &r.does);
    let Some(Does::Command { parse, schema, creates }) = row else {
        return Err(Problem::not_found("there is no such deed: load the page again"));
    };
    allow(&viewer.by, name)?;
    let (own, fields): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|(name, _)| OWN.contains(&name.as_str()));
    let fields = said_place::read(fields)?;
    let own = |name: &str| own.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
    let clock = clock(app);
    let mut act = Act::new(viewer.by.clone(), parse(object(&fields, *schema, &clock))?);
    if !own("deed-id").is_empty() {
        let id = Uuid::parse_str(own("deed-id")).ok().filter(|id| !id.is_nil());
        act.id = id.ok_or_else(|| Problem::invalid("load the page again: its form has no id"))?;
    }
    if !own("deed-happened").is_empty() {
        let at = clock.last(own("deed-happened")).ok_or_else(|| {
            Problem::invalid("write when it happened as hours and minutes, such as 22:50")
        })?;
        act.happened_at = Some(at);
    } else if !own("deed-ago").is_empty() {
        act.happened_at = Some(ago(clock.now, own("deed-ago"))?);
    }
    act.expected = expected(own("deed-version"))?;
    let back = back(own("deed-back"));
    let done = ask::carried_out(app, &viewer.by, act).await?;
    Ok((ask::answer(app, done, *creates).await?, back))
}

/// Whoever is signed on; looking at a demonstration is not enough to do anything.
pub(super) fn signed_on(app: &App, headers: &HeaderMap) -> Result<Viewer, Problem> {
    let caller = app.sessions.caller(app, headers).ok_or_else(|| {
        Problem::new(Kind::SignOn, "nobody is signed on here: sign on, and do it again")
    })?;
    Ok(Viewer { caller, look: Look::of(headers) })
}

/// The force's clock as it stands.
pub(super) fn clock(app: &App) -> Clock {
    Clock { now: app.room.now(), zone: zone(&app.room.view().policy) }
}

/// When a deed was done that waited for a connection, from the milliseconds since then: so the
/// phone's own clock may be wrong.
fn ago(now: Instant, text: &str) -> Result<Instant, Problem> {
    let ms = text.parse::<i64>().ok().filter(|ms| (0..=AGO_MS_MAX).contains(ms));
    let ms = ms.ok_or_else(|| {
        Problem::invalid("this update is older than a shift: say what happened in a note")
    })?;
    Ok(Instant(now.0 - ms))
}

/// `20261121-0412@17`: this log as its page showed it.
fn expected(text: &str) -> Result<Option<(IncidentNumber, u64)>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (n, version) = text.split_once('@')?;
        Some((IncidentNumber::parse(n).ok()?, version.parse().ok()?))
    };
    read().map(Some).ok_or_else(|| Problem::invalid("load the page again: its form has no version"))
}

/// A page of ours, never another site.
fn back(text: &str) -> String {
    let ours = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(['\\', '\r', '\n'])
        && text.is_ascii();
    if ours { text.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_goes_back_to_a_page_of_ours_only() {
        assert_eq!(back("/incidents/20261121-0001"), "/incidents/20261121-0001");
        for other in ["", "//evil", "https://evil", "/\\evil", "/a\r\nSet-Cookie: x", "/ŵ"] {
            assert_eq!(back(other), "/", "{other:?}");
        }
    }
}
