//! What the call asks: the questions of the opening code, some of them only because of an earlier
//! answer. Each has a one-key answer for "unknown" and for "does not apply".

use crate::command::{AnswerPrompt, Answered};
use crate::event::{Event, Suggestion};
use crate::incident::{Incident, Prompted};
use crate::name::{Grade, Label, OpeningCode, Words};
use crate::policy::{IsAnswered, Policy, PromptKind, PromptPolicy};
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::{Instant, Now};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A question of the call as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PromptView {
    /// Its name in policy.
    pub prompt: Label,
    /// The question.
    pub words: String,
    /// How it is answered.
    pub kind: PromptKind,
    /// Why it is asked, where that is because of an earlier answer.
    pub because: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// The answer, if there is one.
    pub answer: Option<Answered>,
    /// Whether the answer was given by a cough, a tap or a key.
    pub by_signal: bool,
    /// When it was answered.
    pub at: Option<Instant>,
}

fn answer_of<'l>(log: &'l Incident, prompt: &Label) -> Option<&'l Prompted> {
    log.prompts.iter().find(|p| &p.prompt == prompt)
}

/// The questions of a code, in the order of policy.
pub fn rows<'p>(policy: &'p Policy, code: &OpeningCode) -> Vec<&'p PromptPolicy> {
    let sets = policy.question_set.iter().filter(|set| set.codes.contains(code));
    sets.flat_map(|set| &set.prompt).collect()
}

/// Whether an earlier answer is the one that a question waits for.
fn meets(answer: &Answered, is: IsAnswered) -> bool {
    match (answer, is) {
        (Answered::Yes, IsAnswered::Yes) | (Answered::No, IsAnswered::No) => true,
        // Not knowing is no reason to ask less.
        (Answered::Unknown, _) => true,
        (Answered::Text(_), IsAnswered::Yes) => true,
        _ => false,
    }
}

/// The questions that the call asks now, in the order of policy.
///
/// Source: Crime hub panel, case 4: "request for information is dependent on the answers".
pub fn asked(s: &State, log: &Incident) -> Vec<PromptView> {
    let rows = rows(&s.policy, &log.opening_code);
    let mut shown: Vec<PromptView> = Vec::new();
    for row in &rows {
        let because = match &row.when {
            None => None,
            Some(when) => {
                let Some(earlier) = shown.iter().find(|p| p.prompt == when.prompt) else {
                    continue;
                };
                let Some(answer) = &earlier.answer else { continue };
                if !meets(answer, when.is) {
                    continue;
                }
                Some(format!("'{}' was answered: {}", earlier.words, answer_words(answer)))
            }
        };
        let answered = answer_of(log, &row.key);
        shown.push(PromptView {
            prompt: row.key.clone(),
            words: row.words.clone(),
            kind: row.kind,
            because,
            source: row.source.clone(),
            answer: answered.map(|p| p.answer.clone()),
            by_signal: answered.is_some_and(|p| p.by_signal),
            at: answered.map(|p| p.at),
        });
    }
    shown
}

/// An answer in words.
pub fn answer_words(answer: &Answered) -> &str {
    match answer {
        Answered::Yes => "yes",
        Answered::No => "no",
        Answered::Unknown => "unknown",
        Answered::NotApplicable => "does not apply",
        Answered::Text(words) => words.as_str(),
    }
}

/// The answers that tell of danger, each with its name and its question: yes to one that raises the
/// grade, and what was said because of that yes.
///
/// Source: Learning the Lessons, case 4 (what the caller said of harm did not reach the officers).
pub fn of_danger(log: &Incident, policy: &Policy) -> Vec<(Label, String)> {
    let all = || policy.question_set.iter().flat_map(|set| &set.prompt);
    // The opening code may have changed since: an answer is no less true.
    let row = |key: &Label| {
        let own = rows(policy, &log.opening_code).into_iter().find(|row| row.key == *key);
        own.or_else(|| all().find(|row| row.key == *key))
    };
    let is_danger = |key: &Label| {
        let yes = answer_of(log, key).is_some_and(|p| matches!(p.answer, Answered::Yes));
        yes && row(key).is_some_and(|row| row.raises.is_some())
    };
    let told = |p: &&Prompted| match &p.answer {
        Answered::Yes => is_danger(&p.prompt),
        Answered::Text(_) => row(&p.prompt)
            .and_then(|row| row.when.as_ref())
            .is_some_and(|when| is_danger(&when.prompt)),
        _ => false,
    };
    let told = log.prompts.iter().filter(told);
    let words = |p: &Prompted| format!("{} {}", p.words, answer_words(&p.answer));
    told.map(|p| (p.prompt.clone(), words(p))).collect()
}

/// Adds what the answers suggest about the grade.
pub(super) fn raise(suggestion: &mut Suggestion, log: &Incident, policy: &Policy) {
    let is_yes =
        |key: &Label| answer_of(log, key).is_some_and(|p| matches!(p.answer, Answered::Yes));
    raise_by(suggestion, &log.opening_code, policy, is_yes);
}

/// The same for answers that are not on a log: which of the code's questions were answered yes.
pub fn raise_by(
    suggestion: &mut Suggestion,
    code: &OpeningCode,
    policy: &Policy,
    is_yes: impl Fn(&Label) -> bool,
) {
    for row in rows(policy, code) {
        let Some(grade) = row.raises.filter(|_| is_yes(&row.key)) else { continue };
        raise_to(suggestion, grade, "an answer", format!("{} yes", row.words));
    }
}

fn raise_to(suggestion: &mut Suggestion, grade: Grade, rule: &str, words: String) {
    let cause = crate::event::Cause { rule: rule.to_owned(), words };
    if grade.above(suggestion.grade) {
        *suggestion = Suggestion { grade, because: vec![cause] };
    } else if grade == suggestion.grade {
        suggestion.because.push(cause);
    }
}

/// Answers a question of the call.
pub fn answer(s: &State, c: &AnswerPrompt, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    let asked = asked(s, log);
    let Some(prompt) = asked.iter().find(|p| p.prompt == c.prompt) else {
        let items = asked.iter().map(|p| p.prompt.to_string()).collect();
        let sentence = format!(
            "log {} does not ask '{}' now: answer one of the questions it asks",
            c.incident, c.prompt
        );
        return Err(Refused { items, ..Refused::not_found(sentence) });
    };
    if prompt.kind == PromptKind::Text && matches!(c.answer, Answered::Yes | Answered::No) {
        return Err(Refused::invalid(format!(
            "'{}' is answered in words: write them, or choose unknown or not applicable",
            prompt.words
        )));
    }
    let answered = Event::PromptAnswered {
        incident: c.incident,
        prompt: c.prompt.clone(),
        words: prompt.words.clone(),
        answer: c.answer.clone(),
        by_signal: c.by_signal,
    };
    // The question itself is not written: its words would count as the informant's.
    let signal = c.by_signal.then(|| signal_entry(log, c, &asked)).flatten();
    Ok([answered].into_iter().chain(signal).collect())
}

fn signal_entry(log: &Incident, c: &AnswerPrompt, asked: &[PromptView]) -> Option<Event> {
    let place = asked.iter().position(|p| p.prompt == c.prompt)? + 1;
    let heard = match c.answer {
        Answered::Yes => "a cough, tap or key press = YES",
        Answered::No => "the signal for NO",
        _ => "nothing was heard",
    };
    let text = Words::parse(&format!("Silent call, question {place}: {heard}")).ok()?;
    Some(Event::EntryAdded {
        incident: c.incident,
        entry: log.next_entry(),
        text,
        critical: false,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    })
}
