//! Views, one by one: each is a fold of the state as it stands, shown as it comes.

pub(crate) mod dips; //    escalations drawn by chance
pub(crate) mod earlier; // earlier logs of the same number, place or person
pub(crate) mod known; //   markers and messages
pub(crate) mod looks; //   who looked at what
pub(crate) mod records; // what is read from the journal and the history
pub(crate) mod replay; //  a log as it stood

use super::audit;
use super::json;
use super::params::Params;
use super::view::{Asked, View, query as q};
use crate::App;
use crate::caller::Caller;
use crate::follow;
use crate::place;
use crate::problem::Problem;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, header};
use room::planted;
use rules::incident::Incident;
use rules::name::IncidentNumber;
use rules::obligation::Rule;
use rules::state::State;
use rules::views::kpi::AlarmKpi;
use rules::views::{
    agencies, alarms, appointments, board, briefings, code_help, crimes, duty, faults, guidance,
    log, map, markers, messages, owed, policy, reach, resources, staff, units, wall,
};
use std::sync::Arc;
use std::time::Duration;

/// Answers a view.
pub(super) async fn show(
    app: Arc<App>,
    view: View,
    caller: Caller,
    parts: Parts,
    params: Params,
    asked: Asked,
) -> Result<Response, Problem> {
    match view {
        View::Log => {
            asked.read::<q::Nothing>()?;
            one_log(&app, &caller, &parts, &params).await
        }
        View::Contact => {
            asked.read::<q::Nothing>()?;
            records::contact(&app, &caller, &parts, params.contact()?).await
        }
        View::ContactMatches => {
            asked.read::<q::Nothing>()?;
            records::matches(&app, &caller, &parts, params.contact()?).await
        }
        View::ContactKnown => {
            asked.read::<q::Nothing>()?;
            known::of_contact(&app, &caller, &parts, params.contact()?).await
        }
        View::MarkerSearch => known::search(&app, &caller, &parts, asked.read()?).await,
        View::Marker => {
            asked.read::<q::Nothing>()?;
            known::marker(&app, &caller, &parts, params.marker()?).await
        }
        View::Message => {
            asked.read::<q::Nothing>()?;
            known::message(&app, &caller, &parts, params.message()?).await
        }
        View::History => records::history(&app, &caller, &parts, asked.read()?).await,
        View::Earlier => {
            asked.read::<q::Nothing>()?;
            let (state, incident) = any_log(&app, params.incident()?).await?;
            let why = audit::why(&parts.headers, audit::handles(&state, &incident, &caller))?;
            json(&earlier::earlier(&app, &caller, &state, &incident, why).await?)
        }
        View::Journal => records::journal(&app, &caller, &parts, asked.read()?).await,
        View::Audit => looks::api(&app, &caller, &parts, asked.read()?).await,
        View::Replay => replay::api(&app, &caller, &parts, params.incident()?, asked.read()?).await,
        View::Sample => {
            let why = audit::why(&parts.headers, false)?;
            json(&dips::drawn(&app, &caller, &asked.read()?, why).await?)
        }
        View::AlarmKpi => {
            asked.read::<q::Nothing>()?;
            json(&alarm_kpi(&app).await?)
        }
        View::Follow => follow::api(&app, &caller, &parts, asked.read::<q::Follow>()?.after),
        View::Candidates => {
            asked.read::<q::Nothing>()?;
            let n = params.incident()?;
            let (state, incident) = any_log(&app, n).await?;
            json(&reach::who_can_get_there(&state, &incident, app.room.now()))
        }
        View::Trainees => {
            asked.read::<q::Nothing>()?;
            json(&records::trainees(&app).await?)
        }
        View::Me => {
            asked.read::<q::Nothing>()?;
            me(&caller)
        }
        other => of_state(&app, other, &caller, &params, asked),
    }
}

/// Views that are a fold of the live state and no more.
fn of_state(
    app: &App,
    view: View,
    caller: &Caller,
    params: &Params,
    asked: Asked,
) -> Result<Response, Problem> {
    let (state, now) = (app.room.view(), app.room.now());
    let s = &*state;
    match view {
        View::Board => a_board(s, app, &asked.read()?),
        View::Obligations => obligations(s, app, &asked.read()?),
        View::CodeHelp => {
            let asked: q::CodeHelp = asked.read()?;
            json(&code_help::code_help(&s.policy, &asked.words, asked.code.as_ref()))
        }
        View::Map => {
            let asked: q::Map = asked.read()?;
            let spot = asked.spot();
            let from = spot.as_ref().and_then(|spot| map::point_of(s, spot));
            json(&map::map(s, now, asked.district.as_ref(), spot.as_ref(), from))
        }
        View::Place => json(&a_place(&asked.read()?)?),
        View::Meeting => {
            let limit = page_limit(asked.read::<q::Meeting>()?.limit, 20)?;
            json(&duty::meeting_list(s, now, limit))
        }
        View::CheckedPolicy => {
            let asked: q::PolicyText = asked.read()?;
            json(&policy::checked(s, &asked.toml))
        }
        View::Agencies => {
            let find = asked.read::<q::Find>()?.find.unwrap_or_default();
            json(&agencies::agencies(s, &find))
        }
        View::Guidance => {
            let find = asked.read::<q::Find>()?.find.unwrap_or_default();
            json(&q::Guidance {
                grades: guidance::grade_guide(&s.policy),
                priority: guidance::priority(&s.policy),
                dispatch: guidance::dispatch_guide(&s.policy),
                articles: guidance::articles(&s.policy, &find, now),
            })
        }
        other => {
            asked.read::<q::Nothing>()?;
            unasked(app, other, caller, params)
        }
    }
}

/// A view of the state of which nothing is asked.
fn unasked(app: &App, view: View, caller: &Caller, params: &Params) -> Result<Response, Problem> {
    let (state, now) = (app.room.view(), app.room.now());
    let s = &*state;
    match view {
        View::Risk => json(&board::queue_risk(s, now)),
        View::Units => json(&units::units(s, now)),
        View::Unit => {
            let call_sign = params.call_sign()?;
            json(&units::unit_row(s, s.unit_or_refuse(&call_sign)?, now))
        }
        View::Resources => json(&q::Resources {
            districts: resources::districts(s, now),
            scenes: resources::scenes(s, now),
        }),
        View::Wall => json(&wall::wall(s, now)),
        View::Alarms => json(&alarms::alarms(s, &caller.by, now)),
        View::AlarmCounts => json(&alarms::alarm_counts(s, now)),
        View::Decisions => json(&alarms::needs_my_decision(s, &caller.by, now)),
        View::Escalations => json(&duty::escalation_compliance(s, now)),
        View::Duty => json(&duty::desks(s, now)),
        View::Staff => json(&staff::directory(s, now)),
        View::Handovers => json(&duty::handovers(s, now)),
        View::Handover => {
            let id = params.handover()?;
            let found = duty::handovers(s, now).into_iter().find(|h| h.handover == id);
            json(&found.ok_or_else(|| {
                Problem::not_found(format!("there is no open handover {id}: look at the list"))
            })?)
        }
        View::Article => {
            let id = params.article();
            let found = guidance::article(s, id, now);
            json(&found.ok_or_else(|| {
                let detail = format!("there is no guidance article '{id}': look at the list");
                Problem::not_found(detail)
            })?)
        }
        View::Handbooks => json(&guidance::handbooks(s, now)),
        View::Policy => json(&*s.policy),
        View::Publication => json(&policy::publication(s)),
        View::Proposals => json(&policy::proposals(s)),
        View::Appointments => json(&appointments::diary(s, now)),
        View::Briefings => json(&briefings::mine(s, &caller.by, now)),
        View::BriefingReaders => json(&briefings::readers(s, &caller.by, now)),
        View::Crimes => json(&crimes::crimes(s, now)),
        View::Markers => json(&markers::to_be_asked(s, now)),
        View::Messages => json(&messages::waiting(s, now)),
        View::Faults => json(&faults::faults(s, now)),
        View::Rules => json(&rules_list()),
        _ => Err(Problem::not_found("there is no such view: /openapi.json lists what there is")),
    }
}

/// A place in every way of writing it.
fn a_place(asked: &q::Place) -> Result<q::PlaceRead, Problem> {
    let read = grid::read(&asked.text).map_err(|why| Problem::invalid(why.to_string()))?;
    Ok(q::PlaceRead {
        point: place::point(read.at),
        within: place::whole_metres(read.within),
        grid: read.grid.and_then(|at| grid::reference(at, grid::Figures::Eight)),
        easting: read.grid.map(|at| place::millimetres(at.east)),
        northing: read.grid.map(|at| place::millimetres(at.north)),
    })
}

/// How long an answer may read the journal for.
const READ_WITHIN: Duration = Duration::from_secs(3);

/// How the alarms did over the last day.
pub(crate) async fn alarm_kpi(app: &App) -> Result<AlarmKpi, Problem> {
    let kpi = records::read(app, |room| room.alarm_kpi(READ_WITHIN)).await?;
    kpi.ok_or_else(|| {
        let detail = "the day's alarms are being read from the journal: ask again in a few seconds";
        Problem::new(crate::Kind::Busy, detail)
    })
}

fn rules_list() -> Vec<q::RuleView> {
    let rules = Rule::ALL.iter().copied();
    rules
        .map(|rule| q::RuleView { rule, owed: rule.owed(), why: rule.why(), source: rule.source() })
        .collect()
}

/// How many rows were asked for.
pub(super) fn page_limit(asked: Option<u64>, usual: u64) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(usual);
    if !(1..=q::PAGE_MAX).contains(&limit) && !planted("page_size_zero") {
        let detail = format!("'limit' is {limit}: ask for 1 to {} at a time", q::PAGE_MAX);
        return Err(Problem::invalid(detail));
    }
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

fn a_board(s: &State, app: &App, asked: &q::Board) -> Result<Response, Problem> {
    let limit = page_limit(asked.limit, q::PAGE_MAX)?;
    let now = app.room.now();
    let mut rows = board::board(s, now, &asked.filter());
    let total = rows.len();
    let pages = total.div_ceil(limit);
    let from = match &asked.cursor {
        Some(cursor) => after_cursor(&rows, cursor)?,
        None => 0,
    };
    let to = from.saturating_add(limit).min(total);
    let next = rows.get(to.saturating_sub(1)).filter(|_| to < total).map(|last| {
        // The last log shown, and its place if it should be gone by then.
        format!("{}.{to}", last.n)
    });
    rows.truncate(to);
    rows.drain(..from);
    json(&q::BoardPage {
        at: now,
        seq: s.seq,
        total: total as u64,
        pages: pages as u64,
        rows,
        next,
    })
}

/// Where a page goes on: after the log that ended the one before, or where it was if it is gone.
fn after_cursor(rows: &[board::BoardRow], cursor: &str) -> Result<usize, Problem> {
    let wrong =
        || Problem::invalid("'cursor' is not one of ours: send the 'next' of a page as it came");
    let (n, place) = cursor.split_once('.').ok_or_else(wrong)?;
    let n = IncidentNumber::parse(n).map_err(|_| wrong())?;
    let place: usize = place.parse().map_err(|_| wrong())?;
    let found = rows.iter().position(|row| row.n == n).map(|at| at + 1);
    Ok(found.unwrap_or(place).min(rows.len()))
}

fn obligations(s: &State, app: &App, asked: &q::Obligations) -> Result<Response, Problem> {
    let limit = page_limit(asked.limit, q::PAGE_MAX)?;
    let now = app.room.now();
    let wanted = s.obligations.values().filter(|o| asked.wants(o, now));
    let mut rows: Vec<owed::Owed> =
        wanted.take(limit.saturating_add(1)).map(|o| owed::owed(s, o, now)).collect();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| last.id.0);
    json(&q::ObligationsPage { at: now, rows, next })
}

/// A log, open or closed.
pub(crate) async fn any_log(
    app: &App,
    n: IncidentNumber,
) -> Result<(Arc<State>, Incident), Problem> {
    let state = app.room.view();
    if let Some(incident) = state.incident(n) {
        let incident = incident.clone();
        return Ok((state, incident));
    }
    let room = app.room.clone();
    let read = tokio::task::spawn_blocking(move || room.log(n)).await;
    match read {
        Ok(Ok(Some(log))) => Ok((state, log.incident)),
        Ok(Ok(None)) => Err(Problem::not_found(format!(
            "there is no log {n}: check the number, or search for it"
        ))),
        Ok(Err(fault)) => Err(Problem::unread(&fault)),
        Err(_) => Err(unfinished()),
    }
}

/// Reading on another thread did not end.
pub(super) fn unfinished() -> Problem {
    Problem::new(crate::Kind::Fault, "this could not be read, and it has been noted: tell support")
}

async fn one_log(
    app: &Arc<App>,
    caller: &Caller,
    parts: &Parts,
    params: &Params,
) -> Result<Response, Problem> {
    let n = params.incident()?;
    let (state, incident) = any_log(app, n).await?;
    let why = audit::why(&parts.headers, audit::handles(&state, &incident, caller))?;
    if !planted("unscoped_query") {
        audit::record(app, caller, &format!("incident {n}"), why).await?;
    }
    let view = log::log_view(&state, &incident, app.room.now(), Some(&caller.by.staff));
    let version = view.version;
    let mut response = json(&view)?;
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}

fn me(caller: &Caller) -> Result<Response, Problem> {
    let commands = rules::command::Command::NAMES.iter();
    let actions = commands.chain(room::roles::VIEWS).copied();
    json(&q::Me {
        staff: caller.by.staff.clone(),
        role: caller.by.role,
        expires: caller.expires,
        actions: actions.filter(|action| room::roles::may(caller.by.role, action)).collect(),
    })
}
