//! What the informant was told, as a required pick, and the end of the call: refused while
//! something is open, with the name of each.

use super::{Call, after_first_line, heading, live, of_log};
use crate::App;
use crate::lang::{Say, t};
use crate::pages::drafts;
use crate::pages::frame::Viewer;
use crate::pages::words::clock;
use maud::{Markup, html};
use rules::command::Told;
use rules::contact::ending::{ends_with_a_reason, open_on, was_not_heard};
use rules::obligation::Rule;
use rules::views::guidance::grade_guide;
use rules::views::log::LogView;

/// In the informant's words: what is picked, or written.
pub(super) fn tell(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    html! {
        section #part-tell.box data-part aria-labelledby="tell-h" {
            (heading("tell", &t!(say, "call-tell"), "Alt+8"))
            @match &call.log {
                None => { (after_first_line(say)) }
                Some(log) => {
                    @let key = format!("tell:{}", log.number);
                    form.fields #tell-form method="post" action="/do/tell_informant" data-do
                        data-clears {
                        (of_log(call, log))
                        label for="told" { (t!(say, "call-told")) }
                        select #told name="told" required data-key="Alt+8" {
                            option value="" { (t!(say, "call-told-choose")) }
                            option value="what_happens_next" { (t!(say, "call-told-next")) }
                            option value="delay" { (t!(say, "call-told-delay")) }
                            option value="no_attendance" { (t!(say, "call-told-no-attendance")) }
                            option value="other_channels" { (t!(say, "call-told-channels")) }
                            option value="not_told" { (t!(say, "call-told-not")) }
                        }
                        label for="told-words" { (t!(say, "call-told-words")) }
                        textarea #told-words name="words" required rows="2" maxlength="2000"
                            data-draft=(key) { (drafts::of(app, viewer, &key)) }
                        button type="submit" { (t!(say, "call-told-save")) }
                    }
                }
            }
        }
    }
}

/// One button with ready words for the grade.
fn ready(call: &Call, log: &LogView, say: Say) -> Markup {
    let Some(grade) = log.facts.grade else { return html! {} };
    let guide = grade_guide(&call.state.policy).into_iter().find(|g| g.grade == grade);
    let Some(guide) = guide else { return html! {} };
    let line = log.facts.informant.as_ref().and_then(|i| i.line.clone());
    let safe = log.facts.informant.as_ref().and_then(|i| i.safe_to_contact);
    let how = match line {
        Some(_) if safe == Some(false) => t!(say, "call-tell-unsafe"),
        // Nobody has asked yet: a number is promised only where it is safe to ring it.
        Some(_) if safe.is_none() => t!(say, "call-tell-not-asked"),
        Some(line) => t!(say, "call-tell-line", line = line.to_string()),
        None => t!(say, "call-tell-no-line"),
    };
    let number = log.number.to_string();
    let (told, words) = if guide.attends {
        let (grade, targets) = (guide.label, guide.targets);
        let next =
            t!(say, "call-tell-next", number = number, grade = grade, targets = targets, how = how);
        ("what_happens_next", next)
    } else {
        ("no_attendance", t!(say, "call-tell-nobody", number = number, how = how))
    };
    html! {
        form method="post" action="/do/tell_informant" data-do {
            (of_log(call, log))
            input type="hidden" name="told" value=(told);
            input type="hidden" name="words" value=(words);
            button type="submit" data-key="Alt+9"
                { (t!(say, "call-tell-ready")) " " kbd { "Alt+9" } }
            p.meta { (words) }
        }
    }
}

/// Whether the caller has the number, and what else they are told at the end: the other ways to
/// get in touch, by one key.
fn also(call: &Call, log: &LogView, say: Say) -> Markup {
    html! {
        @if log.number_given { p { "✓ " (t!(say, "call-number-given")) } }
        @else {
            p.ask { (t!(say, "call-number-give", number = log.number.to_string())) }
        }
        @if let Some(words) = &log.other_channels {
            form method="post" action="/do/tell_informant" data-do {
                (of_log(call, log))
                input type="hidden" name="told" value="other_channels";
                input type="hidden" name="words" value=(words);
                p.ask { (t!(say, "call-channels")) }
                p.meta { (words) }
                button type="submit" data-key="Alt+W"
                    { (t!(say, "call-channels-told")) " " kbd { "Alt+W" } }
            }
        }
    }
}

/// What is done about a caller who could not be heard, before the call ends.
fn not_heard(call: &Call, log: &LogView, say: Say) -> Markup {
    html! {
        p.ask { (t!(say, "call-not-heard")) }
        form.fields #not-heard-form method="post" action="/do/promise_ring_back" data-do
            hx-morph-skip {
            (of_log(call, log))
            label for="not-heard-by" { (t!(say, "call-not-heard-by")) }
            input #not-heard-by name="by.at" type="text" required maxlength="8" placeholder="22:50"
                autocomplete="off";
            label for="not-heard-why" { (t!(say, "call-not-heard-why")) }
            input #not-heard-why name="why" type="text" required maxlength="500"
                autocomplete="off";
            button type="submit" { (t!(say, "call-not-heard-promise")) }
        }
    }
}

/// What only the caller could have told, and why they cannot.
fn because(say: Say) -> Markup {
    html! {
        label for="because" { (t!(say, "call-because-end")) }
        input #because type="text" name="because" maxlength="2000" autocomplete="off";
    }
}

pub(super) fn part(call: &Call, viewer: &Viewer, say: Say) -> Markup {
    let open = open_on(&call.state, &call.contact, &viewer.by);
    let c = &call.contact;
    let policy = &call.state.policy;
    let inner = html! {
        (heading("end", &t!(say, "call-end"), "Alt+0"))
        @if let Some(log) = &call.log {
            @for told in &log.told {
                p { "✓ " (t!(say, "call-told-at", at = clock(told.at, policy))) " " (told.words) }
            }
            @let owed = log.owed.iter().find(|o| o.rule == Rule::InformantOwed);
            @let told = log.told.iter().any(|t| t.told != Told::OtherChannels);
            @if let (Some(owed), true) = (owed, told) {
                p.ask { (t!(say, "call-tell-again", what = owed.words.as_str())) " "
                    span.count.late[owed.late] { (owed.countdown) } }
            }
            @if owed.is_some() || !told { (ready(call, log, say)) }
            (also(call, log, say))
            @if call.state.incident(log.number).is_some_and(was_not_heard) {
                (not_heard(call, log, say))
            }
        }
        @if c.settled {
            @if open.is_empty() { p { "✓ " (t!(say, "call-nothing-open")) } }
            @else {
                p.ask { (t!(say, "call-still-open", n = open.len())) }
                ul.still-open { @for what in &open { li { (what) } } }
            }
            @match c.over_at {
                Some(at) => {
                    p role="status" { (t!(say, "call-over-at", at = clock(at, policy))) }
                }
                None => {}
            }
            @if c.over_at.is_none() || !open.is_empty() {
                form method="post" action="/do/hang_up" data-do {
                    input type="hidden" name="contact" value=(c.id);
                    input type="hidden" name="deed-back" value=(call.address());
                    @if ends_with_a_reason(&call.state, &call.contact, &viewer.by) {
                        div.fields #because-fields hx-morph-skip { (because(say)) }
                    }
                    button type="submit" data-key="Alt+0" data-go="/calls"
                        { (t!(say, "call-hang-up")) " " kbd { "Alt+0" } }
                    @if c.over_at.is_none() {
                        " " button type="submit" name="line_dropped" value="true"
                            { (t!(say, "call-dropped")) }
                    }
                }
            }
        } @else {
            form.fields #outcome-form method="post" action="/do/end_contact" data-do
                data-go="/calls" hx-morph-skip {
                input type="hidden" name="contact" value=(c.id);
                input type="hidden" name="deed-back" value="/calls";
                label for="outcome" { (t!(say, "call-no-log")) }
                input #outcome type="text" name="outcome" required maxlength="2000"
                    autocomplete="off" data-key="Alt+0";
                button type="submit" { (t!(say, "call-end-without")) }
            }
        }
    };
    live(call, "end", &call.topics(), &inner)
}
