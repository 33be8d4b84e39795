//! Who looked at what by page, and a log as it stood, by page and by the API.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, Rig};
use http::StatusCode;
use rules::role::Role;
use serde_json::{Value, json};

const ORIGIN: &str = "http://callbox";

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn post(rig: &Rig, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    form(rig, path, Some(cookie), ORIGIN, encoded(fields)).await
}

/// What is recorded about looks, in order: who, at what, why.
async fn looks(rig: &Rig) -> Vec<(String, String, String)> {
    let all = rig.get(Role::Auditor, "/audit?limit=1000").await;
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let all = all.json["reads"].as_array().unwrap().clone();
    all.iter().map(|r| (text(&r["by"]["staff"]), text(&r["what"]), text(&r["purpose"]))).collect()
}

async fn signs_on(rig: &Rig, role: Role, seat: &str) {
    let done = rig.post(role, "/duty/sign-on", json!({ "seat": seat })).await;
    assert!(done.status.is_success(), "{}", done.text);
}

async fn write(rig: &Rig, n: &str, text: &str) {
    let path = format!("/incidents/{n}/entries");
    let done = rig.post(Role::CallHandler, &path, json!({ "text": text })).await;
    assert!(done.status.is_success(), "{}", done.text);
}

async fn replay(rig: &Rig, n: &str, query: &str) -> Value {
    let shown = rig.look(Role::Auditor, &format!("/incidents/{n}/replay{query}")).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    shown.json
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_pages_are_for_those_who_may() {
    let rig = Rig::new();
    let n = rig.open().await;
    let replay = format!("/audit/replay/{n}");
    for path in ["/audit", replay.as_str()] {
        assert_eq!(get(&rig, path, None).await.header("location"), "/sign-on", "{path}");
        for role in [Role::Dispatcher, Role::TeamLeader, Role::Administrator] {
            let cookie = sign_on(&rig, role).await;
            let refused = get(&rig, path, Some(&cookie)).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path} {role}");
            assert!(!refused.text.contains("neighbour"));
        }
    }
    for role in [Role::Auditor, Role::ProfessionalStandards] {
        let cookie = sign_on(&rig, role).await;
        let page = get(&rig, "/audit", Some(&cookie)).await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        assert!(page.text.contains("Why you look") && !page.text.contains("style="));
        assert!(!page.text.contains("id=\"looks\""), "nothing before somebody says why");
    }
    let auditor = sign_on(&rig, Role::Auditor).await;
    let elsewhere = encoded(&[("purpose", "x")]);
    for path in ["/audit", "/audit/replay"] {
        let refused =
            form(&rig, path, Some(&auditor), "http://evil.example", elsewhere.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_at_what_is_found_by_person_log_words_and_time_and_recorded() {
    let rig = Rig::new();
    let (a, b) = (rig.open().await, rig.open().await);
    rig.look(Role::Officer, &format!("/incidents/{a}")).await;
    rig.look(Role::TeamLeader, &format!("/incidents/{b}")).await;
    let auditor = sign_on(&rig, Role::Auditor).await;
    let why = ("purpose", "complaint 7 of <script>alert(1)</script>");
    for (fields, rows, names) in [
        (vec![why], 2, "team_leader"),
        (vec![why, ("staff", "officer")], 1, "incident "),
        (vec![why, ("incident", b.as_str()), ("staff", "team_leader")], 1, b.as_str()),
        (vec![why, ("incident", b.as_str()), ("staff", "officer")], 0, "No look fits"),
        (vec![why, ("words", "A CHECK of the test"), ("staff", "officer")], 1, "a check"),
        (vec![why, ("to", "2020-01-01T00:00:00")], 0, "No look fits"),
        (vec![why, ("from", "2020-01-01T00:00"), ("staff", "officer")], 1, "officer"),
    ] {
        let found = post(&rig, "/audit", &auditor, &fields).await;
        assert_eq!(found.status, StatusCode::OK, "{fields:?}: {}", found.text);
        let n = found.text.matches("<tr>").count().saturating_sub(1);
        assert!(n >= rows && (rows > 0 || n == 0), "{fields:?}: {n}");
        assert!(found.text.contains(names), "{fields:?}");
        assert!(!found.text.contains("<script>alert"), "markup in a purpose");
        let (who, what, purpose) = looks(&rig).await.pop().unwrap();
        assert_eq!((who.as_str(), what.as_str()), ("auditor", "looks"));
        assert!(purpose.starts_with("found ") && purpose.contains("| complaint 7"), "{purpose}");
    }
    for (fields, sentence) in [
        (vec![("purpose", "")], "say why you look"),
        (vec![why, ("incident", "nonsense")], "nonsense"),
        (vec![why, ("from", "soon")], "a time is not one"),
    ] {
        let before = looks(&rig).await.len();
        let refused = post(&rig, "/audit", &auditor, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(refused.text.contains(sentence), "{fields:?}: {}", refused.text);
        assert_eq!(looks(&rig).await.len(), before + 1, "only the test's own look");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_looks_are_paged_newest_first_and_none_is_passed_over() {
    let rig = Rig::new();
    let n = rig.open().await;
    for _ in 0..130 {
        rig.look(Role::Officer, &format!("/incidents/{n}")).await;
    }
    let (mut before, mut numbers) = (u64::MAX.to_string(), Vec::new());
    for _ in 0..10 {
        let path = format!("/audit?before={before}&limit=40&staff=officer");
        let page = rig.get(Role::Auditor, &path).await;
        let reads = page.json["reads"].as_array().unwrap().clone();
        numbers.extend(reads.iter().map(|r| r["number"].as_u64().unwrap()));
        match page.json["next"].as_u64() {
            Some(next) => before = next.to_string(),
            None => break,
        }
    }
    assert_eq!(numbers.len(), 130);
    assert!(numbers.windows(2).all(|pair| pair[0] > pair[1]), "{numbers:?}");
    let both = rig.get(Role::Auditor, "/audit?before=9&after=1").await;
    assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", both.text);
    // The page has a button that asks for the older ones, with the same purpose.
    let auditor = sign_on(&rig, Role::Auditor).await;
    let fields = [("purpose", "complaint 7"), ("staff", "officer")];
    let first = post(&rig, "/audit", &auditor, &fields).await;
    let next = first.text.split("name=\"before\" value=\"").nth(1).unwrap();
    let next = next.split('"').next().unwrap();
    let fields = [("purpose", "complaint 7"), ("staff", "officer"), ("before", next)];
    let older = post(&rig, "/audit", &auditor, &fields).await;
    assert!(older.text.contains("30 looks, newest first"), "{}", older.text);
    assert!(older.text.contains("there are no older looks"), "{}", older.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_shown_as_it_stood_at_each_record() {
    let rig = Rig::new();
    signs_on(&rig, Role::Dispatcher, "DD01").await;
    let n = rig.open().await;
    // A moment is a millisecond: the first entry has one of its own.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    write(&rig, &n, "the first thing").await;
    let after_first = rig.room.view().seq;
    rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    write(&rig, &n, "the second thing").await;
    let now = replay(&rig, &n, "").await;
    let then = replay(&rig, &n, &format!("?seq={after_first}")).await;
    let entries = |v: &Value| -> Vec<String> {
        let all = v["seen"]["log"]["entries"].as_array().unwrap().clone();
        all.iter().map(|e| e["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(entries(&now), ["the first thing", "the second thing"]);
    assert_eq!(entries(&then), ["the first thing"]);
    assert_eq!(then["seq"], after_first);
    assert!(then["next"].as_u64().unwrap() > after_first);
    assert!(then["previous"].as_u64().unwrap() < after_first);
    let role = |v: &Value, name: &str| -> Value {
        let all = v["roles"].as_array().unwrap().clone();
        all.into_iter().find(|r| r["role"] == name).unwrap()
    };
    assert_eq!(role(&then, "dispatcher")["n_looked"], 0);
    assert_eq!(role(&now, "dispatcher")["n_looked"], 1);
    assert_eq!(role(&now, "dispatcher")["people"][0]["seat"], "DD01");
    assert_eq!(role(&now, "analyst")["may_see_log"], false);
    // Through the eyes of those who see the board only, or nothing.
    let analyst = replay(&rig, &n, "?role=analyst").await;
    assert_eq!(analyst["seen"]["log"], Value::Null);
    assert_eq!(analyst["seen"]["board"]["place"], 1);
    let public = replay(&rig, &n, "?role=public").await;
    assert_eq!((&public["seen"]["log"], &public["seen"]["board"]), (&Value::Null, &Value::Null));
    // By the clock: before the second entry, after it, long before the log, in the future.
    let at = then["at"].as_i64().unwrap();
    let second = now["moments"].as_array().unwrap().last().unwrap()["at"].as_i64().unwrap();
    for (at, texts) in [(at - 3_600_000, 0), (second, 2), (second + 3_600_000, 2)] {
        let shown = replay(&rig, &n, &format!("?at={at}")).await;
        assert_eq!(entries(&shown).len(), texts, "{at}");
    }
    let absent = rig.look(Role::Auditor, "/incidents/20200101-0001/replay").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND, "{}", absent.text);
    let unsaid = rig.get(Role::Auditor, &format!("/incidents/{n}/replay")).await;
    assert_eq!(unsaid.status, StatusCode::PRECONDITION_REQUIRED, "{}", unsaid.text);
    let last = looks(&rig).await.into_iter().rev().find(|(_, what, _)| what != "looks").unwrap();
    assert_eq!(last.1, format!("replay of incident {n}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_log_is_replayed_and_its_records_are_proved() {
    let rig = Rig::new();
    let n = rig.open_and_close().await;
    rig.open().await;
    let end = replay(&rig, &n, "").await;
    assert_eq!(end["open"], false, "{end}");
    assert!(end["seen"]["log"]["facts"]["closed"].is_object());
    assert_eq!(end["seen"]["board"], Value::Null);
    let begun = replay(&rig, &n, "?seq=1").await;
    assert_eq!(begun["open"], true);
    assert_eq!(begun["previous"], Value::Null);
    // The head is signed within the second.
    for _ in 0..50 {
        let shown = replay(&rig, &n, "").await;
        assert_eq!(shown["chain"]["fault"], Value::Null);
        if shown["chain"]["holds"] == true {
            assert!(shown["chain"]["signed"].as_u64().unwrap() >= shown["seq"].as_u64().unwrap());
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the records were never signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replay_page_is_opened_once_with_a_purpose_and_nothing_can_be_done_there() {
    let rig = Rig::new();
    signs_on(&rig, Role::Dispatcher, "DD01").await;
    let n = rig.open().await;
    write(&rig, &n, "<script>alert(1)</script> was painted on the door").await;
    let auditor = sign_on(&rig, Role::Auditor).await;
    let path = format!("/audit/replay/{n}");
    let asked = get(&rig, &path, Some(&auditor)).await;
    assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED);
    assert!(!asked.text.contains("neighbour"), "shown before it was recorded");
    let unsaid = post(&rig, "/audit/replay", &auditor, &[("incident", &n)]).await;
    assert!(unsaid.text.contains("say why you look"), "{}", unsaid.text);
    let fields = [("incident", n.as_str()), ("purpose", "complaint 7")];
    let opened = post(&rig, "/audit/replay", &auditor, &fields).await;
    assert_eq!(opened.header("location"), path, "{}", opened.text);
    for query in ["", "?seq=1&role=call_handler", "?since=0", "?at=2126-01-01T00:00:00"] {
        let page = get(&rig, &format!("{path}{query}"), Some(&auditor)).await;
        assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
        let title = page.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert_eq!(title, format!("Replay of log {n} - Callbox"));
        assert!(page.text.contains("my neighbour has not been seen"), "{query}");
        assert!(!page.text.contains("<script>alert"), "{query}: markup in an entry");
        assert!(!page.text.contains("action=\"/do/"), "{query}: a deed on a page that only shows");
        assert!(!page.text.contains("style="), "{query}: an inline style");
    }
    let page = get(&rig, &path, Some(&auditor)).await;
    assert!(page.text.contains("As dispatcher could have seen it"), "{}", page.text);
    assert!(page.text.contains("was painted on the door"));
    let public = get(&rig, &format!("{path}?role=public"), Some(&auditor)).await;
    assert!(public.text.contains("could see neither the log nor the board"));
    assert!(!public.text.contains("was painted on the door"), "a role sees what it may not");
    for (query, sentence) in [("?role=king", "no such role"), ("?at=soon", "not a time")] {
        let refused = get(&rig, &format!("{path}{query}"), Some(&auditor)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(refused.text.contains(sentence), "{query}: {}", refused.text);
    }
    let all = looks(&rig).await;
    let mine: Vec<_> = all.iter().filter(|(_, what, _)| what.starts_with("replay")).collect();
    assert_eq!(mine.len(), 1, "once an opening: {mine:?}");
    assert_eq!(mine[0].2, "complaint 7");
    // Another session has opened nothing.
    let other = sign_on(&rig, Role::ProfessionalStandards).await;
    assert_eq!(get(&rig, &path, Some(&other)).await.status, StatusCode::PRECONDITION_REQUIRED);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_alarms_did_is_on_the_page_and_in_the_api() {
    let rig = Rig::new();
    signs_on(&rig, Role::Dispatcher, "DD01").await;
    signs_on(&rig, Role::TeamLeader, "TL01").await;
    let n = rig.open().await;
    let none = rig.get(Role::TeamLeader, "/alarms/kpi").await;
    assert_eq!(none.status, StatusCode::OK, "{}", none.text);
    // Raised at once, something is told as an alarm, and somebody answers it.
    let owed = rig.get(Role::TeamLeader, &format!("/obligations?incident={n}")).await;
    let ids: Vec<u64> =
        owed.json["rows"].as_array().unwrap().iter().map(|o| o["id"].as_u64().unwrap()).collect();
    for id in ids {
        for _ in 0..4 {
            let path = format!("/obligations/{id}/raise");
            rig.post(Role::TeamLeader, &path, json!({ "reason": "nobody looks at it" })).await;
        }
        let path = format!("/obligations/{id}/own");
        rig.post(Role::TeamLeader, &path, json!({ "words": "I do it now" })).await;
    }
    let notices = rig.room.notices_after(0, 100_000).unwrap();
    let heard = notices.iter().filter(|x| x.kind == "Annunciated").count();
    let kpi = rig.get(Role::TeamLeader, "/alarms/kpi").await.json;
    assert!(heard > 0, "nothing sounded");
    assert_eq!(kpi["sounds"], heard);
    let told: u64 =
        kpi["told_by_level"].as_array().unwrap().iter().map(|l| l["n"].as_u64().unwrap()).sum();
    let fired = notices.iter().filter(|x| x.kind == "ObligationFired").count();
    assert_eq!(told, fired as u64);
    let leader = sign_on(&rig, Role::TeamLeader).await;
    for path in ["/alarms", "/fragments/alarm-day"] {
        let page = get(&rig, path, Some(&leader)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        for words in ["The last day", "Heard in ten minutes", "Most of the noise", "First deed"] {
            assert!(page.text.contains(words), "{path}: {words}");
        }
    }
    let officer = sign_on(&rig, Role::Officer).await;
    let refused = get(&rig, "/fragments/alarm-day", Some(&officer)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
