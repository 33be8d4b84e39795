//! What happened on a log, line by line. A page is given what is new; it is never given the whole
//! again.

use crate::lang::{Say, t};
use crate::pages::panels::{On, happened};
use crate::pages::words::clock;
use crate::pages::{Shared, drafts, opened, viewer_who_may};
use crate::problem::{Kind, Problem};
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, html};
use room::Room;
use rules::event::Stream;
use rules::name::IncidentNumber;
use rules::views::log::{Changed, EntryView, Line, LineKind, QuestionView, Settled, Timeline};
use serde::Deserialize;
use std::sync::Arc;

/// The filters.
const SHOWN: [&str; 6] = ["all", "narrative", "risk", "units", "questions", "system"];

/// The lines of a log after a place in its stream, as far as this state goes: an entry that is
/// newer than the state has no text in it yet, and comes with the change that follows.
pub(super) async fn read(
    room: &Room,
    state: &Arc<rules::state::State>,
    incident: IncidentNumber,
    after: u64,
) -> Result<Vec<Line>, Problem> {
    let (room, state) = (room.clone(), state.clone());
    let lines = tokio::task::spawn_blocking(move || {
        let stream = Stream::Incident(incident).number();
        let (mut timeline, mut lines) = (Timeline::new(&state), Vec::new());
        for record in room.journal().each_of_stream(stream, after.saturating_add(1)) {
            let record = record?;
            if record.seq > state.seq {
                break;
            }
            if let Some((event, meta, _)) = room::from_record(&record) {
                lines.extend(timeline.line(&event, &meta, record.version));
            }
        }
        Ok::<_, room::ReadFault>(lines)
    });
    match lines.await {
        Ok(read) => read.map_err(|fault| Problem::unread(&fault)),
        Err(_) => {
            let detail = "the log could not be read, and it has been noted: load the page again";
            Err(Problem::new(Kind::Fault, detail))
        }
    }
}

/// What to begin after.
#[derive(Deserialize)]
pub(in crate::pages) struct After {
    after: u64,
}

/// Answers `GET /incidents/{incident}/timeline?after=`: the lines after that place, and again each
/// line before it that they change.
pub(in crate::pages) async fn more(
    State(Shared(app)): State<Shared>,
    Path(incident): Path<String>,
    Query(After { after }): Query<After>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_log") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let (state, incident) = match opened::goes_on(&app, &viewer, &incident).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    match read(&app.room, &state, incident.number, after).await {
        Ok(lines) => {
            let on = On::new(&app, &viewer, &state, &incident);
            let say = viewer.say("log");
            let body = html! {
                @for changed in lines.iter().filter_map(|l| l.changes) {
                    (again(&on, changed, say))
                }
                @for line in &lines { (one(&on, line, say)) }
            };
            Html(body.into_string()).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// The whole timeline.
pub(super) fn timeline(on: &On<'_>, lines: &[Line], say: Say) -> Markup {
    let n_new = on.log.n_new;
    let first_new = on.log.since_you_looked().next().map(|e| e.entry);
    let reads = on.viewer.may("read_log") && !on.viewer.is_anybody();
    html! {
        section.timeline #timeline aria-labelledby="timeline-heading"
            data-incident=(on.log.number) {
            div.timeline-bar {
                h2 #timeline-heading { (t!(say, "log-timeline")) }
                fieldset.filters {
                    legend.hidden { (t!(say, "log-show")) }
                    @for (i, name) in SHOWN.iter().enumerate() {
                        label {
                            input type="radio" name="show" id={ "show-" (name) } value=(name)
                                checked[i == 0] data-key=[(i == 0).then_some("Alt+2")];
                            " " (shown_words(name, say))
                        }
                    }
                }
                div.find {
                    label for="find" { (t!(say, "log-find")) }
                    input #find type="search" autocomplete="off" data-key="/";
                    span #found role="status" data-words=(t!(say, "log-found", n = "{n}")) {}
                }
            }
            @if n_new > 0 {
                p.since #since {
                    strong { (t!(say, "log-since", n = n_new)) } " "
                    @if let Some(first) = first_new {
                        a href={ "#entry-" (first) } { (t!(say, "log-since-go")) }
                    }
                }
            }
            ol.lines #lines data-reads[reads] tabindex="0"
                aria-labelledby="timeline-heading" {
                @for line in lines { (one(on, line, say)) }
            }
        }
    }
}

fn shown_words(name: &str, say: Say) -> String {
    match name {
        "narrative" => t!(say, "log-show-narrative"),
        "risk" => t!(say, "log-show-risk"),
        "units" => t!(say, "log-show-units"),
        "questions" => t!(say, "log-show-questions"),
        "system" => t!(say, "log-show-system"),
        _ => t!(say, "log-show-all"),
    }
}

fn one(on: &On<'_>, line: &Line, say: Say) -> Markup {
    let at = Times {
        happened: on_clock(on, line.happened_at),
        recorded: on_clock(on, line.recorded_at),
        late: line.entered_late,
    };
    if let Some(entry) = line.entry.and_then(|n| entry_of(on, n)) {
        return entry_line(entry, &at, Some(line.place), say);
    }
    if let Some(question) = line.question.and_then(|n| question_of(on, n)) {
        return question_line(on, question, Some(line.place), say);
    }
    html! {
        li id={ "line-" (line.place) } data-place=(line.place) data-kind=(line.kind.name()) {
            (when(&at, &line.by.staff.to_string(), say))
            p.what {
                (line.words)
                @if let Some(words) = &line.quoted { " " q { (words) } }
            }
        }
    }
}

fn entry_of<'o>(on: &'o On<'_>, n: u32) -> Option<&'o EntryView> {
    on.log.entries.get(usize::try_from(n).ok()?.checked_sub(1)?)
}

fn question_of<'o>(on: &'o On<'_>, n: u32) -> Option<&'o QuestionView> {
    on.log.questions.iter().find(|q| q.question == n)
}

/// A line before that has changed: as it is now.
fn again(on: &On<'_>, changed: Changed, say: Say) -> Markup {
    match changed {
        Changed::Entry(n) => match entry_of(on, n) {
            Some(entry) => {
                let at = Times {
                    happened: on_clock(on, entry.happened_at),
                    recorded: on_clock(on, entry.recorded_at),
                    late: entry.entered_late,
                };
                entry_line(entry, &at, None, say)
            }
            None => html! {},
        },
        Changed::Question(n) => match question_of(on, n) {
            Some(question) => question_line(on, question, None, say),
            None => html! {},
        },
    }
}

struct Times {
    happened: String,
    recorded: String,
    late: bool,
}

fn on_clock(on: &On<'_>, at: rules::time::Instant) -> String {
    clock(at, &on.state.policy)
}

/// Both times where they differ: when it happened, and when we heard.
fn when(at: &Times, who: &str, say: Say) -> Markup {
    html! {
        p.when {
            time { (at.recorded) } " " span.who { (who) }
            @if at.late {
                " " span.late-entry {
                    (t!(say, "log-happened", at = at.happened.as_str()))
                }
            }
        }
    }
}

fn entry_line(entry: &EntryView, at: &Times, place: Option<u64>, say: Say) -> Markup {
    html! {
        li id={ "entry-" (entry.entry) } data-place=[place] data-kind=(LineKind::Narrative.name())
            data-entry=(entry.entry) data-critical[entry.critical] data-new[entry.new] {
            (when(at, &entry.by.staff.to_string(), say))
            div.what {
                @if entry.critical { strong.late { (t!(say, "log-critical")) } " " }
                @if entry.new { span.chip { (t!(say, "log-new")) } " " }
                @match &entry.struck {
                    Some(struck) => {
                        s { (text(entry)) }
                        p.meta {
                            (t!(say, "log-struck", by = struck.by.to_string(),
                                reason = struck.reason.to_string()))
                            @if let Some(right) = struck.corrected_by {
                                " " a href={ "#entry-" (right) } {
                                    (t!(say, "log-corrected", entry = right))
                                }
                            }
                        }
                    }
                    None => { (text(entry)) }
                }
                @for file in &entry.attachments {
                    p.meta {
                        (t!(say, "log-file", name = file.name.to_string(), bytes = file.bytes))
                        " " code { (file.sha256) }
                    }
                }
            }
            span.number { (t!(say, "log-entry-number", entry = entry.entry)) }
        }
    }
}

/// The informant's own words are a quotation.
fn text(entry: &EntryView) -> Markup {
    html! {
        @if entry.own_words { q.own { (entry.text) } } @else { span { (entry.text) } }
    }
}

fn question_line(on: &On<'_>, q: &QuestionView, place: Option<u64>, say: Say) -> Markup {
    let at = Times { happened: String::new(), recorded: on_clock(on, q.at), late: false };
    html! {
        li id={ "asked-" (q.question) } data-place=[place]
            data-kind=(LineKind::Questions.name()) {
            (when(&at, &q.asked_by.to_string(), say))
            p.what {
                span.lamp aria-hidden="true" { "?" } " "
                (t!(say, "log-asked", to = q.to_words.as_str())) " " (q.text) " "
                @match (q.settled, q.answered_at) {
                    (Settled::Open, _) => strong.ask { (t!(say, "log-unanswered")) }
                    (Settled::Done, Some(at)) => {
                        strong { (t!(say, "log-answered", at = on_clock(on, at))) } " " (q.words)
                    }
                    (Settled::Done, None) => { strong { (t!(say, "log-answered", at = "")) } " "
                        (q.words) }
                    (Settled::NotApplicable, _) => {
                        strong { (t!(say, "log-not-applicable")) } " " (q.words)
                    }
                }
            }
        }
    }
}

/// Writing on the log. What sounds like an opinion is pointed out, and is written all the same.
pub(super) fn entry_form(on: &On<'_>, say: Say) -> Markup {
    let key = format!("entry:{}", on.log.number);
    let n = on.log.number;
    html! {
        form.entry.deed #entry-form method="post" action="/do/add_entry" data-do data-clears {
            input type="hidden" name="incident" value=(n);
            input type="hidden" name="deed-back" value=(on.back);
            label for="entry" { (t!(say, "log-entry")) }
            textarea #entry name="text" required rows="3" maxlength="8000" data-draft=(key)
                data-key="Alt+3" aria-describedby="opinion" hx-post="/fragments/opinion"
                hx-trigger="input changed delay:500ms" hx-target="#opinion"
                hx-swap="innerHTML" { (drafts::of(on.app, on.viewer, &key)) }
            p #opinion role="status" {}
            div.entry-more {
                label.tick { input type="checkbox" name="own_words" value="yes";
                    " " (t!(say, "log-own-words")) }
                label.tick { input type="checkbox" name="new_information" value="yes";
                    " " (t!(say, "log-new-information")) }
                label.tick { input type="checkbox" name="critical" value="yes";
                    " " (t!(say, "log-is-critical")) }
                (happened("entry-happened", on.viewer.say("panel")))
                button type="submit" data-key="F12" { (t!(say, "log-entry-add")) " " kbd { "F12" } }
            }
        }
        @if on.may("strike_entry") { (strike_form(on, say)) }
        (attach_form(on, say))
    }
}

fn strike_form(on: &On<'_>, say: Say) -> Markup {
    html! {
        details.fold #strike data-focus {
            summary { (t!(say, "log-strike")) }
            form.deed #strike-form method="post" action="/do/strike_entry" data-do data-clears {
                input type="hidden" name="incident" value=(on.log.number);
                input type="hidden" name="deed-back" value=(on.back);
                div.field.short {
                    label for="strike-entry" { (t!(say, "log-strike-number")) }
                    input #strike-entry name="entry" type="text" inputmode="numeric" required
                        pattern="[0-9]{1,9}" autocomplete="off";
                }
                div.field {
                    label for="strike-why" { (t!(say, "log-strike-why")) }
                    input #strike-why name="reason" type="text" required maxlength="2000"
                        autocomplete="off";
                }
                div.field {
                    label for="strike-right" { (t!(say, "log-strike-right")) }
                    textarea #strike-right name="correction" rows="2" maxlength="8000" {}
                }
                button type="submit" { (t!(say, "log-strike-do")) }
            }
        }
    }
}

fn attach_form(on: &On<'_>, say: Say) -> Markup {
    let fields = [
        ("attach-name", "attachments.0.name", t!(say, "log-attach-name"), "64", None),
        (
            "attach-hash",
            "attachments.0.sha256",
            t!(say, "log-attach-hash"),
            "64",
            Some("[0-9a-f]{64}"),
        ),
        ("attach-bytes", "attachments.0.bytes", t!(say, "log-attach-bytes"), "15", Some("[0-9]+")),
    ];
    html! {
        details.fold #attach data-focus {
            summary { (t!(say, "log-attach")) }
            form.deed #attach-form method="post" action="/do/add_entry" data-do data-clears {
                input type="hidden" name="incident" value=(on.log.number);
                input type="hidden" name="deed-back" value=(on.back);
                div.field {
                    label for="attach-text" { (t!(say, "log-attach-text")) }
                    input #attach-text name="text" type="text" required maxlength="8000"
                        autocomplete="off";
                }
                @for (id, name, label, longest, pattern) in fields {
                    div.field {
                        label for=(id) { (label) }
                        input id=(id) name=(name) type="text" required maxlength=(longest)
                            pattern=[pattern] autocomplete="off";
                    }
                }
                button type="submit" { (t!(say, "log-attach")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::live::tests::{does, room};
    use rules::command::{AddEntry, OpenIncident};

    #[tokio::test]
    async fn a_line_that_is_newer_than_the_state_waits_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let room = room(dir.path());
        let opened: OpenIncident = serde_json::from_value(serde_json::json!({
            "opening_code": "concern for safety", "words": "he has not been seen",
            "location": { "known": "known", "words": "3 Heol Awst" },
        }))
        .unwrap();
        does(&room, opened);
        let before = room.view();
        let n = *before.incidents.keys().next().unwrap();
        let text = serde_json::json!({ "incident": n, "text": "written meanwhile" });
        does(&room, serde_json::from_value::<AddEntry>(text).unwrap());

        let lines = read(&room, &before, n, 0).await.unwrap();
        assert!(!lines.is_empty() && lines.iter().all(|line| line.entry.is_none()), "{lines:?}");
        let last = lines.last().unwrap().place;
        let then = read(&room, &room.view(), n, last).await.unwrap();
        assert!(then.iter().any(|line| line.entry == Some(1)), "{then:?}");
    }
}
