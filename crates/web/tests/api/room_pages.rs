//! Faults, the duty roster, the staff directory and what a log needs, by page and by programs.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, Rig};
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

async fn send(rig: &Rig, path: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    form(rig, path, Some(cookie), "http://callbox", body).await
}

async fn deed(rig: &Rig, name: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
    send(rig, &format!("/do/{name}"), cookie, pairs).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_reported_from_every_screen_and_answered() {
    let rig = Rig::new();
    rig.post(Role::CallHandler, "/duty/sign-on", json!({ "seat": "CH07" })).await;
    let call = rig.post(Role::CallHandler, "/contacts", json!({ "channel": "999" })).await;
    let contact = call.json["contact"].to_string();
    let handler = sign_on(&rig, Role::CallHandler).await;
    let leader = sign_on(&rig, Role::TeamLeader).await;
    for path in ["/", "/calls", "/agencies", "/faults", "/handover"] {
        let page = get(&rig, path, Some(&handler)).await;
        assert!(page.text.contains("href=\"/faults\" data-key=\"Alt+P\""), "{path}: {}", page.text);
    }
    let page = get(&rig, "/faults", Some(&handler)).await;
    assert!(page.text.contains("value=\"CH07\""), "the seat is known: {}", page.text);
    assert!(page.text.contains("(on the line)"), "the call is offered: {}", page.text);
    let fields = [
        ("kind", "headset"),
        ("what", "it crackles <script>alert(1)</script>"),
        ("seat", "CH07"),
        ("since.was", ""),
        ("stops_work", "yes"),
        ("contact", contact.as_str()),
        ("call_lost", "yes"),
        ("deed-back", "/faults"),
    ];
    let done = deed(&rig, "report_fault", &handler, &fields).await;
    assert_eq!(done.header("location"), "/faults", "{}", done.text);
    for (path, cookie) in [("/faults", &handler), ("/fim", &leader)] {
        let page = get(&rig, path, Some(cookie)).await;
        assert!(page.text.contains("it crackles &lt;script&gt;"), "{path}: {}", page.text);
        assert!(page.text.contains("stops work") && !page.text.contains("<script>alert"));
        assert!(page.text.contains("Nobody has answered yet"), "{path}");
    }
    let owed = rig.get(Role::TeamLeader, "/obligations").await;
    assert!(owed.text.contains("an answer to a reported fault"), "{}", owed.text);
    let of_call = rig.get(Role::CallHandler, &format!("/contacts/{contact}")).await;
    assert_eq!(of_call.json["faults"][0]["call_lost"], true, "{}", of_call.text);
    let page = get(&rig, &format!("/calls/{contact}"), Some(&handler)).await;
    assert!(page.text.contains("Fault during this call"), "{}", page.text);
    let fields = [("fault", "1"), ("words", "another headset issued"), ("mended", "yes")];
    let refused = deed(&rig, "answer_fault", &handler, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = deed(&rig, "answer_fault", &leader, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = get(&rig, "/faults", Some(&handler)).await;
    assert!(page.text.contains("No fault is open"), "{}", page.text);
    assert!(page.text.contains("another headset issued"), "{}", page.text);
    // The same by programs.
    let body = json!({ "kind": "data", "what": "the address has the wrong town" });
    let done = rig.post(Role::Analyst, "/faults", body).await;
    assert_eq!((done.status, &done.json["fault"]), (StatusCode::CREATED, &json!(2)));
    let answered = json!({ "words": "told the gazetteer's owner" });
    let done = rig.post(Role::Administrator, "/faults/2/answers", answered).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let all = rig.get(Role::Auditor, "/faults").await;
    assert_eq!(all.json[0]["answers"][0]["by"]["staff"], "administrator", "{}", all.text);
    assert!(!all.json[1]["mended_at"].is_null(), "{}", all.text);
}

const HEAD: &str = "call_sign,kind,district,crew,skills,equipment,talk_group,radio_ids,from,until";

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_taken_whole_or_not_at_all_and_feeds_the_board() {
    let rig = Rig::new();
    let dispatcher = sign_on(&rig, Role::Dispatcher).await;
    let wrong =
        format!("{HEAD}\nDC14,response,Central,PC1,taser,,Central 1,70014,,\nDC15,response\n");
    let page = send(&rig, "/roster/import", &dispatcher, &[("table", &wrong)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("line 3: it has 2 columns"), "{}", page.text);
    assert!(page.text.contains("DC14,response,Central"), "what was pasted is there still");
    assert_eq!(rig.get(Role::Dispatcher, "/units").await.json, json!([]), "nothing was taken");
    let later = "DC16,response,Central,PC3,,,Central 1,70016,2099-01-01 07:00,2099-01-01 17:00";
    let good = format!("{HEAD}\nDC14,response,Central,PC1;PC2,taser,,Central 1,70014,,\n{later}\n");
    for _ in 0..2 {
        let done = send(&rig, "/roster/import", &dispatcher, &[("table", &good)]).await;
        assert_eq!(done.header("location"), "/roster", "{}", done.text);
    }
    let rostered = rig.room.view().seq;
    let again = send(&rig, "/roster/import", &dispatcher, &[("table", &good)]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(rig.room.view().seq, rostered, "the same roster changes nothing");
    let units = rig.get(Role::Dispatcher, "/units").await;
    assert_eq!(units.json[0]["radio"]["talk_group"], "Central 1", "{}", units.text);
    let off = units.json.as_array().unwrap().iter().find(|u| u["call_sign"] == "DC16").unwrap();
    assert_eq!((&off["on_shift"], &off["available"]), (&json!(false), &json!(false)));
    let page = get(&rig, "/roster", Some(&dispatcher)).await;
    assert!(page.text.contains("On duty (1)") && page.text.contains("Not on duty now (1)"));
    let board = get(&rig, "/", Some(&dispatcher)).await;
    assert!(board.text.contains("Central 1") && board.text.contains("DC14"), "{}", board.text);
    assert!(!board.text.contains("DC16"), "nobody is on it now");
    // A radio is of one unit only.
    let body = json!({ "kind": "response", "radio": { "ids": ["70014"] } });
    let refused = rig.put(Role::Dispatcher, "/units/DC20", body).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.detail().contains("radio 70014 is DC14's"), "{}", refused.text);
    // By programs, and by the form.
    let all = json!({ "units": [{ "call_sign": "DC21", "kind": "dogs", "skills": ["dog"] }] });
    let done = rig.put(Role::Supervisor, "/roster", all).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let fields = [
        ("call_sign", "DC21"),
        ("kind", "dogs"),
        ("district", "North"),
        ("crew.0", "PC9"),
        ("skills.0", "dog"),
        ("skills.1", ""),
        ("radio.talk_group", "North 1"),
        ("radio.ids.0", "70021"),
        ("shift.from.on", ""),
        ("shift.until.on", ""),
        ("deed-back", "/roster"),
    ];
    let done = deed(&rig, "roster_unit", &dispatcher, &fields).await;
    assert_eq!(done.header("location"), "/roster", "{}", done.text);
    let unit = rig.get(Role::Dispatcher, "/units/DC21").await;
    assert_eq!(unit.json["radio"]["ids"], json!(["70021"]), "{}", unit.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_training_are_given_and_taken_on_a_page() {
    let rig = Rig::new();
    let admin = sign_on(&rig, Role::Administrator).await;
    let leader = sign_on(&rig, Role::TeamLeader).await;
    let fields = [
        ("staff", "dispatcher"),
        ("name", "Sian <b>Rowe</b>"),
        ("roles", "dispatcher"),
        ("roles", "call_handler"),
        ("desk", "dispatcher"),
        ("skills.0", "pursuit"),
        ("skills.1", "dispatch"),
        ("expires.0.skill", "airwave"),
        ("expires.0.until.on", "2020-01-31"),
        ("expires.1.skill", ""),
        ("expires.1.until.on", ""),
        ("deed-back", "/staff"),
    ];
    let refused = deed(&rig, "enrol_staff", &leader, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = deed(&rig, "enrol_staff", &admin, &fields).await;
    assert_eq!(done.header("location"), "/staff", "{}", done.text);
    let page = get(&rig, "/staff", Some(&leader)).await;
    assert!(page.text.contains("Sian &lt;b&gt;Rowe") && !page.text.contains("<b>Rowe"));
    assert!(page.text.contains("airwave ended on 2020-01-31"), "{}", page.text);
    assert!(!page.text.contains("/do/enrol_staff"), "a leader looks and changes nothing");
    rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD01" })).await;
    let duty = rig.get(Role::TeamLeader, "/duty").await;
    assert!(duty.text.contains("pursuit") && !duty.text.contains("airwave"), "{}", duty.text);
    let fim = get(&rig, "/fim", Some(&leader)).await;
    let seat = fim.text.split("<ul class=\"seats\">").nth(1).unwrap_or_default();
    assert!(seat.contains("DD01") && seat.contains("Sian &lt;b&gt;Rowe"), "{}", fim.text);
    let took = [("staff", "dispatcher"), ("name", "Sian Rowe"), ("roles", "call_handler")];
    let done = deed(&rig, "enrol_staff", &admin, &took).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    rig.post(Role::Dispatcher, "/duty/sign-off", json!({})).await;
    let gone = rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD01" })).await;
    assert_eq!(gone.status, StatusCode::FORBIDDEN, "{}", gone.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_log_needs_is_said_shown_and_asks_for_a_reason() {
    let rig = Rig::new();
    let n = rig.open().await;
    let dispatcher = sign_on(&rig, Role::Dispatcher).await;
    rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD01" })).await;
    for (unit, carries) in [("DC14", "taser"), ("DC22", "negotiator kit")] {
        let body = json!({ "kind": "response", "district": "central", "equipment": [carries] });
        rig.put(Role::Dispatcher, &format!("/units/{unit}"), body).await;
    }
    rig.put(Role::Dispatcher, &format!("/incidents/{n}/grade"), json!({ "grade": 1 })).await;
    let back = format!("/?log={n}");
    let fields = [
        ("incident", n.as_str()),
        ("need", "negotiator kit"),
        ("reason", ""),
        ("deed-back", back.as_str()),
    ];
    let done = deed(&rig, "say_need", &dispatcher, &fields).await;
    assert_eq!(done.header("location"), back, "{}", done.text);
    let pane = get(&rig, &back, Some(&dispatcher)).await;
    assert!(pane.text.contains("Needs negotiator kit"), "{}", pane.text);
    assert!(pane.text.contains("1 free unit does"), "{}", pane.text);
    // What the code asks for is there without anybody saying so, and so is the check not done.
    assert!(pane.text.contains("Needs method of entry"), "{}", pane.text);
    assert!(pane.text.contains("police intelligence is not done yet"), "{}", pane.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["needs"][0]["need"], "negotiator kit", "{}", log.text);
    let path = format!("/incidents/{n}/deployments");
    let refused = rig.post(Role::Dispatcher, &path, json!({ "call_sign": "DC14" })).await;
    assert!(refused.detail().contains("needs negotiator kit"), "{}", refused.text);
    let line = json!({ "line": format!("D DC14 {n}") });
    let asked = rig.post(Role::Dispatcher, "/command-line", line).await;
    assert!(asked.text.contains("needs negotiator kit"), "{}", asked.text);
    let line = json!({ "line": format!("D DC14 {n} it is nearest") });
    let ran = rig.post(Role::Dispatcher, "/command-line", line).await;
    assert!(ran.text.contains("not done yet: check police intelligence"), "{}", ran.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    let sent = &log.json["deployments"][0];
    assert_eq!(sent["checks_open"], json!(["police intelligence"]), "{}", log.text);
    assert_eq!(sent["lacks"], json!(["negotiator kit"]));
    let page = get(&rig, &format!("/incidents/{n}"), Some(&dispatcher)).await;
    assert!(page.text.contains("sent with checks not done: police intelligence"), "{}", page.text);
    assert!(page.text.contains("sends DC14, with checks not done yet"), "{}", page.text);
    let done = rig
        .post(
            Role::Dispatcher,
            &format!("/incidents/{n}/needs/negotiator%20kit/dropping"),
            json!({ "reason": "he has come down" }),
        )
        .await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_and_the_allocation_policy_stand_on_the_board() {
    let rig = Rig::new();
    let dispatcher = sign_on(&rig, Role::Dispatcher).await;
    let page = get(&rig, "/", Some(&dispatcher)).await;
    let policy = rig.room.view().policy.clone();
    assert!(page.text.contains("How we dispatch"), "{}", page.text);
    assert!(page.text.contains(&policy.dispatch.allocation_policy), "{}", page.text);
    for output in &policy.dispatch.role_outputs {
        assert!(page.text.contains(output), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_posts_what_the_radio_says() {
    let rig = Rig::new();
    let n = rig.open().await;
    let dispatcher = sign_on(&rig, Role::Dispatcher).await;
    rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD01" })).await;
    let unit = json!({ "kind": "response", "radio": { "talk_group": "C1", "ids": ["70014"] } });
    rig.put(Role::Dispatcher, "/units/DC14", unit).await;
    let sent = json!({ "call_sign": "DC14" });
    rig.post(Role::Dispatcher, &format!("/incidents/{n}/deployments"), sent).await;
    let event = |said: serde_json::Value| json!({ "radio": "70014", "said": said });
    let speaks = event(json!({ "call_started": "C1" }));
    let other = rig.post(Role::Dispatcher, "/radio/events", speaks.clone()).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "only the gateway says what the radio says");
    for said in [speaks, event(json!({ "status": 5 })), event(json!({ "status": 6 }))] {
        let done = rig.post(Role::RadioGateway, "/radio/events", said).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    let page = get(&rig, &format!("/incidents/{n}"), Some(&dispatcher)).await;
    assert!(page.text.contains("DC14 speaks on C1"), "{}", page.text);
    assert!(page.text.contains("radio 70014 of DC14 sends status 5"), "{}", page.text);
    // Nobody is at the scene by radio who has not read the risk card; that it was sent is kept.
    assert!(page.text.contains("sends status 6 - NOT taken over"), "{}", page.text);
    rig.post(Role::RadioGateway, "/radio/events", event(json!("emergency"))).await;
    let mut alarms = rig.get(Role::Dispatcher, "/alarms").await;
    for _ in 0..100 {
        if alarms.text.contains("officer_emergency") {
            break;
        }
        // The room's clock fires it, a moment later.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        alarms = rig.get(Role::Dispatcher, "/alarms").await;
    }
    assert!(alarms.text.contains("officer_emergency"), "{}", alarms.text);
    let board = get(&rig, "/", Some(&dispatcher)).await;
    assert!(board.text.contains("class=\"emergency\""), "{}", board.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_of_the_wall_are_there_for_programs() {
    let rig = Rig::new();
    let all = rig.get(Role::TeamLeader, "/wall").await;
    assert_eq!(all.json.as_array().map(Vec::len), Some(6), "{}", all.text);
    assert_eq!(all.json[0]["about"], "emergency_unrecorded");
    assert_eq!(all.json[0]["value"], "0");
    rig.post(Role::CallHandler, "/contacts", json!({ "channel": "999" })).await;
    let all = rig.get(Role::TeamLeader, "/wall").await;
    assert_eq!(all.json[0]["value"], "1", "{}", all.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_is_confirmed_chased_from_the_log_and_helps_the_victim() {
    let rig = Rig::new();
    let n = rig.open().await;
    let fim = sign_on(&rig, Role::ForceIncidentManager).await;
    let dispatcher = sign_on(&rig, Role::Dispatcher).await;
    rig.post(Role::Dispatcher, "/duty/sign-on", json!({ "seat": "DD01" })).await;
    let fields = [
        ("agency", "Gwent control room"),
        ("kind", "control room"),
        ("numbers.0.purpose", "supervisor - day and night"),
        ("numbers.0.line", "01632 960110"),
        ("supervisor", "Insp. <i>Hollin</i>"),
        ("areas.0", ""),
        ("helps_with.0", ""),
        ("deed-back", "/agencies"),
    ];
    let done = deed(&rig, "enter_agency", &fim, &fields).await;
    assert_eq!(done.header("location"), "/agencies", "{}", done.text);
    let page = get(&rig, "/agencies", Some(&fim)).await;
    assert!(page.text.contains("In charge: Insp. &lt;i&gt;Hollin"), "{}", page.text);
    assert!(page.text.contains("Last confirmed"), "{}", page.text);
    let fields = [("agency", "Gwent control room"), ("words", "Insp. Hollin, on that number")];
    let refused = deed(&rig, "confirm_agency", &dispatcher, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = deed(&rig, "confirm_agency", &fim, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let listed = rig.get(Role::CallHandler, "/agencies").await;
    assert_eq!(listed.json[0]["confirmed"]["by"], "force_incident_manager", "{}", listed.text);
    let owed = rig.get(Role::ForceIncidentManager, "/obligations").await;
    assert!(owed.text.contains("this agency's numbers confirmed"), "{}", owed.text);
    // A taxi firm that would not say: the log says what is next, and it is owed.
    let taxi =
        json!({ "kind": "taxi", "numbers": [{ "purpose": "desk", "line": "01632 960106" }] });
    rig.put(Role::Administrator, "/agencies/Harbour%20Cars", taxi).await;
    let fields = [
        ("incident", n.as_str()),
        ("agency", "Harbour Cars"),
        ("outcome", "refused"),
        ("words", "data protection <script>"),
    ];
    let done = deed(&rig, "ring_agency", &dispatcher, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = get(&rig, &format!("/incidents/{n}"), Some(&dispatcher)).await;
    assert!(page.text.contains("ask for the shift leader"), "{}", page.text);
    assert!(page.text.contains("REFUSED: data protection &lt;script&gt;"), "{}", page.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    assert!(log.text.contains("an agency told that did not answer or refused"), "{}", log.text);
    let told = json!({ "outcome": "told", "words": "dropped at the station" });
    let path = format!("/incidents/{n}/agencies/Harbour%20Cars/rung");
    let done = rig.post(Role::Dispatcher, &path, told).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["agencies"][0]["told"], true, "{}", log.text);
    // Who helps, those that fit the log first.
    for (name, with) in [("Aid", "burglary"), ("Care", "concern for safety")] {
        let body = json!({ "kind": "victim support", "helps_with": [with],
            "numbers": [{ "purpose": "helpline", "line": "01632 960120" }] });
        rig.put(Role::Administrator, &format!("/agencies/{name}"), body).await;
    }
    let page = get(&rig, &format!("/incidents/{n}"), Some(&dispatcher)).await;
    let offered = page.text.split("id=\"refer-to\"").nth(1).unwrap_or_default();
    let (care, aid) = (offered.find("value=\"Care\""), offered.find("value=\"Aid\""));
    assert!(care.is_some() && care < aid, "{}", page.text);
    let fields = [
        ("incident", n.as_str()),
        ("to", "Care"),
        ("agreed", "yes"),
        ("words", "she wants them to ring tomorrow"),
    ];
    let done = deed(&rig, "refer_victim", &dispatcher, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["referrals"][0]["agreed"], true, "{}", log.text);
    let page = get(&rig, &format!("/incidents/{n}"), Some(&dispatcher)).await;
    assert!(page.text.contains("Referred to Care"), "{}", page.text);
}
