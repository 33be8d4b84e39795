//! Who handles the log: passed to dispatch, accepted there with a second look, given to another
//! owner, supervised by a sergeant.

use super::{On, folded, line, part};
use crate::lang::t;
use crate::pages::words::badge;
use maud::{Markup, html};
use rules::role::Owner;

/// The handling.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let facts = &on.log.facts;
    let mine = facts.owner == Owner::Staff(on.viewer.by.staff.clone());
    let body = html! {
        p {
            @if mine { strong { (t!(say, "panel-owner-me")) } }
            @else { (t!(say, "panel-owner", owner = facts.owner_words.as_str())) }
        }
        p.meta {
            @match facts.passed_at {
                Some(at) => { (t!(say, "panel-passed", at = on.clock(at))) }
                None => { (t!(say, "panel-not-passed")) }
            }
            "; "
            @match (&facts.accepted_by, facts.accepted_at) {
                (Some(by), Some(at)) => {
                    (t!(say, "panel-accepted", by = by.to_string(), at = on.clock(at)))
                }
                _ => { (t!(say, "panel-not-accepted")) }
            }
            @if let Some(sergeant) = &facts.sergeant {
                "; " (t!(say, "panel-sergeant-is", sergeant = sergeant.to_string()))
            }
        }
        @if facts.passed_at.is_none() && on.may("pass_to_dispatch") {
            (on.deed("pass_to_dispatch", "pass-form", html! {
                button type="submit" { (t!(say, "panel-pass")) }
            }))
        }
        @if (facts.accepted_by.is_none() || matches!(facts.owner, Owner::Desk(_)))
            && on.may("accept_incident") {
            (accept(on))
        }
        @if on.may("give_incident") {
            (folded("give-log", t!(say, "panel-give-log"), None, on.deed(
                "give_incident",
                "give-log-form",
                html! {
                    (on.whom("give-log-to", "to", &t!(say, "panel-give-to"), false))
                    (line("give-log-why", "reason", t!(say, "panel-reason")))
                    button type="submit" { (t!(say, "panel-give-log")) }
                },
            )))
        }
        @if on.may("name_supervisor") {
            (folded("sergeant", t!(say, "panel-sergeant"), None, on.deed(
                "name_supervisor",
                "sergeant-form",
                html! {
                    (line("sergeant-who", "sergeant", t!(say, "panel-sergeant-who")))
                    button type="submit" { (t!(say, "panel-sergeant")) }
                },
            )))
        }
    };
    part(on, "handling", t!(say, "panel-handling"), "", body)
}

/// Accepting is a second look: each of the three is answered, and nothing is ticked beforehand.
fn accept(on: &On<'_>) -> Markup {
    let say = on.say();
    let facts = &on.log.facts;
    let asked = |id: &'static str, name: &'static str, words: String, shown: Markup| {
        html! {
            fieldset.recheck {
                legend { (words) }
                p { (shown) }
                label.choice {
                    input id=(id) type="radio" name=(name) value="yes" required;
                    " " (t!(say, "panel-yes"))
                }
                label.choice {
                    input type="radio" name=(name) value="no" required;
                    " " (t!(say, "panel-no"))
                }
            }
        }
    };
    let remark = html! {
        div.field {
            label for="accept-remark" { (t!(say, "panel-accept-remark")) }
            textarea #accept-remark name="remark" rows="2" maxlength="8000" {}
        }
    };
    let code = html! { (facts.code) ": " span.meta { (facts.code_definition) } };
    let grade = badge(facts.grade, &on.state.policy);
    let form = on.deed(
        "accept_incident",
        "accept-form",
        html! {
            (asked("accept-code", "code_is_right", t!(say, "panel-accept-code"), code))
            (asked("accept-grade", "grade_is_right", t!(say, "panel-accept-grade"), grade))
            (asked("accept-content", "content_is_enough", t!(say, "panel-accept-content"),
                html! { q { (facts.words) } }))
            (remark)
            button type="submit" { (t!(say, "panel-accept")) }
        },
    );
    // The code and the grade are part of what is accepted: with others it is another form.
    let id = format!("accept-{}-{}", on.log.grades.len(), facts.codes_before.len());
    folded(&id, t!(say, "panel-accept"), Some("Alt+1"), form)
}
