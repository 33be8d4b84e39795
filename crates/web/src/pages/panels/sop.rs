//! The standard operating procedure of the opening code, step by step. It opens by itself, and that
//! it was open on a screen is recorded.

use super::{On, folded, greyed, line, part};
use crate::lang::t;
use crate::pages::{agencies, guidance};
use maud::{Markup, html};
use rules::shift::training::Doing;
use rules::views::guidance::Where;
use rules::views::log::{Settled, StepView};

/// Steps beyond these have no key of their own.
const KEYS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// The SOP.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let steps = &on.log.sop;
    let left = steps.iter().filter(|s| s.settled == Settled::Open).count();
    let mut keys = KEYS.into_iter();
    let body = html! {
        p.meta { (on.log.facts.code) ": " (on.log.facts.code_definition) }
        @if !on.log.sop_opened && on.may("open_sop") {
            (on.deed("open_sop", "sop-open", html! {
                // The page's script sends it when the steps are on the screen.
                button type="submit" data-when-seen { (t!(say, "panel-sop-open")) }
            }))
        }
        @if steps.is_empty() { p { (t!(say, "panel-sop-none")) } }
        ol.steps {
            @for (i, step) in steps.iter().enumerate() {
                @let key = if step.settled == Settled::Open { keys.next() } else { None };
                (one(on, i, step, key))
            }
        }
    };
    let title = t!(say, "panel-sop", left = left, all = steps.len());
    part(on, "sop", title, "agencies", body)
}

fn one(on: &On<'_>, i: usize, step: &StepView, key: Option<&str>) -> Markup {
    let say = on.say();
    let n = on.log.number.to_string();
    let fields = [("incident", n.as_str()), ("step", step.step.as_str())];
    html! {
        li id={ "step-" (i) } data-settled=(settled_name(step.settled)) {
            p {
                (mark(step.settled)) " " (step.words) " "
                span.meta { "(" (step.desk.words()) ")" }
            }
            (guidance::links(&on.state.policy, Where::Step(&step.step), on.now, on.viewer))
            @match (step.settled, &step.by, step.at) {
                (Settled::Open, ..) => {
                    @if on.viewer.may("view_agencies") {
                        (agencies::named(on.state, &step.words, on.viewer.say("agencies")))
                    }
                    @if on.may("settle_sop_step") { (settle(on, i, step, key, &fields)) }
                }
                (settled, by, at) => p.meta {
                    @if settled == Settled::NotApplicable { (t!(say, "panel-na")) }
                    @else { (t!(say, "panel-done")) }
                    ": " (step.outcome)
                    @if let (Some(by), Some(at)) = (by, at) { " (" (by) ", " (on.clock(at)) ")" }
                }
            }
        }
    }
}

fn settle(
    on: &On<'_>,
    i: usize,
    step: &StepView,
    key: Option<&str>,
    fields: &[(&str, &str)],
) -> Markup {
    let say = on.say();
    let doing = Doing { command: "settle_sop_step", step: Some(&step.step), ..Doing::default() };
    if let Some(why) = on.barred(doing) {
        return greyed(t!(say, "panel-done"), &why);
    }
    let label = t!(say, "panel-step-what", step = step.step.to_string());
    html! {
        div.answers data-key=[key] {
            (on.deed_with("settle_sop_step", &format!("step-form-{i}"), fields, html! {
                label.hidden for={ "step-done-" (i) } { (label) }
                input id={ "step-done-" (i) } name="outcome.done" type="text" required
                    maxlength="8000" autocomplete="off" value=(t!(say, "panel-done"));
                button type="submit" {
                    (t!(say, "panel-done")) @if let Some(key) = key { " " kbd { (key) } }
                }
            }))
            (folded(&format!("step-na-{i}-{}", step.step.as_str().replace(' ', "-")),
                t!(say, "panel-na"), None,
                on.deed_with("settle_sop_step", &format!("step-na-form-{i}"), fields, html! {
                    (line(&format!("step-na-why-{i}"), "outcome.not_applicable",
                        t!(say, "panel-na-why")))
                    button type="submit" { (t!(say, "panel-na-send")) }
                })))
        }
    }
}

/// A shape beside each word.
pub(super) fn mark(settled: Settled) -> Markup {
    let shape = match settled {
        Settled::Open => "☐",
        Settled::Done => "☑",
        Settled::NotApplicable => "⊘",
    };
    html! { span.mark aria-hidden="true" { (shape) } }
}

/// For `data-settled`.
pub(super) fn settled_name(settled: Settled) -> &'static str {
    match settled {
        Settled::Open => "open",
        Settled::Done => "done",
        Settled::NotApplicable => "na",
    }
}
