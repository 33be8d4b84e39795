//! A password of one's own, in place of one that an administrator has seen.

use super::{Form, device, go_on, page as the_page, refusal, seat_words, with_cookie};
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
    session.account(app).is_some().then_some(session)
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
            @if session.step != Step::Password {
                label for="current" { (t!(say, "seat-password-current")) }
                input #current name="current" type="password" autocomplete="current-password"
                    required;
            }
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
    session.began = jiff::Timestamp::now();
    let mark = device::cookie(&app, &form, &session);
    let response = go_on(&app, &form.parts, session, "/sign-on/seat");
    match mark {
        Some(cookie) => with_cookie(response, &cookie),
        None => response,
    }
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
    // Somebody at a screen that was left open does not know it. Whoever has just shown a one-time
    // password has it behind them.
    let current = (session.step != Step::Password).then(|| form.field("current").unwrap_or(""));
    let current = current.map(ToOwned::to_owned);
    if current.is_some() {
        app.attempts.attempt(staff.as_str(), form.peer())?;
    }
    let _turn = app.attempts.hashing().await?;
    let setting = tokio::task::spawn_blocking(move || {
        if let Some(current) = current
            && !accounts.has_password(&staff, &current)?
        {
            return Ok(false);
        }
        accounts.set_password(&staff, &word).map(|()| true)
    });
    match setting.await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(Problem::invalid(
            "the password you have now is not right: type it first, then the new one twice",
        )),
        Ok(Err(AccountFault::Password(says))) => Err(Problem::invalid(says)),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a password could not be kept");
            let detail = "the password could not be kept, so the old one holds: tell support";
            Err(Problem::new(Kind::Fault, detail))
        }
        Err(_) => Err(Problem::new(Kind::Fault, "this was not finished: try again")),
    }
}
