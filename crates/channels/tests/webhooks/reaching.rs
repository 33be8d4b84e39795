//! What is never reached: S8 of the reliability tests.

use crate::rig::*;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use channels::webhook::address::is_public;
use channels::webhook::{Hooks, Lookup, NewHook, Settings, system_lookup};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// Answers each question for a name with the next of a list, and its last for ever after.
fn scripted(answers: Vec<Vec<&str>>) -> (Lookup, Arc<AtomicUsize>) {
    let parse = |ips: &Vec<&str>| ips.iter().map(|ip| ip.parse().unwrap()).collect();
    let answers: Vec<Vec<IpAddr>> = answers.iter().map(parse).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let lookup: Lookup = Arc::new(move |_| {
        let n = counted.fetch_add(1, Ordering::SeqCst);
        let found = answers[n.min(answers.len() - 1)].clone();
        Box::pin(async move { Ok(found) })
    });
    (lookup, asked)
}

/// A port that counts who comes.
async fn trap() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, came) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = came.clone();
    tokio::spawn(async move {
        let kept = Mutex::new(Vec::new());
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            kept.lock().unwrap().push(stream);
        }
    });
    (port, came)
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let rig = Rig::start(quick()).await;
    let inside = Receiver::start().await;
    let to = [(header::LOCATION, inside.url.clone())];
    let codes = [301_u16, 302, 307, 308];
    rig.receiver.answers(
        codes.map(|code| (StatusCode::from_u16(code).unwrap(), to.clone()).into_response()),
    );
    happen(&rig.room).await;
    until(|| async { rig.now().await.disabled_because.is_some() }).await;
    assert_eq!(inside.got().len(), 0);
    let because = rig.now().await.disabled_because.unwrap();
    assert!(because.contains("308") && because.contains("redirects"), "{because}");
}

#[tokio::test]
async fn a_private_address_is_refused_when_it_is_added_by_number_or_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let room = room(dir.path()).await;
    let hooks = Hooks::open(dir.path(), room, quick()).await.unwrap();
    let (port, came) = trap().await;
    for host in ["127.0.0.1", "localhost", "localhost.", "2130706433", "0x7f.1", "[::1]"] {
        let asked = NewHook { url: format!("https://{host}:{port}/"), ..NewHook::default() };
        let refused = hooks.add(&administrator(), &asked).await.unwrap_err().to_string();
        assert!(refused.contains("not a public address"), "{host}: {refused}");
    }
    let asked = NewHook { url: format!("http://127.0.0.1:{port}/"), ..NewHook::default() };
    assert!(hooks.add(&administrator(), &asked).await.is_err());
    assert_eq!(hooks.list().await.unwrap().len(), 0);
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

/// A name that is public when it is added and something else when it is sent to.
#[tokio::test]
async fn a_name_that_turns_private_is_not_connected_to() {
    let turns: [Vec<&str>; 6] = [
        vec!["127.0.0.1"],
        vec!["8.8.8.8", "127.0.0.1"],
        vec!["::1"],
        vec!["::ffff:127.0.0.1"],
        vec!["169.254.169.254"],
        vec![],
    ];
    for turned in turns {
        let (lookup, asked) = scripted(vec![vec!["8.8.8.8"], turned.clone()]);
        let dir = tempfile::tempdir().unwrap();
        let room = room(dir.path()).await;
        let settings = Settings { lookup, ..quick() };
        let hooks = Hooks::open(dir.path(), room.clone(), settings).await.unwrap();
        let (port, came) = trap().await;
        let new = NewHook { url: format!("https://turns.example:{port}/"), ..NewHook::default() };
        let (hook, _) = hooks.add(&administrator(), &new).await.unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        happen(&room).await;
        until(|| async { hooks.get(hook.id).await.unwrap().disabled_because.is_some() }).await;
        let because = hooks.get(hook.id).await.unwrap().disabled_because.unwrap();
        assert!(because.contains("turns.example"), "{turned:?}: {because}");
        assert_eq!(came.load(Ordering::SeqCst), 0, "{turned:?}");
    }
}

#[tokio::test]
async fn the_allow_list_does_not_open_the_metadata_address() {
    let (lookup, _) = scripted(vec![vec!["169.254.169.254"]]);
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { lookup, allow_hosts: vec!["meta.example".into()], ..quick() };
    let hooks = Hooks::open(dir.path(), room(dir.path()).await, settings).await.unwrap();
    let new = NewHook { url: "http://meta.example/".into(), kinds: vec![] };
    let refused = hooks.add(&administrator(), &new).await.unwrap_err().to_string();
    assert!(refused.contains("no webhook may reach"), "{refused}");
}

/// The address that was judged is the one that is connected to: the name is asked for once for each
/// connection, and a second answer is never used.
#[tokio::test]
async fn the_judged_address_is_the_one_connected_to() {
    let (lookup, asked) = scripted(vec![vec!["127.0.0.1"], vec!["127.0.0.1"], vec!["127.0.0.9"]]);
    let dir = tempfile::tempdir().unwrap();
    let room = room(dir.path()).await;
    let settings = Settings { lookup, allow_hosts: vec!["cad.example".into()], ..quick() };
    let hooks = Hooks::open(dir.path(), room.clone(), settings).await.unwrap();
    let receiver = Receiver::start().await;
    let url = receiver.url.replace("127.0.0.1", "cad.example");
    let new = NewHook { url, kinds: vec![] };
    let (hook, secret) = hooks.add(&administrator(), &new).await.unwrap();
    for _ in 0..3 {
        happen(&room).await;
    }
    let head = room.view().seq;
    until(|| async { hooks.get(hook.id).await.unwrap().position >= head }).await;
    assert_eq!(asked.load(Ordering::SeqCst), 2, "once when added, once when connected");
    assert!(receiver.got().iter().all(|got| got.is_signed_by(&secret)));
    assert!(receiver.got()[0].header("host").starts_with("cad.example:"));
}

/// By the computer's own way to look names up.
#[tokio::test]
async fn a_name_that_is_private_is_reached_only_from_the_allow_list() {
    let found = system_lookup()("localhost".to_owned()).await.unwrap();
    assert!(!found.is_empty() && found.iter().all(|ip| !is_public(*ip)), "{found:?}");
    let settings = Settings { allow_hosts: vec!["localhost".into()], ..quick() };
    let rig = Rig::start(settings).await;
    let receiver = Receiver::start().await;
    let url = receiver.url.replace("127.0.0.1", "localhost");
    let new = NewHook { url, kinds: vec![] };
    let (_, secret) = rig.hooks.add(&administrator(), &new).await.unwrap();
    happen(&rig.room).await;
    assert!(receiver.has(1).await[0].is_signed_by(&secret));
}

/// A name server that never answers holds up neither who adds a webhook nor the others.
#[tokio::test]
async fn a_name_server_that_never_answers_counts_as_a_failed_attempt() {
    let lookup: Lookup = Arc::new(|_| Box::pin(std::future::pending()));
    let dir = tempfile::tempdir().unwrap();
    let room = room(dir.path()).await;
    let settings = Settings {
        lookup,
        attempt_at_most: Duration::from_millis(200),
        retry_after: vec![],
        ..quick()
    };
    let hooks = Hooks::open(dir.path(), room.clone(), settings).await.unwrap();
    let new = NewHook { url: "https://silent.example/".into(), ..NewHook::default() };
    let (hook, _) = hooks.add(&administrator(), &new).await.unwrap();
    happen(&room).await;
    until(|| async { hooks.get(hook.id).await.unwrap().disabled_because.is_some() }).await;
}
