//! A person's record is shown only with a purpose, and only after the look at it has been recorded
//! for good. What is not recorded is not shown.

use super::ask::text_of;
use crate::App;
use crate::caller::{Caller, allow};
use crate::problem::{Kind, Problem};
use http::{HeaderMap, HeaderName};
use room::Act;
use rules::command::RecordRead;
use rules::incident::Incident;
use rules::name::{Label, Reason};
use rules::state::State;

/// The header that says why somebody looks.
pub(crate) const PURPOSE: HeaderName = HeaderName::from_static("callbox-purpose");

/// Why somebody looks.
pub(crate) enum Why {
    /// They handle it.
    Handling,
    /// As they say.
    Said(Reason),
}

/// The longest purpose, in characters. What is recorded beside it has the rest of a record's room.
const PURPOSE_MAX: usize = 500;
/// The longest text of one field of a search, in characters.
const SOUGHT_MAX: usize = 200;
/// The longest reason that one record holds, in characters.
const RECORD_MAX: usize = 2_000;

/// The purpose: what the request says, or handling where this person handles it.
pub(crate) fn why(headers: &HeaderMap, handles: bool) -> Result<Why, Problem> {
    match text_of(headers, &PURPOSE)? {
        Some(text) => {
            let why = Reason::parse(text).map(Why::Said).map_err(Problem::invalid)?;
            why.short().map(|()| why)
        }
        None if handles => Ok(Why::Handling),
        None => Err(Problem::new(
            Kind::Purpose,
            "say why you look: send the header Callbox-Purpose with a sentence; it is recorded",
        )),
    }
}

impl Why {
    /// Refuses a purpose so long that what was found would not fit beside it.
    fn short(&self) -> Result<(), Problem> {
        let Why::Said(purpose) = self else { return Ok(()) };
        let n = purpose.as_str().chars().count();
        if n <= PURPOSE_MAX {
            return Ok(());
        }
        Err(Problem::invalid(format!(
            "this purpose has {n} characters: say why you look in {PURPOSE_MAX} or fewer"
        )))
    }
}

/// Refuses a field of a search that is too long to be recorded whole.
pub(crate) fn sought_is_short(name: &str, text: &str) -> Result<(), Problem> {
    let n = text.chars().count();
    if n <= SOUGHT_MAX {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "'{name}' has {n} characters: look for {SOUGHT_MAX} at most, since a search is recorded \
         whole"
    )))
}

/// What is recorded of a search: first whose records came up, then why, then what was looked for.
/// What does not fit into one record goes on in the next; nothing is cut off.
fn of_search(why: &Why, sought: &str, found: &[String]) -> Result<Vec<Reason>, Problem> {
    why.short()?;
    let purpose = match why {
        Why::Said(purpose) => purpose.as_str(),
        Why::Handling => "handling",
    };
    let plain = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
    let rest = plain(&format!(" | {purpose} | sought {}", sought.trim()));
    let room = RECORD_MAX.saturating_sub(rest.chars().count() + "found ".len());
    let mut parts = vec![String::new()];
    for one in found.iter().map(|one| plain(one)) {
        let last = parts.last().map_or(0, |part| part.chars().count());
        if last > 0 && last + ", ".len() + one.chars().count() > room {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(if part.is_empty() { "" } else { ", " });
            part.push_str(&one);
        }
    }
    let whole = |part: &String| {
        let found = if part.is_empty() { "nothing" } else { part };
        Reason::parse(&format!("found {found}{rest}")).map_err(Problem::invalid)
    };
    parts.iter().map(whole).collect()
}

/// Records a look. Only when this has answered may anything be shown.
pub(crate) async fn record(
    app: &App,
    caller: &Caller,
    what: &str,
    why: Why,
) -> Result<(), Problem> {
    why.short()?;
    let purpose = match why {
        Why::Said(purpose) => purpose,
        Why::Handling => Reason::parse("handling").map_err(Problem::invalid)?,
    };
    write(app, caller, what, [purpose]).await
}

/// Records a search with what was looked for and whose records came up, in as many records as it
/// takes. Only when this has answered may anything be shown.
pub(crate) async fn record_search(
    app: &App,
    caller: &Caller,
    what: &str,
    why: &Why,
    sought: &str,
    found: &[String],
) -> Result<(), Problem> {
    write(app, caller, what, of_search(why, sought, found)?).await
}

async fn write(
    app: &App,
    caller: &Caller,
    what: &str,
    purposes: impl IntoIterator<Item = Reason>,
) -> Result<(), Problem> {
    allow(&caller.by, "record_read")?;
    let what = Label::parse(what).map_err(Problem::invalid)?;
    for purpose in purposes {
        let read = RecordRead { what: what.clone(), purpose };
        app.room.act(Act::new(caller.by.clone(), read)).await?;
    }
    Ok(())
}

/// Whether somebody handles a log: owns it, opened it, supervises it, or is on a unit sent to it.
pub(crate) fn handles(state: &State, log: &Incident, caller: &Caller) -> bool {
    rules::views::replay::handles(state, log, &caller.by.staff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_recorded_whole_however_much_it_is() {
        let why = Why::Said(Reason::parse(&"p".repeat(PURPOSE_MAX)).unwrap());
        let sought = "s".repeat(4 * (SOUGHT_MAX + 4));
        let found: Vec<String> = (0..300).map(|n| format!("log 20261121-{n:04}")).collect();
        let records = of_search(&why, &sought, &found).unwrap();
        assert!(records.len() > 1, "one record cannot hold it");
        for (one, n) in found.iter().zip(0..) {
            let times = records.iter().filter(|r| r.as_str().contains(one.as_str())).count();
            assert_eq!(times, 1, "{one} ({n})");
        }
        for record in &records {
            let text = record.as_str();
            assert!(text.starts_with("found log ") && text.ends_with(&sought), "{text}");
            assert!(text.chars().count() <= RECORD_MAX && text.contains(&"p".repeat(PURPOSE_MAX)));
        }
    }

    #[test]
    fn what_leaves_no_room_for_what_was_found_is_refused() {
        let long = Why::Said(Reason::parse(&"p".repeat(PURPOSE_MAX + 1)).unwrap());
        let refused = of_search(&long, "x", &[]).unwrap_err();
        assert!(refused.detail.contains("500 or fewer"), "{}", refused.detail);
        assert!(sought_is_short("words", &"é".repeat(SOUGHT_MAX)).is_ok());
        assert!(sought_is_short("words", &"é".repeat(SOUGHT_MAX + 1)).is_err());
        let none = of_search(&Why::Handling, "'a'", &[]).unwrap();
        assert_eq!(none[0].as_str(), "found nothing | handling | sought 'a'");
    }
}
