//! Random choices that can be made again.

/// A random sequence that each seed gives again.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % sides
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.roll(from.len())].clone()) }
    }

    /// One of the last few, which are the ones that matter.
    pub(crate) fn recent<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let start = from.len().saturating_sub(4);
        if self.roll(4) == 0 { self.pick(from) } else { self.pick(&from[start..]) }
    }
}
