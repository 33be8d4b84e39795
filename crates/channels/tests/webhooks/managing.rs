//! The routes, and who may use them.

use crate::rig::*;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use channels::webhook::{Hooks, router};
use rules::role::{By, Role};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Roles by the room's own table; the role's name is the token.
#[expect(clippy::result_large_err, reason = "the form of Allows")]
fn allows(headers: &HeaderMap, action: &str) -> Result<By, Response> {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok());
    let role = Role::ALL.into_iter().find(|role| token == Some(role.name()));
    let Some(role) = role else { return Err(StatusCode::UNAUTHORIZED.into_response()) };
    match room::roles::may(role, action) {
        true => Ok(by("admin1", role)),
        false => Err(StatusCode::FORBIDDEN.into_response()),
    }
}

struct Asked {
    app: Router,
    token: &'static str,
}

impl Asked {
    async fn raw(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", self.token);
        }
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        let request = request.body(Body::from(body)).unwrap();
        let answer = self.app.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let kind = answer.headers().get("content-type").cloned();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        let refused = status.is_client_error() || status.is_server_error();
        if refused && ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status) {
            assert_eq!(kind.unwrap(), "application/problem+json");
            assert!(json["detail"].as_str().unwrap().len() > 20, "{json}");
            assert_eq!(json["status"], status.as_u16());
        }
        (status, json)
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.raw(Method::POST, path, "application/json", body.to_string().into_bytes()).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.raw(Method::GET, path, "", vec![]).await
    }
}

#[tokio::test]
async fn a_webhook_is_added_shown_rotated_replayed_stopped_and_removed() {
    let rig = Rig::start(quick()).await;
    let app = router(rig.hooks.clone(), allows);
    let asked = Asked { app, token: "administrator" };
    let new = json!({"url": rig.receiver.url, "kinds": ["incident_opened"]});
    let (status, made) = asked.post("/api/v1/webhooks", new).await;
    assert_eq!(status, StatusCode::CREATED);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    assert_eq!(made["created_by"], "admin1");
    let one = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());

    let (_, listed) = asked.get("/api/v1/webhooks").await;
    assert_eq!(listed["webhooks"].as_array().unwrap().len(), 2);
    assert!(listed["kinds"].as_array().unwrap().contains(&json!("incident_opened")));
    let (_, shown) = asked.get(&one).await;
    assert!(!listed.to_string().contains("whsec_") && !shown.to_string().contains("whsec_"));

    let (status, rotated) = asked.post(&format!("{one}/rotation"), json!({})).await;
    assert_eq!((status, &rotated["n_secrets"]), (StatusCode::OK, &json!(2)));
    assert_ne!(rotated["secret"], made["secret"]);
    let (status, _) = asked.raw(Method::POST, &format!("{one}/rotation"), "", vec![]).await;
    assert_eq!(status, StatusCode::OK, "no body is a body with nothing in it");

    happen(&rig.room).await;
    until(|| async {
        let (_, listed) = asked.get(&format!("{one}/deliveries?limit=10")).await;
        listed["deliveries"].as_array().is_some_and(|all| all.len() == 1)
    })
    .await;
    let (status, set_back) = asked.post(&format!("{one}/replay"), json!({"from_seq": 1})).await;
    assert_eq!((status, &set_back["id"]), (StatusCode::OK, &made["id"]));

    let (_, off) = asked.post(&format!("{one}/disabling"), json!({"because": "moving"})).await;
    assert!(off["disabled_because"].as_str().unwrap().contains("moving"));
    let (_, on) = asked.post(&format!("{one}/enabling"), json!({})).await;
    assert!(on["disabled_because"].is_null());

    let (status, _) = asked.raw(Method::DELETE, &one, "", vec![]).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(asked.get(&one).await.0, StatusCode::NOT_FOUND);
    assert_eq!(asked.raw(Method::DELETE, &one, "", vec![]).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_a_sentence() {
    let rig = Rig::start(quick()).await;
    let app = router(rig.hooks.clone(), allows);
    let asked = Asked { app, token: "administrator" };
    let all = "/api/v1/webhooks";
    let one = format!("{all}/{}", rig.hook.id);
    for body in [
        json!({}),
        json!([]),
        json!({"url": "https://127.0.0.2/"}),
        json!({"url": "https://example.org/", "more": 1}),
        json!({"url": "https://8.8.8.8/", "kinds": ["nothing"]}),
        json!({"url": "https://8.8.8.8/", "allow_hosts": []}),
        json!({"url": "https://10.0.0.1/", "allow_hosts": ["10.0.0.1"]}),
        json!({"url": 7}),
    ] {
        assert_eq!(asked.post(all, body.clone()).await.0.as_u16(), 422, "{body}");
    }
    // Who sets the address does not also say what may be reached.
    let own = json!({"url": "https://10.0.0.1/", "allow_hosts": ["10.0.0.1"]});
    let (_, refused) = asked.post(all, own).await;
    assert!(refused["detail"].as_str().unwrap().contains("--webhook-allow-host"), "{refused}");
    for from in [json!(0), json!(-1), json!(9_999_999), json!("1"), json!(null)] {
        let replay = asked.post(&format!("{one}/replay"), json!({"from_seq": from})).await;
        assert_eq!(replay.0.as_u16(), 422, "{from}");
    }
    let too_long = json!({"keep_old_for_s": 99_999_999});
    assert_eq!(asked.post(&format!("{one}/rotation"), too_long).await.0.as_u16(), 422);
    for limit in ["limit=0", "limit=1001", "limit=x", "limit=", "more=1"] {
        let listed = asked.get(&format!("{one}/deliveries?{limit}")).await;
        assert_eq!(listed.0.as_u16(), 422, "{limit}");
    }
    for id in ["x", "00000000-0000-0000-0000-000000000000", "%F0%9F%9A%93", "%FF"] {
        assert_eq!(asked.get(&format!("{all}/{id}")).await.0.as_u16(), 404, "{id}");
    }
    let long = format!("{{\"url\":\"{}\"}}", "x".repeat(20_000)).into_bytes();
    for (kind, body, expected) in [
        ("text/plain", b"{\"url\":1}".to_vec(), 415),
        ("", b"{\"url\":1}".to_vec(), 415),
        ("application/json", b"{".to_vec(), 422),
        ("application/json; charset=utf-8", b"\xff".to_vec(), 422),
        ("application/json", long, 413),
    ] {
        assert_eq!(asked.raw(Method::POST, all, kind, body).await.0.as_u16(), expected, "{kind}");
    }
    assert_eq!(asked.raw(Method::PUT, all, "", vec![]).await.0.as_u16(), 405);
    assert_eq!(rig.hooks.list().await.unwrap().len(), 1);
}

/// Every route and every role, and nobody.
#[tokio::test]
async fn each_route_is_open_to_those_the_table_names_and_to_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let hooks = Hooks::open(dir.path(), room(dir.path()).await, quick()).await.unwrap();
    let app = router(hooks, allows);
    let none = "/api/v1/webhooks/00000000-0000-0000-0000-000000000000";
    let routes = [
        (Method::GET, "/api/v1/webhooks".to_owned(), "view_webhooks"),
        (Method::POST, "/api/v1/webhooks".to_owned(), "manage_webhooks"),
        (Method::GET, none.to_owned(), "view_webhooks"),
        (Method::DELETE, none.to_owned(), "manage_webhooks"),
        (Method::GET, format!("{none}/deliveries"), "view_webhooks"),
        (Method::POST, format!("{none}/replay"), "manage_webhooks"),
        (Method::POST, format!("{none}/rotation"), "manage_webhooks"),
        (Method::POST, format!("{none}/disabling"), "manage_webhooks"),
        (Method::POST, format!("{none}/enabling"), "manage_webhooks"),
    ];
    for (method, path, action) in routes {
        let nobody = Asked { app: app.clone(), token: "" };
        let (status, _) = nobody.raw(method.clone(), &path, "", vec![]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        for role in Role::ALL {
            let asked = Asked { app: app.clone(), token: role.name() };
            let (status, _) = asked.raw(method.clone(), &path, "", vec![]).await;
            let open = status != StatusCode::FORBIDDEN && status != StatusCode::UNAUTHORIZED;
            assert_eq!(open, room::roles::may(role, action), "{method} {path} {role}");
            assert!(!status.is_server_error(), "{method} {path} {role} {status}");
        }
    }
}
