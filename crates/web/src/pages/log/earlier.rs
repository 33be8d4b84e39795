//! Earlier logs of the same number, place or person, with how they ended, and what that means now.

use crate::api::audit::{self, Why};
use crate::api::show::earlier::{EarlierLog, EarlierLogs, earlier};
use crate::lang::{Say, t};
use crate::pages::frame::{plain, whole};
use crate::pages::panels::{On, greyed, told_words};
use crate::pages::words::clock;
use crate::pages::{Shared, opened, problem_page, viewer_who_may};
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::name::Reason;
use rules::shift::training::Doing;

/// The check under which it is kept what was done with them.
const CHECK: &str = "earlier logs";

/// Answers `GET /incidents/{incident}/earlier`. Every look is recorded.
pub(in crate::pages) async fn page(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "search_history") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let drawn = async {
        let (state, incident) = opened::goes_on(&app, &viewer, &incident).await?;
        let why = match audit::handles(&state, &incident, &viewer) {
            true => Why::Handling,
            false => {
                let text = format!("while reading log {}", incident.number);
                Why::Said(Reason::parse(&text).map_err(Problem::invalid)?)
            }
        };
        let found = earlier(&app, &viewer, &state, &incident, why).await?;
        let on = On::new(&app, &viewer, &state, &incident);
        let say = viewer.say("log");
        let title = t!(say, "log-earlier-title", number = on.log.number.to_string());
        Ok::<_, Problem>((list(&on, &found, say), title, state.seq))
    };
    match drawn.await {
        Ok((main, title, seq)) => {
            let page = crate::pages::frame::Page {
                seq: Some(seq),
                css: &["panels.css", "log.css"],
                ..plain("log", title, main)
            };
            whole(&app, Some(&viewer), &page)
        }
        Err(problem) => problem_page(&app, problem),
    }
}

fn list(on: &On<'_>, found: &EarlierLogs, say: Say) -> Markup {
    let n = on.log.number;
    let by: Vec<String> = found.by.iter().map(|by| by_words(by, say)).collect();
    html! {
        h1 { (t!(say, "log-earlier-title", number = n.to_string())) }
        p { a href={ "/incidents/" (n) } { (t!(say, "log-earlier-back")) } }
        @if by.is_empty() {
            p.warn { (t!(say, "log-earlier-nothing")) }
        } @else {
            p { (t!(say, "log-earlier-by", by = by.join(", "), n = found.logs.len())) }
        }
        p.meta { (t!(say, "log-earlier-recorded")) }
        @for one in &found.logs { (row(on, one, say)) }
        @if found.more > 0 { p { (t!(say, "log-earlier-more", n = found.more)) } }
        @if on.may("record_check") {
            @match on.barred(Doing { command: "record_check", ..Doing::default() }) {
                Some(why) => (greyed(t!(say, "log-earlier-meaning-send"), &why)),
                None => (meaning(on, say)),
            }
        }
    }
}

fn by_words(by: &str, say: Say) -> String {
    match by {
        "number" => t!(say, "log-earlier-number"),
        "place" => t!(say, "log-earlier-place"),
        _ => t!(say, "log-earlier-person"),
    }
}

fn row(on: &On<'_>, one: &EarlierLog, say: Say) -> Markup {
    let policy = &on.state.policy;
    let because: Vec<String> = one.because.iter().map(|by| by_words(by, say)).collect();
    html! {
        section.panel aria-label=(one.incident) {
            h2 {
                a href={ "/incidents/" (one.incident) } { (one.incident) } " " (one.opening_code)
                @if one.same_code { " " span.chip { (t!(say, "log-earlier-same-code")) } }
            }
            p.meta {
                (t!(say, "log-earlier-because", by = because.join(", "))) " "
                (clock(one.opened_at, policy)) " "
                @if let Some(place) = &one.place { (place) }
            }
            blockquote { (one.words) }
            @match &one.ended {
                None => p { strong { (t!(say, "log-earlier-open")) } }
                Some(ended) => dl.facts {
                    dt { (t!(say, "log-earlier-ended")) }
                    dd { (ended.closing_code) ", " (clock(ended.at, policy)) ", "
                        (t!(say, "log-earlier-units", n = one.n_units)) }
                    dt { (t!(say, "log-earlier-result")) }
                    dd { (ended.result) }
                    dt { (t!(say, "log-earlier-risk")) }
                    dd { (ended.risk_then) }
                    dt { (t!(say, "log-earlier-told")) }
                    dd { (told_words(on.viewer.say("panel"), ended.told)) }
                },
            }
            @if one.linked.is_some() {
                p { "✓ " (t!(say, "log-earlier-linked")) }
            } @else if on.may("link_incident") {
                (link(on, one, say))
            }
        }
    }
}

fn link(on: &On<'_>, one: &EarlierLog, say: Say) -> Markup {
    let back = format!("/incidents/{}/earlier", on.log.number);
    html! {
        form.deed method="post" action="/do/link_incident" data-do data-go=(back) {
            input type="hidden" name="incident" value=(on.log.number);
            input type="hidden" name="other" value=(one.incident);
            input type="hidden" name="relation" value="related";
            input type="hidden" name="deed-back" value=(back);
            button type="submit" {
                (t!(say, "log-earlier-link", number = one.incident.to_string()))
            }
        }
    }
}

/// What was done with them: looking alone helps nobody.
fn meaning(on: &On<'_>, say: Say) -> Markup {
    let back = format!("/incidents/{}", on.log.number);
    html! {
        section.panel aria-labelledby="meaning" {
            h2 #meaning { (t!(say, "log-earlier-meaning")) }
            form.deed #earlier-form method="post" action="/do/record_check" data-do data-go=(back) {
                input type="hidden" name="incident" value=(on.log.number);
                input type="hidden" name="check" value=(CHECK);
                input type="hidden" name="deed-back" value=(back);
                (on.judged("earlier-meaning", "outcome.done",
                    t!(say, "log-earlier-meaning-words"), "earlier-form"))
                (on.opinion("earlier-form"))
                button type="submit" { (t!(say, "log-earlier-meaning-send")) }
            }
        }
    }
}
