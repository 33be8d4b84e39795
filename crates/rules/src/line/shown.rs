//! What is only looked at: nothing changes.

use super::reading::{Reading, Stop};
use super::resolve::looks_like_log;
use super::{Understood, View};
use crate::name::{CallSign, IncidentNumber};

/// `F words`
pub(super) fn find(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let words = r.words_for("say what to look for, as in 'F davies 1991'")?.to_string();
    Ok(Understood::Show(View::Find { words }))
}

/// `R`
pub(super) fn thrive(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let incident = r.log_here()?.number;
    r.nothing_more()?;
    Ok(Understood::Show(View::Thrive { incident }))
}

/// A log or a unit, if one is written.
fn log_or_unit(r: &mut Reading<'_>) -> Result<(Option<IncidentNumber>, Option<CallSign>), Stop> {
    let found = match r.line.next() {
        None => (None, None),
        Some(token) if looks_like_log(token.text) => (Some(r.open_log(&token)?.number), None),
        Some(token) => (None, Some(r.unit(&token)?.call_sign.clone())),
    };
    r.nothing_more()?;
    Ok(found)
}

/// `O`, `O 0413`, `O 14`
pub(super) fn candidates(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let (named, call_sign) = log_or_unit(r)?;
    let incident = match named {
        Some(n) => n,
        None => r.log()?.number,
    };
    Ok(Understood::Show(View::Candidates { incident, call_sign }))
}

/// `M`, `M 0413`, `M 14`
pub(super) fn map(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let (named, call_sign) = log_or_unit(r)?;
    let selected = if call_sign.is_none() { r.named.or(r.desk.selected) } else { None };
    Ok(Understood::Show(View::Map { incident: named.or(selected), call_sign }))
}
