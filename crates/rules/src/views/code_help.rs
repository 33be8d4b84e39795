//! Finding the opening code that fits what was said, with the SOP that comes with it. It advises:
//! the person who takes the call decides.
//!
//! Source: Learning the Lessons, case 10: the SOP would have shown that the code was the wrong one.

use crate::event::{Cause, Suggestion};
use crate::incident::grade::suggest_for;
use crate::incident::opening::first_phrase;
use crate::name::{Grade, Label, OpeningCode, Words};
use crate::policy::{CodeDoubt, OpeningCodePolicy, Policy};
use crate::role::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many codes are offered at most.
const CODES_SHOWN: usize = 6;
/// A word shorter than this says nothing about a code.
const WORD_MIN: usize = 4;
// What each kind of evidence is worth.
const PHRASE_POINTS: u32 = 100;
const NAME_POINTS: u32 = 20;
const DEFINITION_POINTS: u32 = 4;

/// Words of definitions that tell no code from another.
const SAYS_NOTHING: &[&str] = &[
    "about",
    "after",
    "also",
    "another",
    "because",
    "been",
    "before",
    "being",
    "could",
    "does",
    "every",
    "from",
    "have",
    "into",
    "like",
    "more",
    "need",
    "nobody",
    "officer",
    "only",
    "other",
    "over",
    "person",
    "people",
    "police",
    "report",
    "reported",
    "says",
    "should",
    "some",
    "somebody",
    "someone",
    "something",
    "such",
    "than",
    "that",
    "their",
    "them",
    "then",
    "there",
    "they",
    "this",
    "under",
    "until",
    "want",
    "wants",
    "what",
    "when",
    "where",
    "which",
    "while",
    "whose",
    "will",
    "with",
    "without",
    "would",
    "your",
];

/// What helps to choose a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeHelp {
    /// The codes that fit, the best first.
    pub fits: Vec<CodeFit>,
    /// The grade suggested for the code chosen, or for the best fit, or by the words alone; none
    /// where the words say nothing about it.
    pub suggested: Option<Suggestion>,
    /// The suggestion's word.
    pub suggested_label: String,
    /// Why the code chosen may be the wrong one.
    pub doubts: Vec<CodeHint>,
}

/// A code that fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeFit {
    /// The code.
    pub code: OpeningCode,
    /// What it covers.
    pub definition: String,
    /// The grade it usually has.
    pub usual_grade: Grade,
    /// That grade's word.
    pub usual_label: String,
    /// Why it fits.
    pub because: Vec<String>,
    /// The steps of its SOP.
    pub sop: Vec<SopLine>,
    /// How well it fits; higher is better.
    pub points: u32,
}

/// A step of an SOP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SopLine {
    /// Its name.
    pub step: Label,
    /// What is to be done.
    pub words: String,
    /// The desk that does it.
    pub desk: Role,
}

/// Why a code may be the wrong one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeHint {
    /// The doubt's name.
    pub doubt: String,
    /// The words that raise it.
    pub words: String,
    /// The code they suggest.
    pub suggests: OpeningCode,
    /// Whether only a supervisor may keep the code all the same.
    pub forced: bool,
    /// The definition to decide by.
    pub definition: String,
}

/// What helps to choose a code for words that are not on a log yet, and to see whether the code
/// chosen so far is right.
pub fn code_help(policy: &Policy, words: &Words, chosen: Option<&OpeningCode>) -> CodeHelp {
    let text = [words.as_str().to_lowercase()];
    let fits = fits(policy, &text);
    let code = chosen.or_else(|| fits.first().map(|fit| &fit.code));
    let suggested = match code {
        Some(code) => Some(suggest_for(code, &text, &[], policy)),
        None => by_words(policy, &text),
    };
    CodeHelp {
        suggested_label: suggested.as_ref().map_or(String::new(), |x| policy.grade_label(x.grade)),
        suggested,
        doubts: chosen.map(|code| doubts(policy, code, &text)).unwrap_or_default(),
        fits,
    }
}

/// The grade that the words alone suggest.
fn by_words(policy: &Policy, text: &[String]) -> Option<Suggestion> {
    let said = policy.cue.iter().filter_map(|cue| Some((cue, first_phrase(text, &cue.phrases)?)));
    let said: Vec<(Grade, Cause)> = said
        .map(|(cue, words)| (cue.grade, Cause { rule: cue.name.clone(), words: words.to_owned() }))
        .collect();
    let grade = said.iter().map(|(grade, _)| *grade).min()?;
    let because = said.into_iter().filter(|(g, _)| *g == grade).map(|(_, cause)| cause).collect();
    Some(Suggestion { grade, because })
}

fn doubts(policy: &Policy, code: &OpeningCode, text: &[String]) -> Vec<CodeHint> {
    let separate = |d: &CodeDoubt| d.separate && d.suggests != *code;
    let about = policy.code_doubt.iter().filter(|d| d.codes.contains(code) || separate(d));
    about
        .filter_map(|d| {
            let words = first_phrase(text, &d.phrases)?;
            Some(CodeHint {
                doubt: d.name.clone(),
                words: words.to_owned(),
                suggests: d.suggests.clone(),
                forced: d.forced,
                definition: d.definition.clone(),
            })
        })
        .collect()
}

fn fits(policy: &Policy, text: &[String]) -> Vec<CodeFit> {
    let said: BTreeSet<&str> = text.iter().flat_map(|t| telling_words(t)).collect();
    let mut fits: Vec<CodeFit> = policy
        .opening_code
        .iter()
        .map(|row| fit(policy, row, text, &said))
        .filter(|fit| fit.points > 0)
        .collect();
    fits.sort_by_key(|fit| (std::cmp::Reverse(fit.points), fit.usual_grade));
    fits.truncate(CODES_SHOWN);
    fits
}

fn fit(
    policy: &Policy,
    row: &OpeningCodePolicy,
    text: &[String],
    said: &BTreeSet<&str>,
) -> CodeFit {
    let mut because = Vec::new();
    let mut points = 0;
    for d in policy.code_doubt.iter().filter(|d| d.suggests == row.code) {
        if let Some(phrase) = first_phrase(text, &d.phrases) {
            because.push(format!("'{phrase}' was said: {}", d.definition));
            points += PHRASE_POINTS;
        }
    }
    for (source, what, each) in [
        (row.code.as_str(), "in the name of the code", NAME_POINTS),
        (&row.definition, "in its definition", DEFINITION_POINTS),
    ] {
        let source = source.to_lowercase();
        let both: BTreeSet<&str> =
            telling_words(&source).filter(|word| said.iter().any(|x| same(x, word))).collect();
        if !both.is_empty() {
            points += each * u32::try_from(both.len()).unwrap_or(u32::MAX);
            because.push(format!("{what}: {}", both.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    CodeFit {
        code: row.code.clone(),
        definition: row.definition.clone(),
        usual_grade: row.usual_grade,
        usual_label: policy.grade_label(row.usual_grade),
        because,
        sop: sop(row),
        points,
    }
}

/// The SOP of a code, for showing beside it.
pub fn sop(row: &OpeningCodePolicy) -> Vec<SopLine> {
    let line = |step: &crate::policy::SopStepPolicy| SopLine {
        step: step.step.clone(),
        words: step.words.clone(),
        desk: step.by,
    };
    row.sop.iter().map(line).collect()
}

fn telling_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= WORD_MIN && !SAYS_NOTHING.contains(word))
}

/// Whether two words are the same but for an ending: `burglar`, `burglary`; `threat`, `threats`.
fn same(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.chars().count() <= 2)
}

#[cfg(test)]
mod tests {
    use super::super::rig::{grade, policy, words};
    use super::*;

    fn help(said: &str, chosen: Option<&str>) -> CodeHelp {
        let chosen = chosen.map(|code| OpeningCode::parse(code).unwrap());
        code_help(&policy(), &words(said), chosen.as_ref())
    }

    #[test]
    fn the_code_that_fits_comes_first_with_its_reason_and_its_sop() {
        for (said, code) in [
            ("my ex-partner is outside and will not go away", "domestic incident"),
            ("There is a burglar in my house, a burglary", "burglary"),
            ("my son has not come home and we can't find him", "missing person"),
            ("there is a lifeless man in the pool", "sudden death"),
        ] {
            let help = help(said, None);
            let first = help.fits.first().unwrap_or_else(|| panic!("nothing fits '{said}'"));
            assert_eq!(first.code.as_str(), code, "{said}: {:?}", first.because);
            assert!(!first.because.is_empty() && !first.sop.is_empty());
        }
    }

    #[test]
    fn the_wrong_code_is_doubted_before_a_log_is_opened() {
        let help = help("my ex-partner is outside", Some("suspicious circumstances"));
        let [doubt] = &help.doubts[..] else { panic!("{:?}", help.doubts) };
        assert_eq!((doubt.suggests.as_str(), doubt.forced), ("domestic incident", true));
    }

    #[test]
    fn danger_to_life_is_suggested_though_no_code_fits() {
        let suggested = help("he wants to end it all", None).suggested.unwrap();
        assert_eq!(suggested.grade, grade(1));
        assert!(suggested.because.iter().any(|c| c.words == "end it all"), "{suggested:?}");
        let nothing = help("xyzzy", None);
        assert!(nothing.suggested.is_none() && nothing.fits.is_empty());
    }

    #[test]
    fn an_ending_does_not_make_another_word() {
        for (a, b, is) in
            [("burglar", "burglary", true), ("threats", "threat", true), ("car", "carpet", false)]
        {
            assert_eq!(same(a, b), is, "{a} {b}");
        }
    }
}
