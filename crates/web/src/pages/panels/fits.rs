//! Which agency fits best: the questions, the decision with its reason, who holds the risk, and
//! what the caller was told.

use super::{On, folded, line, optional_line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::command::Outcome;
use rules::incident::fits::Fit;

/// The decision, and the form for it.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let body = html! {
        @if let Some(fit) = &on.log.fit { (decided(on, fit)) }
        @if on.may("fit_agency") && on.state.policy.right_care.is_some() {
            (folded("fit", t!(say, "panel-fit-decide"), None, form(on)))
        }
    };
    part(on, "fits", t!(say, "panel-fit"), "", body)
}

fn decided(on: &On<'_>, fit: &Fit) -> Markup {
    let say = on.say();
    let questions = on.state.policy.right_care.iter().flat_map(|policy| &policy.question);
    let yes = questions.filter(|q| fit.answers.iter().any(|a| a.question == q.key && a.yes));
    html! {
        p {
            strong { (fit.agency) } ": "
            @if fit.police { (t!(say, "panel-fit-go")) } @else { (t!(say, "panel-fit-stay")) }
            ". " (fit.reason) " " span.meta { (fit.by) ", " (on.clock(fit.at)) }
        }
        @for question in yes { p.meta { (question.words) " " strong { (t!(say, "panel-yes")) } } }
        @if let Some(holder) = &fit.holder {
            p { (t!(say, "panel-fit-holds")) ": " strong { (holder) } }
        }
        p.meta {
            @match &fit.told {
                Outcome::Done(words) => { (t!(say, "panel-fit-was-told")) ": " (words) }
                Outcome::NotApplicable(why) => { (t!(say, "panel-fit-not-told")) ": " (why) }
            }
        }
    }
}

fn form(on: &On<'_>) -> Markup {
    let say = on.say();
    let questions = on.state.policy.right_care.iter().flat_map(|policy| &policy.question);
    on.deed(
        "fit_agency",
        "fit-form",
        html! {
            @for (i, q) in questions.enumerate() {
                div.field {
                    label for={ "fit-" (i) } { (q.words) }
                    input type="hidden" name={ "answers." (i) ".question" } value=(q.key);
                    select id={ "fit-" (i) } name={ "answers." (i) ".yes" } required {
                        option value="" { (t!(say, "panel-choose")) }
                        option value="yes" { (t!(say, "panel-yes")) }
                        option value="no" { (t!(say, "panel-no")) }
                    }
                }
            }
            div.field {
                label for="fit-police" { (t!(say, "panel-fit-police")) }
                select #fit-police name="police" required {
                    option value="" { (t!(say, "panel-choose")) }
                    option value="yes" { (t!(say, "panel-fit-go")) }
                    option value="no" { (t!(say, "panel-fit-stay")) }
                }
            }
            (line("fit-agency", "agency", t!(say, "panel-fit-agency")))
            (on.text("fit-reason", "reason", t!(say, "panel-fit-why")))
            (optional_line("fit-holder", "holder", t!(say, "panel-fit-holder")))
            (line("fit-told", "told.done", t!(say, "panel-fit-told")))
            button type="submit" { (t!(say, "panel-fit-decide")) }
        },
    )
}
