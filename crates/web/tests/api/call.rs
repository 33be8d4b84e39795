//! Taking a call by page: the first line opens the log, questions follow from answers, the grade is
//! suggested with its reasons, and the call does not end over what is open. test:B16

use crate::pages::sign_on;
use crate::rig::{Answer, Rig, wide};
use axum::body::Body;
use http::{Request, StatusCode};
use rules::role::Role;
use serde_json::json;

async fn get(rig: &Rig, path: &str, cookie: &str) -> Answer {
    rig.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
}

/// A form, as a browser without any script sends it.
async fn form(rig: &Rig, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path)
        .header("host", "callbox")
        .header("origin", "http://callbox")
        .header("cookie", cookie)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded");
    rig.send(request.body(Body::from(body)).unwrap()).await
}

async fn ring(rig: &Rig, cookie: &str, line: &str) -> String {
    let done =
        form(rig, cookie, "/do/receive_contact", &[("channel", "999"), ("line", line)]).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    done.json["contact"].to_string()
}

async fn first_line(rig: &Rig, cookie: &str, contact: &str, code: &str, words: &str) -> String {
    let fields = [
        ("contact", contact),
        ("opening_code", code),
        ("location.known", "unknown"),
        ("location.words", ""),
        ("location.point.lat", ""),
        ("informant.name", ""),
        ("informant.line", "07700 900123"),
        ("informant.safe_to_contact", "no"),
        ("words", words),
    ];
    let done = form(rig, cookie, "/do/open_incident", &fields).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    done.json["incident"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_taken_from_the_ring_to_its_end_by_forms_alone() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let list = get(&rig, "/calls", &cookie).await;
    assert!(list.text.contains("action=\"/do/receive_contact\""), "{}", list.text);
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let page = get(&rig, &format!("/calls/{contact}"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("07700 900123") && page.text.contains("No earlier contact"));
    let title = page.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert_eq!(title, format!("Call {contact} - Callbox"), "nothing about a person is in it");

    let said = "He is outside again, banging on the door";
    let n = first_line(&rig, &cookie, &contact, "domestic incident", said).await;
    let path = format!("/calls/{contact}?log={n}");
    let page = get(&rig, &path, &cookie).await.text;
    assert!(page.contains(said) && page.contains("Is anybody hurt?"), "{page}");
    assert!(page.contains("Opened with the code."), "the SOP opens by itself");
    assert!(!page.contains("What are the injuries"), "asked before there is a reason to ask");

    // A second line goes onto the same log, in the caller's own words.
    let line = [("incident", n.as_str()), ("text", "he has a knife"), ("own_words", "true")];
    let done = form(&rig, &cookie, "/do/add_entry", &line).await;
    assert_eq!(done.json["events"][0], "entry_added", "{}", done.text);

    // Ending is refused, and says by name what is open.
    let over = [("contact", contact.as_str())];
    let refused = form(&rig, &cookie, "/do/hang_up", &over).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let items = refused.json["items"].to_string();
    for open in
        ["not graded", "THRIVE is not assessed", "Is anybody hurt?", "not told", "not passed"]
    {
        assert!(items.contains(open), "{open}: {items}");
    }

    // An answer brings up the next question, and suggests a grade with its reason.
    let answer = |prompt: &'static str, answer: &'static str| {
        [("incident", n.clone()), ("prompt", prompt.to_owned()), ("answer", answer.to_owned())]
    };
    let send = |fields: [(&'static str, String); 3]| {
        let (rig, cookie) = (&rig, &cookie);
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let done = form(rig, cookie, "/do/answer_prompt", &fields).await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.text);
            assert_eq!(done.json["events"][0], "prompt_answered");
        }
    };
    send(answer("anyone hurt", "yes")).await;
    let part = get(&rig, &format!("/calls/{contact}/parts/ask?log={n}"), &cookie).await.text;
    assert!(part.contains("What are the injuries") && part.contains("Asked because"), "{part}");
    let part = get(&rig, &format!("/calls/{contact}/parts/suggest?log={n}"), &cookie).await.text;
    assert!(part.contains("Is anybody hurt? yes") && part.contains("Immediate"), "{part}");
    for (prompt, said) in [
        ("injuries", "unknown"),
        ("there now", "yes"),
        ("children", "no"),
        ("weapons", "not_applicable"),
        ("court order", "unknown"),
    ] {
        send(answer(prompt, said)).await;
    }
    let below = [("incident", n.as_str()), ("grade", "1"), ("grade", "2"), ("reason", "")];
    let refused = form(&rig, &cookie, "/do/grade_incident", &below).await;
    assert!(refused.detail().contains("give a reason"), "{}", refused.text);
    let grade = [("incident", n.as_str()), ("grade", "1"), ("reason", "")];
    let done = form(&rig, &cookie, "/do/grade_incident", &grade).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    form(&rig, &cookie, "/do/pass_to_dispatch", &[("incident", n.as_str())]).await;
    let words = "Graded immediate; a unit is coming";
    let told = [("incident", n.as_str()), ("told", "what_happens_next"), ("words", words)];
    form(&rig, &cookie, "/do/tell_informant", &told).await;
    assess(&rig, &cookie, &n).await;
    let done = form(&rig, &cookie, "/do/hang_up", &over).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(done.json["events"][0], "call_ended");
    let list = get(&rig, "/calls", &cookie).await.text;
    assert!(!list.contains(&format!("href=\"/calls/{contact}\"")), "a call that is over is listed");
}

/// THRIVE with a rationale of one word is refused by its element's name, then recorded.
async fn assess(rig: &Rig, cookie: &str, n: &str) {
    let elements = ["threat", "harm", "risk", "investigation", "vulnerability", "engagement"];
    for (why, holds) in [("danger", false), ("he is at the door now", true)] {
        let mut fields = vec![("incident".to_owned(), n.to_owned())];
        for (i, element) in elements.iter().enumerate() {
            let why = if i == 0 { why } else { "as the caller described it" };
            for (name, value) in [("element", *element), ("rating", "high"), ("rationale", why)] {
                fields.push((format!("elements.{i}.{name}"), value.to_owned()));
            }
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let done = form(rig, cookie, "/do/record_thrive", &fields).await;
        assert_eq!(done.status == StatusCode::OK, holds, "{}", done.text);
        if !holds {
            assert!(done.json["items"][0].as_str().unwrap().contains("rationale of threat"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_drops_leaves_what_was_open_owed() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    first_line(&rig, &cookie, &contact, "violence", "they are kicking him").await;
    let gone = [("contact", contact.as_str()), ("line_dropped", "true")];
    let done = form(&rig, &cookie, "/do/hang_up", &gone).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let owed = rig.get(Role::CallHandler, "/obligations").await.text;
    assert!(owed.contains("call_unfinished"), "{owed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_call_opens_a_log_at_a_signal_and_each_signal_has_its_time() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900555").await;
    let page = get(&rig, &format!("/calls/{contact}?log=new&silent=1"), &cookie).await.text;
    assert!(page.contains("press 55") && page.contains("COUGH / TAP"), "{page}");
    let code = "abandoned call to emergency services";
    let n = first_line(&rig, &cookie, &contact, code, "Silent call. A cough was heard.").await;
    let fields = [
        ("incident", n.as_str()),
        ("prompt", "police wanted"),
        ("answer", "yes"),
        ("by_signal", "true"),
    ];
    let done = form(&rig, &cookie, "/do/answer_prompt", &fields).await;
    assert_eq!(done.json["events"][1], "entry_added", "{}", done.text);
    let page = get(&rig, &format!("/calls/{contact}?log={n}&silent=1"), &cookie).await.text;
    assert!(page.contains("question 1: a cough, tap or key press = YES"), "{page}");
    let part = get(&rig, &format!("/calls/{contact}/parts/suggest?log={n}"), &cookie).await.text;
    assert!(part.contains("Immediate"), "{part}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_for_whoever_takes_them_and_every_look_is_recorded() {
    let rig = Rig::new();
    let handler = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &handler, "07700 900123").await;
    let path = format!("/calls/{contact}");
    for role in [Role::Officer, Role::Auditor, Role::Analyst] {
        let other = sign_on(&rig, role).await;
        for path in ["/calls", &path, &format!("{path}/parts/end")] {
            assert_eq!(get(&rig, path, &other).await.status, StatusCode::FORBIDDEN, "{role:?}");
        }
    }
    let leader = sign_on(&rig, Role::TeamLeader).await;
    let asked = get(&rig, &path, &leader).await;
    assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED);
    assert!(!asked.text.contains("900123"), "shown before it was recorded");
    let part = get(&rig, &format!("{path}/parts/related"), &leader).await;
    assert_eq!(part.status, StatusCode::PRECONDITION_REQUIRED);
    let shown = form(&rig, &leader, &path, &[("purpose", "helping a new colleague")]).await;
    assert!(shown.text.contains("900123"), "{}", shown.text);
    // The auditor's own looks are among them.
    let count = |all: &serde_json::Value| {
        all["reads"].as_array().unwrap().iter().filter(|r| r["what"] != "looks").count()
    };
    let before = count(&rig.get(Role::Auditor, "/audit").await.json);
    get(&rig, &path, &handler).await;
    let reads = rig.get(Role::Auditor, "/audit").await;
    let after = count(&reads.json);
    assert!(after > before && reads.text.contains(&format!("contact {contact}")), "{}", reads.text);
    // A part that refreshes is the same look.
    get(&rig, &format!("{path}/parts/end"), &handler).await;
    let reads = rig.get(Role::Auditor, "/audit").await;
    assert_eq!(count(&reads.json), after);
    for missing in ["/calls/999", "/calls/x", "/calls/1?log=20200101-0001"] {
        assert_eq!(get(&rig, missing, &handler).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_incident_of_a_call_keeps_the_caller() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    first_line(&rig, &cookie, &contact, "theft", "my bag is gone").await;
    let page = get(&rig, &format!("/calls/{contact}?log=new"), &cookie).await.text;
    assert!(page.contains("action=\"/do/open_incident\"") && page.contains("07700 900123"));
    let second = first_line(&rig, &cookie, &contact, "hate crime", "and he called me names").await;
    let page = get(&rig, &format!("/calls/{contact}"), &cookie).await.text;
    assert!(page.contains(&format!("?log={second}")) && !page.contains("my bag is gone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_says_is_text_and_a_code_is_suggested_from_a_body() {
    let rig = Rig::with(wide(), true);
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let evil = "<script>alert(1)</script>";
    let contact = ring(&rig, &cookie, evil).await;
    let n = first_line(&rig, &cookie, &contact, "theft", evil).await;
    let line = [("incident", n.as_str()), ("text", evil), ("own_words", "true")];
    form(&rig, &cookie, "/do/add_entry", &line).await;
    let ask = json!({ "to": { "staff": "call_handler" }, "text": evil });
    rig.post(Role::Dispatcher, &format!("/incidents/{n}/questions"), ask).await;
    let draft = [("key", format!("call:{contact}:{n}:place")), ("text", evil.to_owned())];
    let draft: Vec<(&str, &str)> = draft.iter().map(|(k, v)| (*k, v.as_str())).collect();
    form(&rig, &cookie, "/drafts", &draft).await;
    let page = get(&rig, &format!("/calls/{contact}"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(!page.text.contains("<script>alert") && page.text.contains("&lt;script&gt;alert"));
    for inline in [" style=", " onclick=", "<style", "javascript:"] {
        assert!(!page.text.contains(inline), "{inline}");
    }
    let words = [("words", "my ex partner is at the door again")];
    let help = form(&rig, &cookie, "/calls/code-help", &words).await;
    assert!(help.text.contains("data-code=\"domestic incident\""), "{}", help.text);
    let nobody = form(&rig, "", "/calls/code-help", &words).await;
    assert_eq!(nobody.status, StatusCode::FORBIDDEN, "{}", nobody.text);
}
