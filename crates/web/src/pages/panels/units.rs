//! Units sent to the log, and who else could get there, with what each lacks.

use super::{On, folded, greyed, line, optional_line, part};
use crate::lang::t;
use crate::pages::needs;
use crate::pages::words::badge;
use maud::{Markup, html};
use rules::shift::training::Doing;
use rules::unit::status::AT_SCENE;
use rules::views::log::DeploymentView;
use rules::views::reach::{Candidate, How, who_can_get_there};
use rules::views::units::{status_label, unit_row};

/// So many candidates are shown; the command line knows them all.
const SHOWN: usize = 12;
/// The statuses that a unit on a log goes through: en route, at scene, committed.
const ON_A_LOG: [u8; 3] = [5, 6, 7];

/// The units.
pub(in crate::pages) fn panel(on: &On<'_>) -> Markup {
    let say = on.say();
    let here: Vec<&DeploymentView> =
        on.log.deployments.iter().filter(|d| d.left_at.is_none()).collect();
    let gone = on.log.deployments.iter().filter(|d| d.left_at.is_some());
    let body = html! {
        @if here.is_empty() && on.log.open { p.warn { (t!(say, "panel-units-none")) } }
        ul.units-on { @for d in &here { (sent(on, d)) } }
        ul.units-gone {
            @for d in gone {
                li {
                    span.unit { (d.call_sign) } " " span.meta { (d.words) }
                    @if d.release_unconfirmed && on.may("confirm_release") {
                        " " (confirm(on, "confirm_release", d.call_sign.as_str(),
                            &t!(say, "panel-unit-released")))
                    }
                }
            }
        }
        (needs::part(on.viewer, on.state, on.incident, on.now, "p-", &on.back))
        @if on.may("view_candidates") {
            div #candidates hx-morph-skip { (candidates(on)) }
            button type="button" data-key="Alt+7"
                hx-get={ "/incidents/" (on.log.number) "/panels/candidates" }
                hx-target="#candidates" hx-swap="innerHTML" { (t!(say, "panel-candidates-again")) }
        }
    };
    part(on, "units", t!(say, "panel-units", n = here.len()), "units", body)
}

fn sent(on: &On<'_>, d: &DeploymentView) -> Markup {
    let say = on.say();
    let call_sign = d.call_sign.as_str();
    let unit = on.state.units.get(&d.call_sign).map(|u| unit_row(on.state, u, on.now));
    html! {
        li id={ "unit-" (slug(call_sign)) } {
            p {
                strong.unit { (d.call_sign) } " "
                @if let Some(unit) = &unit {
                    span.chip { (unit.status) " " (unit.status_label) } " "
                    @if unit.emergency { strong.late { (t!(say, "panel-unit-emergency")) } " " }
                }
                (d.words)
                @if d.silent { " " span.chip { (t!(say, "panel-unit-silent")) } }
            }
            p.meta {
                (t!(say, "panel-unit-sent", at = on.clock(d.deployed_at)))
                @match d.card_opened_at {
                    Some(at) => { "; " (t!(say, "panel-unit-card", at = on.clock(at))) }
                    None => { "; " (t!(say, "panel-unit-no-card")) }
                }
                @if let Some(unit) = &unit { "; " (unit.position_words) }
                @if let Some(radio) = unit.as_ref().and_then(|u| u.radio.as_ref()) {
                    @if let Some(group) = &radio.talk_group {
                        "; " (t!(say, "panel-unit-radio", group = group.as_str()))
                    }
                }
                @if !d.checks_open.is_empty() {
                    "; " (t!(say, "panel-unit-checks", checks = names(&d.checks_open)))
                }
                @if !d.lacks.is_empty() {
                    "; " (t!(say, "panel-unit-lacks", lacks = names(&d.lacks)))
                }
                @if let Some(why) = &d.reason { "; " (why) }
            }
            div.answers {
                @if d.confirmed_at.is_none() && on.may("confirm_deployment") {
                    (confirm(on, "confirm_deployment", call_sign, &t!(say, "panel-unit-goes")))
                }
                @if on.may("set_status") { (states(on, call_sign)) }
                @if on.may("check_in") { (well(on, call_sign)) }
                @if on.may("stand_down") { (stand_down(on, call_sign)) }
                @if on.may("divert_unit") { (divert_away(on, call_sign)) }
            }
        }
    }
}

fn names(all: &[rules::name::Label]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A call sign as a part of an id.
fn slug(call_sign: &str) -> String {
    call_sign.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

fn confirm(on: &On<'_>, command: &str, call_sign: &str, words: &str) -> Markup {
    let n = on.log.number.to_string();
    let fields = [("incident", n.as_str()), ("call_sign", call_sign)];
    let id = format!("{command}-{}", slug(call_sign));
    on.deed_with(command, &id, &fields, html! { button type="submit" { (words) } })
}

/// One button a status. Nobody is at the scene without the risk card, opened or read out.
fn states(on: &On<'_>, call_sign: &str) -> Markup {
    let say = on.say();
    html! {
        @for status in ON_A_LOG {
            @let n = status.to_string();
            (on.deed_with("set_status", &format!("status-{n}-{}", slug(call_sign)),
                &[("call_sign", call_sign), ("status", &n)], html! {
                @if status == AT_SCENE {
                    label.tick {
                        input type="checkbox" name="card_read_out" value="yes";
                        " " (t!(say, "panel-unit-read-out"))
                    }
                }
                button type="submit" { (n) " " (status_label(on.state, status)) }
            }))
        }
    }
}

fn well(on: &On<'_>, call_sign: &str) -> Markup {
    let id = format!("well-{}", slug(call_sign));
    let body = html! { button type="submit" { (t!(on.say(), "panel-unit-well")) } };
    on.deed_with("check_in", &id, &[("call_sign", call_sign)], body)
}

fn stand_down(on: &On<'_>, call_sign: &str) -> Markup {
    let say = on.say();
    let (n, slug) = (on.log.number.to_string(), slug(call_sign));
    let fields = [("incident", n.as_str()), ("call_sign", call_sign)];
    let form = on.deed_with(
        "stand_down",
        &format!("stand-down-form-{slug}"),
        &fields,
        html! {
            (line(&format!("stand-down-why-{slug}"), "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-unit-stand-down")) }
        },
    );
    folded(&format!("stand-down-{slug}"), t!(say, "panel-unit-stand-down"), None, form)
}

/// Takes a unit away to another log. What becomes of this one has to be said.
fn divert_away(on: &On<'_>, call_sign: &str) -> Markup {
    let say = on.say();
    let slug = slug(call_sign);
    let form = on.deed_with(
        "divert_unit",
        &format!("divert-form-{slug}"),
        &[("call_sign", call_sign)],
        html! {
            (line(&format!("divert-to-{slug}"), "to", t!(say, "panel-divert-to")))
            (left_behind(on, &format!("divert-left-{slug}"), &on.log.number.to_string()))
            (line(&format!("divert-why-{slug}"), "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-divert")) }
        },
    );
    folded(&format!("divert-{slug}"), t!(say, "panel-divert"), None, form)
}

/// What becomes of the log that a unit leaves: nothing is chosen beforehand.
fn left_behind(on: &On<'_>, id: &str, left: &str) -> Markup {
    let say = on.say();
    let free =
        on.state.units.values().filter(|u| rules::views::units::is_available(on.state, u, on.now));
    html! {
        div.field {
            label for=(id) { (t!(say, "panel-left", log = left)) }
            select id=(id) name="left_behind" required hx-morph-skip {
                option value="" { (t!(say, "panel-choose")) }
                option value="requeue" { (t!(say, "panel-left-requeue")) }
                option value="covered" { (t!(say, "panel-left-covered")) }
                @for unit in free {
                    option value={ "cover_with:" (unit.call_sign) } {
                        (t!(say, "panel-left-cover", unit = unit.call_sign.to_string()))
                    }
                }
            }
        }
    }
}

/// Who could get there. It stays as it is until it is asked for again, so that nothing moves under
/// the hands of whoever sends.
pub(in crate::pages) fn candidates(on: &On<'_>) -> Markup {
    let say = on.say();
    if !on.may("view_candidates") {
        return html! {};
    }
    let all = who_can_get_there(on.state, on.incident, on.now);
    html! {
        h3 { (t!(say, "panel-candidates", n = all.len())) }
        p.meta { (t!(say, "panel-candidates-at", at = on.clock(on.now))) }
        ol.candidates {
            @for c in all.iter().take(SHOWN) { (candidate(on, c)) }
        }
        @if all.len() > SHOWN { p.meta { (t!(say, "panel-more", n = all.len() - SHOWN)) } }
    }
}

fn candidate(on: &On<'_>, c: &Candidate) -> Markup {
    let policy = &on.state.policy;
    html! {
        li id={ "candidate-" (slug(c.call_sign.as_str())) } {
            p {
                strong.unit { (c.call_sign) } " " span.meta { (c.kind) } " "
                @if let Some(grade) = c.from_grade { (badge(Some(grade), policy)) " " }
            }
            ul.for-and-against {
                @for reason in &c.reasons { li.for { span aria-hidden="true" { "+ " } (reason) } }
                @for lack in &c.shortfalls {
                    li.against { span aria-hidden="true" { "− " } (lack) }
                }
            }
            @match (c.how, c.from) {
                (How::Divert, Some(from)) => {
                    @if on.may("divert_unit") { (divert_here(on, c, &from.to_string())) }
                }
                _ => { @if on.may("deploy_unit") { (send(on, c)) } }
            }
        }
    }
}

fn send(on: &On<'_>, c: &Candidate) -> Markup {
    let say = on.say();
    let (n, unit) = (on.log.number.to_string(), c.call_sign.as_str());
    let slug = slug(unit);
    let doing = Doing { command: "deploy_unit", unit: Some(&c.call_sign), ..Doing::default() };
    if let Some(why) = on.barred(doing) {
        return greyed(t!(say, "panel-send", unit = unit), &why);
    }
    let resourced = on.incident.is_resourced();
    let lacks = needs::lacks(on.state, on.incident, &c.call_sign);
    on.deed_with(
        "deploy_unit",
        &format!("send-{slug}"),
        &[("incident", &n), ("call_sign", unit)],
        html! {
            @if !lacks.is_empty() {
                (line(&format!("send-why-{slug}"), "reason", t!(on.viewer.say("needs"),
                    "need-lacks", needs = lacks.join(", "))))
            } @else if resourced {
                (optional_line(&format!("send-why-{slug}"), "reason", t!(say, "panel-send-why")))
            }
            label.tick {
                input type="checkbox" name="silent" value="yes";
                " " (t!(say, "panel-send-silent"))
            }
            button type="submit" { (t!(say, "panel-send", unit = unit)) }
        },
    )
}

fn divert_here(on: &On<'_>, c: &Candidate, from: &str) -> Markup {
    let say = on.say();
    let (n, unit) = (on.log.number.to_string(), c.call_sign.as_str());
    let doing = Doing { command: "divert_unit", unit: Some(&c.call_sign), ..Doing::default() };
    if let Some(why) = on.barred(doing) {
        return greyed(t!(say, "panel-send", unit = unit), &why);
    }
    let slug = slug(unit);
    let form = on.deed_with(
        "divert_unit",
        &format!("divert-here-form-{slug}"),
        &[("call_sign", unit), ("to", &n)],
        html! {
            (left_behind(on, &format!("divert-here-left-{slug}"), from))
            (line(&format!("divert-here-why-{slug}"), "reason", t!(say, "panel-reason")))
            button type="submit" { (t!(say, "panel-divert-here", unit = unit, log = from)) }
        },
    );
    let words = t!(say, "panel-divert-here", unit = unit, log = from);
    folded(&format!("divert-here-{slug}"), words, None, form)
}
