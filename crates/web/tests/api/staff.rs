//! The staff directory, by programs.

use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_an_administrator_enters_holds_at_the_next_sign_on() {
    let rig = Rig::new();
    let entry = json!({ "name": "Sian Rowe", "roles": ["dispatcher"], "skills": ["pursuit"],
        "desk": "dispatcher" });
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
