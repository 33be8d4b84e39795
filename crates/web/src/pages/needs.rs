//! What a log needs of those who go: shown beside who could go, said and taken back there.

use super::frame::Viewer;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::incident::Incident;
use rules::state::State;
use rules::time::Instant;
use rules::views::needs::{NeedView, choices, needs_of};

/// The needs of a log with the form that adds one, and the checks that are not done yet. `prefix`
/// tells one place of a page from another.
pub(super) fn part(
    viewer: &Viewer,
    s: &State,
    log: &Incident,
    now: Instant,
    prefix: &str,
    back: &str,
) -> Markup {
    let say = viewer.say("needs");
    let needs = needs_of(s, log, now);
    let may = |action: &str| log.closed.is_none() && viewer.may(action) && !viewer.is_anybody();
    let about = html! {
        input type="hidden" name="incident" value=(log.number);
        input type="hidden" name="deed-back" value=(back);
    };
    html! {
        @for check in log.checks_open() {
            p.lack.check-open {
                span aria-hidden="true" { "▲ " } (t!(say, "need-check", check = check.as_str()))
            }
        }
        ul.needs {
            @for (i, need) in needs.iter().enumerate() {
                li {
                    (words(need, say))
                    @if need.said_by.is_some() && may("drop_need") {
                        " " details.fold id={ (prefix) "need-" (i) } hx-morph-skip {
                            summary {
                                (t!(say, "need-drop"))
                                span.hidden { " " (need.need) }
                            }
                            form.deed method="post" action="/do/drop_need" data-do {
                                (about)
                                input type="hidden" name="need" value=(need.need);
                                label for={ (prefix) "need-why-" (i) } { (t!(say, "need-why")) }
                                input id={ (prefix) "need-why-" (i) } name="reason" required
                                    maxlength="2000" autocomplete="off";
                                button type="submit" { (t!(say, "need-drop")) }
                            }
                        }
                    }
                }
            }
        }
        @if may("say_need") {
            details.fold id={ (prefix) "need-add" } hx-morph-skip {
                summary { (t!(say, "need-add")) }
                form.deed method="post" action="/do/say_need" data-do data-clears {
                    (about)
                    label for={ (prefix) "need-what" } { (t!(say, "need-what")) }
                    input id={ (prefix) "need-what" } name="need" required maxlength="64"
                        list={ (prefix) "need-list" } autocomplete="off";
                    datalist id={ (prefix) "need-list" } {
                        @for choice in choices(s) { option value=(choice) {} }
                    }
                    label for={ (prefix) "need-because" } { (t!(say, "need-because")) }
                    input id={ (prefix) "need-because" } name="reason" maxlength="2000"
                        autocomplete="off";
                    button type="submit" { (t!(say, "need-add")) }
                }
            }
        }
    }
}

fn words(need: &NeedView, say: Say) -> Markup {
    let units: Vec<&str> = need.met_by.iter().map(|u| u.as_str()).collect();
    html! {
        strong { (t!(say, "need-is", need = need.need.as_str())) } " "
        @if units.is_empty() {
            span.lack {
                span aria-hidden="true" { "▲ " }
                (t!(say, "need-unmet", n = need.n_free))
            }
        } @else { span.ok { "✓ " (t!(say, "need-met", units = units.join(", "))) } }
        @if let Some(by) = &need.said_by {
            " " span.meta {
                (t!(say, "need-by", by = by.to_string()))
                @if let Some(why) = &need.reason { ": " (why) }
            }
        } @else { " " span.meta { (t!(say, "need-of-code")) } }
    }
}

/// The reason that a unit goes with, where it lacks what was said to be needed.
pub(super) fn lacks(s: &State, log: &Incident, unit: &rules::name::CallSign) -> Vec<String> {
    let unit = s.units.get(unit);
    let lacks = unit.map(|u| rules::incident::needs::unmet_by(log, s, u)).unwrap_or_default();
    lacks.iter().map(ToString::to_string).collect()
}
