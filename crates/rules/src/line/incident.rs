//! What is done on a log: graded, written on, tagged, linked, handed over, accepted.

use super::Understood;
use super::reading::{Reading, Stop};
use crate::command::*;
use crate::incident::grade::suggest;
use crate::name::{StaffId, Words};
use crate::role::Role;

fn one(command: impl Into<Command>, says: String) -> Result<Understood, Stop> {
    Ok(Understood::Do { commands: vec![command.into()], says })
}

/// `G 2 reason`
pub(super) fn grade(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let log = r.log()?;
    let policy = &r.desk.state.policy;
    let Some(token) = r.line.next() else {
        return Err(r.missing("say which grade, as in 'G 2 he has come back'"));
    };
    let grade = r.grade(&token)?;
    let agreed_by = agreed_by(r)?;
    let reason = r.reason()?;
    let before = log.grade();
    let below = suggest(log, policy).grade.above(grade);
    if reason.is_none() && (before.is_some() || below) {
        let why = if before.is_some() { "a new grade" } else { "less than is suggested" };
        return Err(r.missing(format!(
            "{why} needs a reason: write it, as in 'G {grade} he has left the house'"
        )));
    }
    let downgrade = before.is_some_and(|now| now.above(grade));
    if downgrade && agreed_by.is_none() && !r.desk.by.role.supervises() {
        return Err(r.missing(format!(
            "a downgrade needs a supervisor: name the one who agrees, as in 'G {grade} @TL01 he \
             has left the house'"
        )));
    }
    let because = reason.as_ref().map(|x| format!(", because: {x}")).unwrap_or_default();
    let says = format!("grade log {} {}{because}", r.short(log.number), policy.grade_label(grade));
    one(GradeIncident { incident: log.number, grade, reason, agreed_by }, says)
}

/// `@TL01`
fn agreed_by(r: &mut Reading<'_>) -> Result<Option<StaffId>, Stop> {
    let Some(token) = r.line.peek().filter(|t| t.text.starts_with('@')) else { return Ok(None) };
    let staff = r.staff(&token)?;
    r.line.pass(&token);
    Ok(Some(staff))
}

/// `N text`
pub(super) fn note(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    entry(r, false)
}

/// `! text`
pub(super) fn critical(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    entry(r, true)
}

fn entry(r: &mut Reading<'_>, critical: bool) -> Result<Understood, Stop> {
    let incident = r.log()?.number;
    let example = format!("write the text, as in '{} caller rang back'", r.command.text);
    let text = r.words_for(example)?;
    let kind = if critical { "a critical line " } else { "" };
    let says = format!("write {kind}on log {}", r.short(incident));
    let add = AddEntry {
        incident,
        text,
        critical,
        new_information: false,
        own_words: false,
        attachments: Vec::new(),
    };
    one(add, says)
}

/// `T fim reason`
pub(super) fn tag(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let incident = r.log()?.number;
    let Some(token) = r.line.next() else {
        return Err(r.missing("say which tag, as in 'T fim no unit within an hour'"));
    };
    let tag = r.tag(&token)?;
    let reason = r.reason_for(format!("say why, as in 'T {tag} no unit within an hour'"))?;
    let says = format!("tag log {} with {tag}, because: {reason}", r.short(incident));
    one(TagIncident { incident, tag, reason }, says)
}

/// `T- fim reason`
pub(super) fn untag(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let log = r.log()?;
    let incident = log.number;
    let Some(token) = r.line.next() else {
        return Err(r.missing("say which tag, as in 'T- fim a unit is there'"));
    };
    let tag = r.tag(&token)?;
    if !log.tags.contains(&tag) {
        let has: Vec<&str> = log.tags.iter().map(|t| t.as_str()).collect();
        let has = if has.is_empty() { "none".to_owned() } else { has.join(", ") };
        let says = format!("log {} has no tag '{tag}'; its tags: {has}", r.short(incident));
        return Err(r.wrong(&token, says, None));
    }
    let reason = r.reason_for(format!("say why, as in 'T- {tag} a unit is there'"))?;
    let says = format!("take {tag} off log {}, because: {reason}", r.short(incident));
    one(UntagIncident { incident, tag, reason }, says)
}

/// `L 0388`
pub(super) fn link(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let incident = r.log()?.number;
    let Some(token) = r.line.next() else {
        return Err(r.missing("say which log, as in 'L 0388'"));
    };
    let other = r.open_log(&token)?.number;
    if other == incident {
        return Err(r.wrong(&token, "a log cannot be linked to itself: give the other", None));
    }
    let relation = match r.line.next() {
        None => Relation::Related,
        Some(word) => match word.text.to_lowercase().as_str() {
            "duplicate" | "dup" => Relation::Duplicate,
            "child" => Relation::Child,
            "original" => Relation::Original,
            "parent" => Relation::Parent,
            "related" => Relation::Related,
            _ => {
                let says = "say what the other is: duplicate, original, child, parent or nothing";
                return Err(r.wrong(&word, says, None));
            }
        },
    };
    r.nothing_more()?;
    let how = match relation {
        Relation::Duplicate => " as its duplicate",
        Relation::Original => " as the one it duplicates",
        Relation::Child => " as its child",
        Relation::Parent => " as its parent",
        Relation::Related => "",
    };
    let says = format!("link log {} with log {}{how}", r.short(incident), r.short(other));
    one(LinkIncident { incident, other, relation }, says)
}

/// `H DD02 reason`, `H dispatch`
pub(super) fn hand_over(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let log = r.log()?;
    let incident = log.number;
    let example = "say who takes it and why, as in 'H DD02 my break'";
    let token = match r.line.next() {
        Some(token) => token,
        None if log.passed_at.is_some() => return Err(r.missing(example)),
        None => return one(PassToDispatch { incident }, to_dispatch(r, incident)),
    };
    let desk = ["dispatch", Role::Dispatcher.name()];
    if desk.iter().any(|d| d.eq_ignore_ascii_case(token.text.trim_start_matches('@'))) {
        r.nothing_more()?;
        return one(PassToDispatch { incident }, to_dispatch(r, incident));
    }
    let to = r.staff(&token)?;
    let reason = r.reason_for(format!("say why, as in 'H {to} my break'"))?;
    let says = format!("give log {} to {to}, because: {reason}", r.short(incident));
    one(GiveIncident { incident, to, reason }, says)
}

fn to_dispatch(r: &Reading<'_>, n: crate::name::IncidentNumber) -> String {
    format!("pass log {} to dispatch", r.short(n))
}

/// `C`, `C no remark`
pub(super) fn accept(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let incident = r.log()?.number;
    let Some(token) = r.line.next() else {
        let says = format!("accept log {}: code, grade and content are right", r.short(incident));
        return one(accepted(incident, "", None), says);
    };
    if !token.text.eq_ignore_ascii_case("no") {
        let says = "write 'C' if everything is right, or 'C no' and what is wrong";
        let meant = r.line.with(&token.at, &format!("no {}", token.text));
        return Err(r.wrong(&token, says, Some(meant)));
    }
    let wrong = what_is_wrong(r);
    let remark = r.words_for("say what is wrong, as in 'C no no address is given'")?;
    let says = format!("accept log {}, but its {wrong} is not right: {remark}", r.short(incident));
    one(accepted(incident, wrong, Some(remark)), says)
}

/// `code:` or `grade:`; without either, the content.
fn what_is_wrong(r: &mut Reading<'_>) -> &'static str {
    let Some(token) = r.line.peek() else { return "content" };
    let named =
        ["code", "grade", "content"].into_iter().find(|w| w.eq_ignore_ascii_case(token.text));
    let colon = r.line.text[token.at.end..].trim_start().starts_with(':');
    match named {
        Some(named) if colon => {
            r.line.pass(&token);
            named
        }
        _ => "content",
    }
}

fn accepted(
    incident: crate::name::IncidentNumber,
    wrong: &str,
    remark: Option<Words>,
) -> AcceptIncident {
    AcceptIncident {
        incident,
        code_is_right: wrong != "code",
        grade_is_right: wrong != "grade",
        content_is_enough: wrong != "content",
        remark,
    }
}
