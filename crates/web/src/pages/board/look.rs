//! A log that is opened on the board is a look at a person's record: it is recorded before anything
//! is shown, once for each opening and not for each refresh.

use crate::App;
use crate::api::audit::{self, Why};
use crate::pages::frame::Viewer;
use crate::problem::Problem;
use rules::incident::Incident;
use rules::name::Reason;
use rules::state::State;
use rules::time::Span;

/// A log that stays open on a screen is recorded again after this long.
pub(crate) const LOOK_HOLDS: Span = Span::minutes(30);

/// Whether the board itself is reason enough to look: an open log, and somebody on duty who works
/// it, or has it in hand.
pub(super) fn is_at_work(viewer: &Viewer, state: &State, log: &Incident) -> bool {
    let on_duty = state.staff.get(&viewer.by.staff).is_some_and(|on| !on.on_break);
    viewer.is_anybody()
        || viewer.may("command_line") && (on_duty || audit::handles(state, log, viewer))
}

/// Records that this log is opened on the board, if it is not known to be open there.
pub(super) async fn record(
    app: &App,
    viewer: &Viewer,
    state: &State,
    log: &Incident,
) -> Result<(), Problem> {
    let now = app.room.now();
    if app.looked.has(viewer, log.number, now) {
        return Ok(());
    }
    let said = if viewer.is_anybody() {
        "demonstration: invented people"
    } else {
        "selected on the dispatch board"
    };
    let why = if audit::handles(state, log, viewer) {
        Why::Handling
    } else {
        Why::Said(Reason::parse(said).map_err(Problem::invalid)?)
    };
    audit::record(app, viewer, &format!("incident {}", log.number), why).await?;
    app.looked.keep(viewer, log.number, now);
    Ok(())
}
