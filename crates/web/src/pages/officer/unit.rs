//! Which unit an officer is on: the one whose crew names them, or one without a known crew that
//! they have chosen.

use super::super::form::{self, Fields};
use super::super::frame::Viewer;
use super::super::{Shared, problem_page, see_other};
use super::officer_of;
use crate::App;
use crate::lang::t;
use crate::problem::Problem;
use crate::sessions::cookie_of;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use maud::{Markup, html};
use rules::name::CallSign;
use rules::unit::Unit;

/// Holds a call sign and nothing about anybody.
const COOKIE: &str = "callbox_unit";

/// The unit of an officer.
pub(super) struct Mine {
    /// Its call sign.
    pub call_sign: CallSign,
    /// Whether its crew names them.
    pub on_crew: bool,
}

/// The officer's unit: of several the one that is on a job.
pub(super) fn of(app: &App, viewer: &Viewer, headers: &HeaderMap) -> Option<Mine> {
    let state = app.room.view();
    let me = &viewer.by.staff;
    let crewed = state.units.values().filter(|unit| unit.crew.contains(me));
    let busy = |unit: &&Unit| (unit.on.is_some(), !unit.releases_awaited.is_empty());
    if let Some(unit) = crewed.max_by_key(busy) {
        return Some(Mine { call_sign: unit.call_sign.clone(), on_crew: true });
    }
    let encoded = cookie_of(headers, COOKIE)?.as_bytes();
    let (chosen, _) = form_urlencoded::parse(encoded).next()?;
    let chosen = CallSign::parse(&chosen).ok()?;
    let unit = state.units.get(&chosen).filter(|unit| unit.crew.is_empty())?;
    Some(Mine { call_sign: unit.call_sign.clone(), on_crew: false })
}

/// The units that can be chosen.
pub(super) fn choice(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("officer");
    let state = app.room.view();
    let free: Vec<&CallSign> =
        state.units.values().filter(|u| u.crew.is_empty()).map(|u| &u.call_sign).collect();
    html! {
        section #now.choose data-live="units" data-unit="" {
            h1 { (t!(say, "officer-which")) }
            p { (t!(say, "officer-which-why")) }
            @if free.is_empty() { p { strong { (t!(say, "officer-which-none")) } } }
            form.units method="post" action="/officer/unit" {
                @for call_sign in free {
                    button.big type="submit" name="call_sign" value=(call_sign) { (call_sign) }
                }
            }
        }
    }
}

/// Answers `POST /officer/unit`.
pub(super) async fn choose(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(instead) = officer_of(&app, &parts) {
        return *instead;
    }
    let chosen = Fields::read(&parts.headers, body, form::SHORT).await;
    match chosen.and_then(|fields| free_unit(&app, &fields)) {
        Ok(call_sign) => {
            let secure = if app.config.https { "; Secure" } else { "" };
            let encoded: String =
                form_urlencoded::byte_serialize(call_sign.as_str().as_bytes()).collect();
            let cookie = format!(
                "{COOKIE}={encoded}; Path=/officer; HttpOnly; SameSite=Strict; \
                 Max-Age=43200{secure}"
            );
            let mut response = see_other("/officer");
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(problem) => problem_page(&app, problem),
    }
}

fn free_unit(app: &App, fields: &Fields) -> Result<CallSign, Problem> {
    let call_sign =
        CallSign::parse(fields.get("call_sign").unwrap_or("")).map_err(Problem::invalid)?;
    let state = app.room.view();
    let unit = state.unit_or_refuse(&call_sign)?;
    if unit.crew.is_empty() {
        return Ok(call_sign);
    }
    let detail = format!("{call_sign} has a crew: ask the dispatcher to put you on it");
    Err(Problem::new(crate::problem::Kind::Forbidden, detail))
}
