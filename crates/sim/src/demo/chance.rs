//! Chance from a seed (SplitMix64, by Sebastiano Vigna): the same seed, the same day.

/// A source of chance.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// From a seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most.saturating_sub(least)).unwrap_or(0).saturating_add(1);
        least + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let last = i64::try_from(of.len()).unwrap_or(1) - 1;
        let at = usize::try_from(self.between(0, last.max(0))).unwrap_or(0);
        of.get(at).expect("there is one at least to choose from")
    }

    /// A wait with this mean in milliseconds, as between arrivals that know nothing of each other.
    pub fn wait(&mut self, mean_ms: f64) -> i64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits of chance are enough")]
        let share = ((self.next() >> 11) as f64 + 1.0) / (1_u64 << 53) as f64;
        #[expect(clippy::cast_possible_truncation, reason = "some hours of milliseconds")]
        let wait = (-share.ln() * mean_ms).min(86_400_000.0) as i64;
        wait.max(1)
    }
}
