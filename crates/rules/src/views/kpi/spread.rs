//! The middle and the end of a list of numbers, by nearest rank: always a number that was there.

use super::{Load, Waits};
use crate::time::Span;

/// The number that so many hundredths of the list do not exceed; `None` of nothing.
fn rank<T: Copy>(sorted: &[T], hundredths: usize) -> Option<T> {
    let at = (sorted.len() * hundredths).div_ceil(100).max(1);
    sorted.get(at - 1).copied()
}

impl Load {
    /// The load of stretches, each with how much was heard in it.
    pub(super) fn of(mut heard: Vec<u32>, flood_more_than: u32) -> Load {
        heard.sort_unstable();
        let over = heard.iter().filter(|n| **n > flood_more_than).count();
        Load {
            stretches: n(heard.len()),
            p50: rank(&heard, 50).unwrap_or(0),
            p95: rank(&heard, 95).unwrap_or(0),
            most: heard.last().copied().unwrap_or(0),
            over: n(over),
        }
    }
}

impl Waits {
    /// How long these took.
    pub(super) fn of(took: impl Iterator<Item = Span>) -> Waits {
        let mut all: Vec<u32> =
            took.map(|span| u32::try_from(span.0.max(0) / 1_000).unwrap_or(u32::MAX)).collect();
        all.sort_unstable();
        Waits { n: n(all.len()), p50_s: rank(&all, 50), p95_s: rank(&all, 95) }
    }
}

/// How many, as a number of a view.
pub(super) fn n(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_is_a_number_that_was_there() {
        for (heard, p50, p95, most, over) in [
            (vec![], 0, 0, 0, 0),
            (vec![7], 7, 7, 7, 0),
            (vec![0, 0, 0, 12], 0, 12, 12, 1),
            ((1..=100).collect(), 50, 95, 100, 90),
        ] {
            let load = Load::of(heard.clone(), 10);
            let is = (load.p50, load.p95, load.most, load.over);
            assert_eq!(is, (p50, p95, most, over), "{heard:?}");
            assert_eq!(load.stretches as usize, heard.len());
        }
        let waits = Waits::of([9_500, 1_000, 3_000].into_iter().map(Span));
        assert_eq!((waits.n, waits.p50_s, waits.p95_s), (3, Some(3), Some(9)));
        assert_eq!(Waits::of(std::iter::empty()), Waits::default());
    }
}
