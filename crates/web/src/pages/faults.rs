//! Faults: whoever meets one reports it from any screen, those who lead answer it, and it stays on
//! the list until it is put right.

use super::deed;
use super::frame::{Page, Viewer, whole};
use super::words::clock;
use super::{Shared, part, viewer_who_may};
use crate::App;
use crate::lang::{Say, t};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use maud::{Markup, html};
use rules::command::FaultKind;
use rules::contact::Contact;
use rules::name::ContactId;
use rules::state::State as Room;
use rules::time::Instant;
use rules::views::faults::{FaultView, faults, of_contact};

/// So many of those put right are shown.
const MENDED_SHOWN: usize = 30;
/// So many of one's own calls are offered.
const CALLS_OFFERED: usize = 6;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/faults", get(page)).route("/fragments/faults", get(fragment))
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_faults") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("faults");
    let title = t!(say, "fault-title");
    let main = html! {
        h1 { (title) }
        @if viewer.may("report_fault") && !viewer.is_anybody() { (report(&app, &viewer)) }
        (list(&app, &viewer))
    };
    let seq = Some(app.room.view().seq);
    let page = Page { name: "faults", title, css: &["admin.css"], js: &[], main, seq };
    whole(&app, Some(&viewer), &page)
}

async fn fragment(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    part(&app, &parts, "view_faults", list)
}

/// The viewer's calls, those on the line first, then the newest.
fn calls<'s>(s: &'s Room, viewer: &Viewer) -> Vec<&'s Contact> {
    let mut mine: Vec<&Contact> =
        s.contacts.values().filter(|c| c.taken_by.staff == viewer.by.staff).collect();
    mine.sort_by_key(|c| (c.over_at.is_some(), std::cmp::Reverse(c.id)));
    mine.truncate(CALLS_OFFERED);
    mine
}

/// The form: what happens is all that has to be written.
fn report(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("faults");
    let s = app.room.view();
    let seat = s.staff.get(&viewer.by.staff).map(|on| on.seat.to_string()).unwrap_or_default();
    let zone = deed::clock(app).zone;
    html! {
        form.entry #report-fault method="post" action="/do/report_fault" data-do data-clears
            data-go="/faults" {
            input type="hidden" name="deed-back" value="/faults";
            h2 { (t!(say, "fault-report")) }
            label for="what" { (t!(say, "fault-what")) " " kbd { "Alt+1" } }
            textarea #what name="what" required rows="2" maxlength="2000" data-key="Alt+1"
                autofocus {}
            label for="kind" { (t!(say, "fault-kind")) }
            select #kind name="kind" {
                @for kind in FaultKind::ALL { option value=(kind.name()) { (kind.words()) } }
            }
            label for="seat" { (t!(say, "fault-seat")) }
            input #seat name="seat" type="text" value=(seat) maxlength="16" autocomplete="off";
            label for="since" { (t!(say, "fault-since")) }
            input #since name="since.was" type="time" autocomplete="off";
            label.tick {
                input type="checkbox" name="stops_work" value="yes";
                " " (t!(say, "fault-stops"))
            }
            (which_call(&calls(&s, viewer), &zone, say))
            button.primary type="submit" data-key="F12" {
                (t!(say, "fault-send")) " " kbd { "F12" }
            }
        }
    }
}

fn which_call(calls: &[&Contact], zone: &jiff::tz::TimeZone, say: Say) -> Markup {
    if calls.is_empty() {
        return html! {};
    }
    let at = |at: Instant| super::words::hours_minutes(at, zone);
    html! {
        label for="fault-call" { (t!(say, "fault-call")) }
        select #fault-call name="contact" {
            option value="" { (t!(say, "fault-no-call")) }
            @for c in calls {
                option value=(c.id) selected[c.over_at.is_none() && c.id == calls[0].id] {
                    (t!(say, "fault-a-call", n = c.id.to_string(), at = at(c.received_at)))
                    @if c.over_at.is_none() { " " (t!(say, "fault-on-line")) }
                }
            }
        }
        label.tick {
            input type="checkbox" name="call_lost" value="yes";
            " " (t!(say, "fault-lost"))
        }
    }
}

fn list(app: &App, viewer: &Viewer) -> Markup {
    let say = viewer.say("faults");
    let all = faults(&app.room.view(), app.room.now());
    let (open, mended): (Vec<_>, Vec<_>) = all.iter().partition(|f| f.mended_at.is_none());
    html! {
        div #faults data-live="faults" data-from="/fragments/faults"
            data-again="60" {
            h2 { (t!(say, "fault-open", n = open.len())) }
            @for f in &open { (one(app, viewer, f)) }
            @if !mended.is_empty() {
                details.section #mended {
                    summary { (t!(say, "fault-mended", n = mended.len())) }
                    @for f in mended.iter().take(MENDED_SHOWN) { (one(app, viewer, f)) }
                }
            }
        }
    }
}

fn one(app: &App, viewer: &Viewer, f: &FaultView) -> Markup {
    let say = viewer.say("faults");
    let s = app.room.view();
    html! {
        article.briefing.fault id={ "fault-" (f.fault) } {
            h3 {
                (t!(say, "fault-number", n = f.fault.to_string())) ": " (f.kind_words)
                @if let Some(seat) = &f.seat { " " (t!(say, "fault-at", seat = seat.to_string())) }
                @if f.mended_at.is_none() && f.stops_work {
                    " " span.late { "▲ " (t!(say, "fault-stopped")) }
                }
            }
            p.text { (f.what) }
            p.meta {
                (t!(say, "fault-by", by = f.by.staff.to_string(), role = f.by.role.words(),
                    at = clock(f.at, &s.policy), time = f.since_words.as_str()))
                @if let Some(contact) = f.contact { " " (during(contact, f.call_lost, say)) }
            }
            ul { @for a in &f.answers {
                li {
                    @if a.mended { "✓ " } (a.words) " "
                    span.meta { (a.by.staff) ", " (a.by.role.words()) ", "
                        (clock(a.at, &s.policy)) }
                }
            } }
            @if f.mended_at.is_none() {
                @if f.answers.is_empty() { p.ask { (t!(say, "fault-unanswered")) } }
                @if viewer.may("answer_fault") && !viewer.is_anybody() { (answer(f, say)) }
            }
        }
    }
}

fn during(contact: ContactId, lost: bool, say: Say) -> Markup {
    html! {
        a href={ "/calls/" (contact) } { (t!(say, "fault-during", n = contact.to_string())) }
        @if lost { " " strong.late { "▲ " (t!(say, "fault-was-lost")) } }
    }
}

fn answer(f: &FaultView, say: Say) -> Markup {
    let id = format!("answer-{}", f.fault);
    html! {
        form.entry method="post" action="/do/answer_fault" data-do data-clears hx-morph-skip
            id={ (id) "-form" } {
            input type="hidden" name="fault" value=(f.fault);
            input type="hidden" name="deed-back" value="/faults";
            label for=(id) { (t!(say, "fault-answer")) }
            input id=(id) name="words" type="text" required maxlength="2000" autocomplete="off";
            label.tick {
                input type="checkbox" name="mended" value="yes";
                " " (t!(say, "fault-is-mended"))
            }
            button type="submit" {
                (t!(say, "fault-answer-send"))
                span.hidden { ": " (t!(say, "fault-number", n = f.fault.to_string())) }
            }
        }
    }
}

/// The link in the frame of every page.
pub(super) fn link(viewer: &Viewer) -> Markup {
    let say = viewer.say("faults");
    html! {
        a.report-fault href="/faults" data-key="Alt+P" title="Alt+P" {
            (t!(say, "fault-nav"))
        }
    }
}

/// The faults met during a call, for its page.
pub(super) fn on_contact(s: &Room, contact: ContactId, now: Instant, viewer: &Viewer) -> Markup {
    let say = viewer.say("faults");
    let met = of_contact(s, contact, now);
    html! {
        @if !met.is_empty() {
            section.faults-met aria-label=(t!(say, "fault-met")) {
                @for f in &met {
                    p.warn {
                        strong { (t!(say, "fault-met")) ": " } (f.kind_words) ", " (f.what)
                        @if f.call_lost { " " strong.late { "▲ " (t!(say, "fault-was-lost")) } }
                    }
                }
            }
        }
    }
}

/// The open faults, for those who lead.
pub(super) fn open(s: &Room, now: Instant, say: Say) -> Markup {
    let all = faults(s, now);
    let open: Vec<_> = all.iter().filter(|f| f.mended_at.is_none()).collect();
    html! {
        section aria-labelledby="open-faults" {
            h2 #open-faults { (t!(say, "fault-open", n = open.len())) }
            ul { @for f in open.iter().take(CALLS_OFFERED) {
                li {
                    @if f.stops_work { span.late { "▲ " (t!(say, "fault-stopped")) } " " }
                    a href={ "/faults#fault-" (f.fault) } {
                        (f.kind_words)
                        @if let Some(seat) = &f.seat {
                            " " (t!(say, "fault-at", seat = seat.to_string()))
                        }
                    }
                    ": " (f.what) " " span.meta { (f.since_words) }
                    @if f.answers.is_empty() { " " span.late { (t!(say, "fault-unanswered")) } }
                }
            } }
            p { a href="/faults" { (t!(say, "fault-all")) } }
        }
    }
}
