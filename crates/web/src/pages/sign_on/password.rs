//! A password of one's own, in place of one that an administrator has seen.

use super::{Form, go_on, page as the_page, refusal, seat_words};
use crate::App;
use crate::accounts::AccountFault;
use crate::lang::t;
use crate::pages::{Shared, problem_page, see_other};
use crate::problem::{Kind, Problem};
use crate::sessions::{Session, Shown, Step};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::html;

/// Somebody with an account, whatever their step.
fn owner(app: &App, parts: &Parts) -> Option<Session> {
    let session = app.sessions.of(&parts.headers, app.config.https)?;
    (session.shown == Shown::Account).then_some(session)
}

pub(in crate::pages) async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match owner(&app, &parts) {
        Some(session) => form(&app, &session, None),
        None => see_other("/sign-on"),
    }
}

fn form(app: &App, session: &Session, refused: Option<&Problem>) -> Response {
    let say = seat_words();
    let main = html! {
        h1 { (t!(say, "seat-password")) }
        (refusal(refused))
        p #rule { (t!(say, "seat-password-rule")) }
        form.sign-on method="post" action="/sign-on/password" {
            input type="hidden" name="username" value=(session.staff) autocomplete="username";
            label for="new" { (t!(say, "seat-password-new")) }
            input #new name="new" type="password" autocomplete="new-password" required
                aria-describedby="rule";
            label for="again" { (t!(say, "seat-password-again")) }
            input #again name="again" type="password" autocomplete="new-password" required;
            button type="submit" { (t!(say, "seat-password-keep")) }
        }
    };
    let mut response = the_page(app, &t!(say, "seat-password"), None, main);
    if let Some(problem) = refused {
        *response.status_mut() = problem.kind.status();
    }
    response
}

pub(in crate::pages) async fn change(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return problem_page(&app, problem),
    };
    let Some(mut session) = owner(&app, &form.parts) else { return see_other("/sign-on") };
    if let Err(problem) = set(&app, &session, &form).await {
        return self::form(&app, &session, Some(&problem));
    }
    // Whoever else was signed on with the old password is so no longer.
    app.sessions
        .end_those(|s| s.staff == session.staff && s.shown == Shown::Account && s.id != session.id);
    if session.step == Step::Password {
        session.step = Step::Seat;
    }
    go_on(&app, &form.parts, session, "/sign-on/seat")
}

async fn set(app: &App, session: &Session, form: &Form) -> Result<(), Problem> {
    let word = form.field("new").unwrap_or("").to_owned();
    if form.field("again") != Some(&word) {
        return Err(Problem::invalid("the two are not the same: type the new password twice"));
    }
    let Some(accounts) = app.config.sign_on.accounts.clone() else {
        return Err(Problem::invalid("there are no accounts here: sign on in another way"));
    };
    let staff = session.staff.clone();
    let _turn = app.attempts.hashing().await;
    match tokio::task::spawn_blocking(move || accounts.set_password(&staff, &word)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(AccountFault::Password(says))) => Err(Problem::invalid(says)),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a password could not be kept");
            let detail = "the password could not be kept, so the old one holds: tell support";
            Err(Problem::new(Kind::Fault, detail))
        }
        Err(_) => Err(Problem::new(Kind::Fault, "this was not finished: try again")),
    }
}
