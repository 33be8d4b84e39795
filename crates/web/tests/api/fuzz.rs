//! Anything at all, thrown at every address: no panic, no fault of ours, and every refusal says
//! what to do.

use crate::rig::{BASE, Rig, ask};
use crate::sample::{Chance, Names, Sampler};
use axum::body::Body;
use http::{Method, Request};
use proptest::prelude::*;
use rules::role::Role;
use serde_json::{Value, json};
use std::sync::LazyLock;
use tokio::runtime::Runtime;
use web::routes::{self, ROUTES, Route};

/// One room for all cases: what earlier ones left in it is part of the test.
struct World {
    rig: Rig,
    runtime: Runtime,
    document: Value,
    names: Names,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let _inside = runtime.enter();
    let rig = Rig::new();
    let (document, names) = runtime.block_on(async {
        let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
        let document = rig.send(request).await.json;
        let mut incidents = vec!["20200101-0001".to_owned()];
        for _ in 0..4 {
            incidents.push(rig.open().await);
        }
        incidents.push(rig.open_and_close().await);
        for (call_sign, crew) in [("DC14", "officer"), ("DC15", "44")] {
            let unit = json!({ "kind": "response", "crew": [crew] });
            rig.put(Role::Dispatcher, &format!("/units/{call_sign}"), unit).await;
        }
        for _ in 0..3 {
            rig.post(Role::CallHandler, "/contacts", json!({ "channel": "101" })).await;
        }
        let call_signs = ["DC14", "DC15", "XX99"].map(str::to_owned).into();
        (document, Names { incidents, call_signs, contacts: 4 })
    });
    World { rig, runtime, document, names }
});

fn verb(route: &Route) -> Method {
    match route.method {
        routes::Method::Get => Method::GET,
        routes::Method::Post => Method::POST,
        routes::Method::Put => Method::PUT,
    }
}

/// Sends it and holds what must hold for every answer.
fn hold(request: Request<Body>, what: &str) -> Result<(), TestCaseError> {
    let answer = WORLD.runtime.block_on(WORLD.rig.send(request));
    prop_assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.text);
    if answer.status.is_client_error() && answer.header("content-type").contains("json") {
        prop_assert!(answer.is_sentence(), "{what}: {} {}", answer.status, answer.text);
    }
    Ok(())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|f| json!(f)),
        any::<String>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        Just(json!("x".repeat(9_000))),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn any_route() -> impl Strategy<Value = &'static Route> {
    prop::sample::select(ROUTES.iter().collect::<Vec<_>>())
}

/// Percent-encodes everything, so that any text at all can stand in an address.
fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn sampler() -> Sampler<'static> {
    Sampler { document: &WORLD.document, names: WORLD.names.clone() }
}

fn valid(route: &Route, seed: u64) -> (String, Value) {
    let mut chance = Chance(seed);
    let path = format!("{BASE}{}", route.path);
    let verb = verb(route).as_str().to_lowercase();
    let body = sampler().body(&WORLD.document["paths"][&path][&verb], &mut chance);
    (sampler().address(&path, &mut chance), body)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_as_a_body(
        route in any_route(),
        role in any_role(),
        seed in any::<u64>(),
        body in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let (address, _) = valid(route, seed);
        let request = Request::builder()
            .method(verb(route))
            .uri(&address)
            .header("authorization", format!("Bearer {}", WORLD.rig.token(role)))
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap();
        hold(request, &format!("{role} {address}"))?;
    }

    #[test]
    fn any_json_as_a_body_or_in_place_of_a_field(
        route in any_route(),
        role in any_role(),
        seed in any::<u64>(),
        value in any_json(),
        field in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let (address, mut body) = valid(route, seed);
        match body.as_object_mut() {
            Some(fields) if !whole && !fields.is_empty() => {
                let name = fields.keys().nth(field.index(fields.len())).unwrap().clone();
                fields.insert(name, value);
            }
            _ => body = value,
        }
        let token = Some(WORLD.rig.token(role));
        let why = [("callbox-purpose", "anything at all")];
        let request = ask(verb(route), &address, token, Some(&body), &why);
        hold(request, &format!("{role} {address} {body}"))?;
    }

    #[test]
    fn any_text_in_the_address_the_query_and_the_headers(
        route in any_route(),
        role in any_role(),
        text in any::<String>(),
        query in any::<String>(),
        raw in prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..40),
        header in prop::sample::select(vec![
            "idempotency-key", "if-match", "callbox-happened-at", "callbox-purpose",
            "last-event-id", "content-type", "content-length", "cookie", "accept-encoding",
            "origin", "authorization",
        ]),
        name in prop::sample::select(vec![
            "limit", "cursor", "after", "words", "grade", "line", "from", "to", "person", "x",
        ]),
    ) {
        let mut path = String::from(BASE);
        for (at, piece) in route.path.split(['{', '}']).enumerate() {
            path.push_str(if at % 2 == 0 { piece } else { "" });
            if at % 2 == 1 {
                path.push_str(&encoded(if text.is_empty() { "x" } else { &text }));
            }
        }
        let address = format!("{path}?{name}={}", encoded(&query));
        let mut request = Request::builder().method(verb(route)).uri(&address);
        if header != "authorization" {
            request = request.header("authorization", format!("Bearer {}", WORLD.rig.token(role)));
        }
        let request = request.header(header, &raw[..]).body(Body::empty()).unwrap();
        hold(request, &format!("{role} {address} {header}"))?;
    }

    #[test]
    fn any_sequence_of_commands(
        steps in prop::collection::vec((any_route(), any_role(), any::<u64>()), 1..12),
    ) {
        for (route, role, seed) in steps {
            let (address, body) = valid(route, seed);
            let body = (!body.is_null()).then_some(&body);
            let why = [("callbox-purpose", "anything at all")];
            let token = Some(WORLD.rig.token(role));
            let request = ask(verb(route), &address, token, body, &why);
            hold(request, &format!("{role} {} {address} {body:?}", verb(route)))?;
        }
    }
}

#[test]
fn a_page_takes_anything_too() {
    let pages = ["/", "/incidents/%00", "/live?after=x", "/problems/%ff", "/assets/%2e%2e/x"];
    for path in pages {
        for method in [Method::GET, Method::POST, Method::PUT, Method::OPTIONS] {
            let request =
                Request::builder().method(method.clone()).uri(path).body(Body::empty()).unwrap();
            let answer = WORLD.runtime.block_on(WORLD.rig.send(request));
            assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.text);
        }
    }
}
