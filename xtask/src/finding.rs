//! What a check found.

use std::fmt;

/// One thing that is wrong: the file, and a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, from the root.
    pub file: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Finding {
    /// A finding in a file.
    pub fn new(file: impl Into<String>, sentence: impl Into<String>) -> Finding {
        Finding { file: file.into(), sentence: sentence.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.sentence)
    }
}
