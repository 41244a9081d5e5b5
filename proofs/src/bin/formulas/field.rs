//! In the place of accel's portable field: residues that are [`Value`]s.

use std::marker::PhantomData;

use crate::value::{Value, constant};

#[path = "../../../../accel/src/field/digits.rs"]
mod digits;
#[path = "../../../../accel/src/field/limbs.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
mod limbs;
#[path = "../../../../accel/src/field/moduli.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
mod moduli;
#[path = "../../../../accel/src/field/shared.rs"]
mod shared;
#[path = "../../../../accel/src/field/words.rs"]
#[allow(dead_code, reason = "not all of it is run here")]
mod words;

pub(crate) use digits::{LARGEST, halves, signed_digits};
pub(crate) use limbs::{from_big_endian, from_little_endian, number_bytes};
pub(crate) use moduli::*;
pub(crate) use shared::invert_each;

mod residue {
    pub(crate) use crate::field::Residue;
}

#[derive(Debug)]
pub(crate) struct Residue<M, const N: usize>(pub(crate) Value, PhantomData<M>);

impl<M, const N: usize> Clone for Residue<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, const N: usize> Copy for Residue<M, N> {}

impl<M, const N: usize> PartialEq for Residue<M, N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(other.0)
    }
}

impl<M, const N: usize> Eq for Residue<M, N> {}

#[allow(dead_code, reason = "what is not run here must compile")]
impl<M, const N: usize> Residue<M, N> {
    pub(crate) const ZERO: Self = Self(Value::ZERO, PhantomData);
    pub(crate) const ONE: Self = Self(Value::ONE, PhantomData);

    pub(crate) fn of(value: Value) -> Self {
        Self(value, PhantomData)
    }

    pub(crate) fn new(limbs: &[u64; N]) -> Option<Self> {
        Some(Self::reduced(limbs))
    }

    pub(crate) fn reduced(limbs: &[u64; N]) -> Self {
        Self::of(constant(limbs))
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self::of(self.0.plus(other.0))
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        Self::of(self.0.minus(other.0))
    }

    pub(crate) fn negated(&self) -> Self {
        Self::of(self.0.negated())
    }

    pub(crate) fn doubled(&self) -> Self {
        self.plus(self)
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self::of(self.0.times(other.0))
    }

    pub(crate) fn squared(&self) -> Self {
        self.times(self)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// An expression has any inverse; what it is of, stands beside it in the claims.
    pub(crate) fn inverse(&self) -> Option<Self> {
        self.0.inverse().map(Self::of)
    }

    /// Limbs of 1 stand for 1/R.
    pub(crate) fn from_montgomery(limbs: [u64; N]) -> Self {
        assert_eq!(constant(&limbs), Value::ONE, "no other limbs are in the code of the points");
        Self::of(Value::symbol("inverse_of_R"))
    }

    pub(crate) fn power_of_two(exponent: usize) -> Self {
        Self::of(Value::symbol(&format!("two_to_{exponent}")))
    }

    /// Decoding, which needs these two, is tested and not proved.
    pub(crate) fn number(&self) -> [u64; N] {
        unreachable!("no formula reads the bits of a number")
    }

    pub(crate) fn power(&self, _: &[u64; N]) -> Self {
        unreachable!("no formula raises to a power")
    }
}
