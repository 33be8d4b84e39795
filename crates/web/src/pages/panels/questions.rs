//! Questions on the log: each has somebody who is asked, and stays lit until it is answered or
//! somebody says why it cannot be.

use super::{On, folded, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::role::Owner;
use rules::views::log::{QuestionView, Settled};

/// The questions.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let is_open = |q: &&QuestionView| q.settled == Settled::Open;
    let mine = |q: &&QuestionView| is_mine(on, q);
    // F8 answers the oldest question asked of whoever looks, or else the oldest.
    let all = &on.log.questions;
    let first = all.iter().filter(is_open).find(mine).or_else(|| all.iter().find(is_open));
    let first = first.map(|q| q.question);
    let n_open = all.iter().filter(is_open).count();
    let body = html! {
        @if n_open > 0 {
            ol.questions.open {
                @for q in all.iter().filter(is_open) { (open(on, q, first == Some(q.question))) }
            }
        }
        @if all.len() > n_open {
            ol.questions {
                @for q in all.iter().filter(|q| !is_open(q)).rev() { (settled(on, q)) }
            }
        }
        @if on.may("ask_question") {
            (folded("ask", t!(say, "panel-ask"), Some("Alt+4"), on.deed(
                "ask_question",
                "ask-form",
                html! {
                    (on.whom("ask-to", "to", &t!(say, "panel-ask-to"), true))
                    (on.text("ask-text", "text", t!(say, "panel-ask-text")))
                    button type="submit" { (t!(say, "panel-ask-send")) }
                },
            )))
        }
    };
    part(on, "questions", t!(say, "panel-questions", n = n_open), "", body)
}

/// Whether a question is asked of whoever looks, by name or at their desk.
fn is_mine(on: &On<'_>, q: &QuestionView) -> bool {
    match &q.to {
        Owner::Staff(staff) => *staff == on.viewer.by.staff,
        Owner::Desk(role) => *role == on.viewer.by.role,
    }
}

fn open(on: &On<'_>, q: &QuestionView, first: bool) -> Markup {
    let say = on.say();
    let n = q.question.to_string();
    let answer = format!("answer-{n}");
    let incident = on.log.number.to_string();
    let fields = [("incident", incident.as_str()), ("question", n.as_str())];
    html! {
        li id={ "question-" (n) } data-mine[is_mine(on, q)] {
            p.asked {
                span.lamp aria-hidden="true" { "?" } " " (q.text)
            }
            p.meta {
                (t!(say, "panel-question-from", from = q.asked_by.to_string(),
                    to = q.to_words.as_str(), at = on.clock(q.at)))
                " " span.ask { (q.words) }
                @if is_mine(on, q) { " " strong { (t!(say, "panel-question-mine")) } }
            }
            @if on.may("answer_question") {
                div.answers {
                    (on.deed_with("answer_question", &format!("answer-form-{n}"), &fields, html! {
                        div.field {
                            label for=(answer) { (t!(say, "panel-answer")) }
                            input id=(answer) name="outcome.done" type="text" required
                                maxlength="8000" autocomplete="off"
                                data-key=[first.then_some("F8")];
                        }
                        button type="submit" { (t!(say, "panel-answer-send")) }
                    }))
                    (folded(&format!("no-answer-{n}"), t!(say, "panel-na"), None, on.deed_with(
                        "answer_question",
                        &format!("no-answer-form-{n}"),
                        &fields,
                        html! {
                            (line(&format!("no-answer-why-{n}"), "outcome.not_applicable",
                                t!(say, "panel-na-why")))
                            button type="submit" { (t!(say, "panel-na-send")) }
                        },
                    )))
                }
            }
        }
    }
}

fn settled(on: &On<'_>, q: &QuestionView) -> Markup {
    let say = on.say();
    html! {
        li id={ "question-" (q.question) } {
            p.asked { (q.text) }
            p.answer {
                @if q.settled == Settled::NotApplicable {
                    strong { (t!(say, "panel-na")) } ": "
                } @else {
                    strong { (t!(say, "panel-answered")) } ": "
                }
                (q.words)
            }
            p.meta {
                (t!(say, "panel-question-from", from = q.asked_by.to_string(),
                    to = q.to_words.as_str(), at = on.clock(q.at)))
                @if let (Some(by), Some(at)) = (&q.answered_by, q.answered_at) {
                    "; " (t!(say, "panel-answered-by", by = by.to_string(), at = on.clock(at)))
                }
            }
        }
    }
}
