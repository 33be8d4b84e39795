//! A person's record is shown only with a purpose, and only after the look at it has been recorded
//! for good. What is not recorded is not shown.

use super::ask::text_of;
use crate::App;
use crate::caller::{Caller, allow};
use crate::problem::{Kind, Problem};
use http::{HeaderMap, HeaderName};
use room::Act;
use rules::command::RecordRead;
use rules::incident::Incident;
use rules::name::{Label, Reason};
use rules::state::State;

/// The header that says why somebody looks.
pub(crate) const PURPOSE: HeaderName = HeaderName::from_static("callbox-purpose");

/// Why somebody looks.
pub(crate) enum Why {
    /// They handle it.
    Handling,
    /// As they say.
    Said(Reason),
}

/// The purpose: what the request says, or handling where this person handles it.
pub(crate) fn why(headers: &HeaderMap, handles: bool) -> Result<Why, Problem> {
    match text_of(headers, &PURPOSE)? {
        Some(text) => Reason::parse(text).map(Why::Said).map_err(Problem::invalid),
        None if handles => Ok(Why::Handling),
        None => Err(Problem::new(
            Kind::Purpose,
            "say why you look: send the header Callbox-Purpose with a sentence; it is recorded",
        )),
    }
}

/// A purpose with what was looked for and whose records came up.
pub(crate) fn with(why: Why, sought: &str, found: &str) -> Result<Why, Problem> {
    /// The longest reason there is, in characters.
    const LONGEST: usize = 2_000;
    let purpose = match why {
        Why::Said(purpose) => purpose.to_string(),
        Why::Handling => "handling".to_owned(),
    };
    let whole = format!("{purpose} | sought {} | found {found}", sought.trim());
    let kept: String = whole.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    Reason::parse(&kept).map(Why::Said).map_err(Problem::invalid)
}

/// Records a look. Only when this has answered may anything be shown.
pub(crate) async fn record(
    app: &App,
    caller: &Caller,
    what: &str,
    why: Why,
) -> Result<(), Problem> {
    allow(&caller.by, "record_read")?;
    let purpose = match why {
        Why::Said(purpose) => purpose,
        Why::Handling => Reason::parse("handling").map_err(Problem::invalid)?,
    };
    let what = Label::parse(what).map_err(Problem::invalid)?;
    app.room.act(Act::new(caller.by.clone(), RecordRead { what, purpose })).await?;
    Ok(())
}

/// Whether somebody handles a log: owns it, opened it, supervises it, or is on a unit sent to it.
pub(crate) fn handles(state: &State, log: &Incident, caller: &Caller) -> bool {
    rules::views::replay::handles(state, log, &caller.by.staff)
}
