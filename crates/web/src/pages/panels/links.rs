//! Other logs it belongs with, and the contacts that are about it.

use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::command::Relation;

/// The links.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let facts = &on.log.facts;
    let body = html! {
        @if on.log.links.is_empty() { p.meta { (t!(say, "panel-links-none")) } }
        ul.links {
            @for link in &on.log.links {
                li {
                    a href={ "/incidents/" (link.other) } { (link.other) } " "
                    @match link.relation {
                        Relation::Duplicate => { (t!(say, "panel-link-duplicate")) }
                        Relation::Original => { (t!(say, "panel-link-original")) }
                        Relation::Child => { (t!(say, "panel-link-child")) }
                        Relation::Parent => { (t!(say, "panel-link-parent")) }
                        Relation::Related => { (t!(say, "panel-link-related")) }
                    }
                    " " span.meta { (link.words) }
                }
            }
        }
        @if on.viewer.may("search_history") && !on.viewer.is_anybody() {
            p { a href={ "/incidents/" (on.log.number) "/earlier" } {
                (t!(say, "panel-earlier"))
            } }
        }
        p.meta { (t!(say, "panel-contacts", n = facts.contacts.len())) }
        @if !facts.chased_at.is_empty() {
            p.warn {
                (t!(say, "panel-chased", n = facts.chased_at.len())) " "
                @for (i, at) in facts.chased_at.iter().enumerate() {
                    @if i > 0 { ", " } (on.clock(*at))
                }
            }
        }
        @if on.may("link_incident") {
            (folded("link", t!(say, "panel-link"), None, on.deed(
                "link_incident",
                "link-form",
                html! {
                    (line("link-other", "other", t!(say, "panel-link-other")))
                    div.field {
                        label for="link-how" { (t!(say, "panel-link-how")) }
                        select #link-how name="relation" required {
                            option value="related" { (t!(say, "panel-link-related")) }
                            option value="duplicate" { (t!(say, "panel-link-duplicate")) }
                            option value="original" { (t!(say, "panel-link-original")) }
                            option value="child" { (t!(say, "panel-link-child")) }
                            option value="parent" { (t!(say, "panel-link-parent")) }
                        }
                    }
                    button type="submit" { (t!(say, "panel-link")) }
                },
            )))
        }
    };
    part(on, "links", t!(say, "panel-links", n = on.log.links.len()), "", body)
}
