//! Planned work beside work done: what, by whom and by when; how it was done, and when.

use super::told::happened;
use super::{On, folded, line, optional_line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::views::log::{Settled, WorkView};

/// The work.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let n_open = on.log.work.iter().filter(|w| w.settled == Settled::Open).count();
    let body = html! {
        @if on.log.work.is_empty() { p.meta { (t!(say, "panel-work-none")) } }
        ol.questions { @for work in &on.log.work { (row(on, work)) } }
        @if on.may("plan_work") {
            (folded("plan", t!(say, "panel-work-plan"), None, on.deed("plan_work", "plan-form",
                html! {
                    (on.text("plan-what", "what", t!(say, "panel-work-what")))
                    (on.whom("plan-by", "by", &t!(say, "panel-work-by"), true))
                    (line("plan-due", "due.at", t!(say, "panel-work-due")))
                    button type="submit" { (t!(say, "panel-work-plan")) }
                })))
        }
    };
    part(on, "work", t!(say, "panel-work", n = n_open), "", body)
}

fn row(on: &On<'_>, work: &WorkView) -> Markup {
    let say = on.say();
    html! {
        li id={ "work-" (work.work) } {
            p.asked { (work.what) }
            p.meta {
                (t!(say, "panel-work-planned", by = work.by_words.as_str(),
                    due = on.clock(work.due_at), who = work.planned_by.to_string(),
                    at = on.clock(work.planned_at)))
                @if work.settled == Settled::Open {
                    " " span.count.late[work.late] { (work.countdown) }
                }
            }
            @match work.settled {
                Settled::Open => @if on.may("finish_work") { (finish(on, work)) },
                settled => p.answer {
                    strong {
                        @if settled == Settled::Done { (t!(say, "panel-work-done")) }
                        @else { (t!(say, "panel-work-not-done")) }
                    }
                    ": " (work.words) " "
                    span.meta {
                        @if let (Some(by), Some(at)) = (&work.written_by, work.done_at) {
                            @match &work.done_by {
                                Some(who) => {
                                    (who) ", " (on.clock(at)) ", "
                                    (t!(say, "panel-work-written", by = by.to_string()))
                                }
                                None => { (by) ", " (on.clock(at)) }
                            }
                            @if work.late { ", " (t!(say, "panel-work-late")) }
                        }
                    }
                }
            }
        }
    }
}

fn finish(on: &On<'_>, work: &WorkView) -> Markup {
    let say = on.say();
    let (n, incident) = (work.work.to_string(), on.log.number.to_string());
    let fields = [("incident", incident.as_str()), ("work", n.as_str())];
    html! {
        div.answers {
            (folded(&format!("work-done-{n}"), t!(say, "panel-work-done"), None, on.deed_with(
                "finish_work", &format!("work-done-form-{n}"), &fields, html! {
                    (line(&format!("work-how-{n}"), "outcome.done", t!(say, "panel-work-how")))
                    (optional_line(&format!("work-who-{n}"), "done_by",
                        t!(say, "panel-work-who")))
                    (happened(&format!("work-when-{n}"), say))
                    button type="submit" { (t!(say, "panel-work-done")) }
                })))
            (folded(&format!("work-not-{n}"), t!(say, "panel-work-not-done"), None, on.deed_with(
                "finish_work", &format!("work-not-form-{n}"), &fields, html! {
                    (line(&format!("work-why-{n}"), "outcome.not_applicable",
                        t!(say, "panel-work-why")))
                    button type="submit" { (t!(say, "panel-work-not-done")) }
                })))
        }
    }
}
