//! Numbers modulo 2^255 - 19 without a Montgomery form.
//!
//! 2^256 is 38 modulo p. So what is above four limbs is *folded*: it is added to what is below
//! them, times 38. A product takes half of the time of a [`Residue`]'s; but a
//! number, which is any below 2^256, has two or three forms, and only its
//! [`canonical`](Folded::canonical) one can be compared.

use super::limbs;
use super::moduli::{Ed25519Base, Modulus};
use super::residue::Residue;
use super::words::{self, Carry, is_set, multiply_add};

/// 2^256 modulo p.
pub(super) const ABOVE: u64 = 38;

/// A number below 2^256, modulo 2^255 - 19.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folded(pub(super) [u64; 4]);

impl Folded {
    pub(crate) const ZERO: Self = Self([0; 4]);
    pub(crate) const ONE: Self = Self([1, 0, 0, 0]);

    pub(crate) const fn new(number: [u64; 4]) -> Self {
        Self(number)
    }

    /// Returns the only form that is below p.
    pub(crate) fn canonical(&self) -> [u64; 4] {
        // 2^256 is 2p + 38.
        let below_p_and_38 = limbs::subtract_once(self.0, words::NONE, &Ed25519Base::VALUE);
        limbs::subtract_once(below_p_and_38, words::NONE, &Ed25519Base::VALUE)
    }

    /// Returns the number as a residue, which has an inverse.
    pub(crate) fn residue(&self) -> Residue<Ed25519Base, 4> {
        Residue::reduced(&self.0)
    }

    #[inline(always)]
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        fold(sum, above(carry))
    }

    #[inline(always)]
    pub(crate) fn minus(&self, other: &Self) -> Self {
        // A borrow has added 2^256, which is 38 too much. If it is taken from less, that
        // borrows once more, and what is left is at least 2^256 - 38.
        let (difference, borrow) = limbs::subtract(&self.0, &other.0);
        let (mut number, again) = limbs::subtract(&difference, &[above(borrow), 0, 0, 0]);
        (number[0], _) = words::subtract(number[0], above(again), words::NONE);
        Self(number)
    }

    #[inline(always)]
    pub(crate) fn times(&self, other: &Self) -> Self {
        let (sum, carry) = halves_joined(product(self.0, other.0));
        fold(sum, words::multiply(carry, ABOVE))
    }
}

#[inline(always)]
pub(super) fn product(a: [u64; 4], b: [u64; 4]) -> [u64; 8] {
    let mut product = [0; 8];
    for (i, x) in a.into_iter().enumerate() {
        let mut carry = 0;
        for (j, y) in b.into_iter().enumerate() {
            (product[i + j], carry) = multiply_add(product[i + j], x, y, carry);
        }
        product[i + 4] = carry;
    }
    product
}

/// Returns the lower half and 38 times the upper one, with the carry out of the last limb.
#[inline(always)]
pub(super) fn halves_joined(product: [u64; 8]) -> ([u64; 4], u64) {
    // Each carry is at most 38, as 39·(2^64 - 1) + 38 is below 39·2^64.
    let mut sum = [0; 4];
    let mut carry = 0;
    for (i, limb) in sum.iter_mut().enumerate() {
        (*limb, carry) = multiply_add(product[i], product[i + 4], ABOVE, carry);
    }
    (sum, carry)
}

/// Returns what a carry out of the last limb is modulo p.
#[inline(always)]
fn above(carry: Carry) -> u64 {
    if is_set(carry) { ABOVE } else { 0 }
}

/// Returns `number` + `small`, for `small` up to 38·38.
#[inline(always)]
fn fold(number: [u64; 4], small: u64) -> Folded {
    // After a carry, less than 38·38 is left, and the last addition has none.
    let (mut number, carry) = limbs::add(&number, &[small, 0, 0, 0]);
    (number[0], _) = words::add(number[0], above(carry), words::NONE);
    Folded(number)
}
