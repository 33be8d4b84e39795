//! `docs/rules.md` is what the rules and the policy say, `docs/command-line.md` what the grammar
//! says, and each rule's test exists.

use crate::world::policy;
use rules::docs::rules_markdown;
use rules::obligation::Rule;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_document_of_the_rules_is_up_to_date() {
    let file = root().join("docs/rules.md");
    let text = rules_markdown(&policy());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &text).expect("docs/rules.md can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "docs/rules.md is not what the rules say: run `UPDATE_DOCS=1 cargo test -p rules \
         the_document_of_the_rules`, and read the difference"
    );
}

#[test]
fn the_document_of_the_command_line_is_up_to_date() {
    let file = root().join("docs/command-line.md");
    let text = rules::line::markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &text).expect("docs/command-line.md can be written");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "docs/command-line.md is not what the grammar says: run `UPDATE_DOCS=1 cargo test -p rules \
         the_document_of_the_command_line`, and read the difference"
    );
}

fn sources(dir: &Path, found: &mut String) {
    for entry in fs::read_dir(dir).expect("the tests can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push_str(&fs::read_to_string(&path).expect("a test can be read"));
        }
    }
}

#[test]
fn every_rule_has_its_explaining_test_and_its_file() {
    let mut tests = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut tests);
    for rule in Rule::ALL {
        let test = format!("#[test]\nfn {}()", rule.test());
        assert!(tests.contains(&test), "{} names the test {}", rule.name(), rule.test());
        let file = root().join(rule.file());
        let code = fs::read_to_string(&file).unwrap_or_default();
        let spec = format!("pub const {}: Spec", rule.spec_name());
        assert!(code.contains(&spec), "{} is not in {}", rule.spec_name(), rule.file());
        assert!(rule.why().ends_with('.') && !rule.source().is_empty(), "{}", rule.name());
    }
}
