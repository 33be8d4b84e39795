//! The SOP, which opens by itself with the code, and what dispatch does and asks.

use super::{Call, after_first_line, heading, live, of_log};
use crate::lang::{Say, t};
use crate::pages::frame::Viewer;
use crate::pages::panels::greyed;
use crate::pages::words::clock;
use crate::pages::{agencies, guidance};
use maud::{Markup, html};
use rules::role::{Owner, Role};
use rules::shift::training::{Doing, barred};
use rules::views::guidance::Where;
use rules::views::log::{LogView, QuestionView, Settled, StepView};

pub(super) fn sop(call: &Call, viewer: &Viewer, say: Say) -> Markup {
    let inner = match &call.log {
        None => html! { (heading("sop", &t!(say, "call-sop"), "Alt+7")) (after_first_line(say)) },
        Some(log) => {
            let left = log.sop.iter().filter(|s| s.settled == Settled::Open).count();
            html! {
                (heading("sop", &t!(say, "call-sop-left", n = left, of = log.sop.len()), "Alt+7"))
                @if log.sop_opened { p.dim { "✓ " (t!(say, "call-sop-opened")) } }
                ul.steps data-key="Alt+7" {
                    @for step in &log.sop { (a_step(call, viewer, log, step, say)) }
                }
            }
        }
    };
    live(call, "sop", &format!("{} agencies", call.topics()), &inner)
}

fn a_step(call: &Call, viewer: &Viewer, log: &LogView, step: &StepView, say: Say) -> Markup {
    let mine = step.desk == Role::CallHandler;
    html! {
        li data-open[step.settled == Settled::Open] {
            p {
                @match step.settled {
                    Settled::Open => { "☐ " }
                    Settled::Done => { "☑ " }
                    Settled::NotApplicable => { "⊘ " }
                }
                strong { (step.step) } " " (step.words)
            }
            (guidance::links(&call.state.policy, Where::Step(&step.step), call.now, viewer))
            @if step.settled == Settled::Open { (agencies::named(&call.state, &step.words, say)) }
            @if step.settled != Settled::Open { p.meta { (step.outcome) } }
            @else if let Some(why) = barred_step(call, viewer, step).filter(|_| mine) {
                (greyed(t!(say, "call-step-done"), &why))
            }
            @else if !mine { p.meta { (step.desk.words()) } }
            @else {
                div.answers {
                    (settle(call, log, step, "outcome.done", &t!(say, "call-step-done-words"),
                        &t!(say, "call-step-done")))
                    (settle(call, log, step, "outcome.not_applicable",
                        &t!(say, "call-step-not-words"), &t!(say, "call-not-applicable")))
                }
            }
        }
    }
}

/// Why whoever looks may not settle a step for want of a training, if that is so.
fn barred_step(call: &Call, viewer: &Viewer, step: &StepView) -> Option<String> {
    let doing = Doing { command: "settle_sop_step", step: Some(&step.step), unit: None };
    barred(&call.state, &viewer.by, &doing, call.now).map(|(_, why)| why)
}

fn settle(
    call: &Call,
    log: &LogView,
    step: &StepView,
    field: &str,
    value: &str,
    words: &str,
) -> Markup {
    html! {
        form method="post" action="/do/settle_sop_step" data-do {
            (of_log(call, log))
            input type="hidden" name="step" value=(step.step);
            input type="hidden" name=(field) value=(value);
            button type="submit" aria-label={ (words) ": " (step.step) } { (words) }
        }
    }
}

pub(super) fn dispatch(call: &Call, viewer: &Viewer, say: Say) -> Markup {
    let inner = match &call.log {
        None => html! {
            (heading("dispatch", &t!(say, "call-dispatch"), "F8"))
            (after_first_line(say))
        },
        Some(log) => html! {
            (heading("dispatch", &t!(say, "call-dispatch"), "F8"))
            p { @match &log.facts.accepted_by {
                Some(by) => { "✓ " (t!(say, "call-accepted", by = by.to_string())) }
                None => { (t!(say, "call-owner", who = log.facts.owner_words.clone())) }
            } }
            @if log.deployments.is_empty() { p.dim { (t!(say, "call-no-unit")) } }
            ul { @for unit in &log.deployments {
                li { strong { (unit.call_sign) } " " (unit.words) }
            } }
            @for clock in &log.clocks { p.meta {
                (t!(say, "call-target")) " " span.count.late[clock.late] { (clock.words) }
            } }
            ul.questions { @for q in &log.questions { (question(call, viewer, log, q, say)) } }
        },
    };
    live(call, "dispatch", &format!("{} units", call.topics()), &inner)
}

fn question(call: &Call, viewer: &Viewer, log: &LogView, q: &QuestionView, say: Say) -> Markup {
    let mine = match &q.to {
        Owner::Staff(staff) => *staff == viewer.by.staff,
        Owner::Desk(role) => *role == viewer.by.role,
    };
    let id = format!("question-{}", q.question);
    html! {
        li id=(id) data-open[q.settled == Settled::Open] {
            p {
                span.meta { (clock(q.at, &call.state.policy)) " " (q.asked_by) " → " (q.to_words) }
                br; span id={ (id) "-q" } { strong { "? " (q.text) } }
            }
            @if q.settled == Settled::Open && mine {
                form.text method="post" action="/do/answer_question" data-do data-key="F8"
                    hx-morph-skip id={ (id) "-form" } {
                    (of_log(call, log))
                    input type="hidden" name="question" value=(q.question);
                    input type="text" id={ (id) "-text" } name="outcome.done" required
                        aria-labelledby={ (id) "-q" } maxlength="2000" autocomplete="off";
                    button type="submit" { (t!(say, "call-answer")) " " kbd { "F8" } }
                }
            } @else { p { (q.words) } }
        }
    }
}
