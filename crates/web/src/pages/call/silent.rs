//! Somebody who cannot speak: yes and no by a cough, a tap or a key, each with its time.

use super::{Call, heading, live, of_log};
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::command::Answered;
use rules::incident::prompts::{PromptView, answer_words};
use rules::policy::PromptKind;
use rules::views::log::LogView;

pub(super) fn part(call: &Call, say: Say) -> Markup {
    let inner = html! {
        (heading("silent", &t!(say, "call-silent"), "F2"))
        p.script { (t!(say, "call-silent-script")) }
        p.dim { (t!(say, "call-silent-keys")) }
        @match &call.log {
            None => { (first(call, say)) }
            Some(log) => { (questions(call, log, say)) }
        }
        p.ask { (t!(say, "call-silent-back")) }
    };
    live(call, "silent", &call.topics(), &inner)
}

/// Before there is a log: a signal opens one, and so does silence.
fn first(call: &Call, say: Say) -> Markup {
    let set = call.state.policy.question_set.iter().find(|set| set.silent);
    let Some(code) = set.and_then(|set| set.codes.first()) else {
        return html! { p { (t!(say, "call-silent-no-set")) } };
    };
    let open = |key: &str, class: &str, words: &str, button: &str| {
        html! {
            form method="post" action="/do/open_incident" data-do
                data-go={ "/calls/" (call.contact.id) "?log={incident}&silent=1" } {
                input type="hidden" name="contact" value=(call.contact.id);
                input type="hidden" name="opening_code" value=(code);
                input type="hidden" name="location.known" value="unknown";
                input type="hidden" name="words" value=(words);
                input type="hidden" name="informant.line"
                    value=(call.contact.line.as_ref().map(ToString::to_string).unwrap_or_default());
                // Nobody has asked yet: left out, it would count as "no".
                input type="hidden" name="informant.safe_to_contact" value="";
                input type="hidden" name="informant.missing_because"
                    value=(t!(say, "call-silent-cannot-speak"));
                input type="hidden" name="deed-back"
                    value={ "/calls/" (call.contact.id) "?silent=1" };
                button.(class) type="submit" data-signal=(key) { (button) }
            }
        }
    };
    html! {
        div.signals {
            (open("yes", "signal-yes", &t!(say, "call-silent-heard"), &t!(say, "call-signal-yes")))
            (open("none", "signal-none", &t!(say, "call-silent-nothing"),
                &t!(say, "call-signal-none")))
        }
    }
}

fn questions(call: &Call, log: &LogView, say: Say) -> Markup {
    let asked: Vec<&PromptView> =
        log.prompts.iter().filter(|p| p.kind == PromptKind::YesNo).collect();
    let now = asked.iter().find(|p| p.answer.is_none());
    html! {
        @if let Some(now) = now {
            p.asking role="status" { (now.words) }
            div.signals {
                (signal(call, log, now, "yes", "yes", &t!(say, "call-signal-yes")))
                (signal(call, log, now, "no", "no", &t!(say, "call-signal-no")))
                (signal(call, log, now, "none", "unknown", &t!(say, "call-signal-none")))
            }
        } @else { p.asking role="status" { (t!(say, "call-silent-done")) } }
        ol.heard { @for p in &asked {
            li aria-current=[now.filter(|n| n.prompt == p.prompt).map(|_| "step")] {
                (p.words) " "
                @match &p.answer {
                    Some(Answered::Unknown) => { strong { (t!(say, "call-signal-none-was")) } }
                    Some(answer) => { strong { (answer_words(answer).to_uppercase()) } }
                    None => { span.dim { (t!(say, "call-not-asked")) } }
                }
                @if let Some(at) = p.at {
                    " " small { (crate::pages::words::clock(at, &call.state.policy)) }
                }
            }
        } }
    }
}

fn signal(
    call: &Call,
    log: &LogView,
    now: &PromptView,
    key: &str,
    answer: &str,
    words: &str,
) -> Markup {
    html! {
        form method="post" action="/do/answer_prompt" data-do {
            (of_log(call, log))
            input type="hidden" name="prompt" value=(now.prompt);
            input type="hidden" name="answer" value=(answer);
            input type="hidden" name="by_signal" value="true";
            button.{ "signal-" (key) } #{ "signal-" (key) } type="submit" data-signal=(key)
                { (words) }
        }
    }
}
