//! Every open obligation: by when, who, who is told next, and the four verbs. There is no way to
//! say that something was noted.

use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::views::owed::Owed;

/// What is owed.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let late = on.log.owed.iter().filter(|o| o.late).count();
    let body = html! {
        @if on.log.owed.is_empty() { p.meta { (t!(say, "panel-owed-none")) } }
        ul.owed { @for owed in &on.log.owed { (one(on, owed)) } }
    };
    let title = t!(say, "panel-owed", n = on.log.owed.len(), late = late);
    part(on, "owed", title, "", body)
}

fn one(on: &On<'_>, owed: &Owed) -> Markup {
    let say = on.say();
    html! {
        li id={ "owed-" (owed.id) } data-late[owed.late] {
            p {
                span.count.late[owed.late] { (owed.countdown) } " "
                strong { (owed.words) } " "
                span { (t!(say, "panel-owed-by", owner = owed.owner_words.as_str())) }
                @if owed.lit { " " span.lit { (t!(say, "panel-owed-lit")) } }
                @if owed.blocks_closing { " " span.chip { (t!(say, "panel-owed-blocks")) } }
            }
            p.meta {
                (owed.next_words)
                @if let Some(until) = owed.delayed_until {
                    "; " (t!(say, "panel-owed-delayed", until = on.clock(until)))
                }
                "; " (owed.why)
            }
            (verbs(on, owed))
        }
    }
}

fn verbs(on: &On<'_>, owed: &Owed) -> Markup {
    let say = on.say();
    let any = ["own_obligation", "give_obligation", "delay_obligation", "raise_obligation"];
    if !any.into_iter().any(|action| on.may(action)) {
        return html! {};
    }
    let forms = html! {
        div.verbs {
            @if on.may("own_obligation") { (own(on, owed)) }
            @if on.may("give_obligation") { (give(on, owed)) }
            @if on.may("delay_obligation") { (delay(on, owed)) }
            @if on.may("raise_obligation") { (raise(on, owed)) }
        }
    };
    folded(&format!("decide-{}", owed.id), t!(say, "panel-decide"), None, forms)
}

fn own(on: &On<'_>, owed: &Owed) -> Markup {
    let (say, id) = (on.say(), owed.id.to_string());
    on.deed_with(
        "own_obligation",
        &format!("own-{id}"),
        &[("obligation", &id)],
        html! {
            (line(&format!("own-what-{id}"), "words", t!(say, "panel-own-what")))
            button type="submit" { (t!(say, "panel-own")) }
        },
    )
}

fn give(on: &On<'_>, owed: &Owed) -> Markup {
    let (say, id) = (on.say(), owed.id.to_string());
    on.deed_with(
        "give_obligation",
        &format!("give-{id}"),
        &[("obligation", &id)],
        html! {
            (on.whom(&format!("give-to-{id}"), "to", &t!(say, "panel-give-to"), true))
            (line(&format!("give-why-{id}"), "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-give")) }
        },
    )
}

fn delay(on: &On<'_>, owed: &Owed) -> Markup {
    let (say, id) = (on.say(), owed.id.to_string());
    let until = format!("delay-until-{id}");
    let longest = on.state.policy.alarm.delay_max.words();
    on.deed_with(
        "delay_obligation",
        &format!("delay-{id}"),
        &[("obligation", &id)],
        html! {
            div.field.short {
                label for=(until) { (t!(say, "panel-delay-until", longest = longest)) }
                input id=(until) name="until.at" type="text" required maxlength="8"
                    placeholder="23:30" autocomplete="off"
                    pattern="[0-2]?[0-9]:[0-5][0-9]";
            }
            (line(&format!("delay-why-{id}"), "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-delay")) }
        },
    )
}

fn raise(on: &On<'_>, owed: &Owed) -> Markup {
    let (say, id) = (on.say(), owed.id.to_string());
    on.deed_with(
        "raise_obligation",
        &format!("raise-{id}"),
        &[("obligation", &id)],
        html! {
            (line(&format!("raise-why-{id}"), "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-raise")) }
        },
    )
}
