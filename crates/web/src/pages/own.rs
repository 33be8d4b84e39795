//! Styles and scripts: our own, and those of others that come by lock file.

use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

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
    /// The same of the compressed bytes: what is another body has another tag.
    tag_gzip: HeaderValue,
    /// Compressed once, when somebody first asks for it.
    gzip: OnceLock<Option<Bytes>>,
}

impl Served {
    fn gzip(&self) -> Option<Bytes> {
        let compress = || {
            let mut to = GzEncoder::new(Vec::new(), Compression::best());
            to.write_all(self.bytes).and_then(|()| to.finish()).map(Bytes::from).ok()
        };
        self.gzip.get_or_init(compress).clone()
    }
}

/// Whether whoever asks takes gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|weight| weight > 0.0)
    })
}

static ALL: LazyLock<HashMap<&'static str, Served>> = LazyLock::new(|| {
    let others = assets::all().iter().map(|a| (a.name, a.kind, a.bytes));
    OWN.iter()
        .copied()
        .chain(others)
        .map(|(name, kind, bytes)| {
            let hash = crate::tokens::hex(&Sha256::digest(bytes)[..16]);
            let tag = |more: &str| {
                HeaderValue::from_str(&format!("\"{hash}{more}\""))
                    .expect("hexadecimal digits in quotes are a header")
            };
            let (tag, tag_gzip) = (tag(""), tag("-gzip"));
            (name, Served { kind, bytes, tag, tag_gzip, gzip: OnceLock::new() })
        })
        .collect()
});

/// Answers `/assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(served) = ALL.get(name.as_str()) else {
        return Problem::not_found("there is no such style or script").into_response();
    };
    let gzip = if takes_gzip(&headers) { served.gzip() } else { None };
    let tag = if gzip.is_some() { &served.tag_gzip } else { &served.tag };
    let known = headers.get(header::IF_NONE_MATCH) == Some(tag);
    let packed = gzip.is_some() && !known;
    let mut response = match (known, gzip) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, Some(gzip)) => Response::new(Body::from(gzip)),
        (false, None) => Response::new(Body::from(Bytes::from_static(served.bytes))),
    };
    let headers = response.headers_mut();
    if packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, tag.clone());
    // Nothing in them is about anybody: kept, and asked about each time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(served.kind));
    }
    response
}
