//! Residues.

use std::fmt;
use std::marker::PhantomData;

use super::constants::{negated_inverse, power_of_two};
use super::inverse;
use super::limbs::{self, is_less};
use super::mersenne::{self, is_mersenne};
use super::moduli::Modulus;
use super::words;

/// A number less than its modulus, in Montgomery form.
pub(crate) struct Residue<M, const N: usize>(pub(super) [u64; N], pub(super) PhantomData<M>);

impl<M, const N: usize> Clone for Residue<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, const N: usize> Copy for Residue<M, N> {}

impl<M, const N: usize> PartialEq for Residue<M, N> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<M, const N: usize> Eq for Residue<M, N> {}

impl<M, const N: usize> fmt::Debug for Residue<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x?}", self.0)
    }
}

impl<M: Modulus<N>, const N: usize> Residue<M, N> {
    const NEGATED_INVERSE: u64 = negated_inverse(M::VALUE[0]);

    /// Whether products have a way of their own.
    const IS_MERSENNE: bool = is_mersenne(&M::VALUE);

    /// R modulo m: the Montgomery form of 1.
    const R: [u64; N] = power_of_two(&M::VALUE, 64 * N);

    /// R² modulo m: a product with it puts a number into Montgomery form.
    pub(super) const R_SQUARED: [u64; N] = power_of_two(&M::VALUE, 128 * N);

    pub(crate) const ZERO: Self = Self([0; N], PhantomData);
    pub(crate) const ONE: Self = Self(Self::R, PhantomData);

    /// Reduces a number below 2^(64 N) modulo m.
    pub(crate) fn reduced(number: &[u64; N]) -> Self {
        Self(product::<M, N>(number, &Self::R_SQUARED), PhantomData)
    }

    /// Converts a number, which must be less than the modulus.
    pub(crate) fn new(number: &[u64; N]) -> Option<Self> {
        is_less(number, &M::VALUE).then(|| Self::reduced(number))
    }

    /// Returns the number itself.
    pub(crate) fn number(&self) -> [u64; N] {
        let mut one = [0; N];
        one[0] = 1;
        product::<M, N>(&self.0, &one)
    }

    /// Returns the limbs of the Montgomery form.
    pub(crate) const fn montgomery(&self) -> &[u64; N] {
        &self.0
    }

    /// Makes a residue from limbs of [`montgomery`](Self::montgomery).
    pub(crate) fn from_montgomery(limbs: [u64; N]) -> Self {
        debug_assert!(is_less(&limbs, &M::VALUE));
        Self(limbs, PhantomData)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0 == [0; N]
    }

    #[inline]
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        Self(limbs::subtract_once(sum, carry, &M::VALUE), PhantomData)
    }

    #[inline]
    pub(crate) fn minus(&self, other: &Self) -> Self {
        let (difference, borrow) = limbs::subtract(&self.0, &other.0);
        // If the difference is negative, add the modulus once.
        let back = M::VALUE.map(|word| words::masked(word, borrow));
        Self(limbs::add(&difference, &back).0, PhantomData)
    }

    #[inline]
    pub(crate) fn negated(&self) -> Self {
        Self::ZERO.minus(self)
    }

    #[inline]
    pub(crate) fn doubled(&self) -> Self {
        self.plus(self)
    }

    #[inline]
    pub(crate) fn times(&self, other: &Self) -> Self {
        Self(product::<M, N>(&self.0, &other.0), PhantomData)
    }

    #[inline]
    pub(crate) fn squared(&self) -> Self {
        if Self::IS_MERSENNE {
            return Self(mersenne::square(&self.0, &M::VALUE), PhantomData);
        }
        self.times(self)
    }

    /// Returns the inverse, proved by a product; `None` if there is none, or if the
    /// search for it went wrong.
    pub(crate) fn inverse(&self) -> Option<Self> {
        // The inverse of a R is 1/(a R), which lacks two factors of R to be R/a.
        let found = inverse::inverse(&self.0, &M::VALUE);
        let found = Self::reduced(&found);
        let found = Self(product::<M, N>(&found.0, &Self::R_SQUARED), PhantomData);
        (found.times(self) == Self::ONE).then_some(found)
    }
}

/// Returns a·b/R modulo m, for `a` below R and `b` below m.
///
/// With every limb of `a`, the sum takes on limb·b and the multiple of m that
/// makes its lowest limb 0, and drops that limb. Before a round the sum is
/// below 2m: then (sum + (2^64 - 1)·b + (2^64 - 1)·m) / 2^64 is below
/// (2m + 2·(2^64 - 1)·m) / 2^64 = 2m again. So `top`, what goes beyond R, is 0
/// or 1, and one subtraction at the end is enough.
#[inline]
pub(super) fn product<M: Modulus<N>, const N: usize>(a: &[u64; N], b: &[u64; N]) -> [u64; N] {
    debug_assert!(is_less(b, &M::VALUE) || is_less(a, &M::VALUE));
    let m = &M::VALUE;
    if Residue::<M, N>::IS_MERSENNE {
        return mersenne::product(a, b, m);
    }
    let mut sum = [0_u64; N];
    let mut top = 0;
    for x in *a {
        let mut carry = 0;
        for j in 0..N {
            (sum[j], carry) = words::multiply_add(sum[j], x, b[j], carry);
        }
        let above = carry;
        let q = words::multiply(sum[0], Residue::<M, N>::NEGATED_INVERSE);
        (_, carry) = words::multiply_add(sum[0], q, m[0], 0);
        for j in 1..N {
            (sum[j - 1], carry) = words::multiply_add(sum[j], q, m[j], carry);
        }
        (sum[N - 1], top) = words::add_three(top, above, carry);
    }
    limbs::subtract_once(sum, words::carry(top), m)
}
