//! What the call asks: the questions of the opening code, some of them only because of an earlier
//! answer. Each has a one-key answer for "unknown" and for "does not apply".

use crate::command::{AnswerPrompt, Answered};
use crate::event::{Event, Suggestion};
use crate::incident::{Incident, Prompted};
use crate::name::{Grade, Label, OpeningCode, Words};
use crate::policy::{IsAnswered, Policy, PromptKind, PromptPolicy, QuestionSet};
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
    /// Whether the informant may prefer not to say.
    #[serde(default)]
    pub may_decline: bool,
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

/// A question as it is put in one round of its set.
struct Put<'p> {
    row: &'p PromptPolicy,
    key: Label,
    words: String,
    when: Option<(Label, IsAnswered)>,
}

/// So many people are described on one log at most.
const ROUNDS_MAX: usize = 12;

/// A question's name in a round: its own in the first.
fn in_round(key: &Label, round: usize) -> Label {
    if round < 2 {
        return key.clone();
    }
    Label::parse(&format!("{key} {round}")).unwrap_or_else(|_| key.clone())
}

/// The questions of a set, and again for each further round that was answered for.
fn put<'p>(set: &'p QuestionSet, log: &Incident) -> Vec<Put<'p>> {
    let mut all = Vec::new();
    for round in 1..=ROUNDS_MAX {
        let number = match &set.again {
            Some(again) => format!("{} {round}: ", again.each),
            None => String::new(),
        };
        all.extend(set.prompt.iter().map(|row| Put {
            row,
            key: in_round(&row.key, round),
            words: format!("{number}{}", row.words),
            when: row.when.as_ref().map(|when| (in_round(&when.prompt, round), when.is)),
        }));
        let goes_on = set.again.as_ref().is_some_and(|again| {
            let answered = answer_of(log, &in_round(&again.when, round));
            answered.is_some_and(|p| p.answer == Answered::Yes)
        });
        if !goes_on {
            break;
        }
    }
    all
}

/// The row of a question that was answered, whatever the code is now: an answer is no less true.
pub(super) fn row_of<'p>(
    policy: &'p Policy,
    log: &Incident,
    key: &Label,
) -> Option<&'p PromptPolicy> {
    let own = rows(policy, &log.opening_code);
    let all = || policy.question_set.iter().flat_map(|set| &set.prompt);
    let named = |name: &str| {
        let of_code = own.iter().copied().find(|row| row.key.as_str() == name);
        of_code.or_else(|| all().find(|row| row.key.as_str() == name))
    };
    named(key.as_str()).or_else(|| {
        let (first, round) = key.as_str().rsplit_once(' ')?;
        round.parse::<usize>().ok().and_then(|_| named(first))
    })
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
    let sets = s.policy.question_set.iter().filter(|set| set.codes.contains(&log.opening_code));
    let mut shown: Vec<PromptView> = Vec::new();
    for put in sets.flat_map(|set| put(set, log)) {
        let because = match &put.when {
            None => None,
            Some((earlier, is)) => match because(&shown, earlier, *is) {
                Some(because) => Some(because),
                None => continue,
            },
        };
        let answered = answer_of(log, &put.key);
        shown.push(PromptView {
            kind: put.row.kind,
            because,
            source: put.row.source.clone(),
            may_decline: put.row.may_decline,
            answer: answered.map(|p| p.answer.clone()),
            by_signal: answered.is_some_and(|p| p.by_signal),
            at: answered.map(|p| p.at),
            prompt: put.key,
            words: put.words,
        });
    }
    shown
}

/// Why a question is asked because of an earlier one, if that was answered so.
fn because(shown: &[PromptView], earlier: &Label, is: IsAnswered) -> Option<String> {
    let earlier = shown.iter().find(|p| p.prompt == *earlier)?;
    let answer = earlier.answer.as_ref().filter(|answer| meets(answer, is))?;
    Some(format!("'{}' was answered: {}", earlier.words, answer_words(answer)))
}

/// An answer in words.
pub fn answer_words(answer: &Answered) -> &str {
    match answer {
        Answered::Yes => "yes",
        Answered::No => "no",
        Answered::Unknown => "unknown",
        Answered::NotApplicable => "does not apply",
        Answered::PreferNotToSay => "prefers not to say",
        Answered::Text(words) => words.as_str(),
    }
}

/// Yes or no, where it is plainly that.
fn plainly(answer: &Answered) -> Option<IsAnswered> {
    match answer {
        Answered::Yes => Some(IsAnswered::Yes),
        Answered::No => Some(IsAnswered::No),
        _ => None,
    }
}

/// The answers that tell of danger, each with its name and its question: the answer that raises the
/// grade, and what was said because of it.
///
/// Source: Learning the Lessons, case 4 (what the caller said of harm did not reach the officers).
pub fn of_danger(log: &Incident, policy: &Policy) -> Vec<(Label, String)> {
    let told = log.prompts.iter().filter(|p| tells_of_danger(log, policy, p));
    let words = |p: &Prompted| format!("{} {}", p.words, answer_words(&p.answer));
    told.map(|p| (p.prompt.clone(), words(p))).collect()
}

fn tells_of_danger(log: &Incident, policy: &Policy, p: &Prompted) -> bool {
    let is_danger = |p: &Prompted| {
        let raises =
            |row: &&PromptPolicy| row.raises.is_some() && plainly(&p.answer) == Some(row.raises_if);
        row_of(policy, log, &p.prompt).filter(raises).is_some()
    };
    match &p.answer {
        Answered::Text(_) => {
            let when = row_of(policy, log, &p.prompt).and_then(|row| row.when.as_ref());
            when.and_then(|when| answer_of(log, &when.prompt)).is_some_and(is_danger)
        }
        _ => is_danger(p),
    }
}

/// What else officers are to know of the answers, such as who is described how.
///
/// Source: Cheshire Constabulary in Learning the Lessons: insufficient descriptions on logs.
pub fn for_officers(log: &Incident, policy: &Policy) -> Vec<String> {
    let says = |p: &&Prompted| {
        let says = matches!(p.answer, Answered::Text(_) | Answered::Yes);
        let brief = || row_of(policy, log, &p.prompt).is_some_and(|row| row.brief);
        says && brief() && !tells_of_danger(log, policy, p)
    };
    let told = log.prompts.iter().filter(says);
    told.map(|p| format!("{} {}", p.words, answer_words(&p.answer))).collect()
}

/// Adds what the answers suggest about the grade.
pub(super) fn raise(suggestion: &mut Suggestion, log: &Incident, policy: &Policy) {
    let answered = |key: &Label| answer_of(log, key).and_then(|p| plainly(&p.answer));
    raise_by(suggestion, &log.opening_code, policy, answered);
}

/// The same for answers that are not on a log: which of the code's questions were answered yes or
/// no.
pub fn raise_by(
    suggestion: &mut Suggestion,
    code: &OpeningCode,
    policy: &Policy,
    answered: impl Fn(&Label) -> Option<IsAnswered>,
) {
    for row in rows(policy, code) {
        let Some(grade) = row.raises else { continue };
        if answered(&row.key) == Some(row.raises_if) {
            let words = format!("{} {}", row.words, row.raises_if.word());
            raise_to(suggestion, grade, "an answer", words);
        }
    }
}

/// Suggests a grade at least so urgent, and why.
pub(crate) fn raise_to(suggestion: &mut Suggestion, grade: Grade, rule: &str, words: String) {
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
    if c.answer == Answered::PreferNotToSay && !prompt.may_decline {
        return Err(Refused::invalid(format!(
            "'{}' is no question about the informant's own self: choose unknown or not applicable",
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
