//! The policy by page: a draft that is looked over, a proposal, and the second person.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, POLICY, Rig};
use http::StatusCode;
use rules::name::StaffId;
use rules::role::Role;
use serde_json::json;

const HOME: &str = "http://callbox";
const PAGE: &str = "/admin/policy/draft";

fn fields(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

async fn post(rig: &Rig, path: &str, cookie: &str, pairs: &[(&str, &str)]) -> Answer {
    form(rig, path, Some(cookie), HOME, fields(pairs)).await
}

/// A second administrator, signed on.
async fn second(rig: &Rig) -> String {
    let staff = StaffId::parse("second").unwrap();
    let token = rig.tokens.issue(staff, Role::Administrator, Vec::new(), 1).unwrap();
    let done = form(rig, "/sign-on", None, HOME, fields(&[("token", &token)])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn version(to: &str) -> String {
    POLICY.replacen("version = \"1\"", &format!("version = \"{to}\""), 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_is_read_by_the_room_and_written_by_administrators() {
    let rig = Rig::new();
    let handler = sign_on(&rig, Role::CallHandler).await;
    let admin = sign_on(&rig, Role::Administrator).await;
    for path in ["/admin/policy", PAGE, "/admin/policy/proposals/1"] {
        assert_eq!(get(&rig, path, None).await.header("location"), "/sign-on", "{path}");
    }
    let read = get(&rig, "/admin/policy", Some(&handler)).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text);
    for told in ["Policy 1 of Callbox Demonstration Force holds", "concern for safety", "Ladders"] {
        assert!(read.text.contains(told), "{told}");
    }
    assert!(!read.text.contains(PAGE) && !read.text.contains("Proposed:"));
    assert_eq!(get(&rig, PAGE, Some(&handler)).await.status, StatusCode::FORBIDDEN);
    let wrong = post(&rig, "/admin/policy/draft/look", &handler, &[("toml", "x")]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let page = get(&rig, PAGE, Some(&admin)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("# The policy of the Callbox Demonstration Force"), "remarks");
    assert!(page.text.contains("It holds together") && !page.text.contains(" style="));
    let elsewhere = fields(&[("toml", "x")]);
    let refused = form(&rig, PAGE, Some(&admin), "http://evil.example", elsewhere).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_kept_and_says_what_is_wrong_at_its_line() {
    let rig = Rig::new();
    let admin = sign_on(&rig, Role::Administrator).await;
    let toml = version("2").replacen("usual_grade = 2", "usual_grade = 8", 1);
    let line = toml.lines().position(|l| l.starts_with("usual_grade = 8")).unwrap() + 1;
    let sent = [("toml", toml.as_str()), ("made_from", "1")];
    let look = post(&rig, "/admin/policy/draft/look", &admin, &sent).await;
    assert!(look.text.contains("thing is wrong"), "{}", look.text);
    assert!(look.text.contains(&format!("data-line=\"{line}\"")), "{line}: {}", look.text);
    assert!(look.text.contains("which does not exist"));
    let again = get(&rig, PAGE, Some(&admin)).await;
    assert!(again.text.contains("usual_grade = 8"), "the draft is kept");
    let other = second(&rig).await;
    let of_another = get(&rig, PAGE, Some(&other)).await;
    assert!(!of_another.text.contains("usual_grade = 8"), "and is one's own");
    // As a browser without scripts sends it: two characters at the end of a line.
    let crlf = version("2").replace('\n', "\r\n");
    let sent = [("toml", crlf.as_str()), ("made_from", "1"), ("why", "<script>alert(1)</script>")];
    let page = post(&rig, PAGE, &admin, &sent).await;
    assert!(page.text.contains("1 value changes"), "{}", page.text);
    assert!(page.text.contains("&lt;script&gt;alert(1)") && !page.text.contains("<script>alert"));
    let unreadable = [("toml", "[about]\nforce = \"x\"\nnonsense"), ("made_from", "1")];
    let look = post(&rig, "/admin/policy/draft/look", &admin, &unreadable).await;
    assert!(look.text.contains("data-line=\"3\""), "{}", look.text);
    let gone = post(&rig, "/admin/policy/draft/reset", &admin, &[]).await;
    assert_eq!(gone.header("location"), PAGE);
    assert!(get(&rig, PAGE, Some(&admin)).await.text.contains("Nothing changes."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_case_is_added_judged_and_stored_with_the_proposal() {
    let rig = Rig::new();
    let admin = sign_on(&rig, Role::Administrator).await;
    let sent = [("toml", version("2")), ("made_from", "1".to_owned())];
    let sent: Vec<(&str, &str)> = sent.iter().map(|(k, v)| (*k, v.as_str())).collect();
    post(&rig, "/admin/policy/draft/look", &admin, &sent).await;
    let case = [
        ("name", "a \"lost\" dog <b>"),
        ("case-words", "my dog has run away"),
        ("case-code", "civil dispute"),
        ("suggests", "1"),
    ];
    let added = post(&rig, "/admin/policy/draft/case", &admin, &case).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let page = get(&rig, PAGE, Some(&admin)).await;
    assert!(page.text.contains("1 of 6 test cases fail"), "{}", page.text);
    assert!(page.text.contains("a &quot;lost&quot; dog &lt;b&gt;"));
    let body = json!({ "toml": format!("{}\n[[test]]\nname = 'x'\nwords = 'y y'\n\
        code = 'civil dispute'\nsuggests = 1\n", version("2")), "why": "a case" });
    let refused = rig.post(Role::Administrator, "/policy/proposals", body).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.detail().contains("the test case 'x' fails"), "{}", refused.text);
    let previewed = [("code", "civil dispute"), ("words", "he wants to end it all")];
    let look = post(&rig, "/admin/policy/draft/look", &admin, &previewed).await;
    let preview = look.text.split("id=\"preview\"").nth(1).unwrap();
    assert!(preview.contains("end it all") && preview.contains("civil dispute"), "{preview}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_published_by_form_by_a_second_person_and_by_nobody_else() {
    let rig = Rig::new();
    let n = rig.open().await;
    let (admin, other) = (sign_on(&rig, Role::Administrator).await, second(&rig).await);
    let toml = version("2").replacen("deploy_target = \"4 min\"", "deploy_target = \"3 min\"", 1);
    let why = "a shorter target <script>alert(1)</script>";
    let back = ("deed-back", "/admin/policy");
    let sent = [("toml", toml.as_str()), ("why", why), ("made_from", "1"), back];
    let proposed = post(&rig, "/do/propose_policy", &admin, &sent).await;
    assert_eq!(proposed.header("location"), "/admin/policy", "{}", proposed.text);
    let address = "/admin/policy/proposals/1";
    let mine = get(&rig, address, Some(&admin)).await;
    assert!(mine.text.contains("You proposed this") && !mine.text.contains("/do/publish_policy"));
    assert!(mine.text.contains("grade › 1 › deploy target"), "{}", mine.text);
    let id = [("proposal", "1"), back];
    let alone = post(&rig, "/do/publish_policy", &admin, &id).await;
    assert_eq!(alone.status, StatusCode::FORBIDDEN);
    assert!(alone.text.contains("another administrator"), "{}", alone.text);
    let list = get(&rig, "/admin/policy", Some(&other)).await;
    assert!(list.text.contains("waits for a second person") && list.text.contains(address));
    assert!(list.text.contains("&lt;script&gt;") && !list.text.contains("<script>alert"));
    let read = get(&rig, address, Some(&other)).await;
    assert!(read.text.contains("/do/publish_policy") && read.text.contains("class=\"diff\""));
    let preview = post(&rig, address, &other, &[("code", "burglary"), ("words", "")]).await;
    assert!(preview.text.contains("SOP, "), "{}", preview.text);
    let with_brief = [("proposal", "1"), ("brief", "call_handler"), ("brief", "dispatcher"), back];
    let done = post(&rig, "/do/publish_policy", &other, &with_brief).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let held = rig.get(Role::CallHandler, "/policy/publication").await;
    assert_eq!(held.json["version"], "2");
    assert_eq!(held.json["proposed_by"], "administrator");
    assert_eq!(held.json["by"]["staff"], "second");
    assert_eq!(held.json["toml"], toml.as_str());
    let told = rig.get(Role::Dispatcher, "/briefings").await;
    assert_eq!(told.json[0]["title"], "Policy 2 holds", "{}", told.text);
    assert_eq!(told.json[0]["owed"], true);
    let gone = get(&rig, address, Some(&other)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    // A log keeps the version it was opened under, and says that another holds.
    let why = [("purpose", "a check of the test")];
    let cookie = sign_on(&rig, Role::Dispatcher).await;
    let log = post(&rig, &format!("/incidents/{n}"), &cookie, &why).await;
    assert!(log.text.contains("policy 2 holds now"), "{}", log.text);
    let toml = version("3");
    let sent = [("toml", toml.as_str()), ("why", "next"), ("made_from", "2"), back];
    post(&rig, "/do/propose_policy", &admin, &sent).await;
    let down = [("proposal", "2"), ("reason", "not yet"), back];
    let withdrawn = post(&rig, "/do/withdraw_policy", &other, &down).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "{}", withdrawn.text);
    assert_eq!(rig.get(Role::Administrator, "/policy/proposals").await.json, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_looked_over_by_programs_too() {
    let rig = Rig::new();
    let body = json!({ "toml": version("2").replacen("usual_grade = 2", "usual_grade = 8", 1) });
    let found = rig.post(Role::Administrator, "/policy/check", body.clone()).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    assert!(found.json["wrong"][0]["line"].as_u64().is_some(), "{}", found.text);
    assert_eq!(found.json["version"], "2");
    assert!(found.json["tests"].as_array().unwrap().len() >= 3);
    let refused = rig.post(Role::CallHandler, "/policy/check", body).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let body = json!({ "toml": version("2"), "why": "a new version" });
    let proposed = rig.post(Role::Administrator, "/policy/proposals", body).await;
    assert_eq!(proposed.status, StatusCode::CREATED, "{}", proposed.text);
    assert_eq!(proposed.json["proposal"], 1);
    let open = rig.get(Role::Auditor, "/policy/proposals").await;
    assert_eq!(open.json[0]["changes"][0]["place"], "about > version");
    let own = rig.post(Role::Administrator, "/policy/proposals/1/publication", json!({})).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
    let reason = json!({ "reason": "a mistake" });
    let gone = rig.post(Role::Administrator, "/policy/proposals/1/withdrawal", reason).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
}
