//! What was sent: of the right kind, not too large, UTF-8, one JSON object.

use crate::App;
use crate::problem::{Kind, Problem};
use crate::sentences::of_complaint;
use axum::body::{Body, Bytes, to_bytes};
use http::{HeaderMap, header};
use serde_json::{Map, Value};

/// The bytes of a body.
pub(super) async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let most = app.config.limits.body_bytes;
    let said = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if said.is_some_and(|n: usize| n > most) {
        return Err(too_large(most));
    }
    let bytes = to_bytes(body, most).await.map_err(|error| {
        if error.to_string().contains("length limit") {
            too_large(most)
        } else {
            Problem::new(Kind::Unreadable, "the body broke off: send it again")
        }
    })?;
    if !bytes.is_empty() && !is_json(headers) {
        let detail = "send the body as 'Content-Type: application/json'";
        return Err(Problem::new(Kind::MediaType, detail));
    }
    Ok(bytes)
}

fn too_large(most: usize) -> Problem {
    let detail = format!("the body is larger than {most} bytes: send less, or in parts");
    Problem::new(Kind::TooLarge, detail)
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) else {
        return false;
    };
    let kind = value.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// The one JSON object of a body; an empty body is an empty object.
pub(super) fn object(bytes: &Bytes) -> Result<Map<String, Value>, Problem> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Problem::new(Kind::Unreadable, "the body is not UTF-8 text: send it as such")
    })?;
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::invalid("the body is not one JSON object: send {\"field\": value}")),
        Err(e) if e.classify() == serde_json::error::Category::Data => {
            Err(Problem::invalid(of_complaint("", &e.to_string())))
        }
        Err(e) => {
            let detail = format!(
                "the body is not JSON (line {}, column {}): correct it there",
                e.line(),
                e.column()
            );
            Err(Problem::new(Kind::Unreadable, detail))
        }
    }
}
