//! The questions that the call asks because of its code and of what was answered before. Each has a
//! key for "unknown" and for "does not apply".

use super::{Call, after_first_line, heading, live, of_log};
use crate::lang::{Say, t};
use crate::pages::frame::Viewer;
use crate::pages::guidance;
use maud::{Markup, html};
use rules::command::Answered;
use rules::incident::prompts::PromptView;
use rules::policy::PromptKind;
use rules::views::guidance::Where;
use rules::views::log::LogView;

pub(super) fn part(call: &Call, viewer: &Viewer, say: Say) -> Markup {
    let inner = match &call.log {
        None => html! {
            (heading("ask", &t!(say, "call-ask"), "Alt+4"))
            (after_first_line(say))
        },
        Some(log) => {
            let n = log.prompts.iter().filter(|p| p.answer.is_some()).count();
            let of = log.prompts.len();
            let next = log.prompts.iter().find(|p| p.answer.is_none()).map(|p| &p.prompt);
            html! {
                (heading("ask", &t!(say, "call-ask-count", n = n, of = of), "Alt+4"))
                @if log.prompts.is_empty() { p.dim { (t!(say, "call-ask-none")) } }
                @else { p.dim { (t!(say, "call-ask-keys")) } }
                ol.prompts { @for (at, prompt) in log.prompts.iter().enumerate() {
                    (one(call, viewer, log, prompt, at, next == Some(&prompt.prompt)))
                } }
            }
        }
    };
    live(call, "ask", &call.topics(), &inner)
}

/// One question. Where the focus goes by its key, is the first that has no answer.
fn one(
    call: &Call,
    viewer: &Viewer,
    log: &LogView,
    prompt: &PromptView,
    at: usize,
    is_next: bool,
) -> Markup {
    let say = viewer.say("call");
    let is = |answer: &Answered| prompt.answer.as_ref() == Some(answer);
    let plain: &[(&str, Answered, String)] = &[
        ("U", Answered::Unknown, t!(say, "call-unknown")),
        ("A", Answered::NotApplicable, t!(say, "call-not-applicable")),
    ];
    let declines = [("P", Answered::PreferNotToSay, t!(say, "call-prefer-not"))];
    let declines = if prompt.may_decline { &declines[..] } else { &[] };
    let yes_no: &[(&str, Answered, String)] =
        &[("Y", Answered::Yes, t!(say, "call-yes")), ("N", Answered::No, t!(say, "call-no"))];
    let first = if prompt.kind == PromptKind::YesNo { yes_no } else { &[][..] };
    let value = |answer: &Answered| match answer {
        Answered::Yes => "yes",
        Answered::No => "no",
        Answered::Unknown => "unknown",
        Answered::PreferNotToSay => "prefer_not_to_say",
        _ => "not_applicable",
    };
    let id = format!("prompt-{at}");
    html! {
        li id=(id) data-prompt=(prompt.prompt) data-open[prompt.answer.is_none()]
            data-key=[is_next.then_some("Alt+4")] {
            p id={ (id) "-q" } { (prompt.words) }
            (guidance::links(&call.state.policy, Where::Prompt(&prompt.prompt), call.now, viewer))
            @if let Some(because) = &prompt.because {
                p.meta { (t!(say, "call-because", because = because.clone())) }
            }
            div.answers role="group" aria-labelledby={ (id) "-q" } {
                form method="post" action="/do/answer_prompt" data-do {
                    (of_log(call, log))
                    input type="hidden" name="prompt" value=(prompt.prompt);
                    @for (key, answer, words) in first.iter().chain(declines).chain(plain) {
                        button type="submit" name="answer" value=(value(answer)) data-answer=(key)
                            id={ (id) "-" (key) } aria-pressed=(is(answer)) {
                            @if is(answer) { "✓ " } (words)
                        }
                    }
                }
                @if prompt.kind == PromptKind::Text {
                    form.text method="post" action="/do/answer_prompt" data-do hx-morph-skip
                        id={ (id) "-form" } {
                        (of_log(call, log))
                        input type="hidden" name="prompt" value=(prompt.prompt);
                        input type="text" id={ (id) "-text" } name="answer.text" required
                            aria-labelledby={ (id) "-q" } maxlength="2000" autocomplete="off";
                        button type="submit" { (t!(say, "call-answer")) }
                    }
                    @if let Some(Answered::Text(words)) = &prompt.answer { p { "✓ " (words) } }
                }
                @if prompt.by_signal { p.meta { (t!(say, "call-by-signal")) } }
            }
        }
    }
}
