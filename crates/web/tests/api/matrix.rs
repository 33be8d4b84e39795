//! test:S1: every address with every role, with no token and with one that has ended, for a log
//! that is open, closed, absent or no log at all. The addresses come from the router's own table,
//! and what must be answered from the room's.

use crate::rig::{POLICY, Rig, ask};
use crate::sample::{Chance, Names, Sampler};
use http::StatusCode;
use rules::role::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use web::routes::{BASE, Does, Method, ROUTES, Route};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Record {
    Open,
    Closed,
    Absent,
    Malformed,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    Role(Role),
    Nobody,
    Ended,
    Stranger,
}

/// The views whose showing is itself recorded: whoever may not record a look may not look.
fn is_recorded(route: &Route) -> bool {
    let actions = [
        "view_log",
        "view_contact",
        "view_markers",
        "view_messages",
        "search_history",
        "view_journal",
        "view_audit",
        "view_replay",
        "view_sample",
    ];
    matches!(route.does, Does::View { .. }) && route.action.is_some_and(|a| actions.contains(&a))
}

fn may(role: Role, route: &Route) -> bool {
    route.action.is_none_or(|action| room::roles::may(role, action))
        && (!is_recorded(route) || room::roles::may(role, "record_read"))
}

/// A token that ended long ago, put into the file by hand.
fn ended_token(rig: &Rig) -> String {
    let text = "cbx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let path = rig.dir.path().join("tokens.json");
    let mut kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let sha256: String =
        Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    kept["tokens"].as_array_mut().unwrap().push(json!({
        "id": "ended", "staff": "gone", "role": "dispatcher", "sha256": sha256,
        "created": "2020-01-01T00:00:00Z", "expires": "2020-01-02T00:00:00Z",
    }));
    std::fs::write(&path, kept.to_string()).unwrap();
    text.to_owned()
}

fn method(route: &Route) -> http::Method {
    match route.method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
    }
}

struct Table<'r> {
    rig: &'r Rig,
    document: Value,
    ended: String,
    cells: u32,
    denied: u32,
    allowed: u32,
}

impl Table<'_> {
    /// A log in a state; opened anew when an earlier cell has moved it on.
    async fn log(&self, record: Record, open: &mut String, closed: &mut String) -> String {
        match record {
            Record::Open => {
                let n = rules::name::IncidentNumber::parse(open).unwrap();
                if self.rig.room.view().incident(n).is_none() {
                    *open = self.rig.open().await;
                }
                open.clone()
            }
            Record::Closed => {
                let n = rules::name::IncidentNumber::parse(closed).unwrap();
                if self.rig.room.view().incident(n).is_some() {
                    *closed = self.rig.open_and_close().await;
                }
                closed.clone()
            }
            Record::Absent => "20200101-0001".to_owned(),
            Record::Malformed => "not-a-log".to_owned(),
        }
    }

    async fn cell(&mut self, route: &'static Route, who: Who, record: Record, log: &str) {
        let names = Names {
            incidents: vec![log.to_owned()],
            call_signs: vec!["DC14".to_owned()],
            contacts: 3,
        };
        let sampler = Sampler { document: &self.document, names };
        let mut chance = Chance(u64::from(self.cells));
        let path = format!("{BASE}{}", route.path);
        let verb = method(route).as_str().to_lowercase();
        let body = sampler.body(&self.document["paths"][&path][&verb], &mut chance);
        let mut address = sampler.address(&path, &mut chance);
        if route.path == "/place" && route.method == Method::Get {
            address.push_str("?text=SN%20412%20206");
        }
        if route.path == "/code-help" && route.method == Method::Get {
            address.push_str("?words=a%20fence");
        }
        let token = match who {
            Who::Role(role) => Some(self.rig.token(role).to_owned()),
            Who::Nobody => None,
            Who::Ended => Some(self.ended.clone()),
            Who::Stranger => Some(format!("cbx_{}", "B".repeat(43))),
        };
        let why = [("callbox-purpose", "a check of the table")];
        let body = (!body.is_null()).then_some(&body);
        let before = self.rig.room.view().seq;
        let answer =
            self.rig.send(ask(method(route), &address, token.as_deref(), body, &why)).await;
        self.cells += 1;
        let at =
            format!("{who:?} {verb} {address} ({record:?}): {} {}", answer.status, answer.text);
        assert!(!answer.status.is_server_error(), "{at}");
        if answer.status.is_client_error() {
            assert!(answer.is_sentence(), "{at}");
        }
        let by_table = answer.detail().contains("may not do this (");
        match who {
            Who::Role(role) if may(role, route) => {
                self.allowed += 1;
                assert!(answer.status != StatusCode::UNAUTHORIZED && !by_table, "{at}");
                if route.action == Some("view_log") {
                    let expected = match record {
                        Record::Open | Record::Closed => StatusCode::OK,
                        Record::Absent => StatusCode::NOT_FOUND,
                        Record::Malformed => StatusCode::UNPROCESSABLE_ENTITY,
                    };
                    assert_eq!(answer.status, expected, "{at}");
                }
            }
            Who::Role(_) => {
                self.denied += 1;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{at}");
                assert!(by_table, "{at}");
                // Whatever else the room did meanwhile came from the clock, not from here.
                let since = self.rig.room.notices_after(before, 1_000).unwrap();
                assert!(since.iter().all(|n| n.by.staff.as_str() == "callbox"), "{at}");
            }
            _ => {
                self.denied += 1;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{at}");
                assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"callbox\"");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_gets_at_every_address_exactly_what_the_table_says() {
    assert!(POLICY.contains("civil dispute"));
    let rig = Rig::new();
    let ended = ended_token(&rig);
    let document = rig.send(ask(http::Method::GET, "/x", None, None, &[])).await;
    assert_eq!(document.status, StatusCode::NOT_FOUND);
    let request = http::Request::get("/openapi.json").body(axum::body::Body::empty()).unwrap();
    let document = rig.send(request).await.json;
    let mut open = rig.open().await;
    let mut closed = rig.open_and_close().await;
    let unit = json!({ "kind": "response", "crew": ["officer"] });
    rig.put(Role::Dispatcher, "/units/DC14", unit).await;
    let mut table = Table { rig: &rig, document, ended, cells: 0, denied: 0, allowed: 0 };
    let everybody =
        Role::ALL.into_iter().map(Who::Role).chain([Who::Nobody, Who::Ended, Who::Stranger]);
    let everybody: Vec<Who> = everybody.collect();
    for route in ROUTES {
        let records: &[Record] = if route.params().any(|p| p == "incident") {
            &[Record::Open, Record::Closed, Record::Absent, Record::Malformed]
        } else {
            &[Record::Open]
        };
        for record in records {
            for who in &everybody {
                let log = table.log(*record, &mut open, &mut closed).await;
                table.cell(route, *who, *record, &log).await;
            }
        }
    }
    println!(
        "S1: {} addresses, {} cells as the table says ({} allowed, {} denied)",
        ROUTES.len(),
        table.cells,
        table.allowed,
        table.denied
    );
    assert!(table.cells > 4_000, "{}", table.cells);
}

/// What each view is open to, written a second time: the table of addresses is checked against the
/// room's by the test above, and would agree with itself whatever it said.
const OPEN_TO: &str = "
    get /incidents view_board
    get /risk view_board
    get /incidents/{incident} view_log
    get /incidents/{incident}/candidates view_candidates
    get /units view_units
    get /units/{call_sign} view_units
    get /map view_map
    get /place view_place
    post /place view_place
    get /resources view_units
    get /wall view_board
    get /alarms view_alarms
    get /alarms/counts view_alarms
    get /alarms/kpi view_alarms
    get /decisions view_alarms
    get /obligations view_obligations
    get /escalations view_obligations
    get /escalations/sample view_sample
    get /crimes view_crimes
    get /duty view_duty
    get /staff view_staff
    get /trainees view_trainees
    get /meeting view_obligations
    get /handovers view_handover
    get /handovers/{handover} view_handover
    get /contacts/{contact} view_contact
    get /contacts/{contact}/matches view_contact
    get /contacts/{contact}/known view_contact
    get /markers view_markers
    post /markers/search view_markers
    get /markers/{marker} view_markers
    get /messages view_messages
    get /messages/{message} view_messages
    get /code-help view_code_help
    post /code-help view_code_help
    get /guidance view_guidance
    get /guidance/{article} view_guidance
    get /panel/handbooks view_panel
    get /policy view_policy
    get /policy/publication view_policy
    get /policy/proposals view_proposals
    post /policy/check check_policy
    get /briefings view_briefings
    get /briefings/readers view_briefing_readers
    get /appointments view_appointments
    get /agencies view_agencies
    get /faults view_faults
    get /rules view_rules
    get /incidents/{incident}/earlier search_history
    get /history search_history
    post /history search_history
    get /journal view_journal
    get /audit view_audit
    get /incidents/{incident}/replay view_replay
    get /follow follow
    get /me -
";

#[test]
fn every_view_is_open_to_those_it_was_meant_for() {
    let views = ROUTES.iter().filter(|r| matches!(r.does, Does::View { .. }));
    let is: Vec<String> = views
        .map(|r| {
            let verb = method(r).as_str().to_lowercase();
            format!("{verb} {} {}", r.path, r.action.unwrap_or("-"))
        })
        .collect();
    let meant: Vec<&str> = OPEN_TO.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    assert_eq!(is, meant);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_meeting_list_is_for_those_who_see_what_is_owed() {
    let rig = Rig::new();
    for (role, status) in [
        (Role::TeamLeader, StatusCode::OK),
        (Role::DutyChiefInspector, StatusCode::OK),
        (Role::Supervisor, StatusCode::OK),
        // Sees the board, and no more of what is behind it.
        (Role::Analyst, StatusCode::FORBIDDEN),
        (Role::Officer, StatusCode::FORBIDDEN),
        (Role::Public, StatusCode::FORBIDDEN),
    ] {
        let answer = rig.get(role, "/meeting").await;
        assert_eq!(answer.status, status, "{role}: {}", answer.text);
    }
}
