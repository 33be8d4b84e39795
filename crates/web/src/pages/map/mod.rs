//! Where everything is: a map, and beside it a list of the same things, which is enough by itself.
//! The list comes with the page and needs no script; the map is drawn by one where the browser can.

mod asked; //  what is looked at
mod drawn; //  the same things for the script that draws them
mod found; //  a place that was looked up
mod list; //   the list
mod matter;
mod tiles; //  parts of a large file // a log or a unit, as both show it

use super::form::Fields;
use super::frame::{Page, Viewer, whole};
use super::{Shared, problem_page, viewer_who_may};
use crate::lang::{Say, t};
use crate::place::{degrees, grid_of};
use crate::{App, Basemap};
use asked::Asked;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use maud::{Markup, html};
use rules::command::Location;
use rules::name::{IncidentNumber, Label};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who may look.
const ACTION: &str = "view_map";
/// A county without anything on it.
const EMPTY: &str = r#"{"type":"FeatureCollection","features":[]}"#;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/map", get(page).post(looked_up))
        .route("/map/part", post(part))
        .route("/map/data.json", get(data))
        .route("/map/basemap.json", get(basemap))
        .route("/map/basemap.pmtiles", get(tiles::part))
}

/// Where a log is on the grid, and the way to it on the map.
pub(super) fn grid_and_link(viewer: &Viewer, n: IncidentNumber, at: &Location) -> Markup {
    let say = viewer.say("map");
    html! {
        @if let Some(point) = at.point {
            span.point { (grid_of(point, at.within).unwrap_or_else(|| degrees(point))) }
            @if let Some(within) = at.within {
                " " span.meta { (matter::inexact(Some(within), say)) }
            }
            @if viewer.may(ACTION) {
                " " a href={ "/map?log=" (n) } { (t!(say, "map-on-map")) }
            }
        }
    }
}

async fn page(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, ACTION) {
        Ok(viewer) => shown(&app, &viewer, &Asked::of(query(&parts))),
        Err(instead) => *instead,
    }
}

/// The page with a place that was looked up. A place may be where somebody lives, so that it comes
/// in the body and not in the address.
async fn looked_up(State(Shared(app)): State<Shared>, request: Request) -> Response {
    match posted(&app, request).await {
        Ok((viewer, asked)) => shown(&app, &viewer, &asked),
        Err(instead) => *instead,
    }
}

/// The list alone, when something has changed or something else is looked at.
async fn part(State(Shared(app)): State<Shared>, request: Request) -> Response {
    match posted(&app, request).await {
        Ok((viewer, asked)) => {
            Html(list::part(&app, &viewer, &asked).into_string()).into_response()
        }
        Err(instead) => *instead,
    }
}

async fn posted(app: &Arc<App>, request: Request) -> Result<(Viewer, Asked), Box<Response>> {
    let (parts, body) = request.into_parts();
    let viewer = viewer_who_may(app, &parts, ACTION)?;
    let problem = |problem| Box::new(problem_page(app, problem));
    let most = app.config.limits.body_bytes;
    let fields = Fields::read(&parts.headers, body, most).await.map_err(problem)?;
    Ok((viewer, Asked::of(fields.all())))
}

fn query(parts: &Parts) -> Vec<(String, String)> {
    form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes()).into_owned().collect()
}

/// Everything with a point, for the script that draws it.
async fn data(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    match viewer_who_may(&app, &parts, ACTION) {
        Ok(viewer) => {
            axum::Json(drawn::data(&app, &viewer, &Asked::of(query(&parts)))).into_response()
        }
        Err(instead) => *instead,
    }
}

/// What lies under it.
async fn basemap(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    if let Err(instead) = viewer_who_may(&app, &parts, ACTION) {
        return *instead;
    }
    let text = match &app.config.basemap {
        Basemap::None | Basemap::Tiles(_) => EMPTY.to_owned(),
        Basemap::GeoJson(text) => text.to_string(),
    };
    ([(CONTENT_TYPE, "application/geo+json")], text).into_response()
}

fn shown(app: &App, viewer: &Viewer, asked: &Asked) -> Response {
    let say = viewer.say("map");
    let seq = app.room.view().seq;
    let main = html! {
        h1.hidden { (t!(say, "map-title")) }
        (bar(app, asked, say))
        div.map-and-list {
            (sheet(app, asked, say))
            (list::part(app, viewer, asked))
        }
    };
    let page = Page {
        name: "map",
        title: t!(say, "map-title"),
        css: &["maplibre-gl.css", "map.css"],
        js: &["map.js"],
        main,
        seq: Some(seq),
    };
    whole(app, Some(viewer), &page)
}

/// What is wanted of it: a place, a district.
fn bar(app: &App, asked: &Asked, say: Say) -> Markup {
    let s = app.room.view();
    let logs = s.incidents.values().filter_map(|log| log.location.district.as_ref());
    let districts: BTreeSet<&Label> =
        logs.chain(s.units.values().filter_map(|u| u.district.as_ref())).collect();
    html! {
        div.head {
            form #look-up.row method="post" action="/map" role="search" {
                (asked.hidden(false))
                label for="place" { (t!(say, "map-place")) }
                input #place type="text" name="text" maxlength="80" autocomplete="off" required
                    value=[asked.text.as_deref()] data-key="Alt+4"
                    placeholder=(t!(say, "map-place-example"));
                button type="submit" { (t!(say, "map-look-up")) }
            }
            form #filter.row method="get" action="/map" {
                @if let Some((name, value)) = asked.spot_field() {
                    input type="hidden" name=(name) value=(value);
                }
                label for="district" { (t!(say, "map-district")) }
                select #district name="district" data-key="Alt+3" {
                    option value="" { (t!(say, "map-all")) }
                    @for district in districts {
                        option value=(district) selected[asked.district.as_ref() == Some(district)]
                            { (district) }
                    }
                }
                button type="submit" { (t!(say, "map-apply")) }
            }
        }
    }
}

/// Where the map is drawn, and what stands there until it is.
fn sheet(app: &App, asked: &Asked, say: Say) -> Markup {
    let tiles = matches!(app.config.basemap, Basemap::Tiles(_));
    html! {
        section.sheet aria-labelledby="sheet-h" {
            h2 #sheet-h.hidden { (t!(say, "map-sheet")) }
            div.row {
                button #to-map type="button" data-key="Alt+1" hidden
                    { (t!(say, "map-use")) " " kbd { "Alt+1" } }
                button #nearer type="button" hidden { "+" span.hidden { (t!(say, "map-nearer")) } }
                button #farther type="button" hidden
                    { "\u{2212}" span.hidden { (t!(say, "map-farther")) } }
                button #everything type="button" hidden { (t!(say, "map-everything")) }
                label.tick { input #with-units type="checkbox" checked; " " (t!(say, "map-units")) }
                label.tick { input #with-lines type="checkbox" checked; " " (t!(say, "map-lines")) }
            }
            div #map data-label=(t!(say, "map-label")) data-at=[asked.spot_id()]
                data-tiles[tiles] {
                p #no-map data-words=(t!(say, "map-cannot")) {
                    (t!(say, "map-without-script"))
                }
            }
            p #map-keys.meta { (t!(say, "map-keys")) }
            p #map-said role="status" aria-live="polite" {}
        }
    }
}
