//! How the alarms did over the last day: what each position heard, what makes most of the noise,
//! what stands, and how long it takes until somebody acts. Counted from what is recorded.

use super::super::frame::Viewer;
use super::super::words::clock;
use super::super::{Shared, viewer_who_may};
use super::level_badge;
use crate::App;
use crate::api::show::alarm_kpi;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::Policy;
use rules::time::Span;
use rules::views::kpi::{AlarmKpi, Load, PositionLoad, RuleKpi, Waits};

/// Answers `GET /fragments/alarm-day`.
pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, "view_alarms") {
        Ok(viewer) => Html(day(&app, &viewer).await.into_string()).into_response(),
        Err(instead) => *instead,
    }
}

/// The part of the page.
pub(super) async fn day(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("alarm-page");
    let kpi = alarm_kpi(app).await;
    let policy = app.room.view().policy.clone();
    html! {
        section #alarm-day aria-labelledby="day" data-from="/fragments/alarm-day"
            data-again="60" {
            h2 #day { (t!(say, "alarm-day-title")) }
            @match &kpi {
                Ok(kpi) => (numbers(kpi, &policy, say)),
                Err(problem) => p { (problem.detail) },
            }
        }
    }
}

fn numbers(kpi: &AlarmKpi, policy: &Policy, say: Say) -> Markup {
    html! {
        p {
            (t!(say, "alarm-day-from", from = clock(kpi.from, policy),
                to = clock(kpi.to, policy), n = kpi.sounds))
        }
        (load_table(kpi, policy, say))
        div.columns {
            (bad_actors(kpi, say))
            (mix(kpi, say))
            (standing(kpi, say))
            (chatter(kpi, policy, say))
        }
        (rules(kpi, say))
        (delays(kpi, say))
    }
}

fn load_table(kpi: &AlarmKpi, policy: &Policy, say: Say) -> Markup {
    let flood = policy.alarm.flood_more_than;
    html! {
        h3 #loads { (t!(say, "alarm-day-load")) }
        p.meta { (t!(say, "alarm-day-load-words", n = flood)) }
        div.scroll tabindex="0" role="region" aria-labelledby="loads" { table.numbers-table {
            thead { tr {
                th scope="col" { (t!(say, "alarm-day-position")) }
                th scope="col" { (t!(say, "alarm-day-p50")) }
                th scope="col" { (t!(say, "alarm-day-p95")) }
                th scope="col" { (t!(say, "alarm-day-most")) }
                th scope="col" { (t!(say, "alarm-day-over", n = flood)) }
                th scope="col" { (t!(say, "alarm-day-flood")) }
                th scope="col" { (t!(say, "alarm-day-sounds")) }
            } }
            tbody {
                (load_row(&t!(say, "alarm-day-all"), &kpi.all, None, kpi.sounds, flood))
                @for p in &kpi.positions {
                    (load_row(&p.position.to_string(), &p.load, Some(p), p.sounds, flood))
                }
            }
        } }
    }
}

fn load_row(
    name: &str,
    load: &Load,
    position: Option<&PositionLoad>,
    sounds: u32,
    flood: u32,
) -> Markup {
    html! {
        tr {
            th scope="row" { (name) }
            td { (load.p50) }
            td { span.late[load.p95 > flood] { (load.p95) @if load.p95 > flood { " ▲" } } }
            td { span.late[load.most > flood] { (load.most) @if load.most > flood { " ▲" } } }
            td { (load.over) " / " (load.stretches) }
            td {
                @match position {
                    Some(p) => { (tenths(p.flood_per_mille)) " %" }
                    None => "–",
                }
            }
            td { (sounds) }
        }
    }
}

/// Thousandths as hundredths with one decimal.
fn tenths(per_mille: u32) -> String {
    format!("{}.{}", per_mille / 10, per_mille % 10)
}

fn bad_actors(kpi: &AlarmKpi, say: Say) -> Markup {
    html! {
        section aria-labelledby="bad-actors" {
            h3 #bad-actors { (t!(say, "alarm-day-bad-actors")) }
            @if kpi.bad_actors.is_empty() { p { (t!(say, "alarm-page-quiet")) } }
            @else {
                p.meta { (t!(say, "alarm-day-bad-share", n = kpi.bad_actors.len(),
                    percent = kpi.bad_actors_percent)) }
            }
            ol { @for actor in &kpi.bad_actors { li {
                a href={ "#rule-" (actor.rule.name()) } { (actor.owed) } " "
                strong { (actor.sounds) } " " (t!(say, "alarm-page-share", n = actor.percent))
            } } }
        }
    }
}

fn mix(kpi: &AlarmKpi, say: Say) -> Markup {
    let sum: u32 = kpi.told_by_level.iter().map(|l| l.n).sum();
    html! {
        section aria-labelledby="mix" {
            h3 #mix { (t!(say, "alarm-day-mix")) }
            p.meta { (t!(say, "alarm-day-mix-words")) }
            ul { @for level in &kpi.told_by_level { li {
                (level_badge(Some(level.level), say)) " " strong { (level.n) } " "
                @if let Some(share) = (level.n * 100).checked_div(sum) {
                    (t!(say, "alarm-page-share", n = share))
                }
            } } }
        }
    }
}

fn standing(kpi: &AlarmKpi, say: Say) -> Markup {
    html! {
        section aria-labelledby="standing" {
            h3 #standing { (t!(say, "alarm-day-standing", n = kpi.n_standing)) }
            p { span.late[kpi.n_stale > 0] {
                (t!(say, "alarm-day-stale", n = kpi.n_stale))
            } }
            ul { @for s in &kpi.standing { li {
                (level_badge(Some(s.level), say)) " " (s.words) " "
                (t!(say, "alarm-day-due-since", age = s.age_words.as_str()))
                @if s.stale { " " span.late { (t!(say, "alarm-day-is-stale")) } }
            } } }
        }
    }
}

fn chatter(kpi: &AlarmKpi, policy: &Policy, say: Say) -> Markup {
    html! {
        section aria-labelledby="chatter" {
            h3 #chatter { (t!(say, "alarm-day-chatter")) }
            p.meta { (t!(say, "alarm-day-chatter-words")) }
            @if kpi.chattering.is_empty() { p { (t!(say, "alarm-day-none")) } }
            ul { @for c in &kpi.chattering { li {
                (c.owed) ": " (c.position.to_string()) " " strong { (c.most) } " "
                span.meta { (clock(c.last_at, policy)) }
            } } }
        }
    }
}

fn rules(kpi: &AlarmKpi, say: Say) -> Markup {
    html! {
        h3 #times { (t!(say, "alarm-day-times")) }
        p.meta { (t!(say, "alarm-day-times-words")) }
        div.scroll tabindex="0" role="region" aria-labelledby="times" { table.numbers-table {
            thead { tr {
                th scope="col" { (t!(say, "alarm-day-rule")) }
                th scope="col" { (t!(say, "alarm-day-sounds")) }
                th scope="col" { (t!(say, "alarm-day-silence")) }
                th scope="col" { (t!(say, "alarm-day-deed")) }
                th scope="col" { (t!(say, "alarm-day-without")) }
                th scope="col" { (t!(say, "alarm-day-delayed")) }
            } }
            tbody {
                tr {
                    th scope="row" { (t!(say, "alarm-day-all-rules")) }
                    td { (kpi.sounds) }
                    td { (waits(kpi.to_silence, say)) }
                    td { (waits(kpi.to_deed, say)) }
                    td { (kpi.n_without_deed) }
                    td { (kpi.delays.n) }
                }
                @for row in &kpi.rules { (rule(row, say)) }
            }
        } }
    }
}

fn rule(row: &RuleKpi, say: Say) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ "#rule-" (row.rule.name()) } { (row.owed) } }
            td { (row.sounds) }
            td { (waits(row.to_silence, say)) }
            td { (waits(row.to_deed, say)) }
            td { (row.n_without_deed) }
            td { (row.n_delayed) }
        }
    }
}

/// The middle, the end and how many.
fn waits(all: Waits, say: Say) -> Markup {
    let words = |s: u32| Span::seconds(i64::from(s)).words();
    html! {
        @match (all.p50_s, all.p95_s) {
            (Some(p50), Some(p95)) => {
                (t!(say, "alarm-day-waits", p50 = words(p50), p95 = words(p95))) " "
                span.meta { (t!(say, "alarm-day-of", n = all.n)) }
            }
            _ => "–",
        }
    }
}

fn delays(kpi: &AlarmKpi, say: Say) -> Markup {
    let of = kpi.delays;
    html! {
        h3 { (t!(say, "alarm-day-delays")) }
        p {
            (t!(say, "alarm-day-delays-words", n = of.n, now = of.n_now, loud = of.n_ended_loud))
            @if of.n > 0 { " " (t!(say, "alarm-day-delays-length")) " " (waits(of.length, say)) }
        }
    }
}
