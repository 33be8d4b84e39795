//! `callbox bench`: what this machine does, each figure beside the machine's own floor measured in
//! the same run. Timings are published, never asserted in a test.

mod fill; //      rooms with a past, filled by the front door
mod follow; //    how soon a change is seen
mod http; //      a small client that adds as little as it can
mod journal; //   the journal against plain inserts
mod load; //      commands over HTTP
mod numbers; //   percentiles
mod past; //      searching, listing, starting and memory with a past
mod server; //    the real binary as a child process

use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use serde::Serialize;
use std::path::PathBuf;

/// How to measure.
#[derive(ClapArgs, Clone)]
pub struct Args {
    /// Measure with a tenth of the past: quicker, and said so in the result.
    #[arg(long)]
    quick: bool,
    /// Only the measures whose name begins so.
    #[arg(long)]
    only: Option<String>,
    /// A PostgreSQL to measure the journal on, such as `postgres://user@host/database`.
    #[arg(long, env = "CALLBOX_TEST_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
    /// Where the rooms are made; a temporary folder if not said.
    #[arg(long)]
    work: Option<PathBuf>,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    /// What was measured.
    pub name: String,
    /// The figure; none if it could not be measured here, and `note` says why.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: &'static str,
    /// The machine's own floor in the same run.
    pub raw: Option<f64>,
    /// value / raw.
    pub ratio: Option<f64>,
    /// What it should be.
    pub target: Option<f64>,
    /// Whether it is.
    pub met: Option<bool>,
    /// How it was measured, where the name does not say it.
    pub note: String,
}

impl Measure {
    /// A figure that should be at least the target.
    pub fn at_least(name: &str, unit: &'static str, value: f64, target: f64) -> Measure {
        Measure::new(name, unit, value, target, value >= target)
    }

    /// A figure that should be at most the target.
    pub fn at_most(name: &str, unit: &'static str, value: f64, target: f64) -> Measure {
        Measure::new(name, unit, value, target, value <= target)
    }

    fn new(name: &str, unit: &'static str, value: f64, target: f64, met: bool) -> Measure {
        Measure {
            name: name.to_owned(),
            value: Some(value),
            unit,
            raw: None,
            ratio: None,
            target: Some(target),
            met: Some(met),
            note: String::new(),
        }
    }

    /// A figure without a target.
    pub fn told(name: &str, unit: &'static str, value: f64) -> Measure {
        Measure { target: None, met: None, ..Measure::new(name, unit, value, 0.0, true) }
    }

    /// A figure that could not be taken here.
    pub fn not_taken(name: &str, unit: &'static str, why: &str) -> Measure {
        Measure {
            value: None,
            met: Some(false),
            note: format!("NOT RUN: {why}"),
            ..Measure::told(name, unit, 0.0)
        }
    }

    /// The same beside its floor.
    pub fn beside(mut self, raw: f64) -> Measure {
        self.raw = Some(raw);
        self.ratio = self.value.map(|v| v / raw);
        self
    }

    /// The same with a remark.
    pub fn noted(mut self, note: impl Into<String>) -> Measure {
        self.note = note.into();
        self
    }
}

/// A group of measures, by the beginning of their names.
type Group = (&'static str, fn(&Bench) -> Result<Vec<Measure>, Box<dyn std::error::Error>>);

const GROUPS: [Group; 8] = [
    ("journal_sqlite", journal::sqlite),
    ("journal_postgres", journal::postgres),
    ("http", load::all),
    ("follow", follow::all),
    ("list", past::list),
    ("search", past::search),
    ("start", past::start),
    ("memory", past::memory),
];

/// What the groups share.
pub struct Bench {
    args: Args,
    work: PathBuf,
}

impl Bench {
    /// A fresh folder.
    fn folder(&self, name: &str) -> std::io::Result<PathBuf> {
        let folder = self.work.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// How many of something to make.
    fn many(&self, n: u64) -> u64 {
        if self.args.quick { n / 10 } else { n }
    }

    /// What is added to the note of a measure that needs a past; empty when the past is whole.
    fn note(&self) -> &'static str {
        if self.args.quick { "; quick: a tenth of the past" } else { "" }
    }
}

/// Measures.
pub fn run(args: Args, json: bool) -> Outcome {
    let work = match &args.work {
        Some(work) => work.clone(),
        None => std::env::temp_dir().join(format!("callbox-bench-{}", std::process::id())),
    };
    std::fs::create_dir_all(&work)?;
    let bench = Bench { work: work.clone(), args: args.clone() };
    let mut measures = Vec::new();
    for (name, group) in GROUPS {
        let wanted =
            args.only.as_deref().is_none_or(|o| name.starts_with(o) || o.starts_with(name));
        if !wanted {
            continue;
        }
        say::note(&format!("measuring {name} ..."));
        measures.extend(group(&bench)?);
    }
    if let Some(only) = &args.only {
        measures.retain(|m| m.name.starts_with(only.as_str()));
    }
    if args.work.is_none() {
        std::fs::remove_dir_all(&work)?;
    }
    let met = measures.iter().all(|m| m.met != Some(false));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let value = serde_json::json!({
        "measures": measures,
        "cores": std::thread::available_parallelism().map(usize::from).unwrap_or(0),
        "load": load.trim(),
        "quick": args.quick,
    });
    say::result(json, &value, || table(&measures));
    Ok(met)
}

fn table(measures: &[Measure]) -> String {
    let figure = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.3}"));
    let mut lines = vec!["met  measure | value unit | floor | ratio | target".to_owned()];
    lines.extend(measures.iter().map(|m| {
        format!(
            "{}  {} | {} {} | {} | {} | {}{}",
            match m.met {
                Some(true) => "yes",
                Some(false) => "NO ",
                None => " . ",
            },
            m.name,
            figure(m.value),
            m.unit,
            figure(m.raw),
            figure(m.ratio),
            figure(m.target),
            if m.note.is_empty() { String::new() } else { format!("  ({})", m.note) },
        )
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: &str = include_str!("../../../../docs/performance.md");

    #[test]
    fn every_group_of_measures_is_published_with_what_missed_its_target_said() {
        let rows: Vec<Vec<&str>> = PUBLISHED
            .lines()
            .take_while(|line| !line.starts_with("## In the browser"))
            .filter(|line| line.starts_with("| ") && !line.starts_with("| measure"))
            .map(|line| line.split('|').map(str::trim).collect())
            .collect();
        for (group, _) in GROUPS {
            let name = group.replace('_', " ");
            let found = rows.iter().filter(|row| row[1].starts_with(&name)).count();
            assert!(found > 0, "docs/performance.md has no figure of {group}");
        }
        let missed: Vec<&str> =
            rows.iter().filter(|row| row[5] == "NO").map(|row| row[1]).collect();
        for name in missed {
            assert!(
                PUBLISHED.contains(&format!("**{name}**")),
                "it is not said why {name} is over"
            );
        }
        let met = rows.iter().filter(|row| row[5] == "yes").count();
        assert!(met > 15, "{met} figures meet their targets");
    }
}
