//! A dip sample of escalations: drawn in a way that anybody can repeat, shown only when the look is
//! recorded, marked by reviewers, and summed.

use crate::pages::{form, get, sign_on};
use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Raises all that is owed until much of it was told as high, and answers one of them.
async fn told_upwards(rig: &Rig) {
    rig.open().await;
    for _ in 0..4 {
        let owed = rig.get(Role::TeamLeader, "/obligations?limit=50").await;
        for o in owed.json["rows"].as_array().unwrap() {
            let path = format!("/obligations/{}/raise", o["id"]);
            let reason = json!({ "reason": "nobody has looked at it" });
            rig.post(Role::TeamLeader, &path, reason).await;
        }
    }
    // The period ends with a whole second that is over.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
}

fn local(ms: i64) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let at = jiff::Timestamp::from_millisecond(ms).unwrap().to_zoned(zone);
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The obligations an answer has drawn, in its order.
fn ids(answer: &Value) -> Vec<u64> {
    let all = answer["drawn"].as_array().unwrap();
    all.iter().map(|one| one["obligation"].as_u64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dip_sample_is_drawn_again_by_its_seed_and_its_marks_are_summed() {
    let rig = Rig::new();
    let from = rig.room.now().0 - 3_600_000;
    told_upwards(&rig).await;
    let to = rig.room.now().0 / 1_000 * 1_000;
    let from = from / 1_000 * 1_000;
    let path = format!("/escalations/sample?from={from}&to={to}&size=3");
    let unsaid = rig.get(Role::TeamLeader, &path).await;
    assert_eq!(unsaid.status, StatusCode::PRECONDITION_REQUIRED, "{}", unsaid.text);
    let drawn = rig.look(Role::TeamLeader, &path).await;
    assert_eq!(drawn.status, StatusCode::OK, "{}", drawn.text);
    let seed = drawn.json["sample"]["seed"].as_str().unwrap().to_owned();
    let frame: Vec<u64> =
        drawn.json["frame"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    assert!(frame.len() > 3, "{}", drawn.text);
    let mut by_hand = frame.clone();
    by_hand.sort_by_key(|n| Sha256::digest(format!("{seed}:{n}")).to_vec());
    assert_eq!(ids(&drawn.json), by_hand[..3], "as anybody draws it");
    let first = &drawn.json["drawn"][0];
    assert!(!first["owed"].as_str().unwrap().is_empty() && first["n_told"].as_u64() > Some(0));
    let decided = &first["decided"][0];
    assert_eq!(decided["words"], "nobody has looked at it", "{first}");
    assert_eq!(decided["by"]["role"], "team_leader", "{first}");
    let again = rig.look(Role::Auditor, &format!("{path}&seed={seed}")).await;
    assert_eq!(ids(&again.json), ids(&drawn.json));

    // The page draws the same, and takes the marks.
    let cookie = sign_on(&rig, Role::TeamLeader).await;
    let address =
        format!("/decisions/sample?from={}&to={}&size=3&seed={seed}", local(from), local(to));
    let page = get(&rig, &address, Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for n in ids(&drawn.json) {
        assert!(page.text.contains(&format!("id=\"o-{n}\"")), "{n} is not in {}", page.text);
    }
    let mark = |n: u64, kept: &str| {
        format!(
            "obligation={n}&sample.from={from}&sample.to={to}&sample.size=3&sample.seed={seed}\
             &words=told+%3Cb%3Eand+decided&kept={kept}"
        )
    };
    for (n, kept) in by_hand[..2].iter().zip(["yes", "no"]) {
        let done = mark(*n, kept);
        let done = form(&rig, "/do/mark_escalation", Some(&cookie), "http://callbox", done).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let page = get(&rig, &address, Some(&cookie)).await;
    assert!(page.text.contains("Marked: 2 of 3. Kept: 1. Not kept: 1."), "{}", page.text);
    assert!(page.text.contains("told &lt;b&gt;and decided"), "{}", page.text);
    let summed = rig.look(Role::Auditor, &format!("{path}&seed={seed}")).await;
    assert_eq!((&summed.json["n_marked"], &summed.json["kept_percent"]), (&json!(2), &json!(50)));

    // Who was drawn is part of the look.
    let looks = rig.look(Role::Auditor, "/audit?words=dip%20sample").await;
    let drawn = drawn.json["drawn"].as_array().unwrap().iter();
    let names: Vec<&str> = drawn.map(|one| one["about_words"].as_str().unwrap()).collect();
    let found = format!("found {} | ", names.join(", "));
    assert!(looks.text.contains(&found), "{found}: {}", looks.text);
    let journal = rig.look(Role::Auditor, "/journal?limit=1000").await;
    assert!(journal.text.contains("escalation_marked"), "a mark is a record");
    let officer = rig.look(Role::Officer, &path).await;
    assert_eq!(officer.status, StatusCode::FORBIDDEN);
    let later = format!("/escalations/sample?from={from}&to={}", to + 3_600_000);
    let later = rig.look(Role::TeamLeader, &later).await;
    assert_eq!(later.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", later.text);
    assert!(later.detail().contains("a period that is over"), "{}", later.text);
}
