//! The log through the eyes of a role: what a page of this role would have said then. What the role
//! may see is the table of roles as it stands today.

use super::super::words::{badge, clock};
use crate::api::view::then::{ReplayView, RoleSaw};
use crate::lang::{Say, t};
use maud::{Markup, html};
use rules::policy::Policy;
use rules::role::Role;
use rules::views::board::BoardRow;
use rules::views::log::{EntryView, Line, LogView};

/// The part of the page.
pub(super) fn seen(view: &ReplayView, policy: &Policy, say: Say) -> Markup {
    let role = view.seen.role;
    let row = view.roles.iter().find(|r| r.then.role == role);
    html! {
        section aria-labelledby="seen" {
            h2 #seen tabindex="-1" { (t!(say, "audit-seen", role = role.words())) }
            (picker(view, say))
            @if let Some(row) = row { (people(row, policy, say)) }
            @if view.seen.log.is_none() && view.seen.board.is_none() {
                p { (t!(say, "audit-seen-nothing", role = role.words())) }
            }
            @if let Some(board) = &view.seen.board {
                p {
                    (t!(say, "audit-seen-place", place = board.place, of = board.of)) " "
                    (on_board(&board.row, policy, say))
                }
            }
            @if let Some(log) = &view.seen.log {
                div.replay-columns { (facts(log, policy, say)) (lines(view, log, policy, say)) }
            }
        }
    }
}

/// Another role at the same moment.
fn picker(view: &ReplayView, say: Say) -> Markup {
    html! {
        form.row method="get" action={ "/audit/replay/" (view.incident) } {
            input type="hidden" name="seq" value=(view.seq);
            label for="role" { (t!(say, "audit-as-role")) }
            select #role name="role" data-key="Alt+3" {
                @for role in Role::ALL {
                    option value=(role.name()) selected[role == view.seen.role] { (role.words()) }
                }
            }
            button type="submit" { (t!(say, "audit-show")) }
        }
    }
}

fn people(row: &RoleSaw, policy: &Policy, say: Say) -> Markup {
    html! {
        @if row.then.people.is_empty() { p { (t!(say, "audit-nobody-in-role")) } }
        ul.people-then { @for person in &row.then.people { li {
            strong { (person.staff) } " " (person.seat)
            @if person.on_break { " " span.chip { (t!(say, "audit-on-break")) } }
            @if person.handles { " " span.chip.tag { (t!(say, "audit-handled")) } }
            " "
            @match person.looked_at {
                Some(at) => (t!(say, "audit-person-looked", at = clock(at, policy))),
                None => span.meta { (t!(say, "audit-person-not-looked")) },
            }
        } } }
    }
}

fn on_board(row: &BoardRow, policy: &Policy, say: Say) -> Markup {
    html! {
        (badge(row.grade, policy)) " "
        @if let Some(countdown) = &row.countdown { span.count.late[row.late] { (countdown) } " " }
        (row.code) ", " (row.place) " "
        @for unit in &row.units { span.chip { (unit.unit) } " " }
        @if row.units.is_empty() { (t!(say, "audit-no-unit")) " " }
        @for marker in &row.markers { span.chip { (marker) } " " }
        @if row.questions > 0 { (t!(say, "audit-questions", n = row.questions)) " " }
        @if row.lit > 0 { (t!(say, "audit-row-lit", n = row.lit)) " " }
        (t!(say, "audit-risk", n = row.risk))
    }
}

fn facts(log: &LogView, policy: &Policy, say: Say) -> Markup {
    let facts = &log.facts;
    html! {
        div {
            h3 { (t!(say, "audit-facts")) }
            @for marker in &log.markers {
                p.marker { span.chip { (marker.marker) } " " (marker.text) }
            }
            dl.facts {
                dt { (t!(say, "audit-grade")) }
                dd {
                    (badge(facts.grade, policy))
                    @if facts.below_suggestion {
                        " " span.late {
                            (t!(say, "audit-suggested", grade = facts.suggested_label.as_str()))
                        }
                    }
                }
                @for of in &log.clocks {
                    dt { (t!(say, "audit-clock")) }
                    dd { span.count.late[of.late] { (of.words) } " "
                        span.meta { (clock(of.due_at, policy)) } }
                }
                dt { (t!(say, "audit-code")) } dd { (facts.code) }
                dt { (t!(say, "audit-place")) }
                dd {
                    @match &facts.location.words {
                        Some(words) => (words),
                        None => (t!(say, "audit-not-known")),
                    }
                }
                dt { (t!(say, "audit-informant")) }
                dd { (informant(log, say)) }
                dt { (t!(say, "audit-owner")) } dd { (facts.owner_words) }
                dt { (t!(say, "audit-policy")) } dd { (facts.policy_version) }
                @if let Some(thrive) = log.thrive.last() {
                    dt { (t!(say, "audit-thrive", n = thrive.version)) }
                    dd { ul { @for e in &thrive.elements {
                        li { (e.element) ": " strong { (e.rating) } ", " (e.rationale) }
                    } } }
                }
            }
            blockquote { (facts.words) }
            (units_and_owed(log, policy, say))
        }
    }
}

fn informant(log: &LogView, say: Say) -> Markup {
    html! {
        @match &log.facts.informant {
            Some(who) => {
                @if let Some(name) = &who.name { (name) " " }
                @if let Some(line) = &who.line { (line) " " }
                @if let Some(why) = &who.missing_because { (why) }
            }
            None => (t!(say, "audit-not-known")),
        }
    }
}

fn units_and_owed(log: &LogView, policy: &Policy, say: Say) -> Markup {
    html! {
        h3 { (t!(say, "audit-units")) }
        @if log.deployments.is_empty() { p { (t!(say, "audit-no-unit")) } }
        ul { @for d in &log.deployments { li {
            strong { (d.call_sign) } " " (d.words) " "
            span.meta { (clock(d.deployed_at, policy)) }
        } } }
        h3 { (t!(say, "audit-owed")) }
        @if log.owed.is_empty() { p { (t!(say, "audit-owed-none")) } }
        ul { @for o in &log.owed { li {
            (o.words) ", " (o.owner_words) " " span.count.late[o.late] { (o.countdown) }
            @if o.lit { " " span.chip { (t!(say, "audit-is-lit")) } }
        } } }
        @if !log.why_rank.is_empty() {
            h3 { (t!(say, "audit-why-rank")) }
            ul { @for why in &log.why_rank { li { (why) } } }
        }
    }
}

fn lines(view: &ReplayView, log: &LogView, policy: &Policy, say: Say) -> Markup {
    html! {
        div {
            h3 #log-lines { (t!(say, "audit-lines", n = view.seen.lines.len())) }
            ol.lines-then tabindex="0" aria-labelledby="log-lines" {
                @for line in view.seen.lines.iter().rev() { (one(line, log, policy, say)) }
            }
        }
    }
}

fn one(line: &Line, log: &LogView, policy: &Policy, say: Say) -> Markup {
    let entry = line.entry.and_then(|n| log.entries.iter().find(|e| e.entry == n));
    let question = line.question.and_then(|n| log.questions.iter().find(|q| q.question == n));
    html! {
        li {
            span.meta {
                (clock(line.recorded_at, policy)) " " (line.by.staff) " "
                @if line.entered_late {
                    (t!(say, "audit-happened", at = clock(line.happened_at, policy)))
                }
            }
            p {
                @match (entry, question) {
                    (Some(entry), _) => (an_entry(entry, say)),
                    (None, Some(q)) => { (t!(say, "audit-asked", to = q.to_words.as_str())) " "
                        (q.text) " " span.meta { (q.words) } }
                    (None, None) => {
                        (line.words)
                        @if let Some(words) = &line.quoted { " " q { (words) } }
                    }
                }
            }
        }
    }
}

fn an_entry(entry: &EntryView, say: Say) -> Markup {
    html! {
        @if entry.critical { strong.late { (t!(say, "audit-critical")) } " " }
        @match &entry.struck {
            Some(struck) => { s { (entry.text) } " " span.meta {
                (t!(say, "audit-struck", by = struck.by.to_string(),
                    reason = struck.reason.to_string()))
            } }
            None => (entry.text),
        }
    }
}
