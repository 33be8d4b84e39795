//! How soon: what is suggested and why, what is set, and who agreed.

use super::{On, folded, line, optional_line, part};
use crate::lang::t;
use crate::pages::words::badge;
use maud::{Markup, html};
use rules::name::Grade;
use rules::views::countdown::Target;

/// The grade.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let policy = &on.state.policy;
    let facts = &on.log.facts;
    let body = html! {
        p.now { (badge(facts.grade, policy)) }
        (clocks(on))
        p {
            (t!(say, "panel-grade-suggested")) " " (badge(Some(facts.suggested.grade), policy))
            @if facts.below_suggestion {
                " " strong.warn { (t!(say, "panel-grade-below")) }
            }
        }
        ul.because {
            @for cause in &facts.suggested.because {
                li { (cause.rule) ": " q { (cause.words) } }
            }
        }
        p.meta { (t!(say, "panel-grade-place")) }
        @if let Some(asked) = &facts.contested {
            p.warn {
                (t!(say, "panel-grade-contested", grade = asked.label.as_str(),
                    by = asked.by.to_string(), reason = asked.reason.to_string()))
            }
        }
        @if on.may("grade_incident") { (set(on)) }
        @if on.may("contest_grade") && facts.grade.is_some_and(|g| g != Grade::TOP) {
            (contest(on))
        }
        @if on.log.grades.len() > 1 { (history(on)) }
    };
    part(on, "grade", t!(say, "panel-grade"), "", body)
}

fn clocks(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        @for of in &on.log.clocks {
            p.clock {
                @match of.target {
                    Target::Deploy => { (t!(say, "panel-clock-deploy")) }
                    Target::Arrive => { (t!(say, "panel-clock-arrive")) }
                }
                " " span.count.late[of.late] { (of.words) }
            }
        }
    }
}

fn set(on: &On<'_>) -> Markup {
    let say = on.say();
    let supervises = on.viewer.by.role.supervises();
    let agrees = on.state.staff.values().filter(|p| p.role.supervises());
    let form = on.deed(
        "grade_incident",
        "grade-form",
        html! {
            fieldset.grades {
                legend { (t!(say, "panel-grade-choose")) }
                @for row in &on.state.policy.grade {
                    label.choice {
                        input type="radio" name="grade" value=(row.rank) required;
                        " " (badge(Some(row.rank), &on.state.policy))
                        " " span.meta { (row.definition) }
                    }
                }
            }
            (optional_line("grade-reason", "reason", t!(say, "panel-grade-reason")))
            @if !supervises {
                div.field {
                    label for="grade-agreed" { (t!(say, "panel-grade-agreed")) }
                    select #grade-agreed name="agreed_by" {
                        option value="" { (t!(say, "panel-nobody")) }
                        @for on in agrees {
                            option value=(on.staff) { (on.staff) ", " (on.role.words()) }
                        }
                    }
                }
            }
            button type="submit" { (t!(say, "panel-grade-set")) }
        },
    );
    // A grade that was set by somebody else meanwhile ends the choice.
    let id = format!("grade-set-{}", on.log.grades.len());
    folded(&id, t!(say, "panel-grade-change"), Some("Alt+6"), form)
}

fn contest(on: &On<'_>) -> Markup {
    let say = on.say();
    let now = on.log.facts.grade;
    let higher = on.state.policy.grade.iter().filter(|g| now.is_some_and(|now| g.rank.above(now)));
    let form = on.deed(
        "contest_grade",
        "contest-form",
        html! {
            div.field {
                label for="contest-grade" { (t!(say, "panel-grade-choose")) }
                select #contest-grade name="grade" required {
                    @for row in higher { option value=(row.rank) { (row.rank) " " (row.label) } }
                }
            }
            (line("contest-reason", "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-grade-contest-send")) }
        },
    );
    let id = format!("contest-{}", on.log.grades.len());
    folded(&id, t!(say, "panel-grade-contest"), None, form)
}

fn history(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        ol.history {
            @for had in on.log.grades.iter().rev() {
                li {
                    (badge(Some(had.grade), &on.state.policy)) " "
                    span.meta { (on.clock(had.at)) ", " (had.by.staff) }
                    @if let Some(reason) = &had.reason { ": " (reason) }
                    @if let Some(by) = &had.agreed_by {
                        " " (t!(say, "panel-grade-agreed-by", by = by.to_string()))
                    }
                }
            }
        }
    }
}
