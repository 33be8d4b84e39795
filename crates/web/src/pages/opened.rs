//! Who has opened which log on a page. A look at a person's record is recorded once, when the log
//! is opened; the parts of the page that refresh themselves belong to that look.

use super::DEMO;
use super::frame::Viewer;
use crate::App;
use crate::api::audit::{self, Why};
use crate::api::show::any_log;
use crate::caller::Caller;
use crate::problem::{Kind, Problem};
use rules::incident::Incident;
use rules::name::{IncidentNumber, Reason};
use rules::state::State;
use rules::time::Span;
use std::sync::Arc;

/// A look that is longer ago than a long shift is a new one.
pub(crate) const LOOK_HOLDS: Span = Span::minutes(12 * 60);

/// A log that somebody opens, for a purpose they state or that is plain from what they do. The look
/// is recorded before this answers.
pub(super) async fn opens(
    app: &Arc<App>,
    viewer: &Viewer,
    incident: &str,
    purpose: Option<&str>,
) -> Result<(Arc<State>, Incident), Problem> {
    let n = IncidentNumber::parse(incident).map_err(Problem::not_found)?;
    let (state, log) = any_log(app, n).await?;
    let why = match purpose {
        Some(text) => Why::Said(Reason::parse(text).map_err(Problem::invalid)?),
        None => plain_purpose(&state, &log, viewer)?,
    };
    audit::record(app, viewer, &format!("incident {n}"), why).await?;
    app.opened.keep(viewer, n, app.room.now());
    Ok((state, log))
}

/// The same log again, for a part of a page on which it has been opened.
pub(super) async fn goes_on(
    app: &Arc<App>,
    viewer: &Viewer,
    incident: &str,
) -> Result<(Arc<State>, Incident), Problem> {
    let n = IncidentNumber::parse(incident).map_err(Problem::not_found)?;
    if app.opened.has(viewer, n, app.room.now()) {
        return any_log(app, n).await;
    }
    opens(app, viewer, incident, None).await
}

/// Why somebody looks who has not said it: they handle the log; or it is open, and they are on duty
/// in the room that handles it; or all people in it are invented.
fn plain_purpose(state: &State, log: &Incident, caller: &Caller) -> Result<Why, Problem> {
    let said = |text: &str| Reason::parse(text).map(Why::Said).map_err(Problem::invalid);
    if &*caller.token == DEMO {
        return said("demonstration: invented people");
    }
    if audit::handles(state, log, caller) {
        return Ok(Why::Handling);
    }
    let on_duty = state.staff.get(&caller.by.staff).is_some_and(|on| !on.on_break);
    if log.closed.is_none() && on_duty && room::roles::may(caller.by.role, "read_log") {
        return said(&format!("on duty as {}, the log being open", caller.by.role.words()));
    }
    Err(Problem::new(Kind::Purpose, "say why you look"))
}
