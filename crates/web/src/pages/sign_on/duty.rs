//! Breaks, coming back, leaving: what somebody owns goes to whom they name, or to their desk.

use super::{Form, page as the_page, refusal, role_words, seat_words, with_cookie};
use crate::App;
use crate::caller::{Caller, allow};
use crate::lang::t;
use crate::pages::{Shared, problem_page, see_other};
use crate::problem::Problem;
use crate::sessions::Session;
use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderValue;
use http::request::Parts;
use maud::{Markup, html};
use room::Act;
use rules::command::{ComeBack, Command, GoOnBreak, SignOff};
use rules::name::StaffId;
use rules::role::{By, Role};
use rules::state::State as Room;

pub(in crate::pages) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match app.sessions.caller(&app, &parts.headers) {
        Some(caller) => show(&app, &caller, None),
        None => see_other("/sign-on"),
    }
}

fn show(app: &App, caller: &Caller, refused: Option<&Problem>) -> Response {
    let view = app.room.view();
    let on = view.staff.get(&caller.by.staff);
    let say = seat_words();
    let main = html! {
        h1 { (t!(say, "seat-title")) }
        (refusal(refused))
        @match on {
            None if room::roles::may(caller.by.role, "sign_on") => {
                p { (t!(say, "seat-none")) " " a href="/sign-on/seat" { (t!(say, "seat-take")) } }
            }
            None => p { (t!(say, "seat-needless", role = caller.by.role.words())) },
            Some(on) => {
                p {
                    strong { (on.seat) } ", " (role_words(on.role))
                    @if on.on_break { ", " (t!(say, "seat-on-break")) }
                }
                @if on.on_break {
                    form method="post" action="/duty/return" {
                        button.primary type="submit" { (t!(say, "seat-back")) }
                    }
                } @else { (leaving(&view, &caller.by, "/duty/break", &t!(say, "seat-break"), "break")) }
            }
        }
        (leaving(&view, &caller.by, "/sign-off", &t!(say, "seat-off"), "off"))
    };
    let mut response = the_page(app, &t!(say, "seat-title"), Some(caller), main);
    if let Some(problem) = refused {
        *response.status_mut() = problem.kind.status();
    }
    response
}

/// A form to leave with, and who takes over.
fn leaving(view: &Room, by: &By, action: &str, words: &str, id: &str) -> Markup {
    let others = view.staff.values().filter(|on| on.staff != by.staff && !on.on_break);
    let named = |staff: &StaffId| view.directory.get(staff).map(|held| held.name.to_string());
    let field = format!("to-{id}");
    let say = seat_words();
    html! {
        form.leaving method="post" action=(action) {
            h2 { (words) }
            @if view.staff.contains_key(&by.staff) {
                label for=(field) { (t!(say, "seat-goes-to")) }
                select id=(field) name="to" {
                    option value="" { (t!(say, "seat-my-desk")) }
                    @for on in others {
                        option value=(on.staff) {
                            @if let Some(name) = named(&on.staff) { (name) ", " }
                            (on.staff) ", " (on.role.words()) ", " (on.seat)
                        }
                    }
                }
            }
            button type="submit" { (words) }
        }
    }
}

pub(in crate::pages) async fn go_on_break(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    act(&app, request, |form| Ok(GoOnBreak { to: next(form)? }.into())).await
}

pub(in crate::pages) async fn come_back(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    act(&app, request, |_| Ok(ComeBack {}.into())).await
}

/// Who takes over, if somebody is named.
fn next(form: &Form) -> Result<Option<StaffId>, Problem> {
    match form.text("to") {
        "" => Ok(None),
        name => StaffId::parse(name).map(Some).map_err(Problem::invalid),
    }
}

/// Gives a command of the form's sender.
async fn act(
    app: &App,
    request: Request,
    command: impl Fn(&Form) -> Result<Command, Problem>,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return problem_page(app, problem),
    };
    let Some(caller) = app.sessions.caller(app, &form.parts.headers) else {
        return see_other("/sign-on");
    };
    let command = command(&form).and_then(|command| {
        allow(&caller.by, command.name())?;
        Ok(command)
    });
    let done = match command {
        Ok(command) => app.room.act(Act::new(caller.by.clone(), command)).await.map_err(Into::into),
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => see_other("/duty"),
        Err(problem) => show(app, &caller, Some(&problem)),
    }
}

/// Leaves the seat, if there is one, and ends the session.
pub(in crate::pages) async fn sign_off(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return problem_page(&app, problem),
    };
    let caller = app.sessions.caller(&app, &form.parts.headers);
    if let Some(caller) = &caller
        && let Err(problem) = leave(&app, caller, &form).await
    {
        return show(&app, caller, Some(&problem));
    }
    let (gone, ended) = app.sessions.end(&form.parts.headers, app.config.https);
    let mut response = with_cookie(signed_off(&app, ended.as_ref()), &gone);
    if caller.is_some_and(|caller| caller.by.role == Role::Officer) {
        // The phone forgets the job it kept for times without a connection.
        let all = HeaderValue::from_static("\"storage\"");
        response.headers_mut().insert("clear-site-data", all);
    }
    response
}

async fn leave(app: &App, caller: &Caller, form: &Form) -> Result<(), Problem> {
    let here =
        app.room.view().staff.get(&caller.by.staff).is_some_and(|on| on.role == caller.by.role);
    if here {
        let to = next(form)?;
        app.room.act(Act::new(caller.by.clone(), SignOff { to })).await?;
    }
    Ok(())
}

/// The way out: also out of the provider of identities, by a link, for a form may lead nowhere
/// but here.
fn signed_off(app: &App, ended: Option<&Session>) -> Response {
    let elsewhere = ended.and_then(|session| session.sign_off.as_deref());
    let (Some(to), Some(provider)) = (elsewhere, &app.config.sign_on.provider) else {
        return see_other("/sign-on");
    };
    let say = seat_words();
    let main = html! {
        h1 { (t!(say, "seat-off-title")) }
        p { (t!(say, "seat-off-here", provider = provider.name().to_owned())) }
        p { a.button href=(to) { (t!(say, "seat-off-there")) } }
        p { a href="/sign-on" { (t!(say, "seat-again")) } }
    };
    the_page(app, &t!(say, "seat-off-title"), None, main)
}
