//! Questions on a log: asked of somebody, answered by whoever was asked.

use super::Understood;
use super::View;
use super::reading::{Reading, Stop};
use crate::command::*;
use crate::incident::{Incident, Question};
use crate::name::{Reason, Words};
use crate::role::Owner;

/// `? 0413 @CH14 is he inside`; alone, everything that can be written.
pub(super) fn ask(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    if r.named.is_none() && r.line.clone().rest().is_none() {
        return Ok(Understood::Show(View::Keys));
    }
    let log = r.log_here()?;
    let to = match r.line.peek().filter(|t| t.text.starts_with('@')) {
        Some(token) => {
            let to = r.owner(&token)?;
            r.line.pass(&token);
            to
        }
        None if log.owner == Owner::Staff(r.desk.by.staff.clone()) => {
            return Err(r.missing(format!(
                "log {} is yours: say who is asked, as in '? @{} is he inside'",
                r.short(log.number),
                log.opened_by.staff
            )));
        }
        None => log.owner.clone(),
    };
    let text = r.words_for("write the question, as in '? 0413 is he inside'")?;
    let says = format!("ask {to} on log {}: {text}", r.short(log.number));
    let command = AskQuestion { incident: log.number, to, text };
    Ok(Understood::Do { commands: vec![command.into()], says })
}

/// `A yes`, `A n/a reason`
pub(super) fn answer(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let Some((log, question)) = oldest(r) else {
        let says = "nobody waits for an answer of yours: write on the log with N";
        return Err(r.missing(says));
    };
    let n_a = r.line.peek().filter(|t| t.text.eq_ignore_ascii_case("n/a"));
    if let Some(token) = &n_a {
        r.line.pass(token);
    }
    let Some(rest) = r.line.rest() else {
        let example = if n_a.is_some() { "A n/a nobody has seen him" } else { "A yes" };
        return Err(r.missing(format!("write the answer, as in '{example}'")));
    };
    let outcome = match n_a {
        Some(_) => Reason::parse(rest.text).map(Outcome::NotApplicable),
        None => Words::parse(rest.text).map(Outcome::Done),
    };
    let outcome = outcome.map_err(|says| r.wrong(&rest, says, None))?;
    let says = format!(
        "answer {} on log {}, '{}': {}",
        question.asked_by,
        r.short(log.number),
        question.text,
        rest.text
    );
    let (incident, question) = (log.number, question.question);
    let command = AnswerQuestion { incident, question, outcome };
    Ok(Understood::Do { commands: vec![command.into()], says })
}

/// The oldest open question asked of me or my desk; on one log if the line begins with it.
fn oldest<'r>(r: &Reading<'r>) -> Option<(&'r Incident, &'r Question)> {
    let (s, by) = (r.desk.state, r.desk.by);
    let mine = |owner: &Owner| match owner {
        Owner::Staff(staff) => *staff == by.staff,
        Owner::Desk(role) => *role == by.role,
    };
    s.incidents
        .values()
        .filter(|log| r.named.is_none_or(|n| log.number == n))
        .flat_map(|log| log.open_questions().map(move |q| (log, q)))
        .filter(|(_, q)| mine(&q.to) || mine(&s.present(&q.to)))
        .min_by_key(|(log, q)| (q.at, log.number, q.question))
}
