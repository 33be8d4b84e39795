//! Guidance: found, read, linked where it applies, and marked when its review date is past.

use crate::pages::{get, sign_on};
use crate::rig::{POLICY, Rig};
use http::StatusCode;
use room::Act;
use rules::command::AdoptPolicy;
use rules::role::{By, Role};

/// Another policy holds, as when Callbox is started with it.
async fn adopt(rig: &Rig, toml: &str) {
    let toml = toml.replacen("version = \"1\"", "version = \"2\"", 1);
    let command = AdoptPolicy { toml };
    rig.room.act(Act::new(By::callbox(), command)).await.expect("it is sound");
}

#[tokio::test(flavor = "multi_thread")]
async fn guidance_is_found_and_one_article_shows_its_history() {
    let rig = Rig::new();
    let found = rig.get(Role::CallHandler, "/guidance?find=strangled").await;
    assert_eq!(found.json["articles"][0]["id"], "domestic-abuse", "{}", found.text);
    assert_eq!(found.json["articles"].as_array().unwrap().len(), 1);
    assert!(found.json["grades"].as_array().unwrap().len() > 2, "the grades are there as before");
    // The first article of the default policy is the one about missing people.
    let date = "next_review = \"2027-10-01\"";
    adopt(&rig, &POLICY.replacen(date, "next_review = \"2028-01-01\"", 1)).await;
    let one = rig.get(Role::Officer, "/guidance/missing-persons").await;
    assert_eq!(one.json["history"][0]["did"], "changed", "{}", one.text);
    assert_eq!(one.json["history"][0]["changes"][0]["place"], "next review");
    assert_eq!(one.json["history"][1]["did"], "entered");
    let none = rig.get(Role::Officer, "/guidance/nowhere").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert_eq!(rig.get(Role::Public, "/guidance").await.status, StatusCode::FORBIDDEN);

    let cookie = sign_on(&rig, Role::Dispatcher).await;
    let page = get(&rig, "/guidance/missing-persons", Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text;
    assert!(text.contains("College of Policing APP, missing persons"), "{text}");
    assert!(text.contains("2027-10-01") && text.contains("2028-01-01"), "before and after");
    assert!(text.contains("policy 2"), "{text}");
    let list = get(&rig, "/guidance?find=handbook", Some(&cookie)).await.text;
    assert!(list.contains("/guidance/panel-handbook") && !list.contains("/guidance/thrive"));
    let gone = get(&rig, "/guidance/nowhere", Some(&cookie)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_linked_on_the_log_and_says_when_its_review_is_past() {
    let rig = Rig::new();
    let n = rig.open().await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let path = format!("/incidents/{n}/panels/facts");
    let facts = get(&rig, &path, Some(&cookie)).await.text;
    assert!(facts.contains("href=\"/guidance/suicide-risk\""), "{facts}");
    assert!(!facts.contains("past its review date"), "{facts}");
    let sop = get(&rig, &format!("/incidents/{n}/panels/sop"), Some(&cookie)).await.text;
    assert!(sop.contains("href=\"/guidance/suicide-risk\""), "beside the step: {sop}");
    let late = POLICY.replace("last_reviewed = \"2026-", "last_reviewed = \"2019-");
    adopt(&rig, &late.replace("next_review = \"2027-", "next_review = \"2020-")).await;
    for path in [path, "/guidance".to_owned(), "/guidance/suicide-risk".to_owned()] {
        let page = get(&rig, &path, Some(&cookie)).await.text;
        assert!(page.to_lowercase().contains("past its review date"), "{path}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_articles_are_found_in() {
    let rig = Rig::new();
    let mut many = POLICY.to_owned();
    for i in 0..1_000 {
        many.push_str(&format!(
            "\n[[article]]\nid = \"copy-{i}\"\ntitle = \"Copy number {i}\"\nversion = \"1\"\n\
             owner = \"team_leader\"\nlast_reviewed = \"2026-10-01\"\n\
             next_review = \"2090-10-01\"\n\
             source = \"proposal\"\ncodes = [\"theft\"]\nsummary = \"words\"\n"
        ));
    }
    adopt(&rig, &many).await;
    let cookie = sign_on(&rig, Role::TeamLeader).await;
    let all = get(&rig, "/guidance", Some(&cookie)).await.text;
    assert_eq!(all.matches("id=\"article-").count(), 200, "the rest is found by a word");
    let one = get(&rig, "/guidance?find=copy-777", Some(&cookie)).await.text;
    assert!(one.contains("Copy number 777") && !one.contains("Copy number 778"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_holds_its_handbook_with_what_each_policy_changed() {
    let rig = Rig::new();
    let before = "The panel reads finished logs";
    adopt(&rig, &POLICY.replacen(before, "The panel reads closed logs", 1)).await;
    let got = rig.get(Role::PanelMember, "/panel/handbooks").await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.text);
    let [handbook] = got.json.as_array().unwrap().as_slice() else { panic!("{}", got.text) };
    assert_eq!(handbook["article"]["panel"], "quality assurance");
    assert_eq!(handbook["history"][0]["did"], "changed");
    for role in [Role::CallHandler, Role::Officer, Role::Public] {
        assert_eq!(rig.get(role, "/panel/handbooks").await.status, StatusCode::FORBIDDEN);
    }

    let cookie = sign_on(&rig, Role::PanelMember).await;
    let page = get(&rig, "/panel", Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("The panel reads closed logs"), "{}", page.text);
    assert!(page.text.contains(before), "what it said before stands in the history");
    assert!(!page.text.contains("How likely is harm"), "other articles are not the panel's");
    assert!(page.text.contains("href=\"/panel\""), "there is a way to it");
}
