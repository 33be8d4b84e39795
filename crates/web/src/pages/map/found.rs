//! A place that was looked up, in every way of writing it, and what can be done with it: distances
//! from it, and the location of the log that is looked at.

use super::super::frame::Viewer;
use super::asked::Asked;
use super::matter::Matter;
use crate::lang::t;
use crate::place::{degrees, point, whole_metres};
use grid::{Figures, Read, reference};
use maud::{Markup, html};
use rules::state::State;

/// What was found, or why nothing was.
pub(super) fn found(viewer: &Viewer, s: &State, asked: &Asked, chosen: Option<&Matter>) -> Markup {
    let say = viewer.say("map");
    html! {
        @match asked.place() {
            None => {}
            Some(Err(why)) => { p.error role="alert" { (why) } }
            Some(Ok(read)) => {
                div #found data-lat=(point(read.at).lat) data-lon=(point(read.at).lon)
                    data-within=(whole_metres(read.within)) data-name=(t!(say, "map-found")) {
                    h3 { (t!(say, "map-found")) }
                    (ways(&read, viewer))
                    p.meta { (t!(say, "map-found-from")) }
                    @if let Some(Matter::Log(log)) = chosen {
                        @if viewer.may("set_location") && !viewer.is_anybody() {
                            (set(viewer, s, asked, log.row.n, &read))
                        }
                    }
                }
            }
        }
    }
}

fn ways(read: &Read, viewer: &Viewer) -> Markup {
    let say = viewer.say("map");
    let letters = read.grid.and_then(|at| reference(at, Figures::Eight));
    html! {
        dl.facts {
            dt { (t!(say, "map-way-letters")) }
            dd { @match letters {
                Some(letters) => strong.grid { (letters) },
                None => (t!(say, "map-off-grid")),
            } }
            @if let Some(at) = read.grid {
                dt { (t!(say, "map-way-metres")) }
                dd { (format!("{:.0}, {:.0}", at.east.floor(), at.north.floor())) }
            }
            dt { (t!(say, "map-way-degrees")) }
            dd { (degrees(point(read.at))) }
        }
    }
}

/// The log that is looked at is there. Its words, district and kind of area stay as they are.
fn set(
    viewer: &Viewer,
    s: &State,
    asked: &Asked,
    n: rules::name::IncidentNumber,
    read: &Read,
) -> Markup {
    let say = viewer.say("map");
    let at = point(read.at);
    let location = s.incident(n).map(|log| &log.location);
    let text = |value: Option<String>| value.unwrap_or_default();
    let words = location.and_then(|l| l.words.as_ref()).map(ToString::to_string);
    let district = location.and_then(|l| l.district.as_ref()).map(ToString::to_string);
    let hidden = |name: &str, value: String| {
        html! {
            input type="hidden" name=(name) value=(value);
        }
    };
    let back = asked.address(asked.spot.as_ref(), asked.by);
    html! {
        form #set-place method="post" action="/do/set_location" data-do data-go=(back) {
            (hidden("deed-back", back.clone()))
            (hidden("incident", n.to_string()))
            (hidden("location.known", "known".to_owned()))
            (hidden("location.words", text(words)))
            (hidden("location.district", text(district)))
            @if location.is_some_and(|l| l.rural) { (hidden("location.rural", "yes".to_owned())) }
            (hidden("location.point.lat", at.lat.to_string()))
            (hidden("location.point.lon", at.lon.to_string()))
            (hidden("location.within", whole_metres(read.within).to_string()))
            button type="submit" { (t!(say, "map-set", n = rules::line::short(s, n))) }
        }
    }
}
