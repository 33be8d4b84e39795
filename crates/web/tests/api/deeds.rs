//! Commands: what is answered, what is refused and how, repetition, versions and limits.

use crate::rig::{BASE, Rig, ask, wide};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use rules::role::Role;
use serde_json::json;
use std::num::NonZeroU32;
use web::Limits;

#[tokio::test(flavor = "multi_thread")]
async fn opening_a_log_says_where_it_is_and_what_its_version_is() {
    let rig = Rig::new();
    let body = json!({
        "opening_code": "concern for safety", "location": { "known": "unknown" },
        "words": "he said he would end it all",
    });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let n = done.json["incident"].as_str().unwrap();
    assert_eq!(done.header("location"), format!("{BASE}/incidents/{n}"));
    assert_eq!(done.header("etag"), format!("\"{}\"", done.json["version"]));
    assert_eq!(done.json["events"][0], "incident_opened");
    assert_eq!(done.json["repeated"], false);
    let log = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.header("etag"), done.header("etag"));
    assert_eq!(log.json["version"], done.json["version"]);
    let graded =
        rig.put(Role::CallHandler, &format!("/incidents/{n}/grade"), json!({ "grade": 1 })).await;
    assert_eq!(graded.status, StatusCode::OK, "{}", graded.text);
    assert!(graded.json["suggested"]["grade"].is_number(), "{}", graded.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_answer_and_nothing_happens_twice() {
    let rig = Rig::new();
    let n = rig.open().await;
    let path = format!("/incidents/{n}/entries");
    let key = uuid::Uuid::now_v7().to_string();
    let body = json!({ "text": "she rang again" });
    let send = |role| {
        let headers = [("idempotency-key", key.as_str())];
        rig.send(ask(Method::POST, &path, Some(rig.token(role)), Some(&body), &headers))
    };
    let first = send(Role::CallHandler).await;
    // What happened meanwhile is no part of the answer.
    rig.post(Role::Dispatcher, &path, json!({ "text": "seen by the dispatcher" })).await;
    let second = send(Role::CallHandler).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert_eq!(second.status, StatusCode::OK, "{}", second.text);
    assert_eq!(second.json["repeated"], true);
    for same in ["id", "first_seq", "last_seq", "events", "incident", "version"] {
        assert_eq!(first.json[same], second.json[same], "{same}");
    }
    let log = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["entries"].as_array().unwrap().len(), 2);
    // Somebody else's key tells nothing about what they did.
    let other = send(Role::Dispatcher).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    assert!(other.is_sentence() && !other.text.contains(&n));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_it_was_seen_is_not_overwritten() {
    let rig = Rig::new();
    let n = rig.open().await;
    let path = format!("/incidents/{n}/entries");
    let send = |etag: String, text: &str| {
        let headers = [("if-match", etag.as_str())];
        let body = json!({ "text": text });
        rig.send(ask(
            Method::POST,
            &path,
            Some(rig.token(Role::CallHandler)),
            Some(&body),
            &headers,
        ))
    };
    // What falls due at once counts too: wait until the log stands still.
    let mut seen = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
    loop {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let again = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
        let same = again.header("etag") == seen.header("etag");
        seen = again;
        if same {
            break;
        }
    }
    let first = send(seen.header("etag").to_owned(), "first").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let late = send(seen.header("etag").to_owned(), "second").await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.text);
    assert!(late.is_sentence());
    let now = send(first.header("etag").to_owned(), "second").await;
    assert_eq!(now.status, StatusCode::CREATED, "{}", now.text);
    for wrong in ["12", "\"x\"", "\"", "W/", ""] {
        let refused = send(wrong.to_owned(), "third").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_stay_exact_while_others_write() {
    let rig = std::sync::Arc::new(Rig::new());
    let n = rig.open().await;
    let tasks: Vec<_> = (0..24)
        .map(|i| {
            let (rig, path) = (rig.clone(), format!("/incidents/{n}/entries"));
            tokio::spawn(async move {
                rig.post(Role::CallHandler, &path, json!({ "text": format!("line {i}") })).await
            })
        })
        .collect();
    let mut versions = Vec::new();
    for task in tasks {
        let done = task.await.unwrap();
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
        let seq = done.json["last_seq"].as_u64().unwrap();
        versions.push((seq, done.json["version"].as_u64().unwrap()));
    }
    versions.sort_unstable();
    for pair in versions.windows(2) {
        assert_eq!(pair[0].1 + 1, pair[1].1, "another's change passed as seen: {versions:?}");
    }
    let log = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["version"], versions.last().unwrap().1);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_it_happened_is_kept_beside_when_it_was_recorded() {
    let rig = Rig::new();
    let n = rig.open().await;
    let path = format!("/incidents/{n}/entries");
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    let send = |at: String| {
        let headers = [("callbox-happened-at", at.as_str())];
        let body = json!({ "text": "he left on foot" });
        rig.send(ask(
            Method::POST,
            &path,
            Some(rig.token(Role::CallHandler)),
            Some(&body),
            &headers,
        ))
    };
    assert_eq!(send(at.to_string()).await.status, StatusCode::CREATED);
    assert_eq!(send(at.as_millisecond().to_string()).await.status, StatusCode::CREATED);
    let log = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
    for entry in log.json["entries"].as_array().unwrap() {
        assert_eq!(entry["happened_at"], at.as_millisecond());
        assert_eq!(entry["entered_late"], true);
    }
    for wrong in ["yesterday", "", "9999-99-99", "99999999999999999999999", "-1", "9e15"] {
        let refused = send(wrong.to_owned()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", refused.text);
        assert!(refused.is_sentence());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_wrongly_is_refused_with_what_to_do() {
    let rig = Rig::new();
    let n = rig.open().await;
    let path = format!("{BASE}/incidents/{n}/entries");
    let send = |kind: &str, body: Vec<u8>| {
        let request = Request::post(&path)
            .header("authorization", format!("Bearer {}", rig.token(Role::CallHandler)))
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        rig.send(request)
    };
    let json = "application/json";
    let deep = "[".repeat(200_000);
    for (kind, body, status, words) in [
        (json, "{".into(), 400, "line 1, column 1"),
        (json, "[]".into(), 422, "not one JSON object"),
        (json, deep, 400, "not JSON"),
        (json, "{}".into(), 422, "'text' is missing"),
        (json, r#"{"text": 5}"#.into(), 422, "'text' is the number 5"),
        (json, r#"{"text": "  "}"#.into(), 422, "the text is empty: write it"),
        (json, r#"{"text": "a", "by": "chief"}"#.into(), 422, "'by' is not known here"),
        (json, format!(r#"{{"text": "a", "incident": "{n}"}}"#), 422, "leave 'incident' out"),
        (json, r#"{"text": "a", "attachments": [{"name": 1}]}"#.into(), 422, "attachments[0]"),
        (json, "x".repeat(300 * 1024), 413, "larger than 262144 bytes"),
        ("text/plain", r#"{"text": "a"}"#.into(), 415, "application/json"),
        ("", r#"{"text": "a"}"#.into(), 415, "application/json"),
    ] {
        let refused = send(kind, body.clone().into_bytes()).await;
        let short: String = body.chars().take(40).collect();
        assert_eq!(refused.status.as_u16(), status, "{short}: {}", refused.text);
        assert!(refused.is_sentence() && refused.detail().contains(words), "{}", refused.text);
    }
    let refused = send(json, vec![b'{', b'"', 0xff, b'"', b'}']).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    assert!(refused.detail().contains("UTF-8"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_comes_from_the_token_alone() {
    let rig = Rig::new();
    let n = rig.open().await;
    let headers =
        [("x-staff", "chief"), ("x-forwarded-user", "chief"), ("callbox-role", "dispatcher")];
    let body = json!({ "text": "written" });
    let path = format!("/incidents/{n}/entries");
    let request = ask(Method::POST, &path, Some(rig.token(Role::Officer)), Some(&body), &headers);
    assert_eq!(rig.send(request).await.status, StatusCode::CREATED);
    let log = rig.get(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["entries"][0]["by"]["staff"], "officer");
    assert_eq!(log.json["entries"][0]["by"]["role"], "officer");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text_are_refused_wherever_they_stand() {
    let rig = Rig::new();
    let n = rig.open().await;
    let token = rig.token(Role::CallHandler);
    for name in ["idempotency-key", "callbox-happened-at", "if-match"] {
        let request = Request::post(format!("{BASE}/incidents/{n}/entries"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header(name, &[0xff, 0xfe][..])
            .body(Body::from(r#"{"text":"a"}"#))
            .unwrap();
        let refused = rig.send(request).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text);
        assert!(refused.is_sentence());
    }
    let request = Request::get(format!("{BASE}/incidents/{n}"))
        .header("authorization", format!("Bearer {}", rig.token(Role::Officer)))
        .header("callbox-purpose", &[0xff][..])
        .body(Body::empty())
        .unwrap();
    assert_eq!(rig.send(request).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for path in ["/incidents?code=%ff", "/incidents/%ff", "/units/%c3%28"] {
        let refused = rig.get(Role::CallHandler, path).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text);
        assert!(refused.is_sentence());
    }
    let request = Request::get(format!("{BASE}/me"))
        .header("authorization", &b"Bearer \xff\xff"[..])
        .body(Body::empty())
        .unwrap();
    assert_eq!(rig.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_wait_and_others_do_not() {
    let few = Limits { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(3).unwrap(), ..wide() };
    let rig = Rig::with(few, false);
    let mut refused = None;
    for _ in 0..6 {
        let answer = rig.get(Role::Dispatcher, "/me").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
        }
    }
    let refused = refused.expect("six at once are more than three");
    assert!(refused.is_sentence());
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(rig.get(Role::CallHandler, "/me").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_there_and_a_method_it_does_not_take_are_problems_too() {
    let rig = Rig::new();
    let token = Some(rig.token(Role::Dispatcher));
    let nowhere = rig.send(ask(Method::GET, "/nowhere", token, None, &[])).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(nowhere.is_sentence());
    let wrong = rig.send(ask(Method::DELETE, "/incidents", token, None, &[])).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong.is_sentence());
    let takes = |allow: &str| {
        let mut methods: Vec<String> = allow.split(',').map(str::to_owned).collect();
        methods.sort_unstable();
        methods.join(" ")
    };
    assert_eq!(takes(wrong.header("allow")), "GET HEAD POST");
    let options = rig.send(ask(Method::OPTIONS, "/incidents", None, None, &[])).await;
    assert_eq!(options.status, StatusCode::NO_CONTENT);
    assert_eq!(takes(options.header("allow")), "GET HEAD POST");
    let head = rig.send(ask(Method::HEAD, "/incidents", token, None, &[])).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
}
