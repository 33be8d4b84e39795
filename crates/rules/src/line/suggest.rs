//! What could stand next: whole lines, each with what it means.

use super::grammar::{self, ROWS, Row, Wants};
use super::resolve::{people, short, suffix};
use super::text::Line;
use super::{Desk, SUGGESTIONS_MAX};
use crate::name::StaffId;
use crate::role::Role;
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A line that the text so far could become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suggestion {
    /// The line.
    pub line: String,
    /// What was added means.
    pub says: String,
}

/// What the text so far could become, the likeliest first; at most [`SUGGESTIONS_MAX`].
pub fn suggestions(prefix: &str, desk: &Desk<'_>) -> Vec<Suggestion> {
    let mut line = Line::new(prefix);
    let start = prefix.trim_start();
    let Some(first) = line.peek_command() else { return commands("", "") };
    let last_start = prefix
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let (head, partial) = prefix.split_at(last_start);
    if head.trim().is_empty() && start == first.text {
        return commands_and_logs(head, partial, desk);
    }
    let mut command = first;
    line.pass(&command);
    if super::resolve::looks_like_log(command.text) {
        let Some(next) = line.peek_command() else { return commands(head, partial) };
        if next.at.start >= last_start {
            return commands(head, partial);
        }
        line.pass(&next);
        command = next;
    }
    let Some(row) = grammar::row(command.text) else { return Vec::new() };
    let mut place = 0;
    while line.peek().is_some_and(|t| t.at.end <= head.len()) {
        let _ = line.next();
        place += 1;
    }
    let wants = row.wants.get(place).copied().unwrap_or_default();
    let found = wants.iter().flat_map(|w| of(*w, partial, desk));
    found.map(|(word, says)| to_line(head, &word, says)).take(SUGGESTIONS_MAX).collect()
}

fn to_line(head: &str, word: &str, says: String) -> Suggestion {
    Suggestion { line: format!("{head}{word}"), says }
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

fn commands(head: &str, partial: &str) -> Vec<Suggestion> {
    let fits = |row: &&Row| partial.is_empty() || row.names().any(|name| begins(name, partial));
    let named = ROWS.iter().filter(|row| row.key != "0..16").filter(fits);
    named
        .map(|row| to_line(head, row.key, format!("{}: {}", row.form, row.means)))
        .take(SUGGESTIONS_MAX)
        .collect()
}

/// At the beginning: a command, a status, or a log.
fn commands_and_logs(head: &str, partial: &str, desk: &Desk<'_>) -> Vec<Suggestion> {
    if !partial.bytes().any(|b| b.is_ascii_digit()) {
        return commands(head, partial);
    }
    let status = super::units::status_of(partial)
        .and_then(|n| desk.state.policy.status(n))
        .map(|row| to_line(head, partial, format!("status of a unit: {}", row.label)));
    let logs =
        of(Wants::Log, partial, desk).into_iter().map(|(word, says)| to_line(head, &word, says));
    status.into_iter().chain(logs).take(SUGGESTIONS_MAX).collect()
}

/// What can become of the job that a diverted unit leaves behind.
const LEFT_BEHIND: [(&str, &str); 3] = [
    ("requeue", "the job left behind goes back to the queue"),
    ("keep", "other units stay on it"),
    ("cover", "another unit takes it over"),
];

/// What can stand where this is wanted, with what it is.
fn of(wants: Wants, partial: &str, desk: &Desk<'_>) -> Vec<(String, String)> {
    let s = desk.state;
    let fits = |word: &str| begins(word, partial);
    match wants {
        Wants::Unit => {
            let fits = |u: &&Unit| fits(u.call_sign.as_str()) || fits(&suffix(&u.call_sign));
            let mut found: Vec<&Unit> = s.units.values().filter(fits).collect();
            found.sort_by_key(|u| u.on.is_some());
            found.iter().map(|u| (u.call_sign.to_string(), unit_words(u, desk))).collect()
        }
        Wants::Log => {
            let open = s.incidents.values().rev();
            open.map(|log| (short(s, log.number), log))
                .filter(|(word, _)| fits(word) || begins(word.trim_start_matches('0'), partial))
                .map(|(word, log)| (word, log.opening_code.to_string()))
                .collect()
        }
        Wants::Tag => {
            let tags = s.policy.tag.iter().filter(|row| fits(row.tag.as_str()));
            tags.map(|row| (row.tag.to_string(), row.meaning.clone())).collect()
        }
        Wants::Grade => {
            let grades = s.policy.grade.iter().filter(|g| fits(&g.rank.to_string()));
            grades.map(|g| (g.rank.to_string(), g.label.clone())).collect()
        }
        Wants::Staff => {
            let here = s.staff.values().filter(|on| !on.on_break && fits(on.staff.as_str()));
            here.map(|on| (on.staff.to_string(), on.role.words())).collect()
        }
        Wants::Owner => owners(partial, desk),
        Wants::LeftBehind => LEFT_BEHIND
            .into_iter()
            .filter(|(word, _)| fits(word))
            .map(|(word, says)| (word.to_owned(), says.to_owned()))
            .collect(),
    }
}

fn owners(partial: &str, desk: &Desk<'_>) -> Vec<(String, String)> {
    let Some(partial) = partial.strip_prefix('@') else { return Vec::new() };
    let fits = |name: &str| begins(name, partial);
    let person = |staff: &StaffId| (format!("@{staff}"), "on duty".to_owned());
    let desk_of = |role: &Role| (format!("@{}", role.name()), format!("the {} desk", role.words()));
    let staff = people(desk.state).filter(|staff| fits(staff.as_str())).map(person);
    staff.chain(Role::ALL.iter().filter(|role| fits(role.name())).map(desk_of)).collect()
}

fn unit_words(u: &Unit, desk: &Desk<'_>) -> String {
    let label = desk.state.policy.status(u.status).map(|row| row.label.clone());
    let on = u.on.map(|n| format!(", on log {}", short(desk.state, n))).unwrap_or_default();
    format!("{}{on}", label.unwrap_or_default())
}
