//! Parts of a log that pages show: each shows one thing, holds the forms of what can be done about
//! it, and asks for itself again when the log changes.

mod agencies; //  other agencies, and help for the victim
mod appointments; // booked, and what came of them
mod checks; //    intelligence checks
mod closing; //   what is in the way, closing, opening again
mod crime; //     a report of a crime
mod facts; //     where, who, what
mod fits; //      which agency fits best
mod grade; //     how soon
mod handling; //  passed on, accepted, given to another owner
mod heard; //     what was said in its calls
mod links; //     other logs and contacts
mod missing; //   somebody missing
mod owed; //      every open obligation, and the four verbs
mod questions; // asked and answered
mod requests; //  what agencies are asked for
mod sop; //       the standard operating procedure
mod tags; //      lists
mod thrive; //    the assessment
mod told; //      the informant, and ring-backs
mod units; //     units sent, and units that could go
mod work; //      planned, and done

pub(in crate::pages) use agencies::panel as agencies;
pub(in crate::pages) use appointments::panel as appointments;
pub(in crate::pages) use checks::panel as checks;
pub(in crate::pages) use closing::panel as closing;
pub(in crate::pages) use crime::panel as crime;
pub(in crate::pages) use facts::panel as facts;
pub(in crate::pages) use fits::panel as fits;
pub(in crate::pages) use grade::panel as grade;
pub(in crate::pages) use handling::panel as handling;
pub(in crate::pages) use heard::panel as heard;
pub(in crate::pages) use links::panel as links;
pub(in crate::pages) use missing::panel as missing;
pub(in crate::pages) use owed::panel as owed;
pub(in crate::pages) use questions::panel as questions;
pub(in crate::pages) use requests::panel as requests;
pub(in crate::pages) use sop::panel as sop;
pub(in crate::pages) use tags::panel as tags;
pub(in crate::pages) use thrive::panel as thrive;
pub(in crate::pages) use told::{happened, panel as told, told_words};
pub(in crate::pages) use units::{candidates, panel as units};
pub(in crate::pages) use work::panel as work;

use super::frame::Viewer;
use super::words::clock;
use super::{Shared, drafts, opened, viewer_who_may};
use crate::App;
use crate::lang::{Say, t};
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::request::Parts;
use maud::{Markup, Render, html};
use rules::incident::Incident;
use rules::role::Owner;
use rules::shift::training::{Doing, barred};
use rules::state::State as Room;
use rules::time::Instant;
use rules::views::log::{LogView, log_view};

/// A log on somebody's page.
pub(in crate::pages) struct On<'a> {
    /// Everything.
    pub app: &'a App,
    /// Who looks.
    pub viewer: &'a Viewer,
    /// The room as it stands.
    pub state: &'a Room,
    /// The moment.
    pub now: Instant,
    /// The log as it is kept.
    pub incident: &'a Incident,
    /// The log as this person sees it.
    pub log: LogView,
    /// The page to go back to after a deed, for a browser without scripts.
    pub back: String,
}

impl<'a> On<'a> {
    /// A log on the page of that log.
    pub fn new(app: &'a App, viewer: &'a Viewer, state: &'a Room, incident: &'a Incident) -> Self {
        let now = app.room.now();
        let log = log_view(state, incident, now, Some(&viewer.by.staff));
        let back = format!("/incidents/{}", incident.number);
        On { app, viewer, state, now, incident, log, back }
    }

    /// Whether whoever looks may do something to this log as it stands.
    pub fn may(&self, action: &str) -> bool {
        self.log.open && self.may_even_closed(action)
    }

    /// Why whoever looks may not do something for want of a training, if that is so.
    pub fn barred(&self, doing: Doing<'_>) -> Option<String> {
        barred(self.state, &self.viewer.by, &doing, self.now).map(|(_, why)| why)
    }

    fn may_even_closed(&self, action: &str) -> bool {
        !self.viewer.is_anybody() && self.viewer.may(action)
    }

    fn say(&self) -> Say {
        self.viewer.say("panel")
    }

    fn clock(&self, at: Instant) -> String {
        clock(at, &self.state.policy)
    }

    /// A form that gives a command about this log.
    fn deed(&self, command: &str, id: &str, body: Markup) -> Markup {
        let n = self.log.number.to_string();
        self.deed_with(command, id, &[("incident", &n)], body)
    }

    /// A form that gives a command with these fields besides those in its body.
    fn deed_with(&self, command: &str, id: &str, fields: &[(&str, &str)], body: Markup) -> Markup {
        html! {
            form.deed id=(id) method="post" action={ "/do/" (command) } data-do data-clears {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                input type="hidden" name="deed-back" value=(self.back);
                (body)
            }
        }
    }

    /// What this person had typed in a field of this log, with the key it is kept under.
    fn draft(&self, field: &str) -> (String, String) {
        let key = format!("{field}:{}", self.log.number);
        let text = drafts::of(self.app, self.viewer, &key);
        (key, text)
    }

    /// A field of several lines that is kept while it is typed.
    fn text(&self, id: &str, name: &str, label: impl Render) -> Markup {
        let (key, typed) = self.draft(id);
        html! {
            div.field {
                label for=(id) { (label) }
                textarea id=(id) name=(name) required rows="2" maxlength="8000" data-draft=(key)
                    { (typed) }
            }
        }
    }

    /// The same, for words that may judge somebody: those that sound like an opinion are pointed
    /// out under the form, and are written all the same.
    pub fn judged(&self, id: &str, name: &str, label: impl Render, form: &str) -> Markup {
        let (key, typed) = self.draft(id);
        html! {
            div.field {
                label for=(id) { (label) }
                textarea id=(id) name=(name) required rows="2" maxlength="8000" data-draft=(key)
                    aria-describedby={ "opinion-" (form) } hx-post="/fragments/opinion"
                    hx-trigger="input changed delay:500ms" hx-target={ "#opinion-" (form) }
                    hx-swap="innerHTML" { (typed) }
            }
        }
    }

    /// Where a form says that something sounds like an opinion.
    pub fn opinion(&self, form: &str) -> Markup {
        html! { p.opinion id={ "opinion-" (form) } role="status" {} }
    }

    /// A choice of the people who are here and, where they may be meant, the desks. It does not
    /// change under the hands of whoever chooses.
    fn whom(&self, id: &str, name: &str, label: &str, desks: bool) -> Markup {
        let here = self.state.staff.values().filter(|on| !on.on_break);
        let desk_of = |role: rules::role::Role| Owner::Desk(role).to_string();
        html! {
            div.field {
                label for=(id) { (label) }
                select id=(id) name=(name) required hx-morph-skip {
                    option value="" { (t!(self.say(), "panel-choose")) }
                    @if desks {
                        @for role in self.state.policy.desk.keys() {
                            option value={ "desk:" (role.name()) } { (desk_of(*role)) }
                        }
                    }
                    @for on in here {
                        option value={ @if desks { "staff:" } (on.staff) } {
                            (on.staff) ", " (on.role.words())
                        }
                    }
                }
            }
        }
    }
}

/// One line to write in.
fn line(id: &str, name: &str, label: impl Render) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) type="text" required maxlength="2000" autocomplete="off";
        }
    }
}

/// A line that may stay empty.
fn optional_line(id: &str, name: &str, label: impl Render) -> Markup {
    known_line(id, name, label, None)
}

/// A line that need not be there, with what is known already.
fn known_line(id: &str, name: &str, label: impl Render, known: Option<String>) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) type="text" maxlength="2000" autocomplete="off" data-keeps
                value=[known];
        }
    }
}

/// A control that whoever looks may not use, with the reason beside it.
pub(in crate::pages) fn greyed(words: impl Render, why: &str) -> Markup {
    html! {
        p.barred {
            button type="button" disabled { (words) }
            " " span.meta { (why) "." }
        }
    }
}

/// A form that is there when it is asked for. What is typed in it is not touched by a refresh.
fn folded(id: &str, words: impl Render, key: Option<&str>, body: Markup) -> Markup {
    html! {
        details.fold id=(id) hx-morph-skip data-focus {
            summary data-key=[key] { (words) }
            (body)
        }
    }
}

/// A part that asks for itself again when the log changes, or one of these other topics does.
fn part(on: &On<'_>, name: &str, title: impl Render, also: &str, body: Markup) -> Markup {
    let (n, heading) = (on.log.number, format!("{name}-heading"));
    let again = match name {
        "owed" | "units" | "requests" => Some(20),
        // Their clocks run for hours.
        "crime" | "work" | "missing" => Some(60),
        _ => None,
    };
    html! {
        section.panel id={ "panel-" (name) } aria-labelledby=(heading)
            data-live={ "incident:" (n) @if !also.is_empty() { " " (also) } }
            data-live-every="1000" data-from={ "/incidents/" (n) "/panels/" (name) }
            data-again=[again] {
            h2 id=(heading) { (title) }
            (body)
        }
    }
}

/// What draws a panel.
type Draws = fn(&On<'_>) -> Markup;

/// The panels by name.
static ALL: &[(&str, Draws)] = &[
    ("facts", facts),
    ("handling", handling),
    ("heard", heard),
    ("thrive", thrive),
    ("questions", questions),
    ("sop", sop),
    ("checks", checks),
    ("grade", grade),
    ("units", units),
    ("candidates", candidates),
    ("told", told),
    ("appointments", appointments),
    ("tags", tags),
    ("links", links),
    ("agencies", agencies),
    ("requests", requests),
    ("missing", missing),
    ("fits", fits),
    ("owed", owed),
    ("crime", crime),
    ("work", work),
    ("closing", closing),
];

/// Answers `GET /incidents/{incident}/panels/{panel}`.
pub(in crate::pages) async fn fragment(
    State(Shared(app)): State<Shared>,
    Path((incident, panel)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_log") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let Some((_, draw)) = ALL.iter().find(|(name, _)| *name == panel) else {
        return Problem::not_found("there is no such part of a log: load the page again")
            .into_response();
    };
    match opened::goes_on(&app, &viewer, &incident).await {
        Ok((state, incident)) => {
            let on = On::new(&app, &viewer, &state, &incident);
            Html(draw(&on).into_string()).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}
