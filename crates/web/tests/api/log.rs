//! The page of a log and its parts: who may, what is shown, and every deed by its form.

use crate::pages::{form, get, sign_on};
use crate::rig::{Answer, Rig, wide};
use http::StatusCode;
use rules::role::Role;
use serde_json::json;

/// A room with one log, and somebody signed on to the pages.
pub struct Desk {
    pub rig: Rig,
    pub n: String,
    pub cookie: String,
}

impl Desk {
    pub async fn of(role: Role) -> Desk {
        let rig = Rig::new();
        let n = rig.open().await;
        let cookie = sign_on(&rig, role).await;
        Desk { rig, n, cookie }
    }

    pub async fn page(&self) -> Answer {
        get(&self.rig, &format!("/incidents/{}", self.n), Some(&self.cookie)).await
    }

    pub async fn part(&self, name: &str) -> Answer {
        let path = format!("/incidents/{}/panels/{name}", self.n);
        get(&self.rig, &path, Some(&self.cookie)).await
    }

    /// Sends a form as the browser does; the fields are written as in an address.
    pub async fn deed(&self, command: &str, fields: &str) -> Answer {
        let body = format!("incident={}&{fields}", self.n);
        self.bare(command, body).await
    }

    /// The same for a command that is not about the log by name.
    pub async fn bare(&self, command: &str, body: String) -> Answer {
        let path = format!("/do/{command}");
        form(&self.rig, &path, Some(&self.cookie), "http://callbox", body).await
    }

    /// A deed that must be done.
    pub async fn done(&self, command: &str, fields: &str) {
        let done = self.deed(command, fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{command}: {}", done.text);
    }
}

/// The forms of a page: `(the command, the names of its fields)`.
fn forms(html: &str) -> Vec<(String, Vec<String>)> {
    let attribute = |text: &str, name: &str| -> Option<String> {
        let rest = text.split(&format!("{name}=\"")).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    };
    let parts = html.split("<form").skip(1).map(|f| f.split("</form>").next().unwrap());
    parts
        .filter_map(|form| {
            let command = attribute(form, "action")?.strip_prefix("/do/")?.to_owned();
            let tags = form.split('<').skip(1);
            let named = tags.filter_map(|tag| attribute(tag.split('>').next()?, " name"));
            Some((command, named.collect()))
        })
        .collect()
}

/// The fields that a command has.
fn fields_of(command: &str) -> Vec<String> {
    let route = web::routes::ROUTES.iter().find(|r| r.action == Some(command)).unwrap();
    let web::routes::Does::Command { schema, .. } = &route.does else { panic!("{command}") };
    let schema = schema(&mut schemars::SchemaGenerator::default());
    let fields = schema.as_value()["properties"].as_object();
    fields.into_iter().flat_map(|f| f.keys().cloned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_the_page_has_the_fields_that_its_command_has() {
    let desk = Desk::of(Role::CallHandler).await;
    let rig = &desk.rig;
    let ask = json!({ "to": { "desk": "dispatcher" }, "text": "which door" });
    rig.post(Role::CallHandler, &format!("/incidents/{}/questions", desk.n), ask).await;
    let unit = json!({ "kind": "response" });
    rig.put(Role::Dispatcher, "/units/DC14", unit.clone()).await;
    rig.put(Role::Dispatcher, "/units/DC15", unit).await;
    let send = json!({ "call_sign": "DC14" });
    rig.post(Role::Dispatcher, &format!("/incidents/{}/deployments", desk.n), send).await;
    let tag = json!({ "tag": "fim", "reason": "weapons" });
    rig.post(Role::CallHandler, &format!("/incidents/{}/tags", desk.n), tag).await;
    let (mut seen, mut unknown) = (Vec::new(), Vec::new());
    for role in [Role::CallHandler, Role::Dispatcher, Role::ForceIncidentManager] {
        let cookie = sign_on(rig, role).await;
        let why = "purpose=a+test".to_owned();
        let path = format!("/incidents/{}", desk.n);
        let page = form(rig, &path, Some(&cookie), "http://callbox", why).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for (command, fields) in forms(&page.text) {
            let given: Vec<String> = fields
                .iter()
                .filter(|f| !f.starts_with("deed-"))
                .map(|f| f.split('.').next().unwrap().to_owned())
                .collect();
            let fields = fields_of(&command);
            let wrong = given.into_iter().filter(|field| !fields.contains(field));
            unknown.extend(wrong.map(|field| format!("{command}.{field}")));
            seen.push(command);
        }
    }
    assert_eq!(unknown, [""; 0]);
    for wanted in [
        "add_entry",
        "strike_entry",
        "record_thrive",
        "grade_incident",
        "answer_question",
        "ask_question",
        "settle_sop_step",
        "open_sop",
        "request_check",
        "tell_informant",
        "promise_ring_back",
        "ring_back",
        "tag_incident",
        "untag_incident",
        "link_incident",
        "own_obligation",
        "give_obligation",
        "delay_obligation",
        "raise_obligation",
        "pass_to_dispatch",
        "accept_incident",
        "give_incident",
        "stand_down",
        "divert_unit",
        "deploy_unit",
        "set_status",
        "set_informant",
        "set_location",
        "find_marker",
        "change_opening_code",
    ] {
        assert!(seen.iter().any(|s| s == wanted), "no form for {wanted}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_worked_to_its_end_by_forms_alone() {
    let desk = Desk::of(Role::CallHandler).await;
    let closed = desk.part("closing").await;
    assert!(closed.text.contains("disabled") && closed.text.contains("a THRIVE assessment"));
    desk.done("grade_incident", "grade=1").await;
    let elements = ["threat", "harm", "risk", "investigation", "vulnerability", "engagement"];
    let rated: Vec<String> = elements
        .iter()
        .enumerate()
        .map(|(i, e)| {
            format!(
                "elements.{i}.element={e}&elements.{i}.rating=high\
                 &elements.{i}.rationale=not+seen+for+days"
            )
        })
        .collect();
    let thrive = format!("{}&informant_understood=no&informant_understood=yes", rated.join("&"));
    desk.done("record_thrive", &thrive).await;
    let second = thrive.replacen("rating=high", "rating=low", 1);
    desk.done("record_thrive", &second).await;
    let part = desk.part("thrive").await;
    assert!(part.text.contains("THRIVE, version 2"), "{}", part.text);
    assert!(part.text.contains("threat: high -&gt; low"), "{}", part.text);
    desk.done("ask_question", "to=desk:dispatcher&text=which+unit+goes").await;
    assert!(desk.part("questions").await.text.contains("Questions, 1 open"));
    desk.done("answer_question", "question=1&outcome.not_applicable=none+is+needed").await;
    let part = desk.part("questions").await;
    assert!(part.text.contains("Questions, 0 open") && part.text.contains("none is needed"));
    desk.done("tell_informant", "told=what_happens_next&words=an+officer+comes").await;
    desk.done("promise_ring_back", "by.at=23%3A59&why=she+is+alone").await;
    desk.done("ring_back", "spoke=no&words=it+rang+out").await;
    let part = desk.part("told").await;
    assert!(part.text.contains("Nobody reached") && part.text.contains("it rang out"));
    desk.done("tag_incident", "tag=fim&reason=weapons").await;
    assert!(desk.part("tags").await.text.contains("fim"));
    desk.done("pass_to_dispatch", "").await;
    assert!(desk.part("handling").await.text.contains("passed to dispatch"));
    let again = desk.deed("pass_to_dispatch", "").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("is with dispatch already"), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_has_four_verbs_and_no_other() {
    let desk = Desk::of(Role::CallHandler).await;
    let owed = desk.part("owed").await;
    let id = owed.text.split("id=\"decide-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let words = owed.text.to_lowercase();
    assert!(!words.contains("noted") && !words.contains("no action required"));
    let own = desk.bare("own_obligation", format!("obligation={id}&words=I+do+it+now")).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.text);
    let silent = desk.bare("own_obligation", format!("obligation={id}&words=")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.text);
    let raise = desk.bare("raise_obligation", format!("obligation={id}&reason=nobody+can")).await;
    assert_eq!(raise.status, StatusCode::SEE_OTHER, "{}", raise.text);
    let lines =
        get(&desk.rig, &format!("/incidents/{}/timeline?after=0", desk.n), Some(&desk.cookie))
            .await;
    assert!(lines.text.contains("I do it now") && lines.text.contains("nobody can"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatcher_sends_diverts_and_says_what_becomes_of_the_job_left_behind() {
    let desk = Desk::of(Role::Dispatcher).await;
    let rig = &desk.rig;
    rig.put(Role::CallHandler, &format!("/incidents/{}/grade", desk.n), json!({ "grade": 1 }))
        .await;
    rig.post(Role::CallHandler, &format!("/incidents/{}/dispatch", desk.n), json!({})).await;
    desk.done("accept_incident", "code_is_right=yes&grade_is_right=yes&content_is_enough=yes")
        .await;
    for unit in ["DC14", "DC15"] {
        rig.put(Role::Dispatcher, &format!("/units/{unit}"), json!({ "kind": "response" })).await;
        desk.bare("set_status", format!("call_sign={unit}&status=2")).await;
    }
    let part = desk.part("units").await;
    assert!(part.text.contains("No unit is on this log") && part.text.contains("Send DC14"));
    assert!(part.text.contains("position not known"), "a shortfall is shown: {}", part.text);
    desk.done("deploy_unit", "call_sign=DC14").await;
    let other = rig.open().await;
    let bare = format!("call_sign=DC14&to={other}&reason=a+life+in+danger");
    let refused = desk.bare("divert_unit", bare.clone()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let part = desk.part("units").await;
    assert!(part.text.contains("What becomes of") && part.text.contains("cover_with:DC15"));
    let covered = format!("{bare}&left_behind=cover_with:DC15");
    let done = desk.bare("divert_unit", covered).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let part = desk.part("units").await;
    assert!(part.text.contains("DC15") && part.text.contains("release not confirmed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_recorded_once_an_opening_and_not_at_every_refresh() {
    let desk = Desk::of(Role::CallHandler).await;
    let reads = async || -> usize {
        let all = desk.rig.get(Role::Auditor, "/audit").await;
        // The auditor's own looks are among them.
        all.json["reads"].as_array().unwrap().iter().filter(|r| r["what"] != "looks").count()
    };
    assert_eq!(desk.page().await.status, StatusCode::OK);
    let before = reads().await;
    for part in ["owed", "thrive", "questions", "closing"] {
        assert_eq!(desk.part(part).await.status, StatusCode::OK, "{part}");
    }
    assert_eq!(reads().await, before);
    desk.page().await;
    assert_eq!(reads().await, before + 1);
    // Somebody who has not opened it gets nothing, and nothing is recorded.
    let other = sign_on(&desk.rig, Role::Investigator).await;
    let path = format!("/incidents/{}/panels/facts", desk.n);
    let refused = get(&desk.rig, &path, Some(&other)).await;
    assert_eq!(refused.status, StatusCode::PRECONDITION_REQUIRED);
    assert!(!refused.text.contains("neighbour"));
    assert_eq!(get(&desk.rig, &path, None).await.status, StatusCode::SEE_OTHER);
    let none = get(&desk.rig, &path.replace("facts", "nonsense"), Some(&desk.cookie)).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_on_duty_opens_an_open_log_without_being_asked_why() {
    let desk = Desk::of(Role::Dispatcher).await;
    assert_eq!(desk.page().await.status, StatusCode::PRECONDITION_REQUIRED);
    let seat = desk.bare("sign_on", "seat=DD07&skills=dispatch".to_owned()).await;
    assert_eq!(seat.status, StatusCode::SEE_OTHER, "{}", seat.text);
    assert_eq!(desk.page().await.status, StatusCode::OK);
    let reads = desk.rig.get(Role::Auditor, "/audit").await;
    assert_eq!(reads.json["reads"][0]["purpose"], "on duty as dispatcher, the log being open");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_gives_what_is_new_and_what_it_changes() {
    let desk = Desk::of(Role::CallHandler).await;
    desk.page().await;
    let happened = "text=he+rang+before&own_words=yes&deed-happened=00:01";
    desk.done("add_entry", happened).await;
    desk.done("add_entry", "text=a+blue+van").await;
    let after = async |place: u64| -> String {
        let path = format!("/incidents/{}/timeline?after={place}", desk.n);
        get(&desk.rig, &path, Some(&desk.cookie)).await.text
    };
    let all = after(0).await;
    assert!(all.contains("my neighbour has not been seen"), "{all}");
    assert!(all.contains("<q class=\"own\">he rang before</q>"), "{all}");
    assert!(all.contains("(entered late)"), "{all}");
    let places = all.split("data-place=\"").skip(1);
    let last: u64 = places.map(|p| p.split('"').next().unwrap().parse().unwrap()).max().unwrap();
    assert_eq!(after(last).await, "");
    desk.done("strike_entry", "entry=2&reason=misheard&correction=a+green+van").await;
    let new = after(last).await;
    let struck = new.find("<s><span>a blue van</span></s>").unwrap();
    assert!(struck < new.find("a green van").unwrap(), "{new}");
    assert!(!new.contains("he rang before") && new.contains("href=\"#entry-3\""), "{new}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_since_somebody_last_looked_is_marked_until_they_have_read_it() {
    let desk = Desk::of(Role::CallHandler).await;
    let entry = json!({ "text": "the window is broken" });
    desk.rig.post(Role::Dispatcher, &format!("/incidents/{}/entries", desk.n), entry).await;
    let page = desk.page().await;
    assert!(page.text.contains("1 entry since you last looked"), "{}", page.text);
    assert!(page.text.contains("href=\"#entry-1\"") && page.text.contains("data-new"));
    desk.done("read_log", "up_to=1").await;
    assert!(!desk.page().await.text.contains("since you last looked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_judge_are_pointed_out_and_written_all_the_same() {
    let desk = Desk::of(Role::CallHandler).await;
    let ask = |text: &str| {
        let body = format!("text={text}&incident={}", desk.n);
        form(&desk.rig, "/fragments/opinion", Some(&desk.cookie), "http://callbox", body)
    };
    let found = ask("the+flat+is+disgusting").await;
    assert!(found.text.contains("Fact or opinion?") && found.text.contains("disgusting"));
    assert_eq!(ask("blood+on+the+door").await.text, "");
    // Every form in which somebody writes sentences asks the same way, by whatever name.
    for name in ["result", "risk_now", "elements.0.rationale", "found", "line"] {
        let body = format!("{name}=he+is+a+time+waster&incident={}", desk.n);
        let path = "/fragments/opinion";
        let told = form(&desk.rig, path, Some(&desk.cookie), "http://callbox", body).await;
        assert!(told.text.contains("time waster"), "{name}: {}", told.text);
    }
    assert_eq!(ask("the+flat+is+disgusting&own_words=yes").await.text, "", "they are theirs");
    let apart = "result=he+wasted+no+time&risk_now=waster+of+paper".to_owned();
    let told = form(&desk.rig, "/fragments/opinion", Some(&desk.cookie), "http://callbox", apart);
    assert_eq!(told.await.text, "", "no phrase begins in one field and ends in the next");
    let page = desk.page().await.text;
    assert_eq!(page.matches("/fragments/opinion").count(), 1 + 6 + 7, "entry, THRIVE, decision");
    desk.done("add_entry", "text=the+flat+is+disgusting").await;
    let body = "text=x".to_owned();
    let out = form(&desk.rig, "/fragments/opinion", None, "http://callbox", body).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_has_its_six_grounds_or_is_not_recorded() {
    let desk = Desk::of(Role::CallHandler).await;
    let page = desk.page().await.text;
    assert!(page.contains("Code of Ethics: how it bears on this"), "{page}");
    let five = "decision=force+entry&information=he+screamed&threat_and_risk=life\
        &powers_and_policy=PACE+17&options=wait+or+enter&action_and_review=enter+now";
    let refused = desk.deed("record_decision", five).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    desk.done("record_decision", &format!("{five}&code_of_ethics=selflessness")).await;
    let page = desk.page().await.text;
    for element in [
        "Decision: force entry",
        "Information and intelligence: he screamed",
        "Threat, risk and strategy: life",
        "Powers and policy: PACE 17",
        "Options and contingencies: wait or enter",
        "Action and review: enter now",
        "Code of Ethics: selflessness",
    ] {
        assert!(page.contains(element), "{element}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_every_record_with_its_hash_and_a_purpose() {
    let desk = Desk::of(Role::CallHandler).await;
    desk.done("add_entry", "text=seen+at+the+window").await;
    let path = format!("/incidents/{}/export", desk.n);
    let ask = |why: &str| {
        let body = format!("purpose={why}");
        form(&desk.rig, &path, Some(&desk.cookie), "http://callbox", body)
    };
    let refused = ask("").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let file = ask("disclosure").await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.header("content-disposition").contains(&format!("log-{}.json", desk.n)));
    let records = file.json["records"].as_array().unwrap();
    assert!(records.iter().any(|r| r["kind"] == "entry_added"), "{}", file.text);
    let journal = desk.rig.look(Role::Auditor, "/journal?limit=500").await;
    let kept = journal.json["records"].as_array().unwrap();
    for record in records {
        let same = kept.iter().find(|r| r["seq"] == record["seq"]).unwrap();
        assert_eq!(same["hash"], record["hash"]);
    }
    let reads = desk.rig.get(Role::Auditor, "/audit").await;
    let purposes: Vec<&str> = reads.json["reads"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|r| r["purpose"].as_str())
        .collect();
    assert!(purposes.contains(&"export: disclosure"), "{purposes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_written_becomes_markup() {
    const BAD: &str = "%3Cscript%3Ealert(1)%3C/script%3E%22%3Cimg+src=x%3E";
    let desk = Desk::of(Role::CallHandler).await;
    desk.done("add_entry", &format!("text={BAD}&own_words=yes")).await;
    desk.done("ask_question", &format!("to=desk:dispatcher&text={BAD}")).await;
    desk.done("find_marker", &format!("marker=violence&text={BAD}&officer_safety=yes")).await;
    desk.done("tell_informant", &format!("told=delay&words={BAD}")).await;
    desk.done("ring_back", &format!("spoke=no&words={BAD}")).await;
    desk.done("tag_incident", &format!("tag=fim&reason={BAD}")).await;
    desk.done("set_informant", &format!("informant.name={BAD}")).await;
    desk.done("set_location", &format!("location.known=vague&location.words={BAD}")).await;
    desk.done("grade_incident", &format!("grade=1&reason={BAD}")).await;
    desk.done("strike_entry", &format!("entry=1&reason={BAD}")).await;
    let page = desk.page().await;
    assert!(!page.text.contains("<script>alert") && !page.text.contains("<img"));
    assert!(page.text.matches("&lt;script&gt;alert").count() >= 10);
    assert!(!page.text.contains(" style=") && !page.text.contains(" onclick="));
    let title = page.text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert_eq!(title, format!("Log {} - Callbox", desk.n));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_log_shows_how_it_ended_and_can_be_opened_again() {
    let rig = Rig::with(wide(), false);
    let n = rig.open_and_close().await;
    let cookie = sign_on(&rig, Role::TeamLeader).await;
    let path = format!("/incidents/{n}");
    let asked = get(&rig, &path, Some(&cookie)).await;
    assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED);
    let why = "purpose=a+complaint".to_owned();
    let page = form(&rig, &path, Some(&cookie), "http://callbox", why).await;
    assert!(page.text.contains("told where to get advice") && page.text.contains("closed"));
    let commands: Vec<String> = forms(&page.text).into_iter().map(|(c, _)| c).collect();
    assert_eq!(commands, ["reopen_incident"], "nothing else can be done to a closed log");
    let body = format!("incident={n}&reason=a+second+call");
    let done = form(&rig, "/do/reopen_incident", Some(&cookie), "http://callbox", body).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = form(&rig, &path, Some(&cookie), "http://callbox", "purpose=x+y".into()).await;
    assert!(page.text.contains("log opened again: a second call"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rationale_of_one_word_is_refused_on_the_page() {
    let desk = Desk::of(Role::CallHandler).await;
    let elements = ["threat", "harm", "risk", "investigation", "vulnerability", "engagement"];
    let rated: Vec<String> = elements
        .iter()
        .enumerate()
        .map(|(i, e)| {
            let i = i.to_string();
            format!("elements.{i}.element={e}&elements.{i}.rating=low&elements.{i}.rationale=none")
        })
        .collect();
    let refused = desk.deed("record_thrive", &rated.join("&")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.text.contains("say why in at least 2"), "{}", refused.text);
    assert!(desk.part("thrive").await.text.contains("Not assessed yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_downgrade_on_the_page_names_who_agreed() {
    let desk = Desk::of(Role::CallHandler).await;
    desk.done("grade_incident", "grade=1").await;
    let refused = desk.deed("grade_incident", "grade=2&reason=she+is+found&agreed_by=").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert!(refused.text.contains("a downgrade needs a supervisor"), "{}", refused.text);
    let seat = json!({ "seat": "TL01", "skills": [] });
    let on = desk.rig.post(Role::TeamLeader, "/duty/sign-on", seat).await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.text);
    let part = desk.part("grade").await;
    assert!(part.text.contains("value=\"team_leader\""), "{}", part.text);
    desk.done("grade_incident", "grade=2&reason=she+is+found&agreed_by=team_leader").await;
    let part = desk.part("grade").await;
    assert!(part.text.contains("agreed by team_leader"), "{}", part.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_and_check_is_settled_on_the_page_or_excused() {
    let desk = Desk::of(Role::CallHandler).await;
    desk.done("open_sop", "").await;
    let part = desk.part("sop").await;
    let steps: Vec<&str> = part
        .text
        .split("name=\"step\" value=\"")
        .skip(1)
        .map(|s| s.split('"').next().unwrap())
        .collect();
    let (first, last) = (steps.first().unwrap(), steps.last().unwrap());
    assert_ne!(first, last);
    let step = |name: &str| name.replace(' ', "+");
    desk.done("settle_sop_step", &format!("step={}&outcome.done=Done", step(first))).await;
    let excused = format!("step={}&outcome.not_applicable=nobody+lives+there", step(last));
    desk.done("settle_sop_step", &excused).await;
    let part = desk.part("sop").await;
    assert!(part.text.contains("Not applicable: nobody lives there"), "{}", part.text);
    desk.done("request_check", "check=voters+roll").await;
    assert!(desk.part("checks").await.text.contains("Checks, 1 open"));
    desk.done("record_check", "check=voters+roll&outcome.done=two+people+live+there").await;
    let part = desk.part("checks").await;
    assert!(part.text.contains("Checks, 0 open") && part.text.contains("two people live there"));
}

/// What the browser would send of a form that nobody has touched.
fn untouched(html: &str, command: &str) -> Vec<(String, String)> {
    let form = html.split(&format!("action=\"/do/{command}\"")).nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let mut fields = Vec::new();
    let mut select = String::new();
    for tag in form.split('<').filter_map(|part| part.split('>').next()) {
        let attribute = |name: &str| -> Option<String> {
            let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
            Some(rest.split('"').next()?.to_owned())
        };
        let value = attribute("value").unwrap_or_default();
        match tag.split(' ').next().unwrap() {
            "select" => select = attribute("name").unwrap(),
            "option" if tag.ends_with(" selected") => fields.push((select.clone(), value)),
            "input" if tag.contains("type=\"checkbox\"") && !tag.ends_with(" checked") => {}
            "input" => fields.extend(attribute("name").map(|name| (name, value))),
            _ => {}
        }
    }
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_touched_of_a_place_and_an_informant_stays_as_it_was() {
    let desk = Desk::of(Role::CallHandler).await;
    let path = format!("/incidents/{}", desk.n);
    let place = "location.known=vague&location.words=the+quay&location.district=South\
                 &location.rural=yes&location.point.lat=51.8589&location.point.lon=-4.3085\
                 &location.within=180";
    desk.done("set_location", place).await;
    let who = "informant.name=Sian+Rowe&informant.line=07700900123&informant.safe_to_contact=no";
    desk.done("set_informant", who).await;
    let facts = |log: serde_json::Value| {
        (log["facts"]["location"].clone(), log["facts"]["informant"].clone())
    };
    let before = facts(desk.rig.get(Role::CallHandler, &path).await.json);
    assert_eq!(before.0["point"]["lat"], 51.8589, "{before:?}");
    assert_eq!(before.1["safe_to_contact"], false, "{before:?}");
    let part = desk.part("facts").await.text;
    for command in ["set_location", "set_informant"] {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(untouched(&part, command))
            .finish();
        let done = desk.bare(command, body).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{command}: {}", done.text);
    }
    let after = facts(desk.rig.get(Role::CallHandler, &path).await.json);
    assert_eq!(after, before);
    // Once it has changed, the form is another one: nobody sends back what was put right.
    let fold = |html: &str| html.split("id=\"place-").nth(1).unwrap()[..16].to_owned();
    desk.done("set_location", "location.known=known&location.words=12+High+Street").await;
    assert_ne!(fold(&part), fold(&desk.part("facts").await.text));
}
