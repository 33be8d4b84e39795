//! Agencies and other control rooms: the list, a find, and those that a text names.

use crate::agency::Agency;
use crate::incident::agencies::{ladder_of, n_failed};
use crate::incident::opening::first_phrase;
use crate::incident::{Incident, Rung};
use crate::name::Label;
use crate::state::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shortest name that is looked for in a text: `AA` would be found everywhere.
const NAME_MIN: usize = 4;

/// The agencies in which every word of `find` stands, by kind and name; all if it is empty.
pub fn agencies<'s>(s: &'s State, find: &str) -> Vec<&'s Agency> {
    let wanted: Vec<String> = find.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let has = |a: &&Agency| {
        let numbers = a.numbers.iter().flat_map(|n| [n.purpose.as_str(), n.line.as_str()]);
        let rest = a.hours.iter().chain(&a.note).map(|r| r.as_str());
        let help = a.areas.iter().chain(&a.helps_with).map(|l| l.as_str());
        let rest = rest.chain(help).chain(a.supervisor.iter().map(|p| p.as_str()));
        let all = [a.agency.as_str(), a.kind.as_str()].into_iter().chain(numbers).chain(rest);
        let text = all.collect::<Vec<_>>().join(" ").to_lowercase();
        wanted.iter().all(|word| text.contains(word.as_str()))
    };
    let mut found: Vec<&Agency> = s.agencies.values().filter(has).collect();
    found.sort_by_key(|a| (a.kind.as_str().to_lowercase(), a.agency.as_str().to_lowercase()));
    found
}

/// The agencies that a text names, or whose kind it names, as whole words, one or several.
pub fn named_in<'s>(s: &'s State, text: &str) -> Vec<&'s Agency> {
    let text = [text.to_lowercase()];
    let says = |name: &str| {
        let name = name.to_lowercase();
        name.chars().count() >= NAME_MIN
            && first_phrase(&text, &[format!("{name}s"), name]).is_some()
    };
    s.agencies.values().filter(|a| says(a.agency.as_str()) || says(a.kind.as_str())).collect()
}

/// An agency that was rung for a log, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyOnLog {
    /// Its name.
    pub agency: Label,
    /// Every time it was rung, in order.
    pub rung: Vec<Rung>,
    /// Whether it knows now.
    pub told: bool,
    /// The next step of its ladder, where it does not.
    pub next_step: Option<String>,
}

/// The agencies that were rung for a log, those that are not told first.
pub fn on_log(s: &State, log: &Incident) -> Vec<AgencyOnLog> {
    let mut names: Vec<&Label> = log.rung.iter().map(|r| &r.agency).collect();
    names.sort_unstable();
    names.dedup();
    let one = |agency: &Label| {
        let n = n_failed(log, agency);
        let steps = ladder_of(s, agency).map_or(&[][..], |l| &l.steps[..]);
        let next = (n > 0).then(|| steps.get(n - 1).or(steps.last())).flatten();
        AgencyOnLog {
            agency: agency.clone(),
            rung: log.rung.iter().filter(|r| r.agency == *agency).cloned().collect(),
            told: n == 0,
            next_step: next.cloned(),
        }
    };
    let mut all: Vec<AgencyOnLog> = names.into_iter().map(one).collect();
    all.sort_by_key(|a| a.told);
    all
}

/// The organisations that help victims, those for this need and area first, then the others that
/// work in the area.
pub fn that_help<'s>(s: &'s State, need: &str, area: Option<&Label>) -> Vec<&'s Agency> {
    let near = |a: &Agency| a.areas.is_empty() || area.is_none_or(|area| a.areas.contains(area));
    let need = need.to_lowercase();
    let fits = |a: &Agency| {
        let with = a.helps_with.iter().map(|h| h.as_str().to_lowercase());
        with.into_iter().any(|help| {
            help.split_whitespace().any(|w| w.len() > 3 && need.contains(w)) || need.contains(&help)
        })
    };
    let mut all: Vec<&Agency> =
        s.agencies.values().filter(|a| !a.helps_with.is_empty() && near(a)).collect();
    all.sort_by_key(|a| (!fits(a), a.agency.clone()));
    all
}
