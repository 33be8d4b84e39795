//! Signed, in order, again when it failed, on after a restart.

use crate::rig::*;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use channels::webhook::{Hooks, NewHook, Settings};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

const PUBLISHED_KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The second opinion itself is held against the vector of the specification's libraries.
#[test]
fn the_second_opinion_meets_the_published_vector() {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let key = base64.decode(&PUBLISHED_KEY[6..]).unwrap();
    let content = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
    assert_eq!(base64.encode(hmac(&key, content)), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[tokio::test]
async fn each_event_is_sent_once_in_order_signed_and_thin() {
    let rig = Rig::start(quick()).await;
    let before = rig.hook.position;
    let done = happen(&rig.room).await;
    happen(&rig.room).await;
    rig.done().await;
    let head = rig.room.view().seq;
    assert_eq!(rig.receiver.seqs(), (before + 1..=head).collect::<Vec<_>>());
    for got in rig.receiver.got() {
        assert!(got.is_signed_by(&rig.secret));
        assert_eq!(got.header("content-type"), "application/json");
        let text = String::from_utf8(got.body.to_vec()).unwrap();
        assert!(PERSONAL.iter().all(|personal| !text.contains(personal)), "{text}");
        let sent: i64 = got.header("webhook-timestamp").parse().unwrap();
        let now = jiff::Timestamp::now().as_second();
        assert!((now - 60..=now).contains(&sent), "{sent} is not now");
    }
    let ids: BTreeSet<_> =
        rig.receiver.got().iter().map(|g| g.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.len(), rig.receiver.got().len());
    let opened = rig.receiver.got().into_iter().find(|g| g.json()["type"] == "incident_opened");
    let number = done.incident().unwrap().to_string();
    assert_eq!(opened.unwrap().json()["data"]["incident"], number);
}

#[tokio::test]
async fn what_fails_is_sent_again_the_same_and_what_comes_after_it_waits() {
    let rig = Rig::start(quick()).await;
    let moved = [(header::RETRY_AFTER, "0")];
    rig.receiver.answers([
        status(500),
        (StatusCode::TOO_MANY_REQUESTS, moved).into_response(),
        status(404),
    ]);
    happen(&rig.room).await;
    rig.done().await;
    let got = rig.receiver.got();
    let first = got[0].seq();
    let head = rig.room.view().seq;
    let expected: Vec<_> = [first; 3].into_iter().chain(first..=head).collect();
    assert_eq!(rig.receiver.seqs(), expected);
    for again in &got[1..4] {
        assert_eq!(again.body, got[0].body);
        assert_eq!(again.header("webhook-id"), got[0].header("webhook-id"));
        assert!(again.is_signed_by(&rig.secret));
    }
    let deliveries = rig.hooks.deliveries(rig.hook.id, 1_000).await.unwrap();
    let of_first: Vec<_> = deliveries.iter().rev().filter(|d| d.seq == first).collect();
    let statuses: Vec<_> = of_first.iter().map(|d| (d.attempt, d.status)).collect();
    assert_eq!(statuses, [(1, Some(500)), (2, Some(429)), (3, Some(404)), (4, Some(204))]);
    assert!(of_first[0].failure.as_ref().unwrap().contains("500"));
    assert_eq!(rig.now().await.n_failed, 0);
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    let rig = Rig::start(quick()).await;
    let asked = [(header::RETRY_AFTER, "3600")];
    rig.receiver.answers([(StatusCode::SERVICE_UNAVAILABLE, asked).into_response()]);
    happen(&rig.room).await;
    until(|| async { rig.now().await.n_failed == 1 }).await;
    let left = rig.now().await.retry_at.unwrap().0 - jiff::Timestamp::now().as_millisecond();
    assert!((3_500_000..=3_600_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn when_every_attempt_failed_it_is_disabled_and_loses_nothing() {
    let rig = Rig::start(quick()).await;
    rig.receiver.answers((0..4).map(|_| status(503)));
    happen(&rig.room).await;
    until(|| async { rig.now().await.disabled_because.is_some() }).await;
    let first = rig.receiver.got()[0].seq();
    let because = rig.now().await.disabled_because.unwrap();
    assert!(because.contains("4 attempts") && because.contains("503"), "{because}");
    happen(&rig.room).await;
    a_while().await;
    assert_eq!(rig.receiver.seqs(), [first; 4]);
    rig.hooks.enable(&administrator(), rig.hook.id).await.unwrap();
    rig.done().await;
    let head = rig.room.view().seq;
    let expected: Vec<_> = [first; 4].into_iter().chain(first..=head).collect();
    assert_eq!(rig.receiver.seqs(), expected);
}

#[tokio::test]
async fn gone_disables_at_once() {
    let rig = Rig::start(quick()).await;
    rig.receiver.answers([status(410)]);
    happen(&rig.room).await;
    until(|| async { rig.now().await.disabled_because.is_some() }).await;
    a_while().await;
    assert_eq!(rig.receiver.got().len(), 1);
    assert!(rig.now().await.disabled_because.unwrap().contains("410"));
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_until_that_ends() {
    let rig = Rig::start(quick()).await;
    let (id, by) = (rig.hook.id, administrator());
    let (hook, second) = rig.hooks.rotate(&by, id, Duration::from_secs(600)).await.unwrap();
    assert_eq!(hook.n_secrets, 2);
    happen(&rig.room).await;
    rig.done().await;
    let n = rig.receiver.got().len();
    for got in rig.receiver.got() {
        assert!(got.is_signed_by(&rig.secret) && got.is_signed_by(&second));
        assert_eq!(got.header("webhook-signature").split(' ').count(), 2);
    }
    let (hook, third) = rig.hooks.rotate(&by, id, Duration::ZERO).await.unwrap();
    assert_eq!(hook.n_secrets, 1);
    happen(&rig.room).await;
    rig.done().await;
    for got in &rig.receiver.got()[n..] {
        assert!(got.is_signed_by(&third));
        assert!(!got.is_signed_by(&rig.secret) && !got.is_signed_by(&second));
    }
    for _ in 0..3 {
        rig.hooks.rotate(&by, id, Duration::from_secs(600)).await.unwrap();
    }
    assert!(rig.hooks.rotate(&by, id, Duration::from_secs(600)).await.is_err());
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was_and_keeps_the_wait() {
    let mut rig = Rig::start(quick()).await;
    happen(&rig.room).await;
    rig.done().await;
    let before = rig.receiver.seqs();
    rig.hooks.close().await;
    happen(&rig.room).await;
    a_while().await;
    assert_eq!(rig.receiver.seqs(), before, "a closed one sends nothing");
    rig.room.close();
    rig.room = room(rig.dir.path()).await;
    rig.receiver.answers([status(500)]);
    let patient = Settings { retry_after: vec![Duration::from_secs(3_600)], ..quick() };
    rig.hooks = Hooks::open(rig.dir.path(), rig.room.clone(), near(patient.clone())).await.unwrap();
    until(|| async { rig.now().await.n_failed == 1 }).await;
    let failed = rig.now().await;
    rig.hooks.close().await;
    rig.hooks = Hooks::open(rig.dir.path(), rig.room.clone(), near(patient)).await.unwrap();
    a_while().await;
    assert_eq!(rig.now().await, failed, "the wait outlives a restart");
    rig.hooks.enable(&administrator(), rig.hook.id).await.unwrap();
    rig.done().await;
    let mut seqs = rig.receiver.seqs();
    assert_eq!(seqs.remove(before.len()), failed.position + 1, "the one that failed");
    let head = rig.room.view().seq;
    assert_eq!(seqs, (rig.hook.position + 1..=head).collect::<Vec<_>>(), "each once");
}

#[tokio::test]
async fn a_replay_sends_the_same_again_under_the_same_ids() {
    let rig = Rig::start(quick()).await;
    happen(&rig.room).await;
    rig.done().await;
    let first = rig.receiver.got();
    let (from, next) = (rig.hook.position + 1, rig.now().await.position + 1);
    rig.hooks.replay(&administrator(), rig.hook.id, from).await.unwrap();
    let all = rig.receiver.has(first.len() * 2).await;
    for (one, again) in first.iter().zip(&all[first.len()..]) {
        assert_eq!(one.body, again.body);
        assert_eq!(one.header("webhook-id"), again.header("webhook-id"));
    }
    for wrong in [0, next + 1, u64::MAX] {
        let refused = rig.hooks.replay(&administrator(), rig.hook.id, wrong).await.unwrap_err();
        assert!(refused.to_string().contains(&next.to_string()), "{refused}");
    }
}

#[tokio::test]
async fn only_the_kinds_asked_for_are_sent_and_a_disabled_or_removed_one_gets_none() {
    let rig = Rig::start(quick()).await;
    let by = administrator();
    let other = Receiver::start().await;
    let asked = NewHook { kinds: vec!["incident_opened".into()], ..new(&other.url) };
    let (hook, _) = rig.hooks.add(&by, &asked).await.unwrap();
    rig.hooks.disable(&by, rig.hook.id, "moving house").await.unwrap();
    for _ in 0..3 {
        happen(&rig.room).await;
    }
    let head = rig.room.view().seq;
    until(|| async { rig.hooks.get(hook.id).await.unwrap().position >= head }).await;
    assert_eq!(other.got().len(), 3);
    assert!(other.got().iter().all(|got| got.json()["type"] == "incident_opened"));
    assert_eq!(rig.receiver.got().len(), 0);
    let because = rig.now().await.disabled_because.unwrap();
    assert!(because.contains("admin1") && because.contains("moving house"));
    rig.hooks.remove(&by, hook.id).await.unwrap();
    happen(&rig.room).await;
    a_while().await;
    assert_eq!(other.got().len(), 3);
    assert_eq!(rig.hooks.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_slow_silent_or_endless_answer_holds_nothing_up_for_long() {
    let settings = Settings { attempt_at_most: Duration::from_millis(300), ..quick() };
    let rig = Rig::start(settings).await;
    let endless = || Body::from_stream(Endless);
    rig.receiver.answers([endless().into_response(), endless().into_response()]);
    happen(&rig.room).await;
    rig.done().await;
    let deliveries = rig.hooks.deliveries(rig.hook.id, 1_000).await.unwrap();
    assert!(deliveries.iter().all(|d| d.failure.is_none()), "{deliveries:?}");

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}/", listener.local_addr().unwrap());
    let (hook, _) = rig.hooks.add(&administrator(), &new(&silent)).await.unwrap();
    happen(&rig.room).await;
    until(|| async { rig.hooks.get(hook.id).await.unwrap().disabled_because.is_some() }).await;
    let deliveries = rig.hooks.deliveries(hook.id, 1).await.unwrap();
    assert!(deliveries[0].failure.as_ref().unwrap().contains("in time"), "{deliveries:?}");
}

/// An answer without an end.
struct Endless;

impl futures_core::Stream for Endless {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(vec![b'x'; 65_536])))
    }
}

#[tokio::test]
async fn only_the_owner_can_read_the_file_with_the_secrets() {
    let rig = Rig::start(quick()).await;
    happen(&rig.room).await;
    rig.done().await;
    let files = std::fs::read_dir(rig.dir.path()).unwrap().map(|file| file.unwrap());
    let ours: Vec<_> = files
        .filter(|file| file.file_name().to_string_lossy().starts_with("webhooks.db"))
        .map(|file| file.metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert_eq!(ours, [0o600; 3], "webhooks.db and the two files beside it");
    let shown = format!("{:?}", rig.hooks.list().await.unwrap());
    assert!(!shown.contains("whsec_"));
}
