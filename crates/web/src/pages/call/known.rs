//! What is known of whoever rings before they say a word: the markers that meet the call, and what
//! they asked for earlier from the same number. And a message for an officer they ask for by name.

use super::{Call, heading, live};
use crate::App;
use crate::api::audit::{self, Why};
use crate::lang::{Say, t};
use crate::pages::frame::Viewer;
use crate::pages::looks::Looked;
use crate::pages::messages::leave_form;
use crate::pages::words::{day_clock, time};
use crate::problem::Problem;
use maud::{Markup, html};
use rules::command::Signal;
use rules::views::markers::{MarkerMet, on_call};
use rules::views::messages::{self, MessageWhole};
use std::sync::Arc;

/// So many messages are shown, the newest first.
const MESSAGES_MAX: usize = 4;

/// The markers that the call meets.
pub(super) fn markers(call: &Call) -> Vec<MarkerMet> {
    let at = call.log.as_ref().map(|log| &log.facts.location);
    on_call(&call.state, &call.contact, at, call.now)
}

fn earlier(call: &Call) -> Vec<MessageWhole> {
    let mut all = messages::on_call(&call.state, &call.contact, call.now);
    all.truncate(MESSAGES_MAX);
    all
}

/// What is known is part of the look, before it is shown; each once for a screen.
pub(super) async fn recorded(
    app: &Arc<App>,
    viewer: &Viewer,
    call: &Call,
    why: Why,
) -> Result<(), Problem> {
    let marked = markers(call).into_iter().map(|m| Looked::Marker(m.marker));
    let left = earlier(call).into_iter().map(|m| Looked::Message(m.row.message));
    let new: Vec<Looked> =
        marked.chain(left).filter(|one| !app.related.has(viewer, *one, call.now)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let found: Vec<String> = new.iter().map(ToString::to_string).collect();
    let sought = format!("what is known of contact {}", call.contact.id);
    audit::record_search(app, viewer, "search", &why, &sought, &found).await?;
    new.into_iter().for_each(|one| app.related.keep(viewer, one, call.now));
    Ok(())
}

/// What is known, above everything else on the page.
pub(super) fn part(call: &Call, say: Say) -> Markup {
    let (marked, left) = (markers(call), earlier(call));
    let policy = &call.state.policy;
    let inner = html! {
        (heading("known", &t!(say, "call-known-title", n = marked.len() + left.len()), ""))
        (signals(call, say))
        @if marked.is_empty() && left.is_empty() { p.dim { (t!(say, "call-known-none")) } }
        @for m in &marked {
            p.call-risk data-risk {
                a.chip href={ "/markers/" (m.marker) } { "! " (m.kind) } " "
                span.meta { (m.because) } " " (m.text) " "
                span.meta { (t!(say, "call-known-source", source = m.source.as_str())) }
                @if m.past_its_end { " " strong.late { "▲ " (t!(say, "call-known-past")) } }
                @if let Some(grade) = m.grade {
                    " " strong { @match m.forced {
                        true => (t!(say, "call-known-forces", grade = policy.grade_label(grade))),
                        false => (t!(say, "call-known-suggests",
                            grade = policy.grade_label(grade))),
                    } }
                }
            }
        }
        @for m in &left {
            p.call-risk data-risk[m.row.done_at.is_none()] {
                a.chip href={ "/messages/" (m.row.message) }
                    { (t!(say, "call-known-message", to = m.row.to.as_str())) } " "
                span.meta { (day_clock(m.row.at, policy)) } " " (m.words) " "
                @match m.row.done_at {
                    Some(at) => span.meta {
                        (t!(say, "call-known-done", at = day_clock(at, policy)))
                    },
                    None => strong.late { (t!(say, "call-known-waits")) },
                }
            }
        }
    };
    live(call, "known", &format!("{} contacts markers messages", call.topics()), &inner)
}

/// What came instead of words, and ringing back.
fn signals(call: &Call, say: Say) -> Markup {
    let (contact, policy) = (&call.contact, &call.state.policy);
    let known = |signal: Signal| contact.signals.iter().find(|(s, _)| *s == signal);
    let id = contact.id.to_string();
    html! {
        @for (signal, at) in &contact.signals {
            p.call-risk data-risk { strong { (time(*at, policy)) " " (signal.words().1) } }
        }
        @for rung in &contact.rung_back {
            p { (time(rung.at, policy)) " " (rung.by) " " strong { @match rung.spoke {
                true => (t!(say, "call-back-spoke")),
                false => (t!(say, "call-back-not")),
            } } ": " (rung.words) " " span.meta { (rung.safe_because) } }
        }
        @if call.mine && contact.channel.is_call() {
            form.row method="post" action="/do/note_signal" data-do {
                input type="hidden" name="contact" value=(id);
                input type="hidden" name="deed-back" value=(call.address());
                @for signal in Signal::ALL {
                    @if known(signal).is_none() {
                        button type="submit" name="signal" value=(signal.words().0)
                            { (signal.words().1) }
                    }
                }
            }
            @if known(Signal::Abandoned).is_some() { (ring_back(call, &id, say)) }
        }
    }
}

/// Ringing back: whether that is safe is weighed first.
///
/// Source: Learning the Lessons, case 1, question: "Would the benefits have outweighed the risks?"
fn ring_back(call: &Call, id: &str, say: Say) -> Markup {
    html! {
        form.fields #ring-caller method="post" action="/do/ring_caller" data-do data-clears {
            input type="hidden" name="contact" value=(id);
            input type="hidden" name="deed-back" value=(call.address());
            label for="back-safe" { (t!(say, "call-back-safe")) }
            input #back-safe name="safe_because" type="text" required maxlength="500"
                autocomplete="off";
            label for="back-words" { (t!(say, "call-back-words")) }
            input #back-words name="words" type="text" required maxlength="2000"
                autocomplete="off";
            label.tick { input type="checkbox" name="spoke" value="true"; " "
                (t!(say, "call-back-spoke")) }
            button type="submit" { (t!(say, "call-back-record")) }
        }
    }
}

/// A message for an officer whom they ask for by name.
pub(super) fn message(call: &Call, viewer: &Viewer, say: Say) -> Markup {
    html! {
        @if viewer.may("leave_message") && call.mine {
            section #part-message.box data-part aria-labelledby="message-h" {
                (heading("message", &t!(say, "call-message"), ""))
                details.fold {
                    summary { (t!(say, "call-message-leave")) }
                    (leave_form(&call.state, Some(call.contact.id), viewer.say("messages")))
                }
            }
        }
    }
}
