//! The transverse Mercator projection of the National Grid, on GRS80.
//!
//! Source: A guide to coordinate systems in Great Britain, Ordnance Survey, annexes A and C; the
//! letters of the formulas are theirs.

use crate::{Degrees, Metres};

/// Half axes of GRS80, in metres.
const A: f64 = 6_378_137.0;
const B: f64 = 6_356_752.314_1;
/// The scale at the central meridian.
const F0: f64 = 0.999_601_271_7;
/// The true origin, in degrees.
const LAT0: f64 = 49.0;
const LON0: f64 = -2.0;
/// The true origin on the grid, in metres.
const E0: f64 = 400_000.0;
const N0: f64 = -100_000.0;

/// The square of the eccentricity.
const E2: f64 = (A * A - B * B) / (A * A);
const N: f64 = (A - B) / (A + B);

/// The length of the meridian from the true origin to a latitude, scaled.
fn meridian(phi: f64) -> f64 {
    let phi0 = LAT0.to_radians();
    let (minus, plus) = (phi - phi0, phi + phi0);
    let (n2, n3) = (N * N, N * N * N);
    B * F0
        * ((1.0 + N + 1.25 * n2 + 1.25 * n3) * minus
            - (3.0 * N + 3.0 * n2 + 2.625 * n3) * minus.sin() * plus.cos()
            + (1.875 * n2 + 1.875 * n3) * (2.0 * minus).sin() * (2.0 * plus).cos()
            - 35.0 / 24.0 * n3 * (3.0 * minus).sin() * (3.0 * plus).cos())
}

/// The radii of curvature across and along the meridian, scaled, and `eta` squared.
fn radii(phi: f64) -> (f64, f64, f64) {
    let w = 1.0 - E2 * phi.sin().powi(2);
    let nu = A * F0 / w.sqrt();
    let rho = A * F0 * (1.0 - E2) / w.powf(1.5);
    (nu, rho, nu / rho - 1.0)
}

/// Degrees on the plane, before the shift.
pub fn to_plane(at: Degrees) -> Metres {
    let phi = at.lat.to_radians();
    let (nu, rho, eta2) = radii(phi);
    let (sin, cos, tan2) = (phi.sin(), phi.cos(), phi.tan().powi(2));
    let tan4 = tan2 * tan2;
    let i = meridian(phi) + N0;
    let ii = nu / 2.0 * sin * cos;
    let iii = nu / 24.0 * sin * cos.powi(3) * (5.0 - tan2 + 9.0 * eta2);
    let iii_a = nu / 720.0 * sin * cos.powi(5) * (61.0 - 58.0 * tan2 + tan4);
    let iv = nu * cos;
    let v = nu / 6.0 * cos.powi(3) * (nu / rho - tan2);
    let vi =
        nu / 120.0 * cos.powi(5) * (5.0 - 18.0 * tan2 + tan4 + 14.0 * eta2 - 58.0 * tan2 * eta2);
    let l = (at.lon - LON0).to_radians();
    Metres {
        east: E0 + iv * l + v * l.powi(3) + vi * l.powi(5),
        north: i + ii * l.powi(2) + iii * l.powi(4) + iii_a * l.powi(6),
    }
}

/// A point of the plane in degrees.
pub fn to_degrees(at: Metres) -> Degrees {
    let mut phi = LAT0.to_radians();
    // Each round is nearer; a few are enough on these islands.
    for _ in 0..20 {
        let off = at.north - N0 - meridian(phi);
        phi += off / (A * F0);
        if off.abs() < 1e-6 {
            break;
        }
    }
    let (nu, rho, eta2) = radii(phi);
    let (tan, sec) = (phi.tan(), 1.0 / phi.cos());
    let (tan2, tan4, tan6) = (tan.powi(2), tan.powi(4), tan.powi(6));
    let vii = tan / (2.0 * rho * nu);
    let viii = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * tan2 + eta2 - 9.0 * tan2 * eta2);
    let ix = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * tan2 + 45.0 * tan4);
    let x = sec / nu;
    let xi = sec / (6.0 * nu.powi(3)) * (nu / rho + 2.0 * tan2);
    let xii = sec / (120.0 * nu.powi(5)) * (5.0 + 28.0 * tan2 + 24.0 * tan4);
    let xii_a =
        sec / (5_040.0 * nu.powi(7)) * (61.0 + 662.0 * tan2 + 1_320.0 * tan4 + 720.0 * tan6);
    let e = at.east - E0;
    let lat = phi - vii * e.powi(2) + viii * e.powi(4) - ix * e.powi(6);
    let lon = x * e - xi * e.powi(3) + xii * e.powi(5) - xii_a * e.powi(7);
    Degrees { lat: lat.to_degrees(), lon: LON0 + lon.to_degrees() }
}
