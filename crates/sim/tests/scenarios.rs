//! Every scenario of the repository, played; and what happens to them when a rule is taken away.

use rules::obligation::Rule;
use sim::script::{CASES, Played, cases, cases_markdown, golden, parse, play};
use std::collections::BTreeSet;
use std::path::PathBuf;

const POLICY: &str = include_str!("../../../policy/default.toml");

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

/// Every scenario: its name and its text.
fn scenarios() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of scenarios is read")
        .map(|entry| entry.expect("a file is listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "callbox"))
        .collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().map(|n| n.to_string_lossy().into_owned());
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a scenario is read");
    files.iter().map(|path| (name(path).unwrap_or_default(), text(path))).collect()
}

fn played(name: &str, text: &str, policy: &str) -> Played {
    let script = parse(name, text, policy).unwrap_or_else(|fault| panic!("{fault}"));
    let folder = tempfile::tempdir().expect("a folder");
    play(&script, folder.path()).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

#[test]
fn every_scenario_is_as_expected() {
    let all = scenarios();
    assert!(!all.is_empty(), "there are scenarios");
    let mut wrong = Vec::new();
    for (name, text) in &all {
        let played = played(name, text, POLICY);
        if !played.passed() && std::env::var_os("UPDATE_SCENARIOS").is_some() {
            let script = parse(name, text, POLICY).unwrap_or_else(|fault| panic!("{fault}"));
            let file = folder().join(name);
            let text = format!("{}\n", golden(&script, &played).trim_end());
            std::fs::write(&file, text).expect("a scenario can be written");
        }
        for d in played.differences {
            wrong.push(format!("{name} line {}: expected {}\n  got {}", d.line, d.expected, d.got));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nIf Callbox is right: `UPDATE_SCENARIOS=1 cargo test -p sim --test scenarios` writes down \
         what happened; read the difference before you keep it",
        wrong.join("\n")
    );
}

#[test]
fn a_case_as_it_should_have_gone_tells_nobody_anything() {
    for (name, text) in scenarios().iter().filter(|(name, _)| name.contains("should-have-gone")) {
        let script = parse(name, text, POLICY).unwrap_or_else(|fault| panic!("{fault}"));
        let lit = ["tells", "sounds", "refused"];
        let expects = text.lines().filter(|line| line.contains("->"));
        let expects: Vec<&str> =
            expects.filter(|line| lit.iter().any(|word| line.contains(word))).collect();
        assert_eq!(expects, Vec::<&str>::new(), "{name}");
        assert!(script.watch.len() >= 3, "{name} watches what is told, heard and refused");
    }
}

#[test]
fn every_case_is_in_the_table_and_shows_its_guards() {
    let all = scenarios();
    let happened = all.iter().filter(|(name, _)| name.contains("as-it-happened"));
    for (name, text) in happened {
        let embedded = CASES.iter().find(|(file, _)| file == name).map(|(_, text)| *text);
        assert_eq!(embedded, Some(text.as_str()), "{name} is in the table as it stands");
    }
    for case in cases(POLICY).expect("the cases are read") {
        let words = [&case.case, &case.then, &case.took, &case.now];
        assert!(words.iter().all(|words| !words.is_empty()), "{}", case.file);
        let rules = case.guards.iter().filter(|guard| guard.rule.is_some()).count();
        assert!(rules >= 2, "{} has {rules} guards by a rule", case.file);
    }
}

#[test]
fn the_document_of_the_cases_is_up_to_date() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/cases.md");
    let text = cases_markdown(&cases(POLICY).expect("the cases are read"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &text).expect("docs/cases.md can be written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "docs/cases.md is not what the scenarios say: run `UPDATE_DOCS=1 cargo test -p sim \
         the_document_of_the_cases`, and read the difference"
    );
}

/// The default policy in which a rule never tells anybody, and holds up nothing.
fn without(rule: Rule) -> String {
    let mut policy: toml::Table = POLICY.parse().expect("the default policy is TOML");
    let table = |policy: &mut toml::Table, name: &str| {
        policy.get(name).and_then(toml::Value::as_table).cloned().expect("a table of the policy")
    };
    let mut obligations = table(&mut policy, "obligation");
    let mut ladders = table(&mut policy, "ladder");
    let off = "rung = [{ at = \"87600 h\", tell = [\"owner\"], level = \"A4\", words = \"-\" }]\n\
               then_every = \"87600 h\"\nmeaning = \"never\"\nsource = \"a test\"";
    ladders.insert("off".to_owned(), off.parse::<toml::Table>().expect("TOML").into());
    let row = obligations.get_mut(rule.name()).and_then(toml::Value::as_table_mut);
    let row = row.expect("every rule has a row");
    row.insert("ladder".to_owned(), "off".into());
    row.insert("blocks_closing".to_owned(), false.into());
    row.remove("ladder_of");
    let asks = policy.get_mut("agency_ask").and_then(toml::Value::as_array_mut);
    let asks = asks.expect("agencies are asked for something");
    let asks = asks.iter_mut().filter_map(toml::Value::as_table_mut);
    let of_asks = asks.flat_map(|ask| ask.iter_mut().filter(|(key, _)| key.starts_with("ladder")));
    let mut named = BTreeSet::new();
    for (_, ladder) in of_asks {
        // What is asked of an agency brings its own ladder.
        if rule == Rule::AgencyAnswer {
            *ladder = "off".into();
        }
        named.extend(ladder.as_str().map(str::to_owned));
    }
    let used: BTreeSet<String> = obligations
        .values()
        .filter_map(toml::Value::as_table)
        .flat_map(|row| {
            let of = row.get("ladder_of").and_then(toml::Value::as_table).cloned();
            let of = of.into_iter().flatten().map(|(_, ladder)| ladder);
            row.get("ladder").cloned().into_iter().chain(of)
        })
        .filter_map(|ladder| ladder.as_str().map(str::to_owned))
        .chain(named)
        .collect();
    ladders.retain(|name, _| used.contains(name));
    policy.insert("obligation".to_owned(), obligations.into());
    policy.insert("ladder".to_owned(), ladders.into());
    toml::to_string(&policy).expect("a policy is TOML")
}

/// Rules whose case is not played yet, or which a case names without having been broken in it.
const NOT_PLAYED: &[Rule] = &[];

#[test]
fn without_a_rule_of_a_case_a_case_fails() {
    let all = scenarios();
    let of_a_case = |rule: &&Rule| rule.source().contains("Learning the Lessons case");
    let mut kept = Vec::new();
    for rule in Rule::ALL.iter().filter(of_a_case).filter(|rule| !NOT_PLAYED.contains(rule)) {
        let policy = without(*rule);
        let named = |text: &str| {
            let mut expects = text.lines().filter(|line| line.contains("->"));
            expects.any(|line| line.contains(rule.name()))
        };
        let mut those = all.iter().filter(|(_, text)| named(text));
        if !those.any(|(name, text)| !played(name, text, &policy).passed()) {
            kept.push(rule.name());
        }
    }
    assert_eq!(kept, Vec::<&str>::new(), "no case fails without these");
}
