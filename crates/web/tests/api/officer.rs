//! The officer's page: whose it is, what is on it, and that each deed of it is a command.

use crate::pages::sign_on;
use crate::rig::{Answer, Rig};
use axum::body::Body;
use http::{Request, StatusCode};
use rules::role::Role;
use serde_json::json;

/// A unit with the rig's officer on it.
async fn crewed(rig: &Rig, crew: &[&str]) {
    let unit = json!({ "crew": crew, "kind": "response" });
    let done = rig.put(Role::Dispatcher, "/units/DC14", unit).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
}

async fn sent(rig: &Rig, silent: bool) -> String {
    let n = rig.open().await;
    let body = json!({ "call_sign": "DC14", "silent": silent });
    let done = rig.post(Role::Dispatcher, &format!("/incidents/{n}/deployments"), body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    n
}

async fn get(rig: &Rig, path: &str, cookie: &str) -> Answer {
    rig.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
}

async fn deed(rig: &Rig, cookie: &str, command: &str, body: String) -> Answer {
    let request = Request::post(format!("/do/{command}"))
        .header("host", "callbox")
        .header("origin", "http://callbox")
        .header("accept", "application/json")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    rig.send(request.body(Body::from(body)).unwrap()).await
}

async fn entry(rig: &Rig, n: &str, text: &str, critical: bool) {
    let body = json!({ "text": text, "critical": critical });
    let done = rig.post(Role::Dispatcher, &format!("/incidents/{n}/entries"), body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_officer_has_a_job_page_and_every_look_at_a_job_is_recorded_once() {
    let rig = Rig::new();
    crewed(&rig, &["officer"]).await;
    let n = sent(&rig, false).await;
    let away = rig.send(Request::get("/officer").body(Body::empty()).unwrap()).await;
    assert_eq!(away.header("location"), "/sign-on");
    let dispatcher = sign_on(&rig, Role::Dispatcher).await;
    assert_eq!(get(&rig, "/officer", &dispatcher).await.status, StatusCode::FORBIDDEN);
    let cookie = sign_on(&rig, Role::Officer).await;
    let page = get(&rig, "/officer", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.header("callbox-keep"), "yes");
    assert!(page.text.contains("12 High Street") && page.text.contains("my neighbour"));
    let title = page.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert_eq!(title, "My job - Callbox");
    for _ in 0..3 {
        assert_eq!(get(&rig, "/officer/now", &cookie).await.status, StatusCode::OK);
    }
    let reads = rig.get(Role::Auditor, "/audit").await;
    let mine = reads.json["reads"].as_array().unwrap().iter();
    let mine: Vec<_> = mine.filter(|r| r["what"] == format!("incident {n}")).collect();
    assert_eq!(mine.len(), 1, "{}", reads.text);
    assert_eq!(mine[0]["purpose"], "handling");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_warnings_come_before_at_scene_and_what_is_new_is_loud() {
    let rig = Rig::new();
    crewed(&rig, &["officer"]).await;
    let n = sent(&rig, true).await;
    entry(&rig, &n, "<script>alert(1)</script> he has a knife", true).await;
    let cookie = sign_on(&rig, Role::Officer).await;
    let page = get(&rig, "/officer", &cookie).await.text;
    assert!(page.contains("SILENT deployment") && page.contains("href=\"#risk\""), "{page}");
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"));
    let six = "call_sign=DC14&status=6".to_owned();
    let refused = deed(&rig, &cookie, "set_status", six.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.detail().contains("open it before 'at scene'"), "{}", refused.text);
    let card = format!("incident={n}&call_sign=DC14");
    let opened = deed(&rig, &cookie, "open_risk_card", card).await;
    assert_eq!(opened.json["events"][0], "risk_card_opened", "{}", opened.text);
    assert_eq!(deed(&rig, &cookie, "set_status", six).await.status, StatusCode::OK);
    entry(&rig, &n, "she is in the loft", true).await;
    let now = get(&rig, "/officer/now", &cookie).await.text;
    assert!(now.contains("1 new since you opened it") && now.contains("role=\"alert\""), "{now}");
    assert!(now.contains("I am well"), "{now}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_says_whom_they_saw_and_is_told_that_they_are_released() {
    let rig = Rig::new();
    crewed(&rig, &["officer"]).await;
    let n = sent(&rig, false).await;
    let cookie = sign_on(&rig, Role::Officer).await;
    deed(&rig, &cookie, "open_risk_card", format!("incident={n}&call_sign=DC14")).await;
    deed(&rig, &cookie, "set_status", "call_sign=DC14&status=6".into()).await;
    let free = "call_sign=DC14&status=2".to_owned();
    let refused = deed(&rig, &cookie, "set_status", free.clone()).await;
    assert!(refused.detail().contains("saw and spoke"), "{}", refused.text);
    let said = format!("{free}&seen.not_applicable=nobody+answered");
    let left = deed(&rig, &cookie, "set_status", said).await;
    assert_eq!(left.json["events"][0], "entry_added", "{}", left.text);
    let down = json!({ "reason": "no more to do" });
    let path = format!("/incidents/{n}/deployments/DC14/stand-down");
    assert_eq!(rig.post(Role::Dispatcher, &path, down).await.status, StatusCode::OK);
    let now = get(&rig, "/officer/now", &cookie).await.text;
    assert!(now.contains("You are RELEASED from") && now.contains("has NO unit now"), "{now}");
    assert!(!now.contains("my neighbour"), "the job is gone from the page");
    let done = deed(&rig, &cookie, "confirm_release", format!("incident={n}&call_sign=DC14")).await;
    assert_eq!(done.json["events"][0], "release_confirmed", "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_connection_happens_once_and_when_it_was_done() {
    let rig = Rig::new();
    crewed(&rig, &["officer"]).await;
    let n = sent(&rig, false).await;
    let cookie = sign_on(&rig, Role::Officer).await;
    let id = uuid::Uuid::new_v4();
    let body = format!("incident={n}&text=the+back+door+is+open&deed-id={id}&deed-ago=1200");
    let done = deed(&rig, &cookie, "add_entry", body.clone()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    // Sent again, later, because its answer was lost.
    let later = body.replace("deed-ago=1200", "deed-ago=9700");
    let again = deed(&rig, &cookie, "add_entry", later).await;
    assert_eq!(again.json["repeated"], true, "{}", again.text);
    assert_eq!(again.json["first_seq"], done.json["first_seq"], "{}", again.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    let entry = &log.json["entries"][0];
    assert_eq!(log.json["entries"].as_array().unwrap().len(), 1, "{}", log.text);
    let at = |name: &str| entry[name].as_i64().unwrap();
    assert!(at("recorded_at") - at("happened_at") >= 1_200, "{entry}");
    // What somebody says about the time stands above what the browser says.
    let told = format!("incident={n}&text=told&deed-ago=1200&deed-happened=00:00");
    let done = deed(&rig, &cookie, "add_entry", told).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    let told = log.json["entries"].as_array().unwrap().iter().find(|e| e["text"] == "told");
    let midnight = told.unwrap()["happened_at"].as_i64().unwrap();
    assert_eq!(midnight % 3_600_000, 0, "a full hour in London, and not 1.2 s ago");
    let old = format!("incident={n}&text=x&deed-ago=90000000");
    let refused = deed(&rig, &cookie, "add_entry", old).await;
    assert!(refused.detail().contains("older than a shift"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_on_no_crew_chooses_a_unit_that_has_none() {
    let rig = Rig::new();
    crewed(&rig, &["somebody else"]).await;
    let unit = json!({ "kind": "response" });
    rig.put(Role::Dispatcher, "/units/DC15", unit).await;
    let cookie = sign_on(&rig, Role::Officer).await;
    let page = get(&rig, "/officer", &cookie).await;
    assert_eq!(page.header("callbox-keep"), "no");
    assert!(page.text.contains("value=\"DC15\"") && !page.text.contains("value=\"DC14\""));
    let choose = |unit: &str| {
        let request = Request::post("/officer/unit")
            .header("host", "callbox")
            .header("origin", "http://callbox")
            .header("cookie", &cookie);
        rig.send(request.body(Body::from(format!("call_sign={unit}"))).unwrap())
    };
    let refused = choose("DC14").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("ask the dispatcher"), "{}", refused.text);
    let chosen = choose("DC15").await;
    let mine = chosen.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(mine, "callbox_unit=DC15");
    let page = get(&rig, "/officer", &format!("{cookie}; {mine}")).await;
    assert!(page.text.contains("data-unit=\"DC15\""), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_asks_to_close_and_the_owner_looks_at_the_risk_first() {
    let rig = Rig::new();
    crewed(&rig, &["officer"]).await;
    let body = json!({
        "opening_code": "road related offence",
        "location": { "known": "known", "words": "Castle Street" },
        "words": "He is in the car, drinking. He had tried to take his own life multiple times.",
    });
    let n = rig.post(Role::CallHandler, "/incidents", body).await.json["incident"].clone();
    let n = n.as_str().unwrap();
    let rated: Vec<_> = ["threat", "harm", "risk", "investigation", "vulnerability", "engagement"]
        .iter()
        .map(|e| json!({ "element": e, "rating": "low", "rationale": "he drives, drunk" }))
        .collect();
    let thrive = json!({ "elements": rated });
    rig.post(Role::CallHandler, &format!("/incidents/{n}/thrive"), thrive).await;
    let send = json!({ "call_sign": "DC14" });
    rig.post(Role::Dispatcher, &format!("/incidents/{n}/deployments"), send).await;
    let cookie = sign_on(&rig, Role::Officer).await;
    let page = get(&rig, "/officer", &cookie).await.text;
    assert!(page.contains("tried to take his own life multiple times"), "{page}");
    assert!(page.contains("Ask to close: I did NOT see them"), "{page}");
    let ask = format!("incident={n}&found=car+locked,+he+walks+away&risk_now=no+drink+driving+now");
    let refused = deed(&rig, &cookie, "ask_to_close", ask.clone()).await;
    assert!(refused.detail().contains("saw and spoke"), "{}", refused.text);
    let unseen = format!("{ask}&seen.not_applicable=he+was+across+the+street");
    let done = deed(&rig, &cookie, "ask_to_close", unseen).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let entry = &log.json["entries"][0];
    assert!(entry["text"].as_str().unwrap().contains("Risk now: no drink driving now"), "{entry}");
    assert_eq!(entry["critical"], true, "nobody has seen him: {entry}");
    let question = &log.json["questions"][0];
    assert_eq!(question["to"]["staff"], "call_handler", "the owner is asked: {question}");
    let way = log.json["in_the_way"].to_string();
    for wanted in ["an answer: 1", "THRIVE again: new information", "DC14 stood down"] {
        assert!(way.contains(wanted), "{wanted}: {way}");
    }
    let answer = json!({ "outcome": { "done": "no: find him and speak to him first" } });
    let path = format!("/incidents/{n}/questions/1/answer");
    assert_eq!(rig.post(Role::CallHandler, &path, answer).await.status, StatusCode::OK);
    let now = get(&rig, "/officer/now", &cookie).await.text;
    assert!(now.contains("find him and speak to him first"), "{now}");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_off_empties_the_phone() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::Officer).await;
    let request = Request::post("/sign-off")
        .header("host", "callbox")
        .header("origin", "http://callbox")
        .header("cookie", &cookie);
    let off = rig.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(off.header("clear-site-data"), "\"storage\"");
    let worker = rig.send(Request::get("/officer-sw.js").body(Body::empty()).unwrap()).await;
    assert!(worker.header("content-type").starts_with("text/javascript"));
    assert!(worker.header("content-security-policy").contains("connect-src 'self'"));
}
