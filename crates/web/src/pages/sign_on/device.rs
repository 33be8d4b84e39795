//! A browser on which somebody has signed on with their password. It is known again by a cookie
//! that nobody else can make, so that guesses at a name do not keep its owner out.

use super::Form;
use crate::App;
use crate::accounts::Accounts;
use crate::sessions::{Session, Shown, cookie_of};
use crate::tokens::same;

/// So many people may use one browser.
const PEOPLE_MAX: usize = 8;
/// How long a browser is known, in seconds.
const KNOWN_S: i64 = 90 * 24 * 3_600;

fn name(https: bool) -> &'static str {
    if https { "__Host-callbox_device" } else { "callbox_device" }
}

fn marks<'f>(app: &App, form: &'f Form) -> impl Iterator<Item = &'f str> {
    let held = cookie_of(&form.parts.headers, name(app.config.https)).unwrap_or("");
    held.split('.').filter(|mark| mark.len() == 64).take(PEOPLE_MAX)
}

/// The mark of somebody on this browser, if they have signed on here with the password they have.
pub(super) fn known(app: &App, accounts: &Accounts, form: &Form, staff: &str) -> Option<String> {
    marks(app, form).next()?;
    let mark = accounts.device_mark(staff)?;
    marks(app, form).any(|m| same(m.as_bytes(), mark.as_bytes())).then_some(mark)
}

/// The cookie by which this browser is known again for somebody who has shown their password.
pub(super) fn cookie(app: &App, form: &Form, session: &Session) -> Option<String> {
    let accounts = app.config.sign_on.accounts.as_ref()?;
    if session.shown != Shown::Account {
        return None;
    }
    let mark = accounts.device_mark(session.staff.as_str())?;
    let others =
        marks(app, form).filter(|m| *m != mark && m.bytes().all(|b| b.is_ascii_hexdigit()));
    let all: Vec<&str> = std::iter::once(mark.as_str()).chain(others).take(PEOPLE_MAX).collect();
    let (name, all) = (name(app.config.https), all.join("."));
    let secure = if app.config.https { "; Secure" } else { "" };
    Some(format!("{name}={all}; Path=/; HttpOnly; SameSite=Strict; Max-Age={KNOWN_S}{secure}"))
}
