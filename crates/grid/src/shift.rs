//! How far the National Grid is off the plane: OSTN15, between points a kilometre apart.

use crate::Metres;

/// Points from west to east and from south to north.
const SIZE: (usize, usize) = (701, 1251);
/// What the smallest shifts are, in millimetres; `build.rs` writes what is over.
const LEAST: (f64, f64) = (82_000.0, -85_000.0);

/// For each point, from the south-west, row by row: how far east and north, 16 bits each.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ostn15.bin"));

/// The shift at a point of the plane, in metres; nothing beyond the table.
pub fn at(plane: Metres) -> Option<Metres> {
    let (east, north) = (plane.east / 1_000.0, plane.north / 1_000.0);
    let (column, row) = (index(east, SIZE.0)?, index(north, SIZE.1)?);
    let (t, u) = (east - east.floor(), north - north.floor());
    let (sw, se) = (point(column, row), point(column + 1, row));
    let (nw, ne) = (point(column, row + 1), point(column + 1, row + 1));
    let between = |sw: f64, se: f64, ne: f64, nw: f64| {
        (1.0 - t) * (1.0 - u) * sw + t * (1.0 - u) * se + t * u * ne + (1.0 - t) * u * nw
    };
    Some(Metres {
        east: between(sw.0, se.0, ne.0, nw.0) / 1_000.0,
        north: between(sw.1, se.1, ne.1, nw.1) / 1_000.0,
    })
}

/// Which square of a kilometre: there are one fewer than points.
fn index(kilometres: f64, points: usize) -> Option<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked: not below nothing, and a number that is none is nothing"
    )]
    let i = if kilometres >= 0.0 { kilometres as usize } else { return None };
    (i + 1 < points).then_some(i)
}

/// The shift at a point of the table, in millimetres.
fn point(column: usize, row: usize) -> (f64, f64) {
    let start = (row * SIZE.0 + column) * 4;
    let number = |i: usize| {
        let bytes = [TABLE.get(i), TABLE.get(i + 1)].map(|b| b.copied().unwrap_or_default());
        f64::from(u16::from_le_bytes(bytes))
    };
    (LEAST.0 + number(start), LEAST.1 + number(start + 2))
}
