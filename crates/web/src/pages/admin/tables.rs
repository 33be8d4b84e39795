//! A policy as tables, for those who read it and do not write it.

use super::super::words::badge;
use super::preview;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::event::Suggestion;
use rules::obligation::Rule;
use rules::policy::{ClockStart, Ladder, Policy, RungAt, Tell};
use rules::time::Span;

/// A suggested grade with what produced it.
pub(super) fn suggested(suggestion: &Suggestion, policy: &Policy) -> Markup {
    html! {
        (badge(Some(suggestion.grade), policy)) " "
        @for (i, cause) in suggestion.because.iter().enumerate() {
            @if i > 0 { ", " } strong { (cause.words) } " " small { "(" (cause.rule) ")" }
        }
    }
}

/// The whole policy.
pub(super) fn sections(policy: &Policy, say: Say) -> Markup {
    html! {
        (grades(policy, say))
        (codes(policy, say))
        (obligations(policy, say))
        (ladders(policy, say))
        (desks(policy, say))
        (closing(policy, say))
    }
}

fn section(id: &str, title: String, open: bool, body: Markup) -> Markup {
    html! {
        details.section id=(id) open[open] {
            summary { (title) }
            (body)
        }
    }
}

fn table(label: &str, heads: &[String], rows: Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { (rows) }
            }
        }
    }
}

fn yes(is: bool, say: Say) -> String {
    if is { t!(say, "admin-yes") } else { t!(say, "admin-no") }
}

fn span(span: Option<Span>, say: Say) -> String {
    span.map_or_else(|| t!(say, "admin-no-target"), |s| s.words())
}

fn grades(policy: &Policy, say: Say) -> Markup {
    let title = t!(say, "admin-grades", n = policy.grade.len());
    let heads = [
        t!(say, "admin-grade"),
        t!(say, "admin-send-within"),
        t!(say, "admin-arrive-urban"),
        t!(say, "admin-arrive-rural"),
        t!(say, "admin-clock-from"),
        t!(say, "admin-means"),
    ];
    let rows = html! {
        @for row in &policy.grade {
            tr {
                th scope="row" { (badge(Some(row.rank), policy)) }
                td { (span(row.deploy_target, say)) }
                td { (span(row.arrive_target_urban, say)) }
                td { (span(row.arrive_target_rural, say)) }
                td { @match row.clock_start {
                    ClockStart::ContactReceived => { (t!(say, "admin-from-contact")) }
                    ClockStart::LogOpened => { (t!(say, "admin-from-opening")) }
                    ClockStart::Graded => { (t!(say, "admin-from-grading")) }
                } }
                td { (row.definition) " " small { (row.source) } }
            }
        }
    };
    section("s-grades", title.clone(), true, table(&title, &heads, rows))
}

fn codes(policy: &Policy, say: Say) -> Markup {
    let title = t!(say, "admin-codes", n = policy.opening_code.len());
    section(
        "s-codes",
        title,
        false,
        html! {
            @for row in &policy.opening_code {
                details.code {
                    summary { (row.code) " " (badge(Some(row.usual_grade), policy)) " "
                        span.meta { (t!(say, "admin-steps", n = row.sop.len())) } }
                    (preview::code(policy, row, say))
                }
            }
        },
    )
}

fn obligations(policy: &Policy, say: Say) -> Markup {
    let title = t!(say, "admin-obligations", n = policy.obligation.len());
    let heads = [
        t!(say, "admin-owed"),
        t!(say, "admin-allowed"),
        t!(say, "admin-ladder"),
        t!(say, "admin-owner"),
        t!(say, "admin-blocks"),
    ];
    let rows = html! {
        @for rule in Rule::ALL {
            @if let Some(row) = policy.obligation(*rule) {
                tr {
                    th scope="row" { (rule.owed()) br; small { (row.meaning) } }
                    td {
                        @if row.due.is_empty() { (t!(say, "admin-own-clock")) }
                        @for (grade, due) in &row.due {
                            (allowed(policy, grade)) " " (due.words()) br;
                        }
                    }
                    td { (row.ladder) }
                    td { (row.owner.words()) }
                    td { (yes(row.blocks_closing, say)) }
                }
            }
        }
    };
    section("s-obligations", title.clone(), false, table(&title, &heads, rows))
}

/// The grade that a time is for; nothing for all the others.
fn allowed(policy: &Policy, grade: &str) -> String {
    let rank = grade.parse::<u8>().ok().and_then(|rank| rank.try_into().ok());
    rank.map_or(String::new(), |rank| format!("{}:", policy.grade_label(rank)))
}

fn ladders(policy: &Policy, say: Say) -> Markup {
    let title = t!(say, "admin-ladders", n = policy.ladder.len());
    section(
        "s-ladders",
        title,
        false,
        html! {
            @for (name, ladder) in &policy.ladder {
                h3 { (name) }
                p { (ladder.meaning) }
                ol { @for rung in rungs(ladder) { li { (rung) } } }
                p.meta { (t!(say, "admin-then", every = ladder.then_every.words())) }
            }
        },
    )
}

fn rungs(ladder: &Ladder) -> Vec<String> {
    let told = |tell: &Tell| match tell {
        Tell::Owner => "owner".to_owned(),
        Tell::Desk(role) => role.words(),
    };
    let rungs = ladder.rung.iter().map(|rung| {
        let at = match rung.at {
            RungAt::Percent(percent) => format!("{percent} %"),
            RungAt::After(after) => format!("+ {}", after.words()),
        };
        let tell: Vec<String> = rung.tell.iter().map(told).collect();
        format!("{at}: {} ({:?})", tell.join(", "), rung.level)
    });
    rungs.collect()
}

fn desks(policy: &Policy, say: Say) -> Markup {
    let title = t!(say, "admin-desks", n = policy.desk.len());
    let heads = [
        t!(say, "admin-desk"),
        t!(say, "admin-least"),
        t!(say, "admin-cover"),
        t!(say, "admin-skills"),
        t!(say, "admin-seats"),
    ];
    let joined = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>().join(", ");
    let rows = html! {
        @for (role, desk) in &policy.desk {
            tr {
                th scope="row" { (role.words()) }
                td { (desk.on_duty_min) }
                td { (joined(&mut desk.cover.iter().map(|r| r.words()))) }
                td { (joined(&mut desk.skills.iter().map(ToString::to_string))) }
                td { (joined(&mut desk.seats.iter().map(ToString::to_string))) }
            }
        }
    };
    section("s-desks", title.clone(), false, table(&title, &heads, rows))
}

fn closing(policy: &Policy, say: Say) -> Markup {
    let title = t!(say, "admin-closing", n = policy.closing_code.len());
    let heads = [t!(say, "admin-code"), t!(say, "admin-means"), t!(say, "admin-unattended")];
    let rows = html! {
        @for row in &policy.closing_code {
            tr {
                th scope="row" { (row.code) }
                td { (row.definition) }
                td { (yes(row.without_attendance, say)) }
            }
        }
    };
    section("s-closing", title.clone(), false, table(&title, &heads, rows))
}
