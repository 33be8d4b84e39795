//! What is on the page: released jobs before anything else, then the job with its risk on top.

use super::super::frame::Viewer;
use super::super::words::{badge, time};
use super::forms::{Deed, states, talk};
use super::short;
use crate::App;
use crate::lang::{Say, t};
use crate::place::{degrees, grid_of};
use maud::{Markup, html};
use rules::command::Known;
use rules::policy::Policy;
use rules::views::officer::{Job, OfficerView, Released, Written};

/// The part that changes.
pub(super) fn now(app: &App, viewer: &Viewer, view: &OfficerView) -> Markup {
    let say = viewer.say("officer");
    let state = app.room.view();
    let policy = &*state.policy;
    let job = view.job.as_ref();
    let mut topics = format!("unit:{} policy", view.call_sign);
    if let Some(job) = job {
        topics.push_str(&format!(" incident:{}", job.incident));
    }
    for released in &view.released {
        topics.push_str(&format!(" incident:{}", released.incident));
    }
    let newest = job.and_then(|job| job.new.iter().filter(|e| e.critical).map(|e| e.entry).max());
    html! {
        section #now data-live=(topics) data-from="/officer/now"
            data-unit=(view.call_sign) data-who=(viewer.by.staff)
            data-keep=[policy.officer.offline_copy.then_some("yes")]
            data-job=[job.map(|job| short(job.incident))]
            data-silent[job.is_some_and(|job| job.silent)]
            data-critical=[newest] data-released=(view.released.len()) {
            @if !view.released.is_empty() {
                @for one in &view.released { (released(view, one, say)) }
            } @else if let Some(job) = job {
                (the_job(app, viewer, view, job, policy))
            } @else {
                h1 { (view.call_sign) " " small { (view.status) " " (view.status_label) } }
                p.free { (t!(say, "officer-no-job")) }
                (states(view, policy, say))
                (shift(view, say))
            }
        }
    }
}

/// Nothing is left to show: the unit is on the board no more.
pub(super) fn gone(viewer: &Viewer) -> Markup {
    let say = viewer.say("officer");
    html! { section #now data-unit="" { p { (t!(say, "officer-unit-gone")) } } }
}

/// Released: nothing else is shown until it is understood.
fn released(view: &OfficerView, one: &Released, say: Say) -> Markup {
    let number = short(one.incident);
    let label = t!(say, "officer-understood-label", number = number.as_str());
    html! {
        div.released role="alert" {
            h1 { (t!(say, "officer-released", number = number.as_str())) }
            p { (t!(say, "officer-released-now", number = number.as_str())) " " (one.words) }
            @if let Some(job) = &view.job {
                p { (t!(say, "officer-next-job", number = short(job.incident))) }
            }
            (Deed::new("confirm_release", &label)
                .with("incident", &one.incident.to_string())
                .with("call_sign", view.call_sign.as_str())
                .form(html! { button.big.go type="submit" data-key="F12" {
                    (t!(say, "officer-understood"))
                } }))
        }
    }
}

fn the_job(app: &App, viewer: &Viewer, view: &OfficerView, job: &Job, policy: &Policy) -> Markup {
    let say = viewer.say("officer");
    html! {
        @if job.silent { p.silent { strong { (t!(say, "officer-silent")) } } }
        (head(view, job, policy, say))
        (risk(view, job, policy, say))
        (place(job, say))
        @if !job.confirmed { (confirm(view, job, say)) }
        (news(job, policy, say))
        (states(view, policy, say))
        (check_in(view, job, say))
        (talk(app, viewer, view, job))
        (whole(job, policy, say))
        (shift(view, say))
    }
}

fn head(view: &OfficerView, job: &Job, policy: &Policy, say: Say) -> Markup {
    html! {
        h1.job {
            (short(job.incident)) " " (job.code) " " (badge(job.grade, policy))
        }
        p.due {
            @if let (Some(due), Some(countdown)) = (job.due_at, &job.countdown) {
                (t!(say, "officer-arrive-by", time = time(due, policy))) " "
                span.count.late[job.late] { (countdown) }
            } @else if job.at_scene { (t!(say, "officer-arrived")) }
            " " span.me { (view.call_sign) " " (view.status) " " (view.status_label) }
        }
    }
}

fn risk(view: &OfficerView, job: &Job, policy: &Policy, say: Say) -> Markup {
    let label = t!(say, "officer-risk-label", number = short(job.incident));
    html! {
        section #risk.risk tabindex="-1" aria-labelledby="risk-title"
            data-open[job.card_opened_at.is_some()] {
            h2 #risk-title.hidden { (t!(say, "officer-risk")) }
            @for check in &job.checks_open {
                p.check-open { (t!(say, "officer-check-open", check = check.as_str())) }
            }
            ul.card { @for line in &job.card.lines {
                li { span.shape aria-hidden="true" { "!" } span { (line) } }
            } }
            @match job.card_opened_at {
                Some(at) => p.read {
                    (t!(say, "officer-risk-read", time = time(at, policy)))
                    @if job.card.more > 0 {
                        " " (t!(say, "officer-risk-more", n = job.card.more))
                    }
                },
                None => {
                    p.unread { (t!(say, "officer-risk-first")) }
                    (Deed::new("open_risk_card", &label)
                        .with("incident", &job.incident.to_string())
                        .with("call_sign", view.call_sign.as_str())
                        .form(html! { button.big.go type="submit" data-key="F9" {
                            (t!(say, "officer-risk-open", n = job.card.more))
                        } }))
                }
            }
            @if job.card_opened_at.is_some() && !job.warnings.is_empty() {
                details #warnings open[job.card.more > 0] {
                    summary { (t!(say, "officer-warnings", n = job.warnings.len())) }
                    ul { @for warning in &job.warnings { li { (warning) } } }
                }
            }
        }
    }
}

fn place(job: &Job, say: Say) -> Markup {
    let at = &job.location;
    html! {
        p.place {
            @match &at.words {
                Some(words) => strong { (words) },
                None => strong { (t!(say, "officer-place-unknown")) },
            }
            @if at.known != Known::Known && at.words.is_some() {
                " " span.late { (t!(say, "officer-place-vague")) }
            }
            @if let Some(point) = at.point {
                @if let Some(grid) = grid_of(point, at.within) { " " span.point { (grid) } }
                " " span.point { (degrees(point)) }
            }
        }
    }
}

fn confirm(view: &OfficerView, job: &Job, say: Say) -> Markup {
    let label = t!(say, "officer-go-label", number = short(job.incident));
    Deed::new("confirm_deployment", &label)
        .with("incident", &job.incident.to_string())
        .with("call_sign", view.call_sign.as_str())
        .form(html! { button.big.go type="submit" data-key="F12" {
            (t!(say, "officer-go", number = short(job.incident)))
        } })
}

/// What came since the warnings were opened.
fn news(job: &Job, policy: &Policy, say: Say) -> Markup {
    let label = t!(say, "officer-read-label");
    html! {
        @if !job.new.is_empty() {
            section.new aria-labelledby="new-title" {
                h2 #new-title { (t!(say, "officer-new", n = job.new.len())) }
                @if let Some(worst) = job.new.iter().find(|e| e.critical) {
                    p.hidden role="alert" { (worst.text) }
                }
                ul.entries { @for entry in &job.new { (line(entry, policy, say)) } }
                (Deed::new("read_log", &label)
                    .with("incident", &job.incident.to_string())
                    .with("up_to", &job.newest.to_string())
                    .form(html! { button.big type="submit" { (t!(say, "officer-read")) } }))
            }
        }
    }
}

fn line(entry: &Written, policy: &Policy, say: Say) -> Markup {
    html! {
        li data-critical[entry.critical] {
            p.meta {
                (time(entry.at, policy)) " " (entry.by)
                @if entry.critical { " " strong { "! " (t!(say, "officer-critical")) } }
            }
            @if entry.struck { p { s { (entry.text) } } } @else { p { (entry.text) } }
        }
    }
}

fn check_in(view: &OfficerView, job: &Job, say: Say) -> Markup {
    let label = t!(say, "officer-check-in-label");
    html! {
        @if let Some(due) = &job.check_in {
            div.check-in data-late[due.late] {
                (Deed::new("check_in", &label)
                    .with("call_sign", view.call_sign.as_str())
                    .form(html! { button.big type="submit" {
                        (t!(say, "officer-check-in")) " "
                        span.count.late[due.late] { (due.countdown) }
                    } }))
            }
        }
    }
}

fn whole(job: &Job, policy: &Policy, say: Say) -> Markup {
    html! {
        details #log {
            summary { (t!(say, "officer-log", n = job.entries.len())) }
            h2 { (t!(say, "officer-words")) }
            blockquote { (job.words) }
            ul.entries { @for entry in &job.entries { (line(entry, policy, say)) } }
        }
    }
}

/// The jobs of this shift: numbers, and nothing about anybody.
fn shift(view: &OfficerView, say: Say) -> Markup {
    html! {
        @if !view.before.is_empty() {
            details #shift {
                summary { (t!(say, "officer-shift", n = view.before.len())) }
                ul.before { @for n in &view.before { li { (short(*n)) } } }
            }
        }
    }
}

/// What stays as it is: help, and what waits for a connection.
pub(super) fn around(viewer: &Viewer, view: &OfficerView) -> Markup {
    let say = viewer.say("officer");
    let label = t!(say, "officer-emergency-label");
    html! {
        div.air {
            section #queue.queue hidden aria-live="polite" aria-label=(t!(say, "officer-queue"))
                data-one=(t!(say, "officer-waiting", n = 1))
                data-many=(t!(say, "officer-waiting", n = 1_000).replace("1000", "{n}"))
                data-refused=(t!(say, "officer-refused")) data-away=(t!(say, "officer-dismiss"))
                data-sign-on=(t!(say, "officer-sign-on")) data-others=(t!(say, "officer-others")) {}
            p #stale role="status" hidden data-words=(t!(say, "officer-stale", minutes = "{m}")) {}
            p #sos role="alert" hidden data-words=(t!(say, "officer-not-sent")) {}
        }
        details #emergency.emergency {
            summary data-hold="emergency-form" { (t!(say, "officer-emergency")) }
            p { (t!(say, "officer-emergency-what")) }
            (Deed::new("set_status", &label)
                .with("call_sign", view.call_sign.as_str())
                .with("status", "0")
                .named("emergency-form")
                .form(html! { button.big.danger type="submit" {
                    (t!(say, "officer-emergency-now"))
                } }))
        }
    }
}
