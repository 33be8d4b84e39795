//! What the informant was told, and ring-backs promised and attempted.

use super::{On, folded, line, part};
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::command::Told;

/// The choices, by their names in the API.
const TOLD: [(Told, &str); 5] = [
    (Told::WhatHappensNext, "what_happens_next"),
    (Told::Delay, "delay"),
    (Told::NoAttendance, "no_attendance"),
    (Told::Result, "result"),
    (Told::NotTold, "not_told"),
];

/// What somebody was told, in words.
pub(in crate::pages) fn told_words(say: Say, told: Told) -> String {
    match told {
        Told::WhatHappensNext => t!(say, "panel-told-next"),
        Told::Delay => t!(say, "panel-told-delay"),
        Told::NoAttendance => t!(say, "panel-told-none"),
        Told::Result => t!(say, "panel-told-result"),
        Told::NotTold => t!(say, "panel-told-not"),
        Told::OtherChannels => t!(say, "panel-told-channels"),
    }
}

/// A required pick of what the informant was told.
pub(super) fn told_field(say: Say, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (t!(say, "panel-told-what")) }
            select id=(id) name="told" required {
                option value="" { (t!(say, "panel-choose")) }
                @for (told, name) in TOLD { option value=(name) { (told_words(say, told)) } }
            }
        }
    }
}

/// The informant.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let facts = &on.log.facts;
    let body = html! {
        @if on.log.told.is_empty() { p.warn { (t!(say, "panel-told-nothing")) } }
        ul.told {
            @for told in on.log.told.iter().rev() {
                li {
                    strong { (told_words(say, told.told)) } ": " (told.words) " "
                    span.meta { (on.clock(told.at)) }
                }
            }
        }
        @if facts.informant.as_ref().is_some_and(|i| i.safe_to_contact == Some(false)) {
            p.warn { strong { (t!(say, "panel-told-unsafe")) } }
        }
        @if on.may("tell_informant") {
            (folded("tell", t!(say, "panel-tell"), Some("Alt+8"), on.deed(
                "tell_informant",
                "tell-form",
                html! {
                    (told_field(say, "tell-what"))
                    (on.text("tell-words", "words", t!(say, "panel-tell-words")))
                    button type="submit" { (t!(say, "panel-tell-send")) }
                },
            )))
        }
        h3 { (t!(say, "panel-ring-backs")) }
        (ring_backs(on))
    };
    part(on, "told", t!(say, "panel-told"), "", body)
}

fn ring_backs(on: &On<'_>) -> Markup {
    let say = on.say();
    let promised = on.log.facts.ring_back_by;
    html! {
        @match promised {
            Some(by) => p.warn {
                (t!(say, "panel-ring-promised", by = on.clock(by))) " "
                span.count.late[by <= on.now] {
                    (rules::views::countdown::countdown_words(by, on.now))
                }
            }
            None => p.meta { (t!(say, "panel-ring-none")) }
        }
        ol.history {
            @for made in on.log.ring_backs.iter().rev() {
                li {
                    span.meta { (on.clock(made.at)) ", " (made.by) } " "
                    strong {
                        @if made.spoke { (t!(say, "panel-ring-spoke")) }
                        @else { (t!(say, "panel-ring-no-reply")) }
                    }
                    ": " (made.words)
                }
            }
        }
        @if on.may("ring_back") {
            (folded("ring-back", t!(say, "panel-ring-made"), None, on.deed(
                "ring_back",
                "ring-back-form",
                html! {
                    fieldset {
                        legend { (t!(say, "panel-ring-how")) }
                        label.choice {
                            input type="radio" name="spoke" value="yes" required;
                            " " (t!(say, "panel-ring-spoke"))
                        }
                        label.choice {
                            input type="radio" name="spoke" value="no" required;
                            " " (t!(say, "panel-ring-no-reply"))
                        }
                    }
                    (on.text("ring-words", "words", t!(say, "panel-ring-words")))
                    (happened("ring-happened", say))
                    button type="submit" { (t!(say, "panel-ring-record")) }
                },
            )))
        }
        @if promised.is_none() && on.may("promise_ring_back") {
            (folded("promise", t!(say, "panel-promise"), None, on.deed(
                "promise_ring_back",
                "promise-form",
                html! {
                    (line("promise-by", "by.at", t!(say, "panel-promise-by")))
                    (line("promise-why", "why", t!(say, "panel-promise-why")))
                    button type="submit" { (t!(say, "panel-promise-send")) }
                },
            )))
        }
    }
}

/// When it happened, if that was earlier than now.
pub(in crate::pages) fn happened(id: &str, say: Say) -> Markup {
    html! {
        div.field.short {
            label for=(id) { (t!(say, "panel-happened")) }
            input id=(id) name="deed-happened" type="text" maxlength="8" autocomplete="off"
                placeholder="22:50" pattern="[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?";
        }
    }
}
