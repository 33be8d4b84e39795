//! Test cases of a policy: these words, this code and these answers suggest this grade. They are
//! part of the policy, so they are proposed, published and kept with it, and a policy that fails
//! one of its own is refused.

use crate::event::Suggestion;
use crate::incident::prompts::raise_by;
use crate::name::{Grade, Label, OpeningCode, Words};
use crate::policy::{IsAnswered, Policy};
use crate::views::code_help::code_help;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A test case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// What it shows, in a few words.
    pub name: String,
    /// What the informant says.
    pub words: Words,
    /// The opening code; the one that fits the words best if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<OpeningCode>,
    /// The answers to questions of the code, by the question's key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<Label, CaseAnswer>,
    /// The grade that has to be suggested.
    pub suggests: Grade,
}

/// An answer of a test case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseAnswer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The informant does not know.
    Unknown,
}

/// What a policy makes of a test case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResult {
    /// What the case shows.
    pub name: String,
    /// What the informant says.
    pub words: Words,
    /// The code it is judged under: the one given, or the one that fits best.
    pub code: Option<OpeningCode>,
    /// The grade that has to be suggested.
    pub suggests: Grade,
    /// The grade that is suggested, and why; nothing if neither a code nor a phrase fits.
    pub suggested: Option<Suggestion>,
    /// Whether they are the same.
    pub passed: bool,
}

/// Every test case of a policy, judged by it.
pub fn run_cases(policy: &Policy) -> Vec<CaseResult> {
    policy.test.iter().map(|case| run(policy, case)).collect()
}

/// What a policy makes of one test case, by the rules that judge a real log.
pub fn run(policy: &Policy, case: &TestCase) -> CaseResult {
    let help = code_help(policy, &case.words, case.code.as_ref());
    let code = case.code.clone().or_else(|| help.fits.first().map(|fit| fit.code.clone()));
    let mut suggested = help.suggested;
    if let (Some(code), Some(suggestion)) = (&code, &mut suggested) {
        let answered = |key: &Label| match case.answers.get(key)? {
            CaseAnswer::Yes => Some(IsAnswered::Yes),
            CaseAnswer::No => Some(IsAnswered::No),
            CaseAnswer::Unknown => None,
        };
        raise_by(suggestion, code, policy, answered);
    }
    CaseResult {
        name: case.name.clone(),
        words: case.words.clone(),
        code,
        suggests: case.suggests,
        passed: suggested.as_ref().is_some_and(|s| s.grade == case.suggests),
        suggested,
    }
}

impl TestCase {
    /// The case as it is written in a policy.
    ///
    /// # Errors
    /// It cannot be written as TOML; nothing that can be read is so.
    pub fn to_toml(&self) -> Result<String, String> {
        #[derive(Serialize)]
        struct Cases<'c> {
            test: [&'c TestCase; 1],
        }
        toml::to_string(&Cases { test: [self] }).map_err(|e| format!("not a test case: {e}"))
    }
}
