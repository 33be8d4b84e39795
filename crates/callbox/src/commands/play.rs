//! `callbox play`: scenarios, and what Callbox must do in them.

use crate::place::DEFAULT_POLICY;
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use serde::Serialize;
use sim::script::{self, Difference, Played, Script};
use std::path::{Path, PathBuf};

/// Which scenarios.
#[derive(ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The scenarios, in the order in which they are played.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print everything that was watched, and each rule with its sentence and its source.
    #[arg(long)]
    explain: bool,
    /// Print each scenario with what happened written into it, to be read before it is kept.
    #[arg(long, conflicts_with = "explain")]
    golden: bool,
}

const EXAMPLES: &str = "Examples:
  callbox play scenarios/*.callbox
  callbox play scenarios/case-09-as-it-happened.callbox --explain
  callbox play our-case.callbox --golden > our-case.reviewed.callbox";

/// What came of a scenario.
#[derive(Serialize)]
struct Told {
    file: String,
    title: String,
    passed: bool,
    differences: Vec<Difference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<String>,
}

#[derive(Serialize)]
struct Report {
    scenarios: Vec<Told>,
}

/// Plays every scenario. What was asked holds if none has a difference.
pub fn run(args: Args, json: bool) -> Outcome {
    let bar = say::progress("playing");
    bar.set_length(u64::try_from(args.files.len()).unwrap_or(0));
    let mut scenarios = Vec::new();
    for (n, file) in args.files.iter().enumerate() {
        let (script, played) = one(file, n)?;
        if args.golden {
            say::ready(&script::golden(&script, &played));
        }
        scenarios.push(Told {
            file: file.display().to_string(),
            title: script.title.clone(),
            passed: played.passed(),
            explained: args.explain.then(|| script::explain(&script, &played)),
            differences: played.differences,
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    let passed = scenarios.iter().all(|told| told.passed);
    let report = Report { scenarios };
    if !args.golden {
        say::result(json, &report, || text(&report));
    }
    Ok(passed)
}

fn one(file: &Path, n: usize) -> Result<(Script, Played), Box<dyn std::error::Error>> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|e| format!("the scenario {name} cannot be read: {e}"))?;
    let script = script::parse(&name, &text, DEFAULT_POLICY)?;
    let folder = std::env::temp_dir().join(format!("callbox-play-{}-{n}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let played = script::play(&script, &folder);
    std::fs::remove_dir_all(&folder)?;
    Ok((script, played?))
}

fn text(report: &Report) -> String {
    let mut lines = Vec::new();
    for told in &report.scenarios {
        if let Some(explained) = &told.explained {
            lines.push(explained.clone());
        }
        let n = told.differences.len();
        let how = if told.passed { "as expected".to_owned() } else { format!("{n} difference(s)") };
        lines.push(format!("{}: {how}", told.file));
        for d in &told.differences {
            lines.push(format!("  line {}: expected {}", d.line, d.expected));
            lines.push(format!("    got {}", d.got));
        }
    }
    let passed = report.scenarios.iter().filter(|told| told.passed).count();
    lines.push(format!("{passed} of {} as expected", report.scenarios.len()));
    lines.join("\n")
}
