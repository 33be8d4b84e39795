//! What happens, as it is followed: without gap, without doubles, from where one left off.

use crate::rig::{BASE, Rig, ask, wide};
use axum::body::Bytes;
use http::{Method, StatusCode};
use rules::role::Role;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_stream::{Stream, StreamExt};
use tower::ServiceExt;
use web::Limits;

/// A stream that is read event by event.
struct Ear {
    body: std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, axum::Error>> + Send>>,
    text: String,
}

impl Ear {
    async fn open(rig: &Rig, role: Role, path: &str, last: Option<u64>) -> Ear {
        let last = last.map(|seq| seq.to_string());
        let headers: Vec<(&str, &str)> =
            last.iter().map(|seq| ("last-event-id", seq.as_str())).collect();
        let request = ask(Method::GET, path, Some(rig.token(role)), None, &headers);
        let response = rig.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Ear { body: Box::pin(response.into_body().into_data_stream()), text: String::new() }
    }

    /// The next event with data, if one comes soon.
    async fn next(&mut self) -> Option<(String, u64, Value)> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = event.lines().find_map(|l| l.strip_prefix(name));
                    line.map(|l| l.trim().to_owned())
                };
                if let Some(data) = field("data:") {
                    let id = field("id:").and_then(|id| id.parse().ok()).unwrap_or(0);
                    let kind = field("event:").unwrap_or_default();
                    return Some((kind, id, serde_json::from_str(&data).unwrap()));
                }
            }
            let more =
                tokio::time::timeout(Duration::from_secs(5), self.body.next()).await.ok()??;
            self.text.push_str(std::str::from_utf8(&more.ok()?).unwrap());
        }
    }

    /// How many changes there are up to a place, with the place of the last event heard.
    async fn hear_to(&mut self, seq: u64) -> (Vec<Value>, u64) {
        let (mut changes, mut last) = (Vec::new(), 0);
        while last < seq {
            let (_, id, data) = self.next().await.expect("there is more to hear");
            assert!(id > last, "{id} after {last}");
            assert_eq!(data["seq"], id);
            last = id;
            changes.extend(data["changes"].as_array().unwrap().iter().cloned());
        }
        (changes, last)
    }
}

fn told(rig: &Rig, after: u64) -> Vec<String> {
    let notices = rig.room.notices_after(after, 100_000).unwrap();
    let told = notices.iter().filter(|n| n.kind != "RecordRead");
    told.map(|n| n.kind.to_owned()).collect()
}

fn squeezed(kind: &str) -> String {
    kind.replace('_', "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_miss_nothing_and_hear_nothing_twice_across_a_break() {
    let rig = std::sync::Arc::new(Rig::new());
    let start = rig.room.view().seq;
    let mut whole = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
    let mut broken = Ear::open(&rig, Role::TeamLeader, "/follow", None).await;
    let writer = {
        let rig = rig.clone();
        tokio::spawn(async move {
            for _ in 0..60 {
                let n = rig.open().await;
                // Looks at records are not for followers.
                rig.look(Role::Officer, &format!("/incidents/{n}")).await;
            }
        })
    };
    let mut heard = Vec::new();
    let mut last = start;
    for _ in 0..5 {
        let (_, id, data) = broken.next().await.expect("something happens");
        heard.extend(data["changes"].as_array().unwrap().iter().cloned());
        last = id;
    }
    drop(broken);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut again = Ear::open(&rig, Role::TeamLeader, "/follow", Some(last)).await;
    writer.await.unwrap();
    let end = rig.room.notices_after(0, 100_000).unwrap();
    let end = end.iter().rev().find(|n| n.kind != "RecordRead").unwrap().seq;
    let (rest, _) = again.hear_to(end).await;
    heard.extend(rest);
    let (all, _) = whole.hear_to(end).await;
    let happened: Vec<String> = told(&rig, start).iter().map(|k| k.to_lowercase()).collect();
    for changes in [all, heard] {
        let kinds: Vec<String> =
            changes.iter().map(|c| squeezed(c["kind"].as_str().unwrap())).collect();
        assert_eq!(kinds.len(), happened.len());
        assert_eq!(kinds, happened);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_for_those_who_may_see_the_board() {
    let rig = Rig::new();
    let mut dispatcher = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
    let mut officer = Ear::open(&rig, Role::Officer, "/follow", None).await;
    let n = rig.open().await;
    let (_, _, seen) = dispatcher.next().await.unwrap();
    assert_eq!(seen["rows"][0]["n"], json!(n), "{seen}");
    let (_, _, bare) = officer.next().await.unwrap();
    assert_eq!(bare["rows"], json!([]), "{bare}");
    assert!(!bare.to_string().contains("High Street"));
    // The same holds for what is caught up from the journal.
    let mut officer = Ear::open(&rig, Role::Officer, "/follow?after=0", None).await;
    let (_, _, bare) = officer.next().await.unwrap();
    assert_eq!(bare["rows"], json!([]), "{bare}");
    let mut dispatcher = Ear::open(&rig, Role::Dispatcher, "/follow?after=0", None).await;
    let (_, _, seen) = dispatcher.next().await.unwrap();
    assert_eq!(seen["rows"][0]["n"], json!(n), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_log_is_told_as_gone() {
    let rig = Rig::new();
    let mut ear = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
    let n = rig.open_and_close().await;
    let gone = loop {
        let (_, _, data) = ear.next().await.expect("the closing is told");
        if data["changes"].as_array().unwrap().iter().any(|c| c["kind"] == "incident_closed") {
            break data;
        }
    };
    assert_eq!(gone["gone"], json!([n]), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_not_here_is_told_and_nonsense_is_refused() {
    let rig = Rig::new();
    let head = rig.room.view().seq;
    let mut ear = Ear::open(&rig, Role::Dispatcher, "/follow", Some(u64::MAX)).await;
    let (kind, id, _) = ear.next().await.unwrap();
    assert_eq!((kind.as_str(), id), ("stale", head));
    let token = Some(rig.token(Role::Dispatcher));
    let refused =
        rig.send(ask(Method::GET, "/follow", token, None, &[("last-event-id", "x")])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_follows_so_many_streams_and_seats_come_back() {
    let rig = Rig::with(Limits { followers_per_token: 2, ..wide() }, false);
    let first = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
    let _second = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
    let refused = rig.get(Role::Dispatcher, "/follow").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    drop(first);
    let _third = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_closes_ends_its_streams_and_finishes_what_is_in_hand() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let rig = Rig::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (close, closed) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(web::serve(listener, rig.router.clone(), async {
        let _ = closed.await;
    }));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let token = rig.token(Role::Dispatcher);
    let request = format!(
        "GET {BASE}/follow HTTP/1.1\r\nHost: callbox\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = vec![0_u8; 4096];
    let n = stream.read(&mut heard).await.unwrap();
    assert!(String::from_utf8_lossy(&heard[..n]).starts_with("HTTP/1.1 200"));
    close.send(()).unwrap();
    let rest = async {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.map(|_| rest)
    };
    let ended = tokio::time::timeout(Duration::from_secs(20), rest).await;
    assert!(ended.is_ok(), "the stream goes on after the server has closed");
    let served = tokio::time::timeout(Duration::from_secs(20), serving).await;
    served.expect("the server ends").unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_followers_hear_every_change() {
    const FOLLOWERS: usize = 200;
    const CHANGES: u64 = 50;
    let rig = Rig::new();
    let n = rig.open().await;
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..FOLLOWERS {
        let mut ear = Ear::open(&rig, Role::Dispatcher, "/follow", None).await;
        let heard = heard.clone();
        tokio::spawn(async move {
            while let Some((_, id, data)) = ear.next().await {
                let entry = |c: &Value| c["kind"] == "entry_added";
                let n = data["changes"].as_array().unwrap().iter().filter(|c| entry(c)).count();
                let _ = heard.send((id, n, std::time::Instant::now()));
            }
        });
    }
    drop(heard);
    let mut answered = std::collections::BTreeMap::new();
    for i in 0..CHANGES {
        let body = json!({ "text": format!("line {i}") });
        let done = rig.post(Role::CallHandler, &format!("/incidents/{n}/entries"), body).await;
        answered.insert(done.json["last_seq"].as_u64().unwrap(), std::time::Instant::now());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (mut entries, mut late) = (0, Vec::new());
    while entries < FOLLOWERS * usize::try_from(CHANGES).unwrap() {
        let next = tokio::time::timeout(Duration::from_secs(10), hears.recv()).await;
        let (id, n, at) = next.expect("every change is heard").unwrap();
        entries += n;
        if let Some(from) = answered.get(&id) {
            late.push(at.saturating_duration_since(*from));
        }
    }
    late.sort_unstable();
    let at = |percent: usize| late[(late.len() - 1) * percent / 100];
    println!(
        "200 followers: after the answer p50 {:?}, p95 {:?}, p99 {:?}",
        at(50),
        at(95),
        at(99)
    );
}
