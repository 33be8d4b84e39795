//! The assessment: the one that holds, what changed since the one before, and the next.

use super::{On, folded, part};
use crate::lang::t;
use maud::{Markup, html};
use rules::views::log::ThriveView;

/// THRIVE.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let latest = on.log.thrive.last();
    let version = latest.map_or(0, |t| t.version);
    let body = html! {
        @match latest {
            Some(thrive) => { (shown(on, thrive)) }
            None => p.warn { (t!(say, "panel-thrive-none")) }
        }
        @if on.log.thrive.len() > 1 {
            details.fold id={ "thrive-before-" (version) } hx-morph-skip {
                summary { (t!(say, "panel-thrive-before", n = on.log.thrive.len() - 1)) }
                @for thrive in on.log.thrive.iter().rev().skip(1) { (shown(on, thrive)) }
            }
        }
        @if on.may("record_thrive") { (again(on, latest, version)) }
    };
    let title = match latest {
        Some(_) => t!(say, "panel-thrive-version", version = version),
        None => t!(say, "panel-thrive"),
    };
    part(on, "thrive", title, "", body)
}

fn shown(on: &On<'_>, thrive: &ThriveView) -> Markup {
    let say = on.say();
    html! {
        p.meta {
            (t!(say, "panel-thrive-by", version = thrive.version, at = on.clock(thrive.at),
                staff = thrive.by.staff.to_string()))
        }
        @if !thrive.informant_understood { p.warn { (t!(say, "panel-thrive-unheard")) } }
        dl.rated {
            @for e in &thrive.elements {
                dt { (e.element) " " span.rating data-rating=(e.rating) { (e.rating) } }
                dd { (e.rationale) }
            }
        }
        @if !thrive.changed.is_empty() {
            p.label { (t!(say, "panel-thrive-changed", before = thrive.version - 1)) }
            ul.changed { @for change in &thrive.changed { li { (change) } } }
        }
    }
}

fn again(on: &On<'_>, latest: Option<&ThriveView>, version: u32) -> Markup {
    let say = on.say();
    let policy = &on.state.policy.thrive;
    let before = |element: &rules::name::Label| {
        let found = latest?.elements.iter().find(|e| &e.element == element)?;
        Some(found.rating.to_string())
    };
    let form = on.deed(
        "record_thrive",
        "thrive-form",
        html! {
            @for (i, element) in policy.elements.iter().enumerate() {
                @let (rate, why) = (format!("thrive-rating-{i}"), format!("thrive-why-{i}"));
                fieldset.rate {
                    legend {
                        (element)
                        @if let Some(before) = before(element) {
                            " " span.meta { (t!(say, "panel-thrive-was", rating = before)) }
                        }
                    }
                    input type="hidden" name={ "elements." (i) ".element" } value=(element);
                    label.hidden for=(rate) {
                        (t!(say, "panel-thrive-rating", element = element.to_string()))
                    }
                    select id=(rate) name={ "elements." (i) ".rating" } required {
                        option value="" { (t!(say, "panel-rate")) }
                        @for rating in &policy.ratings { option value=(rating) { (rating) } }
                    }
                    (rationale(on, &why, i, element))
                }
            }
            p {
                input type="hidden" name="informant_understood" value="no";
                label {
                    input type="checkbox" name="informant_understood" value="yes" checked;
                    " " (t!(say, "panel-thrive-heard"))
                }
            }
            (on.opinion("thrive-form"))
            button type="submit" { (t!(say, "panel-thrive-record")) }
        },
    );
    let words =
        if version == 0 { t!(say, "panel-thrive-first") } else { t!(say, "panel-thrive-again") };
    folded(&format!("thrive-again-{version}"), words, Some("Alt+5"), form)
}

fn rationale(on: &On<'_>, id: &str, i: usize, element: &rules::name::Label) -> Markup {
    let (key, typed) = on.draft(id);
    let label = t!(on.say(), "panel-thrive-why", element = element.to_string());
    html! {
        label.hidden for=(id) { (label) }
        input id=(id) name={ "elements." (i) ".rationale" } type="text" required maxlength="8000"
            placeholder=(t!(on.say(), "panel-why")) autocomplete="off" data-draft=(key)
            aria-describedby="opinion-thrive-form" hx-post="/fragments/opinion"
            hx-trigger="input changed delay:500ms" hx-target="#opinion-thrive-form"
            hx-swap="innerHTML" value=(typed);
    }
}
