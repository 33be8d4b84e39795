//! Times and grades as a page shows them.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use rules::name::Grade;
use rules::policy::Policy;
use rules::time::Instant;

/// The force's own clock.
pub(super) fn zone(policy: &Policy) -> TimeZone {
    TimeZone::get(&policy.about.time_zone).unwrap_or(TimeZone::UTC)
}

/// A moment on a clock, as the pattern says.
fn shown(at: Instant, zone: TimeZone, pattern: &str) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(moment.to_zoned(zone).strftime(pattern).to_string())
}

/// A moment on the force's own clock, with its name: in the hour that comes twice, that is what
/// tells the first from the second.
pub(super) fn clock(at: Instant, policy: &Policy) -> String {
    shown(at, zone(policy), "%d %b %H:%M:%S %Z").unwrap_or_else(|| "-".to_owned())
}

/// A day and a time on the force's own clock, for what is not today.
pub(super) fn day_clock(at: Instant, policy: &Policy) -> String {
    shown(at, zone(policy), "%a %d %b %H:%M").unwrap_or_else(|| "-".to_owned())
}

/// Hours and minutes on the force's own clock.
pub(super) fn time(at: Instant, policy: &Policy) -> String {
    shown(at, zone(policy), "%H:%M").unwrap_or_else(|| "-".to_owned())
}

/// Hours, minutes and seconds on the force's own clock.
pub(super) fn clock_time(at: Instant, policy: &Policy) -> String {
    shown(at, zone(policy), "%H:%M:%S").unwrap_or_else(|| "-".to_owned())
}

/// A grade's badge: a shape and a number as well as a colour, and its word.
pub(super) fn badge(grade: Option<Grade>, policy: &Policy) -> Markup {
    let Some(grade) = grade else {
        return html! { span.badge.g0 { "? " span.word { "Not graded" } } };
    };
    let shape = match grade.rank() {
        1 => "■",
        2 => "▲",
        3 => "◆",
        _ => "●",
    };
    let class = format!("badge g{}", grade.rank().min(4));
    html! {
        span class=(class) {
            span aria-hidden="true" { (shape) } " " (grade) " "
            span.word { (policy.grade_label(grade)) }
        }
    }
}

/// A moment as hours and minutes on a clock, as a form takes it.
pub(super) fn hours_minutes(at: Instant, zone: &TimeZone) -> String {
    shown(at, zone.clone(), "%H:%M").unwrap_or_default()
}
