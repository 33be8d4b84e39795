//! What must be so at a moment, asked of the room as it is then.

use super::expect::Holds;
use super::fault::Wrong;
use super::names::{Context, owed};
use super::timeline::{owner, when};
use rules::incident::Incident;
use rules::incident::closing::in_the_way;
use rules::incident::grade::suggest;
use rules::obligation::Subject;
use rules::state::State;

/// Whether it is so.
///
/// # Errors
/// How it is instead.
pub fn is_so(room: &State, context: &Context<'_>, holds: &Holds) -> Result<(), String> {
    match holds {
        Holds::Owes { .. } | Holds::OwesNo { .. } => owes(room, context, holds),
        Holds::Suggests { log, grade, because } => {
            suggests(room, open(room, context, log)?, *grade, because.as_deref())
        }
        Holds::Finds { contact, log } => finds(room, context, contact, log),
        Holds::CardSays { log, words } => {
            let card = rules::views::officer::card(room, open(room, context, log)?);
            let lines = card.lines.join(" / ");
            let says = lines.contains(words.as_str());
            if says { Ok(()) } else { Err(format!("it says: {lines}")) }
        }
        Holds::CannotClose { log, words } => {
            let way = in_the_way(room, open(room, context, log)?, false);
            if way.iter().any(|one| one.contains(words.as_str())) {
                return Ok(());
            }
            Err(format!("in the way stands: {}", way.join("; ")))
        }
        Holds::OwnedBy { log, owner: wanted } => {
            let is = owner(&open(room, context, log)?.owner);
            if is == *wanted { Ok(()) } else { Err(format!("{is} owns it")) }
        }
    }
}

fn sentence(wrong: Wrong) -> String {
    wrong.0
}

fn open<'s>(room: &'s State, context: &Context<'_>, log: &str) -> Result<&'s Incident, String> {
    let n = context.log(log).map_err(sentence)?;
    let log = room.incident(n).filter(|log| log.closed.is_none());
    log.ok_or_else(|| "the log is closed".to_owned())
}

fn owes(room: &State, context: &Context<'_>, holds: &Holds) -> Result<(), String> {
    match holds {
        Holds::Owes { about, rule, part, to, since } => {
            let subject = context.subject(about).map_err(sentence)?;
            let Some(o) = owed(room, &subject, *rule, part.as_deref()) else {
                return Err(format!("{about} does not owe it"));
            };
            let owner = owner(&o.owner);
            let by = to.as_ref().is_none_or(|to| *to == owner);
            if by && since.is_none_or(|since| since == o.from) {
                return Ok(());
            }
            Err(format!("{owner} owes it since {}", when(context.day, context.at, o.from)))
        }
        Holds::OwesNo { about, rule } => {
            let subject = context.subject(about).map_err(sentence)?;
            let all = room.obligations_about(&subject);
            let mut all = all.filter(|o| rule.is_none_or(|rule| rule == o.rule));
            all.next().map_or(Ok(()), |o| Err(format!("it owes {}", o.words())))
        }
        _ => Ok(()),
    }
}

fn suggests(room: &State, log: &Incident, grade: u64, because: Option<&str>) -> Result<(), String> {
    let found = suggest(log, &room.policy);
    let words: Vec<&str> = found.because.iter().map(|cause| cause.words.as_str()).collect();
    let said = because.is_none_or(|because| words.contains(&because));
    if u64::from(found.grade.rank()) == grade && said {
        return Ok(());
    }
    let (label, said) = (room.policy.grade_label(found.grade), words.join("', '"));
    Err(format!("it suggests {label}, because of '{said}'"))
}

/// Whether a call is shown with an open log that may be the same thing.
fn finds(room: &State, context: &Context<'_>, contact: &str, log: &str) -> Result<(), String> {
    let wanted = context.log(log).map_err(sentence)?;
    let found = match context.subject(contact).map_err(sentence)? {
        Subject::Contact(id) => room
            .contacts
            .get(&id)
            .map(|contact| rules::views::call::related(room, contact, None, context.at)),
        _ => None,
    };
    let found = found.unwrap_or_default();
    if found.iter().any(|related| related.n == wanted) {
        return Ok(());
    }
    let numbers: Vec<String> = found.iter().map(|related| related.n.to_string()).collect();
    Err(format!("it finds [{}]", numbers.join(", ")))
}
