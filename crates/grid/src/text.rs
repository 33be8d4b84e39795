//! What somebody typed for a place, or a caller read out.

use crate::{Degrees, Metres, from_grid, letters, to_grid};

/// How a place was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The grid's letters and figures.
    Letters,
    /// Eastings and northings.
    EastNorth,
    /// Latitude and longitude.
    LatLon,
}

/// A place that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Read {
    /// How it was said.
    pub way: Way,
    /// The point: the middle, where a square was said.
    pub at: Degrees,
    /// Its place on the grid; nothing outside it.
    pub grid: Option<Metres>,
    /// How far off it may be because of the figures that were left out, in metres.
    pub within: f64,
}

/// Why a text is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// None of the ways.
    #[error(
        "this is no place on the map: write a grid reference as SN 412 206, eastings and northings \
         as 241200 220600, or latitude and longitude as 51.8576 -4.3121"
    )]
    NoPlace,
    /// Letters that name no square.
    #[error("no square of the National Grid has these two letters: check them with the caller")]
    NoSquare,
    /// Figures that cannot be halved, or too few or many of them.
    #[error(
        "a grid reference has 4, 6, 8 or 10 figures after its letters, half of them for east and \
         half for north: check how many there are"
    )]
    Figures,
    /// A point that is not on the Earth.
    #[error("latitude goes from -90 to 90 and longitude from -180 to 180: check the two numbers")]
    OffEarth,
    /// A point that is not on the grid.
    #[error("this is outside the National Grid: use latitude and longitude there")]
    OffGrid,
}

/// More than this is no place.
const LONGEST: usize = 80;

/// Reads a place in any of the ways: `SN 412 206`, `241200 220600`, `51.8576, -4.3121`,
/// `51 51 27 N 4 18 43 W`.
///
/// # Errors
/// What is wrong with the text, and how a place is written.
pub fn read(text: &str) -> Result<Read, Unread> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Err(Unread::NoPlace);
    }
    let capitals = text.to_uppercase();
    if let Some((first, second, rest)) = two_letters(&capitals) {
        return of_letters(first, second, rest);
    }
    let signs: Vec<Sign> = signs(&capitals)?;
    if signs.iter().any(|sign| matches!(sign, Sign::Letter('S' | 'W'))) {
        return of_compass(&signs);
    }
    let starts_with_letter = matches!(signs.first(), Some(Sign::Letter(_)));
    let numbers: Vec<f64> = signs.iter().filter_map(Sign::number).collect();
    match (&numbers[..], &signs[..]) {
        ([a, b], [Sign::Number(_), Sign::Number(_)]) if a.abs() <= 90.0 && b.abs() <= 180.0 => {
            of_degrees(*a, *b)
        }
        ([east, north], [Sign::Number(_), Sign::Number(_)]) => of_metres(*east, *north),
        // E 241200 N 220600
        ([east, north], [Sign::Letter('E'), _, Sign::Letter('N'), _]) if *east > 360.0 => {
            of_metres(*east, *north)
        }
        _ if !starts_with_letter || numbers.len() == 2 => of_compass(&signs),
        _ => Err(Unread::NoPlace),
    }
}

/// Two letters together at the beginning, then figures only.
fn two_letters(text: &str) -> Option<(u8, u8, &str)> {
    let bytes = text.as_bytes();
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let rest = text.get(2..)?;
    let figures = rest.chars().all(|c| c.is_ascii_digit() || is_gap(c));
    let letters = first.is_ascii_uppercase() && second.is_ascii_uppercase();
    (letters && figures).then_some((first, second, rest))
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '/')
}

fn of_letters(first: u8, second: u8, rest: &str) -> Result<Read, Unread> {
    let corner = letters::square(first, second).ok_or(Unread::NoSquare)?;
    let parts: Vec<&str> = rest.split(is_gap).filter(|part| !part.is_empty()).collect();
    let uneven =
        parts.len() == 2 && parts.first().map(|p| p.len()) != parts.get(1).map(|p| p.len());
    let digits: String = parts.concat();
    if uneven || !digits.len().is_multiple_of(2) || !(4..=10).contains(&digits.len()) {
        return Err(Unread::Figures);
    }
    let (east, north) = digits.split_at(digits.len() / 2);
    let places = i32::try_from(east.len()).map_err(|_| Unread::Figures)?;
    let size = 10_f64.powi(5 - places);
    let middle = |figures: &str| -> Result<f64, Unread> {
        let n: u32 = figures.parse().map_err(|_| Unread::Figures)?;
        Ok((f64::from(n) + 0.5) * size)
    };
    let grid = Metres { east: corner.east + middle(east)?, north: corner.north + middle(north)? };
    let at = from_grid(grid).ok_or(Unread::OffGrid)?;
    Ok(Read { way: Way::Letters, at, grid: Some(grid), within: size / 2.0 })
}

fn of_metres(east: f64, north: f64) -> Result<Read, Unread> {
    let grid = Metres { east, north };
    let at = from_grid(grid).ok_or(Unread::OffGrid)?;
    Ok(Read { way: Way::EastNorth, at, grid: Some(grid), within: 1.0 })
}

fn of_degrees(lat: f64, lon: f64) -> Result<Read, Unread> {
    if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
        return Err(Unread::OffEarth);
    }
    let at = Degrees { lat, lon };
    Ok(Read { way: Way::LatLon, at, grid: to_grid(at), within: 1.0 })
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Number(f64),
    Letter(char),
}

impl Sign {
    fn number(&self) -> Option<f64> {
        match self {
            Sign::Number(n) => Some(*n),
            Sign::Letter(_) => None,
        }
    }
}

/// Numbers, and the letters of the compass between them.
fn signs(capitals: &str) -> Result<Vec<Sign>, Unread> {
    let mut signs = Vec::new();
    let mut number = String::new();
    // A decimal comma is not taken: it would make two places out of one.
    for c in capitals.chars().map(|c| if c == '\u{2212}' { '-' } else { c }).chain([' ']) {
        if c.is_ascii_digit() || c == '.' || (number.is_empty() && matches!(c, '-' | '+')) {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            let n: f64 = number.parse().map_err(|_| Unread::NoPlace)?;
            signs.push(Sign::Number(n));
            number.clear();
        }
        match c {
            'N' | 'S' | 'E' | 'W' => signs.push(Sign::Letter(c)),
            c if is_gap(c) || "°º'\"\u{2032}\u{2033}\u{2019}\u{201d}:".contains(c) => {}
            _ => return Err(Unread::NoPlace),
        }
    }
    Ok(signs)
}

/// `51.8576 N 4.3121 W`, or in degrees, minutes and seconds; the letter after or before.
fn of_compass(signs: &[Sign]) -> Result<Read, Unread> {
    let before = matches!(signs.first(), Some(Sign::Letter(_)));
    let letters = signs.iter().filter(|sign| sign.number().is_none()).count();
    if letters != 2 {
        return Err(Unread::NoPlace);
    }
    let mut parts: Vec<(char, Vec<f64>)> = Vec::new();
    let mut loose = Vec::new();
    for sign in signs {
        match (sign, before) {
            (Sign::Letter(letter), true) => parts.push((*letter, Vec::new())),
            (Sign::Letter(letter), false) => parts.push((*letter, std::mem::take(&mut loose))),
            (Sign::Number(n), true) => parts.last_mut().ok_or(Unread::NoPlace)?.1.push(*n),
            (Sign::Number(n), false) => loose.push(*n),
        }
    }
    let [(first, lat), (second, lon)] = &parts[..] else { return Err(Unread::NoPlace) };
    if !matches!((first, second), ('N' | 'S', 'E' | 'W')) || !loose.is_empty() {
        return Err(Unread::NoPlace);
    }
    let (lat, lon) = (angle(lat)?, angle(lon)?);
    let signed = |value: f64, letter: &char| if "SW".contains(*letter) { -value } else { value };
    of_degrees(signed(lat, first), signed(lon, second))
}

fn angle(parts: &[f64]) -> Result<f64, Unread> {
    let sixty = |n: f64| (0.0..60.0).contains(&n);
    match *parts {
        [degrees] if degrees >= 0.0 => Ok(degrees),
        [degrees, minutes] if degrees >= 0.0 && sixty(minutes) => Ok(degrees + minutes / 60.0),
        [degrees, minutes, seconds] if degrees >= 0.0 && sixty(minutes) && sixty(seconds) => {
            Ok(degrees + minutes / 60.0 + seconds / 3_600.0)
        }
        _ => Err(Unread::NoPlace),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Figures, reference};

    fn letters_of(text: &str) -> Option<String> {
        reference(read(text).unwrap().grid?, Figures::Six)
    }

    #[test]
    fn a_place_is_read_in_every_way_people_say_it() {
        for text in [
            "SN 412 206",
            "sn412206",
            " SN 4125 2065 ",
            "SN 41250 20650",
            "241250 220650",
            "241250, 220650",
            "E 241250 N 220650",
        ] {
            assert_eq!(letters_of(text).as_deref(), Some("SN 412 206"), "{text}");
        }
        let wanted = Degrees { lat: 51.857_5, lon: -4.312_2 };
        for text in [
            "51.8575, -4.3122",
            "51.8575 \u{2212}4.3122",
            "51.8575N 4.3122W",
            "N 51.8575 W 4.3122",
            "51\u{b0}51.45'N 4\u{b0}18.732'W",
            "51\u{b0} 51' 27\" N, 4\u{b0} 18' 43.92\" W",
            "51 51 27 N 4 18 43.92 W",
        ] {
            let read = read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(read.way, Way::LatLon, "{text}");
            let off = (read.at.lat - wanted.lat).abs().max((read.at.lon - wanted.lon).abs());
            assert!(off < 1e-9, "{text}: {:?}", read.at);
        }
        assert_eq!(read("53.6N 1.2E").unwrap().at, Degrees { lat: 53.6, lon: 1.2 });
    }

    #[test]
    fn a_reference_means_the_middle_of_its_square() {
        for (text, within) in [("SN 41 20", 500.0), ("SN 412 206", 50.0), ("SN 41250 20650", 0.5)] {
            let read = read(text).unwrap();
            assert!((read.within - within).abs() < 1e-9, "{text}");
        }
        let grid = read("SN 412 206").unwrap().grid.unwrap();
        assert!((grid.east - 241_250.0).abs() < 1e-6 && (grid.north - 220_650.0).abs() < 1e-6);
    }

    #[test]
    fn what_is_no_place_is_refused_with_what_to_do() {
        for (text, why) in [
            ("", Unread::NoPlace),
            ("by the canal", Unread::NoPlace),
            ("14 Mill Lane", Unread::NoPlace),
            ("SN 41 2060", Unread::Figures),
            ("SN 412 20", Unread::Figures),
            ("SN 4", Unread::Figures),
            ("SN", Unread::Figures),
            ("II 412 206", Unread::NoSquare),
            ("ZZ 412 206", Unread::NoSquare),
            ("900000 220600", Unread::OffGrid),
            ("91 N 181 W", Unread::OffEarth),
            ("51.8.5 -4", Unread::NoPlace),
            ("51 61 0 N 4 0 0 W", Unread::NoPlace),
            ("4 W 51 N", Unread::NoPlace),
            ("51,8576 -4,3121", Unread::NoPlace),
            ("\u{1f600} 1 2", Unread::NoPlace),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
        // Paris is on the Earth, and not on the grid.
        let paris = read("48.8566, 2.3522").unwrap();
        assert_eq!(paris.grid, None);
    }
}
