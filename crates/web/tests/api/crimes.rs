//! A crime is recorded in time or decided to be none; what was planned stands beside what was done.

use crate::pages::{form, get, sign_on};
use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

async fn theft(rig: &Rig) -> String {
    let body = json!({
        "opening_code": "theft",
        "location": { "known": "known", "words": "3 Mill Lane" },
        "words": "my <b>bag</b> was taken",
    });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    done.json["incident"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crime_is_recorded_or_handed_over_and_the_desk_has_a_list() {
    let rig = Rig::new();
    rig.open().await; // A concern for safety is no crime.
    let n = theft(&rig).await;
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let crime = &log.json["crime"];
    assert_eq!(crime["late"], false, "{}", log.text);
    let due = crime["due_at"].as_i64().unwrap() - crime["reported_at"].as_i64().unwrap();
    assert_eq!(due, 24 * 3_600_000, "a day from the first report");
    assert!(crime["countdown"].as_str().unwrap().starts_with('-'), "{crime}");
    let way = log.json["in_the_way"].to_string();
    assert!(way.contains("a crime recorded, or why it is none"), "{way}");

    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("panel-crime"), "{}", page.text);
    let handed = format!("incident={n}&outcome.handed_over=statement+and+cameras");
    let handed = form(&rig, "/do/settle_crime", Some(&cookie), "http://callbox", handed).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.text);
    let panel = get(&rig, &format!("/incidents/{n}/panels/crime"), Some(&cookie)).await;
    assert!(panel.text.contains("statement and cameras"), "{}", panel.text);
    assert!(!panel.text.contains("outcome.handed_over"), "it is with them: {}", panel.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let way = log.json["in_the_way"].to_string();
    assert!(!way.contains("a crime recorded"), "the desk owes it now: {way}");

    let desk = sign_on(&rig, Role::Investigator).await;
    let list = get(&rig, "/crimes", Some(&desk)).await;
    assert!(list.text.contains(&n) && list.text.contains("with the crime desk"), "{}", list.text);
    assert!(!list.text.contains("bag"), "what was said stands on the log");
    let rows = rig.get(Role::Investigator, "/crimes").await;
    assert_eq!(
        (rows.json.as_array().unwrap().len(), &rows.json[0]["with_desk"]),
        (1, &json!(true))
    );
    let number = json!({ "outcome": { "recorded": "CDF/2026/0412" } });
    let path = format!("/incidents/{n}/crime");
    let recorded = rig.put(Role::Investigator, &path, number).await;
    assert_eq!(recorded.status, StatusCode::OK, "{}", recorded.text);
    let rows = rig.get(Role::Investigator, "/crimes").await;
    assert_eq!(rows.json, json!([]));
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["crime"]["outcome"]["recorded"], "CDF/2026/0412", "{}", log.text);
    let again = json!({ "outcome": { "not_a_crime": "it was lent" } });
    let again = rig.put(Role::Investigator, &path, again).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    let analyst = rig.get(Role::Analyst, "/crimes").await;
    assert_eq!(analyst.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn planned_work_stands_beside_what_was_done_and_when() {
    let rig = Rig::new();
    let n = rig.open().await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let plan =
        |what: &str| format!("incident={n}&what={what}&by=desk%3Adispatcher&due.in_minutes=60");
    for what in ["visit+the+%3Cb%3Esister", "fetch+the+cameras"] {
        let planned =
            form(&rig, "/do/plan_work", Some(&cookie), "http://callbox", plan(what)).await;
        assert_eq!(planned.status, StatusCode::SEE_OTHER, "{}", planned.text);
    }
    let panel = format!("/incidents/{n}/panels/work");
    let part = get(&rig, &panel, Some(&cookie)).await;
    assert!(part.text.contains("visit the &lt;b&gt;sister"), "{}", part.text);
    assert!(part.text.contains("Planned work, 2 open"), "{}", part.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let way = log.json["in_the_way"].to_string();
    assert!(way.contains("planned work 2 done, or why not: fetch the cameras"), "{way}");
    let owed = rig.get(Role::Dispatcher, "/obligations?rule=work_planned").await;
    assert_eq!(owed.json["rows"].as_array().unwrap().len(), 2, "{}", owed.text);

    let done = format!(
        "incident={n}&work=1&outcome.done=she+is+well%2C+spoken+to&done_by=DC14&deed-happened=00:00"
    );
    let done = form(&rig, "/do/finish_work", Some(&cookie), "http://callbox", done).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let dropped = json!({ "outcome": { "not_applicable": "the shop has none" } });
    let path = format!("/incidents/{n}/plans/2/ending");
    let dropped = rig.post(Role::Officer, &path, dropped).await;
    assert_eq!(dropped.status, StatusCode::OK, "{}", dropped.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in ["she is well, spoken to", "DC14", "the shop has none", "Planned work, 0 open"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let work = &log.json["work"];
    let (at, written) = (work[0]["done_at"].as_i64(), work[0]["written_at"].as_i64());
    assert!(at < written, "when it was done is not when it was written: {work}");
    assert!(!log.json["in_the_way"].to_string().contains("planned work"), "{}", log.text);
}
