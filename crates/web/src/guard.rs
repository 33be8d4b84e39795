//! The token check, for routers of other crates that are served beside ours.

use crate::caller::{allow, bearer, in_directory};
use crate::problem::{Kind, Problem};
use crate::tokens::Tokens;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use room::Room;
use rules::role::By;
use std::sync::Arc;

/// Says who asks, and whether they may.
#[derive(Clone)]
pub struct Guard {
    tokens: Arc<Tokens>,
    room: Room,
}

impl Guard {
    /// A guard over the deployment's tokens and the room's staff directory.
    pub fn new(tokens: Arc<Tokens>, room: Room) -> Guard {
        Guard { tokens, room }
    }

    /// Who asks, if their role may do this action of the room's table.
    ///
    /// # Errors
    /// The answer to send instead: 401 or 403.
    #[expect(clippy::result_large_err, reason = "an answer is made once and sent at once")]
    pub fn allows(&self, headers: &HeaderMap, action: &str) -> Result<By, Response> {
        self.check(headers, action).map_err(IntoResponse::into_response)
    }

    fn check(&self, headers: &HeaderMap, action: &str) -> Result<By, Problem> {
        let token = bearer(headers).and_then(|t| self.tokens.find(t, jiff::Timestamp::now()));
        let token = token.ok_or_else(|| {
            let says = "send a token that holds: an administrator issues one";
            Problem::new(Kind::SignOn, says)
        })?;
        let by = token.by();
        in_directory(&self.room, &by)?;
        allow(&by, action)?;
        Ok(by)
    }
}
