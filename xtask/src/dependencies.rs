//! The dependency table of ARCHITECTURE.md against the manifests and the code.

use crate::finding::Finding;
use crate::markdown;
use crate::rust_text::{Blanked, blank, has_word, without_tests};
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = "ARCHITECTURE.md";

/// The part of the table's last column that a text can show: what stands in the code of a crate.
struct Never {
    krate: &'static str,
    /// Crates of others it may not depend on.
    crates: &'static [&'static str],
    /// Words that may not stand in its code.
    code: &'static [&'static str],
    /// Words that may not stand anywhere in its files, comments included.
    anywhere: &'static [&'static str],
    /// Whether its strings may hold SQL.
    sql: bool,
}

const NEVER: &[Never] = &[
    Never {
        krate: "rules",
        crates: &[
            "tokio",
            "rusqlite",
            "postgres",
            "tokio-postgres",
            "axum",
            "http",
            "reqwest",
            "jiff",
            "getrandom",
            "rand",
            "uuid",
            "maud",
        ],
        code: &[
            "SystemTime",
            "std::env",
            "std::fs",
            "std::io",
            "std::net",
            "std::process",
            "std::thread",
            "std::time",
            "async",
            "tokio",
            "rusqlite",
            "getrandom",
        ],
        anywhere: &[],
        sql: false,
    },
    Never {
        krate: "journal",
        crates: &["axum", "http", "reqwest", "maud"],
        code: &[],
        anywhere: &[
            "incident",
            "incidents",
            "informant",
            "dispatcher",
            "dispatch",
            "THRIVE",
            "officer",
            "officers",
            "obligation",
            "obligations",
            "handover",
            "call_sign",
            "grade",
        ],
        sql: true,
    },
    Never {
        krate: "room",
        crates: &["axum", "http", "reqwest", "maud", "tower-http"],
        code: &["axum", "maud", "reqwest"],
        anywhere: &[],
        sql: true,
    },
    Never {
        krate: "channels",
        crates: &["maud"],
        code: &["rules::decide"],
        anywhere: &[],
        sql: true,
    },
    Never {
        krate: "web",
        crates: &["rusqlite", "postgres", "tokio-postgres"],
        code: &["rusqlite", "tokio_postgres", "rules::decide", "SystemTime"],
        anywhere: &[],
        sql: false,
    },
    Never { krate: "sim", crates: &[], code: &["rules::decide"], anywhere: &[], sql: false },
];

/// Every dependency of ours is in the table; every "never" that can be seen is not.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let table = match read_table(tree.text(TABLE).unwrap_or_default()) {
        Ok(table) => table,
        Err(sentence) => return vec![Finding::new(TABLE, sentence)],
    };
    let manifests: BTreeMap<&str, &str> = tree
        .under("crates/", "/Cargo.toml")
        .filter_map(|(path, text)| Some((path.split('/').nth(1)?, text)))
        .collect();
    let mut findings = rows_and_crates(&table, &manifests);
    for (krate, manifest) in &manifests {
        let never = NEVER.iter().find(|never| never.krate == *krate);
        findings.extend(manifest_of(krate, manifest, table.get(*krate), &manifests, never));
        if let Some(never) = never {
            findings.extend(code_of(tree, never));
        }
    }
    findings
}

/// Which crates of ours each may use; `all` stands for every one.
fn read_table(text: &str) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let wrong = || {
        "has no table that starts with '| crate | may use | never |': the dependency check reads \
         it, put it back"
            .to_owned()
    };
    let mut lines = text.lines().skip_while(|line| !line.starts_with("| crate | may use |"));
    lines.next().ok_or_else(wrong)?;
    let mut table = BTreeMap::new();
    for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let [krate, may_use, ..] = cells.as_slice() else { return Err(wrong()) };
        let mut uses: BTreeSet<String> = markdown::code_spans(may_use).map(str::to_owned).collect();
        if may_use.trim() == "all" {
            uses.insert("all".to_owned());
        }
        let krate = krate.trim().trim_matches('`').to_owned();
        table.insert(krate, uses);
    }
    if table.is_empty() { Err(wrong()) } else { Ok(table) }
}

fn rows_and_crates(
    table: &BTreeMap<String, BTreeSet<String>>,
    manifests: &BTreeMap<&str, &str>,
) -> Vec<Finding> {
    let without_row = manifests.keys().filter(|krate| !table.contains_key(**krate)).map(|krate| {
        Finding::new(TABLE, format!("the dependency table has no row for `{krate}`: add one"))
    });
    let without_crate =
        table.keys().filter(|krate| !manifests.contains_key(krate.as_str())).map(|krate| {
            let sentence = format!(
                "the dependency table has a row for `{krate}`, which is no crate: remove it"
            );
            Finding::new(TABLE, sentence)
        });
    without_row.chain(without_crate).collect()
}

fn manifest_of(
    krate: &str,
    manifest: &str,
    may_use: Option<&BTreeSet<String>>,
    ours: &BTreeMap<&str, &str>,
    never: Option<&Never>,
) -> Vec<Finding> {
    let file = format!("crates/{krate}/Cargo.toml");
    let manifest: toml::Table = match manifest.parse() {
        Ok(manifest) => manifest,
        Err(e) => return vec![Finding::new(file, format!("is not TOML: {}", e.message()))],
    };
    let mut findings = Vec::new();
    // Tests may use any crate: what they need does not reach the binary.
    for section in ["dependencies", "build-dependencies"] {
        let Some(toml::Value::Table(uses)) = manifest.get(section) else { continue };
        for used in uses.keys() {
            let listed = may_use.is_none_or(|may| may.contains("all") || may.contains(used));
            if ours.contains_key(used.as_str()) && !listed {
                let sentence = format!(
                    "`{krate}` uses `{used}`, which the table in {TABLE} does not allow: remove the \
                     dependency, or decide otherwise in docs/decisions and change the table"
                );
                findings.push(Finding::new(&file, sentence));
            }
            if never.is_some_and(|never| never.crates.contains(&used.as_str())) {
                let sentence = format!(
                    "`{krate}` may never use `{used}` ({TABLE}): move that work to the crate whose it is"
                );
                findings.push(Finding::new(&file, sentence));
            }
        }
    }
    findings
}

fn code_of(tree: &Tree, never: &Never) -> Vec<Finding> {
    let folder = format!("crates/{}/src/", never.krate);
    let mut findings = Vec::new();
    for (path, text) in tree.under(&folder, ".rs") {
        let Blanked { code, strings } = blank(text);
        let code = without_tests(&code);
        for word in never.code.iter().filter(|word| has_word(&code, word)) {
            let sentence =
                format!("`{}` may never use `{word}` ({TABLE}): take it out", never.krate);
            findings.push(Finding::new(path, sentence));
        }
        let lower = text.to_lowercase();
        for word in never.anywhere.iter().filter(|word| has_word(&lower, &word.to_lowercase())) {
            let sentence = format!(
                "says '{word}', and `{}` knows no police words ({TABLE}): say it without",
                never.krate
            );
            findings.push(Finding::new(path, sentence));
        }
        if !never.sql && strings.iter().any(|s| is_sql(s)) {
            let sentence =
                format!("holds SQL, and `{}` may not ({TABLE}): ask the room instead", never.krate);
            findings.push(Finding::new(path, sentence));
        }
    }
    findings
}

/// Whether a string looks like a statement of SQL, which we write in capitals.
fn is_sql(text: &str) -> bool {
    [("SELECT ", " FROM "), ("INSERT ", " INTO "), ("UPDATE ", " SET "), ("DELETE ", "FROM ")]
        .iter()
        .any(|(verb, then)| text.find(verb).is_some_and(|at| text[at..].contains(then)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE_TEXT: &str = "# A\n\n| crate | may use | never |\n|---|---|---|\n\
        | `rules` | nothing of ours | IO |\n| `journal` | nothing of ours | police words |\n\
        | `web` | `rules` | SQL |\n| `callbox` | all | logic |\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let mut all = vec![
            ("ARCHITECTURE.md", TABLE_TEXT),
            ("crates/rules/Cargo.toml", "[dependencies]\nserde = \"1\"\n"),
            ("crates/journal/Cargo.toml", "[dependencies]\nrusqlite = \"1\"\n"),
            ("crates/web/Cargo.toml", "[dependencies]\nrules.workspace = true\n"),
            ("crates/callbox/Cargo.toml", "[dependencies]\nweb = \"1\"\njournal = \"1\"\n"),
        ];
        all.extend(files);
        check(&Tree::of(&all)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_tree_as_the_table_says_has_no_findings() {
        let tests_may = "[dependencies]\nrules = \"1\"\n[dev-dependencies]\njournal = \"1\"\n";
        assert_eq!(found(&[("crates/web/Cargo.toml", tests_may)]), [""; 0]);
    }

    #[test]
    fn each_planted_dependency_is_found() {
        let table = [
            ("crates/web/Cargo.toml", "[dependencies]\njournal = \"1\"", "`web` uses `journal`"),
            ("crates/web/Cargo.toml", "[dependencies]\nrusqlite = \"1\"", "never use `rusqlite`"),
            ("crates/rules/Cargo.toml", "[dependencies]\ntokio = \"1\"", "never use `tokio`"),
            ("crates/new/Cargo.toml", "[dependencies]", "no row for `new`"),
            ("crates/web/Cargo.toml", "[dependencies", "is not TOML"),
            ("ARCHITECTURE.md", "| crate | uses |", "has no table"),
        ];
        for (file, text, finding) in table {
            let found = found(&[(file, text)]);
            assert!(found.len() == 1 && found[0].contains(finding), "{file} {text}: {found:?}");
        }
    }

    #[test]
    fn each_planted_never_is_found() {
        let table = [
            ("crates/rules/src/a.rs", "use std::time::SystemTime;", "`SystemTime`"),
            ("crates/rules/src/a.rs", "fn a() { std::env::var(x) }", "`std::env`"),
            ("crates/journal/src/a.rs", "// the Incident's records", "no police words"),
            ("crates/web/src/a.rs", "const A: &str = \"SELECT a FROM b\";", "holds SQL"),
        ];
        for (file, text, finding) in table {
            let found = found(&[(file, text)]);
            assert!(found.iter().any(|f| f.contains(finding)), "{file} {text}: {found:?}");
        }
        let innocent = "// std::env is not used\n#[cfg(test)]\nmod tests { use std::env; }";
        assert_eq!(found(&[("crates/rules/src/a.rs", innocent)]), [""; 0]);
    }
}
