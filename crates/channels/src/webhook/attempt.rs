//! One attempt: signed, sent once, its answer read no further than it need be.

use super::destination::{AllowList, Barred, Judging, parse};
use super::payload::Thin;
use super::secret::{Secret, signatures};
use super::settings::Settings;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use std::sync::{Arc, Once};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// No more of an answer is read than this, in bytes: only its status is of use.
const ANSWER_BYTES_MOST: usize = 64 * 1024;
/// Nor for longer than this.
const ANSWER_AT_MOST: Duration = Duration::from_secs(1);
/// A receiver that asks to be left alone for longer is asked again after this.
pub(crate) const RETRY_AFTER_MOST: Duration = Duration::from_secs(24 * 3_600);

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A 2xx answer.
    Delivered,
    /// 410: the receiver wants no more.
    Gone,
    /// Anything else.
    Failed { why: String, retry_after: Option<Duration> },
}

/// An attempt, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub seq: u64,
    pub webhook_id: String,
    pub kind: String,
    pub at_ms: i64,
    pub took_ms: i64,
    pub status: Option<u16>,
    pub outcome: Outcome,
}

/// The time by the computer's clock, which is what a receiver compares with its own.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A client for one webhook: its connections are to addresses judged for it alone.
pub(crate) fn client(allow: &AllowList, settings: &Settings) -> Result<Client, reqwest::Error> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another part of the program may have installed one: then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let judging = Judging { lookup: settings.lookup.clone(), allow: allow.clone() };
    Client::builder()
        .dns_resolver(Arc::new(judging))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .timeout(settings.attempt_at_most)
        .connect_timeout(settings.attempt_at_most.min(Duration::from_secs(10)))
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("Callbox-Webhooks/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// What one attempt needs.
pub(crate) struct Sending<'a> {
    pub client: &'a Client,
    pub hook: Uuid,
    pub url: &'a str,
    pub allow: &'a AllowList,
    pub secrets: &'a [Secret],
}

/// Sends one event once.
pub(crate) async fn attempt(sending: &Sending<'_>, thin: &Thin) -> Attempt {
    let (at_ms, webhook_id) = (now_ms(), thin.webhook_id(sending.hook));
    let started = std::time::Instant::now();
    let (status, outcome) = send(sending, thin, &webhook_id, at_ms / 1_000).await;
    Attempt {
        seq: thin.seq,
        webhook_id,
        kind: thin.kind.clone(),
        at_ms,
        took_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
        status,
        outcome,
    }
}

async fn send(
    sending: &Sending<'_>,
    thin: &Thin,
    webhook_id: &str,
    timestamp_s: i64,
) -> (Option<u16>, Outcome) {
    let failed = |why: String| (None, Outcome::Failed { why, retry_after: None });
    // An address in the URL itself is never looked up, so it is judged here.
    let url = match parse(sending.url, sending.allow) {
        Ok(url) => url,
        Err(fault) => return failed(fault.to_string()),
    };
    let body = thin.body();
    let signed = signatures(sending.secrets, webhook_id, timestamp_s, &body);
    let request = sending
        .client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", webhook_id)
        .header("webhook-timestamp", timestamp_s)
        .header("webhook-signature", signed)
        .body(body);
    match request.send().await {
        Ok(answer) => {
            let (status, outcome) = (answer.status(), read(answer.status(), answer.headers()));
            finish(answer).await;
            (Some(status.as_u16()), outcome)
        }
        Err(error) => failed(words(&error)),
    }
}

fn read(status: StatusCode, headers: &HeaderMap) -> Outcome {
    if status.is_success() {
        return Outcome::Delivered;
    }
    if status == StatusCode::GONE {
        return Outcome::Gone;
    }
    let why = match status.canonical_reason() {
        _ if status.is_redirection() => format!(
            "the answer was {} and redirects are not followed: give the webhook its new URL",
            status.as_u16()
        ),
        Some(reason) => format!("the answer was {} {reason}", status.as_u16()),
        None => format!("the answer was {}", status.as_u16()),
    };
    Outcome::Failed { why, retry_after: asked_wait(headers, now_ms()) }
}

/// `Retry-After`, in seconds or as a date.
fn asked_wait(headers: &HeaderMap, now_ms: i64) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
            Duration::from_millis(u64::try_from(at.saturating_sub(now_ms)).ok()?)
        }
    };
    Some(asked.min(RETRY_AFTER_MOST))
}

/// Reads a short answer to its end, so that the connection can be used again; leaves a long one.
async fn finish(mut answer: Response) {
    let reading = async {
        let mut left = ANSWER_BYTES_MOST;
        while let Ok(Some(chunk)) = answer.chunk().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    // A slow answer is given up: its status is known.
    let _ = tokio::time::timeout(ANSWER_AT_MOST, reading).await;
}

/// Why no answer came, without the URL, which may hold a secret of the receiver's.
fn words(error: &reqwest::Error) -> String {
    let mut below: Option<&dyn std::error::Error> = Some(error);
    let mut last = String::new();
    while let Some(cause) = below {
        if let Some(barred) = cause.downcast_ref::<Barred>() {
            return barred.to_string();
        }
        last = cause.to_string();
        below = cause.source();
    }
    if error.is_timeout() {
        return "no answer came in time: answer first, then work".to_owned();
    }
    let doing = if error.is_connect() { "no connection was made" } else { "no answer came" };
    let last: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("{doing}: {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_2xx_answer_is_a_delivery_and_410_ends_the_webhook() {
        for code in 100..600 {
            let status = StatusCode::from_u16(code).unwrap();
            let outcome = read(status, &HeaderMap::new());
            assert_eq!(outcome == Outcome::Delivered, (200..300).contains(&code), "{code}");
            assert_eq!(outcome == Outcome::Gone, code == 410, "{code}");
        }
    }

    #[test]
    fn a_wait_that_is_asked_for_is_read_in_both_its_forms_and_has_a_most() {
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            // 1994-11-06 08:49:07 UTC
            asked_wait(&headers, 784_111_747_000)
        };
        assert_eq!(asked("120"), Some(Duration::from_secs(120)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:00 GMT"), None);
        assert_eq!(asked("99999999999999"), Some(RETRY_AFTER_MOST));
        assert_eq!(asked("soon"), None);
        assert_eq!(asked("-5"), None);
    }
}
