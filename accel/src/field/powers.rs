//! Operations on residues that Ed25519 needs, and the lanes.

use std::marker::PhantomData;

use super::constants;
use super::moduli::Modulus;
use super::residue::{Residue, product};

impl<M: Modulus<N>, const N: usize> Residue<M, N> {
    /// Returns `high`·2^(64 N) + `low` modulo m.
    pub(crate) fn of_wide(low: &[u64; N], high: &[u64; N]) -> Self {
        let high = Self::reduced(high);
        let shifted = Self(product::<M, N>(&high.0, &Self::R_SQUARED), PhantomData);
        Self::reduced(low).plus(&shifted)
    }

    /// Returns 2 to the `exponent`.
    pub(crate) const fn power_of_two(exponent: usize) -> Self {
        Self::of_montgomery_power(64 * N + exponent)
    }

    /// Returns the residue whose Montgomery form is 2 to the `exponent`.
    pub(crate) const fn of_montgomery_power(exponent: usize) -> Self {
        Self(constants::power_of_two(&M::VALUE, exponent), PhantomData)
    }

    /// Raises to a power, bit by bit.
    pub(crate) fn power(&self, exponent: &[u64; N]) -> Self {
        let bits = (0..64 * N).rev().map(|bit| exponent[bit / 64] >> (bit % 64) & 1);
        bits.fold(Self::ONE, |result, bit| {
            let square = result.squared();
            if bit == 1 { square.times(self) } else { square }
        })
    }
}
