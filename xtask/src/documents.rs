//! Documents name only what exists, and say nothing that belongs to one machine.

use crate::finding::Finding;
use crate::known::Known;
use crate::markdown::{self, Line};
use crate::rust_text::has_word;
use crate::tree::Tree;
use std::collections::BTreeSet;

/// Endings that make a span the name of a file.
const ENDINGS: &[&str] =
    &["rs", "toml", "md", "tsv", "mjs", "js", "json", "css", "sh", "yml", "html", "lock", "txt"];

/// Endings of files that the program makes; its code must name them.
const MADE: &[&str] = &["db", "snapshot", "pem"];

/// Folders of the system that documents for operators may name.
const SYSTEM: &[&str] = &["/etc/", "/usr/", "/var/", "/run/", "/srv/", "/tmp/", "/dev/"];

/// Places that hold for one machine or one moment only, put together so as not to find themselves.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("golang", ".org"),
];

/// Words about how a text was made rather than about the product.
const NOT_THE_PRODUCT: &[&str] = &[
    concat!("sess", "ion"),
    concat!("sess", "ions"),
    concat!("ag", "ent"),
    concat!("ag", "ents"),
    concat!("help", "er"),
    concat!("help", "ers"),
    concat!("integ", "rator"),
];

/// Every document, and machine paths and registries anywhere.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let known = Known::of(tree);
    let mut findings: Vec<Finding> =
        tree.files().flat_map(|(path, file)| places(path, &file.text)).collect();
    findings.extend(tree.under("crates/", ".rs").flat_map(|(path, text)| named(tree, path, text)));
    for (path, text) in tree.under("", ".md") {
        let mut sentences = words(text);
        for line in markdown::lines(text) {
            sentences.extend(line_of(&known, path, line));
        }
        sentences.sort();
        sentences.dedup();
        findings.extend(sentences.into_iter().map(|sentence| Finding::new(path, sentence)));
    }
    findings
}

/// The documents that a source text names.
fn named(tree: &Tree, path: &str, text: &str) -> Vec<Finding> {
    let is_name = |c: char| c.is_alphanumeric() || "/_-.".contains(c);
    let words: BTreeSet<&str> = text.split(|c| !is_name(c)).collect();
    words
        .into_iter()
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| word.starts_with("docs/") && word.ends_with(".md") && !tree.has(word))
        .map(|word| Finding::new(path, format!("names '{word}', which does not exist: correct it")))
        .collect()
}

fn places(path: &str, text: &str) -> Vec<Finding> {
    // Cargo writes the registry's name into its lock file by itself.
    if path.ends_with("Cargo.lock") {
        return Vec::new();
    }
    PLACES
        .iter()
        .filter(|place| text.contains(**place))
        .map(|place| {
            let sentence =
                format!("says '{place}', which does not hold on another machine: take it out");
            Finding::new(path, sentence)
        })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    NOT_THE_PRODUCT
        .iter()
        .filter(|word| has_word(&lower, word))
        .map(|word| format!("says '{word}': a document speaks of the product only, reword it"))
        .collect()
}

fn line_of(known: &Known<'_>, path: &str, line: Line<'_>) -> Vec<String> {
    match line {
        Line::Command(command) => span(known, path, command).into_iter().collect(),
        Line::Prose(prose) => {
            let links = markdown::links(prose).filter_map(|to| link(known, path, to));
            let spans = markdown::code_spans(prose).filter_map(|text| span(known, path, text));
            links.chain(spans).chain(line_number(prose)).chain(open_span(prose)).collect()
        }
    }
}

/// A number after a file's name is a line number, and those rot first of all.
fn line_number(prose: &str) -> Option<String> {
    let rotten = ENDINGS.iter().any(|ending| {
        let mark = format!(".{ending}:");
        prose
            .match_indices(&mark)
            .any(|(at, _)| prose[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit()))
    });
    let anchor =
        prose.split("#L").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (rotten || anchor).then(|| {
        "names a line by its number, which the next change makes false: name the function"
            .to_owned()
    })
}

/// A span that runs over the end of a line cannot be checked.
fn open_span(prose: &str) -> Option<String> {
    let start: String = prose.rsplit('`').next().unwrap_or_default().chars().take(30).collect();
    (prose.matches('`').count() % 2 == 1)
        .then(|| format!("has a code span over two lines, at '{start}': keep it on one"))
}

fn link(known: &Known<'_>, document: &str, to: &str) -> Option<String> {
    let path = to.split('#').next().unwrap_or_default();
    let elsewhere = path.is_empty() || path.contains("://") || path.starts_with("mailto:");
    if elsewhere || known.tree.has(&beside(document, path)) {
        return None;
    }
    Some(format!("links to '{to}', which does not exist: correct the link"))
}

/// A path as seen from a document's folder.
fn beside(document: &str, path: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What is wrong with a code span, if something is.
fn span(known: &Known<'_>, document: &str, text: &str) -> Option<String> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let (first, rest) = tokens.split_first()?;
    if rest.is_empty() {
        return one(known, document, first);
    }
    match *first {
        "callbox" => command(known, rest),
        "cargo" => rest
            .iter()
            .zip(rest.iter().skip(1))
            .find(|(flag, krate)| **flag == "-p" && !is_member(known, krate))
            .map(|(_, krate)| format!("names the crate '{krate}', which does not exist")),
        "GET" | "POST" | "PUT" | "DELETE" => route(known, rest[0]),
        script if script.starts_with("./") || script.starts_with("scripts/") => {
            one(known, document, script)
        }
        _ => None,
    }
}

fn is_member(known: &Known<'_>, krate: &str) -> bool {
    krate == "xtask" || known.tree.has(&format!("crates/{krate}/Cargo.toml"))
}

fn command(known: &Known<'_>, arguments: &[&str]) -> Option<String> {
    let name = arguments.first()?;
    if name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        && !name.starts_with('-')
        && !known.command(name)
    {
        return Some(format!("names the command 'callbox {name}', which does not exist"));
    }
    arguments.iter().filter(|a| a.starts_with("--")).find_map(|a| flag(known, a))
}

fn flag(known: &Known<'_>, text: &str) -> Option<String> {
    let name = text.trim_end_matches([',', '.']);
    (!known.flag(name)).then(|| format!("names the flag '{name}', which no program of ours takes"))
}

fn route(known: &Known<'_>, path: &str) -> Option<String> {
    let there = SYSTEM.iter().any(|folder| path.starts_with(folder)) || known.route(path);
    (!there).then(|| format!("names the route '{path}', which is not in the route table"))
}

/// What is wrong with a span of one word.
fn one(known: &Known<'_>, document: &str, text: &str) -> Option<String> {
    let nothing = |what: &str| Some(format!("names the {what} '{text}', which does not exist"));
    if let Some((kind, name)) =
        text.split_once(':').filter(|(_, name)| !name.starts_with(['/', ':']))
    {
        return proof(known, kind, name);
    }
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    let lower =
        text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c));
    if text.contains("://") {
        None
    } else if text.starts_with("--") {
        flag(known, text)
    } else if text.starts_with('/') {
        route(known, text)
    } else if ["std::", "core::", "alloc::"].iter().any(|theirs| text.starts_with(theirs)) {
        None
    } else if text.contains("::") {
        let parts = text.trim_end_matches("()").split("::");
        let missing =
            parts.filter(|part| !part.is_empty() && !is_rust(part) && !known.word(part)).count();
        if missing == 0 { None } else { nothing("item") }
    } else if text.contains('/') {
        if path(known, document, text) { None } else { nothing("path") }
    } else if plain && ending.is_some_and(|ending| ENDINGS.contains(&ending)) {
        if known.file_name(text) || known.in_code(text) { None } else { nothing("file") }
    } else if plain && ending.is_some_and(|ending| MADE.contains(&ending)) {
        if known.in_code(text) { None } else { nothing("file") }
    } else if plain
        && lower
        && text.contains('.')
        && !is_host(text)
        && !text.starts_with(|c: char| c.is_ascii_digit())
    {
        if known.policy_key(text) { None } else { nothing("policy key") }
    } else if plain
        && text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !text.contains('.')
    {
        if known.word(text) { None } else { nothing("thing") }
    } else {
        None
    }
}

fn is_rust(part: &str) -> bool {
    ["crate", "self", "super"].contains(&part)
}

fn is_host(text: &str) -> bool {
    [".uk", ".org", ".com", ".dev", ".example"].iter().any(|ending| text.ends_with(ending))
}

fn path(known: &Known<'_>, document: &str, text: &str) -> bool {
    let media = ["text/", "application/", "image/"].iter().any(|kind| text.starts_with(kind));
    // A pattern such as crates/*/Cargo.toml is judged by what stands before the star.
    let fixed = text.trim_start_matches("./");
    let fixed = fixed.split(['*', '{', '<']).next().unwrap_or_default();
    let fixed = if fixed.len() < text.trim_start_matches("./").len() {
        fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
    } else {
        fixed
    };
    media
        || known.tree.has(fixed)
        || known.tree.has(&beside(document, fixed))
        || known.is_made(fixed)
}

/// A reference to a test, a requirement or a case.
fn proof(known: &Known<'_>, kind: &str, name: &str) -> Option<String> {
    let there = match kind {
        // The form itself, as in a text about the forms.
        _ if name.is_empty() => true,
        "test" => known.test(name) || is_numbered(name, &['R', 'S']),
        "req" => known.requirement(name),
        "promise" => is_numbered(name, &['P']),
        "scenario" => known.tree.has(&format!("scenarios/{name}")),
        "browser" => known.browser_check(name),
        _ => true,
    };
    (!there).then(|| format!("names '{kind}:{name}', which does not exist"))
}

/// Whether it is the number of a promise or of a fault test: `R1`, `S13`, `P22`.
fn is_numbered(name: &str, letters: &[char]) -> bool {
    name.strip_prefix(letters).is_some_and(|n| n.parse::<u8>().is_ok_and(|n| (1..=22).contains(&n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("docs/a.md", document),
            ("docs/b.md", ""),
            ("docs/requirements.tsv", "id\nC1\twords\n"),
            ("run", "echo --speed\n"),
            ("policy/default.toml", "[alarm]\nflood_window = 1\n"),
            ("crates/rules/Cargo.toml", ""),
            ("crates/rules/src/due.rs", "pub fn fire() {}\n#[test]\nfn it_rings() {}\n"),
            ("crates/web/src/routes.rs", "const A: &str = \"/healthz\";\n"),
            ("crates/callbox/src/main.rs", "#[derive(Subcommand)] enum C { Serve { data: u8 } }"),
            (".gitignore", "target/\n"),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_exists_may_be_named() {
        let text = "`rules` `crates/rules/src/due.rs` `due.rs` `rules::due` `alarm.flood_window`\n\
            `callbox serve --data DIR` `./run` `/healthz` `GET /healthz` `--speed` `target/x`\n\
            `test:it_rings` `req:C1` `promise:P1` `test:R1` `text/plain` `crates/*/Cargo.toml`\n\
            [b](b.md) [c](../run) `cargo test -p rules` `a free phrase` `/usr/bin/x` `std::env`\n\
            ```text\n`crates/gone.rs`\n```\n```sh\n./run --speed 2\n```\n";
        assert_eq!(found(text), [""; 0]);
    }

    #[test]
    fn each_planted_falsehood_is_found() {
        let table = [
            ("`crates/rules/src/gone.rs`", "the path"),
            ("`gone.rs`", "the file"),
            ("`gone.db`", "the file"),
            ("`gone_word`", "the thing"),
            ("`rules::gone`", "the item"),
            ("`alarm.gone`", "the policy key"),
            ("`callbox gone`", "the command"),
            ("`callbox serve --gone`", "the flag"),
            ("`--gone`", "the flag"),
            ("`/gone`", "the route"),
            ("`POST /gone`", "the route"),
            ("`./gone`", "the path"),
            ("`cargo test -p gone`", "the crate"),
            ("`test:fire`", "test:fire"),
            ("`req:C2`", "req:C2"),
            ("`scenario:gone`", "scenario:gone"),
            ("[x](gone.md)", "links to"),
            ("`callbox", "over two lines"),
            ("see due.rs:42", "by its number"),
            ("```sh\n./gone\n```", "the path"),
            (concat!("in /wo", "rk/x"), "another machine"),
            (concat!("an ag", "ent did it"), "the product only"),
        ];
        for (text, finding) in table {
            let found = found(text);
            assert!(found.len() == 1 && found[0].contains(finding), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_source_names_only_documents_that_exist() {
        let source = |text| Tree::of(&[("docs/a.md", ""), ("crates/x/src/lib.rs", text)]);
        assert_eq!(check(&source("//! See `docs/a.md`, and docs/a.md.")), []);
        assert_eq!(check(&source("//! See docs/gone.md.")).len(), 1);
    }
}
