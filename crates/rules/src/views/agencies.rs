//! Agencies and other control rooms: the list, a find, and those that a text names.

use crate::agency::Agency;
use crate::incident::opening::first_phrase;
use crate::state::State;

/// The shortest name that is looked for in a text: `AA` would be found everywhere.
const NAME_MIN: usize = 4;

/// The agencies in which every word of `find` stands, by kind and name; all if it is empty.
pub fn agencies<'s>(s: &'s State, find: &str) -> Vec<&'s Agency> {
    let wanted: Vec<String> = find.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let has = |a: &&Agency| {
        let numbers = a.numbers.iter().flat_map(|n| [n.purpose.as_str(), n.line.as_str()]);
        let rest = a.hours.iter().chain(&a.note).map(|r| r.as_str());
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
