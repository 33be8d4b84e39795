//! What exists: the things a document may name.

use crate::rust_text::{blank, functions, has_word};
use crate::tree::Tree;
use std::collections::BTreeSet;

/// Everything a document may name.
pub struct Known<'t> {
    /// The files.
    pub tree: &'t Tree,
    words: BTreeSet<&'t str>,
    tests: BTreeSet<String>,
    route_strings: BTreeSet<String>,
    commands: BTreeSet<String>,
    policy: toml::Table,
    ids: BTreeSet<&'t str>,
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl<'t> Known<'t> {
    /// Gathers it.
    pub fn of(tree: &'t Tree) -> Known<'t> {
        let mut words = BTreeSet::new();
        // What only a document says proves nothing; this crate's tests name what is not there.
        let counts = |path: &str| !path.ends_with(".md") && !path.starts_with("xtask/src/");
        words.extend(tree.files().flat_map(|(path, _)| path.split(['/', '.'])));
        for (_, file) in tree.files().filter(|(path, _)| counts(path)) {
            words.extend(file.text.split(|c| !is_part(c)));
            words.extend(file.text.split(|c| !(is_part(c) || c == '-')));
        }
        let mut tests = BTreeSet::new();
        for (_, text) in tree.under("", ".rs") {
            let found = functions(&blank(text).code);
            tests.extend(found.into_iter().filter(|f| f.is_test).map(|f| f.name));
        }
        let mut known = Known {
            tree,
            words,
            tests,
            route_strings: BTreeSet::new(),
            commands: BTreeSet::new(),
            policy: tree
                .text("policy/default.toml")
                .and_then(|text| text.parse().ok())
                .unwrap_or_default(),
            ids: tree
                .text("docs/requirements.tsv")
                .unwrap_or_default()
                .lines()
                .filter_map(|line| line.split('\t').next())
                .collect(),
        };
        for (_, text) in tree.under("crates/web/src/", ".rs") {
            let strings = blank(text).strings;
            known.route_strings.extend(strings.into_iter().filter(|s| s.contains('/')));
        }
        for (_, text) in tree.under("crates/callbox/src/", ".rs") {
            let blanked = blank(text);
            known.commands.extend(subcommands(&blanked.code));
            known.commands.extend(blanked.strings);
        }
        known
    }

    /// Whether a word stands in some file that is no document.
    pub fn word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether there is a test of that name.
    pub fn test(&self, name: &str) -> bool {
        self.tests.contains(name)
    }

    /// Whether the browser test has a check of that name.
    pub fn browser_check(&self, name: &str) -> bool {
        self.tree.under("browser/", ".mjs").any(|(_, text)| text.contains(&format!("'{name}'")))
    }

    /// Whether there is a requirement of that id.
    pub fn requirement(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Whether the route table has that path, which may be written with or without its prefix.
    pub fn route(&self, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let mut at = vec![path];
        at.extend(path.match_indices('/').skip(1).take(2).map(|(n, _)| &path[n..]));
        at.iter().filter(|p| p.len() > 1 || path == "/").any(|p| self.route_strings.contains(*p))
    }

    /// Whether the program has that command.
    pub fn command(&self, name: &str) -> bool {
        self.commands.contains(name)
    }

    /// Whether some program of ours takes that flag.
    pub fn flag(&self, flag: &str) -> bool {
        let flag = flag.split('=').next().unwrap_or_default();
        let field = flag.trim_start_matches('-').replace('-', "_");
        let programs = self
            .tree
            .under("crates/callbox/src/", ".rs")
            .chain(self.tree.under("crates/faults/src/", ".rs"));
        let mut scripts = self
            .tree
            .files()
            .filter(|(path, _)| ["run", "test"].contains(path) || path.starts_with("scripts/"));
        programs.into_iter().any(|(_, text)| has_word(&blank(text).code, &field))
            || scripts.any(|(_, file)| file.text.contains(flag))
            || self.word(flag.trim_start_matches('-'))
    }

    /// Whether our code says it.
    pub fn in_code(&self, text: &str) -> bool {
        self.tree.under("crates/", ".rs").any(|(_, code)| code.contains(text))
    }

    /// Whether a file of that name is somewhere.
    pub fn file_name(&self, name: &str) -> bool {
        self.tree.files().any(|(path, _)| path.rsplit('/').next() == Some(name))
    }

    /// Whether git ignores the path: something that is made, not kept.
    pub fn is_made(&self, path: &str) -> bool {
        self.tree.under("", ".gitignore").any(|(at, ignored)| {
            let folder = at.trim_end_matches(".gitignore");
            let lines = ignored.lines().map(|line| line.trim_matches('/'));
            lines.filter(|line| !line.is_empty()).any(|line| {
                let made = format!("{folder}{line}");
                path == made || path.starts_with(&format!("{made}/"))
            })
        })
    }

    /// Whether the default policy has that key, such as `alarm.flood_window`.
    pub fn policy_key(&self, key: &str) -> bool {
        let mut here: Vec<&toml::Value> = Vec::new();
        for (n, part) in key.split('.').enumerate() {
            let next: Vec<&toml::Value> = match n {
                0 => self.policy.get(part).into_iter().collect(),
                _ => {
                    here.iter().flat_map(|value| rows(value)).filter_map(|v| v.get(part)).collect()
                }
            };
            if next.is_empty() {
                return false;
            }
            here = next;
        }
        true
    }
}

/// A table by itself, or each row of an array.
fn rows(value: &toml::Value) -> Vec<&toml::Value> {
    match value {
        toml::Value::Array(rows) => rows.iter().collect(),
        other => vec![other],
    }
}

/// The commands of every enum that derives `Subcommand`, as typed on the command line.
fn subcommands(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("Subcommand") {
        let Some(body) = code[at..].find("enum ").and_then(|n| {
            let from = at + n;
            code[from..].find('{').map(|open| &code[from + open + 1..])
        }) else {
            continue;
        };
        let mut depth = 0;
        let mut at_start = true;
        for (n, c) in body.char_indices() {
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' if depth == 0 => break,
                '}' | ')' | ']' => depth -= 1,
                ',' if depth == 0 => at_start = true,
                c if depth == 0 && at_start && c.is_uppercase() => {
                    at_start = false;
                    found.push(kebab(body[n..].chars().take_while(|c| is_part(*c))));
                }
                _ => {}
            }
        }
    }
    found
}

fn kebab(name: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for c in name {
        if c.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(c.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_the_enum() {
        let code = "#[derive(Subcommand)]\nenum Command { #[command(x)] Demo(Demo), \
                    DryRun { a: u8 }, Policy { what: Policy } }";
        assert_eq!(subcommands(code), ["demo", "dry-run", "policy"]);
    }

    #[test]
    fn what_exists_is_known() {
        let tree = Tree::of(&[
            ("policy/default.toml", "[alarm]\nflood_window = 1\n[[grade]]\nlabel = \"x\"\n"),
            ("crates/web/src/routes.rs", "const A: &str = \"/incidents/{n}\";"),
            ("crates/web/src/tests.rs", "#[test]\nfn it_holds() {}\nfn not_a_test() {}"),
            ("crates/callbox/src/main.rs", "struct Serve { listen_on: u8 }"),
            (".gitignore", "/data/\nbrowser/out/\n"),
        ]);
        let known = Known::of(&tree);
        assert!(known.policy_key("alarm.flood_window") && known.policy_key("grade.label"));
        assert!(!known.policy_key("alarm.flood") && !known.policy_key("grade.rank"));
        assert!(known.route("/v1/incidents/{n}") && known.route("/incidents/{n}?a=1"));
        assert!(!known.route("/v1/units"));
        assert!(known.test("it_holds") && !known.test("not_a_test"));
        assert!(known.flag("--listen-on") && !known.flag("--listen"));
        assert!(known.is_made("browser/out/a.png") && !known.is_made("browser/a.png"));
    }
}
