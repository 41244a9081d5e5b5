//! Numbers modulo 2^255 - 19 without a Montgomery form.
//!
//! 2^256 is 38 modulo p. So what is above four limbs is *folded*: it is added to what is below
//! them, times 38. A product takes half of the time of a [`Residue`]'s; but a
//! number, which is any below 2^256, has two or three forms, and only its
//! [`canonical`](Folded::canonical) one can be compared.

use super::limbs;
use super::moduli::{Ed25519Base, Modulus};
use super::residue::Residue;
use super::words::multiply_add;

/// 2^256 modulo p.
const ABOVE: u64 = 38;

/// A number below 2^256, modulo 2^255 - 19.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folded([u64; 4]);

impl Folded {
    pub(crate) const ZERO: Self = Self([0; 4]);
    pub(crate) const ONE: Self = Self([1, 0, 0, 0]);

    pub(crate) const fn new(number: [u64; 4]) -> Self {
        Self(number)
    }

    /// Returns the only form that is below p.
    pub(crate) fn canonical(&self) -> [u64; 4] {
        // 2^256 is 2p + 38.
        let below_p_and_38 = limbs::subtract_once(self.0, false, &Ed25519Base::VALUE);
        limbs::subtract_once(below_p_and_38, false, &Ed25519Base::VALUE)
    }

    /// Returns the number as a residue, which has an inverse.
    pub(crate) fn residue(&self) -> Residue<Ed25519Base, 4> {
        Residue::reduced(&self.0)
    }

    #[inline(always)]
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        fold(sum, u64::from(carry))
    }

    #[inline(always)]
    pub(crate) fn minus(&self, other: &Self) -> Self {
        // A borrow has added 2^256, which is 38 too much. If it is taken from less, that
        // borrows once more, and what is left is at least 2^256 - 38.
        let (difference, borrow) = limbs::subtract(&self.0, &other.0);
        let (mut number, again) = limbs::subtract(&difference, &[ABOVE * u64::from(borrow), 0, 0, 0]);
        number[0] = number[0].wrapping_sub(ABOVE * u64::from(again));
        Self(number)
    }

    #[inline(always)]
    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut product = [0; 8];
        for (i, a) in self.0.into_iter().enumerate() {
            let mut carry = 0;
            for (j, b) in other.0.into_iter().enumerate() {
                (product[i + j], carry) = multiply_add(product[i + j], a, b, carry);
            }
            product[i + 4] = carry;
        }
        // Each carry is at most 38, as 39·(2^64 - 1) + 38 is below 39·2^64.
        let mut sum = [0; 4];
        let mut carry = 0;
        for (i, limb) in sum.iter_mut().enumerate() {
            (*limb, carry) = multiply_add(product[i], product[i + 4], ABOVE, carry);
        }
        fold(sum, carry)
    }
}

/// Returns `number` + `above`·2^256, for `above` up to 38.
#[inline(always)]
fn fold(number: [u64; 4], above: u64) -> Folded {
    // After a carry, less than 38·38 is left, and the last addition has none.
    let (mut number, carry) = limbs::add(&number, &[ABOVE * above, 0, 0, 0]);
    number[0] = number[0].wrapping_add(ABOVE * u64::from(carry));
    Folded(number)
}
