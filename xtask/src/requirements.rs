//! docs/requirements.tsv: every id once, and every proof exists.

use crate::finding::Finding;
use crate::known::Known;
use crate::tree::Tree;
use std::collections::BTreeMap;

const FILE: &str = "docs/requirements.tsv";
const HEADER: &str = "id\tarea\tcapability\tstatus\twhere\tproofs";

/// The areas, and how many requirements each has, numbered from 1.
const AREAS: &[(&str, usize)] = &[
    ("A", 36),
    ("B", 42),
    ("C", 31),
    ("D", 17),
    ("E", 25),
    ("F", 29),
    ("G", 30),
    ("H", 19),
    ("I", 19),
    ("J", 18),
    ("K", 16),
    ("L", 34),
    ("M", 21),
    ("N", 16),
    ("O", 20),
    ("P", 16),
    ("Q", 9),
    ("R", 8),
];

struct Row<'t> {
    id: &'t str,
    capability: &'t str,
    status: &'t str,
    places: &'t str,
    proofs: &'t str,
}

/// The whole file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::new(FILE, "is missing: put it back")];
    };
    let known = Known::of(tree);
    let mut sentences = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        sentences.push(format!("its first line is not '{}'", HEADER.replace('\t', " ")));
    }
    for line in lines {
        match line.split('\t').collect::<Vec<_>>().as_slice() {
            &[id, _, capability, status, places, proofs] => {
                *seen.entry(id).or_default() += 1;
                let row = Row { id, capability, status, places, proofs };
                sentences.extend(row_of(&known, &row));
            }
            other => sentences.push(format!(
                "'{}' has {} columns instead of 6",
                other.first().unwrap_or(&""),
                other.len()
            )),
        }
    }
    sentences.extend(ids(&seen));
    sentences.into_iter().map(|sentence| Finding::new(FILE, sentence)).collect()
}

fn ids(seen: &BTreeMap<&str, usize>) -> Vec<String> {
    let expected: Vec<String> =
        AREAS.iter().flat_map(|(area, n)| (1..=*n).map(move |i| format!("{area}{i}"))).collect();
    let missing = expected
        .iter()
        .filter(|id| !seen.contains_key(id.as_str()))
        .map(|id| format!("{id} is missing: add its row"));
    let extra = seen
        .iter()
        .filter(|(id, n)| **n > 1 || !expected.iter().any(|known| known == *id))
        .map(|(id, n)| match n {
            1 => format!("'{id}' is no id of a requirement: remove the row"),
            n => format!("{id} stands there {n} times: keep one row"),
        });
    missing.chain(extra).collect()
}

fn row_of(known: &Known<'_>, row: &Row<'_>) -> Vec<String> {
    let id = row.id;
    let mut sentences = Vec::new();
    if row.capability.trim().is_empty() {
        sentences.push(format!("{id} does not say what it is: write it"));
    }
    if !["works", "partly", "not yet"].contains(&row.status) {
        sentences.push(format!("{id} is '{}': write works, partly or not yet", row.status));
    }
    if row.status == "works" && row.proofs.trim().is_empty() {
        sentences.push(format!("{id} works without a proof: name one, or say partly"));
    }
    let wrong_places = row.places.split_whitespace().filter(|place| !place_exists(known, place));
    sentences
        .extend(wrong_places.map(|place| format!("{id} is at '{place}', which does not exist")));
    let wrong_proofs = row.proofs.split_whitespace().filter(|proof| !proof_exists(known, proof));
    sentences.extend(
        wrong_proofs.map(|proof| format!("{id} is proved by '{proof}', which does not exist")),
    );
    sentences
}

/// A page, a path of the API, a command or a file.
fn place_exists(known: &Known<'_>, place: &str) -> bool {
    match place.split_once(':') {
        Some(("page" | "api", route)) => known.route(route),
        Some(("command", name)) => known.command(name),
        _ => known.tree.has(place),
    }
}

fn proof_exists(known: &Known<'_>, proof: &str) -> bool {
    match proof.split_once(':') {
        Some(("test", name)) => known.test(name),
        Some(("scenario", file)) => known.tree.has(&format!("scenarios/{file}")),
        Some(("browser", name)) => known.browser_check(name),
        Some(("file", path)) => known.tree.has(path),
        Some(("page" | "api" | "command", _)) => place_exists(known, proof),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file with every id `not yet`, one row being replaced.
    fn found(id: &str, row: &str) -> Vec<String> {
        let mut text = format!("{HEADER}\n");
        for (area, n) in AREAS {
            for i in 1..=*n {
                let here = format!("{area}{i}");
                let line = if here == id {
                    row.to_owned()
                } else {
                    format!("{here}\tx\ty\tnot yet\t\t\n")
                };
                text.push_str(&line);
            }
        }
        let tree = Tree::of(&[
            (FILE, &text),
            ("crates/rules/tests/a.rs", "#[test]\nfn it_rings() {}\nfn rig() {}\n"),
            ("crates/web/src/routes.rs", "const A: &str = \"/incidents\";"),
            ("browser/a.test.mjs", "check('rows-change', x)"),
            ("scenarios/case-01.txt", ""),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn there_are_406_and_a_true_file_has_no_findings() {
        assert_eq!(AREAS.iter().map(|(_, n)| n).sum::<usize>(), 406);
        let row = "C1\tx\ty\tworks\tpage:/incidents crates/rules\ttest:it_rings \
                   scenario:case-01.txt browser:rows-change api:/v1/incidents\n";
        assert_eq!(found("C1", row), [""; 0]);
    }

    #[test]
    fn each_planted_falsehood_is_found() {
        let table = [
            ("", "C1 is missing"),
            ("C1\tx\ty\tnot yet\t\t\nC1\tx\ty\tnot yet\t\t\n", "C1 stands there 2 times"),
            ("C1\tx\ty\tnot yet\t\t\nC32\tx\ty\tnot yet\t\t\n", "'C32' is no id"),
            ("C1\tx\ty\tdone\t\t\n", "C1 is 'done'"),
            ("C1\tx\ty\tworks\t\t\n", "works without a proof"),
            ("C1\tx\t\tnot yet\t\t\n", "does not say what it is"),
            ("C1\tx\ty\tpartly\tcrates/gone\t\n", "at 'crates/gone'"),
            ("C1\tx\ty\tworks\t\ttest:rig\n", "'test:rig', which does not exist"),
            ("C1\tx\ty\tworks\t\tscenario:gone.txt\n", "'scenario:gone.txt'"),
            ("C1\tx\ty\tworks\t\tpage:/gone\n", "'page:/gone'"),
            ("C1\tx\ty\tworks\t\tbrowser:gone\n", "'browser:gone'"),
            ("C1\tx\ty\tworks\t\tbecause\n", "'because'"),
        ];
        for (row, finding) in table {
            let found = found("C1", row);
            assert!(found.len() == 1 && found[0].contains(finding), "{row}: {found:?}");
        }
        let found = found("C1", "C1\ttoo few\n");
        assert!(found.iter().any(|f| f.contains("has 2 columns")), "{found:?}");
    }
}
