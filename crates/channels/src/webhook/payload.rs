//! What is sent: that something happened, and to which log, unit or contact. Nothing personal; who
//! wants more asks the API, where the question is allowed, refused and recorded.

use super::kinds;
use room::Notice;
use serde::Serialize;
use uuid::Uuid;

/// One event, cut down to what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thin {
    /// Its place in the total order.
    pub seq: u64,
    /// When it was recorded, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Its kind, as the journal names it.
    pub kind: String,
    incident: Option<String>,
    unit: Option<String>,
    contact: Option<u64>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<u64>,
}

impl Thin {
    pub(crate) fn of(notice: &Notice) -> Thin {
        Thin {
            seq: notice.seq,
            at_ms: notice.at.0,
            kind: kinds::of(notice.kind),
            incident: notice.incident.map(|n| n.to_string()),
            unit: notice.unit.as_ref().map(ToString::to_string),
            contact: notice.contact.map(|id| id.0),
        }
    }

    /// The same at every attempt and every replay, so that a receiver can tell a repetition. The
    /// moment tells apart what two journals hold at one place, when one was restored from a copy.
    pub(crate) fn webhook_id(&self, hook: Uuid) -> String {
        format!("msg_{}_{}_{:x}", hook.simple(), self.seq, self.at_ms)
    }

    /// The bytes that are signed and sent; the same at every attempt.
    pub(crate) fn body(&self) -> Vec<u8> {
        let at = jiff::Timestamp::from_millisecond(self.at_ms).unwrap_or_default();
        let data = Data {
            seq: self.seq,
            incident: self.incident.as_deref(),
            unit: self.unit.as_deref(),
            contact: self.contact,
        };
        let body = Body { r#type: &self.kind, timestamp: format!("{at:.3}"), data };
        serde_json::to_vec(&body).expect("a struct of texts and a number is always JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_says_what_happened_to_what_and_nothing_else() {
        let mut thin = Thin {
            seq: 7,
            at_ms: 1_795_000_000_120,
            kind: "unit_deployed".into(),
            incident: Some("20261118-0001".into()),
            unit: Some("DC14".into()),
            contact: None,
        };
        assert_eq!(
            String::from_utf8(thin.body()).unwrap(),
            r#"{"type":"unit_deployed","timestamp":"2026-11-18T11:06:40.120Z","data":"#.to_owned()
                + r#"{"seq":7,"incident":"20261118-0001","unit":"DC14"}}"#
        );
        let hook = Uuid::from_u128(1);
        let id = thin.webhook_id(hook);
        assert_eq!(id, "msg_00000000000000000000000000000001_7_1a1ee565e78".to_owned());
        assert!(!id.contains('.'), "a full stop would blur what is signed");
        thin.at_ms += 1;
        assert_ne!(thin.webhook_id(hook), id);
    }
}
