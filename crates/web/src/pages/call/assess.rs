//! THRIVE inside the flow, and the grade with the reasons of its suggestion.

use super::{Call, after_first_line, heading, live, of_log};
use crate::App;
use crate::lang::{Say, t};
use crate::pages::drafts;
use crate::pages::frame::Viewer;
use crate::pages::words::{badge, clock};
use maud::{Markup, html};
use rules::views::guidance::grade_guide;

pub(super) fn thrive(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    let policy = &call.state.policy.thrive;
    html! {
        section #part-thrive.box data-part aria-labelledby="thrive-h" {
            (heading("thrive", &t!(say, "call-thrive"), "Alt+5"))
            @match &call.log {
                None => { (after_first_line(say)) }
                Some(log) => {
                    (assessed(call, say))
                    p.dim { (t!(say, "call-thrive-help", n = policy.rationale_words_min)) }
                    form #thrive-form method="post" action="/do/record_thrive" data-do
                        data-key="Alt+5" {
                        (of_log(call, log))
                        @for (i, element) in policy.elements.iter().enumerate() {
                            fieldset data-element=(element) {
                                legend { (element) }
                                input type="hidden" name={ "elements." (i) ".element" }
                                    value=(element);
                                div.ratings {
                                    @for (n, rating) in policy.ratings.iter().enumerate() {
                                        label.tick {
                                            input type="radio" name={ "elements." (i) ".rating" }
                                                value=(rating) data-digit=(n + 1);
                                            " " kbd { (n + 1) } " " (rating)
                                        }
                                    }
                                }
                                @let key = format!("thrive:{}:{element}", log.number);
                                input type="text" name={ "elements." (i) ".rationale" }
                                    aria-label=(t!(say, "call-rationale",
                                        element = element.to_string()))
                                    placeholder=(t!(say, "call-rationale-short"))
                                    value=(drafts::of(app, viewer, &key)) data-draft=(key)
                                    maxlength="2000" autocomplete="off";
                                p.error hidden role="alert" {}
                            }
                        }
                        input type="hidden" name="informant_understood" value="no";
                        label.tick {
                            input type="checkbox" name="informant_understood" value="yes" checked;
                            " " (t!(say, "call-understood"))
                        }
                        button type="submit" { (t!(say, "call-thrive-save")) }
                    }
                }
            }
        }
    }
}

/// What was assessed last, and whether it is owed again.
pub(super) fn assessed(call: &Call, say: Say) -> Markup {
    let Some(log) = &call.log else { return html! {} };
    let owed: Vec<&str> =
        log.owed.iter().filter(|o| o.words.contains("THRIVE")).map(|o| o.words.as_str()).collect();
    let inner = html! {
        h3 #assessed-h { @match log.thrive.last() {
            Some(last) => {
                "✓ " (t!(say, "call-thrive-last", version = last.version,
                    at = clock(last.at, &call.state.policy), by = last.by.staff.to_string()))
            }
            None => { (t!(say, "call-thrive-none")) }
        } }
        @if log.thrive.last().is_some() {
            @for owed in owed { p.ask { (t!(say, "call-owed", what = owed)) } }
        }
    };
    live(call, "assessed", &call.topics(), &inner)
}

pub(super) fn grade(call: &Call, say: Say) -> Markup {
    html! {
        section #part-grade.box data-part aria-labelledby="grade-h" {
            (heading("grade", &t!(say, "call-grade"), "Alt+6"))
            @match &call.log {
                None => { (after_first_line(say)) }
                Some(log) => {
                    (suggestion(call, say))
                    form #grade-form method="post" action="/do/grade_incident" data-do {
                        (of_log(call, log))
                        fieldset data-key="Alt+6" {
                            legend { (t!(say, "call-override")) }
                            @for guide in grade_guide(&call.state.policy) {
                                @let means = format!("grade-{}-means", guide.grade);
                                label.tick.grade-pick {
                                    input type="radio" name="grade" value=(guide.grade)
                                        data-digit=(guide.grade) aria-describedby=(means);
                                    " " (badge(Some(guide.grade), &call.state.policy))
                                    small { (guide.targets) }
                                }
                                p.grade-means id=(means) { (guide.definition) }
                            }
                        }
                        label for="grade-reason" { (t!(say, "call-grade-reason")) }
                        input #grade-reason type="text" name="reason" maxlength="2000"
                            autocomplete="off";
                        button.primary #send type="submit" data-key="F12"
                            { (t!(say, "call-send")) " " kbd { "F12" } }
                    }
                    form #pass-form method="post" action="/do/pass_to_dispatch" data-do {
                        (of_log(call, log))
                        noscript { button type="submit" { (t!(say, "call-pass")) } }
                    }
                }
            }
        }
    }
}

/// The suggestion with what produced it, and how the log stands.
pub(super) fn suggestion(call: &Call, say: Say) -> Markup {
    let Some(log) = &call.log else { return html! {} };
    let facts = &log.facts;
    let policy = &call.state.policy;
    let now = facts.grade.map(|g| g.to_string());
    let inner = html! {
        h3 #suggest-h {
            (t!(say, "call-suggested")) " " (badge(Some(facts.suggested.grade), policy))
        }
        ul.because { @for cause in &facts.suggested.because {
            li { strong { (cause.words) } " " small { (cause.rule) } }
        } }
        // Whoever chooses another grade below says so; else the suggestion is taken.
        input #suggested type="hidden" name="grade" form="grade-form" value=(facts.suggested.grade)
            data-now=[now] data-passed[facts.passed_at.is_some()];
        p role="status" {
            @match facts.grade {
                Some(grade) => { "✓ " (t!(say, "call-graded")) " " (badge(Some(grade), policy)) }
                None => { (t!(say, "call-not-graded")) }
            }
            @match facts.passed_at {
                Some(at) => { " ✓ " (t!(say, "call-passed", at = clock(at, policy))) }
                None => { " " (t!(say, "call-not-passed")) }
            }
        }
        @if facts.below_suggestion { p.ask { (t!(say, "call-below")) } }
    };
    live(call, "suggest", &call.topics(), &inner)
}
