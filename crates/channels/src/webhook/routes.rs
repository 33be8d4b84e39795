//! Webhooks over HTTP. Who may is asked of [`Allows`], so that tokens are checked in one place.

use super::fault::Fault;
use super::{Hook, Hooks, NewHook, kinds};
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rules::role::By;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Says who asks, from the headers of a request, and whether they may do the named action of the
/// room's table (`manage_webhooks`, `view_webhooks`). If not, it gives the answer to send.
///
/// A closure of the same form is one.
pub trait Allows: Send + Sync + 'static {
    /// Who asks, if they may.
    ///
    /// # Errors
    /// The answer to send instead: 401 or 403.
    #[expect(clippy::result_large_err, reason = "an answer is made once and sent at once")]
    fn allows(&self, headers: &HeaderMap, action: &str) -> Result<By, Response>;
}

impl<F> Allows for F
where
    F: Fn(&HeaderMap, &str) -> Result<By, Response> + Send + Sync + 'static,
{
    fn allows(&self, headers: &HeaderMap, action: &str) -> Result<By, Response> {
        self(headers, action)
    }
}

/// The largest body that is read, in bytes.
const BODY_MOST: usize = 16 * 1024;
/// The most deliveries of one answer, and how many there are if nothing else is asked for.
const DELIVERIES_MOST: usize = 1_000;
const DELIVERIES: usize = 100;
/// How long old secrets go on signing, if nothing else is asked for; and the longest, in seconds.
const KEEP_OLD_FOR_S: u64 = 24 * 3_600;
const KEEP_OLD_FOR_S_MOST: u64 = 30 * 24 * 3_600;

#[derive(Clone)]
struct Asked {
    hooks: Hooks,
    allows: Arc<dyn Allows>,
}

/// The routes, to be merged into the server's.
pub fn router(hooks: Hooks, allows: impl Allows) -> Router {
    let one = "/api/v1/webhooks/{webhook}";
    Router::new()
        .route("/api/v1/webhooks", get(list).post(add))
        .route(one, get(show).delete(remove))
        .route(&format!("{one}/deliveries"), get(deliveries))
        .route(&format!("{one}/replay"), post(replay))
        .route(&format!("{one}/rotation"), post(rotate))
        .route(&format!("{one}/disabling"), post(disable))
        .route(&format!("{one}/enabling"), post(enable))
        .method_not_allowed_fallback(|| async {
            let says = "this address does not take that method: see the Allow header";
            problem(StatusCode::METHOD_NOT_ALLOWED, says)
        })
        .layer(DefaultBodyLimit::max(BODY_MOST))
        .with_state(Asked { hooks, allows: Arc::new(allows) })
}

/// An answer, or the answer that says why not.
type Answer = Result<Response, Refused>;

struct Refused(Box<Response>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        let status = match &fault {
            Fault::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::NotFound { .. } => StatusCode::NOT_FOUND,
            Fault::Full { .. } => StatusCode::CONFLICT,
            _ => {
                let below = std::error::Error::source(&fault).map(ToString::to_string);
                tracing::error!(%fault, below, "a request about webhooks failed");
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        Refused::new(status, &fault.to_string())
    }
}

impl Refused {
    fn new(status: StatusCode, detail: &str) -> Refused {
        Refused(Box::new(problem(status, detail)))
    }
}

/// RFC 9457.
fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
    });
    let mut answer = (status, Json(body)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

fn answer(status: StatusCode, body: impl Serialize) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

impl Asked {
    fn by(&self, headers: &HeaderMap, action: &str) -> Result<By, Refused> {
        self.allows.allows(headers, action).map_err(|answer| Refused(Box::new(answer)))
    }
}

/// The id in the path, if it is one.
type Id = Result<Path<String>, PathRejection>;

fn id_of(id: Id) -> Result<Uuid, Refused> {
    let says = "that is not the id of a webhook: list them to find the one you mean";
    let id = id.ok().and_then(|Path(text)| Uuid::parse_str(&text).ok());
    id.ok_or_else(|| Refused::new(StatusCode::NOT_FOUND, says))
}

/// The body of a request; no body is an empty object.
fn body_of<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<T, Refused> {
    let body = body.map_err(|rejected| match rejected.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("the body has more than {BODY_MOST} bytes: send a shorter one"),
        ),
        _ => Refused::new(StatusCode::BAD_REQUEST, "the body did not arrive whole: send it again"),
    })?;
    if body.is_empty() {
        return read_json(b"{}");
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let says = "the body is to be JSON: send it with Content-Type: application/json";
        return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, says));
    }
    read_json(&body)
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| {
        let says = format!("the body is not what is expected here ({error}): mend it there");
        Refused::new(StatusCode::UNPROCESSABLE_ENTITY, &says)
    })
}

/// A webhook and its new secret, shown once.
#[derive(Serialize)]
struct WithSecret {
    #[serde(flatten)]
    hook: Hook,
    secret: String,
}

async fn list(State(asked): State<Asked>, headers: HeaderMap) -> Answer {
    asked.by(&headers, "view_webhooks")?;
    let webhooks = asked.hooks.list().await?;
    Ok(answer(StatusCode::OK, json!({ "webhooks": webhooks, "kinds": kinds::all() })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddBody {
    url: String,
    #[serde(default)]
    kinds: Vec<String>,
    /// No longer taken; there to be refused in a sentence.
    #[serde(default)]
    allow_hosts: Option<serde_json::Value>,
}

async fn add(
    State(asked): State<Asked>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let by = asked.by(&headers, "manage_webhooks")?;
    let AddBody { url, kinds, allow_hosts } = body_of(&headers, body)?;
    if allow_hosts.is_some() {
        let says = "allow_hosts is not set here: who sets an address cannot also allow it. Leave \
                    it out; whoever operates Callbox allows a host of your own with \
                    --webhook-allow-host HOST";
        return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, says));
    }
    let (hook, secret) = asked.hooks.add(&by, &NewHook { url, kinds }).await?;
    let place = format!("/api/v1/webhooks/{}", hook.id);
    let mut made = answer(StatusCode::CREATED, WithSecret { hook, secret: secret.reveal() });
    if let Ok(place) = HeaderValue::from_str(&place) {
        made.headers_mut().insert(LOCATION, place);
    }
    Ok(made)
}

async fn show(State(asked): State<Asked>, headers: HeaderMap, id: Id) -> Answer {
    asked.by(&headers, "view_webhooks")?;
    Ok(answer(StatusCode::OK, asked.hooks.get(id_of(id)?).await?))
}

async fn remove(State(asked): State<Asked>, headers: HeaderMap, id: Id) -> Answer {
    let by = asked.by(&headers, "manage_webhooks")?;
    asked.hooks.remove(&by, id_of(id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn deliveries(
    State(asked): State<Asked>,
    headers: HeaderMap,
    id: Id,
    RawQuery(query): RawQuery,
) -> Answer {
    asked.by(&headers, "view_webhooks")?;
    let limit = limit_of(query.as_deref().unwrap_or_default())?;
    let deliveries = asked.hooks.deliveries(id_of(id)?, limit).await?;
    Ok(answer(StatusCode::OK, json!({ "deliveries": deliveries })))
}

fn limit_of(query: &str) -> Result<usize, Refused> {
    let mut limit = DELIVERIES;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let asked = value.parse().ok().filter(|n| (1..=DELIVERIES_MOST).contains(n));
        match (&*name, asked) {
            ("limit", Some(asked)) => limit = asked,
            ("limit", None) => {
                let says = format!("limit is to be a number from 1 to {DELIVERIES_MOST}");
                return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, &says));
            }
            _ => {
                let says = "the only parameter here is limit: leave the others out";
                return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, says));
            }
        }
    }
    Ok(limit)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplayBody {
    from_seq: u64,
}

async fn replay(
    State(asked): State<Asked>,
    headers: HeaderMap,
    id: Id,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let by = asked.by(&headers, "manage_webhooks")?;
    let id = id_of(id)?;
    let ReplayBody { from_seq } = body_of(&headers, body)?;
    Ok(answer(StatusCode::OK, asked.hooks.replay(&by, id, from_seq).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RotationBody {
    keep_old_for_s: Option<u64>,
}

async fn rotate(
    State(asked): State<Asked>,
    headers: HeaderMap,
    id: Id,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let by = asked.by(&headers, "manage_webhooks")?;
    let id = id_of(id)?;
    let RotationBody { keep_old_for_s } = body_of(&headers, body)?;
    let seconds = keep_old_for_s.unwrap_or(KEEP_OLD_FOR_S);
    if seconds > KEEP_OLD_FOR_S_MOST {
        let says = format!("keep_old_for_s is to be at most {KEEP_OLD_FOR_S_MOST} (30 days)");
        return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, &says));
    }
    let (hook, secret) = asked.hooks.rotate(&by, id, Duration::from_secs(seconds)).await?;
    Ok(answer(StatusCode::OK, WithSecret { hook, secret: secret.reveal() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisablingBody {
    because: String,
}

async fn disable(
    State(asked): State<Asked>,
    headers: HeaderMap,
    id: Id,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let by = asked.by(&headers, "manage_webhooks")?;
    let id = id_of(id)?;
    let DisablingBody { because } = body_of(&headers, body)?;
    Ok(answer(StatusCode::OK, asked.hooks.disable(&by, id, &because).await?))
}

async fn enable(State(asked): State<Asked>, headers: HeaderMap, id: Id) -> Answer {
    let by = asked.by(&headers, "manage_webhooks")?;
    Ok(answer(StatusCode::OK, asked.hooks.enable(&by, id_of(id)?).await?))
}
