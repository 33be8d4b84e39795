//! People signed on to the pages. A session is a random name in a cookie; what is kept is its hash,
//! in memory only. It has a new name after each step of signing on, ends when nothing was done for
//! a while, and after a long shift in any case.

use crate::App;
use crate::accounts::Account;
use crate::caller::Caller;
use crate::tokens::hash_hex;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, header};
use rules::name::{Label, StaffId};
use rules::role::{By, Role};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The cookie's name where browsers may reach us without HTTPS.
const COOKIE: &str = "callbox_session";
/// Its name where they may not: the browser then holds it to this very host.
const COOKIE_HTTPS: &str = "__Host-callbox_session";
/// A long shift, in seconds.
const SHIFT_S: i64 = 12 * 3_600;
/// No more sessions than this; then one of whoever has most makes room.
const MOST: usize = 10_000;
/// No more sessions of one person than this; then their own oldest makes room.
const MOST_OF_ONE: usize = 20;
/// In a demonstration everybody may be the same invented person.
const MOST_OF_INVENTED: usize = 500;

/// The sessions.
pub(crate) struct Sessions {
    held: Mutex<HashMap<String, Session>>,
    /// A session ends when nothing was done for so long.
    idle: jiff::SignedDuration,
}

/// What somebody has shown to be who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A token, by its name, and until when it holds.
    Token(Arc<str>, jiff::Timestamp),
    /// A local account's password, and its code if it has one.
    Account,
    /// A provider's word.
    Provider,
    /// Nothing: they are invented.
    Nothing,
}

/// How far somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// They have to choose a password of their own.
    Password,
    /// They have to choose a role and a seat.
    Seat,
    /// They are at work in this role.
    Work(Role),
}

/// A session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// A name by which it can be ended; it opens nothing.
    pub id: String,
    /// Who.
    pub staff: StaffId,
    /// Their name, if it is known.
    pub name: String,
    /// The roles they may choose among.
    pub roles: Vec<Role>,
    /// The skills that what they have shown says they have.
    pub skills: Vec<Label>,
    /// What they have shown.
    pub shown: Shown,
    /// How far they are.
    pub step: Step,
    /// Whether they have said that they heard both alarm sounds.
    pub heard: bool,
    /// Where the browser goes to sign off elsewhere too.
    pub sign_off: Option<String>,
    /// Where they sit.
    pub place: Option<IpAddr>,
    /// Since when.
    pub began: jiff::Timestamp,
    /// When something was last done.
    pub last: jiff::Timestamp,
    ends: jiff::Timestamp,
}

impl Session {
    /// A session of somebody who has shown who they are.
    pub fn new(staff: StaffId, name: String, roles: Vec<Role>, shown: Shown) -> Session {
        let now = jiff::Timestamp::now();
        let shift = now + jiff::SignedDuration::from_secs(SHIFT_S);
        let ends = match &shown {
            Shown::Token(_, until) => shift.min(*until),
            _ => shift,
        };
        Session {
            id: uuid::Uuid::new_v4().simple().to_string(),
            staff,
            name,
            roles,
            skills: Vec::new(),
            shown,
            step: Step::Seat,
            heard: false,
            sign_off: None,
            place: None,
            began: now,
            last: now,
            ends,
        }
    }

    /// The role in which they are at work.
    pub fn role(&self) -> Option<Role> {
        match self.step {
            Step::Work(role) => Some(role),
            Step::Password | Step::Seat => None,
        }
    }

    fn caller(&self) -> Option<Caller> {
        let by = By { staff: self.staff.clone(), role: self.role()? };
        let token: Arc<str> = match &self.shown {
            Shown::Token(id, _) => id.clone(),
            _ => format!("session of {}", self.staff).into(),
        };
        let screen = format!("session {}", self.id).into();
        Some(Caller { by, token, screen, expires: self.ends })
    }

    /// The roles that still hold: what they have shown may have been taken back since, and the
    /// staff directory may allow fewer.
    pub fn roles_now(&self, app: &App) -> Vec<Role> {
        let held = match &self.shown {
            Shown::Token(id, _) if !app.config.tokens.holds(id, jiff::Timestamp::now()) => &[],
            Shown::Token(..) | Shown::Provider | Shown::Nothing => &self.roles[..],
            Shown::Account => match self.account(app) {
                Some(account) => return allowed(app, &self.staff, &account.roles),
                None => &[],
            },
        };
        allowed(app, &self.staff, held)
    }

    /// Their account, if it is not switched off and its password is the one they have shown.
    pub fn account(&self, app: &App) -> Option<Account> {
        let accounts = app.config.sign_on.accounts.as_ref()?;
        let account = accounts.enabled(&self.staff)?;
        (self.shown == Shown::Account && !account.changed_since(self.began)).then_some(account)
    }
}

/// Those of some roles that the staff directory allows somebody.
fn allowed(app: &App, staff: &StaffId, roles: &[Role]) -> Vec<Role> {
    let view = app.room.view();
    let may = |role: &Role| {
        let by = By { staff: staff.clone(), role: *role };
        rules::shift::directory::allows(&view, &by).is_ok()
    };
    roles.iter().copied().filter(may).collect()
}

impl Sessions {
    pub fn new(idle: Duration) -> Sessions {
        let idle = jiff::SignedDuration::try_from(idle).unwrap_or(jiff::SignedDuration::MAX);
        Sessions { held: Mutex::default(), idle }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn holds(&self, session: &Session, now: jiff::Timestamp) -> bool {
        now < session.ends && now.duration_since(session.last) < self.idle
    }

    /// Begins a session. What is returned is the cookie's whole header.
    pub fn begin(&self, session: Session, https: bool) -> Result<String, getrandom::Error> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret)?;
        let name = BASE64_URL_SAFE_NO_PAD.encode(secret);
        let now = jiff::Timestamp::now();
        let mut held = self.lock();
        let most = match session.shown {
            Shown::Nothing => MOST_OF_INVENTED,
            _ => MOST_OF_ONE,
        };
        if held.values().filter(|s| s.staff == session.staff).count() >= most {
            held.retain(|_, s| self.holds(s, now));
            make_room(&mut held, &session.staff, most);
        }
        if held.len() >= MOST {
            held.retain(|_, s| self.holds(s, now));
            if held.len() >= MOST
                && let Some(most_of_all) = has_most(&held)
            {
                make_room(&mut held, &most_of_all, 1);
            }
        }
        held.insert(hash_hex(&name), session);
        Ok(cookie(&name, SHIFT_S, https))
    }

    /// Goes on with a session after a step of signing on, under a new name: whoever knew the old
    /// one knows nothing now.
    pub fn go_on(
        &self,
        headers: &HeaderMap,
        session: Session,
        https: bool,
    ) -> Result<String, getrandom::Error> {
        self.forget(headers, https);
        self.begin(session, https)
    }

    fn forget(&self, headers: &HeaderMap, https: bool) -> Option<Session> {
        self.lock().remove(&hash_hex(named(headers, https)?))
    }

    /// Ends a session. What is returned is the header that takes the cookie away, and what ended.
    pub fn end(&self, headers: &HeaderMap, https: bool) -> (String, Option<Session>) {
        (cookie("", 0, https), self.forget(headers, https))
    }

    /// Ends the sessions that `wanted` picks. How many there were.
    pub fn end_those(&self, wanted: impl Fn(&Session) -> bool) -> usize {
        let mut held = self.lock();
        let before = held.len();
        held.retain(|_, s| !wanted(s));
        before - held.len()
    }

    /// Every session that holds, the latest first.
    pub fn list(&self) -> Vec<Session> {
        let now = jiff::Timestamp::now();
        let held = self.lock();
        let mut all: Vec<Session> = held.values().filter(|s| self.holds(s, now)).cloned().collect();
        all.sort_by_key(|s| std::cmp::Reverse(s.began));
        all
    }

    /// The session of a request, however far it is, and nothing is done by asking.
    pub fn look(&self, headers: &HeaderMap, https: bool) -> Option<Session> {
        let key = hash_hex(named(headers, https)?);
        let now = jiff::Timestamp::now();
        let mut held = self.lock();
        let session = held.get(&key)?;
        if self.holds(session, now) {
            return Some(session.clone());
        }
        held.remove(&key);
        None
    }

    /// The session of a request, which counts as something done.
    pub fn of(&self, headers: &HeaderMap, https: bool) -> Option<Session> {
        let session = self.look(headers, https)?;
        if let Some(key) = named(headers, https)
            && let Some(held) = self.lock().get_mut(&hash_hex(key))
        {
            held.last = jiff::Timestamp::now();
        }
        Some(session)
    }

    /// Seconds until a session ends if nothing is done.
    pub fn seconds_left(&self, session: &Session) -> i64 {
        let now = jiff::Timestamp::now();
        let idle = session.last.checked_add(self.idle).unwrap_or(session.ends);
        idle.min(session.ends).duration_since(now).as_secs().max(0)
    }

    /// Who is at work, if the session and what was shown for it still hold.
    pub fn caller(&self, app: &App, headers: &HeaderMap) -> Option<Caller> {
        let https = app.config.https;
        let session = match by_itself(headers) {
            true => self.look(headers, https)?,
            false => self.of(headers, https)?,
        };
        let caller = session.caller()?;
        if session.roles_now(app).contains(&caller.by.role) {
            return Some(caller);
        }
        self.forget(headers, https);
        None
    }
}

/// Ends the oldest session of somebody who has so many or more.
fn make_room(held: &mut HashMap<String, Session>, staff: &StaffId, most: usize) {
    let theirs = held.iter().filter(|(_, s)| s.staff == *staff);
    let (n, oldest) = theirs.fold((0, None::<(&String, &Session)>), |(n, oldest), (key, s)| {
        (n + 1, oldest.filter(|(_, o)| o.began <= s.began).or(Some((key, s))))
    });
    if n >= most
        && let Some(key) = oldest.map(|(key, _)| key.clone())
    {
        held.remove(&key);
    }
}

/// Who has most sessions.
fn has_most(held: &HashMap<String, Session>) -> Option<StaffId> {
    let mut each: HashMap<&StaffId, usize> = HashMap::new();
    for session in held.values() {
        *each.entry(&session.staff).or_default() += 1;
    }
    each.into_iter().max_by_key(|(_, n)| *n).map(|(staff, _)| staff.clone())
}

/// A page that keeps itself fresh is not somebody doing something.
fn by_itself(headers: &HeaderMap) -> bool {
    if headers.contains_key("hx-request") {
        return true;
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

fn cookie_name(https: bool) -> &'static str {
    if https { COOKIE_HTTPS } else { COOKIE }
}

fn cookie(name: &str, seconds: i64, https: bool) -> String {
    let key = cookie_name(https);
    let secure = if https { "; Secure" } else { "" };
    format!("{key}={name}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

fn named(headers: &HeaderMap, https: bool) -> Option<&str> {
    cookie_of(headers, cookie_name(https))
}

/// The value of a cookie.
pub(crate) fn cookie_of<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

    fn begun() -> (Sessions, HeaderMap) {
        let sessions = Sessions::new(Duration::from_secs(3_600));
        let staff = StaffId::parse("4417").unwrap();
        let session =
            Session::new(staff, "Sian Rowe".into(), vec![Role::Dispatcher], Shown::Account);
        let cookie = sessions.begin(session, false).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie.split(';').next().unwrap().parse().unwrap());
        (sessions, headers)
    }

    /// As if so much time had passed.
    fn later(sessions: &Sessions, by: jiff::SignedDuration) {
        for session in sessions.lock().values_mut() {
            session.last -= by;
            session.ends -= by;
        }
    }

    #[test]
    fn a_session_ends_when_nothing_was_done_and_looking_does_nothing() {
        let minute = jiff::SignedDuration::from_mins(1);
        let (sessions, headers) = begun();
        for _ in 0..5 {
            later(&sessions, HOUR - minute);
            assert!(sessions.of(&headers, false).is_some(), "something is done every hour");
        }
        later(&sessions, HOUR - minute);
        let looked = sessions.look(&headers, false).unwrap();
        assert!(sessions.seconds_left(&looked) <= 60);
        later(&sessions, minute);
        assert!(sessions.of(&headers, false).is_none());
        assert!(sessions.list().is_empty());
    }

    #[test]
    fn a_session_ends_after_a_long_shift_whatever_is_done() {
        let (sessions, headers) = begun();
        for _ in 0..24 {
            later(&sessions, HOUR / 2);
            sessions.of(&headers, false);
        }
        assert!(sessions.of(&headers, false).is_none());
    }

    #[test]
    fn a_name_that_is_gone_opens_nothing() {
        let (sessions, headers) = begun();
        let session = sessions.of(&headers, false).unwrap();
        assert!(sessions.of(&headers, true).is_none(), "the other cookie is another");
        let cookie = sessions.go_on(&headers, session, false).unwrap();
        assert!(sessions.of(&headers, false).is_none(), "the old name");
        let mut new = HeaderMap::new();
        new.insert("cookie", cookie.split(';').next().unwrap().parse().unwrap());
        assert!(sessions.of(&new, false).is_some());
        assert_eq!(sessions.end_those(|s| s.staff.as_str() == "4417"), 1);
        assert!(sessions.of(&new, false).is_none());
    }

    #[test]
    fn one_person_s_sessions_end_nobody_else_s() {
        let (sessions, other) = begun();
        let token = |n: i64| {
            let mut session = Session::new(
                StaffId::parse("4418").unwrap(),
                String::new(),
                vec![Role::Officer],
                Shown::Token("t".into(), jiff::Timestamp::MAX),
            );
            session.began += jiff::SignedDuration::from_secs(n);
            sessions.begin(session, false).unwrap();
        };
        for n in 0..i64::try_from(MOST + 5).unwrap() {
            token(n);
        }
        assert!(sessions.of(&other, false).is_some(), "somebody else was signed off");
        let theirs: Vec<Session> =
            sessions.list().into_iter().filter(|s| s.staff.as_str() == "4418").collect();
        assert_eq!(theirs.len(), MOST_OF_ONE);
        let newest_first = theirs.windows(2).all(|two| two[0].began > two[1].began);
        assert!(newest_first, "their oldest were to go");
        let last = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(9_900);
        assert!(theirs.iter().all(|s| s.began > last), "an older one is still there");
    }

    #[test]
    fn a_page_that_keeps_itself_fresh_does_nothing() {
        let of = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("accept", accept.parse().unwrap());
            by_itself(&headers)
        };
        assert!(of("text/event-stream"));
        assert!(!of("text/html,application/xhtml+xml;q=0.9") && !by_itself(&HeaderMap::new()));
    }
}
