//! What was said in the calls of a log, beside the log.

use crate::command::Recording;
use crate::contact::heard::SetAside;
use crate::contact::unwritten::{LineBeside, Unwritten, beside};
use crate::incident::Incident;
use crate::policy::Policy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What was said in the calls of a log. All of it is empty where there is neither a recording nor
/// a transcript.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeardView {
    /// The recordings, by their names in the telephone system.
    pub recordings: Vec<Recording>,
    /// The lines as they were said, each with what of it stands on the log.
    pub lines: Vec<LineBeside>,
    /// What was said and is not on the log.
    pub missing: Vec<Unwritten>,
    /// What was said and is not for this log.
    pub aside: Vec<SetAside>,
}

pub(super) fn heard(log: &Incident, policy: &Policy) -> HeardView {
    let Some(heard) = &log.heard else { return HeardView::default() };
    let (lines, missing) = beside(log, policy);
    HeardView {
        recordings: heard.recordings.clone(),
        lines,
        missing: if log.closed.is_none() { missing } else { Vec::new() },
        aside: heard.aside.clone(),
    }
}
