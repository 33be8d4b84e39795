//! The command line of the console: done, refused, asked back, taken back, once.

use crate::rig::{Answer, Rig, ask};
use http::{Method, StatusCode};
use rules::role::Role;
use serde_json::json;

/// A room with a log and three units.
async fn scene() -> (Rig, String) {
    let rig = Rig::new();
    let n = rig.open().await;
    for unit in ["DC14", "DC22", "NPT22"] {
        let body = json!({ "kind": "response", "crew": ["officer"] });
        let done = rig.put(Role::Dispatcher, &format!("/units/{unit}"), body).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    (rig, n)
}

async fn line(rig: &Rig, role: Role, text: &str, log: &str) -> Answer {
    rig.post(role, "/command-line", json!({ "line": text, "selected": log })).await
}

async fn line_as(rig: &Rig, key: &str, text: &str, log: &str) -> Answer {
    let body = json!({ "line": text, "selected": log });
    let token = Some(rig.token(Role::Dispatcher));
    rig.send(ask(Method::POST, "/command-line", token, Some(&body), &[("idempotency-key", key)]))
        .await
}

async fn on(rig: &Rig, unit: &str) -> serde_json::Value {
    rig.get(Role::Dispatcher, &format!("/units/{unit}")).await.json["on"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_done_with_a_receipt_for_each_command() {
    let (rig, n) = scene().await;
    let would = json!({ "line": "D 14 DC22", "selected": n, "dry_run": true });
    let would = rig.post(Role::Dispatcher, "/command-line", would).await;
    assert_eq!(would.status, StatusCode::OK, "{}", would.text);
    assert_eq!(would.json["receipts"], json!([]));
    assert!(on(&rig, "DC14").await.is_null(), "a dry run does nothing");

    let done = line(&rig, Role::Dispatcher, "d 14  dc22", &n).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(done.json["says"], would.json["says"]);
    let receipts = done.json["receipts"].as_array().unwrap();
    assert_eq!(receipts.len(), 2);
    assert!(receipts.iter().all(|r| r["do"] == "deploy_unit" && r["repeated"] == false));
    assert_eq!((on(&rig, "DC14").await, on(&rig, "DC22").await), (json!(n), json!(n)));

    let undone = line(&rig, Role::Dispatcher, "U", &n).await;
    assert_eq!(undone.json["receipts"].as_array().unwrap().len(), 2, "{}", undone.text);
    assert!(on(&rig, "DC14").await.is_null() && on(&rig, "DC22").await.is_null());
    let twice = line(&rig, Role::Dispatcher, "U", &n).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_sent_again_happens_once() {
    let (rig, n) = scene().await;
    let key = "0191d0f0-7f3c-7000-8000-00000000a001";
    let first = line_as(&rig, key, "D 14 DC22", &n).await;
    let again = line_as(&rig, key, "D 14 DC22", &n).await;
    assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK), "{}", again.text);
    assert_eq!(first.json["says"], again.json["says"]);
    for at in 0..2 {
        let (was, is) = (&first.json["receipts"][at], &again.json["receipts"][at]);
        assert!(was["id"].is_string() && was["id"] == is["id"], "{}", again.text);
        assert_eq!((&was["repeated"], &is["repeated"]), (&json!(false), &json!(true)));
    }
    let other = line_as(&rig, key, "N seen at home", &n).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    assert!(!log.text.contains("seen at home"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_is_refused_as_at_its_own_address_and_nothing_is_done() {
    let (rig, n) = scene().await;
    let refused = line(&rig, Role::CallHandler, "D 14", &n).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert!(refused.detail().contains("(deploy unit)"));
    let looked = line(&rig, Role::CallHandler, "O", &n).await;
    assert_eq!(looked.status, StatusCode::FORBIDDEN, "{}", looked.text);
    let kept_out = line(&rig, Role::Analyst, "?", &n).await;
    assert!(kept_out.detail().contains("(command line)"), "{}", kept_out.text);

    // The second unit is at court: the first is not sent either.
    let court = line(&rig, Role::Dispatcher, "10 DC22", &n).await;
    assert_eq!(court.status, StatusCode::OK, "{}", court.text);
    let before = rig.room.view().seq;
    let half = line(&rig, Role::Dispatcher, "D 14 DC22", &n).await;
    assert_eq!(half.status, StatusCode::CONFLICT, "{}", half.text);
    assert!(half.is_sentence() && half.detail().contains("DC22"));
    assert!(on(&rig, "DC14").await.is_null());
    let since = rig.room.notices_after(before, 100).unwrap();
    assert!(since.iter().all(|notice| notice.by.staff.as_str() == "callbox"));
    // A refusal leaves the line before to be taken back.
    let undone = line(&rig, Role::Dispatcher, "U", &n).await;
    assert_eq!(undone.json["receipts"][0]["do"], "set_status", "{}", undone.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_asks_shows_or_names_the_word_at_fault() {
    let (rig, n) = scene().await;
    let which = line(&rig, Role::Dispatcher, "D 22", &n).await;
    assert_eq!(which.json["choose"][0]["line"], "D DC22", "{}", which.text);
    assert_eq!(which.json["choose"][1]["line"], "D NPT22");
    assert_eq!(which.json["receipts"], json!([]));
    let shown = line(&rig, Role::Dispatcher, "F davies 1991", &n).await;
    assert_eq!(shown.json["show"], json!({ "view": "find", "words": "davies 1991" }));
    let wrong = line(&rig, Role::Dispatcher, "D 15", &n).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert!(wrong.is_sentence() && wrong.detail().contains("'15'"));
    assert_eq!(wrong.json["items"], json!(["D DC14"]));
    let noted = line(&rig, Role::CallHandler, "! he has a knife", &n).await;
    assert_eq!(noted.json["receipts"][0]["do"], "add_entry", "{}", noted.text);
    let unread = rig.post(Role::Dispatcher, "/command-line", json!({ "text": "D 14" })).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unread.text);
    assert!(unread.is_sentence());
}
