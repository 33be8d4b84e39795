//! Signing on by page: accounts, invented people, a provider of identities; seats, breaks, leaving;
//! sessions that end. test:S11

use crate::rig::{Answer, Rig, wide};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use rules::name::{PersonName, StaffId};
use rules::role::Role;
use serde_json::json;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use totp_rs::{Builder, Secret};
use web::accounts::provider::{Begun, Known, Later, Provider};
use web::accounts::{Accounts, Attempts, Invented, NewAccount, SignOn};

pub const GOOD: &str = "three words and a lamp";

pub fn staff(name: &str) -> StaffId {
    StaffId::parse(name).unwrap()
}

/// A browser: it keeps its cookies and comes from our own pages.
pub struct Browser<'r> {
    rig: &'r Rig,
    cookies: Vec<(String, String)>,
}

impl<'r> Browser<'r> {
    pub fn new(rig: &'r Rig) -> Browser<'r> {
        Browser { rig, cookies: Vec::new() }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    async fn send(&mut self, method: Method, path: &str, body: String, accept: &str) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "callbox")
            .header("origin", "http://callbox")
            .header("accept", accept)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookies.join("; "))
            .body(Body::from(body))
            .unwrap();
        let answer = self.rig.send(request).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new(), "text/html").await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, body, "text/html").await
    }

    /// Sends a form that must lead somewhere.
    pub async fn goes(&mut self, path: &str, fields: &[(&str, &str)], to: &str) -> Answer {
        let answer = self.post(path, fields).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, to),
            "{path}: {}",
            answer.text
        );
        answer
    }
}

pub fn accounts(rig: &Rig) -> Accounts {
    Accounts::open(rig.dir.path().join("accounts.json")).unwrap()
}

pub fn with_accounts(change: impl FnOnce(&mut SignOn)) -> Rig {
    Rig::signing_on(wide(), false, false, |data| {
        let accounts = Accounts::open(data.join("accounts.json")).unwrap();
        let mut sign_on = SignOn { accounts: Some(Arc::new(accounts)), ..SignOn::default() };
        change(&mut sign_on);
        sign_on
    })
}

/// An account with a password of its own.
pub fn account(rig: &Rig, name: &str, roles: &[Role]) {
    let new = NewAccount {
        staff: staff(name),
        name: PersonName::parse("Amina Khatun").unwrap(),
        roles: roles.to_vec(),
        code: false,
    };
    accounts(rig).add(new).unwrap();
    accounts(rig).set_password(&staff(name), GOOD).unwrap();
}

/// Signs on with an account up to the choice of a seat.
pub async fn to_the_seat<'r>(rig: &'r Rig, name: &str) -> Browser<'r> {
    let mut browser = Browser::new(rig);
    browser.goes("/sign-on", &[("staff", name), ("password", GOOD)], "/sign-on/seat").await;
    browser
}

/// Signs on with an account and takes a seat.
pub async fn at_work<'r>(rig: &'r Rig, name: &str, role: Role, seat: &str) -> Browser<'r> {
    let mut browser = to_the_seat(rig, name).await;
    let done = browser.post("/sign-on/seat", &[("role", role.name()), ("seat", seat)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    browser
}

fn code_at(secret: &str, seconds: u64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    Builder::new().with_secret(secret).build_noncompliant().generate(seconds).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_changes_its_password_before_anything_else() {
    let rig = with_accounts(|_| {});
    let new = NewAccount {
        staff: staff("4417"),
        name: PersonName::parse("Amina Khatun").unwrap(),
        roles: vec![Role::Dispatcher],
        code: true,
    };
    let (word, code) = accounts(&rig).add(new).unwrap();
    let code = code.unwrap();
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap();
    let kept = std::fs::read_to_string(rig.dir.path().join("accounts.json")).unwrap();
    assert!(!kept.contains(&word), "the password is in the file");
    let mut browser = Browser::new(&rig);
    let without = browser.post("/sign-on", &[("staff", "4417"), ("password", &word)]).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED, "a code was asked for");
    let digits = code_at(&code.secret, now);
    let fields = [("staff", "4417"), ("password", word.as_str()), ("code", digits.as_str())];
    browser.goes("/sign-on", &fields, "/sign-on/password").await;
    let first = browser.cookie("callbox_session").unwrap().to_owned();
    let seat = browser.get("/sign-on/seat").await;
    assert_eq!(seat.header("location"), "/sign-on/password", "there is no way round it");
    assert_eq!(browser.get("/").await.header("location"), "/sign-on");
    let again = Browser::new(&rig).post("/sign-on", &fields).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "the same code was taken twice");
    for (new, twice, says) in [
        ("short", "short", "12"),
        ("Amina-Khatun-1", "Amina-Khatun-1", "among the first"),
        (word.as_str(), word.as_str(), "the password you have"),
        (GOOD, "something else here", "not the same"),
    ] {
        let refused = browser.post("/sign-on/password", &[("new", new), ("again", twice)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(refused.text.contains(says), "{new}: {}", refused.text);
    }
    browser.goes("/sign-on/password", &[("new", GOOD), ("again", GOOD)], "/sign-on/seat").await;
    assert_ne!(browser.cookie("callbox_session").unwrap(), first, "the session has its old name");
    let mut thief = Browser::new(&rig);
    thief.cookies.push(("callbox_session".to_owned(), first));
    assert_eq!(thief.get("/sign-on/seat").await.header("location"), "/sign-on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_about_a_sign_on_nobody_is_told() {
    let rig = with_accounts(|_| {});
    account(&rig, "4417", &[Role::Dispatcher]);
    account(&rig, "4418", &[Role::Dispatcher]);
    accounts(&rig).disable(&staff("4418")).unwrap();
    let mut pages = Vec::new();
    for (name, word) in
        [("4417", "not the password"), ("nobody", GOOD), ("4418", GOOD), ("", GOOD), ("4417", "")]
    {
        let refused =
            Browser::new(&rig).post("/sign-on", &[("staff", name), ("password", word)]).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{name}");
        assert!(refused.header("set-cookie").is_empty());
        pages.push(refused.text);
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "the pages differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_for_one_account_and_not_for_the_next() {
    let rig = with_accounts(|sign_on| {
        let few = (NonZeroU32::new(3).unwrap(), Duration::from_secs(3_600));
        sign_on.attempts = Attempts { here: few, ..Attempts::default() };
    });
    account(&rig, "4417", &[Role::Dispatcher]);
    account(&rig, "4418", &[Role::Dispatcher]);
    let mut browser = Browser::new(&rig);
    for _ in 0..3 {
        let wrong = browser.post("/sign-on", &[("staff", "4417"), ("password", "a guess")]).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    }
    // Even the right one, or a guess would be worth the wait.
    let right = browser.post("/sign-on", &[("staff", " 4417"), ("password", GOOD)]).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(right.header("retry-after").parse::<u64>().unwrap() > 60, "{}", right.text);
    to_the_seat(&rig, "4418").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_taken_by_the_room_s_own_command() {
    let rig = with_accounts(|_| {});
    account(&rig, "4417", &[Role::Dispatcher, Role::TeamLeader]);
    account(&rig, "4418", &[Role::Dispatcher]);
    let entry = json!({ "name": "Amina Khatun", "roles": ["dispatcher", "team_leader"],
        "skills": ["pursuit", "dispatch"] });
    rig.put(Role::Administrator, "/staff/4417", entry).await;
    let mut browser = to_the_seat(&rig, "4417").await;
    let roles = browser.get("/sign-on/seat").await.text;
    assert!(roles.contains("?role=dispatcher") && roles.contains("?role=team_leader"), "{roles}");
    let page = browser.get("/sign-on/seat?role=dispatcher").await.text;
    assert!(page.contains("value=\"DD01\"") && page.contains("pursuit"), "{page}");
    let wrong = browser.post("/sign-on/seat", &[("role", "administrator"), ("seat", "X")]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let before = browser.cookie("callbox_session").unwrap().to_owned();
    let fields = [
        ("role", "dispatcher"),
        ("seat", "DD01"),
        ("heard", "yes"),
        ("theme", "contrast"),
        ("scale", "150"),
        ("language", "cy"),
    ];
    browser.goes("/sign-on/seat", &fields, "/").await;
    assert_ne!(browser.cookie("callbox_session").unwrap(), before);
    let board = browser.get("/").await.text;
    assert!(board.contains("data-theme=\"contrast\"") && board.contains("data-scale=\"150\""));
    let duty = rig.get(Role::TeamLeader, "/duty").await.text;
    assert!(duty.contains("DD01") && duty.contains("pursuit"), "{duty}");
    let mut next = to_the_seat(&rig, "4418").await;
    assert!(!next.get("/sign-on/seat").await.text.contains("value=\"DD01\""), "it is taken");
    let taken = next.post("/sign-on/seat", &[("role", "dispatcher"), ("seat", "DD01")]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.text.contains("4417 sits at DD01"), "{}", taken.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_break_and_the_end_of_a_shift_name_who_takes_over() {
    let rig = with_accounts(|_| {});
    for name in ["4417", "4418"] {
        account(&rig, name, &[Role::Dispatcher]);
    }
    let mut one = at_work(&rig, "4417", Role::Dispatcher, "DD01").await;
    let mut two = at_work(&rig, "4418", Role::Dispatcher, "DD02").await;
    let n = rig.open().await;
    let give = json!({ "to": "4417", "reason": "a check of the test" });
    let given = rig.put(Role::CallHandler, &format!("/incidents/{n}/owner"), give).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text);
    let owner = || {
        let n = rules::name::IncidentNumber::parse(&n).unwrap();
        rig.room.view().incident(n).unwrap().owner.to_string()
    };
    assert_eq!(owner(), "4417");
    assert!(one.get("/duty").await.text.contains("value=\"4418\""), "who could take over");
    let nobody = one.post("/duty/break", &[("to", "4419")]).await;
    assert!(nobody.status.is_client_error(), "{}", nobody.text);
    assert_eq!(owner(), "4417", "nothing has moved");
    one.goes("/duty/break", &[("to", "4418")], "/duty").await;
    assert_eq!(owner(), "4418");
    assert!(one.get("/duty").await.text.contains("on a break"));
    one.goes("/duty/return", &[], "/duty").await;
    two.goes("/sign-off", &[("to", "4417")], "/sign-on").await;
    assert_eq!(owner(), "4417");
    assert_eq!(two.get("/").await.header("location"), "/sign-on");
    assert!(!rig.room.view().staff.contains_key(&staff("4418")));
    assert!(rig.room.view().staff.contains_key(&staff("4417")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_away_is_gone_at_the_next_request() {
    let rig = with_accounts(|_| {});
    for name in ["4417", "4418"] {
        account(&rig, name, &[Role::Dispatcher]);
    }
    let mut one = at_work(&rig, "4417", Role::Dispatcher, "DD01").await;
    let mut two = at_work(&rig, "4418", Role::Dispatcher, "DD02").await;
    assert_eq!(one.get("/").await.status, StatusCode::OK);
    accounts(&rig).disable(&staff("4417")).unwrap();
    assert_eq!(one.get("/").await.header("location"), "/sign-on");
    let entry = json!({ "name": "Amina Khatun", "roles": ["team_leader"] });
    rig.put(Role::Administrator, "/staff/4418", entry).await;
    assert_eq!(two.get("/").await.header("location"), "/sign-on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_slept_takes_nobody_s_seat() {
    let rig = with_accounts(|sign_on| sign_on.idle = Duration::ZERO);
    account(&rig, "4417", &[Role::Dispatcher]);
    let seat = rules::name::SeatId::parse("DD01").unwrap();
    let by = rules::role::By { staff: staff("4417"), role: Role::Dispatcher };
    let sit = rules::command::SignOn { seat, skills: Vec::new() };
    rig.room.act(room::Act::new(by, sit)).await.unwrap();
    let mut asleep = to_the_seat(&rig, "4417").await;
    assert_eq!(asleep.get("/session").await.json["seconds_left"], json!(null));
    assert_eq!(asleep.get("/sign-on/seat").await.header("location"), "/sign-on");
    assert_eq!(asleep.get("/duty").await.header("location"), "/sign-on");
    assert!(rig.room.view().staff.contains_key(&staff("4417")));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_on_again_goes_on_where_they_sit() {
    let rig = with_accounts(|_| {});
    account(&rig, "4417", &[Role::Dispatcher, Role::TeamLeader]);
    at_work(&rig, "4417", Role::Dispatcher, "DD01").await;
    let mut back = to_the_seat(&rig, "4417").await;
    let page = back.get("/sign-on/seat").await.text;
    assert!(page.contains("already") && page.contains("DD01"), "{page}");
    let other = back.post("/sign-on/seat", &[("role", "team_leader"), ("seat", "TL01")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    back.goes("/sign-on/seat", &[("role", "dispatcher")], "/").await;
    assert!(back.get("/session").await.json["seconds_left"].as_i64().unwrap() > 3_000);
    assert_eq!(back.post("/session/stay", &[]).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_who_is_signed_on_and_ends_it() {
    let rig = with_accounts(|_| {});
    account(&rig, "4417", &[Role::Dispatcher]);
    account(&rig, "admin1", &[Role::Administrator]);
    let mut one = at_work(&rig, "4417", Role::Dispatcher, "DD01").await;
    let mut other = to_the_seat(&rig, "4417").await;
    let mut admin = to_the_seat(&rig, "admin1").await;
    assert!(admin.get("/sign-on/seat").await.text.contains("needs no seat"));
    admin.goes("/sign-on/seat", &[("role", "administrator")], "/signed-on").await;
    assert_eq!(one.get("/signed-on").await.status, StatusCode::FORBIDDEN);
    assert_eq!(one.post("/signed-on/end", &[("all", "yes")]).await.status, StatusCode::FORBIDDEN);
    let page = admin.get("/signed-on").await.text;
    assert_eq!(page.matches("4417 Amina Khatun").count(), 2, "{page}");
    let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!page.contains(one.cookie("callbox_session").unwrap()), "a session's name is shown");
    admin.goes("/signed-on/end", &[("id", id)], "/signed-on").await;
    admin.goes("/signed-on/end", &[("all", "yes")], "/signed-on").await;
    assert_eq!(one.get("/").await.header("location"), "/sign-on");
    assert_eq!(other.get("/sign-on/seat").await.header("location"), "/sign-on");
    assert_eq!(admin.get("/signed-on").await.status, StatusCode::OK, "but not their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn invented_people_are_for_a_demonstration_only() {
    let people = |_: &std::path::Path| {
        let person =
            Invented { staff: staff("V-DD"), name: "Gareth Pryce".into(), role: Role::Dispatcher };
        SignOn { people: vec![person], ..SignOn::default() }
    };
    let real = Rig::signing_on(wide(), false, false, people);
    let mut browser = Browser::new(&real);
    assert!(!browser.get("/sign-on").await.text.contains("Gareth"));
    let refused = browser.post("/sign-on", &[("person", "V-DD")]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let demo = Rig::signing_on(wide(), true, false, people);
    let mut browser = Browser::new(&demo);
    assert!(browser.get("/sign-on").await.text.contains("Gareth Pryce"));
    browser.goes("/sign-on", &[("person", "V-DD")], "/sign-on/seat").await;
    browser.goes("/sign-on/seat", &[("role", "dispatcher"), ("seat", "DD03")], "/").await;
    assert!(demo.room.view().staff.contains_key(&staff("V-DD")));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_is_held_to_this_host() {
    let rig = Rig::signing_on(wide(), false, true, |_| SignOn::default());
    let mut browser = Browser::new(&rig);
    let token = rig.token(Role::Dispatcher).to_owned();
    let done = browser.goes("/sign-on", &[("token", &token)], "/sign-on/seat").await;
    let cookie = done.header("set-cookie");
    assert!(cookie.starts_with("__Host-callbox_session="), "{cookie}");
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part) && !cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_kept_without_signing_on_and_in_welsh_too() {
    let rig = with_accounts(|_| {});
    let mut browser = Browser::new(&rig);
    let fields = [("theme", "light"), ("scale", "125"), ("language", "cy")];
    browser.goes("/look", &fields, "/sign-on").await;
    let page = browser.get("/sign-on").await.text;
    assert!(page.contains("data-theme=\"light\" data-scale=\"125\""), "{page}");
    assert!(page.contains("lang=\"cy\"") && page.contains("Mewngofnodi"), "{page}");
    let from_elsewhere = Request::post("/look").header("host", "callbox");
    let from_elsewhere = from_elsewhere.header("origin", "http://evil.example");
    let refused = rig.send(from_elsewhere.body(Body::from("theme=dark")).unwrap()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

/// A provider that believes one code.
struct Believer;

impl Provider for Believer {
    fn name(&self) -> &str {
        "Force ID"
    }

    fn begin(&self) -> Later<'_, Begun> {
        Box::pin(async {
            let text = |t: &str| t.to_owned();
            Ok(Begun {
                to: text("https://id.example/authorize?x=1"),
                state: text("the-state"),
                nonce: text("the-nonce"),
                verifier: text("the-verifier"),
            })
        })
    }

    fn finish(&self, begun: Begun, code: String) -> Later<'_, Known> {
        Box::pin(async move {
            if (code.as_str(), begun.verifier.as_str()) != ("good", "the-verifier") {
                return Err("another code".to_owned());
            }
            let name = "Ruth Adeyemi".to_owned();
            let sign_off = Some("https://id.example/end?client_id=callbox".to_owned());
            Ok(Known { staff: staff("4419"), name, roles: vec![Role::Dispatcher], sign_off })
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_s_word_counts_only_in_the_browser_that_began() {
    let rig = with_accounts(|sign_on| sign_on.provider = Some(Arc::new(Believer)));
    let mut browser = Browser::new(&rig);
    assert!(browser.get("/sign-on").await.text.contains("Force ID"));
    for way in [
        "/sign-on/return?code=good&state=another",
        "/sign-on/return?code=bad&state=the-state",
        "/sign-on/return?error=access_denied&state=the-state",
    ] {
        let away = browser.get("/sign-on/provider").await;
        assert_eq!(away.header("location"), "https://id.example/authorize?x=1");
        assert!(away.header("set-cookie").contains("SameSite=Lax"));
        let refused = browser.get(way).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{way}");
        assert!(browser.cookie("callbox_session").is_none(), "{way}");
    }
    browser.get("/sign-on/provider").await;
    let way = "/sign-on/return?code=good&state=the-state";
    let stranger = Browser::new(&rig).get(way).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "a browser that began nothing");
    let back = browser.get(way).await;
    assert_eq!(back.header("refresh"), "0; url=/sign-on/seat", "{}", back.text);
    let again = browser.get(way).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "the way back is gone once");
    let seat = browser.get("/sign-on/seat").await;
    assert!(seat.text.contains("Ruth Adeyemi"), "{}", seat.text);
    browser.goes("/sign-on/seat", &[("role", "dispatcher"), ("seat", "DD04")], "/").await;
    let off = browser.post("/sign-off", &[]).await;
    assert!(off.text.contains("https://id.example/end"), "{}", off.text);
    assert_eq!(browser.get("/").await.header("location"), "/sign-on");
}
