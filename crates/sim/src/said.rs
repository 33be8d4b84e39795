//! Text out of files and templates as the room wants it: never empty, never too long.

use rules::name::{Reason, StaffId, Words};

/// Words for the log.
pub fn words(text: &str) -> Words {
    let clean = clean(text, 8_000);
    Words::parse(&clean).expect("cleaned text has no control characters and a fitting length")
}

/// A reason.
pub fn reason(text: &str) -> Reason {
    let clean = clean(text, 2_000);
    Reason::parse(&clean).expect("cleaned text has no control characters and a fitting length")
}

/// A staff name for somebody whose own is none.
pub fn nobody() -> StaffId {
    StaffId::parse("crew").expect("a constant that meets its own conditions")
}

fn clean(text: &str, longest: usize) -> String {
    let clean: String = text.trim().chars().filter(|c| !c.is_control()).take(longest).collect();
    if clean.trim().is_empty() { "not given".to_owned() } else { clean }
}
