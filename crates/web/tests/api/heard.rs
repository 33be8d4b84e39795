//! What was said in a call: given by the telephone system's gateway or by somebody who listened,
//! held against the log, written with one press or set aside.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, Rig};
use http::StatusCode;
use rules::role::Role;
use serde_json::{Value, json};

/// A call that a log was opened out of, which says less than was said.
async fn called(rig: &Rig) -> (u64, String) {
    let contact = json!({ "channel": "999", "line": "07700 900123",
        "words": "my cousin is drunk in his car" });
    let contact = rig.post(Role::CallHandler, "/contacts", contact).await;
    assert_eq!(contact.status, StatusCode::CREATED, "{}", contact.text);
    let contact = contact.json["contact"].as_u64().unwrap();
    let body = json!({
        "contact": contact, "opening_code": "road related offence",
        "location": { "known": "known", "words": "12 High Street" },
        "words": "male is intoxicated and experiencing mental health issues",
    });
    let log = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(log.status, StatusCode::CREATED, "{}", log.text);
    (contact, log.json["incident"].as_str().unwrap().to_owned())
}

async fn says(rig: &Rig, contact: u64, lines: Value) -> Answer {
    let path = format!("/contacts/{contact}/transcript");
    rig.post(Role::RadioGateway, &path, json!({ "lines": lines })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_gives_a_recording_and_what_was_said_and_the_log_says_what_is_missing() {
    let rig = Rig::new();
    let (contact, n) = called(&rig).await;
    let began = rig.room.now().0 - 60_000;
    let recording = json!({ "recording": "VR-7/000123", "started_at": began, "seconds": 95 });
    let path = format!("/contacts/{contact}/recordings");
    let done = rig.post(Role::RadioGateway, &path, recording.clone()).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let again = rig.post(Role::RadioGateway, &path, recording.clone()).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    let auditor = rig.post(Role::Auditor, &path, recording).await;
    assert_eq!(auditor.status, StatusCode::FORBIDDEN, "{}", auditor.text);
    let done = says(
        &rig,
        contact,
        json!([
            { "speaker": "police", "offset_ms": 0, "text": "has he mentioned suicide today" },
            { "speaker": "informant", "offset_ms": 4_000,
                "text": "No. He has tried to take his own life multiple times." },
        ]),
    )
    .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let heard = &log.json["heard"];
    assert_eq!(heard["recordings"][0]["recording"], "VR-7/000123", "{heard}");
    assert_eq!(heard["lines"][1]["at"], began + 4_000, "{heard}");
    assert_eq!(heard["lines"][1]["speaker"], "informant", "{heard}");
    let sentence = "He has tried to take his own life multiple times";
    assert_eq!(heard["missing"][0]["sentence"], sentence, "{heard}");
    assert_eq!(heard["missing"].as_array().unwrap().len(), 1, "{heard}");
    assert!(log.json["in_the_way"].to_string().contains(sentence), "{}", log.text);
    assert!(log.json["owed"].to_string().contains("heard_not_written"), "{}", log.text);
    // The look at it is a look at the log, which is recorded.
    let looks = rig.look(Role::Auditor, "/audit").await;
    assert!(looks.text.contains(&format!("incident {n}")), "{}", looks.text);
    let said = rig.look(Role::CallHandler, &format!("/contacts/{contact}")).await;
    assert_eq!(said.json["transcript"][1]["line"], 2, "{}", said.text);

    // A later reading of the line takes its place; both are in the record.
    let again = json!([{ "line": 2, "speaker": "informant", "offset_ms": 4_000,
        "text": "No. He has tried to take his own wife to Wales." }]);
    let done = says(&rig, contact, again).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["heard"]["missing"], json!([]), "{}", log.text);
    assert_eq!(log.json["heard"]["lines"][1]["revised"], 1, "{}", log.text);
    let journal = rig.look(Role::Auditor, "/journal").await;
    for reading in ["own life multiple times", "own wife to Wales"] {
        assert!(journal.text.contains(reading), "{reading} is not in the record");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_is_bounded_and_each_refusal_says_what_to_do() {
    let rig = Rig::new();
    let (contact, _) = called(&rig).await;
    let line = |text: &str| json!({ "speaker": "informant", "text": text });
    let many: Vec<Value> = (0..201).map(|_| line("hello")).collect();
    let twice = json!([
        { "line": 7, "speaker": "informant", "text": "yes" },
        { "line": 7, "speaker": "informant", "text": "no" },
    ]);
    let ahead = json!([{ "speaker": "informant", "offset_ms": 90_000_000, "text": "later" }]);
    for (lines, words) in [
        (json!([]), "1 to 200 lines"),
        (json!(many), "1 to 200 lines"),
        (json!([line(&"x".repeat(2_001))]), "2000 characters"),
        (twice, "one number"),
        (ahead, "in the future"),
        (json!([{ "line": 1, "speaker": "police", "text": "yes" }, line("no")]), "or none"),
        (json!([{ "line": 1_000_001, "speaker": "police", "text": "yes" }]), "from 1"),
    ] {
        let refused = says(&rig, contact, lines).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.detail().contains(words), "{words}: {}", refused.text);
    }
    let nobody = says(&rig, 999_999, json!([line("hello")])).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND, "{}", nobody.text);
    let public = format!("/contacts/{contact}/transcript");
    let public = rig.post(Role::Public, &public, json!({ "lines": [line("hello")] })).await;
    assert_eq!(public.status, StatusCode::FORBIDDEN, "{}", public.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_hours_still_becomes_a_log_with_every_line() {
    let rig = Rig::new();
    let contact = json!({ "channel": "999", "line": "07700 900124", "words": "he is upstairs" });
    let contact = rig.post(Role::CallHandler, "/contacts", contact).await;
    let contact = contact.json["contact"].as_u64().unwrap();
    let long = "word ".repeat(380);
    for _ in 0..6 {
        let lines = vec![json!({ "speaker": "informant", "text": long.as_str() }); 100];
        let done = says(&rig, contact, json!(lines)).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    let body = json!({
        "contact": contact, "opening_code": "concern for safety",
        "location": { "known": "known", "words": "12 High Street" }, "words": "he is upstairs",
    });
    let log = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(log.status, StatusCode::CREATED, "{}", log.text);
    let path = format!("/incidents/{}", log.json["incident"].as_str().unwrap());
    let log = rig.look(Role::CallHandler, &path).await;
    assert_eq!(log.json["heard"]["lines"].as_array().unwrap().len(), 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_on_the_log_is_written_by_a_form_or_set_aside_with_a_reason() {
    let rig = Rig::new();
    let (contact, n) = called(&rig).await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    assert!(page.text.contains("There is no recording and no transcript"), "{}", page.text);
    let heard = format!(
        "contact={contact}&lines.0.speaker=informant&lines.0.at.was=\
         &lines.0.text=He+has+a+knife.+He+left+in+a+taxi+%3Cb%3E"
    );
    let done = form(&rig, "/do/add_transcript", Some(&cookie), "http://callbox", heard).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let panel = format!("/incidents/{n}/panels/heard");
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in [
        "What was said: 2 not on the log",
        "call_handler listened and wrote it down",
        "He left in a taxi &lt;b&gt;",
        "Alt+W",
        "action=\"/do/set_aside_heard\"",
    ] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let write = format!("incident={n}&text=He+has+a+knife&own_words=yes");
    let done = form(&rig, "/do/add_entry", Some(&cookie), "http://callbox", write).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    assert!(part.text.contains("is on the log: entry 1"), "{}", part.text);
    let aside = format!("incident={n}&sentence=He+left+in+a+taxi+%3Cb%3E&reason=another+man");
    let done = form(&rig, "/do/set_aside_heard", Some(&cookie), "http://callbox", aside).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    assert!(part.text.contains("another man") && !part.text.contains("Alt+W"), "{}", part.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert!(!log.json["owed"].to_string().contains("heard_not_written"), "{}", log.text);
}
