//! The API described for programs, made from the table of addresses.

use crate::App;
use crate::api::ask::{Answer, HAPPENED, KEY};
use crate::api::audit::PURPOSE;
use crate::api::params::NUMBERS;
use crate::api::view::{View, shape};
use crate::problem::{Details, Kind};
use crate::routes::{BASE, Does, Method, ROUTES, Route};
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::sync::{Arc, LazyLock};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

pub(crate) fn router(app: &Arc<App>) -> Router {
    let app = app.clone();
    let problem = move |code: Path<String>| async move { problem(&app, &code) };
    Router::new().route("/openapi.json", get(openapi)).route("/problems/{code}", get(problem))
}

async fn openapi() -> Response {
    let mut response = Response::new(Body::from(DOCUMENT.as_str()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// What a kind of problem means, at its own address.
fn problem(app: &App, code: &str) -> Response {
    match Kind::ALL.into_iter().find(|k| k.code() == code) {
        Some(kind) => crate::pages::problem_kind(app, kind),
        None => crate::Problem::not_found("there is no such kind of problem").into_response(),
    }
}

pub(crate) fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|s| {
            s.definitions_path = "/components/schemas".into();
            s.meta_schema = None;
        })
        .into_generator()
}

/// The whole document.
pub(crate) fn document() -> Value {
    let mut generator = generator();
    let problem = shape::<Details<'_>>(&mut generator);
    let answer = shape::<Answer>(&mut generator);
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let operation = operation(route, &mut generator, &answer);
        let path = paths.entry(format!("{BASE}{}", route.path)).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(method(route).to_owned(), operation);
        }
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Callbox",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Police contact management, command and control. Times are \
                milliseconds since 1970-01-01 00:00 UTC. A refusal is a problem (RFC 9457) whose \
                detail says what to do.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
            "responses": { "Problem": {
                "description": "What stands in the way, and what to do.",
                "content": { "application/problem+json": { "schema": problem } },
            }},
        },
    })
}

fn method(route: &Route) -> &'static str {
    match route.method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
    }
}

fn operation(route: &Route, generator: &mut SchemaGenerator, answer: &Schema) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    let mut operation = Map::new();
    let said = match &route.does {
        Does::Command { schema, creates, .. } => {
            let mut body = schema(generator);
            parameters.extend(route.params().map(|name| path_parameter(name, Some(&body))));
            parameters.extend(command_headers(route));
            let said = take_text(&mut body, "description");
            body.remove("title");
            without(&mut body, route);
            operation.insert("requestBody".into(), request_body(&body));
            operation.insert("responses".into(), command_responses(*creates, answer));
            said
        }
        Does::View { view, query, answer } => {
            parameters.extend(route.params().map(|name| path_parameter(name, None)));
            let shape = query(generator);
            let query = resolved(shape, generator);
            if route.method == Method::Post {
                let mut body = request_body(&query);
                body["required"] = false.into(); // Nothing asked for is everything, newest first.
                operation.insert("requestBody".into(), body);
            } else {
                parameters.extend(query_parameters(&query));
            }
            parameters.extend(view_headers(*view));
            let answer = answer(generator);
            operation.insert("responses".into(), view_responses(*view, &answer));
            route.summary.to_owned()
        }
        Does::Line { body, answer } => {
            operation.insert("requestBody".into(), request_body(body(generator)));
            parameters.push(key_header());
            operation.insert("responses".into(), line_responses(&answer(generator)));
            route.summary.to_owned()
        }
    };
    operation.insert("summary".into(), first_sentence(&said).into());
    operation.insert("description".into(), description(route, &said).into());
    operation.insert("operationId".into(), operation_id(route).into());
    if !parameters.is_empty() {
        operation.insert("parameters".into(), parameters.into());
    }
    Value::Object(operation)
}

fn operation_id(route: &Route) -> String {
    match &route.does {
        Does::Command { .. } | Does::Line { .. } => route.action.unwrap_or("").to_owned(),
        Does::View { view, .. } => {
            let name = crate::api::ask::snake(&format!("{view:?}"));
            if route.method == Method::Post { format!("ask_{name}") } else { format!("get_{name}") }
        }
    }
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first)
}

fn description(route: &Route, said: &str) -> String {
    let roles: Vec<String> = rules::role::Role::ALL
        .into_iter()
        .filter(|role| route.action.is_none_or(|action| room::roles::may(*role, action)))
        .map(|role| role.words())
        .collect();
    format!("{said} For: {}.", roles.join(", "))
}

fn take_text(schema: &mut Schema, key: &str) -> String {
    let text = schema.remove(key);
    text.and_then(|t| t.as_str().map(str::to_owned)).unwrap_or_default().replace('\n', " ")
}

/// Takes the fields that the address names out of a body.
fn without(body: &mut Schema, route: &Route) {
    for name in route.params() {
        if let Some(Value::Object(fields)) = body.get_mut("properties") {
            fields.remove(name);
        }
        if let Some(Value::Array(required)) = body.get_mut("required") {
            required.retain(|field| field != name);
        }
    }
}

fn path_parameter(name: &str, body: Option<&Schema>) -> Value {
    let field = body.and_then(|b| b.get("properties")?.get(name).cloned());
    let schema = field.unwrap_or_else(|| {
        if NUMBERS.contains(&name) {
            json!({ "type": "integer", "minimum": 0 })
        } else if name == "incident" {
            json!({ "type": "string", "pattern": "^[0-9]{8}-[0-9]{1,7}$" })
        } else {
            json!({ "type": "string", "minLength": 1 })
        }
    });
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

/// The properties of a query's schema, one parameter each.
fn query_parameters(query: &Value) -> Vec<Value> {
    let Some(fields) = query.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let required = query.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    fields
        .iter()
        .map(|(name, schema)| {
            json!({
                "name": name,
                "in": "query",
                "required": required.iter().any(|r| r == name),
                "schema": not_null(schema),
            })
        })
        .collect()
}

/// A query leaves out what it does not say; it never says null.
fn not_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
    }
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|one| one.get("type").is_none_or(|kind| kind != "null"));
    }
    if let Some(map) = schema.as_object_mut() {
        map.remove("default");
    }
    schema
}

/// The schema itself, where there is a reference to it.
fn resolved(schema: Schema, generator: &SchemaGenerator) -> Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next());
    let found = name.and_then(|name| generator.definitions().get(name)).cloned();
    found.unwrap_or_else(|| schema.to_value())
}

fn request_body(schema: impl serde::Serialize) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn header(name: &http::HeaderName, description: &str, schema: Value) -> Value {
    json!({
        "name": name.as_str(), "in": "header", "required": false,
        "description": description, "schema": schema,
    })
}

fn key_header() -> Value {
    header(
        &KEY,
        "Made by the client; the same key gives the same answer and nothing happens twice.",
        json!({ "type": "string", "format": "uuid" }),
    )
}

fn command_headers(route: &Route) -> Vec<Value> {
    let mut headers = vec![
        key_header(),
        header(
            &HAPPENED,
            "When it happened, if that is not now: RFC 3339, or milliseconds since 1970.",
            json!({ "type": "string" }),
        ),
    ];
    if route.params().any(|p| p == "incident") {
        headers.push(header(
            &header::IF_MATCH,
            "The version of the log that was seen; 412 if it has changed since.",
            json!({ "type": "string", "pattern": "^\"[0-9]+\"$" }),
        ));
    }
    headers
}

fn view_headers(view: View) -> Vec<Value> {
    match view {
        View::Log | View::Contact | View::ContactMatches | View::History | View::Journal => {
            vec![header(
                &PURPOSE,
                "Why you look. Recorded. A log or contact that you handle yourself needs none.",
                json!({ "type": "string", "minLength": 1, "maxLength": 2000 }),
            )]
        }
        View::Follow => vec![header(
            &http::HeaderName::from_static("last-event-id"),
            "The id of the last event that was seen; everything after it is sent.",
            json!({ "type": "integer", "minimum": 0 }),
        )],
        _ => Vec::new(),
    }
}

const PROBLEMS: [u16; 14] = [400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 428, 429, 503];

fn with_problems(mut responses: Map<String, Value>) -> Value {
    for status in PROBLEMS {
        let problem = json!({ "$ref": "#/components/responses/Problem" });
        responses.insert(status.to_string(), problem);
    }
    // Said by the connection itself, before there is a request to answer.
    let too_long = json!({ "description": "the address is longer than 64 KiB: shorten it" });
    responses.insert("414".to_owned(), too_long);
    Value::Object(responses)
}

fn command_responses(creates: bool, answer: &Schema) -> Value {
    let content = json!({ "application/json": { "schema": answer } });
    let mut responses = Map::new();
    if creates {
        let headers = json!({ "Location": { "schema": { "type": "string" } } });
        responses.insert(
            "201".into(),
            json!({ "description": "Saved.", "headers": headers, "content": content }),
        );
    }
    let said = if creates { "Saved before, under the same key." } else { "Saved." };
    responses.insert("200".into(), json!({ "description": said, "content": content }));
    with_problems(responses)
}

fn line_responses(answer: &Schema) -> Value {
    let content = json!({ "application/json": { "schema": answer } });
    let said = "Done, or what is to be shown or chosen.";
    let ok = json!({ "description": said, "content": content });
    with_problems(Map::from_iter([("200".to_owned(), ok)]))
}

fn view_responses(view: View, answer: &Schema) -> Value {
    let kind = if view == View::Follow { "text/event-stream" } else { "application/json" };
    let ok = json!({ "description": "As it stands.", "content": { kind: { "schema": answer } } });
    with_problems(Map::from_iter([("200".to_owned(), ok)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|v| references(v, found));
            }
            Value::Array(list) => list.iter().for_each(|v| references(v, found)),
            _ => {}
        }
    }

    #[test]
    fn every_address_is_described_and_every_reference_leads_somewhere() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        let n: usize = paths.values().map(|p| p.as_object().unwrap().len()).sum();
        assert_eq!(n, ROUTES.len());
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 50, "{}", found.len());
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }

    #[test]
    fn operations_have_names_of_their_own_and_a_summary() {
        let document = document();
        let mut ids = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for operation in operations.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id.to_owned()), "{id} twice");
                assert!(!operation["summary"].as_str().unwrap().is_empty(), "{path}");
            }
        }
    }

    #[test]
    fn a_body_does_not_repeat_what_the_address_names() {
        let document = document();
        let entries = &document["paths"]["/api/v1/incidents/{incident}/entries"]["post"];
        let body = &entries["requestBody"]["content"]["application/json"]["schema"];
        assert!(body["properties"].get("incident").is_none());
        assert!(body["properties"].get("text").is_some());
        assert_eq!(body["required"], json!(["text"]));
        assert_eq!(body["additionalProperties"], json!(false));
    }
}
