//! The staff directory: who works here, in which roles, trained for what and until when. Roles are
//! given and taken here.

use super::deed;
use super::frame::{Page, Viewer, whole};
use super::words::clock;
use super::{Shared, part, viewer_who_may};
use crate::App;
use crate::lang::{Say, t};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::role::Role;
use rules::time::Instant;
use rules::views::staff::{StaffRow, directory};

/// Empty fields of the form beyond those that are filled.
const ROWS_MORE: usize = 2;
/// Roles that nobody holds by the directory: those of programs and of the public.
const NOT_GIVEN: [Role; 4] = [Role::System, Role::Public, Role::InformantLink, Role::PartnerForce];

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/staff", get(page)).route("/fragments/staff", get(fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_staff") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("staff");
    let title = t!(say, "staff-title");
    let main = html! {
        h1 { (title) }
        (needed(&app, say))
        @if may_change(&viewer) {
            details.fold #staff-add {
                summary data-key="Alt+1" { (t!(say, "staff-add")) " " kbd { "Alt+1" } }
                (form(&app, None, say))
            }
        }
        @if viewer.may("allow_task") && !viewer.is_anybody() { (allow(&app, say)) }
        (list(&app, &viewer))
    };
    let seq = Some(app.room.view().seq);
    let page = Page { name: "staff", title, css: &["admin.css"], js: &[], main, seq };
    whole(&app, Some(&viewer), &page)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_staff", list)
}

fn may_change(viewer: &Viewer) -> bool {
    viewer.may("enrol_staff") && !viewer.is_anybody()
}

/// What each desk needs, as policy has it.
fn needed(app: &App, say: Say) -> Markup {
    let policy = &app.room.view().policy;
    let gated: Vec<_> = policy.desk.iter().filter(|(_, row)| !row.skills.is_empty()).collect();
    html! {
        details.section #staff-needed {
            summary { (t!(say, "staff-needed", n = gated.len())) }
            @if gated.is_empty() { p { (t!(say, "staff-needed-none")) } }
            ul { @for (role, row) in gated {
                li { strong { (role.words()) } ": " (joined(&row.skills)) }
            } }
        }
        details.section #staff-tasks {
            summary { (t!(say, "staff-tasks", n = policy.task.len())) }
            ul { @for row in policy.task.values() {
                @let ask: Vec<String> = row.ask.iter().map(|role| role.words()).collect();
                li {
                    (t!(say, "staff-task", words = row.words.as_str(),
                        training = row.training.as_str(), ask = ask.join(", ")))
                }
            } }
        }
    }
}

/// A supervisor lets somebody do a task although they lack its training.
fn allow(app: &App, say: Say) -> Markup {
    let s = app.room.view();
    let enrolled = |on: &&rules::shift::OnDuty| s.directory.contains_key(&on.staff);
    html! {
        details.fold #staff-allow hx-morph-skip {
            summary data-key="Alt+2" { (t!(say, "staff-allow")) " " kbd { "Alt+2" } }
            form.entry method="post" action="/do/allow_task" data-do data-clears data-go="/staff" {
                input type="hidden" name="deed-back" value="/staff";
                p { (t!(say, "staff-allow-words")) }
                label for="allow-who" { (t!(say, "staff-allow-who")) }
                select #allow-who name="staff" required {
                    option value="" { "-" }
                    @for on in s.staff.values().filter(enrolled) {
                        option value=(on.staff) { (on.staff) ", " (on.role.words()) }
                    }
                }
                label for="allow-task" { (t!(say, "staff-allow-task")) }
                select #allow-task name="task" required {
                    option value="" { "-" }
                    @for (name, row) in &s.policy.task { option value=(name) { (row.words) } }
                }
                label for="allow-minutes" { (t!(say, "staff-allow-minutes")) }
                input #allow-minutes name="minutes" type="number" min="5" max="720" value="60"
                    required;
                label for="allow-why" { (t!(say, "staff-allow-why")) }
                input #allow-why name="reason" type="text" required maxlength="2000"
                    autocomplete="off";
                button type="submit" { (t!(say, "staff-allow-send")) }
            }
        }
    }
}

fn joined<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("staff");
    let all = directory(&app.room.view(), app.room.now());
    html! {
        div #staff data-live="staff duty" data-live-every="2000" data-from="/fragments/staff"
            data-again="60" {
            p.meta role="status" { (t!(say, "staff-count", n = all.len())) }
            @for row in &all { (one(app, viewer, row)) }
        }
    }
}

fn slug(staff: &str) -> String {
    staff.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

fn one(app: &App, viewer: &Viewer, row: &StaffRow) -> Markup {
    let say = viewer.say("staff");
    let id = format!("staff-{}", slug(row.staff.as_str()));
    let roles: Vec<String> = row.roles.iter().map(|r| r.words()).collect();
    html! {
        article.briefing id=(id) {
            h2 { (row.name) " " small { (row.staff) } }
            p {
                (roles.join(", "))
                @if let (Some(role), Some(seat)) = (row.on_duty_as, &row.seat) {
                    " " span.chip {
                        (t!(say, "staff-on-duty", role = role.words(), seat = seat.to_string()))
                    }
                }
            }
            @if !row.skills.is_empty() {
                p.meta {
                    (t!(say, "staff-trained", skills = joined(&row.skills)))
                    @for training in &row.expires {
                        " " span.late[row.ended.contains(&training.skill)] {
                            @if row.ended.contains(&training.skill) {
                                "▲ " (t!(say, "staff-ended", skill = training.skill.to_string(),
                                    at = last_day(app, training.until)))
                            } @else {
                                (t!(say, "staff-ends", skill = training.skill.to_string(),
                                    at = last_day(app, training.until)))
                            }
                        }
                    }
                }
            }
            @for one in &row.allowed {
                p.warn {
                    (t!(say, "staff-allowed", task = one.task.as_str(),
                        by = one.allowed.by.staff.to_string(),
                        until = clock(one.allowed.until, &app.room.view().policy),
                        why = one.allowed.reason.as_str()))
                }
            }
            @if may_change(viewer) {
                details.fold id={ (id) "-change" } hx-morph-skip {
                    summary { (t!(say, "staff-change")) span.hidden { " " (row.name) } }
                    (form(app, Some(row), say))
                    form.entry method="post" action="/do/remove_staff" data-do data-go="/staff" {
                        input type="hidden" name="staff" value=(row.staff);
                        input type="hidden" name="deed-back" value="/staff";
                        button type="submit" {
                            (t!(say, "staff-remove")) span.hidden { " " (row.name) }
                        }
                    }
                }
            }
        }
    }
}

/// The last day on which a training holds.
fn last_day(app: &App, until: Instant) -> String {
    let before = jiff::Timestamp::from_millisecond(until.0.saturating_sub(1));
    let day = before.map(|at| at.to_zoned(deed::clock(app).zone).date().to_string());
    day.unwrap_or_default()
}

fn form(app: &App, row: Option<&StaffRow>, say: Say) -> Markup {
    let key = row.map_or("new".to_owned(), |r| slug(r.staff.as_str()));
    let held = |role: Role| row.is_some_and(|r| r.roles.contains(&role));
    let ends = row.map_or(&[][..], |r| &r.expires[..]);
    let skills = row.map_or(Vec::new(), |r| {
        r.skills.iter().filter(|skill| !ends.iter().any(|t| t.skill == **skill)).collect()
    });
    html! {
        form.entry method="post" action="/do/enrol_staff" data-do data-go="/staff" {
            input type="hidden" name="deed-back" value="/staff";
            @match row {
                Some(row) => input type="hidden" name="staff" value=(row.staff);,
                None => {
                    label for="staff-new-id" { (t!(say, "staff-id")) }
                    input #staff-new-id name="staff" type="text" required maxlength="32"
                        autocomplete="off";
                }
            }
            label for={ "staff-name-" (key) } { (t!(say, "staff-name")) }
            input id={ "staff-name-" (key) } name="name" type="text" required maxlength="120"
                autocomplete="off" value=(row.map_or("", |r| r.name.as_str()));
            fieldset.roles {
                legend { (t!(say, "staff-roles")) }
                @for role in Role::ALL.into_iter().filter(|role| !NOT_GIVEN.contains(role)) {
                    label.tick {
                        input type="checkbox" name="roles" value=(role.name())
                            checked[held(role)];
                        " " (role.words())
                    }
                }
            }
            label for={ "staff-desk-" (key) } { (t!(say, "staff-desk")) }
            select id={ "staff-desk-" (key) } name="desk" {
                option value="" { "-" }
                @for role in app.room.view().policy.desk.keys() {
                    option value=(role.name()) selected[row.is_some_and(|r| r.desk == Some(*role))]
                        { (role.words()) }
                }
            }
            fieldset {
                legend { (t!(say, "staff-skills")) }
                @for i in 0..skills.len() + ROWS_MORE {
                    input name={ "skills." (i) } type="text" maxlength="64" autocomplete="off"
                        aria-label={ (t!(say, "staff-skills")) " " (i + 1) }
                        value=(skills.get(i).map_or("", |s| s.as_str()));
                }
            }
            @for i in 0..ends.len() + ROWS_MORE { (ending(app, ends.get(i), &key, i, say)) }
            button.primary type="submit" { (t!(say, "staff-save")) }
        }
    }
}

/// A training with an end.
fn ending(
    app: &App,
    training: Option<&rules::command::Training>,
    key: &str,
    i: usize,
    say: Say,
) -> Markup {
    let (skill, day) = (format!("ends-{key}-{i}"), format!("ends-on-{key}-{i}"));
    html! {
        fieldset.pair {
            legend { (t!(say, "staff-ending", n = i + 1)) }
            label for=(skill) { (t!(say, "staff-skill")) }
            input id=(skill) name={ "expires." (i) ".skill" } type="text" maxlength="64"
                autocomplete="off" value=(training.map_or("", |t| t.skill.as_str()));
            label for=(day) { (t!(say, "staff-until")) }
            input id=(day) name={ "expires." (i) ".until.on" } type="date"
                value=(training.map(|t| last_day(app, t.until)).unwrap_or_default());
        }
    }
}
