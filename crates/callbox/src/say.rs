//! What the commands print: text for people, or exactly one JSON object.

use serde::Serialize;
use std::io::Write;

/// The result of a command: whether what was asked holds, or a sentence why it could not be done.
pub type Outcome = Result<bool, Box<dyn std::error::Error>>;

/// Writes a line. Whoever has stopped reading (`| head -1`) is no reason to stop, nor to complain.
fn put(mut to: impl Write, line: &str) {
    let _ = writeln!(to, "{line}").and_then(|()| to.flush());
}

fn out(line: &str) {
    put(std::io::stdout().lock(), line);
}

/// Prints the result: as one JSON object, or as text.
pub fn result<T: Serialize>(json: bool, value: &T, text: impl FnOnce() -> String) {
    if json {
        match serde_json::to_string(value) {
            Ok(line) => out(&line),
            Err(error) => note(&format!("callbox: the result cannot be written as JSON: {error}")),
        }
    } else {
        out(&text());
    }
}

/// Prints a line for people, on standard error so that it never mixes with JSON.
pub fn note(line: &str) {
    put(std::io::stderr().lock(), line);
}

/// Prints why a command could not be carried out.
pub fn fault(json: bool, sentence: &str) {
    if json {
        out(&serde_json::json!({ "error": sentence }).to_string());
    }
    note(&format!("callbox: {sentence}"));
}

/// A progress bar for long work, on standard error, silent where nobody watches.
pub fn progress(what: &'static str) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(0);
    let form = "{msg} {bar:30} {pos}/{len} {elapsed}";
    if let Ok(style) = indicatif::ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

/// Prints the one line that says that a server is ready, at once.
pub fn ready(line: &str) {
    out(line);
}
