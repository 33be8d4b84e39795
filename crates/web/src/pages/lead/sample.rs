//! A dip sample of escalations: drawn by chance in a way that anybody can repeat, read one by one,
//! and marked. It prints without its forms.

use super::super::audit::{local, moment};
use super::super::frame::{Page, Viewer, whole};
use super::super::words::day_clock;
use super::super::{Shared, problem_page, viewer_who_may};
use super::level_badge;
use crate::App;
use crate::api::audit::Why;
use crate::api::show::dips::{USUAL, drawn};
use crate::api::view::query::Dip;
use crate::lang::{Say, t};
use crate::problem::Problem;
use axum::extract::{Query, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};
use rules::command::Sample;
use rules::name::{Label, Reason};
use rules::obligation::Fate;
use rules::policy::Policy;
use rules::time::{Instant, Span};
use rules::views::dip::{DipSample, Escalation};
use serde::Deserialize;
use std::sync::Arc;

/// The period that is offered.
const WEEK: Span = Span::minutes(7 * 24 * 60);

/// Which sample: what the form of the page gives.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: String,
    to: String,
    size: String,
    seed: String,
}

/// Answers `GET /decisions/sample?from=&to=&size=&seed=`; without them, the form.
pub(super) async fn page(
    State(Shared(app)): State<Shared>,
    Query(asked): Query<Asked>,
    parts: Parts,
) -> Response {
    let viewer = match viewer_who_may(&app, &parts, "view_sample") {
        Ok(viewer) => viewer,
        Err(instead) => return *instead,
    };
    let say = viewer.say("sample");
    let policy = app.room.view().policy.clone();
    let found = match asked.from.is_empty() {
        true => Ok(None),
        false => draws(&app, &viewer, &asked, &policy).await.map(Some),
    };
    let found = match found {
        Ok(found) => found,
        Err(problem) => return problem_page(&app, problem),
    };
    let title = t!(say, "sample-title");
    let main = html! {
        h1 { (title) }
        div.no-print {
            p { (t!(say, "sample-words")) }
            (form(&app, &asked, &policy, say))
        }
        @if let Some(sample) = &found { (shown(&viewer, sample, &policy, say)) }
    };
    let page = Page { name: "sample", title, css: &["lead.css"], js: &[], main, seq: None };
    whole(&app, Some(&viewer), &page)
}

async fn draws(
    app: &Arc<App>,
    viewer: &Viewer,
    asked: &Asked,
    policy: &Policy,
) -> Result<DipSample, Problem> {
    let at = |text: &str| {
        moment(text, policy).ok_or_else(|| {
            Problem::invalid("this is not a time: give day and time, such as 2026-11-21T23:00")
        })
    };
    let seed = match asked.seed.trim() {
        "" => None,
        seed => Some(Label::parse(seed).map_err(Problem::invalid)?),
    };
    let size = match asked.size.trim() {
        "" => None,
        n => Some(n.parse().map_err(|_| {
            Problem::invalid("how many is a whole number: choose 1 to 50 escalations")
        })?),
    };
    let wanted = Dip { from: at(&asked.from)?, to: at(&asked.to)?, size, seed };
    let why = Reason::parse(&t!(viewer.say("sample"), "sample-purpose"));
    drawn(app, viewer, &wanted, Why::Said(why.map_err(Problem::invalid)?)).await
}

fn form(app: &App, asked: &Asked, policy: &Policy, say: Say) -> Markup {
    let now = app.room.now();
    // Whole minutes, so that the address of a sample can be copied.
    let to = Instant(now.0 - now.0.rem_euclid(60_000));
    let or = |text: &str, other: Instant| match text {
        "" => local(other, policy),
        text => text.to_owned(),
    };
    let size = if asked.size.is_empty() { USUAL.to_string() } else { asked.size.clone() };
    html! {
        form #draw-sample method="get" action="/decisions/sample" {
            label for="sample-from" { (t!(say, "sample-from")) }
            input #sample-from name="from" type="datetime-local" step="1" required
                value=(or(&asked.from, to - WEEK));
            label for="sample-to" { (t!(say, "sample-to")) }
            input #sample-to name="to" type="datetime-local" step="1" required
                value=(or(&asked.to, to));
            label for="sample-size" { (t!(say, "sample-size")) }
            input #sample-size name="size" type="number" min="1" max="50" required value=(size);
            label for="sample-seed" { (t!(say, "sample-seed")) }
            input #sample-seed name="seed" type="text" maxlength="64" autocomplete="off"
                spellcheck="false" value=(asked.seed);
            button type="submit" { (t!(say, "sample-draw")) }
        }
    }
}

/// Where this sample is drawn again.
fn address(sample: &Sample, policy: &Policy) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("from", &local(sample.from, policy));
    query.append_pair("to", &local(sample.to, policy));
    query.append_pair("size", &sample.size.to_string());
    query.append_pair("seed", sample.seed.as_str());
    format!("/decisions/sample?{}", query.finish())
}

fn shown(viewer: &Viewer, found: &DipSample, policy: &Policy, say: Say) -> Markup {
    let (of, n) = (&found.sample, found.drawn.len());
    let again = address(of, policy);
    html! {
        section #sample aria-labelledby="sample-of" {
            h2 #sample-of {
                (t!(say, "sample-of", n = n, frame = found.frame.len(),
                    from = day_clock(of.from, policy), to = day_clock(of.to, policy)))
            }
            p { strong { (t!(say, "sample-seed-is", seed = of.seed.as_str())) } " "
                a.no-print href=(again) { (again) } }
            p.meta { (t!(say, "sample-how", seed = of.seed.as_str(), n = n)) }
            @if n == 0 { p { (t!(say, "sample-none")) } }
            p #sample-sum role="status" {
                (t!(say, "sample-sum", marked = found.n_marked, n = n, kept = found.n_kept,
                    not = found.n_marked - found.n_kept)) " "
                @if let Some(percent) = found.kept_percent {
                    strong { (t!(say, "sample-percent", n = percent)) }
                }
            }
            ol.meeting {
                @for one in &found.drawn {
                    li id={ "o-" (one.obligation) } {
                        (escalation(one, policy, say))
                        @if viewer.may("mark_escalation") && !viewer.is_anybody() {
                            (marking(one, of, &again, say))
                        }
                    }
                }
            }
            details.no-print {
                summary { (t!(say, "sample-numbers", n = found.frame.len())) }
                p { @for id in &found.frame { (id) " " } }
            }
            p.no-print.meta { (t!(say, "sample-print")) }
        }
    }
}

fn escalation(one: &Escalation, policy: &Policy, say: Say) -> Markup {
    let at = |at: Instant| day_clock(at, policy);
    html! {
        h3 {
            @if let Some(n) = one.incident() { a href={ "/incidents/" (n) } { (one.about_words) } }
            @else { (one.about_words) }
            ": " (one.owed)
        }
        p {
            @if let (Some(since), Some(due)) = (one.since, one.due_at) {
                (t!(say, "sample-owed", from = at(since), due = at(due))) " "
            }
            strong { (one.words) } " "
            span.meta { (t!(say, "sample-obligation", n = one.obligation.to_string())) }
        }
        p { (t!(say, "sample-told")) }
        ul {
            @for told in &one.told {
                li { (level_badge(Some(told.level), say)) " " (at(told.at)) ": "
                    (super::decisions::told(&told.to)) }
            }
            @if (one.told.len() as u32) < one.n_told {
                li { (t!(say, "sample-told-more", n = one.n_told - one.told.len() as u32)) }
            }
        }
        p { (t!(say, "sample-decided")) }
        ul {
            @if one.decided.is_empty() { li { (t!(say, "sample-undecided")) } }
            @for d in &one.decided {
                li { (at(d.at)) ", " (d.by.staff) ", " (d.by.role.words()) ": " (d.verb) ": "
                    q { (d.words) } }
            }
            li { (ending(one, policy, say)) }
        }
        @if !one.marks.is_empty() {
            p { (t!(say, "sample-marks")) }
            ul { @for mark in &one.marks {
                li {
                    strong {
                        @if mark.kept { (t!(say, "sample-kept")) }
                        @else { (t!(say, "sample-not-kept")) }
                    }
                    ": " (mark.words) " " span.meta { (mark.by) ", " (at(mark.at)) }
                }
            } }
        }
    }
}

fn ending(one: &Escalation, policy: &Policy, say: Say) -> Markup {
    let Some(end) = &one.ended else {
        return html! { (t!(say, "sample-open")) };
    };
    let fate = match end.fate {
        Fate::Done => t!(say, "sample-fate-done"),
        Fate::Overtaken => t!(say, "sample-fate-overtaken"),
        Fate::Closed => t!(say, "sample-fate-closed"),
    };
    let at = day_clock(end.at, policy);
    html! { (t!(say, "sample-ended", at = at, by = end.by.staff.to_string(), fate = fate)) }
}

/// One sentence and two buttons: which of them is pressed is the mark.
fn marking(one: &Escalation, of: &Sample, again: &str, say: Say) -> Markup {
    let id = format!("why-{}", one.obligation);
    html! {
        form.verb.no-print id={ "mark-" (one.obligation) } method="post"
            action="/do/mark_escalation" data-do data-go=(again) {
            input type="hidden" name="obligation" value=(one.obligation);
            input type="hidden" name="sample.from" value=(of.from.0);
            input type="hidden" name="sample.to" value=(of.to.0);
            input type="hidden" name="sample.size" value=(of.size);
            input type="hidden" name="sample.seed" value=(of.seed);
            input type="hidden" name="deed-back" value=(again);
            label for=(id) { (t!(say, "sample-why")) }
            input id=(id) name="words" required maxlength="2000" autocomplete="off";
            button type="submit" name="kept" value="yes" { (t!(say, "sample-mark-kept")) }
            button type="submit" name="kept" value="no" { (t!(say, "sample-mark-not")) }
        }
    }
}
