//! A log as it stood: folded from the journal by the rules that run, shown to those who look into
//! what happened, and recorded before it is.

use super::records::read;
use crate::App;
use crate::api::audit::{self, Why};
use crate::api::json;
use crate::api::view::then::{Chain, Replay, ReplayView, RoleSaw, Seen};
use crate::caller::Caller;
use crate::problem::{Kind, Problem};
use axum::response::Response;
use http::request::Parts;
use room::roles::may;
use room::{AsOf, Proved, ReadFault, Room, Told};
use rules::event::Stream;
use rules::incident::Incident;
use rules::name::IncidentNumber;
use rules::role::Role;
use rules::state::State;
use rules::time::Instant;
use rules::views::log::{Line, Timeline, log_view};
use rules::views::replay::{Moment, alarms_then, board_then, roles_then};
use std::sync::Arc;
use std::time::Duration;

/// How long one answer may fold for, twice.
const FOLD_WITHIN: Duration = Duration::from_secs(3);
/// How many records one answer checks.
const PROVE_MOST: u64 = 50_000;
/// So many moments before the one shown, and so many after.
const AROUND: (usize, usize) = (60, 15);

/// What a replay is recorded as.
pub(crate) async fn record(
    app: &Arc<App>,
    caller: &Caller,
    n: IncidentNumber,
    why: Why,
) -> Result<(), Problem> {
    audit::record(app, caller, &format!("replay of incident {n}"), why).await
}

/// Answers `GET /incidents/{incident}/replay`.
pub(super) async fn api(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    n: IncidentNumber,
    asked: Replay,
) -> Result<Response, Problem> {
    let why = audit::why(&parts.headers, false)?;
    let view = as_it_stood(app, n, asked).await?;
    record(app, caller, n, why).await?;
    json(&view)
}

/// What came of a folding.
enum Folded {
    NoSuchLog,
    /// The time was over: so many records of so many.
    Partly(u64, u64),
    NotYet,
    Whole(Box<ReplayView>),
}

/// The log as it stood. Whoever shows it records that first.
pub(crate) async fn as_it_stood(
    app: &Arc<App>,
    n: IncidentNumber,
    asked: Replay,
) -> Result<ReplayView, Problem> {
    match read(app, move |room| fold(room, n, asked)).await? {
        Folded::Whole(view) => Ok(*view),
        Folded::NoSuchLog => {
            Err(Problem::not_found(format!("there is no log {n}: check the number")))
        }
        Folded::NotYet => {
            Err(Problem::invalid(format!("log {n} was not open yet then: ask for a later moment")))
        }
        Folded::Partly(done, all) => {
            let detail = format!(
                "the room is being folded again up to then: {done} of {all} records so far; ask \
                 again, it goes on from there"
            );
            Err(Problem::new(Kind::Busy, detail))
        }
    }
}

fn fold(room: &Room, n: IncidentNumber, asked: Replay) -> Result<Folded, ReadFault> {
    let Some(end) = end_of(room, n)? else { return Ok(Folded::NoSuchLog) };
    let Some(told) = room.story(n, end, FOLD_WITHIN)? else { return Ok(Folded::NoSuchLog) };
    let (seq, at) = moment(room, &told, asked)?;
    if told.up_to < seq {
        return Ok(Folded::Partly(told.up_to, seq));
    }
    let then = match room.state_at(seq, FOLD_WITHIN)? {
        AsOf::Reached(then) => then,
        AsOf::Folded(done) => return Ok(Folded::Partly(done, seq)),
    };
    let Some(log) = room.log_at(&then, n)? else { return Ok(Folded::NotYet) };
    let chain = chain(&room.journal().prove(told.first, seq, PROVE_MOST)?);
    let seen = seen(room, &then, &log, at, asked.role.unwrap_or(Role::Dispatcher))?;
    Ok(Folded::Whole(Box::new(view(&told, &then, &log, at, chain, seen))))
}

/// The last record that is to be told: the newest while the log is open, else its last. `None` if
/// there is no such log.
fn end_of(room: &Room, n: IncidentNumber) -> Result<Option<u64>, ReadFault> {
    let head = room.view().seq;
    let Some(log) = room.log(n)? else { return Ok(None) };
    if log.incident.closed.is_none() {
        return Ok(Some(head));
    }
    // What is owed ends after the closing: the last of its stream is the end.
    let stream = Stream::Incident(n).number();
    let mut last = head;
    for record in room.journal().each_of_stream(stream, log.incident.version.max(1)) {
        last = record?.seq;
    }
    Ok(Some(last))
}

/// The record and the moment that are asked for, within the life of the log.
fn moment(room: &Room, told: &Told, asked: Replay) -> Result<(u64, Instant), ReadFault> {
    let recorded = |seq: u64| -> Result<Instant, ReadFault> {
        let record = room.journal().read(seq, 1)?.into_iter().next();
        Ok(record.map_or(told.opened_at, |r| Instant(r.recorded_at_ms)))
    };
    let (first, end) = (told.first, told.end.max(told.first));
    if let Some(seq) = asked.seq {
        let seq = seq.clamp(first, end);
        return Ok((seq, recorded(seq)?));
    }
    let latest = recorded(end)?;
    let latest = if end == room.view().seq { latest.max(room.now()) } else { latest };
    let Some(at) = asked.at else { return Ok((end, latest)) };
    // What one command recorded has one moment: the log is never shown half opened.
    let at = at.clamp(told.opened_at, latest.max(told.opened_at));
    Ok((room.last_by(at)?.clamp(first, end), at))
}

fn chain(proved: &Proved) -> Chain {
    Chain {
        holds: proved.holds(),
        from: proved.from,
        to: proved.to,
        signed: proved.signed,
        signed_at: proved.signed_at_ms.map(Instant),
        cut_short: proved.cut_short,
        fault: proved.first_fault.as_ref().map(|f| format!("record {}: {}", f.seq, f.what)),
    }
}

fn seen(
    room: &Room,
    then: &State,
    log: &Incident,
    at: Instant,
    role: Role,
) -> Result<Seen, ReadFault> {
    let sees_log = may(role, "view_log");
    Ok(Seen {
        role,
        board: may(role, "view_board").then(|| board_then(then, log, at)).flatten(),
        log: sees_log.then(|| log_view(then, log, at, None)),
        lines: if sees_log { lines(room, then, log.number)? } else { Vec::new() },
    })
}

/// What had happened on the log, line by line.
fn lines(room: &Room, then: &State, n: IncidentNumber) -> Result<Vec<Line>, ReadFault> {
    let stream = Stream::Incident(n).number();
    let (mut timeline, mut lines) = (Timeline::new(then), Vec::new());
    for record in room.journal().each_of_stream(stream, 1) {
        let record = record?;
        if record.seq > then.seq {
            break;
        }
        if let Some((event, meta, _)) = room::from_record(&record) {
            lines.extend(timeline.line(&event, &meta, record.version));
        }
    }
    Ok(lines)
}

fn view(
    told: &Told,
    then: &State,
    log: &Incident,
    at: Instant,
    chain: Chain,
    seen: Seen,
) -> ReplayView {
    let n_past = told.moments.partition_point(|m| m.seq <= then.seq);
    let past: &[Moment] = told.moments.get(..n_past).unwrap_or_default();
    let from = n_past.saturating_sub(AROUND.0);
    let around = told.moments.iter().skip(from).take(n_past - from + AROUND.1);
    // What happened in the same moment as the record shown is stepped over as one.
    let previous = past.iter().rev().find(|m| m.seq < then.seq);
    let alarms = alarms_then(then, log, at);
    let saw = |then: rules::views::replay::RoleThen| RoleSaw {
        may_see_log: may(then.role, "view_log"),
        may_see_board: may(then.role, "view_board"),
        may_hear: may(then.role, "view_alarms"),
        then,
    };
    ReplayView {
        incident: log.number,
        at,
        seq: then.seq,
        opened_at: told.opened_at,
        ends_at: told.up_to_at.max(at),
        open: log.closed.is_none(),
        previous: previous.map(|m| m.seq),
        next: told.moments.get(n_past).map(|m| m.seq),
        n_moments: told.moments.len() as u64,
        n_past: n_past as u64,
        n_left_out: told.left_out,
        moments: around.cloned().collect(),
        chain,
        roles: roles_then(then, log, &alarms, past).into_iter().map(saw).collect(),
        alarms,
        seen,
    }
}
