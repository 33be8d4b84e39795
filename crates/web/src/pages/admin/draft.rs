//! Writing a policy. What is typed is kept on the server and looked over at every pause: what is
//! wrong and at which line, what would change, the test cases, and what a call handler would see.

use super::super::frame::Viewer;
use super::super::{Shared, drafts, problem_page, see_other, viewer_who_may};
use super::preview::{self, Wanted};
use super::{Sent, looked, shown};
use crate::App;
use crate::lang::{Say, t};
use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, html};
use rules::name::{Label, OpeningCode, Words};
use rules::policy::Policy;
use rules::policy::case::{CaseAnswer, TestCase};
use rules::state::State as Room;
use rules::views::policy::text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The draft's text, and the version from which it was begun.
const TEXT: &str = "policy";
const FROM: &str = "policy-from";
const PAGE: &str = "/admin/policy/draft";

/// A draft as it stands.
struct Draft {
    toml: String,
    from: String,
    /// Whether anything is kept that is not the policy that holds.
    begun: bool,
}

fn draft(app: &App, viewer: &Viewer, s: &Room) -> Draft {
    let kept = drafts::of(app, viewer, TEXT);
    let holds = s.policy.about.version.clone();
    let is_same = |other: &str| other == kept;
    // What was proposed or published is no draft any more.
    let sent = s.proposals.values().any(|p| p.by == viewer.by.staff && is_same(&p.toml));
    if kept.is_empty() || sent || is_same(&text(s)) {
        return Draft { toml: text(s), from: holds, begun: false };
    }
    let from = drafts::of(app, viewer, FROM);
    Draft { toml: kept, from: if from.is_empty() { holds } else { from }, begun: true }
}

/// Keeps a draft, off the threads that answer requests.
async fn kept(app: &Arc<App>, viewer: &Viewer, toml: String, from: String) -> Result<(), Problem> {
    let (room, staff, at) = (app.room.clone(), viewer.by.staff.clone(), app.room.now().0);
    let keep = move || {
        room.drafts().keep(&staff, TEXT, &toml, at)?;
        room.drafts().keep(&staff, FROM, &from, at)
    };
    match tokio::task::spawn_blocking(keep).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(fault @ room::drafts::DraftFault::TooLong)) => {
            Err(Problem::new(Kind::TooLarge, fault.to_string()))
        }
        Ok(Err(_)) | Err(_) => {
            let detail = "what you type is not kept on the server now: copy it, and tell support";
            Err(Problem::new(Kind::NotSaved, detail))
        }
    }
}

/// Keeps what a form sent, where it sent a text.
async fn keep_sent(app: &Arc<App>, sent: &Sent) -> Result<(), Problem> {
    let Some(toml) = sent.field("toml") else { return Ok(()) };
    let from = sent.text("made_from").to_owned();
    kept(app, &sent.viewer, toml.replace("\r\n", "\n"), from).await
}

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, "check_policy") {
        Ok(viewer) => show(&app, &viewer, &Wanted::default(), None),
        Err(instead) => *instead,
    }
}

/// Keeps the draft and shows the page again: for a browser without scripts.
pub(super) async fn keep(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let sent = match Sent::read(&app, request, "check_policy").await {
        Ok(sent) => sent,
        Err(problem) => return problem_page(&app, problem),
    };
    match keep_sent(&app, &sent).await {
        Ok(()) => show(&app, &sent.viewer, &sent.preview(), sent.field("why")),
        Err(problem) => problem_page(&app, problem),
    }
}

/// Keeps the draft and answers with what there is to say about it.
pub(super) async fn look(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let sent = match Sent::read(&app, request, "check_policy").await {
        Ok(sent) => sent,
        Err(problem) => return problem.into_response(),
    };
    if let Err(problem) = keep_sent(&app, &sent).await {
        return problem.into_response();
    }
    let state = app.room.view();
    let toml = match sent.field("toml") {
        Some(toml) => toml.to_owned(),
        None => draft(&app, &sent.viewer, &state).toml,
    };
    let (wanted, say) = (sent.preview(), sent.viewer.say("admin"));
    let looked = move || looked::looked(&state, &toml, &wanted, say).into_string();
    match tokio::task::spawn_blocking(looked).await {
        Ok(looked) => Html(looked).into_response(),
        Err(_) => {
            Problem::new(Kind::Fault, "this could not be looked over: tell support").into_response()
        }
    }
}

/// Forgets the draft.
pub(super) async fn reset(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let done = async {
        let sent = Sent::read(&app, request, "check_policy").await?;
        kept(&app, &sent.viewer, String::new(), String::new()).await
    };
    match done.await {
        Ok(()) => see_other(PAGE),
        Err(problem) => problem_page(&app, problem),
    }
}

/// Adds a test case to the draft.
pub(super) async fn add_case(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let done = async {
        let sent = Sent::read(&app, request, "check_policy").await?;
        let case = case(&sent).map_err(Problem::invalid)?;
        let draft = draft(&app, &sent.viewer, &app.room.view());
        let case = case.to_toml().map_err(Problem::invalid)?;
        let toml = format!("{}\n\n{}", draft.toml.trim_end(), case);
        kept(&app, &sent.viewer, toml, draft.from).await
    };
    match done.await {
        Ok(()) => see_other("/admin/policy/draft#tests"),
        Err(problem) => problem_page(&app, problem),
    }
}

fn case(sent: &Sent) -> Result<TestCase, String> {
    let name = sent.text("name");
    if name.is_empty() {
        return Err("the test case has no name: write what it shows".to_owned());
    }
    let code = match sent.text("case-code") {
        "" => None,
        code => Some(OpeningCode::parse(code)?),
    };
    let mut answers = BTreeMap::new();
    if !sent.text("question").is_empty() {
        let answer = match sent.text("answer") {
            "yes" => CaseAnswer::Yes,
            "no" => CaseAnswer::No,
            _ => CaseAnswer::Unknown,
        };
        answers.insert(Label::parse(sent.text("question"))?, answer);
    }
    let rank: u8 = sent.text("suggests").parse().map_err(|_| "choose a grade".to_owned())?;
    let words = Words::parse(sent.text("case-words"))?;
    Ok(TestCase { name: name.to_owned(), words, code, answers, suggests: rank.try_into()? })
}

fn show(app: &App, viewer: &Viewer, wanted: &Wanted, why: Option<&str>) -> Response {
    let say = viewer.say("admin");
    let state = app.room.view();
    let draft = draft(app, viewer, &state);
    let main = html! {
        h1 { (t!(say, "admin-draft-title")) }
        (standing(&draft, &state, say))
        div.two {
            div {
                (editor(&draft, why.unwrap_or(""), viewer, say))
                (case_form(&state.policy, &draft, say))
            }
            div {
                form #preview-form.preview-form method="post" action={ (PAGE) "#preview" } {
                    (preview::fields(wanted, say))
                    noscript { button type="submit" { (t!(say, "admin-preview-do")) } }
                }
                // For whoever listens: what there is to say about the text, when it changes.
                p #looked.hidden role="status" {}
                div #results data-look="/admin/policy/draft/look"
                    data-unkept=(t!(say, "admin-unkept")) {
                    (looked::looked(&state, &draft.toml, wanted, say))
                }
            }
        }
    };
    shown(app, viewer, "admin", t!(say, "admin-draft-title"), main)
}

fn standing(draft: &Draft, s: &Room, say: Say) -> Markup {
    let holds = s.policy.about.version.as_str();
    html! {
        p { a href="/admin/policy" { (t!(say, "admin-back")) } " "
            (t!(say, "admin-draft-words", from = draft.from.as_str())) }
        @if draft.from != holds {
            p.note role="status" {
                (t!(say, "admin-draft-old", from = draft.from.as_str(), holds = holds))
            }
        }
        @if draft.begun {
            form method="post" action="/admin/policy/draft/reset" {
                button type="submit" { (t!(say, "admin-reset")) }
            }
        }
    }
}

fn editor(draft: &Draft, why: &str, viewer: &Viewer, say: Say) -> Markup {
    html! {
        form #editor.editor method="post" action="/do/propose_policy" data-do
            data-go="/admin/policy/proposals/{proposal}" {
            input type="hidden" name="made_from" value=(draft.from);
            input type="hidden" name="deed-back" value="/admin/policy";
            label for="toml" { (t!(say, "admin-toml")) " " kbd { "Alt+1" } }
            textarea #toml name="toml" required rows="32" spellcheck="false" autocomplete="off"
                autocapitalize="none" wrap="off" data-key="Alt+1" aria-describedby="wrong-h"
                // A browser drops the line break after the tag, and no other.
                { "\n" (draft.toml) }
            noscript {
                button type="submit" formaction=(PAGE) formnovalidate { (t!(say, "admin-look")) }
            }
            @if viewer.may("propose_policy") {
                label for="why" { (t!(say, "admin-why")) " " kbd { "Alt+2" } }
                textarea #why name="why" required rows="2" maxlength="2000" data-key="Alt+2"
                    { (why) }
                p.meta { (t!(say, "admin-propose-words")) }
                button.primary type="submit" data-key="F12" {
                    (t!(say, "admin-propose")) " " kbd { "F12" }
                }
            }
        }
    }
}

fn case_form(holds: &Policy, draft: &Draft, say: Say) -> Markup {
    let written = Policy::parse(&draft.toml).ok();
    let policy = written.as_ref().unwrap_or(holds);
    let keys: std::collections::BTreeSet<_> =
        policy.question_set.iter().flat_map(|set| &set.prompt).map(|p| &p.key).collect();
    html! {
        details.fold #case {
            summary data-key="Alt+4" { (t!(say, "admin-add-case")) " " kbd { "Alt+4" } }
            form #case-form.entry method="post" action="/admin/policy/draft/case" {
                label for="case-name" { (t!(say, "admin-case-name")) }
                input #case-name name="name" type="text" required maxlength="120"
                    autocomplete="off";
                label for="case-words" { (t!(say, "admin-case-words")) }
                textarea #case-words name="case-words" required rows="2" maxlength="2000" {}
                label for="case-code" { (t!(say, "admin-case-code")) }
                select #case-code name="case-code" {
                    option value="" { (t!(say, "admin-case-best")) }
                    @for row in &policy.opening_code { option value=(row.code) { (row.code) } }
                }
                label for="case-question" { (t!(say, "admin-case-question")) }
                select #case-question name="question" {
                    option value="" { (t!(say, "admin-case-no-question")) }
                    @for key in keys { option value=(key) { (key) } }
                }
                label for="case-answer" { (t!(say, "admin-case-answer")) }
                select #case-answer name="answer" {
                    option value="yes" { (t!(say, "admin-yes")) }
                    option value="no" { (t!(say, "admin-no")) }
                    option value="unknown" { (t!(say, "admin-unknown")) }
                }
                label for="case-suggests" { (t!(say, "admin-case-suggests")) }
                select #case-suggests name="suggests" {
                    @for row in &policy.grade {
                        option value=(row.rank) { (row.rank) " " (row.label) }
                    }
                }
                button type="submit" { (t!(say, "admin-add-case")) }
            }
        }
    }
}
