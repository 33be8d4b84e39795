//! Where a place is, in the ways that people say it: latitude and longitude, the National Grid's
//! letters and figures, and its eastings and northings.
//!
//! The grid is the Ordnance Survey's: a transverse Mercator projection on the ellipsoid GRS80, then
//! the shifts of OSTN15 between points a kilometre apart. It agrees with the Survey's own published
//! points within a centimetre. Positions of satellite receivers (WGS 84) are taken as ETRS89; the
//! two differ by less than a metre.
//!
//! Source: A guide to coordinate systems in Great Britain, and Transformations and OSGM15 user
//! guide, both Ordnance Survey. OSTN15 is (c) 2015 Ordnance Survey and the Ministry of Defence, and
//! is used under its licence, which `callbox --version` prints.

mod letters; //    SN 412 206
mod projection; // angles on a plane and back
mod shift; //      what the plane is off by
mod text; //       what somebody typed

pub use letters::{Figures, reference};
pub use text::{Read, Unread, Way, read};

/// The licence of the table of shifts, which comes with every copy of the program.
pub const OSTN15_LICENCE: &str = include_str!(concat!(env!("OUT_DIR"), "/OSTN15_license.txt"));

/// A point in degrees, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Degrees {
    /// North of the equator.
    pub lat: f64,
    /// East of Greenwich.
    pub lon: f64,
}

/// A point on the National Grid, in metres from its false origin south-west of Scilly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metres {
    /// To the east, 0 to 700,000.
    pub east: f64,
    /// To the north, 0 to 1,250,000.
    pub north: f64,
}

/// A point's place on the grid; nothing outside it.
pub fn to_grid(at: Degrees) -> Option<Metres> {
    // Far away the projection's series no longer hold.
    if !(48.0..=62.5).contains(&at.lat) || !(-10.5..=3.5).contains(&at.lon) {
        return None;
    }
    let plane = projection::to_plane(at);
    let shift = shift::at(plane)?;
    Some(Metres { east: plane.east + shift.east, north: plane.north + shift.north })
}

/// The point at a place on the grid; nothing outside it.
pub fn from_grid(at: Metres) -> Option<Degrees> {
    let mut plane = Metres { east: at.east - 95.0, north: at.north + 70.0 };
    // The shift is known at the point that is looked for: each step is at least a hundred times
    // nearer than the one before.
    for _ in 0..8 {
        let shift = shift::at(plane)?;
        let next = Metres { east: at.east - shift.east, north: at.north - shift.north };
        let moved = (next.east - plane.east).abs().max((next.north - plane.north).abs());
        plane = next;
        if moved < 1e-5 {
            return Some(projection::to_degrees(plane));
        }
    }
    None
}
