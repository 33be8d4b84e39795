//! Checks that keep documents, dependency directions and requirements true.
//!
//! `cargo run -p xtask -- check` looks at every file git tracks or would track, and prints one
//! sentence for each thing that is wrong. Exit status 0 means that nothing is.

mod dependencies;
mod documents;
mod finding;
mod known;
mod lengths;
mod markdown;
mod requirements;
mod rust_text;
mod tree;

use finding::Finding;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tree::Tree;

/// One check: what it is called, and what it finds.
type Check = (&'static str, fn(&Tree) -> Vec<Finding>);

/// Every check there is.
const CHECKS: &[Check] = &[
    ("dependencies", dependencies::check),
    ("documents", documents::check),
    ("requirements", requirements::check),
    ("lengths", lengths::check),
];

const USAGE: &str = "\
usage: cargo run -p xtask -- check [NAME...]

Checks that documents, dependency directions and requirements are true.
Without a NAME all of: dependencies, documents, requirements, lengths.

    cargo run -p xtask -- check
    cargo run -p xtask -- check documents
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((first, names)) = arguments.split_first() else { return usage() };
    let known = |name: &String| CHECKS.iter().any(|(check, _)| check == name);
    if first != "check" || !names.iter().all(known) {
        return usage();
    }
    match Tree::read(&root()) {
        Ok(tree) => report(&tree, names),
        Err(sentence) => {
            say(&sentence);
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    say(USAGE);
    ExitCode::from(2)
}

/// The workspace's folder: the one this crate lies in.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn report(tree: &Tree, names: &[String]) -> ExitCode {
    let mut n_wrong = 0;
    for (name, check) in CHECKS {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        let findings = check(tree);
        for finding in &findings {
            say(&finding.to_string());
        }
        n_wrong += findings.len();
        say(&format!("{name}: {}", counted(findings.len())));
    }
    if n_wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn counted(n: usize) -> String {
    match n {
        0 => "nothing wrong".to_owned(),
        1 => "1 thing to put right".to_owned(),
        n => format!("{n} things to put right"),
    }
}

/// A closed pipe is not worth a panic: the exit status still says what was found.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
}
