//! The calls that are open, and the keys that take a new one.

use super::banner::channel;
use crate::App;
use crate::lang::{Say, t};
use crate::pages::frame::{Page, Viewer, whole};
use crate::pages::words::clock;
use crate::pages::{Shared, viewer_who_may};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::contact::Contact;
use rules::obligation::{Rule, Subject};
use rules::role::Role;
use rules::views::call::related;
use rules::views::countdown::age_words;

/// No more rows than this.
const ROWS_MAX: usize = 200;
/// So many logs that a contact may be about are named in its row.
const MATCHES_MAX: usize = 2;

/// Answers `GET /calls`.
pub(in crate::pages) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_contact") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("call");
    let main = html! {
        h1 { (t!(say, "call-list-title")) }
        form.new-call #new-call method="post" action="/do/receive_contact" data-do
            data-go="/calls/{contact}" data-stays {
            input type="hidden" name="deed-back" value="/calls";
            label for="new-line" { (t!(say, "call-new-line")) }
            input #new-line type="text" inputmode="tel" name="line" maxlength="200"
                autocomplete="off" data-key="Alt+1";
            button.primary type="submit" name="channel" value="999" data-key="N Alt+9"
                { (t!(say, "call-new-999")) " " kbd { "N" } }
            button type="submit" name="channel" value="101" data-key="Alt+0"
                { (t!(say, "call-new-101")) " " kbd { "Alt+0" } }
            button type="submit" name="channel" value="switchboard"
                { (t!(say, "call-new-switchboard")) }
            div.if-lost {
                p { (t!(say, "call-new-lost")) }
                label for="new-name" { (t!(say, "call-new-name")) }
                input #new-name type="text" name="name" maxlength="200" autocomplete="off"
                    placeholder=" ";
                label for="new-words" { (t!(say, "call-new-words")) }
                textarea #new-words name="words" rows="4" maxlength="4000" placeholder=" "
                    data-key="Alt+2" {}
            }
        }
        (list(&app, &viewer, say))
    };
    let seq = Some(app.room.view().seq);
    let title = t!(say, "call-list-title");
    whole(
        &app,
        Some(&viewer),
        &Page { name: "call", title, css: &["call.css"], js: &["call.js"], main, seq },
    )
}

/// Answers `GET /calls/list`.
pub(in crate::pages) async fn part(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    super::super::part(&app, &parts, "view_contact", |app, viewer| {
        list(app, viewer, viewer.say("call"))
    })
}

fn list(app: &App, viewer: &Viewer, say: Say) -> Markup {
    let (state, now) = (app.room.view(), app.room.now());
    let is_mine = |c: &&Contact| c.taken_by.staff == viewer.by.staff;
    // A call is over when nothing of it is owed any more.
    let is_call = |c: &&Contact| {
        c.over_at.is_none() || state.owed(&Subject::Contact(c.id), Rule::CallUnfinished).is_some()
    };
    let mine: Vec<&Contact> =
        state.contacts.values().filter(is_mine).filter(is_call).take(ROWS_MAX).collect();
    // What nobody has taken comes to the desk.
    let outside = |c: &&Contact| {
        !c.settled && matches!(c.taken_by.role, Role::Public | Role::InformantLink | Role::System)
    };
    let waiting: Vec<&Contact> = state.contacts.values().filter(outside).take(ROWS_MAX).collect();
    let owed = |c: &&Contact| state.owed(&Subject::Contact(c.id), Rule::AbandonedCall).is_some();
    let abandoned: Vec<&Contact> = state.contacts.values().filter(owed).take(ROWS_MAX).collect();
    let row = |c: &Contact| {
        html! {
            tr {
                th scope="row" { a href={ "/calls/" (c.id) } { (c.id) } }
                td { (channel(c.channel, say)) }
                td {
                    (clock(c.received_at, &state.policy)) " "
                    small { (age_words(c.received_at, now)) }
                }
                td {
                    @for n in &c.incidents {
                        a href={ "/calls/" (c.id) "?log=" (n) } { (n) } " "
                    }
                    @if !c.settled {
                        strong.ask { (t!(say, "call-no-record")) }
                        @for r in related(&state, c, None, now).iter().take(MATCHES_MAX) {
                            " " span.chip { a href={ "/incidents/" (r.n) } { (r.n) } " "
                                (r.because) }
                        }
                    }
                }
            }
        }
    };
    let table = |id: &str, caption: &str, rows: &[&Contact]| {
        html! {
            h2 { (caption) }
            @if rows.is_empty() { p.dim { (t!(say, "call-list-none")) } }
            @else {
                div.scroll { table.calls id=(id) {
                    thead { tr {
                        th scope="col" { (t!(say, "call-col-call")) }
                        th scope="col" { (t!(say, "call-col-channel")) }
                        th scope="col" { (t!(say, "call-col-since")) }
                        th scope="col" { (t!(say, "call-col-logs")) }
                    } }
                    tbody { @for c in rows { (row(c)) } }
                } }
            }
        }
    };
    html! {
        section #call-list aria-label=(t!(say, "call-list-title")) data-live="contacts"
            data-live-every="1000" data-from="/calls/list" {
            (table("mine", &t!(say, "call-list-mine", n = mine.len()), &mine))
            @if !abandoned.is_empty() {
                (table("abandoned", &t!(say, "call-list-abandoned", n = abandoned.len()),
                    &abandoned))
            }
            (table("waiting-contacts", &t!(say, "call-list-waiting", n = waiting.len()), &waiting))
        }
    }
}
