//! A place on the grid as people say it: two letters, then figures.

use crate::Metres;

/// Letters of squares; there is no I.
const ALPHABET: &[u8; 25] = b"ABCDEFGHJKLMNOPQRSTUVWXYZ";

/// How many figures are said, and so how large the square is that they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figures {
    /// A square of 100 metres: `SN 412 206`.
    Six,
    /// A square of 10 metres.
    Eight,
    /// A square of a metre.
    Ten,
}

impl Figures {
    fn of_each(self) -> (usize, f64) {
        match self {
            Figures::Six => (3, 100.0),
            Figures::Eight => (4, 10.0),
            Figures::Ten => (5, 1.0),
        }
    }
}

/// The reference of the square that a place lies in, as `SN 412 206`; nothing outside the grid.
pub fn reference(at: Metres, figures: Figures) -> Option<String> {
    let (digits, size) = figures.of_each();
    let (east, north) = (whole(at.east, 700_000)?, whole(at.north, 1_300_000)?);
    let (column, row) = (east / 100_000, north / 100_000);
    let from_north = 19 - row;
    let large = from_north / 5 * 5 + (column + 10) / 5;
    let small = from_north % 5 * 5 + column % 5;
    let letter = |i: u32| ALPHABET.get(usize::try_from(i).ok()?).map(|b| char::from(*b));
    let within = |metres: u32| f64::from(metres % 100_000) / size;
    let (e, n) = (within(east).floor(), within(north).floor());
    Some(format!("{}{} {e:0digits$} {n:0digits$}", letter(large)?, letter(small)?))
}

/// Whole metres below a limit.
fn whole(metres: f64, limit: u32) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked: within the grid"
    )]
    let n = (metres >= 0.0 && metres < f64::from(limit)).then_some(metres as u32);
    n
}

/// The south-west corner of a square of 100 kilometres, by its two letters in capitals.
pub(crate) fn square(first: u8, second: u8) -> Option<Metres> {
    let place = |letter: u8| ALPHABET.iter().position(|b| *b == letter);
    let (large, small) = (place(first)?, place(second)?);
    let column = (large % 5 * 5 + small % 5).checked_sub(10)?;
    let row = 19_usize.checked_sub(large / 5 * 5 + small / 5)?;
    let at = |n: usize| u32::try_from(n).ok().map(|n| f64::from(n) * 100_000.0);
    (column < 7 && row < 13).then_some(())?;
    Some(Metres { east: at(column)?, north: at(row)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_letters_and_figures() {
        // Source: the Ordnance Survey's guide to the National Grid: Caister Water Tower.
        let at = Metres { east: 651_409.903, north: 313_177.270 };
        for (figures, words) in [
            (Figures::Six, "TG 514 131"),
            (Figures::Eight, "TG 5140 1317"),
            (Figures::Ten, "TG 51409 13177"),
        ] {
            assert_eq!(reference(at, figures).as_deref(), Some(words));
        }
        for (east, north, words) in [
            (0.0, 0.0, "SV 000 000"),
            (241_200.0, 220_600.0, "SN 412 206"),
            (438_700.0, 114_800.0, "SU 387 148"),
            (216_600.0, 771_200.0, "NN 166 712"),
            (457_000.0, 1_220_000.0, "HP 570 200"),
        ] {
            let at = Metres { east, north };
            assert_eq!(reference(at, Figures::Six).as_deref(), Some(words));
        }
        assert_eq!(reference(Metres { east: -1.0, north: 5.0 }, Figures::Six), None);
        assert_eq!(reference(Metres { east: 700_000.0, north: 5.0 }, Figures::Six), None);
    }

    #[test]
    fn letters_name_their_square_and_the_square_its_letters() {
        let mut squares = 0;
        for (first, second) in ALPHABET.iter().flat_map(|a| ALPHABET.iter().map(move |b| (a, b))) {
            let Some(corner) = square(*first, *second) else { continue };
            squares += 1;
            let words = reference(corner, Figures::Six);
            let expected = format!("{}{} 000 000", char::from(*first), char::from(*second));
            assert_eq!(words, Some(expected));
        }
        assert_eq!(squares, 7 * 13);
        assert_eq!(square(b'I', b'A'), None);
    }
}
