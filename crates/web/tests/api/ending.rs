//! A stream ends with the token that opened it. Time is turned here, so that nobody waits for it.

use crate::pages::sign_on;
use crate::rig::{BASE, Rig, ask};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use rules::role::Role;
use serde_json::Value;
use std::time::Duration;
use tokio_stream::StreamExt;
use tower::ServiceExt;

/// How a token ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Revoked,
    RevokedElsewhere,
    Expired,
    /// It does not.
    Holds,
}

fn end_token(rig: &Rig, role: Role, how: End) {
    let id = rig.tokens.list().iter().find(|t| t.role == role).unwrap().id.clone();
    let path = rig.dir.path().join("tokens.json");
    match how {
        End::Holds => {}
        End::Revoked => assert!(rig.tokens.revoke(&id).unwrap()),
        End::RevokedElsewhere => {
            assert!(web::tokens::Tokens::open(&path).unwrap().revoke(&id).unwrap());
        }
        End::Expired => {
            let mut kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let tokens = kept["tokens"].as_array_mut().unwrap();
            let token = tokens.iter_mut().find(|t| t["id"] == *id).unwrap();
            token["expires"] = Value::from("2020-01-02T00:00:00Z");
            // One character more, so that the file differs though its time may not.
            std::fs::write(&path, format!("{kept}\n")).unwrap();
        }
    }
}

/// Whether a stream ends within a minute of the turned clock.
async fn ends(body: Body) -> bool {
    let mut body = body.into_data_stream();
    let until = tokio::time::Instant::now() + Duration::from_secs(60);
    while let Ok(next) = tokio::time::timeout_at(until, body.next()).await {
        if next.is_none() {
            return true;
        }
    }
    false
}

/// Opens a stream, ends the token, and lets time pass.
async fn stream_ends(rig: &Rig, request: Request<Body>, how: End) -> bool {
    let response = rig.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    end_token(rig, Role::Dispatcher, how);
    tokio::time::pause();
    let ended = ends(response.into_body()).await;
    tokio::time::resume();
    ended
}

const ENDS: [End; 4] = [End::Holds, End::Revoked, End::RevokedElsewhere, End::Expired];

#[tokio::test]
async fn what_programs_follow_ends_when_their_token_does() {
    for how in ENDS {
        let rig = Rig::new();
        let path = format!("{BASE}/follow");
        let request = ask(Method::GET, &path, Some(rig.token(Role::Dispatcher)), None, &[]);
        assert_eq!(stream_ends(&rig, request, how).await, how != End::Holds, "{how:?}");
    }
}

#[tokio::test]
async fn what_keeps_a_page_fresh_ends_when_its_token_does() {
    for how in ENDS {
        let rig = Rig::new();
        let cookie = sign_on(&rig, Role::Dispatcher).await;
        let request = Request::get("/live").header("cookie", cookie).body(Body::empty()).unwrap();
        assert_eq!(stream_ends(&rig, request, how).await, how != End::Holds, "{how:?}");
    }
}
