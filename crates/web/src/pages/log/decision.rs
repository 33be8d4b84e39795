//! A decision with its grounds: the five stages of the national decision model, and the Code of
//! Ethics at their centre.

use crate::lang::{Say, t};
use crate::pages::panels::On;
use maud::{Markup, html};

/// The decision and its six elements, in the order of the model.
const PARTS: [&str; 7] = [
    "decision",
    "information",
    "threat_and_risk",
    "powers_and_policy",
    "options",
    "action_and_review",
    "code_of_ethics",
];

/// The form. It writes one critical entry, whole.
pub(super) fn form(on: &On<'_>, say: Say) -> Markup {
    html! {
        details.fold #decide data-focus hx-morph-skip {
            summary { (t!(say, "log-decision")) }
            p.meta { (t!(say, "log-decision-words")) }
            form.deed #decision-form method="post" action="/do/record_decision" data-do
                data-clears {
                input type="hidden" name="incident" value=(on.log.number);
                input type="hidden" name="deed-back" value=(on.back);
                @for part in PARTS {
                    (on.judged(&format!("decide-{part}"), part, words(part, say), "decision-form"))
                }
                (on.opinion("decision-form"))
                button type="submit" { (t!(say, "log-decision-send")) }
            }
        }
    }
}

fn words(part: &str, say: Say) -> String {
    match part {
        "information" => t!(say, "log-decision-information"),
        "threat_and_risk" => t!(say, "log-decision-threat"),
        "powers_and_policy" => t!(say, "log-decision-powers"),
        "options" => t!(say, "log-decision-options"),
        "action_and_review" => t!(say, "log-decision-action"),
        "code_of_ethics" => t!(say, "log-decision-ethics"),
        _ => t!(say, "log-decision-what"),
    }
}
