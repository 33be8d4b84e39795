//! A point in words: as the National Grid's letters and figures where it is on the grid.

use crate::Basemap;
use grid::{Degrees, Figures, reference, to_grid};
use rules::command::Point;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// A square of a hundred metres says enough where the point may be farther off than this.
const COARSE_METRES: u32 = 50;

/// A point of the grid as the room keeps it.
pub(crate) fn point(at: Degrees) -> Point {
    // A ten-millionth of a degree is about a centimetre.
    let short = |degrees: f64| (degrees * 1e7).round() / 1e7;
    Point { lat: short(at.lat), lon: short(at.lon) }
}

/// A point's grid reference, with no more figures than it is known by; nothing off the grid.
pub(crate) fn grid_of(at: Point, within: Option<u32>) -> Option<String> {
    let figures = match within {
        Some(metres) if metres >= COARSE_METRES => Figures::Six,
        _ => Figures::Eight,
    };
    reference(to_grid(Degrees { lat: at.lat, lon: at.lon })?, figures)
}

/// A point in degrees, as people write them down.
pub(crate) fn degrees(at: Point) -> String {
    format!("{:.5}, {:.5}", at.lat, at.lon)
}

/// Whole metres, and never none.
pub(crate) fn whole_metres(metres: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "half a square of the grid at most"
    )]
    let whole = metres.ceil().clamp(1.0, 100_000.0) as u32;
    whole
}

/// Metres with three places.
pub(crate) fn millimetres(metres: f64) -> f64 {
    (metres * 1_000.0).round() / 1_000.0
}

/// A PMTiles file begins with these, and with its version.
const TILES: &[u8; 8] = b"PMTiles\x03";

impl Basemap {
    /// A basemap from a file: PMTiles or GeoJSON.
    ///
    /// # Errors
    /// A sentence that says what the file must be.
    pub fn of_file(file: &Path) -> Result<Basemap, String> {
        let unread =
            |e: std::io::Error| format!("the basemap {} cannot be read: {e}", file.display());
        let mut first = [0; TILES.len()];
        let mut open = File::open(file).map_err(unread)?;
        if open.read_exact(&mut first).is_ok() && first == *TILES {
            return Ok(Basemap::Tiles(file.to_owned()));
        }
        let text = std::fs::read_to_string(file).map_err(unread)?;
        Basemap::geo_json(text).map_err(|why| format!("{}: {why}", file.display()))
    }

    /// A basemap from the text of a file.
    ///
    /// # Errors
    /// A sentence that says what the text must be.
    pub fn geo_json(text: String) -> Result<Basemap, &'static str> {
        let sentence = "a basemap is a PMTiles file of version 3 or a GeoJSON file of the type \
                        FeatureCollection: export it again";
        let json: serde_json::Value = serde_json::from_str(&text).map_err(|_| sentence)?;
        let is = json["type"] == "FeatureCollection" && json["features"].is_array();
        if is { Ok(Basemap::GeoJson(text.into())) } else { Err(sentence) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_said_with_the_figures_it_is_known_by() {
        let at = Point { lat: 51.858_908_96, lon: -4.308_524_77 };
        assert_eq!(grid_of(at, None).as_deref(), Some("SN 4112 2033"));
        assert_eq!(grid_of(at, Some(180)).as_deref(), Some("SN 411 203"));
        assert_eq!(grid_of(Point { lat: 48.85, lon: 2.35 }, None), None);
        assert_eq!(degrees(at), "51.85891, -4.30852");
    }

    #[test]
    fn a_basemap_is_a_collection_of_features() {
        assert!(Basemap::geo_json(r#"{"type":"FeatureCollection","features":[]}"#.into()).is_ok());
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("county.pmtiles");
        std::fs::write(&file, b"PMTiles\x03...").unwrap();
        assert!(matches!(Basemap::of_file(&file), Ok(Basemap::Tiles(_))));
        std::fs::write(&file, b"PMTiles\x02...").unwrap();
        assert!(Basemap::of_file(&file).unwrap_err().contains("version 3"));
        for text in ["", "{}", r#"{"type":"Feature"}"#, "PMTiles"] {
            assert!(Basemap::geo_json(text.into()).is_err(), "{text}");
        }
    }
}
