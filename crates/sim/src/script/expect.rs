//! What Callbox must do: the line after `->`.

use super::fault::Wrong;
use super::lex::{Cursor, Token};
use super::names::{Context, Named};
use super::value::{self, Fields};
use super::words;
use rules::obligation::{Fate, Rule};
use rules::policy::Level;
use rules::time::{Instant, Span};

/// What must be, or must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// What.
    pub what: Expected,
    /// Words that must stand in the source of its rule.
    pub because: Option<String>,
    /// It happens again, so long after each time, until then.
    pub every: Option<(Span, Instant)>,
    /// For what must not be: until when; to the end if nothing is said.
    pub until: Option<Instant>,
    /// Whether it must not be.
    pub never: bool,
}

/// What is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Something of the timeline, at its second.
    Entry(Pattern),
    /// Something that is so at that moment.
    State(Holds),
}

/// Something of the timeline. What is left out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Which kind.
    pub kind: Option<Kind>,
    /// What it is about, by its name.
    pub about: Option<String>,
    /// Its rule.
    pub rule: Option<Rule>,
    /// Which of several.
    pub part: Option<String>,
    /// Who owns it, is told, or hears it.
    pub owners: Vec<String>,
    /// Its level.
    pub level: Option<Level>,
    /// How it ended.
    pub fate: Option<Fate>,
    /// Words of a refusal.
    pub words: Option<String>,
    /// An event's name.
    pub event: Option<String>,
    /// What stands in the event.
    pub fields: Fields,
}

/// The kinds of entries of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something is owed from now on.
    Armed,
    /// Somebody is told of it.
    Told,
    /// A position hears it.
    Sounds,
    /// It is no longer owed.
    Ended,
    /// A command was refused.
    Refused,
    /// Anything else that is recorded.
    Recorded,
}

/// Something that is so at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is owed, by whom and since when.
    Owes {
        about: String,
        rule: Rule,
        part: Option<String>,
        to: Option<String>,
        since: Option<Instant>,
    },
    /// Nothing is owed under this rule, or nothing at all.
    OwesNo { about: String, rule: Option<Rule> },
    /// The grade suggested, and the words it comes from.
    Suggests { log: String, grade: u64, because: Option<String> },
    /// A contact is shown with a log that may be the same thing.
    Finds { contact: String, log: String },
    /// What the officers' risk card says.
    CardSays { log: String, words: String },
    /// What stands in the way of closing.
    CannotClose { log: String, words: String },
    /// Who owns a log.
    OwnedBy { log: String, owner: String },
}

/// Reads what stands after `->`.
///
/// # Errors
/// What is not understood.
pub fn read(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Expect, Wrong> {
    let never = line.is_word("no");
    let what = what(line, context)?;
    let mut because = None;
    let mut until = None;
    loop {
        if line.is_word("because") {
            because = Some(text(line)?);
        } else if never && line.is_word("until") {
            let word = line.word().ok_or_else(|| Wrong::new("a time is missing after 'until'"))?;
            until = Some(context.day.next(word, context.at)?);
        } else {
            break;
        }
    }
    line.end()?;
    if never && matches!(what, Expected::State(_)) {
        return Err(Wrong::new(
            "what is so at a moment cannot be expected with 'no': say what is so instead",
        ));
    }
    let what = match (what, because.clone()) {
        (Expected::State(Holds::Suggests { log, grade, .. }), because) => {
            Expected::State(Holds::Suggests { log, grade, because })
        }
        (what, _) => what,
    };
    Ok(Expect { what, because, every: None, until, never })
}

fn text(line: &mut Cursor<'_>) -> Result<String, Wrong> {
    let found = line.found();
    let text = line.text().map(str::to_owned);
    text.ok_or_else(|| {
        Wrong::new(format!("{found} stands where a text in quotation marks should: write one"))
    })
}

fn what(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Expected, Wrong> {
    if line.is_word("refused") {
        let words = line.text().map(str::to_owned);
        let pattern = Pattern { kind: Some(Kind::Refused), words, ..Pattern::default() };
        return Ok(Expected::Entry(pattern));
    }
    if line.is_word("nothing") {
        return Ok(Expected::Entry(Pattern::default()));
    }
    if line.are_words("card of") {
        let log = log(line, context)?;
        word(line, "says")?;
        return Ok(Expected::State(Holds::CardSays { log, words: text(line)? }));
    }
    let about = about(line, context)?;
    if line.is_word("owes") {
        return owes(about, line, context).map(Expected::State);
    }
    if line.is_word("suggests") {
        let grade = value::value(line)?;
        let grade = context.grade(grade.plain().unwrap_or_default())?;
        return Ok(Expected::State(Holds::Suggests { log: about, grade, because: None }));
    }
    if line.is_word("finds") {
        let log = log(line, context)?;
        return Ok(Expected::State(Holds::Finds { contact: about, log }));
    }
    if line.are_words("cannot close") {
        line.is_mark(':');
        return Ok(Expected::State(Holds::CannotClose { log: about, words: text(line)? }));
    }
    if line.are_words("is owned by") {
        let owner = owner(line, context)?;
        return Ok(Expected::State(Holds::OwnedBy { log: about, owner }));
    }
    if line.is_word("records") {
        let event = line.word().ok_or_else(|| Wrong::new("the name of an event is missing"))?;
        return Ok(Expected::Entry(Pattern {
            kind: Some(Kind::Recorded),
            about: Some(about),
            event: Some(words::event(event)?),
            fields: value::fields(line)?,
            ..Pattern::default()
        }));
    }
    by_rule(about, line, context).map(Expected::Entry)
}

/// What the words after a rule may be.
const VERBS: [&str; 4] = ["tells", "sounds", "falls", "is"];

fn by_rule(about: String, line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Pattern, Wrong> {
    let Some(word) = line.word() else {
        return Err(Wrong::new(format!("{} stands where a rule should: name one", line.found())));
    };
    let rule = words::rule(word).map_err(|wrong| also(word, wrong))?;
    let part = line.text().map(str::to_owned);
    let mut pattern = Pattern { about: Some(about), rule: Some(rule), part, ..Pattern::default() };
    if line.is_word("tells") {
        pattern.kind = Some(Kind::Told);
        pattern.owners = owners(line, context)?;
        if line.is_word("at") {
            pattern.level = Some(words::level(line.word().unwrap_or_default())?);
        }
    } else if line.is_word("sounds") {
        pattern.kind = Some(Kind::Sounds);
        if let Some(level) = line.peek_word().filter(|word| word.starts_with('A')) {
            pattern.level = Some(words::level(level)?);
            line.take();
        }
        if line.is_word("at") || line.is_word("to") {
            pattern.owners = vec![owner(line, context)?];
        }
    } else if line.are_words("falls to") {
        pattern.kind = Some(Kind::Armed);
        pattern.owners = vec![owner(line, context)?];
    } else if line.is_word("is") {
        pattern.kind = Some(Kind::Ended);
        pattern.fate = Some(fate(line)?);
    } else if line.peek_word().is_some_and(|word| !["because", "until"].contains(&word)) {
        let found = line.peek_word().unwrap_or_default();
        return Err(Wrong(words::unknown("word after a rule", found, VERBS.into_iter())));
    }
    Ok(pattern)
}

/// A word after a subject that is no rule may be one of the other forms.
fn also(word: &str, wrong: Wrong) -> Wrong {
    let forms = ["owes", "suggests", "finds", "cannot", "records", "refused"];
    match words::nearest(word, forms.into_iter()) {
        Some(near) if !wrong.0.contains("did you mean") => {
            Wrong::new(format!("'{word}' is not understood: did you mean '{near}'?"))
        }
        _ => wrong,
    }
}

fn fate(line: &mut Cursor<'_>) -> Result<Fate, Wrong> {
    match line.word() {
        Some("done") => Ok(Fate::Done),
        Some("overtaken") => Ok(Fate::Overtaken),
        Some("closed") => Ok(Fate::Closed),
        other => {
            let fates = ["done", "overtaken", "closed"].into_iter();
            Err(Wrong(words::unknown("end of an obligation", other.unwrap_or_default(), fates)))
        }
    }
}

fn owes(about: String, line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Holds, Wrong> {
    if line.is_word("nothing") {
        return Ok(Holds::OwesNo { about, rule: None });
    }
    let no = line.is_word("no");
    let name = line.word().ok_or_else(|| Wrong::new("the name of a rule is missing"))?;
    let rule = words::rule(name)?;
    if no {
        return Ok(Holds::OwesNo { about, rule: Some(rule) });
    }
    let part = line.text().map(str::to_owned);
    let to = if line.is_word("to") { Some(owner(line, context)?) } else { None };
    let since = match line.is_word("since") {
        true => {
            let time = line.word().ok_or_else(|| Wrong::new("a time is missing after 'since'"))?;
            Some(last(time, context)?)
        }
        false => None,
    };
    Ok(Holds::Owes { about, rule, part, to, since })
}

/// The last time that it was so late.
fn last(time: &str, context: &Context<'_>) -> Result<Instant, Wrong> {
    let at = context.day.at(time)?;
    if at <= context.at {
        return Ok(at);
    }
    Ok(at - Span::minutes(24 * 60))
}

fn word(line: &mut Cursor<'_>, wanted: &str) -> Result<(), Wrong> {
    if line.is_word(wanted) {
        return Ok(());
    }
    Err(Wrong::new(format!("{} stands where '{wanted}' should: write it", line.found())))
}

/// What it is about: by its name, an agency in quotation marks.
fn about(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<String, Wrong> {
    if let Some(agency) = line.text() {
        return Ok(format!("\"{agency}\""));
    }
    let Some(word) = line.word() else {
        return Err(Wrong::new(format!(
            "{} stands where a log, contact, unit or desk should: name one",
            line.found()
        )));
    };
    context.subject(word)?;
    Ok(word.to_owned())
}

fn log(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<String, Wrong> {
    let word = line.word().ok_or_else(|| Wrong::new("the name of a log is missing"))?;
    context.log(word)?;
    Ok(word.to_owned())
}

/// People and desks, a comma between them.
fn owners(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Vec<String>, Wrong> {
    let mut owners = vec![owner(line, context)?];
    while line.is_mark(',') {
        owners.push(owner(line, context)?);
    }
    Ok(owners)
}

/// Somebody by name, or a desk in words.
fn owner(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<String, Wrong> {
    let start = line.clone();
    let first = line.word().ok_or_else(|| Wrong::new("a person or desk is missing: name one"))?;
    if matches!(context.names.get(first), Some(Named::Person(_) | Named::Unit(_))) {
        return Ok(first.to_owned());
    }
    *line = start.clone();
    let mut words_so_far = String::new();
    let mut best = None;
    let mut ahead = line.clone();
    while let Some(word) = ahead.word() {
        words_so_far = format!("{words_so_far} {word}").trim().to_owned();
        if let Some(role) = words::role(&words_so_far) {
            best = Some((role, ahead.at));
        }
        if words_so_far.split(' ').count() > 3 {
            break;
        }
    }
    match best {
        Some((role, at)) => {
            line.at = at;
            Ok(role.words())
        }
        None => Err(unknown_owner(&start, first, context)),
    }
}

/// What was meant by the words that stand where somebody should: one word, or two or three.
fn unknown_owner(line: &Cursor<'_>, word: &str, context: &Context<'_>) -> Wrong {
    let people = context.names.iter().filter(|(_, n)| matches!(n, Named::Person(_)));
    let people = people.map(|(name, _)| name.clone());
    let desks = rules::role::Role::ALL.into_iter().map(|role| role.words());
    let known: Vec<String> = people.chain(desks).collect();
    let known = || known.iter().map(String::as_str);
    let (mut ahead, mut said) = (line.clone(), String::new());
    while let Some(next) = ahead.word().filter(|_| ahead.at <= line.at + 3) {
        said = format!("{said} {next}").trim().to_owned();
        if words::nearest(&said, known()).is_some() {
            return Wrong(words::unknown("person or desk", &said, known()));
        }
    }
    Wrong(words::unknown("person or desk", word, known()))
}

/// Whether a line begins what must be: `->`.
pub fn is_arrow(token: Option<&Token>) -> bool {
    matches!(token, Some(Token::Word(word)) if word == "->")
}
