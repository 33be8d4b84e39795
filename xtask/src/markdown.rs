//! The parts of a Markdown text that name something.

/// A line of Markdown, and what kind of text it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'t> {
    /// Ordinary text.
    Prose(&'t str),
    /// A line of a fenced block of commands: `sh`, `bash` or `console`.
    Command(&'t str),
}

/// The lines of a text, those of fenced blocks that are not commands being left out.
pub fn lines(text: &str) -> Vec<Line<'_>> {
    let mut fence: Option<&str> = None;
    let mut found = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        match (fence, start.strip_prefix("```")) {
            (None, Some(language)) => fence = Some(language.trim()),
            (Some(_), Some(_)) => fence = None,
            (None, None) => found.push(Line::Prose(line)),
            (Some("sh" | "bash" | "console"), None) => {
                found.push(Line::Command(start.trim_start_matches("$ ")));
            }
            (Some(_), None) => {}
        }
    }
    found
}

/// The code spans of a line of prose.
pub fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|span| !span.is_empty())
}

/// Where the links of a line of prose lead.
pub fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|after| after.split([')', ' ']).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_kept_and_output_is_not() {
        let text = "a `b` c\n```sh\n$ ./run\n```\n```text\n`gone`\n```\n[x](y.md#z) `d`";
        let kept = lines(text);
        assert_eq!(
            kept,
            [Line::Prose("a `b` c"), Line::Command("./run"), Line::Prose("[x](y.md#z) `d`")]
        );
        assert_eq!(code_spans("a `b` c `d e`").collect::<Vec<_>>(), ["b", "d e"]);
        assert_eq!(links("[x](y.md#z) and ![i](k.png)").collect::<Vec<_>>(), ["y.md#z", "k.png"]);
    }
}
