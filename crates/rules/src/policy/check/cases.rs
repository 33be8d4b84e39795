//! Test cases that the policy itself fails.

use super::Found;
use super::codes::grade;
use crate::policy::Policy;
use crate::policy::case::{TestCase, run};

pub(super) fn check(policy: &Policy, found: &mut Found) {
    found.twice("test", "the test case", policy.test.iter().map(|t| &t.name));
    for case in &policy.test {
        let known = found.0.len();
        names(policy, case, found);
        // A case that names what is not there fails for that reason, said once.
        if found.0.len() == known {
            one(policy, case, found);
        }
    }
}

fn names(policy: &Policy, case: &TestCase, found: &mut Found) {
    let key = |what: &str| format!("test.{}.{what}", case.name);
    grade(policy, case.suggests, &key("suggests"), found);
    let Some(code) = &case.code else {
        found.unless(
            case.answers.is_empty(),
            key("answers"),
            format!("the test case '{}' answers questions of no code: name the code", case.name),
        );
        return;
    };
    found.unless(
        policy.opening_code(code).is_some(),
        key("code"),
        format!(
            "the test case '{}' names the opening code '{code}', which does not exist: correct it",
            case.name
        ),
    );
    let sets = policy.question_set.iter().filter(|set| set.codes.contains(code));
    let asked: Vec<_> = sets.flat_map(|set| &set.prompt).map(|p| &p.key).collect();
    for answer in case.answers.keys().filter(|key| !asked.contains(key)) {
        let sentence = format!(
            "the test case '{}' answers '{answer}', which '{code}' does not ask: correct it",
            case.name
        );
        found.add(key("answers"), sentence);
    }
}

fn one(policy: &Policy, case: &TestCase, found: &mut Found) {
    let result = run(policy, case);
    if result.passed {
        return;
    }
    let got = match &result.suggested {
        Some(s) => {
            let because: Vec<&str> = s.because.iter().map(|c| c.words.as_str()).collect();
            format!("{} is, because of '{}'", policy.grade_label(s.grade), because.join("', '"))
        }
        None => "none is".to_owned(),
    };
    found.add(
        format!("test.{}.suggests", case.name),
        format!(
            "the test case '{}' fails: {} is to be suggested, and {got}. Change what is suggested, \
             or the test case",
            case.name,
            policy.grade_label(case.suggests)
        ),
    );
}
