//! Where, who, what: the first line that is sent opens the log, each further one goes onto it.

use super::{Call, after_first_line, heading, live, of_log};
use crate::App;
use crate::lang::{Say, t};
use crate::pages::drafts;
use crate::pages::frame::Viewer;
use crate::pages::guidance;
use crate::pages::said_place;
use crate::pages::words::{badge, clock};
use maud::{Markup, html};
use rules::command::{Informant, Known, Location};
use rules::name::{OpeningCode, Words};
use rules::policy::Policy;
use rules::views::code_help::{CodeHelp, code_help};
use rules::views::log::{DoubtView, LogView};

/// The form that opens the log, or writes on it. Fields of other sections belong to it.
const SAID: &str = "said-form";
/// How much of what was said is looked at for a code, in bytes.
const LOOKED_AT: usize = 4_000;

/// The form a field belongs to: before there is a log, the one that opens it.
fn belongs(call: &Call) -> Option<&'static str> {
    call.log.is_none().then_some(SAID)
}

fn key(call: &Call, field: &str) -> String {
    let log = match &call.log {
        Some(log) => log.number.to_string(),
        // Each further incident of a call begins anew.
        None => format!("new-{}", call.contact.incidents.len()),
    };
    format!("call:{}:{log}:{field}", call.contact.id)
}

/// Where a field's text is kept while there is no log that has it.
fn kept(call: &Call, field: &str) -> Option<String> {
    call.log.is_none().then(|| key(call, field))
}

/// What was typed in it; once there is a log, the log is right.
fn draft_of(app: &App, viewer: &Viewer, call: &Call, field: &str) -> String {
    kept(call, field).map(|key| drafts::of(app, viewer, &key)).unwrap_or_default()
}

pub(super) fn whereabouts(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    let fields = where_fields(app, viewer, call, say);
    html! {
        section #part-where.box data-part aria-labelledby="where-h" {
            (heading("where", &t!(say, "call-where"), "Alt+1"))
            @match &call.log {
                None => { div.fields { (fields) } }
                Some(log) => {
                    form.fields #where-form method="post" action="/do/set_location" data-do {
                        (of_log(call, log)) (fields)
                        button type="submit" { (t!(say, "call-where-save")) }
                    }
                }
            }
            p.dim { (t!(say, "call-where-grade")) }
        }
    }
}

fn where_fields(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    let form = belongs(call);
    let nowhere = Location {
        known: Known::Unknown,
        words: None,
        point: None,
        rural: false,
        district: None,
        within: None,
    };
    let of_log = call.log.as_ref().map(|log| log.facts.location.clone());
    let at = of_log.or_else(|| call.contact.location.clone()).unwrap_or(nowhere);
    let draft = draft_of(app, viewer, call, "place");
    let said = at.words.as_ref().map(ToString::to_string).unwrap_or_default();
    let place = if draft.is_empty() { said } else { draft };
    let known = |k: Known| (at.known == k).then_some("selected");
    html! {
        label for="place" { (t!(say, "call-place")) }
        input #place type="text" name="location.words" form=[form] value=(place) maxlength="500"
            autocomplete="off" data-key="Alt+1" data-keeps data-draft=[kept(call, "place")];
        label for="known" { (t!(say, "call-known")) }
        select #known name="location.known" form=[form] {
            option value="known" selected=[known(Known::Known)] { (t!(say, "call-known-known")) }
            option value="vague" selected=[known(Known::Vague)] { (t!(say, "call-known-vague")) }
            option value="unknown" selected=[known(Known::Unknown)]
                { (t!(say, "call-known-unknown")) }
        }
        label for="point" { (t!(say, "call-point")) }
        (said_place::field("point", Some(&at), form, &t!(say, "map-place-example")))
        label.tick {
            input type="checkbox" name="location.rural" form=[form] checked[at.rural];
            " " (t!(say, "call-rural"))
        }
        input type="hidden" name="location.district" form=[form]
            value=(at.district.map(|d| d.to_string()).unwrap_or_default());
    }
}

pub(super) fn who(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    let fields = who_fields(app, viewer, call, say);
    html! {
        section #part-who.box data-part aria-labelledby="who-h" {
            (heading("who", &t!(say, "call-who"), "Alt+2"))
            @match &call.log {
                None => { div.fields { (fields) } }
                Some(log) => {
                    form.fields #who-form method="post" action="/do/set_informant" data-do {
                        (of_log(call, log)) (fields)
                        button type="submit" { (t!(say, "call-who-save")) }
                    }
                }
            }
        }
    }
}

/// Who reports: as the log has it, or as another log of the same call has it.
fn informant(call: &Call) -> Option<Informant> {
    let of_log = call.log.as_ref().and_then(|log| log.facts.informant.clone());
    let others = call.contact.incidents.iter().rev().filter_map(|n| call.state.incident(*n));
    of_log.or_else(|| others.filter_map(|log| log.informant.clone()).next())
}

fn who_fields(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    let form = belongs(call);
    let known = informant(call);
    let of = |f: fn(&Informant) -> Option<String>| known.as_ref().and_then(f).unwrap_or_default();
    let given = call.contact.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = of(|i| i.name.as_ref().map(ToString::to_string));
    let draft = draft_of(app, viewer, call, "name");
    let name = [draft, name, given].into_iter().find(|x| !x.is_empty()).unwrap_or_default();
    let line = of(|i| i.line.as_ref().map(ToString::to_string));
    let rang = call.contact.line.as_ref().map(ToString::to_string).unwrap_or_default();
    let line = if line.is_empty() { rang } else { line };
    let safe = known.as_ref().and_then(|i| i.safe_to_contact);
    let is = |x: Option<bool>| (safe == x).then_some("selected");
    html! {
        label for="name" { (t!(say, "call-name")) }
        input #name type="text" name="informant.name" form=[form] value=(name) maxlength="200"
            autocomplete="off" data-key="Alt+2" data-keeps data-draft=[kept(call, "name")];
        label for="line" { (t!(say, "call-line")) }
        input #line type="text" inputmode="tel" name="informant.line" form=[form] value=(line)
            maxlength="200" autocomplete="off" data-keeps;
        label for="safe" { (t!(say, "call-safe")) }
        select #safe name="informant.safe_to_contact" form=[form] {
            option value="" selected=[is(None)] { (t!(say, "call-safe-not-asked")) }
            option value="yes" selected=[is(Some(true))] { (t!(say, "call-safe-yes")) }
            option value="no" selected=[is(Some(false))] { (t!(say, "call-safe-no")) }
        }
        label for="missing" { (t!(say, "call-missing")) }
        input #missing type="text" name="informant.missing_because" form=[form] maxlength="500"
            value=(of(|i| i.missing_because.as_ref().map(ToString::to_string)))
            autocomplete="off" data-keeps;
    }
}

pub(super) fn what(app: &App, viewer: &Viewer, call: &Call, say: Say) -> Markup {
    let draft = key(call, "words");
    let typed = drafts::of(app, viewer, &draft);
    let (action, name) = match &call.log {
        Some(_) => ("/do/add_entry", "text"),
        None => ("/do/open_incident", "words"),
    };
    html! {
        section #part-what.box data-part aria-labelledby="what-h" {
            (heading("what", &t!(say, "call-what"), "Alt+3"))
            form #said-form method="post" action=(action) data-do data-clears
                data-opening[call.log.is_none()] data-call=(call.contact.id) {
                @match &call.log {
                    Some(log) => {
                        (of_log(call, log))
                        input type="hidden" name="own_words" value="true";
                    }
                    None => {
                        input type="hidden" name="contact" value=(call.contact.id);
                        input type="hidden" name="deed-back" value={ "/calls/" (call.contact.id) };
                    }
                }
                label.hidden for="words" { (t!(say, "call-words")) }
                textarea #words name=(name) required rows="3" maxlength="10000"
                    data-draft=(draft) data-key="Alt+3" aria-describedby="words-help"
                    autofocus[!call.silent]
                    { (typed) }
                p #words-help.dim { @match &call.log {
                    Some(_) => { (t!(say, "call-words-help")) }
                    None => { (t!(say, "call-words-help-first")) }
                } }
                @match &call.log {
                    Some(_) => {
                        div.row {
                            label.tick { input type="checkbox" name="new_information";
                                " " (t!(say, "call-new-information")) }
                            label.tick { input type="checkbox" name="critical";
                                " " (t!(say, "call-critical")) }
                            button type="submit" { (t!(say, "call-line-add")) }
                        }
                    }
                    None => { (opening_code(call, say)) }
                }
            }
            @if call.log.is_some() { (code(call, viewer, say)) (lines(call, say)) }
            @else { (after_first_line(say)) }
        }
    }
}

fn opening_code(call: &Call, say: Say) -> Markup {
    let policy = &call.state.policy;
    let said = call.contact.words.clone();
    let help = said.map(|words| code_help(policy, &words, None));
    html! {
        div.row {
            label for="code" { (t!(say, "call-code")) }
            select #code name="opening_code" required data-key="Alt+C" {
                option value="" { (t!(say, "call-code-choose")) }
                @for row in &policy.opening_code {
                    @let wanted = call.code.as_deref() == Some(row.code.as_str());
                    option value=(row.code) selected[wanted] { (row.code) }
                }
            }
            kbd { "Alt+C" }
            button type="submit" { (t!(say, "call-open")) }
        }
        div #code-fits aria-live="polite" { (fits(help.as_ref(), policy, say)) }
    }
}

/// Codes that fit what is typed, with the words that say so.
pub(super) fn fits(help: Option<&CodeHelp>, policy: &Policy, say: Say) -> Markup {
    let shown = help.map_or(&[][..], |help| help.fits.get(..3).unwrap_or(&help.fits));
    html! {
        @if shown.is_empty() { p.dim { (t!(say, "call-code-none")) } }
        ol.fits { @for fit in shown { li {
            button type="button" data-code=(fit.code) { (fit.code) }
            " " (badge(Some(fit.usual_grade), policy))
            " " small { (fit.because.join("; ")) }
        } } }
    }
}

/// What was said, as far as it is looked at for a code.
fn said(log: &LogView) -> Option<Words> {
    let own = log.entries.iter().filter(|e| e.own_words && e.struck.is_none());
    let mut text = log.facts.words.to_string();
    for entry in own {
        if text.len() + entry.text.as_str().len() > LOOKED_AT {
            break;
        }
        text.push('\n');
        text.push_str(entry.text.as_str());
    }
    Words::parse(&text).ok()
}

/// The code of the log, whether the words fit another one better, and what to decide.
pub(super) fn code(call: &Call, viewer: &Viewer, say: Say) -> Markup {
    let Some(log) = &call.log else { return html! {} };
    let facts = &log.facts;
    let policy = &call.state.policy;
    let help = said(log).map(|words| code_help(policy, &words, Some(&facts.code)));
    // What gets a log of its own is no better code for this one.
    let its_own =
        |code: &OpeningCode| policy.code_doubt.iter().any(|d| d.separate && d.suggests == *code);
    let fits = help.iter().flat_map(|h| &h.fits);
    let better = fits
        .filter(|fit| fit.code == facts.code || !its_own(&fit.code))
        .take(1)
        .find(|fit| fit.code != facts.code);
    let inner = html! {
        (heading("code", &t!(say, "call-code-is", code = facts.code.to_string()), ""))
        p.dim { (facts.code_definition) }
        (guidance::of_log(policy, log, call.now, viewer))
        @for doubt in facts.doubts.iter().filter(|d| d.separate) { (separate(call, doubt, say)) }
        @for doubt in facts.doubts.iter().filter(|d| !d.separate) {
            div.doubt {
                p { strong { (t!(say, "call-doubt", words = doubt.words.clone())) } " "
                    (doubt.definition) }
                (change(call, log, doubt.suggests.as_str(),
                    &t!(say, "call-said", words = doubt.words.clone()), say))
            }
        }
        @if let Some(fit) = better.filter(|_| facts.doubts.iter().all(|d| d.separate)) {
            div.row {
                (change(call, log, fit.code.as_str(), &fit.because.join("; "), say))
                small { (fit.because.join("; ")) }
            }
        }
    };
    live(call, "code", &call.topics(), &inner)
}

/// Another matter that was named in the same call, with its procedure, and the way to its own log.
fn separate(call: &Call, doubt: &DoubtView, say: Say) -> Markup {
    let sop = call.state.policy.opening_code(&doubt.suggests).map_or(&[][..], |row| &row.sop[..]);
    html! {
        div.doubt.separate {
            p { strong { (t!(say, "call-separate", words = doubt.words.clone())) } " "
                (doubt.definition) }
            ol { @for step in sop { li { strong { (step.step) } " " (step.words) } } }
            form method="get" action={ "/calls/" (call.contact.id) } {
                input type="hidden" name="log" value="new";
                input type="hidden" name="code" value=(doubt.suggests);
                button type="submit" { (t!(say, "call-separate-open")) }
            }
        }
    }
}

fn change(call: &Call, log: &LogView, to: &str, why: &str, say: Say) -> Markup {
    let why: String = why.chars().take(400).collect();
    html! {
        form method="post" action="/do/change_opening_code" data-do {
            (of_log(call, log))
            input type="hidden" name="opening_code" value=(to);
            input type="hidden" name="reason" value=(why);
            button type="submit" data-key="Alt+C"
                { (t!(say, "call-code-change", code = to)) " " kbd { "Alt+C" } }
        }
    }
}

/// What is on the log, the newest last.
pub(super) fn lines(call: &Call, say: Say) -> Markup {
    let Some(log) = &call.log else { return html! {} };
    let policy = &call.state.policy;
    let inner = html! {
        (heading("lines", &t!(say, "call-lines", n = log.entries.len() + 1), ""))
        ol.call-lines tabindex="0" {
            li.own {
                p.meta { (clock(log.facts.opened_at, policy)) " " (log.facts.opened_by.staff) }
                p { (log.facts.words) }
            }
            @for entry in &log.entries {
                li.own[entry.own_words] data-critical[entry.critical] {
                    p.meta { (clock(entry.recorded_at, policy)) " " (entry.by.staff)
                        @if entry.critical { " " strong { (t!(say, "call-critical-mark")) } } }
                    @if entry.struck.is_some() { p { s { (entry.text) } } }
                    @else { p { (entry.text) } }
                }
            }
        }
    };
    live(call, "lines", &call.topics(), &inner)
}
