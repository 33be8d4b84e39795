//! A script with what happened written into it, to be read, reviewed and kept.

use super::document::{Item, Script, Watch, What};
use super::expect::{Expect, Expected, Kind};
use super::play::Played;
use super::timeline::Entry;
use rules::time::{Instant, Span};
use std::collections::BTreeMap;

/// So many times the same at the same distance are one line.
const REPEATS_MIN: usize = 3;

/// The script as it stands, with what is watched and happened in the place of what was expected.
/// What must be so at a moment, and what must not be, stays as it is.
pub fn golden(script: &Script, played: &Played) -> String {
    let mut text = Text { lines: Vec::new(), date: script.day.date(script.starts), script };
    let first = script.items.first().map_or(usize::MAX, |item| item.line);
    let mut from = first.saturating_sub(1);
    while from > 0 && script.lines.get(from - 1).is_some_and(|line| is_day_or_comment(line)) {
        from -= 1; // What stands right above belongs to the first line.
    }
    text.lines.extend(script.lines.iter().take(from).cloned());
    let mut entries = once(script, played).into_iter().peekable();
    for (item, (before, after)) in script.items.iter().zip(&played.places) {
        if is_from_timeline(script, item) {
            continue;
        }
        while let Some(entry) = entries.next_if(|e| comes_before(e, item, *before)) {
            text.entry(&entry, true);
        }
        text.item(item);
        if matches!(item.what, What::Deed(_)) {
            let belongs = |e: &Shown| e.seq <= *after && e.at == item.at;
            while let Some(entry) = entries.next_if(|e| belongs(e)) {
                text.entry(&entry, false);
            }
        }
    }
    for entry in entries {
        text.entry(&entry, true);
    }
    text.lines.join("\n")
}

fn is_day_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("on ") || line == "next day" || line.starts_with('#')
}

/// Whether it is written anew.
fn is_from_timeline(script: &Script, item: &Item) -> bool {
    let What::Expect(Expect { what: Expected::Entry(pattern), never: false, .. }) = &item.what
    else {
        return false;
    };
    let watch = pattern.kind.and_then(|kind| Watch::of(kind, pattern.level));
    watch.is_some_and(|watch| script.watch.contains(&watch))
}

/// An entry in the words of a script: a refusal in those that the script has for it already.
fn words(script: &Script, played: &Played, entry: &Entry) -> String {
    let said = script.items.iter().find_map(|item| {
        let What::Expect(Expect { what: Expected::Entry(pattern), .. }) = &item.what else {
            return None;
        };
        let here = entry.kind == Kind::Refused && pattern.kind == Some(Kind::Refused);
        let here = here && item.at == entry.at && entry.is(pattern, &played.names);
        pattern.words.as_ref().filter(|_| here)
    });
    match said {
        Some(words) => format!("refused \"{}\"", words.replace('"', "\\\"")),
        None => entry.text(),
    }
}

/// What the script says of the source of an entry.
fn because<'s>(script: &'s Script, played: &Played, entry: &Entry) -> Option<&'s str> {
    script.items.iter().find_map(|item| {
        let What::Expect(expect) = &item.what else { return None };
        let Expected::Entry(pattern) = &expect.what else { return None };
        let until = expect.every.map_or(item.at, |(_, until)| until);
        let here = !expect.never && item.at <= entry.at && entry.at <= until;
        expect.because.as_deref().filter(|_| here && entry.is(pattern, &played.names))
    })
}

fn comes_before(entry: &Shown, item: &Item, before: u64) -> bool {
    entry.at < item.at || (entry.at == item.at && entry.seq <= before && !entry.is_refusal)
}

/// An entry, or several that are one line.
struct Shown {
    seq: u64,
    at: Instant,
    text: String,
    every: Option<(Span, Instant)>,
    is_refusal: bool,
}

/// What is watched, with what comes again and again at the same distance once.
fn once(script: &Script, played: &Played) -> Vec<Shown> {
    let watched = |e: &&Entry| e.watch().is_some_and(|w| script.watch.contains(&w));
    let mut by_text: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in played.timeline.iter().filter(watched) {
        let because = because(script, played, entry);
        let because = because.map(|words| format!(" because \"{words}\"")).unwrap_or_default();
        let text = words(script, played, entry);
        by_text.entry(format!("{text}{because}")).or_default().push(entry);
    }
    let mut shown = Vec::new();
    for (text, entries) in by_text {
        let mut rest = entries.as_slice();
        while let Some(first) = rest.first() {
            let n = repeats(rest);
            let last = rest.get(n - 1).map_or(first.at, |e| e.at);
            let step = rest.get(1).map(|e| e.at.since(first.at)).filter(|_| n > 1);
            shown.push(Shown {
                seq: first.seq,
                at: first.at,
                text: text.clone(),
                every: step.map(|step| (step, last)),
                is_refusal: first.kind == Kind::Refused,
            });
            rest = rest.get(n..).unwrap_or_default();
        }
    }
    shown.sort_by_key(|one| (one.seq, one.at));
    shown
}

/// How many from the first on come at one distance; one if they are too few to be worth it.
fn repeats(entries: &[&Entry]) -> usize {
    let [first, second, ..] = entries else { return 1 };
    let step = second.at.since(first.at);
    if step <= Span::ZERO || step.0 % 1_000 != 0 {
        return 1;
    }
    let pairs = entries.iter().zip(entries.iter().skip(1));
    let n = 1 + pairs.take_while(|(a, b)| b.at.since(a.at) == step).count();
    if n >= REPEATS_MIN { n } else { 1 }
}

struct Text<'s> {
    lines: Vec<String>,
    date: String,
    script: &'s Script,
}

impl Text<'_> {
    fn item(&mut self, item: &Item) {
        let whole = self.script.lines.iter().skip(item.line.saturating_sub(1)).take(item.n_lines);
        self.comments(item.line);
        self.day(item.at);
        self.lines.extend(whole.cloned());
    }

    /// The comments and blank lines right above a line stay with it.
    fn comments(&mut self, line: usize) {
        let above = self.script.lines.get(..line.saturating_sub(1)).unwrap_or_default();
        let kept = above.iter().rev().take_while(|l| {
            let l = l.trim();
            l.is_empty() || is_day_or_comment(l)
        });
        let kept: Vec<String> = kept.cloned().collect();
        if kept.len() == above.len() {
            return; // It is the head.
        }
        let is_day = |l: &String| is_day_or_comment(l) && !l.trim().starts_with('#');
        let kept: Vec<String> = kept.into_iter().rev().filter(|l| !is_day(l)).collect();
        let shown = self.lines.len().saturating_sub(kept.len());
        if self.lines.get(shown..) == Some(kept.as_slice()) {
            return;
        }
        let blank = self.lines.last().is_some_and(|line| line.trim().is_empty());
        let said = kept.iter().filter(|l| !l.trim().is_empty()).count();
        let shown = self.lines.len().saturating_sub(said);
        let there = kept.get(kept.len() - said..).unwrap_or_default();
        if said == 0 || self.lines.get(shown..) != Some(there) {
            self.lines.extend(kept.into_iter().skip_while(|l| blank && l.trim().is_empty()));
        }
    }

    fn entry(&mut self, entry: &Shown, with_time: bool) {
        if !with_time && entry.every.is_none() {
            self.lines.push(format!("    -> {}", entry.text));
            return;
        }
        self.day(entry.at);
        let day = &self.script.day;
        let every =
            entry.every.map(|(step, until)| format!(" every {step} until {}", day.time(until)));
        let time = day.time(entry.at);
        self.lines.push(format!("{time}{} -> {}", every.unwrap_or_default(), entry.text));
    }

    fn day(&mut self, at: Instant) {
        let date = self.script.day.date(at);
        if date != self.date {
            self.lines.push(format!("on {date}"));
            self.date = date;
        }
    }
}
