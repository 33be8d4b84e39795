//! Who could get to the selected log: what speaks for each unit, what it lacks, one key to send it;
//! and where it would be taken from another log, what becomes of that, which nobody chooses for
//! whoever decides.

use super::super::frame::Viewer;
use super::super::needs;
use super::super::panels::greyed;
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::incident::Incident;
use rules::line::short;
use rules::shift::training::{Doing, barred};
use rules::state::State;
use rules::time::Instant;
use rules::views::reach::{Candidate, How, who_can_get_there};

/// So many are shown; the line `O` shows them all.
const SHOWN: usize = 5;
/// The keys of the first of them.
const KEYS: [&str; 3] = ["Alt+7", "Alt+8", "Alt+9"];
/// So many units are offered to cover the log that is left.
const COVERS: usize = 3;

/// The units near, the best first: those that the pane has room for.
pub(super) fn near(viewer: &Viewer, s: &State, log: &Incident, now: Instant) -> Markup {
    let say = viewer.say("board");
    let all = who_can_get_there(s, log, now);
    let reach = Reach { viewer, s, log, now, prefix: "" };
    html! {
        h3 { (t!(say, "board-near")) }
        @if all.is_empty() { p { (t!(say, "board-near-none")) } }
        ol.near {
            @for (at, unit) in all.iter().enumerate().take(SHOWN) {
                li { (reach.one(unit, KEYS.get(at).copied())) }
            }
        }
        @if all.len() > SHOWN { p.dim { (t!(say, "board-near-more", n = all.len() - SHOWN)) } }
    }
}

/// Every unit that could go, for the line `O`.
pub(super) fn everyone(viewer: &Viewer, s: &State, log: &Incident, now: Instant) -> Markup {
    let say = viewer.say("board");
    let all = who_can_get_there(s, log, now);
    let reach = Reach { viewer, s, log, now, prefix: "all-" };
    html! {
        h2 { (t!(say, "board-near-all", n = short(s, log.number))) }
        @if all.is_empty() { p { (t!(say, "board-near-none")) } }
        ol.near { @for unit in &all { li { (reach.one(unit, None)) } } }
    }
}

/// For which log, and before whom.
struct Reach<'r> {
    viewer: &'r Viewer,
    s: &'r State,
    log: &'r Incident,
    now: Instant,
    /// What the names of fields begin with, where the same unit stands on the page twice.
    prefix: &'static str,
}

impl Reach<'_> {
    fn one(&self, unit: &Candidate, key: Option<&str>) -> Markup {
        let attended = self.log.active_units().next().is_some();
        let lacks = needs::lacks(self.s, self.log, &unit.call_sign);
        let may_send = self.viewer.may("deploy_unit");
        let why = may_send.then(|| self.barred(unit)).flatten();
        html! {
            div.candidate {
                strong { (unit.call_sign) } " " small { (unit.kind) }
                @if let Some(why) = why { (greyed(t!(self.say(), "board-send"), &why)) }
                @else { @match unit.how {
                    How::Send if !self.viewer.may("deploy_unit") => {}
                    How::Send if attended || !lacks.is_empty() => {
                        (self.one_more(unit, key, &lacks))
                    }
                    How::Send => { (self.send(unit, key)) }
                    How::Divert if !self.viewer.may("divert_unit") => {}
                    How::Divert => { (self.divert(unit, key)) }
                } }
            }
            p.reasons {
                (unit.reasons.join(", "))
                @for lack in &unit.shortfalls {
                    " " span.lack { span aria-hidden="true" { "▲ " } (lack) }
                }
            }
        }
    }

    /// Why whoever looks may not send a unit for want of a training, if that is so.
    fn barred(&self, unit: &Candidate) -> Option<String> {
        let command = if unit.how == How::Send { "deploy_unit" } else { "divert_unit" };
        let doing = Doing { command, unit: Some(&unit.call_sign), step: None };
        barred(self.s, &self.viewer.by, &doing, self.now).map(|(_, why)| why)
    }

    fn say(&self) -> Say {
        self.viewer.say("board")
    }

    /// What is the same in every form here.
    fn about(&self, unit: &Candidate, field: &str) -> Markup {
        html! {
            input type="hidden" name=(field) value=(self.log.number);
            input type="hidden" name="call_sign" value=(unit.call_sign);
            input type="hidden" name="deed-back" value={ "/?log=" (self.log.number) };
        }
    }

    fn send(&self, unit: &Candidate, key: Option<&str>) -> Markup {
        html! {
            form method="post" action="/do/deploy_unit" data-do {
                (self.about(unit, "incident"))
                button type="submit" data-key=[key] {
                    (t!(self.say(), "board-send")) span.hidden { " " (unit.call_sign) } (cap(key))
                }
            }
        }
    }

    /// One more unit takes a reason, and so does one without what the log needs.
    fn one_more(&self, unit: &Candidate, key: Option<&str>, lacks: &[String]) -> Markup {
        let (say, prefix) = (self.say(), self.prefix);
        let id = format!("{prefix}more-{}-{}", self.log.number, unit.call_sign);
        html! {
            details id=(id) hx-morph-skip {
                summary data-key=[key] {
                    @if lacks.is_empty() { (t!(say, "board-send-more")) }
                    @else { (t!(say, "board-send")) }
                    span.hidden { " " (unit.call_sign) } (cap(key))
                }
                form method="post" action="/do/deploy_unit" data-do {
                    (self.about(unit, "incident"))
                    @if !lacks.is_empty() {
                        p.lack {
                            (t!(self.viewer.say("needs"), "need-lacks",
                                needs = lacks.join(", ")))
                        }
                    }
                    (reason(say, &format!("{id}-reason")))
                    button type="submit" { (t!(say, "board-send")) " " (unit.call_sign) }
                }
            }
        }
    }

    /// The divert: what becomes of the log that is left has to be chosen, and nothing is chosen
    /// before.
    fn divert(&self, unit: &Candidate, key: Option<&str>) -> Markup {
        let (say, prefix) = (self.say(), self.prefix);
        let Some(left) = unit.from.and_then(|n| self.s.incident(n)) else {
            return Markup::default();
        };
        let id = format!("{prefix}divert-{}-{}", self.log.number, unit.call_sign);
        let grade = left.grade().map_or_else(String::new, |g| self.s.policy.grade_label(g));
        let (name, number) = (unit.call_sign.as_str(), short(self.s, left.number));
        let code = left.opening_code.to_string();
        html! {
            details.divert id=(id) hx-morph-skip {
                summary data-key=[key] {
                    (t!(say, "board-divert", from = number.as_str()))
                    span.hidden { " " (name) } (cap(key))
                }
                form method="post" action="/do/divert_unit" data-do {
                    (self.about(unit, "to"))
                    fieldset {
                        legend {
                            (t!(say, "board-left", unit = name, from = number.as_str(),
                                grade = grade, code = code))
                        }
                        @for (value, words) in self.choices(left, unit) {
                            label.tick {
                                input type="radio" name="left_behind" value=(value) required;
                                " " (words)
                            }
                        }
                    }
                    (reason(say, &format!("{id}-reason")))
                    button type="submit" { (t!(say, "board-divert-do", unit = name)) }
                }
            }
        }
    }

    /// What can become of the log that is left: the value of the choice, and its words.
    fn choices(&self, left: &Incident, unit: &Candidate) -> Vec<(String, String)> {
        let say = self.say();
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
        let free = who_can_get_there(self.s, left, self.now).into_iter();
        let free = free.filter(|c| c.how == How::Send);
        all.extend(free.take(COVERS).map(|c| {
            let name = c.call_sign.as_str();
            let reach = c.reasons.first().cloned().unwrap_or_default();
            (format!("cover_with:{name}"), t!(say, "board-left-cover", unit = name, reach = reach))
        }));
        all
    }
}

/// The key beside the words it belongs to.
fn cap(key: Option<&str>) -> Markup {
    html! { @if let Some(key) = key { " " kbd { (key) } } }
}

fn reason(say: Say, id: &str) -> Markup {
    html! {
        label for=(id) { (t!(say, "board-reason")) }
        input id=(id) name="reason" required maxlength="2000" autocomplete="off";
    }
}
