//! People signed on to the pages. A session is a random name in a cookie; what is kept is its hash,
//! in memory only.

use crate::App;
use crate::caller::Caller;
use crate::tokens::hash_hex;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, header};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The cookie's name.
const COOKIE: &str = "callbox_session";
/// A long shift, in seconds.
const SHIFT_S: i64 = 12 * 3_600;
/// No more sessions than this; the ones that end first make room.
const MOST: usize = 10_000;

/// The sessions.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

struct Session {
    caller: Caller,
    ends: jiff::Timestamp,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session. What is returned is the cookie's whole header.
    pub fn begin(&self, caller: Caller, https: bool) -> Result<String, getrandom::Error> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret)?;
        let name = BASE64_URL_SAFE_NO_PAD.encode(secret);
        let now = jiff::Timestamp::now();
        let ends = (now + jiff::SignedDuration::from_secs(SHIFT_S)).min(caller.expires);
        let mut sessions = self.lock();
        if sessions.len() >= MOST {
            sessions.retain(|_, s| now < s.ends);
        }
        if sessions.len() >= MOST
            && let Some(first) = sessions.iter().min_by_key(|(_, s)| s.ends).map(|(k, _)| k.clone())
        {
            sessions.remove(&first);
        }
        sessions.insert(hash_hex(&name), Session { caller, ends });
        Ok(cookie(&name, SHIFT_S, https))
    }

    /// Ends a session. What is returned is the header that takes the cookie away.
    pub fn end(&self, headers: &HeaderMap, https: bool) -> String {
        if let Some(name) = named(headers) {
            self.lock().remove(&hash_hex(name));
        }
        cookie("", 0, https)
    }

    /// Who is signed on, if the session and its token still hold.
    pub fn caller(&self, app: &App, headers: &HeaderMap) -> Option<Caller> {
        let now = jiff::Timestamp::now();
        let key = hash_hex(named(headers)?);
        let caller = {
            let sessions = self.lock();
            sessions.get(&key).filter(|s| now < s.ends)?.caller.clone()
        };
        if app.config.tokens.holds(&caller.token, now) {
            return Some(caller);
        }
        self.lock().remove(&key);
        None
    }
}

fn cookie(name: &str, seconds: i64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

fn named(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}
