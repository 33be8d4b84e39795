//! Who asks. It comes from the token alone: nothing in a body or another header is believed.

use crate::App;
use crate::door::Peer;
use crate::problem::{Kind, Problem};
use crate::tokens::Token;
use http::request::Parts;
use http::{HeaderMap, header};
use room::Room;
use rules::role::By;
use std::sync::Arc;

/// Somebody who has shown a token that holds.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Who, and in which role.
    pub by: By,
    /// The token's name.
    pub token: Arc<str>,
    /// What a look belongs to: one session, or one token of a program.
    pub screen: Arc<str>,
    /// Until when it holds.
    pub expires: jiff::Timestamp,
}

impl From<&Token> for Caller {
    fn from(token: &Token) -> Caller {
        let id: Arc<str> = token.id.as_str().into();
        Caller { by: token.by(), token: id.clone(), screen: id, expires: token.expires }
    }
}

/// The caller of an API request, by its bearer token.
pub(crate) fn of_request(app: &App, parts: &Parts) -> Result<Caller, Problem> {
    let peer = parts.extensions.get::<Peer>().copied();
    let refuse = |detail: &str| {
        // Guessing is slowed down for whoever guesses, and for nobody else.
        app.gates.guess(peer)?;
        Err(Problem::new(Kind::SignOn, detail))
    };
    let Some(text) = bearer(&parts.headers) else {
        return refuse(
            "send a token: 'Authorization: Bearer cbx_...'; an administrator issues one",
        );
    };
    let Some(token) = app.config.tokens.find(text, jiff::Timestamp::now()) else {
        return refuse("this token is not known or has ended: ask an administrator for a new one");
    };
    app.gates.token(&token.id)?;
    let caller = Caller::from(&*token);
    in_directory(&app.room, &caller.by)?;
    Ok(caller)
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Refuses somebody whom the staff directory does not give the role they come in, whatever they
/// have shown.
pub(crate) fn in_directory(room: &Room, by: &By) -> Result<(), Problem> {
    rules::shift::directory::allows(&room.view(), by).map_err(Problem::from)
}

/// Whether a role may do something; the refusal says who may be asked.
pub(crate) fn allow(by: &By, action: &str) -> Result<(), Problem> {
    if room::roles::may(by.role, action) {
        return Ok(());
    }
    Err(room::roles::refusal(by.role, action).into())
}
