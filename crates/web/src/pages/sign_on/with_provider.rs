//! Signing on with a provider of identities: away to it with something only this browser has, and
//! back with a code.

use super::{who, with_cookie};
use crate::App;
use crate::accounts::provider::{Begun as Remembered, Known, Provider};
use crate::door::Peer;
use crate::lang::t;
use crate::pages::{Shared, see_other};
use crate::problem::{Kind, Problem};
use crate::sessions::{Session, Shown, cookie_of};
use crate::tokens::{hash_hex, same};
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{HeaderValue, header};
use maud::html;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long somebody may take at the provider, in seconds.
const AWAY_S: i64 = 600;
/// No more than this many are away at once; the ones that left first are forgotten.
const MOST: usize = 10_000;

/// Who is away at the provider, by the hash of what their browser holds.
#[derive(Default)]
pub(crate) struct Begun(Mutex<HashMap<String, (Remembered, jiff::Timestamp)>>);

impl Begun {
    fn keep(&self, secret: &str, begun: Remembered) {
        let now = jiff::Timestamp::now();
        let ends = now + jiff::SignedDuration::from_secs(AWAY_S);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.retain(|_, (_, ends)| now < *ends);
        }
        if held.len() >= MOST
            && let Some(first) = held.iter().min_by_key(|(_, (_, at))| *at).map(|(k, _)| k.clone())
        {
            held.remove(&first);
        }
        held.insert(hash_hex(secret), (begun, ends));
    }

    fn take(&self, secret: &str) -> Option<Remembered> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, ends) = held.remove(&hash_hex(secret))?;
        (jiff::Timestamp::now() < ends).then_some(begun)
    }
}

fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-callbox_away" } else { "callbox_away" }
}

/// Lax, because the way back begins elsewhere.
fn cookie(app: &App, secret: &str, seconds: i64) -> String {
    let (name, secure) =
        (cookie_name(app.config.https), if app.config.https { "; Secure" } else { "" });
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

fn provider(app: &App) -> Result<Arc<dyn Provider>, Problem> {
    app.config.sign_on.provider.clone().ok_or_else(|| {
        Problem::not_found("no provider of identities is configured: sign on in another way")
    })
}

fn failed(provider: &dyn Provider, why: &str) -> Problem {
    tracing::error!(%why, "signing on with the provider of identities failed");
    let detail = format!(
        "{} did not confirm who you are: try again, or sign on in another way. The traces say why",
        provider.name()
    );
    Problem::new(Kind::SignOn, detail)
}

pub(in crate::pages) async fn begin(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match away(&app, &parts).await {
        Ok(response) => response,
        Err(problem) => who::form(&app, Some(&problem)),
    }
}

async fn away(app: &App, parts: &Parts) -> Result<Response, Problem> {
    let provider = provider(app)?;
    app.attempts.away(parts.extensions.get::<Peer>().copied())?;
    let begun = provider.begin().await.map_err(|why| failed(&*provider, &why))?;
    let to = HeaderValue::from_str(&begun.to).map_err(|e| failed(&*provider, &e.to_string()))?;
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|e| failed(&*provider, &e.to_string()))?;
    let secret = BASE64_URL_SAFE_NO_PAD.encode(secret);
    app.begun.keep(&secret, begun);
    let mut response = see_other("/");
    response.headers_mut().insert(header::LOCATION, to);
    Ok(with_cookie(response, &cookie(app, &secret, AWAY_S)))
}

pub(in crate::pages) async fn finish(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    let gone = cookie(&app, "", 0);
    let response = match back(&app, &parts).await {
        Ok(known) => signed_on(&app, &parts, known),
        Err(problem) => who::form(&app, Some(&problem)),
    };
    with_cookie(response, &gone)
}

async fn back(app: &App, parts: &Parts) -> Result<Known, Problem> {
    let provider = provider(app)?;
    let query: HashMap<String, String> =
        form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()).into_owned().collect();
    let begun = cookie_of(&parts.headers, cookie_name(app.config.https))
        .and_then(|secret| app.begun.take(secret))
        .ok_or_else(|| {
            let detail = "this sign-on was not begun in this browser, or too long ago: begin again";
            Problem::new(Kind::SignOn, detail)
        })?;
    let state = query.get("state").map_or("", String::as_str);
    if !same(state.as_bytes(), begun.state.as_bytes()) {
        return Err(failed(&*provider, "the state that came back is not the one that was sent"));
    }
    let Some(code) = query.get("code") else {
        let why = query.get("error").map_or("no code came back", String::as_str);
        return Err(failed(&*provider, why));
    };
    provider.finish(begun, code.clone()).await.map_err(|why| failed(&*provider, &why))
}

/// The session's cookie is strict, so the browser would not send it on a way that began at the
/// provider: the next page is a new beginning.
fn signed_on(app: &App, parts: &Parts, known: Known) -> Response {
    let mut session = Session::new(known.staff, known.name, known.roles, Shown::Provider);
    session.sign_off = known.sign_off;
    let mut response = super::go_on(app, parts, session, "/sign-on/seat");
    if response.headers_mut().remove(header::LOCATION).is_none() {
        return response;
    }
    let say = super::seat_words();
    let main = html! {
        h1 { (t!(say, "seat-gone-on")) }
        p { a.button href="/sign-on/seat" { (t!(say, "seat-go-on")) } }
    };
    let cookies = response.headers().get_all(header::SET_COOKIE).iter().cloned();
    let mut page = super::page(app, &t!(say, "seat-gone-on"), None, main);
    for cookie in cookies {
        page.headers_mut().append(header::SET_COOKIE, cookie);
    }
    page.headers_mut().insert("refresh", HeaderValue::from_static("0; url=/sign-on/seat"));
    page
}
