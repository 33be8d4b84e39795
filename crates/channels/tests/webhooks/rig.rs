//! A room, a receiver with scripted answers, and signatures worked out a second time.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use channels::webhook::{Hook, Hooks, NewHook, Secret, Settings};
use room::{Act, Clock, Config, Done, Room};
use rules::command::{Channel, Command, Known, Location, OpenIncident, ReceiveContact};
use rules::name::{Line, OpeningCode, PersonName, Place, StaffId, Words};
use rules::role::{By, Role};
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const POLICY: &str = include_str!("../../../../policy/default.toml");

/// What stands in the events and must not leave the room.
pub const PERSONAL: [&str; 3] = ["07700900123", "Megan Pritchard", "he has a knife"];

pub fn by(staff: &str, role: Role) -> By {
    By { staff: StaffId::parse(staff).unwrap(), role }
}

pub fn administrator() -> By {
    by("admin1", Role::Administrator)
}

/// Opening a room blocks.
pub async fn room(dir: &Path) -> Room {
    let config = Config {
        store: format!("sqlite:{}", dir.join("journal.db").display()).parse().unwrap(),
        data: dir.to_owned(),
        policy_toml: POLICY.to_owned(),
        clock: Clock::steady(),
        queue: 64,
    };
    tokio::task::spawn_blocking(|| Room::open(config).unwrap().0).await.unwrap()
}

/// Opens a log, with personal data in its contact and words.
pub async fn happen(room: &Room) -> Done {
    let handler = by("ch14", Role::CallHandler);
    let contact = ReceiveContact {
        channel: Channel::Emergency,
        line: Line::parse(PERSONAL[0]).ok(),
        name: PersonName::parse(PERSONAL[1]).ok(),
        words: Words::parse(PERSONAL[2]).ok(),
        location: None,
        seat: None,
    };
    let contact = act(room, &handler, contact).await.contact();
    let open = OpenIncident {
        contact,
        opening_code: OpeningCode::parse("concern for safety").unwrap(),
        location: Location {
            known: Known::Known,
            words: Place::parse("14 Heol Awst").ok(),
            point: None,
            rural: false,
            district: None,
            within: None,
        },
        words: Words::parse(PERSONAL[2]).unwrap(),
        informant: None,
    };
    act(room, &handler, open).await
}

pub async fn act(room: &Room, by: &By, command: impl Into<Command>) -> Done {
    room.act(Act::new(by.clone(), command)).await.unwrap()
}

/// Quick waits, no chance.
pub fn quick() -> Settings {
    Settings {
        retry_after: vec![Duration::from_millis(20); 3],
        jitter_percent: 0,
        attempt_at_most: Duration::from_secs(5),
        ..Settings::default()
    }
}

/// The same, and the receivers of this computer may be reached.
pub fn near(settings: Settings) -> Settings {
    let mut allow_hosts = settings.allow_hosts;
    allow_hosts.push("127.0.0.1".into());
    Settings { allow_hosts, ..settings }
}

/// One message as it came.
#[derive(Clone, Debug)]
pub struct Got {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn seq(&self) -> u64 {
        self.json()["data"]["seq"].as_u64().unwrap()
    }

    /// Whether the header holds a good signature by this secret, as the specification says it is
    /// verified; nothing of the product's own signing is used.
    pub fn is_signed_by(&self, secret: &Secret) -> bool {
        let key = STANDARD.decode(secret.reveal().strip_prefix("whsec_").unwrap()).unwrap();
        let mut content = Vec::new();
        content.extend_from_slice(self.header("webhook-id").as_bytes());
        content.push(b'.');
        content.extend_from_slice(self.header("webhook-timestamp").as_bytes());
        content.push(b'.');
        content.extend_from_slice(&self.body);
        let expected = format!("v1,{}", STANDARD.encode(hmac(&key, &content)));
        self.header("webhook-signature").split(' ').any(|each| each == expected)
    }
}

/// HMAC-SHA256 by the text of RFC 2104.
pub fn hmac(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(content);
    let outer = Sha256::new().chain_update(block.map(|b| b ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize().to_vec()
}

/// A receiver on this computer.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    got: Arc<Mutex<Vec<Got>>>,
    script: Arc<Mutex<VecDeque<Response>>>,
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Receiver {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            got: Arc::default(),
            script: Arc::default(),
        };
        let app = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        receiver
    }

    /// The next answers; after them, 204.
    pub fn answers(&self, next: impl IntoIterator<Item = Response>) {
        self.script.lock().unwrap().extend(next);
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub fn seqs(&self) -> Vec<u64> {
        self.got().iter().map(Got::seq).collect()
    }

    pub async fn has(&self, n: usize) -> Vec<Got> {
        until(|| async { self.got().len() >= n }).await;
        self.got()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    receiver.got.lock().unwrap().push(Got { headers, body });
    let answer = receiver.script.lock().unwrap().pop_front();
    answer.unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
}

pub fn status(code: u16) -> Response {
    StatusCode::from_u16(code).unwrap().into_response()
}

/// Waits until something is so. What never becomes so fails the test.
pub async fn until<F: Future<Output = bool>>(so: impl Fn() -> F) {
    for _ in 0..6_000 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never became so");
}

/// Time enough for something wrong to happen, where nothing should.
pub async fn a_while() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}

pub fn new(url: &str) -> NewHook {
    NewHook { url: url.into(), kinds: vec![] }
}

/// A folder, a room, its webhooks, a receiver and a webhook to it.
pub struct Rig {
    pub dir: tempfile::TempDir,
    pub room: Room,
    pub hooks: Hooks,
    pub receiver: Receiver,
    pub hook: Hook,
    pub secret: Secret,
}

impl Rig {
    pub async fn start(settings: Settings) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let room = room(dir.path()).await;
        let hooks = Hooks::open(dir.path(), room.clone(), near(settings)).await.unwrap();
        let receiver = Receiver::start().await;
        let (hook, secret) = hooks.add(&administrator(), &new(&receiver.url)).await.unwrap();
        Rig { dir, room, hooks, receiver, hook, secret }
    }

    pub async fn now(&self) -> Hook {
        self.hooks.get(self.hook.id).await.unwrap()
    }

    /// Everything up to the last event has been delivered.
    pub async fn done(&self) {
        let head = self.room.view().seq;
        until(|| async { self.now().await.position >= head }).await;
    }
}
