//! `callbox policy check`: contradictions in a policy.

use crate::place::policy_text;
use crate::say::{self, Outcome};
use clap::{Args as ClapArgs, Subcommand};
use rules::policy::{Policy, check};
use serde_json::json;
use std::path::PathBuf;

/// What to do with a policy.
#[derive(ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Find contradictions: a ladder to a desk nobody holds, a code without SOP, a target that
    /// shrinks up the grades.
    Check {
        /// The policy file; the default force if none is given.
        file: Option<PathBuf>,
    },
    /// Print the rules and their values as a table in Markdown.
    Rules {
        /// The policy file; the default force if none is given.
        file: Option<PathBuf>,
    },
}

/// Checks or prints.
pub fn run(args: Args, json_wanted: bool) -> Outcome {
    match args.what {
        What::Check { file } => {
            let policy = Policy::parse(&policy_text(file.as_deref())?)?;
            let found = check(&policy);
            let rows: Vec<_> =
                found.iter().map(|c| json!({"key": c.key, "sentence": c.sentence})).collect();
            let value = json!({ "version": policy.about.version, "contradictions": rows });
            say::result(json_wanted, &value, || match found.as_slice() {
                [] => format!("policy {} holds together", policy.about.version),
                found => found
                    .iter()
                    .map(|c| format!("{}: {}", c.key, c.sentence))
                    .collect::<Vec<_>>()
                    .join("\n"),
            });
            Ok(found.is_empty())
        }
        What::Rules { file } => {
            let policy = Policy::parse(&policy_text(file.as_deref())?)?;
            let table = rules::docs::rules_markdown(&policy);
            say::result(json_wanted, &json!({ "markdown": table }), || table.clone());
            Ok(true)
        }
    }
}
