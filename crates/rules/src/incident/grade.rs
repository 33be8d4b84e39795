//! How soon: the grade, what Callbox suggests and why, and who may go below it.

use crate::command::*;
use crate::event::{Cause, Event, Suggestion};
use crate::incident::Incident;
use crate::incident::opening::{all_words, first_phrase};
use crate::name::*;
use crate::obligation::{Arm, Fate, Spec, Subject};
use crate::policy::Policy;
use crate::refused::Refused;
use crate::role::By;
use crate::state::State;
use crate::time::Now;

/// Rule: a log is graded at once.
///
/// Source: Learning the Lessons, cases 1 and 6.
pub const GRADE_OWED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::IncidentOpened { incident, .. } => {
            vec![
                Arm::new(Subject::Incident(*incident), meta.recorded_at)
                    .owner(crate::role::Owner::Staff(meta.by.staff.clone())),
            ]
        }
        _ => Vec::new(),
    },
    ends: |_, _, event, _| matches!(event, Event::Graded { .. }).then_some(Fate::Done),
    holds: crate::obligation::always,
};

/// Rule: somebody who asks for a higher grade than was set gets a supervisor's decision.
///
/// Source: Learning the Lessons, case 1: the contact officer asked for immediate; the log stayed
/// lower for eleven hours.
pub const GRADE_CONTESTED: Spec = Spec {
    arms: |_, event, meta| match event {
        Event::GradeContested { incident, grade, .. } => {
            let asked = format!("{grade} asked for by {}", meta.by.staff);
            vec![Arm::new(Subject::Incident(*incident), meta.recorded_at).part(asked)]
        }
        _ => Vec::new(),
    },
    ends: |s, _, event, _| match event {
        Event::Graded { incident, .. } => {
            s.incident(*incident).is_some_and(|log| log.contested.is_none()).then_some(Fate::Done)
        }
        _ => None,
    },
    holds: crate::obligation::always,
};

/// The grade that the facts suggest, with each rule that produced it and the words that triggered
/// it. The location is not looked at: not knowing where somebody is never makes them safer.
///
/// Source: Learning the Lessons, case 1 (location) and case 6 (danger to life: emergency is
/// considered).
pub fn suggest(log: &Incident, policy: &Policy) -> Suggestion {
    let mut suggestion = suggest_for(&log.opening_code, &all_words(log), &log.markers, policy);
    super::prompts::raise(&mut suggestion, log, policy);
    not_understood(&mut suggestion, log, policy);
    crate::marker::raise(&mut suggestion, log, policy);
    suggestion
}

/// Somebody who cannot be heard or understood cannot say that they are in danger.
///
/// Source: Learning the Lessons, case 8: "I can't hear you very well"; she had drunk white spirit.
fn not_understood(suggestion: &mut Suggestion, log: &Incident, policy: &Policy) {
    let heard = log.thrive.last().is_none_or(|last| last.informant_understood);
    if let Some(grade) = policy.thrive.not_understood_grade.filter(|_| !heard) {
        let words = "the informant could not be heard or understood".to_owned();
        super::prompts::raise_to(suggestion, grade, "THRIVE", words);
    }
}

/// The same for words that are not on a log yet.
pub fn suggest_for(
    code: &OpeningCode,
    texts: &[String],
    markers: &[crate::incident::Marker],
    policy: &Policy,
) -> Suggestion {
    let usual = policy.opening_code(code).map_or(Grade::TOP, |c| c.usual_grade);
    let by_code =
        Cause { rule: format!("usual grade of '{code}'"), words: policy.grade_label(usual) };
    let mut suggestion = Suggestion { grade: usual, because: vec![by_code] };
    let with_markers: Vec<String> = texts
        .iter()
        .cloned()
        .chain(markers.iter().map(|m| format!("{} {}", m.marker, m.text).to_lowercase()))
        .collect();
    for cue in &policy.cue {
        let Some(words) = first_phrase(&with_markers, &cue.phrases) else { continue };
        let cause = Cause { rule: cue.name.clone(), words: words.to_owned() };
        if cue.grade.above(suggestion.grade) {
            suggestion = Suggestion { grade: cue.grade, because: vec![cause] };
        } else if cue.grade == suggestion.grade {
            suggestion.because.push(cause);
        }
    }
    suggestion
}

/// Sets or changes the grade.
pub fn grade(s: &State, c: &GradeIncident, by: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    known_grade(&s.policy, c.grade)?;
    if log.grade() == Some(c.grade) && log.contested.is_none() {
        // It would count as an act, and nothing would have been decided.
        return Err(Refused::conflict(format!(
            "log {} is graded {} already: choose another grade, or leave it",
            c.incident,
            s.policy.grade_label(c.grade),
        )));
    }
    let suggested = suggest(log, &s.policy);
    if suggested.grade.above(c.grade) && c.reason.is_none() {
        return Err(Refused::blocked_by(
            format!(
                "{} is suggested, because of '{}': give a reason to grade it {}",
                s.policy.grade_label(suggested.grade),
                suggested.because.iter().map(|c| c.words.as_str()).collect::<Vec<_>>().join("', '"),
                s.policy.grade_label(c.grade),
            ),
            suggested.because.iter().map(|c| format!("{}: {}", c.rule, c.words)).collect(),
        ));
    }
    below_what_is_forced(s, c, log, by)?;
    if log.grade().is_some_and(|now| now.above(c.grade)) {
        downgrade(s, c, by)?;
    }
    Ok(vec![Event::Graded {
        incident: c.incident,
        grade: c.grade,
        reason: c.reason.clone(),
        suggested,
        agreed_by: c.agreed_by.clone(),
    }])
}

/// Below the grade that a marker forces only a supervisor may go.
///
/// Source: Learning the Lessons, case 2.
fn below_what_is_forced(
    s: &State,
    c: &GradeIncident,
    log: &Incident,
    by: &By,
) -> Result<(), Refused> {
    match crate::marker::forced(log, &s.policy) {
        Some((least, why)) if least.above(c.grade) && !a_supervisor_agrees(s, c, by) => {
            Err(Refused::forbidden(format!(
                "{why}, so it is {}: only a supervisor may go below it, with a reason; name the \
                 one on duty who agrees",
                s.policy.grade_label(least)
            )))
        }
        _ => Ok(()),
    }
}

/// A downgrade needs a reason and a supervisor.
///
/// Source: HMICFRS Norfolk 2024.
fn downgrade(s: &State, c: &GradeIncident, by: &By) -> Result<(), Refused> {
    if c.reason.is_none() {
        return Err(Refused::blocked("a downgrade needs a reason: write it"));
    }
    if a_supervisor_agrees(s, c, by) {
        return Ok(());
    }
    Err(Refused::forbidden(
        "a downgrade needs a supervisor: name the one on duty who agrees, or ask one to do it",
    ))
}

fn a_supervisor_agrees(s: &State, c: &GradeIncident, by: &By) -> bool {
    match &c.agreed_by {
        Some(staff) => s.staff.get(staff).is_some_and(|on| on.role.supervises()),
        None => by.role.supervises(),
    }
}

/// Asks for a higher grade than was set.
pub fn contest(s: &State, c: &ContestGrade, _: &By, _: Now) -> Result<Vec<Event>, Refused> {
    let log = s.open_incident(c.incident)?;
    known_grade(&s.policy, c.grade)?;
    if log.grade().is_some_and(|now| !c.grade.above(now)) {
        return Err(Refused::conflict(format!(
            "log {} is graded {} already: ask for a higher grade",
            c.incident,
            log.grade().map(|g| s.policy.grade_label(g)).unwrap_or_default(),
        )));
    }
    Ok(vec![Event::GradeContested {
        incident: c.incident,
        grade: c.grade,
        reason: c.reason.clone(),
    }])
}

/// Whether a grade set by somebody decides a higher one that was asked for: it is that grade, or a
/// supervisor has set it.
pub fn decides(set: Grade, asked: Grade, by: &By) -> bool {
    !asked.above(set) || by.role.supervises()
}

/// Whether a grade was a downgrade.
pub fn is_downgrade(log: &Incident) -> bool {
    matches!(log.grades.as_slice(), [.., before, now] if before.grade.above(now.grade))
}

fn known_grade(policy: &Policy, grade: Grade) -> Result<(), Refused> {
    if policy.grade(grade).is_some() {
        return Ok(());
    }
    let items = policy.grade.iter().map(|g| format!("{} {}", g.rank, g.label)).collect();
    Err(Refused {
        items,
        ..Refused::invalid(format!("{grade} is not a grade of this force: choose one"))
    })
}
