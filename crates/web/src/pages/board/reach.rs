//! Who could get to the selected log: what speaks for each unit, what it lacks, one key to send it;
//! and where it would be taken from another log, what becomes of that, which nobody chooses for
//! whoever decides.

use super::super::frame::Viewer;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::incident::Incident;
use rules::line::short;
use rules::state::State;
use rules::time::Instant;
use rules::views::reach::{Candidate, How, who_can_get_there};

/// So many are shown; the line `O` shows them all.
const SHOWN: usize = 5;
/// The keys of the first of them.
const KEYS: [&str; 3] = ["Alt+7", "Alt+8", "Alt+9"];
/// So many units are offered to cover the log that is left.
const COVERS: usize = 3;

/// The units near, the best first.
pub(super) fn near(viewer: &Viewer, s: &State, log: &Incident, now: Instant) -> Markup {
    let say = viewer.say("board");
    let all = who_can_get_there(s, log, now);
    let attended = log.active_units().next().is_some();
    html! {
        h3 #near tabindex="-1" { (t!(say, "board-near")) }
        @if all.is_empty() { p { (t!(say, "board-near-none")) } }
        ol.near {
            @for (at, unit) in all.iter().enumerate().take(SHOWN) {
                li { (one(viewer, s, log, unit, attended, KEYS.get(at).copied(), now)) }
            }
        }
        @if all.len() > SHOWN { p.dim { (t!(say, "board-near-more", n = all.len() - SHOWN)) } }
    }
}

fn one(
    viewer: &Viewer,
    s: &State,
    log: &Incident,
    unit: &Candidate,
    attended: bool,
    key: Option<&str>,
    now: Instant,
) -> Markup {
    let say = viewer.say("board");
    html! {
        div.candidate {
            strong { (unit.call_sign) } " " small { (unit.kind) }
            @match unit.how {
                How::Send if !viewer.may("deploy_unit") => {}
                How::Send if attended => { (one_more(say, log, unit, key)) }
                How::Send => { (send(say, log, unit, key)) }
                How::Divert if viewer.may("divert_unit") => { (divert(say, s, log, unit, key, now)) }
                How::Divert => {}
            }
        }
        p.reasons {
            (unit.reasons.join(", "))
            @for lack in &unit.shortfalls { " " span.lack { span aria-hidden="true" { "▲ " } (lack) } }
        }
    }
}

/// The key beside the words it belongs to.
fn cap(key: Option<&str>) -> Markup {
    html! { @if let Some(key) = key { " " kbd { (key) } } }
}

/// What is the same in every form here.
fn about(log: &Incident, unit: &Candidate, field: &str) -> Markup {
    html! {
        input type="hidden" name=(field) value=(log.number);
        input type="hidden" name="call_sign" value=(unit.call_sign);
        input type="hidden" name="deed-back" value={ "/?log=" (log.number) };
    }
}

fn send(say: Say, log: &Incident, unit: &Candidate, key: Option<&str>) -> Markup {
    html! {
        form method="post" action="/do/deploy_unit" data-do {
            (about(log, unit, "incident"))
            button type="submit" data-key=[key] {
                (t!(say, "board-send")) span.hidden { " " (unit.call_sign) } (cap(key))
            }
        }
    }
}

/// One more unit takes a reason.
fn one_more(say: Say, log: &Incident, unit: &Candidate, key: Option<&str>) -> Markup {
    let id = format!("more-{}-{}", log.number, unit.call_sign);
    html! {
        details id=(id) hx-morph-skip {
            summary data-key=[key] {
                (t!(say, "board-send-more")) span.hidden { " " (unit.call_sign) } (cap(key))
            }
            form method="post" action="/do/deploy_unit" data-do {
                (about(log, unit, "incident"))
                (reason(say, &format!("{id}-reason")))
                button type="submit" { (t!(say, "board-send")) " " (unit.call_sign) }
            }
        }
    }
}

fn reason(say: Say, id: &str) -> Markup {
    html! {
        label for=(id) { (t!(say, "board-reason")) }
        input id=(id) name="reason" required maxlength="2000" autocomplete="off";
    }
}

/// The divert: what becomes of the log that is left has to be chosen, and nothing is chosen before.
fn divert(
    say: Say,
    s: &State,
    log: &Incident,
    unit: &Candidate,
    key: Option<&str>,
    now: Instant,
) -> Markup {
    let Some(left) = unit.from.and_then(|n| s.incident(n)) else { return Markup::default() };
    let id = format!("divert-{}-{}", log.number, unit.call_sign);
    let grade = left.grade().map_or_else(String::new, |g| s.policy.grade_label(g));
    let number = short(s, left.number);
    html! {
        details.divert id=(id) hx-morph-skip {
            summary data-key=[key] {
                (t!(say, "board-divert", from = number.as_str()))
                span.hidden { " " (unit.call_sign) } (cap(key))
            }
            form method="post" action="/do/divert_unit" data-do {
                (about(log, unit, "to"))
                fieldset {
                    legend {
                        (t!(say, "board-left", unit = unit.call_sign.as_str(),
                            from = number.as_str(), grade = grade,
                            code = left.opening_code.to_string()))
                    }
                    @for (value, words) in choices(say, s, left, unit, now) {
                        label.tick {
                            input type="radio" name="left_behind" value=(value) required; " " (words)
                        }
                    }
                }
                (reason(say, &format!("{id}-reason")))
                button type="submit" {
                    (t!(say, "board-divert-do", unit = unit.call_sign.as_str()))
                }
            }
        }
    }
}

fn choices(
    say: Say,
    s: &State,
    left: &Incident,
    unit: &Candidate,
    now: Instant,
) -> Vec<(String, String)> {
    let others: Vec<String> = left
        .active_units()
        .filter(|d| d.call_sign != unit.call_sign)
        .map(|d| d.call_sign.to_string())
        .collect();
    let mut all = Vec::new();
    if !others.is_empty() {
        let words = t!(say, "board-left-keep", units = others.join(", "));
        all.push(("covered".to_owned(), words));
    }
    all.push(("requeue".to_owned(), t!(say, "board-left-requeue")));
    let free = who_can_get_there(s, left, now).into_iter();
    let free = free.filter(|c| c.how == How::Send);
    all.extend(free.take(COVERS).map(|c| {
        let name = c.call_sign.as_str();
        let reach = c.reasons.first().cloned().unwrap_or_default();
        (format!("cover_with:{name}"), t!(say, "board-left-cover", unit = name, reach = reach))
    }));
    all
}
