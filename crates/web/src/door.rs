//! What holds for every request: how many, how large, how long, and the headers of every answer.

use crate::caller::bearer;
use crate::problem::{Kind, Problem};
use crate::{App, Limits};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub IpAddr);

/// So many seconds' worth of guesses may come at once.
const GUESSES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// More places than this are forgotten when they have been quiet.
const PLACES_KEPT: usize = 10_000;

/// Who has asked how often.
pub(crate) struct Gates {
    tokens: DefaultKeyedRateLimiter<String>,
    guesses: DefaultKeyedRateLimiter<IpAddr>,
    in_flight: Arc<Semaphore>,
    unsigned: Arc<Semaphore>,
    clock: DefaultClock,
}

impl Gates {
    pub fn new(limits: &Limits) -> Gates {
        let at_once = limits.guesses.saturating_mul(GUESSES_AT_ONCE);
        let guesses = Quota::per_second(limits.guesses).allow_burst(at_once);
        Gates {
            tokens: RateLimiter::keyed(
                Quota::per_second(limits.per_second).allow_burst(limits.burst),
            ),
            guesses: RateLimiter::keyed(guesses),
            in_flight: Arc::new(Semaphore::new(limits.in_flight)),
            unsigned: Arc::new(Semaphore::new(limits.unsigned)),
            clock: DefaultClock::default(),
        }
    }

    /// One more request with a token.
    pub fn token(&self, id: &str) -> Result<(), Problem> {
        self.tokens.check_key(&id.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
            let detail = "too many requests with this token: wait a moment and ask less often";
            Problem::new(Kind::TooMany, detail).retry_after(wait)
        })
    }

    /// One more token that was not ours, from a place.
    pub fn guess(&self, peer: Option<Peer>) -> Result<(), Problem> {
        let Some(place) = peer.and_then(place_of) else { return Ok(()) };
        if self.guesses.len() > PLACES_KEPT {
            self.guesses.retain_recent();
        }
        self.guesses.check_key(&place).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
            let detail = "too many tokens that are not known, from this place: wait a moment";
            Problem::new(Kind::TooMany, detail).retry_after(wait)
        })
    }
}

/// An IPv6 network is one place: whoever has one address of it has them all.
pub(crate) fn one_place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// The place that somebody's attempts are counted for. This machine is none: whoever comes from it
/// is a proxy that was not named as one, or is on the machine already.
pub(crate) fn place_of(Peer(address): Peer) -> Option<IpAddr> {
    let address = address.to_canonical();
    (!address.is_loopback()).then(|| one_place(address))
}

/// Where a request comes from: who connected or, behind proxies that are trusted, the last address
/// before them. Whatever stands further left in the header anybody may have written.
fn behind_proxies(peer: IpAddr, trusted: &[IpAddr], headers: &HeaderMap) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|t| t.to_canonical() == ip.to_canonical());
    if !is_trusted(&peer) {
        return peer;
    }
    let values = headers.get_all("x-forwarded-for").into_iter();
    let whole: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let mut place = peer;
    for text in whole.iter().flat_map(|value| value.split(',')).rev() {
        let text = text.trim();
        let with_port = || text.parse::<std::net::SocketAddr>().map(|a| a.ip());
        let Ok(address) = text.parse().or_else(|_| with_port()) else { return place };
        place = address;
        if !is_trusted(&place) {
            break;
        }
    }
    place
}

async fn placed(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() {
        let place = behind_proxies(peer, &app.config.trusted_proxies, request.headers());
        request.extensions_mut().insert(Peer(place));
    }
    next.run(request).await
}

/// Puts a router behind the door.
pub(crate) fn behind(router: Router, app: &Arc<App>) -> Router {
    let nowhere = {
        let app = app.clone();
        async move |request: Request| nowhere(&app, &request)
    };
    router
        .fallback(nowhere)
        .method_not_allowed_fallback(not_this_method)
        .layer(from_fn_with_state(app.clone(), in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(app.clone(), counted))
        .layer(from_fn_with_state(app.clone(), placed))
        .layer(axum::middleware::map_response(with_headers))
}

/// A page for whoever reads pages, a problem for a program.
fn nowhere(app: &App, request: &Request) -> Response {
    let accept = request.headers().get(header::ACCEPT).map(HeaderValue::as_bytes);
    if accept.is_some_and(|accept| accept.starts_with(b"text/html")) {
        return crate::pages::nowhere(app);
    }
    Problem::not_found("there is nothing at this address: /openapi.json lists what there is")
        .into_response()
}

async fn not_this_method(request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let detail = "this address does not take this method: the header Allow says which it takes";
    Problem::new(Kind::Method, detail).into_response()
}

/// The cause of a panic is in the traces; nobody outside learns of it.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    metrics::counter!("callbox_http_panics_total").increment(1);
    tracing::error!("a request ended in a panic");
    let detail = "Callbox has a fault here, and it has been noted: try again, or tell support";
    Problem::new(Kind::Fault, detail).into_response()
}

/// Whether a request shows a token or a session that holds, by its headers alone. In a
/// demonstration everybody is somebody.
fn is_known(app: &App, headers: &HeaderMap) -> bool {
    let by_token = || {
        let token = bearer(headers)?;
        app.config.tokens.find(token, jiff::Timestamp::now())
    };
    app.config.demo
        || by_token().is_some()
        || app.sessions.look(headers, app.config.https).is_some()
}

/// The longest that the body of somebody unknown may take to come.
const UNSIGNED_WITHIN: Duration = Duration::from_secs(2);
/// The longest that it may be, in bytes.
const UNSIGNED_MAX: usize = 64 * 1024;

/// A request of somebody unknown, whole. Until it is, it takes nothing but its connection.
async fn whole(request: Request) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(Request::from_parts(parts, body));
    }
    if parts.uri.path().starts_with("/api/") {
        // Nothing there is done without a token, so nobody waits for what else was sent.
        return Ok(Request::from_parts(parts, Body::empty()));
    }
    match tokio::time::timeout(UNSIGNED_WITHIN, to_bytes(body, UNSIGNED_MAX)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(_)) => {
            let detail = "this is too long, or did not come whole: sign on first, or write less";
            Err(Problem::new(Kind::TooLarge, detail))
        }
        Err(_) => {
            let detail = "this did not come in time: send it again, whole";
            Err(Problem::new(Kind::TooSlow, detail))
        }
    }
}

async fn in_time(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (pool, request) = if is_known(&app, request.headers()) {
        (&app.gates.in_flight, request)
    } else {
        match whole(request).await {
            Ok(request) => (&app.gates.unsigned, request),
            Err(problem) => return problem.into_response(),
        }
    };
    let Ok(_permit) = pool.clone().try_acquire_owned() else {
        let detail = "too many requests are in hand: try again in a moment";
        return Problem::new(Kind::Busy, detail).retry_after(1).into_response();
    };
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    match tokio::time::timeout(app.config.limits.request_time, next.run(request)).await {
        Ok(response) => response,
        Err(_) if looks => {
            let detail = "this takes too long now: try again in a moment";
            Problem::new(Kind::Busy, detail).retry_after(1).into_response()
        }
        Err(_) => {
            let detail = "it did not come or was not done in time, and it is not known whether it \
                          is saved: send it again with the same Idempotency-Key";
            Problem::new(Kind::NotSaved, detail).retry_after(1).into_response()
        }
    }
}

async fn counted(State(_): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = method_word(request.method());
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    let took = started.elapsed().as_secs_f64();
    metrics::histogram!("callbox_http_seconds", "route" => route.clone()).record(took);
    metrics::counter!(
        "callbox_http_requests_total", "route" => route, "method" => method, "status" => status
    )
    .increment(1);
    response
}

/// A method's name; whoever asks cannot make new ones up.
fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                   img-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

async fn with_headers(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    let all: [(HeaderName, &'static str); 8] = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(), camera=(), microphone=()"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    // Styles and scripts are about nobody and may be kept.
    let may_be_kept = headers.contains_key(header::CACHE_CONTROL);
    for (name, value) in all {
        if !(may_be_kept && name == header::CACHE_CONTROL) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_trusted_proxy_says_is_believed_and_only_its_last_word() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = [ip("127.0.0.1"), ip("10.0.0.5")];
        let place = |peer: &str, said: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in said {
                headers.append("x-forwarded-for", HeaderValue::from_static(value));
            }
            behind_proxies(ip(peer), &trusted, &headers).to_string()
        };
        for (peer, said, is) in [
            ("192.0.2.1", &["203.0.113.9"][..], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["1.2.3.4", "203.0.113.9, 10.0.0.5"], "203.0.113.9"),
            ("::ffff:127.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("127.0.0.1", &["2001:db8::1"], "2001:db8::1"),
            ("127.0.0.1", &["1.2.3.4, nonsense, 10.0.0.5"], "10.0.0.5"),
        ] {
            assert_eq!(place(peer, said), is, "{peer} {said:?}");
        }
        assert_eq!(place_of(Peer(ip("127.0.0.1"))), None);
        assert_eq!(place_of(Peer(ip("::ffff:127.0.0.1"))), None);
        assert_eq!(place_of(Peer(ip("192.0.2.1"))), Some(ip("192.0.2.1")));
    }
}
