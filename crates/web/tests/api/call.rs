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

/// The page of a call that somebody else has taken, for a purpose.
async fn looked_at(rig: &Rig, path: &str, cookie: &str) -> String {
    form(rig, cookie, path, &[("purpose", "a check of the test")]).await.text
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

    answers(&rig, &cookie, &contact, &n).await;
    let below = [("incident", n.as_str()), ("grade", "1"), ("grade", "2"), ("reason", "")];
    let refused = form(&rig, &cookie, "/do/grade_incident", &below).await;
    assert!(refused.detail().contains("give a reason"), "{}", refused.text);
    let grade = [("incident", n.as_str()), ("grade", "1"), ("reason", "")];
    let done = form(&rig, &cookie, "/do/grade_incident", &grade).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    form(&rig, &cookie, "/do/pass_to_dispatch", &[("incident", n.as_str())]).await;
    tells_the_number(&rig, &cookie, &contact, &n).await;
    assess(&rig, &cookie, &n).await;

    says_where(&rig, &cookie, &contact, &n).await;
    let done = form(&rig, &cookie, "/do/hang_up", &over).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(done.json["events"][0], "call_ended");
    let list = get(&rig, "/calls", &cookie).await.text;
    assert!(!list.contains(&format!("href=\"/calls/{contact}\"")), "a call that is over is listed");
}

/// An answer brings up the next question, and suggests a grade with its reason.
async fn answers(rig: &Rig, cookie: &str, contact: &str, n: &str) {
    let answer = |prompt: &'static str, answer: &'static str| {
        [("incident", n.to_owned()), ("prompt", prompt.to_owned()), ("answer", answer.to_owned())]
    };
    let send = |fields: [(&'static str, String); 3]| async move {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let done = form(rig, cookie, "/do/answer_prompt", &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        assert_eq!(done.json["events"][0], "prompt_answered");
    };
    send(answer("anyone hurt", "yes")).await;
    let part = get(rig, &format!("/calls/{contact}/parts/ask?log={n}"), cookie).await.text;
    assert!(part.contains("What are the injuries") && part.contains("Asked because"), "{part}");
    for sign in ["awake and able", "breathing normally", "bleeding heavily", "ambulance service"] {
        assert!(part.contains(sign), "{sign}: {part}");
    }
    let part = get(rig, &format!("/calls/{contact}/parts/suggest?log={n}"), cookie).await.text;
    assert!(part.contains("Is anybody hurt? yes") && part.contains("Immediate"), "{part}");
    for (prompt, said) in [
        ("conscious", "yes"),
        ("breathing", "yes"),
        ("bleeding", "no"),
        ("ambulance", "unknown"),
        ("injuries", "unknown"),
        ("there now", "yes"),
        ("entry needed", "no"),
        ("children", "no"),
        ("weapons", "not_applicable"),
        ("strangled", "no"),
        ("threat to kill", "no"),
        ("unwanted", "no"),
        ("controlled", "no"),
        ("leaving", "unknown"),
        ("court order", "unknown"),
        ("described", "no"),
    ] {
        send(answer(prompt, said)).await;
    }
}

/// The ready words have the log's number; that it was given stands on the log.
async fn tells_the_number(rig: &Rig, cookie: &str, contact: &str, n: &str) {
    let part = get(rig, &format!("/calls/{contact}/parts/end?log={n}"), cookie).await.text;
    assert!(part.contains(&format!("Your number is {n}. Graded Immediate")), "{part}");
    assert!(part.contains(&format!("Give the caller the number {n}")), "{part}");
    let words = &format!("Your number is {n}. Graded immediate; a unit is coming");
    let told = [("incident", n), ("told", "what_happens_next"), ("words", words)];
    form(rig, cookie, "/do/tell_informant", &told).await;
    let part = get(rig, &format!("/calls/{contact}/parts/end?log={n}"), cookie).await.text;
    assert!(
        part.contains("The caller has the log&#39;s number")
            || part.contains("The caller has the log's number"),
        "{part}"
    );
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(
        (&log.json["number_given"], &log.json["told"][0]["words"]),
        (&true.into(), &words.as_str().into())
    );
}

/// Where it is is not known yet: asked for, or said why the caller cannot tell.
async fn says_where(rig: &Rig, cookie: &str, contact: &str, n: &str) {
    let over = [("contact", contact)];
    let refused = form(rig, cookie, "/do/hang_up", &over).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.detail().contains("say why the caller cannot tell"), "{}", refused.text);
    let items = refused.json["items"].as_array().unwrap();
    assert!(items.len() == 1 && items[0].as_str().unwrap().contains("where it is"), "{items:?}");
    let part = get(rig, &format!("/calls/{contact}/parts/end?log={n}"), cookie).await.text;
    assert!(part.contains("name=\"because\""), "{part}");
    let place =
        [("incident", n), ("location.known", "known"), ("location.words", "12 High Street")];
    let done = form(rig, cookie, "/do/set_location", &place).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
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
async fn a_call_ends_with_the_reason_why_it_is_not_known_where() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let n = first_line(&rig, &cookie, &contact, "hoax call to emergency services", "ha ha").await;
    let grade = [("incident", n.as_str()), ("grade", "4"), ("reason", "")];
    form(&rig, &cookie, "/do/grade_incident", &grade).await;
    assess(&rig, &cookie, &n).await;
    let told = [("incident", n.as_str()), ("told", "not_told"), ("words", "rang off laughing")];
    form(&rig, &cookie, "/do/tell_informant", &told).await;
    let over = [("contact", contact.as_str()), ("because", "")];
    let refused = form(&rig, &cookie, "/do/hang_up", &over).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let over = [("contact", contact.as_str()), ("because", "rang off before I could ask")];
    let done = form(&rig, &cookie, "/do/hang_up", &over).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let kept = rig.look(Role::Auditor, "/journal?limit=500").await.text;
    assert!(kept.contains("rang off before I could ask"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_grade_is_defined_where_the_call_is_graded() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    first_line(&rig, &cookie, &contact, "theft", "my bag is gone").await;
    let page = get(&rig, &format!("/calls/{contact}"), &cookie).await.text;
    let policy = rules::policy::Policy::parse(crate::rig::POLICY).unwrap();
    assert!(policy.grade.len() > 1);
    for grade in &policy.grade {
        let means = format!("grade-{}-means", grade.rank);
        let described = format!("aria-describedby=\"{means}\"");
        assert!(page.contains(&described), "{described}");
        let text = page.split(&format!("id=\"{means}\">")).nth(1).unwrap();
        let text = text.split("</p>").next().unwrap().replace("&#39;", "'").replace("&quot;", "\"");
        assert_eq!(text, grade.definition);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_is_not_understood_is_not_graded_low_without_a_reason() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let n = first_line(&rig, &cookie, &contact, "contact record", "her voice is far off").await;
    let elements = ["threat", "harm", "risk", "investigation", "vulnerability", "engagement"];
    let mut fields = vec![("incident".to_owned(), n.clone())];
    for (i, element) in elements.iter().enumerate() {
        let why = "I could not hear her very well";
        for (name, value) in [("element", *element), ("rating", "low"), ("rationale", why)] {
            fields.push((format!("elements.{i}.{name}"), value.to_owned()));
        }
    }
    // The box on the page is unticked.
    fields.push(("informant_understood".to_owned(), "no".to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
    let done = form(&rig, &cookie, "/do/record_thrive", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let part = get(&rig, &format!("/calls/{contact}/parts/suggest?log={n}"), &cookie).await.text;
    assert!(part.contains("could not be heard or understood"), "{part}");
    let low = [("incident", n.as_str()), ("grade", "4"), ("reason", "")];
    let refused = form(&rig, &cookie, "/do/grade_incident", &low).await;
    assert!(refused.detail().contains("Priority is suggested"), "{}", refused.text);
    // The call does not end before it is clear what she wanted, or somebody will ring her back.
    let over = [("contact", contact.as_str())];
    let refused = form(&rig, &cookie, "/do/hang_up", &over).await;
    let unheard = "could not be heard or understood: ring back";
    assert!(refused.json["items"].to_string().contains(unheard), "{}", refused.text);
    let end = format!("/calls/{contact}/parts/end?log={n}");
    assert!(get(&rig, &end, &cookie).await.text.contains("action=\"/do/promise_ring_back\""));
    let soon = rig.room.now().0 + 600_000;
    let promise = json!({ "by": soon, "why": "she could not be heard" });
    let path = format!("/incidents/{n}/ring-backs/promises");
    let promised = rig.post(Role::CallHandler, &path, promise).await;
    assert_eq!(promised.status, StatusCode::OK, "{}", promised.text);
    let refused = form(&rig, &cookie, "/do/hang_up", &over).await;
    assert!(!refused.json["items"].to_string().contains(unheard), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_rang_about_nothing_urgent_is_told_of_other_ways() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let n = first_line(&rig, &cookie, &contact, "lost or found property", "my bag is gone").await;
    let end = format!("/calls/{contact}/parts/end?log={n}");
    let prompt = "how else they can get in touch";
    assert!(!get(&rig, &end, &cookie).await.text.contains(prompt), "it is not graded yet");
    for (grade, prompted) in [("4", true), ("3", false)] {
        let grade = [("incident", n.as_str()), ("grade", grade), ("reason", "she is upset")];
        let done = form(&rig, &cookie, "/do/grade_incident", &grade).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let part = get(&rig, &end, &cookie).await.text;
        assert_eq!(part.contains(prompt), prompted, "{part}");
        if prompted {
            assert!(part.contains("to report what is over") && part.contains("Alt+W"), "{part}");
            let words = "The force's website: to report what is over";
            let told = [("incident", n.as_str()), ("told", "other_channels"), ("words", words)];
            let done = form(&rig, &cookie, "/do/tell_informant", &told).await;
            assert_eq!(done.json["events"][0], "informant_told", "{}", done.text);
            let part = get(&rig, &end, &cookie).await.text;
            assert!(part.contains(words) && !part.contains(prompt), "{part}");
            assert!(part.contains("not told what happens next"), "that is another thing: {part}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_rung_back_when_the_grade_falls() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let n = first_line(&rig, &cookie, &contact, "theft", "my bag is gone").await;
    let grade = [("incident", n.as_str()), ("grade", "2")];
    form(&rig, &cookie, "/do/grade_incident", &grade).await;
    let told = [("told", "what_happens_next"), ("words", "within the hour")];
    let tell = async || {
        let fields = [&[("incident", n.as_str())][..], &told].concat();
        let done = form(&rig, &cookie, "/do/tell_informant", &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    };
    tell().await;
    let end = format!("/calls/{contact}/parts/end?log={n}");
    assert!(!get(&rig, &end, &cookie).await.text.contains("Ring back"), "nothing has changed");
    let lower = json!({ "grade": 3, "reason": "an appointment will do" });
    let done = rig.put(Role::TeamLeader, &format!("/incidents/{n}/grade"), lower).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let part = get(&rig, &end, &cookie).await.text;
    assert!(part.contains("Ring back") && part.contains("the grade fell"), "{part}");
    assert!(part.contains("Graded Scheduled"), "the ready words are the new grade's: {part}");
    let owed = rig.get(Role::CallHandler, "/obligations").await.text;
    assert!(owed.contains("the grade fell"), "{owed}");
    tell().await;
    assert!(!get(&rig, &end, &cookie).await.text.contains("Ring back"), "they are told");
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_given_on_a_call_is_recorded_or_does_not_apply() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    for code in
        ["violence", "sexual offence", "domestic incident", "robbery", "burglary", "hate crime"]
    {
        let contact = ring(&rig, &cookie, "07700 900123").await;
        let n = first_line(&rig, &cookie, &contact, code, "somebody came to the door").await;
        let page = get(&rig, &format!("/calls/{contact}?log={n}"), &cookie).await.text;
        for advice in ["advice safety", "advice evidence"] {
            assert!(page.contains(&format!("value=\"{advice}\"")), "{code}: {advice}");
        }
        let given =
            [("incident", n.as_str()), ("step", "advice safety"), ("outcome.done", "given")];
        let not = "nothing was touched";
        let not = [
            ("incident", n.as_str()),
            ("step", "advice evidence"),
            ("outcome.not_applicable", not),
        ];
        for fields in [&given, &not] {
            let done = form(&rig, &cookie, "/do/settle_sop_step", fields).await;
            assert_eq!(done.json["events"][0], "sop_step_settled", "{code}: {}", done.text);
        }
        let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await.json;
        let settled = |step: &str| {
            let steps = log["sop"].as_array().unwrap();
            steps.iter().find(|s| s["step"] == step).unwrap()["settled"].clone()
        };
        assert_eq!(settled("advice safety"), "done", "{code}");
        assert_eq!(settled("advice evidence"), "not_applicable", "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_call_is_matched_as_it_rings() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let point = json!({ "lat": 51.5, "lon": -2.5 });
    let place = json!({ "known": "known", "words": "12 High Street", "point": point });
    let body = json!({ "opening_code": "sudden death", "location": place, "words": "she is dead" });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    let n = done.json["incident"].as_str().unwrap().to_owned();
    let near = json!({ "known": "vague", "point": { "lat": 51.503, "lon": -2.5 } });
    for (contact, because) in [
        (json!({ "channel": "999", "location": near }), "334 m away"),
        (json!({ "channel": "999", "words": "at 12 High Street, in the bath" }), "was named"),
        (json!({ "channel": "999", "words": "my bicycle is gone" }), ""),
    ] {
        let done = rig.post(Role::CallHandler, "/contacts", contact).await;
        let contact = done.json["contact"].to_string();
        let found = rig.look(Role::CallHandler, &format!("/contacts/{contact}/matches")).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text);
        let rows = found.json.as_array().unwrap();
        assert_eq!(rows.len(), usize::from(!because.is_empty()), "{}", found.text);
        let page = looked_at(&rig, &format!("/calls/{contact}"), &cookie).await;
        assert_eq!(page.contains(&format!("/incidents/{n}")), !because.is_empty(), "{page}");
        if !because.is_empty() {
            assert_eq!(rows[0]["n"], n.as_str());
            assert!(rows[0]["because"].as_str().unwrap().contains(because), "{}", found.text);
            assert!(page.contains(because) && page.contains("sudden death"), "{page}");
        }
    }
    let list = get(&rig, "/calls", &cookie).await.text;
    assert!(list.contains("334 m away"), "seen before the call is opened: {list}");
    let gone = rig.look(Role::CallHandler, "/contacts/99/matches").await;
    assert!(gone.status == StatusCode::NOT_FOUND && gone.is_sentence(), "{}", gone.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_may_prefer_not_to_say_who_they_are() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let n = first_line(&rig, &cookie, &contact, "hate crime", "they shouted at us").await;
    let ask = format!("/calls/{contact}/parts/ask?log={n}");
    let part = get(&rig, &ask, &cookie).await.text;
    assert!(part.contains("word for word") && part.contains("Which gestures"), "{part}");
    assert_eq!(part.matches("value=\"prefer_not_to_say\"").count(), 1, "only of themselves");
    let answer =
        |prompt, answer| [("incident", n.as_str()), ("prompt", prompt), ("answer", answer)];
    form(&rig, &cookie, "/do/answer_prompt", &answer("own description", "yes")).await;
    let done = form(&rig, &cookie, "/do/answer_prompt", &answer("race", "prefer_not_to_say")).await;
    assert_eq!(done.json["events"][0], "prompt_answered", "{}", done.text);
    let refused =
        form(&rig, &cookie, "/do/answer_prompt", &answer("gestures", "prefer_not_to_say")).await;
    assert!(refused.detail().contains("choose unknown or not applicable"), "{}", refused.text);
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await.json;
    let race = log["prompts"].as_array().unwrap().iter().find(|p| p["prompt"] == "race").unwrap();
    assert_eq!(race["answer"], "prefer_not_to_say");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allegation_against_police_shows_its_procedure_and_the_way_to_its_own_log() {
    let rig = Rig::new();
    let cookie = sign_on(&rig, Role::CallHandler).await;
    let contact = ring(&rig, &cookie, "07700 900123").await;
    let said = "my friend is fighting with her mother";
    let n = first_line(&rig, &cookie, &contact, "domestic incident", said).await;
    let code = format!("/calls/{contact}/parts/code?log={n}");
    assert!(!get(&rig, &code, &cookie).await.text.contains("anti-corruption"));
    let said = "and a police officer has sent her pictures, that is why I do not trust you";
    let line = [("incident", n.as_str()), ("text", said), ("own_words", "true")];
    form(&rig, &cookie, "/do/add_entry", &line).await;
    let part = get(&rig, &code, &cookie).await.text;
    for told in ["a log of its own, restricted", "duty sergeant", "anti-corruption", "own words"] {
        assert!(part.contains(told), "{told}: {part}");
    }
    assert!(part.contains("value=\"complaint against police\""), "{part}");
    let path = format!("/calls/{contact}?log=new&code=complaint+against+police");
    let page = get(&rig, &path, &cookie).await.text;
    assert!(page.contains("<option value=\"complaint against police\" selected>"), "{page}");
    first_line(&rig, &cookie, &contact, "complaint against police", said).await;
    assert!(!get(&rig, &code, &cookie).await.text.contains("anti-corruption"), "it is dealt with");
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["facts"]["code"], "domestic incident", "{}", log.text);
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
