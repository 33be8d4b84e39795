//! A place in a form, as somebody says it: `location.point.said=SN 412 206` becomes the point of
//! the command, in degrees, and how far off it may be. What was not touched stays exactly as it
//! was.

use crate::place::{degrees, point, whole_metres};
use crate::problem::Problem;
use grid::Way;
use maud::{Markup, html};
use rules::command::Location;

/// The field that is typed in.
const SAID: &str = ".point.said";
/// What stood in it when the page was shown.
const WAS: &str = ".point.was";

type Fields = Vec<(String, String)>;

/// The fields with each place that was said as a point.
pub(super) fn read(fields: Fields) -> Result<Fields, Problem> {
    let said = fields.iter().find_map(|(name, text)| {
        name.strip_suffix(SAID).map(|of| (of.to_owned(), text.trim().to_owned()))
    });
    let Some((of, text)) = said else { return Ok(fields) };
    let was = format!("{of}{WAS}");
    let untouched = fields.iter().any(|(name, before)| *name == was && before.trim() == text);
    let ours = |name: &str| name == was || name == format!("{of}{SAID}");
    let point_of = [".point.lat", ".point.lon", ".within"].map(|end| format!("{of}{end}"));
    let mut rest: Fields = fields.into_iter().filter(|(name, _)| !ours(name)).collect();
    if untouched {
        return Ok(rest);
    }
    rest.retain(|(name, _)| !point_of.contains(name));
    if text.is_empty() {
        return Ok(rest);
    }
    let read = grid::read(&text).map_err(|why| Problem::invalid(why.to_string()))?;
    let at = point(read.at);
    let within = (read.way == Way::Letters).then(|| whole_metres(read.within).to_string());
    let values = [Some(at.lat.to_string()), Some(at.lon.to_string()), within];
    rest.extend(point_of.into_iter().zip(values).filter_map(|(name, v)| Some((name, v?))));
    Ok(rest)
}

/// The field, with the point that is known.
pub(super) fn field(id: &str, at: Option<&Location>, form: Option<&str>, example: &str) -> Markup {
    let known = at.and_then(|at| at.point);
    let text = known.map(degrees).unwrap_or_default();
    html! {
        input id=(id) type="text" name="location.point.said" form=[form] value=(text)
            maxlength="80" placeholder=(example) autocomplete="off" data-keeps;
        @if let Some(point) = known {
            input type="hidden" name="location.point.was" form=[form] value=(text);
            input type="hidden" name="location.point.lat" form=[form] value=(point.lat);
            input type="hidden" name="location.point.lon" form=[form] value=(point.lon);
            @if let Some(within) = at.and_then(|at| at.within) {
                input type="hidden" name="location.within" form=[form] value=(within);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let owned = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let read = read(owned).map_err(|problem| problem.detail)?;
        Ok(read.into_iter().map(|(n, v)| format!("{n}={v}")).collect())
    }

    const BEFORE: [(&str, &str); 4] = [
        ("location.point.was", "51.85891, -4.30852"),
        ("location.point.lat", "51.85890896"),
        ("location.point.lon", "-4.30852477"),
        ("location.within", "180"),
    ];

    #[test]
    fn a_place_that_is_said_becomes_the_point_of_the_command() {
        let said = [("incident", "1"), ("location.point.said", "SN 4112 2033")];
        let read = of(&said).unwrap();
        assert_eq!(read.first().map(String::as_str), Some("incident=1"));
        assert!(read.iter().any(|f| f.starts_with("location.point.lat=51.8589")), "{read:?}");
        assert!(read.iter().any(|f| f.starts_with("location.point.lon=-4.3085")), "{read:?}");
        assert!(read.contains(&"location.within=5".to_owned()), "{read:?}");
        let wrong = of(&[("location.point.said", "by the canal")]).unwrap_err();
        assert!(wrong.contains("SN 412 206"), "{wrong}");
    }

    #[test]
    fn what_was_not_touched_stays_and_what_was_emptied_goes() {
        let with = |said| {
            let mut all = BEFORE.to_vec();
            all.push(("location.point.said", said));
            of(&all).unwrap()
        };
        let same = [
            "location.point.lat=51.85890896",
            "location.point.lon=-4.30852477",
            "location.within=180",
        ];
        assert_eq!(with("51.85891, -4.30852"), same);
        assert_eq!(with(" "), Vec::<String>::new());
        assert_eq!(with("51.5 -4"), ["location.point.lat=51.5", "location.point.lon=-4"]);
        assert_eq!(of(&BEFORE[1..]).unwrap(), same, "a form without the field is as it was");
    }
}
