//! What a form of one of our own pages sends.

use crate::problem::{Kind, Problem};
use axum::body::{Body, to_bytes};
use http::{HeaderMap, header};

/// A form of a few short fields, in bytes.
pub(super) const SHORT: usize = 8 * 1024;

/// The fields of a form, in their order.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a form of at most so many bytes that came from one of our own pages.
    pub async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Fields, Problem> {
        same_origin(headers)?;
        let bytes = to_bytes(body, most)
            .await
            .map_err(|_| Problem::new(Kind::TooLarge, "this form is too long: write less"))?;
        Ok(Fields(form_urlencoded::parse(&bytes).into_owned().collect()))
    }

    /// A field as it came.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A field, trimmed; empty if it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", str::trim)
    }

    /// All of them.
    pub fn all(self) -> Vec<(String, String)> {
        self.0
    }
}

/// A form must come from one of our own pages.
fn same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let host = text("host");
    let origin = text("origin").and_then(|o| o.split_once("://")).map(|(_, host)| host);
    let site = text("sec-fetch-site");
    let ours = match (site, origin) {
        (Some(site), _) if site != "same-origin" => false,
        (_, Some(origin)) => Some(origin) == host,
        (Some(_), None) => true,
        (None, None) => false,
    };
    if ours {
        return Ok(());
    }
    let detail = "this form did not come from a page of ours: open the page here and send it again";
    Err(Problem::new(Kind::Forbidden, detail))
}

/// Whether the page's script asks, and not the browser itself.
pub(super) fn accepts_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json"))
}
