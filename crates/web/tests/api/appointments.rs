//! Appointments: booked on the log, in the diary without names, and in the way of closing.

use crate::pages::{form, get, sign_on};
use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_is_booked_on_the_log_and_stands_in_the_diary() {
    let rig = Rig::new();
    let n = rig.open().await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let day = jiff::Zoned::now().date().tomorrow().unwrap();
    let book = format!(
        "incident={n}&with=Mrs+%3Cb%3EEvans&place=12+Mill+Lane&attends=DC14&needs=side+door\
         &starts_at.on={day}T14:00&ends_at.on={day}T15:00"
    );
    let booked = form(&rig, "/do/book_appointment", Some(&cookie), "http://callbox", book).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text);
    let panel = format!("/incidents/{n}/panels/appointments");
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in ["Mrs &lt;b&gt;Evans: DC14 comes", "14:00", "12 Mill Lane", "side door"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let diary = get(&rig, "/appointments", Some(&cookie)).await;
    assert!(diary.text.contains("DC14 comes") && diary.text.contains(&n), "{}", diary.text);
    assert!(!diary.text.contains("Evans"), "names stand on the log, where looks are recorded");
    let rows = rig.get(Role::Dispatcher, "/appointments").await;
    assert_eq!(rows.json[0]["attends"], "DC14", "{}", rows.text);
    assert!(rows.json[0]["result"].is_null() && !rows.text.contains("Evans"));
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let way = log.json["in_the_way"].to_string();
    assert!(way.contains("what came of the appointment with Mrs <b>Evans recorded"), "{way}");

    let again = json!({
        "starts_at": rows.json[0]["starts_at"], "ends_at": rows.json[0]["ends_at"],
        "with": "Mr Price", "place": "3 High St", "attends": "DC14", "needs": null,
    });
    let address = format!("/incidents/{n}/appointments");
    let taken = rig.post(Role::CallHandler, &address, again.clone()).await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.text);
    assert!(taken.detail().contains("DC14 has an appointment with"), "{}", taken.text);

    let moved = format!("incident={n}&appointment=1&result=moved&words=rung%2C+she+agreed");
    let moved = form(&rig, "/do/end_appointment", Some(&cookie), "http://callbox", moved).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    assert!(part.text.contains("rung, she agreed") && !part.text.contains("name=\"result\""));
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert!(!log.json["in_the_way"].to_string().contains("appointment with"), "{}", log.text);
    let free = rig.post(Role::CallHandler, &address, again).await;
    assert_eq!(free.status, StatusCode::CREATED, "{}", free.text);
    let ended = json!({ "result": "cancelled_by_them", "words": "he rang: he has moved away" });
    let ended = rig.post(Role::CallHandler, &format!("{address}/2/ending"), ended).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_diary_is_for_those_who_keep_appointments() {
    let rig = Rig::new();
    let auditor = rig.get(Role::Auditor, "/appointments").await;
    assert_eq!(auditor.status, StatusCode::FORBIDDEN);
    let n = rig.open().await;
    let late = json!({
        "starts_at": 1_000, "ends_at": 2_000, "with": "Mr Price", "place": "3 High St",
        "attends": "DC14", "needs": null,
    });
    let late = rig.post(Role::CallHandler, &format!("/incidents/{n}/appointments"), late).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
    assert!(late.detail().contains("for a time to come"), "{}", late.text);
}
