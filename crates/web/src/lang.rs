//! What pages say, in English and Welsh. Every string of a page is a key of a Fluent file; a page
//! is shown in Welsh when its whole file is there in Welsh, so that no page mixes the two.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;

/// The languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lang {
    /// English as in Great Britain.
    #[default]
    En,
    /// Welsh.
    Cy,
}

impl Lang {
    /// The language's name in HTML.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en-GB",
            Lang::Cy => "cy",
        }
    }
}

macro_rules! files {
    ($dir:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../locales/", $dir, "/", $name, ".ftl")))),*]
    };
}

/// The English files, one a page; `frame` is what all pages share.
static EN: &[(&str, &str)] = files!("en-GB":
    "frame"
    "board"
    "log"
    "panel"
    "call"
    "lead"
    "officer"
    "sign-on"
    "seat"
    "map"
    "audit"
    "admin"
    "briefings"
    "agencies"
    "diary"
    "crimes"
    "markers"
    "messages"
    "sample"
    "meeting"
    "faults"
    "guidance"
    "quality"
    "needs"
    "roster"
    "staff"
    "trainees"
);
/// The Welsh files.
static CY: &[(&str, &str)] = files!("cy": "frame" "sign-on");

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
    LazyLock::new(|| [bundle("en-GB", EN), bundle("cy", CY)]);

fn bundle(tag: &str, files: &[(&str, &str)]) -> FluentBundle<FluentResource> {
    let tag = tag.parse().expect("a language tag written here is one");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    for (_, text) in files {
        // A file with a mistake still gives its other messages; a test finds the mistake.
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The words of one page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Say {
    /// The language the page is in.
    pub lang: Lang,
}

impl Say {
    /// The words of the page with this file, in this language if the file is there in it.
    pub fn of(page: &str, wanted: Lang) -> Say {
        let whole = wanted == Lang::En || CY.iter().any(|(name, _)| *name == page);
        Say { lang: if whole { wanted } else { Lang::En } }
    }

    /// A message. One that is missing shows its key, which a test forbids.
    pub fn say(self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let order = match self.lang {
            Lang::Cy => [Lang::Cy, Lang::En],
            Lang::En => [Lang::En, Lang::En],
        };
        let mut with = FluentArgs::new();
        for (name, value) in args {
            with.set(*name, value.clone());
        }
        for lang in order {
            let bundle = &BUNDLES[usize::from(lang == Lang::Cy)];
            if let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) {
                let mut faults = Vec::new();
                return bundle.format_pattern(pattern, Some(&with), &mut faults).into_owned();
            }
        }
        tracing::error!(key, "a message is missing");
        key.to_owned()
    }
}

/// A message of a page: `t!(say, "key")`, or `t!(say, "key", n = 3)`.
macro_rules! t {
    ($say:expr, $key:literal) => { $say.say($key, &[]) };
    ($say:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $say.say($key, &[$((stringify!($name), fluent_bundle::FluentValue::from($value))),+])
    };
}
pub(crate) use t;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The messages of a file with the names of their arguments.
    fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut all = BTreeMap::new();
        let mut key = String::new();
        for line in text.lines() {
            if let Some((name, _)) = line.split_once(" =")
                && !line.starts_with([' ', '#', '-'])
            {
                key = name.to_owned();
                all.insert(key.clone(), BTreeSet::new());
            }
            for part in line.split('{').skip(1) {
                if let Some(rest) = part.trim_start().strip_prefix('$') {
                    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                    let name = rest[..end.unwrap_or(rest.len())].to_owned();
                    all.entry(key.clone()).or_default().insert(name);
                }
            }
        }
        all
    }

    fn sources(dir: &std::path::Path, all: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                sources(&entry, all);
            } else if entry.extension().is_some_and(|e| e == "rs") && !entry.ends_with("lang.rs") {
                all.push_str(&std::fs::read_to_string(entry).unwrap());
            }
        }
    }

    #[test]
    fn every_file_is_well_formed() {
        for (name, text) in EN.iter().chain(CY) {
            if let Err((_, faults)) = FluentResource::try_new((*text).to_owned()) {
                panic!("{name}: {faults:?}");
            }
        }
    }

    #[test]
    fn every_key_a_page_uses_is_there_and_every_key_is_used() {
        let mut code = String::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
        let known: BTreeSet<String> =
            EN.iter().flat_map(|(_, t)| messages(t).into_keys()).collect();
        let n: usize = EN.iter().map(|(_, t)| messages(t).len()).sum();
        assert_eq!(n, known.len(), "two English files have a key in common");
        for key in &known {
            assert!(code.contains(&format!("\"{key}\"")), "no page uses {key}");
        }
        for (at, _) in code.match_indices("t!(") {
            // `format!(` and the like are none of ours.
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            // The key is the second argument.
            let mut depth = 0;
            let comma = code[at..].find(|c: char| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                c == ',' && depth == 1
            });
            let Some(key) = comma.and_then(|comma| code[at + comma..].split('"').nth(1)) else {
                continue;
            };
            assert!(known.contains(key), "{key} is not in locales/en-GB");
        }
    }

    #[test]
    fn a_welsh_file_says_everything_its_english_one_says() {
        let english: BTreeMap<_, _> = EN.iter().copied().collect();
        for (name, text) in CY {
            assert_eq!(messages(text), messages(english[name]), "{name}");
        }
    }

    /// Words with a plainer one: https://www.gov.uk/guidance/style-guide has most of them.
    const PLAINER: [&str; 20] = [
        "utilise",
        "utilize",
        "facilitate",
        "leverage",
        "robust",
        "streamline",
        "in order to",
        "going forward",
        "commence",
        "terminate",
        "prior to",
        "in respect of",
        "pursuant",
        "aforementioned",
        "hereby",
        "whilst",
        "endeavour",
        "ascertain",
        "notwithstanding",
        "additional",
    ];
    /// A longer sentence is not understood at the first reading.
    const WORDS_MAX: usize = 28;

    #[test]
    fn every_sentence_of_a_page_is_short_and_in_plain_words() {
        let mut n = 0;
        for (name, text) in EN {
            let values = text.lines().filter(|l| !l.starts_with('#'));
            for value in values.map(|l| l.split_once(" =").map_or(l, |(_, value)| value)) {
                let lower = value.to_lowercase();
                for word in PLAINER {
                    assert!(!lower.contains(word), "{name} says '{word}': {value}");
                }
                for sentence in value.split(['.', ':', ';', '?', '!', '·']) {
                    let words = sentence.split_whitespace().count();
                    assert!(words <= WORDS_MAX, "{name}: {words} words in one: {sentence}");
                    n += usize::from(words > 0);
                }
            }
        }
        assert!(n > 1_000, "{n} sentences were read");
    }

    #[test]
    fn the_six_welsh_plurals_are_told_apart() {
        let say = Say::of("frame", Lang::Cy);
        let words: BTreeSet<String> =
            [0, 1, 2, 3, 6, 7].map(|n| t!(say, "waiting", n = n)).into_iter().collect();
        assert_eq!(words.len(), 6, "{words:?}");
    }

    #[test]
    fn a_page_that_is_not_whole_in_welsh_is_in_english() {
        assert_eq!(Say::of("frame", Lang::Cy).lang, Lang::Cy);
        assert_eq!(Say::of("board", Lang::Cy).lang, Lang::En);
    }
}
