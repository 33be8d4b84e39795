//! How long functions, files and lines may be, what files may be called, how large they may be.
//!
//! A ratchet: a function that is one flat list, and clearer whole, stands in `allowed.tsv` with its
//! length and a reason. It may shrink, not grow.

use crate::finding::Finding;
use crate::rust_text::{blank, functions};
use crate::tree::Tree;

/// Lines of a function in the rules, and elsewhere.
const FUNCTION_MAX: (usize, usize) = (40, 70);
/// Lines of a file.
const FILE_MAX: usize = 800;
/// Characters of a line.
const LINE_MAX: usize = 100;
/// Bytes of a tracked file.
const BYTES_MAX: u64 = 1_500_000;

/// The functions that may be longer.
const ALLOWED: &str = "xtask/allowed.tsv";

/// Names that say nothing of what is inside.
const BANNED: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "misc", "types", "manager", "service",
    "handler",
];

/// Everything about sizes and names.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut allowed = Allowed::read(tree);
    for (path, file) in tree.files() {
        if file.bytes > BYTES_MAX {
            let sentence = format!(
                "has {} bytes, {BYTES_MAX} is the most: keep it out of the repository",
                file.bytes
            );
            findings.push(Finding::new(path, sentence));
        }
        findings.extend(name_of(path));
        let code = [".rs", ".mjs", ".js", ".css"].iter().any(|ending| path.ends_with(ending));
        if code {
            findings.extend(lines_of(path, &file.text));
        }
        if path.ends_with(".rs") {
            findings.extend(functions_of(path, &file.text, &mut allowed));
        }
    }
    findings.extend(allowed.unused());
    findings
}

/// The rows of the ratchet that no function has used yet.
struct Allowed<'t> {
    rows: Vec<(&'t str, &'t str, usize)>,
}

impl<'t> Allowed<'t> {
    fn read(tree: &'t Tree) -> Allowed<'t> {
        let text = tree.text(ALLOWED).unwrap_or_default();
        let row = |line: &'t str| match line.split('\t').collect::<Vec<_>>().as_slice() {
            &[path, name, n, reason] if !reason.is_empty() => Some((path, name, n.parse().ok()?)),
            _ => None,
        };
        Allowed { rows: text.lines().skip(1).filter_map(row).collect() }
    }

    /// The length a function may have, its row being used up.
    fn take(&mut self, path: &str, name: &str) -> Option<usize> {
        let at = self.rows.iter().position(|row| row.0 == path && row.1 == name)?;
        Some(self.rows.swap_remove(at).2)
    }

    fn unused(self) -> Vec<Finding> {
        let sentence =
            |(path, name, _)| format!("`{name}` in {path} is short enough now: remove its row");
        self.rows.into_iter().map(|row| Finding::new(ALLOWED, sentence(row))).collect()
    }
}

fn name_of(path: &str) -> Vec<Finding> {
    let stem = |part: &str| part.split('.').next().unwrap_or_default().to_lowercase();
    path.split('/')
        .filter(|part| BANNED.contains(&stem(part).as_str()))
        .map(|part| {
            let sentence =
                format!("'{part}' says nothing of what is inside: name it by its subject");
            Finding::new(path, sentence)
        })
        .collect()
}

fn lines_of(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let n_lines = text.lines().count();
    if n_lines > FILE_MAX {
        let sentence = format!("has {n_lines} lines, {FILE_MAX} is the most: divide it by subject");
        findings.push(Finding::new(path, sentence));
    }
    let code = if path.ends_with(".rs") { blank(text).code } else { text.to_owned() };
    for (line, code) in text.lines().zip(code.lines()) {
        if is_too_long(line, code) {
            let start: String = line.trim().chars().take(40).collect();
            let sentence =
                format!("a line is longer than {LINE_MAX} characters: break the one at '{start}'");
            findings.push(Finding::new(path, sentence));
        }
    }
    findings
}

/// A line that is long only because of a string may stay: breaking a sentence helps nobody.
fn is_too_long(line: &str, code: &str) -> bool {
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let words: usize = code.split_whitespace().map(|word| word.chars().count() + 1).sum();
    let is_comment = line.trim_start().starts_with("//");
    line.chars().count() > LINE_MAX && (is_comment || indent + words > LINE_MAX + 1)
}

fn functions_of(path: &str, text: &str, allowed: &mut Allowed<'_>) -> Vec<Finding> {
    let max = if path.starts_with("crates/rules/src/") { FUNCTION_MAX.0 } else { FUNCTION_MAX.1 };
    functions(&blank(text).code)
        .into_iter()
        .filter(|function| function.n_lines > max)
        .filter_map(|f| {
            let (name, n) = (f.name, f.n_lines);
            let max = allowed.take(path, &name).unwrap_or(max);
            let sentence = format!("`{name}` has {n} lines, {max} is the most here: divide it");
            (n > max).then(|| Finding::new(path, sentence))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    fn function(n_lines: usize) -> String {
        format!("fn a() {{\n{}}}\n", "    b();\n".repeat(n_lines - 2))
    }

    #[test]
    fn each_limit_holds_to_the_line() {
        let long = |n: usize| format!("const A: u8 = {};\n", "1".repeat(n - 15));
        let table = [
            ("crates/rules/src/a.rs", function(40), None),
            ("crates/rules/src/a.rs", function(41), Some("`a` has 41 lines")),
            ("crates/room/src/a.rs", function(70), None),
            ("crates/room/src/a.rs", function(71), Some("`a` has 71 lines")),
            ("crates/room/src/a.rs", "//\n".repeat(800), None),
            ("crates/room/src/a.rs", "//\n".repeat(801), Some("has 801 lines")),
            ("crates/room/src/a.rs", long(100), None),
            ("crates/room/src/a.rs", long(101), Some("longer than 100")),
            ("crates/room/src/a.rs", format!("const A: &str = \"{}\";", "x".repeat(200)), None),
            ("crates/room/src/a.rs", format!("a(\"\n{}\n\");", "x".repeat(200)), None),
            ("crates/room/src/a.rs", format!("// {}", "x".repeat(98)), Some("longer than 100")),
            ("docs/a.md", "x".repeat(101), None),
            ("docs/a.md", "x".repeat(1_500_001), Some("1500000 is the most")),
            ("crates/room/src/utils.rs", String::new(), Some("'utils.rs' says nothing")),
            ("crates/web/src/common/a.rs", String::new(), Some("'common' says nothing")),
            ("crates/rules/src/call_handler.rs", String::new(), None),
        ];
        for (path, text, finding) in table {
            let found = found(path, &text);
            match finding {
                None => assert_eq!(found, [""; 0], "{path}"),
                Some(part) => {
                    assert!(found.len() == 1 && found[0].contains(part), "{path}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn an_allowed_function_may_shrink_and_not_grow() {
        let path = "crates/room/src/a.rs";
        let row = "path\tfunction\tlines\twhy\ncrates/room/src/a.rs\ta\t80\tone list\n";
        for (n_lines, finding) in
            [(80, None), (75, None), (81, Some("80 is the most")), (70, Some("remove its row"))]
        {
            let found = check(&Tree::of(&[(path, &function(n_lines)), (ALLOWED, row)]));
            match finding {
                None => assert_eq!(found, []),
                Some(part) => assert!(found[0].sentence.contains(part), "{found:?}"),
            }
        }
    }
}
