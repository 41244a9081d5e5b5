//! Randomness from a seed.

use num_bigint::BigUint;

/// SplitMix64: the cases need be various, not unpredictable.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number below `bound`.
    pub(crate) const fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// A number below `bound`, as good as even.
    pub(crate) fn number(&mut self, bound: &BigUint) -> BigUint {
        let length = bound.bits() as usize / 8 + 9;
        BigUint::from_bytes_le(&self.bytes(length)) % bound
    }

    /// A number of so many bytes at whose limbs, of 32, 52 or 64 bits, carries
    /// go wrong.
    pub(crate) fn edgy(&mut self, bytes: usize) -> BigUint {
        let width = self.pick(&[32_u32, 52, 64]);
        let ones = (1_u128 << width) - 1;
        let mut number = BigUint::ZERO;
        for _ in 0..bytes as u32 * 8 / width + 1 {
            let limb = match self.below(6) {
                0 | 1 => 0,
                2 | 3 => ones,
                4 => self.pick(&[1, ones - 1, ones >> 1, (ones >> 1) + 1]),
                _ => u128::from(self.next()) & ones,
            };
            number = (number << width) + limb;
        }
        number % (BigUint::from(1_u32) << (bytes * 8))
    }
}
