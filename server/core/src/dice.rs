//! Dice for tests: the same throws every time.

use crate::random::Random;

/// Throws what a counter and a seed give.
pub(crate) struct Dice(pub(crate) u64);

impl Random for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            // The generator of Knuth's MMIX; good enough to be different each time.
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 33) as u8;
        }
    }
}
