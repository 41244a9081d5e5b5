//! Which accepted signatures aws-lc checks as well.

use crate::error::{Code, Error};

/// A random sample of a sequence of numbers.
///
/// It cannot be foreseen from outside: who knows one signature that is accepted and should
/// not be can neither choose the moment nor learn it by trying. The seed is drawn once for
/// a verifier, where a counter would take the same numbers every time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    one_in: u32,
    seed: u64,
}

impl Sample {
    /// Takes the same numbers in every process: a sample for statistics.
    pub(super) const fn fixed(one_in: u32) -> Self {
        Self { one_in, seed: 0 }
    }

    /// Draws a seed from the system's random number generator, unless there is nothing to
    /// choose from.
    ///
    /// # Errors
    /// [`Code::RandomnessMissing`] if the generator fails.
    pub(super) fn new(one_in: u32) -> Result<Self, Error> {
        let mut seed = [0; 8];
        if one_in > 1 {
            getrandom::fill(&mut seed).map_err(|_| Error::new(Code::RandomnessMissing))?;
        }
        Ok(Self { one_in, seed: u64::from_le_bytes(seed) })
    }

    /// Returns `true` for one in so many numbers; never for one in 0.
    #[inline]
    pub(super) fn takes(self, number: u64) -> bool {
        // splitmix64: a mixture of all bits of the seed and the number.
        let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(self.seed);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        self.one_in != 0 && u128::from(mixed).wrapping_mul(u128::from(self.one_in)) >> 64 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_has_its_size_and_differs_between_seeds() {
        let taken = |sample: Sample| -> Vec<u64> { (0..1 << 16).filter(|at| sample.takes(*at)).collect() };
        assert_eq!(taken(Sample::new(0).unwrap()).len(), 0);
        assert_eq!(taken(Sample::new(1).unwrap()).len(), 1 << 16);
        for seed in 0..50 {
            // 64 are expected; six standard deviations are 48.
            let found = taken(Sample { one_in: 1024, seed });
            assert!((16..=112).contains(&found.len()), "{}", found.len());
            assert_ne!(found, taken(Sample { one_in: 1024, seed: !seed }));
        }
        let [one, other] = [(); 2].map(|()| Sample::new(1024).unwrap());
        assert_ne!(one.seed, other.seed);
    }

    #[test]
    fn sample_has_no_period() {
        let sample = Sample { one_in: 16, seed: 1 };
        let gaps = |from: u64| (from..).find(|at| sample.takes(*at)).map(|at| at - from).unwrap_or(0);
        let starts: Vec<u64> = (0..4096).filter(|at| sample.takes(*at)).collect();
        let distances: std::collections::BTreeSet<u64> = starts.iter().map(|at| gaps(at + 1)).collect();
        assert!(distances.len() > 20, "{distances:?}");
    }
}
