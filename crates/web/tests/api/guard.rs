//! What an attacker tries: searches that leave no trace, requests that never end, sessions without
//! number, roles that were taken away.

use crate::accounts::{
    Browser, GOOD, account, accounts, at_work, staff, to_the_seat, with_accounts,
};
use crate::audit::looks;
use crate::rig::{POLICY, Rig, ask, wide};
use axum::body::{Body, Bytes, to_bytes};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use rules::command::AdoptPolicy;
use rules::role::{By, Role};
use serde_json::json;
use std::io::Read;
use std::num::NonZeroU32;
use std::time::Duration;
use tower::ServiceExt;
use web::accounts::Attempts;
use web::{Guard, Limits};

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_would_not_be_recorded_whole_is_refused() {
    let rig = Rig::new();
    rig.open().await;
    let (purpose, words) = ("p".repeat(501), "w".repeat(201));
    let token = Some(rig.token(Role::CallHandler));
    let long_purpose = [("callbox-purpose", purpose.as_str())];
    let why = [("callbox-purpose", "a check of the test")];
    let short = json!({ "words": "neighbour" });
    let refused = rig.send(ask(Method::POST, "/history", token, Some(&short), &long_purpose)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.detail().contains("500 or fewer"), "{}", refused.text);
    for field in ["words", "line", "place", "person"] {
        let body = json!({ field: words });
        let refused = rig.send(ask(Method::POST, "/history", token, Some(&body), &why)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.detail().contains("200 at most"), "{}", refused.text);
    }
    assert!(looks(&rig).is_empty(), "nothing was shown");
    assert!(rig.room.history().wait_for(rig.room.view().seq, Duration::from_secs(10)));
    let purpose = "p".repeat(500);
    let long = [("callbox-purpose", purpose.as_str())];
    let found = rig.send(ask(Method::POST, "/history", token, Some(&short), &long)).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    let (_, _, recorded) = looks(&rig).pop().unwrap();
    assert!(recorded.starts_with("found log "), "{recorded}");
    assert!(recorded.ends_with("| sought 'neighbour'"), "{recorded}");
}

/// A body that never comes.
fn never() -> Body {
    Body::from_stream(tokio_stream::pending::<Result<Bytes, std::io::Error>>())
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_never_come_do_not_keep_calls_out() {
    let rig = Rig::with(Limits { in_flight: 4, unsigned: 4, ..wide() }, false);
    let mut open = Vec::new();
    for path in ["/sign-on", "/api/v1/contacts"] {
        for _ in 0..20 {
            let request = Request::post(path).header("host", "callbox");
            let request = request.header("origin", "http://callbox").body(never()).unwrap();
            open.push(tokio::spawn(rig.router.clone().oneshot(request)));
        }
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let contact = json!({ "channel": "999", "words": "help me" });
    let taken = rig.post(Role::CallHandler, "/contacts", contact).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    let page = rig.send(Request::get("/sign-on").body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, StatusCode::OK, "nor anybody from signing on: {}", page.text);
    for answer in open {
        let status = answer.await.unwrap().unwrap().status();
        let refused = [StatusCode::REQUEST_TIMEOUT, StatusCode::UNAUTHORIZED];
        assert!(refused.contains(&status), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_does_not_sign_everybody_off() {
    let once = NonZeroU32::MIN;
    let burst = NonZeroU32::new(3).unwrap();
    let rig = Rig::with(Limits { per_second: once, burst, ..wide() }, false);
    let token = rig.token(Role::Officer).to_owned();
    let mut last = StatusCode::OK;
    for _ in 0..5 {
        last = Browser::new(&rig).post("/sign-on", &[("token", &token)]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let other = rig.token(Role::Dispatcher).to_owned();
    Browser::new(&rig).goes("/sign-on", &[("token", &other)], "/sign-on/seat").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_twenty_sessions_and_the_oldest_makes_room() {
    let rig = Rig::new();
    let (mine, theirs) =
        (rig.token(Role::Officer).to_owned(), rig.token(Role::Dispatcher).to_owned());
    let mut other = Browser::new(&rig);
    other.post("/sign-on", &[("token", &theirs)]).await;
    let mut all = Vec::new();
    for _ in 0..21 {
        let mut browser = Browser::new(&rig);
        browser.post("/sign-on", &[("token", &mine)]).await;
        all.push(browser);
    }
    assert_eq!(all[0].get("/officer").await.header("location"), "/sign-on");
    assert_eq!(all[1].get("/officer").await.status, StatusCode::OK);
    assert_eq!(all[20].get("/officer").await.status, StatusCode::OK);
    assert_eq!(other.get("/").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_a_name_do_not_keep_its_owner_from_their_own_browser() {
    let rig = with_accounts(|sign_on| {
        let few = (NonZeroU32::new(3).unwrap(), Duration::from_secs(3_600));
        sign_on.attempts = Attempts { here: few, account: few, ..Attempts::default() };
    });
    account(&rig, "4417", &[Role::Dispatcher]);
    let mut owner = to_the_seat(&rig, "4417").await;
    assert_eq!(owner.cookie("callbox_device").unwrap().len(), 64);
    let wrong = [("staff", "4417"), ("password", "a guess")];
    for _ in 0..10 {
        Browser::new(&rig).post("/sign-on", &wrong).await;
    }
    let right = [("staff", "4417"), ("password", GOOD)];
    let elsewhere = Browser::new(&rig).post("/sign-on", &right).await;
    assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS);
    owner.goes("/sign-on", &right, "/sign-on/seat").await;
    // Guesses there are slowed as well, and the mark ends with the password.
    for _ in 0..3 {
        owner.post("/sign-on", &wrong).await;
    }
    assert_eq!(owner.post("/sign-on", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    accounts(&rig).set_password(&staff("4417"), "four words and no lamp").unwrap();
    assert_eq!(owner.post("/sign-on", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_left_open_does_not_give_the_account_away() {
    let rig = with_accounts(|_| {});
    account(&rig, "4417", &[Role::Dispatcher]);
    let mut left_open = at_work(&rig, "4417", Role::Dispatcher, "DD01").await;
    let mut second = to_the_seat(&rig, "4417").await;
    let new = "four words and no lamp";
    assert!(left_open.get("/sign-on/password").await.text.contains("name=\"current\""));
    let without = [("new", new), ("again", new)];
    let wrong = [("current", "a guess at it"), ("new", new), ("again", new)];
    for fields in [&without[..], &wrong[..]] {
        let refused = left_open.post("/sign-on/password", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("the password you have now"), "{}", refused.text);
    }
    to_the_seat(&rig, "4417").await;
    let right = [("current", GOOD), ("new", new), ("again", new)];
    left_open.goes("/sign-on/password", &right, "/sign-on/seat").await;
    assert_eq!(left_open.get("/").await.status, StatusCode::OK, "whoever changed it goes on");
    assert_eq!(second.get("/sign-on/seat").await.header("location"), "/sign-on");
    // A reset, which another process may do.
    let (word, _) = accounts(&rig).reset(&staff("4417"), false).unwrap();
    assert_eq!(left_open.get("/sign-on/password").await.header("location"), "/sign-on");
    assert_eq!(left_open.get("/").await.header("location"), "/sign-on");
    let fields = [("staff", "4417"), ("password", word.as_str())];
    let mut forced = Browser::new(&rig);
    forced.goes("/sign-on", &fields, "/sign-on/password").await;
    assert!(!forced.get("/sign-on/password").await.text.contains("name=\"current\""));
    // A second reset ends that one too, before it has chosen a password.
    accounts(&rig).reset(&staff("4417"), false).unwrap();
    let late = forced.post("/sign-on/password", &[("new", GOOD), ("again", GOOD)]).await;
    assert_eq!(late.header("location"), "/sign-on");
}

fn unit() -> serde_json::Value {
    json!({ "kind": "response", "crew": [] })
}

fn headers_of(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    headers
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_holds_for_tokens_and_removal_takes_every_role() {
    let rig = Rig::new();
    assert_eq!(rig.put(Role::Dispatcher, "/units/DC14", unit()).await.status, StatusCode::OK);
    let entry = json!({ "name": "Sian Rowe", "roles": ["analyst"] });
    rig.put(Role::Administrator, "/staff/dispatcher", entry).await;
    let demoted = rig.put(Role::Dispatcher, "/units/DC15", unit()).await;
    assert_eq!(demoted.status, StatusCode::FORBIDDEN, "{}", demoted.text);
    assert!(demoted.is_sentence() && demoted.detail().contains("the directory has analyst"));
    let gone = rig.post(Role::Administrator, "/staff/dispatcher/removal", json!({})).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    let removed = rig.put(Role::Dispatcher, "/units/DC15", unit()).await;
    assert_eq!(removed.status, StatusCode::FORBIDDEN, "removal widened: {}", removed.text);
    let token = rig.token(Role::Dispatcher).to_owned();
    let page = Browser::new(&rig).post("/sign-on", &[("token", &token)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
    // Entered again, they are back.
    let entry = json!({ "name": "Sian Rowe", "roles": ["dispatcher"] });
    rig.put(Role::Administrator, "/staff/dispatcher", entry).await;
    assert_eq!(rig.put(Role::Dispatcher, "/units/DC15", unit()).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_of_the_routers_beside_asks_the_directory_too() {
    let rig = Rig::new();
    let guard = Guard::new(rig.tokens.clone(), rig.room.clone());
    let token = headers_of(rig.token(Role::Administrator));
    assert!(guard.allows(&token, "manage_webhooks").is_ok());
    let by = By { staff: staff("boss"), role: Role::Administrator };
    let boss = rig.tokens.issue(by.staff, by.role, Vec::new(), 1).unwrap();
    let entry = json!({ "name": "Owen Harries", "roles": ["analyst"] });
    let put = ask(Method::PUT, "/staff/administrator", Some(&boss), Some(&entry), &[]);
    assert_eq!(rig.send(put).await.status, StatusCode::OK);
    let refused = guard.allows(&token, "manage_webhooks").unwrap_err();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_directory_is_required_nobody_else_has_a_role() {
    let rig = Rig::new();
    let toml = POLICY.replacen("directory = \"open\"", "directory = \"required\"", 1).replacen(
        "version = \"1\"",
        "version = \"2\"",
        1,
    );
    let by = By { staff: staff("administrator"), role: Role::Administrator };
    rig.room.act(room::Act::new(by, AdoptPolicy { toml })).await.unwrap();
    let refused = rig.put(Role::Dispatcher, "/units/DC14", unit()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    // The first administrator has to come from somewhere.
    let entry = json!({ "name": "Owen Harries", "roles": ["administrator"] });
    let first = rig.put(Role::Administrator, "/staff/boss", entry).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let entry = json!({ "name": "Sian Rowe", "roles": ["dispatcher"] });
    let again = rig.put(Role::Administrator, "/staff/dispatcher", entry.clone()).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "now there is one: {}", again.text);
    let boss = rig.tokens.issue(staff("boss"), Role::Administrator, Vec::new(), 1).unwrap();
    let put = ask(Method::PUT, "/staff/dispatcher", Some(&boss), Some(&entry), &[]);
    assert_eq!(rig.send(put).await.status, StatusCode::OK);
    assert_eq!(rig.put(Role::Dispatcher, "/units/DC14", unit()).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_one_screen_is_none_at_another_of_the_same_person() {
    let rig = with_accounts(|_| {});
    account(&rig, "4417", &[Role::Dispatcher]);
    let n = rig.open_and_close().await;
    let mut one = at_work(&rig, "4417", Role::Dispatcher, "DD01").await;
    let mut two = to_the_seat(&rig, "4417").await;
    two.goes("/sign-on/seat", &[("role", "dispatcher")], "/").await;
    let opened = one.post(&format!("/incidents/{n}"), &[("purpose", "a check of the test")]).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
    let before = looks(&rig).len();
    assert_eq!(one.get(&format!("/incidents/{n}/head")).await.status, StatusCode::OK);
    let other = two.get(&format!("/incidents/{n}/head")).await;
    assert_eq!(other.status, StatusCode::PRECONDITION_REQUIRED, "{}", other.text);
    assert_eq!(looks(&rig).len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_logs_on_a_number_are_recorded_before_they_are_shown_beside_a_call() {
    let rig = Rig::new();
    let call = json!({ "channel": "999", "line": "07700 900123" });
    let first = rig.post(Role::CallHandler, "/contacts", call.clone()).await;
    let log = json!({ "opening_code": "concern for safety", "contact": first.json["contact"],
        "location": { "known": "unknown" }, "words": "somebody shouts next door" });
    let log = rig.post(Role::CallHandler, "/incidents", log).await;
    let n = log.json["incident"].as_str().unwrap();
    let second = rig.post(Role::CallHandler, "/contacts", call).await;
    let token = rig.token(Role::CallHandler).to_owned();
    let mut browser = Browser::new(&rig);
    browser.post("/sign-on", &[("token", &token)]).await;
    let path = format!("/calls/{}/parts/related", second.json["contact"]);
    for _ in 0..2 {
        let part = browser.get(&path).await;
        assert!(part.status.is_success() && part.text.contains(n), "{}", part.text);
    }
    let found = format!("found log {n} | handling");
    let recorded = looks(&rig).into_iter().filter(|(_, _, why)| why.starts_with(&found)).count();
    assert_eq!(recorded, 1, "{:?}", looks(&rig));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_compressed_once_and_says_what_it_depends_on() {
    let rig = Rig::new();
    let get = async |accept: Option<&str>, known: Option<&str>| {
        let mut request = Request::get("/assets/console.js");
        for (name, value) in [("accept-encoding", accept), ("if-none-match", known)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = rig.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, 1 << 22).await.unwrap())
    };
    let gzip = HeaderValue::from_static("gzip");
    let vary = |headers: &HeaderMap| headers["vary"].to_str().unwrap().to_lowercase();
    let (_, plain, whole) = get(None, None).await;
    assert!(plain.get("content-encoding").is_none() && vary(&plain).contains("accept-encoding"));
    for accept in ["gzip", "br;q=1.0, gzip;q=0.5"] {
        let (_, headers, packed) = get(Some(accept), None).await;
        assert_eq!(headers.get("content-encoding"), Some(&gzip), "{accept}");
        assert!(vary(&headers).contains("accept-encoding"));
        assert!(packed.len() < whole.len(), "{} of {}", packed.len(), whole.len());
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, whole);
        assert_ne!(headers["etag"], plain["etag"], "another body under the same tag");
        let tag = headers["etag"].to_str().unwrap();
        let (status, again, nothing) = get(Some(accept), Some(tag)).await;
        assert_eq!((status, nothing.len()), (StatusCode::NOT_MODIFIED, 0));
        assert!(vary(&again).contains("accept-encoding"));
    }
    for accept in ["gzip;q=0", "br", "identity"] {
        let (_, headers, bytes) = get(Some(accept), None).await;
        assert!(headers.get("content-encoding").is_none(), "{accept}");
        assert_eq!(bytes, whole);
    }
}
