//! What waits for my decision. The only ways out are to own it, give it, delay it or raise it, or
//! to do what is owed: reading it is no decision.

use super::super::deed;
use super::super::drafts;
use super::super::frame::Viewer;
use super::super::part;
use super::super::words::{clock, hours_minutes};
use super::super::{Shared, viewer_who_may};
use super::{level_badge, live};
use crate::App;
use crate::lang::{Say, t};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::name::ObligationId;
use rules::obligation::{Rule, Subject};
use rules::role::{Owner, Role};
use rules::state::State as Room;
use rules::time::{Instant, Span};
use rules::views::alarms::{Decision, Delayed, delayed, needs_my_decision};
use rules::views::duty::escalation_compliance;

/// No more lines than this: the worst come first, and nobody decides more at once.
const LINES_MAX: usize = 100;
/// No more late ones than this are named.
const LATE_MAX: usize = 20;
/// The delay that is offered.
const DELAY: Span = Span::minutes(10);

pub(super) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_alarms") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let (state, now) = (app.room.view(), app.room.now());
    let say = viewer.say("decisions");
    let all = needs_my_decision(&state, &viewer.by, now);
    let wanted = about(&parts);
    let at = all.iter().position(|d| Some(d.owed.id) == wanted).unwrap_or(0);
    let main = html! {
        h1 { (t!(say, "decisions-title")) }
        @if let Some(id) = wanted.filter(|id| all.iter().all(|d| d.owed.id != *id)) {
            p.note role="status" { (t!(say, "decisions-gone", n = id.to_string())) }
        }
        @if let Some(decision) = all.get(at) {
            (chosen(&app, &viewer, decision, all.get(at + 1)))
        }
        (waiting(&app, &viewer))
    };
    live(&app, &viewer, "decisions", t!(say, "decisions-title"), main)
}

pub(super) async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_alarms", waiting)
}

/// The one to decide, by the number of its obligation.
fn about(parts: &Parts) -> Option<ObligationId> {
    parts.uri.query()?.strip_prefix("about=")?.parse().ok().map(ObligationId)
}

fn chosen(app: &App, viewer: &Viewer, d: &Decision, next: Option<&Decision>) -> Markup {
    let (say, owed) = (viewer.say("decisions"), &d.owed);
    let (state, now) = (app.room.view(), app.room.now());
    html! {
        section #chosen.decide aria-labelledby="chosen-text" {
            h2 #chosen-text { (level_badge(owed.level, say)) " " (d.text) }
            p.meta {
                (t!(say, "decisions-owner", owner = owed.owner_words.as_str())) " "
                (t!(say, "decisions-next", next = owed.next_words.as_str())) " " (owed.why)
            }
            p.row {
                @if let Some(n) = owed.about.incident() {
                    a href={ "/incidents/" (n) } data-key="Alt+5" {
                        (t!(say, "decisions-open-log")) kbd { "Alt+5" }
                    }
                }
                @match &owed.about {
                    Subject::Marker(id) => a href={ "/markers/" (id) } data-key="Alt+5" {
                        (t!(say, "decisions-open-marker")) kbd { "Alt+5" }
                    },
                    Subject::Message(id) => a href={ "/messages/" (id) } data-key="Alt+5" {
                        (t!(say, "decisions-open-message")) kbd { "Alt+5" }
                    },
                    _ => {}
                }
                @if let Some(next) = next {
                    a href={ "/decisions?about=" (next.owed.id) } data-key="F10" {
                        (t!(say, "decisions-skip")) kbd { "F10" }
                    }
                }
            }
            @if !viewer.is_anybody() { div.verbs { (verbs(app, viewer, &state, d, now)) } }
        }
    }
}

/// The four ways out that the viewer may take.
fn verbs(app: &App, viewer: &Viewer, s: &Room, d: &Decision, now: Instant) -> Markup {
    let say = viewer.say("decisions");
    let id = d.owed.id;
    let text = |verb: &str, name: &str, key: &str, label: String| {
        let field = format!("{verb}-{name}");
        let draft = format!("{verb}:{id}");
        let shown = drafts::of(app, viewer, &draft);
        html! {
            label for=(field) { (label) }
            input id=(field) name=(name) required maxlength="2000" autocomplete="off"
                data-draft=(draft) value=(shown) data-key=[(!key.is_empty()).then_some(key)];
        }
    };
    html! {
        @if viewer.may("own_obligation") {
            (verb("own_obligation", id, &t!(say, "decisions-own"), "Alt+1", html! {
                (text("own", "words", "Alt+1", t!(say, "decisions-own-words")))
            }))
        }
        @if viewer.may("give_obligation") {
            (verb("give_obligation", id, &t!(say, "decisions-give"), "Alt+2", html! {
                label for="give-to" { (t!(say, "decisions-give-to")) }
                select #give-to name="to" data-key="Alt+2" { (takers(s, viewer)) }
                (text("give", "reason", "", t!(say, "decisions-because")))
            }))
        }
        @if viewer.may("delay_obligation") && d.owed.rule != Rule::OfficerEmergency {
            (verb("delay_obligation", id, &t!(say, "decisions-delay"), "Alt+3", html! {
                label for="delay-until" { (t!(say, "decisions-delay-until",
                    most = s.policy.alarm.delay_max.words())) }
                input #delay-until.time name="until.at" required pattern="[0-2]?[0-9]:[0-5][0-9]"
                    inputmode="numeric" autocomplete="off" data-key="Alt+3"
                    value=(hours_minutes(now + offered(s), &deed::clock(app).zone));
                (text("delay", "reason", "", t!(say, "decisions-because")))
            }))
        }
        @if viewer.may("raise_obligation") {
            (verb("raise_obligation", id, &t!(say, "decisions-raise"), "Alt+4", html! {
                (text("raise", "reason", "Alt+4", t!(say, "decisions-because")))
            }))
        }
    }
}

fn offered(s: &Room) -> Span {
    DELAY.min(s.policy.alarm.delay_max)
}

fn verb(command: &str, id: ObligationId, words: &str, key: &str, fields: Markup) -> Markup {
    html! {
        form.verb method="post" action={ "/do/" (command) } data-do data-go="/decisions" {
            input type="hidden" name="obligation" value=(id);
            input type="hidden" name="deed-back" value="/decisions";
            (fields)
            button type="submit" { (words) kbd { (key) } }
        }
    }
}

/// Everybody who can be given something: the desks first, then who is here.
fn takers(s: &Room, viewer: &Viewer) -> Markup {
    let desks = s.policy.desk.keys().filter(|desk| **desk != viewer.by.role);
    let people = s.staff.values().filter(|on| on.staff != viewer.by.staff && !on.on_break);
    html! {
        @for desk in desks { option value={ "desk:" (Role::name(*desk)) } { (desk.words()) } }
        @for on in people {
            option value={ "staff:" (on.staff) } { (on.staff) ", " (on.role.words()) }
        }
    }
}

/// What waits, what is put off, and whether what was told upwards is decided.
fn waiting(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("decisions");
    let (state, now) = (app.room.view(), app.room.now());
    let all = needs_my_decision(&state, &viewer.by, now);
    let later = delayed(&state, now);
    html! {
        div #waiting-decisions data-live="alarms handovers duty" data-live-every="1000"
            data-from="/fragments/decisions" data-again="10" {
            h2 { (t!(say, "decisions-waiting", n = all.len())) }
            @if all.is_empty() { p { (t!(say, "decisions-none")) } }
            ol.decisions {
                @for d in all.iter().take(LINES_MAX) { (line(d, say)) }
            }
            @if all.len() > LINES_MAX {
                p { (t!(say, "decisions-more", n = all.len() - LINES_MAX)) }
            }
            h2 { (t!(say, "decisions-delayed", n = later.len())) }
            @if later.is_empty() { p { (t!(say, "decisions-none-delayed")) } }
            ul.decisions { @for d in later.iter().take(LINES_MAX) { (put_off(d, &state, say)) } }
            @if viewer.may("view_obligations") { (kept(&state, now, say)) }
            @if viewer.may("view_sample") {
                p { a href="/decisions/sample" { (t!(say, "decisions-sample")) } }
            }
        }
    }
}

fn line(d: &Decision, say: Say) -> Markup {
    html! {
        li id={ "d-" (d.owed.id) } {
            (level_badge(d.owed.level, say)) " "
            a href={ "/decisions?about=" (d.owed.id) } { (d.text) } " "
            span.count.late[d.owed.late] { (d.owed.countdown) } " "
            span.meta {
                (t!(say, "decisions-owner", owner = d.owed.owner_words.as_str())) " "
                (t!(say, "decisions-told", told = told(&d.owed.told))) " "
                (t!(say, "decisions-next", next = d.owed.next_words.as_str())) " "
                (t!(say, "decisions-risk", n = d.risk))
            }
        }
    }
}

/// Those who were told, in words.
pub(super) fn told(told: &[Owner]) -> String {
    told.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn put_off(d: &Delayed, s: &Room, say: Say) -> Markup {
    html! {
        li id={ "later-" (d.owed.id) } {
            strong {
                (t!(say, "decisions-until", at = clock(d.until, &s.policy),
                    left = d.left_words.as_str()))
            }
            " " (d.text)
        }
    }
}

/// Whether what was told upwards is decided.
fn kept(s: &Room, now: Instant, say: Say) -> Markup {
    let all = escalation_compliance(s, now);
    let open: Vec<_> = all.rows.iter().filter(|row| !row.decided).collect();
    html! {
        h2 { (t!(say, "decisions-kept")) }
        p {
            (t!(say, "decisions-kept-words", late = all.n_late, told = all.n_told,
                decided = all.n_decided)) " "
            @if let Some(percent) = all.decided_percent {
                strong { (t!(say, "decisions-kept-percent", n = percent)) }
            }
        }
        ul.decisions {
            @for row in open.iter().take(LATE_MAX) {
                li { (row.owed.about.words()) ": " (row.owed.words) ", " (row.words) }
            }
        }
        @if open.len() > LATE_MAX { p { (t!(say, "decisions-more", n = open.len() - LATE_MAX)) } }
    }
}
