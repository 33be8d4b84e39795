//! What people see: who may, what is in it, and what is not.

use crate::rig::{Answer, Rig, wide};
use axum::body::Body;
use http::{Request, StatusCode};
use rules::role::Role;

pub async fn get(rig: &Rig, path: &str, cookie: Option<&str>) -> Answer {
    let mut request = Request::get(path);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    rig.send(request.body(Body::empty()).unwrap()).await
}

pub async fn form(
    rig: &Rig,
    path: &str,
    cookie: Option<&str>,
    origin: &str,
    body: String,
) -> Answer {
    let mut request = Request::post(path)
        .header("host", "callbox")
        .header("content-type", "application/x-www-form-urlencoded");
    if !origin.is_empty() {
        request = request.header("origin", origin);
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    rig.send(request.body(Body::from(body)).unwrap()).await
}

pub async fn sign_on(rig: &Rig, role: Role) -> String {
    let body = format!("token={}", rig.token(role));
    let done = form(rig, "/sign-on", None, "http://callbox", body).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let cookie = done.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(rig.token(role)), "the token itself is in the cookie");
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_page_without_signing_on() {
    let rig = Rig::new();
    let n = rig.open().await;
    for path in ["/", "/live", &format!("/incidents/{n}")] {
        let away = get(&rig, path, None).await;
        assert_eq!(away.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(away.header("location"), "/sign-on");
        assert!(!away.text.contains(&n));
        let guessed = get(&rig, path, Some("callbox_session=AAAA")).await;
        assert_eq!(guessed.status, StatusCode::SEE_OTHER, "{path}");
    }
    assert_eq!(get(&rig, "/sign-on", None).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_on_sees_the_board_until_they_sign_off() {
    let rig = Rig::new();
    let n = rig.open().await;
    let cookie = sign_on(&rig, Role::Dispatcher).await;
    let board = get(&rig, "/", Some(&cookie)).await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(board.text.contains(&format!("data-incident=\"{n}\"")), "{}", board.text);
    assert!(
        board.text.contains("table id=\"incidents\"") || board.text.contains("id=\"incidents\"")
    );
    assert!(!board.text.contains("Demonstration"));
    assert_eq!(get(&rig, "/live", Some(&cookie)).await.header("content-type"), "text/event-stream");
    // A page's cookie opens no door of the API.
    let api = get(&rig, "/api/v1/incidents", Some(&cookie)).await;
    assert_eq!(api.status, StatusCode::UNAUTHORIZED);
    let off = form(&rig, "/sign-off", Some(&cookie), "http://callbox", String::new()).await;
    assert!(off.header("set-cookie").contains("Max-Age=0"), "{}", off.header("set-cookie"));
    assert_eq!(get(&rig, "/", Some(&cookie)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_token_and_a_role_sees_its_pages_only() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::Dispatcher).await;
    let id = rig.tokens.list().iter().find(|t| t.role == Role::Dispatcher).unwrap().id.clone();
    rig.tokens.revoke(&id).unwrap();
    assert_eq!(get(&rig, "/", Some(&cookie)).await.status, StatusCode::SEE_OTHER);
    let auditor = sign_on(&rig, Role::Auditor).await;
    assert_eq!(get(&rig, "/", Some(&auditor)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_does_nothing() {
    let rig = Rig::new();
    let body = format!("token={}", rig.token(Role::Dispatcher));
    for origin in ["http://evil.example", "null", "", "http://callbox.evil.example"] {
        let refused = form(&rig, "/sign-on", None, origin, body.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{origin}");
        assert!(refused.header("set-cookie").is_empty());
    }
    let wrong = form(&rig, "/sign-on", None, "http://callbox", "token=cbx_no".into()).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text.contains("not known or has ended"));
    let long = form(&rig, "/sign-on", None, "http://callbox", "a".repeat(20_000)).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_asks_why_before_it_is_shown_and_says_nothing_about_people_outside_itself() {
    let rig = Rig::new();
    let n = rig.open().await;
    let path = format!("/incidents/{n}");
    let cookie = sign_on(&rig, Role::Dispatcher).await;
    let asked = get(&rig, &path, Some(&cookie)).await;
    assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED);
    assert!(!asked.text.contains("neighbour"), "shown before it was recorded");
    let why = "purpose=looking+for+a+link+to+another+log".to_owned();
    let shown = form(&rig, &path, Some(&cookie), "http://callbox", why).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains("my neighbour has not been seen"));
    let title = shown.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert_eq!(title, format!("Log {n} - Callbox"));
    let reads = rig.get(Role::Auditor, "/audit").await;
    assert_eq!(reads.json["reads"][0]["purpose"], "looking for a link to another log");
    assert_eq!(get(&rig, "/incidents/nonsense", Some(&cookie)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_is_text_and_never_markup() {
    let rig = Rig::with(wide(), true);
    let body = serde_json::json!({
        "opening_code": "concern for safety",
        "location": { "known": "known", "words": "<script>alert(1)</script>" },
        "words": "<img src=x onerror=alert(1)> \u{202e} she said",
    });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    let n = done.json["incident"].as_str().unwrap();
    for path in ["/".to_owned(), format!("/incidents/{n}")] {
        let page = get(&rig, &path, None).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        assert!(page.text.contains("Demonstration: invented people and places"));
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img"), "{path}");
        assert!(page.text.contains("&lt;script&gt;alert"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_is_open_to_look_and_to_nothing_else() {
    let rig = Rig::with(wide(), true);
    let n = rig.open().await;
    assert_eq!(get(&rig, "/", None).await.status, StatusCode::OK);
    assert_eq!(get(&rig, "/live?after=0", None).await.header("content-type"), "text/event-stream");
    let api = get(&rig, &format!("/api/v1/incidents/{n}"), None).await;
    assert_eq!(api.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_on_a_page_comes_from_elsewhere() {
    let rig = Rig::with(wide(), true);
    for path in [
        "/",
        "/sign-on",
        "/assets/console.js",
        "/assets/board.js",
        "/assets/callbox.css",
        "/problems/changed",
    ] {
        let page = get(&rig, path, None).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for outside in ["http://", "https://", " style=", " onclick="] {
            assert!(!page.text.contains(outside), "{path} has {outside}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_does_not_exist_says_so_in_a_page_to_a_browser() {
    let rig = Rig::new();
    let ask = |accept: &'static str| {
        let request = Request::get("/incidence").header("accept", accept);
        rig.send(request.body(Body::empty()).unwrap())
    };
    let page = ask("text/html,application/xhtml+xml;q=0.9").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.text);
    assert!(page.text.contains("There is no page at this address"), "{}", page.text);
    assert!(page.text.contains(r#"href="/""#) && !page.text.contains("incidence"));
    let problem = ask("application/json").await;
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
    assert!(problem.detail().contains("/openapi.json"), "{}", problem.text);
}
