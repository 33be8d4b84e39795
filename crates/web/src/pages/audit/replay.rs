//! A log as it stood at any second: the moment, what was lit and heard, what each role had in front
//! of it, and whether the records are as they were written. Nothing can be done from here.

use super::super::form::{self, Fields};
use super::super::frame::Viewer;
use super::super::lead::level_badge;
use super::super::words::clock;
use super::super::{Shared, problem_page, see_other, viewer_who_may};
use super::{field, local, moment, seen, show, words};
use crate::App;
use crate::api::audit::Why;
use crate::api::show::replay::{as_it_stood, record};
use crate::api::view::then::{Chain, Replay, ReplayView};
use crate::lang::{Say, t};
use crate::problem::{Kind, Problem};
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use rules::name::{IncidentNumber, Reason};
use rules::policy::Policy;
use rules::role::Role;
use rules::time::{Instant, Span};
use rules::views::replay::{AlarmThen, Moment, MomentKind};
use serde::Deserialize;
use std::sync::Arc;

/// The form that opens a replay: which log, and why.
pub(super) fn form(incident: &str, say: Say) -> Markup {
    html! {
        section aria-labelledby="replay-heading" {
            h2 #replay-heading { (t!(say, "audit-replay-open")) }
            p { (t!(say, "audit-replay-words")) }
            form.audit-form method="post" action="/audit/replay" {
                div.why { (field("replay-purpose", &t!(say, "audit-purpose"), html! {
                    input #replay-purpose name="purpose" required maxlength="500"
                        autocomplete="off";
                })) }
                (field("replay-incident", &t!(say, "audit-incident-number"), html! {
                    input #replay-incident name="incident" value=(incident) required maxlength="16"
                        autocomplete="off" spellcheck="false" placeholder="20261121-0042";
                }))
                button type="submit" { (t!(say, "audit-replay-go")) }
            }
        }
    }
}

/// Answers `POST /audit/replay`: `incident`, `purpose`. It is recorded once, and holds for the
/// moments and roles that are then looked at.
pub(super) async fn open(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let viewer = match viewer_who_may(&app, &parts, "view_replay") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let opened = async {
        let fields = Fields::read(&parts.headers, body, form::SHORT).await?;
        if fields.text("purpose").is_empty() {
            return Err(Problem::invalid("say why you look: it is recorded with your name"));
        }
        let why = Why::Said(Reason::parse(fields.text("purpose")).map_err(Problem::invalid)?);
        let n = IncidentNumber::parse(fields.text("incident")).map_err(Problem::invalid)?;
        crate::api::show::any_log(&app, n).await?;
        record(&app, &viewer, n, why).await?;
        app.replays.keep(&viewer, n, app.room.now());
        Ok(n)
    };
    match opened.await {
        Ok(n) => see_other(&format!("/audit/replay/{n}")),
        Err(problem) => problem_page(&app, problem),
    }
}

/// Which moment, and as whom: what links and forms of the page give.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    at: String,
    seq: String,
    /// Seconds since the log was opened.
    since: String,
    role: String,
}

/// Answers `GET /audit/replay/{incident}?at=&seq=&since=&role=`.
pub(super) async fn page(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    Query(asked): Query<Asked>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_replay") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let n = match IncidentNumber::parse(&incident) {
        Ok(n) => n,
        Err(why) => return problem_page(&app, Problem::not_found(why)),
    };
    let say = words(&viewer);
    if !app.replays.has(&viewer, n, app.room.now()) {
        let main = html! {
            h1 { (t!(say, "audit-replay-why", number = n.to_string())) }
            (form(&n.to_string(), say))
        };
        let mut response = show(&app, &viewer, t!(say, "audit-replay-open"), main);
        *response.status_mut() = StatusCode::PRECONDITION_REQUIRED;
        return response;
    }
    match view(&app, n, &asked).await {
        Ok(view) => {
            let policy = app.room.view().policy.clone();
            let title = t!(say, "audit-replay-title", number = n.to_string());
            show(&app, &viewer, title, whole(&view, &policy, say))
        }
        Err(problem) if problem.kind == Kind::Busy => folding(&app, &viewer, n, &asked, &problem),
        Err(problem) => problem_page(&app, problem),
    }
}

async fn view(app: &Arc<App>, n: IncidentNumber, asked: &Asked) -> Result<ReplayView, Problem> {
    let policy = app.room.view().policy.clone();
    let role = match asked.role.as_str() {
        "" => None,
        name => Some(Role::ALL.into_iter().find(|r| r.name() == name).ok_or_else(|| {
            Problem::invalid("there is no such role: choose one of the list on the page")
        })?),
    };
    let at = match asked.at.as_str() {
        "" => None,
        text => Some(moment(text, &policy).ok_or_else(|| {
            Problem::invalid("this is not a time: give day and time, such as 2026-11-21T23:05:02")
        })?),
    };
    // A second that is named is meant whole.
    let at = at.map(|at| at + Span(999));
    let since: Option<i64> = asked.since.parse().ok();
    let at = match (at, since) {
        (None, Some(seconds)) => {
            let first = Replay { seq: Some(0), ..Replay::default() };
            let opened = as_it_stood(app, n, first).await?.opened_at;
            Some(opened + Span::seconds(seconds.clamp(0, 31_536_000)) + Span(999))
        }
        (at, _) => at,
    };
    as_it_stood(app, n, Replay { at, seq: asked.seq.parse().ok(), role }).await
}

/// The room is still being folded: how far it is, and a link that goes on.
fn folding(
    app: &App,
    viewer: &Viewer,
    n: IncidentNumber,
    asked: &Asked,
    problem: &Problem,
) -> Response {
    let say = words(viewer);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("at", &asked.at)
        .append_pair("seq", &asked.seq)
        .append_pair("since", &asked.since)
        .append_pair("role", &asked.role)
        .finish();
    let main = html! {
        h1 { (t!(say, "audit-replay-title", number = n.to_string())) }
        p { (problem.detail) }
        p { a href={ "/audit/replay/" (n) "?" (query) } data-key="Alt+1" {
            (t!(say, "audit-go-on"))
        } }
    };
    let mut response = show(app, viewer, t!(say, "audit-replay-open"), main);
    *response.status_mut() = problem.kind.status();
    response
}

fn whole(view: &ReplayView, policy: &Policy, say: Say) -> Markup {
    html! {
        h1 { (t!(say, "audit-replay-title", number = view.incident.to_string())) }
        p.read-only { strong { (t!(say, "audit-read-only")) } " " (t!(say, "audit-rules-today")) }
        (scrubber(view, policy, say))
        div.replay-columns {
            div {
                (alarms(view, policy, say))
                (roles(view, policy, say))
            }
            div {
                (moments(view, policy, say))
                (chain(&view.chain, policy, say))
            }
        }
        (seen::seen(view, policy, say))
    }
}

/// The address of another moment, through the same eyes.
fn at_record(view: &ReplayView, seq: u64) -> String {
    format!("/audit/replay/{}?seq={seq}&role={}", view.incident, view.seen.role.name())
}

fn scrubber(view: &ReplayView, policy: &Policy, say: Say) -> Markup {
    let here = format!("/audit/replay/{}", view.incident);
    let role = view.seen.role.name();
    let length = view.ends_at.since(view.opened_at).0.max(0) / 1_000;
    let since = (view.at.since(view.opened_at).0.max(0) / 1_000).min(length);
    let step = |seq: Option<u64>, key: &str, words: String| {
        html! {
            @match seq {
                Some(seq) => a.step href=(at_record(view, seq)) data-key=(key) {
                    (words) kbd { (key) }
                }
                None => span.step.dim { (words) }
            }
        }
    };
    html! {
        section.scrubber aria-labelledby="moment" {
            h2 #moment {
                (t!(say, "audit-as-at", at = clock(view.at, policy))) " "
                @if !view.open { span.chip { (t!(say, "audit-closed-then")) } }
            }
            div.row {
                (step(view.previous, "[", t!(say, "audit-previous")))
                (step(view.next, "]", t!(say, "audit-next")))
                span.meta {
                    (t!(say, "audit-moment-of", n = view.n_past, all = view.n_moments)) " "
                    @if view.n_left_out > 0 { (t!(say, "audit-left-out", n = view.n_left_out)) }
                }
            }
            div.row {
                form.row method="get" action=(here) {
                    input type="hidden" name="role" value=(role);
                    label for="at" { (t!(say, "audit-at")) }
                    input #at name="at" type="datetime-local" step="1" required
                        value=(local(view.at, policy)) data-key="Alt+1";
                    button type="submit" { (t!(say, "audit-show")) }
                }
                form.row.slide method="get" action=(here) {
                    input type="hidden" name="role" value=(role);
                    label for="since" { (t!(say, "audit-slide")) }
                    input #since name="since" type="range" min="0" max=(length) step="1"
                        value=(since) aria-describedby="slide-ends" data-key="Alt+2";
                    span.meta #slide-ends {
                        (clock(view.opened_at, policy)) " – " (clock(view.ends_at, policy))
                    }
                    button type="submit" { (t!(say, "audit-go-there")) }
                }
            }
        }
    }
}

fn alarms(view: &ReplayView, policy: &Policy, say: Say) -> Markup {
    html! {
        section aria-labelledby="lit" {
            h2 #lit { (t!(say, "audit-lit", n = view.alarms.len())) }
            @if view.alarms.is_empty() { p { (t!(say, "audit-lit-none")) } }
            ul.lit-then { @for alarm in &view.alarms { li {
                (level_badge(Some(alarm.level), say)) " " (alarm.text)
                p.meta {
                    (t!(say, "audit-lit-at", position = alarm.position.to_string())) " "
                    @if alarm.answered_by != alarm.position {
                        (t!(say, "audit-answered-by", who = alarm.answered_by.to_string())) " "
                    }
                    (sounded(alarm, &view.moments, policy, say)) " "
                    @if alarm.rolled_up_with > 0 {
                        (t!(say, "audit-rolled-up", n = alarm.rolled_up_with))
                    }
                }
            } } }
        }
    }
}

/// Whether it had sounded, when, and who had silenced it.
fn sounded(alarm: &AlarmThen, moments: &[Moment], policy: &Policy, say: Say) -> Markup {
    let last = |kind: MomentKind| {
        let of = moments.iter().rev().filter(move |m| m.kind == kind);
        of.filter(|m| m.position.as_ref() == Some(&alarm.position)).find(|m| {
            m.rule.is_some_and(|rule| {
                policy.alarm.rolls_up_as(rule) == policy.alarm.rolls_up_as(alarm.rule)
            })
        })
    };
    let heard = last(MomentKind::Sounded).map(|m| clock(m.at, policy)).unwrap_or_default();
    html! {
        @if !alarm.sounded { (t!(say, "audit-badge-only")) }
        @else if alarm.silenced {
            @match last(MomentKind::Silenced) {
                Some(m) => (t!(say, "audit-silenced-by", who = m.by.staff.to_string(),
                    at = clock(m.at, policy), heard = heard)),
                None => (t!(say, "audit-silenced")),
            }
        }
        @else { strong.late { (t!(say, "audit-sounding", heard = heard)) } }
    }
}

fn roles(view: &ReplayView, policy: &Policy, say: Say) -> Markup {
    let shown = view.roles.iter().filter(|r| {
        let there = !r.then.people.is_empty() || r.then.n_looked > 0;
        there || r.may_see_log || r.may_see_board
    });
    let yes = |may: bool| if may { t!(say, "audit-yes") } else { t!(say, "audit-no") };
    html! {
        section aria-labelledby="roles" {
            h2 #roles { (t!(say, "audit-roles")) }
            table.roles-then {
                thead { tr {
                    th scope="col" { (t!(say, "audit-role")) }
                    th scope="col" { (t!(say, "audit-on-duty")) }
                    th scope="col" { (t!(say, "audit-may-log")) }
                    th scope="col" { (t!(say, "audit-may-board")) }
                    th scope="col" { (t!(say, "audit-alarms-lit")) }
                    th scope="col" { (t!(say, "audit-had-looked")) }
                } }
                tbody { @for row in shown { tr data-here[row.then.role == view.seen.role] {
                    th scope="row" {
                        a href={ "/audit/replay/" (view.incident) "?seq=" (view.seq) "&role="
                            (row.then.role.name()) "#seen" }
                            aria-current=[(row.then.role == view.seen.role).then_some("true")] {
                            (row.then.role.words())
                        }
                    }
                    td data-name=(t!(say, "audit-on-duty")) { (row.then.people.len()) }
                    td data-name=(t!(say, "audit-may-log")) { (yes(row.may_see_log)) }
                    td data-name=(t!(say, "audit-may-board")) { (yes(row.may_see_board)) }
                    td data-name=(t!(say, "audit-alarms-lit")) {
                        @if row.then.people.is_empty() { (t!(say, "audit-nobody")) }
                        @else if !row.may_hear { "–" }
                        @else { (row.then.alarms.len()) }
                    }
                    td data-name=(t!(say, "audit-had-looked")) {
                        @match row.then.looked_at {
                            Some(at) => (t!(say, "audit-looked", n = row.then.n_looked,
                                at = clock(at, policy))),
                            None => (t!(say, "audit-not-looked")),
                        }
                    }
                } } }
            }
        }
    }
}

fn moments(view: &ReplayView, policy: &Policy, say: Say) -> Markup {
    html! {
        section aria-labelledby="moments" {
            h2 #moments { (t!(say, "audit-moments")) }
            ol.moments tabindex="0" aria-labelledby="moments" {
                @for m in view.moments.iter().rev() { (one(view, m, policy, say)) }
            }
        }
    }
}

fn one(view: &ReplayView, m: &Moment, policy: &Policy, say: Say) -> Markup {
    let here = m.seq == view.seq;
    let position = m.position.as_ref().map(ToString::to_string).unwrap_or_default();
    html! {
        li data-kind=(kind_name(m.kind)) data-after[m.seq > view.seq] {
            a href=(at_record(view, m.seq)) aria-current=[here.then_some("true")] {
                (clock(m.at, policy))
            }
            " "
            @match m.kind {
                MomentKind::Sounded => {
                    (level_badge(m.level, say)) " "
                    (t!(say, "audit-m-sounded", position = position, words = m.words.as_str()))
                }
                MomentKind::Silenced => (t!(say, "audit-m-silenced",
                    who = m.by.staff.to_string(), position = position, words = m.words.as_str())),
                MomentKind::Looked => (t!(say, "audit-m-looked", who = m.by.staff.to_string(),
                    role = m.by.role.words(), words = m.words.as_str())),
                MomentKind::Recorded => { (m.words) ", " (m.by.staff) }
            }
            @if m.seq > view.seq { " " span.meta { (t!(say, "audit-later")) } }
        }
    }
}

fn kind_name(kind: MomentKind) -> &'static str {
    match kind {
        MomentKind::Recorded => "recorded",
        MomentKind::Sounded => "sounded",
        MomentKind::Silenced => "silenced",
        MomentKind::Looked => "looked",
    }
}

fn chain(chain: &Chain, policy: &Policy, say: Say) -> Markup {
    let signed = |at: Option<Instant>| at.map(|at| clock(at, policy)).unwrap_or_default();
    html! {
        section aria-labelledby="chain" {
            h2 #chain { (t!(say, "audit-chain")) }
            @if let Some(fault) = &chain.fault {
                p.error { "✗ " (t!(say, "audit-chain-broken", fault = fault.as_str())) }
            } @else if chain.holds {
                p.holds { "✓ " (t!(say, "audit-chain-holds", from = chain.from, to = chain.to,
                    signed = chain.signed.unwrap_or(0), at = signed(chain.signed_at))) }
            } @else if chain.cut_short {
                p { (t!(say, "audit-chain-cut", from = chain.from, to = chain.to)) }
            } @else {
                p { (t!(say, "audit-chain-unsigned", from = chain.from, to = chain.to)) }
            }
            p.meta { (t!(say, "audit-chain-words")) " " code { "callbox verify" } }
        }
    }
}
