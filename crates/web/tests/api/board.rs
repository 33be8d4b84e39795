//! The dispatch board: who sees what, what is recorded, and what each deed on it does.

use crate::pages::sign_on;
use crate::rig::{Answer, Rig, wide};
use axum::body::Body;
use http::{Request, StatusCode};
use rules::role::Role;
use serde_json::json;

async fn get(rig: &Rig, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path).header("cookie", cookie);
    rig.send(request.body(Body::empty()).unwrap()).await
}

/// A form as the page's script sends it, or as a browser without one does.
async fn post(rig: &Rig, path: &str, cookie: &str, fields: &[(&str, &str)], json: bool) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::post(path)
        .header("host", "callbox")
        .header("origin", "http://callbox")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    if json {
        request = request.header("accept", "application/json");
    }
    rig.send(request.body(Body::from(body)).unwrap()).await
}

/// A log, two units, and a dispatcher at the board.
async fn scene() -> (Rig, String, String) {
    let rig = Rig::new();
    let n = rig.open().await;
    for unit in ["DC14", "DC22"] {
        let body = json!({ "kind": "response", "crew": ["officer"], "district": "central" });
        let done = rig.put(Role::Dispatcher, &format!("/units/{unit}"), body).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    for unit in ["DC14", "DC22"] {
        rig.put(Role::Dispatcher, &format!("/units/{unit}/status"), json!({ "status": 2 })).await;
    }
    let cookie = sign_on(&rig, Role::Dispatcher).await;
    rig.on_duty(Role::Dispatcher, "DD07").await;
    (rig, n, cookie)
}

async fn reads(rig: &Rig, n: &str) -> Vec<String> {
    let all = rig.get(Role::Auditor, "/audit").await;
    let all = all.json["reads"].as_array().unwrap().clone();
    all.iter()
        .filter(|read| read["what"] == format!("incident {n}"))
        .map(|read| read["purpose"].as_str().unwrap().to_owned())
        .collect()
}

async fn on(rig: &Rig, unit: &str) -> serde_json::Value {
    rig.get(Role::Dispatcher, &format!("/units/{unit}")).await.json["on"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_opened_on_the_board_is_recorded_once_and_shows_what_a_dispatcher_needs() {
    let (rig, n, cookie) = scene().await;
    let board = get(&rig, &format!("/?log={n}"), &cookie).await;
    assert_eq!(board.status, StatusCode::OK);
    for there in [
        format!("data-n=\"{n}\""),
        "rank 1 of 1 because: ".to_owned(),
        "Units near".to_owned(),
        "DC14".to_owned(),
        "aria-current=\"true\"".to_owned(),
        "role=\"combobox\"".to_owned(),
    ] {
        assert!(board.text.contains(&there), "{there} is not in {}", board.text);
    }
    assert_eq!(reads(&rig, &n).await, ["selected on the dispatch board"]);
    let pane = get(&rig, &format!("/incidents/{n}/pane"), &cookie).await;
    assert_eq!(pane.status, StatusCode::OK);
    assert!(pane.text.contains("Units near") && !pane.text.contains("<html"));
    assert_eq!(reads(&rig, &n).await.len(), 1, "a refresh is not another look");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_work_the_logs_is_not_shown_one_on_the_board() {
    let (rig, n, _) = scene().await;
    let away = sign_on(&rig, Role::TeamLeader).await;
    let pane = get(&rig, &format!("/incidents/{n}/pane"), &away).await;
    assert!(!pane.text.contains("Units near"), "nobody off duty is shown one: {}", pane.text);
    assert_eq!(reads(&rig, &n).await.len(), 0);
    let analyst = sign_on(&rig, Role::Analyst).await;
    let board = get(&rig, &format!("/?log={n}"), &analyst).await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(!board.text.contains("Units near") && !board.text.contains("id=\"command\""));
    assert_eq!(reads(&rig, &n).await.len(), 0);
    let auditor = sign_on(&rig, Role::Auditor).await;
    for path in ["/", "/fragments/units"] {
        assert_eq!(get(&rig, path, &auditor).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_near_is_sent_by_its_button_and_one_more_takes_a_reason() {
    let (rig, n, cookie) = scene().await;
    let pane = get(&rig, &format!("/incidents/{n}/pane"), &cookie).await;
    assert!(pane.text.contains("action=\"/do/deploy_unit\""), "{}", pane.text);
    assert!(pane.text.contains("data-key=\"Alt+7\""));
    let back = format!("/?log={n}");
    let fields = [("incident", n.as_str()), ("call_sign", "DC14"), ("deed-back", &back)];
    let sent = post(&rig, "/do/deploy_unit", &cookie, &fields, false).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(sent.header("location"), back);
    assert_eq!(on(&rig, "DC14").await, json!(n));
    let pane = get(&rig, &format!("/incidents/{n}/pane"), &cookie).await;
    assert!(pane.text.contains("Send as well"), "{}", pane.text);
    let fields = [("incident", n.as_str()), ("call_sign", "DC22")];
    let refused = post(&rig, "/do/deploy_unit", &cookie, &fields, true).await;
    assert!(refused.status.is_client_error() && refused.is_sentence(), "{}", refused.text);
    assert!(on(&rig, "DC22").await.is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_divert_asks_what_becomes_of_the_log_that_is_left_and_chooses_nothing_itself() {
    let (rig, less, cookie) = scene().await;
    let more = rig.open().await;
    for (n, grade) in [(&less, 3), (&more, 1)] {
        let body = json!({ "grade": grade });
        let body = match rig.put(Role::CallHandler, &format!("/incidents/{n}/grade"), body).await {
            done if done.status == StatusCode::OK => continue,
            done => done,
        };
        assert!(body.text.contains("reason"), "{}", body.text);
        let body = json!({ "grade": grade, "reason": "as the caller describes it now" });
        let done = rig.put(Role::CallHandler, &format!("/incidents/{n}/grade"), body).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    let fields = [("incident", less.as_str()), ("call_sign", "DC14")];
    let sent = post(&rig, "/do/deploy_unit", &cookie, &fields, true).await;
    assert!(sent.status.is_success(), "{}", sent.text);
    let pane = get(&rig, &format!("/incidents/{more}/pane"), &cookie).await;
    assert!(pane.text.contains("action=\"/do/divert_unit\""), "{}", pane.text);
    assert!(pane.text.contains("value=\"requeue\"") && pane.text.contains("cover_with:DC22"));
    assert!(!pane.text.contains("value=\"covered\""), "no other unit is on it");
    assert!(!pane.text.contains(" checked"), "nothing is chosen before");
    let mut fields = vec![("to", more.as_str()), ("call_sign", "DC14"), ("reason", "a knife")];
    let refused = post(&rig, "/do/divert_unit", &cookie, &fields, true).await;
    assert!(refused.status.is_client_error() && refused.is_sentence(), "{}", refused.text);
    fields.push(("left_behind", "cover_with:DC22"));
    let done = post(&rig, "/do/divert_unit", &cookie, &fields, true).await;
    assert!(done.status.is_success(), "{}", done.text);
    assert_eq!((on(&rig, "DC14").await, on(&rig, "DC22").await), (json!(more), json!(less)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_and_what_is_new_is_read_on_the_board() {
    let (rig, n, cookie) = scene().await;
    let body = json!({ "to": { "desk": "dispatcher" }, "text": "which <script>door</script>" });
    let asked = rig.post(Role::CallHandler, &format!("/incidents/{n}/questions"), body).await;
    assert!(asked.status.is_success(), "{}", asked.text);
    let body = json!({ "text": "he is at the <b>back</b> now" });
    rig.post(Role::CallHandler, &format!("/incidents/{n}/entries"), body).await;
    let pane = get(&rig, &format!("/incidents/{n}/pane"), &cookie).await;
    assert!(pane.text.contains("which &lt;script&gt;door") && !pane.text.contains("<script>door"));
    assert!(pane.text.contains("Since you looked (") && pane.text.contains("&lt;b&gt;back"));
    let fields = [("incident", n.as_str()), ("question", "1"), ("outcome.done", "the back door")];
    let done = post(&rig, "/do/answer_question", &cookie, &fields, true).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let last = log.json["entries"].as_array().unwrap().len().to_string();
    let fields = [("incident", n.as_str()), ("up_to", last.as_str())];
    let done = post(&rig, "/do/read_log", &cookie, &fields, true).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let pane = get(&rig, &format!("/incidents/{n}/pane"), &cookie).await;
    assert!(pane.text.contains("Nothing new since you looked"), "{}", pane.text);
    assert!(!pane.text.contains("Questions without an answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_answered_with_its_receipt_and_a_wrong_word_by_its_place() {
    let (rig, n, cookie) = scene().await;
    let line = |text: &'static str| {
        let (rig, n, cookie) = (&rig, n.as_str(), cookie.as_str());
        async move { post(rig, "/line", cookie, &[("line", text), ("selected", n)], true).await }
    };
    let done = line("D 14").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert!(done.json["says"].as_str().unwrap().contains("saved, no. "), "{}", done.text);
    assert_eq!(on(&rig, "DC14").await, json!(n));
    let wrong = line("D 99").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert!(wrong.is_sentence());
    assert_eq!(wrong.json["at"], json!([2, 4]));
    let keys = line("?").await;
    assert!(keys.json["html"].as_str().unwrap().contains("Releases a unit"), "{}", keys.text);
    let near = line("O").await;
    assert_eq!(near.json["select"], json!(n));
    assert!(near.json["html"].as_str().unwrap().contains("all-more-"), "{}", near.text);
    let fields = [("line", "D 2"), ("selected", n.as_str())];
    let could = post(&rig, "/line/suggest", &cookie, &fields, true).await;
    assert_eq!(could.json[0]["line"], "D DC22", "{}", could.text);
    let elsewhere = Request::post("/line")
        .header("host", "callbox")
        .header("origin", "http://evil.example")
        .header("cookie", &cookie)
        .body(Body::from("line=U"))
        .unwrap();
    assert_eq!(rig.send(elsewhere).await.status, StatusCode::FORBIDDEN);
    let analyst = sign_on(&rig, Role::Analyst).await;
    let refused = post(&rig, "/line", &analyst, &[("line", "D 22")], true).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_by_a_line_is_recorded_before_it_is_shown() {
    let (rig, n, cookie) = scene().await;
    let fields = [("line", "F neighbour"), ("selected", n.as_str())];
    let found = post(&rig, "/line", &cookie, &fields, true).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    let all = rig.get(Role::Auditor, "/audit").await;
    let search = all.json["reads"].as_array().unwrap().iter();
    let search = search.filter(|r| r["what"] == "search by words").collect::<Vec<_>>();
    assert_eq!(search.len(), 1, "{}", all.text);
    let purpose = search[0]["purpose"].as_str().unwrap();
    assert!(purpose.contains(&n) && purpose.contains("sought 'neighbour'"), "{purpose}");
    let plain = post(&rig, "/line", &cookie, &fields, false).await;
    assert!(plain.text.contains("What was looked for and found is recorded"), "{}", plain.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_stand_in_the_address_and_name_nobody() {
    let (rig, n, cookie) = scene().await;
    let row = format!("data-incident=\"{n}\"");
    for (query, there) in [
        ("mine=1", false),
        ("unresourced=1", false),
        ("district=central", true),
        ("district=elsewhere", false),
        ("grade=1", false),
        ("nonsense=1&grade=x", true),
    ] {
        let board = get(&rig, &format!("/?{query}"), &cookie).await;
        assert_eq!(board.text.contains(&row), there, "{query}: {}", board.text);
    }
    let mine = get(&rig, "/?mine=1", &cookie).await;
    assert!(mine.text.contains("data-wants=\"[data-owner=&quot;staff:"), "{}", mine.text);
    assert!(mine.text.contains("No open log meets the filter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_who_calls_for_help_stands_first() {
    let (rig, _, cookie) = scene().await;
    let body = json!({ "status": 0 });
    let done = rig.put(Role::Dispatcher, "/units/DC22/status", body).await;
    assert!(done.status.is_success(), "{}", done.text);
    let strip = get(&rig, "/fragments/units", &cookie).await;
    let (first, other) = (strip.text.find("DC22").unwrap(), strip.text.find("DC14").unwrap());
    assert!(first < other && strip.text.contains("class=\"emergency\""), "{}", strip.text);
    let board = get(&rig, "/", &cookie).await;
    assert!(board.text.contains("officer emergency: 1"), "{}", board.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_demonstration_anybody_looks_and_nobody_writes() {
    let rig = Rig::with(wide(), true);
    let n = rig.open().await;
    let board = get(&rig, &format!("/?log={n}"), "").await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(board.text.contains(&format!("data-n=\"{n}\"")), "{}", board.text);
    assert!(!board.text.contains("id=\"command\""));
    let refused = post(&rig, "/line", "", &[("line", "U")], true).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
}
