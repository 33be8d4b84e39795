//! Intelligence checks: asked for, and what each found.

use super::sop::{mark, settled_name};
use super::{On, folded, greyed, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::shift::training::Doing;
use rules::views::log::{CheckView, Settled};

/// The checks.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let open = on.log.checks.iter().filter(|c| c.settled == Settled::Open).count();
    let body = html! {
        ul.steps {
            @for (i, check) in on.log.checks.iter().enumerate() { (one(on, i, check)) }
        }
        @if on.may("request_check") {
            (folded("check-ask", t!(say, "panel-check-ask"), None, on.deed(
                "request_check",
                "check-ask-form",
                html! {
                    (line("check-what", "check", t!(say, "panel-check-what")))
                    button type="submit" { (t!(say, "panel-check-send")) }
                },
            )))
        }
    };
    part(on, "checks", t!(say, "panel-checks", n = open), "", body)
}

fn one(on: &On<'_>, i: usize, check: &CheckView) -> Markup {
    let say = on.say();
    let n = on.log.number.to_string();
    let fields = [("incident", n.as_str()), ("check", check.check.as_str())];
    html! {
        li id={ "check-" (i) } data-settled=(settled_name(check.settled)) {
            p { (mark(check.settled)) " " (check.check) }
            @match check.settled {
                Settled::Open => {
                    @let doing = Doing { command: "record_check", ..Doing::default() };
                    @if let Some(why) = on.barred(doing).filter(|_| on.may("record_check")) {
                        (greyed(t!(say, "panel-check-record"), &why))
                    } @else if on.may("record_check") {
                        div.answers {
                            (on.deed_with("record_check", &format!("check-form-{i}"), &fields,
                                html! {
                                    (line(&format!("check-found-{i}"), "outcome.done",
                                        t!(say, "panel-check-found")))
                                    button type="submit" { (t!(say, "panel-check-record")) }
                                }))
                            (folded(&format!("check-na-{i}"), t!(say, "panel-na"), None,
                                on.deed_with("record_check", &format!("check-na-form-{i}"),
                                    &fields, html! {
                                    (line(&format!("check-na-why-{i}"), "outcome.not_applicable",
                                        t!(say, "panel-na-why")))
                                    button type="submit" { (t!(say, "panel-na-send")) }
                                })))
                        }
                    }
                }
                Settled::Done => p.meta { (check.found) }
                Settled::NotApplicable => p.meta { (t!(say, "panel-na")) ": " (check.found) }
            }
        }
    }
}
