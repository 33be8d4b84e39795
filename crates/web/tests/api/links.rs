//! Logs that belong together: the link on both sides, and what earlier logs say.

use crate::log::Desk;
use crate::pages::{get, sign_on};
use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::json;
use std::time::Duration;

async fn opened(rig: &Rig, words: &str) -> String {
    let body = json!({
        "opening_code": "civil dispute",
        "location": { "known": "known", "words": "3 Mill Lane" },
        "words": words,
        "informant": { "name": "Sian Rees", "line": "07700 900123" },
    });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    done.json["incident"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_log_is_linked_and_both_sides_say_how() {
    let desk = Desk::of(Role::CallHandler).await;
    let old = desk.rig.open_and_close().await;
    desk.done("link_incident", &format!("other={old}&relation=original")).await;
    let here = desk.rig.look(Role::CallHandler, &format!("/incidents/{}", desk.n)).await;
    assert_eq!(here.json["links"][0]["other"], old, "{}", here.text);
    assert_eq!(here.json["links"][0]["relation"], "original");
    let part = desk.part("links").await.text;
    assert!(part.contains(&old) && part.contains("the one that this duplicates"), "{part}");
    let there = desk.rig.look(Role::CallHandler, &format!("/incidents/{old}")).await;
    assert_eq!(there.json["open"], false, "it stays closed");
    assert_eq!(there.json["links"][0]["other"], desk.n, "{}", there.text);
    assert_eq!(there.json["links"][0]["relation"], "duplicate", "seen from its own side");
    let again = desk.deed("link_incident", &format!("other={old}&relation=related")).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    for (how, back) in [("child", "parent"), ("related", "related")] {
        let other = desk.rig.open().await;
        desk.done("link_incident", &format!("other={other}&relation={how}")).await;
        let there = desk.rig.look(Role::CallHandler, &format!("/incidents/{other}")).await;
        assert_eq!(there.json["links"][0]["relation"], back, "{how}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_is_shown_recorded_and_written_down() {
    let rig = Rig::new();
    let old = rig.open_and_close().await;
    let elsewhere = rig.open().await;
    let n = opened(&rig, "he has moved the fence <script>again").await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    assert!(rig.room.history().wait_for(rig.room.view().seq, Duration::from_secs(20)));
    let page = get(&rig, &format!("/incidents/{n}/earlier"), Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for told in [
        &*old,
        "Same place",
        "same opening code",
        "told where to get advice",
        "no risk was found, nobody holds any",
        "no deployment - advice",
    ] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    assert!(!page.text.contains(&elsewhere), "another place and another person");
    let reads = rig.get(Role::Auditor, "/audit").await;
    let mut reads = reads.json["reads"].as_array().unwrap().iter();
    let look = reads.find(|r| r["what"] == format!("earlier logs of {n}")).unwrap();
    assert!(look["purpose"].as_str().unwrap().contains(&format!("log {old}")), "{look}");
    let api = rig.look(Role::CallHandler, &format!("/incidents/{n}/earlier")).await;
    assert_eq!(api.json["logs"][0]["incident"], old, "{}", api.text);
    assert_eq!(api.json["logs"][0]["because"], json!(["place"]));
    let without = rig.get(Role::Investigator, &format!("/incidents/{n}/earlier")).await;
    assert_eq!(without.status, StatusCode::PRECONDITION_REQUIRED, "{}", without.text);
    let found = json!({ "check": "earlier logs",
        "outcome": { "done": "the same fence; the advice did not hold, PCSO to visit" } });
    let path = format!("/incidents/{n}/checks/outcomes");
    assert_eq!(rig.post(Role::CallHandler, &path, found).await.status, StatusCode::OK);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert!(log.text.contains("the advice did not hold"), "{}", log.text);
}
