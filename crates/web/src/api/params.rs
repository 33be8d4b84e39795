//! What the address names.

use crate::problem::Problem;
use axum::extract::RawPathParams;
use rules::name::{CallSign, ContactId, HandoverId, IncidentNumber, MarkerId, MessageId};
use serde_json::Value;

/// The parameters of an address, each with its value.
pub(crate) struct Params(Vec<(String, String)>);

/// Parameters that are numbers; the others are texts.
pub(crate) const NUMBERS: [&str; 14] = [
    "contact",
    "obligation",
    "work",
    "appointment",
    "handover",
    "entry",
    "question",
    "request",
    "line",
    "proposal",
    "briefing",
    "fault",
    "marker",
    "message",
];

impl Params {
    pub fn new(raw: &RawPathParams) -> Params {
        Params(raw.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v)
    }

    fn number(&self, name: &str) -> Result<u64, Problem> {
        let text = self.text(name);
        text.parse().map_err(|_| {
            Problem::invalid(format!(
                "'{text}' in the address is not the number of a {name}: give its digits"
            ))
        })
    }

    /// Each as a field of a command's body.
    pub fn fields(&self) -> impl Iterator<Item = Result<(String, Value), Problem>> {
        self.0.iter().map(|(name, text)| {
            let value = if NUMBERS.contains(&name.as_str()) {
                self.number(name)?.into()
            } else {
                text.as_str().into()
            };
            Ok((name.clone(), value))
        })
    }

    /// Whether the address names a log.
    pub fn names_incident(&self) -> bool {
        self.0.iter().any(|(name, _)| name == "incident")
    }

    pub fn incident(&self) -> Result<IncidentNumber, Problem> {
        IncidentNumber::parse(self.text("incident")).map_err(Problem::invalid)
    }

    pub fn article(&self) -> &str {
        self.text("article")
    }

    pub fn call_sign(&self) -> Result<CallSign, Problem> {
        CallSign::parse(self.text("call_sign")).map_err(Problem::invalid)
    }

    pub fn contact(&self) -> Result<ContactId, Problem> {
        self.number("contact").map(ContactId)
    }

    pub fn marker(&self) -> Result<MarkerId, Problem> {
        self.number("marker").map(MarkerId)
    }

    pub fn message(&self) -> Result<MessageId, Problem> {
        self.number("message").map(MessageId)
    }

    pub fn handover(&self) -> Result<HandoverId, Problem> {
        self.number("handover").map(HandoverId)
    }
}
