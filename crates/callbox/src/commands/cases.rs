//! `callbox cases`: what happened in each case, and what Callbox does.

use crate::place::DEFAULT_POLICY;
use crate::say::{self, Outcome};
use clap::Args as ClapArgs;
use serde::Serialize;
use sim::script::{Case, cases};

/// Which cases.
#[derive(ClapArgs)]
pub struct Args {}

#[derive(Serialize)]
struct Report {
    cases: Vec<Case>,
}

/// Prints the table, out of the scenarios that `callbox play` proves.
pub fn run(_: Args, json: bool) -> Outcome {
    let report = Report { cases: cases(DEFAULT_POLICY)? };
    say::result(json, &report, || text(&report.cases));
    Ok(true)
}

fn text(cases: &[Case]) -> String {
    let mut lines = Vec::new();
    for case in cases {
        lines.push(case.title.clone());
        lines.push(format!("  then: {}", case.then));
        lines.push(format!("  until somebody acted, then: {}", case.took));
        lines.push(format!("  now: {}", case.now));
        let of = |guard: &sim::script::Guard| format!("  {:>18}  {}", guard.after, guard.does);
        lines.extend(case.guards.iter().map(of));
        lines.push(String::new());
    }
    lines.join("\n").trim_end().to_owned()
}
