//! The time-ordered table, from calls and units.

use super::{NONE, Plan, PlannedCall, Step, What, units};
use rules::policy::Policy;
use rules::time::{Instant, Span};

/// A log is accepted so long after it was opened, or when its first unit is sent.
const ACCEPTED_AFTER: Span = Span::seconds(20);
/// What a call handler does beside the call takes so long a step.
const A_STEP: Span = Span::seconds(20);
/// All of it is done within this time.
const STEPS_WITHIN: Span = Span::minutes(4);
/// A log is closed so long after its last time.
const WRAPPED_UP: Span = Span::minutes(5);

/// Fills a plan's steps from its calls.
pub fn fill(plan: &mut Plan, policy: &Policy, start: Instant) {
    let opened: Vec<Instant> = plan.calls.iter().map(opened_at).collect();
    let followed = units::follow(plan, policy, &opened, WRAPPED_UP);
    let mut desk = Vec::new();
    for (at, (call, opened)) in (0_u32..).zip(plan.calls.iter().zip(&opened)) {
        desk_steps(&mut desk, policy, at, call, *opened);
    }
    // Stable, so that the steps of a call at one moment keep their order.
    desk.sort_by_key(|s| s.at);
    let mut steps = beginning(plan, start, followed.board.len());
    steps.reserve(desk.len() + followed.steps.len());
    let mut of_units = followed.steps.into_iter().peekable();
    for step in desk {
        while let Some(before) = of_units.next_if(|s| s.at < step.at) {
            steps.push(before);
        }
        steps.push(step);
    }
    steps.extend(of_units);
    plan.steps = steps;
    plan.units = followed.board;
    plan.on_scene = followed.on_scene;
    plan.set_aside = followed.set_aside;
}

/// When the log is opened: as the file entered it, but before its first unit is sent.
fn opened_at(call: &PlannedCall) -> Instant {
    let entered = call.file.entered_at.unwrap_or(call.file.received_at);
    let sent = call.file.units.iter().filter_map(|u| u.dispatch.or_else(|| u.times().min())).min();
    sent.map_or(entered, |sent| entered.min(sent)).max(call.file.received_at)
}

/// Everybody takes their seat and every unit is put on the board.
fn beginning(plan: &Plan, start: Instant, n_units: usize) -> Vec<Step> {
    let step = |unit, what| Step { at: start, happened_at: None, call: NONE, unit, what };
    let seats = (0_u32..).take(plan.cast.people().len()).map(|n| step(NONE, What::SignOn(n)));
    let units = (0_u32..).take(n_units).map(|n| step(n, What::Roster));
    seats.chain(units).collect()
}

/// What call handlers and dispatchers do on a log, beside sending units.
fn desk_steps(
    steps: &mut Vec<Step>,
    policy: &Policy,
    at: u32,
    call: &PlannedCall,
    opened: Instant,
) {
    let mut push =
        |when, what| steps.push(Step { at: when, happened_at: None, call: at, unit: NONE, what });
    let sent = call.file.units.iter().filter_map(|u| u.dispatch.or_else(|| u.times().min())).min();
    let sent = sent.map(|sent| sent.max(opened));
    push(call.file.received_at, What::Receive);
    for what in [What::Open, What::OpenSop, What::Thrive, What::Grade, What::Pass] {
        push(opened, what);
    }
    let accepted = opened + ACCEPTED_AFTER;
    push(sent.map_or(accepted, |sent| accepted.min(sent)), What::Accept);
    if call.regrade.is_some() {
        push(sent.unwrap_or(accepted), What::Regrade);
    }
    let by_grade = |g| policy.grade(g).is_some_and(|row| row.intelligence_check);
    let mut duties = vec![What::Tell];
    let n_steps = policy.opening_code(&call.opening_code).map_or(0, |row| row.sop.len());
    duties.extend((0_u32..).take(n_steps).map(What::SopStep));
    let mut when = accepted;
    for what in duties {
        when = (when + A_STEP).min(opened + STEPS_WITHIN);
        push(when, what);
    }
    if by_grade(call.grade) || call.regrade.is_some_and(by_grade) {
        let regraded = call.regrade.and(sent).unwrap_or(opened);
        push((opened + STEPS_WITHIN).max(regraded), What::Check);
    }
}
