//! Other agencies: rung, told, chased up their ladder; and organisations that help the victim.

use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::views::agencies::{AgencyOnLog, that_help};

/// So many organisations are offered.
const HELP_MAX: usize = 6;

/// The agencies of the log.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let open = on.log.agencies.iter().filter(|a| !a.told).count();
    let body = html! {
        ul.rung { @for a in &on.log.agencies { (one(on, a)) } }
        @if on.may("ring_agency") {
            (folded("agency-ring", t!(say, "panel-agency-ring"), None, ring(on)))
        }
        ul.referrals {
            @for r in &on.log.referrals {
                li {
                    @if r.agreed { (t!(say, "panel-referred", to = r.to.as_str())) }
                    @else { (t!(say, "panel-not-referred", to = r.to.as_str())) }
                    ": " (r.words) " " span.meta { (r.by) ", " (on.clock(r.at)) }
                }
            }
        }
        @if on.may("refer_victim") {
            (folded("victim-help", t!(say, "panel-refer"), None, refer(on)))
        }
    };
    part(on, "agencies", t!(say, "panel-agencies", n = open), "agencies", body)
}

fn one(on: &On<'_>, a: &AgencyOnLog) -> Markup {
    html! {
        li {
            strong { (a.agency) }
            @if let Some(step) = &a.next_step {
                " " span.late { "▲ " (t!(on.say(), "panel-agency-next", step = step.as_str())) }
            }
            ul {
                @for r in &a.rung {
                    li {
                        (r.outcome.words()) ": " (r.words) " "
                        span.meta { (r.by) ", " (on.clock(r.at)) }
                    }
                }
            }
        }
    }
}

fn ring(on: &On<'_>) -> Markup {
    let say = on.say();
    on.deed(
        "ring_agency",
        "agency-ring-form",
        html! {
            div.field {
                label for="agency-rung" { (t!(say, "panel-agency-which")) }
                input #agency-rung name="agency" required maxlength="64" list="agencies-known"
                    autocomplete="off";
                datalist #agencies-known {
                    @for name in on.state.agencies.keys() { option value=(name) {} }
                }
            }
            div.field {
                label for="agency-outcome" { (t!(say, "panel-agency-outcome")) }
                select #agency-outcome name="outcome" {
                    option value="told" { (t!(say, "panel-agency-told")) }
                    option value="no_answer" { (t!(say, "panel-agency-no-answer")) }
                    option value="refused" { (t!(say, "panel-agency-refused")) }
                }
            }
            (line("agency-words", "words", t!(say, "panel-agency-words")))
            button type="submit" { (t!(say, "panel-agency-record")) }
        },
    )
}

fn refer(on: &On<'_>) -> Markup {
    let say = on.say();
    let log = on.incident;
    let district = log.location.district.as_ref();
    let all = that_help(on.state, log.opening_code.as_str(), district);
    if all.is_empty() {
        return html! { p { (t!(say, "panel-refer-none")) } };
    }
    on.deed(
        "refer_victim",
        "victim-help-form",
        html! {
            div.field {
                label for="refer-to" { (t!(say, "panel-refer-to")) }
                select #refer-to name="to" required hx-morph-skip {
                    @for a in all.iter().take(HELP_MAX) {
                        option value=(a.agency) {
                            (a.agency) ": "
                            (a.helps_with.iter().map(ToString::to_string).collect::<Vec<_>>()
                                .join(", "))
                        }
                    }
                }
            }
            label.tick {
                input type="checkbox" name="agreed" value="yes"; " " (t!(say, "panel-refer-agreed"))
            }
            (line("refer-words", "words", t!(say, "panel-refer-words")))
            button type="submit" { (t!(say, "panel-refer-do")) }
        },
    )
}
