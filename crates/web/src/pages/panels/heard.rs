//! What was said in the calls of a log, beside what was written: who said it and when, what of it
//! stands on the log, and what does not, each with one key to write it and one to set it aside.

use super::{On, folded, line, part};
use crate::lang::t;
use crate::pages::words::clock_time;
use maud::{Markup, html};
use rules::command::Speaker;
use rules::contact::unwritten::{LineBeside, Unwritten};
use rules::role::Role;
use rules::time::{Instant, Span};

/// A clock of hours and minutes tells one day only.
const A_DAY: Span = Span::minutes(24 * 60);

/// What was said.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let (say, heard) = (on.say(), &on.log.heard);
    let body = html! {
        @if heard.recordings.is_empty() && heard.lines.is_empty() {
            p.meta { (t!(say, "panel-heard-none")) }
        }
        @if !heard.missing.is_empty() {
            h3 { (t!(say, "panel-heard-missing", n = heard.missing.len())) }
            ul.missing {
                @for (at, m) in heard.missing.iter().enumerate() { (missing(on, m, at == 0)) }
            }
        }
        (recordings(on))
        @if !heard.lines.is_empty() { (lines(on)) }
        @if !heard.aside.is_empty() {
            h3 { (t!(say, "panel-heard-aside", n = heard.aside.len())) }
            ul {
                @for aside in &heard.aside {
                    li {
                        q { (aside.sentence) } " " (aside.reason) " "
                        span.meta { (aside.by) ", " (on.clock(aside.at)) }
                    }
                }
            }
        }
        @if on.may("add_transcript") { (listened(on)) }
    };
    part(on, "heard", t!(say, "panel-heard", n = heard.missing.len()), "", body)
}

fn recordings(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        @for r in &on.log.heard.recordings {
            p.meta {
                (t!(say, "panel-heard-recording", name = r.recording.as_str(),
                    contact = r.contact.to_string(), at = on.clock(r.started_at)))
                @if let Some(seconds) = r.seconds {
                    ", " (t!(say, "panel-heard-length", minutes = seconds / 60,
                        seconds = format!("{:02}", seconds % 60)))
                }
            }
        }
    }
}

/// The lines, in a part of the page that scrolls by itself: a call of an hour is long.
fn lines(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        div.heard-lines role="region" tabindex="0" aria-label=(t!(say, "panel-heard-lines")) {
            ol { @for l in &on.log.heard.lines { (one(on, l)) } }
        }
    }
}

fn speaker(on: &On<'_>, speaker: Speaker) -> String {
    let say = on.say();
    match speaker {
        Speaker::Informant => t!(say, "panel-heard-informant"),
        Speaker::Police => t!(say, "panel-heard-police"),
        Speaker::Other => t!(say, "panel-heard-other"),
    }
}

fn one(on: &On<'_>, l: &LineBeside) -> Markup {
    let (say, said) = (on.say(), &l.line);
    let by_hand = said.by.role != Role::RadioGateway;
    html! {
        li id={ "heard-" (said.contact) "-" (said.line) } data-late[!l.missing.is_empty()] {
            p {
                span.label { (clock_time(said.at, &on.state.policy)) " " }
                strong { (speaker(on, said.speaker)) } ": " (said.text)
            }
            @if by_hand || said.revised > 0 {
                p.meta {
                    @if by_hand { (t!(say, "panel-heard-by", staff = said.by.staff.as_str())) " " }
                    @if said.revised > 0 { (t!(say, "panel-heard-revised", n = said.revised)) }
                }
            }
            @for held in &l.on_log {
                p.ok {
                    (t!(say, "panel-heard-held", words = held.words.as_str(),
                        place = held.place.as_str()))
                }
            }
            @for sentence in &l.missing {
                p.warn { (t!(say, "panel-heard-not-held", sentence = sentence.as_str())) }
            }
        }
    }
}

/// A sentence that is not on the log, with what can be done about it.
fn missing(on: &On<'_>, m: &Unwritten, first: bool) -> Markup {
    let say = on.say();
    let (n, id) = (on.log.number.to_string(), name_of(m));
    let (words, why) = (m.words.join(", "), m.why.join(", "));
    html! {
        li id={ "missing-" (id) } data-late {
            p { span.label { (clock_time(m.at, &on.state.policy)) " " } q { (m.sentence) } }
            p.meta {
                (t!(say, "panel-heard-why", words = words.as_str(), why = why.as_str()))
            }
            div.answers {
                @if on.may("add_entry") { (write(on, m, &id, first)) }
                @if on.may("set_aside_heard") {
                    (folded(
                        &format!("aside-{id}"),
                        html! {
                            (t!(say, "panel-heard-not-here"))
                            @if first { " " kbd { "Alt+N" } }
                        },
                        first.then_some("Alt+N"),
                        on.deed_with(
                            "set_aside_heard",
                            &format!("aside-form-{id}"),
                            &[("incident", &n), ("sentence", &m.sentence)],
                            html! {
                                (line(&format!("aside-why-{id}"), "reason",
                                    t!(say, "panel-heard-not-here-why")))
                                button type="submit" { (t!(say, "panel-heard-not-here")) }
                            },
                        ),
                    ))
                }
            }
        }
    }
}

/// One press writes the sentence, in the informant's own words, with the time at which it was said.
/// Once the risk has been assessed it is new information.
fn write(on: &On<'_>, m: &Unwritten, id: &str, first: bool) -> Markup {
    let (say, n) = (on.say(), on.log.number.to_string());
    let happened = happened(on, m.at);
    let new = if on.log.thrive.is_empty() { "no" } else { "yes" };
    let mut fields = vec![
        ("incident", n.as_str()),
        ("text", m.sentence.as_str()),
        ("own_words", "yes"),
        ("new_information", new),
    ];
    fields.extend(happened.as_deref().map(|at| ("deed-happened", at)));
    on.deed_with(
        "add_entry",
        &format!("write-form-{id}"),
        &fields,
        html! {
            button type="submit" data-key=[first.then_some("Alt+W")] {
                (t!(say, "panel-heard-write"))
                @if first { " " kbd { "Alt+W" } }
            }
        },
    )
}

fn happened(on: &On<'_>, at: Instant) -> Option<String> {
    let ago = on.now.since(at);
    (Span(0) < ago && ago < A_DAY).then(|| clock_time(at, &on.state.policy))
}

/// A name for a sentence that stays while others come and go (FNV-1a; two of one name on one log
/// would only share a form's name).
fn name_of(m: &Unwritten) -> String {
    let hash = m
        .sentence
        .bytes()
        .fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    format!("{}-{}-{hash:08x}", m.contact, m.line)
}

/// Somebody has listened, and writes what they heard.
fn listened(on: &On<'_>) -> Markup {
    let say = on.say();
    let contacts = &on.incident.contacts;
    if contacts.is_empty() {
        return html! {};
    }
    let form = html! {
        form.deed #listened-form method="post" action="/do/add_transcript" data-do data-clears {
            input type="hidden" name="deed-back" value=(on.back);
            div.field.short {
                label for="listened-contact" { (t!(say, "panel-heard-call")) }
                select #listened-contact name="contact" required {
                    @for contact in contacts.iter().rev() { option { (contact) } }
                }
            }
            div.field.short {
                label for="listened-who" { (t!(say, "panel-heard-who")) }
                select #listened-who name="lines.0.speaker" required {
                    @for who in Speaker::ALL { option value=(who.name()) { (speaker(on, who)) } }
                }
            }
            div.field {
                label for="listened-text" { (t!(say, "panel-heard-text")) }
                textarea #listened-text name="lines.0.text" required rows="2" maxlength="2000" {}
            }
            div.field.short {
                label for="listened-at" { (t!(say, "panel-heard-at")) }
                input #listened-at name="lines.0.at.was" type="text" maxlength="8"
                    autocomplete="off" placeholder="22:50"
                    pattern="[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?";
            }
            button type="submit" { (t!(say, "panel-heard-add")) }
        }
    };
    folded("listened", t!(say, "panel-heard-listened"), None, form)
}
