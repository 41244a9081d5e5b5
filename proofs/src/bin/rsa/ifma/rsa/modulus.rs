//! In the place of `modulus.rs`: numbers whose limbs stand for lanes, and constants that may be any.

use super::number::any;

pub(super) type Row = [u64; 8];

/// A number of 8·Z limbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number<const Z: usize>(pub(super) [Row; Z]);

impl<const Z: usize> Number<Z> {
    pub(super) const ZERO: Self = Self([[0; 8]; Z]);

    /// Any carried number.
    pub(super) fn any() -> Self {
        Self([(); Z].map(|()| [(); 8].map(|()| any().word())))
    }

    pub(super) const fn limbs(&self) -> &[u64] {
        self.0.as_flattened()
    }
}

/// The numbers computed from a modulus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Modulus<const Z: usize> {
    pub(super) n: Number<Z>,
    pub(super) negative_inverse: Number<Z>,
    pub(super) r_squared: Number<Z>,
}

impl<const Z: usize> Modulus<Z> {
    /// Any three numbers.
    pub(super) fn any() -> Self {
        let [n, negative_inverse, r_squared] = [(); 3].map(|()| Number::any());
        Self { n, negative_inverse, r_squared }
    }
}
