//! How the alarms themselves are doing, and the catalogue of them: every rule with its owner, its
//! answer, its ladder and its source.

use super::super::frame::Viewer;
use super::super::part;
use super::super::{Shared, viewer_who_may};
use super::{level_badge, live};
use crate::App;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::policy::Policy;
use rules::role::Role;
use rules::views::alarms::{AlarmCounts, CatalogueRow, alarm_counts, catalogue};

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_alarms") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("alarm-page");
    let day = super::alarm_day::day(&app, &viewer).await;
    let state = app.room.view();
    let main = html! {
        h1 { (t!(say, "alarm-page-title")) }
        (counts(&app, &viewer))
        (day)
        @if viewer.may("view_rules") { (every_rule(&state.policy, say)) }
    };
    live(&app, &viewer, "alarm-page", t!(say, "alarm-page-title"), main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_alarms", counts)
}

fn counts(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("alarm-page");
    let (s, now) = (app.room.view(), app.room.now());
    let all = alarm_counts(&s, now);
    html! {
        div #alarm-counts data-live="alarms" data-live-every="1000"
            data-from="/fragments/alarm-counts" data-again="10" {
            p { (t!(say, "alarm-page-now", open = all.n_open, late = all.n_late,
                sounding = all.n_sounding, silenced = all.n_silenced)) }
            div.columns {
                (levels(&all, say))
                (positions(&all, &s.policy, say))
                (busiest(&all, say))
            }
        }
    }
}

fn levels(all: &AlarmCounts, say: Say) -> Markup {
    let sum: u32 = all.lit_by_level.iter().map(|l| l.n).sum();
    html! {
        section aria-labelledby="levels" {
            h2 #levels { (t!(say, "alarm-page-levels")) }
            ul { @for level in &all.lit_by_level {
                li {
                    (level_badge(Some(level.level), say)) " " strong { (level.n) } " "
                    @if let Some(share) = (level.n * 100).checked_div(sum) {
                        (t!(say, "alarm-page-share", n = share))
                    }
                }
            } }
        }
    }
}

fn positions(all: &AlarmCounts, policy: &Policy, say: Say) -> Markup {
    let alarm = &policy.alarm;
    html! {
        section aria-labelledby="positions" {
            h2 #positions { (t!(say, "alarm-page-positions")) }
            p.meta { (t!(say, "alarm-page-flood-is", n = alarm.flood_more_than,
                window = alarm.flood_window.words())) }
            @if all.positions.is_empty() { p { (t!(say, "alarm-page-quiet")) } }
            ul { @for position in &all.positions {
                li {
                    (position.position.to_string()) " " strong { (position.n) }
                    @if position.flooded {
                        " " span.late { "▲ " (t!(say, "alarm-page-flooded")) }
                    }
                }
            } }
        }
    }
}

fn busiest(all: &AlarmCounts, say: Say) -> Markup {
    html! {
        section aria-labelledby="busiest" {
            h2 #busiest { (t!(say, "alarm-page-busiest")) }
            @if all.busiest.is_empty() { p { (t!(say, "alarm-page-quiet")) } }
            ol { @for rule in &all.busiest {
                li {
                    a href={ "#rule-" (rule.rule.name()) } { (rule.rule.owed()) } " "
                    strong { (rule.n) }
                }
            } }
        }
    }
}

fn every_rule(policy: &Policy, say: Say) -> Markup {
    let all = catalogue(policy);
    html! {
        section aria-labelledby="catalogue" {
            h2 #catalogue { (t!(say, "alarm-page-catalogue", n = all.len())) }
            p.meta { (t!(say, "alarm-page-catalogue-words",
                version = policy.about.version.as_str())) }
            @for row in &all { (rule(row, say)) }
        }
    }
}

fn rule(row: &CatalogueRow, say: Say) -> Markup {
    html! {
        article.rule id={ "rule-" (row.rule.name()) } tabindex="-1" {
            h3 {
                @if row.loudest.is_some() { (level_badge(row.loudest, say)) " " }
                (row.owed) " " small { (row.rule.name()) }
            }
            p { (row.why) }
            dl.facts {
                dt { (t!(say, "alarm-page-owner")) }
                dd {
                    @match row.owner {
                        Some(role) => (Role::words(role)),
                        None => (t!(say, "alarm-page-no-row")),
                    }
                }
                dt { (t!(say, "alarm-page-answer")) }
                dd { (row.what_to_do) }
                dt { (t!(say, "alarm-page-due")) }
                dd {
                    @if row.due.is_empty() { (t!(say, "alarm-page-own-time")) }
                    @else { (row.due.join("; ")) }
                }
                @for ladder in &row.ladders {
                    dt {
                        @if ladder.grade.is_empty() { (t!(say, "alarm-page-ladder")) }
                        @else {
                            (t!(say, "alarm-page-ladder-of", grade = ladder.grade.as_str()))
                        }
                    }
                    dd {
                        (ladder.rungs.join("; ")) "; "
                        (t!(say, "alarm-page-then", every = ladder.then_every.as_str()))
                    }
                }
                dt { (t!(say, "alarm-page-source")) }
                dd {
                    (row.source)
                    @if !row.values_source.is_empty() { "; " (row.values_source) }
                    @if row.blocks_closing { ". " (t!(say, "alarm-page-blocks")) }
                }
            }
        }
    }
}
