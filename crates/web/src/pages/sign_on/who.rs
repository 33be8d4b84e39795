//! The first step: who it is. A token, a name with a password and a code, or somebody invented.

use super::{Form, device, go_on, refusal, spoken, with_cookie, words};
use crate::App;
use crate::accounts::{Account, Accounts, Checked};
use crate::caller::in_directory;
use crate::lang::{Say, t};
use crate::pages::{Shared, problem_page};
use crate::problem::{Kind, Problem};
use crate::sessions::{Session, Shown, Step};
use axum::extract::{Request, State};
use axum::response::Response;
use maud::{Markup, html};
use std::sync::Arc;

pub(in crate::pages) async fn page(State(Shared(app)): State<Shared>) -> Response {
    form(&app, None)
}

/// The page, with what went wrong if something did.
pub(super) fn form(app: &App, refused: Option<&Problem>) -> Response {
    let say = words();
    let main = html! {
        h1 { (t!(say, "sign-on-title")) }
        (refusal(refused))
        (people(app, say))
        @if let Some(provider) = &app.config.sign_on.provider {
            p { a.button href="/sign-on/provider" { (t!(say, "sign-on-with")) " " (provider.name()) } }
        }
        @if app.config.sign_on.accounts.is_some() { (with_account(say)) }
        (with_token(app, say))
    };
    let mut response = spoken(app, &t!(say, "sign-on-title"), &main);
    if let Some(problem) = refused {
        *response.status_mut() = problem.kind.status();
        let wait = problem.retry_after_s.and_then(|s| s.to_string().parse().ok());
        if let Some(wait) = wait {
            response.headers_mut().insert(http::header::RETRY_AFTER, wait);
        }
    }
    response
}

fn people(app: &App, say: Say) -> Markup {
    let people = &app.config.sign_on.people;
    html! {
        @if app.config.demo && !people.is_empty() {
            h2 #people { (t!(say, "sign-on-people")) }
            p.dim { (t!(say, "sign-on-people-hint")) }
            form.people method="post" action="/sign-on" aria-labelledby="people" {
                @for (person, key) in people.iter().zip(1..) {
                    button type="submit" name="person" value=(person.staff)
                        accesskey=[(key < 10).then_some(key)] {
                        @if key < 10 { span.key aria-hidden="true" { (key) } " " }
                        strong { (person.name) } " "
                        span lang="en-GB" { (person.role.words()) }
                    }
                }
            }
        }
    }
}

fn with_account(say: Say) -> Markup {
    html! {
        h2 { (t!(say, "sign-on-account")) }
        form.sign-on method="post" action="/sign-on" {
            label for="staff" { (t!(say, "sign-on-name")) }
            input #staff name="staff" autocomplete="username" autocapitalize="none"
                spellcheck="false" required;
            label for="password" { (t!(say, "sign-on-password")) }
            input #password name="password" type="password" autocomplete="current-password"
                required;
            label for="code" { (t!(say, "sign-on-code")) }
            input #code name="code" inputmode="numeric" autocomplete="one-time-code"
                maxlength="12";
            button type="submit" { (t!(say, "sign-on-title")) }
        }
    }
}

fn with_token(app: &App, say: Say) -> Markup {
    let alone = app.config.sign_on.accounts.is_none() && app.config.sign_on.provider.is_none();
    html! {
        details open[alone && !app.config.demo] {
            summary { (t!(say, "sign-on-token-heading")) }
            form.sign-on method="post" action="/sign-on" {
                label for="token" { (t!(say, "sign-on-token")) }
                input #token name="token" type="password" autocomplete="off" required;
                button type="submit" { (t!(say, "sign-on-title")) }
            }
        }
    }
}

pub(in crate::pages) async fn sign_on(
    State(Shared(app)): State<Shared>,
    request: Request,
) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(problem) => return problem_page(&app, problem),
    };
    let session = match (form.field("person"), form.field("staff")) {
        (Some(person), _) => invented(&app, person),
        (None, Some(staff)) => by_account(&app, &form, staff).await,
        (None, None) => by_token(&app, &form),
    };
    match session {
        Ok(session) => {
            let to = match session.step {
                Step::Password => "/sign-on/password",
                Step::Seat | Step::Work(_) => "/sign-on/seat",
            };
            let mark = (session.step == Step::Seat).then(|| device::cookie(&app, &form, &session));
            let response = go_on(&app, &form.parts, session, to);
            match mark.flatten() {
                Some(cookie) => with_cookie(response, &cookie),
                None => response,
            }
        }
        Err(problem) => self::form(&app, Some(&problem)),
    }
}

fn invented(app: &App, person: &str) -> Result<Session, Problem> {
    let mut people = app.config.sign_on.people.iter().filter(|_| app.config.demo);
    let Some(person) = people.find(|p| p.staff.as_str() == person) else {
        let detail = "nobody of this name is in the demonstration: choose somebody of the list";
        return Err(Problem::new(Kind::SignOn, detail));
    };
    let name = person.name.clone();
    Ok(Session::new(person.staff.clone(), name, vec![person.role], Shown::Nothing))
}

fn by_token(app: &App, form: &Form) -> Result<Session, Problem> {
    let Some(token) = app.config.tokens.find(form.text("token"), jiff::Timestamp::now()) else {
        app.gates.guess(form.peer())?;
        let detail = "this token is not known or has ended: ask an administrator for a new one";
        return Err(Problem::new(Kind::SignOn, detail));
    };
    app.gates.token(&token.id)?;
    in_directory(&app.room, &token.by())?;
    let shown = Shown::Token(token.id.as_str().into(), token.expires);
    let mut session = Session::new(token.staff.clone(), String::new(), vec![token.role], shown);
    session.skills.clone_from(&token.skills);
    // A token is for one role, so there is nothing to choose before the work begins.
    session.step = Step::Work(token.role);
    Ok(session)
}

async fn by_account(app: &Arc<App>, form: &Form, staff: &str) -> Result<Session, Problem> {
    let Some(accounts) = app.config.sign_on.accounts.clone() else {
        let detail = "there are no accounts here: sign on in another way";
        return Err(Problem::new(Kind::SignOn, detail));
    };
    match device::known(app, &accounts, form, staff) {
        Some(mark) => app.attempts.attempt_known(staff, &mark)?,
        None => app.attempts.attempt(staff, form.peer())?,
    }
    // A password that is reset while this is checked is not the one that was shown.
    let began = jiff::Timestamp::now();
    let (staff, word) = (staff.trim().to_owned(), form.field("password").unwrap_or("").to_owned());
    let code = form.text("code").to_owned();
    match checked(app, accounts, staff, word, code).await? {
        Checked::Right(account) => Ok(of_account(account, Step::Seat, began)),
        Checked::Change(account) => Ok(of_account(account, Step::Password, began)),
        Checked::Wrong => {
            metrics::counter!("callbox_sign_on_refused_total").increment(1);
            let detail = "the name, the password or the code is not right, or the account has been \
                          switched off: try again, or ask an administrator. A code is taken once";
            Err(Problem::new(Kind::SignOn, detail))
        }
    }
}

fn of_account(account: Account, step: Step, began: jiff::Timestamp) -> Session {
    let name = account.name.to_string();
    let mut session = Session::new(account.staff, name, account.roles, Shown::Account);
    session.step = step;
    session.began = began;
    session
}

/// Checks on a thread that may take its time. Only a few at once: each needs 19 MiB.
async fn checked(
    app: &Arc<App>,
    accounts: Arc<Accounts>,
    staff: String,
    word: String,
    code: String,
) -> Result<Checked, Problem> {
    let _turn = app.attempts.hashing().await?;
    let checked = tokio::task::spawn_blocking(move || accounts.check(&staff, &word, &code)).await;
    match checked {
        Ok(Ok(checked)) => Ok(checked),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "an account could not be checked");
            let detail = "the accounts cannot be read or written: nobody can sign on with one; \
                          tell support";
            Err(Problem::new(Kind::Fault, detail))
        }
        Err(_) => Err(Problem::new(Kind::Fault, "this was not finished: try again")),
    }
}
