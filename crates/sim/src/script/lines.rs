//! A file as its lines, each with those that continue it.

/// A line, with the lines that continue it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// How many lines of the file it takes.
    pub n_lines: usize,
    /// Whether it is set in from the margin.
    pub indented: bool,
    /// What it says.
    pub text: String,
}

/// The title, and every line that says something. A line that is set in continues the one before,
/// unless it says what must be or stands under `people:` or `units:`.
pub fn lines(text: &str) -> (Option<String>, Vec<Line>) {
    let mut title = None;
    let mut lines: Vec<Line> = Vec::new();
    let mut is_list = false;
    for (at, whole) in text.lines().enumerate() {
        let said = whole.trim();
        if let Some(comment) = said.strip_prefix('#') {
            title = title.or_else(|| Some(comment.trim_start_matches('#').trim().to_owned()));
            continue;
        }
        if said.is_empty() {
            continue;
        }
        let indented = whole.starts_with(char::is_whitespace);
        is_list = if indented { is_list } else { matches!(said, "people:" | "units:") };
        match lines.last_mut() {
            Some(before) if indented && !is_list && !said.starts_with("->") => {
                before.text = format!("{} {said}", before.text);
                before.n_lines = at + 2 - before.number;
            }
            _ => lines.push(Line { number: at + 1, n_lines: 1, indented, text: said.to_owned() }),
        }
    }
    (title, lines)
}
