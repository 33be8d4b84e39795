//! Styles and scripts: our own, and those of others that come by lock file.

use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! own {
    ($($name:literal $kind:literal)*) => {
        &[$(($name, $kind, include_bytes!(concat!("../assets/", $name)))),*]
    };
}

/// Our own.
static OWN: &[(&str, &str, &[u8])] = own! {
    "callbox.css" "text/css; charset=utf-8"
    "admin.css" "text/css; charset=utf-8"
    "admin.js" "text/javascript; charset=utf-8"
    "copy.js" "text/javascript; charset=utf-8"
    "console.js" "text/javascript; charset=utf-8"
    "audit.css" "text/css; charset=utf-8"
    "board.js" "text/javascript; charset=utf-8"
    "board.css" "text/css; charset=utf-8"
    "line.js" "text/javascript; charset=utf-8"
    "call.css" "text/css; charset=utf-8"
    "call.js" "text/javascript; charset=utf-8"
    "lead.css" "text/css; charset=utf-8"
    "look.css" "text/css; charset=utf-8"
    "officer.css" "text/css; charset=utf-8"
    "officer.js" "text/javascript; charset=utf-8"
    "session.js" "text/javascript; charset=utf-8"
    "sound-check.js" "text/javascript; charset=utf-8"
    "log.css" "text/css; charset=utf-8"
    "log.js" "text/javascript; charset=utf-8"
    "panels.css" "text/css; charset=utf-8"
    "panels.js" "text/javascript; charset=utf-8"
    "map.css" "text/css; charset=utf-8"
    "map.js" "text/javascript; charset=utf-8"
    "map-symbols.js" "text/javascript; charset=utf-8"
    "map-style.js" "text/javascript; charset=utf-8"
    "lamp.svg" "image/svg+xml"
};

struct Served {
    kind: &'static str,
    bytes: &'static [u8],
    /// A hash of the bytes: a browser that has them is not sent them again.
    tag: HeaderValue,
}

static ALL: LazyLock<HashMap<&'static str, Served>> = LazyLock::new(|| {
    let others = assets::all().iter().map(|a| (a.name, a.kind, a.bytes));
    OWN.iter()
        .copied()
        .chain(others)
        .map(|(name, kind, bytes)| {
            let hash = crate::tokens::hex(&Sha256::digest(bytes)[..16]);
            let tag = HeaderValue::from_str(&format!("\"{hash}\""))
                .expect("hexadecimal digits in quotes are a header");
            (name, Served { kind, bytes, tag })
        })
        .collect()
});

/// Answers `/assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(served) = ALL.get(name.as_str()) else {
        return Problem::not_found("there is no such style or script").into_response();
    };
    let known = headers.get(header::IF_NONE_MATCH) == Some(&served.tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(Bytes::from_static(served.bytes)))
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, served.tag.clone());
    // Nothing in them is about anybody: kept, and asked about each time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(served.kind));
    }
    response
}
