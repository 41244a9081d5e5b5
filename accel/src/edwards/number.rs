//! The fields that points are computed in, and the number that makes the curve.

use crate::field::{Ed25519Base, Residue};

/// A number modulo 2^255 - 19.
pub(super) type Number = Residue<Ed25519Base, 4>;

/// d of the curve.
const D: [u64; 4] =
    [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

pub(super) fn d() -> Number {
    Number::reduced(&D)
}

/// The operations of an addition, in either form of the field's numbers.
pub(super) trait Arithmetic: Copy {
    const ZERO: Self;
    const ONE: Self;

    fn plus(&self, other: &Self) -> Self;
    fn minus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
}

impl Arithmetic for Number {
    const ZERO: Self = Self::ZERO;
    const ONE: Self = Self::ONE;

    #[inline(always)]
    fn plus(&self, other: &Self) -> Self {
        self.plus(other)
    }

    #[inline(always)]
    fn minus(&self, other: &Self) -> Self {
        self.minus(other)
    }

    #[inline(always)]
    fn times(&self, other: &Self) -> Self {
        self.times(other)
    }
}
