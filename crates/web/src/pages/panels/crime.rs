//! A report of a crime: since when, by when it is recorded, and what was decided.

use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::command::CrimeOutcome;

/// The crime; nothing where the log reports none.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let Some(crime) = &on.log.crime else {
        return part(
            on,
            "crime",
            t!(say, "panel-crime"),
            "",
            html! {
                p.meta { (t!(say, "panel-crime-none")) }
            },
        );
    };
    let body = html! {
        p {
            (t!(say, "panel-crime-reported", at = on.clock(crime.reported_at))) " "
            @if let Some(due) = crime.due_at {
                (t!(say, "panel-crime-due", at = on.clock(due))) " "
                span.count.late[crime.late] { (crime.countdown) }
            }
        }
        @match &crime.outcome {
            None => p.warn { (t!(say, "panel-crime-open")) },
            Some(outcome) => p {
                strong { (outcome_words(on, outcome)) } " "
                @if let Some((by, at)) = &crime.settled {
                    span.meta {
                        (by) ", " (on.clock(*at)) ", "
                        (t!(say, "panel-crime-took", time = crime.took.as_str()))
                    }
                }
            }
        }
        (forms(on, crime.outcome.as_ref()))
    };
    part(on, "crime", t!(say, "panel-crime"), "duty", body)
}

fn outcome_words(on: &On<'_>, outcome: &CrimeOutcome) -> String {
    let say = on.say();
    match outcome {
        CrimeOutcome::Recorded(n) => t!(say, "panel-crime-recorded", number = n.to_string()),
        CrimeOutcome::NotACrime(why) => t!(say, "panel-crime-no", why = why.to_string()),
        CrimeOutcome::HandedOver(what) => t!(say, "panel-crime-handed", what = what.to_string()),
    }
}

/// What can still be decided. The crime desk decides about closed logs as well.
fn forms(on: &On<'_>, outcome: Option<&CrimeOutcome>) -> Markup {
    let say = on.say();
    let handed = matches!(outcome, Some(CrimeOutcome::HandedOver(_)));
    let done = matches!(outcome, Some(CrimeOutcome::Recorded(_)));
    if done || !on.may_even_closed("settle_crime") || (!on.log.open && !handed) {
        return html! {};
    }
    let form = |id: &str, name: &str, label: String, send: String| {
        let body = html! {
            (line(id, name, label))
            button type="submit" { (send.as_str()) }
        };
        let form = format!("{id}-form");
        folded(&format!("{id}-fold"), send.clone(), None, on.deed("settle_crime", &form, body))
    };
    html! {
        div.answers {
            (form("crime-number", "outcome.recorded", t!(say, "panel-crime-number"),
                t!(say, "panel-crime-record")))
            (form("crime-none", "outcome.not_a_crime", t!(say, "panel-crime-why"),
                t!(say, "panel-crime-not")))
            @if !handed && on.log.open {
                (form("crime-hand", "outcome.handed_over", t!(say, "panel-crime-what"),
                    t!(say, "panel-crime-hand")))
            }
        }
    }
}
