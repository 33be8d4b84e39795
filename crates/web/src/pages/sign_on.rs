//! Who is at this screen. A token is typed once and becomes a session.

use super::frame::{plain, whole};
use super::{Shared, problem_page, same_origin, see_other};
use crate::caller::Caller;
use crate::door::Peer;
use crate::lang::{Lang, Say, t};
use crate::problem::{Kind, Problem};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use maud::html;

/// A form of a few short fields.
pub(super) const SHORT_FORM: usize = 8 * 1024;

pub(super) async fn page(State(Shared(app)): State<Shared>) -> Response {
    form(&app, None)
}

fn form(app: &crate::App, refused: Option<&Problem>) -> Response {
    let main = html! {
        h1 { "Sign on" }
        @if let Some(problem) = refused { p.error role="alert" { (problem.detail) } }
        form.sign-on method="post" action="/sign-on" {
            label for="token" { "Your token" }
            input #token name="token" type="password" autocomplete="current-password" required;
            button type="submit" { "Sign on" }
        }
    };
    let say = Say::of("frame", Lang::En);
    whole(app, None, &plain("sign-on", t!(say, "sign-on"), main))
}

/// The fields of a form.
pub(super) async fn fields(body: Body, most: usize) -> Result<Vec<(String, String)>, Problem> {
    let bytes = to_bytes(body, most)
        .await
        .map_err(|_| Problem::new(Kind::TooLarge, "this form is too long: write less"))?;
    Ok(form_urlencoded::parse(&bytes).into_owned().collect())
}

pub(super) async fn sign_on(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let fields = match same_origin(&parts.headers) {
        Ok(()) => fields(body, SHORT_FORM).await,
        Err(problem) => Err(problem),
    };
    let fields = match fields {
        Ok(fields) => fields,
        Err(problem) => return problem_page(&app, problem),
    };
    let text = fields.iter().find(|(name, _)| name == "token").map_or("", |(_, v)| v.trim());
    let Some(token) = app.config.tokens.find(text, jiff::Timestamp::now()) else {
        let detail = "this token is not known or has ended: ask an administrator for a new one";
        let problem = app.gates.guess(parts.extensions.get::<Peer>().copied()).err();
        let problem = problem.unwrap_or_else(|| Problem::new(Kind::SignOn, detail));
        let mut response = form(&app, Some(&problem));
        *response.status_mut() = problem.kind.status();
        return response;
    };
    match app.sessions.begin(Caller::from(&*token), app.config.https) {
        Ok(cookie) => with_cookie(see_other("/"), &cookie),
        Err(error) => {
            tracing::error!(%error, "no session could be made");
            let mut response = form(&app, None);
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response
        }
    }
}

pub(super) async fn sign_off(State(Shared(app)): State<Shared>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(problem) = same_origin(&parts.headers) {
        return problem_page(&app, problem);
    }
    let gone = app.sessions.end(&parts.headers, app.config.https);
    with_cookie(see_other("/sign-on"), &gone)
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
