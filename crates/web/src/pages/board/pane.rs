//! The selected log beside the board: what is new, what is owed, who is near, what is asked.

use super::super::frame::Viewer;
use super::super::words::{badge, clock};
use super::super::{Shared, drafts, map, needs, viewer_who_may};
use super::row::towards;
use super::{look, reach};
use crate::App;
use crate::api::show::any_log;
use crate::lang::{Say, t};
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, html};
use rules::incident::Incident;
use rules::line::short;
use rules::name::IncidentNumber;
use rules::obligation::Rule;
use rules::policy::Policy;
use rules::state::State as Room;
use rules::time::Instant;
use rules::views::board::{BoardFilter, board};
use rules::views::log::{EntryView, LogView, Settled, log_view};
use rules::views::owed::Owed;
use std::sync::Arc;

/// So many of the last entries are shown; the whole log is one key away.
const ENTRIES: usize = 8;

/// The pane alone.
pub(in crate::pages) async fn fragment(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_log") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    match IncidentNumber::parse(&incident) {
        Ok(n) => Html(of_log(&app, &viewer, n).await.into_string()).into_response(),
        Err(sentence) => Problem::not_found(sentence).into_response(),
    }
}

/// The pane of a log, or the sentence that says why it is not shown.
pub(super) async fn of_log(app: &Arc<App>, viewer: &Viewer, n: IncidentNumber) -> Markup {
    match read(app, viewer, n).await {
        Ok(markup) => markup,
        Err(problem) => html! {
            section.problem { p.error role="alert" { (problem.detail) } }
        },
    }
}

async fn read(app: &Arc<App>, viewer: &Viewer, n: IncidentNumber) -> Result<Markup, Problem> {
    let say = viewer.say("board");
    let (state, log) = any_log(app, n).await?;
    let number = short(&state, n);
    let whole = html! {
        a.whole href={ "/incidents/" (n) } data-key="Alt+L" {
            (t!(say, "board-whole")) " " kbd { "Alt+L" }
        }
    };
    if log.closed.is_some() || !look::is_at_work(viewer, &state, &log) || !viewer.may("view_log") {
        let why = if log.closed.is_some() { t!(say, "board-closed") } else { t!(say, "board-why") };
        return Ok(html! {
            section.log-pane { h2 { (number) } p { (why) } p { (whole) } }
        });
    }
    look::record(app, viewer, &state, &log).await?;
    let now = app.room.now();
    let view = log_view(&state, &log, now, Some(&viewer.by.staff));
    Ok(html! {
        section.log-pane data-live={ "incident:" (n) " units" } data-live-every="1000"
            data-from={ "/incidents/" (n) "/pane" }
            data-n=(n) data-why=(why(say, &state, &view, now)) {
            (top(viewer, &state, &log, &view, &number, &whole))
            p.why { (why(say, &state, &view, now)) }
            (since(viewer, &view, &state.policy))
            (due(say, &view))
            (needs::part(viewer, &state, &log, now, "", &format!("/?log={n}")))
            @if viewer.may("view_candidates") { (reach::near(viewer, &state, &log, now)) }
            (questions(app, viewer, &view))
            (owed(say, &view))
            (last_entries(say, &view, &state.policy))
        }
    })
}

/// Why it ranks where it does.
fn why(say: Say, s: &Room, log: &LogView, now: Instant) -> String {
    let rows = board(s, now, &BoardFilter::default());
    let rank = rows.iter().position(|row| row.n == log.number).map_or(0, |at| at + 1);
    t!(say, "board-rank", rank = rank, of = rows.len(), because = log.why_rank.join(" × "))
}

fn top(
    viewer: &Viewer,
    s: &Room,
    log: &Incident,
    view: &LogView,
    number: &str,
    whole: &Markup,
) -> Markup {
    let say = viewer.say("board");
    let place = view.facts.location.words.as_ref().map(ToString::to_string);
    html! {
        h2 { (badge(view.facts.grade, &s.policy)) " " (number) " " (view.facts.code) }
        p {
            (place.unwrap_or_else(|| t!(say, "board-no-place"))) " "
            (map::grid_and_link(viewer, log.number, &view.facts.location))
        }
        p.meta {
            (t!(say, "board-owned-by", owner = view.facts.owner_words.as_str()))
            @for of in &view.clocks {
                " · " span.count.late[of.late] { (of.words) } " " (towards(of.target))
            }
        }
        p { (whole) }
        @for marker in &view.markers {
            p.marker { strong { (marker.marker) } " " (marker.text) }
        }
        @if log.active_units().next().is_some() {
            ul.attending {
                @for d in view.deployments.iter().filter(|d| d.left_at.is_none()) {
                    li { strong { (d.call_sign) } " " (d.words) }
                }
            }
        }
    }
}

/// What has been written since this person read the log.
fn since(viewer: &Viewer, view: &LogView, policy: &Policy) -> Markup {
    let say = viewer.say("board");
    let up_to = view.entries.last().map_or(0, |e| e.entry);
    html! {
        h3 { (t!(say, "board-since", n = view.n_new)) }
        @if view.n_new > 0 {
            ul.since {
                @for entry in view.since_you_looked() { (line(entry, policy)) }
            }
            @if viewer.may("read_log") && !viewer.is_anybody() {
                form method="post" action="/do/read_log" data-do {
                    input type="hidden" name="incident" value=(view.number);
                    input type="hidden" name="up_to" value=(up_to);
                    input type="hidden" name="deed-back" value={ "/?log=" (view.number) };
                    button type="submit" data-key="Alt+R" {
                        (t!(say, "board-read")) " " kbd { "Alt+R" }
                    }
                }
            }
        }
    }
}

fn line(entry: &EntryView, policy: &Policy) -> Markup {
    html! {
        li data-critical[entry.critical] {
            span.meta { (clock(entry.recorded_at, policy)) " " (entry.by.staff) } " "
            @if entry.critical { strong.late { "! " } }
            @if entry.struck.is_some() { s { (entry.text) } } @else { (entry.text) }
        }
    }
}

fn is_thrive(owed: &Owed) -> bool {
    matches!(owed.rule, Rule::ThriveOwed | Rule::RethriveOwed)
}

/// When it is to be assessed.
fn due(say: Say, view: &LogView) -> Markup {
    html! {
        @for owed in view.owed.iter().filter(|o| is_thrive(o)) {
            p.thrive {
                (owed.words) " " span.count.late[owed.late] { (owed.countdown) }
                " "
                a href={ "/incidents/" (view.number) "#panel-thrive" } {
                    (t!(say, "board-assess"))
                }
            }
        }
    }
}

fn questions(app: &App, viewer: &Viewer, view: &LogView) -> Markup {
    let say = viewer.say("board");
    let open: Vec<_> = view.questions.iter().filter(|q| q.settled == Settled::Open).collect();
    let answers = viewer.may("answer_question") && !viewer.is_anybody();
    html! {
        @if !open.is_empty() { h3 { (t!(say, "board-open-questions", n = open.len())) } }
        @for (at, q) in open.iter().enumerate() {
            div.question id={ "question-" (view.number) "-" (q.question) } {
                p {
                    span.ask aria-hidden="true" { "? " } (q.text) " "
                    small {
                        (t!(say, "board-asked-of", by = q.asked_by.as_str(),
                            to = q.to_words.as_str())) ", " (q.words)
                    }
                }
                @if answers {
                    @let key = format!("answer:{}:{}", view.number, q.question);
                    @let id = format!("answer-{}-{}", view.number, q.question);
                    form.answer id={ (id) "-form" } method="post" action="/do/answer_question"
                        data-do data-clears hx-morph-skip {
                        input type="hidden" name="incident" value=(view.number);
                        input type="hidden" name="question" value=(q.question);
                        input type="hidden" name="deed-back" value={ "/?log=" (view.number) };
                        label.hidden for=(id) {
                            (t!(say, "board-answer-to", text = q.text.as_str()))
                        }
                        input id=(id) name="outcome.done" required autocomplete="off"
                            data-draft=(key) data-key=[(at == 0).then_some("F8")]
                            value=(drafts::of(app, viewer, &key));
                        button type="submit" {
                            (t!(say, "board-answer"))
                            @if at == 0 { " " kbd { "F8" } }
                        }
                    }
                }
            }
        }
    }
}

fn owed(say: Say, view: &LogView) -> Markup {
    let rest: Vec<&Owed> = view.owed.iter().filter(|o| !is_thrive(o)).collect();
    html! {
        h3 { (t!(say, "board-owed", n = rest.len())) }
        ul.owed { @for owed in rest {
            li data-late[owed.late] {
                (owed.words) " – " (owed.owner_words) " "
                span.count.late[owed.late] { (owed.countdown) }
                " " small { (owed.next_words) }
            }
        } }
    }
}

fn last_entries(say: Say, view: &LogView, policy: &Policy) -> Markup {
    html! {
        h3 { (t!(say, "board-entries")) }
        @if view.entries.is_empty() { p.dim { (view.facts.words) } }
        ul.since {
            @for entry in view.entries.iter().rev().take(ENTRIES) { (line(entry, policy)) }
        }
    }
}
