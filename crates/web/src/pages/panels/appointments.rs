//! Appointments: who waits for us, when, who comes, and what came of it.

use super::{On, folded, known_line, line, part};
use crate::lang::t;
use crate::pages::words::day_clock;
use maud::{Markup, Render, html};
use rules::command::AppointmentResult;
use rules::incident::appointments::Appointment;
use rules::views::countdown::countdown_words;

/// The appointments.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let all = &on.log.appointments;
    let open = all.iter().filter(|a| a.ended.is_none()).count();
    let place = on.incident.location.words.as_ref().map(ToString::to_string);
    let body = html! {
        @if !all.is_empty() { ul.steps { @for a in all { (one(on, a)) } } }
        @if on.may("book_appointment") {
            (folded("book", t!(say, "panel-book"), None, on.deed(
                "book_appointment",
                "book-form",
                html! {
                    (line("book-with", "with", t!(say, "panel-book-with")))
                    (known_line("book-place", "place", t!(say, "panel-book-place"), place))
                    (line("book-attends", "attends", t!(say, "panel-book-attends")))
                    (moment("book-from", "starts_at.on", t!(say, "panel-book-from")))
                    (moment("book-to", "ends_at.on", t!(say, "panel-book-to")))
                    (known_line("book-needs", "needs", t!(say, "panel-book-needs"), None))
                    button type="submit" { (t!(say, "panel-book-send")) }
                },
            )))
        }
    };
    part(on, "appointments", t!(say, "panel-appointments", n = open), "", body)
}

fn moment(id: &str, name: &str, label: impl Render) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) type="datetime-local" required;
        }
    }
}

fn one(on: &On<'_>, a: &Appointment) -> Markup {
    let (say, policy) = (on.say(), &on.state.policy);
    let n = a.appointment;
    let (log, number) = (on.log.number.to_string(), n.to_string());
    let fields = [("incident", log.as_str()), ("appointment", number.as_str())];
    html! {
        li id={ "appointment-" (n) } {
            p {
                strong { (day_clock(a.starts_at, policy)) " - " (day_clock(a.ends_at, policy)) }
                " " (t!(say, "panel-book-who", with = a.with.as_str(), attends = a.attends.as_str()))
                @if a.ended.is_none() {
                    " " span.count.late[a.starts_at <= on.now] {
                        (countdown_words(a.starts_at, on.now))
                    }
                }
            }
            p.meta { (a.place) @if let Some(needs) = &a.needs { ". " strong { (needs) } } }
            @match &a.ended {
                Some(end) => p.meta {
                    strong { (end.result.words().1) } ": " (end.words) ", " (end.by) " "
                    (on.clock(end.at))
                },
                None => @if on.may("end_appointment") {
                    (on.deed_with("end_appointment", &format!("appointment-form-{n}"), &fields,
                        html! { (came_of_it(on, n)) }))
                },
            }
        }
    }
}

fn came_of_it(on: &On<'_>, n: u32) -> Markup {
    let say = on.say();
    let id = format!("appointment-result-{n}");
    html! {
        div.field {
            label for=(id) { (t!(say, "panel-book-result")) }
            select id=(id) name="result" required {
                option value="" { (t!(say, "panel-choose")) }
                @for result in AppointmentResult::ALL {
                    option value=(result.words().0) { (result.words().1) }
                }
            }
        }
        (line(&format!("appointment-words-{n}"), "words", t!(say, "panel-book-words")))
        button type="submit" { (t!(say, "panel-book-record")) }
    }
}
