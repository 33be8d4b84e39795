//! The facts as they stand: where, who, what, the markers, and whether the code still fits.

use super::super::{guidance, map, said_place};
use super::{On, folded, known_line, line, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::command::Known;
use serde::Serialize;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The facts.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let facts = &on.log.facts;
    let body = html! {
        (carried(on))
        @for marker in &on.log.markers {
            p.marker {
                span.chip { (marker.marker) } " " (marker.text) " "
                @if marker.officer_safety { strong.warn { (t!(say, "panel-marker-safety")) } " " }
                span.meta { (on.clock(marker.at)) }
                @if let Some(met) = marker.met {
                    " " a href={ "/markers/" (met.marker) } {
                        (t!(say, "panel-marker-of", n = met.marker.to_string()))
                    }
                }
            }
        }
        dl.facts {
            dt { (t!(say, "panel-code")) }
            dd {
                (facts.code) " " span.meta { (facts.code_definition) }
                (guidance::of_log(&on.state.policy, &on.log, on.now, on.viewer))
            }
            @for before in &facts.codes_before {
                dt { (t!(say, "panel-code-before")) }
                dd { s { (before.code) } " " span.meta { (on.clock(before.left_at)) } ": "
                    (before.reason) }
            }
            dt { (t!(say, "panel-place")) }
            dd { (place(on)) }
            dt { (t!(say, "panel-informant")) }
            dd { (informant(on)) }
            @if let Some(at) = facts.contacted_at {
                dt { (t!(say, "panel-contacted")) }
                dd { (on.clock(at)) }
            }
            dt { (t!(say, "panel-opened")) }
            dd { (on.clock(facts.opened_at)) ", " (facts.opened_by.staff) }
            dt { (t!(say, "panel-policy")) }
            dd {
                (facts.policy_version)
                @if facts.policy_version != on.state.policy.about.version {
                    " " span.chip {
                        (t!(say, "panel-policy-new",
                            version = on.state.policy.about.version.as_str()))
                    }
                }
            }
        }
        blockquote { (facts.words) }
        (doubts(on))
        (forms(on))
    };
    part(on, "facts", t!(say, "panel-facts"), "", body)
}

/// What officers have before them first, as it was said.
fn carried(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        @for one in &on.log.carried {
            div.carried {
                p.warn { strong { (t!(say, "panel-carried", what = one.name.to_string())) } }
                ul { @for said in &one.said { li { (said.whole) } } }
            }
        }
    }
}

fn place(on: &On<'_>) -> Markup {
    let say = on.say();
    let location = &on.log.facts.location;
    html! {
        @match &location.words {
            Some(words) => { (words) }
            None => span.warn { (t!(say, "panel-place-none")) }
        }
        @if location.known == Known::Vague { " " span.meta { (t!(say, "panel-place-vague")) } }
        @if let Some(district) = &location.district { " " span.meta { (district) } }
        @if location.rural { " " span.meta { (t!(say, "panel-place-rural")) } }
        " " (map::grid_and_link(on.viewer, on.log.number, location))
    }
}

fn informant(on: &On<'_>) -> Markup {
    let say = on.say();
    html! {
        @match &on.log.facts.informant {
            None => span.warn { (t!(say, "panel-informant-none")) }
            Some(who) => {
                @if let Some(name) = &who.name { (name) " " }
                @if let Some(line) = &who.line { (line) " " }
                @match who.safe_to_contact {
                    Some(true) => { (t!(say, "panel-safe-yes")) }
                    Some(false) => strong.warn { (t!(say, "panel-safe-no")) }
                    None => span.meta { (t!(say, "panel-safe-unknown")) }
                }
                @if let Some(why) = &who.missing_because { " " span.meta { (why) } }
            }
        }
    }
}

/// Facts that do not go with the opening code: it is changed, or somebody says why it is right.
fn doubts(on: &On<'_>) -> Markup {
    let say = on.say();
    let n = on.log.number.to_string();
    html! {
        @for (i, doubt) in on.log.facts.doubts.iter().enumerate() {
            div.doubt {
                p.warn {
                    (t!(say, "panel-doubt", words = doubt.words.as_str(),
                        code = doubt.suggests.to_string()))
                }
                p.meta { (doubt.definition) }
                @if on.may("keep_opening_code") {
                    (folded(&format!("keep-code-{i}"), t!(say, "panel-code-keep"), None,
                        on.deed_with("keep_opening_code", &format!("keep-code-form-{i}"),
                            &[("incident", &n), ("doubt", doubt.doubt.as_str())], html! {
                            (line(&format!("keep-code-why-{i}"), "reason", t!(say, "panel-reason")))
                            button type="submit" { (t!(say, "panel-code-keep")) }
                        })))
                }
            }
        }
    }
}

fn forms(on: &On<'_>) -> Markup {
    html! {
        div.answers {
            @if on.may("change_opening_code") { (code(on)) }
            @if on.may("set_location") { (set_place(on)) }
            @if on.may("set_informant") { (set_informant(on)) }
            @if on.may("find_marker") { (carry(on)) (find_marker(on)) }
        }
    }
}

fn code(on: &On<'_>) -> Markup {
    let say = on.say();
    let others = on.state.policy.opening_code.iter().filter(|c| c.code != on.log.facts.code);
    let form = on.deed(
        "change_opening_code",
        "code-form",
        html! {
            div.field {
                label for="code-which" { (t!(say, "panel-code")) }
                select #code-which name="opening_code" required {
                    option value="" { (t!(say, "panel-choose")) }
                    @for row in others {
                        option value=(row.code) { (row.code) ": " (row.definition) }
                    }
                }
            }
            (line("code-why", "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-code-change")) }
        },
    );
    let id = format!("code-{}", on.log.facts.codes_before.len());
    folded(&id, t!(say, "panel-code-change"), None, form)
}

/// The name of a form that replaces the whole of what stands there: when that has changed, it is
/// another form, so that nobody sends back what somebody else has put right.
fn about(name: &str, stands: &impl Serialize) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(stands).unwrap_or_default().hash(&mut hasher);
    format!("{name}-{:x}", hasher.finish())
}

fn set_place(on: &On<'_>) -> Markup {
    let say = on.say();
    let location = &on.log.facts.location;
    let form = on.deed(
        "set_location",
        "place-form",
        html! {
            div.field {
                label for="place-words" { (t!(say, "panel-place")) }
                input #place-words name="location.words" type="text" maxlength="300"
                    autocomplete="off" data-keeps value=[&location.words];
            }
            div.field.short {
                label for="place-point" { (t!(say, "panel-place-point")) }
                (said_place::field("place-point", Some(location), None,
                    &t!(say, "map-place-example")))
            }
            div.field.short {
                label for="place-known" { (t!(say, "panel-place-known")) }
                select #place-known name="location.known" required {
                    option value="known" selected[location.known == Known::Known] {
                        (t!(say, "panel-place-exact"))
                    }
                    option value="vague" selected[location.known == Known::Vague] {
                        (t!(say, "panel-place-vague"))
                    }
                    option value="unknown" selected[location.known == Known::Unknown] {
                        (t!(say, "panel-place-none"))
                    }
                }
            }
            div.field.short {
                label for="place-district" { (t!(say, "panel-district")) }
                input #place-district name="location.district" type="text" maxlength="64"
                    autocomplete="off" data-keeps value=[&location.district];
            }
            label.tick {
                input type="checkbox" name="location.rural" value="yes" checked[location.rural];
                " " (t!(say, "panel-place-rural"))
            }
            button type="submit" { (t!(say, "panel-place-set")) }
        },
    );
    folded(&about("place", location), t!(say, "panel-place-set"), None, form)
}

fn set_informant(on: &On<'_>) -> Markup {
    let say = on.say();
    // What stands there is sent again with what is new: the form replaces the whole.
    let who = on.log.facts.informant.as_ref();
    let safe = who.and_then(|who| who.safe_to_contact);
    let form = on.deed(
        "set_informant",
        "informant-form",
        html! {
            (known_line("informant-name", "informant.name", t!(say, "panel-informant-name"),
                who.and_then(|who| Some(who.name.as_ref()?.to_string()))))
            (known_line("informant-line", "informant.line", t!(say, "panel-informant-line"),
                who.and_then(|who| Some(who.line.as_ref()?.to_string()))))
            div.field.short {
                label for="informant-safe" { (t!(say, "panel-safe")) }
                select #informant-safe name="informant.safe_to_contact" {
                    option value="" { (t!(say, "panel-safe-unknown")) }
                    option value="yes" selected[safe == Some(true)] { (t!(say, "panel-yes")) }
                    option value="no" selected[safe == Some(false)] { (t!(say, "panel-no")) }
                }
            }
            (known_line("informant-missing", "informant.missing_because",
                t!(say, "panel-informant-missing"),
                who.and_then(|who| Some(who.missing_because.as_ref()?.to_string()))))
            button type="submit" { (t!(say, "panel-informant-set")) }
        },
    );
    folded(&about("informant", &who), t!(say, "panel-informant-set"), None, form)
}

/// Suicide risk or vulnerability that the words on the log do not say, in the informant's words.
fn carry(on: &On<'_>) -> Markup {
    let say = on.say();
    let rows = &on.state.policy.carried;
    if rows.is_empty() {
        return html! {};
    }
    let form = on.deed(
        "find_marker",
        "carry-form",
        html! {
            div.field {
                label for="carry-what" { (t!(say, "panel-carry-what")) }
                select #carry-what name="marker" required {
                    option value="" { (t!(say, "panel-choose")) }
                    @for row in rows { option value=(row.name) { (row.name) } }
                }
            }
            (line("carry-words", "text", t!(say, "panel-carry-words")))
            button type="submit" { (t!(say, "panel-carry-send")) }
        },
    );
    folded("carry", t!(say, "panel-carry"), None, form)
}

fn find_marker(on: &On<'_>) -> Markup {
    let say = on.say();
    let form = on.deed(
        "find_marker",
        "marker-form",
        html! {
            (line("marker-kind", "marker", t!(say, "panel-marker-kind")))
            (line("marker-text", "text", t!(say, "panel-marker-text")))
            label.tick {
                input type="checkbox" name="officer_safety" value="yes";
                " " (t!(say, "panel-marker-safety"))
            }
            button type="submit" { (t!(say, "panel-marker-add")) }
        },
    );
    folded("marker", t!(say, "panel-marker-add"), None, form)
}
