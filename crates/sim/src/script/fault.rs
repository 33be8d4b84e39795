//! What is wrong with a script, as one sentence with its line.

use std::fmt;

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {sentence}")]
pub struct ScriptFault {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// One sentence that says what to put right.
    pub sentence: String,
}

/// A sentence about something in a line, whose place is known to whoever reads the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

impl Wrong {
    /// From a sentence.
    pub fn new(sentence: impl Into<String>) -> Wrong {
        Wrong(sentence.into())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(sentence: T) -> Wrong {
        Wrong(sentence.to_string())
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Wrong {
        Wrong(super::words::unknown("field", field, expected.iter().copied()))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Wrong {
        Wrong(super::words::unknown("choice here", variant, expected.iter().copied()))
    }

    fn missing_field(field: &'static str) -> Wrong {
        Wrong(format!("'{field}' is missing: add {field}=…"))
    }
}
