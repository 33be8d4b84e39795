//! Somebody missing: who, the level of risk, the actions, found, and the interview then.

use super::told::happened;
use super::{On, folded, known_line, line, optional_line, part};
use crate::lang::t;
use crate::pages::words::day_clock;
use maud::{Markup, html};
use rules::command::{FoundCondition, Outcome};
use rules::policy::MissingPolicy;
use rules::views::log::{ActionView, MissingView, Settled};

/// Somebody missing, or how to record that.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let policy = on.state.policy.missing.as_ref();
    let body = html! {
        @if let Some(policy) = policy { p.meta { (policy.definition) } }
        @match (&on.log.missing, policy) {
            (Some(missing), Some(policy)) => (record(on, missing, policy)),
            (None, Some(policy)) => (to_report(on, policy)),
            _ => {}
        }
        @if !on.log.missing_actions.is_empty() {
            ul.steps { @for a in &on.log.missing_actions { (action(on, a)) } }
        }
        (home(on))
    };
    part(on, "missing", t!(say, "panel-missing"), "", body)
}

fn record(on: &On<'_>, m: &MissingView, policy: &MissingPolicy) -> Markup {
    let (say, clock) = (on.say(), |at| day_clock(at, &on.state.policy));
    let p = &m.person;
    html! {
        p {
            strong { (p.name) } ": " (p.description) " "
            span.meta { (m.by) ", " (clock(m.at)) }
        }
        p {
            (t!(say, "panel-missing-last-seen")) ": "
            @if let Some(at) = p.last_seen_at { strong { (clock(at)) } " " }
            (p.last_seen)
            @if let Some(by) = &p.seen_by { ", " (t!(say, "panel-missing-by", who = by.as_str())) }
        }
        @if let Some(vehicle) = &p.vehicle { p { (t!(say, "panel-missing-vehicle")) ": " (vehicle) } }
        @for j in m.judged.iter().rev() {
            p {
                strong { (t!(say, "panel-missing-level", level = j.level.as_str())) } ": "
                (j.rationale) " " span.meta { (j.by) ", " (clock(j.at)) }
            }
        }
        @match &m.found {
            None => {
                @if let Some(at) = m.review_at {
                    p {
                        (t!(say, "panel-missing-review", at = clock(at))) " "
                        span.count.late[m.late] { (m.countdown) }
                    }
                }
                @if on.may("assess_missing") {
                    (folded("missing-assess", t!(say, "panel-missing-again"), None,
                        on.deed("assess_missing", "missing-assess-form", html! {
                            (judging(on, policy, "again"))
                            button type="submit" { (t!(say, "panel-missing-again")) }
                        })))
                }
                @if on.may("find_missing") {
                    (folded("missing-find", t!(say, "panel-missing-find"), None, find(on)))
                }
            },
            Some(found) => {
                p {
                    strong { (t!(say, "panel-missing-found", place = found.place.to_string())) } ": "
                    (found.condition.words().1) ", " (found.words) " "
                    span.meta { (found.found_by) ", " (found.by) " " (clock(found.at)) }
                }
                (interview(on, m))
            }
        }
    }
}

/// The level with its reasons; each level with its definition.
fn judging(on: &On<'_>, policy: &MissingPolicy, id: &str) -> Markup {
    let say = on.say();
    let level = format!("missing-level-{id}");
    html! {
        div.field {
            label for=(level) { (t!(say, "panel-missing-risk")) }
            select id=(level) name="level" required {
                option value="" { (t!(say, "panel-choose")) }
                @for row in &policy.level { option value=(row.level) { (row.level) } }
            }
        }
        @for row in &policy.level { p.meta { strong { (row.level) } ": " (row.definition) } }
        (on.text(&format!("missing-rationale-{id}"), "rationale", t!(say, "panel-missing-why")))
    }
}

/// How to record that somebody is missing, for whoever may.
fn to_report(on: &On<'_>, policy: &MissingPolicy) -> Markup {
    html! {
        @if on.may("report_missing") {
            (folded("missing-report", t!(on.say(), "panel-missing-report"), None,
                report(on, policy)))
        }
    }
}

fn report(on: &On<'_>, policy: &MissingPolicy) -> Markup {
    let say = on.say();
    let home = on.log.home.as_ref().map(ToString::to_string);
    on.deed(
        "report_missing",
        "missing-report-form",
        html! {
            (line("missing-name", "person.name", t!(say, "panel-missing-name")))
            (on.text("missing-looks", "person.description", t!(say, "panel-missing-looks")))
            (on.text("missing-seen", "person.last_seen", t!(say, "panel-missing-seen")))
            div.field {
                label for="missing-seen-at" { (t!(say, "panel-missing-seen-at")) }
                input #missing-seen-at name="person.last_seen_at.on" type="datetime-local";
            }
            (optional_line("missing-seen-by", "person.seen_by", t!(say, "panel-missing-seen-by")))
            (optional_line("missing-vehicle", "person.vehicle", t!(say, "panel-missing-vehicle")))
            (known_line("missing-home", "person.home", t!(say, "panel-missing-home"), home))
            (judging(on, policy, "first"))
            p.meta { (t!(say, "panel-missing-then")) }
            button type="submit" { (t!(say, "panel-missing-report")) }
        },
    )
}

fn action(on: &On<'_>, a: &ActionView) -> Markup {
    let say = on.say();
    let id = a.action.as_str().replace(' ', "-");
    let incident = on.log.number.to_string();
    let fields = [("incident", incident.as_str()), ("action", a.action.as_str())];
    let form = |what: &str, name: &str, label: String, send: String| {
        let body = html! {
            (line(&format!("action-{what}-{id}"), name, label))
            button type="submit" { (send.as_str()) }
        };
        let form = format!("action-{what}-form-{id}");
        let deed = on.deed_with("settle_missing_action", &form, &fields, body);
        folded(&format!("action-{what}-fold-{id}"), send, None, deed)
    };
    html! {
        li {
            p { strong { (a.action) } ": " (a.words) " " span.meta { (a.desk.words()) } }
            @match a.settled {
                Settled::Open => @if on.may("settle_missing_action") {
                    div.answers {
                        (form("done", "outcome.done", t!(say, "panel-missing-did"),
                            t!(say, "panel-done")))
                        (form("not", "outcome.not_applicable", t!(say, "panel-na-why"),
                            t!(say, "panel-na-send")))
                    }
                },
                settled => p.answer {
                    strong {
                        @if settled == Settled::Done { (t!(say, "panel-done")) }
                        @else { (t!(say, "panel-na")) }
                    }
                    ": " (a.outcome) " "
                    @if let (Some(by), Some(at)) = (&a.by, a.at) {
                        span.meta { (by) ", " (on.clock(at)) }
                    }
                }
            }
        }
    }
}

fn find(on: &On<'_>) -> Markup {
    let say = on.say();
    on.deed(
        "find_missing",
        "missing-find-form",
        html! {
            (line("found-place", "place", t!(say, "panel-missing-where")))
            (line("found-by", "by", t!(say, "panel-missing-found-by")))
            div.field {
                label for="found-condition" { (t!(say, "panel-missing-how")) }
                select #found-condition name="condition" required {
                    option value="" { (t!(say, "panel-choose")) }
                    @for c in FoundCondition::ALL { option value=(c.words().0) { (c.words().1) } }
                }
            }
            (on.text("found-words", "words", t!(say, "panel-missing-confirmed")))
            (happened("found-when", say))
            button type="submit" { (t!(say, "panel-missing-find")) }
        },
    )
}

fn interview(on: &On<'_>, m: &MissingView) -> Markup {
    let say = on.say();
    html! {
        @match &m.interview {
            Some(Outcome::Done(words)) => p { (t!(say, "panel-missing-interview")) ": " (words) },
            Some(Outcome::NotApplicable(why)) => p {
                (t!(say, "panel-missing-no-interview")) ": " (why)
            },
            None => @if let Some(by) = m.interview_by {
                p.warn {
                    (t!(say, "panel-missing-interview-by", at = day_clock(by, &on.state.policy)))
                }
                @if on.may("interview_missing") {
                    div.answers {
                        (folded("interview-done", t!(say, "panel-missing-interview"), None, on.deed(
                            "interview_missing", "interview-form", html! {
                                (on.text("interview-words", "outcome.done",
                                    t!(say, "panel-missing-said")))
                                button type="submit" { (t!(say, "panel-missing-interview")) }
                            })))
                        (folded("interview-not", t!(say, "panel-missing-no-interview"), None, on.deed(
                            "interview_missing", "interview-not-form", html! {
                                (line("interview-why", "outcome.not_applicable",
                                    t!(say, "panel-missing-no-interview-why")))
                                button type="submit" { (t!(say, "panel-missing-no-interview")) }
                            })))
                    }
                }
            }
        }
    }
}

/// Where the person lives: without it nobody is said to go home.
fn home(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        @match &on.log.home {
            Some(home) => p { (t!(say, "panel-home")) ": " strong { (home) } },
            None => p.meta { (t!(say, "panel-home-unknown")) }
        }
        @if on.may("know_home") {
            (folded("home", t!(say, "panel-home-set"), None, on.deed("know_home", "home-form",
                html! {
                    (line("home-place", "home", t!(say, "panel-home")))
                    (line("home-how", "how", t!(say, "panel-home-how")))
                    button type="submit" { (t!(say, "panel-home-set")) }
                })))
        }
    }
}
