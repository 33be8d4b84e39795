//! What was expected against what happened: what is missing, and what nobody expected.

use super::document::{Item, Script, What};
use super::expect::{Expect, Expected, Kind, Pattern};
use super::names::Names;
use super::timeline::{Entry, when};
use rules::time::{Instant, Span};
use serde::Serialize;

/// Something that is otherwise than expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The line of the script, from 1.
    pub line: usize,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub got: String,
}

/// The line of an item, as it stands in its file.
pub fn line_of(script: &Script, item: &Item) -> String {
    let lines = script.lines.iter().skip(item.line.saturating_sub(1)).take(item.n_lines);
    lines.map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Everything that is otherwise than expected.
pub fn match_all(
    script: &Script,
    timeline: &[Entry],
    places: &[(u64, u64)],
    names: &Names,
) -> Vec<Difference> {
    let mut matching = Matching { script, timeline, names, used: vec![false; timeline.len()] };
    let mut differences = Vec::new();
    let mut after = 0;
    for (item, place) in script.items.iter().zip(places) {
        match &item.what {
            // What follows is looked for from here on.
            What::Deed(_) => after = place.0,
            What::Expect(expect) => differences.extend(matching.one(item, expect, after)),
            What::Nobody => {}
        }
    }
    differences.extend(matching.unexpected(places));
    differences
}

struct Matching<'a> {
    script: &'a Script,
    timeline: &'a [Entry],
    names: &'a Names,
    used: Vec<bool>,
}

impl Matching<'_> {
    fn one(&mut self, item: &Item, expect: &Expect, after: u64) -> Vec<Difference> {
        let Expected::Entry(pattern) = &expect.what else { return Vec::new() };
        if expect.never {
            return self.never(item, expect, pattern, after).into_iter().collect();
        }
        let mut missing = Vec::new();
        let (step, until) = expect.every.unwrap_or((Span::seconds(1), item.at));
        let mut at = item.at;
        while at <= until {
            match self.take(pattern, at) {
                Some(entry) => missing.extend(self.sourced(item, expect, entry)),
                None => missing.push(self.missing(item, pattern, at)),
            }
            at = at + step;
        }
        missing
    }

    /// Takes the first entry of this second that nobody expected yet.
    fn take(&mut self, pattern: &Pattern, at: Instant) -> Option<usize> {
        let second = at.0.div_euclid(1_000);
        let fits =
            |entry: &Entry| entry.at.0.div_euclid(1_000) == second && entry.is(pattern, self.names);
        let found = self.timeline.iter().zip(&self.used).position(|(e, used)| !used && fits(e))?;
        if let Some(used) = self.used.get_mut(found) {
            *used = true;
        }
        Some(found)
    }

    /// The words that a line says stand in the source of the rule.
    fn sourced(&self, item: &Item, expect: &Expect, at: usize) -> Option<Difference> {
        let (because, rule) = (expect.because.as_ref()?, self.timeline.get(at)?.rule?);
        if rule.source().contains(because.as_str()) {
            return None;
        }
        let got = format!("the source of {} is: {}", rule.name(), rule.source());
        Some(Difference { line: item.line, expected: line_of(self.script, item), got })
    }

    fn missing(&self, item: &Item, pattern: &Pattern, at: Instant) -> Difference {
        let day = &item.day;
        let looser = Pattern { owners: Vec::new(), level: None, words: None, ..pattern.clone() };
        let same_second = |e: &&Entry| e.at.0.div_euclid(1_000) == at.0.div_euclid(1_000);
        let now = self.timeline.iter().filter(same_second).find(|e| e.is(&looser, self.names));
        let nearest = || {
            let all = self.timeline.iter().filter(|e| e.is(pattern, self.names));
            all.min_by_key(|e| (e.at.0 - at.0).abs())
        };
        let time = when(day, item.at, at);
        let got = match (now, nearest()) {
            (Some(entry), _) => format!("at {time}: {}", entry.text()),
            (None, Some(entry)) => {
                format!("not at {time}; nearest at {}", when(day, item.at, entry.at))
            }
            (None, None) => format!("not at {time}, and never"),
        };
        Difference { line: item.line, expected: line_of(self.script, item), got }
    }

    /// What must not be.
    fn never(
        &self,
        item: &Item,
        expect: &Expect,
        pattern: &Pattern,
        after: u64,
    ) -> Option<Difference> {
        let watched = |e: &Entry| match pattern.kind {
            // "nothing" is nothing of what is watched.
            None if pattern.rule.is_none() => {
                e.watch().is_some_and(|w| self.script.watch.contains(&w))
            }
            None => matches!(e.kind, Kind::Told | Kind::Sounds),
            Some(_) => true,
        };
        let within = |e: &&Entry| {
            e.seq > after && e.at >= item.at && expect.until.is_none_or(|until| e.at <= until)
        };
        let mut found = self.timeline.iter().filter(within).filter(|e| watched(e));
        let entry = found.find(|e| e.is(pattern, self.names))?;
        let got = format!("{} -> {}", when(&item.day, item.at, entry.at), entry.text());
        Some(Difference { line: item.line, expected: line_of(self.script, item), got })
    }

    /// What is watched, and nobody expected.
    fn unexpected(&self, places: &[(u64, u64)]) -> Vec<Difference> {
        let items = self.script.items.iter().zip(places);
        let deeds: Vec<(u64, usize)> =
            items.map(|(item, (before, _))| (*before, item.line)).collect();
        let line_before = |entry: &Entry| {
            let before = deeds.iter().take_while(|(seq, _)| *seq < entry.seq);
            before.last().or(deeds.first()).map_or(1, |(_, line)| *line)
        };
        let watched = |e: &Entry| e.watch().is_some_and(|w| self.script.watch.contains(&w));
        let left = self.timeline.iter().zip(&self.used).filter(|(e, used)| !**used && watched(e));
        left.map(|(entry, _)| Difference {
            line: line_before(entry),
            expected: "nothing more of what is watched".to_owned(),
            got: format!(
                "{} -> {}",
                when(&self.script.day, self.script.starts, entry.at),
                entry.text()
            ),
        })
        .collect()
    }
}
