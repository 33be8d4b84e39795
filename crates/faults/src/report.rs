//! What each part of the suite found, as one line of JSON.

use serde::Serialize;
use std::time::Instant;

/// One row of the scorecard.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The test, as `R1`.
    pub id: &'static str,
    /// The promises it tries, as `P1 P2`.
    pub promise: &'static str,
    /// What is wanted.
    pub target: &'static str,
    /// What was found.
    pub value: u64,
    /// Of what.
    pub unit: &'static str,
    /// How often it was tried.
    pub trials: u64,
    /// How often it went wrong.
    pub failures: u64,
    /// What repeats it.
    pub seed: u64,
    /// How it was called.
    pub command: String,
    /// What it said on the way.
    pub log: Vec<String>,
    /// How long it took.
    pub seconds: f64,
    /// `pass`, `fail` or `not_run`.
    pub verdict: &'static str,
    /// Counts of its own.
    pub counts: serde_json::Value,
    #[serde(skip)]
    started: Option<Instant>,
}

impl Row {
    /// A row about to be filled.
    pub fn new(
        id: &'static str,
        promise: &'static str,
        target: &'static str,
        unit: &'static str,
        seed: u64,
    ) -> Row {
        let command: Vec<String> = std::env::args().collect();
        Row {
            id,
            promise,
            target,
            value: 0,
            unit,
            trials: 0,
            failures: 0,
            seed,
            command: command.join(" "),
            log: Vec::new(),
            seconds: 0.0,
            verdict: "not_run",
            counts: serde_json::Value::Null,
            started: Some(Instant::now()),
        }
    }

    /// One more trial, with everything that was wrong in it.
    pub fn trial(&mut self, name: &str, wrong: &[String]) {
        self.trials += 1;
        if wrong.is_empty() {
            return;
        }
        self.failures += 1;
        self.value += wrong.len() as u64;
        for what in wrong.iter().take(3) {
            progress(&format!("{} {name}: {what}", self.id));
        }
        for what in wrong.iter().take(10) {
            self.log.push(format!("{name}: {what}"));
        }
    }

    /// The row at the end: trials that were not made are no success.
    #[must_use]
    pub fn finished(mut self, counts: serde_json::Value) -> Row {
        self.counts = counts;
        self.seconds = self.started.map_or(0.0, |at| at.elapsed().as_secs_f64());
        self.verdict = match (self.trials, self.failures) {
            (0, _) => "not_run",
            (_, 0) => "pass",
            _ => "fail",
        };
        self
    }

    /// Whether it was run and nothing was wrong.
    pub fn passed(&self) -> bool {
        self.verdict == "pass"
    }

    /// One line of JSON.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|e| format!("{{\"unwritable\":\"{e}\"}}"))
    }
}

/// Tells somebody who waits how far it is; not part of the result.
pub fn progress(text: &str) {
    eprintln!("{text}");
}
