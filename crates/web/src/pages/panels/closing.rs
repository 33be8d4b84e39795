//! What stands in the way of closing, each thing by name; closing; and opening again.

use super::told::{told_field, told_words};
use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};

/// Closing.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let body = match &on.log.facts.closed {
        Some(_) => closed(on),
        None => html! {
            @if on.log.in_the_way.is_empty() {
                p.ok { (t!(say, "panel-close-free")) }
            } @else {
                p { (t!(say, "panel-close-way", n = on.log.in_the_way.len())) }
                ul.in-the-way {
                    @for thing in &on.log.in_the_way {
                        li { span.mark aria-hidden="true" { "✗" } " " (thing) }
                    }
                }
            }
            @if on.may("close_incident") { (close(on)) }
        },
    };
    // A call about it that ends is told on the call's own topic.
    let calls: Vec<String> = on.incident.contacts.iter().map(|c| format!("contact:{c}")).collect();
    part(on, "closing", t!(say, "panel-closing"), &calls.join(" "), body)
}

fn close(on: &On<'_>) -> Markup {
    let say = on.say();
    let codes = &on.log.closes_with;
    if codes.is_empty() {
        return html! {
            button type="button" disabled aria-describedby="closing-heading" {
                (t!(say, "panel-close"))
            }
        };
    }
    let definition = |code| on.state.policy.closing_code(code).map(|row| row.definition.as_str());
    let form = on.deed(
        "close_incident",
        "close-form",
        html! {
            div.field {
                label for="close-code" { (t!(say, "panel-close-code")) }
                select #close-code name="closing_code" required {
                    option value="" { (t!(say, "panel-choose")) }
                    @for code in codes {
                        option value=(code) { (code) ": " (definition(code).unwrap_or_default()) }
                    }
                }
            }
            (on.judged("close-result", "result", t!(say, "panel-close-result"), "close-form"))
            (told_field(say, "close-told"))
            (on.judged("close-risk", "risk_now", t!(say, "panel-close-risk"), "close-form"))
            (on.opinion("close-form"))
            button type="submit" { (t!(say, "panel-close")) }
        },
    );
    // Other codes are another form.
    folded(&format!("close-{}", codes.len()), t!(say, "panel-close"), Some("Alt+9"), form)
}

fn closed(on: &On<'_>) -> Markup {
    let say = on.say();
    let Some(closed) = &on.log.facts.closed else { return html! {} };
    html! {
        dl.facts {
            dt { (t!(say, "panel-close-code")) }
            dd { (closed.code) }
            dt { (t!(say, "panel-closed-at")) }
            dd { (on.clock(closed.at)) ", " (closed.by.staff) }
            dt { (t!(say, "panel-close-result")) }
            dd { (closed.result) }
            dt { (t!(say, "panel-told-what")) }
            dd { (told_words(say, closed.told)) }
            dt { (t!(say, "panel-close-risk")) }
            dd { (closed.risk_now) }
        }
        @if on.may_even_closed("reopen_incident") {
            (folded("reopen", t!(say, "panel-reopen"), None, on.deed(
                "reopen_incident",
                "reopen-form",
                html! {
                    (line("reopen-why", "reason", t!(say, "panel-reason")))
                    button type="submit" { (t!(say, "panel-reopen")) }
                },
            )))
        }
    }
}
