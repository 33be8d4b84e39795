//! A person's record is shown with a purpose, and after the look has been recorded.

use crate::rig::{Rig, ask};
use http::{Method, StatusCode};
use rules::event::Event;
use rules::role::Role;
use serde_json::json;

pub fn looks(rig: &Rig) -> Vec<(String, String, String)> {
    let notices = rig.room.notices_after(0, 100_000).unwrap();
    let look = |n: &room::Notice| match &*n.event {
        Event::RecordRead { what, purpose } => {
            Some((n.by.staff.to_string(), what.to_string(), purpose.to_string()))
        }
        _ => None,
    };
    notices.iter().filter_map(look).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_looks_without_a_purpose_or_unrecorded() {
    let rig = Rig::new();
    let n = rig.open().await;
    let contact = json!({ "channel": "999", "words": "help me" });
    let contact = rig.post(Role::CallHandler, "/contacts", contact).await;
    assert_eq!(contact.status, StatusCode::CREATED, "{}", contact.text);
    let contact = &contact.json["contact"];
    for (role, path, what) in [
        (Role::Dispatcher, format!("/incidents/{n}"), format!("incident {n}")),
        (Role::Officer, format!("/incidents/{n}"), format!("incident {n}")),
        (Role::DigitalDesk, format!("/contacts/{contact}"), format!("contact {contact}")),
        (Role::Investigator, "/history?words=fence".to_owned(), "search by words".to_owned()),
        (Role::Auditor, "/journal".to_owned(), "journal after 0".to_owned()),
    ] {
        let before = looks(&rig).len();
        let refused = rig.get(role, &path).await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_REQUIRED, "{path}: {}", refused.text);
        assert!(refused.is_sentence() && refused.detail().starts_with("say why you look"));
        assert_eq!(looks(&rig).len(), before, "nothing was shown");
        let shown = rig.look(role, &path).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.text);
        let (who, of_what, why) = looks(&rig).pop().unwrap();
        assert_eq!((who.as_str(), of_what), (role.name(), what));
        let found = path.starts_with("/history");
        assert!(why.contains("a check of the test"), "{why}");
        // A search says what was looked for and whose records came up.
        assert_eq!(why.contains("sought 'fence'") && why.starts_with("found"), found, "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_handles_it_needs_no_words_and_is_recorded_all_the_same() {
    let rig = Rig::new();
    let n = rig.open().await;
    let path = format!("/incidents/{n}");
    assert_eq!(rig.get(Role::CallHandler, &path).await.status, StatusCode::OK);
    let look = ("call_handler".into(), format!("incident {n}"), "handling".into());
    assert_eq!(looks(&rig), [look]);
    // An officer on a unit that is sent handles it too, and only then.
    let unit = json!({ "kind": "response", "crew": ["officer"] });
    rig.put(Role::Dispatcher, "/units/DC14", unit).await;
    assert_eq!(rig.get(Role::Officer, &path).await.status, StatusCode::PRECONDITION_REQUIRED);
    rig.put(Role::Dispatcher, "/units/DC14/status", json!({ "status": 2 })).await;
    rig.put(Role::CallHandler, &format!("{path}/grade"), json!({ "grade": 1 })).await;
    rig.post(Role::CallHandler, &format!("{path}/dispatch"), json!({})).await;
    let sent = json!({ "call_sign": "DC14" });
    let sent = rig.post(Role::Dispatcher, &format!("{path}/deployments"), sent).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    assert_eq!(rig.get(Role::Officer, &path).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_look_learns_nothing_and_leaves_no_look() {
    let rig = Rig::new();
    let n = rig.open().await;
    let (there, absent) = (format!("/incidents/{n}"), "/incidents/20200101-0001".to_owned());
    for role in [Role::Analyst, Role::Public, Role::PartnerForce, Role::Opcc, Role::Administrator] {
        let (a, b) = (rig.look(role, &there).await, rig.look(role, &absent).await);
        assert_eq!(a.status, StatusCode::FORBIDDEN, "{role}");
        assert_eq!((a.status, &a.text), (b.status, &b.text), "it shows whether it is there");
    }
    assert!(looks(&rig).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_sees_who_looked_and_why() {
    let rig = Rig::new();
    let n = rig.open().await;
    for role in [Role::Dispatcher, Role::Officer, Role::TeamLeader] {
        rig.look(role, &format!("/incidents/{n}")).await;
    }
    let first = rig.get(Role::Auditor, "/audit?limit=2").await;
    assert_eq!(first.json["reads"].as_array().unwrap().len(), 2, "{}", first.text);
    let next = first.json["next"].as_u64().unwrap();
    let rest = rig.get(Role::Auditor, &format!("/audit?after={next}")).await;
    assert_eq!(rest.json["reads"][0]["by"]["staff"], "team_leader", "{}", rest.text);
    assert_eq!(rest.json["reads"][0]["purpose"], "a check of the test");
    assert!(rest.json.get("next").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_can_stay_out_of_the_address() {
    let rig = Rig::new();
    rig.open().await;
    let history = rig.room.history();
    assert!(history.wait_for(rig.room.view().seq, std::time::Duration::from_secs(10)));
    let why = [("callbox-purpose", "a check of the test")];
    let body = json!({ "words": "neighbour" });
    let token = Some(rig.token(Role::CallHandler));
    let found = rig.send(ask(Method::POST, "/history", token, Some(&body), &why)).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    assert!(!found.json["hits"].as_array().unwrap().is_empty(), "{}", found.text);
    let look = looks(&rig).pop().unwrap();
    assert!(!look.1.contains("neighbour"), "the record says how, not what: {look:?}");
}
