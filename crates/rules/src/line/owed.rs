//! What is owed on a log and has begun to sound: delayed with a reason, or taken on.

use super::Understood;
use super::reading::{Reading, Stop};
use crate::command::*;
use crate::obligation::{Obligation, Rule, Subject};
use crate::role::Owner;
use crate::time::Span;

/// Whether this is me, or my desk while nobody there has taken it.
fn is_mine(r: &Reading<'_>, owner: &Owner) -> bool {
    let mine = |owner: &Owner| match owner {
        Owner::Staff(staff) => *staff == r.desk.by.staff,
        Owner::Desk(role) => *role == r.desk.by.role,
    };
    mine(owner) || mine(&r.desk.state.present(owner))
}

/// The loudest that is lit on the log, and of those the one that is due first.
fn loudest<'r>(
    r: &Reading<'r>,
    fits: impl Fn(&Obligation) -> bool,
) -> Result<Option<&'r Obligation>, Stop> {
    let about = Subject::Incident(r.log()?.number);
    let lit = r.desk.state.obligations_about(&about).filter(|o| o.level.is_some() && fits(o));
    Ok(lit.min_by_key(|o| (o.level, o.due_at, o.id)))
}

/// `Z 10 reason`
pub(super) fn delay(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let log = r.log()?;
    let most = r.desk.state.policy.alarm.delay_max;
    let example = "say how many minutes and why, as in 'Z 10 the road is closed'";
    let Some(token) = r.line.next() else { return Err(r.missing(example)) };
    let minutes: Option<i64> = token.text.parse().ok().filter(|n| (1..=1_440).contains(n));
    let span = minutes.map(Span::minutes).filter(|span| *span <= most).ok_or_else(|| {
        let says = format!("'{}' is not a delay: it is 1 to {}", token.text, most.words());
        r.wrong(&token, says, None)
    })?;
    let owed = loudest(r, |o| o.rule != Rule::OfficerEmergency && is_mine(r, &o.owner))?;
    let Some(owed) = owed else {
        let says = format!(
            "nothing sounds on log {} that you or your desk owns: there is nothing to delay",
            r.short(log.number)
        );
        return Err(r.missing(says));
    };
    let reason = r.reason_for(format!(
        "a delay needs a reason, as in 'Z {} the road is closed'",
        token.text
    ))?;
    let says = format!(
        "delay '{}' on log {} by {}, because: {reason}",
        owed.words(),
        r.short(log.number),
        span.words()
    );
    let command = DelayObligation { obligation: owed.id, until: r.desk.now + span, reason };
    Ok(Understood::Do { commands: vec![command.into()], says })
}

/// `OK what I will do`
pub(super) fn own(r: &mut Reading<'_>) -> Result<Understood, Stop> {
    let log = r.log()?;
    let told = |o: &Obligation| is_mine(r, &o.owner) || o.told.iter().any(|t| is_mine(r, t));
    let Some(owed) = loudest(r, told)? else {
        let says = format!(
            "nothing sounds on log {} for you or your desk: there is nothing to take on",
            r.short(log.number)
        );
        return Err(r.missing(says));
    };
    let words = r.words_for("say what you will do, as in 'OK I ring her back now'")?;
    let says = format!("take on '{}' on log {}: {words}", owed.words(), r.short(log.number));
    let command = OwnObligation { obligation: owed.id, words };
    Ok(Understood::Do { commands: vec![command.into()], says })
}
