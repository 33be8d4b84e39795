//! Who looked at what, and why: for those who look after those who look.

use super::page_limit;
use super::records::read;
use crate::App;
use crate::api::audit::{self, PURPOSE, Why};
use crate::api::json;
use crate::api::view::query as q;
use crate::caller::Caller;
use crate::problem::Problem;
use axum::response::Response;
use http::request::Parts;
use room::{Looks, LooksFrom, LooksWanted};
use rules::name::Reason;
use std::sync::Arc;

/// What such a look is recorded as.
const WHAT: &str = "looks";

/// Answers `GET /audit`. Whoever may see this may always say that they audit.
pub(super) async fn api(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    asked: q::Audit,
) -> Result<Response, Problem> {
    let why = match parts.headers.contains_key(PURPOSE) {
        true => audit::why(&parts.headers, false)?,
        false => Why::Said(Reason::parse("audit").map_err(Problem::invalid)?),
    };
    let found = found(app, caller, why, asked).await?;
    let reads = found.looks.into_iter().map(|look| q::ReadView {
        number: look.number,
        seq: look.seq,
        at: look.at,
        by: look.by,
        what: look.what,
        purpose: look.purpose,
    });
    json(&q::AuditPage { reads: reads.collect(), next: found.next })
}

/// The looks that are wanted. That somebody looks at them is recorded before they are shown.
pub(crate) async fn found(
    app: &Arc<App>,
    caller: &Caller,
    why: Why,
    asked: q::Audit,
) -> Result<Looks, Problem> {
    let limit = page_limit(asked.limit, 100)?;
    audit::sought_is_short("words", asked.words.as_deref().unwrap_or(""))?;
    let sought = sought(&asked);
    let from = match (asked.before, asked.after) {
        (Some(_), Some(_)) => {
            let detail = "ask for looks after a place or before one, not for both";
            return Err(Problem::invalid(detail));
        }
        (Some(before), None) => LooksFrom::Before(before),
        (None, after) => LooksFrom::After(after.unwrap_or(0)),
    };
    let wanted = LooksWanted {
        staff: asked.staff,
        incident: asked.incident,
        words: asked.words.filter(|words| !words.trim().is_empty()),
        from: asked.from,
        to: asked.to,
    };
    let found = read(app, move |room| room.looks(&wanted, from, limit)).await?;
    let n = format!("{} looks", found.looks.len());
    audit::record_search(app, caller, WHAT, &why, &sought, &[n]).await?;
    Ok(found)
}

/// What was looked for, in words.
fn sought(asked: &q::Audit) -> String {
    let parts = [
        asked.staff.as_ref().map(|staff| format!("by {staff}")),
        asked.incident.map(|n| format!("at {n}")),
        asked.words.as_ref().map(|words| format!("'{words}'")),
        (asked.from.is_some() || asked.to.is_some()).then(|| "in a time".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "all looks".to_owned() } else { parts.join(", ") }
}
