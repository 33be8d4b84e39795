//! What people do, in the words of the room: a table of phrases, each with the command it stands
//! for. Whatever has no phrase is written with `does`, the command's name and its fields.
//!
//! In a phrase, capitals are a place to fill, small letters a word, square brackets what may be
//! left out. In a command, `$PLACE` is what stood there; a field whose place is empty is left out,
//! unless `|` gives another value.

use super::fault::Wrong;
use super::lex::{Cursor, Token};
use super::names::{Context, Named};
use super::value::{self, Value};
use super::words;
use rules::command::Command;
use std::collections::BTreeMap;

/// A phrase and its command.
pub struct Phrase {
    /// The phrase.
    pub form: &'static str,
    /// The command with its fields.
    pub command: &'static str,
}

const fn phrase(form: &'static str, command: &'static str) -> Phrase {
    Phrase { form, command }
}

/// Every phrase.
pub const PHRASES: &[Phrase] = &[
    phrase(
        "call from LINE [by NAME] to WHO [on CHANNEL] [:] [TEXT]",
        "receive_contact channel=$CHANNEL|999 line=$LINE name=$NAME words=$TEXT",
    ),
    phrase(
        "WHO opens NEW CODE at PLACE [from CONTACT] [:] TEXT",
        "open_incident contact=$CONTACT opening_code=$CODE location=$PLACE words=$TEXT \
         informant=$INFORMANT",
    ),
    phrase(
        "WHO writes on LOG [critical] [new information] [own words] [:] TEXT",
        "add_entry incident=$LOG text=$TEXT critical=$critical new_information=$new \
         own_words=$own",
    ),
    phrase("WHO reads LOG", "read_log incident=$LOG up_to=last"),
    phrase(
        "WHO grades LOG GRADE [:] [TEXT] [agreed by PERSON]",
        "grade_incident incident=$LOG grade=$GRADE reason=$TEXT agreed_by=$PERSON",
    ),
    phrase(
        "WHO asks for LOG to be GRADE [:] TEXT",
        "contest_grade incident=$LOG grade=$GRADE reason=$TEXT",
    ),
    phrase("WHO assesses LOG [:] ELEMENTS", "record_thrive incident=$LOG elements=$ELEMENTS"),
    phrase(
        "WHO assesses LOG not understood [:] ELEMENTS",
        "record_thrive incident=$LOG elements=$ELEMENTS informant_understood=no",
    ),
    phrase(
        "WHO changes LOG to CODE [:] TEXT",
        "change_opening_code incident=$LOG opening_code=$CODE reason=$TEXT",
    ),
    phrase(
        "WHO keeps the code of LOG against DOUBT [:] TEXT",
        "keep_opening_code incident=$LOG doubt=$DOUBT reason=$TEXT",
    ),
    phrase("WHO opens the SOP of LOG", "open_sop incident=$LOG"),
    phrase(
        "WHO settles STEP of LOG [:] TEXT",
        "settle_sop_step incident=$LOG step=$STEP outcome=done($TEXT)",
    ),
    phrase(
        "WHO excuses STEP of LOG [:] TEXT",
        "settle_sop_step incident=$LOG step=$STEP outcome=not_applicable($TEXT)",
    ),
    phrase(
        "WHO notes PROMPT of LOG as ANSWER",
        "answer_prompt incident=$LOG prompt=$PROMPT answer=$ANSWER",
    ),
    phrase("WHO requests CHECK of LOG", "request_check incident=$LOG check=$CHECK"),
    phrase(
        "WHO checks CHECK of LOG [:] TEXT",
        "record_check incident=$LOG check=$CHECK outcome=done($TEXT)",
    ),
    phrase(
        "WHO finds MARKER on LOG [for officers] [:] TEXT",
        "find_marker incident=$LOG marker=$MARKER text=$TEXT officer_safety=$for",
    ),
    phrase("WHO tags LOG TAG [:] TEXT", "tag_incident incident=$LOG tag=$TAG reason=$TEXT"),
    phrase("WHO untags LOG TAG [:] TEXT", "untag_incident incident=$LOG tag=$TAG reason=$TEXT"),
    phrase("WHO places LOG at PLACE", "set_location incident=$LOG location=$PLACE"),
    phrase(
        "WHO tells the informant of LOG TOLD [:] TEXT",
        "tell_informant incident=$LOG told=$TOLD words=$TEXT",
    ),
    phrase(
        "WHO promises to ring back LOG by TIME [:] TEXT",
        "promise_ring_back incident=$LOG by=$TIME why=$TEXT",
    ),
    phrase("WHO rings back LOG [:] TEXT", "ring_back incident=$LOG spoke=yes words=$TEXT"),
    phrase("WHO rings back LOG in vain [:] TEXT", "ring_back incident=$LOG spoke=no words=$TEXT"),
    phrase(
        "WHO rings AGENCY about LOG OUTCOME [:] TEXT",
        "ring_agency incident=$LOG agency=$AGENCY outcome=$OUTCOME words=$TEXT",
    ),
    phrase(
        "WHO links CONTACT to LOG [chasing]",
        "link_contact contact=$CONTACT incident=$LOG chasing=$chasing",
    ),
    phrase(
        "WHO links LOG to OTHER [as RELATION]",
        "link_incident incident=$LOG other=$OTHER relation=$RELATION|related",
    ),
    phrase("WHO ends CONTACT [:] TEXT", "end_contact contact=$CONTACT outcome=$TEXT"),
    phrase(
        "WHO hangs up CONTACT [dropped] [because TEXT]",
        "hang_up contact=$CONTACT line_dropped=$dropped because=$TEXT",
    ),
    phrase("WHO passes LOG", "pass_to_dispatch incident=$LOG"),
    phrase(
        "WHO accepts LOG",
        "accept_incident incident=$LOG code_is_right=yes grade_is_right=yes content_is_enough=yes",
    ),
    phrase(
        "WHO accepts LOG but [:] TEXT",
        "accept_incident incident=$LOG code_is_right=yes grade_is_right=yes content_is_enough=no \
         remark=$TEXT",
    ),
    phrase(
        "WHO gives LOG to PERSON [:] TEXT",
        "give_incident incident=$LOG to=$PERSON reason=$TEXT",
    ),
    phrase("WHO names PERSON sergeant of LOG", "name_supervisor incident=$LOG sergeant=$PERSON"),
    phrase("WHO asks OWNER on LOG [:] TEXT", "ask_question incident=$LOG to=$OWNER text=$TEXT"),
    phrase(
        "WHO answers question NUMBER of LOG [:] TEXT",
        "answer_question incident=$LOG question=$NUMBER outcome=done($TEXT)",
    ),
    phrase("WHO says LOG needs NEED [:] [TEXT]", "say_need incident=$LOG need=$NEED reason=$TEXT"),
    phrase(
        "WHO sends UNIT to LOG [:] [TEXT]",
        "deploy_unit incident=$LOG call_sign=$UNIT reason=$TEXT",
    ),
    phrase("WHO confirms LOG", "confirm_deployment incident=$LOG call_sign=$WHO"),
    phrase("WHO is on the way", "set_status call_sign=$WHO status=5"),
    phrase("WHO reads the card of LOG", "open_risk_card incident=$LOG call_sign=$WHO"),
    phrase("WHO is at scene", "set_status call_sign=$WHO status=6"),
    phrase("WHO checks in", "check_in call_sign=$WHO"),
    phrase("WHO is clear", "set_status call_sign=$WHO status=2"),
    phrase(
        "WHO is clear having seen [:] TEXT",
        "set_status call_sign=$WHO status=2 seen=done($TEXT)",
    ),
    phrase(
        "WHO is clear without having seen [:] TEXT",
        "set_status call_sign=$WHO status=2 seen=not_applicable($TEXT)",
    ),
    phrase("WHO presses for help", "set_status call_sign=$WHO status=0"),
    phrase(
        "WHO asks to close LOG [:] TEXT risk RISK",
        "ask_to_close incident=$LOG found=$TEXT risk_now=$RISK",
    ),
    phrase(
        "WHO asks to close LOG [:] TEXT risk RISK without having seen SEEN",
        "ask_to_close incident=$LOG found=$TEXT risk_now=$RISK seen=not_applicable($SEEN)",
    ),
    phrase(
        "WHO asks to close LOG [:] TEXT risk RISK having seen SEEN",
        "ask_to_close incident=$LOG found=$TEXT risk_now=$RISK seen=done($SEEN)",
    ),
    phrase(
        "WHO diverts UNIT to LOG leaving LEFT [:] TEXT",
        "divert_unit call_sign=$UNIT to=$LOG left_behind=$LEFT reason=$TEXT",
    ),
    phrase(
        "WHO stands down UNIT from LOG [:] TEXT",
        "stand_down incident=$LOG call_sign=$UNIT reason=$TEXT",
    ),
    phrase("WHO confirms release from LOG", "confirm_release incident=$LOG call_sign=$WHO"),
    phrase(
        "WHO closes LOG CODE [:] TEXT risk RISK [told TOLD]",
        "close_incident incident=$LOG closing_code=$CODE result=$TEXT told=$TOLD|result \
         risk_now=$RISK",
    ),
    phrase("WHO owns RULE of LOG [:] TEXT", "own_obligation obligation=$RULE/$LOG words=$TEXT"),
    phrase(
        "WHO hands RULE of LOG to OWNER [:] TEXT",
        "give_obligation obligation=$RULE/$LOG to=$OWNER reason=$TEXT",
    ),
    phrase(
        "WHO delays RULE of LOG until TIME [:] TEXT",
        "delay_obligation obligation=$RULE/$LOG until=$TIME reason=$TEXT",
    ),
    phrase(
        "WHO raises RULE of LOG [:] TEXT",
        "raise_obligation obligation=$RULE/$LOG reason=$TEXT",
    ),
    phrase("WHO silences RULE", "silence_alarm rule=$RULE"),
    phrase("WHO goes on break [to PERSON]", "go_on_break to=$PERSON"),
    phrase("WHO comes back", "come_back"),
    phrase("WHO signs on", "sign_on seat=$SEAT skills=$SKILLS"),
    phrase("WHO signs off [to PERSON]", "sign_off to=$PERSON"),
    phrase("WHO builds the handover of DESK", "build_handover desk=$DESK"),
    phrase(
        "WHO accepts line NUMBER of HANDOVER",
        "accept_handover_line handover=$HANDOVER line=$NUMBER",
    ),
];

/// What stood in the places of a phrase.
pub type Captured = BTreeMap<String, Value>;

/// A phrase that was read: its command, and what stood in its places.
pub struct Read {
    /// The phrase.
    pub phrase: &'static Phrase,
    /// What stood where.
    pub captured: Captured,
}

/// How far a phrase got, and what it wanted there.
struct Stuck {
    at: usize,
    wanted: Wanted,
}

enum Wanted {
    Word(String),
    Other(Wrong),
}

/// Reads a line as one of the phrases.
///
/// # Errors
/// What was wanted where the phrase that got furthest got stuck.
pub fn read(tokens: &[Token], context: &Context<'_>) -> Result<Read, Wrong> {
    let mut stuck: Vec<Stuck> = Vec::new();
    for phrase in PHRASES {
        match fit(phrase, tokens, context) {
            Ok(captured) => return Ok(Read { phrase, captured }),
            Err(one) => stuck.push(one),
        }
    }
    let furthest = stuck.iter().map(|s| s.at).max().unwrap_or(0);
    Err(sentence(tokens, furthest, stuck.into_iter().filter(|s| s.at == furthest).collect()))
}

fn sentence(tokens: &[Token], at: usize, stuck: Vec<Stuck>) -> Wrong {
    let mut cursor = Cursor::new(tokens);
    cursor.at = at;
    let mut wanted: Vec<String> = Vec::new();
    let mut other = None;
    for one in stuck {
        match one.wanted {
            Wanted::Word(word) if !wanted.contains(&word) => wanted.push(word),
            Wanted::Word(_) => {}
            Wanted::Other(wrong) => other = other.or(Some(wrong)),
        }
    }
    let found = cursor.peek_word();
    let near = found.and_then(|word| words::nearest(word, wanted.iter().map(String::as_str)));
    match (near, other, wanted.is_empty()) {
        (Some(near), ..) => {
            Wrong::new(format!("{} is not understood: did you mean '{near}'?", cursor.found()))
        }
        (None, Some(wrong), _) => wrong,
        (None, None, false) => Wrong::new(format!(
            "{} is not understood here: write one of {}",
            cursor.found(),
            wanted.join(", ")
        )),
        (None, None, true) => {
            Wrong::new(format!("{} stands where the line should end", cursor.found()))
        }
    }
}

/// A piece of a phrase.
fn pieces(form: &'static str) -> impl Iterator<Item = (&'static str, bool)> {
    // A group in brackets is one piece.
    let mut rest = form;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        if let Some(inner) = rest.strip_prefix('[') {
            let (group, after) = inner.split_once(']').unwrap_or((inner, ""));
            rest = after;
            return Some((group, true));
        }
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = after;
        Some((word, false))
    })
}

fn fit(
    phrase: &'static Phrase,
    tokens: &[Token],
    context: &Context<'_>,
) -> Result<Captured, Stuck> {
    let mut line = Cursor::new(tokens);
    let mut captured = Captured::new();
    let mut deepest: Option<Stuck> = None;
    for (piece, optional) in pieces(phrase.form) {
        let mut ahead = line.clone();
        let mut within = captured.clone();
        match group(piece, &mut ahead, &mut within, context) {
            Ok(()) => {
                line = ahead;
                captured = within;
            }
            // Once its first word stands there, the rest of a group must too.
            Err(stuck) if optional && stuck.at == line.at => {
                let _ = deepest.get_or_insert(stuck);
            }
            Err(stuck) => return Err(stuck),
        }
    }
    if line.is_at_end() {
        return Ok(captured);
    }
    let wanted = match deepest {
        Some(stuck) if stuck.at == line.at => stuck.wanted,
        _ => Wanted::Other(line.end().expect_err("it is not at its end")),
    };
    Err(Stuck { at: line.at, wanted })
}

fn group(
    piece: &str,
    line: &mut Cursor<'_>,
    captured: &mut Captured,
    context: &Context<'_>,
) -> Result<(), Stuck> {
    for (n, word) in piece.split(' ').enumerate() {
        let at = line.at;
        if word == ":" {
            if !line.is_mark(':') {
                return Err(Stuck { at, wanted: Wanted::Word(":".to_owned()) });
            }
        } else if word.chars().all(|c| c.is_ascii_uppercase()) && word.len() > 2 && word != "SOP" {
            let value = place(word, line, context)
                .map_err(|wrong| Stuck { at, wanted: Wanted::Other(wrong) })?;
            captured.insert(word.to_owned(), value);
        } else if line.is_word(word) {
            if n == 0 {
                captured.insert(word.to_owned(), Value::Word("yes".to_owned()));
            }
        } else {
            return Err(Stuck { at, wanted: Wanted::Word(word.to_owned()) });
        }
    }
    Ok(())
}

/// Takes what stands in a place of a phrase.
fn place(name: &str, line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Value, Wrong> {
    let is_log = |named: &Named| matches!(named, Named::Log(_));
    let is_person = |named: &Named| matches!(named, Named::Person(_));
    match name {
        "WHO" => known(line, context, "person or unit", |n| {
            matches!(n, Named::Person(_) | Named::Unit(_))
        }),
        "PERSON" => known(line, context, "person", is_person),
        "LOG" | "OTHER" => known(line, context, "log", is_log),
        "CONTACT" => known(line, context, "contact", |n| matches!(n, Named::Contact(_))),
        "HANDOVER" => known(line, context, "handover", |n| matches!(n, Named::Handover(_))),
        "UNIT" => known(line, context, "unit", |n| matches!(n, Named::Unit(_))),
        "NEW" => match line.peek_word() {
            // "opens the SOP" is no name for a log.
            Some("the") | None => Err(Wrong::new("a new name for the log is missing: L1")),
            Some(word) => {
                line.take();
                Ok(Value::Word(word.to_owned()))
            }
        },
        "RULE" => {
            let word = line.word().ok_or_else(|| Wrong::new("the name of a rule is missing"))?;
            words::rule(word.split('/').next().unwrap_or(word))?;
            Ok(Value::Word(word.to_owned()))
        }
        "TEXT" | "RISK" | "SEEN" | "NAME" => match line.text() {
            Some(text) => Ok(Value::Text(text.to_owned())),
            None => Err(Wrong::new(format!(
                "{} stands where a text in quotation marks should: write one",
                line.found()
            ))),
        },
        "LINE" => match value::value(line)? {
            Value::Word(word) if word == "withheld" => Ok(Value::Word("none".to_owned())),
            other => Ok(other),
        },
        "ELEMENTS" => elements(line, context),
        _ => value::value(line),
    }
}

fn known(
    line: &mut Cursor<'_>,
    context: &Context<'_>,
    what: &str,
    is: impl Fn(&Named) -> bool,
) -> Result<Value, Wrong> {
    let Some(word) = line.peek_word() else {
        return Err(Wrong::new(format!("{} stands where a {what} should", line.found())));
    };
    if !context.names.get(word).is_some_and(&is) {
        return Err(context.unknown_of(what, word, is));
    }
    line.take();
    Ok(Value::Word(word.to_owned()))
}

/// `threat high "he has a knife", harm low "…"`; `all` stands for every element not named yet.
fn elements(line: &mut Cursor<'_>, context: &Context<'_>) -> Result<Value, Wrong> {
    let policy = &context.policy.thrive;
    let mut rated: Vec<(String, Value, Value)> = Vec::new();
    while let Some(element) = line.word() {
        let known = policy.elements.iter().any(|e| e.as_str() == element);
        if !known && element != "all" {
            let names = policy.elements.iter().map(|e| e.as_str()).chain(["all"]);
            return Err(Wrong(words::unknown("element of THRIVE", element, names)));
        }
        let rating = value::value(line)?;
        let rationale = match line.text() {
            Some(text) => Value::Text(text.to_owned()),
            None => {
                return Err(Wrong::new(format!("the reason for {element} is missing: write it")));
            }
        };
        let all = policy.elements.iter().map(|e| e.as_str());
        let here: Vec<&str> = if known { vec![element] } else { all.collect() };
        for element in here {
            if known || !rated.iter().any(|(before, ..)| before == element) {
                rated.push((element.to_owned(), rating.clone(), rationale.clone()));
            }
        }
        line.is_mark(',');
    }
    let field = |key: &str, value: Value| (key.to_owned(), value);
    let list = rated.into_iter().map(|(element, rating, rationale)| {
        Value::Fields(vec![
            field("element", Value::Text(element)),
            field("rating", rating),
            field("rationale", rationale),
        ])
    });
    Ok(Value::List(list.collect()))
}

/// The command of a phrase with its fields.
pub fn command(read: &Read) -> (&'static str, value::Fields) {
    let mut parts = read.phrase.command.split_whitespace();
    let name = parts.next().unwrap_or_default();
    let name = Command::NAMES.iter().copied().find(|known| *known == name).unwrap_or(name);
    let fields = parts.filter_map(|part| part.split_once('='));
    let fields =
        fields.filter_map(|(key, value)| Some((key.to_owned(), filled(value, &read.captured)?)));
    (name, fields.collect())
}

/// A value of a template with its places filled; `None` where a place is empty.
fn filled(template: &str, captured: &Captured) -> Option<Value> {
    let (template, instead) = match template.split_once('|') {
        Some((template, instead)) => (template, Some(Value::Word(instead.to_owned()))),
        None => (template, None),
    };
    let value = match (template.split_once('('), template.split_once('/')) {
        (Some((of, inner)), _) => {
            let inner = filled(inner.trim_end_matches(')'), captured)?;
            Some(Value::Of(of.to_owned(), Box::new(inner)))
        }
        (None, Some((rule, log))) => {
            let (rule, log) = (filled(rule, captured)?, filled(log, captured)?);
            let (rule, log) = (rule.plain()?.to_owned(), log.plain()?.to_owned());
            Some(Value::Word(match rule.split_once('/') {
                Some((rule, part)) => format!("{rule}/{log}/{part}"),
                None => format!("{rule}/{log}"),
            }))
        }
        (None, None) => match template.strip_prefix('$') {
            Some(place) => captured.get(place).cloned(),
            None => Some(Value::Word(template.to_owned())),
        },
    };
    value.or(instead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_stands_for_a_command_and_fills_its_places() {
        for one in PHRASES {
            let name = one.command.split(' ').next().expect("a phrase has a command");
            assert!(Command::NAMES.contains(&name), "{name}");
            let places = one.command.split(['$', '|', '/', '(', ')', ' ']);
            let is_place = |word: &&str| !word.is_empty() && word.chars().all(char::is_uppercase);
            for place in places.filter(is_place) {
                let later = ["INFORMANT", "SEAT", "SKILLS"].contains(&place);
                assert!(later || one.form.contains(place), "{place} in '{}'", one.form);
            }
        }
    }
}
