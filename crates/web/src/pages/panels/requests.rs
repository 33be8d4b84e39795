//! What other agencies are asked for, what they answer, and what to do while they do not.

use super::told::happened;
use super::{On, folded, optional_line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::agency::Agency;
use rules::command::{AgencyAnswer, AgencyMeans};
use rules::incident::requests::life_at_risk;
use rules::policy::AgencyAskPolicy;
use rules::views::log::RequestView;

/// So many agencies of a kind are offered with their numbers.
const OFFERED_MAX: usize = 6;

/// The requests.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let open = on.log.requests.iter().filter(|r| !r.settled).count();
    let body = html! {
        ul.steps { @for r in &on.log.requests { (one(on, r)) } }
        @if on.may("ask_agency") {
            (folded("ask-agency", t!(say, "panel-request-new"), None, html! {
                @for (i, row) in on.state.policy.agency_ask.iter().enumerate() {
                    (folded(&format!("ask-{i}"),
                        t!(say, "panel-request-ask", ask = row.ask.as_str()), None,
                        ask(on, i, row)))
                }
            }))
        }
    };
    part(on, "requests", t!(say, "panel-requests", n = open), "agencies", body)
}

fn one(on: &On<'_>, r: &RequestView) -> Markup {
    let say = on.say();
    html! {
        li id={ "request-" (r.request) } {
            p {
                strong { (r.agency) ": " (r.ask) }
                @if r.life && r.life_told { " " span.chip { (t!(say, "panel-request-life")) } }
                @if r.life && !r.life_told {
                    " " strong.late { "▲ " (t!(say, "panel-request-untold")) }
                }
                @if !r.settled { " " span.count.late[r.late] { (r.countdown) } }
            }
            p.meta { (r.words) ", " (r.means.words().1) ", " (r.by) " " (on.clock(r.at)) }
            @for a in &r.attempts {
                p.answer {
                    strong.late[!a.answer.is_the_end() && !a.answer.is_heard()] {
                        (a.answer.words().1)
                    }
                    ": " (a.words) " "
                    span.meta {
                        @if let Some(with) = &a.with { (with) ", " }
                        (a.means.words().1) ", " (a.by) " " (on.clock(a.at))
                    }
                }
                @if let Some(itself) = &a.itself {
                    p.meta { (t!(say, "panel-request-itself-was", words = itself.as_str())) }
                }
            }
            @if !r.settled {
                @if let Some(next) = &r.next {
                    p.warn {
                        "▲ " (t!(say, "panel-agency-next", step = next.as_str())) " "
                        span.meta { (r.owner_words) }
                    }
                }
                (reached(on, r))
                @if let Some(form) = &r.form {
                    (folded(&format!("request-written-{}", r.request),
                        t!(say, "panel-request-form"), None, written(on, form)))
                }
                @if on.may("answer_agency") { (answer(on, r)) }
            }
        }
    }
}

/// How they are reached, as the directory has them.
fn reached(on: &On<'_>, r: &RequestView) -> Markup {
    html! {
        @if !r.numbers.is_empty() || r.supervisor.is_some() {
            p.meta {
                @for n in &r.numbers { (n.purpose) " " strong { (n.line) } ". " }
                @if let Some(who) = &r.supervisor {
                    (t!(on.say(), "panel-request-supervisor", who = who.as_str()))
                }
            }
        }
    }
}

/// The request in writing, to be copied.
fn written(on: &On<'_>, form: &str) -> Markup {
    let say = on.viewer.say("agencies");
    html! {
        pre.meta { (form) }
        button type="button" data-copy=(form) data-said=(t!(say, "agency-copied"))
            data-not=(t!(say, "agency-not-copied")) { (t!(say, "agency-copy")) }
    }
}

fn means(on: &On<'_>, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (t!(on.say(), "panel-request-means")) }
            select id=(id) name="means" {
                @for means in AgencyMeans::ALL {
                    option value=(means.words().0) { (means.words().1) }
                }
            }
        }
    }
}

fn told_of_life(on: &On<'_>) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name="life_told" value="yes"; " "
            (t!(on.say(), "panel-request-life-told"))
        }
    }
}

fn ask(on: &On<'_>, i: usize, row: &AgencyAskPolicy) -> Markup {
    let say = on.say();
    let known: Vec<&Agency> = on
        .state
        .agencies
        .values()
        .filter(|a| row.kinds.iter().any(|k| k.as_str() == a.kind.as_str().to_lowercase()))
        .collect();
    let only = known.first().filter(|_| known.len() == 1).map(|a| a.agency.as_str());
    let (agency, list) = (format!("request-agency-{i}"), format!("request-known-{i}"));
    let form = html! {
        @if life_at_risk(on.state, on.incident) {
            p.warn { "▲ " (t!(say, "panel-request-say-life")) }
        }
        p { (row.say) }
        p.meta { (t!(say, "panel-request-may-tell", words = row.may_tell.as_str())) }
        @for a in known.iter().take(OFFERED_MAX) {
            p.meta {
                (a.agency) ": "
                @for n in &a.numbers { (n.purpose) " " strong { (n.line) } ". " }
            }
        }
        div.field {
            label for=(agency) { (t!(say, "panel-agency-which")) }
            input id=(agency) name="agency" required maxlength="64" list=(list) value=[only]
                autocomplete="off" data-keeps;
            datalist id=(list) { @for a in &known { option value=(a.agency) {} } }
        }
        (told_of_life(on))
        (on.text(&format!("request-words-{i}"), "words", t!(say, "panel-request-words")))
        (means(on, &format!("request-means-{i}")))
        (happened(&format!("request-when-{i}"), say))
        button type="submit" { (t!(say, "panel-request-record")) }
    };
    let incident = on.log.number.to_string();
    let fields = [("incident", incident.as_str()), ("ask", row.ask.as_str())];
    on.deed_with("ask_agency", &format!("request-form-{i}"), &fields, form)
}

fn answer(on: &On<'_>, r: &RequestView) -> Markup {
    let say = on.say();
    let (n, incident) = (r.request.to_string(), on.log.number.to_string());
    let id = |what: &str| format!("answer-{what}-{n}");
    let fields = [("incident", incident.as_str()), ("request", n.as_str())];
    let itself = match &r.ask_itself {
        Some(question) => t!(say, "panel-request-itself-ask", question = question.as_str()),
        None => t!(say, "panel-request-itself"),
    };
    let form = html! {
        div.field {
            label for=(id("what")) { (t!(say, "panel-request-answer")) }
            select id=(id("what")) name="answer" required {
                option value="" { (t!(say, "panel-choose")) }
                @for answer in AgencyAnswer::ALL {
                    option value=(answer.words().0) { (answer.words().1) }
                }
            }
        }
        (on.text(&id("words"), "words", t!(say, "panel-request-answer-words")))
        (optional_line(&id("with"), "with", t!(say, "panel-request-with")))
        (optional_line(&id("itself"), "itself", itself))
        @if r.life && !r.life_told { (told_of_life(on)) }
        (means(on, &id("means")))
        (happened(&id("when"), say))
        button type="submit" { (t!(say, "panel-request-answer-record")) }
    };
    let form = on.deed_with("answer_agency", &id("form"), &fields, form);
    folded(
        &id("fold"),
        t!(say, "panel-request-answer-open", agency = r.agency.as_str()),
        None,
        form,
    )
}
