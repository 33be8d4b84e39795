//! The staff directory, by programs.

use crate::pages::{form, get, sign_on};
use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_an_administrator_enters_holds_at_the_next_sign_on() {
    let rig = Rig::new();
    let entry = json!({ "name": "Sian Rowe", "roles": ["dispatcher"],
        "skills": ["pursuit", "dispatch"], "desk": "dispatcher" });
    let by_another = rig.put(Role::Dispatcher, "/staff/dispatcher", entry.clone()).await;
    assert_eq!(by_another.status, StatusCode::FORBIDDEN);
    let done = rig.put(Role::Administrator, "/staff/dispatcher", entry).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    // The directory has it, whatever they say of themselves.
    let seat = json!({ "seat": "DD01", "skills": ["everything"] });
    let sat = rig.post(Role::Dispatcher, "/duty/sign-on", seat).await;
    assert_eq!(sat.status, StatusCode::OK, "{}", sat.text);
    for role in [Role::Administrator, Role::TeamLeader, Role::Auditor, Role::Supervisor] {
        let list = rig.get(role, "/staff").await;
        assert_eq!(list.json[0]["name"], "Sian Rowe", "{role}: {}", list.text);
        assert_eq!(list.json[0]["seat"], "DD01");
        assert_eq!(list.json[0]["on_duty_as"], "dispatcher");
    }
    assert_eq!(rig.get(Role::CallHandler, "/staff").await.status, StatusCode::FORBIDDEN);
    let duty = rig.get(Role::TeamLeader, "/duty").await;
    assert!(duty.text.contains("\"pursuit\"") && !duty.text.contains("everything"));
    let early = rig.post(Role::Administrator, "/staff/dispatcher/removal", json!({})).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
    let taken = json!({ "seat": "DD01" });
    let second = rig.post(Role::DispatchSupervisor, "/duty/sign-on", taken).await;
    assert_eq!(second.status, StatusCode::CONFLICT, "{}", second.text);
    rig.post(Role::Dispatcher, "/duty/sign-off", json!({})).await;
    let gone = rig.post(Role::Administrator, "/staff/dispatcher/removal", json!({})).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    assert_eq!(rig.get(Role::Auditor, "/staff").await.json, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_the_directory_does_not_give_is_refused() {
    let rig = Rig::new();
    let entry = json!({ "name": "Sian Rowe", "roles": ["call_handler"] });
    rig.put(Role::Administrator, "/staff/dispatcher", entry).await;
    let refused = rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD01" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.detail().contains("call handler"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_training_is_greyed_with_the_reason_until_a_supervisor_allows_it() {
    let rig = Rig::new();
    let entry = json!({ "name": "Huw Parry", "roles": ["call_handler"],
        "skills": ["call handling"] });
    rig.put(Role::Administrator, "/staff/call_handler", entry).await;
    rig.post(Role::CallHandler, "/duty/sign-on", json!({ "seat": "CH07" })).await;
    // Nobody is kept from opening a log for want of a training.
    let n = rig.open().await;
    let asked = rig
        .post(Role::CallHandler, &format!("/incidents/{n}/checks"), json!({ "check": "history" }))
        .await;
    assert!(asked.status.is_success(), "{}", asked.text);
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let path = format!("/incidents/{n}/panels/checks");
    let page = get(&rig, &path, Some(&cookie)).await.text;
    assert!(page.contains("disabled") && page.contains("You may not record"), "{page}");
    assert!(!page.contains("/do/record_check"), "{page}");
    let found = format!("incident={n}&check=history&outcome.done=nothing");
    let refused = form(&rig, "/do/record_check", Some(&cookie), "http://callbox", found.clone());
    let refused = refused.await;
    assert!(refused.text.contains("needs the training"), "{}", refused.text);

    let leader = sign_on(&rig, Role::TeamLeader).await;
    let staff = get(&rig, "/staff", Some(&leader)).await.text;
    assert!(staff.contains("/do/allow_task") && staff.contains("record an intelligence check"));
    let allow = "staff=call_handler&task=intelligence&minutes=30&reason=nobody+else+is+free";
    let own = form(&rig, "/do/allow_task", Some(&cookie), "http://callbox", allow.into()).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
    let done = form(&rig, "/do/allow_task", Some(&leader), "http://callbox", allow.into()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let staff = get(&rig, "/staff", Some(&leader)).await.text;
    assert!(staff.contains("nobody else is free") && staff.contains("team_leader"), "{staff}");
    let page = get(&rig, &path, Some(&cookie)).await.text;
    assert!(page.contains("/do/record_check") && !page.contains("You may not"), "{page}");
    let done = form(&rig, "/do/record_check", Some(&cookie), "http://callbox", found).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_room_says_so_on_every_page_and_lists_what_each_did() {
    let rig = Rig::training();
    let entry = json!({ "name": "Huw Parry", "roles": ["call_handler"],
        "skills": ["call handling"] });
    rig.put(Role::Administrator, "/staff/call_handler", entry).await;
    let n = rig.open().await;
    let leader = sign_on(&rig, Role::TeamLeader).await;
    for path in ["/", "/staff", "/guidance", "/trainees", "/sign-on"] {
        let page = get(&rig, path, (path != "/sign-on").then_some(&*leader)).await.text;
        assert!(page.contains("Training: nothing here is real"), "{path}: {page}");
    }
    let list = rig.get(Role::TeamLeader, "/trainees").await;
    assert_eq!(list.json[0]["name"], "Huw Parry", "{}", list.text);
    assert_eq!(list.json[0]["logs"][0], n.as_str());
    let deeds = list.json[0]["deeds"].as_array().unwrap();
    assert!(deeds.iter().any(|d| d["what"] == "incident opened"), "{}", list.text);
    let page = get(&rig, "/trainees", Some(&leader)).await.text;
    assert!(page.contains("Huw Parry") && page.contains("incident opened"), "{page}");
    // A live room counts nobody so, and says nothing of training.
    let live = Rig::new();
    assert_eq!(live.get(Role::TeamLeader, "/trainees").await.status, StatusCode::NOT_FOUND);
    let leader = sign_on(&live, Role::TeamLeader).await;
    let page = get(&live, "/staff", Some(&leader)).await.text;
    assert!(!page.contains("nothing here is real"));
}
