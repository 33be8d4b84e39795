//! Who attends: sent, diverted, released, and their status.

use super::reading::{Reading, Stop};
use super::{Choice, Understood};
use crate::command::*;
use crate::incident::{Incident, needs};
use crate::name::Reason;
use crate::unit::Unit;
use crate::views::reach::{How, who_can_get_there};

/// The most units that are offered to cover a job left behind.
const COVERS_MAX: usize = 2;

/// A status from 0 to 16, of one or two figures.
pub(super) fn status_of(text: &str) -> Option<u8> {
    let short = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| short && *n <= 16)
}

/// `D 14 22 0413 reason`
pub(super) fn deploy(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let units = r.units(true)?;
    let log = r.log_here()?;
    if let [unit] = units.as_slice()
        && unit.on.is_some_and(|on| on != log.number)
    {
        return divert_to(r, unit, log);
    }
    for unit in &units {
        on_no_log(r, unit, log)?;
    }
    let reason = r.reason()?;
    if reason.is_none() && log.is_resourced() {
        return Err(r.missing(format!(
            "log {} has a unit already: say why one more is sent, as in 'D {} {} two suspects'",
            r.short(log.number),
            units.first().map_or("14", |u| u.call_sign.as_str()),
            r.short(log.number),
        )));
    }
    if reason.is_none()
        && let Some((unit, lacks)) = lacking(r, &units, log)
    {
        return Err(r.missing(format!(
            "log {} needs {lacks}, and {unit} has none: say why it goes all the same, as in 'D \
             {unit} {} it is round the corner'",
            r.short(log.number),
            r.short(log.number),
        )));
    }
    let commands = units.iter().enumerate().map(|(at, unit)| {
        let together = || units.first().filter(|_| at > 0).and_then(|first| sent_with(first));
        let reason = reason.clone().or_else(together);
        let (incident, call_sign) = (log.number, unit.call_sign.clone());
        DeployUnit { incident, call_sign, reason, silent: false }.into()
    });
    let because = reason.as_ref().map(|x| format!(", because: {x}")).unwrap_or_default();
    let checks: Vec<&str> = log.checks_open().map(|check| check.as_str()).collect();
    let checks = match checks.is_empty() {
        true => String::new(),
        false => format!("; not done yet: check {}", checks.join(", ")),
    };
    let says = format!("send {} to log {}{because}{checks}", signs(&units), r.short(log.number));
    Ok(Understood::Do { commands: commands.collect(), says })
}

/// The first of the units that has not what the log was said to need, with what that is.
fn lacking(r: &Reading<'_>, units: &[&Unit], log: &Incident) -> Option<(String, String)> {
    units.iter().find_map(|unit| {
        let lacks = needs::unmet_by(log, r.desk.state, unit);
        let need = lacks.first()?;
        Some((unit.call_sign.to_string(), need.to_string()))
    })
}

/// Why there is one more: two were sent by one decision.
fn sent_with(first: &Unit) -> Option<Reason> {
    Reason::parse(&format!("sent together with {}", first.call_sign)).ok()
}

fn signs(units: &[&Unit]) -> String {
    units.iter().map(|u| u.call_sign.as_str()).collect::<Vec<_>>().join(" and ")
}

fn on_no_log(r: &Reading<'_>, unit: &Unit, to: &Incident) -> Result<(), Stop> {
    let Some(on) = unit.on else { return Ok(()) };
    if on == to.number {
        let says = format!("{} is on log {} already", unit.call_sign, r.short(on));
        return Err(r.missing(says));
    }
    let says = format!(
        "{} is on log {}: divert it by a line of its own, and say what becomes of that job",
        unit.call_sign,
        r.short(on)
    );
    let meant = format!("X {} {}", unit.call_sign, r.short(to.number));
    let token = r.command.clone();
    Err(r.wrong(&token, says, Some(meant)))
}

/// `X 14 0420 requeue reason`
pub(super) fn divert(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let Some(token) = r.line.next() else {
        return Err(r.missing("say which unit and where to, as in 'X 14 0420'"));
    };
    let unit = r.unit(&token)?;
    let to = r.log_here()?;
    if unit.on.is_none() {
        let says = format!("{} is on no log: deploy it instead", unit.call_sign);
        let meant = format!("D {} {}", unit.call_sign, r.short(to.number));
        return Err(r.wrong(&token, says, Some(meant)));
    }
    divert_to(r, unit, to)
}

/// The rest of a diversion, or the question what becomes of the job left behind.
fn divert_to(r: &mut Reading<'_>, unit: &Unit, to: &Incident) -> Result<Understood, Stop> {
    if unit.on == Some(to.number) {
        let says = format!("{} is on log {} already", unit.call_sign, r.short(to.number));
        return Err(r.missing(says));
    }
    let Some((left_behind, words)) = left_behind(r)? else {
        let why = r.reason()?;
        return Ok(choose_left_behind(r, unit, to, why.as_ref()));
    };
    let example = format!(
        "say why it is diverted, as in 'X {} {} {words} a knife is seen'",
        unit.call_sign,
        r.short(to.number)
    );
    let reason = r.reason_for(example)?;
    let from = unit.on.map(|n| r.short(n)).unwrap_or_default();
    let says = format!(
        "divert {} from log {from} ({words}) to log {}, because: {reason}",
        unit.call_sign,
        r.short(to.number)
    );
    let call_sign = unit.call_sign.clone();
    let command = DivertUnit { call_sign, to: to.number, left_behind, reason };
    Ok(Understood::Do { commands: vec![command.into()], says })
}

/// `keep`, `requeue` or `cover 22`, with the words for it.
fn left_behind(r: &mut Reading<'_>) -> Result<Option<(LeftBehind, String)>, Stop> {
    let Some(token) = r.line.peek() else { return Ok(None) };
    match token.text.to_lowercase().as_str() {
        "keep" => {
            r.line.pass(&token);
            Ok(Some((LeftBehind::Covered, "keep".to_owned())))
        }
        "requeue" | "re-queue" => {
            r.line.pass(&token);
            Ok(Some((LeftBehind::Requeue, "requeue".to_owned())))
        }
        "cover" | "re-cover" => {
            r.line.pass(&token);
            let Some(by) = r.line.next() else {
                let says = "say which unit covers the job left behind, as in 'cover 22'";
                return Err(r.wrong(&token, says, None));
            };
            let unit = r.unit(&by)?;
            let words = format!("cover {}", unit.call_sign);
            Ok(Some((LeftBehind::CoverWith(unit.call_sign.clone()), words)))
        }
        _ => Ok(None),
    }
}

/// What can become of the job left behind, each as a whole line.
fn choose_left_behind(
    r: &Reading<'_>,
    unit: &Unit,
    to: &Incident,
    why: Option<&Reason>,
) -> Understood {
    let s = r.desk.state;
    let left = unit.on.and_then(|n| s.incident(n));
    let from = unit.on.map(|n| r.short(n)).unwrap_or_default();
    let shared = left.is_some_and(|log| log.active_units().any(|d| d.call_sign != unit.call_sign));
    let keep = shared.then(|| ("keep".to_owned(), format!("other units stay on log {from}")));
    let requeue = ("requeue".to_owned(), format!("log {from} goes back to the queue"));
    let near = left.map(|log| who_can_get_there(s, log, r.desk.now)).unwrap_or_default();
    let covers = near
        .into_iter()
        .filter(|c| c.how == How::Send && c.call_sign != unit.call_sign)
        .take(COVERS_MAX)
        .map(|c| {
            let there = c.minutes.map(|m| format!(", about {m} min away")).unwrap_or_default();
            let says = format!("{} takes log {from} over{there}", c.call_sign);
            (format!("cover {}", c.call_sign), says)
        });
    let choice = |(words, says): (String, String)| {
        let why = why.map(Reason::as_str).unwrap_or_default();
        let line = format!("X {} {} {words} {why}", unit.call_sign, r.short(to.number));
        Choice { line, says, complete: !why.is_empty() }
    };
    let choices = keep.into_iter().chain([requeue]).chain(covers).map(choice).collect();
    let question = format!("{} is on log {from}: what becomes of that job?", unit.call_sign);
    Understood::Choose { question, choices }
}

/// `5 14`
pub(super) fn status(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let status = status_of(r.command.text).unwrap_or_default();
    let units = r.units(false)?;
    let read = r.line.peek().filter(|t| t.text.eq_ignore_ascii_case("read"));
    if let Some(token) = &read {
        r.line.pass(token);
    }
    r.nothing_more()?;
    let card_read_out = read.is_some();
    if status == 6
        && !card_read_out
        && let Some(unit) = units.iter().find(|u| is_card_unread(r, u))
    {
        let says = format!(
            "{} has not opened the risk card: read it out over the radio, then say so with 'read'",
            unit.call_sign
        );
        let token = r.command.clone();
        return Err(r.wrong(&token, says, Some(format!("{} read", r.line.text.trim_end()))));
    }
    let label = r.desk.state.policy.status(status).map(|row| row.label.clone());
    let says = format!(
        "{} to status {status}, {}",
        signs(&units),
        label.unwrap_or_default().to_lowercase()
    );
    let command = |u: &&Unit| {
        SetStatus { call_sign: u.call_sign.clone(), status, card_read_out, seen: None }.into()
    };
    Ok(Understood::Do { commands: units.iter().map(command).collect(), says })
}

fn is_card_unread(r: &Reading<'_>, unit: &Unit) -> bool {
    let log = unit.on.and_then(|n| r.desk.state.incident(n));
    log.and_then(|log| log.active_units().find(|d| d.call_sign == unit.call_sign))
        .is_some_and(|d| d.card_opened_at.is_none())
}

/// `S 14 reason`
pub(super) fn stand_down(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let units = r.units(false)?;
    if let Some(unit) = units.iter().find(|u| u.on.is_none()) {
        let says = format!("{} is on no log: there is nothing to release it from", unit.call_sign);
        return Err(r.missing(says));
    }
    let example = format!(
        "say why it is released, as in 'S {} another unit is there'",
        units.first().map_or("14", |u| u.call_sign.as_str())
    );
    let reason = r.reason_for(example)?;
    let commands = units.iter().filter_map(|unit| {
        let call_sign = unit.call_sign.clone();
        Some(StandDown { incident: unit.on?, call_sign, reason: reason.clone() }.into())
    });
    let from: Vec<String> = units
        .iter()
        .filter_map(|u| Some(format!("{} from log {}", u.call_sign, r.short(u.on?))))
        .collect();
    let says = format!("release {}, because: {reason}", from.join(" and "));
    Ok(Understood::Do { commands: commands.collect(), says })
}
