//! Who is at this screen: who they are, in which role, at which seat, and how they leave it. None
//! of it needs a script, the sound check excepted.

mod device; //        a browser that is known again
mod duty; //          breaks, coming back, leaving
mod open_sessions; // who is signed on, and ending it
mod password; //      a password of one's own
mod seat; //          role, seat, sounds, look
mod who; //           a token, a name and a password, somebody invented
mod with_provider; // a provider of identities

pub(crate) use with_provider::Begun;

use super::form::{self, Fields};
use super::frame::{Page, Viewer, plain, whole};
use super::look::Look;
use super::{Shared, problem_page, see_other};
use crate::App;
use crate::caller::Caller;
use crate::door::Peer;
use crate::lang::{Lang, Say};
use crate::problem::{Kind, Problem};
use crate::sessions::{Session, Shown, Step};
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{get, post};
use http::request::Parts;
use http::{HeaderValue, header};
use maud::{Markup, html};
use rules::role::Role;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/sign-on", get(who::page).post(who::sign_on))
        .route("/sign-on/password", get(password::page).post(password::change))
        .route("/sign-on/seat", get(seat::page).post(seat::take))
        .route("/sign-on/provider", get(with_provider::begin))
        .route("/sign-on/return", get(with_provider::finish))
        .route("/look", post(seat::look))
        .route("/duty", get(duty::page))
        .route("/duty/break", post(duty::go_on_break))
        .route("/duty/return", post(duty::come_back))
        .route("/sign-off", post(duty::sign_off))
        .route("/session", get(open_sessions::left))
        .route("/session/stay", post(open_sessions::stay))
        .route("/signed-on", get(open_sessions::page))
        .route("/signed-on/end", post(open_sessions::end))
}

/// The fields of a form that came from one of our own pages.
pub(super) struct Form {
    fields: Fields,
    pub parts: Parts,
}

impl Form {
    /// Reads a form.
    pub async fn read(request: Request) -> Result<Form, Problem> {
        let (parts, body) = request.into_parts();
        let fields = Fields::read(&parts.headers, body, form::SHORT).await?;
        Ok(Form { fields, parts })
    }

    /// A field, trimmed; empty if it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// A field as it came.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// Where it came from.
    pub fn peer(&self) -> Option<Peer> {
        self.parts.extensions.get::<Peer>().copied()
    }

    /// The look it asks for.
    pub fn look(&self) -> Look {
        Look::from_words(self.text("theme"), self.text("scale"), self.text("language"))
    }
}

/// A page of this part of the house.
fn page(app: &App, title: &str, caller: Option<&Caller>, main: Markup) -> Response {
    let viewer = caller.map(|caller| Viewer { caller: caller.clone(), look: Look::now() });
    whole(app, viewer.as_ref(), &plain("door", title.to_owned(), main))
}

/// The words of signing on, in the language of the request in hand.
fn words() -> Say {
    Say::of("sign-on", Look::now().lang)
}

/// The words of what follows it: the seat, the password, the sessions.
fn seat_words() -> Say {
    Say::of("seat", Look::now().lang)
}

/// A page whose words are there in both languages, in the one that was asked for.
fn spoken(app: &App, title: &str, main: &Markup) -> Response {
    let lang = Look::now().lang;
    let main = html! { div lang=[(lang != Lang::En).then(|| lang.tag())] { (main) } };
    let js = &["sound-check.js"];
    whole(app, None, &Page { js, ..plain("door", title.to_owned(), main) })
}

/// What went wrong, above a form.
fn refusal(problem: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            div.error role="alert" lang="en-GB" {
                p { (problem.detail) }
                @if !problem.items.is_empty() { ul { @for i in &problem.items { li { (i) } } } }
            }
        }
    }
}

/// A role's name, in the language it is in.
fn role_words(role: Role) -> Markup {
    html! { span lang="en-GB" { (role.words()) } }
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Begins or goes on with a session, and sends the browser on.
fn go_on(app: &App, parts: &Parts, mut session: Session, to: &'static str) -> Response {
    session.place = parts.extensions.get::<Peer>().map(|Peer(address)| *address);
    match app.sessions.go_on(&parts.headers, session, app.config.https) {
        Ok(cookie) => with_cookie(see_other(to), &cookie),
        Err(error) => {
            tracing::error!(%error, "no session could be made");
            let detail = "the system gives no random numbers, so nobody can sign on: tell support";
            problem_page(app, Problem::new(Kind::Fault, detail))
        }
    }
}

/// The first page that somebody in a role can use.
fn home(role: Role) -> &'static str {
    let may = |action| room::roles::may(role, action);
    match role {
        _ if may("view_board") => "/",
        _ if may("open_risk_card") => "/officer",
        _ if may("manage_sessions") => "/signed-on",
        _ if may("view_audit") => "/audit",
        _ => "/duty",
    }
}

/// Whoever has shown who they are, or the page on which they do.
fn somebody(app: &App, parts: &Parts) -> Result<Session, Box<Response>> {
    let session = app.sessions.of(&parts.headers, app.config.https);
    let session = session.ok_or_else(|| Box::new(see_other("/sign-on")))?;
    if session.shown == Shown::Account && session.account(app).is_none() {
        return Err(Box::new(see_other("/sign-on")));
    }
    match session.step {
        Step::Password => Err(Box::new(see_other("/sign-on/password"))),
        Step::Seat | Step::Work(_) => Ok(session),
    }
}
