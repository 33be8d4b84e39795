//! Just enough of Rust's grammar to tell code from comments and strings, and to find functions.

/// A source text taken apart; every line keeps its place.
#[derive(Debug, Default)]
pub struct Blanked {
    /// The code, comments and the insides of strings being blank.
    pub code: String,
    /// The insides of its strings.
    pub strings: Vec<String>,
}

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// How many lines, from `fn` to the closing brace.
    pub n_lines: usize,
    /// Whether a test attribute stands before it.
    pub is_test: bool,
}

struct Reader<'s> {
    rest: &'s str,
    out: Blanked,
}

impl Reader<'_> {
    /// Copies, or blanks, the next `n` bytes.
    fn take(&mut self, n: usize, keep: bool) {
        let (now, rest) = self.rest.split_at(n);
        if keep {
            self.out.code.push_str(now);
        } else {
            self.out.code.extend(now.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        self.rest = rest;
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        let mut at = 0;
        while at < self.rest.len() {
            let here = &self.rest[at..];
            if here.starts_with("/*") {
                depth += 1;
                at += 2;
            } else if here.starts_with("*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            } else {
                at += here.chars().next().map_or(1, char::len_utf8);
            }
        }
        self.take(at, false);
    }

    /// A string that opens after `open` bytes and ends with `close`.
    fn string(&mut self, open: usize, close: &str, escapes: bool) {
        self.take(open, true);
        let mut at = 0;
        while at < self.rest.len() && !self.rest[at..].starts_with(close) {
            let mut chars = self.rest[at..].chars();
            let step = chars.next().map_or(1, char::len_utf8);
            let next = chars.next().map_or(0, char::len_utf8);
            at += if escapes && self.rest[at..].starts_with('\\') { step + next } else { step };
        }
        let at = at.min(self.rest.len());
        self.out.strings.push(self.rest[..at].to_owned());
        self.take(at, false);
        self.take(close.len().min(self.rest.len()), true);
    }

    /// The hashes of a raw string that starts here, if one does.
    fn raw_string(&self) -> Option<usize> {
        let rest = self.rest.strip_prefix(['b', 'c']).unwrap_or(self.rest).strip_prefix('r')?;
        let n_hashes = rest.len() - rest.trim_start_matches('#').len();
        rest[n_hashes..].starts_with('"').then_some(n_hashes)
    }

    /// The length of a character literal that starts here; `None` for a lifetime.
    fn char_literal(&self) -> Option<usize> {
        let inside = &self.rest[1..];
        let mut chars = inside.chars();
        let first = chars.next()?;
        if first == '\\' {
            let escaped = chars.next()?.len_utf8();
            return inside[1 + escaped..].find('\'').map(|end| end + 3 + escaped);
        }
        (chars.next()? == '\'').then_some(first.len_utf8() + 2)
    }
}

/// Takes a source text apart.
pub fn blank(source: &str) -> Blanked {
    let mut r = Reader { rest: source, out: Blanked::default() };
    let mut in_word = false;
    while let Some(c) = r.rest.chars().next() {
        let word_before = std::mem::replace(&mut in_word, c.is_alphanumeric() || c == '_');
        if r.rest.starts_with("//") {
            r.take(r.rest.find('\n').unwrap_or(r.rest.len()), false);
        } else if r.rest.starts_with("/*") {
            r.block_comment();
        } else if let Some(n_hashes) = r.raw_string().filter(|_| !word_before) {
            let open = r.rest.find('"').unwrap_or(0) + 1;
            r.string(open, &format!("\"{}", "#".repeat(n_hashes)), false);
            in_word = false;
        } else if c == '"' {
            r.string(1, "\"", true);
        } else if c == '\'' && r.char_literal().is_some() {
            let n = r.char_literal().unwrap_or(1);
            r.take(n, false);
        } else {
            r.take(c.len_utf8(), true);
        }
    }
    r.out
}

/// The functions with bodies in code without comments and strings.
pub fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let word_before =
            code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let name: String =
            code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if word_before || name.is_empty() {
            continue;
        }
        let Some(end) = body_end(&code[at..]) else { continue };
        let n_lines = code[at..at + end].matches('\n').count() + 1;
        found.push(Function { name, n_lines, is_test: follows_test_attribute(&code[..at]) });
    }
    found
}

/// Where the body of the function at the start of `code` ends; `None` if it has none.
fn body_end(code: &str) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' if curly == 0 => round += 1,
            ')' | ']' if curly == 0 => round -= 1,
            ';' if curly == 0 && round == 0 => return None,
            '{' => curly += 1,
            '}' => curly -= 1,
            _ => continue,
        }
        if c == '}' && curly <= 0 {
            return Some(at + 1);
        }
    }
    None
}

fn follows_test_attribute(before: &str) -> bool {
    let since = before.rfind(['}', ';', '{']).map_or(0, |at| at + 1);
    let attributes = &before[since..];
    ["test]", "test("].iter().any(|mark| attributes.contains(mark))
}

/// Code without its modules of unit tests.
pub fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        let tests = &rest[at..];
        let end = body_end(tests).unwrap_or_else(|| tests.find(';').map_or(tests.len(), |n| n + 1));
        rest = &tests[end..];
    }
    kept.push_str(rest);
    kept
}

/// Whether a word stands in a text, by itself.
pub fn has_word(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_not_code() {
        let blanked = blank(concat!(
            "let a = \"tokio \\\" x\"; // rusqlite\n",
            "let b = r#\"std::env \"q\" \"#; /* a /* b */ fn c() {} */ let d = '\"';\n",
            "fn e<'a>(x: &'a str) -> char { '\\'' }"
        ));
        assert_eq!(blanked.code.lines().count(), 3);
        for gone in ["tokio", "rusqlite", "std::env", "fn c"] {
            assert!(!blanked.code.contains(gone), "{gone}: {}", blanked.code);
        }
        assert_eq!(blanked.strings, ["tokio \\\" x", "std::env \"q\" "]);
        assert!(blanked.code.contains("let d ="), "{}", blanked.code);
        assert!(blanked.code.contains("fn e<'a>(x: &'a str) -> char {"), "{}", blanked.code);
    }

    #[test]
    fn functions_are_found_with_their_lengths() {
        let code = "#[test]\nfn one() {\n    x();\n}\ntrait T { fn none(&self, a: [u8; 2]); }\n\
                    fn two(f: fn(u8) -> u8) -> [u8; 2] { if a { b } else { c } }\n";
        let found: Vec<_> =
            functions(code).into_iter().map(|f| (f.name, f.n_lines, f.is_test)).collect();
        assert_eq!(found, [("one".to_owned(), 3, true), ("two".to_owned(), 1, false)]);
    }

    #[test]
    fn unit_tests_can_be_left_out() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        assert_eq!(without_tests(code), "fn a() {}\n\nfn c() {}\n");
    }

    #[test]
    fn a_word_stands_by_itself() {
        assert!(has_word("use tokio::x", "tokio"));
        assert!(!has_word("use tokio_postgres", "tokio"));
    }
}
