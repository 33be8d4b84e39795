//! The product's own words: rules, events, desks, levels; and the nearest to one that is none.

use super::fault::Wrong;
use rules::command::Command;
use rules::event::{Event, spaced};
use rules::obligation::Rule;
use rules::policy::Level;
use rules::role::Role;

/// So many words are named where nothing is near.
const NAMED: usize = 12;

/// The rule of a name.
pub fn rule(word: &str) -> Result<Rule, Wrong> {
    let found = Rule::ALL.iter().copied().find(|rule| rule.name() == word);
    let names = || Rule::ALL.iter().map(|rule| rule.name());
    found.ok_or_else(|| Wrong(unknown("rule", word, names())))
}

/// The name of an event as scripts and the journal write it: `unit_deployed`.
pub fn event(word: &str) -> Result<String, Wrong> {
    let names: Vec<String> = Event::NAMES.iter().map(|name| spaced(name, '_')).collect();
    match names.iter().find(|name| *name == word) {
        Some(name) => Ok(name.clone()),
        None => Err(Wrong(unknown("event", word, names.iter().map(String::as_str)))),
    }
}

/// The name of a command.
pub fn command(word: &str) -> Result<&'static str, Wrong> {
    let found = Command::NAMES.iter().copied().find(|name| *name == word);
    found.ok_or_else(|| Wrong(unknown("command", word, Command::NAMES.iter().copied())))
}

/// A role, with blanks or underscores.
pub fn role(words: &str) -> Option<Role> {
    let name = words.to_lowercase().replace(' ', "_");
    Role::ALL.into_iter().find(|role| role.name() == name)
}

/// A level by its letter and figure.
pub fn level(word: &str) -> Result<Level, Wrong> {
    match word {
        "A1" => Ok(Level::A1),
        "A2" => Ok(Level::A2),
        "A3" => Ok(Level::A3),
        "A4" => Ok(Level::A4),
        other => Err(Wrong(unknown("level", other, ["A1", "A2", "A3", "A4"].into_iter()))),
    }
}

/// The name of a level.
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::A1 => "A1",
        Level::A2 => "A2",
        Level::A3 => "A3",
        Level::A4 => "A4",
    }
}

/// The sentence about a word that is none of those known: the nearest one, or some of them.
pub fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("'{word}' is no {what}: did you mean '{near}'?"),
        None if known.is_empty() => format!("'{word}' is no {what}: there is none here"),
        None => {
            let more = if known.len() > NAMED { " …" } else { "" };
            let some: Vec<&str> = known.into_iter().take(NAMED).collect();
            format!("'{word}' is no {what}: write one of {}{more}", some.join(", "))
        }
    }
}

/// The known word that is nearest, if one is near enough to have been meant.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let far = (word.chars().count() / 3).clamp(1, 3);
    // Of two that are as near, the one that begins alike.
    let begins = |k: &str| k.chars().next().map(|c| c.to_ascii_lowercase()) == word.chars().next();
    let near = known.map(|k| (distance(&word, &k.to_lowercase()), k));
    let near = near.min_by_key(|(d, k)| (*d, !begins(k)))?;
    (near.0 <= far).then_some(near.1)
}

/// How many letters must be changed, added, left out or swapped with the next.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |rows: &[Vec<usize>], up: usize, left: usize| {
                let up = (i + 1).checked_sub(up)?;
                Some(*rows.get(up)?.get((j + 1).checked_sub(left)?)?)
            };
            let change = at(&rows, 1, 1).unwrap_or(0) + usize::from(x != y);
            let out = at(&rows, 1, 0).unwrap_or(0) + 1;
            let add = row.last().copied().unwrap_or(0) + 1;
            let twisted = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            let swap = at(&rows, 2, 2).filter(|_| twisted).map(|d| d + 1);
            row.push([change, out, add].into_iter().chain(swap).min().unwrap_or(0));
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named_and_a_far_one_is_not() {
        assert_eq!(nearest("opns", ["opens", "sends"].into_iter()), Some("opens"));
        assert_eq!(nearest("Sain", ["Sian", "Owen"].into_iter()), Some("Sian"));
        assert_eq!(nearest("elephant", ["Sian", "Owen"].into_iter()), None);
        let sentence = rule("unresorced").expect_err("it is misspelt").to_string();
        assert_eq!(sentence, "'unresorced' is no rule: did you mean 'unresourced'?");
    }
}
