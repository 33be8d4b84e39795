//! The pages of those who lead: who may, what is shown, and each deed by its form.

use crate::pages::sign_on;
use crate::rig::{Answer, Rig};
use axum::body::Body;
use http::{Request, StatusCode};
use rules::role::Role;
use serde_json::{Value, json};

const LEADERS: [Role; 4] =
    [Role::Dispatcher, Role::DispatchSupervisor, Role::TeamLeader, Role::ForceIncidentManager];

async fn get(rig: &Rig, path: &str, cookie: &str) -> Answer {
    rig.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
}

/// Sends a form of a page, as a browser without a script does.
async fn deed(rig: &Rig, name: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let request = Request::post(format!("/do/{name}"))
        .header("host", "callbox")
        .header("origin", "http://callbox")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    rig.send(request.body(Body::from(body.finish())).unwrap()).await
}

async fn open_at(rig: &Rig, place: &str) -> String {
    let body = json!({
        "opening_code": "concern for safety",
        "location": { "known": "known", "words": place, "district": "central" },
        "words": "my neighbour has not been seen for three days",
    });
    let done = rig.post(Role::CallHandler, "/incidents", body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    done.json["incident"].as_str().unwrap().to_owned()
}

/// Raises what is owed until something waits for somebody's decision: for whom, and its number.
async fn something_to_decide(rig: &Rig) -> (Role, u64) {
    for _ in 0..5 {
        let owed = rig.get(Role::TeamLeader, "/obligations?limit=50").await;
        let rows = owed.json.as_object().unwrap().values().find_map(Value::as_array).unwrap();
        let ids: Vec<u64> = rows.iter().map(|o| o["id"].as_u64().unwrap()).collect();
        assert!(!ids.is_empty(), "{}", owed.text);
        for id in ids {
            let path = format!("/obligations/{id}/raise");
            let reason = json!({ "reason": "nobody has looked at it" });
            let done = rig.post(Role::TeamLeader, &path, reason).await;
            assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        }
        for role in LEADERS {
            let waits = rig.get(role, "/decisions").await;
            if let Some(id) = waits.json[0]["owed"]["id"].as_u64() {
                return (role, id);
            }
        }
    }
    panic!("nothing waits for a decision of anybody");
}

async fn waits(rig: &Rig, role: Role, id: u64) -> bool {
    let all = rig.get(role, "/decisions").await;
    all.json.as_array().unwrap().iter().any(|d| d["owed"]["id"] == id)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_those_who_lead_are_for_those_who_may() {
    let rig = Rig::new();
    let officer = sign_on(&rig, Role::Officer).await;
    let leader = sign_on(&rig, Role::TeamLeader).await;
    for path in ["/decisions", "/fim", "/handover", "/wall", "/alarms", "/meeting"] {
        let away = rig.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(away.header("location"), "/sign-on", "{path}");
        assert_eq!(get(&rig, path, &officer).await.status, StatusCode::FORBIDDEN, "{path}");
        let shown = get(&rig, path, &leader).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.text);
        assert!(!shown.text.contains("style="), "{path} has an inline style");
    }
    for path in ["decisions", "fim", "handover", "wall", "alarm-counts", "meeting"] {
        let part = get(&rig, &format!("/fragments/{path}"), &leader).await;
        assert_eq!(part.status, StatusCode::OK, "{path}");
        assert!(part.text.starts_with("<div id="), "{path}: {}", part.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_owned_given_delayed_or_raised_by_its_form_and_by_nothing_else() {
    for verb in ["own_obligation", "give_obligation", "delay_obligation"] {
        let rig = Rig::new();
        open_at(&rig, "4 High St <script>alert(1)</script>").await;
        let (role, id) = something_to_decide(&rig).await;
        let cookie = sign_on(&rig, role).await;
        let page = get(&rig, &format!("/decisions?about={id}"), &cookie).await;
        assert!(page.text.contains("&lt;script&gt;alert(1)"), "{}", page.text);
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        assert!(page.text.contains(&format!("action=\"/do/{verb}\"")), "{}", page.text);
        let id_text = id.to_string();
        let own = [("obligation", id_text.as_str()), ("deed-back", "/decisions")];
        let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
            own.iter().copied().chain(more.iter().copied()).collect()
        };
        let refused = deed(&rig, verb, &cookie, &own).await;
        assert!(refused.status.is_client_error(), "a verb without a reason: {}", refused.text);
        assert!(waits(&rig, role, id).await);
        let fields = match verb {
            "own_obligation" => with(&[("words", "I am ringing the next district")]),
            "give_obligation" => {
                with(&[("to", "desk:vulnerability_desk"), ("reason", "they know the family")])
            }
            _ => with(&[("until.in_minutes", "10"), ("reason", "a unit clears in ten")]),
        };
        let done = deed(&rig, verb, &cookie, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{verb}: {}", done.text);
        assert_eq!(done.header("location"), "/decisions");
        assert!(!waits(&rig, role, id).await, "{verb} is a decision");
        let after = get(&rig, &format!("/decisions?about={id}"), &cookie).await;
        assert!(after.text.contains("no longer waits for you"), "{}", after.text);
        let later = after.text.contains(&format!("id=\"later-{id}\""));
        assert_eq!(later, verb == "delay_obligation", "what is put off is listed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handover_is_built_and_accepted_line_by_line_by_somebody_else() {
    let rig = Rig::new();
    let n = open_at(&rig, "4 High St").await;
    let tagged = rig
        .post(
            Role::Dispatcher,
            &format!("/incidents/{n}/tags"),
            json!({ "tag": "fim", "reason": "the manager decides" }),
        )
        .await;
    assert!(tagged.status.is_success(), "{}", tagged.text);
    let goes = sign_on(&rig, Role::TeamLeader).await;
    let comes = sign_on(&rig, Role::ForceIncidentManager).await;
    let back = ("deed-back", "/handover");
    let fields = [("desk", "force_incident_manager"), back];
    let built = deed(&rig, "build_handover", &goes, &fields).await;
    assert_eq!(built.header("location"), "/handover", "{}", built.text);
    let mine = get(&rig, "/handover", &goes).await;
    assert!(mine.text.contains("tagged fim") && mine.text.contains("You built this one"));
    assert!(!mine.text.contains("/do/accept_handover_line"), "nobody accepts their own");
    let all = rig.get(Role::ForceIncidentManager, "/handovers").await;
    let id = all.json[0]["handover"].to_string();
    let fields = [("handover", id.as_str()), ("line", "1"), back];
    let own = deed(&rig, "accept_handover_line", &goes, &fields).await;
    assert!(own.status.is_client_error() && own.text.contains("takes over"), "{}", own.text);
    // Every page of whoever takes over says that it waits.
    let board = get(&rig, "/", &comes).await;
    assert!(board.text.contains("class=\"to-accept\""), "{}", board.text);
    let page = get(&rig, "/handover", &comes).await;
    assert!(page.text.contains("data-key=\"Alt+1\""), "{}", page.text);
    let lines = all.json[0]["lines"].as_array().unwrap().len();
    for line in 1..=lines {
        let line = line.to_string();
        let fields = [("handover", id.as_str()), ("line", line.as_str()), back];
        let done = deed(&rig, "accept_handover_line", &comes, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    assert_eq!(rig.get(Role::ForceIncidentManager, "/handovers").await.json, json!([]));
    assert!(!get(&rig, "/", &comes).await.text.contains("class=\"to-accept\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_force_picture_shows_the_worst_and_a_decision_becomes_a_critical_entry() {
    let rig = Rig::new();
    let n = open_at(&rig, "4 High St <script>alert(2)</script>").await;
    rig.put(Role::CallHandler, &format!("/incidents/{n}/grade"), json!({ "grade": 1 })).await;
    rig.post(
        Role::Dispatcher,
        &format!("/incidents/{n}/tags"),
        json!({ "tag": "fim", "reason": "the manager decides" }),
    )
    .await;
    let cookie = sign_on(&rig, Role::ForceIncidentManager).await;
    let page = get(&rig, "/fim", &cookie).await;
    let worst = page.text.split("class=\"worst\"").nth(1).unwrap().split("</ol>").next().unwrap();
    assert!(worst.contains(&n) && worst.contains("&lt;script&gt;"), "{worst}");
    assert!(page.text.contains("Tagged for the manager: 1"), "{}", page.text);
    assert!(page.text.contains("Powers and policy:") && page.text.contains("central"));
    let text = "I have decided: two units stay. Options: none better. Review: 23:30.";
    let fields =
        [("incident", n.as_str()), ("text", text), ("critical", "on"), ("deed-back", "/fim")];
    let done = deed(&rig, "add_entry", &cookie, &fields).await;
    assert_eq!(done.header("location"), "/fim", "{}", done.text);
    let log = rig.look(Role::Dispatcher, &format!("/incidents/{n}")).await;
    let entries = log.json["entries"].as_array().unwrap();
    let kept = entries.iter().find(|e| e["text"] == text).unwrap();
    assert_eq!(kept["critical"], true, "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_has_six_numbers_and_no_names_and_the_alarm_page_every_rule() {
    let rig = Rig::new();
    let n = open_at(&rig, "4 High St").await;
    rig.put(Role::CallHandler, &format!("/incidents/{n}/grade"), json!({ "grade": 1 })).await;
    let cookie = sign_on(&rig, Role::TeamLeader).await;
    let wall = get(&rig, "/fragments/wall", &cookie).await;
    assert_eq!(wall.text.matches("class=\"digits\"").count(), 6, "{}", wall.text);
    assert_eq!(wall.text.matches("class=\"standing\"").count(), 6);
    for told in [n.as_str(), "High St", "neighbour", "call_handler"] {
        assert!(!wall.text.contains(told), "the wall says {told}");
    }
    let alarms = get(&rig, "/alarms", &cookie).await;
    for rule in rules::obligation::Rule::ALL {
        let id = format!("id=\"rule-{}\"", rule.name());
        assert!(alarms.text.contains(&id), "{id}");
    }
    assert!(!alarms.text.contains("arms nothing"), "a rule without an owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_meeting_has_every_log_why_what_is_owed_and_what_was_decided_last() {
    let rig = Rig::new();
    let first = open_at(&rig, "4 High Street <script>alert(1)</script>").await;
    let second = open_at(&rig, "9 Mill Lane").await;
    let leader = sign_on(&rig, Role::TeamLeader).await;
    let page = get(&rig, "/meeting", &leader).await.text;
    assert!(page.contains(&first) && page.contains(&second), "{page}");
    assert!(!page.contains("<script>alert") && page.contains("Nothing is decided"), "{page}");
    assert!(page.contains("THRIVE assessment") && page.contains("not assessed"), "{page}");
    let decided = [
        ("incident", first.as_str()),
        ("decision", "A unit from the next district goes"),
        ("information", "not seen for three days"),
        ("threat_and_risk", "high"),
        ("powers_and_policy", "duty to protect life"),
        ("options", "wait or ask"),
        ("action_and_review", "next meeting"),
        ("code_of_ethics", "selflessness"),
        ("deed-back", "/meeting"),
    ];
    let done = deed(&rig, "record_decision", &leader, &decided).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = get(&rig, "/meeting", &leader).await.text;
    let of_first = page.split(&format!("id=\"meeting-{first}\"")).nth(1).unwrap();
    let of_first = of_first.split("</li><li id=\"meeting-").next().unwrap();
    assert!(of_first.contains("A unit from the next district goes"), "{of_first}");
    let api = rig.get(Role::TeamLeader, "/meeting").await;
    let rows = api.json.as_array().unwrap();
    let row = rows.iter().find(|r| r["n"] == first).unwrap();
    assert_eq!(row["decided"]["words"], "A unit from the next district goes", "{}", api.text);
}
