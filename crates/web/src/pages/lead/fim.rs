//! The force on one page: the worst, the tagged, what climbs, who there is, and what was decided
//! and why. It prints as it is shown.

use super::super::deed;
use super::super::drafts;
use super::super::faults;
use super::super::frame::Viewer;
use super::super::part;
use super::super::words::{badge, clock, hours_minutes};
use super::super::{Shared, viewer_who_may};
use super::decisions::{put_off, told};
use super::{level_badge, live};
use crate::App;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::role::Role;
use rules::state::State as Room;
use rules::time::Instant;
use rules::views::alarms::{delayed, desks_of};
use rules::views::board::{BoardFilter, BoardRow, board, queue_risk};
use rules::views::duty::{DeskView, desks, escalation_compliance, handovers, meeting_list};
use rules::views::resources::{districts, scenes};
use rules::views::wall::opened_by_hour;

/// How many of the worst are shown.
const WORST: usize = 5;
/// How many lines of a list.
const LINES: usize = 12;
/// How many hours back.
const HOURS: i64 = 8;

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_duty") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("fim");
    let main = html! {
        h1 { (t!(say, "fim-title")) }
        (picture(&app, &viewer))
        @if viewer.may("add_entry") && !viewer.is_anybody() { (decision(&app, &viewer)) }
    };
    live(&app, &viewer, "fim", t!(say, "fim-title"), main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_duty", picture)
}

fn picture(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("fim");
    let (s, now) = (app.room.view(), app.room.now());
    html! {
        div #picture data-live="alarms units duty handovers contacts faults" data-live-every="2000"
            data-from="/fragments/fim" data-again="10" {
            p.meta { (t!(say, "fim-as-at", at = clock(now, &s.policy),
                force = s.policy.about.force.as_str())) }
            @if viewer.may("view_board") { (risk(&s, now, say)) (worst(&s, now, say)) }
            div.columns {
                @if viewer.may("view_board") { (tagged(&s, viewer, now)) }
                @if viewer.may("view_obligations") { (ladders(&s, now, say)) (later(&s, now, say)) }
                @if viewer.may("view_units") { (resources(&s, now, say)) (held(&s, now, say)) }
                (people(&s, now, say))
                (faults::open(&s, now, viewer.say("faults")))
                @if viewer.may("view_board") { (demand(app, &s, now, say)) }
                @if viewer.may("view_handover") { (handing_over(&s, now, say)) }
            }
        }
    }
}

fn risk(s: &Room, now: Instant, say: Say) -> Markup {
    let risk = queue_risk(s, now);
    html! {
        section aria-labelledby="risk" {
            h2 #risk { (t!(say, "fim-risk")) }
            p { strong { (risk.words) } }
            p.row {
                @for part in &risk.by_grade {
                    span {
                        (badge(part.grade, &s.policy)) " "
                        (t!(say, "fim-grade", n = part.n_logs, late = part.n_late))
                    }
                }
            }
            p { (t!(say, "fim-risk-parts", marked = risk.n_marked, chased = risk.n_chased,
                ownerless = risk.n_ownerless)) }
        }
    }
}

fn worst(s: &Room, now: Instant, say: Say) -> Markup {
    let rows = meeting_list(s, now, WORST);
    html! {
        section aria-labelledby="worst" {
            h2 #worst { (t!(say, "fim-worst")) }
            p.no-print { a href="/meeting" { (t!(say, "fim-to-meeting")) } }
            @if rows.is_empty() { p { (t!(say, "fim-no-logs")) } }
            ol.worst {
                @for row in &rows {
                    li {
                        (badge(row.grade, &s.policy)) " "
                        a href={ "/incidents/" (row.n) } { (row.n) } " " strong { (row.code) } " "
                        @if row.place.is_empty() { (t!(say, "fim-no-place")) }
                        @else { (row.place) }
                        br;
                        span.late { (row.reasons.join(", ")) } " "
                        span.meta {
                            (t!(say, "fim-open-for", time = row.open_for.as_str(),
                                owner = row.owner_words.as_str()))
                            @if !row.late.is_empty() {
                                " " (t!(say, "fim-owed", what = row.late.join(", ")))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The logs with a tag that is on the list of the manager, or of a desk of the viewer.
fn tagged(s: &Room, viewer: &Viewer, now: Instant) -> Markup {
    let say = viewer.say("fim");
    let mine = desks_of(s, viewer.by.role);
    let listed = |desk: Role| desk == Role::ForceIncidentManager || mine.contains(&desk);
    let tags: Vec<_> = s.policy.tag.iter().filter(|row| listed(row.list_of)).collect();
    let rows = board(s, now, &BoardFilter::default());
    let on = |r: &&BoardRow| r.tags.iter().any(|tag| tags.iter().any(|row| row.tag == *tag));
    let rows: Vec<&BoardRow> = rows.iter().filter(on).collect();
    html! {
        section aria-labelledby="tagged" {
            h2 #tagged { (t!(say, "fim-tagged", n = rows.len())) }
            @if rows.is_empty() { p { (t!(say, "fim-none-tagged")) } }
            ul {
                @for row in rows.iter().take(LINES) {
                    li {
                        (badge(row.grade, &s.policy)) " "
                        a href={ "/incidents/" (row.n) } { (row.n) } " " (row.code) " " (row.place)
                        @for tag in &row.tags { " " span.chip.tag { (tag) } }
                        @if row.no_unit_since.is_some() {
                            " " span.late { (t!(say, "fim-no-unit")) }
                        }
                    }
                }
            }
            @if rows.len() > LINES { p { (t!(say, "fim-more", n = rows.len() - LINES)) } }
        }
    }
}

/// What was told upwards and nobody has decided.
fn ladders(s: &Room, now: Instant, say: Say) -> Markup {
    let kept = escalation_compliance(s, now);
    let open: Vec<_> = kept.rows.iter().filter(|r| !r.decided && r.escalated).collect();
    html! {
        section aria-labelledby="ladders" {
            h2 #ladders { (t!(say, "fim-ladders", n = open.len())) }
            p { a href="/decisions" data-key="Alt+1" {
                (t!(say, "fim-decide")) kbd { "Alt+1" }
            } }
            ul {
                @for row in open.iter().take(LINES) {
                    li {
                        (level_badge(row.owed.level, say)) " " (row.owed.about.words()) ": "
                        (row.owed.words) " " span.count.late { (row.owed.countdown) } " "
                        span.meta {
                            (t!(say, "fim-told", told = told(&row.owed.told),
                                next = row.owed.next_words.as_str()))
                        }
                    }
                }
            }
            @if open.len() > LINES { p { (t!(say, "fim-more", n = open.len() - LINES)) } }
        }
    }
}

fn later(s: &Room, now: Instant, say: Say) -> Markup {
    let all = delayed(s, now);
    html! {
        section aria-labelledby="later" {
            h2 #later { (t!(say, "fim-delayed", n = all.len())) }
            ul { @for d in all.iter().take(LINES) { (put_off(d, s, say)) } }
            @if all.len() > LINES { p { (t!(say, "fim-more", n = all.len() - LINES)) } }
        }
    }
}

fn resources(s: &Room, now: Instant, say: Say) -> Markup {
    let all = districts(s, now);
    html! {
        section.wide aria-labelledby="resources" {
            h2 #resources { (t!(say, "fim-resources")) }
            div.scroll tabindex="0" role="group" aria-labelledby="resources" {
                table {
                    thead { tr {
                        th scope="col" { (t!(say, "fim-district")) }
                        th scope="col" { (t!(say, "fim-free")) }
                        th scope="col" { (t!(say, "fim-on-logs")) }
                        th scope="col" { (t!(say, "fim-waiting")) }
                        th scope="col" { (t!(say, "fim-late")) }
                        th scope="col" { (t!(say, "fim-kinds")) }
                    } }
                    tbody { @for d in &all { tr {
                        th scope="row" { (d.words) }
                        td {
                            (d.n_available) " / " (d.n_units)
                            @if d.short { " " span.late { "▲ " (t!(say, "fim-short")) } }
                        }
                        td { (d.n_on_logs) }
                        td { (d.n_waiting) }
                        td { (d.n_late) }
                        td { @for kind in &d.kinds {
                            span.kind {
                                (t!(say, "fim-kind", kind = kind.kind.to_string(),
                                    free = kind.n_available, n = kind.n))
                            } " "
                        } }
                    } } }
                }
            }
        }
    }
}

/// The scenes that tie up staff.
fn held(s: &Room, now: Instant, say: Say) -> Markup {
    let all = scenes(s, now);
    html! {
        section aria-labelledby="scenes" {
            h2 #scenes { (t!(say, "fim-scenes", n = all.len())) }
            ul {
                @for scene in all.iter().take(LINES) {
                    li {
                        a href={ "/incidents/" (scene.n) } { (scene.n) } " " (scene.code) " "
                        (scene.place) " "
                        span.meta {
                            (t!(say, "fim-scene", time = scene.since_words.as_str(),
                                staff = scene.n_staff))
                        }
                    }
                }
            }
            @if all.len() > LINES { p { (t!(say, "fim-more", n = all.len() - LINES)) } }
        }
    }
}

fn people(s: &Room, now: Instant, say: Say) -> Markup {
    let all = desks(s, now);
    html! {
        section aria-labelledby="people" {
            h2 #people { (t!(say, "fim-people")) }
            ul {
                @for desk in &all {
                    li {
                        strong { (desk.words) } " "
                        (t!(say, "fim-here", n = desk.n_here, least = desk.n_min))
                        @if desk.short { " " span.late { "▲ " (desk.shortage) } }
                        @if let Some(by) = desk.covered_by {
                            " " span.meta { (t!(say, "fim-covered", by = by.words())) }
                        }
                        (seats(desk, say))
                    }
                }
            }
        }
    }
}

/// Who sits where, since when, and who is on a break.
fn seats(desk: &DeskView, say: Say) -> Markup {
    html! {
        @if !desk.people.is_empty() {
            ul.seats {
                @for person in &desk.people {
                    li data-break[person.on_break] {
                        strong { (person.seat) } " "
                        @match &person.name {
                            Some(name) => { (name) " " span.meta { (person.staff) } }
                            None => (person.staff),
                        }
                        " " span.meta {
                            (t!(say, "fim-seat-since", time = person.since_words.as_str()))
                        }
                        @if person.on_break { " " span.late { (t!(say, "fim-seat-break")) } }
                    }
                }
            }
        }
    }
}

/// What is open by the hour it came in. What was closed is not in it, and nothing is forecast.
fn demand(app: &App, s: &Room, now: Instant, say: Say) -> Markup {
    let zone = deed::clock(app).zone;
    let hours = opened_by_hour(s, now, HOURS);
    html! {
        section aria-labelledby="demand" {
            h2 #demand { (t!(say, "fim-demand")) }
            p.meta { (t!(say, "fim-demand-words")) }
            table {
                thead { tr {
                    th scope="col" { (t!(say, "fim-hour")) }
                    th scope="col" { (t!(say, "fim-still-open")) }
                    th scope="col" { (t!(say, "fim-waiting")) }
                } }
                tbody { @for hour in &hours { tr {
                    th scope="row" {
                        (hours_minutes(hour.from, &zone)) " - " (hours_minutes(hour.to, &zone))
                    }
                    td { (hour.n) }
                    td { (hour.n_waiting) }
                } } }
            }
        }
    }
}

fn handing_over(s: &Room, now: Instant, say: Say) -> Markup {
    let all = handovers(s, now);
    html! {
        section aria-labelledby="handing-over" {
            h2 #handing-over { (t!(say, "fim-handover")) }
            p { a href="/handover" data-key="Alt+2" {
                (t!(say, "fim-to-handover", n = all.len())) kbd { "Alt+2" }
            } }
        }
    }
}

/// A decision with the six elements of the national decision model, as a critical entry on a log.
fn decision(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("fim");
    let kept = drafts::of(app, viewer, "decision");
    let text = if kept.is_empty() { t!(say, "fim-prompts") } else { kept };
    html! {
        section.no-print aria-labelledby="decision" {
            h2 #decision { (t!(say, "fim-decision")) }
            p { (t!(say, "fim-decision-words")) }
            form.entry method="post" action="/do/add_entry" data-do data-go="/fim" {
                input type="hidden" name="deed-back" value="/fim";
                input type="hidden" name="critical" value="on";
                label for="on-log" { (t!(say, "fim-decision-log")) }
                input #on-log name="incident" required autocomplete="off" data-key="Alt+3"
                    pattern="[0-9]{8}-[0-9]{4,}";
                label for="decided" { (t!(say, "fim-decided")) }
                textarea #decided name="text" required rows="9" maxlength="20000"
                    data-draft="decision" { (text) }
                button type="submit" data-key="F12" {
                    (t!(say, "fim-record")) kbd { "F12" }
                }
            }
        }
    }
}
