//! Who rings, how long, and what is known already about the number and the place.

use super::{Call, heading, live};
use crate::App;
use crate::api::audit::{self, Why};
use crate::lang::{Say, t};
use crate::pages::frame::Viewer;
use crate::pages::words::{badge, clock};
use crate::problem::Problem;
use maud::{Markup, html};
use room::{Hit, HitKind, Query};
use rules::command::Channel;
use rules::name::IncidentNumber;
use rules::views::call::{Related, related};
use rules::views::countdown::age_words;
use std::sync::Arc;

/// How many earlier contacts are shown.
const SHOWN: u32 = 6;

/// What history has about the number.
pub(super) struct Earlier {
    hits: Vec<Hit>,
    /// Whether history could not be read.
    unread: bool,
}

/// Earlier contacts from the same number. The look is recorded with what came up.
pub(super) async fn earlier(
    app: &Arc<App>,
    viewer: &Viewer,
    call: &Call,
    why: Why,
) -> Result<Earlier, Problem> {
    let Some(line) = &call.contact.line else {
        return Ok(Earlier { hits: Vec::new(), unread: false });
    };
    let query = Query { line: Some(line.to_string()), limit: Some(SHOWN + 1), ..Query::default() };
    let room = app.room.clone();
    let found = tokio::task::spawn_blocking(move || room.history().search(&query)).await;
    // A call is taken whether or not history can be read; the page says so.
    let Ok(Ok(found)) = found else {
        tracing::error!("history is not read for a call");
        return Ok(Earlier { hits: Vec::new(), unread: true });
    };
    let me = call.contact.id.0;
    let is_other = |hit: &Hit| hit.kind == HitKind::Contact && hit.contact != Some(me);
    let hits: Vec<Hit> = found.hits.into_iter().filter(is_other).collect();
    let came_up: Vec<String> =
        hits.iter().filter_map(|h| Some(format!("contact {}", h.contact?))).collect();
    let sought = format!("line of contact {me}");
    audit::record_search(app, viewer, "search", &why, &sought, &came_up).await?;
    Ok(Earlier { hits, unread: false })
}

/// The open logs that may be the same thing are part of the look, before they are shown; each once
/// for a screen.
pub(super) async fn related_recorded(
    app: &Arc<App>,
    viewer: &Viewer,
    call: &Call,
    why: Why,
) -> Result<(), Problem> {
    let shown = found(call);
    let new = shown.iter().map(|r| r.n).filter(|n| !app.related.has(viewer, *n, call.now));
    let new: Vec<IncidentNumber> = new.collect();
    if new.is_empty() {
        return Ok(());
    }
    let logs: Vec<String> = new.iter().map(|n| format!("log {n}")).collect();
    let sought = format!("open logs near contact {}", call.contact.id);
    audit::record_search(app, viewer, "search", &why, &sought, &logs).await?;
    new.iter().for_each(|n| app.related.keep(viewer, *n, call.now));
    Ok(())
}

pub(super) fn channel(channel: Channel, say: Say) -> String {
    match channel {
        Channel::Emergency => t!(say, "call-channel-999"),
        Channel::NonEmergency => t!(say, "call-channel-101"),
        Channel::Switchboard => t!(say, "call-channel-switchboard"),
        Channel::Email => t!(say, "call-channel-email"),
        Channel::WebForm => t!(say, "call-channel-web"),
        Channel::Social => t!(say, "call-channel-social"),
        Channel::Chat => t!(say, "call-channel-chat"),
        Channel::Sms => t!(say, "call-channel-sms"),
        Channel::FrontCounter => t!(say, "call-channel-counter"),
        Channel::Officer => t!(say, "call-channel-officer"),
        Channel::Agency => t!(say, "call-channel-agency"),
        Channel::Alarm => t!(say, "call-channel-alarm"),
    }
}

pub(super) fn banner(call: &Call, earlier: &Earlier, say: Say) -> Markup {
    let contact = &call.contact;
    let policy = &call.state.policy;
    let found = found(call);
    let own = call.log.iter().flat_map(|log| &log.markers).map(|m| m.marker.to_string());
    let others = found.iter().flat_map(|r| &r.markers).map(ToString::to_string);
    let known = super::known::markers(call).into_iter().map(|m| m.kind.to_string());
    let mut markers: Vec<String> = own.chain(others).chain(known).collect();
    markers.sort();
    markers.dedup();
    let n = earlier.hits.len();
    html! {
        section #call-banner.call-banner data-part aria-label=(t!(say, "call-banner")) {
            div.call-line {
                h1 { (t!(say, "call-title", number = contact.id.to_string())) }
                span.call-channel { (channel(contact.channel, say)) }
                strong.call-number {
                    @match &contact.line {
                        Some(line) => { (line) }
                        None => { (t!(say, "call-no-line")) }
                    }
                }
                span.meta { (clock(contact.received_at, policy)) }
                (age(call, say))
                @for n in &contact.incidents {
                    @let here = call.log.as_ref().is_some_and(|log| log.number == *n);
                    a.chip href={ "/calls/" (contact.id) "?log=" (n) }
                        aria-current=[here.then_some("page")]
                        { (t!(say, "call-log", number = n.to_string())) }
                }
                @if !contact.incidents.is_empty() {
                    a.button data-key="Alt+N" href={ "/calls/" (contact.id) "?log=new" }
                        { (t!(say, "call-second")) " " kbd { "Alt+N" } }
                }
                @if call.silent {
                    a.button data-key="F2" href={ "/calls/" (contact.id)
                        @if let Some(log) = &call.log { "?log=" (log.number) } }
                        { (t!(say, "call-silent-off")) " " kbd { "F2" } }
                } @else {
                    a.button data-key="F2" href={ (call.address()) "&silent=1" }
                        { (t!(say, "call-silent-on")) " " kbd { "F2" } }
                }
            }
            p #call-risk.call-risk data-risk[!markers.is_empty() || !found.is_empty() || n > 0] {
                @for marker in &markers { span.chip { "! " (marker) } " " }
                @if earlier.unread { strong.late { (t!(say, "call-history-unread")) } " " }
                @if markers.is_empty() { (t!(say, "call-no-markers")) " " }
                (t!(say, "call-earlier-count", n = n)) " "
                (t!(say, "call-related-count", n = found.len()))
            }
        }
    }
}

/// Open logs that may be the same thing: from the ring on, by what the contact came with.
fn found(call: &Call) -> Vec<Related> {
    let at = call.log.as_ref().map(|log| &log.facts.location);
    related(&call.state, &call.contact, at, call.now)
}

/// How long the call has lasted. It asks again by itself.
pub(super) fn age(call: &Call, say: Say) -> Markup {
    let c = &call.contact;
    html! {
        span #call-age.call-age data-from=[call.mine.then(|| call.part("age"))] data-again="5" {
            @match c.over_at {
                Some(at) => { (t!(say, "call-over", age = age_words(at, call.now))) }
                None => { (t!(say, "call-live", age = age_words(c.received_at, call.now))) }
            }
        }
    }
}

/// Open logs that may be the same thing.
pub(super) fn related_logs(call: &Call, say: Say) -> Markup {
    let found = found(call);
    let policy = &call.state.policy;
    let linked = |n| call.log.as_ref().is_some_and(|log| log.links.iter().any(|l| l.other == n));
    let inner = html! {
        (heading("related", &t!(say, "call-related", n = found.len()), "F4"))
        @if found.is_empty() { p.dim { (t!(say, "call-related-none")) } }
        ul.call-related data-key="F4" { @for r in &found { li {
            p { (badge(r.grade, policy)) " " a href={ "/incidents/" (r.n) } { (r.n) } " " (r.code) }
            p.meta { (r.because) ", " (r.age) @if !r.place.is_empty() { ", " (r.place) } }
            @for marker in &r.markers { span.chip { (marker) } " " }
            @if linked(r.n) { p.meta { (t!(say, "call-linked")) } }
            @else if let Some(log) = &call.log {
                form method="post" action="/do/link_incident" data-do {
                    (super::of_log(call, log))
                    input type="hidden" name="other" value=(r.n);
                    input type="hidden" name="relation" value="related";
                    button type="submit" { (t!(say, "call-link")) }
                }
            } @else {
                form method="post" action="/do/link_contact" data-do
                    data-go={ "/incidents/" (r.n) } {
                    input type="hidden" name="contact" value=(call.contact.id);
                    input type="hidden" name="incident" value=(r.n);
                    input type="hidden" name="deed-back" value={ "/incidents/" (r.n) };
                    button type="submit" { (t!(say, "call-about-it")) }
                    button type="submit" name="chasing" value="true" { (t!(say, "call-chasing")) }
                }
            }
        } } }
    };
    live(call, "related", &format!("{} contacts", call.topics()), &inner)
}

/// What history has about the number.
pub(super) fn earlier_list(earlier: &Earlier, call: &Call, say: Say) -> Markup {
    html! {
        section #part-earlier.box data-part aria-labelledby="earlier-h" {
            (heading("earlier", &t!(say, "call-earlier"), ""))
            @if earlier.unread { p.late { (t!(say, "call-history-unread")) } }
            @else if earlier.hits.is_empty() { p.dim { (t!(say, "call-earlier-none")) } }
            ul { @for hit in &earlier.hits { li {
                p.meta { (clock(hit.at, &call.state.policy))
                    @if let Some(n) = &hit.incident { " " a href={ "/incidents/" (n) } { (n) } } }
                p { (hit.words) }
            } } }
        }
    }
}
