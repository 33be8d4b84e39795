//! Markers by page and API: put, shown while it rings and on the log, asked about before they end;
//! messages to a named officer, with cover. Nothing is shown before the look is recorded.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, Rig};
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

async fn deed(rig: &Rig, cookie: &str, name: &str, body: &str) -> Answer {
    let done = form(rig, &format!("/do/{name}"), Some(cookie), "http://callbox", body.into()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{name}: {}", done.text);
    done
}

/// What was recorded of looks.
async fn looks(rig: &Rig) -> String {
    rig.look(Role::Auditor, "/audit").await.text
}

const MARAC: &str = "facts.kind=MARAC&facts.person=Jane+Example&facts.line=07700+900123\
    &facts.place=12+Mill+Lane%2C+Exampleton&facts.text=he+has+strangled+her\
    &facts.source=MARAC+of+3+November&facts.expires_at.on=&facts.review=";

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_is_seen_while_it_rings_and_on_every_page_of_its_log() {
    let rig = Rig::new();
    let desk = sign_on(&rig, Role::VulnerabilityDesk).await;
    deed(&rig, &desk, "put_marker", MARAC).await;
    let handler = sign_on(&rig, Role::CallHandler).await;
    let ring = json!({ "channel": "999", "line": "+44 7700 900123" });
    let ring = rig.post(Role::CallHandler, "/contacts", ring).await;
    assert_eq!(ring.json["contact"], 1, "{}", ring.text);
    let page = get(&rig, "/calls/1", Some(&handler)).await;
    for there in ["! MARAC", "same number", "he has strangled her", "Suggests Immediate"] {
        assert!(page.text.contains(there), "{there} is not in {}", page.text);
    }
    let recorded = looks(&rig).await;
    assert!(recorded.contains("found marker 1") && recorded.contains("known of contact 1"));
    let known = rig.get(Role::CallHandler, "/contacts/1/known").await;
    assert_eq!(known.json["markers"][0]["how"], "number", "{}", known.text);

    let open = json!({
        "contact": 1, "opening_code": "suspicious circumstances", "words": "somebody bangs",
        "location": { "known": "known", "words": "12 Mill Lane", "district": "central" },
    });
    let open = rig.post(Role::CallHandler, "/incidents", open).await;
    let n = open.json["incident"].as_str().unwrap().to_owned();
    let board = rig.get(Role::Dispatcher, "/incidents").await;
    assert_eq!(board.json["rows"][0]["markers"], json!(["MARAC"]), "{}", board.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["markers"][0]["met"], json!({ "marker": 1, "how": "number" }));
    let head = get(&rig, &format!("/incidents/{n}"), Some(&handler)).await;
    assert!(head.text.contains("href=\"/markers/1\"") && head.text.contains("MARAC"));

    // One that is put while the log is open is on it at once.
    let weapons = "facts.kind=weapons&facts.line=07700900123&facts.text=a+knife&facts.source=PC+9";
    deed(&rig, &desk, "put_marker", weapons).await;
    let part = get(&rig, &format!("/calls/1/parts/known?log={n}"), Some(&handler)).await;
    assert!(part.text.contains("! weapons") && part.text.contains("a knife"), "{}", part.text);
    assert!(looks(&rig).await.contains("found marker 2"));
    let board = rig.get(Role::Dispatcher, "/incidents").await;
    assert_eq!(board.json["rows"][0]["markers"], json!(["MARAC", "weapons"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_is_asked_about_by_its_desk_and_nobody_is_named_in_the_list() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::VulnerabilityDesk).await;
    let end = jiff::Zoned::now().date().tomorrow().unwrap();
    let scheme = MARAC.replace("kind=MARAC", "kind=special+scheme");
    let scheme = scheme.replace("expires_at.on=", &format!("expires_at.on={end}T14:00"));
    deed(&rig, &cookie, "put_marker", &scheme).await;
    let list = get(&rig, "/markers", Some(&cookie)).await;
    for there in ["Marker 1", "special scheme", "ask whether it goes on", "vulnerability desk"] {
        assert!(list.text.contains(there), "{there} is not in {}", list.text);
    }
    assert!(!list.text.contains("Jane Example") && !list.text.contains("900123"));
    let rows = rig.get(Role::TeamLeader, "/markers").await;
    assert_eq!(rows.json[0]["stands"], "to_ask", "{}", rows.text);
    assert!(!rows.text.contains("Jane"));

    // Whoever does not look at it again says why they look; it is recorded.
    let other = sign_on(&rig, Role::Dispatcher).await;
    let asked = get(&rig, "/markers/1", Some(&other)).await;
    assert!(asked.text.contains("Why do you look?") && !asked.text.contains("Jane Example"));
    let purpose = "purpose=a+call+about+her".to_owned();
    let shown = form(&rig, "/markers/1", Some(&other), "http://callbox", purpose).await;
    assert!(shown.text.contains("Jane Example") && looks(&rig).await.contains("a call about her"));
    let refused = rig.get(Role::Dispatcher, "/markers/1").await;
    assert!(refused.detail().contains("say why you look"), "{}", refused.text);
    let find = "person=jane+example&purpose=she+rang".to_owned();
    let found = form(&rig, "/markers", Some(&other), "http://callbox", find).await;
    assert!(found.text.contains("Found: 1") && looks(&rig).await.contains("sought person"));
    let found = json!({ "place": "Flat 2, 12 Mill Lane, Exampleton" });
    let why = [("callbox-purpose", "a check of the test")];
    let ask = crate::rig::ask(
        http::Method::POST,
        "/markers/search",
        Some(rig.token(Role::Dispatcher)),
        Some(&found),
        &why,
    );
    let found = rig.send(ask).await;
    assert_eq!(found.json[0]["facts"]["person"], "Jane Example", "{}", found.text);

    let mine = get(&rig, "/markers/1", Some(&cookie)).await;
    assert!(mine.text.contains("action=\"/do/review_marker\""), "{}", mine.text);
    let said = "marker=1&answer=not_reached&until.on=&words=rang+twice%2C+no+answer";
    deed(&rig, &cookie, "review_marker", said).await;
    let later = end.checked_add(jiff::Span::new().days(60)).unwrap();
    let said = format!("marker=1&answer=extended&until.on={later}T14:00&words=she+is+afraid+still");
    deed(&rig, &cookie, "review_marker", &said).await;
    let one = get(&rig, "/markers/1", Some(&cookie)).await;
    for there in ["could not reach them", "she is afraid still", "until "] {
        assert!(one.text.contains(there), "{there} is not in {}", one.text);
    }
    let rows = rig.get(Role::TeamLeader, "/markers").await;
    assert_eq!(rows.json, json!([]), "nobody need be asked yet");
    let facts = json!({ "facts": { "kind": "violent", "person": "Jane Example",
        "text": "bit an officer", "source": "log 20261103-0007" }, "reason": "another kind" });
    let changed = rig.put(Role::TeamLeader, "/markers/1", facts).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let end = json!({ "answer": "ended", "words": "she agreed, and was told" });
    let ended = rig.post(Role::TeamLeader, "/markers/1/reviews", end).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_put_through_leaves_a_message_that_somebody_answers() {
    let rig = Rig::new();
    let handler = sign_on(&rig, Role::CallHandler).await;
    let ring = "channel=switchboard&line=07700+900123";
    deed(&rig, &handler, "receive_contact", ring).await;
    let page = get(&rig, "/calls/1", Some(&handler)).await;
    assert!(page.text.contains("action=\"/do/leave_message\""), "{}", page.text);
    let danger = "contact=1&to=PC9&words=I+want+my+court+order+against+my+ex-husband+back";
    let danger = form(&rig, "/do/leave_message", Some(&handler), "http://callbox", danger.into());
    let danger = danger.await;
    assert_eq!(danger.status, StatusCode::CONFLICT, "{}", danger.text);
    assert!(danger.text.contains("a message is no answer to danger"), "{}", danger.text);
    let left = "contact=1&to=PC9&words=when+may+I+sign+my+statement&safe_to_contact=no&name=Jane";
    deed(&rig, &handler, "leave_message", left).await;
    let contact = rig.get(Role::CallHandler, "/contacts/1").await;
    assert_eq!(contact.json["settled"], true, "the call has its record: {}", contact.text);

    let lead = sign_on(&rig, Role::Supervisor).await;
    let list = get(&rig, "/messages", Some(&lead)).await;
    for there in ["Message 1", "for PC9", "The officer is not on duty", "Owed by"] {
        assert!(list.text.contains(there), "{there} is not in {}", list.text);
    }
    assert!(!list.text.contains("statement") && !list.text.contains("900123"));
    let rows = rig.get(Role::Supervisor, "/messages").await;
    assert_eq!(rows.json[0]["here"], false, "{}", rows.text);
    let refused = rig.get(Role::Investigator, "/messages/1").await;
    assert!(refused.detail().contains("say why you look"), "{}", refused.text);
    let whole = rig.look(Role::Investigator, "/messages/1").await;
    assert_eq!(whole.json["words"], "when may I sign my statement", "{}", whole.text);
    let why = "purpose=I+cover+for+PC9".to_owned();
    let page = form(&rig, "/messages/1", Some(&lead), "http://callbox", why).await;
    assert!(page.text.contains("when may I sign my statement"), "{}", page.text);
    assert!(looks(&rig).await.contains("message 1"));

    // She rings again: whoever takes the call sees what she asked for.
    deed(&rig, &handler, "receive_contact", "channel=999&line=%2B447700900123").await;
    let page = get(&rig, "/calls/2", Some(&handler)).await;
    assert!(page.text.contains("Message for PC9") && page.text.contains("Not answered yet."));
    let tried = "message=1&answer=not_reached&words=no+answer";
    deed(&rig, &lead, "answer_message", tried).await;
    let spoken = json!({ "answer": "spoken", "words": "she signs on Monday" });
    let spoken = rig.post(Role::Supervisor, "/messages/1/answers", spoken).await;
    assert_eq!(spoken.status, StatusCode::OK, "{}", spoken.text);
    assert_eq!(rig.get(Role::Supervisor, "/messages").await.json, json!([]));
    let left = json!({ "to": "PC9", "line": "07700 900124", "words": "when is the hearing" });
    let left = rig.post(Role::CallHandler, "/messages", left).await;
    assert_eq!(left.status, StatusCode::CREATED, "{}", left.text);
    assert_eq!(left.json["message"], 2, "{}", left.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_in_which_nobody_speaks_is_noted_listed_and_rung_back() {
    let rig = Rig::new();
    let desk = sign_on(&rig, Role::VulnerabilityDesk).await;
    deed(&rig, &desk, "put_marker", &MARAC.replace("MARAC&facts", "domestic+abuse&facts")).await;
    let handler = sign_on(&rig, Role::CallHandler).await;
    deed(&rig, &handler, "receive_contact", "channel=999&line=07700+900123").await;
    let gateway = json!({ "signal": "pressed55" });
    let noted = rig.post(Role::RadioGateway, "/contacts/1/signals", gateway).await;
    assert_eq!(noted.status, StatusCode::OK, "{}", noted.text);
    let page = get(&rig, "/calls/1", Some(&handler)).await;
    assert!(page.text.contains("55 was pressed"), "{}", page.text);
    deed(&rig, &handler, "note_signal", "contact=1&signal=abandoned").await;
    let list = get(&rig, "/calls", Some(&handler)).await;
    assert!(list.text.contains("Abandoned, to be rung back: 1"), "{}", list.text);
    let end = "contact=1&outcome=nobody+there".to_owned();
    let end = form(&rig, "/do/end_contact", Some(&handler), "http://callbox", end).await;
    assert!(end.text.contains("it gets the top grade"), "{}", end.text);
    let page = get(&rig, "/calls/1", Some(&handler)).await;
    assert!(page.text.contains("Why ringing back is safe for them"), "{}", page.text);
    let without = json!({ "spoke": true, "words": "all is well" });
    let without = rig.post(Role::CallHandler, "/contacts/1/ringing-back", without).await;
    assert!(without.detail().contains("safe_because"), "whether it is safe: {}", without.text);
    let rung = "contact=1&safe_because=she+rang+from+work&spoke=true&words=a+pocket+call";
    deed(&rig, &handler, "ring_caller", rung).await;
    let list = get(&rig, "/calls", Some(&handler)).await;
    assert!(!list.text.contains("Abandoned, to be rung back"), "{}", list.text);
    let contact = rig.get(Role::CallHandler, "/contacts/1").await;
    assert_eq!(contact.json["rung_back"][0]["spoke"], true, "{}", contact.text);
    assert_eq!(contact.json["signals"].as_array().map(Vec::len), Some(2));
}
