//! A room of our own behind a router, and somebody of every role.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode};
use room::{Clock, Room};
use rules::name::StaffId;
use rules::role::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;
use web::accounts::SignOn;
use web::tokens::Tokens;
use web::{Config, Limits};

pub const POLICY: &str = include_str!("../../../../policy/default.toml");
pub const BASE: &str = web::routes::BASE;
/// A small piece of land, to draw on.
pub const BASEMAP: &str = r#"{"type":"FeatureCollection","features":[]}"#;

/// A room and a router before it.
pub struct Rig {
    pub room: Room,
    pub router: Router,
    pub tokens: Arc<Tokens>,
    by_role: BTreeMap<Role, String>,
    pub dir: TempDir,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub fn detail(&self) -> &str {
        self.json["detail"].as_str().unwrap_or("")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// Asserts that a refusal says what to do.
    pub fn is_sentence(&self) -> bool {
        let kind = self.header("content-type") == "application/problem+json";
        kind && self.detail().contains(' ') && self.json["status"] == self.status.as_u16()
    }
}

/// Limits that no test meets by accident.
pub fn wide() -> Limits {
    let many = NonZeroU32::new(1_000_000).unwrap();
    Limits { per_second: many, burst: many, followers_per_token: 300, ..Limits::default() }
}

impl Rig {
    pub fn new() -> Rig {
        Rig::with(wide(), false)
    }

    pub fn with(limits: Limits, demo: bool) -> Rig {
        Rig::signing_on(limits, demo, false, |_| SignOn::default())
    }

    /// A rig on which people sign on as `sign_on` says, given the data folder.
    pub fn signing_on(
        limits: Limits,
        demo: bool,
        https: bool,
        sign_on: impl FnOnce(&Path) -> SignOn,
    ) -> Rig {
        Rig::of(limits, [demo, https, false], sign_on)
    }

    /// A rig of a training room.
    pub fn training() -> Rig {
        Rig::of(wide(), [false, false, true], |_| SignOn::default())
    }

    fn of(
        limits: Limits,
        [demo, https, training]: [bool; 3],
        sign_on: impl FnOnce(&Path) -> SignOn,
    ) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", dir.path().join("journal.db").display());
        let config = room::Config {
            store: store.parse().unwrap(),
            data: dir.path().to_owned(),
            policy_toml: POLICY.to_owned(),
            clock: Clock::steady(),
            queue: 4096,
        };
        // Opening waits for the writer, which a thread of the runtime may not.
        let (room, _) = std::thread::spawn(|| Room::open(config)).join().unwrap().unwrap();
        let tokens = Arc::new(Tokens::open(dir.path().join("tokens.json")).unwrap());
        let issue = |role: Role| {
            let staff = StaffId::parse(role.name()).unwrap();
            (role, tokens.issue(staff, role, Vec::new(), 1).unwrap())
        };
        let by_role = Role::ALL.into_iter().map(issue).collect();
        let config = Config {
            demo,
            training,
            limits,
            tokens: tokens.clone(),
            metrics: None,
            https,
            sign_on: sign_on(dir.path()),
            basemap: web::Basemap::GeoJson(BASEMAP.into()),
            trusted_proxies: Vec::new(),
        };
        let router = web::router(room.clone(), config);
        Rig { room, router, tokens, by_role, dir }
    }

    pub fn token(&self, role: Role) -> &str {
        &self.by_role[&role]
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let streams = parts.headers.get("content-type").is_some_and(|v| v == "text/event-stream");
        let bytes =
            if streams { Default::default() } else { to_bytes(body, 64 << 20).await.unwrap() };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, json }
    }

    pub async fn get(&self, role: Role, path: &str) -> Answer {
        self.send(ask(Method::GET, path, Some(self.token(role)), None, &[])).await
    }

    /// As [`Rig::get`], with a purpose.
    pub async fn look(&self, role: Role, path: &str) -> Answer {
        let why = [("callbox-purpose", "a check of the test")];
        self.send(ask(Method::GET, path, Some(self.token(role)), None, &why)).await
    }

    pub async fn post(&self, role: Role, path: &str, body: Value) -> Answer {
        self.send(ask(Method::POST, path, Some(self.token(role)), Some(&body), &[])).await
    }

    pub async fn put(&self, role: Role, path: &str, body: Value) -> Answer {
        self.send(ask(Method::PUT, path, Some(self.token(role)), Some(&body), &[])).await
    }

    /// Opens a log as a call handler.
    /// Takes a seat.
    pub async fn on_duty(&self, role: Role, seat: &str) {
        let body = json!({ "seat": seat, "skills": ["dispatch"] });
        let on = self.post(role, "/duty/sign-on", body).await;
        assert_eq!(on.status, StatusCode::OK, "{}", on.text);
    }

    pub async fn open(&self) -> String {
        let body = json!({
            "opening_code": "concern for safety",
            "location": { "known": "known", "words": "12 High Street", "point": null,
                "rural": false, "district": "central" },
            "words": "my neighbour has not been seen for three days",
        });
        let done = self.post(Role::CallHandler, "/incidents", body).await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
        done.json["incident"].as_str().unwrap().to_owned()
    }

    /// Opens a log about nothing much, does all that is owed on it, and closes it.
    pub async fn open_and_close(&self) -> String {
        let body = json!({
            "opening_code": "civil dispute",
            "location": { "known": "known", "words": "3 Mill Lane" },
            "words": "my neighbour has put a fence on my side",
        });
        let done = self.post(Role::CallHandler, "/incidents", body).await;
        let n = done.json["incident"].as_str().unwrap().to_owned();
        let rated: Vec<Value> = [
            "threat",
            "harm",
            "risk",
            "investigation",
            "vulnerability",
            "engagement",
        ]
        .map(|e| json!({ "element": e, "rating": "none", "rationale": "nothing said or heard" }))
        .into();
        let settled =
            |step: &str| json!({ "step": step, "outcome": { "done": "asked and written" } });
        let told = json!({ "told": "no_attendance", "words": "where to get advice" });
        for (path, body) in [
            ("informant", json!({ "informant": { "name": "A. Informant" } })),
            ("grade", json!({ "grade": 4 })),
            ("thrive", json!({ "elements": rated })),
            ("sop", json!({})),
            ("sop/steps", settled("violence near")),
            ("sop/steps", settled("advice")),
            ("tellings", told),
        ] {
            let path = format!("/incidents/{n}/{path}");
            let put = path.ends_with("informant") || path.ends_with("grade");
            let done = match put {
                true => self.put(Role::CallHandler, &path, body).await,
                false => self.post(Role::CallHandler, &path, body).await,
            };
            assert_eq!(done.status, StatusCode::OK, "{path}: {}", done.text);
        }
        let body = json!({
            "closing_code": "no deployment - advice", "result": "told where to get advice",
            "told": "no_attendance", "risk_now": "no risk was found, nobody holds any",
        });
        let done = self.post(Role::CallHandler, &format!("/incidents/{n}/closure"), body).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        n
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.room.close();
    }
}

/// A request to the API.
pub fn ask(
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
    headers: &[(&str, &str)],
) -> Request<Body> {
    let uri = if path.starts_with(BASE) { path.to_owned() } else { format!("{BASE}{path}") };
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap(),
        None => request.body(Body::empty()).unwrap(),
    }
}
