//! Pseudo-random numbers from a seed.

/// SplitMix64, which is good enough for a mix of tokens.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    state: u64,
}

impl Draw {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Returns the generator for one item of many, such as a token.
    pub(crate) fn of(seed: u64, label: u64, index: u64) -> Self {
        let mut draw = Self::new(seed ^ label.wrapping_mul(0x9e6c_63d0_876a_68d5));
        draw.state = draw.next() ^ index.wrapping_mul(0xd1b5_4a32_d192_ed03);
        draw.next();
        draw
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or_default()
    }

    pub(crate) fn between(&mut self, start: i64, end: i64) -> i64 {
        let width = u64::try_from(end.saturating_sub(start)).unwrap_or(1).max(1);
        start.saturating_add(i64::try_from(self.below(width)).unwrap_or_default())
    }

    /// A number below `end`; small numbers are more frequent.
    pub(crate) fn skewed(&mut self, end: u64) -> u64 {
        self.below(end).min(self.below(end)).min(self.below(end))
    }

    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for part in bytes.chunks_exact_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes());
        }
        bytes
    }
}
