//! What went wrong, as RFC 9457 problem details: a sentence that says what to do next.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use room::{Denied, ReadFault};
use rules::refused::{Refused, RefusedKind};
use schemars::JsonSchema;
use serde::Serialize;

/// The kinds of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request is not one that can be read at all.
    Unreadable,
    /// Nobody is signed on.
    SignOn,
    /// The role may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The address does not take this method.
    Method,
    /// The request did not come in time.
    TooSlow,
    /// The record is not in a state that allows it.
    Conflict,
    /// Something must be done first.
    Blocked,
    /// Somebody changed it meanwhile.
    Changed,
    /// The body is too large.
    TooLarge,
    /// The body is not JSON by its own account.
    MediaType,
    /// What was sent is not well formed or not in policy.
    Invalid,
    /// A person's record is shown only with a purpose.
    Purpose,
    /// Too many requests.
    TooMany,
    /// A fault of ours.
    Fault,
    /// It is not known to be saved.
    NotSaved,
    /// Too much waits.
    Busy,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 17] = [
        Kind::Unreadable,
        Kind::SignOn,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Method,
        Kind::TooSlow,
        Kind::Conflict,
        Kind::Blocked,
        Kind::Changed,
        Kind::TooLarge,
        Kind::MediaType,
        Kind::Invalid,
        Kind::Purpose,
        Kind::TooMany,
        Kind::Fault,
        Kind::NotSaved,
        Kind::Busy,
    ];

    fn row(self) -> (u16, &'static str, &'static str) {
        match self {
            Kind::Unreadable => (400, "unreadable", "The request cannot be read"),
            Kind::SignOn => (401, "sign-on", "Sign on first"),
            Kind::Forbidden => (403, "forbidden", "This role may not do this"),
            Kind::NotFound => (404, "not-found", "There is no such thing"),
            Kind::Method => (405, "method", "This address does not take this method"),
            Kind::TooSlow => (408, "too-slow", "The request took too long"),
            Kind::Conflict => (409, "conflict", "The record does not allow it now"),
            Kind::Blocked => (409, "blocked", "Something must be done first"),
            Kind::Changed => (412, "changed", "Somebody changed it meanwhile"),
            Kind::TooLarge => (413, "too-large", "The body is too large"),
            Kind::MediaType => (415, "media-type", "The body is not JSON"),
            Kind::Invalid => (422, "invalid", "What was sent is not right"),
            Kind::Purpose => (428, "purpose", "Say why you look"),
            Kind::TooMany => (429, "too-many", "Too many requests"),
            Kind::Fault => (500, "fault", "A fault of Callbox"),
            Kind::NotSaved => (503, "not-saved", "Not known to be saved"),
            Kind::Busy => (503, "busy", "Too much waits"),
        }
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Its name in addresses.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        self.row().2
    }
}

/// A problem on its way to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What stands in the way and what to do next.
    pub detail: String,
    /// Each single thing in the way, where there are several.
    pub items: Vec<String>,
    /// After how many seconds it is worth trying again.
    pub retry_after_s: Option<u64>,
    /// Where in a line the word at fault stands, in bytes.
    pub at: Option<std::ops::Range<usize>>,
}

/// A problem as it travels.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct Details<'p> {
    /// The kind, as an address.
    r#type: String,
    /// The kind, in words.
    title: &'p str,
    /// The HTTP status.
    status: u16,
    /// What stands in the way and what to do next.
    detail: &'p str,
    /// Each single thing in the way, where there are several.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    #[schemars(default)]
    items: &'p [String],
    /// Where in a command line the word at fault stands: the first byte, and the one after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<[usize; 2]>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem { kind, detail: detail.into(), items: Vec::new(), retry_after_s: None, at: None }
    }

    /// What was sent is not right.
    pub fn invalid(detail: impl Into<String>) -> Problem {
        Problem::new(Kind::Invalid, detail)
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(Kind::NotFound, detail)
    }

    /// With the time after which it is worth trying again.
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// Something that could not be read now; its cause goes to the traces only.
    pub(crate) fn unread(fault: &ReadFault) -> Problem {
        tracing::error!(%fault, "something could not be read");
        Problem::new(Kind::Busy, "this cannot be read now: try again in a moment").retry_after(1)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Problem {
        let kind = match refused.kind {
            RefusedKind::NotFound => Kind::NotFound,
            RefusedKind::Invalid => Kind::Invalid,
            RefusedKind::Conflict => Kind::Conflict,
            RefusedKind::Forbidden => Kind::Forbidden,
            RefusedKind::Blocked => Kind::Blocked,
            RefusedKind::Changed => Kind::Changed,
        };
        Problem {
            kind,
            detail: refused.sentence,
            items: refused.items,
            retry_after_s: None,
            at: None,
        }
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Problem {
        match denied {
            Denied::Refused(refused) => refused.into(),
            Denied::NotSaved { sentence } => Problem::new(Kind::NotSaved, sentence).retry_after(1),
            Denied::Busy { sentence } => Problem::new(Kind::Busy, sentence).retry_after(1),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let details = Details {
            r#type: format!("/problems/{}", self.kind.code()),
            title: self.kind.title(),
            status: status.as_u16(),
            detail: &self.detail,
            items: &self.items,
            at: self.at.as_ref().map(|at| [at.start, at.end]),
        };
        // A struct of texts always becomes JSON.
        let body = serde_json::to_vec(&details).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        set(header::CONTENT_TYPE, "application/problem+json");
        if self.kind == Kind::SignOn {
            set(header::WWW_AUTHENTICATE, "Bearer realm=\"callbox\"");
        }
        if let Some(seconds) = self.retry_after_s {
            set(header::RETRY_AFTER, &seconds.to_string());
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_an_error_status_and_an_address_of_its_own() {
        let codes: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|k| k.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!(kind.status().as_u16() >= 400, "{kind:?}");
            assert!(!kind.title().is_empty());
        }
    }
}
