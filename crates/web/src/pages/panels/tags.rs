//! Tags: each puts the log on a desk's list until it is taken off.

use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::name::Tag;

/// The tags.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let has = &on.log.facts.tags;
    let others = on.state.policy.tag.iter().filter(|row| !has.contains(&row.tag));
    let body = html! {
        @if has.is_empty() { p.meta { (t!(say, "panel-tags-none")) } }
        ul.tags { @for tag in has { li { (one(on, tag)) } } }
        @if on.may("tag_incident") {
            (folded(&format!("tag-add-{}", has.len()), t!(say, "panel-tag-add"), None, on.deed(
                "tag_incident",
                "tag-form",
                html! {
                    div.field {
                        label for="tag-which" { (t!(say, "panel-tag")) }
                        select #tag-which name="tag" required {
                            option value="" { (t!(say, "panel-choose")) }
                            @for row in others {
                                option value=(row.tag) { (row.tag) ": " (row.meaning) }
                            }
                        }
                    }
                    (line("tag-why", "reason", t!(say, "panel-reason")))
                    button type="submit" { (t!(say, "panel-tag-add")) }
                },
            )))
        }
    };
    part(on, "tags", t!(say, "panel-tags"), "", body)
}

fn one(on: &On<'_>, tag: &Tag) -> Markup {
    let say = on.say();
    let row = on.state.policy.tag.iter().find(|row| &row.tag == tag);
    let n = on.log.number.to_string();
    let id: String = tag.as_str().replace(' ', "-");
    html! {
        span.chip.tag { (tag) }
        @if let Some(row) = row { " " span.meta { (row.meaning) } }
        @if on.may("untag_incident") {
            (folded(&format!("untag-{id}"), t!(say, "panel-untag"), None, on.deed_with(
                "untag_incident",
                &format!("untag-form-{id}"),
                &[("incident", &n), ("tag", tag.as_str())],
                html! {
                    (line(&format!("untag-why-{id}"), "reason", t!(say, "panel-reason")))
                    button type="submit" { (t!(say, "panel-untag")) }
                },
            )))
        }
    }
}
