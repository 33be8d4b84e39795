//! Lists and pages.

use crate::rig::{Rig, ask};
use http::{Method, StatusCode};
use rules::role::Role;
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_board_hold_every_log_once() {
    let rig = Rig::new();
    let mut opened = BTreeSet::new();
    for _ in 0..11 {
        opened.insert(rig.open().await);
    }
    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = rig.get(Role::Dispatcher, &format!("/incidents?limit=4{cursor}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert_eq!((&page.json["total"], &page.json["pages"]), (&json!(11), &json!(3)));
        let rows = page.json["rows"].as_array().unwrap();
        seen.extend(rows.iter().map(|r| r["n"].as_str().unwrap().to_owned()));
        pages += 1;
        match page.json["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (3, 11));
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), opened);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_a_size_and_a_filter_is_understood_or_refused() {
    let rig = Rig::new();
    rig.open().await;
    for wrong in [
        "/incidents?limit=0",
        "/incidents?limit=1001",
        "/incidents?limit=1000000000",
        "/incidents?limit=-1",
        "/incidents?limit=many",
        "/incidents?cursor=x",
        "/incidents?cursor=20200101-0001.x",
        "/incidents?grade=0",
        "/incidents?desk=cleaner",
        "/incidents?sort=asc",
        "/incidents?limit=1&limit=2",
        "/obligations?limit=0",
        "/obligations?incident=x",
        "/meeting?limit=0",
        "/duty?limit=1",
    ] {
        let refused = rig.get(Role::Dispatcher, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", refused.text);
        assert!(refused.is_sentence(), "{}", refused.text);
    }
    let refused = rig.look(Role::Auditor, "/journal?limit=0").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    for (query, n) in [
        ("grade=1", 0),
        ("code=concern%20for%20safety", 1),
        ("owner=call_handler", 1),
        ("desk=dispatcher", 0),
        ("district=central", 1),
        ("late=true", 0),
        ("cursor=20200101-0001.0", 1),
        ("cursor=20200101-0001.18446744073709551615", 0),
    ] {
        let page = rig.get(Role::Dispatcher, &format!("/incidents?{query}")).await;
        assert_eq!(page.json["rows"].as_array().map(Vec::len), Some(n), "{query}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_shows_what_is_there() {
    let rig = Rig::new();
    let n = rig.open().await;
    rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD07" })).await;
    rig.put(Role::Dispatcher, "/units/DC14", json!({ "kind": "response" })).await;
    let built = rig.post(Role::Dispatcher, "/handovers", json!({ "desk": "dispatcher" })).await;
    for path in [
        "/risk",
        "/units",
        "/units/DC14",
        "/resources",
        "/alarms",
        "/alarms/counts",
        "/decisions",
        "/obligations",
        "/escalations",
        "/crimes",
        "/duty",
        "/meeting",
        "/handovers",
        "/guidance",
        "/policy",
        "/rules",
        "/me",
        "/code-help?words=he%20has%20a%20knife",
    ] {
        let role = if path == "/units" { Role::Officer } else { Role::TeamLeader };
        let shown = rig.get(role, path).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.text);
        assert!(!shown.json.is_null(), "{path}");
    }
    let owed = rig.get(Role::Dispatcher, &format!("/obligations?incident={n}&limit=2")).await;
    assert_eq!(owed.json["rows"].as_array().unwrap().len(), 2, "{}", owed.text);
    let next = owed.json["next"].as_u64().unwrap();
    let rest = rig.get(Role::Dispatcher, &format!("/obligations?incident={n}&after={next}")).await;
    assert!(rest.json["rows"][0]["id"].as_u64().unwrap() > next);
    let near = rig.get(Role::Dispatcher, &format!("/incidents/{n}/candidates")).await;
    assert_eq!(near.status, StatusCode::OK, "{}", near.text);
    let me = rig.get(Role::Officer, "/me").await;
    assert_eq!(me.json["role"], "officer");
    let actions = me.json["actions"].as_array().unwrap();
    assert!(
        actions.contains(&json!("open_risk_card")) && !actions.contains(&json!("view_journal"))
    );
    if let Some(location) = built.headers.get("location") {
        let path = location.to_str().unwrap().to_owned();
        assert_eq!(rig.get(Role::Dispatcher, &path).await.status, StatusCode::OK);
    }
    assert_eq!(rig.get(Role::Dispatcher, "/handovers/999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(rig.get(Role::Dispatcher, "/units/XX99").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_shown_as_it_is_kept() {
    let rig = Rig::new();
    rig.open().await;
    let page = rig.look(Role::Auditor, "/journal?limit=2").await;
    let records = page.json["records"].as_array().unwrap();
    assert_eq!((records.len(), &records[0]["seq"]), (2, &json!(1)), "{}", page.text);
    assert_eq!(records[0]["kind"], "policy_adopted");
    assert_eq!(records[1]["hash"].as_str().unwrap().len(), 64);
    assert_eq!(page.json["next"], 2);
    let beyond = rig.look(Role::Auditor, "/journal?after=18446744073709551615").await;
    assert_eq!(beyond.json, json!({ "records": [] }), "{}", beyond.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_open_logs_fit_on_one_page_of_400_kb() {
    let rig = std::sync::Arc::new(Rig::new());
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let rig = rig.clone();
            tokio::spawn(async move {
                for _ in 0..100 {
                    let n = rig.open().await;
                    let grade = json!({ "grade": 2 });
                    rig.put(Role::CallHandler, &format!("/incidents/{n}/grade"), grade).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let started = std::time::Instant::now();
    let page = rig.get(Role::Dispatcher, "/incidents").await;
    let took = started.elapsed();
    assert_eq!(page.json["rows"].as_array().unwrap().len(), 1_000);
    println!("1,000 open logs: {} bytes in {took:?}", page.text.len());
    assert!(page.text.len() <= 400_000, "{} bytes", page.text.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_how_it_is() {
    let rig = Rig::new();
    let request = http::Request::get("/healthz").body(axum::body::Body::empty()).unwrap();
    let health = rig.send(request).await;
    assert_eq!(health.status, StatusCode::OK, "{}", health.text);
    assert_eq!((&health.json["ok"], &health.json["writer"]), (&json!(true), &json!(true)));
    rig.room.close();
    // An answer is shared for a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let request = http::Request::get("/healthz").body(axum::body::Body::empty()).unwrap();
    let health = rig.send(request).await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE, "{}", health.text);
    let token = Some(rig.token(Role::CallHandler));
    let body = json!({ "channel": "999" });
    let unsaved = rig.send(ask(Method::POST, "/contacts", token, Some(&body), &[])).await;
    assert_eq!(unsaved.status, StatusCode::SERVICE_UNAVAILABLE, "{}", unsaved.text);
    assert!(unsaved.is_sentence() && !unsaved.header("retry-after").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_keep_it_private() {
    let rig = Rig::new();
    for (path, token) in [("/me", Some(Role::Dispatcher)), ("/me", None), ("/nowhere", None)] {
        let token = token.map(|role| rig.token(role));
        let answer = rig.send(ask(Method::GET, path, token, None, &[])).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    }
}
