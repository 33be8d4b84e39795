//! Briefings and the directory of agencies, by page and by programs.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, Rig};
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

async fn post(rig: &Rig, name: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    form(rig, &format!("/do/{name}"), Some(cookie), "http://callbox", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_briefing_is_on_every_page_of_its_roles_until_they_have_read_it() {
    let rig = Rig::new();
    let leader = sign_on(&rig, Role::TeamLeader).await;
    let handler = sign_on(&rig, Role::CallHandler).await;
    let officer = sign_on(&rig, Role::Officer).await;
    let back = ("deed-back", "/briefings");
    let fields = [
        ("title", "Rail <script>alert(1)</script>"),
        ("text", "Ring the rail control room first. <img src=x>"),
        ("roles", "call_handler"),
        ("roles", "dispatcher"),
        ("until.in_minutes", "1440"),
        ("read_by.in_minutes", ""),
        back,
    ];
    let refused = post(&rig, "publish_briefing", &handler, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = post(&rig, "publish_briefing", &leader, &fields).await;
    assert_eq!(done.header("location"), "/briefings", "{}", done.text);
    for path in ["/", "/calls", "/briefings"] {
        let page = get(&rig, path, Some(&handler)).await;
        assert!(page.text.contains("1 briefing to read"), "{path}: {}", page.text);
        assert!(page.text.contains("Rail &lt;script&gt;"), "{path}");
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img"), "{path}");
    }
    for cookie in [&leader, &officer] {
        let page = get(&rig, "/briefings", Some(cookie)).await;
        assert!(!page.text.contains("briefing to read"), "{}", page.text);
    }
    let readers = get(&rig, "/briefings", Some(&leader)).await;
    assert!(readers.text.contains("0 have read it"), "{}", readers.text);
    assert!(!get(&rig, "/briefings", Some(&handler)).await.text.contains("have read it,"));
    let read = post(&rig, "read_briefing", &handler, &[("briefing", "1"), back]).await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.text);
    let page = get(&rig, "/", Some(&handler)).await;
    assert!(!page.text.contains("briefing to read"), "{}", page.text);
    let not_mine = post(&rig, "read_briefing", &officer, &[("briefing", "1"), back]).await;
    assert!(not_mine.text.contains("is not for the role officer"), "{}", not_mine.text);
    let proof = rig.get(Role::Auditor, "/briefings/readers").await;
    assert_eq!(proof.json[0]["read"][0]["by"]["staff"], "call_handler", "{}", proof.text);
    assert!(proof.json[0]["read"][0]["at"].as_i64().is_some());
    let end = [("briefing", "1"), ("reason", "it was wrong"), back];
    let done = post(&rig, "withdraw_briefing", &leader, &end).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let readers = get(&rig, "/briefings", Some(&leader)).await;
    assert!(readers.text.contains("Withdrawn: it was wrong"), "the proof stays");
    assert_eq!(rig.get(Role::Dispatcher, "/briefings").await.json, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_is_entered_found_and_named_where_its_step_is_read() {
    let rig = Rig::new();
    let n = rig.open().await;
    let fim = sign_on(&rig, Role::ForceIncidentManager).await;
    let handler = sign_on(&rig, Role::CallHandler).await;
    let policy = rig.room.view().policy.clone();
    let row = policy.opening_code.iter().find(|c| c.code.as_str() == "concern for safety").unwrap();
    // The kind is a word of a step, as a force would have it.
    let word = row.sop[0].words.split_whitespace().find(|w| w.len() > 5).unwrap();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let back = ("deed-back", "/agencies");
    let fields = [
        ("agency", "Rail control"),
        ("kind", word),
        ("numbers.0.purpose", "control room"),
        ("numbers.0.line", "01632 960100"),
        ("numbers.1.purpose", ""),
        ("numbers.1.line", ""),
        ("hours", ""),
        ("note", "ask for <b>the</b> duty manager"),
        back,
    ];
    let refused = post(&rig, "enter_agency", &handler, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = post(&rig, "enter_agency", &fim, &fields).await;
    assert_eq!(done.header("location"), "/agencies", "{}", done.text);
    let page = get(&rig, "/agencies?find=rail", Some(&handler)).await;
    assert!(page.text.contains("href=\"tel:01632960100\""), "{}", page.text);
    assert!(page.text.contains("data-copy=\"01632 960100\""));
    assert!(page.text.contains("&lt;b&gt;the&lt;/b&gt;") && !page.text.contains("enter_agency"));
    let none = get(&rig, "/fragments/agencies?find=zebra", Some(&handler)).await;
    assert!(none.text.contains("0 found") && !none.text.contains("Rail control"));
    let why = "purpose=a+check+of+the+test".to_owned();
    let path = format!("/incidents/{n}");
    let log = form(&rig, &path, Some(&handler), "http://callbox", why).await;
    assert!(log.text.contains("Ring Rail control"), "{}", log.text);
    let by_program = rig.get(Role::Dispatcher, "/agencies?find=960100").await;
    assert_eq!(by_program.json[0]["agency"], "Rail control");
    let number = json!([{ "purpose": "desk", "line": "01632 960199" }]);
    let body = json!({ "kind": "rail", "numbers": number });
    let put = rig.put(Role::Administrator, "/agencies/Rail%20control", body).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.text);
    let gone = [("agency", "Rail control"), ("reason", "closed"), back];
    let done = post(&rig, "remove_agency", &fim, &gone).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(rig.get(Role::Dispatcher, "/agencies").await.json, json!([]));
}
