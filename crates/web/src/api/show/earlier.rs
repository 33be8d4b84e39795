//! Earlier logs of the same number, place or person: what they were about, how they ended, and what
//! was said of the risk then. The look is recorded with whose logs came up, before it is shown.
//!
//! Source: Crime hub panel, case 7 ("no evidence of the Force looking into similar previous
//! incidents") and case 8 ("no record of what the Force had done with this information").

use super::records::read;
use crate::App;
use crate::api::audit::{self, Why};
use crate::caller::Caller;
use crate::problem::Problem;
use room::{Query, Room};
use rules::command::{Relation, Told};
use rules::incident::Incident;
use rules::name::{ClosingCode, IncidentNumber, OpeningCode, Place, Words};
use rules::state::State;
use rules::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many records are looked at for each of number, place and person.
const RECORDS: u32 = 100;
/// So many logs are shown, the newest.
const LOGS: usize = 12;

/// Earlier logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct EarlierLogs {
    /// What was looked for: the same number, place or person. Empty if the log has none of them.
    pub by: Vec<String>,
    /// The logs, the newest first.
    pub logs: Vec<EarlierLog>,
    /// How many more there are.
    pub more: usize,
}

/// An earlier log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct EarlierLog {
    /// Its number.
    pub incident: IncidentNumber,
    /// Why it is here: the same number, place or person.
    pub because: Vec<String>,
    /// Its opening code.
    pub opening_code: OpeningCode,
    /// Whether that is the code of the log that is open.
    pub same_code: bool,
    /// Where it was.
    pub place: Option<Place>,
    /// What was said when it was opened.
    pub words: Words,
    /// When it was opened.
    pub opened_at: Instant,
    /// How many units went.
    pub n_units: usize,
    /// How it ended, if it has.
    pub ended: Option<Ended>,
    /// How the two are linked, seen from the one that is open, if they are.
    pub linked: Option<Relation>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Ended {
    /// When.
    pub at: Instant,
    /// The closing code.
    pub closing_code: ClosingCode,
    /// What was done and what came of it.
    pub result: Words,
    /// The risk then, and who held it.
    pub risk_then: Words,
    /// What the informant was told.
    pub told: Told,
}

/// The earlier logs of a log, once the look at them has been recorded.
pub(crate) async fn earlier(
    app: &App,
    caller: &Caller,
    state: &State,
    log: &Incident,
    why: Why,
) -> Result<EarlierLogs, Problem> {
    let sought = sought(state, log);
    let by: Vec<String> = sought.iter().map(|(by, _)| (*by).to_owned()).collect();
    let this = log.clone();
    let found = read(app, move |room| found(room, &this, sought)).await?;
    let came_up: Vec<String> =
        found.logs.iter().map(|one| format!("log {}", one.incident)).collect();
    let (what, same) =
        (format!("earlier logs of {}", log.number), format!("same {}", by.join(", ")));
    audit::record_search(app, caller, &what, &why, &same, &came_up).await?;
    Ok(EarlierLogs { by, ..found })
}

/// What is looked for: the numbers and names of those who reported, and the place.
fn sought(state: &State, log: &Incident) -> Vec<(&'static str, Query)> {
    let contacts: Vec<_> = log.contacts.iter().filter_map(|id| state.contacts.get(id)).collect();
    let informant = log.informant.as_ref();
    let mut lines: Vec<String> = informant
        .and_then(|i| i.line.as_ref())
        .map(ToString::to_string)
        .into_iter()
        .chain(contacts.iter().filter_map(|c| c.line.as_ref()).map(ToString::to_string))
        .collect();
    lines.sort();
    lines.dedup();
    let mut names: Vec<String> = informant
        .and_then(|i| i.name.as_ref())
        .map(ToString::to_string)
        .into_iter()
        .chain(contacts.iter().filter_map(|c| c.name.as_ref()).map(ToString::to_string))
        .collect();
    names.sort();
    names.dedup();
    let query = || Query { limit: Some(RECORDS), ..Query::default() };
    let mut all = Vec::new();
    all.extend(lines.into_iter().map(|line| ("number", Query { line: Some(line), ..query() })));
    if let Some(place) = &log.location.words {
        all.push(("place", Query { place: Some(place.to_string()), ..query() }));
    }
    all.extend(names.into_iter().map(|name| ("person", Query { person: Some(name), ..query() })));
    all
}

fn found(
    room: &Room,
    log: &Incident,
    sought: Vec<(&'static str, Query)>,
) -> Result<EarlierLogs, room::ReadFault> {
    let mut because: BTreeMap<IncidentNumber, Vec<String>> = BTreeMap::new();
    for (by, query) in sought {
        for hit in room.history().search(&query)?.hits {
            let number = hit.incident.and_then(|text| IncidentNumber::parse(&text).ok());
            let Some(n) = number.filter(|n| *n != log.number) else { continue };
            let reasons = because.entry(n).or_default();
            if !reasons.iter().any(|reason| reason == by) {
                reasons.push(by.to_owned());
            }
        }
    }
    let more = because.len().saturating_sub(LOGS);
    let mut logs = Vec::new();
    for (n, because) in because.into_iter().rev().take(LOGS) {
        if let Some(found) = room.log(n)? {
            logs.push(row(log, &found.incident, because));
        }
    }
    Ok(EarlierLogs { by: Vec::new(), logs, more })
}

fn row(log: &Incident, found: &Incident, because: Vec<String>) -> EarlierLog {
    let linked = log.links.iter().find(|(n, _)| *n == found.number).map(|(_, how)| *how);
    EarlierLog {
        incident: found.number,
        because,
        opening_code: found.opening_code.clone(),
        same_code: found.opening_code == log.opening_code,
        place: found.location.words.clone(),
        words: found.words.clone(),
        opened_at: found.opened_at,
        n_units: found.deployments.len(),
        ended: found.closed.as_ref().map(|closed| Ended {
            at: closed.at,
            closing_code: closed.code.clone(),
            result: closed.result.clone(),
            risk_then: closed.risk_now.clone(),
            told: closed.told,
        }),
        linked,
    }
}
