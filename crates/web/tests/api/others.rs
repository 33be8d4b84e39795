//! What agencies are asked for and answer, somebody missing, and which agency fits best: by the
//! pages and by the API.

use crate::pages::{form, get, sign_on};
use crate::rig::Rig;
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

const HERE: &str = "http://callbox";

async fn open(rig: &Rig, code: &str, words: &str) -> String {
    let body = json!({
        "opening_code": code,
        "location": { "known": "known", "words": "General Hospital" },
        "words": words,
    });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    done.json["incident"].as_str().unwrap().to_owned()
}

/// Gives a command by its form, which must not be refused.
async fn does(rig: &Rig, cookie: &str, command: &str, fields: String) {
    let done = form(rig, &format!("/do/{command}"), Some(cookie), HERE, fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{command}: {}", done.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_is_asked_told_of_the_risk_and_chased_from_the_log() {
    let rig = Rig::new();
    let n = open(&rig, "missing person", "he is suicidal and left in a taxi").await;
    let taxi = json!({ "kind": "taxi", "supervisor": "Mr <b>Cab</b>",
        "numbers": [{ "purpose": "desk", "line": "01632 960106" }] });
    rig.put(Role::Administrator, "/agencies/Harbour%20Cars", taxi).await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    for there in ["Ask: trains at caution", "A life may be at risk: say so first.", "01632 960106"]
    {
        assert!(page.text.contains(there), "{there} is not in {}", page.text);
    }
    let ask = format!(
        "incident={n}&ask=where+was+the+passenger+taken&agency=Harbour+Cars&means=telephone\
         &words=where+is+%3Cb%3Ehe"
    );
    does(&rig, &cookie, "ask_agency", ask).await;
    let panel = format!("/incidents/{n}/panels/requests");
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in [
        "where is &lt;b&gt;he",
        "They were NOT told that a life may be at risk",
        "Tell them NOW",
        "In charge: Mr &lt;b&gt;Cab",
        "Asked of agencies, one open",
        "REQUEST FOR INFORMATION to Harbour Cars",
    ] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let email = format!(
        "incident={n}&request=1&answer=sent_elsewhere&means=telephone&with=the+desk\
         &words=e-mail+the+booking+department&itself=&life_told=yes"
    );
    does(&rig, &cookie, "answer_agency", email).await;
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    let request = &log.json["requests"][0];
    assert_eq!((&request["life_told"], &request["settled"]), (&json!(true), &json!(false)));
    let form = request["form"].as_str().unwrap();
    for there in ["URGENT: a life may be at risk", "vital interests", &n, "2 time(s) so far"] {
        assert!(form.contains(there), "{there} is not in {form}");
    }
    let way = log.json["in_the_way"].to_string();
    assert!(way.contains("an answer of an agency: 1 Harbour Cars"), "{way}");
    let path = format!("/incidents/{n}/requests/1/answers");
    let none = json!({ "answer": "answered", "means": "telephone", "words": "email us please" });
    let none = rig.post(Role::Dispatcher, &path, none).await;
    assert!(none.is_sentence() && none.detail().contains("no answer"), "{}", none.text);
    let real = json!({ "answer": "answered", "means": "in_person", "words": "the halt at 21:10" });
    let real = rig.post(Role::Officer, &path, real).await;
    assert_eq!(real.status, StatusCode::OK, "{}", real.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in ["by officers in person", "the halt at 21:10", "Asked of agencies, 0 open"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let public = rig.post(Role::Analyst, &format!("/incidents/{n}/requests"), json!({})).await;
    assert_eq!(public.status, StatusCode::FORBIDDEN, "{}", public.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_missing_is_recorded_looked_for_and_found_from_the_log() {
    let rig = Rig::new();
    let n = open(&rig, "concern for safety", "nobody knows where he is").await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    assert!(page.text.contains("Anyone whose whereabouts cannot be established"), "{}", page.text);
    let report = format!(
        "incident={n}&person.name=Tom+%3Ci%3EExample&person.description=grey+coat\
         &person.last_seen=left+the+ward&person.last_seen_at.on=2026-11-20T21%3A05\
         &person.seen_by=&person.vehicle=a+taxi&person.home=&level=high\
         &rationale=he+said+goodbye+to+all"
    );
    does(&rig, &cookie, "report_missing", report).await;
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["facts"]["code"], "missing person", "{}", log.text);
    let missing = &log.json["missing"];
    assert_eq!(missing["person"]["last_seen_at"], 1_795_208_700_000_i64, "{missing}");
    assert!(missing["countdown"].as_str().unwrap().starts_with('-'), "{missing}");
    assert!(log.json["in_the_way"].to_string().contains("Example found, who is missing"));
    let panel = format!("/incidents/{n}/panels/missing");
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in ["Tom &lt;i&gt;Example", "Police search adviser (POLSA)", "Risk: high", "a taxi"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let dogs = format!("incident={n}&action=dogs+and+air&outcome.not_applicable=fog");
    does(&rig, &cookie, "settle_missing_action", dogs).await;
    let asked = json!({ "agency": "General Hospital", "ask": "is the person there",
        "words": "admissions", "means": "telephone", "life_told": true });
    let asked = rig.post(Role::Dispatcher, &format!("/incidents/{n}/requests"), asked).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text);
    let path = format!("/incidents/{n}/requests/1/answers");
    let answer = json!({ "answer": "answered", "means": "telephone", "words": "he is not here" });
    let answer = rig.post(Role::Dispatcher, &path, answer).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in ["fog", "General Hospital: he is not here"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let lower = json!({ "level": "medium", "rationale": "his sister heard from him" });
    let lower = rig.put(Role::Dispatcher, &format!("/incidents/{n}/missing/risk"), lower).await;
    assert_eq!(lower.status, StatusCode::OK, "{}", lower.text);
    let found = format!(
        "incident={n}&place=the+bus+shelter&by=DC14&condition=safe&words=seen+and+spoken+to"
    );
    does(&rig, &cookie, "find_missing", found).await;
    let part = get(&rig, &panel, Some(&cookie)).await;
    for there in ["Found at the bus shelter", "safe and well", "The interview is owed by"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let words = json!({ "outcome": { "done": "a quarrel; his sister fetches him" } });
    let path = format!("/incidents/{n}/missing/interview");
    let done = rig.post(Role::Officer, &path, words).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let part = get(&rig, &panel, Some(&cookie)).await;
    assert!(part.text.contains("a quarrel; his sister fetches him"), "{}", part.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_address_and_the_best_agency_are_set_from_the_log() {
    let rig = Rig::new();
    let n = open(&rig, "concern for safety", "she has not come back to the ward").await;
    let cookie = sign_on(&rig, Role::CallHandler).await;
    rig.on_duty(Role::CallHandler, "CH14").await;
    let page = get(&rig, &format!("/incidents/{n}"), Some(&cookie)).await;
    assert!(page.text.contains("The home address is not known"), "{}", page.text);
    let home = format!("incident={n}&home=5+River+Row&how=her+sister");
    does(&rig, &cookie, "know_home", home).await;
    let part = get(&rig, &format!("/incidents/{n}/panels/missing"), Some(&cookie)).await;
    assert!(part.text.contains("5 River Row"), "{}", part.text);
    let keys = ["life", "crime", "child", "breach+of+peace", "police+power", "police+cause"];
    let answers: String = keys
        .iter()
        .enumerate()
        .map(|(i, key)| format!("&answers.{i}.question={key}&answers.{i}.yes=no"))
        .collect();
    let fit = |holder: &str| {
        format!(
            "incident={n}{answers}&police=no&agency=hospital&reason=low+risk,+known+to+them\
             &holder={holder}&told.done=the+ward+rings+you"
        )
    };
    let nobody = form(&rig, "/do/fit_agency", Some(&cookie), HERE, fit("")).await;
    assert!(nobody.text.contains("who holds the risk now"), "{}", nobody.text);
    does(&rig, &cookie, "fit_agency", fit("Sister+%3Cb%3EExample,+Ward+4")).await;
    let part = get(&rig, &format!("/incidents/{n}/panels/fits"), Some(&cookie)).await;
    for there in ["police do not go", "Sister &lt;b&gt;Example, Ward 4", "the ward rings you"] {
        assert!(part.text.contains(there), "{there} is not in {}", part.text);
    }
    let log = rig.look(Role::CallHandler, &format!("/incidents/{n}")).await;
    assert_eq!(log.json["fit"]["police"], false, "{}", log.text);
    assert_eq!(log.json["told"][0]["words"], "the ward rings you", "{}", log.text);
    let again = json!({ "answers": [], "police": true, "agency": "police", "reason": "she rang",
        "told": { "done": "we come" } });
    let path = format!("/incidents/{n}/best-agency");
    let again = rig.put(Role::Dispatcher, &path, again).await;
    assert!(again.is_sentence() && again.detail().contains("answer first"), "{}", again.text);
}
