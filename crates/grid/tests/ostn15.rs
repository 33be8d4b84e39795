//! The grid against the Ordnance Survey's own points.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends, and says where")]

use grid::{Degrees, Metres, from_grid, to_grid};
use proptest::prelude::*;

/// Some of the points that come with OSTN15: TP02, TP10, TP20, TP30, TP38.
///
/// Source: OSTN15_OSGM15_TestInput_ETRStoOSGB and TestOutput, Ordnance Survey 2016.
const SOME: &[(f64, f64, f64, f64)] = &[
    (49.96006138, -5.2030461, 170370.718, 11572.405),
    (51.85890896, -4.30852477, 241124.584, 220332.641),
    (53.8002152, -1.663791682, 422242.186, 433818.701),
    (57.48625001, -4.219263986, 267056.768, 846176.972),
    (59.53470794, -1.625169661, 421300.525, 1072147.239),
];

fn check(lat: f64, lon: f64, east: f64, north: f64) {
    let there = to_grid(Degrees { lat, lon }).unwrap();
    let off = (there.east - east).hypot(there.north - north);
    assert!(off < 0.01, "{lat}, {lon}: {there:?} is {off} m from {east}, {north}");
    let back = from_grid(Metres { east, north }).unwrap();
    // A degree of latitude is about 111 km, and one of longitude less.
    let off = (back.lat - lat).abs().max((back.lon - lon).abs()) * 111_320.0;
    assert!(off < 0.01, "{east}, {north}: {back:?} is {off} m from {lat}, {lon}");
}

#[test]
fn the_grid_is_the_surveys_within_a_centimetre() {
    for (lat, lon, east, north) in SOME {
        check(*lat, *lon, *east, *north);
    }
}

/// All forty, where the Survey's files are at hand: `CALLBOX_OSTN15_POINTS` is their folder.
#[test]
fn the_grid_is_the_surveys_at_all_its_points() {
    let Some(folder) = std::env::var_os("CALLBOX_OSTN15_POINTS").map(std::path::PathBuf::from)
    else {
        return;
    };
    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let rows = text.lines().skip(1).filter(|line| !line.trim().is_empty());
        rows.map(|line| line.split(',').map(|c| c.trim().to_owned()).collect()).collect()
    };
    let said = rows("OSTN15_OSGM15_TestInput_ETRStoOSGB.csv");
    let expected = rows("OSTN15_OSGM15_TestOutput_ETRStoOSGB.csv");
    let number = |row: &[String], i: usize| row[i].parse::<f64>().unwrap();
    assert_eq!(said.len(), 40);
    for (input, output) in said.iter().zip(&expected) {
        assert_eq!(input[0], output[0]);
        check(number(input, 1), number(input, 2), number(output, 1), number(output, 2));
    }
}

#[test]
fn outside_the_grid_there_is_no_reference() {
    for (lat, lon) in [(48.85, 2.35), (53.35, -10.6), (40.0, -2.0), (f64::NAN, 0.0), (90.0, 180.0)]
    {
        assert_eq!(to_grid(Degrees { lat, lon }), None, "{lat}, {lon}");
    }
    for (east, north) in [(-1.0, 0.0), (700_200.0, 5.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
        assert_eq!(from_grid(Metres { east, north }), None, "{east}, {north}");
    }
}

proptest! {
    #[test]
    fn there_and_back_is_the_same_place(
        east in 80_000.0..690_000.0,
        north in 5_000.0..1_230_000.0,
    ) {
        let at = Metres { east, north };
        let there = from_grid(at).and_then(to_grid);
        prop_assert!(there.is_some());
        if let Some(there) = there {
            prop_assert!((there.east - east).hypot(there.north - north) < 0.01, "{there:?}");
        }
    }

    #[test]
    fn any_text_is_a_place_or_a_sentence(text in ".{0,60}") {
        if let Err(why) = grid::read(&text) {
            prop_assert!(why.to_string().len() > 20);
        }
    }
}
